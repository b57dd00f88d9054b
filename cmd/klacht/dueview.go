package main

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// dueView draws the morning summary.
type dueView struct {
	*app
	days    int
	morning *morning
	cols    [5]int // widths of: number, action, who, by when, how long
	bars    bool   // there is room for how much of a term has been used
	hinted  map[string]bool
}

// group is a part of the summary.
type group struct {
	title, mark string
	style       lipgloss.Style
	actions     []deadlines.Action
}

func (v *dueView) render(g *morning) string {
	var b strings.Builder
	b.WriteString(v.bold.Render(v.T("Complaints")) + v.dim.Render(" · "+v.DayLong(v.now.Date)) + "\n")
	if n := len(g.damaged); n > 0 {
		b.WriteString("\n" + v.late.Render("✗ "+v.T("in %d places something may be due that is not shown here:", n)) + "\n")
		for _, d := range g.damaged {
			b.WriteString("  " + v.Explain(d) + "\n")
		}
	}
	v.morning, v.hinted = g, map[string]bool{}
	groups := v.groups(g.actions)
	v.measure(g.actions)
	for i, gr := range groups {
		if i == 2 { // after what cannot wait
			v.decisions(&b, g)
		}
		if len(gr.actions) == 0 {
			continue
		}
		b.WriteString("\n" + gr.style.Bold(true).Render(gr.title) + "\n")
		for _, x := range gr.actions {
			v.line(&b, gr, x)
		}
	}
	if g.idle() && g.unshown == 0 {
		b.WriteString("\n" + v.good.Render("✓ ") + v.T("Nothing to do.") + "\n")
	}
	if g.expired > 0 {
		b.WriteString("\n" + v.expired(g) + "\n")
	}
	if n := len(g.history); n > 0 {
		b.WriteString("\n" + v.dim.Render("∅ ") + v.T("%d purged complaints may still be in the history: `klacht purge`", n) + "\n")
	}
	if n := g.unsynced.Changes; n > 0 {
		b.WriteString("\n" + v.dim.Render("⇅ "+v.T("%d changes are not shared yet, the first of %s: `klacht sync`", n, v.Day(g.unsynced.Since))) + "\n")
	}
	if g.obstacle != nil {
		b.WriteString("\n" + v.dim.Render("· "+v.T("%v, so nothing can be recorded: `klacht check`", g.obstacle)) + "\n")
	}
	if g.unshown > 0 {
		b.WriteString("\n" + v.dim.Render("· "+v.unseen(g)) + "\n")
	}
	return b.String()
}

// expired says what archived complaints may go, the louder the longer they may.
func (v *dueView) expired(g *morning) string {
	switch {
	case g.over <= soon:
		return v.dim.Render("∅ ") + v.T("%d archived complaints may go: `klacht purge`", g.expired)
	case g.purging() == deadlines.TooLate:
		return v.late.Render("! " + v.T("%d archived complaints should be gone, the first for %d days: `klacht purge`", g.expired, g.over))
	}
	return v.today.Render("• " + v.T("%d archived complaints should be gone, the first for %d days: `klacht purge`", g.expired, g.over))
}

// unseen says what a filter leaves out; and, where it leaves nothing to show, what
// there is none of.
func (v *dueView) unseen(g *morning) string {
	more := v.T("%d others are not shown", g.unshown)
	if g.unshownLate > 0 {
		more += ", " + v.T("%d of them too late", g.unshownLate)
	}
	if !g.idle() {
		return more
	}
	none := map[deadlines.Urgency]string{deadlines.TooLate: v.T("is overdue"), deadlines.Today: v.T("is due today"),
		deadlines.Upcoming: v.T("is coming up"), deadlines.Waiting: v.T("waits for somebody else")}
	var list []string
	for _, u := range g.asked {
		list = append(list, none[u])
	}
	return v.T("nothing %s", strings.Join(list, v.T(" or "))) + "; " + more
}

