package words

import (
	"strconv"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Term writes a term as the procedure states it, with what it is counted from.
func (w *Words) Term(t deadlines.Term) string {
	if t.After != "" {
		after := t.After
		t.After = ""
		return w.T("%s after %s", w.Term(t), named(w, beginnings, after))
	}
	if t.N == 0 && t.Unit == deadlines.Days {
		return w.T("the same day")
	}
	if w.Lang == "en" {
		return t.String()
	}
	unit := unitsNL[t.Unit]
	if t.N == 1 {
		return "1 " + unit[0]
	}
	return strconv.Itoa(t.N) + " " + unit[1]
}

// unitsNL are the units of a term in Dutch, of one and of more.
var unitsNL = map[deadlines.Unit][2]string{deadlines.Workdays: {"werkdag", "werkdagen"}, deadlines.Hours: {"uur", "uur"}, deadlines.Days: {"dag", "dagen"},
	deadlines.Weeks: {"week", "weken"}, deadlines.Months: {"maand", "maanden"}, deadlines.Years: {"jaar", "jaar"}}

// beginnings are the steps that a term is counted from.
var beginnings = map[casefile.Step]string{
	casefile.Received:     say("receipt"),
	casefile.Heard:        say("the conversation"),
	casefile.Ruled:        say("the ruling"),
	casefile.Acknowledged: say("the confirmation of receipt"),
	casefile.Closed:       say("closing"),
	casefile.Referred:     say("the referral"),
	casefile.Admitted:     say("admission by the body"),
}
