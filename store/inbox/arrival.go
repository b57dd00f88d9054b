package inbox

import (
	"net/mail"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// arrival returns when a server took a mail in for the firm (R2), and the topmost stamp of
// all, by its Received headers (RFC 5321, 4.4), the topmost first; each is zero if it
// cannot be read. Each server puts its own above those that are there, so that the topmost
// is of the last one; below that of the firm's server stands what a sender may have made
// up, and nothing tells for certain where that begins.
//
// What fetches a mail from its mailbox stamps it too, as does whatever it is handed on
// to: of those at and above the lowest stamp of fetching none is an arrival, and the one
// below it is. Without fetching that is the topmost. Each stamp that says that the mail
// was received for an address of the firm is an arrival as well: what stands above it
// are hops within its own house, such as out of quarantine.
//
// Of these arrivals, and of the stamps above that are not of fetching, the earliest
// counts. So nothing that is written below the topmost makes it later: who makes up a
// stamp, and a relay of the sender that kept the mail, can only make the terms of the
// firm begin sooner or, where no stamp names the firm, leave its owner to say when.
func arrival(received []string, firm Firm) (at, top time.Time) {
	hops := make([]hop, len(received))
	below := 0 // what fetched the mail
	for i, r := range received {
		if hops[i] = hopOf(r, firm); hops[i].fetched {
			below = i + 1
		}
	}
	known := false
	for i, h := range hops {
		if h.at.IsZero() || h.fetched || !h.own && i > below {
			continue
		}
		known = known || h.own || i == below
		if at.IsZero() || h.at.Before(at) {
			at = h.at
		}
	}
	if len(hops) > 0 {
		top = hops[0].at
	}
	if !known {
		return time.Time{}, top
	}
	return at, top
}

// hop is what a Received header says.
type hop struct {
	at      time.Time // zero if it cannot be read
	fetched bool      // a program took the mail out of a mailbox
	own     bool      // a server received it for an address of the firm
}

func hopOf(received string, firm Firm) hop {
	said := uncommented(received)
	m := receivedFor().FindStringSubmatch(said)
	return hop{stamp(received), fetched().MatchString(said), m != nil && firm.Own(m[1])}
}

var (
	fetched     = casefile.Pattern(`(?i)\s(?:with\s+(?:k?pop|imap)\d*|by\s+getmail\b)`) // so write fetchmail, getmail, mpop and Gmail alike
	receivedFor = casefile.Pattern(`(?i)\sfor\s+<?([^\s<>;]+@[^\s<>;]+)`)
)

// stamp returns the time of a Received header; zero if it cannot be read.
func stamp(received string) time.Time {
	received = withoutComment(received)
	i := strings.LastIndex(received, ";")
	if i < 0 {
		return time.Time{}
	}
	return date(received[i+1:])
}

// uncommented returns a header without any comment.
func uncommented(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// maxApart is how many days a stamp may be from the mail's own date, and how many before
// the procedure began, without a doubt.
const maxApart = 60

// Doubt says why it is doubtful that a mail came in at that time; nil if it is not.
func Doubt(at casefile.Moment, m *Mail, p *deadlines.Policy) *casefile.Error {
	if !m.Dated.IsZero() {
		sent := casefile.MomentOf(m.Dated, p.Zone).Date
		if n := sent.DaysUntil(at.Date); n > maxApart || n < -maxApart {
			return casefile.Errorf("by its stamp the mail came in on %s, but it was written on %s", at.Date, sent)
		}
	}
	if began := p.Versions[0].From; at.Date.DaysUntil(began) > maxApart {
		return casefile.Errorf("by its stamp the mail came in on %s, long before your procedure began (%s)", at.Date, began)
	}
	return nil
}

// zones are the names of zones that servers write instead of an offset. Of any
// other name the library would make the zone of this machine, or UTC.
var zones = map[string]string{
	"GMT": "+0000", "UT": "+0000", "UTC": "+0000", "Z": "+0000",
	"CET": "+0100", "MET": "+0100", "CEST": "+0200", "MEST": "+0200",
	"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700", // RFC 5322, 4.3
}

// date reads a date of RFC 5322; zero if it is none, or its zone is not known.
func date(s string) time.Time {
	s = withoutComment(strings.Join(strings.Fields(s), " "))
	i := strings.LastIndex(s, " ") + 1
	if offset, ok := zones[strings.ToUpper(s[i:])]; ok {
		s = s[:i] + offset
	} else if !strings.HasPrefix(s[i:], "+") && !strings.HasPrefix(s[i:], "-") {
		return time.Time{}
	}
	t, _ := mail.ParseDate(s)
	return t
}

// withoutComment returns a header without the comment at its end, which often
// names the zone.
func withoutComment(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndex(s, "("); i >= 0 && strings.HasSuffix(s, ")") {
		s = strings.TrimSpace(s[:i])
	}
	return s
}

// Arrival returns when a mail came in (R2): by the stamps in it, see [Mail], or by the
// source that it stands in; zero if neither says.
//
// Where both say, the earlier counts. A mail that was moved or copied often bears
// the time of that in the source; and should the clocks differ, then the earlier
// date is the safe one. Three times of a source do not count beside a stamp: one that
// is rough, one that is the sender's own Date, which some programs give to a mail that
// they copy, and one of more than a day before that. Nor does the source count for a
// mail that the firm forwarded: it says when that was done.
func Arrival(m *Mail, it Item) time.Time {
	switch {
	case m.Forwarded, it.At.IsZero():
		return m.Arrived
	case m.Arrived.IsZero():
		return it.At
	case it.Rough, it.At.Unix() == m.Dated.Unix(), it.At.Before(m.Dated.AddDate(0, 0, -1)), it.At.After(m.Arrived):
		return m.Arrived
	}
	return it.At
}
