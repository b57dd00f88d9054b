//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// office is three people who share a register through a bare repository, each with
// a clone.
type office struct {
	*site
	clones []string
	shared string

	mu     sync.Mutex
	n      int
	done   map[string]bool   // words of entries that were reported as done
	tried  map[string]bool   // words of entries that may have been written
	old    map[string]bool   // words of entries of complaints that may be purged
	mails  map[string]string // what a mail says, by the word of its entry
	killed int
}

func newOffice(t *testing.T) *office {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not on this machine")
	}
	o := &office{site: newSite(t), done: map[string]bool{}, tried: map[string]bool{}, old: map[string]bool{}, mails: map[string]string{}}
	home := filepath.Dir(o.dir)
	o.shared = filepath.Join(home, "shared.git")
	o.env = append(o.env, "KLACHT_TODAY=2026-12-07T10:00", "GIT_CONFIG_NOSYSTEM=1")
	o.git(home, "init", "--quiet", "--bare", "--initial-branch=main", o.shared)
	o.git(o.dir, "init", "--quiet", "--initial-branch=main")
	o.git(o.dir, "remote", "add", "origin", o.shared)
	if r := o.at(o.dir, "", "sync"); r.code != 0 {
		t.Fatal(r)
	}
	for n := range 3 {
		dir := filepath.Join(home, fmt.Sprint("clone", n))
		o.git(home, "clone", "--quiet", o.shared, dir)
		o.clones = append(o.clones, dir)
	}
	return o
}

