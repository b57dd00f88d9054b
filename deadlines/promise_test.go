package deadlines_test

import (
	"slices"
	"testing"

	"klacht/deadlines"
)

// Received on Monday 2 March 2026, in weeks without a holiday: acknowledge by
// Monday 9 March, inform by Monday 16 March, close by Monday 30 March.
const published = "acknowledge 5 workdays; inform 10 workdays; close 4 weeks; archive 5 years"

type promiseCase struct{ what, story, today, want string }

func checkPromises(t *testing.T, terms string, cases []promiseCase) {
	t.Helper()
	for _, c := range cases {
		x, _ := story(t, c.story)
		if got := standing(x, policy(t, terms), day(t, c.today)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.what, got, c.want)
		}
	}
}

// R4: receipt is confirmed by the first letter, whichever it is; R5 to R7: word
// on the handling is a proposal, an invitation, the conversation or the end.
func TestWhatMeetsAcknowledgeAndInform(t *testing.T) {
	const late = "close 2026-03-30 open"
	checkPromises(t, published, []promiseCase{
		{"nothing yet", "received 2026-03-02", "2026-03-02", "acknowledge 2026-03-09 open, inform 2026-03-16 open, " + late},
		{"on the last day", "received 2026-03-02", "2026-03-09", "acknowledge 2026-03-09 open, inform 2026-03-16 open, " + late},
		{"the day after", "received 2026-03-02", "2026-03-10", "acknowledge 2026-03-09 overdue, inform 2026-03-16 open, " + late},
		{"everything overdue", "received 2026-03-02", "2026-03-31", "acknowledge 2026-03-09 overdue, inform 2026-03-16 overdue, extend 2026-03-30 overdue, close 2026-03-30 overdue"},
		{"confirmed on the last day", "received 2026-03-02; acknowledged 2026-03-09", "2026-04-30", "acknowledge 2026-03-09 on-time 2026-03-09, inform 2026-03-16 overdue, extend 2026-03-30 overdue, close 2026-03-30 overdue"},
		{"confirmed a day late", "received 2026-03-02; acknowledged 2026-03-10", "2026-03-10", "acknowledge 2026-03-09 late 2026-03-10, inform 2026-03-16 open, " + late},
		{"confirmed on the day itself", "received 2026-03-02; acknowledged 2026-03-02", "2026-03-02", "acknowledge 2026-03-09 on-time 2026-03-02, inform 2026-03-16 open, " + late},
		{"a question confirms", "received 2026-03-02; asked 2026-03-04", "2026-03-04", "acknowledge 2026-03-09 on-time 2026-03-04, inform 2026-03-16 open, " + late},
		{"a proposal does both", "received 2026-03-02; proposed 2026-03-05", "2026-03-05", "acknowledge 2026-03-09 on-time 2026-03-05, inform 2026-03-16 on-time 2026-03-05, " + late},
		{"an invitation does both", "received 2026-03-02; invited 2026-03-05 when=2026-03-20", "2026-03-05", "acknowledge 2026-03-09 on-time 2026-03-05, inform 2026-03-16 on-time 2026-03-05, " + late},
		{"a conversation is no mail", "received 2026-03-02; heard 2026-03-05", "2026-03-05", "acknowledge 2026-03-09 open, inform 2026-03-16 on-time 2026-03-05, " + late},
		{"an early end does all three", "received 2026-03-02; closed 2026-03-06", "2026-03-06", "acknowledge 2026-03-09 on-time 2026-03-06, inform 2026-03-16 on-time 2026-03-06, close 2026-03-30 on-time 2026-03-06"},
		{"an extension confirms, and says nothing on the handling", "received 2026-03-02; extended 2026-03-05 until=2026-05-01", "2026-03-05", "acknowledge 2026-03-09 on-time 2026-03-05, inform 2026-03-16 open, extend 2026-03-30 on-time 2026-03-05, close 2026-05-01 open"},
		{"the first proposal counts", "received 2026-03-02; acknowledged 2026-03-03; proposed 2026-03-16; proposed 2026-03-17", "2026-03-17", "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 on-time 2026-03-16, " + late},
		{"a proposal a day late", "received 2026-03-02; acknowledged 2026-03-03; proposed 2026-03-17", "2026-03-17", "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 late 2026-03-17, " + late},
		{"notes, replies, holds and referrals meet nothing", "received 2026-03-02; noted 2026-03-03; replied 2026-03-03; held 2026-03-03 review=2026-09-01; referred 2026-03-03", "2026-03-03", "acknowledge 2026-03-09 open, inform 2026-03-16 open, " + late},
		{"R3: a question stops no clock", "received 2026-03-02; asked 2026-03-04; replied 2026-03-27", "2026-03-31", "acknowledge 2026-03-09 on-time 2026-03-04, inform 2026-03-16 overdue, extend 2026-03-30 overdue, close 2026-03-30 overdue"},
		{"written down late, it counts for its own day", "received 2026-03-02; closed 2026-03-30; acknowledged 2026-03-05", "2026-03-30", "acknowledge 2026-03-09 on-time 2026-03-05, inform 2026-03-16 late 2026-03-30, close 2026-03-30 on-time 2026-03-30"},
	})
}

