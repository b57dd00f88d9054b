package casefile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	casefile "klacht/case"

	"pgregory.net/rapid"
)

func date(t testing.TB, s string) casefile.Date {
	t.Helper()
	d, err := casefile.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParseDateTakesOneFormOnly(t *testing.T) {
	for _, s := range []string{"1900-01-01", "2024-02-29", "2026-04-01", "9998-12-31"} {
		if d, err := casefile.ParseDate(s); err != nil || d.String() != s {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", " ", "2026-02-30", "2025-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
		"2026-2-3", "26-02-03", "20260203", "2026/02/03", "2026.02.03", "03-02-2026", "2026-034",
		" 2026-02-03", "2026-02-03 ", "2026-02-03\n", "2026-02-03T10:00", "2026-02-03Z",
		"1899-12-31", "9999-01-01", "-026-01-01", "２０２６-02-03", "2026–02–03", "vandaag",
	} {
		if d, err := casefile.ParseDate(s); err == nil || !d.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v; want an error and no date", s, d, err)
		}
	}
}

// R14, and terms in months: a day that does not exist becomes the last day of
// its month, never a day in the next.
func TestMonthsEndOnTheirLastDay(t *testing.T) {
	for _, line := range []string{
		"2026-01-31   1 2026-02-28",
		"2028-01-31   1 2028-02-29",
		"2026-01-30   1 2026-02-28",
		"2026-01-28   1 2026-02-28",
		"2026-03-31   1 2026-04-30",
		"2026-08-31  13 2027-09-30",
		"2026-12-15   1 2027-01-15",
		"2026-11-30   3 2027-02-28",
		"2026-03-31  -1 2026-02-28",
		"2026-01-31  -2 2025-11-30",
		"2026-01-15 -12 2025-01-15",
		"2024-02-29  12 2025-02-28",
		"2024-02-29  48 2028-02-29",
		"2026-05-31   0 2026-05-31",
	} {
		var from, want string
		var n int
		fmt.Sscan(line, &from, &n, &want)
		if got := date(t, from).AddMonths(n); got.String() != want {
			t.Errorf("%s and %d months make %s, want %s", from, n, got, want)
		}
	}
}

// R14: five years from 29 February end on 28 February.
func TestYearsFromLeapDay(t *testing.T) {
	for _, line := range []string{
		"2024-02-29  5 2029-02-28",
		"2024-02-29  4 2028-02-29",
		"2024-02-29  1 2025-02-28",
		"2024-02-29 -1 2023-02-28",
		"2023-02-28  5 2028-02-28",
		"2096-02-29  4 2100-02-28",
		"2026-12-31  5 2031-12-31",
	} {
		var from, want string
		var n int
		fmt.Sscan(line, &from, &n, &want)
		if got := date(t, from).AddYears(n); got.String() != want {
			t.Errorf("%s and %d years make %s, want %s", from, n, got, want)
		}
	}
}

func TestAddDaysGoesOverMonthsYearsAndClockChanges(t *testing.T) {
	for _, line := range []string{
		"2026-03-28  1 2026-03-29",
		"2026-03-29  1 2026-03-30",
		"2026-10-24  2 2026-10-26",
		"2026-10-10 28 2026-11-07",
		"2026-12-31  1 2027-01-01",
		"2028-02-28  1 2028-02-29",
		"2027-02-28  1 2027-03-01",
		"2026-03-01 -1 2026-02-28",
	} {
		var from, want string
		var n int
		fmt.Sscan(line, &from, &n, &want)
		if got := date(t, from).AddDays(n); got.String() != want {
			t.Errorf("%s and %d days make %s, want %s", from, n, got, want)
		}
		if got := date(t, from).DaysUntil(date(t, want)); got != n {
			t.Errorf("from %s to %s are %d days, want %d", from, want, got, n)
		}
	}
}

func anyDate() *rapid.Generator[casefile.Date] {
	return rapid.Custom(func(t *rapid.T) casefile.Date {
		return casefile.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(-20000, 40000).Draw(t, "days"))
	})
}

func TestDatesAgreeWithThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate().Draw(t, "date"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		later := d.AddDays(n)
		if got := d.DaysUntil(later); got != n {
			t.Fatalf("%s to %s: %d days, want %d", d, later, got, n)
		}
		if d.Before(later) != (n > 0) || d.After(later) != (n < 0) || (d == later) != (n == 0) {
			t.Fatalf("order of %s and %s", d, later)
		}
		if (d.String() < later.String()) != d.Before(later) {
			t.Fatalf("%s and %s sort otherwise as text", d, later)
		}
		if back, err := casefile.ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s reads back as %s, %v", d, back, err)
		}
		if m := d.AddMonths(n % 500); m.Day > d.Day || m.Day < min(d.Day, 28) {
			t.Fatalf("%s and %d months make %s", d, n%500, m)
		}
	})
}

func TestNoDateIsNoDate(t *testing.T) {
	var d casefile.Date
	if !d.IsZero() || d.String() != "" || !d.Before(date(t, "1900-01-01")) {
		t.Errorf("the zero date: IsZero %v, String %q", d.IsZero(), d)
	}
}

