package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Dossier is everything on one complaint, as a page to be printed: for the body
// that looks at it, or for the complainant's own right to see it (GDPR, art.
// 15). The mails stand beside the page, byte for byte.
type Dossier struct {
	Case   *casefile.Case
	State  casefile.State
	Policy *deadlines.Policy
	Today  casefile.Date
	Mails  []Mail // in the order in which the log names them; see [Selection.Mails]
	For    Reader
	Words  Words
}

// Reader is whom a dossier is for.
type Reader string

// The readers. Everybody but the complainant sees all.
const (
	Committee   Reader = "committee"
	Complainant Reader = "complainant"
)

// Mail is a mail of a complaint as the page shows it. Its texts are shown as
// text, whatever stands in them.
type Mail struct {
	Name     string // of the file beside the page
	Missing  bool   // the log names it, but it cannot be read: nothing else is set
	Unclear  bool   // the file is there, but is no mail that can be shown
	Size     int
	SHA256   string // of the file, in hex
	From     string
	To, Cc   string
	Subject  string
	Dated    casefile.Moment // by the sender's clock
	Text     string
	HTML     bool // the words were taken out of a page of HTML
	Cut      bool // the text goes on in the file
	Attached []string
	Inner    *Mail // a mail within it that was forwarded
}

// Words say things in the language of the page.
type Words struct {
	Lang    string                                  // "nl" or "en"
	T       func(format string, args ...any) string // says a sentence; its values are made plain
	Step    func(casefile.Entry) string
	Term    func(deadlines.Name) string
	Status  string
	Short   func(casefile.Date) string // 23 nov
	Weekday func(casefile.Date) string
}

//go:embed dossier.css
var dossierCSS template.CSS

var dossierPage = func() *template.Template {
	css, err := pages.ReadFile("page.css")
	if err != nil {
		panic(err)
	}
	return page("dossier.html", template.FuncMap{"css": func() template.CSS { return template.CSS(css) + dossierCSS }})
}()

// Write writes the page.
func (d *Dossier) Write(w io.Writer) error {
	t, sel := d.Words.T, Select(d.Case, d.For)
	v := dossierView{Lang: d.Words.Lang, Title: t("Dossier of complaint %s", d.Case.ID), Subject: line(d.Case.Subject),
		Complaint: casefile.Plain(d.Case.Complaint)}
	v.Lead = t("Compiled on %s by %s. Confidential.", d.long(d.Today), d.Policy.Organisation.Name)
	if d.For == Complainant {
		v.Lead = t("Compiled on %s by %s, for the complainant. Confidential.", d.long(d.Today), d.Policy.Organisation.Name)
	}
	v.Left, v.Facts = d.left(sel.Left), d.facts()
	d.promises(&v)
	for _, e := range sel.Log {
		v.Steps = append(v.Steps, d.step(e))
	}
	for _, m := range d.Mails {
		v.Mails = append(v.Mails, d.mail(m, sel))
		if !m.Missing {
			v.Files = append(v.Files, m)
		}
	}
	v.Say = sayings{
		Left: t("What was left out"), Promises: t("What was promised, and what was done"),
		Chart: t("The promises in time"), Promise: t("Promise"), From: t("Counted from"), By: t("Promised by"), Done: t("Done on"),
		Stands: t("How it stands"), Complaint: t("The complaint"), Steps: t("Step by step"), Mails: t("The mails and letters"),
		Files: t("The files"), File: t("File"), Bytes: t("Bytes"), NoPromise: t("No term has run: the complaint was voiced, and not written."),
		FilesNote: t("Each mail stands beside this page as a file, byte for byte as it came or went. The sum shows that a file is unchanged: " +
			"the program sha256sum works it out anew."),
		MailsNote: t("What the mails say, as text. Pictures, layout and attachments are in the files."),
		ChartNote: t("A band is the time that was promised, and the line at its end the last day. ✓ is done in time, ! is late, › is still open."),
	}
	return dossierPage.Execute(w, v)
}

