package casefile_test

import (
	"slices"
	"testing"

	casefile "klacht/case"
)

func TestIDHasOneFormOnly(t *testing.T) {
	for _, c := range []struct {
		in     string
		year   int
		series string
		number int
	}{
		{"2026-0001", 2026, "", 1}, {"2026-0007", 2026, "", 7}, {"2026-9999", 2026, "", 9999},
		{"2026-10000", 2026, "", 10000}, {"2026-123456789", 2026, "", 123456789},
		{"2026-B001", 2026, "B", 1}, {"2026-B1000", 2026, "B", 1000}, {"2026-QXV042", 2026, "QXV", 42},
	} {
		id, err := casefile.ParseID(c.in)
		if err != nil || id.Year() != c.year || id.Number() != c.number || id.Series() != c.series || casefile.MakeID(c.year, c.series, c.number) != id {
			t.Errorf("ParseID(%q) = %q (%d, %d), %v", c.in, id, id.Year(), id.Number(), err)
		}
	}
	for _, s := range []string{
		"", "7", "2026", "2026-0000", "0000-0001", "2026-7", "2026-007", "2026-00007", "2026-010000", "26-0007", "2026-0007 ", " 2026-0007", "2026-0007\n",
		"2026_0007", "2026-abcd", "2026--007", "2026-1234567890", "../2026-0007", "2026-0007.yaml", "２０２６-0007",
		"2026-B01", "2026-B0001", "2026-b001", "2026-QXVZ001", "2026-B", "2026-B000", "2026-BÉ001",
	} {
		if id, err := casefile.ParseID(s); err == nil || id != "" {
			t.Errorf("ParseID(%q) = %q, %v; want an error and no ID", s, id, err)
		}
	}
}

func TestIDsAreInOrderOfNumber(t *testing.T) {
	ids := []casefile.ID{"2027-0001", "2026-10000", "2026-0010", "2026-9999", "2026-0002", "2025-0300", "2026-B001", "2026-AB001", "2026-B1000"}
	slices.SortFunc(ids, casefile.ID.Compare)
	if want := []casefile.ID{"2025-0300", "2026-0002", "2026-0010", "2026-9999", "2026-10000", "2026-B001", "2026-B1000", "2026-AB001", "2027-0001"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestSomethingElseIsNoID(t *testing.T) {
	if id := casefile.ID("nonsense"); id.Year() != 0 || id.Number() != 0 {
		t.Errorf("year %d, number %d", id.Year(), id.Number())
	}
}
