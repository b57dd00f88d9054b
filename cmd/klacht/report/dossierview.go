package report

import (
	"strconv"
	"strings"
	"unicode"

	casefile "klacht/case"
	"klacht/deadlines"
)

func (d *Dossier) promises(v *dossierView) {
	promises := deadlines.Promises(d.Case, d.Policy, d.Today)
	for _, p := range promises {
		v.Promises = append(v.Promises, d.promise(p))
	}
	if len(promises) > 0 {
		v.Charts = []*timeline{d.timeline(promises, v.Promises, broad), d.timeline(promises, v.Promises, narrow)}
	}
}

func (d *Dossier) promise(p deadlines.Promise) promiseView {
	t := d.Words.T
	w := promiseView{Name: capital(d.Words.TermName(p.Term)), From: d.long(p.Start), By: d.long(p.Due), Done: d.long(p.Done)}
	if !p.First.IsZero() {
		w.First = t("first %s", d.long(p.First))
	}
	switch p.Verdict {
	case deadlines.NotNeeded:
		w.Kind, w.Mark, w.Stands = "rest", "–", t("no longer needed")
	case deadlines.OnTime:
		w.Kind, w.Mark, w.Stands = "kept", "✓", t("on time")
	case deadlines.Late:
		w.Kind, w.Mark, w.Stands = "missed", "!", d.late(p)
	case deadlines.Overdue:
		w.Kind, w.Mark, w.Stands = "missed", "!", t("too late")
	default:
		w.Kind, w.Mark, w.Stands = "open", "›", t("open")
	}
	switch {
	case p.Proof == deadlines.ByLetter:
		w.Proof = t("the letter is kept")
	case p.Proof == deadlines.ByDraft:
		w.Proof = t("the letter is kept as it was written")
	case p.Proof == deadlines.ByWord:
		w.Proof = t("according to the handler; no letter is kept")
	case p.Returned:
		w.Proof = t("a letter that would have kept it came back")
	}
	if p.Proof != "" && p.Returned {
		w.Proof += "; " + t("a letter that would have kept it came back")
	}
	if p.Target {
		w.Name = t("%s (an aim of our own)", w.Name)
	}
	return w
}

// late says how late a promise was met, if it was.
func (d *Dossier) late(p deadlines.Promise) string {
	t := d.Words.T
	if !p.Lapsed.IsZero() {
		return t("late: %s had passed when the delay was told", d.long(p.Lapsed))
	}
	if p.Done.IsZero() {
		return t("late, and not done")
	}
	if over := d.Policy.For(d.Case).Calendar.Between(p.Due, p.Done); over > 0 {
		return t("%d working days late", over)
	}
	return t("late")
}

func (d *Dossier) step(e Happened) stepView {
	t := d.Words.T
	s := stepView{Day: d.long(e.At.Date), Clock: e.At.Clock(), What: capital(d.Words.What(e.Entry)), By: casefile.Heading(e.By), Mail: e.Mail, Files: e.Files, Own: e.Step == casefile.Noted}
	if !e.Noted.IsZero() {
		s.Noted = t("recorded on %s", d.long(e.Noted))
	}
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
	e := sel.of(m.Name)
	v.Heading = t("%s, %s", d.long(e.At.Date), d.Words.What(e))
	if note := d.drafted(e); note != "" {
		v.Remarks = append(v.Remarks, note)
	}
	switch {
	case m.Missing:
		v.Remarks = append(v.Remarks, t("This mail is named in the register, but could not be read. It is not among the files."))
	case m.Unclear:
		v.Remarks = append(v.Remarks, t("This file cannot be shown as a mail. It stands beside this page as it is."))
	}
	return v
}

// drafted says of a letter that left through another program that it is kept as it
// was written; "" if the entry is of none.
func (d *Dossier) drafted(e casefile.Entry) string {
	if e.Written.IsZero() {
		return ""
	}
	t := d.Words.T
	return t("the letter as written on %s; sent on %s according to the handler", d.long(e.Written), d.long(e.At.Date))
}

func (d *Dossier) mailText(m Mail) mailView {
	t := d.Words.T
	v := mailView{Mail: m}
	dated := ""
	if !m.Dated.IsZero() {
		dated = d.day(m.Dated.Date) + ", " + m.Dated.Clock()
	}
	for _, f := range []fact{{t("From"), m.From}, {t("To"), m.To}, {t("Copy to"), m.Cc}, {t("Date"), dated}, {t("Subject"), m.Subject}} {
		if f.Value = casefile.Heading(f.Value); f.Value != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if len(m.Attached) > 0 {
		v.Facts = append(v.Facts, fact{t("Attached"), casefile.Heading(strings.Join(m.Attached, "; "))})
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
