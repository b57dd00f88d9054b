package inbox

import (
	"net/mail"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// arrival returns the time in the topmost Received header (RFC 5321, 4.4): the
// one that the server which took the mail in put there. Those below it, and
// Date, are what others say.
func arrival(env *enmime.Envelope) time.Time {
	stamp := withoutComment(env.Root.Header.Get("Received"))
	i := strings.LastIndex(stamp, ";")
	if i < 0 {
		return time.Time{}
	}
	return date(stamp[i+1:])
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

// Arrival returns when a mail came in (R2): by the stamp of the firm's server in
// its topmost Received header, or by the source that it stands in; zero if
// neither says.
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
