package casefile_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

// log makes a log of steps, a day apart from 2026-04-01. "step@9" stands on day
// 9 of April instead, wherever in the log it is written. "step=a" has the mail
// a.eml; the letter a.eml of "undelivered=a" came back.
func logOf(t testing.TB, steps string) []casefile.Entry {
	t.Helper()
	var log []casefile.Entry
	for i, word := range strings.Fields(steps) {
		d := date(t, "2026-04-01").AddDays(i)
		word, mail, _ := strings.Cut(word, "=")
		if mail != "" {
			mail += ".eml"
		}
		step, at, ok := strings.Cut(word, "@")
		if ok {
			d = date(t, "2026-04-"+("0" + at)[len(at)-1:])
		}
		e := casefile.Entry{Step: casefile.Step(step), By: "mok", At: casefile.Moment{Date: d}, Mail: mail}
		if e.Step == casefile.Moved {
			e.To = "2026-0007"
		}
		if e.Step == casefile.Undelivered {
			e.Letter, e.Mail = e.Mail, ""
		}
		log = append(log, e)
	}
	return log
}

// For every step the logs after which it can be taken, and those after which
// it cannot.
var follows = map[casefile.Step]struct{ allow, refuse []string }{
	casefile.Spoken:       {[]string{"", "received", "received closed"}, []string{"spoken", "spoken received"}},
	casefile.Received:     {[]string{"", "spoken", "spoken heard", "spoken asked noted"}, []string{"received", "spoken received", "spoken closed", "received closed reopened"}},
	casefile.Asked:        {[]string{"spoken", "received", "received asked", "received closed reopened", "received referred"}, []string{"", "received closed", "received referred ruled"}},
	casefile.Replied:      {[]string{"spoken", "received", "received closed", "received referred ruled"}, []string{""}},
	casefile.Acknowledged: {[]string{"received", "spoken received", "received proposed", "received closed reopened"}, []string{"", "spoken", "received acknowledged", "received closed", "received acknowledged closed reopened", "received referred ruled"}},
	casefile.Proposed:     {[]string{"received", "received proposed", "received referred", "received closed reopened"}, []string{"", "spoken", "received closed", "received referred ruled"}},
	casefile.Invited:      {[]string{"received", "received invited", "received closed reopened"}, []string{"", "spoken", "received closed", "received referred ruled"}},
	casefile.CalledOff:    {[]string{"received invited", "received invited invited"}, []string{"", "received", "received invited called-off", "received invited heard", "received invited closed"}},
	casefile.Wrote:        {[]string{"spoken", "received", "received closed", "received referred ruled"}, []string{""}},
	casefile.Heard:        {[]string{"spoken", "received", "received invited", "received heard"}, []string{"", "received closed", "received referred ruled"}},
	casefile.Extended:     {[]string{"received", "received extended", "received closed reopened", "received referred admitted"}, []string{"", "spoken", "received closed", "received referred ruled"}},
	casefile.Closed:       {[]string{"spoken", "received", "received closed reopened", "received referred", "received referred declined"}, []string{"", "received closed", "spoken closed", "received referred ruled", "received referred ruled complied"}},
	casefile.Reopened:     {[]string{"received closed", "spoken closed", "received closed referred", "received referred ruled complied"}, []string{"", "spoken", "received", "received closed reopened", "received closed referred ruled"}},
	casefile.Referred:     {[]string{"received", "received closed", "received referred declined", "received referred ruled complied"}, []string{"", "spoken", "spoken closed", "received referred", "received referred admitted", "received referred ruled"}},
	casefile.Admitted:     {[]string{"received referred", "received closed referred"}, []string{"", "received", "received referred admitted", "received referred declined", "received referred ruled", "received referred ruled complied"}},
	casefile.Declined:     {[]string{"received referred", "received referred admitted"}, []string{"", "received", "received referred declined", "received referred ruled"}},
	casefile.Ruled:        {[]string{"received referred", "received referred admitted", "received closed referred admitted"}, []string{"", "received", "received closed", "received referred ruled", "received referred declined", "received referred ruled complied"}},
	casefile.Complied:     {[]string{"received referred ruled", "received closed referred admitted ruled"}, []string{"", "received", "received referred", "received referred admitted", "received referred ruled complied"}},
	casefile.Held:         {[]string{"spoken", "received", "received closed", "received held released", "received referred ruled", "received held", "received held closed"}, []string{""}},
	casefile.Released:     {[]string{"received held", "received held closed", "received closed held"}, []string{"", "received", "received held released"}},
	casefile.Undelivered:  {[]string{"received acknowledged=a", "received closed=a", "received proposed=a undelivered=a", "received noted=a"}, []string{"", "received", "received acknowledged=b", "received=a", "received replied=a"}},
	casefile.Noted:        {[]string{"spoken", "received", "received closed", "received referred ruled complied"}, []string{""}},
	casefile.Moved:        {[]string{"spoken", "received", "received replied", "received moved"}, []string{""}},
}

