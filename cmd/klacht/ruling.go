package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newRuling is the command for the ruling of a body, which binds (R16).
func newRuling(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Ruled, use: "ruling ID --text TEXT",
		fields: []casefile.Field{casefile.FieldNothingToDo},
		short:  a.T("record the ruling of the body (R16)"),
		long: a.T("Record the ruling on the day on which it came in; --text says what it comes to, and --mail keeps the mail of the\n" +
			"body. It binds: carrying it out stands in the morning summary until `klacht comply` records that it was done.\n" +
			"Is there nothing to carry out, then --nothing-to-do closes the complaint. `klacht write` tells the complainant\n" +
			"that you accept it."),
		example: `  klacht ruling 7 --mail ruling.eml --text "` + a.T("The invoice is to be paid back in full") + `"`,
	})
}
