package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
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
		Use:   "erase ID --reason WORD",
		Short: a.T("remove one complaint before its time (GDPR art. 17)"),
		Long: a.T("Remove one complaint for good, whatever its state, as `klacht purge` does: the case, its mails, letters that\n" +
			"wait, and all that the history has of it. It can be one that cannot be read: give its full number. A line\n" +
			"stays in purged.yaml, with the reason: request (the complainant asks for it), court, or mistake (it should never\n" +
			"have been registered; then it counts in no figure). It ends with a search, as a purge does.\n\n" +
			"A right to erasure does not reach what you need for a legal claim (GDPR art. 17(3)(e)), so what is on hold\n" +
			"or lies with a body goes only when you say so on a terminal, with its number."),
		Example:           "  klacht erase 7 --reason " + a.T("request"),
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.erase(c.Context(), args[0], reason, yes, !noPush)
		},
	}
	f := c.Flags()
	f.StringVar(&reason, "reason", "", a.T("the `reason`, which stays in purged.yaml: %s", strings.Join(namesOf(a, store.Reasons(), reasonName), ", ")))
	_ = c.RegisterFlagCompletionFunc("reason", fixedWords(store.Reasons()))
	f.BoolVar(&yes, "yes", false, a.T("do not ask"))
	f.BoolVar(&noPush, "no-push", false, a.T("rewrite the history here only; a later purge pushes it"))
	return c
}

func (a *app) erase(ctx context.Context, short, said string, yes, push bool) error {
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
	reason, err := a.reasonToErase(said)
	if err != nil {
		return err
	}
	needed := neededFor(f)
	switch {
	case needed != deadlines.Purgeable && !a.asks():
		return casefile.Errorf("%s stays: %s", id, a.KeepName(needed)).
			WithHint("on a terminal klacht asks whether it may go all the same")
	case needed != deadlines.Purgeable || !yes && a.asks():
		if err := a.askErase(id, f, needed); err != nil {
			return err
		}
	case !yes:
		return usage("klacht asks first, on a terminal; or say --yes")
	}
	p := &proof{}
	did, err := a.removing(ctx, !push, false, p, func(w *store.Writer) error {
		if standing, err := w.Standing(); err != nil || standing[id] == "" { // others have erased it meanwhile
			return err
		}
		now, err := w.Load(id) // or have written something down about it
		if err != nil {
			now = nil
		} else if why := neededFor(now); why != needed {
			return casefile.Errorf("%s stays: %s", id, a.KeepName(why)).WithHint("on a terminal klacht asks whether it may go all the same")
		}
		if err := a.gather(p, id); err != nil {
			return err
		}
		return w.Erase(id, a.now.Date, reason)
	})
	if err != nil {
		return err
	}
	if len(did.Pending) > 0 {
		a.code = exitPartial
	}
	found := a.prove(ctx, p, did)
	if a.json {
		return writeJSON(a.Out, struct {
			ID      casefile.ID   `json:"id"`
			Reason  store.Reason  `json:"reason"`
			Erased  []casefile.ID `json:"erased,omitempty"`
			Pending []pendingJSON `json:"pending"`
			proofJSON
		}{id, reason, did.Erased, a.pendingJSON(did.Pending), jsonOf(found)})
	}
	a.println(a.T("%s removed", id))
	a.tellErased(did)
	a.tellPending(did.Pending)
	a.tellSearched(found, did.Pending)
	if f != nil {
		a.tellOthers(f)
	}
	return nil
}

// reasonToErase returns the reason that was said, or asks for it.
func (a *app) reasonToErase(said string) (reason store.Reason, err error) {
	switch {
	case said != "":
		return meant(a, said, store.Reasons(), reasonName)
	case !a.asks():
		return "", usage("--%s is missing", "reason")
	}
	var options []huh.Option[store.Reason]
	for _, r := range store.Reasons() {
		options = append(options, huh.NewOption(reasonName(a.Words, r), r))
	}
	ask := huh.NewSelect[store.Reason]().Title(a.T("For what reason? It stays in purged.yaml")).Options(options...).Value(&reason)
	return reason, a.form(huh.NewGroup(ask))
}

// reasonName says why a complaint is removed before its time.
func reasonName(a *words.Words, r store.Reason) string {
	switch r {
	case store.Request:
		return a.T("request")
	case store.Court:
		return a.T("court")
	case store.Mistake:
		return a.T("mistake")
	}
	return string(r)
}

// tellOthers names the other complaints of the same person, who asks perhaps for
// all of them.
func (a *app) tellOthers(f *store.File) {
	files, _, _ := a.reg.ReadAll() // what cannot be read is told of by every summary
	var ids []casefile.ID
	for _, o := range files {
		if o.ID != f.ID && samePerson(o.Complainant, f.Complainant) {
			ids = append(ids, o.ID)
		}
	}
	if ids != nil {
		a.println(a.T("  of the same person there is still: %s", ids))
	}
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
	title := a.T("Remove %s for good?", id)
	if f == nil {
		fmt.Fprintln(a.Err, a.T("%s cannot be read, so what is still owed on it is not known.", id))
	} else {
		for _, act := range deadlines.Actions(&f.Case, f.State, a.reg.Policy, a.now.Date) {
			if !act.DoBy.IsZero() {
				fmt.Fprintln(a.Err, a.T("%s  still owed: %s by %s", id, a.DoName(act), a.Day(act.DoBy)))
			}
		}
	}
	if needed == deadlines.Purgeable {
		may := false
		ask := huh.NewConfirm().Title(title).Affirmative(a.T("Remove")).Negative(a.T("Keep")).Value(&may)
		if err := a.form(huh.NewGroup(ask)); err != nil || may {
			return err
		}
		return errGivenUp()
	}
	fmt.Fprintln(a.Err, a.late.Render(a.T("%s stays: %s", id, a.KeepName(needed))))
	fmt.Fprintln(a.Err, a.T("What you need for a legal claim you may keep, also when somebody asks for erasure (GDPR art. 17(3)(e))."))
	typed := ""
	ask := huh.NewInput().Title(title + " " + a.T("Then type its number; empty keeps it.")).Value(&typed)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return err
	}
	if found, err := a.reg.Find(strings.TrimSpace(typed)); err != nil || found != id {
		return errGivenUp()
	}
	return nil
}
