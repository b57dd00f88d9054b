package deadlines

import (
	"slices"

	casefile "klacht/case"
)

// Verdict says how a promise stands.
type Verdict string

// The verdicts. Open and overdue are about promises that are not yet met.
const (
	OnTime  Verdict = "on-time"
	Late    Verdict = "late"
	Open    Verdict = "open"
	Overdue Verdict = "overdue"
)

// Verdicts returns every verdict.
func Verdicts() []Verdict { return []Verdict{OnTime, Late, Open, Overdue} }

// Promise is one promise on one case, kept or still to keep.
type Promise struct {
	Row
	Done     casefile.Date // the day on which it was met; zero if it is not yet
	Workdays int           // working days from Start to Done; 0 if not met
	Verdict  Verdict
	Dropped  bool // overtaken before it was met or late: the case was closed, or a ruling came
}

// Promises returns the promises on a case as they stand on the day today, in
// the order of the procedure, with a further row for each extension, and for
// each time that a reopened case was closed or is to be closed again. A spoken
// complaint has none. Each counts from the day of its own step under the
// version of the policy that was in force on the date of receipt.
//
// Receipt is confirmed by the first letter, whichever it is (R4); word on the
// handling is a proposal, an invitation or the conversation itself (R5 to R7),
// or a closing that came before any of them. An extension replaces the date of
// Close and Decide by its own, and is late if it was told after the running
// term or after the term for telling it (R12). A step whose letter came back
// counts as not taken.
func Promises(c *casefile.Case, p *Policy, today casefile.Date) []Promise {
	b := book{policy: p, today: today}
	for _, e := range c.Standing() {
		b.take(e.Entry)
	}
	for i := range b.rows {
		b.judge(&b.rows[i])
	}
	slices.SortStableFunc(b.rows, func(a, o Promise) int { return place(a.Term) - place(o.Term) })
	return b.rows
}

// place orders the rows of a table; closings keep their order among the
// extensions.
func place(n Name) int {
	if n == Extend || n == Decide {
		n = Close
	}
	return slices.Index(TermNames(), n)
}

// book keeps the promises while a log is read.
type book struct {
	policy  *Policy
	version *Version // nil until the complaint is received
	today   casefile.Date
	rows    []Promise

	start    casefile.Date // of handling: the receipt, or the last reopening
	until    casefile.Date // the date of the last extension since then
	extended bool          // whether there was one
}

// metBy holds the steps that meet a promise.
var metBy = map[Name]func(casefile.Step) bool{
	Acknowledge: casefile.Step.Letter,
	Inform: func(s casefile.Step) bool {
		return s == casefile.Proposed || s == casefile.Invited || s == casefile.Heard || s == casefile.Closed
	},
	Hear:   func(s casefile.Step) bool { return s == casefile.Heard },
	Decide: func(s casefile.Step) bool { return s == casefile.Closed },
	Close:  func(s casefile.Step) bool { return s == casefile.Closed },
	Comply: func(s casefile.Step) bool { return s == casefile.Complied },
}

func (b *book) take(e casefile.Entry) {
	day := e.At.Date
	switch e.Step {
	case casefile.Received:
		b.version, b.start = b.policy.At(day), day
	case casefile.Reopened:
		b.reopen(day)
		return
	case casefile.Extended:
		b.extend(e)
	}
	if b.version == nil {
		return
	}
	for i := range b.rows {
		if r := &b.rows[i]; r.running() && metBy[r.Term](e.Step) {
			r.Done, r.Workdays = day, b.version.Calendar.Between(r.Start, day)
		}
	}
	if e.Step == casefile.Closed || e.Step == casefile.Ruled {
		b.drop(day)
	}
	b.begin(e.Step, day)
}

func (r *Promise) running() bool { return r.Done.IsZero() && !r.Dropped }

// begin starts the terms that are counted from the step, each once.
func (b *book) begin(s casefile.Step, day casefile.Date) {
	for _, n := range TermNames() {
		t, ok := b.version.term(n)
		if !ok || t.After != s || s != casefile.Ruled && b.has(n) {
			continue
		}
		row := b.version.row(n, t, day)
		if n.handling() && b.until.After(row.Due) { // extended before it had begun
			b.move(&row)
		}
		b.rows = append(b.rows, Promise{Row: row})
	}
}

// handling reports whether the term is one of those that an extension moves.
func (n Name) handling() bool { return n == Close || n == Decide }

// move gives a row the date of the last extension.
func (b *book) move(r *Row) {
	r.Due, r.DoBy = b.until, b.version.Calendar.doBy(r.Start, b.until)
}

func (b *book) has(n Name) bool {
	return slices.ContainsFunc(b.rows, func(r Promise) bool { return r.Term == n })
}

// reopen begins the term for handling anew, counted from the reopening.
func (b *book) reopen(day casefile.Date) {
	b.start, b.until, b.extended = day, casefile.Date{}, false
	if b.version == nil {
		return
	}
	for _, n := range []Name{Close, Decide} {
		if t, ok := b.version.term(n); ok {
			b.rows = append(b.rows, Promise{Row: b.version.row(n, t, day)})
			return
		}
	}
}

// extend adds a row for the extension and moves the dates that it replaces. It
// must be told before the running term ends, be that of handling or, before it,
// of the conversation; the first one also within the term for telling it.
func (b *book) extend(e casefile.Entry) {
	if b.version == nil {
		return
	}
	told := Promise{Row: Row{Term: Extend, Start: b.start}}
	if n := b.version.Extension.Notice; !n.IsZero() && !b.extended {
		told.Due = n.end(b.start, b.version.Calendar, b.version.Roll)
	}
	b.until, b.extended = e.Until, true
	for i := range b.rows {
		r := &b.rows[i]
		if !r.running() || !r.Term.handling() && r.Term != Hear {
			continue
		}
		if told.Due.IsZero() || r.Due.Before(told.Due) {
			told.Due = r.Due
		}
		if r.Term.handling() {
			b.move(&r.Row)
		}
	}
	if told.Due.IsZero() {
		return // no term ran, so there was nothing to be late for
	}
	told.DoBy = b.version.Calendar.doBy(b.start, told.Due)
	told.Done, told.Workdays = e.At.Date, b.version.Calendar.Between(b.start, e.At.Date)
	at := slices.IndexFunc(b.rows, func(r Promise) bool { return r.running() && r.Term.handling() })
	if at < 0 {
		at = len(b.rows)
	}
	b.rows = slices.Insert(b.rows, at, told) // before the term that it has moved
}

// drop ends the promises that nothing can meet any more: after a closing there
// is no conversation to have, after a ruling only the ruling counts. Those that
// were already late stay late.
func (b *book) drop(day casefile.Date) {
	for i := range b.rows {
		if r := &b.rows[i]; r.running() && r.Term != Comply {
			r.Dropped, r.Done = true, day
		}
	}
}

func (b *book) judge(r *Promise) {
	switch {
	case r.Done.After(r.Due):
		r.Verdict = Late
	case !r.Done.IsZero():
		r.Verdict = OnTime
	case b.today.After(r.Due):
		r.Verdict = Overdue
	default:
		r.Verdict = Open
	}
}
