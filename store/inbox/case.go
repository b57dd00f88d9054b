package inbox

import (
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Words are what a case says where its mail has no words of its own, in the
// language of the user.
type Words struct {
	NoSubject string // in the place of a subject; "" is "-"
	GoesOn    string // below a text that was cut off
}

// CaseOf returns the case that a mail opens which came in at that moment, without
// a number. by is who registers it; "" is the handler.
func CaseOf(m *Mail, at casefile.Moment, p *deadlines.Policy, by string, w Words) casefile.Case {
	if by == "" {
		by = p.Organisation.Handler
	}
	c := casefile.Case{
		Received:    at.Date,
		Subject:     m.Subject,
		Complainant: casefile.Complainant{Name: m.Name, Email: m.Email},
		Language:    p.Language,
		Complaint:   m.whole(w),
		Log:         []casefile.Entry{{At: at, Step: casefile.Received, By: by}},
	}
	for _, subject := range []string{FirstLine(m.Text), w.NoSubject, "-"} {
		if c.Subject == "" {
			c.Subject = subject
		}
	}
	return c
}

// whole returns the text of a mail, with a line below it where it was cut off.
func (m *Mail) whole(w Words) string {
	if m.Cut && w.GoesOn != "" {
		return m.Text + "\n\n" + w.GoesOn
	}
	return m.Text
}

// answer is how the subject of an answer starts.
var answer = casefile.Pattern(`(?i)^(re|aw|antw|betr|antwoord)\s*:`)

// PutInWriting completes a spoken complaint from the mail with which it is there in
// writing, by the step e: its text, its subject unless that is an answer to ours,
// and what was not known of the complainant. A note that stood in the place of the
// text goes to the step.
func PutInWriting(f *store.File, e *casefile.Entry, m *Mail, w Words) {
	if f.Complaint != "" && e.Text == "" {
		e.Text = f.Complaint
	}
	f.Received, f.Complaint = e.At.Date, m.whole(w)
	if m.Subject != "" && !answer().MatchString(m.Subject) {
		f.Subject = m.Subject
	}
	if f.Complainant.Email == "" {
		f.Complainant.Email = m.Email
	}
	if f.Complainant.Name == "" {
		f.Complainant.Name = m.Name
	}
	f.Complainant.Anonymous = false
}

// FirstLine returns the start of a text as a subject, of at most 60 characters.
func FirstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	r := []rune(casefile.OneLine(line))
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return string(r)
}
