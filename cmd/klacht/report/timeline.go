package report

import (
	"fmt"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// timeline is a chart of the promises on one complaint: for each the time that
// was promised, and when it was done. All measures are in the units of the view
// box. A narrow one, for a phone, has each name above its band.
type timeline struct {
	ID                  string
	Narrow              bool
	Width, Height, Foot int
	Title, Desc         string
	Ticks               []tick
	Rows                []bar
	Done                string // the name of the row of steps
	Dots                []string
	Dot                 int    // how far down they stand
	Today               string // "" if nothing is open
	TodayLabel          string
}

type tick struct{ X, Label string }

// bar is one promise. The mark stands at the day on which it was done.
type bar struct {
	Name, Kind, Mark string
	Y, Text, Thin    int    // Text is the line of the name
	X, Width         string // of the band that was promised
	Due              string
	Spent            string // of the time that was taken, up to the last day of the promise
	OverX, OverWidth string // of the time that was taken beyond it; "" if there is none
	MarkX            string
}

const chartTop = 34

// frame is where a timeline stands in its view box.
type frame struct {
	left, right float64
	row, name   int // height of a row, and how far its band stands below the name
}

var (
	broad  = frame{178, 700, 32, 0}
	narrow = frame{32, 318, 50, 20}
)

// timeline draws the promises, of which there is one at least.
func (d *Dossier) timeline(promises []deadlines.Promise, views []promiseView, f frame) *timeline {
	t := d.Words.T
	first, last := promises[0].Start, promises[0].Due
	stretch := func(day casefile.Date) {
		if !day.IsZero() && day.Before(first) {
			first = day
		}
		if !day.IsZero() && day.After(last) {
			last = day
		}
	}
	open := false
	for _, p := range promises {
		stretch(p.Start)
		stretch(p.Due)
		stretch(p.Done)
		open = open || p.Verdict == deadlines.Open || p.Verdict == deadlines.Overdue
	}
	sel := Select(d.Case, d.For, d.Notes)
	for _, e := range sel.Log {
		stretch(e.At.Date)
	}
	if open {
		stretch(d.Today)
	}
	days := max(first.DaysUntil(last), 1)
	at := func(day casefile.Date) float64 {
		return f.left + (f.right-f.left)*float64(first.DaysUntil(day))/float64(days)
	}
	c := &timeline{ID: "chart", Width: int(f.right) + 20, Title: t("The promises in time"), Done: t("what was done")}
	if f == narrow {
		c.ID, c.Narrow, c.Width = "chart-narrow", true, 340
	}
	for day, step := firstTick(first, days), tickStep(days); !day.After(last); day = step(day) {
		if x := at(day); x < f.right-12 {
			c.Ticks = append(c.Ticks, tick{num(x), d.tickLabel(day, days)})
		}
	}
	for i, p := range promises {
		v := views[i]
		y := chartTop + i*f.row + f.name
		end := p.Done
		switch {
		case !end.IsZero():
		case p.Verdict == deadlines.Open || p.Verdict == deadlines.Overdue:
			end = d.Today
		default: // nothing meets it any more
			end = p.Due
		}
		b := bar{Name: v.Name, Kind: v.Kind, Mark: v.Mark, Y: y, Text: y + 11 - f.name, Thin: y + 5, X: num(at(p.Start)), Width: num(at(p.Due) - at(p.Start)), Due: num(at(p.Due))}
		if !end.Before(p.Start) {
			spent := end
			if end.After(p.Due) {
				spent = p.Due
				b.OverX, b.OverWidth = num(at(p.Due)), num(at(end)-at(p.Due))
			}
			b.Spent, b.MarkX = num(at(spent)-at(p.Start)), num(at(end))
		}
		c.Rows = append(c.Rows, b)
		if v.Done != "" {
			c.Desc += t("%s: promised by %s, done on %s, %s.", v.Name, v.By, v.Done, v.Stands) + " "
		} else {
			c.Desc += t("%s: promised by %s, %s.", v.Name, v.By, v.Stands) + " "
		}
	}
	for _, e := range sel.Log {
		c.Dots = append(c.Dots, num(at(e.At.Date)))
	}
	c.Foot = chartTop + len(promises)*f.row
	c.Dot = c.Foot + 7 + f.name
	c.Height = c.Foot + 26 + f.name
	if open {
		c.Today, c.TodayLabel = num(at(d.Today)), t("today")
	}
	return c
}

func num(f float64) string { return fmt.Sprintf("%.1f", f) }

// firstTick returns the first day at or after a day that has a tick: a Monday,
// the first of a month, or of a year.
func firstTick(day casefile.Date, days int) casefile.Date {
	for {
		switch {
		case days <= 80 && day.Weekday() == time.Monday, days > 80 && days <= 800 && day.Day == 1, day.Day == 1 && day.Month == time.January:
			return day
		}
		day = day.AddDays(1)
	}
}

func tickStep(days int) func(casefile.Date) casefile.Date {
	switch {
	case days <= 42:
		return func(d casefile.Date) casefile.Date { return d.AddDays(7) }
	case days <= 80:
		return func(d casefile.Date) casefile.Date { return d.AddDays(14) }
	case days <= 260:
		return func(d casefile.Date) casefile.Date { return d.AddMonths(1) }
	case days <= 800:
		return func(d casefile.Date) casefile.Date { return d.AddMonths(3) }
	}
	return func(d casefile.Date) casefile.Date { return d.AddYears(1) }
}

func (d *Dossier) tickLabel(day casefile.Date, days int) string {
	if days > 800 {
		return fmt.Sprint(day.Year)
	}
	return d.Words.DayMonth(day)
}
