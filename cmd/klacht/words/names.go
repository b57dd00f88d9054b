package words

import (
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Weekdays and Months are the names of days, from Sunday on, and of months, by language.
var (
	weekdayShort = map[string][7]string{
		"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		"nl": {"zo", "ma", "di", "wo", "do", "vr", "za"},
	}
	Weekdays = map[string][7]string{
		"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		"nl": {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	}
	monthShort = map[string][12]string{
		"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		"nl": {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
	}
	Months = map[string][12]string{
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	}
)

// Day writes a date with its weekday: vr 27 nov 2026.
func (w *Words) Day(d casefile.Date) string { return w.DayShort(d) + d.Noon().Format(" 2006") }

// DayShort writes a date with its weekday and without the year: vr 27 nov.
func (w *Words) DayShort(d casefile.Date) string {
	return weekdayShort[w.Lang][d.Weekday()] + " " + w.DayMonth(d)
}

// DayMonth writes a date without its year: 27 nov.
func (w *Words) DayMonth(d casefile.Date) string {
	return d.Noon().Format("2 ") + monthShort[w.Lang][d.Month-1]
}

// DayNear writes a date, with the year if it is more than half a year away.
func (w *Words) DayNear(d casefile.Date) string {
	if away := w.Today.DaysUntil(d); away > -183 && away < 183 {
		return w.DayShort(d)
	}
	return w.Day(d)
}

// DayLong writes a date in full: maandag 7 december 2026.
func (w *Words) DayLong(d casefile.Date) string {
	return Weekdays[w.Lang][d.Weekday()] + d.Noon().Format(" 2 ") + Months[w.Lang][d.Month-1] + d.Noon().Format(" 2006")
}

// Moment writes a date, and the time of day where it is known.
func (w *Words) Moment(m casefile.Moment) string {
	return strings.TrimSpace(w.Day(m.Date) + " " + m.Clock())
}

// Weekday writes the name of a day of the week in full.
func (w *Words) Weekday(d time.Weekday) string { return Weekdays[w.Lang][d] }

// UrgencyName says how urgent an action is.
func (w *Words) UrgencyName(u deadlines.Urgency) string {
	switch u {
	case deadlines.TooLate:
		return w.T("overdue")
	case deadlines.Today:
		return w.T("today")
	case deadlines.Upcoming:
		return w.T("upcoming")
	case deadlines.Waiting:
		return w.T("waiting")
	}
	return string(u)
}

// DoName says what an action asks to do.
func (w *Words) DoName(act deadlines.Action) string {
	switch act.Do {
	case deadlines.DoAcknowledge:
		return w.T("confirm receipt")
	case deadlines.DoInform:
		return w.T("say what's next")
	case deadlines.DoClose:
		return w.T("close")
	case deadlines.DoHear:
		if act.Entry != nil && act.Entry.When.Clock() != "" {
			return w.T("talk at %s", act.Entry.When.Clock())
		}
		return w.T("talk")
	case deadlines.DoComply:
		switch {
		case act.Asked:
			return w.T("await answer")
		case act.Urgency == deadlines.Waiting:
			return w.T("await ruling")
		}
		return w.T("carry out")
	case deadlines.DoReview:
		return w.T("review the hold")
	case deadlines.DoRead:
		return w.T("read the reply of %s", w.DayNear(act.Entry.At.Date))
	case deadlines.DoSend:
		return w.T("send letter")
	case deadlines.DoInviteToWrite:
		return w.T("invite to write")
	}
	return string(act.Do)
}

// TermName says what a term is for.
func (w *Words) TermName(n deadlines.Name) string {
	switch n {
	case deadlines.Acknowledge:
		return w.T("confirm receipt")
	case deadlines.Inform:
		return w.T("say what's next")
	case deadlines.Hear:
		return w.T("talk")
	case deadlines.Decide:
		return w.T("decide")
	case deadlines.Close:
		return w.T("close")
	case deadlines.Extend:
		return w.T("tell of a delay")
	case deadlines.Comply:
		return w.T("carry out the ruling")
	}
	return string(n)
}

// VerdictName says how a promise stands.
func (w *Words) VerdictName(v deadlines.Verdict) string {
	switch v {
	case deadlines.OnTime:
		return w.T("on time")
	case deadlines.Late:
		return w.T("late")
	case deadlines.Open:
		return w.T("open")
	case deadlines.Overdue:
		return w.T("too late")
	case deadlines.NotNeeded:
		return w.T("not needed")
	}
	return string(v)
}

// StepName says what happened.
func (w *Words) StepName(s casefile.Step) string {
	switch s {
	case casefile.Spoken:
		return w.T("voiced")
	case casefile.Received:
		return w.T("received")
	case casefile.Asked:
		return w.T("clarification asked")
	case casefile.Replied:
		return w.T("reply came in")
	case casefile.Acknowledged:
		return w.T("receipt confirmed")
	case casefile.Proposed:
		return w.T("proposal made")
	case casefile.Invited:
		return w.T("invited to talk")
	case casefile.CalledOff:
		return w.T("appointment called off")
	case casefile.Heard:
		return w.T("conversation held")
	case casefile.Extended:
		return w.T("extended")
	case casefile.Wrote:
		return w.T("letter sent")
	case casefile.Closed:
		return w.T("closed")
	case casefile.Reopened:
		return w.T("reopened")
	case casefile.Referred:
		return w.T("referred")
	case casefile.Admitted:
		return w.T("taken by the body")
	case casefile.Declined:
		return w.T("not taken by the body")
	case casefile.Ruled:
		return w.T("ruling received")
	case casefile.Complied:
		return w.T("ruling carried out")
	case casefile.Held:
		return w.T("put on hold")
	case casefile.Released:
		return w.T("released from hold")
	case casefile.Undelivered:
		return w.T("a letter did not arrive")
	case casefile.Noted:
		return w.T("note")
	case casefile.Moved:
		return w.T("moved")
	}
	return string(s)
}

// StatusName says where a case stands.
func (w *Words) StatusName(s casefile.State) string {
	if s.Hold != nil {
		return w.T("%s, on hold", w.StatusWord(s.Status()))
	}
	return w.StatusWord(s.Status())
}

// StatusWord says a status in a word or two.
func (w *Words) StatusWord(s casefile.Status) string {
	switch s {
	case casefile.StatusSpoken:
		return w.T("spoken")
	case casefile.StatusOpen:
		return w.T("open")
	case casefile.StatusClosed:
		return w.T("closed")
	case casefile.StatusReferred:
		return w.T("referred")
	case casefile.StatusAdmitted:
		return w.T("with the body")
	case casefile.StatusRuled:
		return w.T("ruling")
	case casefile.StatusMoved:
		return w.T("part of another")
	}
	return string(s)
}

// OutcomeName says how a complaint ended.
func (w *Words) OutcomeName(o casefile.Outcome) string {
	switch o {
	case casefile.Agreed:
		return w.T("agreed")
	case casefile.Upheld:
		return w.T("upheld")
	case casefile.PartlyUpheld:
		return w.T("partly upheld")
	case casefile.Rejected:
		return w.T("rejected")
	case casefile.Withdrawn:
		return w.T("withdrawn")
	case casefile.NotAdmissible:
		return w.T("not admissible")
	}
	return string(o)
}

// KeepName says why a case is not purged.
func (w *Words) KeepName(r deadlines.KeepReason) string {
	switch r {
	case deadlines.KeepOpen:
		return w.T("it is open")
	case deadlines.KeepBody:
		return w.T("it lies with a body")
	case deadlines.KeepRuling:
		return w.T("there is a ruling to carry out")
	case deadlines.KeepHold:
		return w.T("it is on hold")
	case deadlines.KeepReply:
		return w.T("a reply came in that nobody has read")
	case deadlines.KeepRetention:
		return w.T("its time in the archive has not ended")
	case deadlines.KeepUnlimited:
		return w.T("the procedure keeps it without end")
	case deadlines.KeepTwice:
		return w.T("it is there twice; `klacht check` says where")
	case deadlines.KeepChanged:
		return w.T("it was removed before, and what has come back is not what went")
	case deadlines.KeepDamaged:
		return w.T("it is damaged")
	}
	return string(r)
}

// OffName says why a day is no working day.
func (w *Words) OffName(d casefile.Date, off deadlines.Off) string {
	switch off.Kind {
	case deadlines.OffHoliday:
		return w.T("holiday: %s", off.Holiday)
	case deadlines.OffClosed:
		return w.T("closing day")
	}
	return w.Weekday(d.Weekday())
}

// MeansName says by what means a conversation is held.
func (w *Words) MeansName(means string) string {
	if means == "" || means == casefile.Phone {
		return w.T("by phone")
	}
	return casefile.OneLine(means)
}

// WhoseAddress returns name and e-mail address of the complainant, for whoever has to
// see that it is the right person.
func (w *Words) WhoseAddress(c casefile.Complainant) string {
	name, email := casefile.OneLine(c.Name), casefile.OneLine(c.Email)
	switch {
	case c.Anonymous:
		return w.T("anonymous")
	case name == "" || email == "":
		return name + email
	}
	return name + " <" + email + ">"
}
