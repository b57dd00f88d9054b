package deadlines_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	casefile "klacht/case"
	"klacht/deadlines"
)

var zones = []string{"Europe/Amsterdam", "UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Africa/Cairo", "America/Havana", "Atlantic/Azores"}

// yearsOfDates writes every due date and every holiday of the years 2025 to
// 2027, with a calendar that is made now.
func yearsOfDates(t *testing.T) string {
	var b strings.Builder
	p := policy(t, "acknowledge 5 workdays; inform 48 hours; hear 6 weeks; close 3 months; archive 5 years")
	p.Versions[0].Calendar = calendar(t, []string{"algemene termijnenwet", "eerste paasdag", "eerste pinksterdag"})
	for d := (casefile.Date{Year: 2025, Month: 1, Day: 1}); d.Year < 2028; d = d.AddDays(1) {
		fmt.Fprint(&b, d, " ", d.Weekday(), " ", p.Versions[0].Calendar.Why(d).Holiday)
		for _, r := range p.Terms(d) {
			fmt.Fprint(&b, " ", r.Due, " ", r.DoBy)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// differ names the first line in which two texts differ.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + " | " + y[i]
		}
	}
	return "the length"
}

// Default 1: dates are civil dates; the zone of the machine does not matter.
func TestSameDatesInEveryZone(t *testing.T) {
	defer func(old *time.Location) { time.Local = old }(time.Local)
	time.Local = time.UTC
	want := yearsOfDates(t)
	for _, name := range zones {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = z
		if got := yearsOfDates(t); got != want {
			t.Errorf("in %s: %s", name, differ(got, want))
		}
	}
}

const zoneChild = "KLACHT_TEST_PRINT_DATES"

// The library of holidays takes its zone when the program starts, from TZ. So
// the same again in a program of its own: on 28 March 2027 the clock on the
// Azores skips midnight, and Easter Sunday would fall on the 27th.
func TestSameDatesWhateverTZIsAtTheStart(t *testing.T) {
	if os.Getenv(zoneChild) != "" {
		fmt.Print("<<<", yearsOfDates(t), ">>>")
		return
	}
	want := yearsOfDates(t)
	if !strings.Contains(want, "2027-03-28 Sunday Eerste Paasdag") {
		t.Error("Easter 2027 is not on 28 March here")
	}
	for _, name := range zones {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSameDatesWhateverTZIsAtTheStart$")
		cmd.Env = append(os.Environ(), zoneChild+"=1", "TZ="+name)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("in %s: %v\n%s", name, err, out)
		}
		_, rest, _ := strings.Cut(string(out), "<<<")
		got, _, _ := strings.Cut(rest, ">>>")
		if got != want {
			t.Errorf("with TZ=%s: %s", name, differ(got, want))
		}
	}
}

// One calendar may be asked by several goroutines at once (run with -race).
func TestCalendarIsSharedSafely(t *testing.T) {
	c, done := calendar(t, deadlines.DefaultHolidays()), make(chan bool)
	for g := range 8 {
		go func() {
			for n := range 200 {
				c.IsWorkday(casefile.Date{Year: 2000 + (g+n)%40, Month: 4, Day: 27})
			}
			done <- true
		}()
	}
	for range 8 {
		<-done
	}
}
