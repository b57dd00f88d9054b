package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newNote is the command for a note of the owner's own.
func newNote(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Noted, use: "note ID --text TEXT",
		fields:  []casefile.Field{casefile.FieldFiles},
		short:   a.T("add a note of your own, or keep a file with the complaint"),
		example: `  klacht note 7 --text "` + a.T("Called; will ring back tomorrow") + `"` + "\n  klacht note 7 --file scan.pdf",
	})
}
