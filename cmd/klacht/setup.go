package main

import (
	"context"
	"path/filepath"
	"strings"

	"klacht/store/history"

	"github.com/charmbracelet/huh"
)

// shareThrough gives the register a place to share it through.
func (a *app) shareThrough(ctx context.Context, o *syncOptions, args []string) error {
	if err := a.open(); err != nil {
		return err
	}
	if a.history == nil {
		_, err := a.repo()
		return err
	}
	at := history.Hub{Dir: a.Dir, Sealed: o.sealed}
	if len(args) > 0 {
		at.Address = args[0]
	}
	if at.Address == "" && !a.history.HasRemote() {
		if !a.asks() || a.json {
			return usage("the address of the place is missing: klacht sync --setup ADDRESS")
		}
		if err := a.askPlace(&at); err != nil {
			return err
		}
	}
	if err := a.history.ShareThrough(ctx, a.reg, &at); err != nil {
		return err
	}
	if a.json || o.quiet {
		return nil
	}
	a.println(a.T("The register is shared through %s", at.Address))
	a.println(a.T("  others take it over with: %s", at.Clone))
	if at.Instead {
		a.println(a.T("  the place of before keeps what it has, and whoever shares through that has to move too"))
	}
	if at.SealedFor != "" {
		a.println(a.T("  sealed for %s", at.SealedFor))
		a.println(a.T("  without that key nobody can read it, and whoever works in the register needs it"))
	}
	return nil
}

// askPlace asks on a terminal for what the command does not say.
func (a *app) askPlace(at *history.Hub) error {
	fields := []huh.Field{huh.NewInput().Title(a.T("Through which folder or server? A folder that is not there is made")).
		Value(&at.Address).Validate(a.told(filled))}
	if !at.Sealed {
		fields = append(fields, huh.NewConfirm().Title(a.T("Seal it, so that only who has your key of gpg can read it?")).
			Affirmative(a.T("Seal")).Negative(a.T("Leave it open")).Value(&at.Sealed))
	}
	if err := a.form(huh.NewGroup(fields...)); err != nil {
		return err
	}
	at.Address = strings.TrimSpace(at.Address)
	if rest, ok := strings.CutPrefix(at.Address, "~/"); ok { // which no shell has seen
		at.Address = filepath.Join(a.Getenv("HOME"), rest)
	}
	return nil
}
