package deadlines

import (
	"slices"
	"sync"
	"time"

	casefile "klacht/case"

	"github.com/rickar/cal/v2"
)

// Span is a run of days, both ends included.
type Span struct{ First, Last casefile.Date }

// maxSpan is the most days that one span of own closing days can have. It
// keeps every search for a working day short.
const maxSpan = 366

// Check refuses a span that ends before it starts, or has more than 366 days.
func (s Span) Check() error {
	if s.Last.Before(s.First) {
		return casefile.Errorf("closing days %s..%s end before they start", s.First, s.Last)
	}
	if s.First.DaysUntil(s.Last) >= maxSpan {
		return casefile.Errorf("closing days %s..%s are more than %d days", s.First, s.Last, maxSpan)
	}
	return nil
}

// Calendar knows which days are working days. Make one with [NewCalendar]; it
// can be used by several goroutines.
type Calendar struct {
	weekdays [7]bool
	holidays []*cal.Holiday
	closed   []Span

	mu    sync.Mutex
	years map[int]map[casefile.Date]string // holidays of a year, worked out once
}

// NewCalendar returns the calendar in which the weekdays are working days, less
// the named holidays and the firm's own closing days. A calendar without a
// single working day in the week is refused, as is an unknown holiday, or a
// span that ends before it starts or has more than 366 days.
func NewCalendar(weekdays []time.Weekday, holidayNames []string, closed []Span) (*Calendar, error) {
	if len(weekdays) == 0 {
		return nil, casefile.Errorf("the policy has no working days, so no term would ever end").
			WithHint("workdays: [mon, tue, wed, thu, fri]")
	}
	list, err := holidays(holidayNames)
	if err != nil {
		return nil, err
	}
	for _, s := range closed {
		if err := s.Check(); err != nil {
			return nil, err
		}
	}
	c := &Calendar{holidays: list, closed: closed, years: map[int]map[casefile.Date]string{}}
	for _, w := range weekdays {
		c.weekdays[w] = true
	}
	return c, nil
}

// Off says why a day is no working day.
type Off struct {
	Kind    OffKind
	Holiday string // its name in Dutch, for OffHoliday
}

// OffKind is the kind of a reason why a day is no working day.
type OffKind int

// The reasons, the strongest first. WorkingDay is the absence of one.
const (
	WorkingDay OffKind = iota
	OffHoliday         // one of the holidays that the policy lists
	OffClosed          // one of the firm's own closing days
	OffWeekday         // a weekday on which the firm does not work, such as Saturday
)

// Why says why d is no working day; its kind is WorkingDay if it is one.
func (c *Calendar) Why(d casefile.Date) Off {
	if name := c.holidaysOf(d.Year)[d]; name != "" {
		return Off{OffHoliday, name}
	}
	if !c.weekdays[d.Weekday()] {
		return Off{Kind: OffWeekday}
	}
	if slices.ContainsFunc(c.closed, func(s Span) bool { return !d.Before(s.First) && !d.After(s.Last) }) {
		return Off{Kind: OffClosed}
	}
	return Off{}
}

func (c *Calendar) holidaysOf(year int) map[casefile.Date]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.years[year]
	if !ok {
		m = holidayDates(c.holidays, year)
		c.years[year] = m
	}
	return m
}

// IsWorkday reports whether d is a working day.
func (c *Calendar) IsWorkday(d casefile.Date) bool { return c.Why(d).Kind == WorkingDay }

// Add returns the n-th working day after d. The day d itself is day 0 and is
// never counted, whatever day it is; Add(d, 0) is d.
func (c *Calendar) Add(d casefile.Date, n int) casefile.Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n--
		}
	}
	return d
}

// Between returns the number of working days after a, up to b and with b. It
// is negative, counting from b, if b comes before a.
func (c *Calendar) Between(a, b casefile.Date) int {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	n := 0
	for d := a; d.Before(b); {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}

// OnOrBefore returns the last working day on or before d.
func (c *Calendar) OnOrBefore(d casefile.Date) casefile.Date {
	for !c.IsWorkday(d) {
		d = d.AddDays(-1)
	}
	return d
}

// OnOrAfter returns the first working day on or after d.
func (c *Calendar) OnOrAfter(d casefile.Date) casefile.Date {
	for !c.IsWorkday(d) {
		d = d.AddDays(1)
	}
	return d
}
