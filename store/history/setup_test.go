package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Git reads an address as it was given, whatever is in it, and the rest of what is
// set for a remote stays.
func TestSetRemote(t *testing.T) {
	y := &yard{t: t, r: eraseRepo(t)}
	d := y.r.Dir
	y.git(d, "config", "remote.origin.gcrypt-participants", "mok els")
	rapid.Check(t, func(t *rapid.T) {
		addr := rapid.StringOfN(rapid.SampledFrom([]rune(`ab/:@#;"\' =[]éx-`)), 1, 20, -1).Draw(t, "address")
		name := rapid.SampledFrom([]string{"origin", "nas"}).Draw(t, "name")
		if err := y.r.setRemote(y.t.Context(), name, addr); err != nil {
			t.Fatal(err)
		}
		if got := y.git(d, "config", "--get-all", "remote."+name+".url"); got != addr+"\n" {
			t.Errorf("%q is read as %q", addr, got)
		}
		if got := y.git(d, "config", "--get-all", "remote."+name+".fetch"); got != "+refs/heads/*:refs/remotes/"+name+"/*\n" {
			t.Error(got)
		}
	})
	if got := y.git(d, "config", "--get", "remote.origin.gcrypt-participants"); got != "mok els\n" {
		t.Error(got)
	}
	config := filepath.Join(d, ".git", "config")
	before, _ := os.ReadFile(config)
	if err := os.WriteFile(config+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := y.r.setRemote(t.Context(), "origin", "x"); err == nil || !strings.Contains(err.Error(), "cannot write the settings of git") {
		t.Error(err)
	}
	if _, err := os.Stat(config + ".lock"); err != nil {
		t.Error("the lock of another git was taken away")
	}
	if after, _ := os.ReadFile(config); string(after) != string(before) {
		t.Errorf("the settings are\n%s", after)
	}
}
