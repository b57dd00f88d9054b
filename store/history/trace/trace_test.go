package trace

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

func terms() *Terms {
	t := &Terms{}
	t.Add(&casefile.Case{
		Subject:     "Website drie weken te laat opgeleverd",
		Complainant: casefile.Complainant{Name: "Renée de Vries", Email: "renee.v@thuis.example", Phone: "+31 (0)6 1234 5678", Address: "R. de Vries\nKerkstraat 12b\n1234 AB Utrecht\nNederland"},
		Others:      []casefile.Complainant{{Name: "Anna", Email: "an@werk.example", Phone: "030-7654321 (na 18 uur), of 06 8765 4321"}},
	})
	t.AddMail("een.2026+x=1@thuis.example")
	return t
}

func TestText(t *testing.T) {
	quoted := func(s string) string {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b.String()
	}
	lines := func(s string) string {
		s = base64.StdEncoding.EncodeToString([]byte(s))
		var b strings.Builder
		for len(s) > 76 {
			b.WriteString(s[:76] + "\r\n")
			s = s[76:]
		}
		return b.String() + s + "\r\n"
	}
	script, _ := json.Marshal("Renée de Vries")
	for _, c := range []struct{ text, found string }{
		{"", ""},
		{"Beste Mok, het is te laat.", ""},
		{"Renée de Vries belde", "name"},
		{"RENÉE DE VRIES", "name"},
		{"Rene\u0301e de Vries", "name"},
		{"Ren\xe9e de Vries", "name"},
		{"renee-de-vries", "name"},
		{"Renee_de\r\n>  Vries", "name"},
		{"Vries, Renée de", "name"},
		{"Renée de Vriesman", ""},
		{"Irenée de Vries", ""},
		{"de Vries", ""},
		{"Renée en de Vries", ""},
		{"Anna", "name"},
		{"Hannah, Annabel en Susanna", ""},
		{"<b>Ren&eacute;e</b> de <i>Vries</i>", "name"},
		{string(script), "name"},
		{`{"name":"Ren\u00e9e de Vries"}`, "name"},
		{`name: "Ren\xE9e de Vries"`, "name"},
		{"?mail=" + base64.URLEncoding.EncodeToString([]byte("\xff\xfe? an@werk.example")), "email"},
		{"\xff\xfeA\x00n\x00n\x00a\x00", "name"},
		{quoted("x Renée de Vries y"), "name"},
		{strings.Repeat("=\r\n", 3) + "Ren=C3=A9e de Vr=\r\nies", "name"},
		{"Subject: " + mime.QEncoding.Encode("utf-8", "Renée de Vries"), "name"},
		{"Subject: " + mime.BEncoding.Encode("utf-8", "Renée de Vries"), "name"},
		{"Subject: " + mime.BEncoding.Encode("utf-8", "Een vraag over de website van de héél aardige mevrouw Renée de Vries") + "\r\n", "name"},
		{"Subject: =?utf-8?Q?Een_vraag_van_Ren=C3=A9e_de_Vr?=\r\n =?utf-8?Q?ies?=", "name"},
		{"Subject: =?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte("Anna")) + "?=", "name"},
		{"Content-Transfer-Encoding: base64\r\n\r\n" + lines(strings.Repeat("Het is wat. ", 40)+"Renée de Vries"+strings.Repeat(" En meer", 40)) + "--grens", "name"},
		{lines(lines(strings.Repeat("Het is wat. ", 40) + "an@werk.example")), "email"},
		{"mailto:renee.v@thuis.example?x", "email"},
		{"Renee.V@Thuis.Example", "email"},
		{"zo.renee.v@thuis.example", ""},
		{"renee.v@thuis.example-site", ""},
		{"jan@werk.example", ""},
		{"bel 06-12345678", "phone"},
		{"bel 0031 6 12 34 56 78.", "phone"},
		{"tel:+31612345678", "phone"},
		{"0612345679", ""},
		{"(030) 765 43 21", "phone"},
		{"+31687654321", "phone"},
		{"kerkstraat 12b", "address"},
		{"1234 AB  UTRECHT", "address"},
		{"Kerkstraat 12", ""},
		{"Utrecht, Nederland", ""},
		{"Re: website drie weken te laat opgeleverd!", "subject"},
		{"website drie weken", ""},
		{"In-Reply-To: <een.2026+x=1@thuis.example>", "mail-id"},
		{"<Een.2026+X=1@thuis.example>", "mail-id"},
	} {
		found := Found{}
		terms().Text([]byte(c.text), found)
		if got := said(found); got != c.found {
			t.Errorf("%q: %q instead of %q", c.text, got, c.found)
		}
	}
}

func said(found Found) string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(found)) {
		list = append(list, string(k))
	}
	return strings.Join(list, " ")
}

