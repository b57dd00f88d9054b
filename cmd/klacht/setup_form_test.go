//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// On a terminal `klacht sync --setup` asks where, and whether to seal it.
func TestSetupAsksOnATerminal(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not on this machine")
	}
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		said := map[string][4]string{
			"en": {"Through which folder or server?", "this cannot stay empty", "Seal it", "The register is shared through "},
			"nl": {"Via welke map of server?", "dit mag niet leeg blijven", "Verzegelen", "Het register wordt gedeeld via "},
		}[w.lang]
		s.env = append(s.env, "GIT_CONFIG_NOSYSTEM=1")
		if out, err := exec.Command("git", "-C", s.dir, "init", "-q").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		x := s.terminal("sync", "--setup")
		x.asks(said[0])
		x.types(enter)
		x.shows(said[1])
		x.types(ctrlC)
		x.shows(w.given)
		w.check(t, x.ends(1))

		place := filepath.Join(filepath.Dir(s.dir), "shared.git")
		x = s.terminal("sync", "--setup")
		x.asks(said[0])
		x.types(place, enter)
		x.shows(said[2])
		x.types(enter)
		x.shows(said[3])
		x.ends(0)
		if out, err := exec.Command("git", "--git-dir", place, "rev-parse", "HEAD").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// Where nothing can be recorded, klacht says so before it asks for what would be lost.
func TestNothingIsAskedThatCannotBeRecorded(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	s := newSite(t)
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07", "EDITOR=false", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@y.example", "GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@y.example")
	if out, err := exec.Command("git", "-C", s.dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s.must("new", "--received", "2026-12-04", "--name", "Jolanda de Wit", "--email", "j@voorbeeld.example", "--subject", "Iets", "--text", "Tekst")
	if out, err := exec.Command("git", "-C", s.dir, "switch", "-q", "--detach").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, args := range [][]string{{"new"}, {"note", "1"}, {"ack", "1"}, {"write", "1"}, {"close", "1"}, {"edit", "1"}, {"erase", "1"}, {"hold", "1"}} {
		x := s.terminal(args...)
		if said := x.ends(1); !strings.Contains(said, "no branch is checked out") || !strings.Contains(said, "git switch") || strings.Contains(said, "?") {
			t.Errorf("klacht %s: %s", args, said)
		}
	}
}
