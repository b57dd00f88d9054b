package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newAcknowledge is the command for the promise that receipt is confirmed (R4).
func newAcknowledge(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Acknowledged, use: "acknowledge ID", letter: true, aliases: []string{"ack"},
		short: a.T("write the confirmation of receipt, and record it (R4)"),
		long: a.T("Confirm that a complaint has come in, and say by when the complainant hears more. A proposal, an invitation\n" +
			"or another letter that goes out first confirms receipt as well; then this step is not needed."),
		example: "  klacht ack 7\n  klacht ack 7 --on 2026-11-24 --mail sent.eml",
	})
}
