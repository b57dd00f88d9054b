package main

import (
	casefile "klacht/case"
	"klacht/store"

	"github.com/spf13/cobra"
)

// newUndelivered is the command for a letter that came back to a mailbox that
// klacht does not read.
func newUndelivered(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Undelivered, use: "undelivered ID [MAIL]", mailArg: true, rough: true,
		fields: []casefile.Field{casefile.FieldLetter},
		short:  a.T("record that a letter did not arrive; what it did is undone"),
		long: a.T("Record that a letter came back, with the MAIL that says so. The step that the letter carried out counts\n" +
			"as not taken, and stands in the summary again. `klacht fetch` does this by itself. Is the address wrong?\n" +
			"`klacht edit` mends it, before you write again."),
		example: "  klacht undelivered 7 bounce.eml\n  klacht undelivered 7 --letter 02-acknowledged.eml",
		prepare: lastLetter,
	})
}

// lastLetter names the last letter that has not come back yet, if none was named.
func lastLetter(f *store.File, e *casefile.Entry) error {
	if e.Letter == "" {
		e.Letter = f.LastLetter()
	}
	if e.Letter != "" {
		return nil
	}
	return casefile.Errorf("%s has no letter that could have come back", f.ID)
}
