package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Change is what is to become of one file of the register.
type Change struct {
	Path string
	Data func() ([]byte, error) // read when it is written, for all of them may be more than memory holds; nil: the file goes
}

// Bring makes the files of the register what another machine has made of them.
// New files come before old ones go, so that at no moment a complaint is missing.
// It is no change that the history has to keep: it comes from there.
func (w *Writer) Bring(changes []Change) error {
	w.index.expire()
	w.index.fresh = false
	for _, part := range []Part{PartPolicy, PartPlain, PartLetter, PartLedger, PartPurged, PartMail, PartCase} {
		for _, c := range changes {
			if is, _ := PartOf(c.Path); is != part || c.Data == nil {
				continue
			}
			data, err := c.Data()
			if err != nil {
				return err
			}
			if err = w.root.MakeDir(path.Dir(c.Path)); err == nil {
				err = w.Register.root.Put(c.Path, data)
			}
			if err != nil {
				return cannotWrite(err)
			}
		}
	}
	for _, c := range changes {
		if c.Data != nil {
			continue
		}
		if err := w.root.Remove(c.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannotWrite(err)
		}
		for dir := path.Dir(c.Path); dir != "."; dir = path.Dir(dir) {
			w.removeEmpty(dir)
		}
	}
	for _, c := range changes {
		if dir := path.Dir(c.Path); c.Data == nil && w.root.IsDir(dir) {
			if err := w.root.SyncDir(dir); err != nil {
				return cannotWrite(err)
			}
		}
	}
	return nil
}

// ReadFile returns the content of a file of the register, which must be a regular
// one; an error that wraps [fs.ErrNotExist] if there is none.
func (r *Register) ReadFile(name string) ([]byte, error) { return r.root.ReadUpTo(name, MaxMail) }

// underWay holds what a sync is doing to the files, until it is done.
const underWay = localDir + "/sync"

// Resumer is a [History] that has to finish what a command which was killed has
// begun, before anything else is done with the register.
type Resumer interface {
	Resume(w *Writer) error
}

// SetUnderWay notes, on the disk, what is going to be done to the files; nil takes
// the note away.
func (w *Writer) SetUnderWay(note []byte) error {
	var err error
	if note == nil {
		if err = w.root.Remove(underWay); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = w.Register.root.Put(underWay, note)
	}
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}

// UnderWay returns that note; nil if there is none.
func (r *Register) UnderWay() []byte {
	data, err := r.root.Read(underWay)
	if err != nil {
		return nil
	}
	return data
}

// Tighten takes away the rights that others on this machine have on the register
// (R13): git gives files those of the place that they come to.
func (w *Writer) Tighten() error {
	if runtime.GOOS == "windows" {
		return nil // rights are kept elsewhere there
	}
	return w.wide(func(name string, mode fs.FileMode) error { return w.root.Chmod(name, mode&^0o077) })
}

// Syncing takes the right to sync this register, which one command has at a time;
// done gives it back. It does not wait.
func (r *Register) Syncing() (done func(), err error) {
	return r.alone(localDir+"/syncing", casefile.Errorf("another klacht is syncing this register at this moment").
		WithHint("try again when it is done"))
}

// alone takes a lock of its own, or returns the error if another command has it.
func (r *Register) alone(name string, taken error) (done func(), err error) {
	if err := r.root.MakeDir(localDir); err != nil {
		return nil, cannotWrite(err)
	}
	if info, err := r.root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &Damage{File: name, Err: casefile.Errorf("is not a regular file")}
	}
	done, ok, err := r.root.Lock(context.Background(), name)
	switch {
	case err != nil:
		return nil, cannotWrite(err)
	case !ok:
		return nil, taken
	}
	return done, nil
}

// GiveNumber gives a complaint the next number of this clone, because another machine
// has given the one that it has to another complaint, before there were series. It
// keeps the old one beside it, for letters may bear that. Replies still find it.
func (w *Writer) GiveNumber(f *File) (*File, error) {
	series, err := w.series()
	if err != nil {
		return nil, err
	}
	if err := w.index.refresh(); err != nil {
		return nil, err
	}
	to, err := w.freeNumber(runIn(f.ID.Year(), letters(series)), nil)
	if err != nil {
		return nil, err
	}
	f = w.keyed(f, f)
	lines := bytes.SplitAfter(f.Data, []byte("\n"))
	lines[f.idLine-1] = bytes.Replace(lines[f.idLine-1], []byte(f.ID), []byte(to), 1)
	also := fmt.Sprintf("also: [%s]\n", joinIDs(append([]casefile.ID{f.ID}, f.Also...)))
	if f.Also == nil {
		lines[f.idLine-1] = append(bytes.Clone(lines[f.idLine-1]), also...)
	}
	name := CasePath(path.Dir(f.Path), to)
	next, damage := decodeCase(name, slices.Concat(lines...), w.Policy)
	if damage != nil {
		return nil, damage
	}
	w.begin(string(to), DeedFiled)
	if dir, err := w.mailDir(f); err != nil {
		return nil, err
	} else if dir != "" {
		if err := w.move(dir, strings.TrimSuffix(name, suffix)); err != nil {
			return nil, cannotWrite(err)
		}
	}
	if err := w.put(name, next.Data); err != nil {
		return nil, cannotWrite(err)
	}
	if err := w.remove(f.Path); err != nil {
		return nil, cannotWrite(err)
	}
	if err := w.keepLedger(to); err != nil {
		return nil, err
	}
	w.index.took(to)
	_, err = w.Renumber(f.ID, to)
	return next, err
}

// Renumber gives what waits in outbox/ for a case the number that the case has now.
// The old number goes from the text of a letter that nothing has left of. It
// returns the names of the letters.
func (w *Writer) Renumber(from, to casefile.ID) (names []string, err error) {
	w.index.forget()
	if err := w.removeCopies(localDir, &File{Case: casefile.Case{ID: from}}); err != nil {
		return nil, cannotWrite(err)
	}
	letters, _, err := w.Letters()
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		if l.ID != from {
			continue
		}
		mail, err := w.LetterMail(l)
		if err != nil {
			return names, err
		}
		if l.State == LetterDraft || l.State == LetterQueued || l.State == LetterRefused {
			mail = []byte(strings.ReplaceAll(string(mail), string(from), string(to)))
			l.Subject = strings.ReplaceAll(l.Subject, string(from), string(to))
		}
		next := *l
		next.ID = to
		there := slices.ContainsFunc(letters, func(o *Letter) bool { return o.ID == to && o.MessageID == l.MessageID && l.MessageID != "" })
		if !there { // a command that was killed may have come so far
			if _, err := w.AddLetter(next, mail); err != nil {
				return names, err
			}
		}
		if err := w.RemoveLetter(l); err != nil {
			return names, err
		}
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return names, nil
}

// Drop removes a case that was purged on another machine, with every copy that the
// program made of it. Its line in purged.yaml comes from there.
func (w *Writer) Drop(id casefile.ID) error {
	history := w.History
	w.History = nil // it comes from there
	defer func() { w.History = history }()
	w.index.forget()
	places, err := w.places(id)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		places = []string{CasePath(openDir, id)}
	}
	for _, name := range places {
		if err := w.clear(w.raw(id, name)); err != nil {
			return err
		}
	}
	return nil
}
