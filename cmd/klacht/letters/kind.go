package letters

import (
	"slices"

	casefile "klacht/case"
)

// Kind is the name of a letter. Its templates are KIND.nl.txt and KIND.en.txt.
type Kind string

// The letters, with the promise that each carries out.
const (
	Acknowledgement   Kind = "acknowledgement"     // it has come in (R4)
	Clarification     Kind = "clarification"       // asks to make it clearer (R3)
	Proposal          Kind = "proposal"            // to settle it (R6)
	Invitation        Kind = "invitation"          // to talk (R7)
	Extension         Kind = "extension"           // it takes longer: why, and until when (R12)
	Closing           Kind = "closing"             // how it ended, and where else to turn (R10, R15)
	Acceptance        Kind = "acceptance"          // of a ruling (R16)
	InFavour          Kind = "ruling-in-favour"    // a ruling that leaves the firm nothing to do
	Compliance        Kind = "compliance"          // the ruling was carried out (R16)
	InvitationToWrite Kind = "invitation-to-write" // for a spoken complaint (R1)
	Reopening         Kind = "reopening"           // it is taken up again
	Answer            Kind = "answer"              // to a mail of the complainant
	OwnWords          Kind = "own-words"           // whatever there is to say
)

// Parts is no letter: it is what the letters share.
const Parts Kind = "parts"

// steps holds the step that each letter carries out.
var steps = []struct {
	kind Kind
	step casefile.Step
}{
	{Acknowledgement, casefile.Acknowledged},
	{Clarification, casefile.Asked},
	{Proposal, casefile.Proposed},
	{Invitation, casefile.Invited},
	{Extension, casefile.Extended},
	{Closing, casefile.Closed},
	{Acceptance, casefile.Wrote},
	{InFavour, casefile.Wrote},
	{Compliance, casefile.Wrote},
	{InvitationToWrite, casefile.Wrote},
	{Reopening, casefile.Wrote},
	{Answer, casefile.Wrote},
	{OwnWords, casefile.Wrote},
}

// All returns every letter, in the order of the procedure.
func All() []Kind {
	var all []Kind
	for _, s := range steps {
		all = append(all, s.kind)
	}
	return all
}

// For returns the letter that goes with a step, the plainest where there are
// several; ok is false if none does.
func For(step casefile.Step) (k Kind, ok bool) {
	for _, s := range slices.Backward(steps) {
		if s.step == step {
			return s.kind, true
		}
	}
	return "", false
}

// About returns the letter without a step of its own that a case calls for: about
// the last thing that happened since our last letter, or else [OwnWords].
func About(c *casefile.Case) Kind {
	if c.ReceivedOn().IsZero() && !c.Has(casefile.Wrote) && !c.Has(casefile.Asked) {
		return InvitationToWrite
	}
	for _, e := range slices.Backward(c.Standing()) {
		if e.Step.Letter() {
			break
		}
		if k := answering(e.Entry); k != "" {
			return k
		}
	}
	return OwnWords
}

// answering returns the letter that tells of a step; "" if there is none.
func answering(e casefile.Entry) Kind {
	switch e.Step {
	case casefile.Ruled:
		if e.NothingToDo {
			return InFavour
		}
		return Acceptance
	case casefile.Complied:
		return Compliance
	case casefile.Reopened:
		return Reopening
	case casefile.Replied:
		return Answer
	}
	return ""
}

// Last returns the letter that tells of the last of these steps; "" if the case
// has none of them.
func Last(c *casefile.Case, step casefile.Step) Kind {
	for _, e := range slices.Backward(c.Standing()) {
		if e.Step == step {
			return answering(e.Entry)
		}
	}
	return ""
}

// step returns the step of a letter; "" if there is no such letter.
func (k Kind) step() casefile.Step {
	for _, s := range steps {
		if s.kind == k {
			return s.step
		}
	}
	return ""
}

// Languages returns the languages that letters are written in.
func Languages() []string { return []string{"nl", "en"} }

// File returns the name of a template: closing.nl.txt.
func File(k Kind, lang string) string { return string(k) + "." + lang + ".txt" }
