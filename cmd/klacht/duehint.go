package main

import (
	"fmt"
	"strings"

	"klacht/deadlines"
)

// hint says what to type for an action, where no action of its kind stands above
// it; else it is "".
func (v *dueView) hint(x deadlines.Action) string {
	kind := v.command(x, "")
	if kind == "" || v.hinted[kind] {
		return ""
	}
	v.hinted[kind] = true
	return v.command(x, v.short(x))
}

// command says what to type for an action; id is what to type for its case. A
// letter that waits says so itself.
func (v *dueView) command(x deadlines.Action, id string) string {
	if x.Case != nil && x.Case.Emails() == nil { // no letter can be sent
		switch {
		case x.Do == deadlines.DoAcknowledge:
			return v.T("without e-mail: `klacht ack %s --no-letter`", id)
		case x.Do == deadlines.DoInform:
			return v.T("without e-mail: `klacht hear %[1]s`, or `klacht propose %[1]s --no-letter --text '…'`", id)
		case x.Do == deadlines.DoClose && !v.idleSpoken(x):
			return v.T("without e-mail: `klacht close %s --no-letter`", id)
		case x.Do == deadlines.DoInviteToWrite && x.Urgency != deadlines.Waiting:
			return v.T("call, then `klacht write %s --no-letter --text '…'`", id)
		}
	}
	switch {
	case x.Do == deadlines.DoAcknowledge:
		return v.T("`klacht ack %s`", id)
	case x.Do == deadlines.DoInform:
		return v.T("`klacht propose %[1]s`, or `klacht invite %[1]s`", id)
	case x.Do == deadlines.DoHear && x.Entry == nil:
		return v.T("`klacht invite %s`", id)
	case x.Do == deadlines.DoHear:
		return v.T("afterwards `klacht hear %s`", id)
	case x.Do == deadlines.DoClose && v.idleSpoken(x):
		return v.T("to end it: `klacht close %s --outcome withdrawn --no-letter`", id)
	case x.Do == deadlines.DoClose:
		return v.T("`klacht close %s`", id)
	case x.Do == deadlines.DoComply && x.Asked:
		return v.T("when it answers: `klacht refer %s --admitted`, or --declined", id)
	case x.Do == deadlines.DoComply && x.Urgency == deadlines.Waiting:
		return v.T("when it rules: `klacht ruling %s`", id)
	case x.Do == deadlines.DoComply:
		return v.T("`klacht comply %s`", id)
	case x.Do == deadlines.DoReview:
		return v.T("`klacht release %[1]s`, or `klacht hold %[1]s` prolongs it", id)
	case x.Do == deadlines.DoRead:
		return v.T("`klacht show %s`; a note or a letter takes it off this list", id)
	case x.Do == deadlines.DoInviteToWrite && x.Urgency == deadlines.Waiting:
		return v.T("when the mail comes: `klacht new MAIL --case %s`", id)
	case x.Do == deadlines.DoInviteToWrite:
		return v.T("`klacht write %s`", id)
	}
	return ""
}

// short returns what to type for the case of an action: its running number, with the
// letters of its series, where that says enough.
func (v *dueView) short(x deadlines.Action) string {
	number := fmt.Sprint(strings.ToLower(x.Case.ID.Series()), x.Case.ID.Number())
	if id, err := v.reg.Find(number); err == nil && id == x.Case.ID {
		return number
	}
	return string(x.Case.ID)
}

// idleSpoken reports whether an action is about a spoken complaint that nothing
// more seems to come of.
func (v *dueView) idleSpoken(x deadlines.Action) bool {
	return x.Do == deadlines.DoClose && x.Due.IsZero() && x.Urgency == deadlines.Today
}
