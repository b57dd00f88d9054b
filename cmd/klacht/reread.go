package main

import (
	"maps"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"

	"github.com/charmbracelet/huh"
)

// What can become of a letter that does not say what it was to say.
const (
	letterAgain  = "again"
	letterChange = "change"
	letterAsIs   = "as-is"
)

// writeLetter lets the owner write a letter, and reads it again: what others rely
// on and the letter does not say any more is asked about. The entry gets the dates
// that the letter names in the end, and the words that stand in a place left open.
// path is the copy that is edited.
func (a *app) writeLetter(path string, l letters.Letter, e *casefile.Entry) (subject, body string, err error) {
	var written letters.Letter
	for {
		if written, err = a.editLetter(path); err != nil {
			return "", "", err
		}
		settled, err := a.settle(l.Lost(written.Body), e, a.T("edit it again"))
		if err != nil {
			return "", "", err
		}
		if settled {
			break
		}
	}
	if e.Text == "" {
		e.Text = l.Filled(written.Body)
	}
	return written.Subject, written.Body, nil
}

// settle asks about each thing that a letter does not say, and puts what the owner
// decides into the entry. It is false if the owner goes back, which back says how.
func (a *app) settle(lost []letters.Lost, e *casefile.Entry, back string) (bool, error) {
	for _, l := range lost {
		what := letterAgain
		options := []huh.Option[string]{huh.NewOption(back, letterAgain)}
		if !l.Instead.IsZero() {
			options = append(options, huh.NewOption(a.T("change the date to %s", a.Day(l.Instead)), letterChange))
			what = letterChange
		}
		options = append(options, huh.NewOption(a.T("leave the letter as it is"), letterAsIs))
		title := a.T("the letter does not say where else to turn")
		if l.Term != "" {
			title = a.T("the letter does not name %s", a.Day(l.Date))
		}
		if err := a.form(huh.NewGroup(huh.NewSelect[string]().Title(title).Options(options...).Value(&what))); err != nil {
			return false, err
		}
		if what == letterAgain {
			return false, nil
		}
		take(l, e, what == letterChange)
	}
	return true, nil
}

// take puts into an entry what its letter says instead of what it was to say: a
// date that it does not name is not promised.
func take(l letters.Lost, e *casefile.Entry, change bool) {
	switch {
	case l.Term == "":
	case l.Term == string(casefile.FieldUntil):
		if change {
			e.Until = l.Instead
		}
	default:
		e.Promised = maps.Clone(e.Promised)
		if delete(e.Promised, l.Term); change {
			e.Promised[l.Term] = l.Instead
		}
	}
}

// errUnsaid refuses a letter that does not say what others rely on.
func errUnsaid(l letters.Lost) *casefile.Error {
	if l.Term == "" {
		return casefile.Errorf("the letter does not say where else to turn")
	}
	return casefile.Errorf("the letter does not name %s", l.Date)
}
