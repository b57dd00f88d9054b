package words

import (
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// No name that scripts know comes out where a person reads.
func TestEveryNameIsSaid(t *testing.T) {
	for _, w := range []*Words{New("nl"), New("en")} {
		said := map[string]string{}
		for _, o := range casefile.Outcomes() {
			said[string(o)] = w.OutcomeName(o)
		}
		for _, n := range append(deadlines.TermNames(), deadlines.Extend) {
			said[string(n)] = w.TermName(n)
		}
		for _, s := range casefile.Steps() {
			said[string(s)] = w.StepName(s)
		}
		for _, s := range casefile.Statuses() {
			said[string(s)] = w.StatusWord(s)
		}
		for word, name := range said {
			if name == word && word != "open" && (w.Lang == "nl" || strings.Contains(word, "-")) {
				t.Errorf("%s: %s", w.Lang, name)
			}
		}
	}
}

func TestTermsAreSaid(t *testing.T) {
	for term, want := range map[string]string{"5 workdays": "5 werkdagen", "1 week": "1 week", "48 hours": "48 uur", "6 weeks after heard": "6 weken na het gesprek", "1 month": "1 maand"} {
		parsed, err := deadlines.ParseTerm(term)
		if got := New("nl").Term(parsed); err != nil || got != want {
			t.Errorf("%s: %s, %v", term, got, err)
		}
	}
}
