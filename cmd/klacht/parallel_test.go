package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// site is a register in a folder of its own, with the environment in which real
// processes work on it: nothing of the person who runs the tests is in it.
type site struct {
	t      testing.TB
	dir    string // of the register
	env    []string
	binary string
}

// newSite makes a register with `klacht init`.
func newSite(t testing.TB) *site {
	t.Helper()
	home := t.TempDir()
	binary, err := exec.LookPath("klacht") // the test binary under that name; see TestMain
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, dir: filepath.Join(home, "register"), binary: binary, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home,
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "TEST_CONFIG=" + filepath.Join(home, "config"),
		"GIT_CONFIG_GLOBAL=" + filepath.Join(home, "gitconfig"), "GIT_CONFIG_NOSYSTEM=1",
		"LANG=C", "GORACE=atexit_sleep_ms=0", "KLACHT_DIR=" + filepath.Join(home, "register"),
	}}
	s.must("init", s.dir, "--no-git", "--name", "Webwerk Oost", "--handler", "Mok Verhagen", "--email", "klachten@webwerkoost.example", "--today", "2019-01-01")
	return s
}

// command returns a real process that has not been started.
func (s *site) command(args ...string) *exec.Cmd {
	c := exec.Command(s.binary, args...)
	c.Env = s.env
	c.Dir = filepath.Dir(s.dir)
	return c
}

// result is how a process ended.
type result struct {
	out, err string
	code     int // -1: it was killed
}

func (s *site) run(stdin string, args ...string) result {
	c := s.command(args...)
	c.Stdin = strings.NewReader(stdin)
	return finish(s.t, c)
}

