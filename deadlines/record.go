package deadlines

import (
	"slices"

	casefile "klacht/case"
)

// Record is what may be told of a case without telling of a person: numbers
// and dates. It is what a purge leaves, and what reports count.
type Record struct {
	ID       casefile.ID
	Received casefile.Date // zero if it never came in writing, or if nothing is known of the case but that it is gone
	Spoken   casefile.Date // on which it was voiced; only if it never came in writing
	About    string        // the kind of complaint; "" if it was not said
	Version  casefile.Date // the From of the version of the policy that it falls under
	Promises []Result
	Steps    []Milestone   // in order of time
	Until    casefile.Date // the last day on which it had to be kept; zero while retention does not run, or is unlimited
	Gone     casefile.Date // on which the case was removed; zero while it is there
	Erased   string        // why it was removed before its time; "" if it was not
}

// ErasedMistake is why a case was erased that should never have been registered. It
// counts in no figure.
const ErasedMistake = "mistake"

// Counts reports whether the case counts in figures: one that was a mistake does not, nor
// does one that is a part of another.
func (r Record) Counts() bool {
	return r.Erased != ErasedMistake && !slices.ContainsFunc(r.Steps, func(m Milestone) bool { return m.Step == casefile.Moved })
}

// Result is how one promise stands. One that was not needed, or that is an aim of
// the firm's own, counts for nothing and has no Result.
type Result struct {
	Term     Name
	Verdict  Verdict
	Workdays int   // working days that it took; -1 if it was not met (yet)
	Days     int   // calendar days that it took; -1 if it was not met (yet), or if that is not known
	Proof    Proof // "" if it was not met, or if that is not known
	Returned bool  // it is late, and a letter that would have kept it came back
	Beyond   bool  // it was met after its first date, which an extension had moved
}

// Milestone is a step that can be counted, with its day.
type Milestone struct {
	Step        casefile.Step
	On          casefile.Date
	Outcome     casefile.Outcome // of a closing
	NothingToDo bool             // of a ruling
}

// Milestones returns the steps that a Record has.
func Milestones() []casefile.Step {
	return []casefile.Step{casefile.Extended, casefile.Closed, casefile.Reopened, casefile.Referred,
		casefile.Admitted, casefile.Declined, casefile.Ruled, casefile.Complied, casefile.Moved}
}

// RecordOf returns the record of a case as it stands on the day today.
func RecordOf(c *casefile.Case, p *Policy, today casefile.Date) Record {
	r := Record{ID: c.ID, Received: c.ReceivedOn(), About: c.About, Version: p.For(c).From}
	if r.Received.IsZero() {
		r.Spoken = c.Began()
	}
	for _, pr := range Promises(c, p, today) {
		if pr.Verdict == NotNeeded || pr.Target {
			continue
		}
		res := Result{Term: pr.Term, Verdict: pr.Verdict, Workdays: -1, Days: -1, Proof: pr.Proof, Returned: pr.Returned}
		if !pr.Done.IsZero() {
			res.Workdays, res.Days = pr.Workdays, pr.Days
			res.Beyond = !pr.First.IsZero() && pr.Done.After(pr.First)
		}
		r.Promises = append(r.Promises, res)
	}
	for _, e := range c.Standing() {
		if slices.Contains(Milestones(), e.Step) {
			r.Steps = append(r.Steps, Milestone{e.Step, e.At.Date, e.Outcome, e.NothingToDo})
		}
	}
	if s, err := c.State(); err == nil {
		r.Until = FreeFrom(c, s, p)
	}
	return r
}

// AsOf returns the record as it stood at the end of a day; ok is false if nothing
// had happened by then. How the promises of a removed case stood is known for the
// day of its removal only.
func (r Record) AsOf(day casefile.Date) (as Record, ok bool) {
	as = r
	as.Steps = slices.DeleteFunc(slices.Clone(r.Steps), func(m Milestone) bool { return m.On.After(day) })
	if r.Gone.After(day) {
		as.Gone = casefile.Date{}
	}
	if r.Began().IsZero() {
		return as, !r.Gone.After(day)
	}
	return as, !r.Began().After(day)
}

// Overdue returns by how many days a case was removed after the day that followed
// the end of its retention; ok is false if it was not removed for its age, or if
// that end is not known.
func (r Record) Overdue(p *Policy) (days int, ok bool) {
	until := r.Until
	if until.IsZero() { // a line of old does not tell
		until = p.retained(r)
	}
	if r.Gone.IsZero() || r.Erased != "" || until.IsZero() {
		return 0, false
	}
	return max(until.DaysUntil(r.Gone)-1, 0), true
}

// retained works out the last day of retention from the steps of a record; zero if
// they do not tell it.
func (p *Policy) retained(r Record) casefile.Date {
	if r.Began().IsZero() {
		return casefile.Date{}
	}
	v := p.At(r.Began())
	var from casefile.Date
	for _, m := range r.Steps {
		if m.Step == casefile.Closed || m.Step == casefile.Complied {
			from = m.On
		}
	}
	if from.IsZero() || v.Archive.IsZero() || v.Archive.Unlimited || v.Archive.After != "" && v.Archive.After != casefile.Closed {
		return casefile.Date{}
	}
	return v.Archive.length(from, v.Calendar)
}

// Began returns the day of receipt or, of a complaint that was only spoken, on
// which it was voiced.
func (r Record) Began() casefile.Date {
	if r.Received.IsZero() {
		return r.Spoken
	}
	return r.Received
}

// ClosedOn reports whether the case was closed at the end of a day, and how it
// had ended: the outcome of the last closing until then, "" if there was none,
// for a ruling closes too: when it was carried out, or at once if there is nothing
// to carry out.
func (r Record) ClosedOn(day casefile.Date) (closed bool, outcome casefile.Outcome) {
	for _, m := range r.Steps {
		if m.On.After(day) {
			break
		}
		switch m.Step {
		case casefile.Closed:
			closed, outcome = true, m.Outcome
		case casefile.Complied:
			closed = true
		case casefile.Ruled:
			closed = closed || m.NothingToDo
		case casefile.Reopened:
			closed = false
		}
	}
	return closed, outcome
}
