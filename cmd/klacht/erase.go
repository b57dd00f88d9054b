package main

import (
	"errors"
	"fmt"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newErase is the command that removes one complaint before its time.
func newErase(a *app) *cobra.Command {
	var reason string
	var yes, noPush bool
	c := &cobra.Command{
		Use:   "erase ID --reason TEXT",
		Short: a.t("remove one complaint before its time, at the complainant's request (GDPR art. 17)"),
		Long: a.t("Remove one complaint for good, whatever its state, as `klacht purge` does: the case, its mails, letters that\n" +
			"wait, and all that the history has of it. It can be one that cannot be read: give its full number. A line\n" +
			"stays in purged.yaml, with the reason; nothing about a person may stand in it.\n\n" +
			"A right to erasure does not reach what you need for a legal claim (GDPR art. 17(3)(e)), so what is on hold\n" +
			"or lies with a body goes only when you say so on a terminal, with its number."),
		Example:           `  klacht erase 7 --reason "` + a.t("GDPR art. 17, request of 7 December") + `"`,
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.erase(args[0], casefile.OneLine(reason), yes, !noPush)
		},
	}
	f := c.Flags()
	f.StringVar(&reason, "reason", "", a.t("the `reason`, which stays in purged.yaml"))
	f.BoolVar(&yes, "yes", false, a.t("do not ask"))
	f.BoolVar(&noPush, "no-push", false, a.t("rewrite the history here only; a later purge pushes it"))
	return c
}

func (a *app) erase(short, reason string, yes, push bool) error {
	if err := a.open(); err != nil {
		return err
	}
	id, err := a.find(short)
	if err != nil {
		return err
	}
	f, err := a.reg.Load(id)
	if damage := (*store.Damage)(nil); err != nil && !errors.As(err, &damage) {
		return err // there is none
	}
	if reason == "" && !a.asks() {
		return usage("--%s is missing", "reason")
	}
	for reason == "" || a.reg.ReasonToErase(id, reason) != nil {
		if reason != "" {
			return a.reg.ReasonToErase(id, reason)
		}
		check := func(s string) error { return a.reg.ReasonToErase(id, casefile.OneLine(s)) }
		ask := huh.NewInput().Title(a.t("For what reason? It stays in purged.yaml")).Value(&reason).CharLimit(100).Validate(a.told(check))
		if err := a.form(huh.NewGroup(ask)); err != nil {
			return err
		}
		reason = casefile.OneLine(reason)
	}
	needed := neededFor(f)
	switch {
	case needed != deadlines.Purgeable && !a.asks():
		return casefile.Errorf("%s stays: %s", id, a.keepName(needed)).
			WithHint("on a terminal klacht asks whether it may go all the same")
	case needed != deadlines.Purgeable || !yes && a.asks():
		if err := a.askErase(id, f, needed); err != nil {
			return err
		}
	case !yes:
		return usage("klacht asks first, on a terminal; or say --yes")
	}
	w, err := a.lockWhole()
	if err != nil {
		return err
	}
	defer w.Close()
	repo, err := a.purgeFiles(w, []casefile.ID{id}, func() error { return w.Erase(id, a.now.Date, reason) })
	if err != nil {
		return err
	}
	done := a.eraseHistory(repo, push)
	if a.json {
		return writeJSON(a.Out, struct {
			ID      casefile.ID   `json:"id"`
			Reason  string        `json:"reason"`
			Erased  []casefile.ID `json:"erased,omitempty"`
			Remotes []remoteJSON  `json:"remotes,omitempty"`
		}{id, reason, done.Here, a.remotesJSON(done.Remotes)})
	}
	a.println(a.t("%s removed", id))
	a.tellErased(done)
	return nil
}

// neededFor says for which claim a complaint may still be needed; Purgeable if
// for none, or if it cannot be read and f is nil.
func neededFor(f *store.File) deadlines.KeepReason {
	switch {
	case f == nil:
	case f.State.Committee == casefile.StatusRuled:
		return deadlines.KeepRuling
	case f.State.Committee != "":
		return deadlines.KeepBody
	case f.State.Hold != nil:
		return deadlines.KeepHold
	}
	return deadlines.Purgeable
}

// askErase shows what is still owed on a complaint and asks whether it may go.
// One that is kept for a reason goes only if its number is typed.
func (a *app) askErase(id casefile.ID, f *store.File, needed deadlines.KeepReason) error {
	title := a.t("Remove %s for good?", id)
	if f == nil {
		fmt.Fprintln(a.Err, a.t("%s cannot be read, so what is still owed on it is not known.", id))
	} else {
		for _, act := range deadlines.Actions(&f.Case, f.State, a.reg.Policy, a.now.Date) {
			if !act.DoBy.IsZero() {
				fmt.Fprintln(a.Err, a.t("%s  still owed: %s by %s", id, a.doName(act), a.day(act.DoBy)))
			}
		}
	}
	if needed == deadlines.Purgeable {
		may := false
		ask := huh.NewConfirm().Title(title).Affirmative(a.t("Remove")).Negative(a.t("Keep")).Value(&may)
		if err := a.form(huh.NewGroup(ask)); err != nil || may {
			return err
		}
		return casefile.Errorf("given up; nothing was changed")
	}
	fmt.Fprintln(a.Err, a.late.Render(a.t("%s stays: %s", id, a.keepName(needed))))
	fmt.Fprintln(a.Err, a.t("What you need for a legal claim you may keep, also when somebody asks for erasure (GDPR art. 17(3)(e))."))
	typed := ""
	ask := huh.NewInput().Title(title + " " + a.t("Then type its number; empty keeps it.")).Value(&typed)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return err
	}
	if strings.TrimSpace(typed) != string(id) {
		return casefile.Errorf("given up; nothing was changed")
	}
	return nil
}
