package outbox

import (
	"bytes"
	"net/textproto"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// maxReferences is the most Message-IDs that a letter refers to: the first of a
// conversation, and its last ones (RFC 5322 asks for all, RFC 5537 for no fewer).
const maxReferences = 10

// maxHeader is the most of a mail that is looked at for its Message-ID.
const maxHeader = 256 << 10

var messageID = casefile.Pattern(`<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>`)

// thread returns the Message-ID of a mail and those that an answer to it refers
// to, the last of which is its own, each in angle brackets; "" and none if the
// mail has no Message-ID. Of a mail that the firm forwarded as an attachment it
// is the complainant's own.
func thread(raw []byte, firm inbox.Firm) (parent string, chain []string) {
	if len(raw) == 0 {
		return "", nil
	}
	if id, forwarded := inbox.Forwarded(raw, firm); forwarded {
		if parent = messageID().FindString("<" + id + ">"); parent == "" {
			return "", nil
		}
		return parent, []string{parent}
	}
	fields := headerOf(raw)
	parent = messageID().FindString(fields["Message-Id"])
	if parent == "" {
		return "", nil
	}
	for _, name := range []string{"References", "In-Reply-To"} {
		if chain = messageID().FindAllString(fields[name], -1); len(chain) > 0 {
			break
		}
	}
	chain = append(slices.DeleteFunc(chain, func(id string) bool { return id == parent }), parent)
	seen := map[string]bool{}
	chain = slices.DeleteFunc(chain, func(id string) bool { was := seen[id]; seen[id] = true; return was })
	if n := len(chain); n > maxReferences {
		chain = append(chain[:1:1], chain[n-maxReferences+1:]...)
	}
	return parent, chain
}

// headerOf returns the fields of the head of a mail, unfolded; of one that is
// there more than once, the first. Names are as [textproto] writes them.
func headerOf(raw []byte) map[string]string {
	raw = bytes.ReplaceAll(raw[:min(len(raw), maxHeader)], []byte("\r\n"), []byte("\n"))
	head, _, _ := bytes.Cut(bytes.TrimLeft(raw, "\n"), []byte("\n\n"))
	fields := map[string]string{}
	name := ""
	for line := range strings.Lines(string(head)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			if name != "" {
				fields[name] += " " + strings.TrimSpace(line)
			}
			continue
		}
		key, value, found := strings.Cut(line, ":")
		name = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(key))
		if _, again := fields[name]; !found || again {
			name = ""
			continue
		}
		fields[name] = strings.TrimSpace(value)
	}
	return fields
}

// LatestMail returns the last mail that the complainant sent for a case: what a
// letter answers. It is nil if there is none, or if it cannot be read.
func LatestMail(r *store.Register, f *store.File) []byte {
	for _, e := range slices.Backward(f.InOrder()) {
		if e.Mail != "" && (e.Step == casefile.Received || e.Step == casefile.Replied) {
			if mail, err := r.Mail(f, e.Mail); err == nil {
				return mail
			}
		}
	}
	return nil
}
