//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A purge that is killed at any moment, with every git that it runs, is completed
// by the next one, and nothing else is damaged.
func TestKilledPurgeOfHistory(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	s := newSite(t)
	home := filepath.Dir(s.dir)
	s.env = append(s.env, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE=1800000000 +0100", "GIT_COMMITTER_DATE=1800000000 +0100")
	git := func(dir string, args ...string) string {
		t.Helper()
		c := exec.Command("git", append([]string{"-C", dir}, args...)...)
		c.Env = s.env
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	s.env = append(s.env, "KLACHT_TODAY=2020-02-03")
	git(s.dir, "init", "-q", "-b", "main")
	for _, name := range []string{"Jolanda Kwikstaart", "Piet Blijver", "Anna Kwikstaart"} {
		s.must("new", "--name", name, "--subject", "Klacht van "+name, "--text", "Van "+name)
	}
	for _, id := range []string{"2020-0001", "2020-0003"} {
		s.must("close", id, "--outcome", "agreed", "--no-letter")
	}
	remote := filepath.Join(home, "remote.git")
	git(home, "init", "-q", "--bare", "-b", "main", remote)
	git(s.dir, "remote", "add", "origin", remote)
	git(s.dir, "push", "-q", "origin", "main")
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07")

	// a git that counts its calls, and at one of them kills itself and all who called it
	bin := filepath.Join(home, "bin")
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nn=$(($(cat \"$COUNT\")+1))\necho $n >\"$COUNT\"\n[ $n = \"$BEFORE\" ] && kill -9 0\n" + real + " \"$@\"\nr=$?\n[ $n = \"$AFTER\" ] && kill -9 0\nexit $r\n"
	if err = os.MkdirAll(bin, 0o700); err == nil {
		err = os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	count := filepath.Join(home, "count")

	place := filepath.Join(home, "place")
	if err := os.Mkdir(place, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{s.dir, remote} {
		if err := os.Rename(dir, filepath.Join(place, filepath.Base(dir))); err != nil {
			t.Fatal(err)
		}
	}
	restore := func() {
		t.Helper()
		for _, dir := range []string{s.dir, remote} {
			out, err := exec.Command("sh", "-c", "rm -rf "+dir+" && cp -a "+filepath.Join(place, filepath.Base(dir))+" "+dir).CombinedOutput()
			if err != nil {
				t.Fatalf("%v %s", err, out)
			}
		}
		if err := os.WriteFile(count, []byte("0"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	purge := func(after time.Duration, env ...string) (killed bool) {
		c := s.command("purge", "--yes")
		c.Env = append(append(s.env[:len(s.env):len(s.env)], env...), "COUNT="+count)
		if env != nil {
			c.Env = append(c.Env, "PATH="+bin+":"+os.Getenv("PATH"))
		}
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if after > 0 {
			defer time.AfterFunc(after, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }).Stop()
		}
		_ = c.Wait()
		return c.ProcessState.ExitCode() != 0
	}
	series := regexp.MustCompile(`, by: [A-Z]+\}`)
	word := regexp.MustCompile(`(?i)kwikstaart|jolanda`)
	tree, messages := "", ""
	check := func(what string) {
		t.Helper()
		out := s.must("purge", "--yes")
		for _, dir := range []string{s.dir, remote} {
			if said := git(dir, "fsck", "--full", "--strict", "--no-progress"); said != "" {
				t.Fatalf("%s: fsck of %s: %s", what, dir, said)
			}
			if all := git(dir, "cat-file", "--batch-all-objects", "--unordered", "--batch"); word.MatchString(all) || !strings.Contains(all, "Blijver") {
				t.Fatalf("%s: an object of %s: %q\n%s", what, dir, word.FindString(all), out)
			}
			_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					data, err := os.ReadFile(name)
					if err != nil || word.Match(data) || strings.HasSuffix(name, ".lock") || strings.HasPrefix(filepath.Base(name), "tmp_") {
						t.Errorf("%s: %s is left: %v", what, name, err)
					}
				}
				return nil
			})
		}
		if out := s.must("check"); !strings.Contains(out, "sound") {
			t.Errorf("%s: %s", what, out)
		}
		if out := s.run("", "purge", "--yes"); out.code != 0 || out.out+out.err != "" {
			t.Errorf("%s: and again: %s%s", what, out.out, out.err)
		}
		if err := os.WriteFile(count, []byte("0"), 0o600); err != nil || purge(0, "BEFORE=0", "AFTER=0") {
			t.Errorf("%s: a quiet purge: %v", what, err)
		}
		if data, err := os.ReadFile(count); err != nil || strings.TrimSpace(string(data)) > "1" { // once, for the addresses of the remotes: one that has moved is a place of which nothing is known
			t.Errorf("%s: a quiet purge ran git %s times: %v", what, data, err)
		}
		s.must("note", "2020-0002", "--text", "gebeld")
		now := git(s.dir, "ls-tree", "-r", "HEAD", "open", "archive", "regeling.yaml") + series.ReplaceAllString(git(s.dir, "show", "HEAD:purged.yaml"), "") // a copy of the folder has a series of its own
		ours := git(s.dir, "log", "--format=%s", "--", "open/2020-0002.yaml") + git(remote, "log", "--format=%s", "main", "--", "open/2020-0002.yaml") + git(s.dir, "status", "--porcelain")
		if tree == "" {
			tree, messages = now, ours
		}
		if now != tree || ours != messages {
			t.Fatalf("%s: the history is\n%s\ninstead of\n%s", what, ours, messages)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	restore()
	begin := time.Now()
	purge(0, "BEFORE=0", "AFTER=0")
	took := time.Since(begin)
	data, err := os.ReadFile(count)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	if _, err := fmt.Sscan(string(data), &calls); err != nil || calls < 10 {
		t.Fatalf("%d calls of git: %v", calls, err)
	}
	check("not killed")
	stops, every := 0, times(1, 9)
	for n := 1 + rand.IntN(every); n <= calls; n += every {
		for _, when := range []string{"BEFORE", "AFTER"} {
			if when == "AFTER" && n/every%3 != 0 { // it is nearly the same as before the next
				continue
			}
			restore()
			if purge(0, fmt.Sprintf("%s=%d", when, n)) {
				stops++
			}
			check(fmt.Sprintf("killed %s call %d of %d", when, n, calls))
		}
	}
	if stops < calls/every {
		t.Errorf("killed %d times at %d calls", stops, calls)
	}
	rounds := times(12, 2)
	for range rounds {
		restore()
		after := time.Duration(rand.Int64N(int64(took)))
		for purge(after) && rand.IntN(2) == 0 { // and the next one too, perhaps
			after = time.Duration(rand.Int64N(int64(took)))
		}
		for _, dir := range []string{s.dir, remote} { // a git that was killed with it leaves its lock, which klacht says to remove
			if out, err := exec.Command("find", dir, "-name", "*.lock", "-path", "*git*", "-delete").CombinedOutput(); err != nil {
				t.Fatalf("%v %s", err, out)
			}
		}
		check(fmt.Sprint("killed after ", after))
	}
	t.Logf("killed at %d calls of git, and %d times in between", stops, rounds)
}
