package history

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

var ownLetter = casefile.Pattern(`^letters/[a-z-]+\.(?:nl|en)\.txt$`)

// mine reports whether a path is one of those that klacht writes, or reads,
// itself. Whatever else lies in the folder of a register is the owner's, and not
// taken along.
func mine(path string) bool {
	switch part, _ := store.PartOf(path); part {
	case store.PartPolicy, store.PartPurged, store.PartLedger, store.PartCase, store.PartMail:
		return true
	case store.PartLetter:
		return ownLetter().MatchString(path)
	case store.PartPlain:
		return path == ".gitattributes" || path == ".gitignore"
	}
	return false
}

// caseOf returns the number of the case that a path belongs to, or "".
func caseOf(path string) string {
	_, id := store.PartOf(path)
	return string(id)
}

// globs are the paths that a case can ever have had, for a [Call] with Glob.
func globs(id string) []string {
	return []string{"open/" + id + ".yaml", "open/" + id + "/**", "archive/*/" + id + ".yaml", "archive/*/" + id + "/**"}
}

// keeps reports whether what stands at a path belongs in the history: a file of
// the register that is a regular one, in folders that are no links; or is gone.
func (r *Repo) keeps(path string) bool {
	if !mine(path) {
		return false
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		info, err := os.Lstat(filepath.Join(append([]string{r.Dir}, parts[:i+1]...)...))
		if errors.Is(err, os.ErrNotExist) {
			return true
		}
		if err != nil || i < len(parts)-1 && !info.IsDir() || i == len(parts)-1 && !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// dirty returns the paths of the register that differ from the last commit, and
// whether there is none yet. Unless whole is set, the archive is passed over,
// and so are files that are new in the folder of a case other than of: to look
// into each would take longer than all the rest.
func (r *Repo) dirty(ctx context.Context, of string, whole bool) (paths []string, unborn bool, err error) {
	args := []string{"ls-files", "-z", "--others", "--modified", "--deleted"}
	if whole {
		if err := r.heed(ctx); err != nil {
			return nil, false, err
		}
		args = append(args, "--", ".")
	} else {
		args = append(args, "--exclude=/open/*/")
		if _, err := casefile.ParseID(of); err == nil {
			args = append(args, "--exclude=!/open/"+of+"/")
		}
		args = append(args, "--", "open", "letters", store.PolicyFile, store.PurgedFile, store.LedgerFile, ".gitattributes", ".gitignore")
	}
	differ, err := r.Output(ctx, args...)
	if err != nil {
		return nil, false, err
	}
	staged, err := r.Output(ctx, "diff-index", "--cached", "-z", "--name-status", "--no-renames", "--ignore-submodules=all", "HEAD", "--")
	if err != nil {
		if _, none := r.Output(ctx, "rev-parse", "--quiet", "--verify", "HEAD"); ExitCode(none) != 1 {
			return nil, false, err
		}
		unborn = true
	}
	all := Fields(differ)
	list := Fields(staged)
	for i := 0; i+1 < len(list); i += 2 {
		path, ours := strings.CutPrefix(list[i+1], r.Prefix)
		if ours = ours && mine(path); ours && list[i] == "U" {
			return nil, false, casefile.Errorf("git has a merge in this register that was not finished").WithHint("`git merge --abort` takes it back; then: klacht sync")
		} else if ours {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	paths = slices.DeleteFunc(slices.Compact(all), func(p string) bool { return !r.keeps(p) })
	return paths, unborn, nil
}

// heed makes git look again at the files of the register that it was told to overlook
// (update-index --assume-unchanged): no change to them would be committed.
func (r *Repo) heed(ctx context.Context) error {
	out, err := r.Output(ctx, "ls-files", "-v", "-z")
	if err != nil {
		return err
	}
	var paths []string
	for _, line := range Fields(out) {
		if path, overlooked := strings.CutPrefix(line, "h "); overlooked && mine(path) {
			paths = append(paths, path+"\x00")
		}
	}
	if paths == nil {
		return nil
	}
	return r.Do(ctx, Call{Args: []string{"update-index", "--no-assume-unchanged", "-z", "--stdin"}, In: strings.NewReader(strings.Join(paths, ""))})
}

// manyCases is the number of cases from which all of the register is looked at
// rather than each of them.
const manyCases = 100

// whereabouts returns the paths that differ of the cases that some paths are
// of, wherever in the register these stand or stood, and the other paths; also
// those of the case of, if it stands in the archive.
func (r *Repo) whereabouts(ctx context.Context, paths []string, of string) ([]string, error) {
	args := []string{"ls-files", "-z", "--others", "--modified", "--deleted", "--"}
	ids := 0
	cases := deedsOf(paths, "")
	if places, _ := filepath.Glob(filepath.Join(r.Dir, "archive", "*", of+".yaml")); len(places) > 0 {
		cases = append(cases, store.Deed{Of: of})
	}
	for _, d := range cases {
		if _, err := casefile.ParseID(d.Of); err == nil {
			ids++
			args = append(args, globs(d.Of)...)
		}
	}
	switch {
	case ids == 0:
		return paths, nil
	case ids > manyCases:
		all, _, err := r.dirty(ctx, "", true)
		return all, err
	}
	var out bytes.Buffer
	if err := r.Do(ctx, Call{Args: args, Out: &out, Read: true, Glob: true}); err != nil {
		return nil, err
	}
	all := append(Fields(out.Bytes()), paths...)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(p string) bool { return !r.keeps(p) }), nil
}
