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

// Case merges what two sides made of a complaint. A key of the file that one side
// changed is as that side has it; of the log it is the union, in order of time.
//
// The result reads as a valid case, or there is a conflict that keep has not
// settled. Whatever is kept, no step is dropped that a side added: one that cannot
// stand beside those of the side that is kept becomes a note. Two complaints are
// never merged.
func Case(base, ours, theirs []byte, keep Side) (merged []byte, conflicts []Conflict) {
	return mergeCase("", base, ours, theirs, keep)
}

var idLine = casefile.Pattern(`(?m)^["']?id["']?: *["']?([0-9]{4}-[0-9A-Z]+)`)

// reading is with what a case file is read. It is the same everywhere, so that a
// merge is; the policy of the register has no part in it.
var reading = sync.OnceValue(func() *deadlines.Policy {
	zone, _ := time.LoadLocation("Europe/Amsterdam") // nil on a machine that knows no zones
	return &deadlines.Policy{Zone: cmp.Or(zone, time.UTC), Language: "nl"}
})

// readCase reads a case file and cuts it. Without a name it has that of the number
// inside.
func readCase(name string, data []byte) (*script, error) {
	if id := idLine().FindSubmatch(data); name == "" && id != nil {
		name = string(id[1]) + ".yaml"
	}
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

func mergeCase(name string, base, ours, theirs []byte, keep Side) ([]byte, []Conflict) {
	m := &merging{keep: keep, read: func(data []byte) (*script, error) { return readCase(name, data) }}
	o, oursErr := m.read(ours)
	t, theirsErr := m.read(theirs)
	b, _ := m.read(base)
	if o != nil && t != nil && !oneComplaint(b, o, t, len(base) > 0) {
		return nil, []Conflict{{"key", o.summary(), t.summary()}}
	}
	if got, ok := pick(base, ours, theirs, bytes.Equal); ok {
		return bytes.Clone(got), nil
	}
	if o == nil || t == nil {
		return m.unreadable(ours, theirs, oursErr, theirsErr)
	}
	if b == nil { // what both began with says nothing
		b = &script{File: &store.File{}}
	}
	b.keys = slices.DeleteFunc(b.keys, func(p *piece) bool { return p.key == "key" }) // it is never taken out
	if o.keys != nil && t.keys != nil {
		out := m.script(b, o, t)
		if out != nil && m.stand(out, o, t) {
			if data := m.write(out); data != nil {
				return data, nil
			}
		}
	}
	if m.conflicts != nil {
		return nil, m.conflicts
	}
	return m.whole(b, o, t)
}

// oneComplaint reports whether two files are of one complaint: by their keys or,
// where a side has none, by their number and what both began with.
func oneComplaint(b, o, t *script, began bool) bool {
	if b != nil && b.Key != "" && (o.Key != "" && o.Key != b.Key || t.Key != "" && t.Key != b.Key) {
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
		switch {
		case o[p.key] == nil && t[p.key] != nil:
			return Theirs
		case o[p.key] != nil && t[p.key] == nil:
			return Ours
		}
		return Ask
	}
	language := reading().Language
	if p := byKey(out.keys)["language"]; p != nil && setAside[p.shown] != "" {
		language = p.shown
	}
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
		var near []int // what can be in the way: the one that is wrong, those before it from the last on, then those after it
		before := 0
		for _, p := range c.InOrder() {
			if p.Index == wrong.Index || !quiet(p.Step) {
				near = append(near, p.Index)
			}
			if p.Index == wrong.Index {
				slices.Reverse(near)
				before = len(near)
			}
		}
		told := map[Side]string{}
		for _, i := range slices.Backward(near[:before]) {
			told[whose(log[i])] = log[i].shown
		}
		kept := m.differ(string(log[wrong.Index].entry.Step), told[Ours], told[Theirs])
		n := slices.IndexFunc(near, func(i int) bool { return whose(log[i]) == 3-kept && !quiet(log[i].entry.Step) })
		if len(log) == 0 || kept == Ask || n < 0 {
			return false
		}
		note, err := item(noteOf(log[near[n]].entry, language))
		if err != nil {
			return false
		}
		log[near[n]] = note
	}
	return false
}

// whole settles a case as one: the file of the side that is kept, with what the
// other side added to the log as notes.
func (m *merging) whole(base, ours, theirs *script) ([]byte, []Conflict) {
	stuck := []Conflict{{"", ours.summary(), theirs.summary()}}
	win, lose := ours, theirs
	switch m.keep {
	case Ask:
		return nil, stuck
	case Theirs:
		win, lose = theirs, ours
	}
	have := map[string]bool{}
	for _, e := range append(slices.Clone(win.Log), base.Log...) {
		have[entryKey(e, 0)] = true
	}
	var notes []*piece
	for _, e := range lose.Log {
		note := noteOf(e, win.Language)
		if have[entryKey(e, 0)] || have[entryKey(note, 0)] {
			continue
		}
		if began := win.Began(); note.At.Date.Before(began) { // nothing comes before the complaint itself
			note.At = casefile.Moment{Date: began}
		}
		p, err := item(note)
		if err != nil || win.keys == nil {
			return nil, stuck
		}
		notes = append(notes, p)
	}
	if notes == nil {
		return bytes.Clone(win.Data), nil
	}
	log := win.keys[len(win.keys)-1]
	log.kids = append(log.kids, notes...)
	if data := m.write(win); data != nil {
		return data, nil
	}
	return nil, stuck
}
