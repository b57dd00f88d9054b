package casefile

import "slices"

// Step is the kind of an entry in the log of a case.
type Step string

// The steps of the procedure, with the promise that each carries out.
const (
	Spoken       Step = "spoken"       // voiced, not yet written; no term runs (R1)
	Received     Step = "received"     // the complaint came in, in writing (R1, R2)
	Asked        Step = "asked"        // clarification was asked by mail (R3)
	Replied      Step = "replied"      // a mail of the complainant came in for this case
	Acknowledged Step = "acknowledged" // receipt was confirmed (R4)
	Proposed     Step = "proposed"     // a proposal to settle it went out (R6)
	Invited      Step = "invited"      // a conversation was proposed, with date and means (R7); replaces an earlier appointment
	CalledOff    Step = "called-off"   // the appointment does not take place
	Heard        Step = "heard"        // the conversation took place (R7)
	Extended     Step = "extended"     // told that it takes longer, and until when (R12)
	Wrote        Step = "wrote"        // a letter without a step of its own
	Closed       Step = "closed"       // the closing mail went out (R10)
	Reopened     Step = "reopened"     // taken up again
	Referred     Step = "referred"     // the complainant turned to a body (R15)
	Admitted     Step = "admitted"     // the body takes the case (R16)
	Declined     Step = "declined"     // the body does not take it
	Ruled        Step = "ruled"        // the ruling of the body came in; the firm accepts it (R16)
	Complied     Step = "complied"     // the ruling was carried out (R16)
	Held         Step = "held"         // must not be purged, with a reason and a review date; replaces an earlier hold
	Released     Step = "released"     // may be purged again
	Undelivered  Step = "undelivered"  // a letter came back; the step that it carried out is undone
	Noted        Step = "noted"        // the owner's own note
	Moved        Step = "moved"        // it was a part of another complaint: it counts for nothing any more
)

// form says which fields an entry of a step may have beside the common ones, and
// which it must have. A mail and a text may stand with any step: a letter can
// carry out each, and a person may have a word to say at each.
type form struct {
	may  []Field
	must []Field
}

var forms = map[Step]form{
	Spoken:       {},
	Received:     {may: []Field{FieldFiles}},
	Asked:        {},
	Replied:      {may: []Field{FieldFiles}},
	Acknowledged: {},
	Proposed:     {},
	Invited:      {may: []Field{FieldWhen, FieldMeans}, must: []Field{FieldWhen}},
	CalledOff:    {may: []Field{FieldReason}},
	Heard:        {},
	Extended:     {may: []Field{FieldUntil, FieldReason}, must: []Field{FieldUntil, FieldReason}},
	Wrote:        {},
	Closed:       {may: []Field{FieldOutcome, FieldLearned}, must: []Field{FieldOutcome}},
	Reopened:     {may: []Field{FieldReason}, must: []Field{FieldReason}},
	Referred:     {may: []Field{FieldBody}, must: []Field{FieldBody}},
	Admitted:     {may: []Field{FieldBody}},
	Declined:     {may: []Field{FieldBody}},
	Ruled:        {may: []Field{FieldNothingToDo}, must: []Field{FieldText}},
	Complied:     {},
	Held:         {may: []Field{FieldReason, FieldReview}, must: []Field{FieldReason, FieldReview}},
	Released:     {may: []Field{FieldReason}},
	Undelivered:  {may: []Field{FieldLetter}, must: []Field{FieldLetter}},
	Noted:        {may: []Field{FieldFiles}},
	Moved:        {may: []Field{FieldTo}, must: []Field{FieldTo}},
}

// Steps returns every step, in the order in which the procedure tells them.
func Steps() []Step {
	return []Step{Spoken, Received, Asked, Replied, Acknowledged, Proposed, Invited, CalledOff, Heard, Extended, Wrote,
		Closed, Reopened, Referred, Admitted, Declined, Ruled, Complied, Held, Released, Undelivered, Noted, Moved}
}

// Valid reports whether s is a step of the procedure.
func (s Step) Valid() bool { _, ok := forms[s]; return ok }

// May reports whether an entry of this step may have the field.
func (s Step) May(f Field) bool {
	switch f {
	case FieldMail, FieldText, FieldNoted:
		return true
	case FieldPromised, FieldWritten:
		return s.Letter() || s == Complied
	}
	return slices.Contains(forms[s].may, f)
}

// Must returns the fields that an entry of this step cannot do without.
func (s Step) Must() []Field { return forms[s].must }

// Letter reports whether the step is carried out by a mail to the complainant.
// The first of them, whichever it is, confirms receipt as well (R4).
func (s Step) Letter() bool {
	switch s {
	case Asked, Acknowledged, Proposed, Invited, Extended, Wrote, Closed:
		return true
	}
	return false
}

// Undone reports whether the step counts as not taken when its letter comes
// back: what is carried out by telling the complainant is not done as long as
// that has not reached them. A ruling, or a note, stays what it is. (Carrying out
// a ruling was once a letter too.)
func (s Step) Undone() bool { return s.Letter() || s == Complied }

// CameIn reports whether the step is something that reached the firm: it stands
// on the day of its arrival (R2), which the mail that is given with it proves.
func (s Step) CameIn() bool {
	switch s {
	case Received, Replied, Referred, Admitted, Declined, Ruled, Undelivered:
		return true
	}
	return false
}

// Incoming reports whether the mail of the step is never one of ours. (What a body
// says came once with a letter of ours.)
func (s Step) Incoming() bool {
	return s == Spoken || s == Received || s == Replied || s == Undelivered
}

// Outcome says how a complaint ended.
type Outcome string

// The outcomes that a closing can have.
const (
	Agreed        Outcome = "agreed"
	Upheld        Outcome = "upheld"
	PartlyUpheld  Outcome = "partly-upheld"
	Rejected      Outcome = "rejected"
	Withdrawn     Outcome = "withdrawn"
	NotAdmissible Outcome = "not-admissible"
)

// Outcomes returns every outcome.
func Outcomes() []Outcome {
	return []Outcome{Agreed, Upheld, PartlyUpheld, Rejected, Withdrawn, NotAdmissible}
}

// Phone is the means of a conversation unless another was agreed (R7).
const Phone = "phone"
