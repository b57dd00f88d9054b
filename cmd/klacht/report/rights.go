package report

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
)

// rights tells a person what the law has told with a copy of their data (GDPR, art.
// 15(1)): why the firm has them, how long, from whom, who gets them, and what the
// person can ask.
func (d *Dossier) rights() []fact {
	t, firm := d.Words.T, casefile.Heading(d.Policy.Organisation.Name)
	return []fact{
		{t("Purpose"), t("to handle the complaint as the procedure for complaints promises, and to be able to account for that")},
		{t("Ground"), t("the legitimate interest of %s in handling complaints with care (GDPR, art. 6(1)(f))", firm)},
		{t("Kept for"), d.keptFor()},
		{t("Source"), t("your own mails and words, what %s wrote down and sent, and what the body wrote if there was one", firm)},
		{t("Recipients"), d.recipients()},
		{t("Decided by machine"), t("nothing")},
		{t("Your rights"), t("to see what there is on you, to have it corrected or erased, to have its use restricted, and to object to it: a mail to %s will do",
			d.Policy.Organisation.Email)},
		{t("To complain about this"), t("the Autoriteit Persoonsgegevens, autoriteitpersoonsgegevens.nl")},
	}
}

// keptFor says how long the case is kept, and from when that counts.
func (d *Dossier) keptFor() string {
	t, archive := d.Words.T, d.Policy.For(d.Case).Archive
	kept := deadlines.Retention(d.Case, d.State, d.Policy)
	if archive.Unlimited {
		return t("without end")
	}
	archive.After = ""
	span := d.Words.Term(archive)
	switch {
	case d.State.Hold != nil:
		return t("%s from closing, and longer as long as the complaint is on hold", span)
	case !kept.Settled:
		return t("%s from closing, which has yet to come", span)
	}
	return t("%s from %s, so until %s", span, d.long(kept.From), d.long(kept.Until))
}

// recipients says who gets to see the case.
func (d *Dossier) recipients() string {
	t := d.Words.T
	var bodies []string
	for _, e := range d.Case.Standing() {
		if e.Step == casefile.Referred && !slices.Contains(bodies, e.Body) {
			bodies = append(bodies, e.Body)
		}
	}
	own := t("who handle complaints at %s, and those that carry its mail and keep its files", d.Policy.Organisation.Name)
	if bodies == nil {
		return own
	}
	return t("%s; and %s, before which the complaint was put", own, strings.Join(bodies, ", "))
}
