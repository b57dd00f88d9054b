package inbox

import (
	"net/mail"
	"regexp"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"

	"github.com/jhillyerd/enmime/v2"
)

// Stamps are what a mail says of its times.
type Stamps struct {
	Dated     time.Time // by the sender's own clock; zero if the mail does not say, or not in a form that can be read
	Arrived   time.Time // by the stamps of servers, see [arrived]; zero if none tells
	Topmost   time.Time // by the topmost stamp, even one of fetching; zero if it cannot be read
	Forwarded bool      // the firm forwarded the mail as an attachment; all of this is of the inner mail
}

// stampsOf reads the Date of a mail and its Received headers, the topmost first.
func stampsOf(dated string, received []string, firm Firm) Stamps {
	s := Stamps{Dated: date(dated), Arrived: arrived(received, firm)}
	if len(received) > 0 {
		s.Topmost = stamp(received[0])
	}
	return s
}

// envelopeStamps are the stamps of a mail that was parsed.
func envelopeStamps(env *enmime.Envelope, firm Firm, forwarded bool) Stamps {
	s := stampsOf(env.Root.Header.Get("Date"), env.Root.Header["Received"], firm)
	s.Forwarded = forwarded
	return s
}

// arrived returns when a server took a mail in for the firm (R2), by its Received
// headers (RFC 5321, 4.4), the topmost first. Each server puts its own above those that
// are there, so that the topmost is of the last one; below that of the firm's server
// stands what a sender may have made up, and nothing tells for certain where that begins.
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
// firm begin sooner. The time is zero if no arrival can be read.
func arrived(received []string, firm Firm) (at time.Time) {
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
	if !known {
		return time.Time{}
	}
	return at
}

// hop is what a Received header says.
type hop struct {
	at      time.Time // zero if it cannot be read
	fetched bool      // a program took the mail out of a mailbox
	own     bool      // a server received it for an address of the firm
}

func hopOf(received string, firm Firm) hop {
	said := uncommented(received)
	m := receivedFor.FindStringSubmatch(said)
	return hop{stamp(received), fetched.MatchString(said), m != nil && firm.Own(m[1])}
}

var (
	fetched     = regexp.MustCompile(`(?i)\swith\s+(?:k?pop|imap)\d*`) // fetchmail, getmail, mpop and Gmail alike
	receivedFor = regexp.MustCompile(`(?i)\sfor\s+<?([^\s<>;]+@[^\s<>;]+)`)
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

// zones are the names of zones that servers write instead of an offset. Of any
// other name the library would make the zone of this machine, or UTC.
var zones = map[string]string{
	"GMT": "+0000", "UT": "+0000", "UTC": "+0000", "Z": "+0000",
	"CET": "+0100", "MET": "+0100", "CEST": "+0200", "MEST": "+0200",
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

// Arrival is when a mail came in (R2), as far as that is known.
type Arrival struct {
	At      casefile.Moment // in the zone of the firm; zero if nothing tells
	Topmost casefile.Date   // by the topmost stamp of the mail, where that is another day; else zero
	Doubt   *casefile.Error // why only a person can say whether At is right; nil if it is
}

// doubtful is how far a stamp may lie from what it is held against.
const doubtful = 60 * 24 * time.Hour

// Arrival returns when a mail came in: by its stamps, or by the source that it stands
// in, which is the zero Item where there is none.
//
// Where both say, the earlier counts. A mail that was moved or copied often bears
// the time of that in the source; and should the clocks differ, then the earlier
// date is the safe one. Three times of a source do not count beside a stamp: one that
// is rough, one that is the sender's own Date, which some programs give to a mail that
// they copy, and one of more than a day before that. Nor does the source count for a
// mail that the firm forwarded: it says when that was done.
//
// What lies more than 60 days from the sender's Date is doubtful, and so is what lies
// as long before the first version of the procedure: a register takes in the complaints
// that run when it is made, and none that are long over.
func (s Stamps) Arrival(it Item, p *deadlines.Policy) (a Arrival) {
	at := s.Arrived
	switch {
	case s.Forwarded, it.At.IsZero():
	case at.IsZero():
		at = it.At
	case it.Rough, it.At.Unix() == s.Dated.Unix(), it.At.Before(s.Dated.AddDate(0, 0, -1)), it.At.After(at):
	default:
		at = it.At
	}
	if at.IsZero() {
		return a
	}
	a.At = casefile.MomentOf(at, p.Zone)
	if top := casefile.MomentOf(s.Topmost, p.Zone).Date; !s.Topmost.IsZero() && top != a.At.Date {
		a.Topmost = top
	}
	switch began := p.Versions[0].From; {
	case !s.Dated.IsZero() && at.Sub(s.Dated).Abs() > doubtful:
		a.Doubt = casefile.Errorf("the mail seems to have come in on %s, but its sender dates it %s", a.At.Date, casefile.MomentOf(s.Dated, p.Zone).Date)
	case a.At.Date.Before(began.AddDays(-int(doubtful.Hours() / 24))):
		a.Doubt = casefile.Errorf("the mail seems to have come in on %s, long before %s, when your procedure began", a.At.Date, began)
	}
	return a
}
