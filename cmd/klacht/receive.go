package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newReceive is the command for a spoken complaint that is now there in writing
// (R1): from here on its terms run.
func newReceive(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Received, use: "receive ID [MAIL]", mailArg: true,
		short: a.t("record that a spoken complaint is now there in writing (R1)"),
		long: a.t("Record the mail with which a spoken complaint is there in writing. Its terms run from the day on\n" +
			"which the mail arrived. MAIL is a file, or - for standard input."),
		example: "  klacht receive 5 complaint.eml",
	})
}
