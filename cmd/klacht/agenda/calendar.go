// Package agenda writes what is due as a calendar, for a calendar program.
package agenda

import (
	"fmt"
	"io"
	"strings"
	"time"

	casefile "klacht/case"

	ics "github.com/arran4/golang-ical"
)

// Calendar is what is to be done, for a calendar program: an object of RFC 5545
// that takes the place of the one before it. What is done is not in it any
// more, and what is has the same UID and a higher SEQUENCE: it counts the seconds
// to Now, so that it grows whatever has changed, an entry that was taken out by
// hand and a closing day included.
type Calendar struct {
	Name   string
	Zone   *time.Location // in which an alarm is at nine
	Now    time.Time
	Domain string // keeps the UIDs of one register apart from those of another
	Events []Event
}

// Event is one thing to do on a day, or an appointment at a time.
type Event struct {
	Key     string // unique in the register, and the same each time
	Day     casefile.Date
	At      time.Time     // of an appointment; zero for a whole day
	Warn    casefile.Date // an alarm sounds on this day, at nine; zero if there is none
	Summary string
	Text    string
}

// nine is the hour of an alarm, and meeting how long an appointment is shown: a
// case does not say how long one takes.
const (
	nine    = 9
	meeting = time.Hour
)

// UID returns the UID of an event.
func (c *Calendar) UID(e Event) string { return e.Key + "@" + c.Domain }

// Write writes the calendar: lines of at most 75 bytes that end in CRLF.
func (c *Calendar) Write(w io.Writer) error {
	cal := ics.NewCalendar()
	cal.SetProductId("-//klacht//klacht//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(casefile.Heading(c.Name))
	cal.SetRefreshInterval("PT1H") // how often a program that has subscribed looks again
	cal.SetXPublishedTTL("PT1H")
	for _, e := range c.Events {
		v := cal.AddEvent(c.UID(e))
		v.SetDtStampTime(c.Now)
		v.SetSequence(max(0, int(c.Now.Unix()-since.Unix())))
		v.SetSummary(casefile.Heading(e.Summary))
		v.SetDescription(casefile.Plain(e.Text))
		v.SetClass(ics.ClassificationPrivate)
		if e.At.IsZero() {
			v.SetAllDayStartAt(e.Day.Noon())
			v.SetAllDayEndAt(e.Day.AddDays(1).Noon()) // the first day that it does not take
			v.SetTimeTransparency(ics.TransparencyTransparent)
			if !e.Warn.IsZero() {
				alarm(v, e, strings.Replace(fmt.Sprintf("-P%dDT%dH", e.Warn.DaysUntil(e.Day)-1, 24-nine), "P0DT", "PT", 1))
			}
			continue
		}
		v.SetStartAt(e.At.UTC()) // every program shows it as its own clock has it
		v.SetEndAt(e.At.Add(meeting).UTC())
		if !e.Warn.IsZero() {
			before := e.At.Sub(time.Date(e.Warn.Year, e.Warn.Month, e.Warn.Day, nine, 0, 0, 0, c.Zone))
			alarm(v, e, fmt.Sprintf("-PT%dM", int(before.Minutes())))
		}
		alarm(v, e, "-PT1H")
	}
	return cal.SerializeTo(w, ics.WithNewLine("\r\n"))
}

// alarm adds one that shows the summary; trigger is counted from the start.
func alarm(v *ics.VEvent, e Event, trigger string) {
	a := v.AddAlarm()
	a.SetAction(ics.ActionDisplay)
	a.SetDescription(casefile.Heading(e.Summary))
	a.SetTrigger(trigger)
}

// since is when SEQUENCE is 0: late enough for its 31 bits to last until 2093.
var since = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
