package main

import (
	"errors"
	"fmt"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/charmbracelet/huh"
)

// takeIn takes in the mails of files, whatever they are: each is a complaint, a reply, a
// letter that came back, or nothing to register.
func (a *app) takeIn(o *newOptions, files []string) error {
	type given struct {
		item inbox.Item
		err  error
	}
	var all []given
	for _, file := range files {
		raw, err := a.readMail(file)
		mails := [][]byte{raw}
		if err == nil {
			mails, err = a.apart(raw)
		}
		if err != nil {
			all = append(all, given{inbox.Item{Name: file}, err})
			continue
		}
		for _, mail := range mails {
			all = append(all, given{item: inbox.Item{Name: file, Raw: mail}})
		}
	}
	many := len(all) > 1
	if many && o.ofOne() {
		return usage("flags that say what is in a mail go with one mail")
	}
	var told []any
	for _, g := range all {
		if g.err == nil {
			g.err = a.takeMail(o, g.item, many, &told)
		}
		switch {
		case g.err == nil:
		case !many || errors.As(g.err, new(*usageError)):
			return g.err
		default: // the others can be registered all the same
			fmt.Fprintln(a.Err, "klacht: "+g.item.Name+": "+a.Explain(g.err))
			if hint, ok := casefile.HintOf(g.err); ok {
				fmt.Fprintln(a.Err, "hint: "+a.Say(hint))
			}
			a.code = exitPartial
		}
	}
	if len(told) == 0 {
		a.code = exitFailed
	}
	if a.json && many {
		return writeJSON(a.Out, told)
	}
	return nil
}

// apart returns the mails in a mail: itself, or those that the firm forwarded in it.
func (a *app) apart(raw []byte) ([][]byte, error) {
	l, err := inbox.Look(raw, a.reg.Policy)
	if err != nil || l.Several() == nil {
		return [][]byte{raw}, err
	}
	return l.Several(), nil
}

// takeMail takes in one mail; of many the JSON is told together.
func (a *app) takeMail(o *newOptions, it inbox.Item, many bool, told *[]any) error {
	l, err := inbox.Look(it.Raw, a.reg.Policy)
	if err != nil {
		return err
	}
	by, err := a.who(o.by)
	if err != nil {
		return err
	}
	opts := inbox.Options{Now: a.now, By: by, Words: a.inboxWords()}
	if o.received != "" {
		if opts.At, err = casefile.ParseMoment(o.received, a.reg.Policy.Zone); err != nil {
			return &usageError{err: err}
		}
		if err := a.notInFuture(opts.At); err != nil {
			return err
		}
	}
	door := inbox.NewDoor(a.reg, opts)
	var v inbox.Verdict
	if _, lerr := a.write(func(w *store.Writer) (*store.File, error) { v, err = door.Tell(w, l); return nil, nil }); lerr != nil {
		return lerr
	}
	if v, err = a.takenFor(o, l, v, err); err != nil {
		return err
	}
	if v.Kind == inbox.Complaint {
		return a.newFromMail(o, l, it, v, many, told)
	}
	var res inbox.Result
	if _, err := a.write(func(w *store.Writer) (*store.File, error) { res = door.Record(w, l, it, v); return nil, res.Err }); err != nil {
		return a.withoutStamp(err)
	}
	j := a.fetchedJSON(res)
	switch *told = append(*told, j); {
	case a.json && many:
		return nil
	case a.json:
		return writeJSON(a.Out, j)
	}
	a.tellTaken(res, j.From)
	return nil
}

// withoutStamp adds what to type to the error over a mail that does not say when it came in.
func (a *app) withoutStamp(err error) error {
	if _, ok := casefile.HintOf(err); !ok {
		return casefile.Errorf("%v", err).WithHint("say when it arrived: --received YYYY-MM-DD")
	}
	return err
}

// takenFor returns what a mail is taken for: what was told of it, unless the flags or a
// person on the terminal say otherwise. What is nothing to register is an error that says
// so, and how it is registered all the same.
func (a *app) takenFor(o *newOptions, l *inbox.Looked, v inbox.Verdict, err error) (inbox.Verdict, error) {
	m, merr := l.Mail()
	complaint := inbox.Verdict{Kind: inbox.Complaint, Mail: m, About: v.About, Same: v.Same}
	named := o.name != "" || o.email != "" || o.anonymous
	switch nobody := (*inbox.Nobody)(nil); {
	case v.Kind == inbox.Known && !o.again:
		return v, casefile.Errorf("this mail is already registered as %s", v.ID).
			WithHint("`klacht show %s` shows it; is there a second complaint in it, then add --again", v.ID)
	case o.caseID != "":
		id, err := a.find(o.caseID)
		if v.Kind == inbox.Bounce && v.ID == id {
			return v, err
		}
		return inbox.Verdict{Kind: inbox.Reply, ID: id, Mail: m}, err
	case o.anyway, o.again:
		return complaint, nil
	case errors.As(err, &nobody) || v.Kind == inbox.Own && named:
		return complaint, nil
	case err != nil:
		return v, err
	case v.Kind == inbox.Automatic && named:
		return complaint, nil
	case v.Kind == inbox.Automatic:
		return v, casefile.Errorf("it is not registered: no person wrote it (%s)", v.Why).
			WithHint("is it a complaint all the same, then add --anyway")
	case v.Kind == inbox.Own:
		return v, merr
	case v.Doubt != nil:
		return a.doubt(v, complaint)
	case v.Kind == inbox.Complaint && v.Same != "" && a.asks():
		v.Doubt = casefile.Errorf("%s of the same person is open", v.Same)
		return a.doubt(inbox.Verdict{Kind: inbox.Reply, ID: v.Same, Mail: m, Doubt: v.Doubt}, complaint)
	}
	return v, nil
}

// doubt asks a person what a mail is of which that is not certain.
func (a *app) doubt(v, complaint inbox.Verdict) (inbox.Verdict, error) {
	id := v.ID
	if id == "" {
		id = v.About
	}
	if !a.asks() {
		err := casefile.Errorf("%v", v.Doubt)
		if id == "" {
			return v, err.WithHint("--case NUMBER puts it with a complaint; is it a complaint of its own, then add --anyway")
		}
		return v, err.WithHint("--case %s puts it there; is it a complaint of its own, then add --anyway", id)
	}
	const reply, own, none = "reply", "own", "none"
	options := []huh.Option[string]{huh.NewOption(a.T("it is a complaint of its own"), own), huh.NewOption(a.T("it is not registered"), none)}
	if id != "" {
		options = append([]huh.Option[string]{huh.NewOption(a.T("it belongs to %s", id), reply)}, options...)
	}
	answer := options[0].Value
	ask := huh.NewSelect[string]().Title(a.Explain(v.Doubt)).Options(options...).Value(&answer)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return v, err
	}
	switch answer {
	case reply:
		return inbox.Verdict{Kind: inbox.Reply, ID: id, Mail: v.Mail}, nil
	case own:
		return complaint, nil
	}
	return v, errGivenUp()
}
