package casefile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain returns text that came from outside as text that is safe to keep and
// to show: line breaks are \n, and whatever steers a terminal or turns the
// direction of writing (control characters other than tab and line break,
// bidirectional overrides and isolates, invalid UTF-8) is gone or has become
// U+FFFD. Trailing blanks and blank lines at either end go too.
func Plain(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029':
			return '\n'
		case r == utf8.RuneError || Steers(r):
			return utf8.RuneError
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// OneLine returns text as Plain does, on a single line: any run of white space
// has become one blank, and there are none at the ends.
func OneLine(s string) string {
	return strings.Join(strings.Fields(Plain(s)), " ")
}

// Steers reports whether a character may act on a terminal, or on the order of
// the text around it, instead of being shown: control characters (C0, DEL,
// C1), the bidirectional controls of Unicode's UAX 9, the characters for tags,
// and the byte order mark. Line feed and tab are among them.
func Steers(r rune) bool {
	switch {
	case unicode.IsControl(r),
		r == '\u061C', r == '\u200E', r == '\u200F',
		r >= '\u202A' && r <= '\u202E',
		r >= '\u2066' && r <= '\u2069',
		r == '\u2028', r == '\u2029', r == '\uFEFF',
		r >= 0xFFF9 && r <= 0xFFFB,
		r >= 0xE0000 && r <= 0xE007F && !flagTag(r):
		return true
	}
	return false
}

// flagTag reports whether r is one of the tag characters that spell the flags
// of England, Scotland and Wales in an emoji.
func flagTag(r rune) bool {
	return r >= 0xE0061 && r <= 0xE007A || r == 0xE007F
}

// maxHeading is the most characters of a heading.
const maxHeading = 300

// Heading returns a text as one line that is not too long to be a heading.
func Heading(s string) string {
	r := []rune(OneLine(s))
	if len(r) > maxHeading {
		return string(r[:maxHeading]) + "…"
	}
	return string(r)
}
