package report

import (
	"strconv"
	"strings"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
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
	Title  string
	Minor  bool
	Notes  []string
	Chart  *Chart
	Tables []*Table
	List   []string
	After  []string // notes that come last
}

// Table is numbers with words before them.
type Table struct {
	Caption string
	Titled  bool // the caption is shown
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
	w := words{dictionary.New(lang)}
	kept, due := r.Kept()
	s := &Sheet{Lang: lang, Firm: r.Organisation, Title: w.title(r.From, r.To),
		Lead: w.T("Received from %s up to and including %s, as they stood on %s.", long(r.From, lang), long(r.To, lang), long(r.AsOf, lang)),
		Figures: []Figure{
			{strconv.Itoa(r.Received), w.T("received")},
			{strconv.Itoa(r.Closed), w.T("closed")},
			{strconv.Itoa(r.Open), w.T("open")},
			{w.of(kept, due), w.T("promises kept")},
		},
		Foot: w.T("Made with klacht on %s. Figures of the firm itself, counted from its register of complaints.", long(r.AsOf, lang)),
	}
	if r.Unreadable > 0 {
		s.Sections = append(s.Sections, Section{Title: w.T("Not complete"),
			Notes: []string{w.T("Files that could not be read, and are missing from every number here: %d.", r.Unreadable)}})
	}
	s.Sections = append(s.Sections, r.numbers(w))
	if len(r.About) > 0 {
		s.Sections = append(s.Sections, r.about(w))
	}
	s.Sections = append(s.Sections, r.outcomes(w))
	s.Sections = append(s.Sections, r.promises(w)...)
	s.Sections = append(s.Sections, r.beyond(w), r.retention(w), r.lessons(w), r.method(w))
	return s
}

func (r *Report) numbers(w words) Section {
	t := &Table{Caption: w.T("Complaints and how they were counted"), Head: []string{w.T("complaints"), w.T("number")}, Words: 1}
	add := func(n int, label, how string) {
		t.Rows, t.How = append(t.Rows, []string{label, strconv.Itoa(n)}), append(t.How, how)
	}
	add(r.Received, w.T("received in writing"), w.T("the day on which they came in lies in the period, first and last day included"))
	add(r.Closed, w.T("of those closed"), w.T("the closing mail went out, a ruling was carried out or left nothing to carry out, and it was not taken up again"))
	add(r.Open, w.T("of those open"), w.T("all others"))
	if r.Removed > 0 {
		add(r.Removed, w.T("of those removed before closing"), w.T("they were erased before they were handled; that can be at a request, or because a court says so"))
	}
	add(r.FromBefore, w.T("open from before"), w.T("received before the period and not closed when it began; their figures stand in the report of their own year"))
	add(r.Spoken, w.T("only spoken"), w.T("voiced in the period and not put in writing; no term runs, and no other number counts them"))
	if r.Unknown > 0 {
		add(r.Unknown, w.T("erased unread"), w.T("they bear a number of these years, could not be read, and were erased; no other number counts them"))
	}
	return Section{Title: w.T("Numbers"), Tables: []*Table{t}}
}

// about tells what the complaints were about.
func (r *Report) about(w words) Section {
	s := Section{Title: w.T("What they were about"), Notes: []string{w.T("The kind of each complaint that was received, as the firm put it down.")}}
	var bars []breakdownBar
	for _, p := range r.About {
		bars = append(bars, breakdownBar{named(p.Of, w.T("not said")), p.Count})
	}
	all := ""
	if len(r.About) == 1 {
		all = w.T("all kinds together")
	}
	s.draw(w, w.T("Kinds of complaint"), w.T("kind"), w.T("What %d complaints were about", r.Received), all, bars)
	for i, n := range s.After {
		s.After[i] = w.T("Put together, for these are small numbers: %s.", n)
	}
	return s
}

func (r *Report) outcomes(w words) Section {
	s := Section{Title: w.T("How they ended")}
	total := r.Closed - r.ByRuling
	switch {
	case r.Closed == 0:
		s.Notes = []string{w.T("No complaint has been closed.")}
		return s
	case total > 0:
		s.Notes = []string{w.T("The outcome that the last closing mail gave, of complaints that are closed.")}
	}
	if r.ByRuling > 0 {
		s.Notes = append(s.Notes, w.T("Closed by a ruling alone, without an outcome of their own: %d.", r.ByRuling))
	}
	if total == 0 {
		return s
	}
	var bars []breakdownBar
	all := ""
	for _, p := range r.Outcomes {
		names := make([]string, len(p.Of))
		for i, o := range p.Of {
			names[i] = w.OutcomeName(o)
		}
		if len(names) == len(casefile.Outcomes()) {
			all = w.T("all outcomes together")
		}
		bars = append(bars, breakdownBar{names, p.Count})
	}
	s.draw(w, w.T("Outcomes"), w.T("outcome"), w.T("How %d closed complaints ended", total), all, bars)
	for i, n := range s.After {
		s.After[i] = w.T("Put together, for in small numbers an outcome is a name: %s.", n)
	}
	return s
}

// breakdownBar is a category with its count, or several that were folded.
type breakdownBar struct {
	names []string
	n     int
}