// dossierView is what the template shows: texts that are ready, but for the
// escaping that the template does.
type dossierView struct {
	Lang, Title, Subject, Lead string
	Left                       []string
	Facts                      []fact
	Chart                      *timeline
	Promises                   []promiseView
	Complaint                  string
	Steps                      []stepView
	Mails                      []mailView
	Files                      []Mail
	Say                        sayings
}

type sayings struct {
	Left, Promises, Chart, Promise, From, By, Done, Stands, Complaint, Steps, Mails, Files, File, Bytes string
	NoPromise, FilesNote, MailsNote, ChartNote                                                          string
}

type fact struct{ Name, Value string }

type promiseView struct {
	Name, From, By, Done, Mark, Stands string
	Kind                               string // kept, missed, open or rest
}

type stepView struct {
	Day, Clock, What, By, Mail string
	Texts                      []fact // with the name of each, "" for the text itself
	Own                        bool   // a note of the owner's own
}

type mailView struct {
	Mail
	Heading  string
	Facts    []fact
	Remarks  []string
	Attached string
	Words    string
	Inner    *mailView
}

func (d *Dossier) long(day casefile.Date) string { return long(day, d.Words.Lang) }

// day writes a date in full with its weekday.
func (d *Dossier) day(day casefile.Date) string { return d.Words.Weekday(day) + " " + d.long(day) }

// left says on the page for the complainant what was left out.
func (d *Dossier) left(l Left) []string {
	t := d.Words.T
	list := l.Say(t)
	switch {
	case d.For != Complainant:
		return nil
	case list == nil:
		return []string{t("Nothing was left out.")}
	}
	return append(list, t("to be had on request, with a mail to %s", d.Policy.Organisation.Email))
}

func (d *Dossier) facts() (list []fact) {
	t, c := d.Words.T, d.Case
	add := func(name, value string) {
		if value = line(value); value != "" {
			list = append(list, fact{name, value})
		}
	}
	add(t("Complainant"), c.Complainant.Name)
	add(t("E-mail"), c.Complainant.Email)
	add(t("Phone"), c.Complainant.Phone)
	if on := c.ReceivedOn(); !on.IsZero() {
		add(t("Received on"), d.day(on))
	} else {
		add(t("Voiced on"), d.day(c.Began()))
	}
	add(t("Handled by"), d.Policy.Organisation.Handler)
	add(t("How it stands"), d.Words.Status)
	for _, p := range slices.Backward(c.Standing()) {
		if d.State.Closed && p.Step == casefile.Closed {
			add(t("How it ended"), d.Words.Step(p.Entry))
			break
		}
	}
	switch kept := deadlines.Retention(c, d.State, d.Policy); {
	case kept.Unlimited:
		add(t("Archived"), t("without end"))
	case kept.Settled:
		add(t("Archived until"), d.long(kept.Until))
	}
	add(t("Procedure"), t("in force since %s", d.long(d.Policy.For(c).From)))
	return list
}

func (d *Dossier) promises(v *dossierView) {
	t := d.Words.T
	promises := deadlines.Promises(d.Case, d.Policy, d.Today)
	calendar := d.Policy.For(d.Case).Calendar
	for _, p := range promises {
		w := promiseView{Name: capital(d.Words.Term(p.Term)), From: d.long(p.Start), By: d.long(p.Due), Done: d.long(p.Done)}
		over := calendar.Between(p.Due, p.Done)
		switch {
		case p.Verdict == deadlines.NotNeeded:
			w.Kind, w.Mark, w.Stands = "rest", "–", t("no longer needed")
		case p.Verdict == deadlines.OnTime:
			w.Kind, w.Mark, w.Stands = "kept", "✓", t("on time")
		case p.Verdict == deadlines.Late && over > 0:
			w.Kind, w.Mark, w.Stands = "missed", "!", t("%d working days late", over)
		case p.Verdict == deadlines.Late:
			w.Kind, w.Mark, w.Stands = "missed", "!", t("late")
		case p.Verdict == deadlines.Overdue:
			w.Kind, w.Mark, w.Stands = "missed", "!", t("too late")
		default:
			w.Kind, w.Mark, w.Stands = "open", "›", t("open")
		}
		v.Promises = append(v.Promises, w)
	}
	v.Chart = d.timeline(promises, v.Promises)
}

