package deadlines

import (
	"time"

	casefile "klacht/case"
)

// Name is the name of a term, as it is a key of the policy file.
type Name string

// The terms that a procedure can promise.
const (
	Acknowledge Name = "acknowledge" // confirm receipt (R4)
	Inform      Name = "inform"      // say how it will be handled (R5)
	Hear        Name = "hear"        // have the conversation
	Decide      Name = "decide"      // decide, counted from the conversation unless the policy says otherwise
	Close       Name = "close"       // handle it (R11)
	Extend      Name = "extend"      // say that it takes longer, in time (R12)
	Comply      Name = "comply"      // carry out a ruling (R16)
)

// TermNames returns the terms that stand in a version of a policy by their own
// names, in the order of the procedure.
func TermNames() []Name { return []Name{Acknowledge, Inform, Hear, Decide, Close, Comply} }

// DefaultFoldUnder is what reports put together where the policy does not say.
const DefaultFoldUnder = 3

// Policy is a firm's complaints procedure (regeling) in numbers.
type Policy struct {
	Organisation  Organisation
	Zone          *time.Location // in which civil dates are read
	Language      string         // of complainants, unless a case says otherwise: "nl" or "en"
	FormOfAddress string         // of letters in Dutch: "je" or "u"; "" is "u"
	FoldUnder     int            // in reports, counts of a category below this are put together; 1 puts nothing together
	History       string         // "git": commit to the repository around the register too; "none": commit nowhere; else ""
	Bodies        []Body         // to turn to when not satisfied (R15), the usual one first
	About         []string       // the kinds of complaint that are told apart; none if they are not
	Versions      []Version      // by From, the earliest first; at least one
}

// Organisation is the firm.
type Organisation struct {
	Name      string
	Handler   string   // who handles complaints unless told otherwise (R8)
	Role      string   // of the handler: owner; "" if it was not said
	Email     string   // to which complaints are written
	Addresses []string // other addresses of the firm, from which mails are its own
}

// Body is an independent third party.
type Body struct {
	Name    string
	Address string // how to write to it
	URL     string
	Answer  Term // within which it says that a case has come in; zero if it promises nothing
}

// Version is the text of the procedure that is in force from a day on.
type Version struct {
	From      casefile.Date
	Terms     map[Name]Term
	Lodge     Term // how long after the fact a complaint can be made; zero if it does not matter
	Extension Extension
	Appeal    Term // within which the complainant can turn to a body, after closing unless it says otherwise; zero if it does not matter
	Archive   Term
	Roll      Roll
	Calendar  *Calendar
}

// Extension says how handling can be made longer. Both of its terms may be zero.
type Extension struct {
	None   bool // it cannot
	Notice Term // within which it must be told, counted from receipt; besides, it must be told on or before the last day of the term
	AtMost Term // the longest that handling may take, counted from receipt; with More, what may come after the term
	More   bool
}

// latest returns the last day to which handling can be extended that began on
// start and is due on due; zero if there is no limit.
func (v *Version) latest(start, due casefile.Date) casefile.Date {
	switch x := v.Extension; {
	case x.None:
		return due
	case x.AtMost.IsZero():
		return casefile.Date{}
	case x.More:
		return x.AtMost.end(casefile.Moment{Date: due}, v.Calendar, v.Roll).Date
	default:
		return x.AtMost.end(casefile.Moment{Date: start}, v.Calendar, v.Roll).Date
	}
}

// Shorter reports whether a term ends before another that begins on the same
// day, whichever month that is in.
func (v *Version) Shorter(a, b Term) bool {
	for month := range 12 {
		start := casefile.Moment{Date: v.From.AddMonths(month)}
		if !a.end(start, v.Calendar, v.Roll).Date.Before(b.end(start, v.Calendar, v.Roll).Date) {
			return false
		}
	}
	return true
}

// DefaultComply is the aim for carrying out a ruling where the policy names no
// term (R16 says "fast").
var DefaultComply = Term{N: 5, Unit: Workdays, Target: true}

// At returns the version that was in force on the date; for a date before the
// first version, that one.
func (p *Policy) At(d casefile.Date) *Version {
	v := &p.Versions[0]
	for i := range p.Versions {
		if !p.Versions[i].From.After(d) {
			v = &p.Versions[i]
		}
	}
	return v
}

