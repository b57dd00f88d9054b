package outbox

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The lengths of lines in a mail, in bytes, without CRLF.
const (
	maxColumns = 76 // of what is encoded, by RFC 2045 and 2047
	maxLine    = 78 // of all else, by RFC 5322
	maxWord    = 75 // of an encoded word, by RFC 2047
)

// header is the head of a mail. Values must be ASCII; a control character in
// one is left out, so that no value can end its line.
type header struct{ b strings.Builder }

// add adds a field, folded between its words.
func (h *header) add(name, value string) {
	h.b.WriteString(name + ":")
	col := len(name) + 1
	for _, word := range strings.Fields(value) {
		word = strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return -1
			}
			return r
		}, word)
		if col+1+len(word) > maxLine && col > len(name)+1 {
			h.b.WriteString("\r\n")
			col = 0
		}
		h.b.WriteString(" " + word)
		col += 1 + len(word)
	}
	h.b.WriteString("\r\n")
}

func (h *header) String() string { return h.b.String() }

// mailbox returns an address with a name, if there is one.
func mailbox(name, address string) string {
	if name == "" {
		return address
	}
	return phrase(name) + " <" + address + ">"
}

// phrase returns a name as it stands before an address.
func phrase(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" -'", r)) {
			return encodedWords(s)
		}
	}
	return words(s)
}

// words returns a text as it stands in a header: as it is where that is safe,
// or else in encoded words.
func words(s string) string {
	if !isASCII(s) || strings.Contains(s, "=?") {
		return encodedWords(s)
	}
	for _, w := range strings.Fields(s) {
		if len(w) > maxColumns/2 {
			return encodedWords(s)
		}
	}
	return s
}

// encodedWords returns a text in encoded words of RFC 2047 that may stand in a
// subject and in a name, each of whole characters.
func encodedWords(s string) string {
	const begin, end = "=?utf-8?Q?", "?="
	var b strings.Builder
	room := 0
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		e := encodedChar(s[i : i+size])
		if len(e) > room {
			if b.Len() > 0 {
				b.WriteString(end + " ")
			}
			b.WriteString(begin)
			room = maxWord - len(begin) - len(end)
			if b.Len() == len(begin) {
				room -= len("Subject: ") // the first stands behind the name of the field
			}
		}
		b.WriteString(e)
		room -= len(e)
		i += size
	}
	return b.String() + end
}

func encodedChar(s string) string {
	c := s[0]
	switch {
	case c == ' ':
		return "_"
	case len(s) == 1 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!*+-/", c) >= 0):
		return s
	}
	return percent([]byte(s))
}

// percent returns bytes as quoted-printable writes them: =C3=AB.
func percent(s []byte) string {
	var b strings.Builder
	for _, c := range s {
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}