func (d *Dossier) step(e Happened) stepView {
	t := d.Words.T
	s := stepView{Day: d.long(e.At.Date), Clock: e.At.Clock(), What: capital(d.Words.Step(e.Entry)), By: line(e.By), Mail: e.Mail, Own: e.Step == casefile.Noted}
	if e.Reason != "" {
		s.Texts = append(s.Texts, fact{t("Reason"), casefile.Plain(e.Reason)})
	}
	if e.Text != "" {
		s.Texts = append(s.Texts, fact{"", casefile.Plain(e.Text)})
	}
	if e.Learned != "" {
		s.Texts = append(s.Texts, fact{t("Learned"), casefile.Plain(e.Learned)})
	}
	if e.Back {
		s.What = t("%s: it did not arrive", s.What)
	}
	return s
}

// mail shows a mail under the step that names it.
func (d *Dossier) mail(m Mail, sel Selection) mailView {
	t := d.Words.T
	v := d.mailText(m)
	for _, e := range sel.Log {
		if e.Mail == m.Name {
			v.Heading = t("%s, %s", d.long(e.At.Date), d.Words.Step(e.Entry))
			break
		}
	}
	switch {
	case m.Missing:
		v.Remarks = append(v.Remarks, t("This mail is named in the register, but could not be read. It is not among the files."))
	case m.Unclear:
		v.Remarks = append(v.Remarks, t("This file cannot be shown as a mail. It stands beside this page as it is."))
	}
	return v
}

func (d *Dossier) mailText(m Mail) mailView {
	t := d.Words.T
	v := mailView{Mail: m}
	dated := ""
	if !m.Dated.IsZero() {
		dated = d.day(m.Dated.Date) + ", " + m.Dated.Clock()
	}
	for _, f := range []fact{{t("From"), m.From}, {t("To"), m.To}, {t("Copy to"), m.Cc}, {t("Date"), dated}, {t("Subject"), m.Subject}} {
		if f.Value = line(f.Value); f.Value != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if len(m.Attached) > 0 {
		v.Facts = append(v.Facts, fact{t("Attached"), line(strings.Join(m.Attached, "; "))})
	}
	v.Words = casefile.Plain(m.Text)
	complaint := casefile.Plain(d.Case.Complaint)
	if v.Words != "" && (v.Words == complaint || m.Cut && strings.HasPrefix(complaint, v.Words)) {
		v.Words = ""
		v.Remarks = append(v.Remarks, t("Its text is the complaint, as it stands above."))
	}
	if m.HTML {
		v.Remarks = append(v.Remarks, t("The mail has a layout of its own; here are its words."))
	}
	if m.Cut {
		v.Remarks = append(v.Remarks, t("The text is longer than this: the file %s has all of it.", m.Name))
	}
	if m.Inner != nil {
		inner := d.mailText(*m.Inner)
		inner.Heading = t("The mail that was forwarded")
		v.Inner = &inner
	}
	return v
}

// line returns a text as one line that is not too long to be a heading.
func line(s string) string {
	const most = 300
	r := []rune(casefile.OneLine(s))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

// capital writes a text with a capital.
func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// Size writes a number of bytes for a person.
func Size(n int) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	case n >= 1<<10:
		return strconv.Itoa(n>>10) + " kB"
	}
	return strconv.Itoa(n) + " B"
}
