package deadlines

import (
	"slices"

	casefile "klacht/case"
)

// Verdict says how a promise stands.
type Verdict string

// The verdicts. Open and overdue are about promises that can still be met.
const (
	OnTime    Verdict = "on-time"
	Late      Verdict = "late" // met too late, or never
	Open      Verdict = "open"
	Overdue   Verdict = "overdue"
	NotNeeded Verdict = "not-needed" // overtaken before it was due: the case was closed, or a ruling came
)

// Verdicts returns every verdict.
func Verdicts() []Verdict { return []Verdict{OnTime, Late, Open, Overdue, NotNeeded} }

// Proof says how it is known that a promise was met.
type Proof string

// The kinds of proof, the strongest first.
const (
	ByLetter Proof = "letter" // the mail is kept as it left
	ByDraft  Proof = "draft"  // the letter is kept as it was written; the owner says that it left
	ByWord   Proof = "word"   // the owner says so
)

// Proofs returns every kind of proof.
func Proofs() []Proof { return []Proof{ByLetter, ByDraft, ByWord} }

// Promise is one promise on one case, kept or still to keep.
type Promise struct {
	Row
	Done     casefile.Date // the day on which it was met; zero if it is not
	Workdays int           // working days from Start to Done; 0 if not met
	Days     int           // calendar days from Start to Done; 0 if not met
	Verdict  Verdict
	Proof    Proof         // "" if not met
	First    casefile.Date // the date before the first extension; zero if there was none
	Counted  casefile.Date // what the policy comes to now, where a letter has promised another date; else zero
	Returned bool          // it is late, and a letter that would have kept it came back
	Lapsed   casefile.Date // the date that had passed when an extension was told; zero if none had

	ended  bool // nothing can meet it any more
	missed bool // it was not met by its date
}

// Promises returns the promises on a case as they stand on the day today, in
// the order of the procedure. This is the one place that judges: all that shows a
// promise takes it from here. A spoken complaint has none. Each counts from the
// day of its own step under the version of the policy that was in force on the
// date of receipt; a date that a letter has promised stands, whatever the policy
// comes to later.
//
// Receipt is confirmed by the first letter, whichever it is (R4); word on the
// handling is a proposal, an invitation or the conversation itself (R5 to R7),
// or a closing that came before any of them. One handling is one promise: a
// reopening begins another, unless the closing before it never arrived. A step
// whose letter came back counts as not taken.
//
// An extension replaces the date of Close and Decide by its own, as far as the
// policy allows, and has a row itself: late if it was told after the running date
// or after the term for telling it (R12). Told after the running date it does not
// make good that this has passed. A running date that passed without word of a
// delay is a row of its own too, which nothing met.
func Promises(c *casefile.Case, p *Policy, today casefile.Date) []Promise {
	if slices.ContainsFunc(c.Log, func(e casefile.Entry) bool { return e.Step == casefile.Moved }) { // they are those of the other
		return nil
	}
	return read(c, p, today).rows
}

func read(c *casefile.Case, p *Policy, today casefile.Date) *book {
	b := &book{policy: p, today: today}
	for _, e := range c.Standing() {
		b.take(e.Entry)
	}
	if due := b.due(); !due.IsZero() && today.After(due) {
		b.silent(due)
	}
	for i := range b.rows {
		b.judge(&b.rows[i])
	}
	for i := range c.CameBack() {
		b.returned(c.Log[i])
	}
	slices.SortStableFunc(b.rows, func(a, o Promise) int { return place(a.Term) - place(o.Term) })
	return b
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

	received casefile.Date
	start    casefile.Date // of handling: the receipt, or the last reopening
	until    casefile.Date // the date of the last extension since then
	extended bool          // whether there was one
	closed   bool
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
	Extend: func(s casefile.Step) bool { return s == casefile.Extended },
	Comply: func(s casefile.Step) bool { return s == casefile.Complied },
}

