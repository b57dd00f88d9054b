package deadlines

import (
	"cmp"
	"slices"

	casefile "klacht/case"
)

// Do is what an action asks the owner to do.
type Do string

// The actions of the morning summary.
const (
	DoAcknowledge   Do = "acknowledge"
	DoInform        Do = "inform"
	DoClose         Do = "close"
	DoHear          Do = "hear"
	DoComply        Do = "comply"
	DoReview        Do = "review"
	DoRead          Do = "read"
	DoInviteToWrite Do = "invite-to-write"
	DoSend          Do = "send"
	DoPurge         Do = "purge"
)

// Urgency is the state of an action on a day.
type Urgency string

// The urgencies. Today starts on the do-by date: on a Friday for a term that
// ends on Sunday, also if it began on that Friday. Waiting means that the next move
// is somebody else's.
const (
	TooLate  Urgency = "overdue"
	Today    Urgency = "today"
	Upcoming Urgency = "upcoming"
	Waiting  Urgency = "waiting"
)

// Action is one thing to do on one case.
type Action struct {
	Case    *casefile.Case
	Do      Do
	Row             // Due and DoBy are zero where no date runs
	Left    int     // working days after today up to and with Due; negative if it has passed, counted back to Due
	Used    float64 // how much of the term has gone by on the day: 0 to 1, or more if it is too late
	Urgency Urgency
	Entry   *casefile.Entry // the appointment, hold, referral, ruling or reply that it is about; or the letter that waits for an answer
	TellBy  casefile.Date   // of a closing: the last day on which a delay can be told in time; zero if none can be
	For     string          // the body that is waited for: for its ruling, or, if Asked, for whether it takes the case
	Asked   bool
	Lapsed  casefile.Date   // of a closing: the date that had passed when an extension was told; zero if none had
	Back    *casefile.Entry // the letter that would have done it, but came back; nil if none did
}

// idleAfter is how many days a spoken complaint waits for its writer before the
// summary asks whether it has come to nothing.
const idleAfter = 28

// Actions returns what is to be done on a case as of today, the most pressing
// first. A closed case that is not with a body nor on hold, and has no reply to
// read, has none.
func Actions(c *casefile.Case, s casefile.State, p *Policy, today casefile.Date) []Action {
	if s.Moved != "" {
		return nil
	}
	d := desk{c: c, v: p.For(c), today: today}
	if !s.Written && !s.Closed {
		d.spoken()
	}
	asked, b := unanswered(c), read(c, p, today)
	room := b.room()
	for _, pr := range b.rows {
		if do, ok := doing[pr.Term]; ok && pr.Running() {
			a := d.add(do, pr.Row)
			if a.Urgency == Upcoming && a.Left <= 0 { // received on a Friday, due on Sunday: no working day is left
				a.Urgency = Today
			}
			if do == DoClose {
				a.Entry, a.Lapsed = asked, pr.Lapsed
				if !room.None && (room.Latest.IsZero() || room.Latest.After(pr.Due)) && !today.After(room.TellBy) {
					a.TellBy = room.TellBy
				}
			}
			if do == DoComply {
				a.Entry = &s.Ruling
			}
		}
	}
	if e := s.Appointment; e != nil {
		d.list = slices.DeleteFunc(d.list, func(a Action) bool { return a.Do == DoHear && !a.Due.Before(e.When.Date) })
		d.add(DoHear, Row{Due: e.When.Date, DoBy: e.When.Date, Start: e.At.Date}).Entry = e
	}
	if s.Committee == casefile.StatusReferred || s.Committee == casefile.StatusAdmitted {
		d.list = append(d.list, Action{Case: c, Do: DoComply, Urgency: Waiting, Entry: &s.Referral,
			For: s.Referral.Body, Asked: s.Committee == casefile.StatusReferred, Row: d.answer(s, p)})
	}
	if len(d.list) == 0 && s.Status() == casefile.StatusOpen { // the procedure names no date, but it must not be forgotten
		d.list = append(d.list, Action{Case: c, Do: DoClose, Urgency: Upcoming, Entry: asked})
	}
	if h := s.Hold; h != nil {
		d.add(DoReview, Row{Due: h.Review, DoBy: d.v.Calendar.doBy(h.At.Date, h.Review), Start: h.At.Date}).Entry = h
	}
	if s.Unread != nil {
		d.list = append(d.list, Action{Case: c, Do: DoRead, Urgency: Today, Entry: s.Unread})
	}
	d.tellBack()
	slices.SortStableFunc(d.list, Action.Compare)
	return d.list
}

