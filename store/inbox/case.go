package inbox

import (
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
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
		Complaint:   m.Text,
		Log:         []casefile.Entry{{At: at, Step: casefile.Received, By: by}},
	}
	for _, subject := range []string{FirstLine(m.Text), w.NoSubject, "-"} {
		if c.Subject == "" {
			c.Subject = subject
		}
	}
	if m.Cut && w.GoesOn != "" {
		c.Complaint += "\n\n" + w.GoesOn
	}
	return c
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
