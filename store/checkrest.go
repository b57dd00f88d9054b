package store

import (
	"io/fs"
	"path"
	"runtime"
	"strings"

	casefile "klacht/case"
	"klacht/store/disk"
)

// checkPolicy says what in the policy can never matter.
func (c *checkup) checkPolicy(today casefile.Date) {
	holidays, closed := c.Policy.Idle(today)
	for _, name := range holidays {
		c.wrong(PolicyFile, casefile.Errorf("the holiday %q never falls on a working day, so it changes nothing", name).
			WithHint("take it out, or add its day of the week to workdays"))
	}
	for _, s := range closed {
		c.wrong(PolicyFile, casefile.Errorf("the closing days %s..%s have no working day among them, so they change nothing", s.First, s.Last).
			WithHint("is the year right? If they are meant so, take them out"))
	}
}

// checkLetters says what is wrong with the letters that wait.
func (c *checkup) checkLetters() error {
	letters, damage, err := c.Letters()
	if err != nil {
		return err
	}
	for _, d := range damage {
		c.problem(d)
	}
	for _, l := range letters {
		if c.cases[l.ID].file == 0 {
			if _, err := c.locate(l.ID); err != nil {
				c.wrong(letterFile(l.Name), casefile.Errorf("its complaint %s is not there", l.ID).
					WithHint("`klacht outbox --drop %s` throws the letter away", l.Name))
			}
		}
	}
	if !c.root.IsDir(outboxDir) {
		return nil
	}
	names, err := c.root.Names(outboxDir)
	for _, n := range names {
		name, isMail := strings.CutSuffix(n, mailSuffix)
		if _, ok := letterOf(name); isMail && ok && !c.root.Exists(letterFile(name)) && c.root.Exists(letterMail(name)) {
			c.wrong(letterMail(name), casefile.Errorf("is left of a letter that does not wait any more").
				WithHint("the next letter removes it; put it elsewhere if you want to keep it"))
		}
	}
	return err
}

// checkStrays finds what killed commands have left, and second versions of the
// files at the top, which no command reads.
func (c *checkup) checkStrays() error {
	for _, dir := range append([]string{".", localDir, archiveDir, outboxDir}, c.dirs...) {
		if !c.root.IsDir(dir) {
			continue
		}
		err := c.batches(dir, func(entries []fs.DirEntry) error {
			for _, e := range entries {
				c.checkStray(dir, e)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checkup) checkStray(dir string, e fs.DirEntry) {
	n := e.Name()
	name := path.Join(dir, n)
	base, isYAML := strings.CutSuffix(strings.ToLower(n), suffix)
	switch {
	case strings.HasPrefix(n, disk.TempPrefix) && !c.quiet: // that of a command at work
	case strings.HasPrefix(n, disk.TempPrefix):
		c.found = append(c.found, finding{&Damage{File: name, Err: casefile.Errorf("is left of a command that was killed").
			WithHint("`klacht check --fix` removes it")},
			func(w *Writer) (casefile.Message, error) {
				return casefile.Errorf("was left of a command that was killed, and was removed").Message, w.root.RemoveAll(name)
			}})
	case dir == "." && n != PolicyFile && n != PurgedFile && n != LedgerFile && isYAML &&
		(strings.HasPrefix(base, "regeling") || strings.HasPrefix(base, "purged") || strings.HasPrefix(base, "register")):
		c.wrong(n, casefile.Errorf("is a copy that klacht does not read").
			WithHint("a sync program or an editor left it; look what is in it, and remove it"))
	case dir == archiveDir && !e.IsDir() && !strings.HasPrefix(n, "."):
		c.strayInArchive(name)
	}
}

func (c *checkup) strayInArchive(name string) {
	if _, ok := caseID(name); ok {
		c.wrong(name, casefile.Errorf("is not read here, for cases stand in the folder of their month").WithHint("put it in %s", openDir))
	}
}

// checkRights says what others on this machine can read or change (R13), and
// what the owner cannot.
func (c *checkup) checkRights() error {
	if runtime.GOOS == "windows" {
		return nil // rights are kept elsewhere there
	}
	n, first := 0, ""
	err := c.wide(func(name string, _ fs.FileMode) error {
		if n++; first == "" {
			first = name
		}
		return nil
	})
	if n == 0 || err != nil {
		return err
	}
	c.found = append(c.found, finding{&Damage{File: first, Err: casefile.Errorf("%d files or folders can be read or changed by others on this machine, this one first", n).
		WithHint("`klacht check --fix`, or chmod -R go= %s", c.Dir)},
		func(w *Writer) (casefile.Message, error) {
			n := 0
			err := w.wide(func(name string, mode fs.FileMode) error {
				n++
				return w.root.Chmod(name, mode&^0o077)
			})
			return casefile.Errorf("%d files or folders can be read by you alone now, this one first", n).Message, err
		}})
	return nil
}

// wide calls do for everything in the register that others on this machine can
// read or change.
func (r *Register) wide(do func(name string, mode fs.FileMode) error) error {
	info, err := r.root.Lstat(".")
	if err != nil {
		return err
	}
	return r.wideIn(".", info, do)
}

func (r *Register) wideIn(name string, info fs.FileInfo, do func(name string, mode fs.FileMode) error) error {
	if info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 { // the rights of a link mean nothing
		if err := do(name, info.Mode().Perm()); err != nil {
			return err
		}
	}
	if !info.IsDir() {
		return nil
	}
	return r.batches(name, func(entries []fs.DirEntry) error {
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && e.Name() != localDir { // not of the register: .git, say
				continue
			}
			info, err := e.Info()
			if err != nil {
				continue // gone
			}
			if err := r.wideIn(path.Join(name, e.Name()), info, do); err != nil {
				return err
			}
		}
		return nil
	})
}
