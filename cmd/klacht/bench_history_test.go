//go:build bench

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestBenchHistory measures what the history adds to a step: beside the same
// step in a register without one, and beside git alone, which adds and commits
// one file that was changed in the same repository.
func TestBenchHistory(t *testing.T) {
	b := newBench(t)
	home := b.home
	git := func(s *benchSet, args ...string) *exec.Cmd {
		c := exec.Command("git", args...)
		c.Dir, c.Env = s.dir+"-git", b.env
		return c
	}
	sets := []*benchSet{
		{name: "100 open", open: 100},
		{name: "1 000 open", open: 1000},
		{name: "10 000 open", open: 10000},
		{name: "1 000 open, 100 000 archived", open: 1000, archived: 100_000},
	}
	for i, s := range sets {
		s.took = map[string][]time.Duration{}
		dir := filepath.Join(home, fmt.Sprint("register", i))
		s.dir = dir + "-git"
		b.fill(s)
		s.dir = dir
		b.fill(s)
		b.time(git(s, "init", "-q"))
		b.time(git(s, "config", "gc.auto", "0")) // none in the background while others are measured
		b.time(git(s, "config", "user.name", "Mok"))
		b.time(git(s, "config", "user.email", "mok@webwerkoost.example"))
		b.time(b.klacht("--dir", s.dir, "note", "2026-0001", "--text", "x"))
		s.first = b.time(b.klacht("--dir", s.dir+"-git", "note", "2026-0001", "--text", "x"))
		b.time(git(s, "gc", "-q"))
	}
	b.rounds(sets, map[string]func(*benchSet) *exec.Cmd{
		"without": b.note,
		"with": func(s *benchSet) *exec.Cmd {
			b.n++
			return b.klacht("--dir", s.dir+"-git", "note", fmt.Sprintf("2026-%04d", b.n%s.open+1), "--text", "Gebeld, geen gehoor")
		},
		"status": func(s *benchSet) *exec.Cmd {
			return git(s, "status", "--porcelain", "--untracked-files=all", "open", "letters", "regeling.yaml", "purged.yaml")
		},
		"bare": func(s *benchSet) *exec.Cmd {
			b.n++
			c := git(s)
			c.Path, c.Args = "/bin/sh", []string{"sh", "-c", fmt.Sprintf("f=open/2026-%04d.yaml; sed -i 's/Gebeld/Gebeld:/' $f; echo \"# $$\" >>$f; git add $f && git commit -q -m x", b.n%s.open+1)}
			return c
		},
		"log": func(s *benchSet) *exec.Cmd { return b.klacht("--dir", s.dir+"-git", "log") },
	})
	var out strings.Builder
	fmt.Fprintf(&out, "A step with its commit, whole processes, median of %d (and the fastest), milliseconds; %d processors, %s/%s, %s.\n", benchRuns, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	out.WriteString("Bare is `git add` and `git commit` of one file that a shell has changed; status is `git status` of what a step looks through.\n\n")
	out.WriteString("| register | `note`, no history | `note` | bare | status | `log` | the first commit |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range sets {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s | %.0f |\n", s.name, told(s.took["without"]), told(s.took["with"]), told(s.took["bare"]), told(s.took["status"]), told(s.took["log"]), float64(s.first)/1e6)
	}
	fmt.Print(out.String())
}
