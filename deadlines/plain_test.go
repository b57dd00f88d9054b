package deadlines_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"

	"pgregory.net/rapid"
)

// plain judges a case a second time, in another way: not by keeping a book while
// the log is read, but by asking of each promise, with the whole log at hand, when
// it began, what it was due on at each moment, and what met it. It follows the
// chapter "Promises" of the format document, and shares no code with Promises but
// the counting of days.
type plain struct {
	log   []casefile.Entry // in order of time, without what came back
	v     *deadlines.Version
	today casefile.Date
}

// row is what plain says of a promise, as one line: the term, its date, the
// verdict, and the day on which it was met.
type row struct {
	term      deadlines.Name
	due, done casefile.Date
	verdict   deadlines.Verdict
	at        int // place in the log of what began it
}

func (r row) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.term, r.due, r.verdict, r.done))
}

func plainly(c *casefile.Case, p *deadlines.Policy, today casefile.Date) []string {
	q := plain{today: today}
	for i, e := range c.Log {
		back := false
		for _, u := range c.Log {
			back = back || u.Step == casefile.Undelivered && u.Letter != "" && u.Letter == e.Mail && (e.Step.Letter() || e.Step == casefile.Complied)
		}
		if !back {
			q.log = append(q.log, c.Log[i])
		}
	}
	slices.SortStableFunc(q.log, func(a, b casefile.Entry) int { return a.At.Date.Compare(b.At.Date) })
	in := q.first(0, casefile.Received)
	if in < 0 {
		return nil
	}
	for i := range p.Versions {
		if i == 0 || !p.Versions[i].From.After(q.log[in].At.Date) {
			q.v = &p.Versions[i]
		}
	}
	var rows []row
	for _, n := range []deadlines.Name{deadlines.Acknowledge, deadlines.Inform, deadlines.Hear} {
		rows = append(rows, q.simple(n)...)
	}
	rows = append(rows, q.handling(in)...)
	rows = append(rows, q.comply()...)
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(group(a.term), group(b.term)) })
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.String())
	}
	return lines
}

// group returns the place of a term in a table.
func group(n deadlines.Name) int {
	if n == deadlines.Extend || n == deadlines.Decide {
		n = deadlines.Close
	}
	return slices.Index([]deadlines.Name{deadlines.Acknowledge, deadlines.Inform, deadlines.Hear, deadlines.Close, deadlines.Comply}, n)
}

// first returns the place of the first entry from i on that is one of the steps; -1
// if there is none.
func (q *plain) first(i int, steps ...casefile.Step) int {
	for ; i < len(q.log); i++ {
		if slices.Contains(steps, q.log[i].Step) {
			return i
		}
	}
	return -1
}

var usual = map[deadlines.Name]casefile.Step{deadlines.Acknowledge: casefile.Received, deadlines.Inform: casefile.Received,
	deadlines.Hear: casefile.Received, deadlines.Close: casefile.Received, deadlines.Decide: casefile.Heard, deadlines.Comply: casefile.Ruled}

// term returns a term of the version and the step that it is counted from.
func (q *plain) term(n deadlines.Name) (deadlines.Term, casefile.Step, bool) {
	t, ok := q.v.Terms[n]
	if n == deadlines.Comply && !ok {
		t, ok = deadlines.DefaultComply, true
	}
	return t, cmp.Or(t.After, usual[n]), ok
}

// limit is a date, with the moment where a term in hours has one.
type limit struct {
	day, whole casefile.Date
	end        time.Time
}

func (q *plain) limit(t deadlines.Term, from casefile.Moment) limit {
	switch t.Unit {
	case deadlines.Workdays:
		d := from.Date
		for n := t.N; n > 0; {
			if d = d.AddDays(1); q.v.Calendar.IsWorkday(d) {
				n--
			}
		}
		return limit{day: d}
	case deadlines.Hours:
		whole := from.Date.AddDays(t.N / 24)
		if from.Time.IsZero() {
			return limit{day: whole}
		}
		end := from.Time.Add(time.Duration(t.N) * time.Hour)
		return limit{casefile.DateOf(end), whole, end}
	}
	days := map[deadlines.Unit]int{deadlines.Days: 1, deadlines.Weeks: 7}[t.Unit]
	d := from.Date.AddDays(days * t.N)
	if days == 0 {
		d = from.Date.AddMonths(map[deadlines.Unit]int{deadlines.Months: 1, deadlines.Years: 12}[t.Unit] * t.N)
	}
	step := map[deadlines.Roll]int{deadlines.Next: 1, deadlines.Previous: -1}[q.v.Roll]
	for step != 0 && !q.v.Calendar.IsWorkday(d) {
		d = d.AddDays(step)
	}
	return limit{day: d}
}