// A letter that came back did nothing: its promise runs on from where it began.
func TestALetterThatCameBackMeetsNothing(t *testing.T) {
	checkPromises(t, published, []promiseCase{
		{"the confirmation", "received 2026-03-02; acknowledged 2026-03-05 mail=a.eml; undelivered 2026-03-06 letter=a.eml", "2026-03-06", "acknowledge 2026-03-09 open, inform 2026-03-16 open, close 2026-03-30 open"},
		{"found out too late", "received 2026-03-02; acknowledged 2026-03-05 mail=a.eml; undelivered 2026-03-12 letter=a.eml", "2026-03-12", "acknowledge 2026-03-09 overdue, inform 2026-03-16 open, close 2026-03-30 open"},
		{"and sent again", "received 2026-03-02; acknowledged 2026-03-05 mail=a.eml; undelivered 2026-03-06 letter=a.eml; acknowledged 2026-03-10 mail=b.eml", "2026-03-12", "acknowledge 2026-03-09 late 2026-03-10, inform 2026-03-16 open, close 2026-03-30 open"},
		{"another letter still confirms", "received 2026-03-02; acknowledged 2026-03-05 mail=a.eml; proposed 2026-03-06 mail=b.eml; undelivered 2026-03-06 letter=a.eml", "2026-03-12", "acknowledge 2026-03-09 on-time 2026-03-06, inform 2026-03-16 on-time 2026-03-06, close 2026-03-30 open"},
		{"an extension moved nothing", "received 2026-03-02; acknowledged 2026-03-03; proposed 2026-03-04; extended 2026-03-20 until=2026-05-01 mail=a.eml; undelivered 2026-03-21 letter=a.eml", "2026-03-31", "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 on-time 2026-03-04, extend 2026-03-30 overdue, close 2026-03-30 overdue"},
		{"the closing mail", "received 2026-03-02; acknowledged 2026-03-03; closed 2026-03-04 mail=a.eml; undelivered 2026-03-05 letter=a.eml", "2026-03-05", "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 open, close 2026-03-30 open"},
		{"a mail of another step is not touched", "received 2026-03-02; acknowledged 2026-03-03 mail=a.eml; noted 2026-03-03 mail=b.eml; undelivered 2026-03-05 letter=b.eml", "2026-03-05", "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 open, close 2026-03-30 open"},
	})
}

