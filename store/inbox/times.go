package inbox

import (
	"bytes"
	"strings"
	"time"
)

// Times returns what a mail says of itself: when its sender wrote it, and when the
// firm's server took it in (R2); each is zero if it does not say. Of one that the
// firm forwarded as an attachment both are of the inner mail. Only the head of
// the mail is read, unless it has another one inside.
func Times(raw []byte, firm Firm) (dated, arrived time.Time) {
	if bytes.Contains(bytes.ToLower(raw), []byte("message/rfc822")) {
		if env, err := parse(raw); err == nil {
			if inner := forwarded(env, firm); inner != nil {
				return date(inner.Root.Header.Get("Date")), arrival(inner)
			}
		}
	}
	stamp := withoutComment(field(raw, "Received"))
	if i := strings.LastIndex(stamp, ";"); i >= 0 {
		arrived = date(stamp[i+1:])
	}
	return date(field(raw, "Date")), arrived
}

// field returns the first header of the name, on one line; "" if there is none.
func field(raw []byte, name string) string {
	var value []string
	for line := range bytes.Lines(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\uFEFF")), " \t\r\n")) {
		text := strings.TrimRight(string(line), "\r\n")
		folded := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")
		switch before, after, ok := strings.Cut(text, ":"); {
		case text == "" || value != nil && !folded:
			return strings.Join(value, " ")
		case value != nil:
			value = append(value, strings.TrimSpace(text))
		case ok && !folded && strings.EqualFold(before, name):
			value = []string{strings.TrimSpace(after)}
		}
	}
	return strings.Join(value, " ")
}
