package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newHold is the command that keeps a complaint from being purged.
func newHold(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Held, use: "hold ID --reason TEXT --review DATE",
		fields: []casefile.Field{casefile.FieldReason, casefile.FieldReview},
		short:  a.T("keep a complaint from being purged"),
		long: a.T("Keep a complaint from being purged, for a reason such as a claim that is still running. On the review\n" +
			"date the morning summary asks whether the hold is still needed; it never ends by itself. Held again, it goes on\n" +
			"with the new reason and date."),
		example: `  klacht hold 2021-0002 --reason "` + a.T("claim with the insurer") + `" --review 2027-06-01`,
	})
}

// newRelease is the command that ends a hold.
func newRelease(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Released, use: "release ID",
		fields:  []casefile.Field{casefile.FieldReason},
		short:   a.T("end the hold on a complaint"),
		example: "  klacht release 2021-0002",
	})
}
