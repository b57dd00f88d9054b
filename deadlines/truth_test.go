package deadlines_test

import (
	"fmt"
	"strings"
	"testing"

	"klacht/deadlines"
)

const begun = "received 2026-03-02; proposed 2026-03-03; "

func met(rows ...string) string {
	return strings.Join(append([]string{"acknowledge 2026-03-09 on-time 2026-03-03", "inform 2026-03-16 on-time 2026-03-03"}, rows...), ", ")
}

// Only the term for handling is what an extension moves; that of a conversation
// has nothing to do with whether it was told in time.
func TestAConversationMakesNoExtensionLate(t *testing.T) {
	checkPromises(t, "hear 2 weeks; close 6 weeks; archive 5 years", []promiseCase{
		{"a second extension, after the date for the conversation",
			"received 2026-11-20; extended 2026-11-24 until=2027-02-01; extended 2027-01-15 until=2027-03-01", "2027-01-15",
			"hear 2026-12-04 overdue, extend 2027-01-01 on-time 2026-11-24, extend 2027-02-01 on-time 2027-01-15, close 2027-03-01 open"},
		{"the first one after it", "received 2026-03-02; extended 2026-04-07 until=2026-05-01", "2026-04-07",
			"hear 2026-03-16 overdue, extend 2026-04-13 on-time 2026-04-07, close 2026-05-01 open"},
	})
}

// A promise that was overtaken was not kept: nothing was sent.
func TestWhatWasOvertakenIsNotNeeded(t *testing.T) {
	checkPromises(t, "acknowledge 5 workdays; inform 10 workdays; hear 6 weeks; close 4 weeks; comply 5 workdays; archive 5 years", []promiseCase{
		{"closed before there was a conversation", "received 2026-03-02; acknowledged 2026-03-03; closed 2026-03-04", "2026-03-10",
			"acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 on-time 2026-03-04, hear 2026-04-13 not-needed, close 2026-03-30 on-time 2026-03-04"},
		{"only the body said something", "received 2026-03-02; referred 2026-03-03; ruled 2026-03-05; complied 2026-03-06", "2026-04-10",
			"acknowledge 2026-03-09 not-needed, inform 2026-03-16 not-needed, hear 2026-04-13 not-needed, close 2026-03-30 not-needed, comply 2026-03-12 on-time 2026-03-06"},
		{"a confirmation that was never given", "received 2026-03-02; referred 2026-03-03; ruled 2026-03-10; complied 2026-03-11", "2026-04-10",
			"acknowledge 2026-03-09 late, inform 2026-03-16 not-needed, hear 2026-04-13 not-needed, close 2026-03-30 not-needed, comply 2026-03-17 on-time 2026-03-11"},
		{"a ruling in the firm's favour", "received 2026-03-02; acknowledged 2026-03-03; referred 2026-03-04; ruled 2026-03-10 nothing-to-do=true", "2026-04-10",
			"acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 not-needed, hear 2026-04-13 not-needed, close 2026-03-30 not-needed"},
	})
}

// R12: a date that passes in silence is a notice that was missed.
func TestADelayThatWasNeverTold(t *testing.T) {
	checkPromises(t, published, []promiseCase{
		{"closed too late, without a word", begun + "closed 2026-04-10", "2026-04-10", met("extend 2026-03-30 late", "close 2026-03-30 late 2026-04-10")},
		{"still open", begun + "noted 2026-03-20", "2026-04-10", met("extend 2026-03-30 overdue", "close 2026-03-30 overdue")},
		{"told the first time, silent the second", begun + "extended 2026-03-20 until=2026-05-01; closed 2026-05-04", "2026-05-04",
			met("extend 2026-03-30 on-time 2026-03-20", "extend 2026-05-01 late", "close 2026-05-01 late 2026-05-04")},
		{"a ruling came after it", begun + "referred 2026-03-20; ruled 2026-04-10 nothing-to-do=true", "2026-04-20", met("extend 2026-03-30 late", "close 2026-03-30 late")},
		{"a ruling came before it", begun + "referred 2026-03-20; ruled 2026-03-30 nothing-to-do=true", "2026-04-20", met("close 2026-03-30 not-needed")},
	})
	checkPromises(t, "close 4 weeks; notice 2 weeks; archive 5 years", []promiseCase{
		{"it had to be told within two weeks", "received 2026-03-02; closed 2026-04-10", "2026-04-10", "extend 2026-03-16 late, close 2026-03-30 late 2026-04-10"},
		{"the term for telling passes, and it is handled in time", "received 2026-03-02; closed 2026-03-30", "2026-04-10", "close 2026-03-30 on-time 2026-03-30"},
	})
	checkPromises(t, "close 6 weeks; extension none; archive 5 years", []promiseCase{
		{"where there is no extension, there is no word of one", "received 2026-03-02; closed 2026-04-14", "2026-04-14", "close 2026-04-13 late 2026-04-14"},
		{"and one in the file moves nothing", "received 2026-03-02; extended 2026-03-20 until=2026-06-01; closed 2026-04-14", "2026-04-14", "close 2026-04-13 late 2026-04-14"},
	})
}

