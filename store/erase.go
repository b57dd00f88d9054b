package store

import (
	"fmt"

	casefile "klacht/case"
	"klacht/store/disk"
)

// Gone leaves out of a list of cases those that stand in the register: of the
// purged ones those that were taken up again on another machine.
func (r *Register) Gone(ids []casefile.ID) ([]casefile.ID, error) {
	var gone []casefile.ID
	for _, id := range ids {
		names, err := r.places(id)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Record hands what was done so far to the history, as Close does, but keeps the
// lock.
func (w *Writer) Record() {
	w.index.settle()
	w.commit()
}

// Reason says why a case is removed before its time. It stays in purged.yaml, so
// it is one of a few words and never a text, which could name a person.
type Reason string

// The reasons to erase.
const (
	Request Reason = "request" // the complainant asks for it (GDPR art. 17)
	Court   Reason = "court"   // a court or an authority orders it
	Mistake Reason = "mistake" // it should never have been registered: it counts in no figure
)

// Reasons returns every reason to erase.
func Reasons() []Reason { return []Reason{Request, Court, Mistake} }

// Erase removes a case for good whatever its state, also one that cannot be
// read, or that is there twice. It does so as Purge does, and its line gets the
// reason.
func (w *Writer) Erase(id casefile.ID, today casefile.Date, reason Reason) error {
	names, err := w.places(id)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errUnknown(id)
	}
	f := w.raw(id, names[0])
	head := fmt.Sprintf("- {id: %s", id)
	if len(f.Log) > 0 {
		head = purgedRecord(f, w.Policy, today)
	}
	end, err := w.purgedEnd(f, today)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("%s, erased: %q%s", head, reason, end)
	if err := w.purge(f, line); err != nil {
		return err
	}
	for _, name := range names[1:] {
		if err := w.clear(w.raw(id, name)); err != nil {
			return err
		}
	}
	return nil
}

// raw returns a case of which nothing but its number, its place and perhaps its
// content is known, or all of it if it can be read.
func (r *Register) raw(id casefile.ID, name string) *File {
	if f, damage := r.readFile(name); damage == nil {
		return f
	}
	f := &File{Path: name}
	f.ID = id
	f.Data, _ = r.root.ReadUpTo(name, disk.MaxFile)
	return f
}

// erased returns what is still there of cases that were erased: the program was
// killed, or they came back from a backup. They go whatever state they are in, if
// they are what they were when they were erased; those that are not are in kept.
func (r *Register) erased(lines []PurgedLine) (gone map[casefile.ID][]*File, kept map[casefile.ID]bool, err error) {
	gone, kept = map[casefile.ID][]*File{}, map[casefile.ID]bool{}
	for _, p := range lines {
		if !p.Erased {
			continue
		}
		names, err := r.places(p.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			f := r.raw(p.ID, name)
			if !p.Fits(f, f.Key) {
				continue // another of that number
			}
			if _, same := r.removed(f, lines); same || p.byNumber() {
				gone[p.ID] = append(gone[p.ID], f)
			} else {
				kept[p.ID] = true
			}
		}
	}
	return gone, kept, nil
}
