package deadlines

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
)

// Unit is what a term is counted in.
type Unit string

// The units. Hours run from the moment to the moment where the time is known, and
// are counted in whole days, rounded down, where it is not.
const (
	Workdays Unit = "workdays"
	Hours    Unit = "hours"
	Days     Unit = "days"
	Weeks    Unit = "weeks"
	Months   Unit = "months"
	Years    Unit = "years"
)

var unitNamed = map[string]Unit{
	"workday": Workdays, "workdays": Workdays, "werkdag": Workdays, "werkdagen": Workdays,
	"hour": Hours, "hours": Hours, "uur": Hours, "uren": Hours,
	"day": Days, "days": Days, "dag": Days, "dagen": Days,
	"week": Weeks, "weeks": Weeks, "weken": Weeks,
	"month": Months, "months": Months, "maand": Months, "maanden": Months,
	"year": Years, "years": Years, "jaar": Years, "jaren": Years,
}

// Term is a promised length of time. The zero Term is no promise.
type Term struct {
	N         int
	Unit      Unit
	After     casefile.Step // the step that it is counted from; "" for the usual one
	Unlimited bool          // without end; only retention can be
	Target    bool          // an aim of the firm's own, which it has promised to nobody
}

// maxTerm is the highest number that a term can have, whatever its unit.
const maxTerm = 1000

// ParseTerm reads a term as a person writes it: "5 workdays", "4 weken",
// "6 weeks after heard", "48 hours", "same day", "unlimited". Units are in
// English or Dutch, singular or plural; the number is 1 to 1000, or 0 of days.
func ParseTerm(s string) (Term, error) {
	words := strings.Fields(strings.ToLower(s))
	switch strings.Join(words, " ") {
	case "unlimited", "onbeperkt":
		return Term{Unlimited: true}, nil
	case "same day", "dezelfde dag":
		return Term{Unit: Days}, nil
	}
	bad := casefile.Errorf("%q is not a term", s)
	standard := bad.WithHint("write it like 5 workdays, 4 weeks, 3 months, 5 years, 48 hours, same day, or 6 weeks after heard")
	if len(words) != 2 && len(words) != 4 {
		return Term{}, standard
	}
	n, err := strconv.Atoi(words[0])
	unit, known := unitNamed[words[1]]
	if err != nil || strings.Trim(words[0], "0123456789") != "" || n > maxTerm || !known || n == 0 && unit != Days {
		return Term{}, standard
	}
	t := Term{N: n, Unit: unit}
	if len(words) == 4 {
		t.After = casefile.Step(words[3])
		after := words[2] == "after" || words[2] == "na"
		if meant := stepMeant(words[3]); after && !t.After.Valid() && meant != "" {
			return Term{}, bad.WithHint("a term is counted from a step: write %s after %s", t.amount(), meant)
		} else if !after || !t.After.Valid() {
			return Term{}, standard
		}
	}
	return t, nil
}

// stepMeant returns the step that begins as the word does, for somebody who wrote
// the name of the term: closed for close; "" if there is none.
func stepMeant(word string) casefile.Step {
	for _, s := range casefile.Steps() {
		if len(word) > 3 && strings.HasPrefix(string(s), word) {
			return s
		}
	}
	return ""
}

// IsZero reports whether there is no promise.
func (t Term) IsZero() bool { return t == Term{} }

// String returns the term in English, as ParseTerm reads it.
func (t Term) String() string {
	switch {
	case t.Unlimited:
		return "unlimited"
	case t.IsZero():
		return ""
	}
	s := t.amount()
	if t.After != "" {
		s += " after " + string(t.After)
	}
	return s
}

// amount returns the number and the unit.
func (t Term) amount() string {
	s := fmt.Sprintf("%d %s", t.N, t.Unit)
	if t.N == 1 {
		s = strings.TrimSuffix(s, "s")
	}
	return s
}

// Roll says what happens to a date that falls on a day that is no working day.
type Roll string

// The ways to roll. Terms that are not statutory stay on their date; a policy
// may promise otherwise.
const (
	Stay     Roll = "stay"
	Next     Roll = "next"     // to the first working day after it
	Previous Roll = "previous" // to the last working day before it
)

// end returns the last day of the term, counted from the day start, which is
// day 0. A term in working days never ends on another day; those in days, weeks,
// months and years roll as said. A term in hours ends at a moment, if start has a
// time. The term is neither zero nor unlimited.
func (t Term) end(start casefile.Moment, c *Calendar, roll Roll) casefile.Moment {
	switch {
	case t.Unit == Workdays:
		return casefile.Moment{Date: c.Add(start.Date, t.N)}
	case t.Unit == Hours && !start.Time.IsZero():
		return casefile.MomentOf(start.Time.Add(time.Duration(t.N)*time.Hour), start.Time.Location())
	case t.Unit == Hours:
		return casefile.Moment{Date: t.add(start.Date, 1)}
	}
	return casefile.Moment{Date: c.roll(t.add(start.Date, 1), roll)}
}

// add returns the day one term later than d, or earlier if sign is -1. The
// term is not in working days.
func (t Term) add(d casefile.Date, sign int) casefile.Date {
	switch n := sign * t.N; t.Unit {
	case Hours:
		return d.AddDays(n / 24)
	case Days:
		return d.AddDays(n)
	case Weeks:
		return d.AddDays(7 * n)
	case Months:
		return d.AddMonths(n)
	default:
		return d.AddYears(n)
	}
}

func (c *Calendar) roll(d casefile.Date, r Roll) casefile.Date {
	switch r {
	case Next:
		return c.OnOrAfter(d)
	case Previous:
		return c.OnOrBefore(d)
	}
	return d
}

// doBy returns the day by which to act: the last working day on or before due,
// or due itself if there is none from start on.
func (c *Calendar) doBy(start, due casefile.Date) casefile.Date {
	if d := c.OnOrBefore(due); !d.Before(start) {
		return d
	}
	return due
}
