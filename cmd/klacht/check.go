package main

import (
	"fmt"

	"klacht/store"

	"github.com/spf13/cobra"
)

// newCheck is the command that looks whether the register is sound.
func newCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: a.t("look whether the register is sound"),
		Long: a.t("Read every file of the register and tell what is wrong: files that cannot be read, mails that are not\n" +
			"there, files that others on this machine could read, complaints that were purged and are back."),
		Args: a.exactly(0),
		RunE: func(*cobra.Command, []string) error { return a.check() },
	}
}

func (a *app) check() error {
	if err := a.open(); err != nil {
		return err
	}
	n, problems, err := a.reg.Check()
	if err != nil {
		return err
	}
	if a.json {
		err = writeJSON(a.Out, struct {
			Cases    int          `json:"cases"`
			Problems []damageJSON `json:"problems"`
		}{n, a.damageJSON(problems)})
	} else {
		_, err = fmt.Fprint(a.Out, a.checked(n, problems))
	}
	if len(problems) > 0 {
		a.code = exitPartial
	}
	return err
}

func (a *app) checked(n int, problems []*store.Damage) string {
	s := ""
	for _, p := range problems {
		s += a.late.Render("✗ ") + a.err(p) + "\n"
	}
	if len(problems) == 0 {
		return a.good.Render("✓ ") + a.t("%d complaints, all sound", n) + "\n"
	}
	return s + a.t("%d complaints", n) + ", " + a.t("%d problems", len(problems)) + "\n"
}
