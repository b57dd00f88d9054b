package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"klacht/store/disk"

	casefile "klacht/case"
)

// index notes which objects are staged, and takes what is of the cases out of the
// index if clean says so, with what it remembers of conflicts that were solved.
// Everything else in it stays.
func (s *survey) index(ctx context.Context, clean bool) error {
	if _, err := os.Lstat(filepath.Join(s.p.gitDir, "index")); s.p.bare || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	out, err := s.p.output(ctx, "ls-files", "-s", "-z")
	if err != nil {
		return err
	}
	staged, shelves := map[string]entry{}, map[string][]entry{}
	for _, line := range Fields(out) {
		about, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(about) // mode, id, stage
		e := entry{mode: f[0], name: name, id: unhex(f[1])}
		staged[line] = e
		if dir, below, ok := shelf(name); ok {
			e.name, _, ok = strings.Cut(below, "/")
			if ok {
				e.mode = "40000"
			}
			shelves[dir] = append(shelves[dir], e)
		}
	}
	goes := map[string]map[string]bool{}
	for dir, list := range shelves {
		if goes[dir], err = s.goes(ctx, list, byNumber); err != nil {
			return err
		}
	}
	var names []string
	for _, e := range staged {
		dir, below, _ := shelf(e.name)
		if top, _, _ := strings.Cut(below, "/"); goes[dir][top] {
			names = append(names, e.name)
			s.out[e.hex()] = true
		} else if e.isBlob() {
			s.kept[e.hex()] = true
		}
	}
	if !clean {
		return nil
	}
	if names != nil {
		in := strings.NewReader(strings.Join(names, "\x00"))
		if err := s.p.git(ctx, Call{Args: []string{"update-index", "-z", "--force-remove", "--stdin"}, In: in}); err != nil {
			return err
		}
	}
	return s.p.git(ctx, Call{Args: []string{"update-index", "--clear-resolve-undo"}})
}

// leftovers are what git and editors leave in a repository that can hold what a
// person wrote, or lead to it. None is needed while nothing is under way.
var leftovers = []string{
	"ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE", "REBASE_HEAD", "BISECT_HEAD", "COMMIT_EDITMSG*", ".*_EDITMSG*", ".*.sw?", "MERGE_MSG", "MERGE_RR", "SQUASH_MSG",
	"TAG_EDITMSG*", "NOTES_EDITMSG*", "EDIT_DESCRIPTION*", "ADD_EDIT.patch", "addp-hunk-edit.diff*", "gc.log", "lost-found", "rr-cache/*",
	"fast_import_crash_*", "filter-repo", mergeDir,
}

// halves are what a git writes that is at work, or that was killed.
var halves = []string{"objects/pack/tmp_*", "objects/pack/.tmp-*", "objects/incoming-*", "objects/tmp_objdir-*", "objects/??/tmp_obj_*"}

// halfTime is how long nothing has to have happened to such a file in a
// repository that others write to, before it counts as that of one that was killed.
const halfTime = time.Hour

// abandoned reports whether such a file or folder is of a git that was killed: nothing
// has happened to it for an hour or, where the system tells what processes there are,
// nothing for some seconds and none has been told of it.
func abandoned(name string) bool {
	quiet := time.Since(touched(name))
	if quiet < 5*time.Second {
		return false
	}
	processes, _ := filepath.Glob("/proc/[0-9]*/environ")
	if quiet > halfTime || len(processes) == 0 || !strings.Contains(filepath.Base(name), "incoming-") {
		return quiet > halfTime
	}
	for _, file := range processes { // git tells those that work for a push where they are to put it
		environ, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrPermission) { // somebody else's, which counts if it is of git
			environ, _ = os.ReadFile(filepath.Join(filepath.Dir(file), "comm"))
			if strings.HasPrefix(string(environ), "git") {
				return false
			}
		}
		if strings.Contains(string(environ), filepath.Base(name)) {
			return false
		}
	}
	return true
}

// marked is what a git writes into the mark by which it keeps a pack that it takes in.
var marked = casefile.Pattern(`^(?:fetch|receive)-pack ([0-9]+) on (\S+)`)

// ended reports whether the git that left such a mark was killed, on this machine.
func ended(mark []byte) bool {
	m := marked().FindSubmatch(mark)
	host, err := os.Hostname()
	if m == nil || err != nil || string(m[2]) != host {
		return false
	}
	pid, _ := strconv.Atoi(string(m[1])) // digits
	p, err := os.FindProcess(pid)
	return err != nil || errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// forget removes what leads to some commits: lines of reflogs, and the leftovers. The list of what is stashed stays.
func (p *place) forget(list map[string]bool) error {
	logs := p.glob("logs", "worktrees/*/logs")
	for len(logs) > 0 {
		name := logs[0]
		logs = logs[1:]
		if names, err := os.ReadDir(name); err == nil {
			for _, e := range names {
				logs = append(logs, filepath.Join(name, e.Name()))
			}
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil || name == filepath.Join(p.gitDir, "logs", "refs", "stash") {
			continue // it went just now, or stays
		}
		var b strings.Builder
		for line := range strings.Lines(string(data)) {
			f := strings.SplitN(line, " ", 3)
			if !list[f[0]] && !list[f[min(1, len(f)-1)]] {
				b.WriteString(line)
			}
		}
		if b.Len() < len(data) {
			if err := disk.WriteFile(name, []byte(b.String())); err != nil {
				return err
			}
		}
	}
	for _, name := range p.glob(leftovers...) {
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	for _, name := range p.glob(halves...) {
		if !p.bare || abandoned(name) {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// touched returns when something was last done to a file, or in a folder; the zero
// time if it is not there.
func touched(name string) (last time.Time) {
	_ = filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error {
		if err == nil {
			if info, err := d.Info(); err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
		}
		return nil
	})
	return last
}

// glob returns the files of the repository that patterns match.
func (p *place) glob(patterns ...string) (names []string) {
	for _, pattern := range patterns {
		found, _ := filepath.Glob(filepath.Join(escapeGlob(p.gitDir), filepath.FromSlash(pattern)))
		names = append(names, found...)
	}
	return slices.Compact(names)
}

// escapeGlob returns a path as a pattern that matches just that.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // which cannot be escaped there, and need not be
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
