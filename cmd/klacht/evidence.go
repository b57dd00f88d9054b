package main

import (
	"fmt"
	"time"

	casefile "klacht/case"
	"klacht/store/inbox"

	"github.com/charmbracelet/huh"
)

// stepTime returns when a step happened at the firm. What came in stands on the
// arrival of its mail (R2); a letter stands on the day on which it left, as said
// or else by the date of the mail that went; anything else as said. Where nothing
// tells, it is now. Evidence that differs from what was said is named.
func (a *app) stepTime(spec stepSpec, step casefile.Step, on string, mail []byte) (casefile.Moment, error) {
	at, err := a.onDay(on)
	if err != nil {
		return at, err
	}
	if mail == nil || !step.CameIn() && !step.Letter() {
		return at, nil
	}
	dated, stamp, doubt := a.times(mail)
	switch {
	case step.Letter():
		stamp = dated
	case doubt == nil:
	case on != "" || spec.rough:
		return at, nil
	default:
		if err := a.certain(doubt, casefile.MomentOf(stamp, a.reg.Policy.Zone), "--on"); err != nil {
			return at, err
		}
	}
	switch proof := casefile.MomentOf(stamp, a.reg.Policy.Zone); {
	case stamp.IsZero() && on == "" && step.CameIn() && !spec.rough:
		return at, a.noStamp(dated, "--on")
	case stamp.IsZero():
		return at, nil
	case on == "":
		at = proof
	case step.Letter() && at.Date.Before(proof.Date):
		return at, casefile.Errorf("the mail was written on %s, so it cannot have left on %s", proof.Date, at.Date).
			WithHint("leave out --on, and the date of the mail counts")
	case at.Date != proof.Date && step.Letter():
		fmt.Fprintln(a.Err, a.T("the mail says %s, --on says %s: what you say counts", a.Day(proof.Date), a.Day(at.Date)))
	case at.Date != proof.Date:
		fmt.Fprintln(a.Err, a.T("the mail came in on %s, --on says %s: the mail counts", a.Day(proof.Date), a.Day(at.Date)))
		at = proof
	default:
		at = proof
	}
	return at, a.notInFuture(casefile.Moment{Date: at.Date}) // the server's clock may run some minutes ahead
}

// fits looks whether the mail that is given with a step can be the one with which it was
// taken, and asks where it does not seem so; anyway says that it is.
func (a *app) fits(step casefile.Step, id casefile.ID, mail []byte, anyway bool) error {
	if mail == nil || anyway {
		return nil
	}
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	l, err := inbox.Look(mail, a.reg.Policy)
	if err != nil {
		return nil // it is kept as it is, whatever can be read of it
	}
	wrong := l.Misfit(step, &f.Case)
	if wrong == nil {
		return nil
	}
	if a.asks() {
		yes := false
		ask := huh.NewConfirm().Title(a.Explain(wrong)).Description(a.T("Is it the mail of this step all the same?")).
			Affirmative(a.T("Yes")).Negative(a.T("No")).Value(&yes)
		if err := a.form(huh.NewGroup(ask)); err != nil || yes {
			return err
		}
	}
	return wrong.WithHint("`klacht new FILE` says what such a mail is; is it the mail of this step all the same, then add --anyway")
}

// times returns when a mail was written, and when it came in by its stamps (R2), with why
// the second is doubtful; nil if it is not.
func (a *app) times(mail []byte) (dated, arrived time.Time, doubt *casefile.Error) {
	if dated, arrived = inbox.Times(mail, a.reg.Policy); !arrived.IsZero() {
		doubt = inbox.Doubt(casefile.MomentOf(arrived, a.reg.Policy.Zone), &inbox.Mail{Dated: dated}, a.reg.Policy)
	}
	return dated, arrived, doubt
}

// proven is [app.times], without an arrival that is doubtful: it proves nothing.
func (a *app) proven(mail []byte) (dated, arrived time.Time) {
	dated, arrived, doubt := a.times(mail)
	if doubt != nil {
		arrived = time.Time{}
	}
	return dated, arrived
}

// onDay returns the moment that --on says, which cannot be still to come; now if
// it says nothing.
func (a *app) onDay(on string) (casefile.Moment, error) {
	if on == "" {
		return a.now, nil
	}
	at, err := casefile.ParseMoment(on, a.reg.Policy.Zone)
	if err != nil {
		return at, &usageError{err: err}
	}
	return at, a.notInFuture(at)
}

// notInFuture refuses a moment that has not come yet.
func (a *app) notInFuture(m casefile.Moment) error {
	if m.Date.After(a.now.Date) || !m.Time.IsZero() && !a.now.Time.IsZero() && m.Time.After(a.now.Time) {
		return casefile.Errorf("%s is still to come", m).WithHint("is the clock of this machine right? It says %s", a.now)
	}
	return nil
}

// arrived returns when a mail came in, by the stamp of the server (R2); flag is
// the one by which a person can say it instead.
func (a *app) arrived(m *inbox.Mail, flag string) (casefile.Moment, error) {
	if m.Arrived.IsZero() {
		return casefile.Moment{}, a.noStamp(m.Dated, flag)
	}
	at := casefile.MomentOf(m.Arrived, a.reg.Policy.Zone)
	return at, a.notInFuture(casefile.Moment{Date: at.Date}) // the server's clock may run some minutes ahead
}

// noStamp is the error over a mail that does not say when it arrived.
func (a *app) noStamp(dated time.Time, flag string) error {
	err := casefile.Errorf("the mail bears no stamp of the server that received it, so its arrival is not known")
	if dated.IsZero() {
		return err.WithHint("say when it arrived: %s YYYY-MM-DD", flag)
	}
	sent := casefile.MomentOf(dated, a.reg.Policy.Zone)
	return err.WithHint("say when it arrived; by the sender's own clock it was sent at %s: %s %s", sent, flag, sent.Date)
}

// certain asks whether a mail came in when its stamp says, of which there is a doubt. flag
// is the one by which a person can say it instead.
func (a *app) certain(doubt *casefile.Error, stamp casefile.Moment, flag string) error {
	if !a.asks() {
		return doubt.WithHint("%s says when it did: %s %s, if that is right", flag, flag, stamp.Date)
	}
	yes := false
	ask := huh.NewConfirm().Title(a.Explain(doubt)).Affirmative(a.T("Yes, on %s", a.Day(stamp.Date))).Negative(a.T("No")).Value(&yes)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return err
	}
	if !yes {
		return doubt.WithHint("%s says when it did: %s %s, if that is right", flag, flag, stamp.Date)
	}
	return nil
}
