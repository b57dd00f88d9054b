package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newRuling is the command for the ruling of a body, which binds (R16).
func newRuling(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Ruled, use: "ruling ID --text TEXT", letter: true,
		short: a.t("record the ruling of the body, and write that you accept it (R16)"),
		long: a.t("Record the ruling; --text says what it comes to. It binds: carrying it out stands in the morning summary until\n" +
			"`klacht comply` records that it was done."),
		example: `  klacht ruling 7 --text "` + a.t("The invoice is to be paid back in full") + `"`,
	})
}
