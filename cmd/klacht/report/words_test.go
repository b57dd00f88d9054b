package report

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
	"klacht/deadlines"
)

func TestTitles(t *testing.T) {
	for _, tt := range []struct{ from, to, en, nl string }{
		{"2026-01-01", "2026-12-31", "Complaints in 2026", "Klachten in 2026"},
		{"2024-01-01", "2026-12-31", "Complaints from 2024 up to and including 2026", "Klachten van 2024 tot en met 2026"},
		{"2026-03-01", "2026-05-31", "Complaints from 1 March 2026 up to and including 31 May 2026", "Klachten van 1 maart 2026 tot en met 31 mei 2026"},
	} {
		if en, nl := (words{dictionary.New("en")}).title(date(tt.from), date(tt.to)), (words{dictionary.New("nl")}).title(date(tt.from), date(tt.to)); en != tt.en || nl != tt.nl {
			t.Errorf("%s, %s", en, nl)
		}
	}
}

// closedCase is a case that is closed, with what was learned from it.
func closedCase(n int, learned string) *casefile.Case {
	c := &casefile.Case{ID: casefile.MakeID(2026, "", n), Complainant: casefile.Complainant{Name: "Jolanda de Wit", Email: "jo.wit@voorbeeld.example", Phone: "06-12 34 56 78", Address: "Dorpsstraat 7\n7201 AB Zutphen"},
		Others: []casefile.Complainant{{Name: "Els Nijhuis", Email: "els@gmail.com"}, {Name: "Bo", Email: "x@postbus.example"}}}
	c.Log = []casefile.Entry{{At: casefile.Moment{Date: date("2026-03-02")}, Step: casefile.Received},
		{At: casefile.Moment{Date: date("2026-03-09")}, Step: casefile.Closed, Outcome: casefile.Agreed, Learned: learned}}
	return c
}

// Lessons that name the complainant stay out, in whatever way they do; the
// others are told without their order.
func TestLessonsNameNobody(t *testing.T) {
	for text, out := range map[string]bool{
		"Volgende keer Jolanda eerst bellen":      true,
		"JOLANDA!":                                true,
		"mevrouw de Wit had gelijk":               true,
		"stuur het naar jo.wit@voorbeeld.example": true,
		"bel 0612345678 niet voor negen uur":      true,
		"maak de offerte wit op zwart":            true, // better one too many
		"bel eerst, en schrijf de brief daarna":   false,
		"de site van de klant is niet de onze":    false,
		"lever op vóór 2026-06-12":                false,
		"Jolandas site was stuk":                  true,
		"Jolanda's site was stuk":                 true,
		"De wits antwoord kwam te laat":           true,
		"JdW kreeg geen mail":                     true,
		"jdw kreeg geen mail":                     true,
		"J. de W. kreeg geen mail":                true,
		"JW kreeg geen mail":                      true,
		"mevrouw W. kreeg geen mail":              true,
		"Jolandaatje eerst bellen":                true,
		"Jola eerst bellen":                       true,
		"Schrijf voorbeeld.example over":          true,
		"Bel +31 6 12345678 eerst":                true,
		"Dorpsstraat 7 was het verkeerde adres":   true,
		"Nijhuisjes site eerst":                   true, // of who complains with her
		"Elsjes mail eerder bekijken":             true,
		"ÉLS eerst bellen":                        true,
		"Bo had gelijk":                           true,
		"Stuur niets naar postbus.example":        true,
		"Elke week bellen, ook in de vakantie":    false,
		"Een mail via gmail komt soms niet aan":   false,
		"Bobbel is geen woord, en ik ook niet":    false,
		"Noem in de offerte de prijs met btw":     false,
		"In de BTW-regels staat het anders":       false,
	} {
		var l lessons
		if l.add(closedCase(1, text)); (l.named == 1) != out || (len(l.kept) == 1) == out {
			t.Errorf("%q: %+v", text, l)
		}
	}
	var l lessons
	for i, text := range []string{"c", "a", "b", "a", "", " \n "} {
		l.add(closedCase(9-i, text))
	}
	if got := strings.Join(l.texts(), " "); got != "a b c" {
		t.Errorf("told: %s", got)
	}
}

// However many lessons there are and however long, what is kept is bounded, and
// does not depend on the order in which the cases come.
func TestLessonsAreBounded(t *testing.T) {
	var up, down lessons
	long := strings.Repeat("é", 2_000_000)
	for i := 1; i <= 300; i++ {
		up.add(closedCase(i, strconv.Itoa(1000+i)))
		down.add(closedCase(301-i, strconv.Itoa(1301-i)))
	}
	if !slices.Equal(up.texts(), down.texts()) || len(up.kept) != maxLessons || up.texts()[0] != "1201" {
		t.Errorf("%v\n%v", up.texts(), down.texts())
	}
	up.add(closedCase(301, long))
	if last := up.texts()[maxLessons-1]; len([]rune(last)) != maxLesson+1 {
		t.Errorf("%d characters", len([]rune(last)))
	}
}

// With few closed complaints nothing is told of what was learned.
func TestLessonsOfFewAreNotTold(t *testing.T) {
	p := &deadlines.Policy{FoldUnder: 3, Versions: []deadlines.Version{{From: date("2019-09-01")}}}
	for n := 1; n <= 3; n++ {
		k := NewCount(p, year(2026), date("2026-12-07"))
		for i := range n {
			c := closedCase(i+1, "Bel eerst.")
			k.Add(deadlines.RecordOf(c, p, date("2026-12-07")), c)
		}
		if r := k.Report(0); (len(r.Learned) > 0) != (n == 3) {
			t.Errorf("of %d: %q", n, r.Learned)
		}
	}
}

// What a person wrote is text on the page, and not in the table at all.
func TestHostileTexts(t *testing.T) {
	r := full()
	r.Learned = badTexts
	r.Organisation = badTexts[0]
	var page, table bytes.Buffer
	if err := r.Sheet("nl").WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteCSV(&table); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "<a ", "<svg onload", "</style><"} {
		if strings.Contains(page.String(), bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if n := strings.Count(page.String(), "<style>"); n != 1 {
		t.Errorf("%d styles", n)
	}
	if cell := regexp.MustCompile(`(?m)(^|,)"?[=+@\-\t\r]`).FindString(table.String()); cell != "" || strings.Contains(table.String(), "script") {
		t.Errorf("a cell starts with %q", cell)
	}
	for _, h := range []string{"javascript:alert(1)", "{{.Title}}"} {
		if !strings.Contains(page.String(), h) {
			t.Errorf("%s is not there as text", h)
		}
	}
}