func (l limit) passed(m casefile.Moment) bool {
	if l.end.IsZero() {
		return m.Date.After(l.day)
	}
	if m.Time.IsZero() {
		return m.Date.After(l.whole)
	}
	return m.Time.After(l.end)
}

func (q *plain) judged(n deadlines.Name, begun int, l limit, met, over int, missed bool) row {
	r := row{term: n, due: l.day, at: begun}
	switch {
	case met >= 0 && (over < 0 || met <= over):
		r.done, r.verdict = q.log[met].At.Date, deadlines.OnTime
		if missed || l.passed(q.log[met].At) {
			r.verdict = deadlines.Late
		}
	case over >= 0:
		r.verdict = deadlines.NotNeeded
		if missed || l.passed(q.log[over].At) {
			r.verdict = deadlines.Late
		}
	case q.today.After(l.day):
		r.verdict = deadlines.Overdue
	default:
		r.verdict = deadlines.Open
	}
	return r
}

// simple judges a promise that no extension moves.
func (q *plain) simple(n deadlines.Name) []row {
	t, after, ok := q.term(n)
	in := q.first(0, casefile.Received)
	if !ok {
		return nil
	}
	begun := q.first(in, after)
	if begun < 0 {
		return nil
	}
	meets := map[deadlines.Name][]casefile.Step{
		deadlines.Acknowledge: {casefile.Asked, casefile.Acknowledged, casefile.Proposed, casefile.Invited, casefile.Extended, casefile.Wrote, casefile.Closed},
		deadlines.Inform:      {casefile.Proposed, casefile.Invited, casefile.Heard, casefile.Closed},
		deadlines.Hear:        {casefile.Heard},
	}[n]
	from := begun + 1 // what begins it does not meet it
	met, over := q.first(from, meets...), q.first(from, casefile.Closed, casefile.Ruled)
	end := len(q.log)
	for _, i := range []int{met, over} {
		if i >= 0 && i < end {
			end = i
		}
	}
	l := q.told(n, q.limit(t, q.log[begun].At), begun, end)
	if over >= 0 && met > over {
		met = -1
	}
	return []row{q.judged(n, begun, l, met, over, false)}
}

// told returns the limit as letters from the entry from on, before the entry to,
// have promised it.
func (q *plain) told(n deadlines.Name, l limit, from, to int) limit {
	for _, e := range q.log[from:to] {
		if d, ok := e.Promised[string(n)]; ok && d != l.day {
			l = limit{day: d}
		}
	}
	return l
}

// handling judges the closing and the decision, of each round, and what was said
// of delays.
func (q *plain) handling(in int) []row {
	var rows []row
	for from, heard := in, false; from >= 0; {
		to := len(q.log) // the round ends here
		ended := q.first(from+1, casefile.Closed, casefile.Ruled)
		next := -1
		if ended >= 0 {
			to = ended
			over := q.first(ended, casefile.Closed, casefile.Complied)
			for i, e := range q.log {
				if i >= ended && e.NothingToDo && (over < 0 || i < over) {
					over = i
				}
			}
			if over >= 0 {
				for next = q.first(over, casefile.Reopened); next >= 0 && q.ruled(next); {
					next = q.first(next+1, casefile.Reopened)
				}
			}
		}
		rows = append(rows, q.round(from, to, ended, from == in, &heard)...)
		from = next
	}
	return rows
}

// ruled reports whether a ruling is to be carried out just before the entry at i.
func (q *plain) ruled(i int) bool {
	is := false
	for _, e := range q.log[:i] {
		is = e.Step == casefile.Ruled && !e.NothingToDo || is && e.Step != casefile.Complied
	}
	return is
}

// running is a term for handling in a round.
type running struct {
	n      deadlines.Name
	begun  int
	l      limit
	first  casefile.Date
	missed bool
}

