package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newCallOff is the command for an appointment that does not take place (R7).
func newCallOff(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.CalledOff, use: "call-off ID",
		fields: []casefile.Field{casefile.FieldReason},
		short:  a.T("record that an appointment does not take place (R7)"),
		long: a.T("Record that the conversation that was agreed does not take place: it is no longer wanted, or nobody came. Is\n" +
			"there another day, then `klacht invite` alone is enough: it replaces the appointment."),
		example: `  klacht call-off 7 --reason "` + a.T("rather by mail") + `"`,
	})
}
