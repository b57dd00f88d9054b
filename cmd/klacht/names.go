package main

import (
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// The weekdays and months as they are written in short.
var (
	weekdayShort = map[string][7]string{
		"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		"nl": {"zo", "ma", "di", "wo", "do", "vr", "za"},
	}
	weekdayLong = map[string][7]string{
		"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		"nl": {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	}
	monthShort = map[string][12]string{
		"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		"nl": {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
	}
	monthLong = map[string][12]string{
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	}
)

// day writes a date with its weekday: vr 27 nov 2026.
func (a *app) day(d casefile.Date) string { return a.dayShort(d) + d.Noon().Format(" 2006") }

// dayShort writes a date with its weekday and without the year: vr 27 nov.
func (a *app) dayShort(d casefile.Date) string {
	return weekdayShort[a.lang][d.Weekday()] + d.Noon().Format(" 2 ") + monthShort[a.lang][d.Month-1]
}

// dayNear writes a date, with the year if it is more than half a year away.
func (a *app) dayNear(d casefile.Date) string {
	if away := a.now.Date.DaysUntil(d); away > -183 && away < 183 {
		return a.dayShort(d)
	}
	return a.day(d)
}

// dayLong writes a date in full: maandag 7 december 2026.
func (a *app) dayLong(d casefile.Date) string {
	return weekdayLong[a.lang][d.Weekday()] + d.Noon().Format(" 2 ") + monthLong[a.lang][d.Month-1] + d.Noon().Format(" 2006")
}

// moment writes a date, and the time of day where it is known.
func (a *app) moment(m casefile.Moment) string {
	return strings.TrimSpace(a.day(m.Date) + " " + m.Clock())
}

// weekday writes the name of a day of the week in full.
func (a *app) weekday(w time.Weekday) string { return weekdayLong[a.lang][w] }

// urgencyName says how urgent an action is.
func (w *words) urgencyName(u deadlines.Urgency) string {
	switch u {
	case deadlines.TooLate:
		return w.t("overdue")
	case deadlines.Today:
		return w.t("today")
	case deadlines.Upcoming:
		return w.t("upcoming")
	case deadlines.Waiting:
		return w.t("waiting")
	}
	return string(u)
}

// doName says what an action asks to do.
func (a *app) doName(act deadlines.Action) string {
	switch act.Do {
	case deadlines.DoAcknowledge:
		return a.t("confirm receipt")
	case deadlines.DoInform:
		return a.t("say what's next")
	case deadlines.DoClose:
		return a.t("close")
	case deadlines.DoHear:
		if act.Entry != nil && act.Entry.When.Clock() != "" {
			return a.t("talk at %s", act.Entry.When.Clock())
		}
		return a.t("talk")
	case deadlines.DoComply:
		switch {
		case act.Asked:
			return a.t("await answer")
		case act.Urgency == deadlines.Waiting:
			return a.t("await ruling")
		}
		return a.t("carry out")
	case deadlines.DoReview:
		return a.t("review the hold")
	case deadlines.DoRead:
		return a.t("read the reply of %s", a.dayNear(act.Entry.At.Date))
	case deadlines.DoSend:
		return a.t("send letter")
	case deadlines.DoInviteToWrite:
		return a.t("invite to write")
	}
	return string(act.Do)
}

// termName says what a term is for.
func (a *app) termName(n deadlines.Name) string {
	switch n {
	case deadlines.Acknowledge:
		return a.t("confirm receipt")
	case deadlines.Inform:
		return a.t("say what's next")
	case deadlines.Hear:
		return a.t("talk")
	case deadlines.Decide:
		return a.t("decide")
	case deadlines.Close:
		return a.t("close")
	case deadlines.Extend:
		return a.t("tell of a delay")
	case deadlines.Comply:
		return a.t("carry out the ruling")
	}
	return string(n)
}

// verdictName says how a promise stands.
func (a *app) verdictName(v deadlines.Verdict) string {
	switch v {
	case deadlines.OnTime:
		return a.t("on time")
	case deadlines.Late:
		return a.t("late")
	case deadlines.Open:
		return a.t("open")
	case deadlines.Overdue:
		return a.t("too late")
	case deadlines.NotNeeded:
		return a.t("not needed")
	}
	return string(v)
}

// stepName says what happened.
func (a *app) stepName(s casefile.Step) string {
	switch s {
	case casefile.Spoken:
		return a.t("voiced")
	case casefile.Received:
		return a.t("received")
	case casefile.Asked:
		return a.t("clarification asked")
	case casefile.Replied:
		return a.t("reply came in")
	case casefile.Acknowledged:
		return a.t("receipt confirmed")
	case casefile.Proposed:
		return a.t("proposal made")
	case casefile.Invited:
		return a.t("invited to talk")
	case casefile.CalledOff:
		return a.t("appointment called off")
	case casefile.Heard:
		return a.t("conversation held")
	case casefile.Extended:
		return a.t("extended")
	case casefile.Wrote:
		return a.t("letter sent")
	case casefile.Closed:
		return a.t("closed")
	case casefile.Reopened:
		return a.t("reopened")
	case casefile.Referred:
		return a.t("referred")
	case casefile.Admitted:
		return a.t("taken by the body")
	case casefile.Declined:
		return a.t("not taken by the body")
	case casefile.Ruled:
		return a.t("ruling received")
	case casefile.Complied:
		return a.t("ruling carried out")
	case casefile.Held:
		return a.t("put on hold")
	case casefile.Released:
		return a.t("released from hold")
	case casefile.Undelivered:
		return a.t("a letter did not arrive")
	case casefile.Noted:
		return a.t("note")
	case casefile.Moved:
		return a.t("moved")
	}
	return string(s)
}

// statusName says where a case stands.
func (a *app) statusName(s casefile.State) string {
	if s.Hold != nil {
		return a.t("%s, on hold", a.statusWord(s.Status()))
	}
	return a.statusWord(s.Status())
}

// statusWord says a status in a word or two.
func (a *app) statusWord(s casefile.Status) string {
	switch s {
	case casefile.StatusSpoken:
		return a.t("spoken")
	case casefile.StatusOpen:
		return a.t("open")
	case casefile.StatusClosed:
		return a.t("closed")
	case casefile.StatusReferred:
		return a.t("referred")
	case casefile.StatusAdmitted:
		return a.t("with the body")
	case casefile.StatusRuled:
		return a.t("ruling")
	case casefile.StatusMoved:
		return a.t("part of another")
	}
	return string(s)
}

// outcomeName says how a complaint ended.
func (a *app) outcomeName(o casefile.Outcome) string {
	switch o {
	case casefile.Agreed:
		return a.t("agreed")
	case casefile.Upheld:
		return a.t("upheld")
	case casefile.PartlyUpheld:
		return a.t("partly upheld")
	case casefile.Rejected:
		return a.t("rejected")
	case casefile.Withdrawn:
		return a.t("withdrawn")
	case casefile.NotAdmissible:
		return a.t("not admissible")
	}
	return string(o)
}

// explained lists words that scripts know, each with what it is called where
// that is another word.
func explained[T ~string](words []T, name func(T) string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
		if n := name(w); n != strings.ReplaceAll(list[i], "-", " ") {
			list[i] += " (" + n + ")"
		}
	}
	return list
}

// keepName says why a case is not purged.
func (a *app) keepName(r deadlines.KeepReason) string {
	switch r {
	case deadlines.KeepOpen:
		return a.t("it is open")
	case deadlines.KeepBody:
		return a.t("it lies with a body")
	case deadlines.KeepRuling:
		return a.t("there is a ruling to carry out")
	case deadlines.KeepHold:
		return a.t("it is on hold")
	case deadlines.KeepReply:
		return a.t("a reply came in that nobody has read")
	case deadlines.KeepRetention:
		return a.t("its time in the archive has not ended")
	case deadlines.KeepUnlimited:
		return a.t("the procedure keeps it without end")
	case deadlines.KeepTwice:
		return a.t("it is there twice; `klacht check` says where")
	case deadlines.KeepChanged:
		return a.t("it was removed before, and what has come back is not what went")
	case deadlines.KeepDamaged:
		return a.t("it is damaged")
	}
	return string(r)
}

// offName says why a day is no working day.
func (a *app) offName(d casefile.Date, off deadlines.Off) string {
	switch off.Kind {
	case deadlines.OffHoliday:
		return a.t("holiday: %s", off.Holiday)
	case deadlines.OffClosed:
		return a.t("closing day")
	}
	return a.weekday(d.Weekday())
}

// meansName says by what means a conversation is held.
func (a *app) meansName(means string) string {
	if means == "" || means == casefile.Phone {
		return a.t("by phone")
	}
	return casefile.OneLine(means)
}

// whoseAddress returns name and e-mail address of the complainant, for whoever has to
// see that it is the right person.
func (a *app) whoseAddress(c casefile.Complainant) string {
	name, email := casefile.OneLine(c.Name), casefile.OneLine(c.Email)
	switch {
	case c.Anonymous:
		return a.t("anonymous")
	case name == "" || email == "":
		return name + email
	}
	return name + " <" + email + ">"
}

// whose returns the name of the complainant, or else the address.
func whose(c *casefile.Case) string {
	if c.Complainant.Name != "" {
		return casefile.OneLine(c.Complainant.Name)
	}
	return casefile.OneLine(c.Complainant.Email)
}