// draw puts a breakdown into a table and a chart, and what was folded after them.
// all names everything together, should that be folded.
func (s *Section) draw(w words, caption, head, title, all string, bars []breakdownBar) {
	t := &Table{Caption: caption, Head: []string{head, w.T("number")}, Words: 1}
	c := &Chart{Title: title, Same: true}
	var told []string
	for _, b := range bars {
		label, kind := w.or(b.names), "one"
		if len(b.names) > 1 {
			kind = "rest"
			s.After = append(s.After, label)
			if len(bars) == 1 && all != "" {
				label = all
			}
		}
		n := strconv.Itoa(b.n)
		t.Rows = append(t.Rows, []string{label, n})
		c.Bars = append(c.Bars, Bar{Label: label, Value: n, Parts: []Stretch{{Kind: kind, N: b.n}}})
		told = append(told, label+": "+n)
	}
	c.Text = strings.Join(told, "; ") + "."
	s.Tables = []*Table{t}
	if len(c.Bars) > 1 {
		s.Chart = c
	}
}

func (r *Report) beyond(w words) Section {
	t := &Table{Caption: w.T("Extensions, referrals and rulings"), Head: []string{w.T("of these complaints"), w.T("number")}, Words: 1}
	add := func(n int, label, how string) {
		t.Rows, t.How = append(t.Rows, []string{label, strconv.Itoa(n)}), append(t.How, how)
	}
	add(r.Extensions, w.T("extensions"), w.T("times that a new date was given; whether it was told in time stands above"))
	add(r.Extended, w.T("complaints extended"), w.T("at least once"))
	add(r.Referrals, w.T("referrals to a body"), w.T("times that a complaint was put before an independent body"))
	add(r.Rulings, w.T("rulings"), w.T("times that a ruling came in; a ruling binds"))
	add(r.CarriedOut, w.T("rulings carried out"), w.T("whether that was in time stands above"))
	if r.Referrals > r.Rulings {
		for _, p := range r.NotRuled {
			names := make([]string, len(p.Of))
			for i, s := range p.Of {
				names[i] = w.standing(s)
			}
			if len(names) > 1 {
				add(p.Count, w.T("without a ruling"), w.T("%s; put together, for these are small numbers", w.or(names)))
			} else {
				add(p.Count, w.T("without a ruling: %s", names[0]), "")
			}
		}
	}
	return Section{Title: w.T("Extensions, referrals and rulings"), Tables: []*Table{t}}
}

// retention tells whether what has to go went in time.
func (r *Report) retention(w words) Section {
	t := &Table{Caption: w.T("Purged"), Head: []string{w.T("in this period, of all years"), w.T("number")}, Words: 1}
	add := func(n int, label, how string) {
		t.Rows, t.How = append(t.Rows, []string{label, strconv.Itoa(n)}), append(t.How, how)
	}
	k := r.Retention
	add(k.Purged, w.T("purged"), w.T("removed in the period, for their time in the archive had ended"))
	add(k.Late, w.T("of those late"), w.T("more than 31 days after the last day of that time"))
	if k.Purged > k.Unknown {
		add(k.Longest, w.T("longest overdue, in days"), "")
	}
	if k.Unknown > 0 {
		add(k.Unknown, w.T("of those not known"), w.T("purged before the end of their time was kept with the figures"))
	}
	if k.Erased > 0 {
		add(k.Erased, w.T("erased before their time"), w.T("at a request, or because a court says so"))
	}
	add(k.StillThere, w.T("still there, and late"), w.T("their time ended more than 31 days ago, and nothing holds them"))
	return Section{Title: w.T("Purged in time"), Tables: []*Table{t}}
}

func (r *Report) lessons(w words) Section {
	s := Section{Title: w.T("What was learned"), List: r.Learned}
	switch {
	case r.Closed < r.FoldUnder:
		s.Notes = []string{w.T("Told from %d closed complaints on: with fewer, a lesson can point to a person.", r.FoldUnder)}
	case len(r.Learned) == 0:
		s.Notes = []string{w.T("Nothing was written down.")}
	default:
		s.Notes = []string{w.T("In the firm's own words, in the order of the alphabet. They are gone with the complaints that have been purged.")}
	}
	return s
}

func (r *Report) method(w words) Section {
	return Section{Title: w.T("How this was counted"), List: []string{
		w.T("All numbers are about the complaints received in the period, and about what had happened to them by the day that is named above; only what was purged is counted by the day on which it was. Made again on a later day, the report of the same period tells how the open ones ended."),
		w.T("Complaints that were registered by mistake, and erased for that, count in no number."),
		w.T("The day of receipt is day 0. On time is on or before the date. Working days are those of the procedure, less its holidays and the firm's closing days."),
		w.T("Complaints whose time in the archive has ended are removed from the register. A line with numbers and dates stays of each, so they count here as they did before."),
		w.T("What was learned is left out where it has a name, initials, an e-mail address, a telephone number or a postal address of the complainant in it, as the register knows them. Whether it points to a person in another way only a reader can tell: the firm reads it before it is given to others."),
		w.T("How complaints ended, what they were about, and how referrals without a ruling stand, is told in numbers from %d on; smaller ones are put together, and where their sum would still tell them apart, the next larger one too. Totals, promises, extensions and rulings are told as they are: they are about the firm, not about a complainant.", r.FoldUnder),
		w.T("Two reports whose periods overlap can tell together what each of them keeps to itself. Whoever publishes them chooses one period, such as the year."),
	}}
}
