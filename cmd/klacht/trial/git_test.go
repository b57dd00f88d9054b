//go:build unix

package trial

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// gitKinds are what people do beside klacht: with git, an editor, copies and hooks.
var gitKinds = []kind{
	{"hand-note", 4, (*world).writeByHand},
	{"hand-subject", 3, (*world).subjectByHand},
	{"hand-remove", 1, (*world).removeByHand},
	{"policy", 3, (*world).policyByHand},
	{"own-letter", 1, (*world).ownLetter},
	{"fetch", 2, func(w *world, c *clone) { w.git(c, "fetch") }},
	{"pull", 3, func(w *world, c *clone) { w.pull(c, "--no-rebase") }},
	{"pull-rebase", 2, func(w *world, c *clone) { w.pull(c, "--rebase") }},
	{"amend", 2, (*world).amend},
	{"rebase", 2, func(w *world, c *clone) {
		if c.spell == nil && w.has(c, "HEAD~4") {
			w.git(c, "rebase", "--quiet", "--force-rebase", "HEAD~3")
			w.inTheMiddle(c)
		}
	}},
	{"stash", 2, (*world).stash},
	{"tag", 1, func(w *world, c *clone) { w.git(c, "tag", fmt.Sprint("stand-", w.op)) }},
	{"branch", 2, (*world).branch},
	{"detach", 1, (*world).detach},
	{"gc", 1, func(w *world, c *clone) { w.git(c, "gc", "--quiet") }},
	{"pre-commit", 1, func(w *world, c *clone) { w.refuse(c, &c.refuses, filepath.Join(c.dir, ".git"), "pre-commit") }},
	{"pre-push", 1, func(w *world, c *clone) { w.refuse(c, &c.refuses, filepath.Join(c.dir, ".git"), "pre-push") }},
	{"update", 1, func(w *world, c *clone) { w.refuse(c, &w.refuses, w.bare, "update") }},
	{"backup", 2, (*world).backup},
	{"restore", 1, (*world).restore},
	{"copy", 1, (*world).copyAndWork},
	{"nas", 1, (*world).nas},
	{"foreign", 1, (*world).foreign},
}

func (w *world) has(c *clone, rev string) bool {
	return w.quiet(c, "", "git", "rev-parse", "--verify", "--quiet", rev) != ""
}

// begin puts a clone in a state for some actions.
func (w *world) begin(c *clone, kind string, end func() bool) {
	c.spell = &spell{kind, w.op + 1 + w.rng.IntN(6), end}
}

// endSpells ends what has lasted long enough, or all.
func (w *world) endSpells(all bool) {
	for _, c := range w.clones {
		for _, s := range []**spell{&c.spell, &c.refuses, &w.refuses} {
			if *s == nil || !all && w.op < (*s).until {
				continue
			}
			w.note("%s: ends %s", c.name, (*s).kind)
			if s := s; (*s).end() {
				*s = nil
			} else {
				(*s).until = w.op + 3
			}
		}
	}
}

// busy returns what of git's is under way: merge, rebase or "".
func busy(c *clone) string {
	for _, name := range []string{"rebase-merge", "rebase-apply", "MERGE_HEAD"} {
		if _, err := os.Lstat(filepath.Join(c.dir, ".git", name)); err == nil {
			return map[bool]string{true: "merge", false: "rebase"}[name == "MERGE_HEAD"]
		}
	}
	return ""
}

// inTheMiddle leaves a merge or rebase that stopped for a while, and then gives it up.
func (w *world) inTheMiddle(c *clone) {
	if busy(c) == "" || c.spell != nil {
		return
	}
	w.count("stopped in a " + busy(c))
	w.begin(c, busy(c), func() bool {
		if b := busy(c); b != "" {
			w.git(c, b, "--abort")
		}
		return busy(c) == ""
	})
}

func (w *world) pull(c *clone, how string) {
	if c.spell != nil {
		return
	}
	r := w.git(c, "pull", how)
	if w.chance(50) {
		w.typeHints(c, r)
	}
	w.inTheMiddle(c)
}

