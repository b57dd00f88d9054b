package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
)

// zones are where the machine may think it is.
var zones = []string{"UTC", "Europe/Amsterdam", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles",
	"America/St_Johns", "Africa/Cairo", "Atlantic/Azores", "Asia/Kathmandu", "Australia/Lord_Howe", ":/no/such/zone", ""}

// arrivals are moments in Amsterdam at which the day is easily taken for
// another, with the dates that follow: on the ends of days and on both changes
// of the clock.
var arrivals = []struct {
	stamp                         string // of the server
	local                         string // the same, as told by hand
	received, ack, inform, closes string
}{
	// with the clock going forward in the night of Sunday 29 March (Easter Monday is 6 April)
	{"Sat, 28 Mar 2026 00:30:00 +0100", "2026-03-28T00:30", "2026-03-28", "2026-04-03", "2026-04-13", "2026-04-25"},
	{"Sat, 28 Mar 2026 23:30:00 +0100", "2026-03-28T23:30", "2026-03-28", "2026-04-03", "2026-04-13", "2026-04-25"},
	{"Sat, 28 Mar 2026 23:30:00 +0000", "2026-03-29T00:30", "2026-03-29", "2026-04-03", "2026-04-13", "2026-04-26"},
	{"Sun, 29 Mar 2026 01:30:00 +0100", "2026-03-29T01:30", "2026-03-29", "2026-04-03", "2026-04-13", "2026-04-26"},
	{"Sun, 29 Mar 2026 03:30:00 +0200", "2026-03-29T03:30", "2026-03-29", "2026-04-03", "2026-04-13", "2026-04-26"},
	{"Sun, 29 Mar 2026 23:30:00 +0200", "2026-03-29T23:30", "2026-03-29", "2026-04-03", "2026-04-13", "2026-04-26"},
	{"Sun, 29 Mar 2026 22:30:00 +0000", "2026-03-30T00:30", "2026-03-30", "2026-04-07", "2026-04-14", "2026-04-27"},
	// with the clock going back in the night of Sunday 25 October
	{"Fri, 23 Oct 2026 22:30:00 +0000", "2026-10-24T00:30", "2026-10-24", "2026-10-30", "2026-11-06", "2026-11-21"},
	{"Sat, 24 Oct 2026 23:30:00 +0200", "2026-10-24T23:30", "2026-10-24", "2026-10-30", "2026-11-06", "2026-11-21"},
	{"Sat, 24 Oct 2026 22:30:00 +0000", "2026-10-25T00:30", "2026-10-25", "2026-10-30", "2026-11-06", "2026-11-22"},
	{"Sun, 25 Oct 2026 02:30:00 +0200", "2026-10-25T02:30", "2026-10-25", "2026-10-30", "2026-11-06", "2026-11-22"},
	{"Sun, 25 Oct 2026 02:30:00 +0100", "2026-10-25T02:30", "2026-10-25", "2026-10-30", "2026-11-06", "2026-11-22"},
	{"Sun, 25 Oct 2026 23:30:00 +0100", "2026-10-25T23:30", "2026-10-25", "2026-10-30", "2026-11-06", "2026-11-22"},
	{"Sun, 25 Oct 2026 23:30:00 +0000", "2026-10-26T00:30", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-23"},
	// as servers far away write what is 00:30 and 23:30 here
	{"Wed, 04 Nov 2026 15:30:00 -0800", "2026-11-05T00:30", "2026-11-05", "2026-11-12", "2026-11-19", "2026-12-03"},
	{"Fri, 06 Nov 2026 12:30:00 +1400", "2026-11-05T23:30", "2026-11-05", "2026-11-12", "2026-11-19", "2026-12-03"},
}

// inZone returns the register as a machine in another time zone sees it.
func (s *site) inZone(zone string) *site {
	there := *s
	there.env = append(s.env[:len(s.env):len(s.env)], "TZ="+zone)
	return &there
}

func (s *site) json(to any, stdin string, args ...string) {
	s.t.Helper()
	r := s.run(stdin, append(args, "--json")...)
	if r.code != 0 {
		s.t.Fatalf("klacht %v: exit %d\n%s%s", args, r.code, r.out, r.err)
	}
	if err := json.Unmarshal([]byte(r.out), to); err != nil {
		s.t.Fatalf("klacht %v: %v\n%s", args, err, r.out)
	}
}

type receiptTold struct {
	ID, Received string
	Terms        []struct{ Term, Due string }
}

func (r receiptTold) String() string {
	s := r.Received
	for _, term := range r.Terms {
		if term.Due != "" { // it runs from receipt
			s += " " + term.Due
		}
	}
	return s
}

// Due dates are the same wherever the machine thinks it is.
func TestDatesAreTheSameInEveryZone(t *testing.T) {
	for _, zone := range zones {
		t.Run(strings.ReplaceAll(zone, "/", " "), func(t *testing.T) {
			t.Parallel()
			s := newSite(t).inZone(zone)
			var days []string
			for i, a := range arrivals {
				days = append(days, a.received)
				want := strings.Join([]string{a.received, a.ack, a.inform, a.closes}, " ")
				var got receiptTold
				s.json(&got, complaintMail(fmt.Sprint("mail", i), a.stamp), "new", "-")
				if got.String() != want {
					t.Errorf("a mail of %s: got %s, want %s", a.stamp, got, want)
				}
				s.json(&got, "", "new", "--received", a.local, "--name", "Naam", "--subject", "Iets")
				if got.String() != want {
					t.Errorf("received %s: got %s, want %s", a.local, got, want)
				}
			}
			var terms []receiptTold
			s.json(&terms, "", append([]string{"terms"}, days...)...)
			for i, a := range arrivals {
				if want := strings.Join([]string{a.received, a.ack, a.inform, a.closes}, " "); terms[i].String() != want {
					t.Errorf("terms: got %s, want %s", terms[i], want)
				}
			}
			if out := s.must("show", "2026-0001", "--json"); !strings.Contains(out, "2026-03-28T00:30:00+01:00") {
				t.Errorf("the stamp is not told in the firm's own time: %s", out)
			}
		})
	}
}

// What is due on a day is so from its first minute to its last, wherever the
// machine thinks it is.
func TestDueIsTheSameInEveryZone(t *testing.T) {
	s := newSite(t)
	s.must("new", "--received", "2026-03-28", "--name", "Voorjaar", "--subject", "Iets", "--today", "2026-03-28")
	s.must("new", "--received", "2026-10-24", "--name", "Najaar", "--subject", "Iets", "--today", "2026-10-24")
	type action struct {
		ID, Action, Due, State string
		Workdays               int `json:"workdays_left"`
	}
	type told struct {
		Today   string
		Actions []action
	}
	for day, want := range map[string][]action{ // of the first in March, of the second in October
		"2026-03-28": {{"2026-0001", "acknowledge", "2026-04-03", "upcoming", 5}},
		"2026-03-29": {{"2026-0001", "acknowledge", "2026-04-03", "upcoming", 5}},
		"2026-03-30": {{"2026-0001", "acknowledge", "2026-04-03", "upcoming", 4}},
		"2026-04-03": {{"2026-0001", "acknowledge", "2026-04-03", "today", 0}},
		"2026-04-04": {{"2026-0001", "acknowledge", "2026-04-03", "overdue", 0}},
		"2026-10-24": {{"2026-0002", "acknowledge", "2026-10-30", "upcoming", 5}},
		"2026-10-25": {{"2026-0002", "acknowledge", "2026-10-30", "upcoming", 5}},
		"2026-10-26": {{"2026-0002", "acknowledge", "2026-10-30", "upcoming", 4}},
		"2026-10-30": {{"2026-0002", "acknowledge", "2026-10-30", "today", 0}},
		"2026-10-31": {{"2026-0002", "acknowledge", "2026-10-30", "overdue", 0}},
	} {
		for _, clock := range []string{"", "T00:30", "T23:30"} {
			for _, zone := range []string{"UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Africa/Cairo", "Atlantic/Azores"} {
				var got told
				s.inZone(zone).json(&got, "", "due", "--today", day+clock)
				if got.Today != day {
					t.Errorf("%s in %q: today is %s", day+clock, zone, got.Today)
				}
				for _, w := range want {
					found := false
					for _, a := range got.Actions {
						found = found || a == w
					}
					if !found {
						t.Errorf("%s in %q: want %v among %v", day+clock, zone, w, got.Actions)
					}
				}
			}
		}
	}
}

// The clock of the machine is an instant; which day it is, the firm's own zone
// says.
func TestClockIsReadInTheFirmsZone(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ utc, today string }{
		{"2026-03-28T23:30:00Z", "2026-03-29"}, // 00:30 in winter time
		{"2026-03-29T21:30:00Z", "2026-03-29"}, // 23:30 in summer time
		{"2026-03-29T22:30:00Z", "2026-03-30"},
		{"2026-10-24T21:30:00Z", "2026-10-24"},
		{"2026-10-24T22:30:00Z", "2026-10-25"},
		{"2026-10-25T22:30:00Z", "2026-10-25"}, // 23:30, an hour after it would have been in summer time
		{"2026-10-25T23:30:00Z", "2026-10-26"},
	} {
		instant, err := time.Parse(time.RFC3339, tt.utc)
		if err != nil {
			t.Fatal(err)
		}
		for _, offset := range []int{0, 14, -11, 2} {
			a := &app{underWay: &underWay{}, world: world{Now: func() time.Time { return instant.In(time.FixedZone("", offset*3600)) },
				Getenv: func(string) string { return "" }}, dir: s.dir}
			a.Words = words.New("en")
			if err := a.open(); err != nil {
				t.Fatal(err)
			}
			if want, _ := casefile.ParseDate(tt.today); a.now.Date != want {
				t.Errorf("%s at UTC%+d: today is %s, want %s", tt.utc, offset, a.now.Date, want)
			}
		}
	}
}
