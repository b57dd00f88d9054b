package letters

import (
	"strings"
	"testing"

	casefile "klacht/case"
)

func TestLayout(t *testing.T) {
	w := func(n int) string { return strings.TrimSpace(strings.Repeat("woord ", n)) } // 6n-1 columns
	for _, c := range []struct{ what, in, want string }{
		{"short", "Dag,\nMok", "Dag,\nMok\n"},
		{"blank lines", "\n\na\n\n\n \t\nb\n\n", "a\n\nb\n"},
		{"long", w(13), w(12) + "\nwoord\n"},
		{"exactly fits", strings.Repeat("x", 66) + " woord", strings.Repeat("x", 66) + " woord\n"},
		{"one more", strings.Repeat("x", 67) + " woord", strings.Repeat("x", 67) + "\nwoord\n"},
		{"an item", "- " + w(13), "- " + w(11) + "\n  " + w(2) + "\n"},
		{"a numbered item", "10. " + w(13), "10. " + w(11) + "\n    " + w(2) + "\n"},
		{"quoted", "> " + w(13), "> " + w(11) + "\n> " + w(2) + "\n"},
		{"indented", "    " + w(13), "    " + w(11) + "\n    " + w(2) + "\n"},
		{"a dash that is no item", "-" + w(13), "-" + w(12) + "\nwoord\n"},
		{"inner blanks of a short line", "a    b", "a    b\n"},
		{"tab", "a\tb", "a    b\n"},
		{"a URL", "zie https://voorbeeld.example/" + strings.Repeat("pad/", 20) + " daar",
			"zie\nhttps://voorbeeld.example/" + strings.Repeat("pad/", 20) + "\ndaar\n"},
		{"a number stays with what it counts", strings.Repeat("x", 66) + " op 4 december", strings.Repeat("x", 66) + " op\n4 december\n"},
		{"a row of numbers", strings.TrimSpace(strings.Repeat("1234567 ", 10)), strings.TrimSpace(strings.Repeat("1234567 ", 9)) + "\n1234567\n"},
		{"wide characters", strings.Repeat("日", 36) + " x", strings.Repeat("日", 36) + "\nx\n"},
		{"combining characters", strings.Repeat("e\u0301", 70) + " x", strings.Repeat("e\u0301", 70) + " x\n"},
		{"deep indent", strings.Repeat(" ", 50) + w(10), w(10) + "\n"},
	} {
		if got := layout(c.in); got != c.want {
			t.Errorf("%s\n got: %q\nwant: %q", c.what, got, c.want)
		}
	}
}

// The lines of the owner's words stay, unless an editor made them too wide.
func TestOwnersLines(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat("Een zin van de eigenaar. ", 12))
	fill := func(columns int) string {
		var lines []string
		at := ""
		for _, word := range strings.Fields(text) {
			if at != "" && len(at)+1+len(word) > columns {
				lines, at = append(lines, at), ""
			}
			at = strings.TrimSpace(at + " " + word)
		}
		return strings.Join(append(lines, at), "\n")
	}
	for _, columns := range []int{74, 80, 100} {
		if got := refill(fill(columns)); got != text {
			t.Errorf("broken at %d columns: %q", columns, got)
		}
	}
	for _, s := range []string{
		fill(60), fill(72), text, "Regel een\nRegel twee", "- " + fill(80), text + "\nGroet", "a\n\nb",
		strings.Repeat("x ", 40) + "\nb\nc", // a break that a writer made
	} {
		if got := refill(s); got != s {
			t.Errorf("%q\nbecame %q", s, got)
		}
	}
	m := sample(Proposal, "nl", "u")
	m.Entry.Text = "Dit stel ik voor:\n\n  1 lijst\n  2 lijst\n\n- een\n- twee\n\nKlaar."
	if l := compose(t, Proposal, m); !strings.Contains(l.Body, "\n\n"+m.Entry.Text+"\n\n") {
		t.Error(l.Body)
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"kort", 10, "kort"},
		{"precies 10", 10, "precies 10"},
		{"precies elf", 10, "precies…"},
		{"aaaaaaaaaaaa", 10, "aaaaaaaaa…"},
		{"a bbbbbbbbbbbbb", 10, "a bbbbbbb…"},
		{"een, twee, drie", 10, "een, twee…"},
		{"een twee, drie", 10, "een twee…"},
		{"日本語日本語", 10, "日本語日…"},
		{"", 10, ""},
	} {
		if got := shorten(c.in, c.most); got != c.want || width(got) > c.most {
			t.Errorf("%q in %d: %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

func TestTopicOfAComplaint(t *testing.T) {
	for in, want := range map[string]string{
		`Klacht over de cursus "WordPress"`: "Klacht over de cursus 'WordPress'",
		"Re: Uw klacht [2025-0003]":         "Re: Uw klacht",
		"a [2026-0001] b [2026-12345] c":    "a b c",
		"[spoed] te laat":                   "[spoed] te laat",
		"  a\r\n b ":                        "a b",
		"x\x1by":                            "xy",
		strings.Repeat("lange titel ", 20):  strings.TrimSpace(strings.Repeat("lange titel ", 5)) + " lange…",
		"Foto’s weg na verhuizing":          "Foto’s weg na verhuizing",
		"[[2026-0001]2026-0002]":            "[ 2026-0002]",
	} {
		if got := topic(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDatesInFull(t *testing.T) {
	today := date("2026-12-01")
	for _, c := range []struct{ day, nl, en string }{
		{"2026-12-04", "vrijdag 4 december", "Friday 4 December"},
		{"2026-03-31", "dinsdag 31 maart", "Tuesday 31 March"},
		{"2027-01-01", "vrijdag 1 januari 2027", "Friday 1 January 2027"},
		{"2025-08-03", "zondag 3 augustus 2025", "Sunday 3 August 2025"},
	} {
		if nl, en := long(date(c.day), today, "nl"), long(date(c.day), today, "en"); nl != c.nl || en != c.en {
			t.Errorf("%s: %s, %s", c.day, nl, en)
		}
	}
	if s := long(casefile.Date{}, today, "nl"); s != "" {
		t.Error(s)
	}
	if nl, en := clock(moment("2026-12-09T09:05"), "nl"), clock(moment("2026-12-09T09:05"), "en"); nl != "09.05 uur" || en != "09:05" {
		t.Error(nl, en)
	}
	if s := clock(moment("2026-12-09"), "nl"); s != "" {
		t.Error(s)
	}
}

func TestArticlesOfBodies(t *testing.T) {
	for name, want := range map[string][2]string{
		"Commissie van Kwaliteitshandhaving": {"de Commissie van Kwaliteitshandhaving", "the Commissie van Kwaliteitshandhaving"},
		"Geschilleninstantie Helder":         {"de Geschilleninstantie Helder", "the Geschilleninstantie Helder"},
		"Beroepsvereniging Kalm":             {"de Beroepsvereniging Kalm", "the Beroepsvereniging Kalm"},
		"Klachtenloket Oost":                 {"het Klachtenloket Oost", "the Klachtenloket Oost"},
		"De Geschillencommissie":             {"De Geschillencommissie", "De Geschillencommissie"},
		"mr. A. de Vries":                    {"mr. A. de Vries", "mr. A. de Vries"},
		"":                                   {"de instantie", "the body"},
	} {
		if nl, en := withArticle(name, "nl"), withArticle(name, "en"); nl != want[0] || en != want[1] {
			t.Errorf("%q: %q, %q", name, nl, en)
		}
	}
}