func (q *plain) round(from, to, ended int, firstRound bool, heard *bool) []row {
	var terms []*running
	begin := func(n deadlines.Name, i int) *running {
		t, _, _ := q.term(n)
		r := &running{n: n, begun: i, l: q.limit(t, q.log[i].At)}
		terms = append(terms, r)
		return r
	}
	_, _, hasClose := q.term(deadlines.Close)
	_, _, hasDecide := q.term(deadlines.Decide)
	if !firstRound {
		switch {
		case hasClose:
			begin(deadlines.Close, from)
		case hasDecide:
			begin(deadlines.Decide, from)
			*heard = true
		}
	}
	var notices []row
	var until casefile.Date
	extended := false
	due := func() (d casefile.Date) {
		for _, r := range terms {
			if d.IsZero() || r.l.day.Before(d) {
				d = r.l.day
			}
		}
		return d
	}
	tellBy := func(d casefile.Date) casefile.Date {
		if n := q.v.Extension.Notice; !n.IsZero() && !extended {
			if by := q.limit(n, casefile.Moment{Date: q.log[from].At.Date}).day; d.IsZero() || by.Before(d) {
				return by
			}
		}
		return d
	}
	move := func(r *running, to casefile.Date) {
		if r.first.IsZero() {
			r.first = r.l.day
		}
		if x := q.v.Extension; !x.AtMost.IsZero() {
			base := q.log[from].At.Date
			if x.More {
				base = r.first
			}
			if most := q.limit(x.AtMost, casefile.Moment{Date: base}).day; to.After(most) {
				to = most
			}
		}
		r.l = limit{day: to}
	}
	for i := from; i < to; i++ {
		e := q.log[i]
		if e.Step == casefile.Extended && !q.v.Extension.None {
			d := due()
			if by := tellBy(d); !by.IsZero() {
				v := deadlines.OnTime
				if e.At.Date.After(by) {
					v = deadlines.Late
				}
				notices = append(notices, row{deadlines.Extend, by, e.At.Date, v, i})
			}
			until, extended = e.Until, true
			for _, r := range terms {
				r.missed = r.missed || e.At.Date.After(r.l.day)
				move(r, until)
			}
		}
		if e.Step != casefile.Reopened {
			for n, seen := range map[deadlines.Name]*bool{deadlines.Close: nil, deadlines.Decide: heard} {
				_, after, ok := q.term(n)
				if !ok || after != e.Step || seen != nil && *seen || slices.ContainsFunc(terms, func(r *running) bool { return r.n == n }) || seen == nil && !firstRound {
					continue
				}
				r := begin(n, i)
				if until.After(r.l.day) {
					move(r, until)
				}
			}
			if _, after, ok := q.term(deadlines.Decide); ok && after == e.Step {
				*heard = true
			}
		}
		for _, r := range terms {
			if d, ok := e.Promised[string(r.n)]; ok && e.Step != casefile.Extended && d != r.l.day {
				r.l = limit{day: d}
			}
		}
	}
	silent := func(v deadlines.Verdict, on casefile.Date) {
		if d := due(); !d.IsZero() && on.After(d) && !q.v.Extension.None {
			notices = append(notices, row{deadlines.Extend, tellBy(d), casefile.Date{}, v, to})
		}
	}
	if ended >= 0 {
		silent(deadlines.Late, q.log[ended].At.Date)
	} else {
		silent(deadlines.Overdue, q.today)
	}
	met := -1
	if ended >= 0 && q.log[ended].Step == casefile.Closed {
		met = ended
	}
	var closings []row
	slices.SortStableFunc(terms, func(a, b *running) int { return a.begun - b.begun })
	for _, r := range terms {
		closings = append(closings, q.judged(r.n, r.begun, r.l, met, ended, r.missed))
	}
	return append(notices, closings...)
}

// comply judges the carrying out of each ruling.
func (q *plain) comply() []row {
	var rows []row
	t, _, _ := q.term(deadlines.Comply)
	for i := q.first(0, casefile.Ruled); i >= 0; i = q.first(i+1, casefile.Ruled) {
		if q.log[i].NothingToDo {
			continue
		}
		met := q.first(i, casefile.Complied)
		end := len(q.log)
		if met >= 0 {
			end = met
		}
		l := q.told(deadlines.Comply, q.limit(t, q.log[i].At), i, end)
		rows = append(rows, q.judged(deadlines.Comply, i, l, met, -1, false))
	}
	return rows
}

