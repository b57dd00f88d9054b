package history

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// left makes a file in a repository to which nothing has happened for so long.
func (y *yard) left(dir, name string, ago time.Duration) string {
	y.t.Helper()
	y.put(dir, name, "half")
	at := time.Now().Add(-ago)
	for path := filepath.Join(dir, filepath.FromSlash(name)); path != filepath.Join(dir, "objects"); path = filepath.Dir(path) {
		if err := os.Chtimes(path, at, at); err != nil {
			y.t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// What a git has half written belongs to one that was killed after an hour; a push that
// came in sooner, if the system tells that nobody works for it.
func TestAbandoned(t *testing.T) {
	y := &yard{t: t, r: eraseRepo(t)}
	working := exec.Command("git", "hash-object", "--stdin") // waits for what it is to read
	working.Dir, working.Env = y.r.Dir, append(slices.Clone(y.r.env), "GIT_QUARANTINE_PATH=./objects/incoming-works")
	in, err := working.StdinPipe()
	if err == nil {
		err = working.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = in.Close()
		_ = working.Wait()
	}()
	tells := tellsProcesses()
	for _, tt := range []struct {
		name string
		ago  time.Duration
		want bool
	}{
		{"objects/incoming-now/ab/cd", 0, false},
		{"objects/incoming-quiet/ab/cd", time.Minute, tells},
		{"objects/incoming-works/ab/cd", time.Minute, false},
		{"objects/incoming-long/ab/cd", 61 * time.Minute, true},
		{"objects/pack/tmp_pack_now", 0, false},
		{"objects/pack/tmp_pack_quiet", 59 * time.Minute, false},
		{"objects/pack/tmp_pack_long", 61 * time.Minute, true},
	} {
		name := y.left(y.r.Dir, tt.name, tt.ago)
		if filepath.Base(filepath.Dir(name)) == "ab" {
			name = filepath.Dir(filepath.Dir(name))
		}
		if got := abandoned(name); got != tt.want {
			t.Errorf("%s, untouched for %v: %v", tt.name, tt.ago, got)
		}
	}
	name := filepath.Dir(y.left(y.r.Dir, "objects/incoming-late/old", 2*time.Hour))
	y.put(y.r.Dir, "objects/incoming-late/new", "half")
	if abandoned(name) {
		t.Error("one that something comes into still counts as abandoned")
	}
}

// tellsProcesses reports whether the system tells of every git what it was told.
func tellsProcesses() bool {
	list, _ := filepath.Glob("/proc/[0-9]*/environ")
	return len(list) > 0 && !slices.ContainsFunc(list, func(name string) bool {
		_, err := os.ReadFile(name)
		comm, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "comm"))
		return errors.Is(err, fs.ErrPermission) && strings.HasPrefix(string(comm), "git")
	})
}

// What a push that was killed has left in a bare repository goes with an erasure, and
// what another may be writing there stays; in the owner's own nobody else writes.
func TestEraseWhatAKilledPushLeft(t *testing.T) {
	y, gone := newLive(t, 2)
	for _, tt := range []struct {
		dir, gitDir string
		stays       bool
	}{{y.remote, y.remote, true}, {y.r.Dir, filepath.Join(y.r.Dir, ".git"), false}} {
		old := []string{
			y.left(tt.gitDir, "objects/incoming-killed/ab/cd", 2*time.Hour),
			y.left(tt.gitDir, "objects/tmp_objdir-incoming-killed/pack/tmp_pack_a", 2*time.Hour),
			y.left(tt.gitDir, "objects/pack/tmp_pack_killed", 2*time.Hour),
			y.left(tt.gitDir, "objects/ab/tmp_obj_killed", 2*time.Hour),
		}
		fresh := y.left(tt.gitDir, "objects/pack/tmp_pack_at_work", time.Minute)
		y.erase(tt.dir, gone[0])
		for _, name := range old {
			if _, err := os.Lstat(name); err == nil {
				t.Errorf("%s is left", name)
			}
		}
		if _, err := os.Lstat(fresh); (err == nil) != tt.stays {
			t.Errorf("%s: %v", fresh, err)
		}
	}
}
