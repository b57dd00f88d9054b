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
	stamps := inbox.StampsOf(mail, a.reg.Policy)
	var proof casefile.Moment
	switch {
	case step.CameIn():
		if proof, err = a.arrived(stamps, on != "" || spec.rough, "--on"); proof.IsZero() && on == "" && !spec.rough {
			return at, err
		}
	case !stamps.Dated.IsZero():
		proof = casefile.MomentOf(stamps.Dated, a.reg.Policy.Zone)
	}
	switch {
	case proof.IsZero():
		return at, nil
	case on == "":
		at = proof
	case step.Letter() && at.Date.Before(proof.Date):
		return at, casefile.Errorf("the mail was written on %s, so it cannot have left on %s", proof.Date, at.Date).
			WithHint("leave out --on, and the date of the mail counts")
	case at.Date != proof.Date && step.Letter():
		fmt.Fprintln(a.Err, a.t("the mail says %s, --on says %s: what you say counts", a.day(proof.Date), a.day(at.Date)))
	case at.Date != proof.Date:
		fmt.Fprintln(a.Err, a.t("the mail came in on %s, --on says %s: the mail counts", a.day(proof.Date), a.day(at.Date)))
		at = proof
	default:
		at = proof
	}
	return at, a.notInFuture(casefile.Moment{Date: at.Date}) // the server's clock may run some minutes ahead
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

// arrived returns when a mail came in, by the stamp of the server (R2), and the zero
// moment with an error where only a person can say it. flag is the one for that; said
// tells whether it was given.
func (a *app) arrived(stamps inbox.Stamps, said bool, flag string) (casefile.Moment, error) {
	came := stamps.Arrival(inbox.Item{}, a.reg.Policy)
	switch {
	case came.At.IsZero():
		return came.At, a.noStamp(stamps.Dated, flag)
	case came.Doubt != nil && (said || !a.asks()):
		return casefile.Moment{}, came.Doubt.WithHint("say when it arrived: %s YYYY-MM-DD", flag)
	case came.Doubt != nil:
		right := false
		ask := huh.NewConfirm().Title(a.t("Did it arrive on %s?", a.day(came.At.Date))).Description(a.words.err(came.Doubt)).
			Affirmative(a.t("yes")).Negative(a.t("no, I say it with %s", flag)).Value(&right)
		if err := a.form(huh.NewGroup(ask)); err != nil {
			return casefile.Moment{}, err
		}
		if !right {
			return casefile.Moment{}, errGivenUp()
		}
	case !came.Topmost.IsZero() && !said:
		fmt.Fprintln(a.Err, a.twoDays(came.At.Date, came.Topmost))
	}
	return came.At, a.notInFuture(casefile.Moment{Date: came.At.Date}) // the server's clock may run some minutes ahead
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

// twoDays names the day on which a mail came in, and the one of its topmost stamp.
func (a *app) twoDays(came, topmost casefile.Date) string {
	return a.t("a server took the mail in on %s, and that counts; its topmost stamp says %s", a.day(came), a.day(topmost))
}
