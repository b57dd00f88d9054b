package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newClarify is the command for asking what is not clear (R3).
func newClarify(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Asked, use: "clarify ID", letter: true,
		short:   a.T("write to ask for clarification, and record it (R3)"),
		long:    a.T("Ask what is not clear yet; --text is the question. It stops no clock."),
		example: `  klacht clarify 7 --text "` + a.T("Which lesson is it about?") + `"`,
	})
}
