package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newReply is the command for a further mail of the complainant.
func newReply(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Replied, use: "reply ID [MAIL]", mailArg: true, fields: []casefile.Field{casefile.FieldFiles},
		short: a.T("keep a further mail of the complainant"),
		long: a.T("Keep a mail that came in for a complaint that is already registered. MAIL is a file, or - for\n" +
			"standard input. Without a mail the reply is only noted."),
		example: "  klacht reply 7 answer.eml",
	})
}
