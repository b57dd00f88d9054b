package store

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// caseFindings says what is wrong with a case that can be read: it stands in
// the wrong folder, its mails do, or its log and its mails do not agree. mails
// is the folder of its mails, "" if there is none.
func (c *checkup) caseFindings(f *File, mails string) []finding {
	list := append(c.mailFindings(f, mails), c.promiseFindings(f, c.today)...)
	if f.About != "" && !slices.Contains(c.Policy.About, f.About) {
		list = append(list, finding{Damage: &Damage{File: f.Path, Err: casefile.Errorf("%q is not a kind of complaint that the procedure names", f.About).
			WithHint("name it there under about, or `klacht edit %s`", f.ID)}})
	}
	if d := f.StillToCome(c.Today); d != nil {
		list = append(list, finding{Damage: d})
	}
	w := c.cases[f.ID]
	if c.purged[f.ID] || w.more {
		return list // said elsewhere, and for a person to choose
	}
	belongs := c.folder(f)
	if path.Dir(f.Path) == belongs {
		if beside := strings.TrimSuffix(f.Path, suffix); mails != "" && mails != beside {
			list = append(list, finding{&Damage{File: f.Path, Err: casefile.Errorf("its mails are not beside it, but in %s", path.Dir(mails)).
				WithHint("`klacht check --fix` brings them together")},
				func(w *Writer) (casefile.Message, error) {
					now, err := w.Load(f.ID)
					if err == nil {
						err = w.gather(now)
					}
					return casefile.Errorf("its mails were brought beside it").Message, err
				}})
		}
		return list
	}
	err := casefile.Errorf("belongs in %s", belongs)
	if belongs == openDir && !f.State.Closed {
		err = casefile.Errorf("stands in the archive and is not closed, so no summary shows it")
	}
	return append(list, finding{&Damage{File: f.Path, Err: err.WithHint("`klacht check --fix` puts it there")},
		func(w *Writer) (casefile.Message, error) {
			now, err := w.Load(f.ID)
			if err == nil {
				err = w.File(now)
			}
			if err != nil {
				return casefile.Message{}, err
			}
			return casefile.Errorf("now stands in %s", path.Dir(now.Path)).Message, nil
		}})
}

// mailFindings says which mails that a log names cannot be read, and which mails
// no step names.
func (c *checkup) mailFindings(f *File, dir string) (list []finding) {
	wrong := func(file string, line int, err *casefile.Error) {
		list = append(list, finding{Damage: &Damage{File: file, Line: line, Err: err}})
	}
	there := map[string]fs.FileInfo{}
	if dir != "" {
		err := c.batches(dir, func(entries []fs.DirEntry) error {
			for _, e := range entries {
				if info, err := e.Info(); err == nil {
					there[e.Name()] = info
				}
			}
			return nil
		})
		if err != nil {
			wrong(dir, 0, casefile.Errorf("cannot be read: %v", err))
			return list
		}
	}
	for i, e := range f.Log {
		if e.Mail == "" {
			continue
		}
		info, ok := there[e.Mail]
		delete(there, e.Mail)
		switch {
		case !ok && !named(f.Log[:i], e.Mail):
			wrong(f.Path, f.entries[i], casefile.Errorf("the mail %s is not there", e.Mail))
		case ok && !info.Mode().IsRegular():
			wrong(f.Path, f.entries[i], casefile.Errorf("the mail %s is not a regular file", e.Mail))
		case ok && info.Size() == 0:
			wrong(f.Path, f.entries[i], casefile.Errorf("the mail %s is empty", e.Mail))
		case ok:
			if err := c.timeFinding(f.ID, e, path.Join(dir, e.Mail)); err != nil {
				wrong(f.Path, f.entries[i], err)
			}
		}
	}
	for i, e := range f.Log {
		for _, n := range e.Files {
			if _, ok := there[n]; !ok {
				wrong(f.Path, f.entries[i], casefile.Errorf("the file %s is not there", n))
			}
		}
	}
	for _, e := range f.Log {
		for _, n := range e.Files {
			delete(there, n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(there)) {
		switch {
		case strings.HasPrefix(n, "."):
			continue
		case !strings.EqualFold(path.Ext(n), mailSuffix):
			wrong(path.Join(dir, n), 0, casefile.Errorf("no step names this file, so no dossier has it").
				WithHint("if it belongs there, `klacht edit %s` names it under files: of a note; if not, remove it", f.ID))
			continue
		}
		if twin := c.twin(f, dir, n); twin != "" {
			list = append(list, finding{&Damage{File: path.Join(dir, n), Err: casefile.Errorf("no step names this mail, and it is the same as %s", twin).
				WithHint("`klacht check --fix` removes it")}, c.dropTwin(f.ID, n)})
			continue
		}
		wrong(path.Join(dir, n), 0, casefile.Errorf("no step names this mail").
			WithHint("if it belongs there, `klacht edit %s` names it with its step; if not, remove it", f.ID))
	}
	return list
}

// twin returns a mail that a step names and that is the same, byte for byte: a
// command that was killed left one, and was then repeated. "" if there is none.
func (r *Register) twin(f *File, dir, name string) string {
	data, err := r.root.ReadUpTo(path.Join(dir, name), MaxMail)
	if err != nil {
		return ""
	}
	for _, e := range f.Log {
		if e.Mail == "" || e.Mail == name {
			continue
		}
		if other, err := r.root.ReadUpTo(path.Join(dir, e.Mail), MaxMail); err == nil && bytes.Equal(data, other) {
			return e.Mail
		}
	}
	return ""
}

// dropTwin removes a mail that no step names, if it still is the same as one
// that a step does name.
func (c *checkup) dropTwin(id casefile.ID, name string) func(*Writer) (casefile.Message, error) {
	return func(w *Writer) (casefile.Message, error) {
		f, err := w.Load(id)
		if err != nil {
			return casefile.Message{}, err
		}
		dir, err := w.mailDir(f)
		if err != nil {
			return casefile.Message{}, err
		}
		twin := w.twin(f, dir, name)
		if twin == "" || named(f.Log, name) {
			return casefile.Message{}, casefile.Errorf("%s was changed by somebody else in the meantime", path.Join(dir, name))
		}
		if err := w.root.Remove(path.Join(dir, name)); err != nil {
			return casefile.Message{}, err
		}
		return casefile.Errorf("was the same as %s, and was removed", twin).Message, w.root.SyncDir(dir)
	}
}

// named reports whether a step names the mail.
func named(log []casefile.Entry, mail string) bool {
	return slices.ContainsFunc(log, func(e casefile.Entry) bool { return e.Mail == mail })
}

// Extra returns the names of the files in the folder of a case that no step names,
// hidden ones aside.
func (r *Register) Extra(f *File) ([]string, error) {
	extra := []string{}
	dir, err := r.mailDir(f)
	if err != nil || dir == "" {
		return extra, err
	}
	names, err := r.root.Names(dir)
	for _, n := range names {
		known := slices.ContainsFunc(f.Log, func(e casefile.Entry) bool { return e.Mail == n || slices.Contains(e.Files, n) })
		if !known {
			extra = append(extra, n)
		}
	}
	return extra, err
}