// For returns the version under which a case is handled: the one in force on
// its receipt, or while it is only spoken on the day on which it was voiced.
func (p *Policy) For(c *casefile.Case) *Version {
	if on := c.ReceivedOn(); !on.IsZero() {
		return p.At(on)
	}
	return p.At(c.Began())
}

// term returns the term of the name with the step that it is counted from;
// ok is false if the version does not promise it.
func (v *Version) term(n Name) (t Term, ok bool) {
	t, ok = v.Terms[n]
	if n == Comply && !ok {
		t, ok = DefaultComply, true
	}
	if t.After == "" {
		t.After = startOf[n]
	}
	return t, ok
}

// Promise returns the term of a promise as the version states it, and whether
// it makes the promise. Word on a delay is always promised; its term is zero
// where only the running term limits it.
func (v *Version) Promise(n Name) (Term, bool) {
	switch t, ok := v.Terms[n]; {
	case n == Extend:
		return v.Extension.Notice, true
	case n == Comply && !ok:
		return DefaultComply, true
	default:
		return t, ok
	}
}

// startOf holds the step that a term is counted from, unless the policy says
// otherwise.
var startOf = map[Name]casefile.Step{
	Acknowledge: casefile.Received, Inform: casefile.Received, Hear: casefile.Received,
	Close: casefile.Received, Decide: casefile.Heard, Comply: casefile.Ruled,
}

// Row is one line of a table of terms.
type Row struct {
	Term  Name
	Due   casefile.Date   // last day on which the promise is kept
	DoBy  casefile.Date   // last working day on which it can be kept
	Start casefile.Date   // day 0
	End   casefile.Moment // of a term in hours that began at a known time: when it ends; else zero
	whole casefile.Date   // with End: the last day, counted in whole days

	Target bool // an aim of the firm's own: neither kept nor missed for others
}

// Later is a term that runs from a step that comes after receipt.
type Later struct {
	Name Name
	Term Term // with the step that it is counted from
}

// Later returns the terms that start at a later step than a receipt on the date,
// in the order of the procedure. They are what [Policy.Terms] leaves out.
func (p *Policy) Later(received casefile.Date) []Later {
	v := p.At(received)
	var later []Later
	for _, n := range TermNames() {
		if t, ok := v.term(n); ok && t.After != casefile.Received {
			later = append(later, Later{n, t})
		}
	}
	return later
}

// Terms returns the terms that run from a receipt, in the order of the
// procedure; terms that are counted from a later step are not among them.
func (p *Policy) Terms(received casefile.Date) []Row {
	v := p.At(received)
	var rows []Row
	for _, n := range TermNames() {
		if t, ok := v.term(n); ok && t.After == casefile.Received {
			rows = append(rows, v.row(n, t, casefile.Moment{Date: received}))
		}
	}
	return rows
}

// LodgeFrom returns the earliest day of an event about which a complaint that
// is received on the date can still be made; zero if the policy sets no limit.
func (p *Policy) LodgeFrom(received casefile.Date) casefile.Date {
	t := p.At(received).Lodge
	if t.IsZero() {
		return casefile.Date{}
	}
	return t.add(received, -1)
}

// Room returns what an extension can be of a complaint that is received on a date.
func (p *Policy) Room(received casefile.Date) Room {
	c := casefile.Case{Log: []casefile.Entry{{Step: casefile.Received, At: casefile.Moment{Date: received}}}}
	return RoomOf(&c, p, received)
}

func (v *Version) row(n Name, t Term, start casefile.Moment) Row {
	end := t.end(start, v.Calendar, v.Roll)
	r := Row{Term: n, Due: end.Date, DoBy: v.Calendar.doBy(start.Date, end.Date), Start: start.Date, Target: t.Target}
	if !end.Time.IsZero() {
		r.End, r.whole = end, t.add(start.Date, 1)
	}
	return r
}

// missedBy reports whether what happened at m came after the end of the term. A
// term in hours is looked at to the moment where both have a time; where one has
// none it is counted in whole days.
func (r Row) missedBy(m casefile.Moment) bool {
	switch {
	case r.End.IsZero():
		return m.Date.After(r.Due)
	case m.Time.IsZero():
		return m.Date.After(r.whole)
	}
	return m.Time.After(r.End.Time)
}
