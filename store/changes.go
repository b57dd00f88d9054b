package store

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// History keeps what a register was like before. Its methods are called with
// the lock of the register held. What they cannot do they tell themselves: a
// change that is on the disk never fails because of its history.
type History interface {
	// Before takes in what was changed without klacht, or was left by a command
	// that was killed. It is called when something is about to change: the case, or
	// the file, that is named.
	Before(w *Writer, of string)

	// Commit takes in what was done between Lock and Close: the paths of which
	// the content on disk may have changed, files that are gone among them.
	Commit(w *Writer, did []Deed, paths []string)
}

// Deed is one thing that was done with a register, in words that are the same in
// every language and say nothing about a person (R13): "2026-0007: acknowledged".
type Deed struct {
	Of   string // the number of a case, or the name of a file
	What string // the name of a step, or another word
}

func (d Deed) String() string { return d.Of + ": " + d.What }

// What is done beside the steps.
const (
	DeedEdited = "edited" // with `klacht edit`
	DeedPurged = "purged"
	DeedFiled  = "filed" // put into the folder where it belongs
	DeedMade   = "made"  // the register itself, or a letter of the owner's own
)

// begin notes what is going to be done, before anything of it is on the disk: if
// the command is killed, the next one knows what it was. undo takes it back, from
// the disk too, if it could not be done, before anything else is begun.
func (w *Writer) begin(of, what string) (undo func()) {
	d := Deed{of, what}
	if w.History == nil || slices.Contains(w.did, d) {
		return func() {}
	}
	w.before(of)
	w.did = append(w.did, d)
	noted := int64(0) // the length of the note before this deed
	undo = func() {
		w.did = w.did[:len(w.did)-1]
		if f, err := w.root.OpenFile(uncommitted, os.O_WRONLY, 0); err == nil {
			_ = f.Truncate(noted)
			_ = f.Close()
		}
	}
	info, err := w.root.Lstat(uncommitted)
	if err == nil && !info.Mode().IsRegular() {
		return func() { w.did = w.did[:len(w.did)-1] }
	} else if err == nil {
		noted = info.Size()
	}
	if f, err := w.root.OpenFile(uncommitted, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode); err == nil {
		_, _ = f.WriteString(d.String() + "\n") // lost in a crash, the change counts as made by hand
		_ = f.Close()
	}
	return undo
}

// before lets the history look at the register before the first change.
func (w *Writer) before(of string) {
	if !w.changes && w.History != nil {
		w.changes = true
		w.History.Before(w, of)
	}
}

// uncommitted holds what was done since the last commit, a line for each deed.
const uncommitted = localDir + "/uncommitted"

// Uncommitted returns what was begun and may not be in the history yet. What
// cannot be read is not known: it then counts as made by hand.
func (r *Register) Uncommitted() (list []Deed) {
	data, _ := r.read(uncommitted)
	for line := range strings.Lines(string(data)) {
		if of, what, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok && !slices.Contains(list, Deed{of, what}) {
			list = append(list, Deed{of, what})
		}
	}
	return list
}

// Committed notes that all that was begun is in the history now.
func (w *Writer) Committed() error {
	if err := w.root.Remove(uncommitted); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// DropUnfinished removes the mail that a command put down for a step and was
// killed before it had recorded: that step was not taken, and whoever took it in
// or sent it still has the mail. Nothing that an entry names is touched.
func (w *Writer) DropUnfinished(d Deed) error {
	id, err := casefile.ParseID(d.Of)
	if err != nil {
		return nil
	}
	places, err := w.places(id)
	if err != nil || len(places) > 1 {
		return err
	}
	f := &File{Case: casefile.Case{ID: id}, Path: CasePath(openDir, id)}
	if len(places) == 1 {
		var damage *Damage
		if f, damage = w.readFile(places[0]); damage != nil {
			return nil // what it names is not known
		}
	}
	dir, err := w.mailDir(f)
	if err != nil || dir == "" {
		return err
	}
	n, err := w.lastNumber(f)
	if err != nil {
		return err
	}
	last := mailNamed(n, casefile.Step(d.What)) // the step that was begun last has the highest number
	if slices.ContainsFunc(f.Log, func(e casefile.Entry) bool { return e.Mail == last || e.Letter == last }) {
		return nil
	}
	if err := w.root.Remove(path.Join(dir, last)); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if err := w.syncDir(dir); err != nil {
		return err
	}
	w.removeEmpty(dir)
	return nil
}

// touch notes that the content of files may change. What belongs to this
// machine, or waits on it, has no history.
func (w *Writer) touch(names ...string) {
	for _, n := range names {
		if !strings.HasPrefix(n, localDir+"/") && !strings.HasPrefix(n, outboxDir+"/") && w.History != nil {
			w.before("")
			w.touched[n] = true
		}
	}
}

// within returns the paths of the files in a folder, and the name itself, for it
// can be one.
func (w *Writer) within(name string) []string {
	list := []string{name}
	if !w.isDir(name) {
		return list
	}
	names, _ := w.names(name)
	for _, n := range names {
		list = append(list, path.Join(name, n))
	}
	return list
}

// put writes a file as [Register.put] does.
func (w *Writer) put(name string, data []byte) error {
	w.touch(name)
	return w.Register.put(name, data)
}

// move moves a file, or a folder with the files in it.
func (w *Writer) move(from, to string) error {
	w.touch(w.within(from)...)
	err := w.Register.move(from, to)
	w.touch(w.within(to)...)
	return err
}

// remove removes a file, or a folder with the files in it. That there is none
// is no error.
func (w *Writer) remove(name string) error {
	w.touch(w.within(name)...)
	return w.root.RemoveAll(name)
}

// commit hands what was done to the history.
func (w *Writer) commit() {
	if w.History == nil || len(w.touched) == 0 {
		return
	}
	w.History.Commit(w, w.did, slices.Sorted(maps.Keys(w.touched)))
	w.did, w.touched = nil, map[string]bool{}
}

// stepsOf says which steps a log consists of, in the words of a deed.
func stepsOf(log []casefile.Entry) string {
	var steps []string
	for _, e := range log {
		steps = append(steps, string(e.Step))
	}
	return strings.Join(steps, ", ")
}

// Tell writes what git needs to know about the files of a register, unless it
// is told already.
func (w *Writer) Tell(attributes, ignore string) error {
	for name, text := range map[string]string{".gitattributes": attributes, ".gitignore": ignore} {
		if w.exists(name) {
			continue
		}
		if err := w.put(name, []byte(text)); err != nil {
			return cannotWrite(err)
		}
	}
	return nil
}
