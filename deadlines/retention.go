package deadlines

import (
	casefile "klacht/case"
)

// Kept says how long a case is archived (R14).
type Kept struct {
	Settled   bool          // false while the case is open or with a body: then nothing else is set
	From      casefile.Date // the closing, or the carrying out of a ruling, that retention runs from
	Until     casefile.Date // the last day on which it is kept; zero if Unlimited
	Unlimited bool
}

// Retention says how long a case is kept. Five years, say, run from the date
// of the last closing, or of carrying out a ruling if that came later, to the
// same day five years on (29 February becomes 28 February). The policy can
// count from another step: then from its last occurrence, or from the closing if
// there was none. It never ends before that closing, nor before the time has
// passed in which the complainant can turn to a body.
func Retention(c *casefile.Case, s casefile.State, p *Policy) Kept {
	if !s.Closed || s.Committee != "" {
		return Kept{}
	}
	v := p.For(c)
	k := Kept{Settled: true, From: last(c, v.Archive.After, s.Settled)}
	if v.Archive.Unlimited {
		k.Unlimited = true
		return k
	}
	k.Until = later(s.Settled, v.Archive.length(k.From, v.Calendar))
	if !v.Appeal.IsZero() {
		k.Until = later(k.Until, v.Appeal.length(last(c, v.Appeal.After, s.Settled), v.Calendar))
	}
	return k
}

// FreeFrom returns the last day on which a case had to be kept: that of its
// retention, or a later one on which a hold on it ended, or a body let go of it.
// It is zero if it is kept without end, or not closed.
func FreeFrom(c *casefile.Case, s casefile.State, p *Policy) casefile.Date {
	k := Retention(c, s, p)
	if k.Until.IsZero() {
		return k.Until
	}
	return later(k.Until, later(last(c, casefile.Released, casefile.Date{}), last(c, casefile.Declined, casefile.Date{})))
}

// last returns the day of the last step of the kind, or else the day that is given.
func last(c *casefile.Case, step casefile.Step, day casefile.Date) casefile.Date {
	for _, e := range c.Standing() {
		if e.Step == step {
			day = e.At.Date
		}
	}
	return day
}

func later(a, b casefile.Date) casefile.Date {
	if a.After(b) {
		return a
	}
	return b
}

// length returns the last day of a term that never rolls.
func (t Term) length(start casefile.Date, c *Calendar) casefile.Date {
	return t.end(casefile.Moment{Date: start}, c, Stay).Date
}

// KeepReason says why a case must not be purged.
type KeepReason string

// The reasons to keep a case; [Purgeable] is the absence of one.
const (
	Purgeable     KeepReason = ""
	KeepOpen      KeepReason = "open"           // spoken, open, or reopened
	KeepBody      KeepReason = "with-body"      // referred or admitted
	KeepRuling    KeepReason = "ruling"         // a ruling to carry out
	KeepHold      KeepReason = "on-hold"        // on hold, whatever its review date
	KeepReply     KeepReason = "reply-to-read"  // a reply came in that nobody has read
	KeepRetention KeepReason = "retention"      // its retention has not ended
	KeepUnlimited KeepReason = "unlimited"      // the policy keeps it for ever
	KeepTwice     KeepReason = "there-twice"    // said by the store: two files, and no knowing which is the true one
	KeepChanged   KeepReason = "changed-since"  // said by the store: it was removed before, and is not what it was then
	KeepDamaged   KeepReason = "cannot-be-read" // said by the store: a case that cannot be read is never purged
)

// MayPurge says whether a case may be purged on the day today, or why not.
// Purging is allowed from the day after the last day of retention.
func MayPurge(s casefile.State, k Kept, today casefile.Date) KeepReason {
	switch {
	case s.Committee == casefile.StatusRuled:
		return KeepRuling
	case s.Committee != "":
		return KeepBody
	case !s.Closed || !k.Settled:
		return KeepOpen
	case s.Hold != nil:
		return KeepHold
	case s.Unread != nil:
		return KeepReply
	case k.Unlimited:
		return KeepUnlimited
	case !today.After(k.Until):
		return KeepRetention
	}
	return Purgeable
}
