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
	days   int
	agenda *agenda
	cols   [5]int // widths of: number, action, who, by when, how long
}

// group is a part of the summary.
type group struct {
	title, mark string
	style       lipgloss.Style
	actions     []deadlines.Action
}

func (v *dueView) render(g *agenda) string {
	var b strings.Builder
	b.WriteString(v.bold.Render(v.t("Complaints")) + v.dim.Render(" · "+v.dayLong(v.now.Date)) + "\n")
	if n := len(g.damaged); n > 0 {
		b.WriteString("\n" + v.late.Render("✗ "+v.t("%d files cannot be read, so what is due in them is not shown here:", n)) + "\n")
		for _, d := range g.damaged {
			b.WriteString("  " + v.err(d) + "\n")
		}
	}
	v.agenda = g
	groups := v.groups(g.actions)
	v.measure(g.actions)
	for _, gr := range groups {
		if len(gr.actions) == 0 {
			continue
		}
		b.WriteString("\n" + gr.style.Bold(true).Render(gr.title) + "\n")
		for _, x := range gr.actions {
			v.line(&b, gr, x)
		}
	}
	if len(g.actions) == 0 && len(g.damaged) == 0 && g.expired == 0 && len(g.history) == 0 {
		b.WriteString("\n" + v.good.Render("✓ ") + v.t("Nothing to do. Every promise is kept.") + "\n")
	}
	if g.expired > 0 {
		b.WriteString("\n" + v.dim.Render("∅ ") + v.t("%d archived complaints may go: `klacht purge`", g.expired) + "\n")
	}
	if n := len(g.history); n > 0 {
		b.WriteString("\n" + v.dim.Render("∅ ") + v.t("%d purged complaints may still be in the history: `klacht purge`", n) + "\n")
	}
	if n := g.unsynced.Changes; n > 0 {
		b.WriteString("\n" + v.dim.Render("⇅ "+v.t("%d changes are not shared yet, the first of %s: `klacht sync`", n, v.day(g.unsynced.Since))) + "\n")
	}
	return b.String()
}

func (v *dueView) groups(actions []deadlines.Action) []*group {
	late := &group{v.t("TOO LATE"), "!", v.late, nil}
	today := &group{v.t("TODAY"), "•", v.today, nil}
	coming := &group{v.t("THE NEXT %d DAYS", v.days), "›", v.coming, nil}
	later := &group{v.t("LATER"), "·", v.plain, nil}
	waiting := &group{v.t("WAITING"), "…", v.waiting, nil}
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

// by says by when to act: the last working day, or the day itself where it has
// gone by.
func (v *dueView) by(x deadlines.Action) string {
	switch {
	case x.Due.IsZero():
		return ""
	case x.Urgency == deadlines.TooLate:
		return v.dayNear(x.Due)
	}
	return v.dayNear(x.DoBy)
}

func (v *dueView) cells(x deadlines.Action) [5]string {
	c := [5]string{string(x.Case.ID), v.doName(x), whose(x.Case), v.by(x), v.left(x)}
	if x.Urgency == deadlines.Waiting {
		c[4] = ""
	}
	return c
}

const barWidth = 5

// measure gives each column the room that its texts need, and the name what is
// left of 80 columns and half of what there is beyond; the subject gets the
// other half.
func (v *dueView) measure(actions []deadlines.Action) {
	for _, x := range actions {
		for i, s := range v.cells(x) {
			v.cols[i] = max(v.cols[i], ansi.StringWidth(s))
		}
	}
	const mark, gaps = 2, 2 + 2 + 2 + 2 + 1
	room := minWidth + (v.width()-minWidth)/2 - mark - v.cols[0] - v.cols[3] - v.cols[4] - gaps - barWidth
	v.cols[2] = min(v.cols[2], max(room-v.cols[1], leastName))
	v.cols[1] = min(v.cols[1], max(room-v.cols[2], leastName))
}

// leastName is the room that a name gets even where what to do is long.
const leastName = 8

// fit makes a text fill a number of columns, by what it takes on the screen.
func fit(s string, width int) string {
	s = ansi.Truncate(s, width, "…")
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}

func (v *dueView) line(b *strings.Builder, gr *group, x deadlines.Action) {
	c := v.cells(x)
	s := gr.style.Render(gr.mark) + " " + v.dim.Render(fit(c[0], v.cols[0])) + "  " + v.bold.Render(fit(c[1], v.cols[1])) +
		"  " + fit(c[2], v.cols[2]) + "  " + fit(c[3], v.cols[3]) + "  " + gr.style.Render(fit(c[4], v.cols[4]))
	if x.Urgency != deadlines.Waiting && !x.Due.IsZero() {
		s += " " + gr.style.Render(bar(x.Used))
	} else {
		s += strings.Repeat(" ", 1+barWidth)
	}
	if room := v.width() - ansi.StringWidth(s) - 2; room >= 12 {
		s += "  " + v.dim.Render(ansi.Truncate(casefile.OneLine(x.Case.Subject), room, "…"))
	}
	b.WriteString(strings.TrimRight(s, " ") + "\n")
	if detail := v.detail(x); detail != "" {
		indent := 2 + v.cols[0] + 2
		b.WriteString(strings.Repeat(" ", indent) + v.dim.Render(ansi.Truncate(detail, v.width()-indent, "…")) + "\n")
	}
}

// detail says what else the owner wants to know at a glance, or "".
func (v *dueView) detail(x deadlines.Action) string {
	var notes []string
	switch {
	case x.Do == deadlines.DoSend:
		return v.letterState(v.agenda.letters[x.Entry], typed(v.agenda.letters[x.Entry], v.agenda.unsent))
	case x.Do == deadlines.DoHear && x.Entry != nil:
		notes = present(v.meansName(x.Entry.Means), x.Case.Complainant.Phone)
	case x.Do == deadlines.DoReview:
		return v.t("why: %s", x.Entry.Reason)
	case x.Do == deadlines.DoComply && x.Urgency != deadlines.Waiting:
		notes = append(notes, v.t("ruling of %s", v.dayNear(x.Entry.At.Date)))
	case x.Do == deadlines.DoInviteToWrite:
		return v.t("voiced on %s; no term runs until it is there in writing", v.dayNear(x.Case.Began()))
	case x.For != "" && x.Due.IsZero():
		return v.t("with %s since %s", x.For, v.dayNear(x.Entry.At.Date))
	case x.For != "":
		return v.t("with %s since %s; it answers by %s", x.For, v.dayNear(x.Entry.At.Date), v.dayNear(x.Due))
	case x.Do == deadlines.DoClose && x.Entry != nil:
		notes = append(notes, v.t("waits for a reply since %s", v.dayNear(x.Entry.At.Date)))
	}
	if b := x.Back; b != nil && b.Step == casefile.Acknowledged {
		notes = slices.Insert(notes, 0, v.t("the confirmation of %s did not arrive", v.dayNear(b.At.Date)))
	} else if b != nil {
		notes = slices.Insert(notes, 0, v.t("the letter of %s did not arrive", v.dayNear(b.At.Date)))
	}
	if x.DoBy != x.Due && x.Urgency != deadlines.TooLate {
		notes = append(notes, v.t("promised for %s", v.dayNear(x.Due)))
	}
	return strings.Join(notes, " · ")
}