// A word of a name says enough in what people call things, and is not shown.
func TestLabelAndHide(t *testing.T) {
	for _, c := range []struct{ text, found, shown string }{
		{"refs/heads/main", "", "refs/heads/main"},
		{"letters/renée.nl.txt", "name", "letters/*.nl.txt"},
		{"open/Rene\u0301e.yaml", "name", "open/*"},
		{"branch-van-vries", "name", "branch-van-*"},
		{"dossier de", "", "dossier *"},
		{"brief an@werk.example.eml", "email", "*"},
		{"map/renee.v@thuis.example/x", "email name", "map/*.v@thuis.example/x"},
		{"0612345678.pdf", "phone", "*"},
		{"hannah.txt", "", "hannah.txt"},
		{"2026-0003/01-received.eml", "", "2026-0003/01-received.eml"},
	} {
		found := Found{}
		terms().Label(c.text, found)
		if got := said(found); got != c.found {
			t.Errorf("%q: %q instead of %q", c.text, got, c.found)
		}
		if shown := terms().Hide(c.text); shown != c.shown {
			t.Errorf("%q: is shown as %q instead of %q", c.text, shown, c.shown)
		}
	}
}

func TestWhatIsNotSearchedFor(t *testing.T) {
	var none Terms
	none.Add(&casefile.Case{Subject: "Te laat", Complainant: casefile.Complainant{Name: "B.", Email: "x", Phone: "12", Address: "Utrecht\nthuis"}})
	none.AddMail("")
	if !none.Empty() {
		t.Errorf("%v", none.terms)
	}
	found := Found{}
	none.Text([]byte("B. te laat x 12 Utrecht"), found)
	if len(found) > 0 {
		t.Error(found)
	}
	none.AddDamaged([]byte("kapot: [\ncomplainant:\n  name: 'Lotte Hendriks'\n  email: lotte@thuis.example\n"))
	none.Text([]byte("Lotte Hendriks, lotte@thuis.example"), found)
	if said(found) != "email name" {
		t.Error(found)
	}
}

// Whatever stands around a name, it is found, and never shown.
func TestAlwaysFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][a-zé]{3,8} (de |van den )?[A-Z][a-zë]{4,9}`).Draw(t, "name")
		around := rapid.SliceOfN(rapid.Byte(), 0, 100)
		var terms Terms
		terms.Add(&casefile.Case{Complainant: casefile.Complainant{Name: name}})
		text := fmt.Sprintf("%s %s %s", around.Draw(t, "before"), name, around.Draw(t, "after"))
		found := Found{}
		if terms.Text([]byte(text), found); !found[Name] {
			t.Fatalf("%q is not found in %q", name, text)
		}
		shown, again := terms.Hide(text), Found{}
		for part := range strings.SplitSeq(shown, "/") {
			terms.Label(part, again)
		}
		if len(again) > 0 {
			t.Fatalf("%q is shown as %q", text, shown)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add([]byte("=?utf-8?B?QW5uYQ==?= =\r\n &eacute; <b> \\u00e9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		terms().Text(data, Found{})
		terms().Hide(string(data))
	})
}