// history draws a case of some weeks: steps that may follow one another, written
// down in time or late, with letters that come back, terms that were promised, and
// all else that can move a date.
func history(t *rapid.T) *casefile.Case {
	c := &casefile.Case{ID: "2026-0007", Complainant: casefile.Complainant{Name: "Jolanda de Wit"}}
	day := casefile.Date{Year: 2026, Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Day: rapid.IntRange(1, 28).Draw(t, "day")}
	moment := func(d casefile.Date) casefile.Moment {
		if rapid.Bool().Draw(t, "timed") {
			return casefile.MomentOf(time.Date(d.Year, d.Month, d.Day, rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, time.UTC), time.UTC)
		}
		return casefile.Moment{Date: d}
	}
	c.Log = []casefile.Entry{{At: moment(day), Step: casefile.Received, By: "mok"}}
	var mails []string
	for n := range rapid.IntRange(0, 14).Draw(t, "steps") {
		if day = day.AddDays(rapid.SampledFrom([]int{0, 0, 1, 2, 4, 9, 20, 40}).Draw(t, "later")); n > 0 && rapid.IntRange(0, 9).Draw(t, "late") == 0 {
			day = day.AddDays(-3)
		}
		e := casefile.Entry{At: moment(day), By: "mok", Text: "x", Reason: "x", Body: "c", Outcome: casefile.Agreed}
		if mails != nil {
			e.Letter = rapid.SampledFrom(mails).Draw(t, "letter")
		}
		may := slices.DeleteFunc(casefile.Steps(), func(s casefile.Step) bool { e.Step = s; return s == casefile.Moved || c.Allows(e) != nil })
		if len(may) == 0 {
			break
		}
		if e.Step = rapid.SampledFrom(may).Draw(t, "step"); e.Step != casefile.Undelivered {
			e.Letter = ""
		}
		e.Until = e.At.Date.AddDays(rapid.IntRange(1, 90).Draw(t, "until"))
		e.When, e.Review = casefile.Moment{Date: e.Until}, e.Until
		e.NothingToDo = e.Step == casefile.Ruled && rapid.Bool().Draw(t, "nothing")
		if e.Step.Undone() && rapid.Bool().Draw(t, "mail") {
			e.Mail = fmt.Sprintf("%02d.eml", n+2)
			mails = append(mails, e.Mail)
		}
		if e.Step.Letter() && rapid.IntRange(0, 3).Draw(t, "promises") == 0 {
			e.Promised = casefile.Promised{rapid.SampledFrom(casefile.Promisable()).Draw(t, "term"): e.At.Date.AddDays(rapid.IntRange(0, 50).Draw(t, "promised"))}
		}
		c.Log = append(c.Log, e)
	}
	return c
}

// procedures draws a policy of one or two versions.
func procedures(t *rapid.T) *deadlines.Policy {
	units := []string{"workdays", "days", "weeks", "hours", "months"}
	length := func(what string, least int) deadlines.Term {
		n := rapid.IntRange(least, 12).Draw(t, what)
		unit := rapid.SampledFrom(units).Draw(t, what+" unit")
		if unit == "hours" {
			n *= 7
		}
		return deadlines.Term{N: n, Unit: deadlines.Unit(unit)}
	}
	version := func(from casefile.Date) deadlines.Version {
		v := deadlines.Version{From: from, Terms: map[deadlines.Name]deadlines.Term{}, Archive: deadlines.Term{N: 5, Unit: deadlines.Years}}
		v.Roll = rapid.SampledFrom([]deadlines.Roll{deadlines.Stay, deadlines.Next, deadlines.Previous}).Draw(t, "roll")
		c, err := deadlines.NewCalendar([]time.Weekday{1, 2, 3, 4, 5}, deadlines.DefaultHolidays(), nil)
		if err != nil {
			t.Fatal(err)
		}
		v.Calendar = c
		for _, n := range deadlines.TermNames() {
			if rapid.IntRange(0, 3).Draw(t, "has "+string(n)) > 0 {
				v.Terms[n] = length(string(n), 1)
			}
		}
		switch rapid.IntRange(0, 5).Draw(t, "extension") {
		case 0:
			v.Extension.None = true
		case 1:
			v.Extension.Notice = length("notice", 1)
		case 2:
			v.Extension.AtMost = length("most", 3)
		case 3:
			v.Extension.AtMost, v.Extension.More = length("more", 1), true
		}
		return v
	}
	p := &deadlines.Policy{Zone: time.UTC, Versions: []deadlines.Version{version(casefile.Date{Year: 2020, Month: 1, Day: 1})}}
	if rapid.Bool().Draw(t, "two versions") {
		p.Versions = append(p.Versions, version(casefile.Date{Year: 2026, Month: 6, Day: 1}))
	}
	return p
}

// The two ways of judging agree on every promise of every history.
func TestPromisesAgreeWithAPlainReading(t *testing.T) {
	agree := func(t *rapid.T) {
		c, p := history(t), procedures(t)
		today := c.Log[len(c.Log)-1].At.Date.AddDays(rapid.IntRange(0, 60).Draw(t, "today"))
		var got []string
		for _, r := range deadlines.Promises(c, p, today) {
			got = append(got, row{r.Term, r.Due, r.Done, r.Verdict, 0}.String())
		}
		if want := plainly(c, p, today); !slices.Equal(got, want) {
			var log []string
			for _, e := range c.Log {
				log = append(log, fmt.Sprintf("%s %s until %s mail %s letter %s promised %v nothing %v", e.At, e.Step, e.Until, e.Mail, e.Letter, e.Promised, e.NothingToDo))
			}
			t.Fatalf("on %s\n%s\n%+v\n%v\ngot  %s\nwant %s", today, strings.Join(log, "\n"), p.At(c.ReceivedOn()).Extension, p.At(c.ReceivedOn()).Terms,
				strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
	for range 20 { // a hundred histories each
		rapid.Check(t, agree)
	}
}
