package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	casefile "klacht/case"
)

// Writer is a register with its lock held. Every change goes through one.
type Writer struct {
	*Register
	unlock func()
	index  *index

	changes bool            // the first change has begun
	did     []Deed          // since the last commit
	touched map[string]bool // the paths of it
}

// localIgnore keeps git from what belongs to this machine alone.
const localIgnore = localDir + "/.gitignore"

// lockWait is how long a command waits for others to finish writing.
const lockWait = 30 * time.Second

// Lock waits until no other command writes to the register, and returns a
// Writer. Close it when done; nothing may be asked of a person in between.
func (r *Register) Lock() (*Writer, error) {
	if err := r.root.MakeDir(localDir); err != nil {
		return nil, cannotWrite(err)
	}
	if err := r.ownLocal(); err != nil {
		return nil, cannotWrite(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	unlock, ok, err := r.root.Lock(ctx, localDir+"/lock")
	switch {
	case err != nil:
		return nil, cannotWrite(err)
	case !ok:
		return nil, casefile.Errorf("another klacht has been writing to this register for %d seconds", int(lockWait.Seconds())).
			WithHint("try again when it is done")
	}
	if !r.root.Exists(localIgnore) {
		if err := r.root.Put(localIgnore, []byte("*\n")); err != nil {
			unlock()
			return nil, cannotWrite(err)
		}
	}
	r.wrote.Store(true)
	w := &Writer{Register: r, unlock: unlock, touched: map[string]bool{}}
	w.index = openIndex(r)
	if err := r.keepable(); err != nil {
		unlock()
		return nil, err
	}
	if h, ok := r.History.(Resumer); ok && r.root.Exists(underWay) {
		if err := h.Resume(w); err != nil {
			unlock()
			return nil, err
		}
	}
	return w, nil
}

// Ready says what would keep [Register.Lock] from giving a Writer, as far as that
// can be seen without a wait or a change: for before a person is asked anything.
func (r *Register) Ready() error {
	if err := r.ownLocal(); err != nil {
		return cannotWrite(err)
	}
	f, err := r.root.OpenFile(localDir+"/lock", os.O_RDWR, 0)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // Lock makes it
		return cannotWrite(err)
	}
	return r.keepable()
}

// keepable says what stands in the way of keeping a change in the history.
func (r *Register) keepable() error {
	if h, ok := r.History.(Readier); ok {
		return h.Ready()
	}
	return nil
}

// ownLocal makes sure that the folder of this machine is one, and that the lock
// is no link that leads elsewhere: a register can come from somebody else.
func (r *Register) ownLocal() error {
	for name, ok := range map[string]func(fs.FileMode) bool{
		localDir:           fs.FileMode.IsDir,
		localDir + "/lock": fs.FileMode.IsRegular,
	} {
		if info, err := r.root.Lstat(name); err == nil && !ok(info.Mode()) {
			return &Damage{File: name, Err: casefile.Errorf("is not a regular file")}
		}
	}
	return nil
}

// HasWritten reports whether this command has ever held the lock; until then it
// has changed nothing. It may be asked at any moment.
func (r *Register) HasWritten() bool { return r.wrote.Load() }

// LocalDir returns the path of the folder of what belongs to this machine alone;
// "" if there is none.
func (r *Register) LocalDir() string {
	if !r.root.IsDir(localDir) || r.ownLocal() != nil {
		return ""
	}
	return filepath.Join(r.Dir, localDir)
}

func cannotWrite(err error) error {
	return casefile.Errorf("cannot write to the register: %v", err)
}

// Close hands what was done to the history, if there is one, and lets other
// commands write.
func (w *Writer) Close() {
	w.index.settle()
	w.commit()
	w.unlock()
}

// Append adds a step to a case, with its mail if there is one, and files the
// case where it then belongs. The case is read anew under the lock, so that
// two commands at once both add theirs. prepare may complete the entry from
// the case as it stands, give other values to what stands above the log, or
// refuse; it can be nil. Of files each is kept beside the mail, under a name of
// its own that says nothing but what kind of file it is.
func (w *Writer) Append(id casefile.ID, e casefile.Entry, mail []byte, prepare func(*File, *casefile.Entry) error, files ...Attachment) (*File, error) {
	return w.append(id, e, mail, false, prepare, files...)
}

// append is Append; elsewhere says that another case may have the mail.
func (w *Writer) append(id casefile.ID, e casefile.Entry, mail []byte, elsewhere bool, prepare func(*File, *casefile.Entry) error, files ...Attachment) (*File, error) {
	f, err := w.Load(id)
	if err == nil {
		err = w.notRemoved(f)
	}
	if err != nil {
		return nil, err
	}
	head := f.Case
	if prepare != nil {
		with := *f
		if err := prepare(&with, &e); err != nil {
			return nil, err
		}
		head = with.Case
	}
	if len(mail) > MaxMail {
		return nil, errMailSize()
	}
	if elsewhere {
		err = w.index.refresh()
	} else {
		err = w.notKnown(mail)
	}
	if err != nil {
		return nil, err
	}
	if err := f.Allows(e); err != nil {
		return nil, about(id, err)
	}
	if mail != nil {
		files = append([]Attachment{{Name: mailSuffix, Data: mail}}, files...)
	}
	if files != nil {
		series := ""
		n, err := w.lastNumber(f)
		if err == nil {
			series, err = w.series()
		}
		if err == nil {
			err = nameFiles(n, series, &e, files)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := e.Check(); err != nil {
		return nil, about(id, err)
	}
	next, err := withEntry(f, e, w.Policy)
	if err == nil {
		head.Log = next.Log
		next, err = withHead(next, &head, w.Policy)
	}
	if err != nil {
		return nil, err
	}
	next = w.keyed(next, f)
	undo := w.begin(string(id), string(e.Step), contents(files)...)
	if !next.State.Archivable() { // out of the archive first, so that a summary never misses a case that is open again
		if err := w.file(f, openDir); err != nil {
			undo()
			return nil, cannotWrite(err)
		}
	}
	folder := strings.TrimSuffix(f.Path, suffix)
	drop := func() {}
	if files != nil {
		w.index.expire()
		if err := w.gather(f); err != nil {
			undo()
			return nil, cannotWrite(err)
		}
		there := w.root.Exists(folder)
		drop = func() {
			for _, a := range files {
				_ = w.root.Remove(path.Join(folder, a.Name))
			}
			if !there { // what stood there before stays, whatever it is
				_ = w.root.Remove(folder)
			}
		}
		err := w.root.MakeDir(folder)
		for i := 0; i < len(files) && err == nil; i++ {
			err = w.put(path.Join(folder, files[i].Name), files[i].Data)
		}
		if err != nil {
			drop()
			undo()
			return nil, cannotWrite(err)
		}
	}
	if err := w.put(f.Path, next.Data); err != nil {
		if now, rerr := w.root.Read(f.Path); rerr != nil || !bytes.Equal(now, next.Data) {
			drop()
		}
		undo()
		return nil, cannotWrite(err)
	}
	w.took(id, mail)
	next.Path = f.Path
	return next, w.File(next)
}

// about puts the number of the case before what is wrong with a step.
func about(id casefile.ID, err error) error {
	return casefile.Errorf("%s: %v", id, err)
}

// ErrMeanwhile says that a file was changed by somebody else, in a way that does
// not go together with the change that was to be made.
var ErrMeanwhile = casefile.Errorf("it was changed by somebody else in the meantime")

// Replace puts new content in the place of a case file that was read as old, and
// files the case where it then belongs. The content is read as strictly as a file,
// and must be of the same case. Steps that were added meanwhile are added to it; a
// change that cannot be kept so is ErrMeanwhile.
func (w *Writer) Replace(old *File, data []byte) (*File, error) {
	if name, err := w.locate(old.ID); err == nil { // it may have been filed meanwhile
		old.Path = name
	}
	now, err := w.root.Read(old.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, casefile.Errorf("%s: %v", old.Path, ErrMeanwhile)
	} else if err != nil {
		return nil, cannotWrite(err)
	}
	added, grown := bytes.CutPrefix(now, old.Data)
	if len(added) > 0 && !bytes.HasSuffix(data, []byte("\n")) && added[0] != '\n' && added[0] != '\r' {
		data = append(bytes.Clone(data), '\n')
	}
	next, err := w.ParseCase(old, append(bytes.Clone(data), added...))
	if !grown || err != nil && len(added) > 0 {
		return nil, casefile.Errorf("%s: %v", old.Path, ErrMeanwhile)
	} else if err == nil {
		err = w.notRemoved(old)
	}
	if err != nil {
		return nil, err
	}
	before, damage := decodeCase(old.Path, now, w.Policy)
	if damage != nil {
		before = next
	}
	next = w.keyed(next, before)
	data = next.Data
	undo := w.begin(string(old.ID), DeedEdited)
	if !next.State.Archivable() {
		if err := w.file(old, openDir); err != nil {
			undo()
			return nil, cannotWrite(err)
		}
		next.Path = old.Path
	}
	if err := w.put(next.Path, data); err != nil {
		undo()
		return nil, cannotWrite(err)
	}
	return next, w.File(next)
}

// ParseCase reads new content for a case file without writing it.
func (r *Register) ParseCase(old *File, data []byte) (*File, error) {
	next, damage := decodeCase(old.Path, data, r.Policy)
	if damage != nil {
		return nil, damage
	}
	if id, _ := caseID(old.Path); next.ID != id {
		return nil, &Damage{File: old.Path, Line: next.idLine, Err: casefile.Errorf("the number of a complaint cannot be changed")}
	}
	if key := keyIn(old.Data); key != "" && next.Key != key {
		return nil, &Damage{File: old.Path, Line: cmp.Or(next.keyLine, next.idLine), Err: casefile.Errorf("the key of a complaint cannot be changed").
			WithHint("put it back below the number: key: %s", key)}
	}
	return next, nil
}