func (w *world) amend(c *clone) {
	if c.spell != nil || !w.has(c, "HEAD~1") {
		return
	}
	args := []string{"commit", "--quiet", "--amend", "--no-edit", "--allow-empty"}
	if w.chance(40) {
		args = append(args, "--all")
	}
	w.git(c, args...)
}

func (w *world) stash(c *clone) {
	if c.spell != nil || c.refuses != nil || w.quiet(c, "", "git", "status", "--porcelain", "--untracked-files=no") == "" {
		return
	}
	if w.git(c, "stash").code != 0 {
		return
	}
	w.begin(c, "stash", func() bool {
		if w.quiet(c, "", "git", "stash", "list") == "" || w.git(c, "stash", "pop").code == 0 {
			return true
		}
		if w.quiet(c, "", "git", "ls-files", "--unmerged") == "" {
			return false // what was changed meanwhile is in the way
		}
		w.git(c, "checkout", "--quiet", "HEAD", "--", ".") // what is in conflict was written by hand
		w.git(c, "stash", "drop")
		w.freeUnwritten(c)
		return true
	})
}

// freeUnwritten lets go of what a clone has in no commit.
func (w *world) freeUnwritten(c *clone) {
	for _, e := range w.entries {
		if e.at == c && (e.state == hand || e.state == done) && w.quiet(c, "", "git", "grep", "-l", e.word, "HEAD", "--", "open", "archive") == "" {
			e.state = freed
		}
	}
}

// branch goes to a branch for a while, and brings its work back now or at the end.
func (w *world) branch(c *clone) {
	name := fmt.Sprint("zij-", w.op)
	if c.spell != nil || w.git(c, "switch", "--quiet", "-c", name).code != 0 {
		return
	}
	now := w.chance(50)
	w.begin(c, "branch", func() bool {
		if w.git(c, "switch", "--quiet", "main").code != 0 {
			return false
		}
		if now {
			w.mergeSide(c, name)
		}
		return true
	})
}

// mergeSide brings the work on a branch into main, if git can.
func (w *world) mergeSide(c *clone, name string) bool {
	if w.git(c, "merge", "--quiet", "--no-edit", name).code != 0 {
		if busy(c) != "" {
			w.git(c, "merge", "--abort")
		}
		return false
	}
	w.git(c, "branch", "--quiet", "-D", name)
	return true
}

// mergeByHand brings the work on a branch into main as a person does who keeps what the
// branch changed and main removed; what that is about is asked by the next sync.
func (w *world) mergeByHand(c *clone, name string) bool {
	r := w.git(c, "merge", "--quiet", "--no-edit", name)
	if r.code != 0 && (strings.Contains(r.all(), "CONFLICT (content)") || w.git(c, "add", "--all", "open", "archive").code != 0 || w.git(c, "commit", "--quiet", "--no-edit").code != 0) {
		if busy(c) != "" {
			w.git(c, "merge", "--abort")
		}
		if !strings.Contains(r.all(), "CONFLICT (content)") {
			return false
		}
		given := w.quiet(c, "", "git", "log", "-p", "main.."+name) // what cannot both stand: this person gives it up
		for _, e := range w.entries {
			if e.state == done && strings.Contains(given, e.word) {
				e.state = freed
			}
		}
		w.count("side branches given up")
	}
	w.git(c, "branch", "--quiet", "-D", name)
	return true
}

// detach leaves every branch for a while; klacht says how to come back.
func (w *world) detach(c *clone) {
	if c.spell != nil || w.git(c, "switch", "--quiet", "--detach").code != 0 {
		return
	}
	w.begin(c, "detached head", func() bool {
		if !w.onMain(c) {
			w.sync(c)
		}
		return w.onMain(c) || w.git(c, "switch", "main").code == 0
	})
}

// refuse sets up a hook that refuses all, for a while.
func (w *world) refuse(c *clone, s **spell, gitDir, name string) {
	hook := filepath.Join(gitDir, "hooks", name)
	if *s != nil || os.MkdirAll(filepath.Dir(hook), 0o755) != nil || os.WriteFile(hook, []byte("#!/bin/sh\necho 'not now' >&2\nexit 1\n"), 0o755) != nil {
		return
	}
	*s = &spell{name, w.op + 2 + w.rng.IntN(8), func() bool { return os.Remove(hook) == nil }}
}

