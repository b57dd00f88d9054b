//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
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
