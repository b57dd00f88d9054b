package store

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/store/strict"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// hostile are texts that YAML, a terminal or git would read as something else.
var hostile = []string{
	"- a: b", "key: value", "key:", ": x", "<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base", "---", "...",
	"--- x", "  voor", "na  ", "\n\nlater", "\ttab", "a\tb", "# geen opmerking", "a # b", "a #b", "&a", "*a", "*a*", "!t",
	"!!str x", "? ", "? a\n: b", "%YAML 1.2", "%", "@a", "`a`", "[a", "{a: b", "]", "}", ",", "|", "|+", ">-", "\"", "'", "''",
	"\\n", "\\", "1", "1_000", "0x1F", "012", "1e3", ".5", ".inf", ".nan", "-", "--", "null", "Null", "~", "yes", "no", "on",
	"off", "true", "True", "n", "y", "2026-11-20", "2026-11-20T10:00:00Z", "12:30:45", "1:30", "<<", "=", "", " ", "\n",
	"\n\n\n", "a\n\n\nb", "  in\nuit", "\tin\nuit", "a\n  b\n c", "a\n\tb", "a: |\n  b", "log:\n  - at: 2026-01-01",
	"a\x00b", "a\x1b[31mb", "a\x7fb", "a\u0085b", "a\u009bb", "a\u202eb", "a\u2066b", "a\u2028b", "a\u2029b", "\ufeffa", "a\ufeffb",
	"\ufffd", "\ufffe", "\uffff", "a\u00a0", "\u3000a", "a\r\nb", "a\rb", "\xff\xfe", "a\xc3", "👩‍👩‍👧", "😡", "\U0010ffff",
	strings.Repeat("lang ", 60), strings.Repeat("x", 200), "a\n" + strings.Repeat(" ", 90) + "b", "a\n---\nb", "a\n...\n",
	"é", "e\u0301", "\u200b", "\U000e0041", "key: [", "- - -", "-\n-", "a:\n- b", "\"a\": b", "'a': b #c",
}

// texts draws what a person may send, as it comes in: already plain.
func texts() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String(), rapid.StringN(0, 5, -1),
		rapid.StringOf(rapid.SampledFrom([]rune(" \n\t-:#&*!|>'\"%@{}[],?a1<=.\\~"))))
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(piece, 1, 4).Draw(t, "parts")
		return casefile.Plain(strings.Join(parts, rapid.SampledFrom([]string{"", " ", "\n", "\n\n", ": "}).Draw(t, "between")))
	})
}

func someText(t *rapid.T, label string) string {
	if s := texts().Draw(t, label); s != "" {
		return s
	}
	return "x"
}

// someEntry draws an entry of the step on the n-th day of the case, with all the
// fields that it must have and some of those that it may have.
func someEntry(t *rapid.T, step casefile.Step, n int, zone casefile.Moment) casefile.Entry {
	d := zone.Date.AddDays(n)
	m := casefile.Moment{Date: d}
	if rapid.Bool().Draw(t, "time known") {
		m = casefile.MomentOf(d.Noon(), zone.Time.Location())
	}
	e := casefile.Entry{At: m, Step: step, By: someText(t, "by")}
	has := func(f casefile.Field) bool {
		for _, must := range step.Must() {
			if must == f {
				return true
			}
		}
		return step.May(f) && rapid.Bool().Draw(t, "has "+string(f))
	}
	if has(casefile.FieldText) || step == casefile.Noted {
		e.Text = someText(t, "text")
	}
	if has(casefile.FieldTo) {
		e.To = "2026-0007"
	}
	if has(casefile.FieldNothingToDo) {
		e.NothingToDo = true
	}
	if has(casefile.FieldFiles) {
		e.Files = []string{"03-scan.pdf", "04-chat.txt"}
	}
	if has(casefile.FieldWritten) {
		e.Written = d.AddDays(-1)
	}
	if has(casefile.FieldPromised) {
		e.Promised = casefile.Promised{"inform": d.AddDays(10), "close": d.AddDays(28)}
	}
	if has(casefile.FieldNoted) {
		e.Noted = d.AddDays(3)
	}
	if has(casefile.FieldMail) {
		e.Mail = rapid.StringMatching(`[0-9]{2}-[a-z]{1,9}\.eml`).Draw(t, "mail")
	}
	if has(casefile.FieldWhen) {
		e.When = casefile.Moment{Date: d.AddDays(2)}
	}
	if has(casefile.FieldMeans) {
		e.Means = someText(t, "means")
	}
	if has(casefile.FieldUntil) {
		e.Until = d.AddDays(30)
	}
	if has(casefile.FieldReason) {
		e.Reason = someText(t, "reason")
	}
	if has(casefile.FieldOutcome) {
		e.Outcome = rapid.SampledFrom(casefile.Outcomes()).Draw(t, "outcome")
	}
	if has(casefile.FieldBody) {
		e.Body = someText(t, "body")
	}
	if has(casefile.FieldLetter) {
		e.Letter = "02-acknowledged.eml"
	}
	if has(casefile.FieldLearned) {
		e.Learned = someText(t, "learned")
	}
	if has(casefile.FieldReview) {
		e.Review = d.AddDays(90)
	}
	return e
}

