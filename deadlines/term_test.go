package deadlines_test

import (
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

func TestTermsAsAPersonWritesThem(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"5 workdays", "5 workdays"}, {"1 workday", "1 workday"}, {"5 werkdagen", "5 workdays"}, {"1 werkdag", "1 workday"},
		{"4 weeks", "4 weeks"}, {"4 weken", "4 weeks"}, {"1 week", "1 week"},
		{"14 days", "14 days"}, {"14 dagen", "14 days"}, {"1 dag", "1 day"},
		{"48 hours", "48 hours"}, {"48 uur", "48 hours"}, {"48 uren", "48 hours"}, {"1 hour", "1 hour"},
		{"3 months", "3 months"}, {"3 maanden", "3 months"}, {"1 maand", "1 month"},
		{"5 years", "5 years"}, {"5 jaar", "5 years"}, {"5 jaren", "5 years"}, {"1 year", "1 year"},
		{"unlimited", "unlimited"}, {"onbeperkt", "unlimited"}, {" Onbeperkt ", "unlimited"},
		{"6 weeks after heard", "6 weeks after heard"}, {"6 weken na heard", "6 weeks after heard"}, {"1 year after closed", "1 year after closed"},
		{"  5   WORKDAYS ", "5 workdays"}, {"6 Weeks After Heard", "6 weeks after heard"},
		{"0 days", "0 days"}, {"0 dagen", "0 days"}, {"same day", "0 days"}, {"Dezelfde  dag", "0 days"}, {"0 days after heard", "0 days after heard"},
		{"1000 days", "1000 days"}, {"1 days", "1 day"},
	} {
		got, err := deadlines.ParseTerm(c.in)
		if err != nil || got.String() != c.want {
			t.Errorf("ParseTerm(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestWhatIsNoTerm(t *testing.T) {
	for _, s := range []string{
		"", " ", "5", "workdays", "five workdays", "vijf werkdagen", "0 weeks", "-1 weeks", "1001 days", "99999999999999999999 days",
		"4.5 weeks", "4,5 weeks", "5workdays", "5 fortnights", "5 workdays after", "5 workdays after lunch", "5 workdays before heard",
		"after heard", "6 weeks after heard closed", "4 weeks 2 days", "4 weeks and 2 days", "5 unlimited", "unlimited years", "unlimited after closed",
		"weeks 4", "4 weeks.", "4 weeks heard after", "0x5 days", "５ weeks", "1_0 weeks",
		"0 workdays", "0 hours", "0 years", "-0 days", "same", "same week", "4 weeks more", "promptly", "at least 1 year",
	} {
		got, err := deadlines.ParseTerm(s)
		if err == nil || !got.IsZero() {
			t.Errorf("ParseTerm(%q) = %q, %v; want an error and no term", s, got, err)
			continue
		}
		if hint, ok := casefile.HintOf(err); !strings.Contains(err.Error(), "is not a term") || !ok || !strings.Contains(hint.String(), "5 workdays") {
			t.Errorf("ParseTerm(%q): %v, hint %q", s, err, hint)
		}
	}
}

// A term is counted from a step. Who writes the name of a term is told the step.
func TestAStepIsMeantWhereATermIsNamed(t *testing.T) {
	for in, want := range map[string]string{
		"6 weeks after close": "write 6 weeks after closed", "1 jaar na close": "write 1 year after closed", "2 weeks after hear": "write 2 weeks after heard",
		"1 day after acknowledge": "write 1 day after acknowledged", "6 weeks after lunch": "5 workdays", "6 weeks before close": "5 workdays",
	} {
		_, err := deadlines.ParseTerm(in)
		if hint, ok := casefile.HintOf(err); !ok || !strings.Contains(hint.String(), want) {
			t.Errorf("%s: %v, hint %q, want %q", in, err, hint, want)
		}
	}
}

func TestPartsOfATerm(t *testing.T) {
	if got, want := term(t, "6 weken na heard"), (deadlines.Term{N: 6, Unit: deadlines.Weeks, After: casefile.Heard}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := term(t, "onbeperkt"), (deadlines.Term{Unlimited: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if (deadlines.Term{}).String() != "" {
		t.Error("no term is not written as nothing")
	}
}

// Each unit, counted from Wednesday 1 April 2026; hours never make a term
// longer than they are.
func TestEachUnit(t *testing.T) {
	for _, c := range []struct{ term, want string }{
		{"1 workday", "2026-04-02"}, {"3 workdays", "2026-04-07"}, {"1 day", "2026-04-02"}, {"30 days", "2026-05-01"}, {"4 weeks", "2026-04-29"},
		{"1 month", "2026-05-01"}, {"3 months", "2026-07-01"}, {"1 year", "2027-04-01"},
		{"24 hours", "2026-04-02"}, {"47 hours", "2026-04-02"}, {"48 hours", "2026-04-03"}, {"71 hours", "2026-04-03"}, {"72 hours", "2026-04-04"},
	} {
		p := policy(t, "close "+c.term+"; archive 5 years")
		if got := p.Terms(day(t, "2026-04-01"))[0].Due.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.term, got, c.want)
		}
	}
}

// Terms that count from a later step are no terms of receipt; those of receipt
// come in the order of the procedure.
func TestTermsFromReceipt(t *testing.T) {
	p := policy(t, "close 4 weeks; hear 6 weeks after acknowledged; decide 6 weeks; inform 2 weeks; acknowledge 1 week; comply 2 weeks; archive 5 years")
	var got []string
	for _, r := range p.Terms(day(t, "2026-03-02")) {
		got = append(got, string(r.Term)+" "+r.Due.String())
	}
	if want := "acknowledge 2026-03-09, inform 2026-03-16, close 2026-03-30"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	got = nil
	for _, l := range p.Later(day(t, "2026-03-02")) {
		got = append(got, string(l.Name)+" "+l.Term.String())
	}
	if want := "hear 6 weeks after acknowledged, decide 6 weeks after heard, comply 2 weeks after ruled"; strings.Join(got, ", ") != want {
		t.Errorf("later: got %s, want %s", strings.Join(got, ", "), want)
	}
}

func FuzzParseTerm(f *testing.F) {
	for _, s := range []string{"5 workdays", "4 weken", "6 weeks after heard", "unlimited", "48 uur", "1 jaar na closed", "0 days", "-1 week", "", "9e3 days", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := deadlines.ParseTerm(s)
		if err != nil {
			if !v.IsZero() || err.Error() == "" {
				t.Fatalf("%q: %+v with the error %v", s, v, err)
			}
			return
		}
		if !v.Unlimited && (v.N < 1 && v.Unit != deadlines.Days || v.N < 0 || v.N > 1000 || v.Unit == "") || v.After != "" && !v.After.Valid() {
			t.Fatalf("%q: %+v", s, v)
		}
		if again, err := deadlines.ParseTerm(v.String()); err != nil || again != v {
			t.Fatalf("%q is written as %q, which reads as %+v, %v", s, v, again, err)
		}
	})
}
