package letters

import (
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

var hostile = map[string]string{
	"newlines":             "Jan\r\nBcc: ander@kwaad.example\r\n\r\nTekst",
	"other newlines":       "Jan\u2028Bcc: a@b\u2029x\u0085y\vz\fq",
	"escapes":              "\x1b[2J\x1b]0;titel\x07Jan",
	"nul":                  "Jan\x00Piet",
	"a template":           `{{.Handler}} {{template "x"}} {{`,
	"the end of an action": `}} {{end}} {{define "signature"}}niks{{end}}`,
	"bidi":                 "\u202enaJ\u2066 \u200f\u061c",
	"tags":                 "Jan\U000E0041\U000E0042",
	"not UTF-8":            "Jan\xff\xfe\x80",
	"long, in words":       strings.Repeat("woord ", 2000),
	"long, in one word":    strings.Repeat("x", 10000),
	"wide":                 strings.Repeat("日本語", 500),
	"combining":            "e" + strings.Repeat("\u0301", 10000),
	"blanks":               " \t \u00a0 ",
	"quotes":               `zei "nee" en “ja” en „ook”`,
	"a reference":          "Re: Uw klacht [2026-0003] [2026-0007]",
	"a gap":                "[… x …]",
	"verbs":                "%s %d %!v(MISSING) <no value>",
	"html":                 "<script>alert(1)</script> & co",
	"a subject line":       "Onderwerp: iets",
	"an address":           "jan@voorbeeld.example",
}

// Nothing that comes from outside adds a line to the head, a line to the
// greeting, or does anything in a template.
func TestHostileNamesAndSubjects(t *testing.T) {
	for what, s := range hostile {
		for _, fo := range forms {
			for _, k := range All() {
				m := sample(k, fo.lang, fo.address)
				m.Case.Complainant.Name, m.Case.Subject, m.Case.Complainant.Phone = s, s, s
				l, err := Compose(k, m)
				if err != nil {
					t.Errorf("%s, %s: %v", what, k, err)
					continue
				}
				if what != "verbs" {
					sound(t, l, m)
				}
				greeting, rest, _ := strings.Cut(l.Body, "\n\n")
				if strings.Count(greeting, "\n") > 1 || width(strings.ReplaceAll(greeting, "\n", " ")) > maxName+8 || !strings.HasSuffix(greeting, ",") {
					t.Errorf("%s, %s: the greeting is %q", what, k, greeting)
				}
				if len(rest) > 6000 {
					t.Errorf("%s, %s: the letter has %d bytes", what, k, len(rest))
				}
				if HasGap(l.Body) || HasGap(l.Subject) {
					t.Errorf("%s, %s: somebody else made a gap:\n%s", what, k, shown(l))
				}
			}
		}
	}
}

// The owner's own words are inserted as written.
func TestHostileTexts(t *testing.T) {
	for what, s := range hostile {
		if what == "verbs" {
			continue
		}
		for _, fo := range forms {
			for _, k := range All() {
				m := sample(k, fo.lang, fo.address)
				m.Entry.Text, m.Entry.Reason, m.Entry.Means = s, "", ""
				if k == Extension {
					m.Entry.Reason = s
				}
				if k == Invitation {
					m.Entry.Means = s
				}
				l, err := Compose(k, m)
				if err != nil {
					t.Errorf("%s, %s: %v", what, k, err)
					continue
				}
				sound(t, l, m)
				if k != InvitationToWrite && k != OwnWords && !strings.Contains(unspaced(l.Body), unspaced(casefile.Plain(s))) {
					t.Errorf("%s, %s: the words are not there:\n%s", what, k, l.Body)
				}
			}
		}
	}
}

func TestFirmsAndBodiesWithOddNames(t *testing.T) {
	for what, s := range hostile {
		if strings.TrimSpace(casefile.OneLine(s)) == "" || what == "verbs" {
			continue
		}
		m := sample(Closing, "nl", "u")
		m.Policy.Bodies[0].Name, m.Policy.Bodies[0].Address = s, s
		m.Case.Log = slices.Clone(m.Case.Log)
		l, err := Compose(Closing, m)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		sound(t, l, m)
		m = sample(Acceptance, "nl", "u")
		m.Policy.Organisation.Name, m.Policy.Organisation.Handler = s, s
		if _, err := Compose(Acceptance, m); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzCompose(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s, s, uint8(5))
	}
	f.Fuzz(func(t *testing.T, name, subject, text string, n uint8) {
		k := All()[int(n)%len(All())]
		fo := forms[int(n/16)%len(forms)]
		m := sample(k, fo.lang, fo.address)
		m.Case.Complainant.Name, m.Case.Subject, m.Entry.Text = name, subject, text
		l, err := Compose(k, m)
		if err != nil {
			if k == Acceptance && text == "" {
				return // a ruling without a text is none
			}
			t.Fatal(err)
		}
		if strings.Contains(name+subject+text, "<no value>") || strings.Contains(name+subject+text, "%!") {
			return
		}
		sound(t, l, m)
	})
}
