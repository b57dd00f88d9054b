//go:build unix

package history

import (
	"context"
	"errors"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	casefile "klacht/case"
)

// Killed at any moment, it leaves all but the cases there, and the next one
// completes it.
func TestEraseKilled(t *testing.T) {
	if dir := os.Getenv("KLACHT_ERASE"); dir != "" { // the one that is killed
		r, err := Open(dir, Setup{})
		if err != nil {
			t.Fatal(err)
		}
		y := &yard{t: t, r: r}
		_, err = y.place(os.Getenv("KLACHT_ERASE_AT")).erase(context.Background(), []Gone{{ID: "2026-0200", Key: casefile.KeyOf("2026-0200").Hash()}})
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	soak, _ := strconv.Atoi(os.Getenv("SOAK"))
	for n := range max(6, soak) {
		y, gone := newLive(t, 4)
		at := []string{y.r.Dir, y.remote}[n%2]
		y.git(at, "gc", "-q")
		y.put(y.r.Dir, "open/2026-0200.yaml", "")
		y.put(y.r.Dir, "open/2026-0200", "")
		y.commit(y.r.Dir, "loose")
		y.git(y.r.Dir, "push", "-q")
		y.git(at, "tag", "-a", "-m", "een", "first", "main~4")
		before := y.git(at, "ls-tree", "-r", "main", "--", "regeling.yaml", "open/2026-0100.yaml", "open/2026-0300", "open/2026-0400")
		c := exec.Command(os.Args[0], "-test.run=^TestEraseKilled$")
		c.Env = append(slices.Clone(y.r.env), "KLACHT_ERASE="+y.r.Dir, "KLACHT_ERASE_AT="+at)
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(15+rand.Intn(90+n%2*350)) * time.Millisecond)
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
		for end := time.Now().Add(30 * time.Second); !errors.Is(syscall.Kill(-c.Process.Pid, 0), syscall.ESRCH); time.Sleep(time.Millisecond) { // its gits end a moment later
			if time.Now().After(end) {
				t.Fatal("a git does not end")
			}
		}
		if now := y.git(at, "ls-tree", "-r", "main", "--", "regeling.yaml", "open/2026-0100.yaml", "open/2026-0300", "open/2026-0400"); now != before {
			t.Errorf("%s is %s and was %s", at, now, before)
		}
		for line := range strings.Lines(before) { // no object is away
			y.git(at, "cat-file", "-p", strings.Fields(line)[2])
		}
		out := y.git(filepath.Dir(y.r.Dir), "--git-dir="+y.place(at).gitDir, "rev-parse", "--git-dir")
		err := filepath.WalkDir(strings.TrimSpace(out), func(name string, _ os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, ".lock") { // as the hint says
				err = os.Remove(name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		y.erase(at, gone[1])
		y.whole(at, gone[1:2], []string{"main:open/2026-0100.yaml", "main:open/2026-0300.yaml", "first:regeling.yaml", "main:open/2026-0400/01-received.eml"})
	}
}
