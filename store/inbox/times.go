package inbox

import (
	"bytes"
	"iter"
	"strings"
	"time"

	"klacht/deadlines"
)

// Times returns what a mail proves of itself: when its sender wrote it, and when the
// firm's server took it in (R2); each is zero if it does not say, the second as well
// where it is doubtful. See [Stamps.Arrival].
func Times(raw []byte, p *deadlines.Policy) (dated, arrived time.Time) {
	s := StampsOf(raw, p)
	if s.Arrival(Item{}, p).Doubt != nil {
		return s.Dated, time.Time{}
	}
	return s.Dated, s.Arrived
}

// StampsOf reads the stamps of a mail; of one that the firm forwarded as an attachment
// those of the inner mail. Only the head of the mail is read, unless it has another one
// inside.
func StampsOf(raw []byte, firm Firm) Stamps {
	if bytes.Contains(bytes.ToLower(raw), []byte("message/rfc822")) {
		if env, err := parse(raw); err == nil {
			if inner := forwarded(env, firm); inner != nil {
				return envelopeStamps(inner, firm, true)
			}
		}
	}
	var dated string
	var received []string
	for name, value := range fields(raw) {
		switch {
		case strings.EqualFold(name, "Received"):
			received = append(received, value)
		case strings.EqualFold(name, "Date") && dated == "":
			dated = value
		}
	}
	return stampsOf(dated, received, firm)
}

// fields yields the headers of a mail, each on one line.
func fields(raw []byte) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		var name string
		var value []string
		for line := range bytes.Lines(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\uFEFF")), " \t\r\n")) {
			text := strings.TrimRight(string(line), "\r\n")
			if text == "" {
				break
			}
			if strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t") {
				value = append(value, strings.TrimSpace(text))
				continue
			}
			if name != "" && !yield(name, strings.Join(value, " ")) {
				return
			}
			before, after, ok := strings.Cut(text, ":")
			if name = ""; ok {
				name = strings.TrimSpace(before)
			}
			value = []string{strings.TrimSpace(after)}
		}
		if name != "" {
			yield(name, strings.Join(value, " "))
		}
	}
}
