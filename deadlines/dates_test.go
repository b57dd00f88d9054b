package deadlines_test

import (
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

func day(t testing.TB, s string) casefile.Date {
	t.Helper()
	d, err := casefile.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var monToFri = []time.Weekday{1, 2, 3, 4, 5}

// term reads a term that is known to be one.
func term(t testing.TB, s string) deadlines.Term {
	t.Helper()
	v, err := deadlines.ParseTerm(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func calendar(t testing.TB, holidays []string, closed ...deadlines.Span) *deadlines.Calendar {
	t.Helper()
	c, err := deadlines.NewCalendar(monToFri, holidays, closed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// procedure returns the policy of the published procedure, with the holidays.
func procedure(t testing.TB, holidays []string) *deadlines.Policy {
	t.Helper()
	return &deadlines.Policy{
		Zone: time.UTC,
		Versions: []deadlines.Version{{
			From: day(t, "2020-01-01"),
			Terms: map[deadlines.Name]deadlines.Term{
				deadlines.Acknowledge: term(t, "5 workdays"),
				deadlines.Inform:      term(t, "10 workdays"),
				deadlines.Close:       term(t, "4 weeks"),
			},
			Archive:  term(t, "5 years"),
			Roll:     deadlines.Stay,
			Calendar: calendar(t, holidays),
		}},
	}
}

// The dates that were worked out by hand for the procedure: receipt, then
// acknowledge, inform, close, and the day by which to close.
func TestCheckedDates(t *testing.T) {
	for _, line := range []string{
		"2025-04-17 2025-04-25 2025-05-02 2025-05-15 2025-05-15",
		"2025-12-31 2026-01-08 2026-01-15 2026-01-28 2026-01-28",
		"2026-02-28 2026-03-06 2026-03-13 2026-03-28 2026-03-27",
		"2026-03-09 2026-03-16 2026-03-23 2026-04-06 2026-04-03",
		"2026-05-04 2026-05-11 2026-05-19 2026-06-01 2026-06-01",
		"2026-11-22 2026-11-27 2026-12-04 2026-12-20 2026-12-18",
	} {
		f := strings.Fields(line)
		rows := procedure(t, deadlines.DefaultHolidays()).Terms(day(t, f[0]))
		got := []string{rows[0].Start.String()}
		for _, r := range rows {
			got = append(got, r.Due.String())
		}
		got = append(got, rows[2].DoBy.String())
		if g := strings.Join(got, " "); g != line {
			t.Errorf("got  %s\nwant %s", g, line)
		}
	}
}

// The same with all nine holidays of the Algemene termijnenwet.
func TestCheckedDatesAllNine(t *testing.T) {
	for _, line := range []string{
		"2026-03-27 2026-04-07 2026-04-14",
		"2026-05-04 2026-05-12 2026-05-20",
		"2027-04-29 2027-05-10 2027-05-18",
	} {
		f := strings.Fields(line)
		rows := procedure(t, []string{"Algemene Termijnenwet"}).Terms(day(t, f[0]))
		if got := f[0] + " " + rows[0].Due.String() + " " + rows[1].Due.String(); got != line {
			t.Errorf("got  %s\nwant %s", got, line)
		}
	}
}
