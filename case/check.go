package casefile

import (
	"slices"
)

var mailName = Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// ValidMailName reports whether name can be the mail of an entry: the bare
// name of a file in the folder of the case, such as 01-received.eml. Paths,
// names of dots and names that start with a dash are not.
func ValidMailName(name string) bool { return mailName().MatchString(name) }

func validID(s string) bool { _, err := ParseID(s); return err == nil }

// Check looks at one entry by itself: a known step, all the fields that it
// needs and none that it cannot have, and values that can be. The field is the
// one that the error is about; it is "" where a field is missing or the entry
// as a whole is meant.
func (e Entry) Check() (Field, *Error) {
	if !e.Step.Valid() {
		return "step", Errorf("%q is not a step", string(e.Step)).WithHint("the steps are %s", Steps())
	}
	for _, f := range Fields() {
		if e.Has(f) && !e.Step.May(f) {
			return f, Errorf("%s has no field %q", string(e.Step), string(f))
		}
	}
	for _, f := range e.Step.Must() {
		if !e.Has(f) {
			return "", Errorf("%s needs a value for %q", string(e.Step), string(f))
		}
	}
	switch {
	case e.At.IsZero():
		return "at", Errorf("%s needs a value for %q", string(e.Step), "at")
	case e.By == "":
		return "by", Errorf("%s needs a value for %q", string(e.Step), "by")
	case e.Mail != "" && !ValidMailName(e.Mail):
		return FieldMail, Errorf("%q cannot be the name of a mail", e.Mail).
			WithHint("a mail is a file in the folder of the case; give its name without a folder")
	case e.Letter != "" && !ValidMailName(e.Letter):
		return FieldLetter, Errorf("%q cannot be the name of a mail", e.Letter).
			WithHint("a mail is a file in the folder of the case; give its name without a folder")
	case e.Step == Moved && !validID(e.To):
		return FieldTo, Errorf("%q is not the number of a complaint", e.To)
	case e.Step == Noted && e.Text == "" && len(e.Files) == 0:
		return "", Errorf("%s needs a value for %q", string(e.Step), "text")
	case e.Outcome != "" && !slices.Contains(Outcomes(), e.Outcome):
		return FieldOutcome, Errorf("%q is not an outcome", string(e.Outcome)).WithHint("the outcomes are %s", Outcomes())
	case e.Step == Extended && !e.Until.After(e.At.Date):
		return FieldUntil, Errorf("an extension must end after the day on which it is told")
	case e.Step == Held && e.Review.Before(e.At.Date):
		return FieldReview, Errorf("a hold is looked at again on or after the day on which it starts")
	case !e.Noted.IsZero() && e.Noted.Before(e.At.Date):
		return FieldNoted, Errorf("a step cannot be written down before it happened")
	case e.Written.After(e.At.Date):
		return FieldWritten, Errorf("a letter cannot leave before it was written")
	}
	for _, name := range e.Files {
		if !ValidMailName(name) {
			return FieldFiles, Errorf("%q cannot be the name of a file", name).
				WithHint("a file stands in the folder of the case; give its name without a folder")
		}
	}
	for name := range e.Promised {
		if !slices.Contains(e.Promised.Keys(), name) {
			return FieldPromised, Errorf("%q is not a term that a letter can promise", name).WithHint("they are %s", Promisable())
		}
	}
	return "", nil
}
