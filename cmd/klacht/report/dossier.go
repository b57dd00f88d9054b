package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
	"klacht/deadlines"
)

// Dossier is everything on one complaint, as a page to be printed: for the body
// that looks at it, or for the complainant's own right to see it (GDPR, art.
// 15). The mails and files stand beside the page, byte for byte.
type Dossier struct {
	Case   *casefile.Case
	State  casefile.State
	Policy *deadlines.Policy
	Today  casefile.Date
	Mails  []Mail   // in the order in which the log names them; see [Selection.Mails]
	Files  []Mail   // that notes keep, with Name, Missing, Size and SHA256 alone; see [Selection.Files]
	Extra  []string // names of files in the folder of the case that no step names; they are not beside the page
	For    Reader
	Notes  bool // the owner's own notes are in it
	Words  *dictionary.Words
}

// Reader is whom a dossier is for.
type Reader string

// The readers; see [Select] for what each sees.
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

//go:embed dossier.css
var dossierCSS template.CSS

var dossierPage = sync.OnceValue(func() *template.Template {
	css, err := pages.ReadFile("page.css")
	if err != nil {
		panic(err)
	}
	return page("dossier.html", template.FuncMap{"css": func() template.CSS { return template.CSS(css) + dossierCSS }})
})

// Write writes the page.
func (d *Dossier) Write(w io.Writer) error {
	t, sel := d.Words.T, Select(d.Case, d.For, d.Notes)
	v := dossierView{Lang: d.Words.Lang, Title: t("Dossier of complaint %s", d.Case.ID), Subject: casefile.Heading(d.Case.Subject),
		Complaint: casefile.Plain(d.Case.Complaint)}
	v.Lead = t("Compiled on %s by %s. Confidential.", d.long(d.Today), d.Policy.Organisation.Name)
	if d.For == Complainant {
		v.Lead = t("Compiled on %s by %s, for the complainant. Confidential.", d.long(d.Today), d.Policy.Organisation.Name)
	}
	v.Left, v.Facts = d.left(sel.Left), d.facts()
	if d.For == Complainant {
		v.Rights = d.rights()
	}
	d.promises(&v)
	for _, e := range sel.Log {
		v.Steps = append(v.Steps, d.step(e))
	}
	for _, m := range d.Mails {
		v.Mails = append(v.Mails, d.mail(m, sel))
	}
	for _, m := range slices.Concat(d.Mails, d.Files) {
		if !m.Missing {
			v.Files = append(v.Files, fileView{m, d.drafted(sel.of(m.Name))})
		}
	}
	if len(d.Extra) > 0 {
		v.Extra = t("In the folder of this complaint stand files that no step names. They are not among these: %s.", casefile.Heading(strings.Join(d.Extra, ", ")))
	}
	v.Say = sayings{
		Left: t("What was left out"), Promises: t("What was promised, and what was done"),
		Chart: t("The promises in time"), Promise: t("Promise"), From: t("Counted from"), By: t("Promised by"), Done: t("Done on"),
		Stands: t("How it stands"), Complaint: t("The complaint"), Steps: t("Step by step"), Mails: t("The mails and letters"),
		Files: t("The files"), File: t("File"), Bytes: t("Bytes"), NoPromise: t("No term has run: the complaint was voiced, and not written."),
		Rights: t("Why we have this, and your rights"),
		FilesNote: t("Each of these stands beside this page. The sum shows that a file is unchanged: the program sha256sum works it out anew. " +
			"A mail is kept byte for byte as it came or went, unless it says otherwise below."),
		MailsNote: t("What the mails say, as text. Pictures, layout and attachments are in the files."),
		ChartNote: t("A band is the time that was promised, and the line at its end the last day. ✓ is done in time, ! is late, › is still open."),
	}
	return dossierPage().Execute(w, v)
}

// dossierView is what the template shows: texts that are ready, but for the
// escaping that the template does.
type dossierView struct {
	Lang, Title, Subject, Lead string
	Left                       []string
	Facts, Rights              []fact
	Charts                     []*timeline
	Promises                   []promiseView
	Complaint                  string
	Steps                      []stepView
	Mails                      []mailView
	Files                      []fileView
	Extra                      string
	Say                        sayings
}

type sayings struct {
	Left, Promises, Chart, Promise, From, By, Done, Stands, Complaint, Steps, Mails, Files, File, Bytes, Rights string
	NoPromise, FilesNote, MailsNote, ChartNote                                                                  string
}

type fact struct{ Name, Value string }

type fileView struct {
	Mail
	Note string // that it is not the mail itself; "" where it is
}

type promiseView struct {
	Name, From, By, Done, Mark, Stands string
	First, Proof                       string // the date before it was extended; how it is known that it was met
	Kind                               string // kept, missed, open or rest
}

type stepView struct {
	Day, Clock, What, By, Mail string
	Noted                      string // when it was written down, where that was later
	Texts                      []fact // with the name of each, "" for the text itself
	Files                      []string
	Own                        bool // a note of the owner's own
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
func (d *Dossier) day(day casefile.Date) string {
	return d.Words.Weekday(day.Weekday()) + " " + d.long(day)
}

// left says on the page what was left out, and why.
func (d *Dossier) left(l Left) []string {
	t := d.Words.T
	list := l.Say(t)
	switch {
	case d.For != Complainant:
		return list
	case list == nil:
		return []string{t("Nothing was left out.")}
	}
	return append(list, t("The reason: these were written for internal use, and can touch the rights of others and of the firm (GDPR, art. 15(4))."),
		t("to be had on request, with a mail to %s", d.Policy.Organisation.Email))
}

func (d *Dossier) facts() (list []fact) {
	t, c := d.Words.T, d.Case
	add := func(name, value string) {
		if value = casefile.Heading(value); value != "" {
			list = append(list, fact{name, value})
		}
	}
	for _, who := range append([]casefile.Complainant{c.Complainant}, c.Others...) {
		add(t("Complainant"), who.Name)
		if who.Anonymous {
			add(t("Complainant"), t("anonymous"))
		}
		add(t("E-mail"), who.Email)
		add(t("Phone"), who.Phone)
		add(t("Address"), strings.Join(strings.FieldsFunc(who.Address, func(r rune) bool { return r == '\n' }), ", "))
	}
	add(t("About"), c.About)
	if on := c.ReceivedOn(); !on.IsZero() {
		add(t("Received on"), d.day(on))
	} else {
		add(t("Voiced on"), d.day(c.Began()))
	}
	add(t("Handled by"), strings.Join(slices.DeleteFunc([]string{d.Policy.Organisation.Handler, d.Policy.Organisation.Role}, func(s string) bool { return s == "" }), ", "))
	add(t("How it stands"), d.Words.StatusName(d.State))
	if closing, ok := c.Closing(); ok && d.State.Closed {
		add(t("How it ended"), d.Words.What(closing))
	}
	switch kept := deadlines.Retention(c, d.State, d.Policy); {
	case d.State.Hold != nil:
		add(t("Archived"), t("on hold, whatever its time; to be looked at again on %s", d.long(d.State.Hold.Review)))
	case kept.Unlimited:
		add(t("Archived"), t("without end"))
	case kept.Settled:
		add(t("Archived until"), d.long(kept.Until))
	}
	add(t("Procedure"), t("in force since %s", d.long(d.Policy.For(c).From)))
	return list
}
