package casefile

import (
	"slices"
)

// Case is one complaint, as its file tells it.
type Case struct {
	ID          ID
	Key         Key  // "" in a case written before there were keys
	Also        []ID // numbers under which letters have left before the case got its own
	Received    Date // as written at the top of the file; zero while the complaint is only spoken, or where left out
	Subject     string
	About       string // the kind of complaint, one of those that the policy names; "" if it was not said
	Complainant Complainant
	Others      []Complainant // who complain together with the first; letters go to all who have an e-mail address
	Language    string        // of the complainant: "nl" or "en"
	Complaint   string        // the text of the complaint
	Log         []Entry
}

// Complainant is a person who complains.
type Complainant struct {
	Name      string
	Email     string
	Phone     string
	Address   string // to write to, as on an envelope: several lines
	Anonymous bool   // without a name: no letter can be written, and the terms run all the same
}

// Emails returns the e-mail addresses of all who complain, the first one first.
func (c *Case) Emails() []string {
	var list []string
	for _, p := range append([]Complainant{c.Complainant}, c.Others...) {
		if p.Email != "" {
			list = append(list, p.Email)
		}
	}
	return list
}

// InOrder returns the log in order of time: by civil date, and entries of one
// day in the order of the file. A step that was written down late stands where
// it happened. The entries keep their places in the file as Index.
func (c *Case) InOrder() []Placed {
	order := make([]Placed, len(c.Log))
	for i, e := range c.Log {
		order[i] = Placed{e, i}
	}
	slices.SortStableFunc(order, func(a, b Placed) int { return a.At.Date.Compare(b.At.Date) })
	return order
}

// Placed is an entry with its place in the log, counted from 0.
type Placed struct {
	Entry
	Index int
}

// Standing returns the log in order of time, without the steps that count as
// not taken because their letter came back.
func (c *Case) Standing() []Placed {
	back := c.CameBack()
	return slices.DeleteFunc(c.InOrder(), func(e Placed) bool { _, undone := back[e.Index]; return undone })
}

// CameBack returns the steps that count as not taken because their letter came
// back, by their place in the log, each with the entry that says so.
func (c *Case) CameBack() map[int]Entry {
	var back map[int]Entry
	for _, u := range c.Log {
		if u.Step != Undelivered {
			continue
		}
		for i, e := range c.Log {
			if e.Mail == u.Letter && e.Step.Undone() {
				if back == nil {
					back = map[int]Entry{}
				}
				back[i] = u
			}
		}
	}
	return back
}

// LastLetter returns the name of the last mail of ours that has not come back;
// "" if there is none.
func (c *Case) LastLetter() string {
	for _, e := range slices.Backward(c.InOrder()) {
		back := slices.ContainsFunc(c.Log, func(u Entry) bool { return u.Letter == e.Mail })
		if e.Mail != "" && e.Step.Undone() && !back {
			return e.Mail
		}
	}
	return ""
}

// ReceivedOn returns the date on which the complaint was received in writing
// (R2), from the log; zero while it is only spoken.
func (c *Case) ReceivedOn() Date {
	for _, e := range c.InOrder() {
		if e.Step == Received {
			return e.At.Date
		}
	}
	return Date{}
}

// AsOf returns the case as it stood at the end of a day: without the steps that
// came later. ok is false if nothing had happened by then.
func (c *Case) AsOf(day Date) (as Case, ok bool) {
	as = *c
	as.Log = slices.DeleteFunc(slices.Clone(c.Log), func(e Entry) bool { return e.At.Date.After(day) })
	if as.ReceivedOn().IsZero() {
		as.Received = Date{}
	}
	return as, len(as.Log) > 0
}

// Closing returns the last closing that stands, whether the case was taken up
// again or not; ok is false if there is none.
func (c *Case) Closing() (closing Entry, ok bool) {
	for _, e := range c.Standing() {
		if e.Step == Closed {
			closing, ok = e.Entry, true
		}
	}
	return closing, ok
}

// Began returns the date on which the case began: of receipt, or of being
// voiced while it is only spoken. Its year is the year of the ID.
func (c *Case) Began() Date {
	if len(c.Log) == 0 {
		return Date{}
	}
	return c.InOrder()[0].At.Date
}

// Has reports whether the log has an entry of the step.
func (c *Case) Has(s Step) bool {
	return slices.ContainsFunc(c.Log, func(e Entry) bool { return e.Step == s })
}