func (o *office) git(dir string, args ...string) string {
	o.t.Helper()
	c := exec.Command("git", args...)
	c.Dir, c.Env = dir, o.env
	out, err := c.CombinedOutput()
	if err != nil {
		o.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// at runs klacht in a clone.
func (o *office) at(dir, stdin string, args ...string) result {
	return o.run(stdin, append([]string{"--dir", dir}, args...)...)
}

// ids returns the cases in open/ of a clone.
func ids(dir string) (list []string) {
	names, _ := filepath.Glob(filepath.Join(dir, "open", "*.yaml"))
	for _, n := range names {
		list = append(list, strings.TrimSuffix(filepath.Base(n), ".yaml"))
	}
	return list
}

// act does one thing in a clone, and kills it after some time if kill is not 0.
func (o *office) act(dir string, choice, pick int, kill time.Duration) {
	o.mu.Lock()
	o.n++
	word := fmt.Sprintf("merk%05d", o.n)
	o.tried[word] = true
	o.mu.Unlock()
	var args []string
	stdin := ""
	open := ids(dir)
	id := ""
	if len(open) > 0 {
		id = open[pick%len(open)]
	}
	switch {
	case choice < 3 || id == "":
		stdin = complaintMail(word, "Mon, 30 Nov 2026 10:00:00 +0100")
		args = []string{"new", "-", "--by", word}
	case choice < 6:
		args = []string{"note", id, "--by", word, "--text", "Gebeld\nmet de klant"}
	case choice < 8:
		stdin = complaintMail(word, "Mon, 07 Dec 2026 09:00:00 +0100")
		args = []string{"reply", id, "-", "--by", word}
	case choice == 8:
		args = []string{"close", id, "--no-letter", "--by", word, "--outcome", "agreed", "--text", "Opgelost"}
	case choice == 9:
		args = []string{"ack", id, "--no-letter", "--by", word}
	case choice == 10: // one that can be purged once it is closed
		stdin = complaintMail(word, "Mon, 04 May 2020 10:00:00 +0200")
		args, id = []string{"new", "-", "--by", word}, "2020-"
	case choice == 11:
		i := slices.IndexFunc(open, func(id string) bool { return strings.HasPrefix(id, "2020-") })
		if i < 0 {
			return
		}
		id = open[i]
		args = []string{"close", id, "--no-letter", "--by", word, "--outcome", "agreed", "--on", "2020-06-01"}
	case choice == 12 && pick%2 == 0:
		args, word, id = []string{"purge", "--yes"}, "", ""
	default:
		args, word = []string{"sync", "--keep", []string{"mine", "theirs"}[pick%2]}, ""
	}
	c := o.command(append([]string{"--dir", dir}, args...)...)
	c.Stdin = strings.NewReader(stdin)
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		o.t.Error(err)
		return
	}
	if kill > 0 {
		time.AfterFunc(kill, func() { _ = c.Process.Kill() })
	}
	err := c.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.old[word] = strings.HasPrefix(id, "2020-")
	if kill > 0 && c.ProcessState.ExitCode() < 0 {
		o.killed++
	}
	if word != "" && err == nil {
		o.done[word] = true
		o.mails[word] = stdin
	}
	if strings.Contains(out.String(), "mistake in klacht itself") {
		o.t.Errorf("%v: %s", args, out.String())
	}
}

// tree returns the files of a clone that are shared, with their content.
func (o *office) tree(dir string) map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == ".git" || n == ".klacht" || n == "outbox" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasPrefix(d.Name(), ".tmp-") { // of a command that was killed; swept by the next purge
			return nil
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[rel] = string(data)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return files
}

// settle syncs until all clones are the same.
func (o *office) settle() {
	o.t.Helper()
	for range 3 {
		for _, dir := range o.clones {
			if r := o.at(dir, "", "sync", "--keep", "mine"); r.code != 0 {
				o.t.Fatalf("%s: %+v\n%s", dir, r, o.git(dir, "status"))
			}
		}
	}
	head := o.git(o.shared, "rev-parse", "main")
	want := o.tree(o.clones[0])
	for _, dir := range o.clones {
		if got := o.git(dir, "rev-parse", "HEAD"); got != head {
			o.t.Errorf("%s is at %s, not at %s", dir, got, head)
		}
		if got := o.git(dir, "status", "--porcelain"); got != "" {
			o.t.Errorf("%s: %s", dir, got)
		}
		got := o.tree(dir)
		for name := range got {
			if want[name] != got[name] {
				o.t.Errorf("%s: %s differs:\n%s\n%s", dir, name, want[name], got[name])
			}
		}
		if len(got) != len(want) {
			o.t.Errorf("%s has %d files instead of %d", dir, len(got), len(want))
		}
		if r := o.at(dir, "", "check"); r.code != 0 {
			o.t.Errorf("%s: %+v", dir, r)
		}
		if out := o.git(dir, "fsck", "--full", "--no-dangling"); strings.Contains(out, "error") {
			o.t.Errorf("%s: %s", dir, out)
		}
	}
}

// TestOfficeConverges has three people work on one register, with several processes
// each, some of which are killed: afterwards all have the same, and every step that
// was reported as done is there once.
func TestOfficeConverges(t *testing.T) {
	o := newOffice(t)
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("KLACHT_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("KLACHT_SEED=%d repeats the choices", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	rounds := times(20, 6)
	for range rounds {
		var wg sync.WaitGroup
		for _, dir := range o.clones {
			for range 3 {
				choice, pick, kill := rng.IntN(18), rng.IntN(1000), time.Duration(0)
				if rng.IntN(5) == 0 {
					kill = time.Duration(20+rng.IntN(600)) * time.Millisecond
				}
				wg.Go(func() { o.act(dir, choice, pick, kill) })
			}
		}
		wg.Wait()
	}
	time.Sleep(time.Second) // for a git whose klacht was killed
	o.settle()
	files := o.tree(o.clones[0])
	var all strings.Builder
	mails := map[string]int{}
	seen := map[string]string{}
	for name, data := range files {
		switch {
		case strings.HasSuffix(name, ".yaml") && (strings.HasPrefix(name, "open/") || strings.HasPrefix(name, "archive/")):
			all.WriteString(data)
			if other := seen[filepath.Base(name)]; other != "" {
				t.Errorf("%s is there twice: %s", name, other)
			}
			seen[filepath.Base(name)] = name
		case strings.HasSuffix(name, ".eml"):
			mails[data]++
		}
	}
	words := strings.FieldsFunc(all.String(), func(r rune) bool { return r == ' ' || r == '\n' })
	count := map[string]int{}
	for i, w := range words {
		if i > 0 && words[i-1] == "by:" {
			count[w]++
		}
	}
	for w := range o.done {
		if o.old[w] && count[w] == 0 {
			continue
		}
		if count[w] != 1 {
			t.Errorf("%s was reported, and is there %d times", w, count[w])
		}
		if m := o.mails[w]; m != "" && mails[m] != 1 {
			t.Errorf("the mail of %s is there %d times", w, mails[m])
		}
	}
	for w, n := range count {
		for name, data := range files {
			if n > 1 && strings.Contains(data, w) {
				t.Log(w, "is in", name)
			}
		}
		if strings.HasPrefix(w, "merk") && (n != 1 || !o.tried[w]) {
			t.Errorf("%s is there %d times", w, n)
		}
	}
	purged := 0
	for line := range strings.Lines(files["purged.yaml"]) {
		if id, ok := strings.CutPrefix(line, "- {id: "); ok {
			id, _, _ = strings.Cut(id, ",")
			seen[id+".yaml"] = "purged.yaml"
			purged++
		}
	}
	numbers := slices.Sorted(func(yield func(string) bool) {
		for n := range seen {
			if !yield(n) {
				return
			}
		}
	})
	last := map[string]int{}
	for _, n := range numbers {
		id := casefile.ID(strings.TrimSuffix(n, ".yaml"))
		run := store.RunOf(id)
		last[run]++
		if want := casefile.MakeID(id.Year(), id.Series(), last[run]); id != want {
			t.Errorf("%s instead of %s: there is a gap", id, want)
		}
	}
	t.Logf("%d steps done, %d processes killed, %d complaints, %d of them purged", len(o.done), o.killed, len(numbers), purged)
}