// R11 and R12: an extension moves the promise, and is late once the running
// term has ended. What was late stays late.
func TestExtensions(t *testing.T) {
	const met = "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 on-time 2026-03-03, "
	const begin = "received 2026-03-02; proposed 2026-03-03; "
	checkPromises(t, published, []promiseCase{
		{"closed on the last day", begin + "closed 2026-03-30", "2026-03-30", met + "close 2026-03-30 on-time 2026-03-30"},
		{"closed a day late", begin + "closed 2026-03-31", "2026-03-31", met + "extend 2026-03-30 late, close 2026-03-30 late 2026-03-31"},
		{"told on the last day", begin + "extended 2026-03-30 until=2026-05-01", "2026-03-31", met + "extend 2026-03-30 on-time 2026-03-30, close 2026-05-01 open"},
		{"told a day late", begin + "extended 2026-03-31 until=2026-05-01", "2026-03-31", met + "extend 2026-03-30 late 2026-03-31, close 2026-05-01 open"},
		{"the new date is the promise", begin + "extended 2026-03-30 until=2026-05-01", "2026-05-02", met + "extend 2026-03-30 on-time 2026-03-30, extend 2026-05-01 overdue, close 2026-05-01 overdue"},
		{"kept on the new date", begin + "extended 2026-03-30 until=2026-05-01; closed 2026-05-01", "2026-05-01", met + "extend 2026-03-30 on-time 2026-03-30, close 2026-05-01 on-time 2026-05-01"},
		{"broken after the new date", begin + "extended 2026-03-30 until=2026-05-01; closed 2026-05-02", "2026-05-02", met + "extend 2026-03-30 on-time 2026-03-30, extend 2026-05-01 late, close 2026-05-01 late 2026-05-02"},
		{"told late, which does not make good what was missed", begin + "extended 2026-03-31 until=2026-05-01; closed 2026-05-01", "2026-05-01", met + "extend 2026-03-30 late 2026-03-31, close 2026-05-01 late 2026-05-01"},
		{"twice, the second in time", begin + "extended 2026-03-30 until=2026-05-01; extended 2026-05-01 until=2026-06-01", "2026-05-01", met + "extend 2026-03-30 on-time 2026-03-30, extend 2026-05-01 on-time 2026-05-01, close 2026-06-01 open"},
		{"twice, the second late", begin + "extended 2026-03-30 until=2026-05-01; extended 2026-05-02 until=2026-06-01", "2026-05-02", met + "extend 2026-03-30 on-time 2026-03-30, extend 2026-05-01 late 2026-05-02, close 2026-06-01 open"},
	})
}

// The notice of an extension can have a term of its own (variant 6).
func TestNoticeOfExtensionHasItsOwnTerm(t *testing.T) {
	checkPromises(t, "close 4 weeks; notice 2 weeks; archive 5 years", []promiseCase{
		{"within two weeks", "received 2026-03-02; extended 2026-03-16 until=2026-05-01", "2026-03-16", "extend 2026-03-16 on-time 2026-03-16, close 2026-05-01 open"},
		{"after two weeks, before the term ends", "received 2026-03-02; extended 2026-03-17 until=2026-05-01", "2026-03-17", "extend 2026-03-16 late 2026-03-17, close 2026-05-01 open"},
	})
	checkPromises(t, "close 2 weeks; notice 4 weeks; archive 5 years", []promiseCase{
		{"within four weeks, after the term", "received 2026-03-02; extended 2026-03-17 until=2026-05-01", "2026-03-17", "extend 2026-03-16 late 2026-03-17, close 2026-05-01 open"},
	})
}

