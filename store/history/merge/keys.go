package merge

import (
	"cmp"
	"slices"
	"strings"
)

// script merges two files key by key, and the entries of their logs. It is nil if
// there is a conflict.
func (m *merging) script(base, ours, theirs *script) *script {
	out := &script{tail: remarks(base.tail, ours.tail, theirs.tail)}
	out.crlf, _ = pick(base.crlf, ours.crlf, theirs.crlf, equal)
	out.keys = m.keys("", base.keys, ours.keys, theirs.keys)
	if m.conflicts != nil {
		return nil
	}
	return out
}

// keys merges the keys of a mapping, or the items of a list that are told apart,
// whose name is path.
func (m *merging) keys(path string, base, ours, theirs []*piece) (out []*piece) {
	b, o, t := byKey(base), byKey(ours), byKey(theirs)
	for _, p := range weave(base, ours, theirs, func(x, y *piece) int { return cmp.Compare(x.key, y.key) }) {
		name := path
		if path != "versions" {
			name = strings.TrimPrefix(path+"."+p.key, ".")
		}
		if p := m.key(name, b[p.key], o[p.key], t[p.key]); p != nil {
			out = append(out, p)
		}
	}
	return out
}

// key merges what stands at a key; nil is nothing.
func (m *merging) key(name string, b, o, t *piece) *piece {
	got, ok := pick(b, o, t, same)
	if ok {
		return got
	}
	if o.or().kids != nil && t.or().kids != nil {
		out := *o
		out.above, out.text, out.indent = remarks(b.or().above, o.above, t.above), change(b.or().text, o.text, t.text), change(b.or().indent, o.indent, t.indent)
		switch {
		case name == "log":
			out.kids = m.log(b.or().kids, o.kids, t.kids)
		case name == "versions" && o.text == "": // the keys of a version go by their own names
			out.kids = m.keys("", b.or().kids, o.kids, t.kids)
		default:
			out.kids = m.keys(name, b.or().kids, o.kids, t.kids)
		}
		return &out
	}
	switch got, ok = pick(b, o, t, alike); {
	case !ok && m.differ(name, o.or().shown, t.or().shown) == Theirs, ok && got != nil && alike(o, t) && t.String() < o.String():
		got = t
	}
	if got == nil || o == nil || t == nil {
		return got
	}
	out := *got
	out.above = remarks(b.or().above, o.above, t.above)
	return &out
}

// change returns what the side says that changed it; where both did, the greater.
func change[T cmp.Ordered](base, ours, theirs T) T {
	if got, ok := pick(base, ours, theirs, equal); ok {
		return got
	}
	return max(ours, theirs)
}

// remarks merges comments; where both sides changed them all lines of both stay.
func remarks(base, ours, theirs string) string {
	got, ok := pick(base, ours, theirs, equal)
	if ok {
		return got
	}
	missing := func(in, of string) string {
		have := linesOf([]byte(in + "\n"))
		return strings.Join(slices.DeleteFunc(slices.Collect(strings.Lines(of)), func(line string) bool { return have[strings.TrimSpace(line)] }), "")
	}
	less, more := min(ours, theirs), max(ours, theirs)
	if missing(more, less) == "" {
		return more
	}
	return less + missing(less, more)
}

func byKey(list []*piece) map[string]*piece {
	keys := make(map[string]*piece, len(list))
	for _, p := range list {
		keys[p.key] = p
	}
	return keys
}

// weave makes one sequence of two, with each piece once. What both have keeps its
// place, in the order of the side that changed it; between two of those stands what
// one side alone has, that of a side in the order of that side, and otherwise as
// compare says.
func weave(base, ours, theirs []*piece, compare func(x, y *piece) int) (out []*piece) {
	place := map[string]int{}
	for n, p := range base {
		place[p.key] = n
	}
	common := func(list []*piece, other map[string]*piece) (keys []string, turned bool) {
		last := -1
		for _, p := range list {
			if other[p.key] == nil {
				continue
			}
			keys = append(keys, p.key)
			if n, ok := place[p.key]; ok {
				turned, last = turned || n < last, n
			}
		}
		return keys, turned
	}
	lead, more := ours, theirs
	o, oTurned := common(ours, byKey(theirs))
	t, tTurned := common(theirs, byKey(ours))
	if tTurned && !oTurned || oTurned == tTurned && slices.Compare(o, t) > 0 {
		lead, more = theirs, ours
	}
	inLead, inMore := byKey(lead), byKey(more)
	before := map[string][]*piece{} // what more alone has, by the key of both that it stands before
	var alone, gap []*piece
	for _, p := range more {
		if inLead[p.key] == nil {
			gap = append(gap, p)
		} else {
			before[p.key], gap = gap, nil
		}
	}
	for _, p := range lead {
		if inMore[p.key] == nil {
			alone = append(alone, p)
		} else {
			out, alone = append(zip(out, alone, before[p.key], compare), p), nil
		}
	}
	return zip(out, alone, gap, compare)
}

// zip adds two sequences to one, each in its own order.
func zip(out, a, b []*piece, compare func(x, y *piece) int) []*piece {
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
