package store

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Every published procedure is a policy file in testdata/procedures, without
// code. Its comment shows how the dates were counted by hand, and lines as
//
//	# expect: received 2026-04-13, extended 2026-04-27 until 2026-06-08: extend late, close 2026-06-08
//
// say what must come out: before the second colon what happened, after it a
// term with its date (close), the day to act by (close-by), or the verdict
// (close on-time); and tell-by (the last day to tell of a delay), latest, lodge-from, answer (of a
// body) and archive.
func TestPublishedProceduresNeedNoCode(t *testing.T) {
	files, err := filepath.Glob("testdata/procedures/*.yaml")
	if err != nil || len(files) != 15 {
		t.Fatalf("%d files, %v; want the ten variants, two of the Awb, the Wkkgz, childcare and one in English", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			p, text := readProcedure(t, file)
			lines := procedureLine.FindAllStringSubmatch(text, -1)
			if len(lines) < 3 || len(lines) != strings.Count(text, "expect:") {
				t.Fatalf("%d lines of expectations of %d", len(lines), strings.Count(text, "expect:"))
			}
			archived := false
			for _, l := range lines {
				checkProcedure(t, p, l[1], l[2])
				archived = archived || strings.Contains(l[2], "archive ")
			}
			if !archived {
				t.Error("nothing says how long a case is kept")
			}
		})
	}
}

var procedureLine = regexp.MustCompile(`(?m)^# expect: ([^:]+): (.+)$`)

func readProcedure(t *testing.T, file string) (*deadlines.Policy, string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, damage := decodePolicy(filepath.Base(file), data)
	if damage != nil {
		t.Fatal(damage)
	}
	return p, string(data)
}

func checkProcedure(t *testing.T, p *deadlines.Policy, happened, expected string) {
	t.Helper()
	c, last := procedureCase(t, p, happened)
	s, err := c.State()
	if err != nil {
		t.Fatalf("%s: %v", happened, err)
	}
	received := c.ReceivedOn()
	rows := deadlines.Promises(c, p, last)
	// On the day of receipt the terms are those that are expected, and no others.
	if len(c.Log) == 1 {
		var terms []string
		for _, r := range p.Terms(received) {
			terms = append(terms, string(r.Term)+" "+r.Due.String())
		}
		var want []string
		for _, e := range strings.Split(expected, ", ") {
			if name, _, _ := strings.Cut(e, " "); slices.Contains(deadlines.TermNames(), deadlines.Name(name)) {
				want = append(want, e)
			}
		}
		if !slices.Equal(terms, want) {
			t.Errorf("%s: the terms are %v, want %v", happened, terms, want)
		}
	}
	for _, e := range strings.Split(expected, ", ") {
		name, want, _ := strings.Cut(e, " ")
		got := "none"
		switch name {
		case "tell-by":
			if room := p.Room(received); !room.None {
				got = dateOrNone(room.TellBy)
			}
		case "latest":
			got = dateOrNone(p.Room(received).Latest)
		case "lodge-from":
			got = dateOrNone(p.LodgeFrom(received))
		case "answer":
			for _, a := range deadlines.Actions(c, s, p, last) {
				if a.For != "" {
					got = dateOrNone(a.Due)
				}
			}
		case "archive":
			k := deadlines.Retention(c, s, p)
			got = dateOrNone(k.Until)
			if k.Unlimited {
				got = "unlimited"
			}
		default:
			term, by := strings.CutSuffix(name, "-by")
			for _, r := range rows {
				switch {
				case string(r.Term) != term:
				case by:
					got = r.DoBy.String()
				case want == string(deadlines.OnTime) || want == string(deadlines.Late):
					got = string(r.Verdict)
				default:
					got = r.Due.String()
				}
			}
		}
		if got != want {
			t.Errorf("%s: %s is %s, want %s", happened, name, got, want)
		}
	}
}

func dateOrNone(d casefile.Date) string {
	if d.IsZero() {
		return "none"
	}
	return d.String()
}

