package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store/history"
	"klacht/store/history/merge"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// syncOptions are the flags of sync.
type syncOptions struct {
	keep          []string
	quiet         bool
	setup, sealed bool
}

// newSync is the command that shares the register with others.
func newSync(a *app) *cobra.Command {
	var o syncOptions
	c := &cobra.Command{
		Use:   "sync [ID | --setup ADDRESS]",
		Short: a.T("share the register with others, through git"),
		Long: a.T("Take in what others did in this register, and send what you did, through the remote of its git\n" +
			"repository. Changes come together by their meaning: the steps of both are kept, in order of time. Where\n" +
			"the two differ, klacht asks, and does nothing before that is settled; --keep settles it without asking,\n" +
			"with ID for that complaint alone. Given more than once, with the number of a complaint or the path of a\n" +
			"file after a colon, it settles each in its own way.\n\n" +
			"With --setup the register gets a place to share it through, which klacht makes if it is a folder on this\n" +
			"machine; with --sealed it is one that can be read with a key of gpg alone (git-remote-gcrypt). Without an\n" +
			"address it is the place that it has, which was emptied and is filled anew."),
		Example: "  klacht sync\n  klacht sync --keep mine 7\n  klacht sync --keep mine:3 --keep theirs:b1 --keep theirs:regeling.yaml\n  klacht sync --setup ssh://nas/klachten.git\n  klacht sync --setup --sealed /media/stick/klachten",
		Args:    a.between(0, 1), ValidArgsFunction: a.completeIDs,
		RunE: func(c *cobra.Command, args []string) error {
			if o.setup {
				if err := a.shareThrough(c.Context(), &o, args); err != nil {
					return err
				}
				args = nil
			} else if o.sealed {
				return usage("--sealed goes with --setup")
			}
			return a.sync(c.Context(), &o, args)
		},
	}
	c.Flags().StringArrayVar(&o.keep, "keep", nil, a.T("where the two differ, keep this `side`: mine or theirs, or mine:7 for one complaint or file; can be given more than once"))
	c.Flags().BoolVar(&o.quiet, "quiet", false, a.T("print nothing if all went well, for cron"))
	c.Flags().BoolVar(&o.setup, "setup", false, a.T("share the register through another place, and sync"))
	c.Flags().BoolVar(&o.sealed, "sealed", false, a.T("with --setup: a place that can be read with a key of gpg alone"))
	_ = c.RegisterFlagCompletionFunc("keep", fixedWords([]string{"mine", "theirs"}))
	return c
}

func (a *app) sync(ctx context.Context, o *syncOptions, args []string) error {
	answers, err := a.answers(o.keep, args)
	if err != nil {
		return err
	}
	if a.history == nil {
		_, err := a.repo()
		return err
	}
	p := &proof{}
	order := history.Order{Today: a.now.Date, Going: func(id casefile.ID) error { return a.gather(p, id) }}
	order.Decide = func(c history.Conflict) merge.Side { return cmp.Or(answers[aboutOf(c)], answers[""]) }
	for {
		did, err := a.history.Share(ctx, a.reg, order)
		if did != nil && (err != nil || did.Conflicts != nil) {
			a.tellUnasked(did)
		}
		if err != nil {
			return err
		}
		if did.Conflicts == nil {
			return a.tellSync(did, a.prove(ctx, p, did), o.quiet)
		}
		if !a.asks() || a.json {
			return a.tellConflicts(did)
		}
		if err := a.askConflicts(did.Conflicts, answers); err != nil {
			return err
		}
	}
}

