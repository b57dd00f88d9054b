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
		return mergeCase(name, base, ours, theirs, keep)
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
	if !ok {
		m := merging{keep: keep}
		if got = ours; m.differ("", differing(ours, theirs, base), differing(theirs, ours, base)) == Theirs {
			got = theirs
		}
		if m.conflicts != nil {
			return nil, m.conflicts
		}
	}
	return append([]byte{}, got...), nil
}

// differing returns the first line of a file that neither the other nor the base
// has, or else the first that the other has not.
func differing(a, b, base []byte) (found string) {
	other, old := linesOf(b), linesOf(base)
	for line := range strings.Lines(string(a)) {
		switch line = strings.TrimSpace(line); {
		case other[line]:
		case !old[line]:
			return line
		case found == "":
			found = line
		}
	}
	return found
}

func linesOf(data []byte) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		lines[strings.TrimSpace(line)] = true
	}
	return lines
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
func (m *merging) unreadable(ours, theirs []byte, oursErr, theirsErr error) ([]byte, []Conflict) {
	said := func(err error) string {
		if err == nil {
			return ""
		}
		return brief(err.Error())
	}
	switch {
	case m.keep == Ours && oursErr == nil:
		return bytes.Clone(ours), nil
	case m.keep == Theirs && theirsErr == nil:
		return bytes.Clone(theirs), nil
	}
	return nil, []Conflict{{"", said(oursErr), said(theirsErr)}}
}
