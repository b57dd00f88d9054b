package store

import (
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	_, good := readProcedure(t, "testdata/procedures/06-kollaart.yaml")
	line := func(s, sub string) int { return 1 + strings.Count(s[:strings.Index(s, sub)], "\n") }
	for _, c := range []struct{ old, new, at string }{
		{"[mon, tue, wed, thu, fri]", "[]", "workdays:"},
		{"bodies:", "closed:\n  - 2026-08-06..2026-07-19\nbodies:", "2026-08-06.."},
		{"workdays: [mon, tue, wed, thu, fri]\nholidays: [nieuwjaarsdag, ", "holidays: [derde paasdag, nieuwjaarsdag]\nworkdays: [mon]\nclosed: [] #", "holidays:"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		_, d := decodePolicy("regeling.yaml", []byte(bad))
		if d == nil || d.Line != line(bad, c.at) {
			t.Errorf("%v, want line %d", d, line(bad, c.at))
		}
	}
}

func TestVersionWithItsOwnWorkdays(t *testing.T) {
	_, good := readProcedure(t, "testdata/procedures/06-kollaart.yaml")
	p, d := decodePolicy("regeling.yaml", []byte(strings.Replace(good, "    close:", "    workdays: [mon, tue]\n    close:", 1)))
	if d != nil || p.Versions[0].Calendar.IsWorkday(procedureDate(t, "2026-03-04")) {
		t.Error("a Wednesday is a working day", d)
	}
}

func TestAnswerAfterAStep(t *testing.T) {
	_, good := readProcedure(t, "testdata/procedures/06-kollaart.yaml")
	if _, d := decodePolicy("regeling.yaml", []byte(strings.Replace(good, "address:", "answer: 2 weeks after heard\n    address:", 1))); d == nil {
		t.Error("answer: 2 weeks after heard is taken, and after heard is ignored")
	}
}