// What the procedure allows at most is judged, whoever wrote the file.
func TestACapIsJudged(t *testing.T) {
	checkPromises(t, "close 4 weeks; most 3 months; archive 5 years", []promiseCase{
		{"beyond the cap", "received 2026-01-12; extended 2026-01-20 until=2026-09-01; closed 2026-08-20", "2026-08-20",
			"extend 2026-02-09 on-time 2026-01-20, extend 2026-04-12 late, close 2026-04-12 late 2026-08-20"},
		{"within it", "received 2026-01-12; extended 2026-01-20 until=2026-04-12; closed 2026-04-12", "2026-08-20",
			"extend 2026-02-09 on-time 2026-01-20, close 2026-04-12 on-time 2026-04-12"},
		{"after a reopening it counts from there", "received 2026-01-12; closed 2026-02-02; reopened 2026-09-01; extended 2026-09-20 until=2026-12-01", "2026-10-01",
			"close 2026-02-09 on-time 2026-02-02, extend 2026-09-29 on-time 2026-09-20, close 2026-12-01 open"},
	})
	checkPromises(t, "close 6 weeks; most 4 weeks more; archive 5 years", []promiseCase{
		{"four weeks more", "received 2026-03-02; extended 2026-03-20 until=2026-05-11; closed 2026-05-11", "2026-05-11",
			"extend 2026-04-13 on-time 2026-03-20, close 2026-05-11 on-time 2026-05-11"},
		{"and not a day longer", "received 2026-03-02; extended 2026-03-20 until=2026-06-01; closed 2026-05-12", "2026-05-12",
			"extend 2026-04-13 on-time 2026-03-20, extend 2026-05-11 late, close 2026-05-11 late 2026-05-12"},
	})
}

// Terms in hours run from moment to moment where both are known.
func TestHoursFromMomentToMoment(t *testing.T) {
	p := "acknowledge 48 hours; archive 5 years"
	checkPromises(t, p, []promiseCase{
		{"72 hours are no 48", "received 2026-11-18T00:10; acknowledged 2026-11-20T23:50", "2026-11-21", "acknowledge 2026-11-20 late 2026-11-20"},
		{"to the minute", "received 2026-11-18T10:00; acknowledged 2026-11-20T10:00", "2026-11-21", "acknowledge 2026-11-20 on-time 2026-11-20"},
		{"a minute later", "received 2026-11-18T10:00; acknowledged 2026-11-20T10:01", "2026-11-21", "acknowledge 2026-11-20 late 2026-11-20"},
		{"in whole days where the receipt has no time", "received 2026-11-18; acknowledged 2026-11-20T23:50", "2026-11-21", "acknowledge 2026-11-20 on-time 2026-11-20"},
		{"in whole days where the letter has none", "received 2026-11-18T00:10; acknowledged 2026-11-20", "2026-11-21", "acknowledge 2026-11-20 on-time 2026-11-20"},
	})
	checkPromises(t, "acknowledge 12 hours; archive 5 years", []promiseCase{
		{"twelve hours of one day", "received 2026-11-18T00:10; acknowledged 2026-11-18T23:59", "2026-11-18", "acknowledge 2026-11-18 late 2026-11-18"},
		{"twelve hours past midnight", "received 2026-11-18T20:00; acknowledged 2026-11-19T07:00", "2026-11-19", "acknowledge 2026-11-19 on-time 2026-11-19"},
	})
	rolled := policy(t, p)
	rolled.Versions[0].Roll = deadlines.Next
	c, _ := story(t, "received 2026-10-23T00:15; acknowledged 2026-10-26T08:00")
	if got := standing(c, rolled, day(t, "2026-10-27")); got != "acknowledge 2026-10-25 late 2026-10-26" {
		t.Errorf("hours that end on a Sunday: %s", got)
	}
}

