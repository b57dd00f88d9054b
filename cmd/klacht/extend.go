package main

import (
	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"github.com/spf13/cobra"
)

// newExtend is the command for telling that it takes longer (R12).
func newExtend(a *app) *cobra.Command {
	return newStep(a, stepSpec{
		step: casefile.Extended, use: "extend ID --until DATE --reason TEXT", letter: true,
		fields: []casefile.Field{casefile.FieldUntil, casefile.FieldReason},
		short:  a.T("write that it takes longer and until when, and record it (R12)"),
		long: a.T("Tell the complainant that handling takes longer, why, and when to expect an answer. The new date is the\n" +
			"promise from then on. Told after the running term, it is recorded as late."),
		example: `  klacht extend 7 --until 2027-01-15 --reason "` + a.T("the trainer is ill") + `"`,
		prepare: a.checkExtension,
	})
}

// checkExtension refuses a date that is no extension, or that goes beyond what
// the procedure allows.
func (a *app) checkExtension(f *store.File, e *casefile.Entry) error {
	for _, p := range deadlines.Promises(&f.Case, a.reg.Policy, a.now.Date) {
		running := p.Term == deadlines.Close || p.Term == deadlines.Decide
		if running && p.Done.IsZero() && !e.Until.After(p.Due) {
			return casefile.Errorf("the term of %s already runs until %s", f.ID, p.Due).
				WithHint("--until names a later day")
		}
	}
	room := deadlines.RoomOf(&f.Case, a.reg.Policy, a.now.Date)
	if room.None {
		return casefile.Errorf("the procedure knows no extension")
	}
	if !room.Latest.IsZero() && e.Until.After(room.Latest) {
		return casefile.Errorf("the procedure allows no more than until %s", room.Latest)
	}
	return nil
}
