package deadlines_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"klacht/deadlines"
)

// Why names the strongest reason: a holiday before a weekday, a weekday before
// the firm's own closing days.
func TestWhyADayIsOff(t *testing.T) {
	c := calendar(t, []string{"algemene termijnenwet"}, deadlines.Span{First: day(t, "2026-07-18"), Last: day(t, "2026-07-31")},
		deadlines.Span{First: day(t, "2026-12-24"), Last: day(t, "2026-12-24")})
	kinds := map[deadlines.OffKind]string{deadlines.WorkingDay: "working", deadlines.OffHoliday: "holiday", deadlines.OffClosed: "closed", deadlines.OffWeekday: "weekday"}
	for _, line := range []string{
		"2026-01-01 holiday Nieuwjaarsdag", "2026-04-03 holiday Goede Vrijdag", "2026-04-05 weekday", "2026-04-06 holiday Tweede Paasdag",
		"2026-04-27 holiday Koningsdag", "2026-05-05 holiday Bevrijdingsdag", "2026-05-14 holiday Hemelvaartsdag", "2026-05-24 weekday",
		"2026-05-25 holiday Tweede Pinksterdag", "2026-12-25 holiday Eerste Kerstdag", "2026-12-26 holiday Tweede Kerstdag",
		"2026-12-24 closed", "2026-12-23 working", "2026-12-28 working",
		"2026-07-17 working", "2026-07-18 weekday", "2026-07-20 closed", "2026-07-31 closed", "2026-08-01 weekday", "2026-08-03 working",
	} {
		f := strings.SplitN(line, " ", 2)
		off := c.Why(day(t, f[0]))
		if got := strings.TrimSpace(kinds[off.Kind] + " " + off.Holiday); got != f[1] {
			t.Errorf("%s is %s, want %s", f[0], got, f[1])
		}
		if c.IsWorkday(day(t, f[0])) != (f[1] == "working") {
			t.Errorf("%s: IsWorkday disagrees with Why", f[0])
		}
	}
}

