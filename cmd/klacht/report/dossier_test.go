package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
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
	d := &Dossier{Case: c, State: state, Policy: policy, Today: day(t, "2026-12-07"), For: to, Words: dictionary.New("en")}
	for _, name := range Select(c, to, false).Mails() {
		d.Mails = append(d.Mails, Mail{Name: name, Size: 10, SHA256: strings.Repeat("0", 64), From: text, To: text, Cc: text, Subject: text,
			Text: "mail " + text, HTML: true, Cut: true, Attached: []string{text}, Inner: &Mail{From: text, Text: text}})
	}
	return d
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

// handler is an attribute that would run something.
var handler = regexp.MustCompile(`\son[a-z]+=`)

// Whatever a text says, the page consists of the same elements, with the same
// attributes.
func TestNothingInATextIsMarkup(t *testing.T) {
	for _, to := range []Reader{Committee, Complainant} {
		want, _ := elements(t, written(t, dossierOf(t, to, "gewoon")))
		if strings.Contains(want, "<script") || handler.MatchString(want) || strings.Contains(want, "src=") {
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

// Notes are left out, and for the complainant what else is internal; the page says
// so, and why. They can be asked for.
func TestInternalNotesAreLeftOut(t *testing.T) {
	notes := []string{"GEHEIM notitie", "02-noted.eml"}
	other := []string{"GEHEIM reden", "GEHEIM tekst", "GEHEIM geleerd"}
	for _, tt := range []struct {
		to    Reader
		with  bool
		there []string
		not   []string
	}{
		{Committee, false, append([]string{"1 internal note"}, other...), append([]string{"1 reason ", "what we learned"}, notes...)},
		{Committee, true, append(other, notes...), []string{"1 internal note"}},
		{Complainant, false, []string{"1 internal note", "1 reason ", "what we learned", "art. 15(4)", "Closed: agreed: it did not arrive", "gesprek tekst", "klachten@webwerkoost.example"}, append(other, notes...)},
		{Complainant, true, append(other, notes...), []string{"1 internal note", "1 reason ", "art. 15(4)"}},
	} {
		d := dossierOf(t, tt.to, "tekst")
		d.Notes = tt.with
		d.Mails = append(d.Mails, Mail{Name: "02-noted.eml"})
		if !tt.with {
			d.Mails = d.Mails[:len(d.Mails)-1]
		}
		page := written(t, d)
		for _, s := range tt.there {
			if !strings.Contains(page, s) {
				t.Errorf("for the %s, with notes %v: lacks %q", tt.to, tt.with, s)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(page, s) {
				t.Errorf("for the %s, with notes %v: has %q", tt.to, tt.with, s)
			}
		}
	}
}

// The page tells what was met by a letter, by one that left from elsewhere, and on
// the word of the handler; when a step was written down; the date before an
// extension; the files of notes; and of a hold no date that has gone by.
func TestADossierClaimsWhatIsKnown(t *testing.T) {
	d := dossierOf(t, Complainant, "tekst")
	at := func(s string) casefile.Moment { return casefile.Moment{Date: day(t, s)} }
	d.Case.About, d.Case.Complainant.Address = "levering", "Dorpsstraat 7\n7201 AB Zutphen"
	d.Case.Others = []casefile.Complainant{{Name: "Els Nijhuis"}, {Anonymous: true}}
	d.Case.Log = []casefile.Entry{
		{At: at("2026-01-05"), Step: casefile.Received, Mail: "01-received.eml"},
		{At: at("2026-01-07"), Step: casefile.Acknowledged, Mail: "02-acknowledged.eml", Written: day(t, "2026-01-06")},
		{At: at("2026-01-08"), Step: casefile.Heard, Text: "gebeld", Noted: day(t, "2026-01-20")},
		{At: at("2026-01-09"), Step: casefile.Noted, Files: []string{"scan.pdf"}},
		{At: at("2026-01-28"), Step: casefile.Extended, Until: day(t, "2026-03-02"), Reason: "ziek", Mail: "03-extended.eml"},
		{At: at("2026-02-10"), Step: casefile.Closed, Outcome: casefile.Agreed, Mail: "04-closed.eml"},
		{At: at("2026-02-20"), Step: casefile.Referred, Body: "Commissie"},
		{At: at("2026-03-20"), Step: casefile.Declined},
		{At: at("2026-04-01"), Step: casefile.Held, Reason: "beroep", Review: day(t, "2026-10-05")},
	}
	var err error
	if d.State, err = d.Case.State(); err != nil {
		t.Fatal(err)
	}
	d.Notes, d.Mails = true, nil
	for _, name := range Select(d.Case, d.For, true).Mails() {
		d.Mails = append(d.Mails, Mail{Name: name, SHA256: "som"})
	}
	for _, name := range Select(d.Case, d.For, true).Files() {
		d.Files = append(d.Files, Mail{Name: name, SHA256: "som van de scan"})
	}
	d.Extra = []string{"los.pdf"}
	_, page := elements(t, written(t, d))
	for _, want := range []string{"the letter is kept as it was written", "the letter is kept", "according to the handler; no letter is kept",
		"the letter as written on 6 January 2026; sent on 7 January 2026 according to the handler", "recorded on 20 January 2026",
		"first 2 February 2026", "scan.pdf", "som van de scan", "los.pdf", "Els Nijhuis", "anonymous", "levering", "Dorpsstraat 7, 7201 AB Zutphen",
		"on hold, whatever its time; to be looked at again on 5 October 2026", "legitimate interest", "5 years from closing, and longer",
		"Commissie, before which", "Autoriteit Persoonsgegevens", "art. 6(1)(f)", "your own mails and words", "object to it"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "Archived until") || strings.Contains(page, "ruled on") {
		t.Error("the page claims what is not so")
	}
	if n := strings.Count(page, "the letter as written on"); n != 2 { // with the letter, and with its file
		t.Errorf("%d letters are said to be as they were written", n)
	}
	d.For = Committee
	if page := written(t, d); strings.Contains(page, "legitimate interest") {
		t.Error("the committee is told the rights of the complainant")
	}
}

// Late and on time can be told apart in black and white, and are told to those
// who do not see the chart.
func TestLateIsNotSaidByColourAlone(t *testing.T) {
	page := written(t, dossierOf(t, Committee, "tekst"))
	for _, want := range []string{"3 working days late", ">!</text>", "✓</text>", "Confirm receipt: promised by 9 November 2026, done on 12 November 2026, 3 working days late."} {
		if !strings.Contains(strings.ToLower(page), strings.ToLower(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