// spoken says what there is to do about a complaint that is not in writing: invite
// the complainant to write, wait for it, and when that takes too long end it.
func (d *desk) spoken() {
	since, invited := d.c.Began(), (*casefile.Entry)(nil)
	for _, e := range d.c.Standing() {
		if e.Step == casefile.Asked || e.Step == casefile.Wrote {
			since, invited = e.At.Date, &e.Entry
		}
	}
	a := Action{Case: d.c, Do: DoInviteToWrite, Urgency: Upcoming, Entry: invited}
	switch {
	case since.DaysUntil(d.today) > idleAfter:
		a.Do, a.Urgency = DoClose, Today
	case invited != nil:
		a.Urgency = Waiting
	}
	d.list = append(d.list, a)
}

// tellBack puts each letter that came back, and was not written anew since, with
// the action that it leaves undone; one that no action asks for, such as a
// question, with the closing.
func (d *desk) tellBack() {
	back := d.c.CameBack()
	order := d.c.InOrder()
	for n, e := range order {
		if _, ok := back[e.Index]; !ok || slices.ContainsFunc(order[n:], func(later casefile.Placed) bool {
			_, gone := back[later.Index]
			return later.Step == e.Step && !gone
		}) {
			continue
		}
		met := false
		for i := range d.list {
			for term, do := range doing {
				a := &d.list[i]
				if a.Do != do || !metBy[term](e.Step) || do == DoClose && e.Step != casefile.Closed {
					continue
				}
				if a.Back == nil || a.Back.Step == e.Step { // the first letter would have done it, however often it was tried
					a.Back, met = &e.Entry, true
				}
			}
		}
		if i := slices.IndexFunc(d.list, func(a Action) bool { return a.Do == DoClose }); !met && i >= 0 {
			d.list[i].Back = &e.Entry
		}
	}
}

var doing = map[Name]Do{
	Acknowledge: DoAcknowledge, Inform: DoInform, Hear: DoHear, Decide: DoClose, Close: DoClose, Comply: DoComply,
}

// Compare orders actions: by date, those without a date last, then by case.
func (a Action) Compare(b Action) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	if n := a.Due.Compare(b.Due); n != 0 {
		return n
	}
	return cmp.Or(a.Case.ID.Compare(b.Case.ID), cmp.Compare(rank(a.Do), rank(b.Do)))
}

func rank(d Do) int {
	return slices.Index([]Do{DoAcknowledge, DoHear, DoInform, DoClose, DoComply, DoReview, DoRead, DoInviteToWrite, DoSend, DoPurge}, d)
}

// desk gathers the actions of one case.
type desk struct {
	c     *casefile.Case
	v     *Version
	today casefile.Date
	list  []Action
}

func (d *desk) add(do Do, r Row) *Action {
	a := Action{Case: d.c, Do: do, Row: r, Left: d.v.Calendar.Between(d.today, r.Due)}
	a.Used = float64(r.Start.DaysUntil(d.today)) / float64(max(1, r.Start.DaysUntil(r.Due)))
	switch {
	case d.today.After(r.Due):
		a.Urgency = TooLate
	case !d.today.Before(r.DoBy):
		a.Urgency = Today
	default:
		a.Urgency = Upcoming
	}
	d.list = append(d.list, a)
	return &d.list[len(d.list)-1]
}

// answer returns the row for the answer of the body that the case was referred
// to: the day by which it says that it takes the case, where it promises one
// and has not said so yet.
func (d *desk) answer(s casefile.State, p *Policy) Row {
	i := slices.IndexFunc(p.Bodies, func(b Body) bool { return b.Name == s.Referral.Body })
	if i < 0 || p.Bodies[i].Answer.IsZero() || s.Committee != casefile.StatusReferred {
		return Row{}
	}
	start := s.Referral.At.Date
	due := p.Bodies[i].Answer.length(start, d.v.Calendar)
	return Row{Due: due, DoBy: due, Start: start}
}

// unanswered returns the last question or proposal that the complainant has
// not answered yet, by mail or in a conversation.
func unanswered(c *casefile.Case) *casefile.Entry {
	var last *casefile.Entry
	for _, e := range c.Standing() {
		switch e.Step {
		case casefile.Asked, casefile.Proposed:
			last = &e.Entry
		case casefile.Replied, casefile.Heard, casefile.Closed, casefile.Reopened, casefile.Ruled:
			last = nil
		}
	}
	return last
}
