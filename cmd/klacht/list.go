package main

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/report"
	"klacht/cmd/klacht/words"
	"klacht/deadlines"
	"klacht/store"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

type listOptions struct {
	status    string
	year      int
	csv       bool
	anonymous bool
}

// newList is the command that lists the register.
func newList(a *app) *cobra.Command {
	var o listOptions
	c := &cobra.Command{
		Use:   "list [WORD...]",
		Short: a.T("list the complaints, the archive included"),
		Long: a.T("List all complaints, the newest first; with words, those in whose name, address or subject each occurs.\n" +
			"With --anonymous names and subjects stay out: with --year and --csv that is a list to publish. Purged complaints\n" +
			"are not in it; `klacht report` counts them."),
		Example: "  klacht list\n  klacht list jolanda\n  klacht list --status open\n  klacht list --year 2026 --csv --anonymous",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(_ *cobra.Command, args []string) error { return a.list(args, o) },
	}
	c.Flags().StringVar(&o.status, "status", "", a.T("only those with this `status`: %s", explained(casefile.Statuses(), a.StatusWord)))
	c.Flags().IntVar(&o.year, "year", 0, a.T("only those that came in or were voiced in this `year`"))
	c.Flags().BoolVar(&o.csv, "csv", false, a.T("write a table (CSV)"))
	c.Flags().BoolVar(&o.anonymous, "anonymous", false, a.T("leave out names and subjects"))
	_ = c.RegisterFlagCompletionFunc("status", fixedWords(casefile.Statuses()))
	return c
}

type listJSON struct {
	ID            casefile.ID      `json:"id"`
	Status        casefile.Status  `json:"status"`
	OnHold        bool             `json:"on_hold"`
	Received      casefile.Date    `json:"received,omitzero"`
	About         string           `json:"about,omitempty"`
	Subject       string           `json:"subject"`
	Complainant   string           `json:"complainant"`
	Outcome       casefile.Outcome `json:"outcome,omitempty"`
	Closed        casefile.Date    `json:"closed,omitzero"`
	ArchivedUntil casefile.Date    `json:"archived_until,omitzero"`
}

func (a *app) list(terms []string, o listOptions) error {
	var status casefile.Status
	if o.status != "" {
		var err error
		if status, err = meant(a, o.status, casefile.Statuses(), (*words.Words).StatusWord); err != nil {
			return err
		}
	}
	switch {
	case o.csv && a.json:
		return usage("standard output takes one of them: --csv or --json")
	case o.anonymous && len(terms) > 0:
		return usage("words look for names and subjects, which --anonymous leaves out")
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
		f = f.AsOf(a.now.Date)
		if f == nil || status != "" && f.State.Status() != status || o.year != 0 && f.Began().Year != o.year || !matches(f, terms) {
			continue
		}
		row := a.listRow(f)
		if o.anonymous {
			row.Complainant, row.Subject = "", ""
		}
		rows, shown = append(rows, row), append(shown, f)
	}
	switch {
	case a.json:
		return writeJSON(a.Out, rows)
	case o.csv:
		return listCSV(a.Out, rows, o.anonymous)
	case len(rows) == 0:
		a.println(a.T("No complaints found."))
	}
	a.showList(shown, rows, o.anonymous)
	return nil
}

func (a *app) listRow(f *store.File) listJSON {
	row := listJSON{ID: f.ID, Status: f.State.Status(), OnHold: f.State.Hold != nil, Received: f.ReceivedOn(),
		About: f.About, Subject: f.Subject, Complainant: whose(&f.Case)}
	if f.State.Closed {
		closing, _ := f.Closing()
		row.Outcome, row.Closed = closing.Outcome, f.State.Settled
		row.ArchivedUntil = deadlines.Retention(&f.Case, f.State, a.reg.Policy).Until
	}
	return row
}

// listCSV writes the list as a table, in English for scripts.
func listCSV(out io.Writer, rows []listJSON, anonymous bool) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	head := []string{"id", "received", "about", "status", "outcome", "closed", "complainant", "subject"}
	if anonymous {
		head = head[:6]
	}
	_ = w.Write(head)
	for _, r := range rows {
		cells := []string{string(r.ID), r.Received.String(), report.Cell(r.About), string(r.Status), string(r.Outcome), r.Closed.String(),
			report.Cell(r.Complainant), report.Cell(r.Subject)}
		_ = w.Write(cells[:len(head)])
	}
	w.Flush()
	return w.Error()
}

// showList draws the complaints of the list.
func (a *app) showList(shown []*store.File, rows []listJSON, anonymous bool) {
	var cols [3]int
	number := 9
	cells := make([][3]string, len(rows))
	for i, f := range shown {
		number = max(number, len(f.ID))
		if cells[i] = a.listCells(f, rows[i]); anonymous {
			cells[i][2], rows[i].Subject = casefile.OneLine(f.About), a.ended(rows[i])
		}
		for c, s := range cells[i] {
			cols[c] = max(cols[c], ansi.StringWidth(s))
		}
	}
	cols[2] = min(cols[2], 16+(a.width()-minWidth)/2)
	for i, row := range rows {
		a.println(a.listLine(row, number, cells[i], cols))
	}
}

// ended says how and when a complaint was closed; "" if it is not.
func (a *app) ended(row listJSON) string {
	if row.Closed.IsZero() {
		return ""
	}
	return strings.Join(present(a.OutcomeName(row.Outcome), a.Day(row.Closed)), ", ")
}

// matches reports whether each word occurs in the name, the address or the
// subject; case does not matter.
func matches(f *store.File, words []string) bool {
	texts := []string{string(f.ID), f.Subject}
	for _, who := range append([]casefile.Complainant{f.Complainant}, f.Others...) {
		texts = append(texts, who.Name, who.Email)
	}
	in := strings.ToLower(strings.Join(texts, "\n"))
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
	status := a.StatusName(f.State)
	if f.State.Hold != nil {
		status = a.T("on hold")
	}
	return [3]string{a.Day(f.Began()), status, row.Complainant}
}

// listLine draws one complaint of the list; the subject gets what room is left.
func (a *app) listLine(row listJSON, number int, cells [3]string, cols [3]int) string {
	s := a.dim.Render(fit(string(row.ID), number))
	for i, cell := range cells {
		s += "  " + fit(cell, cols[i])
	}
	s += "  "
	return strings.TrimRight(s+ansi.Truncate(casefile.OneLine(row.Subject), a.width()-ansi.StringWidth(s), "…"), " ")
}

// whose returns the name of the complainant, or else the address.
func whose(c *casefile.Case) string {
	if c.Complainant.Name != "" {
		return casefile.OneLine(c.Complainant.Name)
	}
	return casefile.OneLine(c.Complainant.Email)
}