// One handling is one promise, whatever bounced in between.
func TestAClosingThatCameBackBeginsNoSecondPromise(t *testing.T) {
	checkPromises(t, "close 4 weeks; archive 5 years", []promiseCase{
		{"reopened before the bounce came in", "received 2026-11-20; closed 2026-11-23 mail=a.eml; reopened 2026-11-25; undelivered 2026-11-27 letter=a.eml; " +
			"extended 2026-11-28 until=2027-01-20; closed 2026-12-29", "2026-12-29", "extend 2026-12-18 on-time 2026-11-28, close 2027-01-20 on-time 2026-12-29"},
	})
}

// What a letter promised stands, whatever the policy comes to later.
func TestWhatALetterPromised(t *testing.T) {
	checkPromises(t, published, []promiseCase{
		{"earlier than the policy comes to now", "received 2026-03-02; acknowledged 2026-03-03 inform=2026-03-13 close=2026-03-27; proposed 2026-03-16", "2026-03-28",
			"acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-13 late 2026-03-16, extend 2026-03-27 overdue, close 2026-03-27 overdue"},
		{"later than that", "received 2026-03-02; acknowledged 2026-03-03 close=2026-04-02; closed 2026-04-01", "2026-04-01",
			"acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 late 2026-04-01, close 2026-04-02 on-time 2026-04-01"},
		{"a letter that came back promised nothing", "received 2026-03-02; acknowledged 2026-03-03 mail=a.eml close=2026-03-20; undelivered 2026-03-04 letter=a.eml", "2026-03-04",
			"acknowledge 2026-03-09 open, inform 2026-03-16 open, close 2026-03-30 open"},
		{"an extension is in its own date", begun + "extended 2026-03-20 until=2026-05-01 close=2026-05-08", "2026-03-20", met("extend 2026-03-30 on-time 2026-03-20", "close 2026-05-01 open")},
	})
	checkPromises(t, published, []promiseCase{
		{"counted from a later day of receipt than the true one: nobody gets more time", "received 2026-02-27; acknowledged 2026-03-03 counted-from=2026-03-02 inform=2026-03-16 close=2026-03-30; proposed 2026-03-16", "2026-03-16",
			"acknowledge 2026-03-06 on-time 2026-03-03, inform 2026-03-13 late 2026-03-16, close 2026-03-27 open"},
		{"counted from an earlier one: the promise stands", "received 2026-03-02; acknowledged 2026-03-03 counted-from=2026-02-27 inform=2026-03-13; proposed 2026-03-16", "2026-03-16",
			"acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-13 late 2026-03-16, close 2026-03-30 open"},
	})
	c, _ := story(t, "received 2026-03-02; acknowledged 2026-03-03 inform=2026-03-13")
	for _, r := range deadlines.Promises(c, policy(t, published), day(t, "2026-03-05")) {
		want := map[deadlines.Name]string{deadlines.Inform: "2026-03-16"}[r.Term]
		if got := r.Counted.String(); got != want {
			t.Errorf("%s counted %q, want %q", r.Term, got, want)
		}
	}
}

// A letter that is kept, one that was a draft, and the owner's word are told apart;
// and a promise that was missed because a letter came back.
func TestHowItIsKnown(t *testing.T) {
	for story_, want := range map[string]string{
		"received 2026-03-02; acknowledged 2026-03-03 mail=a.eml; heard 2026-03-04; closed 2026-03-05 mail=b.eml written=2026-03-04": "letter word draft",
		"received 2026-03-02; acknowledged 2026-03-03": "word",
		"received 2026-03-02; acknowledged 2026-03-03 mail=a.eml; undelivered 2026-03-12 letter=a.eml; acknowledged 2026-03-12 mail=b.eml": "letter returned",
		"received 2026-03-02; acknowledged 2026-03-10 mail=a.eml; undelivered 2026-03-12 letter=a.eml; acknowledged 2026-03-12 mail=b.eml": "letter",
	} {
		c, _ := story(t, story_)
		var got []string
		for _, r := range deadlines.Promises(c, policy(t, published), day(t, "2026-03-13")) {
			if r.Proof != "" {
				got = append(got, string(r.Proof))
			}
			if r.Returned {
				got = append(got, "returned")
			}
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%s: got %v, want %s", story_, got, want)
		}
	}
}

