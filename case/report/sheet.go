package report

import (
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Sheet is a report in words, as a page and a terminal show it alike.
type Sheet struct {
	Lang     string // "nl" or "en"
	Title    string
	Firm     string
	Lead     string
	Figures  []Figure
	Sections []Section
	Foot     string
}

// Figure is a number that stands at the top.
type Figure struct{ Number, Label string }

// Section is a part of a sheet; a Minor one belongs to the one before it.
type Section struct {
	Title string
	Minor bool
	Notes []string
	Chart *Chart
	Table *Table
	List  []string
	After []string // notes that come last
}

// Table is numbers with words before them.
type Table struct {
	Caption string
	Head    []string
	Words   int        // how many columns at the left are words
	Rows    [][]string // as long as Head
	How     []string   // how each row was counted, where that has to be said
}

// Chart is bars, each of one or more stretches. Text says all that it shows.
type Chart struct {
	Title, Text string
	Legend      []Stretch // Kind and Label
	Bars        []Bar
	Same        bool // the table says the same
}

// Bar is one line of a chart.
type Bar struct {
	Label, Value string
	Parts        []Stretch
}

// Stretch is a length of a bar. Kind is kept, missed, open, one or rest.
type Stretch struct {
	Kind, Label string
	N           int
}

// Sheet puts a report into words, in Dutch ("nl") or English ("en").
func (r *Report) Sheet(lang string) *Sheet {
	w := words(lang)
	kept, due := r.Kept()
	s := &Sheet{Lang: lang, Firm: r.Organisation, Title: w.title(r.From, r.To),
		Lead: w.say("Received from %s up to and including %s, as they stood on %s.", long(r.From, lang), long(r.To, lang), long(r.AsOf, lang)),
		Figures: []Figure{
			{strconv.Itoa(r.Received), w.say("received")},
			{strconv.Itoa(r.Closed), w.say("closed")},
			{strconv.Itoa(r.Open), w.say("open")},
			{w.of(kept, due), w.say("promises kept")},
		},
		Foot: w.say("Made with klacht on %s. Figures of the firm itself, counted from its register of complaints.", long(r.AsOf, lang)),
	}
	if r.Unreadable > 0 {
		s.Sections = append(s.Sections, Section{Title: w.say("Not complete"),
			Notes: []string{w.say("Files that could not be read, and are missing from every number here: %d.", r.Unreadable)}})
	}
	s.Sections = append(s.Sections, r.numbers(w), r.outcomes(w))
	s.Sections = append(s.Sections, r.promises(w)...)
	s.Sections = append(s.Sections, r.beyond(w), r.lessons(w), r.method(w))
	return s
}

func (r *Report) numbers(w words) Section {
	t := &Table{Caption: w.say("Complaints and how they were counted"), Head: []string{w.say("complaints"), w.say("number")}, Words: 1}
	add := func(n int, label, how string) {
		t.Rows, t.How = append(t.Rows, []string{label, strconv.Itoa(n)}), append(t.How, how)
	}
	add(r.Received, w.say("received in writing"), w.say("the day on which they came in lies in the period, first and last day included"))
	add(r.Closed, w.say("of those closed"), w.say("the closing mail went out or a ruling was carried out, and it was not taken up again"))
	add(r.Open, w.say("of those open"), w.say("all others"))
	if r.Removed > 0 {
		add(r.Removed, w.say("of those removed before closing"), w.say("they left the register before they were handled, such as at the request of the complainant"))
	}
	add(r.FromBefore, w.say("open from before"), w.say("received before the period and not closed when it began; their figures stand in the report of their own year"))
	add(r.Spoken, w.say("only spoken"), w.say("voiced in the period and not put in writing; no term runs, and no other number counts them"))
	if r.Unknown > 0 {
		add(r.Unknown, w.say("erased unread"), w.say("they bear a number of these years, could not be read, and were erased; no other number counts them"))
	}
	return Section{Title: w.say("Numbers"), Table: t}
}

func (r *Report) outcomes(w words) Section {
	s := Section{Title: w.say("How they ended"), Notes: []string{w.say("The outcome that the last closing mail gave, of complaints that are closed.")}}
	total := r.Closed - r.ByRuling
	if r.ByRuling > 0 {
		s.Notes = append(s.Notes, w.say("Closed by a ruling alone, without an outcome of their own: %d.", r.ByRuling))
	}
	if total == 0 {
		s.Notes = []string{w.say("No complaint has been closed.")}
		return s
	}
	t := &Table{Caption: w.say("Outcomes"), Head: []string{w.say("outcome"), w.say("number")}, Words: 1}
	c := &Chart{Title: w.say("How %d closed complaints ended", total), Same: true}
	var told []string
	for _, p := range r.Outcomes {
		names := make([]string, len(p.Of))
		for i, o := range p.Of {
			names[i] = w.outcome(o)
		}
		label, kind := strings.Join(names, ", "), "one"
		if len(p.Of) > 1 {
			label, kind = w.or(names), "rest"
			if len(p.Of) == len(casefile.Outcomes()) {
				label = w.say("all outcomes together")
			}
			s.After = append(s.After, w.say("Put together, for in small numbers an outcome is a name: %s.", w.or(names)))
		}
		n := strconv.Itoa(p.Count)
		t.Rows = append(t.Rows, []string{label, n})
		c.Bars = append(c.Bars, Bar{Label: label, Value: n, Parts: []Stretch{{Kind: kind, N: p.Count}}})
		told = append(told, label+": "+n)
	}
	c.Text = strings.Join(told, "; ") + "."
	s.Table = t
	if len(c.Bars) > 1 {
		s.Chart = c
	}
	return s
}

func (r *Report) promises(w words) []Section {
	head := Section{Title: w.say("What was promised, and kept"), Notes: []string{
		w.say("A complaint falls under the procedure that was in force on the day of its receipt. A promise is kept if it was met on or before its date, after an extension the new date, and missed if it was met later or not at all while the date has gone by. Running are those whose date is still to come."),
		w.say("Times are in working days of that procedure, of promises that were met, in time or late; from receipt, from the reopening, or from the step that the term is counted from. A complaint that was taken up again has a further promise to close."),
	}}
	if len(r.Policies) == 0 {
		head.Notes = []string{w.say("No complaint came in, so no promise was due.")}
	}
	list := []Section{head}
	for _, p := range r.Policies {
		title := w.say("Procedure in force from %s", long(p.From, w.lang()))
		if !p.Until.IsZero() {
			title = w.say("Procedure in force from %s to %s", long(p.From, w.lang()), long(p.Until, w.lang()))
		}
		t := &Table{Caption: w.say("Promises under the procedure of %s", long(p.From, w.lang())), Words: 2,
			Head: []string{w.say("promise"), w.say("term"), w.say("kept"), w.say("missed"), w.say("running"), w.say("median"), w.say("longest")}}
		c := &Chart{Title: w.say("Promises kept and missed under the procedure of %s", long(p.From, w.lang())),
			Legend: []Stretch{{Kind: "kept", Label: w.say("kept")}, {Kind: "missed", Label: w.say("missed")}, {Kind: "open", Label: w.say("running")}}}
		var told []string
		for _, pr := range p.Promises {
			median, longest := "–", "–"
			if pr.Median != nil {
				median, longest = w.number(*pr.Median), strconv.Itoa(*pr.Longest)
			}
			label := w.promise(pr.Promise)
			t.Rows = append(t.Rows, []string{label, w.termOf(pr), strconv.Itoa(pr.Kept), strconv.Itoa(pr.Missed), strconv.Itoa(pr.Running), median, longest})
			if n := pr.Kept + pr.Missed + pr.Running; n > 0 {
				c.Bars = append(c.Bars, Bar{Label: label, Value: w.of(pr.Kept, pr.Kept+pr.Missed),
					Parts: []Stretch{{Kind: "kept", N: pr.Kept}, {Kind: "missed", N: pr.Missed}, {Kind: "open", N: pr.Running}}})
				told = append(told, w.say("%s: %d kept, %d missed, %d running", label, pr.Kept, pr.Missed, pr.Running))
			}
		}
		c.Text = strings.Join(told, "; ") + "."
		s := Section{Title: title, Minor: true, Table: t, Notes: []string{w.say("Complaints under this procedure: %d.", p.Complaints)}}
		if len(c.Bars) > 0 {
			s.Chart = c
		}
		list = append(list, s)
	}
	return list
}

// termOf says how long a promise is.
func (w words) termOf(p PromiseReport) string {
	if p.Term.IsZero() && p.Promise == deadlines.Extend {
		return w.say("within the term")
	} else if p.Term.IsZero() {
		return "–"
	}
	return w.term(p.Term)
}

func (r *Report) beyond(w words) Section {
	t := &Table{Caption: w.say("Extensions, referrals and rulings"), Head: []string{w.say("of these complaints"), w.say("number")}, Words: 1}
	add := func(n int, label, how string) {
		t.Rows, t.How = append(t.Rows, []string{label, strconv.Itoa(n)}), append(t.How, how)
	}
	add(r.Extensions, w.say("extensions"), w.say("times that a new date was given; whether it was told in time stands above"))
	add(r.Extended, w.say("complaints extended"), w.say("at least once"))
	add(r.Referrals, w.say("referrals to a body"), w.say("times that a complaint was put before an independent body"))
	add(r.Rulings, w.say("rulings"), w.say("times that the body ruled; a ruling binds"))
	add(r.CarriedOut, w.say("rulings carried out"), w.say("whether that was in time stands above"))
	if r.Referrals > r.Rulings {
		for _, p := range r.NotRuled {
			names := make([]string, len(p.Of))
			for i, s := range p.Of {
				names[i] = w.standing(s)
			}
			if len(names) > 1 {
				add(p.Count, w.say("without a ruling"), w.say("%s; put together, for these are small numbers", w.or(names)))
			} else {
				add(p.Count, w.say("without a ruling: %s", names[0]), "")
			}
		}
	}
	return Section{Title: w.say("Extensions, referrals and rulings"), Table: t}
}

func (r *Report) lessons(w words) Section {
	s := Section{Title: w.say("What was learned"), List: r.Learned}
	switch {
	case r.Closed < r.FoldUnder:
		s.Notes = []string{w.say("Told from %d closed complaints on: with fewer, a lesson can point to a person.", r.FoldUnder)}
	case len(r.Learned) == 0:
		s.Notes = []string{w.say("Nothing was written down.")}
	default:
		s.Notes = []string{w.say("In the firm's own words, in the order of the alphabet. They are gone with the complaints that have been purged.")}
	}
	return s
}

func (r *Report) method(w words) Section {
	return Section{Title: w.say("How this was counted"), List: []string{
		w.say("All numbers are about the complaints received in the period, and about all that has happened to them since. Made again on a later day, the report of the same period tells how the open ones ended."),
		w.say("The day of receipt is day 0. On time is on or before the date. Working days are those of the procedure, less its holidays and the firm's closing days."),
		w.say("Complaints whose time in the archive has ended are removed from the register. A line with numbers and dates stays of each, so they count here as they did before."),
		w.say("Nothing here names a person. How complaints ended, and how referrals without a ruling stand, is told in numbers from %d on; smaller ones are put together, and where their sum would still tell them apart, the next larger one too. Totals, promises, extensions and rulings are told as they are: they are about the firm, not about a complainant.", r.FoldUnder),
		w.say("Two reports whose periods overlap can tell together what each of them keeps to itself. Whoever publishes them chooses one period, such as the year."),
	}}
}
