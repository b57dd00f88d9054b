package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newComply is the command for carrying out a ruling (R16).
func newComply(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Complied, use: "comply ID",
		short: a.T("record that a ruling was carried out (R16)"),
		long: a.T("Record the day on which you did what the ruling asks of you; whoever hears of it when. `klacht write` then tells\n" +
			"the complainant."),
		example: `  klacht comply 7 --text "` + a.T("Paid back in full") + `"`,
	})
}