// The last day for telling of a delay stands with the closing as long as it has
// not passed.
func TestTheLastDayForTelling(t *testing.T) {
	for _, tt := range []struct{ terms, story, today, tellBy string }{
		{published, begun, "2026-03-10", "2026-03-30"},
		{published, begun, "2026-03-31", ""},
		{"close 4 weeks; notice 2 weeks; archive 5 years", "received 2026-03-02", "2026-03-16", "2026-03-16"},
		{"close 4 weeks; notice 2 weeks; archive 5 years", "received 2026-03-02", "2026-03-17", ""},
		{"close 4 weeks; notice 2 weeks; archive 5 years", "received 2026-03-02; extended 2026-03-10 until=2026-05-01", "2026-03-17", "2026-05-01"},
		{"close 4 weeks; extension none; archive 5 years", "received 2026-03-02", "2026-03-10", ""},
		{"close 4 weeks; most 4 weeks more; archive 5 years", "received 2026-03-02; extended 2026-03-10 until=2026-04-27", "2026-03-11", ""},
	} {
		c, s := story(t, strings.TrimSuffix(tt.story, "; "))
		for _, a := range deadlines.Actions(c, s, policy(t, tt.terms), day(t, tt.today)) {
			if a.Do == deadlines.DoClose && a.TellBy.String() != tt.tellBy {
				t.Errorf("%s on %s: tell by %q, want %q", tt.story, tt.today, a.TellBy, tt.tellBy)
			}
		}
	}
}

// Nothing is purged before the time to turn to a body has passed, nor on the day
// of handling itself.
func TestRetentionOutlivesTheAppeal(t *testing.T) {
	for _, tt := range []struct{ terms, story, until string }{
		{"close 4 weeks; archive 1 month", "received 2026-03-02; closed 2026-03-30", "2026-04-30"},
		{"close 4 weeks; archive 1 month; appeal 3 months", "received 2026-03-02; closed 2026-03-30", "2026-06-30"},
		{"close 4 weeks; archive 1 month after received", "received 2026-03-02; closed 2026-06-30", "2026-06-30"},
		{"close 4 weeks; archive 5 years; appeal 3 months", "received 2026-03-02; closed 2026-03-30", "2031-03-30"},
	} {
		c, s := story(t, tt.story)
		if got := deadlines.Retention(c, s, policy(t, tt.terms)).Until.String(); got != tt.until {
			t.Errorf("%s under %s: %s, want %s", tt.story, tt.terms, got, tt.until)
		}
	}
}

// What was on hold, or with a body, is late only from when that ended.
func TestTheDayFromWhichACaseIsFree(t *testing.T) {
	for happened, want := range map[string]string{
		"received 2026-03-02; closed 2026-03-30":                                                          "2031-03-30",
		"received 2026-03-02; closed 2026-03-30; held 2026-04-01 review=2027-01-01; released 2026-05-01":  "2031-03-30",
		"received 2026-03-02; closed 2026-03-30; held 2026-04-01 review=2027-01-01; released 2032-06-01":  "2032-06-01",
		"received 2026-03-02; closed 2026-03-30; referred 2031-03-01 body=Commissie; declined 2031-06-01": "2031-06-01",
		"received 2026-03-02; closed 2026-03-30; referred 2026-04-01 body=Commissie; declined 2026-06-01": "2031-03-30",
	} {
		c, s := story(t, happened)
		if got := deadlines.FreeFrom(c, s, policy(t, published)).String(); got != want {
			t.Errorf("%s: free from %s, want %s", happened, got, want)
		}
	}
	_, s := story(t, "received 2026-03-02; closed 2026-03-30; replied 2031-03-29")
	kept := deadlines.Kept{Settled: true, Until: day(t, "2031-03-30")}
	if got := deadlines.MayPurge(s, kept, day(t, "2032-01-01")); got != deadlines.KeepReply {
		t.Errorf("with a reply that nobody has read: %q", got)
	}
}
