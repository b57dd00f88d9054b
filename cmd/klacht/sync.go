package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store/history"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// syncOptions are the flags of sync.
type syncOptions struct {
	keep  string
	quiet bool
}

// newSync is the command that shares the register with others.
func newSync(a *app) *cobra.Command {
	var o syncOptions
	c := &cobra.Command{
		Use:   "sync [ID]",
		Short: a.t("share the register with others, through git"),
		Long: a.t("Take in what others did in this register, and send what you did, through the remote of its git\n" +
			"repository. Changes come together by their meaning: the steps of both are kept, in order of time. Where\n" +
			"the two differ, klacht asks, and does nothing before that is settled; --keep settles it without asking,\n" +
			"with ID for that complaint alone."),
		Example: "  klacht sync\n  klacht sync --keep mine 7\n  klacht sync --quiet",
		Args:    a.between(0, 1), ValidArgsFunction: a.completeIDs,
		RunE: func(c *cobra.Command, args []string) error { return a.sync(c.Context(), &o, args) },
	}
	c.Flags().StringVar(&o.keep, "keep", "", a.t("where the two differ, keep this `side`: mine or theirs"))
	c.Flags().BoolVar(&o.quiet, "quiet", false, a.t("print nothing if all went well, for cron"))
	_ = c.RegisterFlagCompletionFunc("keep", fixedWords([]string{"mine", "theirs"}))
	return c
}

func (a *app) sync(ctx context.Context, o *syncOptions, args []string) error {
	keep, ok := map[string]history.Choice{"": history.Undecided, "mine": history.Mine, "theirs": history.Theirs}[o.keep]
	if !ok {
		return usage("--keep is mine or theirs, not %q", o.keep)
	}
	if len(args) > 0 && keep == history.Undecided {
		return usage("a complaint is named to settle what differs in it: with --keep mine or --keep theirs")
	}
	if err := a.open(); err != nil {
		return err
	}
	var only casefile.ID
	if len(args) > 0 {
		var err error
		if only, err = a.find(args[0]); err != nil {
			return err
		}
	}
	if a.history == nil {
		_, err := a.repo()
		return err
	}
	answers := map[history.Conflict]history.Choice{}
	decide := func(c history.Conflict) history.Choice {
		if keep != history.Undecided && (only == "" || c.ID == only) {
			return keep
		}
		return answers[c]
	}
	for {
		did, err := a.history.Sync(ctx, a.reg, decide)
		if did != nil && (err != nil || did.Conflicts != nil) {
			a.tellRenumbered(did)
			a.tellGone(did)
		}
		if err != nil {
			return err
		}
		if did.Conflicts == nil {
			return a.tellSync(did, o.quiet)
		}
		if !a.asks() || a.json {
			return a.tellConflicts(did)
		}
		if err := a.askConflicts(did.Conflicts, answers); err != nil {
			return err
		}
	}
}

// askConflicts asks of each whose version holds.
func (a *app) askConflicts(conflicts []history.Conflict, answers map[history.Conflict]history.Choice) error {
	for _, c := range conflicts {
		choice := history.Mine
		title := a.t("%s: which one holds?", a.conflictAbout(c))
		option := func(label, text string) string {
			if text == "" {
				text = a.t("nothing")
			}
			return fmt.Sprintf("%s: %s", label, casefile.OneLine(text))
		}
		ask := huh.NewSelect[history.Choice]().Title(title).Value(&choice).Options(
			huh.NewOption(option(a.t("mine"), c.Here), history.Mine), huh.NewOption(option(a.t("theirs"), c.There), history.Theirs))
		if err := a.form(huh.NewGroup(ask)); err != nil {
			return err
		}
		if answers[c] == choice { // it was answered so before, and could not be done
			return casefile.Errorf("%s cannot be settled in this way", a.conflictAbout(c)).
				WithHint("mend it with `klacht edit`, here or on the other side, and sync again")
		}
		answers[c] = choice
	}
	return nil
}

// conflictAbout says what a conflict is about.
func (a *app) conflictAbout(c history.Conflict) string {
	about := casefile.OneLine(c.File)
	if c.ID != "" {
		about = string(c.ID)
	}
	switch {
	case c.Field != "":
		about += ": " + a.fieldOrStep(c.Field)
	case c.ID != "" && c.File != "":
		about += ": " + a.t("cannot be read")
	}
	return about
}

// fieldOrStep names a key of a case file, or a step.
func (a *app) fieldOrStep(field string) string {
	if s := casefile.Step(field); s.Valid() {
		return a.stepName(s)
	}
	return field
}