// A reopened case has a new promise; the verdicts that fell stand.
func TestReopeningKeepsEarlierVerdicts(t *testing.T) {
	const met = "acknowledge 2026-03-09 on-time 2026-03-03, inform 2026-03-16 on-time 2026-03-03, "
	const begin = "received 2026-03-02; proposed 2026-03-03; "
	checkPromises(t, published, []promiseCase{
		{"a new close of four weeks", begin + "closed 2026-03-20; reopened 2026-04-01", "2026-04-29", met + "close 2026-03-30 on-time 2026-03-20, close 2026-04-29 open"},
		{"the second close late", begin + "closed 2026-03-20; reopened 2026-04-01; closed 2026-04-30", "2026-04-30", met + "close 2026-03-30 on-time 2026-03-20, extend 2026-04-29 late, close 2026-04-29 late 2026-04-30"},
		{"the first close late, the second in time", begin + "closed 2026-03-31; reopened 2026-04-01; closed 2026-04-02", "2026-04-02", met + "extend 2026-03-30 late, close 2026-03-30 late 2026-03-31, close 2026-04-29 on-time 2026-04-02"},
		{"extended after reopening", begin + "closed 2026-03-20; reopened 2026-04-01; extended 2026-04-29 until=2026-06-01", "2026-04-29", met + "close 2026-03-30 on-time 2026-03-20, extend 2026-04-29 on-time 2026-04-29, close 2026-06-01 open"},
		{"confirming again is not asked", "received 2026-03-02; closed 2026-03-31; reopened 2026-04-01; proposed 2026-04-03", "2026-04-03", "acknowledge 2026-03-09 late 2026-03-31, inform 2026-03-16 late 2026-03-31, extend 2026-03-30 late, close 2026-03-30 late 2026-03-31, close 2026-04-29 open"},
	})
}

// A decision can be counted from the hearing (variant 4).
func TestDecisionCountsFromTheHearing(t *testing.T) {
	checkPromises(t, "hear 6 weeks; decide 6 weeks after heard; archive 5 years", []promiseCase{
		{"before the hearing there is no date for it", "received 2026-03-02", "2026-03-02", "hear 2026-04-13 open"},
		{"it counts from the hearing", "received 2026-03-02; heard 2026-03-30", "2026-03-30", "hear 2026-04-13 on-time 2026-03-30, decide 2026-05-11 open"},
		{"a late hearing", "received 2026-03-02; heard 2026-04-14", "2026-04-14", "hear 2026-04-13 late 2026-04-14, decide 2026-05-26 open"},
		{"a second hearing gives no new term", "received 2026-03-02; heard 2026-03-30; heard 2026-04-20", "2026-05-12", "hear 2026-04-13 on-time 2026-03-30, extend 2026-05-11 overdue, decide 2026-05-11 overdue"},
		{"decided in time", "received 2026-03-02; heard 2026-03-30; closed 2026-05-11", "2026-06-01", "hear 2026-04-13 on-time 2026-03-30, decide 2026-05-11 on-time 2026-05-11"},
		{"extended", "received 2026-03-02; heard 2026-03-30; extended 2026-05-11 until=2026-06-08", "2026-05-12", "hear 2026-04-13 on-time 2026-03-30, extend 2026-05-11 on-time 2026-05-11, decide 2026-06-08 open"},
		{"closed before a hearing", "received 2026-03-02; closed 2026-03-10", "2027-01-01", "hear 2026-04-13 not-needed"},
		{"closed without a hearing, after its term", "received 2026-03-02; closed 2026-04-14", "2027-01-01", "hear 2026-04-13 late"},
		{"reopened", "received 2026-03-02; closed 2026-03-10; reopened 2026-03-30", "2026-03-30", "hear 2026-04-13 not-needed, decide 2026-05-11 open"},
	})
}

