package deadlines_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// agenda writes the actions on one line: what, its date, do by where that is
// another day, the urgency, and the working days left.
func agenda(actions []deadlines.Action) string {
	var out []string
	for _, a := range actions {
		s := string(a.Do)
		if !a.Due.IsZero() {
			s += " " + a.Due.String()
		}
		if a.DoBy != a.Due {
			s += " by " + a.DoBy.String()
		}
		s += " " + string(a.Urgency)
		if a.Urgency != deadlines.Waiting {
			s += fmt.Sprintf(" %d", a.Left)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

type actionCase struct{ what, story, today, want string }

func checkActions(t *testing.T, p *deadlines.Policy, cases []actionCase) {
	t.Helper()
	for _, c := range cases {
		x, s := story(t, c.story)
		if got := agenda(deadlines.Actions(x, s, p, day(t, c.today))); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.what, got, c.want)
		}
	}
}

// Default 4: a date on Sunday is to be met by Friday, and today starts there;
// it is not too late before Monday.
func TestUrgencyAroundADueDate(t *testing.T) {
	const sunday = "received 2026-11-22; proposed 2026-11-23"
	const monday = "received 2026-03-02; proposed 2026-03-03"
	const easter = "received 2026-03-09; proposed 2026-03-10"
	checkActions(t, policy(t, published), []actionCase{
		{"the day after receipt", sunday, "2026-11-23", "close 2026-12-20 by 2026-12-18 upcoming 19"},
		{"Thursday", sunday, "2026-12-17", "close 2026-12-20 by 2026-12-18 upcoming 1"},
		{"Friday", sunday, "2026-12-18", "close 2026-12-20 by 2026-12-18 today 0"},
		{"Saturday", sunday, "2026-12-19", "close 2026-12-20 by 2026-12-18 today 0"},
		{"Sunday", sunday, "2026-12-20", "close 2026-12-20 by 2026-12-18 today 0"},
		{"Monday", sunday, "2026-12-21", "close 2026-12-20 by 2026-12-18 overdue -1"},
		{"Tuesday", sunday, "2026-12-22", "close 2026-12-20 by 2026-12-18 overdue -2"},
		{"the Friday before a Monday", monday, "2026-03-27", "close 2026-03-30 upcoming 1"},
		{"the Sunday before it", monday, "2026-03-29", "close 2026-03-30 upcoming 1"},
		{"the Monday itself", monday, "2026-03-30", "close 2026-03-30 today 0"},
		{"the Tuesday after", monday, "2026-03-31", "close 2026-03-30 overdue -1"},
		{"the Saturday after", monday, "2026-04-04", "close 2026-03-30 overdue -4"},
		{"the Thursday before Easter Monday", easter, "2026-04-02", "close 2026-04-06 by 2026-04-03 upcoming 1"},
		{"Good Friday", easter, "2026-04-03", "close 2026-04-06 by 2026-04-03 today 0"},
		{"Easter Monday", easter, "2026-04-06", "close 2026-04-06 by 2026-04-03 today 0"},
		{"the day after Easter", easter, "2026-04-07", "close 2026-04-06 by 2026-04-03 overdue -1"},
	})
}

func TestActionsFollowThePromises(t *testing.T) {
	checkActions(t, policy(t, published), []actionCase{
		{"new: the most pressing first", "received 2026-03-02", "2026-03-02", "acknowledge 2026-03-09 upcoming 5, inform 2026-03-16 upcoming 10, close 2026-03-30 upcoming 20"},
		{"confirmed", "received 2026-03-02; acknowledged 2026-03-03", "2026-03-03", "inform 2026-03-16 upcoming 9, close 2026-03-30 upcoming 19"},
		{"what is late stays at the top", "received 2026-03-02", "2026-03-16", "acknowledge 2026-03-09 overdue -5, inform 2026-03-16 today 0, close 2026-03-30 upcoming 10"},
		{"R12: the new date", "received 2026-03-02; proposed 2026-03-03; extended 2026-03-30 until=2026-05-03", "2026-05-01", "close 2026-05-03 by 2026-05-01 today 0"},
		{"closed", "received 2026-03-02; closed 2026-03-10", "2027-01-01", ""},
		{"reopened", "received 2026-03-02; closed 2026-03-10; reopened 2026-04-01", "2026-04-29", "close 2026-04-29 today 0"},
		{"R1: spoken", "spoken 2026-03-02", "2026-03-10", "invite-to-write upcoming 0"},
		{"spoken and heard", "spoken 2026-03-02; heard 2026-03-03", "2026-03-10", "invite-to-write upcoming 0"},
		{"spoken and invited to write", "spoken 2026-03-02; wrote 2026-03-04", "2026-04-01", "invite-to-write waiting"},
		{"nothing came of it", "spoken 2026-03-02; wrote 2026-03-04", "2026-04-02", "close today 0"},
		{"a reply that nobody has read, on a closed complaint", "received 2026-03-02; closed 2026-03-10; replied 2026-03-20", "2026-04-01", "read today 0"},
		{"read, for a letter was written since", "received 2026-03-02; closed 2026-03-10; replied 2026-03-20; wrote 2026-03-21", "2026-04-01", ""},
		{"a letter of before, recorded after it", "received 2026-03-02; closed 2026-03-10; replied 2026-03-20; noted 2026-03-12", "2026-04-01", ""},
		{"a ruling with nothing to carry out", "received 2026-03-02; referred 2026-03-20; ruled 2026-05-04 nothing-to-do=true", "2026-05-13", ""},
		{"spoken and closed", "spoken 2026-03-02; closed 2026-03-03", "2026-03-10", ""},
		{"spoken, now in writing", "spoken 2026-03-02; received 2026-03-09; proposed 2026-03-09", "2026-03-10", "close 2026-04-06 by 2026-04-03 upcoming 18"},
		{"R16: a ruling stands until it is carried out", "received 2026-03-02; closed 2026-03-10; referred 2026-03-20; ruled 2026-05-04", "2026-05-11", "comply 2026-05-11 today 0"},
		{"long after", "received 2026-03-02; closed 2026-03-10; referred 2026-03-20; ruled 2026-05-04", "2026-05-13", "comply 2026-05-11 overdue -2"},
		{"carried out", "received 2026-03-02; closed 2026-03-10; referred 2026-03-20; ruled 2026-05-04; complied 2026-05-06", "2026-05-13", ""},
		{"a ruling in an open case ends the rest", "received 2026-03-02; referred 2026-03-20; ruled 2026-05-04", "2026-05-04", "comply 2026-05-11 upcoming 5"},
	})
}

// R7: an appointment is to be kept on its own day, a working day or not.
func TestAppointments(t *testing.T) {
	const invited = "received 2026-03-02; invited 2026-03-04 when=2026-03-14"
	const rest = "close 2026-03-30 upcoming "
	checkActions(t, policy(t, published), []actionCase{
		{"the Friday before a Saturday", invited, "2026-03-13", "hear 2026-03-14 upcoming 0, " + rest + "11"},
		{"the Saturday", invited, "2026-03-14", "hear 2026-03-14 today 0, " + rest + "11"},
		{"forgotten", invited, "2026-03-16", "hear 2026-03-14 overdue -1, " + rest + "10"},
		{"it took place", invited + "; heard 2026-03-14", "2026-03-16", rest + "10"},
		{"called off", invited + "; called-off 2026-03-12", "2026-03-16", rest + "10"},
		{"moved", invited + "; invited 2026-03-12 when=2026-03-20", "2026-03-16", "hear 2026-03-20 upcoming 4, " + rest + "10"},
		{"closed before it", invited + "; closed 2026-03-12", "2026-03-13", ""},
		{"an old appointment does not come back", invited + "; closed 2026-03-12; reopened 2026-04-01", "2026-04-01", "close 2026-04-29 upcoming 18"},
		{"a second conversation", invited + "; heard 2026-03-14; invited 2026-03-16 when=2026-03-18", "2026-03-16", "hear 2026-03-18 upcoming 2, " + rest + "10"},
	})
	checkActions(t, policy(t, "hear 6 weeks; decide 6 weeks after heard; archive 5 years"), []actionCase{
		{"no appointment yet", "received 2026-03-02", "2026-04-10", "hear 2026-04-13 upcoming 1"},
		{"an appointment within the term stands for it", "received 2026-03-02; invited 2026-03-04 when=2026-04-13", "2026-04-10", "hear 2026-04-13 upcoming 1"},
		{"an appointment after the term does not hide it", "received 2026-03-02; invited 2026-03-04 when=2026-04-14", "2026-04-10", "hear 2026-04-13 upcoming 1, hear 2026-04-14 upcoming 2"},
		{"the decision is a closing", "received 2026-03-02; heard 2026-03-30", "2026-05-11", "close 2026-05-11 today 0"},
	})
}

// Default 10: a hold is looked at again; R15 and R16: a body is waited for.
func TestHoldsAndBodies(t *testing.T) {
	const closed = "received 2026-03-02; closed 2026-03-10; "
	p := policy(t, published)
	p.Bodies = []deadlines.Body{{Name: "Commissie", Answer: term(t, "7 workdays")}, {Name: "Geschillencommissie"}}
	checkActions(t, p, []actionCase{
		{"review on a Sunday", closed + "held 2026-03-12 review=2026-09-06", "2026-09-03", "review 2026-09-06 by 2026-09-04 upcoming 1"},
		{"it starts on Friday", closed + "held 2026-03-12 review=2026-09-06", "2026-09-04", "review 2026-09-06 by 2026-09-04 today 0"},
		{"overdue", closed + "held 2026-03-12 review=2026-09-06", "2026-09-07", "review 2026-09-06 by 2026-09-04 overdue -1"},
		{"released", closed + "held 2026-03-12 review=2026-09-06; released 2026-09-04", "2026-09-07", ""},
		{"held while open", "received 2026-03-02; proposed 2026-03-03; held 2026-03-04 review=2026-03-20", "2026-03-20", "review 2026-03-20 today 0, close 2026-03-30 upcoming 6"},
		{"referred to a body that answers within a term", closed + "referred 2026-03-20 body=Commissie", "2026-03-23", "comply 2026-03-31 waiting"},
		{"long ago, and still waiting", closed + "referred 2026-03-20 body=Commissie", "2026-09-01", "comply 2026-03-31 waiting"},
		{"admitted: there is no date any more", closed + "referred 2026-03-20 body=Commissie; admitted 2026-03-27", "2026-09-01", "comply waiting"},
		{"a body that promises no term", closed + "referred 2026-03-20 body=Geschillencommissie", "2026-03-23", "comply waiting"},
		{"a body that the policy does not know", closed + "referred 2026-03-20 body=Ombudsman", "2026-03-23", "comply waiting"},
		{"declined", closed + "referred 2026-03-20 body=Commissie; declined 2026-03-27", "2026-03-27", ""},
		{"referred while open: both, what has no date last", "received 2026-03-02; proposed 2026-03-03; referred 2026-03-20 body=Ombudsman", "2026-03-23", "close 2026-03-30 upcoming 5, comply waiting"},
	})
	x, s := story(t, closed+"referred 2026-03-20 body=Commissie")
	if a := deadlines.Actions(x, s, p, day(t, "2026-03-23")); len(a) != 1 || a[0].For != "Commissie" || a[0].Entry.Step != casefile.Referred {
		t.Errorf("%+v", a)
	}
}

// A closing that waits for an answer shows which letter it waits for.
func TestUnansweredLetters(t *testing.T) {
	for _, c := range []struct{ what, story, want string }{
		{"nothing was asked", "received 2026-03-02; acknowledged 2026-03-03", ""},
		{"a question", "received 2026-03-02; asked 2026-03-03", "asked 2026-03-03"},
		{"a proposal", "received 2026-03-02; asked 2026-03-03; proposed 2026-03-05", "proposed 2026-03-05"},
		{"answered", "received 2026-03-02; proposed 2026-03-03; replied 2026-03-05", ""},
		{"talked over", "received 2026-03-02; proposed 2026-03-03; heard 2026-03-05", ""},
		{"asked again", "received 2026-03-02; asked 2026-03-03; replied 2026-03-04; asked 2026-03-05", "asked 2026-03-05"},
	} {
		x, s := story(t, c.story)
		got := "no closing"
		for _, a := range deadlines.Actions(x, s, policy(t, published), day(t, "2026-03-06")) {
			if a.Do == deadlines.DoClose {
				got = ""
				if a.Entry != nil {
					got = string(a.Entry.Step) + " " + a.Entry.At.Date.String()
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// What a letter that came back leaves undone says so.
func TestLettersThatCameBack(t *testing.T) {
	for _, c := range []struct{ what, story, want string }{
		{"the confirmation", "acknowledged 2026-03-03 mail=a.eml; undelivered 2026-03-04 letter=a.eml", "acknowledge: acknowledged 2026-03-03"},
		{"and it was sent again", "acknowledged 2026-03-03 mail=a.eml; undelivered 2026-03-04 letter=a.eml; acknowledged 2026-03-05", ""},
		{"and that came back as well", "acknowledged 2026-03-03 mail=a.eml; undelivered 2026-03-04 letter=a.eml; acknowledged 2026-03-05 mail=b.eml; undelivered 2026-03-06 letter=b.eml", "acknowledge: acknowledged 2026-03-05"},
		{"a proposal, that was to confirm as well", "proposed 2026-03-03 mail=a.eml; undelivered 2026-03-04 letter=a.eml", "acknowledge: proposed 2026-03-03, inform: proposed 2026-03-03"},
		{"a question, after the confirmation", "acknowledged 2026-03-03; asked 2026-03-04 mail=a.eml; undelivered 2026-03-04 letter=a.eml", "close: asked 2026-03-04"},
		{"an extension", "acknowledged 2026-03-03; extended 2026-03-04 mail=a.eml until=2026-05-01; undelivered 2026-03-04 letter=a.eml", "close: extended 2026-03-04"},
		{"the closing", "acknowledged 2026-03-03; proposed 2026-03-03; closed 2026-03-04 mail=a.eml; undelivered 2026-03-05 letter=a.eml", "close: closed 2026-03-04"},
		{"the confirmation, and then the extension", "acknowledged 2026-03-03 mail=a.eml; extended 2026-03-05 mail=b.eml until=2026-05-01; undelivered 2026-03-06 letter=b.eml; undelivered 2026-03-06 letter=a.eml", "acknowledge: acknowledged 2026-03-03, close: extended 2026-03-05"},
		{"the end of a ruling", "closed 2026-03-03; referred 2026-03-04; ruled 2026-03-05; complied 2026-03-05 mail=a.eml; undelivered 2026-03-06 letter=a.eml", "comply: complied 2026-03-05"},
	} {
		x, s := story(t, "received 2026-03-02; "+c.story)
		var got []string
		for _, a := range deadlines.Actions(x, s, policy(t, published), day(t, "2026-03-06")) {
			if a.Back != nil {
				got = append(got, string(a.Do)+": "+string(a.Back.Step)+" "+a.Back.At.Date.String())
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// The bar of the summary: how much of the term has gone by.
func TestHowMuchOfATermHasGone(t *testing.T) {
	x, s := story(t, "received 2026-03-02; proposed 2026-03-03")
	for _, c := range []struct {
		today string
		want  float64
	}{{"2026-03-02", 0}, {"2026-03-09", 0.25}, {"2026-03-16", 0.5}, {"2026-03-30", 1}, {"2026-04-06", 1.25}} {
		if got := deadlines.Actions(x, s, policy(t, published), day(t, c.today))[0].Used; got != c.want {
			t.Errorf("on %s: %v, want %v", c.today, got, c.want)
		}
	}
}

// Over the whole register: by date, then by number of the case, then in the
// order of the procedure; what has no date comes last.
func TestActionsOfManyCasesInOrder(t *testing.T) {
	p := policy(t, "acknowledge 2 weeks; inform 2 weeks; close 4 weeks; archive 5 years")
	var all []deadlines.Action
	for id, happened := range map[casefile.ID]string{
		"2026-0003": "spoken 2026-03-02", "2026-10000": "received 2026-03-02", "2026-0009": "received 2026-03-02", "2026-0001": "received 2026-03-03; proposed 2026-03-04",
	} {
		x, s := story(t, happened)
		x.ID = id
		all = append(all, deadlines.Actions(x, s, p, day(t, "2026-03-05"))...)
	}
	slices.SortFunc(all, deadlines.Action.Compare)
	var got []string
	for _, a := range all {
		got = append(got, string(a.Case.ID)+" "+string(a.Do))
	}
	want := "2026-0009 acknowledge, 2026-0009 inform, 2026-10000 acknowledge, 2026-10000 inform, 2026-0009 close, 2026-10000 close, 2026-0001 close, 2026-0003 invite-to-write"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}
