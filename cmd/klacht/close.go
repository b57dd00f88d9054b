package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newClose is the command for the closing mail (R10).
func newClose(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Closed, use: "close ID --outcome OUTCOME", letter: true,
		fields: []casefile.Field{casefile.FieldOutcome, casefile.FieldLearned},
		short:  a.T("write the closing mail, and record the outcome (R10)"),
		long: a.T("Say what was agreed or how it ended; --text is that. The letter also says where somebody can turn who is\n" +
			"not satisfied (R15). The complaint goes to the archive."),
		example: `  klacht close 7 --outcome agreed --text "` + a.T("Half of the invoice is paid back") + `"`,
	})
}
