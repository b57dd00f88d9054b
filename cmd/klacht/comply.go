package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newComply is the command for carrying out a ruling (R16).
func newComply(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Complied, use: "comply ID", letter: true,
		short:   a.t("write that a ruling was carried out, and record it (R16)"),
		example: `  klacht comply 7 --text "` + a.t("Paid back in full") + `"`,
	})
}
