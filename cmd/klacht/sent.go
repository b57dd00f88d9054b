package main

import (
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/store"
	"klacht/store/outbox"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// sentOptions are the flags of sent.
type sentOptions struct {
	on, mail     string
	asIs, anyway bool
}

// newSent is the command by which the owner says that a letter has left.
func newSent(a *app) *cobra.Command {
	var o sentOptions
	c := &cobra.Command{
		Use:   "sent ID",
		Short: a.T("record that you have sent a letter yourself"),
		Long: a.T("Record that a letter which waited in outbox/ has left: its step counts from now on, or from the day that --on\n" +
			"names. With --mail the mail is kept as your mail program has sent it, and its own date counts; else it is kept\n" +
			"as klacht wrote it."),
		Example: "  klacht sent 7\n  klacht sent 7 --on 2026-11-24\n  klacht sent 7 --mail sent.eml",
		Args:    a.exactly(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.sent(args[0], o) },
	}
	c.Flags().StringVar(&o.on, "on", "", a.T("when it happened: a `date`, YYYY-MM-DD or YYYY-MM-DDTHH:MM (now, if left out)"))
	c.Flags().StringVar(&o.mail, "mail", "", a.T("the mail as it was sent: a `file` to keep with the complaint"))
	c.Flags().BoolVar(&o.anyway, "anyway", false, a.T("the mail belongs to this step, whatever it looks like"))
	c.Flags().BoolVar(&o.asIs, "as-is", false, a.T("leave the letter as it is, whatever it does not say"))
	return c
}

func (a *app) sent(s string, o sentOptions) error {
	if err := a.open(); err != nil {
		return err
	}
	var mail []byte
	var err error
	if o.mail == "" && a.asks() && !o.asIs {
		ask := huh.NewInput().Title(a.T("The mail as your mail program sent it: a file (empty: the letter is kept as it was written)")).Value(&o.mail)
		if err := a.form(huh.NewGroup(ask)); err != nil {
			return err
		}
	}
	if o.mail = strings.TrimSpace(o.mail); o.mail != "" {
		if mail, err = a.readMail(o.mail); err != nil {
			return err
		}
	}
	l, err := a.letter(s)
	if err != nil {
		return err
	}
	if err := a.fits(casefile.Wrote, l.ID, mail, o.anyway); err != nil {
		return err
	}
	at, err := a.stepTime(stepSpec{}, casefile.Wrote, o.on, mail)
	if err != nil {
		return err
	}
	if o.on == "" && l.Unclear {
		at = casefile.Moment{} // when it was handed over, which may be days ago
	}
	e, err := a.asItLeft(l.Letter, at, mail, o.asIs)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		e.At = at
		e.WriteDown(a.now.Date)
	}
	return a.locked(func(w *store.Writer) error {
		f, err := outbox.MarkSent(w, l.Name, at, mail, e)
		if f == nil {
			return err
		}
		return a.tellSent(f, err)
	})
}

// asItLeft returns the entry of a letter of which the owner says that it has left,
// and refuses one that does not follow from its case any more. The mail that really
// left is not looked at in that way: it says what it says.
func (a *app) asItLeft(l *store.Letter, at casefile.Moment, mail []byte, asIs bool) (casefile.Entry, error) {
	if l.State == store.LetterAccepted || at.IsZero() {
		return l.Entry, nil
	}
	if mail == nil && !asIs {
		names, err := a.changedSince(l, at)
		if err == nil {
			err = a.errStale(l, names, "sent")
		}
		if err != nil {
			return l.Entry, err
		}
	}
	return a.said(l, mail, asIs, "sent")
}

// mayLeave refuses a letter that does not follow from its case any more, or does
// not say what others rely on, unless it goes as it is.
func (a *app) mayLeave(l *store.Letter, asIs bool) error {
	if !asIs {
		names, err := a.changedSince(l, a.now)
		if err == nil {
			err = a.errStale(l, names, "send")
		}
		if err != nil {
			return err
		}
	}
	e, err := a.said(l, nil, asIs, "send")
	if err != nil || e.Same(l.Entry) {
		return err
	}
	l.Entry = e
	return a.locked(func(w *store.Writer) error { return w.SetLetter(l, nil) })
}

// said returns the entry of a letter with the dates that it names: of the mail that
// has left, or else of the one that waits. What others rely on and it does not say
// is asked about on a terminal, and else refused unless it goes as it is.
func (a *app) said(l *store.Letter, mail []byte, asIs bool, do string) (casefile.Entry, error) {
	e := l.Entry
	text, err := a.letterText(l)
	if mail != nil {
		text, err = a.mailText(mail)
	}
	if err != nil {
		return e, err
	}
	f, err := a.reg.Load(l.ID)
	if err != nil {
		return e, err
	}
	lost := letters.Unsaid(letters.Matter{Case: &f.Case, Policy: a.reg.Policy, Entry: e, Today: e.At.Date}, text)
	if mail != nil { // it has left, and promises what it names
		lost = slices.DeleteFunc(lost, func(x letters.Lost) bool {
			if _, promised := e.Promised[x.Term]; !promised {
				return false
			}
			fmt.Fprintln(a.Err, "klacht: "+a.T("the mail does not name %s, which is not recorded as promised", a.Day(x.Date)))
			take(x, &e, false)
			return true
		})
	}
	switch {
	case len(lost) == 0:
	case asIs:
		for _, x := range lost {
			take(x, &e, false)
		}
	case !a.asks():
		return e, errUnsaid(lost[0]).WithHint("`klacht %s %s --as-is` leaves it as it stands", do, l.Name)
	default:
		settled, err := a.settle(lost, &e, a.T("not yet"))
		if err == nil && !settled {
			err = casefile.Errorf("given up; nothing was changed")
		}
		return e, err
	}
	return e, nil
}