// Default 2: Koningsdag is on the 26th where the 27th is a Sunday.
func TestKoningsdagOnASunday(t *testing.T) {
	c, err := deadlines.NewCalendar([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, []string{"koningsdag"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"2025-04-26 off", "2025-04-27 on", "2031-04-26 off", "2031-04-27 on", "2036-04-26 off",
		"2026-04-27 off", "2026-04-26 on", "2024-04-27 off", "2024-04-26 on", "2027-04-27 off",
	} {
		f := strings.Fields(line)
		if c.IsWorkday(day(t, f[0])) != (f[1] == "on") {
			t.Errorf("%s should be %s", f[0], f[1])
		}
	}
}

// Default 2: Goede Vrijdag and Bevrijdingsdag are worked, unless the policy
// lists them.
func TestHolidaysThatAreListedAndThoseThatAreNot(t *testing.T) {
	for _, c := range []struct {
		listed []string
		day    string
		off    bool
	}{
		{deadlines.DefaultHolidays(), "2026-04-03", false},
		{deadlines.DefaultHolidays(), "2026-05-05", false},
		{append([]string{"goede vrijdag"}, deadlines.DefaultHolidays()...), "2026-04-03", true},
		{append([]string{"bevrijdingsdag"}, deadlines.DefaultHolidays()...), "2026-05-05", true},
		{[]string{"GOEDE-VRIJDAG"}, "2026-04-03", true},
		{[]string{" Goede  Vrijdag "}, "2026-04-03", true},
		{[]string{"Algemene termijnenwet"}, "2026-05-05", true},
		{nil, "2026-12-25", false},
		{[]string{"eerste kerstdag"}, "2026-12-25", true},
	} {
		if got := !calendar(t, c.listed).IsWorkday(day(t, c.day)); got != c.off {
			t.Errorf("with %v, %s is off: %v", c.listed, c.day, got)
		}
	}
	sundays, err := deadlines.NewCalendar([]time.Weekday{0}, []string{"eerste paasdag", "eerste pinksterdag"}, nil)
	if err != nil || sundays.IsWorkday(day(t, "2026-04-05")) || sundays.IsWorkday(day(t, "2026-05-24")) || !sundays.IsWorkday(day(t, "2026-05-31")) {
		t.Errorf("Easter Sunday and Whit Sunday, %v", err)
	}
}

func TestEveryHolidayNameCanBeListed(t *testing.T) {
	for _, name := range append(deadlines.HolidayNames(), deadlines.DefaultHolidays()...) {
		c := calendar(t, []string{name})
		n := 0
		for d := day(t, "2029-01-01"); d.Year == 2029; d = d.AddDays(1) {
			if c.Why(d).Kind == deadlines.OffHoliday {
				n++
			}
		}
		if want := map[bool]int{true: 9, false: 1}[name == "algemene termijnenwet"]; n != want {
			t.Errorf("%s: %d days in 2029, want %d", name, n, want)
		}
	}
}

func TestCalendarsThatAreRefused(t *testing.T) {
	span := func(first, last string) []deadlines.Span {
		return []deadlines.Span{{First: day(t, first), Last: day(t, last)}}
	}
	for _, c := range []struct {
		what     string
		weekdays []time.Weekday
		holidays []string
		closed   []deadlines.Span
		want     string
	}{
		{"no working day", nil, nil, nil, "no working days"},
		{"an unknown holiday", monToFri, []string{"sinterklaas"}, nil, `"sinterklaas"`},
		{"an empty holiday", monToFri, []string{""}, nil, `""`},
		{"closed backwards", monToFri, nil, span("2026-08-02", "2026-08-01"), "2026-08-02..2026-08-01"},
		{"closed for more than a year", monToFri, nil, span("2026-01-01", "2027-01-02"), "more than 366 days"},
	} {
		if _, err := deadlines.NewCalendar(c.weekdays, c.holidays, c.closed); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	if _, err := deadlines.NewCalendar(monToFri, nil, span("2026-01-01", "2027-01-01")); err != nil {
		t.Errorf("closed for 366 days: %v", err)
	}
}

// The day itself is day 0, whatever day it is.
func TestCountingWorkdays(t *testing.T) {
	c := calendar(t, deadlines.DefaultHolidays())
	for _, line := range []string{
		"2026-03-02  0 2026-03-02", "2026-03-07  0 2026-03-07", "2026-03-02  1 2026-03-03", "2026-03-06  1 2026-03-09",
		"2026-03-07  1 2026-03-09", "2026-03-08  1 2026-03-09", "2026-04-02  2 2026-04-07", "2026-12-24  1 2026-12-28",
		"2026-12-31  1 2027-01-04", "2026-04-24  1 2026-04-28", "2025-04-24  2 2025-04-28",
	} {
		var from, want string
		var n int
		fmt.Sscan(line, &from, &n, &want)
		if got := c.Add(day(t, from), n); got.String() != want {
			t.Errorf("%s and %d working days make %s, want %s", from, n, got, want)
		}
	}
	for _, line := range []string{
		"2026-03-06 2026-03-09  1", "2026-03-09 2026-03-06 -1", "2026-03-07 2026-03-08  0", "2026-03-02 2026-03-02  0", "2026-04-02 2026-04-07  2",
	} {
		var a, b string
		var want int
		fmt.Sscan(line, &a, &b, &want)
		if got := c.Between(day(t, a), day(t, b)); got != want {
			t.Errorf("between %s and %s are %d working days, want %d", a, b, got, want)
		}
	}
}

// Default 4: a term in weeks stays on its date; the policy may say otherwise.
func TestTermThatEndsOnADayOff(t *testing.T) {
	for _, c := range []struct {
		roll                deadlines.Roll
		received, due, doBy string
	}{
		{deadlines.Stay, "2026-11-22", "2026-12-20", "2026-12-18"},
		{deadlines.Next, "2026-11-22", "2026-12-21", "2026-12-21"},
		{deadlines.Previous, "2026-11-22", "2026-12-18", "2026-12-18"},
		{deadlines.Stay, "2026-03-09", "2026-04-06", "2026-04-03"},
		{deadlines.Next, "2026-03-09", "2026-04-07", "2026-04-07"},
		{deadlines.Previous, "2026-03-09", "2026-04-03", "2026-04-03"},
		{deadlines.Next, "2026-03-02", "2026-03-30", "2026-03-30"},
		{deadlines.Previous, "2026-03-02", "2026-03-30", "2026-03-30"},
	} {
		p := policy(t, "close 4 weeks; archive 5 years")
		p.Versions[0].Roll = c.roll
		if r := p.Terms(day(t, c.received))[0]; r.Due.String() != c.due || r.DoBy.String() != c.doBy {
			t.Errorf("%s %s: %s, do by %s; want %s, do by %s", c.roll, c.received, r.Due, r.DoBy, c.due, c.doBy)
		}
	}
}

// Where no working day lies between receipt and the end, that of receipt is the
// day to act, or else the end itself: never a day before the complaint came in.
func TestDoByIsNeverBeforeReceipt(t *testing.T) {
	p := policy(t, "acknowledge 48 hours; archive 5 years")
	for _, line := range []string{
		"2026-05-01 2026-05-03 2026-05-01", "2026-05-02 2026-05-04 2026-05-04", "2026-04-30 2026-05-02 2026-05-01", "2026-05-04 2026-05-06 2026-05-06",
	} {
		f := strings.Fields(line)
		if r := p.Terms(day(t, f[0]))[0]; r.Due.String() != f[1] || r.DoBy.String() != f[2] {
			t.Errorf("received %s: %s, do by %s; want %s", f[0], r.Due, r.DoBy, line)
		}
	}
}

// LodgeFrom and Latest are the limits at both ends of a complaint.
func TestLimitsOfAPolicy(t *testing.T) {
	p := policy(t, "close 4 weeks; most 3 months; lodge 1 year; archive 5 years")
	if got := p.Room(day(t, "2026-11-30")).Latest.String(); got != "2027-02-28" {
		t.Errorf("latest %s", got)
	}
	if got := p.LodgeFrom(day(t, "2025-03-01")).String(); got != "2024-03-01" {
		t.Errorf("lodge from %s", got)
	}
	free := policy(t, "close 4 weeks; archive 5 years")
	if !free.Room(day(t, "2026-11-30")).Latest.IsZero() || !free.LodgeFrom(day(t, "2026-11-30")).IsZero() {
		t.Error("a policy without limits has limits")
	}
}
