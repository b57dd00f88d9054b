package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/store"
	"klacht/store/account"
	"klacht/store/outbox"

	"github.com/charmbracelet/huh"
)

// What can become of a letter that was written.
const (
	letterSend  = "send"
	letterDraft = "draft"
	letterDrop  = "drop"
)

// composes reports whether a step is to be carried out by a letter of ours: not
// if a mail did it, or it happened before, or it was done otherwise.
func (spec *stepSpec) composes(fl *stepFlags) bool {
	return spec.letter && spec.step.Letter() && !fl.noLetter && fl.mail == "" && fl.on == ""
}

// sendStep writes the letter of a step, lets the owner see and change it, and
// sends it. The step is recorded when the letter has left.
func (a *app) sendStep(ctx context.Context, spec stepSpec, fl *stepFlags, id casefile.ID, e casefile.Entry) (err error) {
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	e.At = a.now
	if spec.prepare != nil {
		if err := spec.prepare(f, &e); err != nil {
			return err
		}
	}
	if err := f.Allows(e); err != nil {
		return casefile.Errorf("%s: %v", id, err)
	}
	settings, err := account.Read(a.ConfigDir)
	if err != nil {
		return err
	}
	via, err := outbox.Via(settings)
	if err != nil {
		return err
	}
	kind, err := spec.kindOf(f)
	if err != nil {
		return err
	}
	compose := func() (letters.Letter, error) {
		return letters.Compose(kind, letters.Matter{Case: &f.Case, Policy: a.reg.Policy, Entry: e, Today: a.now.Date, Own: a.ownLetters()})
	}
	letter, err := compose()
	if err != nil {
		return err
	}
	e.Promised = letter.Promised
	message := func() outbox.Message {
		return outbox.Message{Case: &f.Case, Policy: a.reg.Policy, Subject: letter.Subject, Body: letter.Body,
			Basis: letter.Basis, By: e.By, To: fl.to, Answers: outbox.LatestMail(a.reg, f), Now: a.now}
	}
	ask, path := a.asks() && !fl.yes, ""
	if ask { // what would refuse the letter says so before the owner has written anything
		if err := a.noneWaits(id, e.Step); err != nil {
			return err
		}
		if _, err := outbox.Compose(message()); err != nil {
			return err
		}
		var end func(error) error
		if path, end, err = a.openLetter(id, letter); err != nil {
			return err
		}
		defer func() { err = end(err) }() // until the letter stands in the outbox
		if letter.Subject, letter.Body, err = a.writeLetter(path, letter, &e); err != nil {
			return err
		}
		if again, err := compose(); err == nil { // with the words that were written in the place left open
			letter.Basis = again.Basis
		}
	}
	if letters.HasGap(letter.Body) {
		return errGap()
	}
	mail, err := outbox.Compose(message())
	if err != nil {
		return err
	}
	if ask {
		what, err := a.askLetter(mail, letter, via)
		if err != nil {
			return err
		}
		switch what {
		case letterDrop:
			if err := a.reg.RemoveEditCopy(path); err != nil {
				return err
			}
			return errGivenUp()
		case letterDraft:
			via = outbox.Drafts{}
		}
	}
	return a.enqueue(ctx, a.outgoing(settings, via), id, e, mail, spec.prepare)
}

// noneWaits refuses a second letter for a step, as the outbox does.
func (a *app) noneWaits(id casefile.ID, step casefile.Step) error {
	waiting, _, err := outbox.List(a.reg)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if w.ID == id && w.Entry.Step == step && w.State != store.LetterAccepted {
			return casefile.Errorf("a letter for this step already waits: %s", w.Name).
				WithHint("`klacht outbox` shows it; `klacht send` tries again, `klacht outbox --drop` throws it away")
		}
	}
	return nil
}

func errGap() *casefile.Error {
	return casefile.Errorf("the letter still has a place for your own words").WithHint("--text or --text-file gives them")
}

// kindOf returns the letter for a step.
func (spec *stepSpec) kindOf(f *store.File) (letters.Kind, error) {
	if spec.kind != nil {
		return spec.kind(f)
	}
	k, _ := letters.For(spec.step)
	return k, nil
}

// enqueue puts a mail in the outbox and sends it.
func (a *app) enqueue(ctx context.Context, o *outbox.Outbox, id casefile.ID, e casefile.Entry, mail *outbox.Mail, prepare func(*store.File, *casefile.Entry) error) error {
	w, err := a.reg.Lock()
	if err != nil {
		return err
	}
	a.recover(w)
	l, err := o.Enqueue(w, id, e, mail, prepare)
	w.Close()
	if err != nil {
		return err
	}
	return a.deliver(ctx, o, l)
}

// tellNoCopy warns that a letter has left of which no copy could be kept in the mailbox.
func (a *app) tellNoCopy(d *outbox.Delivery) {
	if d != nil && d.NoCopy != nil {
		fmt.Fprintln(a.Err, "klacht: "+a.T("the letter has left, but no copy of it is among the mail that you have sent: %v", d.NoCopy))
	}
}

// deliver sends a letter that waits and tells what came of it.
func (a *app) deliver(ctx context.Context, o *outbox.Outbox, l *store.Letter) error {
	d, err := o.Deliver(ctx, l.Name, a.now)
	a.tellNoCopy(d)
	if d != nil && d.Recorded != nil {
		return a.tellSent(d.Recorded, err)
	}
	if err != nil {
		if casefile.KindOf(err) == casefile.Failed { // the letter waits all the same
			err = casefile.Errorf("%v", err).Of(casefile.Pending)
		}
		if d != nil {
			l = d.Letter
		}
		if a.json {
			return cmp.Or(writeJSON(a.Out, a.letterJSON(l, false, err)), err)
		}
		return err
	}
	return a.tellDraft(d.Letter, o.Place())
}

