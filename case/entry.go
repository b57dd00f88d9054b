package casefile

import "strings"

// Entry is one step that was taken. Which fields it has depends on the step.
type Entry struct {
	At          Moment // when it happened at the firm, not when it was written down
	Step        Step
	By          string   // who did it
	When        Moment   // of an appointment
	Means       string   // of an appointment: Phone unless agreed otherwise
	Until       Date     // the new date that an extension promises, included
	Reason      string   // of an extension, a reopening, a hold, an appointment that is called off
	Outcome     Outcome  // of a closing
	Body        string   // that a case was referred to
	NothingToDo bool     // of a ruling: the firm has nothing to carry out, so it closes the case
	Review      Date     // on which a hold is looked at again
	Letter      string   // name of the mail that came back
	To          string   // the number of the complaint that it is a part of
	Text        string   // what was said, or written
	Learned     string   // what the firm learned from the complaint; nothing about a person
	Files       []string // names of files in the folder of the case: a scan, a photo
	Mail        string   // name of the mail in the folder of the case; never a path
	Written     Date     // Mail is the letter as it was written on this day; the owner sent it from elsewhere, on At
	Promised    Promised // the dates that the letter promises
	Noted       Date     // on which it was written down, where that was more than a day after it happened
}

// WriteDown says on which day the entry is written down, if that is more than a
// day after it happened.
func (e *Entry) WriteDown(today Date) {
	if e.At.Date.DaysUntil(today) > 1 {
		e.Noted = today
	}
}

// Promised holds the dates that a letter promises, by the name of the term, and
// under CountedFrom the day of receipt that they were counted from.
type Promised map[string]Date

// CountedFrom is the key of Promised that is no term.
const CountedFrom = "received"

// Promisable returns the names of the terms that a letter can promise, in the
// order of the procedure.
func Promisable() []string { return []string{"inform", "hear", "decide", "close", "comply"} }

// Field is the name of a field that an entry has beside at, step and by.
type Field string

// The fields of entries, as they stand in a case file and as the flags of the
// commands are called.
const (
	FieldWhen        Field = "when"
	FieldMeans       Field = "means"
	FieldUntil       Field = "until"
	FieldReason      Field = "reason"
	FieldOutcome     Field = "outcome"
	FieldBody        Field = "body"
	FieldNothingToDo Field = "nothing-to-do"
	FieldReview      Field = "review"
	FieldLetter      Field = "letter"
	FieldTo          Field = "to"
	FieldText        Field = "text"
	FieldLearned     Field = "learned"
	FieldFiles       Field = "files"
	FieldMail        Field = "mail"
	FieldWritten     Field = "written"
	FieldPromised    Field = "promised"
	FieldNoted       Field = "noted"
)

// Fields returns every field that entries can have, in the order of the file.
func Fields() []Field {
	return []Field{FieldWhen, FieldMeans, FieldUntil, FieldReason, FieldOutcome, FieldBody, FieldNothingToDo, FieldReview,
		FieldLetter, FieldTo, FieldText, FieldLearned, FieldFiles, FieldMail, FieldWritten, FieldPromised, FieldNoted}
}

// Value returns a pointer to the value of the field: a *string, *Outcome, *Date,
// *Moment, *bool, *[]string or *Promised. It is nil if there is no such field.
func (e *Entry) Value(f Field) any {
	switch f {
	case FieldWhen:
		return &e.When
	case FieldMeans:
		return &e.Means
	case FieldUntil:
		return &e.Until
	case FieldReason:
		return &e.Reason
	case FieldOutcome:
		return &e.Outcome
	case FieldBody:
		return &e.Body
	case FieldNothingToDo:
		return &e.NothingToDo
	case FieldReview:
		return &e.Review
	case FieldLetter:
		return &e.Letter
	case FieldTo:
		return &e.To
	case FieldText:
		return &e.Text
	case FieldLearned:
		return &e.Learned
	case FieldFiles:
		return &e.Files
	case FieldMail:
		return &e.Mail
	case FieldWritten:
		return &e.Written
	case FieldPromised:
		return &e.Promised
	case FieldNoted:
		return &e.Noted
	}
	return nil
}

// Has reports whether the entry has a value in the field.
func (e Entry) Has(f Field) bool { return e.said(f) != "" }

// said returns the value of a field as one text; "" if it has none.
func (e *Entry) said(f Field) string {
	switch v := e.Value(f).(type) {
	case *string:
		return *v
	case *Outcome:
		return string(*v)
	case *Date:
		return v.String()
	case *Moment:
		return v.String()
	case *bool:
		if *v {
			return "true"
		}
	case *[]string:
		return strings.Join(*v, "\n")
	case *Promised:
		return v.String()
	}
	return ""
}

// Keys returns every key that Promised can have, in the order of the file.
func (Promised) Keys() []string { return append([]string{CountedFrom}, Promisable()...) }

// String returns the dates in the order of the procedure: inform 2026-12-04,
// close 2026-12-18.
func (p Promised) String() string {
	var list []string
	for _, name := range p.Keys() {
		if d, ok := p[name]; ok {
			list = append(list, name+" "+d.String())
		}
	}
	return strings.Join(list, ", ")
}

// Same reports whether two entries say the same. Line breaks at the end of a text
// do not count.
func (e Entry) Same(o Entry) bool {
	for _, f := range Fields() {
		if strings.TrimRight(e.said(f), "\n") != strings.TrimRight(o.said(f), "\n") {
			return false
		}
	}
	return e.At.String() == o.At.String() && e.Step == o.Step && e.By == o.By
}
