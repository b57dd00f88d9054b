package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newInvite is the command for an invitation to talk (R7).
func newInvite(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Invited, use: "invite ID --when DATE", letter: true,
		fields: []casefile.Field{casefile.FieldWhen, casefile.FieldMeans},
		short:  a.T("write an invitation to talk, and record it (R7)"),
		long: a.T("Invite the complainant to a conversation; by phone, unless another means was agreed. It also says how the\n" +
			"complaint is handled (R5). The appointment stands in the morning summary."),
		example: "  klacht invite 7 --when 2026-12-02T14:00",
	})
}
