package inbox

import (
	"net/mail"
	"regexp"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// arrival returns when a mail came in (R2) by its Received headers (RFC 5321, 4.4), and
// the topmost stamp of all; each is zero if none says.
//
// The headers stand from the last hop to the first, and only the first ones are of the
// firm's own servers. It came in when a server took it in for an address of the firm,
// which that notes (for <klachten@...>), whatever became of it after that: kept back over
// the weekend, passed on to another server of the firm, fetched from there. Of several
// such notes the earliest counts, and of that and the topmost stamp the earlier: so a
// header that a sender made up can only make it earlier, which is at the cost of the
// firm. A header of fetching, and the one above it of handing over what was fetched, say
// nothing of arrival.
func arrival(received []string, firm Firm) (at, top time.Time) {
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	first := true
	for i, line := range received {
		stamp := withoutComment(line)
		semicolon := strings.LastIndex(stamp, ";")
		if semicolon < 0 {
			if i == 0 {
				first = false // without a date the topmost says nothing, and the next is of somebody else
			}
			continue
		}
		t := date(stamp[semicolon+1:])
		if i == 0 {
			top = t
		}
		fetched := fetchedBy.MatchString(line) || handedOver.MatchString(line) && i+1 < len(received) && fetchedBy.MatchString(received[i+1])
		if t.IsZero() || fetched {
			first = first && fetched
			continue
		}
		if m := takenFor.FindStringSubmatch(stamp[:semicolon]); first || m != nil && firm.Own(m[1]) {
			earlier(t)
		}
		first = false
	}
	return at, top
}

// fetchedBy matches a header of a program that fetched the mail from another mailbox,
// handedOver one of a server that took it from a program on the same machine, takenFor
// the address for which a server took it in.
var (
	handedOver = regexp.MustCompile(`(?i)^\s*from\s+(?:localhost\b|\S+\s+\([^)]*(?:127\.0\.0\.1|::1)\b)`)
	fetchedBy  = regexp.MustCompile(`(?i)\bwith\s+(?:POP3?S?|IMAP4?S?)\b|\((?:fetchmail|getmail|mpop)\b|\bby\s+getmail`)
	takenFor   = regexp.MustCompile(`(?i)\bfor\s+<?([^\s<>;,]{1,64}@[^\s<>;,]{1,255})`)
)

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
// date is the safe one. Two times of a source do not count beside a stamp: one
// that is rough, and one that is the sender's own Date, which some programs give
// to a mail that they copy. Nor does the source count for a mail that the firm
// forwarded: it says when that was done.
func Arrival(m *Mail, it Item) time.Time {
	switch {
	case m.Forwarded, it.At.IsZero():
		return m.Arrived
	case m.Arrived.IsZero():
		return it.At
	case it.Rough, it.At.Unix() == m.Dated.Unix(), it.At.After(m.Arrived):
		return m.Arrived
	}
	return it.At
}