// procedureCase makes a case of "received 2026-04-13, extended 2026-04-27 until
// 2026-06-08", and returns the day of its last step.
func procedureCase(t *testing.T, p *deadlines.Policy, happened string) (*casefile.Case, casefile.Date) {
	t.Helper()
	c := &casefile.Case{ID: "2026-0001"}
	var last casefile.Date
	for _, step := range strings.Split(happened, ", ") {
		f := strings.Fields(step)
		e := casefile.Entry{Step: casefile.Step(f[0]), At: casefile.Moment{Date: procedureDate(t, f[1])}}
		last = e.At.Date
		if e.Step == casefile.Referred {
			e.Body = p.Bodies[0].Name
		}
		if len(f) == 4 && f[2] == "until" {
			e.Until = procedureDate(t, f[3])
		}
		if !e.Step.Valid() || (e.Step == casefile.Extended) == e.Until.IsZero() {
			t.Fatalf("%q is not something that happens", step)
		}
		c.Log = append(c.Log, e)
	}
	return c, last
}

func procedureDate(t *testing.T, s string) casefile.Date {
	t.Helper()
	d, err := casefile.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Variant 9 and R15: there may be several bodies to turn to, the usual one first.
func TestProcedureWithTwoBodies(t *testing.T) {
	p, _ := readProcedure(t, "testdata/procedures/09-hypnosementor.yaml")
	if len(p.Bodies) != 2 || p.Bodies[0].Name != "Beroepsvereniging Kalm" || p.Bodies[1].URL != "https://geschillen.example/" {
		t.Errorf("%+v", p.Bodies)
	}
}

// Default 11, variant 7: the versions are put in order, whatever their order in
// the file.
func TestProcedureWithTwoVersions(t *testing.T) {
	p, _ := readProcedure(t, "testdata/procedures/07-jolange.yaml")
	for _, c := range []struct{ received, from string }{
		{"2018-05-24", "2018-05-25"}, {"2018-05-25", "2018-05-25"}, {"2026-04-30", "2018-05-25"}, {"2026-05-01", "2026-05-01"}, {"2040-01-01", "2026-05-01"},
	} {
		if got := p.At(procedureDate(t, c.received)).From.String(); got != c.from {
			t.Errorf("received %s: the version of %s, want %s", c.received, got, c.from)
		}
	}
}

// Terms may be written in Dutch; the dates are the same.
func TestProcedureInDutchWords(t *testing.T) {
	for _, file := range []string{"03-allmassage", "04-bat", "07-jolange", "10-aspd"} {
		p, text := readProcedure(t, "testdata/procedures/"+file+".yaml")
		head, terms, _ := strings.Cut(text, "\nversions:")
		dutch := strings.NewReplacer("workdays", "werkdagen", "weeks after", "weken na", "weeks", "weken", " days", " dagen",
			"months", "maanden", " years", " jaar", " year", " jaar", "hours", "uur", "unlimited", "onbeperkt").Replace(terms)
		q, damage := decodePolicy(file, []byte(head+"\nversions:"+dutch))
		if damage != nil || dutch == terms {
			t.Errorf("%s in Dutch: %v\n%s", file, damage, dutch)
			continue
		}
		for i, v := range p.Versions {
			w := q.Versions[i]
			for _, n := range deadlines.TermNames() {
				if v.Terms[n] != w.Terms[n] {
					t.Errorf("%s: %s is %s, in Dutch %s", file, n, v.Terms[n], w.Terms[n])
				}
			}
			if v.Archive != w.Archive || v.Extension != w.Extension {
				t.Errorf("%s: %s and %v, in Dutch %s and %v", file, v.Archive, v.Extension, w.Archive, w.Extension)
			}
		}
	}
}

// What cannot be a procedure is refused, with the place.
func TestProceduresThatAreRefused(t *testing.T) {
	_, good := readProcedure(t, "testdata/procedures/06-kollaart.yaml")
	first := strings.Count(good[:strings.Index(good, "format: 1")], "\n") + 1 // line of the first key
	for _, c := range []struct {
		what, old, new string
		line           int // counted from the first key
		want           string
	}{
		{"an unknown holiday", "tweede paasdag", "derde paasdag", 7, `"derde paasdag" is not a holiday`},
		{"an unknown weekday", "fri]", "fry]", 6, `"fry" is not a day of the week`},
		{"an unknown key", "    comply:", "    obey:", 15, `the key "obey" is not known here`},
		{"an unknown key of extension", "{notice:", "{warning:", 14, `the key "warning" is not known here`},
		{"an unknown key at the top", "bodies:", "organs:", 8, `the key "organs" is not known here`},
		{"a term that is none", "comply: 4 weeks", "comply: soon", 15, `"soon" is not a term`},
		{"a term of nothing", "close: 4 weeks", "close: 0 weeks", 13, `"0 weeks" is not a term`},
		{"a term without end", "close: 4 weeks", "close: unlimited", 13, "only archive can be unlimited"},
		{"a notice without end", "notice: 2 weeks", "notice: unlimited", 14, "only archive can be unlimited"},
		{"an end of extension that counts from a step", "notice: 2 weeks", "at most: 2 weeks after heard", 14, "not counted from a step"},
		{"a step that is none", "close: 4 weeks", "close: 4 weeks after lunch", 13, "is not a term"},
		{"a limit to lodge in working days", "    close:", "    lodge: 60 workdays\n    close:", 13, "cannot be in working days"},
		{"no retention", "    archive: 5 years\n", "", 12, `the key "archive" is missing`},
		{"no date of the version", "from: 2020-01-01\n    close", "close", 12, `the key "from" is missing`},
		{"a date that does not exist", "from: 2020-01-01", "from: 2020-02-30", 12, `"2020-02-30" is not a date`},
		{"two versions from one day", "versions:", "versions:\n  - {from: 2020-01-01, archive: 1 year}", 13, "two versions hold from 2020-01-01"},
		{"an impossible closing day", "bodies:", "closed: [2026-06-31]\nbodies:", 8, `"2026-06-31" is not a date`},
		{"a body without a name", "name: Onafhankelijke Commissie\n    address", "address", 9, `the key "name" is missing`},
		{"an answer that is none", "address: Postbus", "answer: Postbus", 10, "is not a term"},
		{"a way to roll that is none", "bodies:", "due_on_day_off: sometimes\nbodies:", 8, `"sometimes" is not one of`},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Errorf("%s: the file has no %q", c.what, c.old)
			continue
		}
		_, damage := decodePolicy(PolicyFile, []byte(bad))
		if damage == nil {
			t.Errorf("%s: is taken", c.what)
			continue
		}
		if place := (&Damage{File: PolicyFile, Line: first + c.line}).Place(); !strings.HasPrefix(damage.Error(), place+": ") || !strings.Contains(damage.Error(), c.want) {
			t.Errorf("%s: %s\nwant %s: … %s", c.what, damage, place, c.want)
		}
	}
}

// These are found when all days are known; the error still names a place.
func TestWorkingDaysThatAreRefused(t *testing.T) {
	_, good := readProcedure(t, "testdata/procedures/06-kollaart.yaml")
	for _, c := range []struct{ what, old, new, want string }{
		{"no working days", "[mon, tue, wed, thu, fri]", "[]", "no working days"},
		{"closing days reversed", "bodies:", "closed: [2026-08-06..2026-07-19]\nbodies:", "2026-08-06..2026-07-19 end before they start"},
		{"closed for years", "bodies:", "closed: [2026-08-06..2028-07-19]\nbodies:", "more than 366 days"},
	} {
		_, damage := decodePolicy(PolicyFile, []byte(strings.Replace(good, c.old, c.new, 1)))
		if damage == nil || damage.Line == 0 || !strings.HasPrefix(damage.Error(), PolicyFile+":") || !strings.Contains(damage.Error(), c.want) {
			t.Errorf("%s: %v", c.what, damage)
		}
	}
}
