package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newPropose is the command for a proposal to settle a complaint (R6).
func newPropose(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Proposed, use: "propose ID", letter: true,
		short:   a.T("write a proposal to settle it, and record it (R6)"),
		long:    a.T("Make a proposal; --text is what you propose. It also says how the complaint is handled (R5)."),
		example: `  klacht propose 7 --text "` + a.T("Half of the invoice back, and a second lesson") + `"`,
	})
}
