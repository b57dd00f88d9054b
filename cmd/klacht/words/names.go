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

// say marks a sentence that is said elsewhere, so that its Dutch is not forgotten.
func say(s string) string { return s }

// named returns the name of a word that files and scripts know; where there is none, the word.
func named[T ~string](w *Words, names map[T]string, word T) string {
	if name, ok := names[word]; ok {
		return w.T(name)
	}
	return string(word)
}

var urgencies = map[deadlines.Urgency]string{
	deadlines.TooLate:  say("overdue"),
	deadlines.Today:    say("today"),
	deadlines.Upcoming: say("upcoming"),
	deadlines.Waiting:  say("waiting"),
}

// UrgencyName says how urgent an action is.
func (w *Words) UrgencyName(u deadlines.Urgency) string { return named(w, urgencies, u) }

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

var terms = map[deadlines.Name]string{
	deadlines.Acknowledge: say("confirm receipt"),
	deadlines.Inform:      say("say what's next"),
	deadlines.Hear:        say("talk"),
	deadlines.Decide:      say("decide"),
	deadlines.Close:       say("close"),
	deadlines.Extend:      say("tell of a delay"),
	deadlines.Comply:      say("carry out the ruling"),
}

// TermName says what a term is for.
func (w *Words) TermName(n deadlines.Name) string { return named(w, terms, n) }

var verdicts = map[deadlines.Verdict]string{
	deadlines.OnTime:    say("on time"),
	deadlines.Late:      say("late"),
	deadlines.Open:      say("open"),
	deadlines.Overdue:   say("too late"),
	deadlines.NotNeeded: say("not needed"),
}

// VerdictName says how a promise stands.
func (w *Words) VerdictName(v deadlines.Verdict) string { return named(w, verdicts, v) }

var steps = map[casefile.Step]string{
	casefile.Spoken:       say("voiced"),
	casefile.Received:     say("received"),
	casefile.Asked:        say("clarification asked"),
	casefile.Replied:      say("reply came in"),
	casefile.Acknowledged: say("receipt confirmed"),
	casefile.Proposed:     say("proposal made"),
	casefile.Invited:      say("invited to talk"),
	casefile.CalledOff:    say("appointment called off"),
	casefile.Heard:        say("conversation held"),
	casefile.Extended:     say("extended"),
	casefile.Wrote:        say("letter sent"),
	casefile.Closed:       say("closed"),
	casefile.Reopened:     say("reopened"),
	casefile.Referred:     say("referred"),
	casefile.Admitted:     say("taken by the body"),
	casefile.Declined:     say("not taken by the body"),
	casefile.Ruled:        say("ruling received"),
	casefile.Complied:     say("ruling carried out"),
	casefile.Held:         say("put on hold"),
	casefile.Released:     say("released from hold"),
	casefile.Undelivered:  say("a letter did not arrive"),
	casefile.Noted:        say("note"),
	casefile.Moved:        say("moved"),
}

// StepName says what happened.
func (w *Words) StepName(s casefile.Step) string { return named(w, steps, s) }

// What says what happened, with what matters most about it.
func (w *Words) What(e casefile.Entry) string {
	what := w.StepName(e.Step)
	switch e.Step {
	case casefile.Closed:
		what = w.T("%s: %s", what, w.OutcomeName(e.Outcome))
	case casefile.Extended:
		what = w.T("%s until %s", what, w.Day(e.Until))
	case casefile.Ruled:
		if e.NothingToDo {
			what = w.T("%s: nothing to carry out", what)
		}
	case casefile.Invited:
		what = w.T("%s: %s, %s", what, w.Moment(e.When), w.MeansName(e.Means))
	case casefile.Held:
		what = w.T("%s, to review on %s", what, w.Day(e.Review))
	case casefile.Referred:
		what = w.T("%s: %s", what, e.Body)
	case casefile.Undelivered:
		what = w.T("%s: %s", what, e.Letter)
	case casefile.Moved:
		what = w.T("%s to %s", what, e.To)
	}
	return what
}

// StatusName says where a case stands.
func (w *Words) StatusName(s casefile.State) string {
	if s.Hold != nil {
		return w.T("%s, on hold", w.StatusWord(s.Status()))
	}
	return w.StatusWord(s.Status())
}

var statuses = map[casefile.Status]string{
	casefile.StatusSpoken:   say("spoken"),
	casefile.StatusOpen:     say("open"),
	casefile.StatusClosed:   say("closed"),
	casefile.StatusReferred: say("referred"),
	casefile.StatusAdmitted: say("with the body"),
	casefile.StatusRuled:    say("ruling"),
	casefile.StatusMoved:    say("part of another"),
}

// StatusWord says a status in a word or two.
func (w *Words) StatusWord(s casefile.Status) string { return named(w, statuses, s) }

var outcomes = map[casefile.Outcome]string{
	casefile.Agreed:        say("agreed"),
	casefile.Upheld:        say("upheld"),
	casefile.PartlyUpheld:  say("partly upheld"),
	casefile.Rejected:      say("rejected"),
	casefile.Withdrawn:     say("withdrawn"),
	casefile.NotAdmissible: say("not admissible"),
}

// OutcomeName says how a complaint ended.
func (w *Words) OutcomeName(o casefile.Outcome) string { return named(w, outcomes, o) }

var keeps = map[deadlines.KeepReason]string{
	deadlines.KeepOpen:      say("it is open"),
	deadlines.KeepBody:      say("it lies with a body"),
	deadlines.KeepRuling:    say("there is a ruling to carry out"),
	deadlines.KeepHold:      say("it is on hold"),
	deadlines.KeepReply:     say("a reply came in that nobody has read"),
	deadlines.KeepRetention: say("its time in the archive has not ended"),
	deadlines.KeepUnlimited: say("the procedure keeps it without end"),
	deadlines.KeepTwice:     say("it is there twice; `klacht check` says where"),
	deadlines.KeepChanged:   say("it was removed before, and what has come back is not what went"),
	deadlines.KeepDamaged:   say("it is damaged"),
}

// KeepName says why a case is not purged.
func (w *Words) KeepName(r deadlines.KeepReason) string { return named(w, keeps, r) }

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
