package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newHear is the command for what was said in the conversation (R7).
func newHear(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Heard, use: "hear ID",
		short:   a.T("record the conversation, and what was said (R7)"),
		example: "  klacht hear 7 --text-file notes.txt",
	})
}
