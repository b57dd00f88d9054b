package merge

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Case merges what two sides made of a complaint, in the file of a name. A key of the
// file that one side changed is as that side has it; of the log it is the union, in
// order of time.
//
// The result reads as a valid case, or there is a conflict that keep has not
// settled. Whatever is kept, no step is dropped that a side added: one that cannot
// stand beside those of the side that is kept becomes a note. Two complaints are
// never merged.
func Case(name string, base, ours, theirs []byte, keep Side) (merged []byte, conflicts []Conflict) {
	m := merging{keep: keep, read: func(data []byte) (*script, error) { return readCase(name, data) }}
	return m.file(base, ours, theirs)
}

// reading is with what a case file is read. It is the same everywhere, so that a
// merge is; the policy of the register has no part in it.
var reading = sync.OnceValue(func() *deadlines.Policy {
	zone, _ := time.LoadLocation("Europe/Amsterdam") // nil on a machine that knows no zones
	return &deadlines.Policy{Zone: cmp.Or(zone, time.UTC), Language: "nl"}
})

// readCase reads a case file and cuts it.
func readCase(name string, data []byte) (*script, error) {
	f, err := store.ParseFile(name, data, reading())
	if err != nil {
		return nil, err
	}
	s := cut(data)
	if s.File = f; len(s.log()) != len(f.Log) {
		s.keys = nil
	}
	times := map[string]int{}
	for n, p := range s.log() {
		key := entryKey(f.Log[n], 0)
		p.fill(f.Log[n], times[key])
		times[key]++
	}
	return s, nil
}

// log returns the entries of a case, the pieces of its last key.
func (s *script) log() []*piece {
	if len(s.keys) == 0 {
		return nil
	}
	return s.keys[len(s.keys)-1].kids
}

// summary says in short what a case is.
func (s *script) summary() string {
	last := s.InOrder()[len(s.Log)-1]
	return brief(string(s.ID) + ", " + s.Subject + ", " + string(last.Step) + " " + last.At.Date.String())
}

// oneComplaint reports whether two files are of one complaint: by their keys or,
// where a side has none, by their number and what both began with.
func oneComplaint(b, o, t *script, began bool) bool {
	if b.Key != "" && (o.Key != "" && o.Key != b.Key || t.Key != "" && t.Key != b.Key) {
		return false
	}
	if o.Key != "" && t.Key != "" {
		return o.Key == t.Key
	}
	x, y := o.Log[0], t.Log[0]
	return o.ID == t.ID && (began || x.At.String() == y.At.String() && x.Step == y.Step && x.Mail == y.Mail && x.Text == y.Text)
}

// stand makes notes of the steps of the side that is not kept, as far as steps
// cannot follow each other. It reports whether all can.
func (m *merging) stand(out, ours, theirs *script) bool {
	o, t, log := byKey(ours.log()), byKey(theirs.log()), out.log()
	whose := func(p *piece) Side { // Ask if both have it
		switch inOurs, inTheirs := o[p.key] != nil, t[p.key] != nil; {
		case inTheirs && !inOurs:
			return Theirs
		case inOurs && !inTheirs:
			return Ours
		}
		return Ask
	}
	kept, _ := m.kept(ours, theirs)
	for range 100 { // of more, the file of the side that is kept stands as it is
		c := casefile.Case{}
		for _, p := range log {
			c.Log = append(c.Log, p.entry)
		}
		_, err := c.State()
		var wrong *casefile.OrderError
		if !errors.As(err, &wrong) {
			return true
		}
		near := c.InOrder() // what can be in the way: the one that is wrong, those before it from the last on, then those after it
		at := slices.IndexFunc(near, func(e casefile.Placed) bool { return e.Index == wrong.Index })
		slices.Reverse(near[:at+1])
		near = slices.DeleteFunc(near, func(e casefile.Placed) bool { return quiet(e.Step) && e.Index != wrong.Index })
		told := map[Side]string{}
		for _, e := range slices.Backward(near) {
			told[whose(log[e.Index])] = log[e.Index].shown
		}
		keep := m.differ(string(near[0].Step), told[Ours], told[Theirs])
		n := slices.IndexFunc(near, func(e casefile.Placed) bool { return whose(log[e.Index]) == 3-keep && !quiet(e.Step) })
		if keep == Ask || n < 0 {
			return false
		}
		note, err := item(noteOf(near[n].Entry, kept.Language))
		if err != nil {
			return false
		}
		log[near[n].Index] = note
	}
	return false
}

// kept returns the file of the side that is kept, and the other.
func (m *merging) kept(ours, theirs *script) (kept, other *script) {
	if m.keep == Theirs {
		return theirs, ours
	}
	return ours, theirs
}

// whole settles a case as one: the file of the side that is kept, with what the
// other side added to the log as notes.
func (m *merging) whole(base, ours, theirs *script) ([]byte, []Conflict) {
	stuck := []Conflict{{"", ours.summary(), theirs.summary()}}
	if m.keep == Ask {
		return nil, stuck
	}
	kept, other := m.kept(ours, theirs)
	have := map[string]bool{}
	for _, e := range slices.Concat(kept.Log, base.Log) {
		have[entryKey(e, 0)] = true
	}
	var notes []*piece
	for _, e := range other.Log {
		note := noteOf(e, kept.Language)
		if have[entryKey(e, 0)] || have[entryKey(note, 0)] {
			continue
		}
		if began := kept.Began(); note.At.Date.Before(began) { // nothing comes before the complaint itself
			note.At = casefile.Moment{Date: began}
		}
		p, err := item(note)
		if err != nil || kept.keys == nil {
			return nil, stuck
		}
		notes = append(notes, p)
	}
	if notes == nil {
		return bytes.Clone(kept.Data), nil
	}
	log := kept.keys[len(kept.keys)-1]
	log.kids = append(log.kids, notes...)
	if data := m.write(kept); data != nil {
		return data, nil
	}
	return nil, stuck
}
