package history

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	casefile "klacht/case"
)

// newLive makes a register of n cases with keys, and a bare repository that it was
// pushed to. gone are the cases.
func newLive(t *testing.T, n int) (y *yard, gone []Gone) {
	y = &yard{t: t, r: eraseRepo(t)}
	d := y.r.Dir
	y.put(d, "regeling.yaml", "format: 1\n")
	y.commit(d, "register: made")
	for i := range n {
		id := casefile.MakeID(2026, "", 100*(i+1)) // so far apart that the search does not take one for another
		key := casefile.KeyOf(string(id))
		gone = append(gone, Gone{ID: id, Key: key.Hash()})
		y.put(d, "open/"+string(id)+".yaml", "key: "+string(key)+"\n"+caseText(string(id), ""))
		y.put(d, "open/"+string(id)+"/01-received.eml", mailText(string(id), ""))
		y.commit(d, string(id)+": received")
	}
	y.remote = filepath.Join(filepath.Dir(d), "remote.git")
	y.git(filepath.Dir(d), "init", "-q", "--bare", y.remote)
	y.git(d, "remote", "add", "origin", y.remote)
	y.git(d, "push", "-q", "-u", "origin", "main")
	return y, gone
}

// run is a git of somebody else, who goes on when it fails.
func run(env []string, dir string, args ...string) error {
	c := exec.Command("git", args...)
	c.Dir, c.Env = dir, append(slices.Clone(env), "GIT_AUTHOR_DATE=1700000000 +0100", "GIT_COMMITTER_DATE=1700000000 +0100")
	out, err := c.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("git %v: %v %s", args, err, out)
	}
	return err
}

// While others push all the time with git alone, to a branch of their own and to
// new ones, cases are erased. In the end nothing that a push was told it had
// brought is missing, nothing of the cases is there, and the repository is whole.
// SOAK=600 makes it go on for ten minutes, and the next but one kill as often.
func TestEraseWhileOthersPush(t *testing.T) {
	soak, _ := strconv.Atoi(os.Getenv("SOAK"))
	end := time.Now().Add(time.Duration(max(soak, 4)) * time.Second)
	y, gone := newLive(t, max(12, soak))
	var others sync.WaitGroup
	var pushed [2][]string // the files that came through
	var refused atomic.Int64
	for who := range 2 {
		dir := filepath.Join(filepath.Dir(y.r.Dir), fmt.Sprint("other", who))
		y.git(filepath.Dir(dir), "clone", "-q", y.remote, dir)
		others.Go(func() {
			for n := 0; time.Now().Before(end); n++ {
				file := fmt.Sprintf("work/%d-%d.txt", who, n)
				branch := "own"
				if who == 1 {
					branch = fmt.Sprint("side-", n)
				}
				_ = os.MkdirAll(filepath.Join(dir, "work"), 0o700)
				_ = os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte(file), 0o600)
				_ = run(y.r.env, dir, "add", "work")
				err := run(y.r.env, dir, "commit", "-q", "-m", "work")
				if err == nil {
					err = run(y.r.env, dir, "push", "-q", "origin", "HEAD:refs/heads/"+branch)
				}
				if err == nil {
					pushed[who] = append(pushed[who], branch+":"+file)
				} else {
					refused.Add(1)
				}
				if err != nil || who == 1 && n%7 == 0 { // else it goes on from what it has
					_ = run(y.r.env, dir, "fetch", "-q", "--prune")
					if run(y.r.env, dir, "reset", "-q", "--hard", "origin/own") != nil || who == 1 {
						_ = run(y.r.env, dir, "reset", "-q", "--hard", "origin/main")
					}
				}
			}
		})
	}
	did, failed, left := 0, 0, len(gone)
	for time.Now().Before(end) && left > 1 {
		c, err := y.place(y.remote).erase(context.Background(), gone[left-1:])
		if err != nil {
			if !strings.Contains(err.Error(), "others are at work there") {
				t.Error(err)
			}
			failed++
			continue
		}
		if len(c.held) > 0 {
			t.Errorf("held: %v", c.held)
		}
		did++
		left--
	}
	others.Wait()
	if did == 0 {
		t.Error("nothing could be erased")
	}
	c, err := y.place(y.remote).erase(context.Background(), gone)
	if err != nil || len(c.held) > 0 {
		t.Fatalf("%+v %v", c, err)
	}
	t.Logf("%d erased while others pushed %d times and were refused %d times; put off %d times", did, len(pushed[0])+len(pushed[1]), refused.Load(), failed)
	y.whole(y.remote, gone, slices.Concat(pushed[0], pushed[1]))
}

// whole says what is missing in a repository, or should be.
func (y *yard) whole(dir string, gone []Gone, files []string) {
	y.t.Helper()
	if out, err := y.try(dir, "fsck", "--full", "--strict", "--no-progress", "--no-dangling"); err != nil || strings.TrimSpace(out) != "" {
		y.t.Errorf("fsck: %v %s", err, out)
	}
	c := exec.Command("git", "cat-file", "--batch-check")
	c.Dir, c.Env, c.Stdin = dir, y.r.env, strings.NewReader(strings.Join(files, "\n"))
	if out, err := c.Output(); err != nil || strings.Contains(string(out), "missing") {
		y.t.Errorf("pushed and lost: %v %s", err, out)
	}
	var ids []string
	for _, g := range gone {
		ids = append(ids, string(g.ID))
	}
	if leaks := y.leaks(dir, ids...); leaks != nil {
		y.t.Errorf("%d places left: %v", len(leaks), leaks[:min(9, len(leaks))])
	}
	for _, name := range []string{asideDir, goneDir} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			y.t.Errorf("%s is left", name)
		}
	}
}

// A push that has been looked at, and waits for a hook of the server, neither
// brings back what is erased nor ends up in the air.
func TestEraseWhileAPushWaits(t *testing.T) {
	for _, hook := range []string{"pre-receive", "update"} {
		y, gone := newLive(t, 3)
		mark := filepath.Join(filepath.Dir(y.r.Dir), "waits")
		y.put(y.remote, "hooks/"+hook, "#!/bin/sh\ntouch '"+mark+"'\nsleep 1\n")
		if err := os.Chmod(filepath.Join(y.remote, "hooks", hook), 0o700); err != nil {
			t.Fatal(err)
		}
		other := filepath.Join(filepath.Dir(y.r.Dir), "other")
		y.git(filepath.Dir(other), "clone", "-q", y.remote, other)
		y.put(other, "work.txt", "work")
		y.commit(other, "work")
		told := make(chan error)
		go func() { told <- run(y.r.env, other, "push", "-q", "origin", "HEAD:refs/heads/work") }()
		for {
			if _, err := os.Stat(mark); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		c, err := y.place(y.remote).erase(context.Background(), gone[:2])
		if err != nil || len(c.held) > 0 {
			t.Errorf("%s: %+v %v", hook, c, err)
		}
		err = <-told
		t.Logf("%s: the push: %v", hook, err)
		var files []string
		if err == nil {
			files = []string{"work:work.txt"}
			y.erase(y.remote, gone[:2]...)
		}
		y.whole(y.remote, gone[:2], files)
	}
}
