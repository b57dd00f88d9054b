package main

import (
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/store"
	"klacht/store/inbox"
	"klacht/store/outbox"
)

// rewritten is a letter that waits as it would be written on another day.
type rewritten struct {
	file    *store.File
	letter  letters.Letter
	mail    *outbox.Mail
	changed []string // what differs from the letter that waits; see [letters.Basis]
}

// anew writes a letter that waits once more, for a moment at which it leaves. It
// returns nil for a letter of a step that has none any more. What the owner has
// typed with the step stays; what was changed in the letter itself does not.
func (a *app) anew(l *store.Letter, at casefile.Moment) (*rewritten, error) {
	kind := letters.Kind(l.Basis[letters.BasisKind])
	if kind == "" {
		kind, _ = letters.For(l.Entry.Step)
	}
	f, err := a.reg.Load(l.ID)
	if err != nil || kind == "" {
		return nil, err
	}
	e := l.Entry
	e.At, e.Promised = at, nil
	r := &rewritten{file: f}
	r.letter, err = letters.Compose(kind, letters.Matter{Case: &f.Case, Policy: a.reg.Policy, Entry: e, Today: at.Date, Own: a.ownLetters()})
	if err != nil {
		return nil, err
	}
	if err := a.mailAnew(r, l, at); err != nil {
		return nil, err
	}
	if l.Basis != nil {
		r.changed = letters.Basis(l.Basis).Differs(r.mail.Basis)
	} else if r.mail.To != l.To {
		r.changed = []string{"to"}
	}
	return r, nil
}

// mailAnew makes the mail of a letter that was written anew.
func (a *app) mailAnew(r *rewritten, l *store.Letter, at casefile.Moment) (err error) {
	m := outbox.Message{Case: &r.file.Case, Policy: a.reg.Policy, Subject: r.letter.Subject, Body: r.letter.Body, Basis: r.letter.Basis,
		By: l.Entry.By, Answers: outbox.LatestMail(a.reg, r.file), Now: at}
	refused := l.Problem.Kind == string(outbox.ToRefused)
	if l.Basis != nil && l.Basis["to"] == "" && !refused { // the owner typed an address
		m.To = l.To
	}
	r.mail, err = outbox.Compose(m)
	return err
}

// changedSince returns what has changed since a letter that waits was written, so
// that it would be addressed or dated differently if it left at the moment; none
// if it still follows from its case.
func (a *app) changedSince(l *store.Letter, at casefile.Moment) ([]string, error) {
	if l.State == store.LetterAccepted {
		return nil, nil
	}
	r, err := a.anew(l, at)
	if err != nil || r == nil {
		return nil, err
	}
	if l.Entry.Step == casefile.Invited && l.Entry.When.Date.Before(at.Date) {
		r.changed = append(r.changed, "when")
	}
	return r.changed, nil
}

// changes says what a letter would say otherwise.
func changes(names []string) []*casefile.Error {
	said := map[string]*casefile.Error{
		"to": casefile.Errorf("the address"), "name": casefile.Errorf("the name"), "received": casefile.Errorf("the day of receipt"),
		"subject": casefile.Errorf("the subject"), "promised": casefile.Errorf("the dates that it promises"),
		"late": casefile.Errorf("it would come late now"), "confirms": casefile.Errorf("receipt was confirmed meanwhile"),
		"language": casefile.Errorf("the language"), "when": casefile.Errorf("the appointment has passed"),
	}
	var list []*casefile.Error
	for _, n := range names {
		if s, ok := said[n]; ok {
			list = append(list, s)
		}
	}
	return list
}

// staleLetter returns one line that says that a letter which waits does not follow
// from its case any more, and why; "" if it does.
func (a *app) staleLetter(l *store.Letter) string {
	names, err := a.changedSince(l, a.now)
	switch {
	case err != nil:
		return a.T("it cannot be written like this any more: %s", err)
	case len(names) > 0:
		return a.T("it does not fit any more: %s", changes(names))
	}
	return ""
}