func (b *book) take(e casefile.Entry) {
	switch e.Step {
	case casefile.Received:
		b.version, b.start, b.received = b.policy.At(e.At.Date), e.At.Date, e.At.Date
	case casefile.Reopened:
		b.reopen(e.At)
		return
	case casefile.Extended:
		b.extend(e)
	}
	if b.version == nil {
		return
	}
	if e.Step == casefile.Closed || e.Step == casefile.Ruled {
		if due := b.due(); !due.IsZero() && e.At.Date.After(due) {
			b.silent(due)
		}
	}
	for i := range b.rows {
		if r := &b.rows[i]; r.Running() && r.Term != Extend && metBy[r.Term](e.Step) {
			b.meet(r, e)
		}
	}
	switch e.Step {
	case casefile.Closed:
		b.closed = true
		b.drop(e.At)
	case casefile.Ruled:
		b.closed = e.NothingToDo
		b.drop(e.At)
	case casefile.Complied:
		b.closed = true
	}
	if e.Step != casefile.Ruled || !e.NothingToDo {
		b.begin(e)
	}
	b.promise(e)
}

// Running reports whether the promise can still be met.
func (r *Promise) Running() bool { return r.Done.IsZero() && !r.ended }

func (b *book) meet(r *Promise, e casefile.Entry) {
	r.Done, r.ended = e.At.Date, true
	r.Workdays, r.Days = b.version.Calendar.Between(r.Start, r.Done), r.Start.DaysUntil(r.Done)
	r.missed = r.missed || r.missedBy(e.At)
	switch {
	case e.Mail == "" || !e.Step.Undone():
		r.Proof = ByWord
	case !e.Written.IsZero():
		r.Proof = ByDraft
	default:
		r.Proof = ByLetter
	}
}

// begin starts the terms that are counted from the step, each once. While a ruling
// is to be carried out, no handling begins, and none is extended.
func (b *book) begin(e casefile.Entry) {
	for _, n := range TermNames() {
		t, ok := b.version.term(n)
		if !ok || t.After != e.Step || e.Step != casefile.Ruled && b.has(n) || n.handling() && b.ruled() {
			continue
		}
		row := Promise{Row: b.version.row(n, t, e.At)}
		if n.handling() && b.until.After(row.Due) { // extended before it had begun
			b.move(&row, b.until)
		}
		b.rows = append(b.rows, row)
	}
}

// ruled reports whether a ruling is still to be carried out.
func (b *book) ruled() bool {
	return slices.ContainsFunc(b.rows, func(r Promise) bool { return r.Term == Comply && r.Running() })
}

// handling reports whether the term is one of those that an extension moves.
func (n Name) handling() bool { return n == Close || n == Decide }

// move gives a row the date of an extension, as far as the policy allows.
func (b *book) move(r *Promise, until casefile.Date) {
	if r.First.IsZero() {
		r.First = r.Due
	}
	if last := b.version.latest(b.start, r.First); !last.IsZero() && until.After(last) {
		until = last
	}
	r.Counted = casefile.Date{}
	b.date(r, until)
}

// date puts another date in the place of the one that a row had.
func (b *book) date(r *Promise, due casefile.Date) {
	r.Due, r.DoBy, r.End, r.whole = due, b.version.Calendar.doBy(r.Start, due), casefile.Moment{}, casefile.Date{}
}

// promise keeps what a letter says of the terms that run. The date of an extension
// is its own, and one that was counted from another day of receipt than the
// complaint has gives nobody more time.
func (b *book) promise(e casefile.Entry) {
	for i := range b.rows {
		r := &b.rows[i]
		told, ok := e.Promised[string(r.Term)]
		if from := e.Promised[casefile.CountedFrom]; !from.IsZero() && from != b.received && told.After(r.Due) {
			continue
		}
		if !ok || !r.Running() || told == r.Due || e.Step == casefile.Extended && r.Term.handling() {
			continue
		}
		if r.Counted.IsZero() {
			r.Counted = r.Due
		}
		b.date(r, told)
	}
}

func (b *book) has(n Name) bool {
	return slices.ContainsFunc(b.rows, func(r Promise) bool { return r.Term == n })
}

