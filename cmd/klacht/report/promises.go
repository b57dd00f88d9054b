package report

import (
	"strconv"
	"strings"

	"klacht/deadlines"
)

// promises tells of the promises, for each version of the procedure.
func (r *Report) promises(w words) []Section {
	head := Section{Title: w.T("What was promised, and kept"), Notes: []string{
		w.T("A complaint falls under the procedure that was in force on the day of its receipt. A promise is kept if it was met on or before its date, after an extension that was told in time the new date, and missed if it was met later or not at all while the date has gone by. Running are those whose date is still to come."),
		w.T("A delay has to be told on or before the last day of the term. Where the date passed without a word, that is missed too."),
		w.T("Times are of promises that were met, in time or late; from receipt, from the reopening, or from the step that the term is counted from. Working days are those of that procedure. A complaint that was taken up again has a further promise to close."),
	}}
	if len(r.Policies) == 0 {
		head.Notes = []string{w.T("No complaint came in, so no promise was due.")}
	}
	list := []Section{head}
	for _, p := range r.Policies {
		title := w.T("Procedure in force from %s", long(p.From, w.Lang))
		if !p.Until.IsZero() {
			title = w.T("Procedure in force from %s to %s", long(p.From, w.Lang), long(p.Until, w.Lang))
		}
		s := Section{Title: title, Minor: true, Chart: w.promiseChart(p), Tables: w.promiseTables(p),
			Notes: []string{w.T("Complaints under this procedure: %d.", p.Complaints)}}
		list = append(list, s)
	}
	return list
}

// promiseChart draws the promises that were due or are; nil if there are none.
func (w words) promiseChart(p PolicyReport) *Chart {
	c := &Chart{Title: w.T("Promises kept and missed under the procedure of %s", long(p.From, w.Lang)),
		Legend: []Stretch{{Kind: "kept", Label: w.T("kept")}, {Kind: "missed", Label: w.T("missed")}, {Kind: "open", Label: w.T("running")}}}
	var told []string
	for _, pr := range p.Promises {
		if pr.Kept+pr.Missed+pr.Running == 0 {
			continue
		}
		label := w.TermName(pr.Promise)
		c.Bars = append(c.Bars, Bar{Label: label, Value: w.of(pr.Kept, pr.Kept+pr.Missed),
			Parts: []Stretch{{Kind: "kept", N: pr.Kept}, {Kind: "missed", N: pr.Missed}, {Kind: "open", N: pr.Running}}})
		told = append(told, w.T("%s: %d kept, %d missed, %d running", label, pr.Kept, pr.Missed, pr.Running))
	}
	if c.Bars == nil {
		return nil
	}
	c.Text = strings.Join(told, "; ") + "."
	return c
}

// promiseTables returns what was kept and missed, what lies behind it, and how long
// it took.
func (w words) promiseTables(p PolicyReport) []*Table {
	kept := &Table{Caption: w.T("Promises under the procedure of %s", long(p.From, w.Lang)), Words: 2,
		Head: []string{w.T("promise"), w.T("term"), w.T("kept"), w.T("missed"), w.T("running")}}
	behind := &Table{Caption: w.T("Of the kept: with the letter as it left, within the first term, and only after an extension. Of the missed: a letter did not arrive"), Titled: true, Words: 1,
		Head: []string{w.T("promise"), w.T("letter kept"), w.T("first term"), w.T("extended term"), w.T("came back")}}
	took := &Table{Caption: w.T("How long it took: the median, and between brackets the longest"), Titled: true, Words: 1,
		Head: []string{w.T("promise"), w.T("working days"), w.T("calendar days")}}
	for _, pr := range p.Promises {
		label := w.TermName(pr.Promise)
		kept.Rows = append(kept.Rows, []string{label, w.termOf(pr), strconv.Itoa(pr.Kept), strconv.Itoa(pr.Missed), strconv.Itoa(pr.Running)})
		if pr.Kept+pr.Missed > 0 {
			first, extended := "–", "–"
			if pr.Promise == deadlines.Close || pr.Promise == deadlines.Decide {
				first, extended = w.of(pr.First, pr.First+pr.Extended+pr.Missed), w.of(pr.Extended, pr.First+pr.Extended+pr.Missed)
			}
			behind.Rows = append(behind.Rows, []string{label, w.of(pr.Letter, pr.Letter+pr.Draft+pr.Word), first, extended, w.of(pr.Returned, pr.Missed)})
		}
		if pr.Median != nil {
			took.Rows = append(took.Rows, []string{label, w.times(pr.Median, pr.Longest), w.times(pr.MedianDays, pr.LongestDays)})
		}
	}
	tables := []*Table{kept}
	for _, t := range []*Table{behind, took} {
		if t.Rows != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// times says how long something took: 17 (20), or – if that is not known.
func (w words) times(median *float64, longest *int) string {
	if median == nil {
		return "–"
	}
	return w.T("%s (%d)", w.number(*median), *longest)
}

// termOf says how long a promise is.
func (w words) termOf(p PromiseReport) string {
	if p.Term.IsZero() && p.Promise == deadlines.Extend {
		return w.T("within the term")
	} else if p.Term.IsZero() {
		return "–"
	}
	return w.Term(p.Term)
}