// naming writes a step as logOf reads it; a letter that came back is a.eml.
func naming(s casefile.Step) string {
	if s == casefile.Undelivered {
		return "undelivered=a"
	}
	return string(s)
}

func TestWhichStepMayFollow(t *testing.T) {
	for _, step := range casefile.Steps() {
		rule, ok := follows[step]
		if !ok || len(rule.allow) == 0 || len(rule.refuse) == 0 {
			t.Errorf("the test says nothing about %s", step)
		}
		for _, log := range rule.allow {
			c := casefile.Case{Log: logOf(t, log+" "+naming(step))}
			if _, err := c.State(); err != nil {
				t.Errorf("%s after %q: %v", step, log, err)
			}
		}
		for _, log := range rule.refuse {
			c := casefile.Case{Log: logOf(t, log+" "+naming(step))}
			_, err := c.State()
			var order *casefile.OrderError
			if !errors.As(err, &order) || order.Index != len(c.Log)-1 {
				t.Errorf("%s after %q: %v; want it refused as the last entry", step, log, err)
			}
			if log == "" {
				continue
			}
			before := casefile.Case{Log: c.Log[:len(c.Log)-1]}
			if _, err := before.State(); err != nil {
				t.Errorf("the log %q is itself wrong: %v", log, err)
			}
			if before.Allows(c.Log[len(c.Log)-1]) == nil {
				t.Errorf("Allows takes %s after %q", step, log)
			}
		}
	}
}

