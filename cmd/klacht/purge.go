package main

import (
	"context"
	"fmt"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/history"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newPurge is the command that lets go of what must go (R14).
func newPurge(a *app) *cobra.Command {
	var dryRun, yes, noPush bool
	c := &cobra.Command{
		Use:   "purge",
		Short: a.T("remove the complaints whose time in the archive has ended (R14)"),
		Long: a.T("Remove the archived complaints whose time has ended: the case, its mails and every copy that klacht\n" +
			"made. A line with numbers and dates stays in purged.yaml, so that the years can be counted.\n\n" +
			"If the register is a git repository, its history is rewritten as if they had never been in it: here, where\n" +
			"it is pushed to, and in other clones at their next `klacht sync`. Other commits stay as they are, but get\n" +
			"new numbers, and lose their signatures; reflogs go. Not reached are backups, and copies that you made\n" +
			"yourself. Last comes a search for what was removed: in the whole folder, and in the history here and there.\n" +
			"What is left is named by its place, never by what it says.\n\n" +
			"Never removed is what is open, lies with a body, has a ruling to carry out, is on hold, or cannot be\n" +
			"read. On a terminal klacht asks first; from cron it does not. If the clock cannot be right, nothing goes\n" +
			"without --yes."),
		Example: "  klacht purge --dry-run\n  klacht purge",
		Args:    a.exactly(0),
		RunE:    func(c *cobra.Command, _ []string) error { return a.purge(c.Context(), dryRun, yes, !noPush) },
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.T("only say what would go"))
	c.Flags().BoolVar(&yes, "yes", false, a.T("do not ask, and trust the clock"))
	c.Flags().BoolVar(&noPush, "no-push", false, a.T("rewrite the history here only; a later purge pushes it"))
	return c
}

type keptJSON struct {
	ID     casefile.ID          `json:"id"`
	Reason deadlines.KeepReason `json:"reason"`
}

// maxJump is the most days past the newest thing known, or before the last purge,
// on which the clock is believed.
const maxJump = 400

func (a *app) purge(ctx context.Context, dryRun, yes, push bool) error {
	if err := a.open(); err != nil {
		return err
	}
	plan, damaged, err := a.purgePlan()
	if err != nil {
		return err
	}
	a.tellDamage(damaged)
	if dryRun {
		return a.tellPurge(plan.Gone, plan.Kept, &history.Shared{}, nil, true)
	}
	if !yes {
		if err := a.clockIsRight(ctx, plan); err != nil {
			return err
		}
		if len(plan.Gone) > 0 && a.asks() {
			if err := a.askPurge(plan); err != nil {
				return err
			}
		}
	}
	agreed := map[casefile.ID]bool{}
	for _, f := range plan.Gone {
		agreed[f.ID] = true
	}
	var gone []*store.File
	p := &proof{}
	did, err := a.removing(ctx, !push, len(plan.Gone) == 0, p, func(w *store.Writer) error {
		if plan, _, err = a.purgePlan(); err != nil { // anew, now that all is known and nobody else writes
			return err
		}
		for _, f := range plan.Gone {
			if !agreed[f.ID] {
				continue
			}
			if err := a.gather(p, f.ID); err != nil {
				return err
			}
			if err := w.Purge(f, a.now.Date); err != nil {
				return err
			}
			gone = append(gone, f)
		}
		if a.todayFlag != "" { // what was said is not what the clock says
			return nil
		}
		return w.SetLastPurge(a.now.Date)
	})
	if err != nil {
		return err
	}
	return a.tellPurge(gone, plan.Kept, did, a.prove(ctx, p, did), false)
}

func (a *app) purgePlan() (*store.PurgePlan, []*store.Damage, error) {
	open, damaged, err := a.reg.ReadOpen()
	if err != nil {
		return nil, nil, err
	}
	plan, err := a.reg.PlanPurge(open, a.now.Date)
	if err != nil {
		return nil, nil, err
	}
	damaged = slices.DeleteFunc(damaged, func(d *store.Damage) bool { // one that was erased goes whatever is in it
		return slices.ContainsFunc(plan.Gone, func(f *store.File) bool { return f.Path == d.File })
	})
	return plan, append(damaged, plan.Damage...), nil
}

// clockIsRight refuses to remove anything on a day that was only said (--today),
// by a clock that stands before the day on which this program was built, or by one
// that has moved more than 400 days since the newest thing that the register knows:
// its last purge, the entries that were read, its last commit.
func (a *app) clockIsRight(ctx context.Context, plan *store.PurgePlan) error {
	today := a.now.Date
	if a.todayFlag != "" && len(plan.Gone) > 0 && !a.asks() {
		return casefile.Errorf("the day %s comes from --today or KLACHT_TODAY; nothing was removed", today).
			WithHint("leave them out, and the clock counts; or, if that is the day, `klacht purge --yes`")
	}
	if built, err := casefile.ParseDate(a.BuildDate); err == nil && today.Before(built) {
		return casefile.Errorf("the clock says %s, but this klacht was built on %s; nothing was removed", today, built).
			WithHint("set the clock; or, if it is right, `klacht purge --yes`")
	}
	last := a.reg.LastPurge()
	if last.IsZero() && len(plan.Gone) == 0 {
		return nil
	}
	newest := last
	if last.IsZero() || last.DaysUntil(today) > maxJump { // else what was written says nothing more
		if written := a.lastWritten(ctx, plan); written.After(newest) {
			newest = written
		}
	}
	switch ahead := newest.DaysUntil(today) > maxJump; {
	case newest.IsZero():
		return nil
	case ahead && newest != last:
		return casefile.Errorf("the clock says %s, but nothing in the register is newer than %s; nothing was removed", today, newest).
			WithHint("if the clock is right, `klacht purge --yes`")
	case ahead, !last.IsZero() && today.DaysUntil(last) > maxJump:
		return casefile.Errorf("the clock says %s, but the last purge was on %s; nothing was removed", today, last).
			WithHint("if the clock is right, `klacht purge --yes`")
	}
	return nil
}

// lastWritten returns the newest day that the register knows of: of what was read
// to plan the purge, or of the last commit.
func (a *app) lastWritten(ctx context.Context, plan *store.PurgePlan) (newest casefile.Date) {
	take := func(d casefile.Date) {
		if d.After(newest) {
			newest = d
		}
	}
	for _, f := range plan.Read {
		for _, e := range f.Log {
			take(e.At.Date)
			take(e.Noted)
		}
	}
	if a.history != nil {
		if repo, err := a.history.Repo(); err == nil {
			_ = repo.Log(ctx, "", 1, func(c history.Commit) bool { take(casefile.DateOf(c.At)); return false })
		}
	}
	return newest
}

// askPurge lists what would go and asks whether it may.
func (a *app) askPurge(plan *store.PurgePlan) error {
	for _, f := range plan.Gone {
		kept := deadlines.Retention(&f.Case, f.State, a.reg.Policy)
		fmt.Fprintln(a.Err, a.T("%s  archived until %s", f.ID, a.Day(kept.Until)))
	}
	may := false
	ask := huh.NewConfirm().Title(a.T("Remove %d complaints for good?", len(plan.Gone))).
		Affirmative(a.T("Remove")).Negative(a.T("Keep")).Value(&may)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return err
	}
	if !may {
		return casefile.Errorf("given up; nothing was changed")
	}
	return nil
}

