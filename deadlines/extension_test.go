package deadlines_test

import (
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// extending returns a policy with these terms and this extension.
func extending(t *testing.T, terms string, x deadlines.Extension) *deadlines.Policy {
	t.Helper()
	p := policy(t, terms)
	p.Versions[0].Extension = x
	return p
}

// Each row says what a story comes to, and how far handling can be extended then.
type roomCase struct{ what, story, today, want, tellBy, latest string }

func checkRoom(t *testing.T, p *deadlines.Policy, cases []roomCase) {
	t.Helper()
	for _, c := range cases {
		x, _ := story(t, c.story)
		if got := standing(x, p, day(t, c.today)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
		room := deadlines.RoomOf(x, p, day(t, c.today))
		if room.TellBy.String() != c.tellBy || room.Latest.String() != c.latest {
			t.Errorf("%s: to tell by %s and until %s, want %s and %s", c.what, room.TellBy, room.Latest, c.tellBy, c.latest)
		}
	}
}

// What may come after the term is counted from its end, the first that it had:
// Monday 2 March 2026 and 6 weeks is 13 April, and 4 weeks more 11 May.
func TestSoMuchMoreThanTheTerm(t *testing.T) {
	p := extending(t, "close 6 weeks; archive 5 years", deadlines.Extension{AtMost: term(t, "4 weeks"), More: true})
	checkRoom(t, p, []roomCase{
		{"running", "received 2026-03-02", "2026-03-02", "close 2026-04-13 open", "2026-04-13", "2026-05-11"},
		{"to the last day", "received 2026-03-02; extended 2026-04-13 until=2026-05-11", "2026-04-13",
			"extend 2026-04-13 on-time 2026-04-13, close 2026-05-11 open", "2026-05-11", "2026-05-11"},
		{"beyond it", "received 2026-03-02; extended 2026-04-13 until=2026-06-01", "2026-04-13",
			"extend 2026-04-13 on-time 2026-04-13, close 2026-05-11 open", "2026-05-11", "2026-05-11"},
		{"a second is not counted from the first", "received 2026-03-02; extended 2026-04-13 until=2026-04-27; extended 2026-04-20 until=2026-05-25", "2026-04-20",
			"extend 2026-04-13 on-time 2026-04-13, extend 2026-04-27 on-time 2026-04-20, close 2026-05-11 open", "2026-05-11", "2026-05-11"},
		// 1 June 2026 is a Monday; 6 weeks: 13 July; 4 more: 10 August.
		{"after a reopening", "received 2026-03-02; closed 2026-04-01; reopened 2026-06-01", "2026-06-01",
			"close 2026-04-13 on-time 2026-04-01, close 2026-07-13 open", "2026-07-13", "2026-08-10"},
	})
}

// The longest time from receipt holds before the conversation too, when no term for
// handling runs yet.
func TestTheLongestTimeBeforeTheConversation(t *testing.T) {
	p := extending(t, "hear 6 weeks; decide 6 weeks after heard; archive 5 years", deadlines.Extension{AtMost: term(t, "3 months")})
	checkRoom(t, p, []roomCase{
		{"not heard", "received 2026-03-02", "2026-03-02", "hear 2026-04-13 open", "", "2026-06-02"},
		{"heard", "received 2026-03-02; heard 2026-03-09", "2026-03-09", "hear 2026-04-13 on-time 2026-03-09, decide 2026-04-20 open", "2026-04-20", "2026-06-02"},
	})
}

// Where there is no extension, telling of one moves nothing, and nobody waits for it.
func TestNoExtension(t *testing.T) {
	p := extending(t, "close 6 weeks; archive 5 years", deadlines.Extension{None: true})
	checkRoom(t, p, []roomCase{
		{"running", "received 2026-03-02", "2026-03-02", "close 2026-04-13 open", "2026-04-13", "2026-04-13"},
		{"told all the same", "received 2026-03-02; extended 2026-03-30 until=2026-05-01", "2026-04-14", "close 2026-04-13 overdue", "2026-04-13", "2026-04-13"},
		{"closed on the date that was told", "received 2026-03-02; extended 2026-03-30 until=2026-05-01; closed 2026-05-01", "2026-05-01",
			"close 2026-04-13 late 2026-05-01", "", ""},
	})
	if !p.Room(day(t, "2026-03-02")).None || p.Room(day(t, "2026-03-02")).Latest.String() != "2026-04-13" {
		t.Error("the policy leaves room for an extension")
	}
}

// After a reopening the notice and the longest time count from there: 2 weeks and
// 3 months from Tuesday 1 September 2026.
func TestRoomCountsFromTheReopening(t *testing.T) {
	p := extending(t, "close 4 weeks; archive 5 years", deadlines.Extension{Notice: term(t, "2 weeks"), AtMost: term(t, "3 months")})
	const begin = "received 2026-01-12; closed 2026-02-02; reopened 2026-09-01"
	const first = "close 2026-02-09 on-time 2026-02-02, "
	checkRoom(t, p, []roomCase{
		{"before it", "received 2026-01-12", "2026-01-12", "close 2026-02-09 open", "2026-01-26", "2026-04-12"},
		{"reopened", begin, "2026-09-01", first + "close 2026-09-29 open", "2026-09-15", "2026-12-01"},
		{"told in time", begin + "; extended 2026-09-15 until=2026-11-02", "2026-09-15",
			first + "extend 2026-09-15 on-time 2026-09-15, close 2026-11-02 open", "2026-11-02", "2026-12-01"},
		{"told a day late", begin + "; extended 2026-09-16 until=2026-11-02", "2026-09-16",
			first + "extend 2026-09-15 late 2026-09-16, close 2026-11-02 open", "2026-11-02", "2026-12-01"},
		{"beyond the longest time", begin + "; extended 2026-09-15 until=2027-01-04", "2026-09-15",
			first + "extend 2026-09-15 on-time 2026-09-15, close 2026-12-01 open", "2026-12-01", "2026-12-01"},
	})
}

// On the same day is on the day of receipt; the policy may roll it as any other
// term in days.
func TestTheSameDay(t *testing.T) {
	p := policy(t, "acknowledge same day; archive 5 years")
	checkPromises(t, "acknowledge same day; archive 5 years", []promiseCase{
		{"running", "received 2026-03-02", "2026-03-02", "acknowledge 2026-03-02 open"},
		{"the next day", "received 2026-03-02", "2026-03-03", "acknowledge 2026-03-02 overdue"},
		{"kept", "received 2026-03-02; acknowledged 2026-03-02", "2026-03-03", "acknowledge 2026-03-02 on-time 2026-03-02"},
		{"late", "received 2026-03-02; acknowledged 2026-03-03", "2026-03-03", "acknowledge 2026-03-02 late 2026-03-03"},
		{"a Saturday", "received 2026-03-07", "2026-03-07", "acknowledge 2026-03-07 open"},
	})
	p.Versions[0].Roll = deadlines.Next
	if got := p.Terms(day(t, "2026-03-07"))[0].Due.String(); got != "2026-03-09" {
		t.Errorf("a Saturday that rolls: %s", got)
	}
}

// Hours run from moment to moment, through weekends and over the change of the
// clock, and are whole days where a time is not known.
func TestHours(t *testing.T) {
	p := policy(t, "acknowledge 48 hours; archive 5 years")
	p.Versions[0].Roll = deadlines.Next // a term in hours never does
	at := func(s string) casefile.Moment {
		zone, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			t.Fatal(err)
		}
		m, err := casefile.ParseMoment(s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		received, acknowledged, due string
		want                        deadlines.Verdict
	}{
		{"2026-03-06T15:00", "2026-03-08T14:59", "2026-03-08", deadlines.OnTime},
		{"2026-03-06T15:00", "2026-03-08T15:00", "2026-03-08", deadlines.OnTime},
		{"2026-03-06T15:00", "2026-03-08T15:01", "2026-03-08", deadlines.Late},
		{"2026-03-06T15:00", "2026-03-08", "2026-03-08", deadlines.OnTime},
		{"2026-03-06T15:00", "2026-03-09", "2026-03-08", deadlines.Late},
		{"2026-03-06", "2026-03-08T23:00", "2026-03-08", deadlines.OnTime},
		{"2026-03-06", "2026-03-09T00:01", "2026-03-08", deadlines.Late},
		{"2026-03-28T12:00", "2026-03-30T13:00", "2026-03-30", deadlines.OnTime}, // the night of 29 March has an hour less
		{"2026-03-28T12:00", "2026-03-30T13:01", "2026-03-30", deadlines.Late},
	} {
		x := &casefile.Case{ID: "2026-0001", Log: []casefile.Entry{
			{Step: casefile.Received, At: at(c.received)}, {Step: casefile.Acknowledged, At: at(c.acknowledged)}}}
		rows := deadlines.Promises(x, p, day(t, "2026-04-10"))
		if len(rows) != 1 || rows[0].Due.String() != c.due || rows[0].Verdict != c.want {
			t.Errorf("%s, %s: %+v", c.received, c.acknowledged, rows)
		}
	}
}

// Retention ends neither before the handling nor before the time to appeal.
func TestRetentionWaitsForTheAppeal(t *testing.T) {
	const long = "received 2026-03-02; closed 2026-03-30; referred 2028-06-01; ruled 2029-12-06; complied 2029-12-07"
	for _, c := range []struct{ what, archive, appeal, story, until string }{
		{"from receipt, and handled after it ends", "3 years after received", "", long, "2029-12-07"},
		{"and six months to appeal", "3 years after received", "6 months", long, "2030-06-07"},
		{"six months after closing", "1 month", "6 months after closed", "received 2026-03-02; closed 2026-03-30", "2026-09-30"},
		{"the closing that stands", "1 month", "6 months after closed", "received 2026-03-02; closed 2026-03-30; reopened 2026-04-01; closed 2026-05-04", "2026-11-04"},
		{"an appeal that is over first", "5 years", "3 months", "received 2026-03-02; closed 2026-03-30", "2031-03-30"},
		{"an appeal in working days", "1 week", "10 workdays", "received 2026-03-02; closed 2026-03-13", "2026-03-27"},
	} {
		p := policy(t, "close 4 weeks; archive "+c.archive)
		if c.appeal != "" {
			p.Versions[0].Appeal = term(t, c.appeal)
		}
		x, s := story(t, c.story)
		k := deadlines.Retention(x, s, p)
		if k.Until.String() != c.until {
			t.Errorf("%s: until %s, want %s", c.what, k.Until, c.until)
		}
		if got := deadlines.MayPurge(s, k, day(t, c.until)); got != deadlines.KeepRetention {
			t.Errorf("%s: on its last day %q", c.what, got)
		}
	}
}

// An aim of the firm's own stands among the terms and the promises as what it is.
func TestAnAimIsNoPromise(t *testing.T) {
	p := policy(t, "acknowledge 5 workdays; close 4 weeks; archive 5 years")
	aim := p.Versions[0].Terms[deadlines.Acknowledge]
	aim.Target = true
	p.Versions[0].Terms[deadlines.Acknowledge] = aim
	if rows := p.Terms(day(t, "2026-03-02")); !rows[0].Target || rows[1].Target {
		t.Errorf("terms: %+v", rows)
	}
	if later := p.Later(day(t, "2026-03-02")); len(later) != 1 || later[0].Term.String() != "5 workdays after ruled" || !later[0].Term.Target {
		t.Errorf("later: %+v", later)
	}
	x, _ := story(t, "received 2026-03-02; closed 2026-03-30; referred 2026-04-01; ruled 2026-05-04")
	for _, r := range deadlines.Promises(x, p, day(t, "2026-05-06")) {
		if r.Target != (r.Term == deadlines.Acknowledge || r.Term == deadlines.Comply) {
			t.Errorf("%+v", r)
		}
	}
	for _, r := range deadlines.RecordOf(x, p, day(t, "2026-05-06")).Promises {
		if r.Term == deadlines.Acknowledge || r.Term == deadlines.Comply {
			t.Errorf("the record has %+v", r)
		}
	}
}
