package casefile_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// ownFields says which fields each step can have beside mail and text, as the
// table of the file format has it; those with a star it cannot do without.
var ownFields = map[casefile.Step]string{
	casefile.Spoken: "", casefile.Received: "files", casefile.Asked: "", casefile.Replied: "files", casefile.Acknowledged: "",
	casefile.Proposed: "", casefile.Heard: "", casefile.Complied: "",
	casefile.Invited:  "when* means",
	casefile.Extended: "until* reason*",
	casefile.Closed:   "outcome* learned",
	casefile.Reopened: "reason*",
	casefile.Referred: "body*",
	casefile.Admitted: "body", casefile.Declined: "body",
	casefile.Ruled:     "text* nothing-to-do",
	casefile.Held:      "reason* review*",
	casefile.Released:  "reason",
	casefile.Noted:     "files",
	casefile.Wrote:     "",
	casefile.CalledOff: "reason",

	casefile.Undelivered: "letter*",
	casefile.Moved:       "to*",
}

// set fills one field of an entry of 2026-04-01 with a value that can be, or
// empties it.
func set(t *testing.T, e *casefile.Entry, f casefile.Field, on bool) {
	t.Helper()
	filled := casefile.Entry{
		Mail: "01-received.eml", Text: "Goed gesprek.", When: casefile.Moment{Date: date(t, "2026-04-08")}, Means: casefile.Phone,
		Until: date(t, "2026-05-15"), Reason: "ziekte", Outcome: casefile.Agreed, Body: "Commissie", Review: date(t, "2026-09-01"),
		Letter: "02-acknowledged.eml", To: "2026-0007", Learned: "Eerder bellen.", NothingToDo: true, Files: []string{"03-foto.jpg"},
		Written: date(t, "2026-03-30"), Promised: casefile.Promised{"close": date(t, "2026-04-28")}, Noted: date(t, "2026-04-03"),
	}
	to := e.Value(f)
	if to == nil {
		t.Fatalf("there is no field %s", f)
	}
	from := reflect.ValueOf(filled.Value(f)).Elem()
	if !on {
		from = reflect.Zero(from.Type())
	}
	reflect.ValueOf(to).Elem().Set(from)
}

// good returns the least entry of the step that is complete.
func good(t *testing.T, step casefile.Step) casefile.Entry {
	e := casefile.Entry{Step: step, By: "mok", At: casefile.Moment{Date: date(t, "2026-04-01")}}
	if step == casefile.Noted { // a text or a file
		e.Text = "Gebeld."
	}
	for _, f := range strings.Fields(ownFields[step]) {
		if must, ok := strings.CutSuffix(f, "*"); ok {
			set(t, &e, casefile.Field(must), true)
		}
	}
	return e
}

func TestEveryStepHasItsFieldsAndNoOthers(t *testing.T) {
	for _, step := range casefile.Steps() {
		own, known := ownFields[step]
		if !known {
			t.Errorf("the test does not know the step %s", step)
			continue
		}
		e := good(t, step)
		if f, err := e.Check(); err != nil {
			t.Errorf("%s: a good entry is refused over %q: %v", step, f, err)
		}
		for _, f := range casefile.Fields() {
			must := slices.Contains(strings.Fields(own), string(f)+"*")
			common := f == casefile.FieldMail || f == casefile.FieldText || f == casefile.FieldNoted ||
				(f == casefile.FieldWritten || f == casefile.FieldPromised) && (step.Letter() || step == casefile.Complied)
			may := must || common || slices.Contains(strings.Fields(own), string(f))
			e := good(t, step)
			set(t, &e, f, true)
			if at, err := e.Check(); (err == nil) != may || err != nil && at != f {
				t.Errorf("%s with %s: %v (over %q), want it allowed: %v", step, f, err, at, may)
			}
			set(t, &e, f, false)
			if step == casefile.Noted && f == casefile.FieldText {
				must = true // without a file
			}
			at, err := e.Check()
			if (err != nil) != must {
				t.Errorf("%s without %s: %v, want it needed: %v", step, f, err, must)
			}
			if err != nil && (at != "" || !strings.Contains(err.Error(), string(f))) {
				t.Errorf("%s without %s: the error is over %q: %v", step, f, at, err)
			}
			if got := step.May(f); got != may {
				t.Errorf("%s may have %s: %v, want %v", step, f, got, may)
			}
		}
	}
}