// copyOf copies a folder as `cp -a` does.
func (w *world) copyOf(c *clone, from, to string) {
	w.must(w.run(&clone{name: c.name, dir: w.dir, home: c.home}, call{args: []string{"cp", "-a", from, to}}))
}

func (w *world) backup(c *clone) {
	if c.spell != nil || c.refuses != nil {
		return
	}
	to := filepath.Join(w.dir, "backup-"+c.name)
	_ = os.RemoveAll(to)
	w.copyOf(c, c.dir, to)
	w.backups[c] = to
}

// restore puts a whole clone back from its backup.
func (w *world) restore(c *clone) {
	from := w.backups[c]
	if from == "" {
		return
	}
	_ = os.RemoveAll(c.dir)
	w.copyOf(c, from, c.dir)
	c.spell, c.refuses = nil, nil
	w.free(c, w.dirs()...)
	remotes := strings.Fields(w.quiet(c, "", "git", "remote"))
	w.others = slices.DeleteFunc(w.others, func(o *other) bool { // that it had then
		return o.at == c && o.foreign == "" && !slices.Contains(remotes, "nas")
	})
}

func (w *world) dirs() (dirs []string) {
	for _, c := range w.clones {
		dirs = append(dirs, c.dir)
	}
	return dirs
}

// copyAndWork works in a copy of a clone for a moment, and throws it away.
func (w *world) copyAndWork(c *clone) {
	if c.spell != nil {
		return
	}
	d := &clone{name: c.name + "'", dir: filepath.Join(w.dir, fmt.Sprint("copy-", w.op)), home: c.home, ahead: c.ahead}
	w.copyOf(c, c.dir, d.dir)
	for range 1 + w.rng.IntN(3) {
		if w.chance(40) {
			w.register(d, w.chance(50), false)
		} else {
			w.step(d, w.pick(d), "note", "--text", "In een kopie")
		}
	}
	if w.sync(d).code != 0 {
		w.free(d, w.dirs()...)
	}
	_ = os.RemoveAll(d.dir)
}

// nas pushes to a second repository of the same register.
func (w *world) nas(c *clone) {
	i := slices.IndexFunc(w.others, func(o *other) bool { return o.at == c && o.foreign == "" })
	if i < 0 {
		o := &other{at: c, dir: filepath.Join(w.dir, "nas-"+c.name+".git")}
		_ = os.RemoveAll(o.dir)
		w.must(w.git(c, "init", "--quiet", "--bare", o.dir))
		if w.git(c, "remote", "add", "nas", o.dir).code != 0 {
			return
		}
		w.others = append(w.others, o)
	}
	w.git(c, "push", "nas", "main")
}

// foreign makes a repository that is no register a remote.
func (w *world) foreign(c *clone) {
	name := "boekhouding-" + c.name
	dir := filepath.Join(w.dir, name)
	if _, err := os.Stat(dir); err == nil {
		return
	}
	if os.MkdirAll(filepath.Join(dir, "facturen"), 0o700) != nil {
		return
	}
	for _, id := range []string{"2026-0001", "2026-0002", "2026-B001"} {
		_ = os.WriteFile(filepath.Join(dir, "facturen", id+".pdf"), []byte("factuur "+id), 0o600)
	}
	at := &clone{name: name, dir: dir, home: c.home}
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "."}, {"commit", "--quiet", "-m", "Facturen"}, {"clone", "--quiet", "--bare", dir, dir + ".git"}} {
		w.must(w.git(at, args...))
	}
	w.git(c, "remote", "add", name, dir+".git")
	w.others = append(w.others, &other{c, dir + ".git", hashOf(dir + ".git")})
}

// hashOf returns one hash of all files in a folder.
func hashOf(dir string) string {
	h := sha256.New()
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, _ := os.ReadFile(path)
			fmt.Fprintf(h, "%s %d\n%s", path, len(data), data)
		}
		return nil
	})
	return fmt.Sprintf("%x", h.Sum(nil))
}
