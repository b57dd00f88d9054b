package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/agenda"
	"klacht/deadlines"
	"klacht/store/disk"

	"github.com/spf13/cobra"
)

// newCalendar is the command that puts what is due into a calendar.
func newCalendar(a *app) *cobra.Command {
	var names bool
	c := &cobra.Command{
		Use:   "calendar [FILE]",
		Short: a.T("write what is due as a calendar, for a calendar program"),
		Long: a.T("Write an iCalendar file of all that is due: a whole day for each promise, on the last working day on which\n" +
			"it can be kept, with an alarm at nine on the working day before, and the appointments with their time. Let\n" +
			"your calendar program subscribe to the file and write it anew each day: what has changed moves, and what is\n" +
			"done goes. There is nothing about a person in it but the number of the complaint, unless you say --names."),
		Example: "  klacht calendar ~/klacht.ics\n  klacht calendar --names > klacht.ics",
		Args:    a.between(0, 1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.calendar(args, names) },
	}
	c.Flags().BoolVar(&names, "names", false, a.T("put the name of the complainant and the subject in it"))
	return c
}

type eventJSON struct {
	UID     string          `json:"uid"`
	ID      casefile.ID     `json:"id"`
	Action  deadlines.Do    `json:"action"`
	Day     casefile.Date   `json:"day"`
	When    casefile.Moment `json:"when,omitzero"`
	Warn    casefile.Date   `json:"warn,omitzero"`
	Summary string          `json:"summary"`
}

func (a *app) calendar(args []string, names bool) error {
	if err := a.open(); err != nil {
		return err
	}
	g, err := a.morning()
	if err != nil {
		return err
	}
	host := a.reg.Policy.Organisation.Email
	sum := sha256.Sum256([]byte(strings.ToLower(host[strings.LastIndex(host, "@")+1:])))
	c := agenda.Calendar{Name: a.T("Complaints"), Zone: a.reg.Policy.Zone, Now: a.now.Time, Domain: hex.EncodeToString(sum[:6]) + ".klacht"}
	if c.Now.IsZero() { // --today without a time
		c.Now = a.now.Date.Noon()
	}
	list := []eventJSON{}
	for _, x := range g.actions {
		if x.Due.IsZero() {
			continue
		}
		e := a.event(x, names)
		c.Events = append(c.Events, e)
		j := eventJSON{UID: c.UID(e), ID: x.Case.ID, Action: x.Do, Day: e.Day, Warn: e.Warn, Summary: e.Summary}
		if !e.At.IsZero() {
			j.When = x.Entry.When
		}
		list = append(list, j)
	}
	if len(g.damaged) > 0 { // what is due in them must not seem to be nothing
		c.Events = append(c.Events, agenda.Event{Key: "unreadable", Day: a.now.Date,
			Summary: a.T("%d files cannot be read: `klacht check`", len(g.damaged))})
	}
	a.tellDamage(g.damaged)
	if len(args) > 0 {
		to, err := a.place(args[0])
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := c.Write(&b); err != nil {
			return err
		}
		if err := disk.WriteFile(to, b.Bytes()); err != nil {
			return err
		}
	}
	switch {
	case a.json:
		return writeJSON(a.Out, list)
	case len(args) == 0:
		return c.Write(a.Out)
	}
	a.println(a.T("%d entries are in %s", len(c.Events), args[0]))
	return nil
}

// event returns what stands in the calendar for an action that has a date.
func (a *app) event(x deadlines.Action, names bool) agenda.Event {
	c := x.Case
	key := string(x.Do)
	if x.Term != "" {
		key = string(x.Term)
	} else if x.Do == deadlines.DoHear {
		key = "appointment"
	}
	e := agenda.Event{Key: string(c.ID) + "-" + key, Day: x.DoBy, Summary: string(c.ID) + ": " + a.DoName(x)}
	e.Warn = a.reg.Policy.For(c).Calendar.OnOrBefore(x.DoBy.AddDays(-1))
	text := []string{}
	if key == "appointment" {
		e.Summary = string(c.ID) + ": " + a.T("talk")
		if !x.Entry.When.Time.IsZero() {
			e.At = x.Entry.When.Time
		}
	} else if x.Do != deadlines.DoReview {
		text = append(text, a.T("The promise ends on %s.", strings.TrimSpace(a.DayLong(x.Due)+" "+x.End.Clock())))
	}
	if !x.TellBy.IsZero() && x.TellBy.Before(x.Due) {
		text = append(text, a.T("a delay must be told by %s", a.DayLong(x.TellBy)))
	}
	if names {
		e.Summary += " · " + whose(c)
		text = append(text, casefile.OneLine(c.Subject))
	}
	e.Text = strings.Join(append(text, "klacht show "+string(c.ID)), "\n")
	return e
}