// warnOfStale names the letters of a complaint that wait and do not follow from it
// any more.
func (a *app) warnOfStale(id casefile.ID) {
	list, _, _ := outbox.List(a.reg)
	for _, w := range list {
		if w.ID != id {
			continue
		}
		if why := a.staleLetter(w.Letter); why != "" {
			fmt.Fprintln(a.Err, "klacht: "+w.Name+": "+why)
			fmt.Fprintln(a.Err, "hint: "+a.T("`klacht send %s --rewrite` writes it anew", w.Name))
		}
	}
}

// errStale refuses a letter that does not follow from its case any more; do is the
// command that sends it as it stands.
func (a *app) errStale(l *store.Letter, names []string, do string) error {
	if len(names) == 0 {
		return nil
	}
	err := casefile.Errorf("%s: this letter does not fit any more: %s", l.Name, changes(names))
	if day := l.Entry.At.Date; do == "sent" && day.Before(a.now.Date) {
		return err.WithHint("`klacht sent %s --on %s` if it left that day; `klacht send %s --rewrite` writes it anew; `klacht sent %s --as-is` leaves it as it stands",
			l.Name, day, l.Name, l.Name)
	}
	return err.WithHint("`klacht send %s --rewrite` writes it anew; `klacht %s %s --as-is` leaves it as it stands", l.Name, do, l.Name)
}

// rewrite writes a letter that waits anew. What somebody has changed in it by hand
// is kept if nothing but names and dates differ, and else is not lost.
func (a *app) rewrite(l *store.Letter) (*store.Letter, error) {
	r, err := a.anew(l, a.now)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, casefile.Errorf("there is no letter any more for the step of %s", l.Name).
			WithHint("`klacht outbox --drop %s` throws it away; `klacht write %s` writes one of another kind", l.Name, l.ID)
	}
	text, err := a.letterText(l)
	if err != nil {
		return nil, err
	}
	switch {
	case l.Basis == nil: // nothing but its address is known to differ
		r.letter.Body = text
	case letters.Basis(l.Basis).Edited(text):
		moved, ok := r.letter.Moved(text, l.Basis)
		if !ok {
			return nil, errByHand(l)
		}
		r.letter.Body = moved
	}
	if letters.HasGap(r.letter.Body) {
		return nil, errGap()
	}
	if !slices.Contains(r.changed, "subject") && !slices.Contains(r.changed, "language") && strings.Contains(l.Subject, "["+string(l.ID)+"]") {
		r.letter.Subject = l.Subject // perhaps the owner's own
	}
	if err := a.mailAnew(r, l, a.now); err != nil {
		return nil, err
	}
	e := l.Entry
	e.At, e.Promised = a.now, r.letter.Promised
	for _, lost := range r.letter.Lost(r.letter.Body) { // the owner took it out before
		take(lost, &e, false)
	}
	var next *store.Letter
	err = a.locked(func(w *store.Writer) (err error) { next, err = outbox.Rewrite(w, l.Name, r.mail, e); return err })
	return next, err
}

func errByHand(l *store.Letter) error {
	return casefile.Errorf("the letter %s was changed by hand, and cannot be written anew without losing that", l.Name).
		WithHint("`klacht outbox --drop %s` throws it away; then write it anew", l.Name)
}

// letterText returns the words of a letter that waits, as it stands.
func (a *app) letterText(l *store.Letter) (string, error) {
	raw, err := a.reg.LetterMail(l)
	if err != nil {
		return "", err
	}
	return a.mailText(raw)
}

// mailText returns the words of a mail of our own.
func (a *app) mailText(raw []byte) (string, error) {
	shown, err := inbox.Show(raw, a.reg.Policy)
	if err != nil {
		return "", err
	}
	return shown.Text + "\n", nil
}
