package history

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// cleanIndex takes the names of the cases out of the index, and what it
// remembers of conflicts that were solved. Everything else in it stays.
func (p *place) cleanIndex(ctx context.Context, ids []casefile.ID) error {
	if _, err := os.Lstat(filepath.Join(p.gitDir, "index")); p.bare || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	out, err := p.output(ctx, "ls-files", "-z")
	if err != nil {
		return err
	}
	gone := idSet(ids)
	var names []string
	for _, name := range Fields(out) {
		if slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return bears(gone, part) }) {
			names = append(names, name)
		}
	}
	if names != nil {
		in := strings.NewReader(strings.Join(names, "\x00"))
		if err := p.git(ctx, Call{Args: []string{"update-index", "-z", "--force-remove", "--stdin"}, In: in}); err != nil {
			return err
		}
	}
	return p.git(ctx, Call{Args: []string{"update-index", "--clear-resolve-undo"}})
}

func idSet(ids []casefile.ID) map[casefile.ID]bool {
	set := map[casefile.ID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// leftovers are what git and editors leave in a repository that can hold what a
// person wrote, or lead to it. None is needed while nothing is under way.
var leftovers = []string{
	"ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE", "REBASE_HEAD", "BISECT_HEAD", "COMMIT_EDITMSG*", ".*_EDITMSG*", ".*.sw?", "MERGE_MSG", "MERGE_RR", "SQUASH_MSG",
	"TAG_EDITMSG*", "NOTES_EDITMSG*", "EDIT_DESCRIPTION*", "ADD_EDIT.patch", "addp-hunk-edit.diff*", "gc.log", "lost-found", "rr-cache/*",
	"fast_import_crash_*", "filter-repo", "objects/info/commit-graph", "objects/info/commit-graphs", "objects/pack/tmp_*",
	"objects/pack/.tmp-*", "objects/incoming-*", "objects/tmp_objdir-*",
}

// forget removes what leads to commits of before: the reflogs, but for the list
// of what is stashed, and the leftovers.
func (p *place) forget(stashes []*stash) error {
	logs := filepath.Join(p.gitDir, "logs")
	list := filepath.Join(logs, "refs", "stash")
	if len(stashes) > 0 {
		var b strings.Builder
		before := strings.Repeat("0", len(stashes[0].new))
		for _, s := range stashes {
			b.WriteString(before + " " + s.new + " " + s.rest)
			before = s.new
		}
		if err := store.WriteFile(list, []byte(b.String())); err != nil {
			return err
		}
	}
	err := filepath.WalkDir(logs, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || name == list && len(stashes) > 0 {
			return err
		}
		return os.Remove(name)
	})
	if err != nil {
		return err
	}
	for _, pattern := range leftovers {
		names, _ := filepath.Glob(filepath.Join(escapeGlob(p.gitDir), filepath.FromSlash(pattern)))
		for _, name := range names {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// escapeGlob returns a path as a pattern that matches just that.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // which cannot be escaped there, and need not be
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// prune removes every object that nothing leads to.
func (p *place) prune(ctx context.Context) error {
	if err := p.close(); err != nil { // it holds packs open
		return err
	}
	if err := p.git(ctx, Call{Args: []string{"repack", "-a", "-d", "-q"}}); err != nil {
		return err
	}
	return p.git(ctx, Call{Args: []string{"prune", "--expire=now"}})
}

// verify reports an error if something is still there that only the cases had.
func (p *place) verify(ctx context.Context, w *rewriting) error {
	var ask strings.Builder
	for id := range w.erased {
		if !w.kept[id] {
			ask.WriteString(id + "\n")
		}
	}
	if ask.Len() == 0 {
		return nil
	}
	var out bytes.Buffer
	if err := p.git(ctx, Call{Args: []string{"cat-file", "--batch-check=%(objectname)"}, In: strings.NewReader(ask.String()), Out: &out, Read: true}); err != nil {
		return err
	}
	staged := ""
	for line := range strings.Lines(out.String()) {
		if strings.HasSuffix(line, " missing\n") {
			continue
		}
		if staged == "" && !p.bare {
			list, err := p.output(ctx, "ls-files", "-s", "-z")
			if err != nil {
				return err
			}
			staged = string(list) + "\n"
		}
		if !strings.Contains(staged, strings.TrimSpace(line)) {
			return casefile.Errorf("the repository still holds something of what was erased").
				WithHint("end every other program that works in it, and try again")
		}
	}
	return nil
}