func finish(t testing.TB, c *exec.Cmd) result {
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Errorf("%v: %v", c.Args, err)
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// must runs a command that has to succeed, and returns its output.
func (s *site) must(args ...string) string {
	s.t.Helper()
	r := s.run("", args...)
	if r.code != 0 {
		s.t.Fatalf("klacht %v: exit %d\n%s%s", args, r.code, r.out, r.err)
	}
	return r.out
}

// open opens the register in this process, to look at it.
func (s *site) open() *store.Register {
	s.t.Helper()
	var r *store.Register
	r, err := store.Open(s.dir, func(mail []byte) (same, named []string) { return inbox.Keys(mail, r.Policy) })
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// cases reads every case there is; that any cannot be read is an error.
func (s *site) cases() []*store.File {
	s.t.Helper()
	files, damage, err := s.open().ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range damage {
		s.t.Errorf("damaged: %v", d)
	}
	return files
}

var purgedID = regexp.MustCompile(`(?m)^- \{id: ([0-9]{4}-[0-9]{4}), `)

// purged returns the numbers in purged.yaml, in the order of the file.
func (s *site) purged() []casefile.ID {
	data, err := os.ReadFile(filepath.Join(s.dir, "purged.yaml"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	var ids []casefile.ID
	for _, m := range purgedID.FindAllSubmatch(data, -1) {
		ids = append(ids, casefile.ID(m[1]))
	}
	return ids
}

// checkNumbers reports numbers that were given twice or left out, purged ones
// among them.
func (s *site) checkNumbers(files []*store.File) {
	s.t.Helper()
	given := map[casefile.ID]bool{}
	last := map[int]int{}
	took := func(id casefile.ID) {
		given[id] = true
		last[id.Year()] = max(last[id.Year()], id.Number())
	}
	for _, f := range files {
		if given[f.ID] {
			s.t.Errorf("%s is there twice", f.ID)
		}
		took(f.ID)
	}
	gone := s.purged()
	for i, id := range gone {
		if slices.Contains(gone[:i], id) {
			s.t.Errorf("%s stands twice in purged.yaml", id)
		}
		took(id)
	}
	for year, n := range last {
		for i := 1; i <= n; i++ {
			if id := casefile.MakeID(year, "", i); !given[id] {
				s.t.Errorf("%s is missing; the last is %d", id, n)
			}
		}
	}
}

// complaintMail returns a mail that arrived at a moment, as the server stamps it; word
// makes it one of its own.
func complaintMail(word, arrived string) string {
	return "Received: from mail.voorbeeld.example by mx.webwerkoost.example; " + arrived + "\n" +
		"From: Naam " + word + " <" + word + "@voorbeeld.example>\nTo: klachten@webwerkoost.example\n" +
		"Subject: Over " + word + "\nMessage-ID: <" + word + "@voorbeeld.example>\n\nBeste Mok,\n\n" +
		strings.Repeat("Het gaat over "+word+".\n", 40)
}

// ourMail is complaintMail for one that the firm wrote.
func ourMail(word string) string {
	return "From: Mok Verhagen <klachten@webwerkoost.example>\nSubject: Over " + word + "\nMessage-ID: <" + word + "@webwerkoost.example>\n\n" +
		strings.Repeat("Het gaat over "+word+".\n", 40)
}

// times returns how often a long test repeats itself: in full where TEST_FULL is set, as in
// .ci/run, and else as often as tells of most mistakes within seconds.
func times(full, few int) int {
	if os.Getenv("TEST_FULL") == "" || testing.Short() || underRace() {
		return few
	}
	return full
}

// underRace reports whether the tests run under the race detector, where a
// process takes many times as long.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// Twenty processes that write at once lose nothing and give no number twice.
func TestTwentyProcessesAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some hundreds of processes")
	}
	const processes = 20
	rounds := 5
	if underRace() {
		rounds = 2
	}
	s := newSite(t)
	const arrived = "Mon, 30 Nov 2026 10:00:00 +0100"
	for i := range processes { // one to note on, and two to close a round
		s.must("new", "--received", "2026-11-30", "--name", fmt.Sprint("Eerste ", i), "--subject", "Iets", "--text", "Tekst")
	}
	noted := map[casefile.ID]string{} // all that was reported
	open := make([]casefile.ID, 0, processes)
	for _, f := range s.cases() {
		open = append(open, f.ID)
	}
	target := open[0]
	closed := map[casefile.ID]bool{}
	made, words := processes, []string{}
	for round := range rounds {
		type job struct {
			stdin string
			args  []string
			word  string
			r     result
		}
		var jobs []*job
		for i := range processes {
			word := fmt.Sprintf("woord%dx%d", round, i)
			j := &job{word: word}
			switch {
			case i < 5:
				j.args = []string{"new", "--received", "2026-12-01", "--name", "Naam", "--subject", "Iets", "--text", "Tekst", "--by", word}
			case i < 8:
				j.args, j.stdin = []string{"new", "-", "--by", word}, complaintMail(word, arrived)
			case i < 12: // the same mail, four times
				j.args, j.stdin = []string{"new", "-", "--by", word}, complaintMail(fmt.Sprint("dezelfde", round), arrived)
			case i < 16: // the same case
				j.args = []string{"note", string(target), "--text", "Notitie", "--by", word}
			case i < 18:
				j.args = []string{"close", string(open[1+2*round+i-16]), "--outcome", "agreed", "--no-letter", "--by", word}
			default: // the same closing, twice
				j.args = []string{"close", string(open[len(open)-1-round]), "--outcome", "agreed", "--no-letter", "--by", word}
			}
			jobs = append(jobs, j)
		}
		var wg sync.WaitGroup
		for _, j := range jobs {
			wg.Go(func() { j.r = s.run(j.stdin, j.args...) })
		}
		wg.Wait()
		wins := map[string]int{}
		for i, j := range jobs {
			group := j.word
			if i >= 8 && i < 12 {
				group = "the same mail"
			} else if i >= 18 {
				group = "the same closing"
			}
			wins[group] += 0
			switch {
			case j.r.code == 0:
				wins[group]++
				words = append(words, j.word)
				if j.args[0] == "close" {
					closed[casefile.ID(j.args[1])] = true
				}
				if j.args[0] == "new" {
					made++
					id := casefile.ID(j.r.out[:len("2026-0001")])
					if noted[id] != "" {
						t.Errorf("%s was given to %s and to %s", id, noted[id], j.word)
					}
					noted[id] = j.word
				}
			case group == "the same mail" && j.r.code == 1 && strings.Contains(j.r.err, "already registered as 2026-"):
			case group == "the same closing" && j.r.code == 1 && strings.Contains(j.r.err, "already closed"):
			default:
				t.Errorf("round %d: klacht %v: exit %d\n%s%s", round, j.args, j.r.code, j.r.out, j.r.err)
			}
		}
		for group, n := range wins {
			if n != 1 {
				t.Errorf("round %d: %s was done %d times", round, group, n)
			}
		}
	}

	files := s.cases()
	s.checkNumbers(files)
	if len(files) != made {
		t.Errorf("%d cases, %d were made", len(files), made)
	}
	var seen []string
	for _, f := range files {
		for _, e := range f.Log {
			if strings.HasPrefix(e.By, "woord") {
				seen = append(seen, e.By)
			}
		}
		if first := f.Log[0].By; noted[f.ID] != "" && first != noted[f.ID] {
			t.Errorf("%s was reported to %s, and is of %s", f.ID, noted[f.ID], first)
		}
		if filed := strings.HasPrefix(f.Path, "archive/"); filed != closed[f.ID] {
			t.Errorf("%s, closed: %v", f.Path, closed[f.ID])
		}
	}
	slices.Sort(words)
	slices.Sort(seen)
	if !slices.Equal(words, seen) {
		t.Errorf("reported: %v\non disk: %v", words, seen)
	}
	s.must("check")
}
