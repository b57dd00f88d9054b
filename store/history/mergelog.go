package history

import (
	"cmp"
	"slices"
	"strings"

	casefile "klacht/case"
)

// log merges the logs. An entry of the base is as the side has it that edited or
// removed it; what either side added is there once.
func (m *merging) log() {
	o := paired(m.base.log, m.here.log, m.there.log)
	t := paired(m.base.log, m.there.log, m.here.log)
	final := make([]*item, len(m.base.log)) // what becomes of each entry of the base; nil: removed
	whose := make([]Choice, len(m.base.log))
	for n := range m.base.log {
		same := func(a, b *item) bool { return a == b || a != nil && b != nil && a.same() == b.same() }
		b, ours, theirs := &m.base.log[n], o.now[n], t.now[n]
		switch {
		case same(ours, theirs), same(b, theirs):
			final[n] = ours
			if !same(ours, theirs) {
				whose[n] = Mine
			}
		case same(b, ours):
			final[n], whose[n] = theirs, Theirs
		default:
			final[n], whose[n] = ours, Mine
			if m.differ(string(b.entry.Step), told(ours), told(theirs)) == Theirs {
				final[n], whose[n] = theirs, Theirs
			}
		}
	}
	here, there := o.sequence(m.here.log), t.sequence(m.there.log)
	m.dropDoubles(here, there)
	for _, e := range weave(here, there, o.order, t.order) {
		switch {
		case e.base >= 0 && final[e.base] != nil:
			m.out.log, m.from = append(m.out.log, *final[e.base]), append(m.from, whose[e.base])
		case e.base < 0:
			m.out.log, m.from = append(m.out.log, *e.item), append(m.from, e.side)
		}
	}
}

// told says in short what an entry is.
func told(i *item) string {
	if i == nil {
		return ""
	}
	e := i.entry
	said := []string{string(e.Step), e.At.String()}
	for _, s := range []string{e.When.String(), e.Until.String(), e.Review.String(), string(e.Outcome), e.Body, e.Reason, e.Learned, e.Letter, e.Text, e.Mail} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, ", ")
}

// pairing says what a side made of the entries of the base.
type pairing struct {
	now   []*item // of each entry of the base: as it is now, or nil if it is gone
	of    []int   // of each entry of the side: the one of the base that it was, or -1
	order bool    // the side has those of the base in the order of the base
}

// paired finds the entries of the base in the log of a side: first those that are
// as they were, then those that were edited, which stand between the same others
// and differ in one thing only (see [edited]). One that the other side has as well
// was not edited, but added: by both, or in an earlier merge.
func paired(base, side, other []item) pairing {
	p := pairing{now: make([]*item, len(base)), of: make([]int, len(side)), order: true}
	left := map[string][]int{}
	for n := range side {
		p.of[n] = -1
		left[side[n].same()] = append(left[side[n].same()], n)
	}
	link := func(b, s int) { p.now[b], p.of[s] = &side[s], b }
	for b := range base {
		if free := left[base[b].same()]; len(free) > 0 {
			link(b, free[0])
			left[base[b].same()] = free[1:]
		}
	}
	before := func(n int, is func(int) bool) []int { // how many unchanged entries stand before each
		count := make([]int, n+1)
		for i := range n {
			if count[i+1] = count[i]; is(i) {
				count[i+1]++
			}
		}
		return count
	}
	inBase := before(len(base), func(i int) bool { return p.now[i] != nil })
	inSide := before(len(side), func(i int) bool { return p.of[i] >= 0 })
	elsewhere := map[string]bool{}
	for _, i := range other {
		elsewhere[i.same()] = true
	}
	for b := range base {
		if p.now[b] != nil {
			continue
		}
		for s := range side {
			if p.of[s] < 0 && inBase[b] == inSide[s] && !elsewhere[side[s].same()] && edited(&base[b], &side[s]) {
				link(b, s)
				break
			}
		}
	}
	last := -1
	for _, b := range p.of {
		if b >= 0 {
			p.order = p.order && b > last
			last = b
		}
	}
	return p
}

// edited reports whether one entry can be what a person made of the other: but for
// comments, one thing about it differs.
func edited(a, b *item) bool {
	x, y := a.entry, b.entry
	differ := 0
	for _, same := range []bool{x.At.String() == y.At.String(), x.Step == y.Step, x.By == y.By, x.Text == y.Text, slices.Equal(a.mails, b.mails),
		x.When.String() == y.When.String() && x.Means == y.Means && x.Until == y.Until && x.Reason == y.Reason && x.Outcome == y.Outcome &&
			x.Body == y.Body && x.Review == y.Review && x.Learned == y.Learned} {
		if !same {
			differ++
		}
	}
	return differ <= 1
}

