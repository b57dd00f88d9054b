//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// On a terminal erase asks for the reason and for a yes, after it has said what
// is still owed; one that is on hold goes only if its number is typed.
func TestEraseAsksOnATerminal(t *testing.T) {
	s := newSite(t)
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07")
	s.must("new", "--received", "2026-12-04", "--name", "Jolanda de Wit", "--subject", "Iets", "--text", "Tekst")
	s.must("new", "--received", "2026-12-04", "--name", "Piet Blijver", "--subject", "Iets", "--text", "Tekst")
	s.must("hold", "2", "--reason", "Er loopt een claim", "--review", "2027-06-01")
	there := func(id string) bool {
		_, err := os.Stat(filepath.Join(s.dir, "open", id+".yaml"))
		return err == nil
	}

	x := s.terminal("erase", "1")
	x.asks("For what reason?")
	x.shows("mistake")
	x.types(enter) // the first: at the complainant's request
	x.shows("2026-0001  still owed: confirm receipt by Fri 11 Dec 2026")
	x.shows("Remove 2026-0001 for good?")
	x.types(enter) // which keeps it
	x.shows("given up; nothing was changed")
	x.ends(1)
	if !there("2026-0001") {
		t.Fatal("it went unasked")
	}
	x = s.terminal("erase", "1", "--reason", "request")
	x.shows("Remove 2026-0001 for good?")
	x.types(left, enter)
	x.shows("2026-0001 removed")
	x.ends(0)
	if there("2026-0001") {
		t.Error("it is still there")
	}

	for _, typed := range []string{"", "2026-0001", "ja"} {
		x = s.terminal("--lang", "nl", "erase", "2", "--reason", "request", "--yes")
		x.shows("2026-0002 blijft: wordt vastgehouden")
		x.shows("AVG art. 17 lid 3 onder e")
		x.asks("2026-0002 voorgoed wissen? Typ dan het nummer")
		x.types(typed, enter)
		x.shows("afgebroken")
		x.ends(1)
		if !there("2026-0002") {
			t.Fatalf("it went by %q", typed)
		}
	}
	x = s.terminal("erase", "2", "--reason", "request")
	x.asks("Remove 2026-0002 for good?")
	x.types("2", enter) // as everywhere
	x.shows("2026-0002 removed")
	x.ends(0)
	if there("2026-0002") {
		t.Error("it is still there")
	}
}