// answers opens the register, and returns what --keep says: which side holds of a
// complaint or a file, by its number or path, and under "" which of all others.
func (a *app) answers(keep, args []string) (map[string]merge.Side, error) {
	if len(args) > 0 && !slices.ContainsFunc(keep, func(said string) bool { return !strings.Contains(said, ":") }) {
		return nil, usage("a complaint is named to settle what differs in it: with --keep mine or --keep theirs")
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	answers := map[string]merge.Side{}
	for _, said := range keep {
		word, about, one := strings.Cut(said, ":")
		side := map[string]merge.Side{"mine": merge.Ours, "theirs": merge.Theirs}[word]
		if side == merge.Ask || one && about == "" {
			return nil, usage("--keep is mine or theirs, not %q", said)
		}
		if !one && len(args) > 0 {
			about = args[0]
		}
		if about != "" && !strings.ContainsAny(about, "./") { // a number has neither, the path of a file has
			id, err := a.find(about)
			if err != nil {
				return nil, err
			}
			about = string(id)
		}
		if was := answers[about]; was != merge.Ask && was != side {
			return nil, usage("--keep says mine and theirs of the same")
		}
		answers[about] = side
	}
	return answers, nil
}

// aboutOf returns what a conflict is of: the number of a complaint, or a path.
func aboutOf(c history.Conflict) string { return cmp.Or(string(c.ID), c.File) }

// askConflicts asks of each complaint whose version holds.
func (a *app) askConflicts(conflicts []history.Conflict, answers map[string]merge.Side) error {
	for _, c := range conflicts {
		for _, d := range c.Differ {
			fmt.Fprintln(a.Err, a.differs(c, d))
		}
		choice := merge.Ours
		ask := huh.NewSelect[merge.Side]().Title(a.T("%s: which one holds?", casefile.OneLine(aboutOf(c)))).Value(&choice).Options(
			huh.NewOption(a.T("mine: what is here"), merge.Ours), huh.NewOption(a.T("theirs: what is there"), merge.Theirs))
		if err := a.form(huh.NewGroup(ask)); err != nil {
			return err
		}
		if answers[aboutOf(c)] == choice { // it was answered so before, and could not be done
			return casefile.Errorf("%s cannot be settled in this way", casefile.OneLine(aboutOf(c))).
				WithHint("mend it with `klacht edit`, here or on the other side, and sync again")
		}
		answers[aboutOf(c)] = choice
	}
	return nil
}

// differs says what the two sides of a conflict have.
func (a *app) differs(c history.Conflict, d merge.Conflict) string {
	about := casefile.OneLine(aboutOf(c))
	switch {
	case d.Field != "":
		about += ": " + a.fieldOrStep(d.Field)
	case c.ID != "":
		about += ": " + a.T("cannot be read")
	}
	return a.T("%s: here %q, there %q", about, casefile.OneLine(d.Ours), casefile.OneLine(d.Theirs))
}

// fieldOrStep names a key of a case file, or a step.
func (a *app) fieldOrStep(field string) string {
	if s := casefile.Step(field); s.Valid() {
		return a.StepName(s)
	}
	if field == "erased" { // which stands in no case file
		return a.T("erased")
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

func (a *app) syncJSON(did *history.Shared, found *history.Searched) any {
	j := struct {
		Sent      []string       `json:"sent"`
		Received  []string       `json:"received"`
		Conflicts []conflictJSON `json:"conflicts"`
		Restored  []casefile.ID  `json:"restored"`
		Removed   []casefile.ID  `json:"removed"`
		Erased    []casefile.ID  `json:"erased"`
		Pending   []pendingJSON  `json:"pending"`
		proofJSON
	}{append([]string{}, did.Sent...), append([]string{}, did.Received...), []conflictJSON{},
		append([]casefile.ID{}, did.Restored...), append([]casefile.ID{}, did.Removed...), append([]casefile.ID{}, did.Erased...), a.pendingJSON(did.Pending), jsonOf(found)}
	for _, c := range did.Conflicts {
		for _, d := range c.Differ {
			j.Conflicts = append(j.Conflicts, conflictJSON{c.ID, c.File, d.Field, d.Ours, d.Theirs})
		}
	}
	return j
}

// tellConflicts names what must be settled first. That a script gets to know too.
func (a *app) tellConflicts(did *history.Shared) error {
	if a.json {
		if err := writeJSON(a.Out, a.syncJSON(did, nil)); err != nil {
			return err
		}
	}
	for _, c := range did.Conflicts {
		for _, d := range c.Differ {
			fmt.Fprintln(a.Err, "klacht: "+a.differs(c, d))
		}
	}
	return casefile.Errorf("the two sides differ in what must be one; nothing was changed").
		WithHint("`klacht sync --keep mine` or `--keep theirs` settles it; `--keep mine:%s` that one alone, and it can be given more than once", aboutOf(did.Conflicts[0]))
}

// tellSync says what was shared.
func (a *app) tellSync(did *history.Shared, found *history.Searched, quiet bool) error {
	if len(did.Pending) > 0 {
		a.code = exitPartial
	}
	if a.json {
		return writeJSON(a.Out, a.syncJSON(did, found))
	}
	a.tellUnasked(did)
	if !quiet {
		for _, id := range did.Removed {
			a.println(a.T("%s removed", id))
		}
		if len(did.Received) > 0 {
			a.println(a.T("received: %s", a.listed(did.Received)))
		}
		if len(did.Sent) > 0 {
			a.println(a.T("sent: %s", a.listed(did.Sent)))
		}
		if n := len(did.Erased) - len(did.Removed) - len(did.Pending); n > 0 {
			a.println(a.T("%d purged complaints are gone from the history too", n))
		}
		if len(did.Received)+len(did.Sent)+len(did.Erased)+len(did.Removed) == 0 {
			a.println(a.T("Nothing new, here or there."))
		}
	}
	a.tellPending(did.Pending)
	if !quiet || found != nil && len(found.Left) > 0 {
		a.tellSearched(found, did.Pending)
	}
	return nil
}

// tellUnasked says what must not happen unseen, also where nobody asked.
func (a *app) tellUnasked(did *history.Shared) {
	if a.json {
		return
	}
	for _, id := range did.Restored {
		fmt.Fprintln(a.Err, a.T("%s was removed without a purge; it is back", id))
	}
	for _, p := range did.Renumbered {
		fmt.Fprintln(a.Err, a.T("%s is %s from now on: the other side had given its number to another complaint", p[0], p[1]))
	}
	for _, p := range did.Twins {
		fmt.Fprintln(a.Err, a.T("the same mail is in %s and %s: klacht check", p[0], p[1]))
	}
	for _, id := range did.Unfit {
		fmt.Fprintln(a.Err, a.T("a line in purged.yaml of the other side is about %s, but not about the complaint of that number here; it stays", id))
	}
}

// listed names the first of a list of complaints and files.
func (a *app) listed(names []string) string {
	const most = 8
	for i, n := range names {
		names[i] = casefile.OneLine(n)
	}
	if len(names) > most+1 {
		return a.T("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
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
