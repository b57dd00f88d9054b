package main

import (
	"context"
	"fmt"
	"slices"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/store"

	"github.com/spf13/cobra"
)

// newCheck is the command that looks whether the register is sound.
func newCheck(a *app) *cobra.Command {
	var fix, restored bool
	c := &cobra.Command{
		Use:   "check",
		Short: a.T("look whether the register is sound"),
		Long: a.T("Look at all of the register and tell what is wrong: files that cannot be read, numbers that are missing,\n" +
			"mails that are not there or that no step names, copies that a sync program left, complaints in the wrong\n" +
			"place, files that others on this machine could read, what was purged and is in the history still, and what\n" +
			"was removed by hand. Each step is held against the date of its mail, and each promise that runs against the\n" +
			"procedure. With --fix klacht mends what asks for no choice: rights, the right folder, what a killed command\n" +
			"left. It never removes anything that could have content.\n\n" +
			"With --restored, after a backup was put back: what was removed since, as far as the places know that the\n" +
			"register is shared through. The numbers that were given out since are noted, so that none is given twice."),
		Example: "  klacht check\n  klacht check --fix\n  klacht check --restored",
		Args:    a.exactly(0),
		RunE:    func(c *cobra.Command, _ []string) error { return a.check(c.Context(), fix, restored) },
	}
	c.Flags().BoolVar(&fix, "fix", false, a.T("mend what can be mended without a choice, and say what was done"))
	c.Flags().BoolVar(&restored, "restored", false, a.T("after a backup was put back: what was removed since, and which numbers were given out"))
	return c
}

type fixedJSON struct {
	File string `json:"file"`
	What string `json:"what"`
}

func (a *app) check(ctx context.Context, fix, restored bool) error {
	if err := a.open(); err != nil {
		return err
	}
	look := a.reg.Check
	if fix {
		w, err := a.reg.Lock()
		if err != nil {
			return err
		}
		defer w.Close()
		look = w.Fix
	}
	progress, done := a.progress()
	checked, err := look(a.now.Date, progress)
	done()
	if err != nil {
		return err
	}
	var since []*store.Damage
	var noted []store.Fixed
	if restored { // the numbers that it notes are no gaps here
		if since, noted, err = a.restored(ctx); err != nil {
			return err
		}
	}
	left, err := a.checkHistory(ctx)
	if err != nil {
		return err
	}
	lost, err := a.checkLost()
	if err != nil {
		return err
	}
	checked.Problems = slices.Concat(a.checkRecordable(ctx), checked.Problems, left, lost, since)
	checked.Fixed = append(checked.Fixed, noted...)
	for _, err := range letters.Check(a.ownLetters()) {
		checked.Problems = append(checked.Problems, &store.Damage{File: letters.Folder, Err: err})
	}
	if len(checked.Problems) > 0 {
		a.code = exitPartial
	}
	if a.json {
		fixed := []fixedJSON{}
		for _, f := range checked.Fixed {
			fixed = append(fixed, fixedJSON{f.File, a.Say(f.What)})
		}
		return writeJSON(a.Out, struct {
			Cases    int          `json:"cases"`
			Problems []damageJSON `json:"problems"`
			Fixed    []fixedJSON  `json:"fixed"`
		}{checked.Cases, a.damageJSON(checked.Problems), fixed})
	}
	_, err = fmt.Fprint(a.Out, a.checked(checked))
	return err
}

// checkRecordable says that nothing can be recorded now, and how to go on.
func (a *app) checkRecordable(ctx context.Context) []*store.Damage {
	if a.history == nil {
		return nil
	}
	why := a.history.WayOut(ctx)
	if why == nil {
		return nil
	}
	return []*store.Damage{{File: ".git", Err: casefile.Errorf("%v, so nothing can be recorded", why)}}
}

// checked tells what a check has found, and what to do about each thing, and
// what was mended.
func (a *app) checked(c *store.Checked) string {
	s, hint := "", ""
	for _, f := range c.Fixed {
		s += a.good.Render("✓ ") + casefile.OneLine(f.File) + ": " + a.Say(f.What) + "\n"
	}
	for _, p := range c.Problems {
		s += a.late.Render("✗ ") + a.Explain(p) + "\n"
		h, ok := casefile.HintOf(p.Err)
		if said := a.Say(h); ok && said != hint { // once for several in a row
			s += "  " + a.dim.Render(said) + "\n"
			hint = said
		}
	}
	if len(c.Problems) == 0 {
		return s + a.good.Render("✓ ") + a.T("%d complaints, all sound", c.Cases) + "\n"
	}
	return s + a.T("%d complaints", c.Cases) + ", " + a.T("%d problems", len(c.Problems)) + "\n"
}
