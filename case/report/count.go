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
	outcomes map[casefile.Outcome]int
	pending  map[Standing]int
	versions map[casefile.Date]*tally
	lessons  lessons
}

// NewCount starts a count of the complaints of a period, as they stand on the
// day today.
func NewCount(p *deadlines.Policy, period Period, today casefile.Date) *Count {
	return &Count{policy: p, period: period, today: today, outcomes: map[casefile.Outcome]int{},
		pending: map[Standing]int{}, versions: map[casefile.Date]*tally{}}
}

// tally is what is counted under one version of the policy.
type tally struct {
	complaints int
	promises   map[deadlines.Name]*score
}

type score struct {
	kept, missed, running int
	took                  map[int]int // working days, and how often
}

// Add counts one complaint: its record, as its file gives it or its line in
// purged.yaml. c is nil if the file is gone; it tells what was learned.
func (k *Count) Add(rec deadlines.Record, c *casefile.Case) {
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
	for _, p := range rec.Promises {
		s := t.promises[p.Term]
		if s == nil {
			s = &score{took: map[int]int{}}
			t.promises[p.Term] = s
		}
		switch p.Verdict {
		case deadlines.OnTime:
			s.kept++
		case deadlines.Late, deadlines.Overdue:
			s.missed++
		case deadlines.Open:
			if rec.Gone.IsZero() {
				s.running++
			}
		}
		if p.Workdays >= 0 {
			s.took[p.Workdays]++
		}
	}
}

func (k *Count) steps(rec deadlines.Record) {
	var told, extended int
	for _, p := range rec.Promises {
		if p.Term == deadlines.Extend {
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

// median returns the middle of the times and the longest; ok is false if there
// are none.
func (s *score) median() (median float64, longest int, ok bool) {
	n := 0
	for _, times := range s.took {
		n += times
	}
	if n == 0 {
		return 0, 0, false
	}
	days := slices.Sorted(maps.Keys(s.took))
	at := func(i int) int {
		for _, d := range days {
			if i -= s.took[d]; i < 0 {
				return d
			}
		}
		return days[len(days)-1]
	}
	return float64(at((n-1)/2)+at(n/2)) / 2, days[len(days)-1], true
}
