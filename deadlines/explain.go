package deadlines

import casefile "klacht/case"

// Day is one day of a count.
type Day struct {
	Date    casefile.Date
	Day     int // calendar days since receipt; 0 is the day of receipt itself
	Workday int // its number among the working days after receipt; 0 where it is passed over, and on day 0
	Off     Off // why it is passed over
}

// Explain returns the days from receipt to the end of the last of the terms
// that run from it, each with its number: the count behind [Policy.Terms].
func (p *Policy) Explain(received casefile.Date) []Day {
	last := received
	for _, r := range p.Terms(received) {
		if r.Due.After(last) {
			last = r.Due
		}
	}
	c := p.At(received).Calendar
	days := []Day{{Date: received, Off: c.Why(received)}}
	n := 0
	for d := received.AddDays(1); !d.After(last); d = d.AddDays(1) {
		day := Day{Date: d, Day: received.DaysUntil(d), Off: c.Why(d)}
		if day.Off.Kind == WorkingDay {
			n++
			day.Workday = n
		}
		days = append(days, day)
	}
	return days
}
