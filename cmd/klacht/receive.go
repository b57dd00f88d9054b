package main

import (
	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/spf13/cobra"
)

// newReceive is the command for a spoken complaint that is now there in writing
// (R1): from here on its terms run.
func newReceive(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Received, use: "receive ID [MAIL]", mailArg: true,
		short: a.T("record that a spoken complaint is now there in writing (R1)"),
		long: a.T("Record the mail with which a spoken complaint is there in writing. Its terms run from the day on\n" +
			"which the mail arrived. Subject and text are those of the mail, and what was not known of the complainant comes\n" +
			"from it. MAIL is a file, or - for standard input."),
		example: "  klacht receive 5 complaint.eml",
		takeMail: func(mail []byte) (func(*store.File, *casefile.Entry) error, error) {
			m, err := a.intake(mail)
			if err != nil {
				return nil, err
			}
			return func(f *store.File, e *casefile.Entry) error { inbox.PutInWriting(f, e, m, a.inboxWords()); return nil }, nil
		},
	})
}
