package deadlines_test

import (
	"slices"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"

	"pgregory.net/rapid"
)

func anyDay() *rapid.Generator[casefile.Date] {
	return rapid.Custom(func(t *rapid.T) casefile.Date {
		return casefile.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36500).Draw(t, "day"))
	})
}

// anyCalendar has any working week, any set of holidays, and closing days.
func anyCalendar(around casefile.Date) *rapid.Generator[*deadlines.Calendar] {
	return rapid.Custom(func(t *rapid.T) *deadlines.Calendar {
		week := slices.Compact(slices.Sorted(slices.Values(
			rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Weekday { return time.Weekday(rapid.IntRange(0, 6).Draw(t, "w")) }), 1, 7).Draw(t, "week"))))
		if rapid.Bool().Draw(t, "usual week") {
			week = monToFri
		}
		var closed []deadlines.Span
		for range rapid.IntRange(0, 3).Draw(t, "closings") {
			first := around.AddDays(rapid.IntRange(-30, 90).Draw(t, "first"))
			closed = append(closed, deadlines.Span{First: first, Last: first.AddDays(rapid.IntRange(0, 30).Draw(t, "more"))})
		}
		names := rapid.SliceOfN(rapid.SampledFrom(deadlines.HolidayNames()), 0, 12).Draw(t, "holidays")
		c, err := deadlines.NewCalendar(week, names, closed)
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}

func anyTerm() *rapid.Generator[deadlines.Term] {
	most := map[deadlines.Unit]int{deadlines.Workdays: 40, deadlines.Hours: 200, deadlines.Days: 90, deadlines.Weeks: 14, deadlines.Months: 15, deadlines.Years: 5}
	return rapid.Custom(func(t *rapid.T) deadlines.Term {
		u := rapid.SampledFrom([]deadlines.Unit{deadlines.Workdays, deadlines.Hours, deadlines.Days, deadlines.Weeks, deadlines.Months, deadlines.Years}).Draw(t, "unit")
		return deadlines.Term{Unit: u, N: rapid.IntRange(1, most[u]).Draw(t, "n")}
	})
}

// Two people who complain on successive days are answered in that order at the
// latest, whatever the units, the holidays and the way to roll.
func TestLaterReceiptNeverHasEarlierDeadline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := anyDay().Draw(t, "received")
		p := &deadlines.Policy{Versions: []deadlines.Version{{
			Terms:    map[deadlines.Name]deadlines.Term{deadlines.Close: anyTerm().Draw(t, "term")},
			Roll:     rapid.SampledFrom([]deadlines.Roll{deadlines.Stay, deadlines.Next, deadlines.Previous}).Draw(t, "roll"),
			Calendar: anyCalendar(first).Draw(t, "calendar"),
		}}}
		last := p.Terms(first)[0]
		for n := range 35 {
			r := p.Terms(first.AddDays(n + 1))[0]
			if r.Due.Before(last.Due) {
				t.Fatalf("received %s: due %s; received %s: due %s", last.Start, last.Due, r.Start, r.Due)
			}
			if r.DoBy.After(r.Due) || r.Due.After(r.Start) && r.DoBy.Before(r.Start) {
				t.Fatalf("received %s: do by %s, due %s", r.Start, r.DoBy, r.Due)
			}
			last = r
		}
	})
}

// Do by is a working day whenever there is one between receipt and the end.
func TestDoByIsAWorkingDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := anyDay().Draw(t, "received")
		c := anyCalendar(received).Draw(t, "calendar")
		p := &deadlines.Policy{Versions: []deadlines.Version{{
			Terms: map[deadlines.Name]deadlines.Term{deadlines.Close: anyTerm().Draw(t, "term")}, Roll: deadlines.Stay, Calendar: c,
		}}}
		r := p.Terms(received)[0]
		if c.Between(received, r.Due) > 0 && (!c.IsWorkday(r.DoBy) || c.Between(r.DoBy, r.Due) != 0) {
			t.Fatalf("received %s, due %s: do by %s", received, r.Due, r.DoBy)
		}
	})
}

func TestWorkdayTermEndsOnAWorkingDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "received")
		c, n := anyCalendar(d).Draw(t, "calendar"), rapid.IntRange(0, 40).Draw(t, "n")
		end := c.Add(d, n)
		if n > 0 && (!c.IsWorkday(end) || c.Why(end).Kind != deadlines.WorkingDay) {
			t.Fatalf("%s and %d working days make %s, which is none", d, n, end)
		}
		if got := c.Between(d, end); got != n {
			t.Fatalf("between %s and %s are %d working days, want %d", d, end, got, n)
		}
		if got := c.Between(end, d); got != -n {
			t.Fatalf("back from %s to %s are %d working days, want %d", end, d, got, -n)
		}
		if n == 0 && end != d {
			t.Fatalf("%s and none make %s", d, end)
		}
	})
}

// The working days around any day are the nearest ones.
func TestNearestWorkingDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		c := anyCalendar(d).Draw(t, "calendar")
		before, after := c.OnOrBefore(d), c.OnOrAfter(d)
		if !c.IsWorkday(before) || !c.IsWorkday(after) || before.After(d) || after.Before(d) {
			t.Fatalf("around %s: %s and %s", d, before, after)
		}
		for x := before.AddDays(1); x.Before(after); x = x.AddDays(1) {
			if c.IsWorkday(x) {
				t.Fatalf("%s lies between %s and %s", x, before, after)
			}
		}
	})
}
