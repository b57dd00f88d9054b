package report

import (
	"slices"
	"time"

	casefile "klacht/case"
)

// Selection is what of a complaint goes into a dossier, and what does not.
type Selection struct {
	Log  []Happened // in order of time
	Left Left
}

// Happened is a step that was taken. Back says that its letter came back, so that
// it counts as not taken.
type Happened struct {
	casefile.Entry
	Back bool
}

// Left counts what was left out.
type Left struct {
	Notes   int `json:"notes"`   // the owner's own notes, with their mails
	Holds   int `json:"holds"`   // reasons of holds, with their texts
	Learned int `json:"learned"` // what the firm learned from it
}

// Select returns what a reader sees. The owner's own notes, with their mails, are
// left out unless they are asked for, but not the files that were kept with one; for the complainant so are the
// reasons for holding a case and what the firm learned. What was said in a
// conversation stays, for it is about the person.
func Select(c *casefile.Case, to Reader, notes bool) Selection {
	var s Selection
	back := c.CameBack()
	for _, p := range c.InOrder() {
		_, undone := back[p.Index]
		e := Happened{p.Entry, undone}
		if e.Step == casefile.Noted && !notes {
			if e.Text != "" || e.Mail != "" {
				s.Left.Notes++
			}
			if e.Files == nil {
				continue
			}
			e.Text, e.Mail = "", "" // a scan, or a photo, is no note
		}
		if to == Complainant && !notes {
			s.Left.take(&e.Entry)
		}
		s.Log = append(s.Log, e)
	}
	return s
}

// take empties what the complainant does not see, and counts it.
func (l *Left) take(e *casefile.Entry) {
	if e.Learned != "" {
		l.Learned++
		e.Learned = ""
	}
	if e.Step != casefile.Held && e.Step != casefile.Released {
		return
	}
	if e.Reason != "" || e.Text != "" || e.Mail != "" {
		l.Holds++
	}
	e.Reason, e.Text, e.Mail = "", "", ""
}

// Files returns the names of the files that notes keep and that go with a dossier,
// each once.
func (s Selection) Files() []string {
	var names []string
	for _, e := range s.Log {
		for _, n := range e.Files {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// Mails returns the names of the mails that go with a dossier, each once, in the
// order of the log.
func (s Selection) Mails() []string {
	var names []string
	for _, e := range s.Log {
		if e.Mail != "" && !slices.Contains(names, e.Mail) {
			names = append(names, e.Mail)
		}
	}
	return names
}

// Say says what was left out; nothing if that is nothing.
func (l Left) Say(t func(format string, args ...any) string) (list []string) {
	if l.Notes > 0 {
		list = append(list, t("%d internal notes", l.Notes))
	}
	if l.Holds > 0 {
		list = append(list, t("%d reasons for keeping the dossier longer", l.Holds))
	}
	if l.Learned > 0 {
		list = append(list, t("what we learned from it ourselves"))
	}
	return list
}

// Stamp is the day to which a file of a dossier is dated: that of the last step.
func (s Selection) Stamp() time.Time {
	if len(s.Log) == 0 {
		return time.Time{}
	}
	at := s.Log[len(s.Log)-1].At
	if at.Time.IsZero() {
		return at.Date.Noon()
	}
	return at.Time
}

// of returns the first step that has the mail; no step if none has.
func (s Selection) of(mail string) casefile.Entry {
	for _, e := range s.Log {
		if mail != "" && e.Mail == mail {
			return e.Entry
		}
	}
	return casefile.Entry{}
}
