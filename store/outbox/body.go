package outbox

import "strings"

// encodeBody returns a text as it goes into a mail, with the encoding and the
// character set that go with it: as it is where every server and command leaves
// that as it is, or else quoted-printable.
func encodeBody(text string) (body, encoding, charset string) {
	lines := strings.Split(text, "\n")
	charset = "us-ascii"
	if !isASCII(text) {
		charset = "utf-8"
	}
	if charset == "us-ascii" && safe(lines) {
		return strings.Join(lines, "\r\n") + "\r\n", "7bit", charset
	}
	var b strings.Builder
	for _, line := range lines {
		quote(&b, line)
		b.WriteString("\r\n")
	}
	return b.String(), "quoted-printable", charset
}

// safe reports whether nothing on the way to the complainant would change these
// lines: one of a single dot ends a mail, "From " starts one in an mbox, and
// blanks at an end get lost.
func safe(lines []string) bool {
	for _, line := range lines {
		if len(line) > maxLine || strings.HasPrefix(line, ".") || strings.HasPrefix(line, "From ") ||
			strings.HasSuffix(line, " ") || strings.Contains(line, "\t") {
			return false
		}
	}
	return true
}

// quote writes one line in quoted-printable (RFC 2045, 6.7).
func quote(b *strings.Builder, line string) {
	col := 0
	for i := 0; i < len(line); i++ {
		s, last := quoted(line, i, col), i == len(line)-1
		if room := maxColumns - col; len(s) > room || len(s) == room && !last {
			b.WriteString("=\r\n") // a soft line break, which needs a column itself
			col = 0
			s = quoted(line, i, col)
		}
		b.WriteString(s)
		col += len(s)
	}
}

// quoted returns the byte at i, which comes at column col.
func quoted(line string, i, col int) string {
	c := line[i]
	switch {
	case c == '=', c < ' ', c > '~',
		c == ' ' && i == len(line)-1,
		col == 0 && (c == '.' || strings.HasPrefix(line[i:], "From ")):
		return percent([]byte{c})
	}
	return string(rune(c))
}
