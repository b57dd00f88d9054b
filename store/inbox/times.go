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
				arrived, _ = arrival(inner.Root.Header["Received"], firm)
				return date(inner.Root.Header.Get("Date")), arrived
			}
		}
	}
	for _, value := range fields(raw, "Date", 1) {
		dated = date(value)
	}
	arrived, _ = arrival(fields(raw, "Received", maxStamps), firm)
	return dated, arrived
}

// maxStamps is the most stamps of a mail that are looked at.
const maxStamps = 200

// fields returns the first headers of the name, each on one line.
func fields(raw []byte, name string, most int) (values []string) {
	var value []string
	take := func() {
		if value != nil {
			values, value = append(values, strings.Join(value, " ")), nil
		}
	}
	for line := range bytes.Lines(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\uFEFF")), " \t\r\n")) {
		text := strings.TrimRight(string(line), "\r\n")
		folded := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")
		if !folded {
			take()
		}
		switch before, after, ok := strings.Cut(text, ":"); {
		case text == "" || len(values) == most:
			return values
		case folded && value != nil:
			value = append(value, strings.TrimSpace(text))
		case ok && !folded && strings.EqualFold(strings.TrimRight(before, " \t"), name):
			value = []string{strings.TrimSpace(after)}
		}
	}
	take()
	return values
}
