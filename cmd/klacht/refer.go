package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newRefer is the command for a complaint that goes to a body, and for what the
// body says of it (R15, R16).
func newRefer(a *app) *cobra.Command {
	var admitted, declined bool
	c := newStep(a, stepSpec{
		step: casefile.Referred, use: "refer ID [--admitted | --declined]",
		fields: []casefile.Field{casefile.FieldBody},
		short:  a.T("record that it lies with a body, and whether that takes it (R15, R16)"),
		long: a.T("Record that the complainant has turned to a body such as the Commissie van Kwaliteitshandhaving;\n" +
			"later, with --admitted or --declined, whether it takes the case. Until it is settled the complaint\n" +
			"stays in the morning summary and cannot be purged."),
		example: "  klacht refer 2026-0007\n  klacht refer 7 --admitted",
		defaults: func(e *casefile.Entry) error {
			switch {
			case admitted && declined:
				return usage("--admitted and --declined cannot both be true")
			case admitted:
				e.Step = casefile.Admitted
			case declined:
				e.Step = casefile.Declined
			case e.Body == "" && len(a.reg.Policy.Bodies) > 0:
				e.Body = a.reg.Policy.Bodies[0].Name
			}
			return nil
		},
	})
	c.Flags().BoolVar(&admitted, "admitted", false, a.T("the body takes the case"))
	c.Flags().BoolVar(&declined, "declined", false, a.T("the body does not take the case"))
	return c
}
