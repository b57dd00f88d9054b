package store

import (
	"fmt"
	"strings"

	casefile "klacht/case"
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
	line := fmt.Sprintf("- {id: %s, erased: %q, purged: %s}\n", id, reason, today)
	if f, damage := w.readFile(names[0]); damage == nil {
		head, date, _ := strings.Cut(purgedLine(f, w.Policy, today), ", purged: ")
		line = fmt.Sprintf("%s, erased: %q, purged: %s", head, reason, date)
	}
	for _, name := range names {
		if err := w.purge(w.raw(id, name), line); err != nil {
			return err
		}
	}
	return nil
}

// raw returns a case of which nothing but its number and its place is known, or
// all of it if it can be read.
func (r *Register) raw(id casefile.ID, name string) *File {
	if f, damage := r.readFile(name); damage == nil {
		return f
	}
	f := &File{Path: name}
	f.ID = id
	return f
}

// erased returns what is still there of cases that were erased: the program was
// killed, or they came back from a backup. They go whatever is in them.
func (r *Register) erased() (map[casefile.ID][]*File, error) {
	found := map[casefile.ID][]*File{}
	err := r.purgedLines(func(_ int, id casefile.ID, line string) error {
		if !strings.Contains(line, `, erased: "`) {
			return nil
		}
		names, err := r.places(id)
		for _, name := range names {
			found[id] = append(found[id], r.raw(id, name))
		}
		return err
	})
	return found, err
}
