package main

import (
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// newTerms is the command that counts the terms from a date, without a case.
func newTerms(a *app) *cobra.Command {
	var explain bool
	c := &cobra.Command{
		Use:   "terms DATE...",
		Short: a.T("count the terms of a complaint that is received on a date"),
		Long: a.T("Count the terms of a complaint that is received on a date, under the procedure that holds on that day.\n" +
			"With --explain every day is named: which count, and which are passed over and why."),
		Example: "  klacht terms 2026-11-22\n  klacht terms --explain 2026-12-18",
		Args:    a.between(1, 1000),
		RunE:    func(_ *cobra.Command, args []string) error { return a.terms(args, explain) },
	}
	c.Flags().BoolVar(&explain, "explain", false, a.T("print the count day by day"))
	return c
}

// termJSON has dates where the term runs from receipt, else the step that it is
// counted from and its length.
type termJSON struct {
	Term   deadlines.Name `json:"term"`
	Due    casefile.Date  `json:"due,omitzero"`
	DoBy   casefile.Date  `json:"do_by,omitzero"`
	After  casefile.Step  `json:"after,omitempty"`
	Length string         `json:"length,omitempty"`
	Target bool           `json:"target,omitempty"` // an aim of the firm's own
}

func termsJSON(rows []deadlines.Row) []termJSON {
	list := []termJSON{}
	for _, r := range rows {
		list = append(list, termJSON{Term: r.Term, Due: r.Due, DoBy: r.DoBy, Target: r.Target})
	}
	return list
}

// laterJSON returns a term that runs from a later step.
func laterJSON(n deadlines.Name, t deadlines.Term) termJSON {
	j := termJSON{Term: n, After: t.After, Target: t.Target}
	t.After = ""
	j.Length = t.String()
	return j
}

type receiptJSON struct {
	Received    casefile.Date `json:"received"`
	Terms       []termJSON    `json:"terms"`
	LodgeFrom   casefile.Date `json:"lodge_from,omitzero"`
	TellBy      casefile.Date `json:"tell_of_delay_by,omitzero"`
	Latest      casefile.Date `json:"extend_until,omitzero"`
	NoExtension bool          `json:"no_extension,omitempty"`
	Appeal      *termJSON     `json:"appeal,omitempty"`
	Days        []dayJSON     `json:"days,omitempty"`
}

// receipt gathers what the procedure says of a complaint that is received on a
// date.
func (a *app) receipt(d casefile.Date) receiptJSON {
	p := a.reg.Policy
	r := receiptJSON{Received: d, Terms: termsJSON(p.Terms(d)), LodgeFrom: p.LodgeFrom(d)}
	for _, l := range p.Later(d) {
		r.Terms = append(r.Terms, laterJSON(l.Name, l.Term))
	}
	if room := p.Room(d); room.None {
		r.NoExtension = true
	} else {
		r.TellBy, r.Latest = room.TellBy, room.Latest
	}
	if t := p.At(d).Appeal; !t.IsZero() {
		if t.After == "" {
			t.After = casefile.Closed
		}
		j := laterJSON("appeal", t)
		r.Appeal = &j
	}
	return r
}

type dayJSON struct {
	Date    casefile.Date `json:"date"`
	Day     int           `json:"day"`
	Workday int           `json:"workday"` // 0 on a day that is passed over
	Reason  string        `json:"reason,omitempty"`
}

func (a *app) terms(args []string, explain bool) error {
	if err := a.open(); err != nil {
		return err
	}
	list := []receiptJSON{}
	for _, s := range args {
		d, err := casefile.ParseDate(s)
		if err != nil {
			return &usageError{err: err}
		}
		p := a.reg.Policy
		rows := p.Terms(d)
		r := a.receipt(d)
		if explain {
			for _, day := range p.Explain(d) {
				j := dayJSON{Date: day.Date, Day: day.Day, Workday: day.Workday}
				if day.Off.Kind != deadlines.WorkingDay {
					j.Reason = a.OffName(day.Date, day.Off)
				}
				r.Days = append(r.Days, j)
			}
		}
		list = append(list, r)
		if a.json {
			continue
		}
		if len(list) > 1 {
			a.println("")
		}
		a.println(a.bold.Render(a.T("Received on %s", a.Day(d))))
		if explain {
			fmt.Fprint(a.Out, a.explained(p.Explain(d), rows))
			a.println("")
		}
		fmt.Fprint(a.Out, a.termLines(rows))
		a.laterTerms(p.Later(d))
		a.moreTerms(r)
	}
	if a.json {
		return writeJSON(a.Out, list)
	}
	return nil
}

// termLines lists terms, one a line, with the day by which to act where that
// is not the day itself.
func (a *app) termLines(rows []deadlines.Row) string {
	var b strings.Builder
	for _, r := range rows {
		s := "  " + fit(a.TermName(r.Term), 22) + fit(a.T("by %s", a.Day(r.Due)), 27)
		if r.DoBy != r.Due {
			s += a.dim.Render(a.T("do by %s", a.DayNear(r.DoBy))) + "  "
		}
		if r.Target {
			s += a.dim.Render(a.T("own aim"))
		}
		b.WriteString(strings.TrimRight(s, " ") + "\n")
	}
	return b.String()
}

// laterTerms lists the terms that run from a later step, one a line.
func (a *app) laterTerms(terms []deadlines.Later) {
	for _, l := range terms {
		s := "  " + fit(a.TermName(l.Name), 22) + a.Term(l.Term)
		if l.Term.Target {
			s += "  " + a.dim.Render(a.T("own aim"))
		}
		a.println(s)
	}
}

func (a *app) moreTerms(r receiptJSON) {
	switch {
	case r.NoExtension:
		a.println(a.T("  no extension: handling cannot be made longer"))
	case !r.TellBy.IsZero() && !r.Latest.IsZero():
		a.println(a.T("  a delay can be told until %s, to %s at most", a.Day(r.TellBy), a.Day(r.Latest)))
	case !r.TellBy.IsZero():
		a.println(a.T("  a delay can be told until %s", a.Day(r.TellBy)))
	case !r.Latest.IsZero():
		a.println(a.T("  can be extended until %s at most", a.Day(r.Latest)))
	}
	if r.Appeal != nil {
		t := a.reg.Policy.At(r.Received).Appeal
		t.After = r.Appeal.After
		a.println(a.T("  somebody not satisfied can turn to a third party within %s", a.Term(t)))
	}
	if !r.LodgeFrom.IsZero() {
		a.println(a.T("  about what happened on or after %s", a.Day(r.LodgeFrom)))
	}
}

// explained prints the count: a day a line, its number among the days and the
// working days, why it is passed over, and what ends on it.
func (a *app) explained(days []deadlines.Day, rows []deadlines.Row) string {
	var b strings.Builder
	counts, width := make([]string, len(days)), 0
	for i, d := range days {
		switch {
		case d.Day == 0:
			counts[i] = a.T("receipt, does not count")
		case d.Off.Kind == deadlines.WorkingDay:
			counts[i] = a.T("working day %d", d.Workday)
		default:
			counts[i] = "– " + a.OffName(d.Date, d.Off)
		}
		width = max(width, ansi.StringWidth(counts[i]))
	}
	for i, d := range days {
		s := "  " + fit(a.Day(d.Date), 16) + "  " + fit(a.T("day %d", d.Day), 8) + "  "
		count := fit(counts[i], width)
		if d.Off.Kind != deadlines.WorkingDay && d.Day > 0 {
			count = a.dim.Render(count)
		}
		s += count
		var ends []string
		for _, r := range rows {
			if r.Due == d.Date {
				ends = append(ends, a.TermName(r.Term))
			} else if r.DoBy == d.Date {
				ends = append(ends, a.T("%s: last working day", a.TermName(r.Term)))
			}
		}
		if ends = slices.Compact(ends); len(ends) > 0 {
			s += "  ← " + a.bold.Render(strings.Join(ends, ", "))
		}
		b.WriteString(strings.TrimRight(s, " ") + "\n")
	}
	return b.String()
}