func TestWhereACaseStands(t *testing.T) {
	for _, c := range []struct {
		log        string
		status     casefile.Status
		settled    string
		archivable bool
	}{
		{"spoken", "spoken", "", false},
		{"spoken heard asked", "spoken", "", false},
		{"spoken received", "open", "", false},
		{"received acknowledged proposed noted", "open", "", false},
		{"received closed", "closed", "2026-04-02", true},
		{"spoken closed", "closed", "2026-04-02", true},
		{"received closed noted replied", "closed", "2026-04-02", false}, // somebody has to read it
		{"received closed replied noted", "closed", "2026-04-02", true},
		{"received closed=a replied wrote", "closed", "2026-04-02", true},
		{"received closed reopened", "open", "2026-04-02", false},
		{"received closed reopened closed", "closed", "2026-04-04", true},
		{"received closed held", "closed", "2026-04-02", false},
		{"received closed held released", "closed", "2026-04-02", true},
		{"received held", "open", "", false},
		{"received referred", "referred", "", false},
		{"received closed referred", "referred", "2026-04-02", false},
		{"received closed referred admitted", "admitted", "2026-04-02", false},
		{"received closed referred declined", "closed", "2026-04-02", true},
		{"received referred admitted declined", "open", "", false},
		{"received closed referred ruled", "ruled", "2026-04-02", false},
		{"received closed referred ruled complied", "closed", "2026-04-05", true},
		{"received referred admitted ruled complied", "closed", "2026-04-05", true},
		{"received referred closed", "referred", "2026-04-03", false},
		{"received closed referred ruled complied reopened", "open", "2026-04-05", false},
		{"received closed=a undelivered=a", "open", "", false},
		{"received closed=a undelivered=a closed", "closed", "2026-04-04", true},
		{"received closed=a reopened undelivered=a", "open", "2026-04-02", false},
		{"received closed=a reopened closed=b undelivered=a", "closed", "2026-04-04", true},
		{"received closed=a reopened closed=b undelivered=b", "open", "2026-04-02", false},
		{"received closed=a referred undelivered=a", "referred", "", false},
		{"received closed=a referred undelivered=a declined", "open", "", false},
		{"received closed=a held undelivered=a", "open", "", false},
		{"received closed referred ruled complied=a undelivered=a", "ruled", "2026-04-02", false},
		{"received closed referred ruled complied=a referred undelivered=a", "referred", "2026-04-05", false},
		{"received closed referred ruled=a undelivered=a", "ruled", "2026-04-02", false},
		{"received acknowledged=a undelivered=a acknowledged", "open", "", false},
		{"received acknowledged=a undelivered=a acknowledged=b undelivered=b acknowledged", "open", "", false},
		{"received closed=a undelivered=a undelivered=a", "open", "", false},
	} {
		s, err := (&casefile.Case{Log: logOf(t, c.log)}).State()
		if err != nil || s.Status() != c.status || s.Settled.String() != c.settled || s.Archivable() != c.archivable {
			t.Errorf("%s: %s, settled %q, archivable %v, %v", c.log, s.Status(), s.Settled, s.Archivable(), err)
		}
	}
}

// A step that was written down late counts for the day on which it happened.
func TestStepsWrittenDownLate(t *testing.T) {
	for _, c := range []struct {
		log    string
		status casefile.Status
		bad    int // index of the entry that cannot stand there; -1 for none
	}{
		{"received@1 closed@9 proposed@5", "closed", -1},
		{"received@1 closed@9 heard@9", "closed", 2},
		{"received@1 closed@5 proposed@9", "closed", 2},
		{"received@1 closed@5 reopened@9 proposed@7", "", 3},
		{"received@1 closed@5 proposed@9 reopened@7", "open", -1},
		{"received@3 spoken@1", "open", -1},
		{"received@1 spoken@3", "open", -1}, // the mail came before the call
		{"received@3 acknowledged@1", "", 1},
		{"closed@9 received@1", "closed", -1},
		{"received@1 closed@9 acknowledged@3 acknowledged@5", "", 3},
		{"received@1 acknowledged@5 acknowledged@3", "", 1},
		{"received@1 held@7 released@5", "", 2},
		{"received@1 released@7 held@5", "open", -1},
		{"received@1 ruled@8 referred@3 admitted@5", "ruled", -1},
		{"received@1 referred@3 ruled@5 admitted@8", "", 3},
	} {
		s, err := (&casefile.Case{Log: logOf(t, c.log)}).State()
		var order *casefile.OrderError
		switch {
		case c.bad < 0 && (err != nil || s.Status() != c.status):
			t.Errorf("%s: %s, %v; want %s", c.log, s.Status(), err, c.status)
		case c.bad >= 0 && (!errors.As(err, &order) || order.Index != c.bad):
			t.Errorf("%s: %v; want entry %d refused", c.log, err, c.bad)
		}
	}
}

// The dates at the head of a case follow from the log, in order of time.
func TestDatesFromTheLog(t *testing.T) {
	for _, c := range []struct{ log, received, began string }{
		{"", "", ""},
		{"spoken@3", "", "2026-04-03"},
		{"spoken@3 received@7", "2026-04-07", "2026-04-03"},
		{"received@7 spoken@3", "2026-04-07", "2026-04-03"},
		{"received@2 closed@9", "2026-04-02", "2026-04-02"},
	} {
		x := casefile.Case{Log: logOf(t, c.log)}
		if x.ReceivedOn().String() != c.received || x.Began().String() != c.began {
			t.Errorf("%s: received %q, began %q", c.log, x.ReceivedOn(), x.Began())
		}
	}
}

