//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// git runs git in the register and returns what it prints.
func (s *site) git(args ...string) string {
	s.t.Helper()
	c := exec.Command("git", append([]string{"-C", s.dir}, args...)...)
	c.Env = s.env
	r := finish(s.t, c)
	if r.code != 0 {
		s.t.Fatalf("git %v: exit %d\n%s%s", args, r.code, r.out, r.err)
	}
	return r.out
}

// locks returns the locks that a git has left.
func (s *site) locks() (list []string) {
	_ = filepath.WalkDir(filepath.Join(s.dir, ".git"), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".lock") && filepath.Base(path) != "maintenance.lock" { // which hinders no commit
			list = append(list, path)
		}
		return nil
	})
	return list
}

// Whenever a command is killed, alone or with the git that it runs: what is on
// the disk is whole, the next command takes it into the history under its own
// name, and only a git that had no chance leaves a lock, which is named.
func TestKilledWhileCommitting(t *testing.T) {
	s := newSite(t)
	s.git("init", "-q")
	s.env = append(s.env, "KLACHT_TODAY="+shiftToday)
	s.must("new", "--received", "2026-11-30", "--name", "Naam", "--subject", "Iets", "--text", "Tekst")
	var took time.Duration
	for i := range 3 {
		begin := time.Now()
		s.must("note", "1", "--text", fmt.Sprint("vooraf ", i))
		took = max(took, time.Since(begin))
	}
	kills := []struct {
		name   string
		signal syscall.Signal
		group  bool
	}{
		{"the command is ended", syscall.SIGTERM, false},
		{"the command is killed", syscall.SIGKILL, false},
		{"the command and git are ended", syscall.SIGTERM, true},
		{"the command and git are killed", syscall.SIGKILL, true},
	}
	rounds := times(48, 16)
	seen := map[string]int{}
	for i := range rounds {
		k := kills[i%len(kills)]
		c := s.command("note", "1", "--text", fmt.Sprint("ronde ", i))
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if i%8 < 4 {
			time.Sleep(time.Duration(rand.Int64N(int64(took * 5 / 4))))
		} else { // once the change has begun
			for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Microsecond) {
				if _, err := os.Stat(filepath.Join(s.dir, ".klacht", "uncommitted")); err == nil {
					break
				}
			}
			time.Sleep(time.Duration(rand.Int64N(int64(took / 2))))
		}
		pid := c.Process.Pid
		if k.group {
			_ = syscall.Kill(-pid, k.signal)
		} else {
			_ = syscall.Kill(pid, k.signal)
		}
		_ = c.Wait()
		for end := time.Now().Add(30 * time.Second); !errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH); time.Sleep(time.Millisecond) { // a git that was left alone finishes
			if time.Now().After(end) {
				t.Fatalf("%s: a git does not end", k.name)
			}
		}
		locks := s.locks()
		if !k.group && len(locks) > 0 { // a git that is itself ended has a moment in which it leaves its lock
			t.Fatalf("%s: it leaves %v", k.name, locks)
		}
		if len(locks) > 0 {
			seen["locks"]++
			r := s.run("", "note", "1", "--text", fmt.Sprint("gesloten ", i))
			if r.code != 0 || !strings.Contains(r.err, "recorded, but it is not in the history yet") || !strings.Contains(r.err, "remove "+locks[0]) {
				t.Fatalf("with %v there: exit %d\n%s", locks, r.code, r.err)
			}
			for _, l := range locks {
				if err := os.Remove(l); err != nil {
					t.Fatal(err)
				}
			}
		}
		if s.git("status", "--porcelain") != "" {
			seen["left"]++
		}
		r := s.run("", "note", "1", "--text", fmt.Sprint("daarna ", i))
		if r.code != 0 || r.err != "" {
			t.Fatalf("%s; the next command: exit %d\n%s", k.name, r.code, r.err)
		}
		if left := s.git("status", "--porcelain", "--untracked-files=all"); left != "" {
			t.Fatalf("%s; not in the history after the next command:\n%s", k.name, left)
		}
		now, err := os.ReadFile(filepath.Join(s.dir, "open", "2026-0001.yaml"))
		if err != nil || s.git("cat-file", "blob", "HEAD:open/2026-0001.yaml") != string(now) {
			t.Fatalf("%s: the history has another case than the disk (%v)", k.name, err)
		}
	}
	s.git("fsck", "--strict")
	if log := s.git("log", "--format=%B"); strings.Contains(log, "by hand") {
		t.Errorf("what a command had left counts as made by hand:\n%s", log)
	}
	s.run("", "check", "--fix") // what a killed command left
	s.must("check")
	t.Logf("%d commands, of which %d left a change for the next to commit, and %d a lock", rounds, seen["left"], seen["locks"])
	if seen["left"] == 0 {
		t.Error("no command was killed between its change and its commit")
	}
}
