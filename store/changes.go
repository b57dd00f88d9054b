package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store/disk"
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

// Readier is a [History] that can say what stands in the way of keeping a change,
// before anything is changed.
type Readier interface {
	Ready() error
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

	DeedClaimed = "series claimed" // in the ledger
)

// begin notes what is going to be done, before anything of it is on the disk: if
// the command is killed, the next one knows what it was, and by the files which
// are put down first what of it can go. undo takes it back, if it could not be
// done, before anything else is begun.
func (w *Writer) begin(of, what string, files ...[]byte) (undo func()) {
	d := Deed{of, what}
	w.before(of)
	known := slices.Contains(w.did, d)
	if known && files == nil {
		return func() {}
	}
	if !known {
		w.did = append(w.did, d)
	}
	noted := int64(-1) // the length of the note before this deed; less than 0 if there is nothing to take back
	undo = func() {
		if !known {
			w.did = w.did[:len(w.did)-1]
		}
		if f, err := w.root.OpenFile(uncommitted, os.O_WRONLY, 0); err == nil && noted >= 0 {
			_ = f.Truncate(noted)
			_ = f.Close()
		}
	}
	info, err := w.root.Lstat(uncommitted)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return undo
	case err == nil:
		noted = info.Size()
	default:
		noted = 0
	}
	line := d.String()
	for i, data := range files {
		line += map[bool]string{true: marked, false: ","}[i == 0] + markOf(data)
	}
	if f, err := w.root.OpenFile(uncommitted, os.O_WRONLY|os.O_CREATE|os.O_APPEND, disk.FileMode); err == nil {
		_, _ = f.WriteString(line + "\n") // lost in a crash, the change counts as made by hand
		_ = f.Close()
	}
	return undo
}

// marked stands in a note before the marks of the files that a deed puts down.
const marked = " = "

// markOf returns what a file is known by in a note.
func markOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// before lets the history look at the register before the first change. Where
// there is none, what a command that was killed has left goes all the same.
func (w *Writer) before(of string) {
	if w.changes {
		return
	}
	w.changes = true
	defer func() { _, _ = w.ledger() }() // who needs one asks again, and tells what is wrong
	if w.History != nil {
		w.History.Before(w, of)
		return
	}
	for _, d := range w.Uncommitted() {
		if w.DropUnfinished(d) != nil {
			return // and the note stays
		}
	}
	_ = w.Committed()
}

// uncommitted holds what was done since the last commit, a line for each deed.
const uncommitted = localDir + "/uncommitted"

// Uncommitted returns what was begun and may not be in the history yet. What
// cannot be read is not known: it then counts as made by hand.
func (r *Register) Uncommitted() (list []Deed) {
	data, _ := r.root.Read(uncommitted)
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(strings.TrimSuffix(line, "\n"), marked)
		if of, what, ok := strings.Cut(line, ": "); ok && !slices.Contains(list, Deed{of, what}) {
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

// DropUnfinished removes the files that a command put down for a step and was
// killed before it had recorded: that step was not taken, and whoever took it in
// or sent it still has the mail. What that command did not note, byte for byte,
// and what an entry names, is not touched. A folder that was made for them and has
// nothing in it goes too.
func (w *Writer) DropUnfinished(d Deed) error {
	id, err := casefile.ParseID(d.Of)
	marks := w.marksOf(d)
	if err != nil || len(marks) == 0 {
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
	names, err := w.root.Names(dir)
	if err != nil {
		return err
	}
	gone := false
	for _, name := range names {
		_, step, _ := strings.Cut(name, "-")
		step, _, _ = strings.Cut(step, ".")
		if step == "" || !strings.Contains(d.What, step) || slices.ContainsFunc(f.Log, func(e casefile.Entry) bool {
			return e.Mail == name || e.Letter == name || slices.Contains(e.Files, name)
		}) {
			continue
		}
		data, err := w.root.ReadUpTo(path.Join(dir, name), MaxMail)
		if err != nil || !slices.Contains(marks, markOf(data)) {
			continue
		}
		if err := w.root.Remove(path.Join(dir, name)); err != nil {
			return err
		}
		gone = true
	}
	if !gone && len(names) > 0 {
		return nil
	}
	if err := w.root.SyncDir(dir); err != nil {
		return err
	}
	w.sweepDir(dir)
	w.removeEmpty(dir)
	return nil
}

// marksOf returns the marks that stand in the notes of a deed.
func (r *Register) marksOf(d Deed) (marks []string) {
	data, _ := r.root.Read(uncommitted)
	for line := range strings.Lines(string(data)) {
		if said, list, ok := strings.Cut(strings.TrimSuffix(line, "\n"), marked); ok && said == d.String() {
			marks = append(marks, strings.Split(list, ",")...)
		}
	}
	return marks
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
	if !w.root.IsDir(name) {
		return list
	}
	names, _ := w.root.Names(name)
	for _, n := range names {
		list = append(list, path.Join(name, n))
	}
	return list
}

// put writes a file as [Register.put] does.
func (w *Writer) put(name string, data []byte) error {
	w.touch(name)
	return w.Register.root.Put(name, data)
}

// move moves a file, or a folder with the files in it.
func (w *Writer) move(from, to string) error {
	w.touch(w.within(from)...)
	err := w.Register.root.Move(from, to)
	w.touch(w.within(to)...)
	return err
}

// remove removes a file, or a folder with the files in it. That there is none
// is no error.
func (w *Writer) remove(name string) error {
	w.touch(w.within(name)...)
	return w.root.RemoveAll(name)
}

// commit hands what was done to the history, with the ledger.
func (w *Writer) commit() {
	if len(w.did) > 0 {
		_ = w.keepLedger("") // whoever gives a number asks again, and tells what is wrong
	}
	if w.History == nil && len(w.did) > 0 {
		_ = w.Committed()
		w.did = nil
	}
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
// is told already; of one that was told before there was a ledger, about that.
func (w *Writer) Tell(attributes, ignore string) error {
	for name, text := range map[string]string{".gitattributes": attributes, ".gitignore": ignore} {
		if w.root.Exists(name) {
			if text = w.untold(name, text); text == "" {
				continue
			}
		}
		if err := w.put(name, []byte(text)); err != nil {
			return cannotWrite(err)
		}
	}
	return nil
}

// untold returns what a file becomes that tells git nothing of the ledger, where the
// text does; "" if it stays as it is.
func (w *Writer) untold(name, text string) string {
	i := strings.Index(text, "/"+LedgerFile+" ")
	data, err := w.root.Read(name)
	if i < 0 || err != nil || strings.Contains(string(data), LedgerFile) {
		return ""
	}
	line, _, _ := strings.Cut(text[i:], "\n")
	if len(data) > 0 && data[len(data)-1] != '\n' {
		line = "\n" + line
	}
	return string(data) + line + "\n"
}
