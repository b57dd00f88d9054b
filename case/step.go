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

// A row says what there is to know of a step: what it is, and the fields that its entry has
// beside the common ones. A mail and a text may stand with any step: a letter can carry out each, and
// a person may have a word to say at each.
type row struct {
	step     Step
	letter   bool // see [Step.Letter]
	cameIn   bool // see [Step.CameIn]
	incoming bool // see [Step.Incoming]
	must     []Field
	may      []Field
}

// table has every step, in the order in which the procedure tells them.
var table = []row{
	{step: Spoken, incoming: true},
	{step: Received, cameIn: true, incoming: true, may: []Field{FieldFiles}},
	{step: Asked, letter: true},
	{step: Replied, cameIn: true, incoming: true, may: []Field{FieldFiles}},
	{step: Acknowledged, letter: true},
	{step: Proposed, letter: true},
	{step: Invited, letter: true, must: []Field{FieldWhen}, may: []Field{FieldMeans}},
	{step: CalledOff, may: []Field{FieldReason}},
	{step: Heard},
	{step: Extended, letter: true, must: []Field{FieldUntil, FieldReason}},
	{step: Wrote, letter: true},
	{step: Closed, letter: true, must: []Field{FieldOutcome}, may: []Field{FieldLearned}},
	{step: Reopened, must: []Field{FieldReason}},
	{step: Referred, cameIn: true, must: []Field{FieldBody}},
	{step: Admitted, cameIn: true, may: []Field{FieldBody}},
	{step: Declined, cameIn: true, may: []Field{FieldBody}},
	{step: Ruled, cameIn: true, must: []Field{FieldText}, may: []Field{FieldNothingToDo}},
	{step: Complied},
	{step: Held, must: []Field{FieldReason, FieldReview}},
	{step: Released, may: []Field{FieldReason}},
	{step: Undelivered, cameIn: true, incoming: true, must: []Field{FieldLetter}},
	{step: Noted, may: []Field{FieldFiles}},
	{step: Moved, must: []Field{FieldTo}},
}

var rows = func() map[Step]row {
	m := map[Step]row{}
	for _, r := range table {
		m[r.step] = r
	}
	return m
}()

// Steps returns every step, in the order in which the procedure tells them.
func Steps() []Step {
	var steps []Step
	for _, r := range table {
		steps = append(steps, r.step)
	}
	return steps
}

// Valid reports whether s is a step of the procedure.
func (s Step) Valid() bool { _, ok := rows[s]; return ok }

// May reports whether an entry of this step may have the field.
func (s Step) May(f Field) bool {
	switch f {
	case FieldMail, FieldText, FieldNoted:
		return true
	case FieldPromised, FieldWritten:
		return s.Letter() || s == Complied
	}
	return slices.Contains(rows[s].may, f) || slices.Contains(rows[s].must, f)
}

// Must returns the fields that an entry of this step cannot do without.
func (s Step) Must() []Field { return rows[s].must }

// Letter reports whether the step is carried out by a mail to the complainant.
// The first of them, whichever it is, confirms receipt as well (R4).
func (s Step) Letter() bool { return rows[s].letter }

// Undone reports whether the step counts as not taken when its letter comes
// back: what is carried out by telling the complainant is not done as long as
// that has not reached them. A ruling, or a note, stays what it is. (Carrying out
// a ruling was once a letter too.)
func (s Step) Undone() bool { return s.Letter() || s == Complied }

// CameIn reports whether the step is something that reached the firm: it stands
// on the day of its arrival (R2), which the mail that is given with it proves.
func (s Step) CameIn() bool { return rows[s].cameIn }

// Incoming reports whether the mail of the step is never one of ours. (What a body
// says came once with a letter of ours.)
func (s Step) Incoming() bool { return rows[s].incoming }

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
