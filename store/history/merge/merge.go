// Package merge brings together what two machines made of one file of a
// register, by what the file means. It is what git's merge driver calls: three
// texts go in and one comes out, and nothing else has a say, no clock, no
// settings and no other file. So all who merge the same get the same, and the
// order of the sides makes no difference.
//
// Start at [File].
package merge

import (
	"bytes"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Side says whose version holds where the two cannot both stand.
type Side int

// The sides.
const (
	Ask Side = iota // nobody has said
	Ours
	Theirs
)

// Conflict is what cannot both stand. What stands in it is about a person: it is
// for the owner's screen alone.
type Conflict struct {
	Field        string // a key of the file, or a step; "" if the file as a whole is meant
	Ours, Theirs string // what each side says, on one line of at most 100 characters; "" if nothing
}

// File merges the file at a path within the register, with forward slashes. An
// empty base means that both began with nothing. The result is nil if there is a
// conflict that keep does not settle, and only then.
func File(name string, base, ours, theirs []byte, keep Side) ([]byte, []Conflict) {
	switch part, _ := store.PartOf(name); part {
	case store.PartLedger:
		return Register(base, ours, theirs)
	case store.PartCase:
		return Case(name, base, ours, theirs, keep)
	case store.PartPolicy:
		return Policy(base, ours, theirs, keep)
	case store.PartPurged:
		return Purged(base, ours, theirs)
	}
	return Text(base, ours, theirs, keep)
}

// Text merges a file that has no meaning here: a change of one side is taken, as
// a whole.
func Text(base, ours, theirs []byte, keep Side) ([]byte, []Conflict) {
	got, ok := pick(base, ours, theirs, bytes.Equal)
	if !ok && keep == Ask {
		return nil, []Conflict{{"", brief(differing(ours, theirs, base)), brief(differing(theirs, ours, base))}}
	} else if !ok && keep == Theirs {
		got = theirs
	}
	return append([]byte{}, got...), nil
}

// differing returns the first line of a file that neither the other nor the base
// has, or else the first that the other has not.
func differing(a, b, base []byte) string {
	for _, other := range []string{string(b) + "\n" + string(base), string(b)} {
		if lines := linesNotIn(string(a), other); len(lines) > 0 {
			return strings.TrimSpace(lines[0])
		}
	}
	return ""
}

// linesNotIn returns the lines of a text that another has not, wherever they stand
// and whatever blanks are around them.
func linesNotIn(text, other string) []string {
	have := map[string]bool{}
	for line := range strings.Lines(other) {
		have[strings.TrimSpace(line)] = true
	}
	return slices.DeleteFunc(slices.Collect(strings.Lines(text)), func(line string) bool { return have[strings.TrimSpace(line)] })
}

// pick returns what the side says that changed it; ok is false if both did, and
// not in the same way.
func pick[T any](base, ours, theirs T, same func(T, T) bool) (got T, ok bool) {
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours, true
	case same(base, ours):
		return theirs, true
	}
	return ours, false
}

func equal[T comparable](a, b T) bool { return a == b }

// merging is a merge of one file under way.
type merging struct {
	keep      Side
	read      func([]byte) (*script, error) // as strictly as the register does
	conflicts []Conflict
}

// file merges a file key by key; as one, where the keys cannot stand together or
// the file cannot be cut.
func (m *merging) file(base, ours, theirs []byte) ([]byte, []Conflict) {
	b, baseErr := m.read(base)
	o, oursErr := m.read(ours)
	t, theirsErr := m.read(theirs)
	if baseErr != nil { // what both began with says nothing
		b = &script{File: &store.File{}}
	}
	b.keys = slices.DeleteFunc(b.keys, func(p *piece) bool { return p.key == "key" }) // that of a case is never taken out
	readable := oursErr == nil && theirsErr == nil
	if readable && o.File != nil && !oneComplaint(b, o, t, len(base) > 0) {
		return nil, []Conflict{{"key", o.summary(), t.summary()}}
	}
	if got, ok := pick(base, ours, theirs, bytes.Equal); ok {
		return bytes.Clone(got), nil
	}
	if !readable {
		return unreadable(ours, theirs, oursErr, theirsErr, m.keep)
	}
	if o.keys != nil && t.keys != nil {
		out := &script{keys: m.keys("", b.keys, o.keys, t.keys), tail: remarks(b.tail, o.tail, t.tail)}
		out.crlf, _ = pick(b.crlf, o.crlf, t.crlf, equal)
		if m.conflicts == nil && (o.File == nil || m.stand(out, o, t)) {
			if data := m.write(out); data != nil {
				return data, nil
			}
		}
	}
	switch {
	case m.conflicts != nil:
		return nil, m.conflicts
	case o.File == nil:
		return Text(base, ours, theirs, m.keep)
	}
	return m.whole(b, o, t)
}

// write returns the file of the pieces; nil if it does not say what they say.
func (m *merging) write(s *script) []byte {
	data := s.join()
	got, err := m.read(data)
	if err != nil || !slices.EqualFunc(got.keys, s.keys, func(a, b *piece) bool { return a.key == b.key && alike(a, b) }) {
		return nil
	}
	return data
}

// differ says whose version holds of what differs, or notes the conflict.
func (m *merging) differ(field, ours, theirs string) Side {
	if m.keep == Ask {
		m.conflicts = append(m.conflicts, Conflict{field, brief(ours), brief(theirs)})
	}
	return m.keep
}

// brief returns the start of a text, on one line.
func brief(s string) string {
	if r := []rune(casefile.OneLine(s)); len(r) > 100 {
		return string(r[:99]) + "…"
	} else {
		return string(r)
	}
}

// unreadable leaves alone a file that one side cannot be read of. The side that
// can be read can be kept.
func unreadable(ours, theirs []byte, oursErr, theirsErr error, keep Side) ([]byte, []Conflict) {
	said := func(err error) string {
		if err == nil {
			return ""
		}
		return brief(err.Error())
	}
	switch {
	case keep == Ours && oursErr == nil:
		return bytes.Clone(ours), nil
	case keep == Theirs && theirsErr == nil:
		return bytes.Clone(theirs), nil
	}
	return nil, []Conflict{{"", said(oursErr), said(theirsErr)}}
}
