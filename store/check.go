package store

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"strings"

	casefile "klacht/case"
)

// Check reads all of the register and returns the number of cases that can be
// read, and everything that is wrong.
func (r *Register) Check() (int, []*Damage, error) {
	files, problems, err := r.ReadAll()
	if err != nil {
		return 0, nil, err
	}
	purged := map[casefile.ID]bool{}
	err = r.purgedLines(func(n int, id casefile.ID, line string) error {
		purged[id] = true
		if _, damage := decodePurged(n, line); damage != nil {
			problems = append(problems, damage)
		}
		return nil
	})
	var damage *Damage
	if errors.As(err, &damage) {
		problems = append(problems, damage)
	} else if err != nil {
		return 0, nil, err
	}
	seen := map[casefile.ID]string{}
	for _, f := range files {
		if purged[f.ID] {
			problems = append(problems, &Damage{File: f.Path, Err: casefile.Errorf("was purged, and is back").
				WithHint("`klacht purge` removes it again, unless it was taken up or put on hold")})
		}
		if other := seen[f.ID]; other != "" {
			problems = append(problems, &Damage{File: f.Path, Err: casefile.Errorf("is there twice: also as %s", other).
				WithHint("look at both, and remove the one that is out of date")})
		}
		seen[f.ID] = f.Path
		problems = append(problems, r.checkMails(f)...)
	}
	_, letters, err := r.Letters()
	if err != nil {
		return 0, nil, err
	}
	problems = append(problems, letters...)
	open, err := r.checkRights()
	return len(files), append(problems, open...), err
}

// checkMails says which mails that a log names cannot be read.
func (r *Register) checkMails(f *File) []*Damage {
	var problems []*Damage
	dir, _ := r.mailDir(f)
	for i, e := range f.Log {
		if e.Mail == "" {
			continue
		}
		info, err := r.root.Lstat(path.Join(dir, e.Mail))
		switch {
		case dir == "" || err != nil:
			problems = append(problems, &Damage{f.Path, f.entries[i], casefile.Errorf("the mail %s is not there", e.Mail)})
		case !info.Mode().IsRegular():
			problems = append(problems, &Damage{f.Path, f.entries[i], casefile.Errorf("the mail %s is not a regular file", e.Mail)})
		}
	}
	return problems
}

// checkRights says what others on this machine can read or change (R13).
func (r *Register) checkRights() ([]*Damage, error) {
	if runtime.GOOS == "windows" {
		return nil, nil // rights are kept elsewhere there
	}
	n, first := 0, ""
	err := fs.WalkDir(r.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && name != "." && name != localDir { // not of the register: .git, say
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err == nil && info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			n++
			if first == "" {
				first = name
			}
		}
		return nil
	})
	if n == 0 || err != nil {
		return nil, err
	}
	return []*Damage{{File: first, Err: casefile.Errorf("%d files or folders can be read or changed by others on this machine, this one first", n).
		WithHint("chmod -R go= %s", r.Dir)}}, nil
}
