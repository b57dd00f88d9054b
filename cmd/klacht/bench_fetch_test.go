//go:build bench

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestBenchFetch measures the fetch of a Maildir into a register with 60 months in its
// archive: one in which nothing is to be registered, and one in which each mail is a
// complaint. Beside it stands a program that only lists the mails, and one that parses
// them as well.
func TestBenchFetch(t *testing.T) {
	b := newBench(t, "bareparse")
	home, bare := b.home, filepath.Join(b.home, "bareparse")
	var out strings.Builder
	fmt.Fprintf(&out, "Seconds, median of 3; %d processors, %s/%s, %s.\n\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	out.WriteString("| mails | history | list | parse | `fetch` | `fetch` / parse | again | again / list |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, row := range []struct {
		kind, header string
		n            int
		git          bool
	}{
		{"newsletters", "Precedence: bulk\n", 8000, false},
		{"complaints", "", 500, false},
		{"complaints", "", 8000, false},
		{"complaints", "", 500, true},
		{"complaints", "", 8000, true},
	} {
		took := map[string][]time.Duration{}
		for range 3 {
			dir, box := filepath.Join(home, "register"), filepath.Join(home, "box")
			b.mailbox(dir, box, row.n, row.header, row.git)
			fetch := func() *exec.Cmd { return b.klacht("--dir", dir, "fetch", box) }
			took["fetch"] = append(took["fetch"], b.time(fetch()))
			b.time(fetch()) // looks through what has changed in the register
			for range 3 {
				took["again"] = append(took["again"], b.time(fetch()))
				took["list"] = append(took["list"], b.time(exec.Command(bare, filepath.Join(box, "new"))))
			}
			took["parse"] = append(took["parse"], b.time(exec.Command(bare, filepath.Join(box, "new"), "all")))
			for _, d := range []string{dir, box} {
				if err := os.RemoveAll(d); err != nil {
					t.Fatal(err)
				}
			}
		}
		s := func(name string) string { return fmt.Sprintf("%.3f", median(took[name]).Seconds()) }
		history := map[bool]string{true: "git", false: "none"}[row.git]
		fmt.Fprintf(&out, "| %d %s | %s | %s | %s | %s | %.1f | %s | %.1f |\n", row.n, row.kind, history, s("list"), s("parse"), s("fetch"), ratio(took["fetch"], took["parse"]),
			s("again"), ratio(took["again"], took["list"]))
	}
	out.WriteString("\nGoal: `fetch` at most 3 × parse where nothing is to be written, again at most 2 × list.\n")
	fmt.Print(out.String())
}

// mailbox makes a register with 60 months in its archive, and a Maildir of n mails.
func (b *bench) mailbox(dir, box string, n int, header string, git bool) {
	b.t.Helper()
	args := []string{"init", dir, "--name", "Webwerk Oost", "--handler", "Mok Verhagen", "--email", "klachten@webwerkoost.example", "--today", "2019-01-01"}
	if !git {
		args = append(args, "--no-git")
	}
	b.time(b.klacht(args...))
	put := func(path, text string) {
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	for i := range 60 {
		year, month := 2021+i/12, i%12+1
		id := fmt.Sprintf("%d-%04d", year, month)
		put(fmt.Sprintf("%s/archive/%d-%02d/%s.yaml", dir, year+6, month, id), benchCase(id, fmt.Sprintf("%d-%02d-03", year, month), fmt.Sprintf("%d-%02d-04", year, month),
			fmt.Sprintf("  - at: %d-%02d-10\n    step: closed\n    by: Mok Verhagen\n    outcome: agreed\n", year, month)))
	}
	for i := range n {
		mail := strings.Replace(benchMail(fmt.Sprint(i)), "From: Jolanda de Wit <jolanda@", fmt.Sprintf("%sFrom: Jolanda de Wit <jolanda%d@", header, i), 1)
		put(fmt.Sprintf("%s/new/%d.M%dP1.mok", box, 1795189211+i, i), mail)
	}
	if err := os.MkdirAll(filepath.Join(box, "cur"), 0o700); err != nil {
		b.t.Fatal(err)
	}
}
