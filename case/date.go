package casefile

import (
	"fmt"
	"strings"
	"time"
)

// Date is a civil date: a day on the calendar of the firm, without a time and
// without a zone. The zero Date means that there is none. Dates are comparable
// with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD, and nothing else: no other separators, no date
// that does not exist (30 February), no year before 1900 or after 9998.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !inRange(t) {
		return Date{}, Errorf("%q is not a date; write it as YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// inRange keeps to the years in which no arithmetic leaves four digits.
func inRange(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 9998 }

// DateOf returns the civil date of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns YYYY-MM-DD, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// UnmarshalText reads it back.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// MarshalText writes the date as YYYY-MM-DD; the zero Date as "".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Noon returns noon of the day in UTC: an instant that no shift of an hour, in
// whatever zone, can move to another day.
func (d Date) Noon() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Noon().Weekday() }

// AddDays returns the date n calendar days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC))
}

// AddMonths returns the same day of the month n months later, or earlier if n
// is negative. Where that month has no such day it is the month's last day:
// 31 January and one month make 28 February, 29 February and twelve months
// make 28 February.
func (d Date) AddMonths(n int) Date {
	first := DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC))
	last := DateOf(time.Date(first.Year, first.Month+1, 0, 12, 0, 0, 0, time.UTC))
	return Date{first.Year, first.Month, min(d.Day, last.Day)}
}

// AddYears returns the same day n years later; 29 February becomes 28 February
// in a year that has no 29th.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// Before reports whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is a later day than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Compare returns a negative number if d comes before o, 0 if they are the
// same day, a positive number if d comes after o. The zero Date comes before
// all others.
func (d Date) Compare(o Date) int {
	if d.Year != o.Year {
		return d.Year - o.Year
	}
	if d.Month != o.Month {
		return int(d.Month - o.Month)
	}
	return d.Day - o.Day
}

// DaysUntil returns the number of calendar days from d to o; negative if o
// comes first.
func (d Date) DaysUntil(o Date) int {
	return int(o.Noon().Sub(d.Noon()) / (24 * time.Hour))
}

// Moment is when something happened: a civil date, with the time of day where
// that is known. Steps that a person records afterwards often have none.
type Moment struct {
	Date Date
	Time time.Time // zero if only the date is known; otherwise its date is Date
}

// MomentOf returns t to the second, on its civil date in zone.
func MomentOf(t time.Time, zone *time.Location) Moment {
	t = t.In(zone).Truncate(time.Second)
	return Moment{DateOf(t), t}
}

// ParseMoment reads a date (YYYY-MM-DD), a date with a time of day in zone
// (YYYY-MM-DDTHH:MM, with seconds if wanted), or an RFC 3339 timestamp, whose
// civil date is the one in zone.
func ParseMoment(s string, zone *time.Location) (Moment, error) {
	if len(s) == len(time.DateOnly) {
		d, err := ParseDate(s)
		return Moment{Date: d}, err
	}
	said := strings.Replace(s, " ", "T", 1)
	if t, err := time.Parse(time.RFC3339, said); err == nil {
		if m := MomentOf(t, zone); inRange(m.Time) {
			return m, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, said, zone); err == nil {
			m := MomentOf(t, zone)
			m.Date, err = ParseDate(said[:len(time.DateOnly)]) // as said, even in an hour that the clock skips
			return m, err
		}
	}
	return Moment{}, Errorf("%q is not a date; write it as YYYY-MM-DD, or YYYY-MM-DDTHH:MM", s)
}

// IsZero reports whether there is no moment.
func (m Moment) IsZero() bool { return m.Date.IsZero() }

// String returns RFC 3339 with the offset of the zone, to the second, or
// YYYY-MM-DD where no time is known.
func (m Moment) String() string {
	if m.Time.IsZero() {
		return m.Date.String()
	}
	return m.Time.Format(time.RFC3339)
}

// MarshalText writes the moment as String does.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Clock returns the time of day as HH:MM, or "" where it is not known.
func (m Moment) Clock() string {
	if m.Time.IsZero() {
		return ""
	}
	return m.Time.Format("15:04")
}