func TestWhatAnEntryCannotSay(t *testing.T) {
	for _, c := range []struct {
		what  string
		step  casefile.Step
		spoil func(*casefile.Entry)
		field casefile.Field // that the error is about; "-" for no error
	}{
		{"an unknown step", casefile.Noted, func(e *casefile.Entry) { e.Step = "ignored" }, "step"},
		{"no step", casefile.Noted, func(e *casefile.Entry) { e.Step = "" }, "step"},
		{"no day", casefile.Noted, func(e *casefile.Entry) { e.At = casefile.Moment{} }, "at"},
		{"nobody", casefile.Noted, func(e *casefile.Entry) { e.By = "" }, "by"},
		{"a path for a mail", casefile.Received, func(e *casefile.Entry) { e.Mail = "../2026-0001/01.eml" }, "mail"},
		{"an unknown outcome", casefile.Closed, func(e *casefile.Entry) { e.Outcome = "won" }, "outcome"},
		{"an extension to the same day", casefile.Extended, func(e *casefile.Entry) { e.Until = e.At.Date }, "until"},
		{"an extension to the day before", casefile.Extended, func(e *casefile.Entry) { e.Until = e.At.Date.AddDays(-1) }, "until"},
		{"an extension to the day after", casefile.Extended, func(e *casefile.Entry) { e.Until = e.At.Date.AddDays(1) }, "-"},
		{"a hold looked at before it starts", casefile.Held, func(e *casefile.Entry) { e.Review = e.At.Date.AddDays(-1) }, "review"},
		{"a hold looked at on its first day", casefile.Held, func(e *casefile.Entry) { e.Review = e.At.Date }, "-"},
		{"written down before it happened", casefile.Noted, func(e *casefile.Entry) { e.Noted = e.At.Date.AddDays(-1) }, "noted"},
		{"a letter that left before it was written", casefile.Closed, func(e *casefile.Entry) { e.Written = e.At.Date.AddDays(1) }, "written"},
		{"a path for a file", casefile.Noted, func(e *casefile.Entry) { e.Files = []string{"scan.pdf", "../x"} }, "files"},
		{"a term that no letter promises", casefile.Acknowledged, func(e *casefile.Entry) { e.Promised = casefile.Promised{"archive": e.At.Date} }, "promised"},
		{"a note of a file alone", casefile.Noted, func(e *casefile.Entry) { e.Text, e.Files = "", []string{"scan.pdf"} }, "-"},
		{"an appointment in the past", casefile.Invited, func(e *casefile.Entry) { e.When.Date = e.At.Date.AddDays(-3) }, "-"},
	} {
		e := good(t, c.step)
		c.spoil(&e)
		f, err := e.Check()
		if (err == nil) != (c.field == "-") || err != nil && f != c.field {
			t.Errorf("%s: %v over %q, want %q", c.what, err, f, c.field)
		}
	}
}

func TestEveryOutcomeCloses(t *testing.T) {
	want := []casefile.Outcome{"agreed", "upheld", "partly-upheld", "rejected", "withdrawn", "not-admissible"}
	if got := casefile.Outcomes(); !slices.Equal(got, want) {
		t.Errorf("outcomes %v, want %v", got, want)
	}
	for _, o := range want {
		e := good(t, casefile.Closed)
		e.Outcome = o
		if _, err := e.Check(); err != nil {
			t.Errorf("closed as %s: %v", o, err)
		}
	}
}

// R13: the name of a mail can lead nowhere else and is no option of a command.
func TestNamesOfMails(t *testing.T) {
	for _, s := range []string{"01-received.eml", "a", "1.eml", "A_b-c.9", strings.Repeat("a", 100)} {
		if !casefile.ValidMailName(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", ".", "..", ".hidden", "-rf", "_x", "a/b", "../a", "/etc/passwd", `a\b`, "a b", "a\n", "a\x00", "a:b", "é.eml",
		"01-received.eml\n", strings.Repeat("a", 101), "~", "$HOME", "*",
	} {
		if casefile.ValidMailName(s) {
			t.Errorf("%q is taken", s)
		}
	}
}

// R4: the letters that confirm receipt by going out.
func TestWhichStepsAreLetters(t *testing.T) {
	var got []casefile.Step
	for _, s := range casefile.Steps() {
		if s.Letter() {
			got = append(got, s)
		}
	}
	want := []casefile.Step{"asked", "acknowledged", "proposed", "invited", "extended", "wrote", "closed"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestErrorsCarryTheirCauseAndHint(t *testing.T) {
	cause := casefile.Errorf("%q is not a date", "x").WithHint("write %s", "it so")
	err := casefile.Errorf("case.yaml:%d: %v", 3, cause)
	if got := err.Error(); got != `case.yaml:3: "x" is not a date` {
		t.Error(got)
	}
	if err.Unwrap() != error(cause) {
		t.Errorf("cause %v", err.Unwrap())
	}
	if hint, ok := casefile.HintOf(err); !ok || hint.String() != "write it so" {
		t.Errorf("hint %q, %v", hint, ok)
	}
	if _, ok := casefile.HintOf(casefile.Errorf("100% wrong")); ok {
		t.Error("a hint out of nothing")
	}
	if got := casefile.Errorf("100% wrong").Error(); got != "100% wrong" {
		t.Error(got)
	}
}
