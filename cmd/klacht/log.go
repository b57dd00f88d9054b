package main

import (
	"context"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"

	"github.com/spf13/cobra"
)

// newLog is the command that tells who changed what, and when.
func newLog(a *app) *cobra.Command {
	n := -1
	c := &cobra.Command{
		Use:   "log [ID]",
		Short: a.T("tell who changed what in the register, and when"),
		Long: a.T("Tell who changed what in the register, and when, the newest first; with ID only what changed in that\n" +
			"complaint. It is read from the git repository of the register, where every change is a commit: git itself\n" +
			"shows the rest, such as `git show`. Without ID or --number it tells of the newest 50."),
		Example:           "  klacht log\n  klacht log 7\n  klacht log -n 0",
		Args:              a.between(0, 1),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(c *cobra.Command, args []string) error { return a.log(c.Context(), args, n) },
	}
	c.Flags().IntVarP(&n, "number", "n", n, a.T("at most this `number` of commits; 0 is all"))
	return c
}

type logJSON struct {
	Commit string      `json:"commit"`
	At     string      `json:"at"`
	By     string      `json:"by"`
	ID     casefile.ID `json:"id,omitempty"`
	File   string      `json:"file,omitempty"`
	What   string      `json:"what"`
}

// newestCommits is how many commits are told of where nothing else was asked.
const newestCommits = 50

func (a *app) log(ctx context.Context, args []string, n int) error {
	if n < -1 {
		return usage("--number cannot be less than 0")
	}
	if err := a.open(); err != nil {
		return err
	}
	var id casefile.ID
	if len(args) > 0 {
		var err error
		if id, err = a.find(args[0]); err != nil {
			return err
		}
	}
	repo, err := a.repo()
	if err != nil {
		return err
	}
	newest := n < 0 && id == "" && !a.json
	limit := max(n, 0)
	if newest {
		limit = newestCommits + 1
	}
	rows, seen, more := []logJSON{}, 0, false
	err = repo.Log(ctx, id, limit, func(c history.Commit) bool {
		if seen++; newest && seen > newestCommits {
			more = true
			return false
		}
		for _, d := range c.Did {
			if a.json {
				rows = append(rows, a.logJSON(c, d))
			} else {
				a.println(a.logLine(c, d))
			}
		}
		return true
	})
	switch {
	case err != nil:
		return err
	case a.json:
		return writeJSON(a.Out, rows)
	case seen == 0 && id != "":
		a.println(a.T("Nothing of %s is in the history.", id))
	case seen == 0:
		a.println(a.T("Nothing is in the history yet."))
	case more:
		a.println(a.dim.Render(a.T("Older changes: klacht log -n 0")))
	}
	return nil
}

func (a *app) logJSON(c history.Commit, d store.Deed) logJSON {
	j := logJSON{Commit: c.Hash, At: c.At.In(a.reg.Policy.Zone).Format(time.RFC3339), By: c.By, What: d.What}
	if id, err := casefile.ParseID(d.Of); err == nil {
		j.ID = id
	} else {
		j.File = d.Of
	}
	return j
}

// logLine draws one change: when, of what, what, and who.
func (a *app) logLine(c history.Commit, d store.Deed) string {
	at := casefile.MomentOf(c.At, a.reg.Policy.Zone)
	of, what := casefile.OneLine(d.Of), a.deedName(d.What)
	if of == "" {
		of = "·"
	}
	return a.dim.Render(fit(a.Day(at.Date), 16)+" "+fit(at.Clock(), 5)) + "  " + a.bold.Render(fit(of, max(14, len(of)))) + " " +
		fit(what, 26) + " " + a.dim.Render(casefile.OneLine(c.By))
}
