package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the numbers of a report as a table with the columns part,
// policy, item, measure and value, in English for scripts. Each value is a
// number or a date; items that were folded stand in one cell with a blank
// between them. Nothing that a person wrote is in it.
func (r *Report) WriteCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	row := func(cells ...string) { _ = w.Write(cells) }
	count := func(part, item string, n int) { row(part, "", item, "count", strconv.Itoa(n)) }
	row("part", "policy", "item", "measure", "value")
	row("period", "", "from", "date", r.From.String())
	row("period", "", "to", "date", r.To.String())
	row("period", "", "as of", "date", r.AsOf.String())
	count("period", "fold under", r.FoldUnder)
	count("complaints", "unreadable", r.Unreadable)
	count("complaints", "received", r.Received)
	count("complaints", "closed", r.Closed)
	count("complaints", "open", r.Open)
	count("complaints", "removed", r.Removed)
	count("complaints", "from before", r.FromBefore)
	count("complaints", "spoken", r.Spoken)
	count("complaints", "unknown", r.Unknown)
	for _, p := range r.Outcomes {
		count("outcomes", joined(p.Of), p.Count)
	}
	count("outcomes", "ruling", r.ByRuling)
	for _, v := range r.Policies {
		from := v.From.String()
		row("policies", from, "complaints", "count", strconv.Itoa(v.Complaints))
		for _, p := range v.Promises {
			name := string(p.Promise)
			row("promises", from, name, "kept", strconv.Itoa(p.Kept))
			row("promises", from, name, "missed", strconv.Itoa(p.Missed))
			row("promises", from, name, "running", strconv.Itoa(p.Running))
			if p.Median != nil {
				row("promises", from, name, "median workdays", strconv.FormatFloat(*p.Median, 'f', -1, 64))
				row("promises", from, name, "longest workdays", strconv.Itoa(*p.Longest))
			}
		}
	}
	count("beyond", "extensions", r.Extensions)
	count("beyond", "extended", r.Extended)
	count("beyond", "referrals", r.Referrals)
	count("beyond", "rulings", r.Rulings)
	count("beyond", "carried out", r.CarriedOut)
	for _, p := range r.NotRuled {
		count("not ruled", joined(p.Of), p.Count)
	}
	w.Flush()
	return w.Error()
}

func joined[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, " ")
}
