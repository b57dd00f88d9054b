package letters

import (
	"strings"
	"unicode"
	"unicode/utf8"

	casefile "klacht/case"
)

// columns is the width of a letter.
const columns = 72

// layout makes the text of a mail of what a template gave: lines that are too
// long are wrapped, and several blank lines are one.
func layout(s string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(tidy(s), "\n"), "\n") {
		out = append(out, wrap(line)...)
	}
	return strings.Join(out, "\n") + "\n"
}

// tidy is layout for paper, where lines are as long as they are.
func tidy(s string) string {
	var out []string
	for line := range strings.SplitSeq(casefile.Plain(s), "\n") {
		if line = strings.ReplaceAll(line, "\t", "    "); line == "" && len(out) > 0 && out[len(out)-1] == "" {
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

// lead is what a line starts with before its words: blanks, and the mark of an
// item or of a quoted line.
var lead = casefile.Pattern(`^ *(?:[-*•–] +|\d{1,3}[.)] +|(?:> ?)+)?`)

// wrap breaks a line at blanks so that each part fits, as far as words allow.
// The parts after the first stand below its first word.
func wrap(line string) []string {
	if width(line) <= columns {
		return []string{line}
	}
	start := lead().FindString(line)
	if width(start) > columns/2 {
		start = ""
	}
	next := strings.Map(func(r rune) rune {
		if r == '>' {
			return r
		}
		return ' '
	}, start)
	var lines []string
	at, empty := start, true
	for _, word := range units(line[len(start):]) {
		if !empty && width(at)+1+width(word) > columns {
			lines = append(lines, at)
			at, empty = next, true
		}
		if !empty {
			at += " "
		}
		at, empty = at+word, false
	}
	return append(lines, at)
}

var number = casefile.Pattern(`^[0-9]([0-9.,:]{0,8}[0-9])?$`)

// aYear finds what is a year, and counts nothing.
var aYear = casefile.Pattern(`^(19|20|21)[0-9]{2}$`)

// units returns the words of a line, a number together with what it counts: "4
// december", "14.00 uur". A year counts nothing.
func units(s string) []string {
	var list []string
	bound := false
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }) {
		if isNumber := number().MatchString(word); bound && !isNumber && width(word) < columns/3 {
			list[len(list)-1] += " " + word
			bound = false
		} else {
			list, bound = append(list, word), isNumber && !aYear().MatchString(word)
		}
	}
	return list
}

// refill joins the lines of paragraphs that an editor has broken at a width
// that is too wide for a letter: otherwise each of its lines would wrap, and
// leave a word or two on a line of its own. All other line breaks are the
// writer's, and stay.
func refill(s string) string {
	paragraphs := strings.Split(s, "\n\n")
	for i, p := range paragraphs {
		if lines := strings.Split(p, "\n"); filled(lines) {
			paragraphs[i] = strings.Join(lines, " ")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// filled reports whether the lines were broken because the next word did not
// fit, at a width of more than ours and that of no more than a wide editor.
func filled(lines []string) bool {
	widest := 0
	for _, l := range lines {
		if lead().FindString(l) != "" {
			return false
		}
		widest = max(widest, width(l))
	}
	if widest <= columns || widest > 100 {
		return false
	}
	for i := range len(lines) - 1 {
		word, _, _ := strings.Cut(lines[i+1], " ")
		if width(lines[i])+1+width(word) <= widest {
			return false
		}
	}
	return true
}

// shorten returns s in at most so many columns, cut between words where that
// leaves more than half of it, with an ellipsis. Characters that take no column
// of their own count too, so that they cannot make it long.
func shorten(s string, most int) string {
	if width(s) <= most && utf8.RuneCountInString(s) <= 3*most {
		return s
	}
	cut, w, runes := 0, 0, 0
	for i, r := range s {
		if w, runes = w+runeWidth(r), runes+1; w > most-1 || runes > 3*most {
			cut = i
			break
		}
	}
	short := s[:cut]
	if i := strings.LastIndexByte(short, ' '); i > cut/2 && !strings.ContainsRune(" ,.;:", rune(s[cut])) {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,.;:-–") + "…"
}

// width returns the number of columns that s takes in a fixed-width font.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// wide holds the characters that take two columns: those of East Asian
// scripts, and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{0x1100, 0x115F, 1}, {0x231A, 0x231B, 1}, {0x23E9, 0x23EC, 1}, {0x2614, 0x2615, 1}, {0x2705, 0x2705, 1},
		{0x270A, 0x270B, 1}, {0x2728, 0x2728, 1}, {0x274C, 0x274C, 1}, {0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2795, 0x2797, 1},
		{0x2E80, 0x303E, 1}, {0x3041, 0xA4CF, 1}, {0xA960, 0xA97C, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1}, {0xFE30, 0xFE6F, 1},
		{0xFF00, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1}},
	R32: []unicode.Range32{{0x16FE0, 0x18DFF, 1}, {0x1B000, 0x1B2FB, 1}, {0x1F1E6, 0x1F1FF, 1}, {0x1F300, 0x1F64F, 1}, {0x1F680, 0x1F6FF, 1},
		{0x1F7E0, 0x1F7EB, 1}, {0x1F900, 0x1F9FF, 1}, {0x1FA70, 0x1FAFF, 1}, {0x20000, 0x3FFFD, 1}},
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}