func someCase(t *rapid.T, zone casefile.Moment) casefile.Case {
	c := casefile.Case{
		About:    rapid.SampledFrom([]string{"", "website", "- a: b"}).Draw(t, "about"),
		ID:       casefile.MakeID(zone.Date.Year, "", rapid.IntRange(1, 99999).Draw(t, "number")),
		Subject:  texts().Draw(t, "subject"),
		Language: rapid.SampledFrom([]string{"nl", "en"}).Draw(t, "language"),
		Complainant: casefile.Complainant{Name: someText(t, "name"), Email: texts().Draw(t, "email"),
			Phone: texts().Draw(t, "phone"), Address: texts().Draw(t, "address"), Anonymous: rapid.Bool().Draw(t, "anonymous")},
		Complaint: texts().Draw(t, "complaint"),
		Log:       []casefile.Entry{someEntry(t, casefile.Received, 0, zone)},
	}
	if rapid.Bool().Draw(t, "two") {
		c.Others = []casefile.Complainant{{Name: someText(t, "name")}}
	}
	c.Received = zone.Date
	return c
}

// someStep draws a step that may follow.
func someStep(t *rapid.T, c *casefile.Case, n int, zone casefile.Moment) casefile.Entry {
	var may []casefile.Step
	for _, s := range casefile.Steps() {
		if c.Allows(casefile.Entry{At: casefile.Moment{Date: zone.Date.AddDays(n)}, Step: s, Letter: "02-acknowledged.eml"}) == nil {
			may = append(may, s)
		}
	}
	return someEntry(t, rapid.SampledFrom(may).Draw(t, "step"), n, zone)
}

func TestWhateverAPersonWritesReadsBackAsItWas(t *testing.T) {
	p, zone := testPolicy(t), at(t, "2026-03-20T12:00")
	rapid.Check(t, func(t *rapid.T) {
		c := someCase(t, zone)
		for n := range rapid.IntRange(0, 4).Draw(t, "steps") {
			c.Log = append(c.Log, someStep(t, &c, n+1, zone))
		}
		data, err := encodeCase(&c, p)
		if err != nil {
			t.Fatal(err)
		}
		f, damage := decodeCase("x.yaml", data, p)
		if damage != nil {
			t.Fatalf("%v\n%s", damage, data)
		}
		if diff := cmp.Diff(plainCase(c), plainCase(f.Case)); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, data)
		}
		if strict.ConflictLine(data) > 0 || bytes.ContainsAny(data, "\x00\x1b\r\u202e") {
			t.Fatalf("the file holds what git or a terminal would act on:\n%q", data)
		}
	})
}

func TestStepsOnlyAddWhateverTheySay(t *testing.T) {
	p, zone := testPolicy(t), at(t, "2026-03-20T12:00")
	var starts []string
	for name, data := range byHand {
		if strings.Contains(data, "received: 2026-11-20") {
			starts = append(starts, name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(byHand[rapid.SampledFrom(starts).Draw(t, "file")])
		zone := casefile.Moment{Date: casefile.Date{Year: 2026, Month: 11, Day: 22}, Time: zone.Time}
		f, damage := decodeCase("x.yaml", data, p)
		if damage != nil {
			t.Fatal(damage)
		}
		for n := range rapid.IntRange(1, 8).Draw(t, "steps") {
			e := someStep(t, &f.Case, n+1, zone)
			next, err := withEntry(f, e, p)
			if err != nil {
				t.Fatalf("%v\n%+v\n%s", err, e, f.Data)
			}
			if !bytes.HasPrefix(next.Data, f.Data) {
				t.Fatalf("not only added:\n%s", next.Data)
			}
			want := f.Case
			want.Log = append(append([]casefile.Entry(nil), f.Log...), e)
			if diff := cmp.Diff(plainCase(want), plainCase(next.Case)); diff != "" {
				t.Fatalf("(-want +got)\n%s\n%s", diff, next.Data)
			}
			f = next
		}
	})
}

func TestEachHostileTextByItself(t *testing.T) {
	p := testPolicy(t)
	texts := slices.Concat(hostile, []string{"een\u0085twee\ndrie", "een\u2028twee\ndrie", "een\rtwee\ndrie", "een\r\ntwee\n"})
	for _, raw := range hostile {
		texts = append(texts, casefile.Plain(raw))
	}
	for _, text := range texts {
		raw := text
		if text == "" || !utf8.ValidString(text) {
			continue
		}
		c := complaintOn(t, "2026-11-20")
		c.ID, c.Subject, c.Complaint, c.Complainant = "2026-0001", text, text, casefile.Complainant{Name: text, Email: text, Phone: text}
		c.Log[0].By, c.Log[0].Text = text, text
		data, err := encodeCase(&c, p)
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		f, damage := decodeCase("2026-0001.yaml", data, p)
		if damage != nil {
			t.Fatal(damage)
		}
		if diff := cmp.Diff(plainCase(c), plainCase(f.Case)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", raw, diff)
		}
		wantAppended(t, []byte(handHead+handLog), casefile.Entry{At: at(t, "2026-11-23"), Step: casefile.Extended, By: text,
			Until: day(t, "2026-12-24"), Reason: text, Text: text}, p)
	}
}
