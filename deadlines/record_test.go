package deadlines_test

import (
	"fmt"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// told writes a record on one line.
func told(r deadlines.Record) string {
	var s []string
	for _, p := range r.Promises {
		s = append(s, fmt.Sprintf("%s %s %d", p.Term, p.Verdict, p.Workdays))
	}
	out := strings.Join(s, ", ")
	for _, m := range r.Steps {
		out += strings.TrimRight(fmt.Sprintf("; %s %s %s", m.Step, m.On, m.Outcome), " ")
	}
	return out
}

// A record has every promise that counts: one that was overtaken in time counts
// for nothing, one that was late by then stays late without having been met.
func TestRecordOfACase(t *testing.T) {
	const terms = "acknowledge 5 workdays; hear 2 weeks; close 4 weeks; archive 5 years"
	for _, tt := range []struct{ story, want string }{
		{"received 2026-03-02", "acknowledge overdue -1, hear overdue -1, extend overdue -1, close overdue -1"},
		{"received 2026-03-02; acknowledged 2026-03-02; heard 2026-03-05; closed 2026-03-10", "acknowledge on-time 0, hear on-time 3, close on-time 6; closed 2026-03-10 agreed"},
		{"received 2026-03-02; closed 2026-03-10", "acknowledge late 6, close on-time 6; closed 2026-03-10 agreed"},
		{"received 2026-03-02; closed 2026-03-18", "acknowledge late 12, hear late -1, close on-time 12; closed 2026-03-18 agreed"},
		{"received 2026-03-02; acknowledged 2026-03-03; heard 2026-03-05; extended 2026-03-06 until=2026-04-30; closed 2026-04-29; reopened 2026-05-01; closed 2026-05-04; referred 2026-05-05; ruled 2026-05-06; complied 2026-05-07",
			"acknowledge on-time 1, hear on-time 3, extend on-time 4, close on-time 40, close on-time 1" + // carrying out within five days is an aim, and no promise

				"; extended 2026-03-06; closed 2026-04-29 agreed; reopened 2026-05-01; closed 2026-05-04 agreed; referred 2026-05-05; ruled 2026-05-06; complied 2026-05-07"},
		{"received 2026-03-02; acknowledged 2026-03-03; heard 2026-03-03; closed 2026-03-04 mail=a.eml; undelivered 2026-03-05 letter=a.eml; closed 2026-03-06 mail=b.eml",
			"acknowledge on-time 1, hear on-time 1, close on-time 4; closed 2026-03-06 agreed"},
	} {
		c, _ := story(t, tt.story)
		if got := told(deadlines.RecordOf(c, policy(t, terms), day(t, "2027-01-01"))); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.story, got, tt.want)
		}
	}
}

func TestClosedOnADay(t *testing.T) {
	c, _ := story(t, "received 2026-03-02; closed 2026-03-10; reopened 2026-03-20; referred 2026-03-21; ruled 2026-03-22; complied 2026-03-25")
	r := deadlines.RecordOf(c, policy(t, published), day(t, "2027-01-01"))
	for on, want := range map[string]bool{"2026-03-09": false, "2026-03-10": true, "2026-03-19": true, "2026-03-20": false, "2026-03-24": false, "2026-03-25": true} {
		if closed, _ := r.ClosedOn(day(t, on)); closed != want {
			t.Errorf("%s: %t", on, closed)
		}
	}
	if _, outcome := r.ClosedOn(day(t, "2026-12-31")); outcome != casefile.Agreed {
		t.Errorf("outcome %q", outcome)
	}
}