// woven is an entry on its way into the result: one of the base, or one that a
// side added (both, if side is Undecided).
type woven struct {
	base int
	item *item
	side Choice
}

func (p pairing) sequence(log []item) []woven {
	seq := make([]woven, len(log))
	for n := range log {
		seq[n] = woven{base: p.of[n], item: &log[n]}
	}
	return seq
}

// dropDoubles makes one of the entries that both sides added. The first step of a
// case that both registered from the same mail is one too, whoever wrote it down.
func (m *merging) dropDoubles(here, there []woven) {
	same := func(i *item) string { return i.same() }
	first := func(i *item) string {
		if i.entry.Step != casefile.Received || len(i.mails) != 1 {
			return "\x00" + i.same()
		}
		return i.entry.At.String() + i.mails[0]
	}
	base := len(m.base.log) + 1
	for _, key := range []func(*item) string{same, first} {
		added := map[string][]int{}
		for n := range here {
			if here[n].base == -1 {
				added[key(here[n].item)] = append(added[key(here[n].item)], n)
			}
		}
		for n := range there {
			if there[n].base != -1 {
				continue
			}
			if twin := added[key(there[n].item)]; len(twin) > 0 {
				added[key(there[n].item)] = twin[1:]
				one := here[twin[0]].item
				if there[n].item.same() < one.same() {
					one = there[n].item
				}
				base++ // from here on both have it
				here[twin[0]], there[n] = woven{-base, one, Undecided}, woven{-base, one, Undecided}
			}
		}
	}
	setAsideDoubles(here, there, base)
	for n := range here {
		if here[n].base == -1 {
			here[n].side = Mine
		}
	}
	for n := range there {
		if there[n].base == -1 {
			there[n].side = Theirs
		}
	}
}

// setAsideDoubles makes one of a step that both sides added and that an earlier
// merge has made a note of on one side, or on both: two people who chose at the
// same time can have chosen differently. The step itself is kept, and is that of
// the side that has it. base is the last number that was given to what both have.
func setAsideDoubles(here, there []woven, base int) {
	for n := range here {
		for k := range there {
			if here[n].base != -1 || there[k].base != -1 {
				continue
			}
			a, b := here[n].item, there[k].item
			noteA, noteB := a.setAside(), b.setAside()
			if !noteA && !noteB || a.origin() != b.origin() {
				continue
			}
			one, side := a, Undecided
			switch {
			case !noteA:
				side = Mine
			case !noteB:
				one, side = b, Theirs
			case b.same() < a.same():
				one = b
			}
			base++
			here[n], there[k] = woven{-base, one, side}, woven{-base, one, side}
		}
	}
}

// weave makes one sequence of two. What both have keeps its place; between two of
// those, the entries that one side added stand in order of time, and those of one
// side in the order of that side.
func weave(here, there []woven, hereInOrder, thereInOrder bool) []woven {
	shared := func(a, b []woven) (seq []woven) {
		has := map[int]bool{}
		for _, w := range b {
			has[w.base] = true
		}
		for _, w := range a {
			if w.base != -1 && has[w.base] {
				seq = append(seq, w)
			}
		}
		return seq
	}
	lead, more := here, there
	o, t := shared(here, there), shared(there, here)
	text := func(w woven) string { return w.item.same() }
	if hereInOrder && !thereInOrder || // the side that turned entries round is followed
		hereInOrder == thereInOrder && slices.CompareFunc(o, t, func(a, b woven) int { return cmp.Compare(text(a), text(b)) }) > 0 {
		lead, more, o = there, here, t
	}
	both := map[int]bool{}
	for _, w := range o {
		both[w.base] = true
	}
	added := map[int][]woven{} // what the other side has before an entry that both have
	var gap, own, out []woven
	for _, w := range more {
		if both[w.base] {
			added[w.base], gap = gap, nil
		} else {
			gap = append(gap, w)
		}
	}
	for _, w := range lead {
		if both[w.base] {
			out = append(append(out, byTime(own, added[w.base])...), w)
			own = nil
		} else {
			own = append(own, w)
		}
	}
	return append(out, byTime(own, gap)...)
}

// byTime puts two sequences together, each in its own order, the earlier first.
func byTime(a, b []woven) []woven {
	earlier := func(x, y *item) int {
		if c := x.entry.At.Date.Compare(y.entry.At.Date); c != 0 {
			return c
		}
		if s, t := x.entry.At.Time, y.entry.At.Time; !s.IsZero() && !t.IsZero() && !s.Equal(t) {
			return s.Compare(t)
		}
		return cmp.Compare(x.same(), y.same())
	}
	var out []woven
	for len(a) > 0 && len(b) > 0 {
		if earlier(a[0].item, b[0].item) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
