package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newAcknowledge is the command for the promise that receipt is confirmed (R4).
func newAcknowledge(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Acknowledged, use: "acknowledge ID", letter: true, aliases: []string{"ack"},
		short: a.t("record that receipt was confirmed (R4)"),
		long: a.t("Record the mail that confirmed receipt of a complaint. A proposal, an invitation or another letter\n" +
			"that went out first confirms receipt as well; then this step is not needed."),
		example: "  klacht ack 7\n  klacht ack 7 --on 2026-11-24 --mail sent.eml",
	})
}
