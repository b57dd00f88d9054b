package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
)

// WriteCSV writes the numbers of a report as a table with the columns part,
// policy, item, measure and value, in English for scripts. Each value is a
// number or a date; items that were folded stand in one cell with a blank
// between them, kinds of complaint with a semicolon. But for these kinds, which the
// policy names, nothing that a person wrote is in it.
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
	for _, p := range r.About {
		count("about", Cell(strings.Join(named(p.Of, "not said"), "; ")), p.Count)
	}
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
			if p.MedianDays != nil {
				row("promises", from, name, "median days", strconv.FormatFloat(*p.MedianDays, 'f', -1, 64))
				row("promises", from, name, "longest days", strconv.Itoa(*p.LongestDays))
			}
			row("promises", from, name, "kept with letter", strconv.Itoa(p.Letter))
			row("promises", from, name, "kept with draft", strconv.Itoa(p.Draft))
			row("promises", from, name, "kept by word", strconv.Itoa(p.Word))
			row("promises", from, name, "kept in first term", strconv.Itoa(p.First))
			row("promises", from, name, "kept after extension", strconv.Itoa(p.Extended))
			row("promises", from, name, "missed undelivered", strconv.Itoa(p.Returned))
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
	count("retention", "purged", r.Retention.Purged)
	count("retention", "late", r.Retention.Late)
	row("retention", "", "longest overdue", "days", strconv.Itoa(r.Retention.Longest))
	count("retention", "unknown", r.Retention.Unknown)
	count("retention", "erased", r.Retention.Erased)
	count("retention", "still there", r.Retention.StillThere)
	w.Flush()
	return w.Error()
}

// Cell returns a text as a cell of a table on one line, which no program takes for
// a formula.
func Cell(s string) string {
	s = casefile.OneLine(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// named returns names with another for the one that is empty.
func named(names []string, none string) []string {
	list := slices.Clone(names)
	for i, n := range list {
		if list[i] = casefile.OneLine(n); n == "" {
			list[i] = none
		}
	}
	return list
}

func joined[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, " ")
}
