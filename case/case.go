package casefile

import (
	"slices"
)

// Case is one complaint, as its file tells it.
type Case struct {
	ID          ID
	Also        []ID // numbers under which letters have left before the case got its own
	Received    Date // as written at the top of the file; zero while the complaint is only spoken, or where left out
	Subject     string
	Complainant Complainant
	Language    string // of the complainant: "nl" or "en"
	Complaint   string // the text of the complaint
	Log         []Entry
}

// Complainant is the person who complains.
type Complainant struct {
	Name  string
	Email string
	Phone string
}

// Entry is one step that was taken. Which fields it has depends on the step.
type Entry struct {
	At      Moment // when it happened, not when it was written down
	Step    Step
	By      string // who did it
	Mail    string // name of the mail in the folder of the case; never a path
	Text    string
	When    Moment // of an appointment
	Means   string // of an appointment: Phone unless agreed otherwise
	Until   Date   // the new date that an extension promises, included
	Reason  string
	Outcome Outcome
	Body    string // that a case was referred to
	Review  Date   // on which a hold is looked at again
	Letter  string // name of the mail that came back
	Learned string // what the firm learned from the complaint; nothing about a person
}

// Has reports whether the entry has a value in the field.
func (e Entry) Has(f Field) bool {
	switch f {
	case FieldMail:
		return e.Mail != ""
	case FieldText:
		return e.Text != ""
	case FieldWhen:
		return !e.When.IsZero()
	case FieldMeans:
		return e.Means != ""
	case FieldUntil:
		return !e.Until.IsZero()
	case FieldReason:
		return e.Reason != ""
	case FieldOutcome:
		return e.Outcome != ""
	case FieldBody:
		return e.Body != ""
	case FieldReview:
		return !e.Review.IsZero()
	case FieldLetter:
		return e.Letter != ""
	case FieldLearned:
		return e.Learned != ""
	}
	return false
}

// Fields returns every field that entries can have, in the order of the file.
func Fields() []Field {
	return []Field{FieldWhen, FieldMeans, FieldUntil, FieldReason, FieldOutcome, FieldBody, FieldReview,
		FieldLetter, FieldText, FieldLearned, FieldMail}
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
		if e.Mail != "" && !e.Step.Incoming() && !back {
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
