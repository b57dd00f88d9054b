package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newReopen is the command for taking up a closed complaint again.
func newReopen(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Reopened, use: "reopen ID --reason TEXT",
		fields: []casefile.Field{casefile.FieldReason},
		short:  a.T("take up a closed complaint again"),
		long: a.T("Take up a closed complaint again. What was kept or missed before stays recorded; the term for handling\n" +
			"runs anew from today, and the time in the archive anew from the next closing."),
		example: `  klacht reopen 2026-0007 --reason "` + a.T("the refund did not arrive") + `"`,
	})
}
