package deadlines_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// story makes a case of what happened, such as
//
//	received 2026-03-02; extended 2026-03-30 until=2026-05-01
//
// and fills in what each step cannot do without. A day may have a time behind a T,
// in UTC; the terms that a letter promises stand as close=2026-03-30.
func story(t testing.TB, happened string) (*casefile.Case, casefile.State) {
	t.Helper()
	c := &casefile.Case{ID: "2026-0007", Subject: "Website te laat", Complainant: casefile.Complainant{Name: "Jolanda de Wit"}}
	for _, line := range strings.Split(happened, ";") {
		f := strings.Fields(line)
		at, err := casefile.ParseMoment(f[1], time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		e := casefile.Entry{Step: casefile.Step(f[0]), By: "mok", At: at}
		if e.Step == casefile.Noted {
			e.Text = "…"
		}
		for _, need := range e.Step.Must() {
			switch need {
			case casefile.FieldText:
				e.Text = "…"
			case casefile.FieldReason:
				e.Reason = "ziekte"
			case casefile.FieldOutcome:
				e.Outcome = casefile.Agreed
			case casefile.FieldBody:
				e.Body = "Commissie"
			}
		}
		for _, own := range f[2:] {
			key, value, _ := strings.Cut(own, "=")
			switch key {
			case "until":
				e.Until = day(t, value)
			case "when":
				e.When.Date = day(t, value)
			case "review":
				e.Review = day(t, value)
			case "body":
				e.Body = value
			case "mail":
				e.Mail = value
			case "letter":
				e.Letter = value
			case "written":
				e.Written = day(t, value)
			case "nothing-to-do":
				e.NothingToDo = value == "true"
			case "inform", "close", "decide", "counted-from":
				if key == "counted-from" {
					key = casefile.CountedFrom
				}
				if e.Promised == nil {
					e.Promised = casefile.Promised{}
				}
				e.Promised[key] = day(t, value)
			default:
				t.Fatalf("the story has an unknown %q", own)
			}
		}
		if _, err := e.Check(); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		c.Log = append(c.Log, e)
	}
	s, err := c.State()
	if err != nil {
		t.Fatalf("%s: %v", happened, err)
	}
	return c, s
}

// policy returns a policy of one version with the default working days. Its
// terms are given as "close 4 weeks; archive 5 years; notice 2 weeks".
func policy(t testing.TB, terms string) *deadlines.Policy {
	t.Helper()
	p := procedure(t, deadlines.DefaultHolidays())
	v := &p.Versions[0]
	v.Terms = map[deadlines.Name]deadlines.Term{}
	for _, line := range strings.Split(terms, ";") {
		name, length, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch name {
		case "archive":
			v.Archive = term(t, length)
		case "notice":
			v.Extension.Notice = term(t, length)
		case "most":
			length, more := strings.CutSuffix(length, " more")
			v.Extension.AtMost, v.Extension.More = term(t, length), more
		case "extension":
			v.Extension.None = length == "none"
		case "appeal":
			v.Appeal = term(t, length)
		case "lodge":
			v.Lodge = term(t, length)
		default:
			v.Terms[deadlines.Name(name)] = term(t, length)
		}
	}
	return p
}

// standing writes the promises on one line: the term, its date, the verdict,
// and the day on which it was met.
func standing(c *casefile.Case, p *deadlines.Policy, today casefile.Date) string {
	var out []string
	for _, r := range deadlines.Promises(c, p, today) {
		s := fmt.Sprintf("%s %s %s", r.Term, r.Due, r.Verdict)
		if !r.Done.IsZero() {
			s += " " + r.Done.String()
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}