// tellPurge prints numbers only: the output of cron is mailed about and kept.
func (a *app) tellPurge(gone []*store.File, kept []store.Kept, did *history.Shared, found *history.Searched, dryRun bool) error {
	if len(did.Pending) > 0 {
		a.code = exitPartial
	}
	if a.json {
		j := struct {
			Purged  []casefile.ID `json:"purged"`
			Kept    []keptJSON    `json:"kept"`
			Erased  []casefile.ID `json:"erased,omitempty"`
			Pending []pendingJSON `json:"pending"`
			proofJSON
		}{append([]casefile.ID{}, did.Removed...), []keptJSON{}, did.Erased, a.pendingJSON(did.Pending), jsonOf(found)}
		for _, f := range gone {
			j.Purged = append(j.Purged, f.ID)
		}
		for _, k := range kept {
			j.Kept = append(j.Kept, keptJSON{k.ID, k.Reason})
		}
		return writeJSON(a.Out, j)
	}
	for _, id := range did.Removed { // that had come back, or that others had purged
		a.println(a.T("%s removed", id))
	}
	for _, f := range gone {
		if dryRun {
			a.println(a.T("%s would be removed", f.ID))
		} else {
			a.println(a.T("%s removed", f.ID))
		}
	}
	for _, k := range kept {
		changed := k.Reason == deadlines.KeepChanged // somebody has to look
		if changed {
			a.code = exitPartial
		}
		if dryRun || changed { // otherwise a night on which nothing goes is a quiet one
			a.println(a.T("%s stays: %s", k.ID, a.KeepName(k.Reason)))
		}
	}
	if len(gone) > 0 && !dryRun || len(did.Erased) > 0 {
		a.tellErased(did)
	}
	a.tellPending(did.Pending)
	a.tellSearched(found, did.Pending)
	return nil
}
