package deadlines

import (
	"slices"

	casefile "klacht/case"
)

// idleYears is the number of years for which a holiday is looked up: in eleven,
// each day of the year has been on every day of the week.
const idleYears = 12

// Idle returns what the policy lists and can never matter: holidays that fall on
// no working day of any version, as seen from the day today, and own closing
// days of which none would be a working day.
func (p *Policy) Idle(today casefile.Date) (holidays []string, closed []Span) {
	useful := map[string]bool{}
	for _, v := range p.Versions {
		c := v.Calendar
		for _, h := range c.holidays {
			for year := today.Year; year < today.Year+idleYears && !useful[h.Name]; year++ {
				_, observed := h.Calc(year)
				if !observed.IsZero() && c.weekdays[observed.Weekday()] {
					useful[h.Name] = true
				}
			}
		}
	}
	for _, v := range p.Versions {
		for _, h := range v.Calendar.holidays {
			if !useful[h.Name] && !slices.Contains(holidays, h.Name) {
				holidays = append(holidays, h.Name)
			}
		}
	}
	for _, s := range p.Versions[0].Calendar.closed { // they are those of every version
		if !slices.ContainsFunc(p.Versions, func(v Version) bool { return v.Calendar.opensIn(s) }) {
			closed = append(closed, s)
		}
	}
	return holidays, closed
}

// opensIn reports whether a span has a day that would be a working day without
// the firm's own closing days.
func (c *Calendar) opensIn(s Span) bool {
	for d := s.First; !d.After(s.Last); d = d.AddDays(1) {
		if c.weekdays[d.Weekday()] && c.holidaysOf(d.Year)[d] == "" {
			return true
		}
	}
	return false
}