func (v *dueView) groups(actions []deadlines.Action) []*group {
	late := &group{v.T("TOO LATE"), "!", v.late, nil}
	today := &group{v.T("TODAY"), "•", v.today, nil}
	coming := &group{v.T("THE NEXT %d DAYS", v.days), "›", v.coming, nil}
	later := &group{v.T("LATER"), "·", v.plain, nil}
	waiting := &group{v.T("WAITING"), "…", v.waiting, nil}
	horizon := v.now.Date.AddDays(v.days)
	for _, x := range actions {
		gr := later
		switch {
		case x.Urgency == deadlines.TooLate:
			gr = late
		case x.Urgency == deadlines.Today:
			gr = today
		case x.Urgency == deadlines.Waiting:
			gr = waiting
		case !x.Due.IsZero() && !x.DoBy.After(horizon):
			gr = coming
		}
		gr.actions = append(gr.actions, x)
	}
	return []*group{late, today, coming, later, waiting}
}

// actOn returns the day to act on: today; or the last working day, or the day
// itself where that has gone by.
func (v *dueView) actOn(x deadlines.Action) casefile.Date {
	switch x.Urgency {
	case deadlines.TooLate:
		return x.Due
	case deadlines.Today:
		return v.now.Date
	}
	return x.DoBy
}

// by says by when to act; of a term in hours with its time.
func (v *dueView) by(x deadlines.Action) string {
	day := v.actOn(x)
	switch {
	case x.Due.IsZero():
		return ""
	case day == x.End.Date:
		return v.until(x)
	case v.DayNear(day) == v.Day(day): // far away the day of the week says little
		_, date, _ := strings.Cut(v.Day(day), " ")
		return date
	}
	return v.DayShort(day)
}

func (v *dueView) cells(x deadlines.Action) [5]string {
	c := [5]string{string(x.Case.ID), v.DoName(x), whose(x.Case), v.by(x), v.left(x)}
	if x.Urgency == deadlines.Waiting {
		c[4] = ""
	}
	return c
}

const barWidth = 5

// mostName is the room that a name gets at most, and leastName what it gets at
// least.
const mostName, leastName = 30, 10

// gaps is the room of the mark and of what stands between the columns.
const gaps = 2 + 2 + 2 + 2 + 2

// measure gives each column the room that its texts need. Where the screen is too
// narrow for that, the subject goes first, and then the bar.
func (v *dueView) measure(actions []deadlines.Action) {
	for _, x := range actions {
		for i, s := range v.cells(x) {
			if i != 1 || x.Do != deadlines.DoRead { // which is long, and takes the place of the date that it has not
				v.cols[i] = max(v.cols[i], ansi.StringWidth(s))
			}
		}
	}
	room := v.width() - gaps - v.cols[0] - v.cols[1] - v.cols[3] - v.cols[4]
	name := min(v.cols[2], mostName)
	v.bars = room >= name+1+barWidth
	v.cols[2] = min(name, max(room, leastName))
}

// widths returns the room of the columns in one line: where it would not fit on
// the screen the blanks in it go, so that no action is cut, and a name last.
func (v *dueView) widths(cells [5]string) [5]int {
	w := v.cols
	if !v.bars {
		w[4] = ansi.StringWidth(cells[4])
	}
	over := gaps + w[0] + w[1] + w[2] + w[3] + w[4] - v.width()
	for _, i := range []int{2, 1, 3} {
		if blank := w[i] - ansi.StringWidth(cells[i]); over > 0 && blank > 0 {
			w[i] -= min(over, blank)
			over -= min(over, blank)
		}
	}
	w[2] -= max(over, 0)
	return w
}

// fit makes a text fill a number of columns, by what it takes on the screen.
func fit(s string, width int) string {
	s = ansi.Truncate(s, width, "…")
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}