// reopen begins the term for handling anew, counted from the reopening. If the
// closing never arrived, the handling that runs goes on; under a ruling none begins.
func (b *book) reopen(at casefile.Moment) {
	if !b.closed || b.ruled() {
		return
	}
	b.start, b.until, b.extended, b.closed = at.Date, casefile.Date{}, false, false
	if b.version == nil {
		return
	}
	for _, n := range []Name{Close, Decide} {
		if t, ok := b.version.term(n); ok {
			b.rows = append(b.rows, Promise{Row: b.version.row(n, t, at)})
			return
		}
	}
}

// due returns the date of the handling that runs: the first of its terms; zero if
// none runs.
func (b *book) due() casefile.Date {
	var due casefile.Date
	for i := range b.rows {
		if r := &b.rows[i]; r.Running() && r.Term.handling() && (due.IsZero() || r.Due.Before(due)) {
			due = r.Due
		}
	}
	return due
}

// tellBy returns the last day on which a delay can be told in time, where
// handling is due on due (zero if no term runs): that day, but for the first
// extension not after the term for telling it. It is zero if nothing limits it.
func (b *book) tellBy(due casefile.Date) casefile.Date {
	if n := b.version.Extension.Notice; !n.IsZero() && !b.extended {
		if by := n.end(casefile.Moment{Date: b.start}, b.version.Calendar, b.version.Roll).Date; due.IsZero() || by.Before(due) {
			return by
		}
	}
	return due
}

// extend adds a row for the extension and moves the dates that it replaces.
func (b *book) extend(e casefile.Entry) {
	if b.version == nil || b.version.Extension.None || b.ruled() {
		return
	}
	due := b.due()
	told := b.tellBy(due)
	b.until, b.extended = e.Until, true
	for i := range b.rows {
		if r := &b.rows[i]; r.Running() && r.Term.handling() {
			if e.At.Date.After(r.Due) && r.Lapsed.IsZero() {
				r.Lapsed, r.missed = r.Due, true
			}
			b.move(r, e.Until)
		}
	}
	if told.IsZero() {
		return // no term ran, so there was nothing to be late for
	}
	r := b.notice(told)
	b.meet(&r, e)
	b.insert(r)
}

// silent adds the row for a running date that passed without word of a delay.
func (b *book) silent(due casefile.Date) {
	if b.version.Extension.None {
		return
	}
	r := b.notice(b.tellBy(due))
	r.missed = true
	b.insert(r)
}

// notice returns the row of a promise to tell of a delay.
func (b *book) notice(by casefile.Date) Promise {
	return Promise{Row: Row{Term: Extend, Start: b.start, Due: by, DoBy: b.version.Calendar.doBy(b.start, by)}}
}

// insert puts a row before the term for handling that it is about.
func (b *book) insert(row Promise) {
	at := slices.IndexFunc(b.rows, func(r Promise) bool { return r.Running() && r.Term.handling() })
	if at < 0 {
		at = len(b.rows)
	}
	b.rows = slices.Insert(b.rows, at, row)
}

// drop ends the promises that nothing can meet any more: after a closing there
// is no conversation to have, after a ruling only the ruling counts. Those that
// were already late stay late.
func (b *book) drop(at casefile.Moment) {
	for i := range b.rows {
		if r := &b.rows[i]; r.Running() && r.Term != Comply {
			r.ended = true
			r.missed = r.missed || r.missedBy(at)
		}
	}
}

func (b *book) judge(r *Promise) {
	switch {
	case r.Done.IsZero() && !r.ended && (b.today.After(r.Due) || r.Term == Extend):
		r.Verdict = Overdue
	case r.Done.IsZero() && !r.ended:
		r.Verdict = Open
	case r.missed:
		r.Verdict = Late
	case r.Done.IsZero():
		r.Verdict = NotNeeded
	default:
		r.Verdict = OnTime
	}
}

// returned marks the promises that are late although a letter had kept them,
// which came back.
func (b *book) returned(e casefile.Entry) {
	for i := range b.rows {
		r := &b.rows[i]
		if (r.Verdict == Late || r.Verdict == Overdue) && metBy[r.Term](e.Step) &&
			!e.At.Date.Before(r.Start) && !r.missedBy(e.At) {
			r.Returned = true
		}
	}
}