// tellSent tells of a letter that is recorded; untidy is that its files could
// not be taken out of outbox/, or nil.
func (a *app) tellSent(f *store.File, untidy error) error {
	if untidy != nil {
		a.complain(untidy)
	}
	return a.tellStep(f)
}

type letterJSON struct {
	ID      casefile.ID       `json:"id"`
	Letter  string            `json:"letter"`
	Step    casefile.Step     `json:"step"`
	State   store.LetterState `json:"state"`
	Unclear bool              `json:"unclear"`
	Certain bool              `json:"certain"` // false: it may have left, or has left and could not be recorded
	To      string            `json:"to"`
	Subject string            `json:"subject"`
	File    string            `json:"file"`
	Problem string            `json:"problem,omitempty"`
	Changed []string          `json:"changed,omitempty"` // what would be another if it were written today: to, name, received, promised, late …
}

func (a *app) letterJSON(l *store.Letter, unclear bool, problem error) letterJSON {
	uncertain := casefile.KindOf(problem) == casefile.Uncertain
	unclear = unclear || uncertain && l.State == store.LetterSending
	j := letterJSON{l.ID, l.Name, l.Entry.Step, l.State, unclear, !unclear && !uncertain, l.To, l.Subject, "outbox/" + l.Name + ".eml", "", nil}
	if problem != nil {
		j.Problem = a.Explain(problem)
	}
	return j
}

// tellDraft says where a letter waits for the owner to send it: a folder of a
// mailbox, or else in outbox/.
func (a *app) tellDraft(l *store.Letter, mailbox string) error {
	if a.json {
		return writeJSON(a.Out, a.letterJSON(l, false, nil))
	}
	if mailbox != "" {
		a.println(a.T("%s: the letter lies among the drafts on %s", l.ID, mailbox))
		a.println(a.T("  send it from there; then: klacht sent %s", l.ID))
		return nil
	}
	a.println(a.T("%s: the letter waits in %s", l.ID, "outbox/"+l.Name+".eml"))
	a.println(a.T("  open it in your mail program and send it; then: klacht sent %s", l.ID))
	return nil
}

// recover records the letters that had left when a command was killed.
func (a *app) recover(w *store.Writer) {
	if f, err := w.FinishMove(); err != nil {
		fmt.Fprintln(a.Err, "klacht: "+a.Explain(err))
	} else if f != nil {
		fmt.Fprintln(a.Err, "klacht: "+a.T("%s: what was being moved there is there now", f.ID))
	}
	recorded, problems := outbox.Recover(w)
	for _, f := range recorded {
		fmt.Fprintln(a.Err, "klacht: "+a.T("%s: a letter had left, and is recorded now", f.ID))
	}
	for _, err := range problems {
		fmt.Fprintln(a.Err, "klacht: "+a.Explain(err))
	}
}

// openLetter puts a letter where the owner's editor finds it: the subject on the
// first line, after it the body. It returns the path of that copy, and what ends
// it: with an error what the owner has written stays there.
func (a *app) openLetter(id casefile.ID, l letters.Letter) (path string, end func(error) error, err error) {
	file := &store.File{Data: []byte(a.T("Subject:") + " " + l.Subject + "\n\n" + l.Body)}
	file.ID = id
	path, err = a.reg.EditCopy(file)
	return path, func(err error) error { return a.endCopy(path, file.Data, err) }, err
}

// editLetter lets the owner edit the copy of a letter. What was written is not
// thrown away for a place left open, or a subject lost: there is a way back to it.
func (a *app) editLetter(path string) (letters.Letter, error) {
	for {
		if err := a.runEditor(path); err != nil {
			return letters.Letter{}, err
		}
		data, err := a.reg.ReadEditCopy(path)
		if err != nil {
			return letters.Letter{}, err
		}
		var written letters.Letter
		text, problem := a.decoded(a.T("the letter"), data)
		if problem == nil {
			written, problem = readLetter(text)
		}
		if problem == nil {
			return written, nil
		}
		if back, err := a.askAgain(path, problem); err != nil || !back {
			return written, cmp.Or(err, error(problem))
		}
	}
}

// readLetter reads a letter as it was edited.
func readLetter(text string) (letters.Letter, *casefile.Error) {
	head, body, _ := strings.Cut(casefile.Plain(text), "\n")
	_, subject, ok := strings.Cut(head, ":")
	if subject = casefile.OneLine(subject); !ok || subject == "" {
		return letters.Letter{}, casefile.Errorf("the letter has lost its subject").
			WithHint("the first line is the subject, after it the letter")
	}
	l := letters.Letter{Subject: subject, Body: strings.Trim(body, "\n") + "\n"}
	if letters.HasGap(l.Body) {
		return l, errGap()
	}
	return l, nil
}

// askLetter shows a letter as it will leave and asks what to do with it.
func (a *app) askLetter(m *outbox.Mail, l letters.Letter, via outbox.Transport) (string, error) {
	fmt.Fprintln(a.Err, a.dim.Render(a.T("to %s", m.To)))
	fmt.Fprintln(a.Err, a.bold.Render(casefile.OneLine(l.Subject))+"\n")
	fmt.Fprint(a.Err, a.wrapped(l.Body, "  │ ")+"\n")
	what := letterSend
	options := []huh.Option[string]{
		huh.NewOption(a.T("send"), letterSend), huh.NewOption(a.T("keep as a draft"), letterDraft), huh.NewOption(a.T("throw away"), letterDrop),
	}
	if !via.Leaves() {
		options = options[1:]
		what = letterDraft
	}
	ask := huh.NewSelect[string]().Title(a.T("What shall happen with this letter?")).Options(options...).Value(&what)
	return what, a.form(huh.NewGroup(ask))
}
