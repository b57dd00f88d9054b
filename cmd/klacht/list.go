package main

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// newList is the command that lists the register.
func newList(a *app) *cobra.Command {
	var status string
	c := &cobra.Command{
		Use:     "list [WORD...]",
		Short:   a.t("list the complaints, the archive included"),
		Long:    a.t("List all complaints, the newest first; with words, those in whose name, address or subject each occurs."),
		Example: "  klacht list\n  klacht list jolanda\n  klacht list --status open",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(_ *cobra.Command, args []string) error { return a.list(args, casefile.Status(status)) },
	}
	c.Flags().StringVar(&status, "status", "", a.t("only those with this `status`: %s", explained(casefile.Statuses(), a.statusWord)))
	_ = c.RegisterFlagCompletionFunc("status", fixedWords(casefile.Statuses()))
	return c
}

type listJSON struct {
	ID            casefile.ID     `json:"id"`
	Status        casefile.Status `json:"status"`
	OnHold        bool            `json:"on_hold"`
	Received      casefile.Date   `json:"received,omitzero"`
	Subject       string          `json:"subject"`
	Complainant   string          `json:"complainant"`
	Closed        casefile.Date   `json:"closed,omitzero"`
	ArchivedUntil casefile.Date   `json:"archived_until,omitzero"`
}

func (a *app) list(terms []string, status casefile.Status) error {
	if status != "" && !slices.Contains(casefile.Statuses(), status) {
		return usage("the status is one of %s, not %q", casefile.Statuses(), string(status))
	}
	if err := a.open(); err != nil {
		return err
	}
	files, damaged, err := a.reg.ReadAll()
	if err != nil {
		return err
	}
	a.tellDamage(damaged)
	slices.Reverse(files)
	rows := []listJSON{}
	shown := files[:0]
	for _, f := range files {
		if status != "" && f.State.Status() != status || !matches(f, terms) {
			continue
		}
		row := listJSON{ID: f.ID, Status: f.State.Status(), OnHold: f.State.Hold != nil, Received: f.ReceivedOn(),
			Subject: f.Subject, Complainant: whose(&f.Case)}
		if kept := deadlines.Retention(&f.Case, f.State, a.reg.Policy); f.State.Closed {
			row.Closed, row.ArchivedUntil = f.State.Settled, kept.Until
		}
		rows, shown = append(rows, row), append(shown, f)
	}
	if a.json {
		return writeJSON(a.Out, rows)
	}
	if len(rows) == 0 {
		a.println(a.t("No complaints found."))
	}
	var cols [3]int
	for i, f := range shown {
		for c, s := range a.listCells(f, rows[i]) {
			cols[c] = max(cols[c], ansi.StringWidth(s))
		}
	}
	cols[2] = min(cols[2], 16+(a.width()-minWidth)/4)
	for i, f := range shown {
		a.println(a.listLine(rows[i], a.listCells(f, rows[i]), cols))
	}
	return nil
}

// matches reports whether each word occurs in the name, the address or the
// subject; case does not matter.
func matches(f *store.File, words []string) bool {
	in := strings.ToLower(strings.Join([]string{string(f.ID), f.Complainant.Name, f.Complainant.Email, f.Subject}, "\n"))
	for _, w := range words {
		if !strings.Contains(in, strings.ToLower(w)) {
			return false
		}
	}
	return true
}

// listCells returns when a complaint began, where it stands and whose it is. A
// hold says more than the status that it keeps.
func (a *app) listCells(f *store.File, row listJSON) [3]string {
	status := a.statusName(f.State)
	if f.State.Hold != nil {
		status = a.t("on hold")
	}
	return [3]string{a.day(f.Began()), status, row.Complainant}
}

// listLine draws one complaint of the list; the subject gets what room is left.
func (a *app) listLine(row listJSON, cells [3]string, cols [3]int) string {
	s := a.dim.Render(fit(string(row.ID), max(9, len(row.ID))))
	for i, cell := range cells {
		s += "  " + fit(cell, cols[i])
	}
	s += "  "
	return strings.TrimRight(s+ansi.Truncate(casefile.OneLine(row.Subject), a.width()-ansi.StringWidth(s), "…"), " ")
}
