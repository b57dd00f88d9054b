package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ruleYears is the number of years that must be alike for a rule to be written:
// most programs know the zone by its name, and some go by the rule alone.
const ruleYears = 6

// turn is a moment at which the clocks of a zone change.
type turn struct {
	at       time.Time
	from, to int // seconds east of Greenwich
	name     string
	summer   bool
}

// addZone describes the zone of the calendar, if an appointment is in it, from
// the year before the first appointment on.
func (c *Calendar) addZone(cal *ics.Calendar) {
	var first, last time.Time
	for _, e := range c.Events {
		if e.At.IsZero() {
			continue
		}
		if first.IsZero() || e.At.Before(first) {
			first = e.At
		}
		if e.At.After(last) {
			last = e.At
		}
	}
	if first.IsZero() || c.Zone == time.UTC {
		return
	}
	z := cal.AddTimezone(c.Zone.String())
	from := time.Date(first.Year()-1, 1, 1, 0, 0, 0, 0, time.UTC)
	turns := turnsOf(c.Zone, from, time.Date(last.Year()+ruleYears, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, summer := range []bool{false, true} {
		all := slices.DeleteFunc(slices.Clone(turns), func(t turn) bool { return t.summer != summer })
		rule := ruleOf(all)
		for i, t := range all {
			if rule != "" && i > 0 {
				break
			}
			add(z, t, rule)
		}
	}
}

// turnsOf returns how the clock stands at a moment, as a turn, and every turn
// from then on.
func turnsOf(zone *time.Location, from, until time.Time) []turn {
	start, _ := from.In(zone).ZoneBounds()
	name, offset := from.In(zone).Zone()
	before := offset
	if start.IsZero() { // it has never been otherwise
		start = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(offset) * time.Second)
	} else {
		_, before = start.Add(-time.Second).Zone()
	}
	list := []turn{{start, before, offset, name, from.In(zone).IsDST()}}
	for at := from; ; {
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() || end.After(until) {
			return list
		}
		_, before := end.Add(-time.Second).Zone()
		name, offset := end.Zone()
		list = append(list, turn{end, before, offset, name, end.IsDST()})
		at = end
	}
}

// ruleOf returns the rule by which the clocks turn each year, on the same
// weekday of a month counted from its start or its end; "" if there is none, or
// if it does not hold for all turns.
func ruleOf(turns []turn) string {
	if len(turns) < ruleYears {
		return ""
	}
	first := turns[0]
	at := first.local()
	nth, last := true, true
	for i, t := range turns {
		l := t.local()
		if t.from != first.from || t.to != first.to || l.Year() != at.Year()+i || l.Month() != at.Month() || l.Weekday() != at.Weekday() ||
			l.Format("150405") != at.Format("150405") {
			return ""
		}
		nth = nth && (l.Day()-1)/7 == (at.Day()-1)/7
		last = last && l.AddDate(0, 0, 7).Month() != l.Month()
	}
	day := strings.ToUpper(at.Weekday().String()[:2])
	switch {
	case last:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=-1%s", at.Month(), day)
	case nth:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", at.Month(), (at.Day()-1)/7+1, day)
	}
	return ""
}

// local returns the moment of a turn as the clocks showed it, in UTC.
func (t turn) local() time.Time { return t.at.UTC().Add(time.Duration(t.from) * time.Second) }

func add(z *ics.VTimezone, t turn, rule string) {
	base := &ics.ComponentBase{}
	base.SetProperty(ics.ComponentPropertyDtStart, t.local().Format(localForm))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offset(t.from))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offset(t.to))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzname), t.name)
	if rule != "" {
		base.SetProperty(ics.ComponentPropertyRrule, rule)
	}
	if t.summer {
		z.Components = append(z.Components, &ics.Daylight{ComponentBase: *base})
	} else {
		z.Components = append(z.Components, &ics.Standard{ComponentBase: *base})
	}
}

// offset writes seconds east of Greenwich as +HHMM.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}
