package report

import (
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Period is a span of days, the first and the last included.
type Period struct {
	From, To casefile.Date
}

// Has reports whether a day lies in the period.
func (p Period) Has(d casefile.Date) bool { return !d.Before(p.From) && !d.After(p.To) }

// Count counts complaints. What it keeps does not grow with their number.
type Count struct {
	policy   *deadlines.Policy
	period   Period
	today    casefile.Date
	r        Report
	about    map[string]int
	outcomes map[casefile.Outcome]int
	pending  map[Standing]int
	versions map[casefile.Date]*tally
	lessons  lessons
}

// NewCount starts a count of the complaints of a period, as they stood at the end
// of the day today; what Add gets is as it stood then.
func NewCount(p *deadlines.Policy, period Period, today casefile.Date) *Count {
	return &Count{policy: p, period: period, today: today, about: map[string]int{}, outcomes: map[casefile.Outcome]int{},
		pending: map[Standing]int{}, versions: map[casefile.Date]*tally{}}
}

// tally is what is counted under one version of the policy.
type tally struct {
	complaints int
	promises   map[deadlines.Name]*score
}

type score struct {
	kept, missed, running int
	proof                 map[deadlines.Proof]int // of the kept
	first, extended       int                     // of the kept: by the first date, or after that by the date of an extension
	returned              int                     // of the missed: a letter that would have kept it came back
	workdays, days        times
}

// times holds how many days something took, and how often it took so many.
type times map[int]int

// Add counts one complaint: its record, as its file gives it or its line in
// purged.yaml. c is nil if the file is gone; it tells what was learned.
func (k *Count) Add(rec deadlines.Record, c *casefile.Case) {
	if !rec.Counts() {
		return
	}
	k.retention(rec, c)
	closed, outcome := rec.ClosedOn(k.today)
	if rec.Received.IsZero() {
		switch year := rec.ID.Year(); {
		case rec.Began().IsZero() && year >= k.period.From.Year && year <= k.period.To.Year:
			k.r.Unknown++
		case k.period.Has(rec.Spoken):
			k.r.Spoken++
		}
		return
	}
	if !k.period.Has(rec.Received) {
		if before := k.period.From.AddDays(-1); rec.Received.Before(k.period.From) {
			if closed, _ := rec.ClosedOn(before); !closed && (rec.Gone.IsZero() || !rec.Gone.Before(k.period.From)) {
				k.r.FromBefore++
			}
		}
		return
	}
	k.r.Received++
	k.about[rec.About]++
	switch {
	case closed && outcome == "":
		k.r.Closed++
		k.r.ByRuling++
	case closed:
		k.r.Closed++
		k.outcomes[outcome]++
	case rec.Gone.IsZero():
		k.r.Open++
	default:
		k.r.Removed++
	}
	k.promises(rec)
	k.steps(rec)
	if c != nil && closed {
		k.lessons.add(c)
	}
}

func (k *Count) promises(rec deadlines.Record) {
	t := k.versions[rec.Version]
	if t == nil {
		t = &tally{promises: map[deadlines.Name]*score{}}
		k.versions[rec.Version] = t
	}
	t.complaints++
	version := k.version(rec.Version)
	for _, p := range rec.Promises {
		if version != nil {
			if term, ok := version.Promise(p.Term); ok && term.Target {
				continue // a line of old can have it
			}
		}
		s := t.promises[p.Term]
		if s == nil {
			s = &score{proof: map[deadlines.Proof]int{}, workdays: times{}, days: times{}}
			t.promises[p.Term] = s
		}
		s.take(p, rec)
	}
}

// take counts one promise of a record. A line of old, which tells no calendar days,
// does not tell either whether an extension made the difference.
func (s *score) take(p deadlines.Result, rec deadlines.Record) {
	told := p.Days >= 0 || !slices.ContainsFunc(rec.Promises, func(o deadlines.Result) bool { return o.Term == deadlines.Extend })
	switch p.Verdict {
	case deadlines.OnTime:
		s.kept++
		s.proof[p.Proof]++
		switch {
		case p.Beyond:
			s.extended++
		case told:
			s.first++
		}
	case deadlines.Late, deadlines.Overdue:
		s.missed++
		if p.Returned {
			s.returned++
		}
	case deadlines.Open:
		if rec.Gone.IsZero() {
			s.running++
		}
	}
	if p.Workdays >= 0 {
		s.workdays[p.Workdays]++
	}
	if p.Days >= 0 {
		s.days[p.Days]++
	}
}

// late is how many days after the end of its retention a case may be removed: a
// purge once a month does so in time.
const late = 31

// retention counts what was removed in the period, and what should have been.
func (k *Count) retention(rec deadlines.Record, c *casefile.Case) {
	r := &k.r.Retention
	if c != nil {
		s, err := c.State()
		kept := deadlines.Retention(c, s, k.policy)
		if err == nil && deadlines.MayPurge(s, kept, k.today) == deadlines.Purgeable && kept.Until.DaysUntil(k.today)-1 > late {
			r.StillThere++
		}
		return
	}
	if !k.period.Has(rec.Gone) {
		return
	}
	if rec.Erased != "" {
		r.Erased++
		return
	}
	r.Purged++
	over, known := rec.Overdue(k.policy)
	if !known {
		r.Unknown++
	}
	if over > late {
		r.Late++
	}
	r.Longest = max(r.Longest, over)
}

// version returns the version of the policy that is in force from a day on; nil if
// the policy has it no more.
func (k *Count) version(from casefile.Date) *deadlines.Version {
	for i := range k.policy.Versions {
		if k.policy.Versions[i].From == from {
			return &k.policy.Versions[i]
		}
	}
	return nil
}

func (k *Count) steps(rec deadlines.Record) {
	var told, extended int
	for _, p := range rec.Promises {
		if p.Term == deadlines.Extend && p.Workdays >= 0 {
			told++
		}
	}
	var last Standing
	for _, m := range rec.Steps {
		switch m.Step {
		case casefile.Extended:
			extended++
		case casefile.Referred:
			if last != "" {
				k.pending[last]++
			}
			k.r.Referrals, last = k.r.Referrals+1, Waiting
		case casefile.Admitted:
			last = Taken
		case casefile.Declined:
			last = Declined
		case casefile.Ruled:
			k.r.Rulings, last = k.r.Rulings+1, ""
		case casefile.Complied:
			k.r.CarriedOut++
		}
	}
	if last != "" {
		k.pending[last]++
	}
	if n := max(told, extended); n > 0 { // older lines of purged cases tell of extensions by the promise only
		k.r.Extensions += n
		k.r.Extended++
	}
}

// n returns how often there was one.
func (t times) n() (n int) {
	for _, often := range t {
		n += often
	}
	return n
}

// median returns the middle of the times and the longest; there must be one.
func (t times) median() (median float64, longest int) {
	n, days := t.n(), slices.Sorted(maps.Keys(t))
	at := func(i int) int {
		for _, d := range days {
			if i -= t[d]; i < 0 {
				return d
			}
		}
		return days[len(days)-1]
	}
	return float64(at((n-1)/2)+at(n/2)) / 2, days[len(days)-1]
}
