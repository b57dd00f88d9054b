package casefile_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

// R13: what a stranger wrote can neither act on a terminal nor be shown in
// another order than it was written.
func TestPlainTakesTheTeethOut(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"plain text", "Beste Mok,\n\nHet is mis.", "Beste Mok,\n\nHet is mis."},
		{"Windows line ends", "een\r\ntwee\r\n", "een\ntwee"},
		{"old line ends", "een\rtwee", "een\ntwee"},
		{"mixed line ends", "een\r\r\ntwee", "een\n\ntwee"},
		{"Unicode line ends", "een\u2028twee\u2029drie", "een\ntwee\ndrie"},
		{"blanks at line ends", "een  \ntwee\t\n", "een\ntwee"},
		{"blank lines at both ends", "\n \n\neen\n\n \t\n", "een"},
		{"indent of the first line", "  een\n\ttwee", "  een\n\ttwee"},
		{"tab within a line", "a\tb", "a\tb"},
		{"colour", "\x1b[31mrood\x1b[0m", "\uFFFD[31mrood\uFFFD[0m"},
		{"title of the window", "\x1b]0;hoi\x07", "\uFFFD]0;hoi\uFFFD"},
		{"one-byte escape of C1", "a\u009b31mb", "a\uFFFD31mb"},
		{"next line of C1", "a\u0085b", "a\uFFFDb"},
		{"NUL", "a\x00b", "a\uFFFDb"},
		{"backspace", "af\bb", "af\uFFFDb"},
		{"DEL", "a\x7fb", "a\uFFFDb"},
		{"form feed", "a\fb", "a\uFFFDb"},
		{"bidi override", "factuur\u202Egpj.exe\u202C", "factuur\uFFFDgpj.exe\uFFFD"},
		{"bidi isolates", "\u2066a\u2067b\u2068c\u2069", "\uFFFDa\uFFFDb\uFFFDc\uFFFD"},
		{"bidi embeddings", "\u202Aa\u202Bb\u202D", "\uFFFDa\uFFFDb\uFFFD"},
		{"bidi marks", "a\u200Eb\u200Fc\u061Cd", "a\uFFFDb\uFFFDc\uFFFDd"},
		{"byte order mark", "\uFEFFa", "\uFFFDa"},
		{"annotations", "\uFFF9a\uFFFAb\uFFFBc", "\uFFFDa\uFFFDb\uFFFDc"},
		{"language tag", "\U000E0001a", "\uFFFDa"},
		{"tagged blank and capital", "\U000E0020\U000E0041", "\uFFFD\uFFFD"},
		{"invalid UTF-8", "a\xffb\xc3", "a\uFFFDb\uFFFD"},
		{"a surrogate in UTF-8", "a\xed\xa0\x80", "a\uFFFD\uFFFD\uFFFD"},
		{"replacement character", "a\uFFFDb", "a\uFFFDb"},
		{"accents", "Zoë, café, ĳsje €5", "Zoë, café, ĳsje €5"},
		{"combining accent", "e\u0301", "e\u0301"},
		{"Arabic and Hebrew", "مرحبا שלום", "مرحبا שלום"},
		{"emoji", "👍🏽 👩‍🦰 ❤️", "👍🏽 👩‍🦰 ❤️"},
		{"a family", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"},
		{"flags", "🇳🇱 🏳️‍🌈", "🇳🇱 🏳️‍🌈"},
		{"flag of Scotland", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"},
		{"nothing", "", ""},
		{"blanks only", " \n\t\r\n ", ""},
	} {
		if got := casefile.Plain(c.in); got != c.want {
			t.Errorf("%s: Plain(%q) = %q, want %q", c.what, c.in, got, c.want)
		}
	}
}

func TestOneLineIsOneLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Website te laat", "Website te laat"},
		{" Website\r\n te  laat\t\n", "Website te laat"},
		{"a\u2028b", "a b"},
		{"a\u00a0 b", "a b"},
		{"a\x1b[2Jb", "a\uFFFD[2Jb"},
		{"\n\n", ""},
	} {
		if got := casefile.OneLine(c.in); got != c.want {
			t.Errorf("OneLine(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// hostile makes texts in which the dangerous characters are as common as the
// others, and bytes that are no UTF-8.
func hostile() *rapid.Generator[string] {
	nasty := []string{"\x1b", "\x00", "\r", "\r\n", "\n", "\t", " ", "\u00a0", "\u0085", "\u009b", "\u202e", "\u2066", "\u2028",
		"\u2029", "\u200f", "\ufeff", "\ufffb", "\U000E0001", "\U000E0067", "\U000E007F", "\xff", "\xc3", "\xed\xa0\x80", "\ufffd", "🇳🇱", "a"}
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringN(0, 5, -1)), 0, 20).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func TestNothingSteersAfterPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := hostile().Draw(t, "in")
		plain, line := casefile.Plain(in), casefile.OneLine(in)
		for _, r := range plain {
			if casefile.Steers(r) && r != '\n' && r != '\t' {
				t.Fatalf("Plain(%q) = %q still has %U", in, plain, r)
			}
		}
		for _, r := range line {
			if casefile.Steers(r) {
				t.Fatalf("OneLine(%q) = %q still has %U", in, line, r)
			}
		}
		if !utf8.ValidString(plain) || !utf8.ValidString(line) {
			t.Fatalf("%q or %q is no UTF-8", plain, line)
		}
		if again := casefile.Plain(plain); again != plain {
			t.Fatalf("Plain(%q) = %q, and again %q", in, plain, again)
		}
		if again := casefile.OneLine(line); again != line {
			t.Fatalf("OneLine(%q) = %q, and again %q", in, line, again)
		}
	})
}

// The property above would hold if Steers said no to everything.
func TestSteersKnowsTheDangerousOnes(t *testing.T) {
	for _, span := range [][2]rune{
		{0x00, 0x1f}, {0x7f, 0x9f}, {0x061c, 0x061c}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
		{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0060}, {0xe007b, 0xe007e},
	} {
		for r := span[0]; r <= span[1]; r++ {
			if !casefile.Steers(r) {
				t.Errorf("%U does not steer", r)
			}
		}
	}
	for _, r := range "aé€ \u00a0\u200d\ufe0f\U0001F1F3\U0001F3FD\u0301\ufffdש" {
		if casefile.Steers(r) {
			t.Errorf("%U steers", r)
		}
	}
}