// R16: a ruling is carried out within five working days, or as the policy says.
func TestRulings(t *testing.T) {
	const begin = "received 2026-03-02; closed 2026-03-06; referred 2026-03-20; "
	checkPromises(t, "close 4 weeks; archive 5 years", []promiseCase{
		{"five working days, past a weekend", begin + "ruled 2026-05-04", "2026-05-11", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-11 open"},
		{"overdue", begin + "ruled 2026-05-04", "2026-05-12", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-11 overdue"},
		{"in time", begin + "admitted 2026-04-01; ruled 2026-05-04; complied 2026-05-11", "2026-06-01", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-11 on-time 2026-05-11"},
		{"late", begin + "ruled 2026-05-04; complied 2026-05-12", "2026-05-12", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-11 late 2026-05-12"},
		{"a ruling ends an open promise", "received 2026-03-02; referred 2026-03-03; ruled 2026-03-10", "2026-03-31", "close 2026-03-30 not-needed, comply 2026-03-17 overdue"},
		{"a promise that was late when the ruling came stays late", "received 2026-03-02; referred 2026-03-03; ruled 2026-04-01", "2026-04-01", "extend 2026-03-30 late, close 2026-03-30 late, comply 2026-04-09 open"},
		{"a second ruling is a second promise", begin + "ruled 2026-05-04; complied 2026-05-06; referred 2026-05-20; ruled 2026-06-01", "2026-06-01", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-11 on-time 2026-05-06, comply 2026-06-08 open"},
	})
	checkPromises(t, "close 4 weeks; comply 2 weeks; archive 5 years", []promiseCase{
		{"two weeks", begin + "ruled 2026-05-04", "2026-05-18", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-18 open"},
	})
	checkPromises(t, "close 4 weeks; comply 8 weeks after admitted; archive 5 years", []promiseCase{
		{"counted from admission, the ruling does not end it", begin + "admitted 2026-03-30; ruled 2026-05-04", "2026-05-18", "close 2026-03-30 on-time 2026-03-06, comply 2026-05-25 open"},
	})
}

// R1: no term runs until the mail is in.
func TestSpokenComplaintsHaveNoTerms(t *testing.T) {
	checkPromises(t, published, []promiseCase{
		{"spoken", "spoken 2026-03-02", "2027-01-01", ""},
		{"spoken and heard", "spoken 2026-03-02; asked 2026-03-03; heard 2026-03-04", "2027-01-01", ""},
		{"spoken and closed", "spoken 2026-03-02; closed 2026-03-04", "2027-01-01", ""},
		{"closed and reopened", "spoken 2026-03-02; closed 2026-03-04; reopened 2026-03-05", "2027-01-01", ""},
		{"terms run from the mail", "spoken 2026-02-02; received 2026-03-02", "2026-03-02", "acknowledge 2026-03-09 open, inform 2026-03-16 open, close 2026-03-30 open"},
	})
}

// Workdays and Days are what a report can average: from day 0 to the deed.
func TestPromisesCountTheirWorkdays(t *testing.T) {
	c, _ := story(t, "received 2026-03-28; acknowledged 2026-03-28; proposed 2026-04-07; closed 2026-04-28")
	var got []int
	for _, r := range deadlines.Promises(c, policy(t, published), day(t, "2026-05-01")) {
		if r.Term != deadlines.Extend { // that was never told
			got = append(got, r.Workdays, r.Days)
		}
	}
	// Saturday 28 March; Easter Monday is 6 April, Koningsdag Monday 27 April.
	if want := []int{0, 0, 6, 10, 20, 31}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A complaint is handled under the text of its day of receipt.
func TestVersionOfTheDayOfReceipt(t *testing.T) {
	p := policy(t, "close 4 weeks; archive 5 years")
	second := policy(t, "close 2 weeks; archive 2 years").Versions[0]
	second.From = day(t, "2026-05-01")
	p.Versions = append(p.Versions, second)
	for _, c := range []promiseCase{
		{"the day before", "received 2026-04-30", "2026-04-30", "close 2026-05-28 open"},
		{"the day itself", "received 2026-05-01", "2026-05-01", "close 2026-05-15 open"},
		{"reopened under the new text", "received 2026-04-20; closed 2026-04-28; reopened 2026-05-04", "2026-05-04", "close 2026-05-18 on-time 2026-04-28, close 2026-06-01 open"},
		{"spoken before, received after", "spoken 2026-04-20; received 2026-05-01", "2026-05-01", "close 2026-05-15 open"},
		{"before the first version", "received 2019-06-03", "2019-06-03", "close 2019-07-01 open"},
	} {
		x, _ := story(t, c.story)
		if got := standing(x, p, day(t, c.today)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
	}
}