func TestEmptyLogHasNoState(t *testing.T) {
	if _, err := (&casefile.Case{}).State(); err == nil {
		t.Error("a case without a log has a state")
	}
}

// The running referral, ruling and hold are those of the log.
func TestStateShowsWhatItIsAbout(t *testing.T) {
	log := logOf(t, "received closed referred ruled held")
	log[2].Body, log[3].Text, log[4].Reason = "Commissie", "Betaal terug.", "rechtszaak"
	s, err := (&casefile.Case{Log: log}).State()
	if err != nil || s.Referral.Body != "Commissie" || s.Ruling.Text != "Betaal terug." || s.Hold == nil || s.Hold.Reason != "rechtszaak" {
		t.Errorf("%+v, %v", s, err)
	}
}

// Asking whether a step may follow leaves the log as it is, also where there is
// room behind it.
func TestAllowsOnlyAsks(t *testing.T) {
	log := logOf(t, "received noted")
	c := casefile.Case{Log: log[:1]}
	if err := c.Allows(logOf(t, "noted closed")[1]); err != nil || len(c.Log) != 1 || log[1].Step != casefile.Noted {
		t.Errorf("%v; the log is now %v", err, log)
	}
}

// Whatever a file says, reading it never panics, and what Allows takes can be
// read back.
func TestAnyLogIsReadOrRefused(t *testing.T) {
	steps := append(casefile.Steps(), "", "nonsense")
	entry := rapid.Custom(func(t *rapid.T) casefile.Entry {
		return casefile.Entry{
			Step:   rapid.SampledFrom(steps).Draw(t, "step"),
			Mail:   rapid.SampledFrom([]string{"", "a.eml", "b.eml"}).Draw(t, "mail"),
			Letter: rapid.SampledFrom([]string{"a.eml", "b.eml"}).Draw(t, "letter"),
			At:     casefile.Moment{Date: casefile.Date{Year: 2026, Month: 4, Day: 1}.AddDays(rapid.IntRange(0, 6).Draw(t, "day"))},
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		// Grown a step at a time, so that long logs are reached too.
		c := casefile.Case{Log: []casefile.Entry{{Step: "received", At: casefile.Moment{Date: casefile.Date{Year: 2026, Month: 4, Day: 1}}}}}
		for _, e := range rapid.SliceOfN(entry, 0, 30).Draw(t, "tries") {
			n := len(c.Log)
			err := c.Allows(e)
			if len(c.Log) != n {
				t.Fatal("Allows changed the log")
			}
			with := casefile.Case{Log: append(c.Log[:n:n], e)}
			s, stateErr := with.State()
			if (err == nil) != (stateErr == nil) {
				t.Fatalf("Allows: %v, State: %v", err, stateErr)
			}
			if err != nil {
				continue
			}
			c = with
			if s.Archivable() && (s.Status() != casefile.StatusClosed || s.Settled.IsZero() || s.Hold != nil) {
				t.Fatalf("archivable as %s, settled %s", s.Status(), s.Settled)
			}
			ended := slices.ContainsFunc(c.Standing(), func(e casefile.Placed) bool {
				return e.Step == casefile.Closed || e.Step == casefile.Complied
			})
			if ended && s.Settled.IsZero() {
				t.Fatalf("settled on %q", s.Settled)
			}
		}
		wild := casefile.Case{Log: rapid.SliceOfN(entry, 0, 12).Draw(t, "wild")}
		var order *casefile.OrderError
		if _, err := wild.State(); errors.As(err, &order) && (order.Index < 0 || order.Index > len(wild.Log)) {
			t.Fatalf("entry %d of %d", order.Index, len(wild.Log))
		} else if err != nil && order == nil {
			t.Fatalf("%v has no place", err)
		}
	})
}