type conflictJSON struct {
	ID    casefile.ID `json:"id,omitempty"`
	File  string      `json:"file,omitempty"`
	Field string      `json:"field,omitempty"`
	Here  string      `json:"here"`
	There string      `json:"there"`
}

type renumberedJSON struct {
	From   casefile.ID `json:"from"`
	To     casefile.ID `json:"to"`
	Quoted bool        `json:"quoted"`
}

func (a *app) syncJSON(did *history.Synced) any {
	j := struct {
		Sent       []string         `json:"sent"`
		Received   []string         `json:"received"`
		Conflicts  []conflictJSON   `json:"conflicts"`
		Renumbered []renumberedJSON `json:"renumbered"`
		Restored   []casefile.ID    `json:"restored"`
		Erased     []casefile.ID    `json:"erased"`
	}{append([]string{}, did.Sent...), append([]string{}, did.Received...), []conflictJSON{}, []renumberedJSON{},
		append([]casefile.ID{}, did.Restored...), append([]casefile.ID{}, did.Erased...)}
	for _, c := range did.Conflicts {
		j.Conflicts = append(j.Conflicts, conflictJSON(c))
	}
	for _, r := range did.Renumbered {
		j.Renumbered = append(j.Renumbered, renumberedJSON(r))
	}
	return j
}

// tellConflicts names what must be settled first. That a script gets to know too.
func (a *app) tellConflicts(did *history.Synced) error {
	if a.json {
		if err := writeJSON(a.Out, a.syncJSON(did)); err != nil {
			return err
		}
	}
	for _, c := range did.Conflicts {
		fmt.Fprintln(a.Err, "klacht: "+a.t("%s: here %q, there %q", a.conflictAbout(c), casefile.OneLine(c.Here), casefile.OneLine(c.There)))
	}
	return casefile.Errorf("the two sides differ in what must be one; nothing was merged").
		WithHint("`klacht sync --keep mine` or `--keep theirs` settles it, with a number for one complaint alone")
}

// tellSync says what was shared.
func (a *app) tellSync(did *history.Synced, quiet bool) error {
	if a.json {
		return writeJSON(a.Out, a.syncJSON(did))
	}
	a.tellRenumbered(did)
	a.tellGone(did)
	for _, id := range did.Restored {
		fmt.Fprintln(a.Err, a.t("%s was removed without a purge; it is back", id))
	}
	if quiet {
		return nil
	}
	for _, id := range did.Erased {
		a.println(a.t("%s removed", id))
	}
	if len(did.Received) > 0 {
		a.println(a.t("received: %s", a.listed(did.Received)))
	}
	if len(did.Sent) > 0 {
		a.println(a.t("sent: %s", a.listed(did.Sent)))
	}
	if len(did.Received)+len(did.Sent)+len(did.Erased)+len(did.Renumbered) == 0 {
		a.println(a.t("Nothing new, here or there."))
	}
	return nil
}

// tellGone says which open complaints the other side has purged; that must not
// happen unseen, also where nobody asked.
func (a *app) tellGone(did *history.Synced) {
	for _, id := range did.Open {
		fmt.Fprintln(a.Err, a.t("%s was open here, and is gone: on the other side it was purged", id))
	}
}

// listed names the first of a list of complaints and files.
func (a *app) listed(names []string) string {
	const most = 8
	for i, n := range names {
		names[i] = casefile.OneLine(n)
	}
	if len(names) > most+1 {
		return a.t("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// tellRenumbered says which complaints have another number now; that matters also
// where nobody asked.
func (a *app) tellRenumbered(did *history.Synced) {
	if a.json {
		return
	}
	for _, r := range did.Renumbered {
		fmt.Fprintln(a.Err, a.t("%s is %s from now on: the other side had given its number to another complaint", r.From, r.To))
		if r.Quoted {
			fmt.Fprintln(a.Err, a.t("  a letter may have left that says %s; replies to it still find this complaint, and so does klacht show %s", r.From, r.From))
			fmt.Fprintln(a.Err, a.t("  letters of it that wait in the outbox say %s now; look at one before you send it", r.To))
		}
	}
}

// unsynced are changes that were not shared within a day.
type unsynced struct {
	Changes int           `json:"changes"`
	Since   casefile.Date `json:"since"`
}

func (a *app) unsynced() unsynced {
	n, since := history.Unsynced(a.reg.Dir, a.setup())
	on := casefile.MomentOf(since, a.reg.Policy.Zone).Date
	if n == 0 || on.DaysUntil(a.now.Date) < 2 && (a.now.Time.IsZero() || a.now.Time.Sub(since) < 24*time.Hour) {
		return unsynced{}
	}
	return unsynced{n, on}
}