// R2: a mail counts for the day that it is in the zone of the firm.
func TestMomentHasTheDateOfTheFirm(t *testing.T) {
	ams := zone(t, "Europe/Amsterdam")
	for _, c := range []struct{ in, date, out string }{
		{"2026-04-01", "2026-04-01", "2026-04-01"},
		{"2026-04-01T22:30:00Z", "2026-04-02", "2026-04-02T00:30:00+02:00"},
		{"2026-04-01T21:59:59Z", "2026-04-01", "2026-04-01T23:59:59+02:00"},
		{"2026-12-31T23:15:00Z", "2027-01-01", "2027-01-01T00:15:00+01:00"},
		{"2026-05-01T05:00:00+14:00", "2026-04-30", "2026-04-30T17:00:00+02:00"},
		{"2026-11-20T16:40:11+01:00", "2026-11-20", "2026-11-20T16:40:11+01:00"},
		{"2026-11-20T16:40:11.987+01:00", "2026-11-20", "2026-11-20T16:40:11+01:00"},
		{"2026-11-20T16:40", "2026-11-20", "2026-11-20T16:40:00+01:00"},
		{"2026-11-20 16:40", "2026-11-20", "2026-11-20T16:40:00+01:00"},
		{"2026-07-01T00:30:15", "2026-07-01", "2026-07-01T00:30:15+02:00"},
		// The clock goes forward on 29 March 2026, from 02:00 to 03:00.
		{"2026-03-29T01:59", "2026-03-29", "2026-03-29T01:59:00+01:00"},
		{"2026-03-29T03:00", "2026-03-29", "2026-03-29T03:00:00+02:00"},
		{"2026-03-28T23:59:00-05:00", "2026-03-29", "2026-03-29T06:59:00+02:00"},
		{"2026-03-28T22:59:59Z", "2026-03-28", "2026-03-28T23:59:59+01:00"},
		{"2026-03-29T22:00:00Z", "2026-03-30", "2026-03-30T00:00:00+02:00"},
		// It goes back on 25 October 2026, from 03:00 to 02:00.
		{"2026-10-24T22:00:00Z", "2026-10-25", "2026-10-25T00:00:00+02:00"},
		{"2026-10-25T00:30:00Z", "2026-10-25", "2026-10-25T02:30:00+02:00"},
		{"2026-10-25T01:30:00Z", "2026-10-25", "2026-10-25T02:30:00+01:00"},
		{"2026-10-25T22:59:59Z", "2026-10-25", "2026-10-25T23:59:59+01:00"},
		{"2026-10-25T23:00:00Z", "2026-10-26", "2026-10-26T00:00:00+01:00"},
	} {
		m, err := casefile.ParseMoment(c.in, ams)
		if err != nil || m.Date.String() != c.date || m.String() != c.out {
			t.Errorf("ParseMoment(%q) = %s on %s, %v; want %s on %s", c.in, m, m.Date, err, c.out, c.date)
		}
	}
}

// The hour that does not exist and the hour that comes twice are still on the
// day that the person wrote.
func TestHoursOfTheClockChangeKeepTheirDay(t *testing.T) {
	for _, s := range []string{"2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59", "2026-10-25T02:00", "2026-10-25T02:59"} {
		m, err := casefile.ParseMoment(s, zone(t, "Europe/Amsterdam"))
		if err != nil || m.Date.String() != s[:10] || m.Time.IsZero() {
			t.Errorf("ParseMoment(%q) = %s, %v", s, m, err)
		}
	}
}

func TestMomentRefusesWhatIsNoMoment(t *testing.T) {
	for _, s := range []string{
		"", "10:00", "morgen", "2026-02-30", "2026-02-30T10:00", "2026-04-01T24:00", "2026-04-01T10:60", "2026-04-01T10",
		"2026-04-01TT10:00", "2026-04-01T", "01-04-2026T10:00", "2026-04-01T10:00 uur", "1899-12-31T10:00", "9999-01-01T10:00",
		"2026-04-01T10:00:00+0200",
	} {
		if m, err := casefile.ParseMoment(s, time.UTC); err == nil || !m.IsZero() {
			t.Errorf("ParseMoment(%q) = %s, %v; want an error and no moment", s, m, err)
		}
	}
}

// A step of which only the day is known keeps no time of day.
func TestDayWithoutTime(t *testing.T) {
	day, _ := casefile.ParseMoment("2026-04-01", time.UTC)
	clock, _ := casefile.ParseMoment("2026-04-01T09:05", time.UTC)
	if day.Clock() != "" || !day.Time.IsZero() || clock.Clock() != "09:05" {
		t.Errorf("clocks %q and %q", day.Clock(), clock.Clock())
	}
	if (casefile.Moment{}).String() != "" || !(casefile.Moment{}).IsZero() {
		t.Error("no moment is not written as nothing")
	}
}

func TestMomentReadsBackAsWritten(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Amsterdam"), time.UTC, zone(t, "Pacific/Kiritimati"), zone(t, "America/Los_Angeles")}
	first, last := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		m := casefile.MomentOf(time.Unix(rapid.Int64Range(first, last).Draw(t, "unix"), 5).UTC(), z)
		back, err := casefile.ParseMoment(m.String(), z)
		if err != nil || back.Date != m.Date || !back.Time.Equal(m.Time) || back.String() != m.String() {
			t.Fatalf("%s reads back as %s, %v", m, back, err)
		}
		if !strings.HasPrefix(m.String(), m.Date.String()) {
			t.Fatalf("%s is not on %s", m, m.Date)
		}
	})
}
