package history

import (
	"bytes"
	"errors"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Copy is the copy that one side has of a case.
type Copy struct {
	Data  []byte            // its file
	Mails map[string]string // the files in its folder: name to a key of the content, that of the same bytes is the same
}

// Conflict is something that the two sides say differently, so that a person must
// choose. What stands in it is about a person: it is for the owner's screen alone.
type Conflict struct {
	ID          casefile.ID // of the case; "" if it is about another file
	File        string      // the path of that other file, or of what cannot be read
	Field       string      // a key of the case file, or a step; "" if the file as a whole is meant
	Here, There string      // what each side says, on one line; "" if nothing
}

// Choice says whose version holds where two differ.
type Choice int

// The choices.
const (
	Undecided Choice = iota
	Mine
	Theirs
)

// Decide is asked for the choice on a conflict.
type Decide func(Conflict) Choice

// NoChoice leaves every conflict to be decided later.
func NoChoice(Conflict) Choice { return Undecided }

// MergeCase merges what two sides made of a case, by meaning. A key of the file
// that one side changed is as that side has it; of the log it is the union, in
// order of time; of two mails under one name one gets another name, and the entry
// follows. base is what both began with; nil if they began with nothing. The
// order of the sides makes no difference to the result.
//
// The result reads as a valid case, or there is a conflict that decide has not
// settled, and no result. Whatever is chosen, no step is dropped: one that cannot
// stand beside those of the side that was chosen becomes a note.
func MergeCase(id casefile.ID, base, ours, theirs *Copy, p *deadlines.Policy, decide Decide) (*Copy, []Conflict) {
	switch {
	case sameCopy(ours, theirs), base != nil && sameCopy(base, theirs):
		return ours, nil
	case base != nil && sameCopy(base, ours):
		return theirs, nil
	}
	m := &merging{id: id, p: p, decide: decide, file: string(id) + ".yaml"}
	m.keys(base, ours, theirs)
	var errs [3]error
	m.here, errs[0] = read(m.file, ours.Data, p, m.keyOf(1))
	m.there, errs[1] = read(m.file, theirs.Data, p, m.keyOf(2))
	if base != nil {
		m.base, errs[2] = read(m.file, base.Data, p, m.keyOf(0))
	}
	if m.here == nil || m.there == nil {
		return m.unreadable(ours, theirs, errs)
	}
	if errs[0] != nil || errs[1] != nil {
		return m.whole()
	}
	if m.base == nil || errs[2] != nil { // what both began with says nothing
		m.base = &script{File: &store.File{}}
	}
	m.fields()
	m.log()
	if m.conflicts != nil {
		return nil, m.conflicts
	}
	if len(m.out.log) == 0 {
		return m.whole()
	}
	m.name()
	for n := range m.out.log {
		i := &m.out.log[n]
		for f, key := range i.mails {
			if i.fields[f] == casefile.FieldMail {
				i.entry.Mail = m.names[key]
			} else {
				i.entry.Letter = m.names[key]
			}
		}
	}
	return m.finish()
}

func sameCopy(a, b *Copy) bool {
	if !bytes.Equal(a.Data, b.Data) || len(a.Mails) != len(b.Mails) {
		return false
	}
	for name, key := range a.Mails {
		if b.Mails[name] != key {
			return false
		}
	}
	return true
}

// merging is a merge of one case under way.
type merging struct {
	id     casefile.ID
	file   string
	p      *deadlines.Policy
	decide Decide

	sides, byName     [3]map[string]string // base, here, there: the names of mails by key, and the keys by name
	base, here, there *script
	out               script
	from              []Choice          // of each entry of out: whose it is; Undecided if it is of both
	names             map[string]string // the names of the mails of the result, by key
	conflicts         []Conflict
}

// differ settles a difference, or notes it as a conflict.
func (m *merging) differ(field, here, there string) Choice {
	c := Conflict{ID: m.id, Field: field, Here: brief(here), There: brief(there)}
	choice := m.decide(c)
	if choice == Undecided {
		m.conflicts = append(m.conflicts, c)
	}
	return choice
}

// brief returns the start of a text, on one line.
func brief(s string) string {
	if r := []rune(casefile.OneLine(s)); len(r) > 100 {
		return string(r[:99]) + "…"
	} else {
		return string(r)
	}
}

// unreadable leaves a file alone that one side cannot be read of. The owner can
// keep what can be read.
func (m *merging) unreadable(ours, theirs *Copy, errs [3]error) (*Copy, []Conflict) {
	c := Conflict{ID: m.id, File: m.file}
	for side, said := range []*string{&c.Here, &c.There} {
		if damage := (*store.Damage)(nil); errors.As(errs[side], &damage) {
			*said = brief(damage.Error())
		}
	}
	switch choice := m.decide(c); {
	case choice == Mine && m.here != nil:
		return ours, nil
	case choice == Theirs && m.there != nil:
		return theirs, nil
	}
	return nil, []Conflict{c}
}

// fields merges the keys above the log.
func (m *merging) fields() {
	text := func(s *script, key string) *string {
		for _, f := range s.fields {
			if f.key == key {
				return &f.text
			}
		}
		return nil
	}
	for _, key := range m.order() {
		b, o, t := text(m.base, key), text(m.here, key), text(m.there, key)
		got, ok := pick(b, o, t)
		if !ok && o != nil && t != nil && m.here.value(key) == m.there.value(key) {
			got, ok = lesser(o, t), true // the same, written differently
		}
		if !ok {
			here, there := "", ""
			if o != nil {
				here = m.here.value(key)
			}
			if t != nil {
				there = m.there.value(key)
			}
			if here == there { // only comments differ
				got = lesser(o, t)
			} else if got = o; m.differ(key, here, there) == Theirs {
				got = t
			}
		}
		if got != nil {
			m.out.fields = append(m.out.fields, field{key, *got})
		}
	}
	side := func(get func(*script) int) int {
		b, o, t := get(m.base), get(m.here), get(m.there)
		if o == b || o == t {
			return t
		} else if t == b {
			return o
		}
		return max(o, t)
	}
	m.out.indent = side(func(s *script) int { return s.indent })
	m.out.crlf = side(func(s *script) int {
		if s.crlf {
			return 1
		}
		return 0
	}) == 1
	if tail, ok := pick(&m.base.tail, &m.here.tail, &m.there.tail); ok {
		m.out.tail = *tail
	} else { // comments: both stay
		m.out.tail = min(m.here.tail, m.there.tail) + max(m.here.tail, m.there.tail)
	}
}

// pick returns what the side says that changed it; ok is false if both did, and
// not in the same way. nil stands for nothing at all.
func pick[T comparable](base, ours, theirs *T) (got *T, ok bool) {
	same := func(a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours, true
	case same(base, ours):
		return theirs, true
	}
	return nil, false
}

func lesser(a, b *string) *string {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

var fieldOrder = []string{"format", "id", "also", "received", "subject", "complainant", "complainant.name", "complainant.email",
	"complainant.phone", "language", "complaint", "log"}

// order returns every key that one of the sides has, in the order of the side that
// changed the order, and otherwise in that of the format.
func (m *merging) order() []string {
	keys := func(s *script) (keys []string) {
		for _, f := range s.fields {
			keys = append(keys, f.key)
		}
		return keys
	}
	b, o, t := keys(m.base), keys(m.here), keys(m.there)
	lead, more := o, t
	if slices.Equal(b, o) || slices.Compare(o, t) > 0 && !slices.Equal(b, t) {
		lead, more = t, o
	}
	out := slices.Clone(lead)
	for _, key := range more {
		if slices.Contains(out, key) {
			continue
		}
		at := slices.IndexFunc(out, func(k string) bool { return slices.Index(fieldOrder, k) > slices.Index(fieldOrder, key) })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, key)
	}
	return out
}

// finish writes the result and reads it as a register would. Steps that cannot
// follow each other are a conflict; the choice makes notes of one side's.
func (m *merging) finish() (*Copy, []Conflict) {
	for range len(m.out.log) + 1 {
		data := m.out.join(m.names)
		f, err := store.ParseFile(m.file, data, m.p)
		var order *casefile.OrderError
		switch {
		case err == nil && m.means(f):
			return m.result(data), nil
		case err == nil:
			return m.whole()
		default:
			c := casefile.Case{}
			for _, i := range m.out.log {
				c.Log = append(c.Log, i.entry)
			}
			if _, err := c.State(); !errors.As(err, &order) {
				return m.whole()
			}
		}
		if !m.note(order.Index) {
			if m.conflicts != nil {
				return nil, m.conflicts
			}
			return m.whole()
		}
	}
	return m.whole()
}

// means reports whether the file says what the pieces of it said before they were
// put together.
func (m *merging) means(f *store.File) bool {
	out := &script{File: f}
	for _, key := range fieldOrder {
		got := out.value(key)
		if key != "complainant" && got != m.here.value(key) && got != m.there.value(key) {
			return false
		}
	}
	if len(f.Log) != len(m.out.log) {
		return false
	}
	for n, i := range m.out.log {
		want := i.entry
		want.Mail, want.Letter = f.Log[n].Mail, f.Log[n].Letter
		if (i.entry.Mail == "") != (want.Mail == "") || (i.entry.Letter == "") != (want.Letter == "") || !f.Log[n].Same(want) {
			return false
		}
	}
	return true
}

// result returns the merged copy.
func (m *merging) result(data []byte) *Copy {
	c := &Copy{Data: data, Mails: map[string]string{}}
	for key, name := range m.names {
		if content, ok := contentOf(key); ok {
			c.Mails[name] = content
		}
	}
	return c
}
