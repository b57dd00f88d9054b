package inbox

import (
	"net/mail"
	"slices"
	"strings"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

// Misfit says what speaks against a mail being the one with which a step was taken: a
// letter of the firm to the complainant, or what came in. It is nil if nothing does, or if
// the step is neither.
func (l *Looked) Misfit(step casefile.Step, c *casefile.Case) *casefile.Error {
	switch {
	case step == casefile.Undelivered || !step.Letter() && !step.CameIn():
		return nil
	case l.report != nil && l.report.failed:
		return casefile.Errorf("the mail says that a letter did not arrive")
	case step.CameIn() && (l.why != "" || l.report != nil):
		return casefile.Errorf("no person wrote the mail (%s)", why(l))
	case step.Letter() && !l.ours && l.from != "":
		return casefile.Errorf("the mail comes from %s, not from you", l.from)
	case step.Letter():
		if to := missed(l.to, c.Emails()); to != "" {
			return casefile.Errorf("the mail went to %s, not to the complainant", to)
		}
	case step == casefile.Replied && l.err != nil:
		return casefile.Errorf("%v", l.err)
	case step == casefile.Replied || step == casefile.Received:
		if from := missed([]string{l.mail.Email}, c.Emails()); from != "" {
			return casefile.Errorf("the mail comes from %s, not from the complainant", from)
		}
	}
	return nil
}

// missed returns the first of the addresses of a mail, if none of them is among those that
// are known; "" else, and where there is nothing to compare.
func missed(of, known []string) string {
	of = slices.DeleteFunc(slices.Clone(of), func(a string) bool { return a == "" })
	if len(of) == 0 || len(known) == 0 || slices.ContainsFunc(of, func(a string) bool {
		return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(a, k) })
	}) {
		return ""
	}
	return of[0]
}

// recipients returns to whom a mail went, without names.
func recipients(env *enmime.Envelope) (to []string) {
	for _, header := range []string{"To", "Cc", "Bcc"} {
		for _, v := range env.Root.Header[header] {
			list, _ := mail.ParseAddressList(v)
			for _, a := range list {
				to = append(to, line(a.Address))
			}
		}
	}
	return to
}
