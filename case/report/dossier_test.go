package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"

	"golang.org/x/net/html"
)

func day(t testing.TB, s string) casefile.Date {
	t.Helper()
	d, err := casefile.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// dossierOf makes the dossier of a complaint that was confirmed late, is on hold
// and has a note; every text in it is text.
func dossierOf(t testing.TB, to Reader, text string) *Dossier {
	t.Helper()
	calendar, err := deadlines.NewCalendar([]time.Weekday{1, 2, 3, 4, 5}, deadlines.DefaultHolidays(), nil)
	if err != nil {
		t.Fatal(err)
	}
	terms := map[deadlines.Name]deadlines.Term{}
	for name, s := range map[deadlines.Name]string{deadlines.Acknowledge: "5 workdays", deadlines.Inform: "10 workdays", deadlines.Close: "4 weeks"} {
		if terms[name], err = deadlines.ParseTerm(s); err != nil {
			t.Fatal(err)
		}
	}
	archive, _ := deadlines.ParseTerm("5 years")
	policy := &deadlines.Policy{Organisation: deadlines.Organisation{Name: text, Handler: text, Email: "klachten@webwerkoost.example"}, Zone: time.UTC,
		Language: "nl", Versions: []deadlines.Version{{From: day(t, "2025-01-01"), Terms: terms, Archive: archive, Roll: deadlines.Stay, Calendar: calendar}}}
	at := func(s string) casefile.Moment { return casefile.Moment{Date: day(t, s)} }
	c := &casefile.Case{ID: "2026-0007", Received: day(t, "2026-11-02"), Subject: text, Complaint: text, Language: "nl",
		Complainant: casefile.Complainant{Name: text, Email: text, Phone: text},
		Log: []casefile.Entry{
			{At: at("2026-11-02"), Step: casefile.Received, By: text, Mail: "01-received.eml"},
			{At: at("2026-11-03"), Step: casefile.Noted, By: text, Text: "GEHEIM notitie " + text, Mail: "02-noted.eml"},
			{At: at("2026-11-12"), Step: casefile.Acknowledged, By: text, Mail: "03-acknowledged.eml"},
			{At: at("2026-11-13"), Step: casefile.Heard, By: text, Text: "gesprek " + text},
			{At: at("2026-11-18"), Step: casefile.Closed, By: text, Outcome: casefile.Agreed, Learned: "GEHEIM geleerd", Mail: "04-closed.eml"},
			{At: at("2026-11-19"), Step: casefile.Undelivered, By: text, Letter: "04-closed.eml"},
			{At: at("2026-11-20"), Step: casefile.Held, By: text, Reason: "GEHEIM reden " + text, Text: "GEHEIM tekst", Review: day(t, "2027-11-20")},
		}}
	state, err := c.State()
	if err != nil {
		t.Fatal(err)
	}
	d := &Dossier{Case: c, State: state, Policy: policy, Today: day(t, "2026-12-07"), For: to, Words: Words{Lang: "nl", T: said, Status: "open",
		Step:  func(e casefile.Entry) string { return string(e.Step) + " " + e.Body },
		Term:  func(n deadlines.Name) string { return string(n) },
		Short: casefile.Date.String, Weekday: func(d casefile.Date) string { return "maandag" }}}
	for _, name := range Select(c, to).Mails() {
		d.Mails = append(d.Mails, Mail{Name: name, Size: 10, SHA256: strings.Repeat("0", 64), From: text, To: text, Cc: text, Subject: text,
			Text: "mail " + text, HTML: true, Cut: true, Attached: []string{text}, Inner: &Mail{From: text, Text: text}})
	}
	return d
}

// said says a sentence as the program does: its values are made plain.
func said(format string, args ...any) string {
	for i, a := range args {
		if _, ok := a.(int); !ok {
			args[i] = casefile.OneLine(fmt.Sprint(a))
		}
	}
	return fmt.Sprintf(format, args...)
}

func written(t testing.TB, d *Dossier) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile are texts that would do something, were they not shown as text.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'onmouseover='alert(1)`, `</style><script>alert(1)</script>`,
	`</title></main></body></html><iframe src="https://kwaad.example/">`, `javascript:alert(1)`, `{{.Case}} {{template "main" .}}`,
	`<svg onload=alert(1)><style>*{display:none}</style>`, `<!-- `, `]]>`, "a\r\nb\x00\x1b[2J\u202Ec", `<base href="https://kwaad.example/">`,
	`<meta http-equiv=refresh content="0;url=https://kwaad.example/">`, `<link rel=stylesheet href=https://kwaad.example/x.css>`,
	"\xff\xfe niet UTF-8", `&lt;script&gt;`, strings.Repeat("lang", 100_000),
}

// elements returns the elements of a page with their attributes, without the
// texts; and all the text of it.
func elements(t testing.TB, page string) (list, text string) {
	t.Helper()
	var b, s strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String(), s.String()
		case html.TextToken:
			s.Write(z.Text())
		case html.CommentToken:
			b.WriteString("<!--")
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			b.WriteString(z.Token().String() + "\n")
		}
	}
}

// Whatever a text says, the page consists of the same elements, with the same
// attributes.
func TestNothingInATextIsMarkup(t *testing.T) {
	for _, to := range []Reader{Committee, Complainant} {
		want, _ := elements(t, written(t, dossierOf(t, to, "gewoon")))
		if strings.Contains(want, "<script") || strings.Contains(want, " on") || strings.Contains(want, "src=") {
			t.Fatalf("the page itself has active parts:\n%s", want)
		}
		for _, text := range hostile {
			got, shown := elements(t, written(t, dossierOf(t, to, text)))
			if got != want {
				t.Errorf("%.60q changes the elements of the page for the %s:\n%s", text, to, got)
			}
			for _, r := range []string{"\x00", "\x1b", "\u202E", "\xff"} {
				if strings.Contains(shown, r) {
					t.Errorf("%.60q: %q is on the page", text, r)
				}
			}
			if first, _, _ := strings.Cut(casefile.OneLine(text), "\uFFFD"); !strings.Contains(shown, first) && len(text) < 1000 {
				t.Errorf("%.60q cannot be read on the page", text)
			}
		}
	}
}

func TestInternalNotesAreLeftOutForTheComplainant(t *testing.T) {
	page := written(t, dossierOf(t, Complainant, "tekst"))
	for _, secret := range []string{"GEHEIM", "02-noted.eml"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page for the complainant has %q", secret)
		}
	}
	for _, want := range []string{"1 internal notes", "1 reasons", "what we learned", "Closed: it did not arrive", "gesprek tekst", "klachten@webwerkoost.example"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page for the complainant lacks %q", want)
		}
	}
	for _, want := range []string{"GEHEIM notitie", "GEHEIM reden", "GEHEIM tekst", "GEHEIM geleerd", "02-noted.eml"} {
		if page := written(t, dossierOf(t, Committee, "tekst")); !strings.Contains(page, want) {
			t.Errorf("the page for the committee lacks %q", want)
		}
	}
}

// Late and on time can be told apart in black and white, and are told to those
// who do not see the chart.
func TestLateIsNotSaidByColourAlone(t *testing.T) {
	page := written(t, dossierOf(t, Committee, "tekst"))
	for _, want := range []string{"3 working days late", ">!</text>", "✓</text>", "acknowledge: promised by 9 november 2026, done on 12 november 2026, 3 working days late."} {
		if !strings.Contains(strings.ToLower(page), strings.ToLower(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
