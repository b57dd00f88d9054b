//go:build bench

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestBenchPurge measures a purge of one case from a history of a size: the case
// is an early one, so that nearly every commit is made anew. Beside it stands
// what git alone takes to send that history through a pipe, and to clean up.
func TestBenchPurge(t *testing.T) {
	b := newBench(t)
	home, program := b.home, b.program
	var out strings.Builder
	fmt.Fprintf(&out, "Seconds, median of 3; %d processors, %s/%s, %s.\n\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	out.WriteString("| commits | cases | `.git` | `purge` of one case | `fast-export --all \\| fast-import` | `repack -a -d`, `prune` | `purge` with nothing to do | `check` |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, commits := range []int{2000, 20000} {
		took := map[string][]time.Duration{}
		cases, size := 0, int64(0)
		for range 3 {
			dir := filepath.Join(home, "register")
			cases = b.history(dir, commits)
			size = folderSize(filepath.Join(dir, ".git"))
			git := func(args string) *exec.Cmd {
				c := exec.Command("sh", "-c", "cd "+dir+" && "+args)
				c.Env = b.env
				return c
			}
			took["pipe"] = append(took["pipe"], b.time(git("git init -q --bare "+home+"/copy && git fast-export --all | git -C "+home+"/copy fast-import --quiet")))
			took["gc"] = append(took["gc"], b.time(git("cd "+home+"/copy && git repack -a -d -q && git prune --expire=now")))
			purge := func() *exec.Cmd { return b.klacht("--dir", dir, "purge", "--yes", "--today", "2026-12-07") }
			took["purge"] = append(took["purge"], b.time(purge()))
			took["nothing"] = append(took["nothing"], b.time(purge()))
			took["check"] = append(took["check"], b.time(git(program+" --dir . check || true"))) // it finds fault with the folders of this register
			if out, err := git("git log --oneline -- open/2020-0001.yaml; git rev-list --count HEAD").CombinedOutput(); err != nil || strings.Count(string(out), "\n") != 1 {
				t.Fatalf("%v %s", err, out)
			}
			for _, d := range []string{dir, home + "/copy"} {
				if err := os.RemoveAll(d); err != nil {
					t.Fatal(err)
				}
			}
		}
		s := func(name string) string { return fmt.Sprintf("%.2f", median(took[name]).Seconds()) }
		fmt.Fprintf(&out, "| %d | %d | %.0f MB | %s | %s | %s | %s | %s |\n", commits, cases, float64(size)/1e6, s("purge"), s("pipe"), s("gc"), s("nothing"), s("check"))
	}
	fmt.Print(out.String())
}

func folderSize(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if info, ierr := d.Info(); err == nil && ierr == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}

// history makes a register with a history of about so many commits: four for
// each case, of which some twenty are open at a time, and one may go.
func (b *bench) history(dir string, commits int) (cases int) {
	b.t.Helper()
	b.time(b.klacht("init", dir, "--name", "Webwerk Oost", "--handler", "Mok Verhagen", "--email", "klachten@webwerkoost.example", "--today", "2019-01-01"))
	if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
		b.t.Fatal(err)
	}
	c := exec.Command("sh", "-c", "umask 077; git init -q -b main && git add -A && git -c user.name=N -c user.email=n@e.example commit -q -m 'register: made' && git fast-import --quiet --force && git reset -q --hard && git gc -q")
	c.Dir, c.Env = dir, b.env
	in, err := c.StdinPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		b.t.Fatal(err)
	}
	for { // the commit that git makes comes first
		if _, err := os.Stat(filepath.Join(dir, ".git", "refs", "heads", "main")); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	w := bufio.NewWriter(in)
	n := 0
	commit := func(message string, changes ...string) {
		n++
		fmt.Fprintf(w, "commit refs/heads/main\ncommitter Mok Verhagen <mok@webwerkoost.example> %d +0100\ndata %d\n%s\n", 1600000000+n*600, len(message), message)
		if n == 1 {
			w.WriteString("from refs/heads/main^0\n")
		}
		for _, c := range changes {
			w.WriteString(c)
		}
		w.WriteString("\n")
	}
	file := func(path, text string) string {
		return fmt.Sprintf("M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
	}
	type one struct{ id, text, folder string }
	var open []one
	end := func(o one) {
		commit(o.id+": closed", "D open/"+o.id+".yaml\n", "R open/"+o.id+" archive/"+o.folder+"/"+o.id+"\n", file("archive/"+o.folder+"/"+o.id+".yaml", o.text))
	}
	for cases = 0; n < commits-80; cases++ {
		id := fmt.Sprintf("2026-%04d", cases)
		received, folder, closed := "2026-11-02", fmt.Sprintf("%d-%02d", 2027+cases*5/(commits/4+1), cases%12+1), "  - at: 2026-11-20\n    step: closed\n    by: Mok Verhagen\n    outcome: agreed\n"
		if cases == 0 {
			id, received, folder, closed = "2020-0001", "2020-11-02", "2025-11", strings.ReplaceAll(closed, "2026", "2020")
		}
		text := benchCase(id, received, received, "")
		text = strings.Replace(text, "    by: Mok Verhagen\n", "    by: Mok Verhagen\n    mail: 01-received.eml\n", 1)
		commit(id+": received", file("open/"+id+".yaml", text), file("open/"+id+"/01-received.eml", benchMail(id)))
		commit(id+": acknowledged", file("open/"+id+".yaml", text+"# acknowledged\n"))
		commit(id+": noted", file("open/"+id+".yaml", text+"# noted\n"))
		if open = append(open, one{id, text + closed, folder}); len(open) > 20 {
			end(open[0])
			open = open[1:]
		}
	}
	for _, o := range open {
		end(o)
	}
	if err := w.Flush(); err != nil {
		b.t.Fatal(err)
	}
	_ = in.Close()
	if err := c.Wait(); err != nil {
		b.t.Fatal(err)
	}
	return cases
}