func (v *dueView) line(b *strings.Builder, gr *group, x deadlines.Action) {
	c := v.cells(x)
	w := v.widths(c)
	if x.Due.IsZero() {
		w[1] = max(w[1], ansi.StringWidth(c[1]))
		w[2] = min(v.width()-gaps-w[0]-w[1], ansi.StringWidth(c[2]))
	}
	s := gr.style.Render(gr.mark) + " " + v.dim.Render(fit(c[0], w[0])) + "  " + v.bold.Render(fit(c[1], w[1])) + "  " + fit(c[2], w[2])
	if !x.Due.IsZero() {
		s += "  " + fit(c[3], w[3]) + "  " + gr.style.Render(fit(c[4], w[4]))
	}
	if v.bars && x.Urgency != deadlines.Waiting && !x.Due.IsZero() {
		s += " " + gr.style.Render(bar(x.Used))
	}
	at := gaps + w[0] + v.cols[1] + v.cols[2] + w[3] + w[4] + 1 + barWidth + 2 // where the subjects begin
	if room := v.width() - max(at, ansi.StringWidth(s)+2); v.bars && room >= 12 {
		s += strings.Repeat(" ", max(0, at-2-ansi.StringWidth(s)))
		s += "  " + v.dim.Render(ansi.Truncate(casefile.OneLine(x.Case.Subject), room, "…"))
	}
	b.WriteString(strings.TrimRight(s, " ") + "\n")
	indent := 2 + v.cols[0] + 2
	for _, below := range v.below(x, v.width()-indent) {
		b.WriteString(strings.Repeat(" ", indent) + v.dim.Render(below) + "\n")
	}
}

// below returns the lines under an action: what else there is to know, and what to
// type, the first time that there is such a thing to do.
func (v *dueView) below(x deadlines.Action, width int) (lines []string) {
	for _, s := range append(v.details(x), present(v.hint(x))...) {
		if last := len(lines) - 1; last >= 0 && ansi.StringWidth(lines[last]+" · "+s) <= width {
			lines[last] += " · " + s
			continue
		}
		lines = append(lines, ansi.Truncate(s, width, "…"))
	}
	return lines
}

// details say what else the owner wants to know at a glance.
func (v *dueView) details(x deadlines.Action) (notes []string) {
	switch {
	case x.Do == deadlines.DoSend:
		w := v.morning.letters[x.Entry]
		return present(v.letterState(w, typed(w, v.morning.unsent)), v.staleLetter(w.Letter))
	case x.Do == deadlines.DoHear && x.Entry != nil:
		notes = present(v.MeansName(x.Entry.Means), x.Case.Complainant.Phone)
	case x.Do == deadlines.DoReview:
		return []string{v.T("why: %s", x.Entry.Reason)}
	case x.Do == deadlines.DoComply && x.Urgency != deadlines.Waiting:
		notes = append(notes, v.T("the ruling came in on %s", v.DayNear(x.Entry.At.Date)))
	case x.Do == deadlines.DoInviteToWrite && x.Entry != nil:
		return []string{v.T("invited to write on %s; no term runs until it is there in writing", v.DayNear(x.Entry.At.Date))}
	case x.Do == deadlines.DoInviteToWrite, v.idleSpoken(x) && x.Entry == nil:
		return []string{v.T("voiced on %s; no term runs until it is there in writing", v.DayNear(x.Case.Began()))}
	case x.For != "" && x.Due.IsZero():
		return []string{v.T("with %s since %s", x.For, v.DayNear(x.Entry.At.Date))}
	case x.For != "":
		return []string{v.T("with %s since %s; it answers by %s", x.For, v.DayNear(x.Entry.At.Date), v.DayNear(x.Due))}
	case x.Do == deadlines.DoClose && x.Entry != nil:
		notes = append(notes, v.T("waits for a reply since %s", v.DayNear(x.Entry.At.Date)))
	}
	if !x.Lapsed.IsZero() {
		notes = slices.Insert(notes, 0, v.T("missed on %s", v.DayNear(x.Lapsed)))
	}
	if b := x.Back; b != nil && b.Step == casefile.Acknowledged {
		notes = slices.Insert(notes, 0, v.T("the confirmation of %s did not arrive", v.DayNear(b.At.Date)))
	} else if b != nil {
		notes = slices.Insert(notes, 0, v.T("the letter of %s did not arrive", v.DayNear(b.At.Date)))
	}
	if !x.Due.IsZero() && v.actOn(x) != x.Due {
		notes = append(notes, v.T("promised for %s", v.until(x)))
	}
	if by := x.TellBy; !by.IsZero() && (by.Before(x.Due) || x.Urgency == deadlines.Today) {
		notes = append(notes, v.T("a delay must be told by %s", v.DayNear(by)))
	}
	return notes
}

// until says when a promise ends: the day, and of a term in hours the time.
func (v *dueView) until(x deadlines.Action) string {
	return strings.TrimSpace(v.DayNear(x.Due) + " " + x.End.Clock())
}
