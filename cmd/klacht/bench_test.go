//go:build bench

package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// benchRuns is how often each command is run; the median counts.
const benchRuns = 21

// benchSet is a register of a size, with what its commands took.
type benchSet struct {
	name           string
	open, archived int
	dir            string
	bytes          int64
	took           map[string][]time.Duration
	first          time.Duration // of the first new, which takes stock of the register
}

// TestBench measures whole processes, start included, and prints tables. It
// asserts nothing about times.
func TestBench(t *testing.T) {
	b := newBench(t, "bare")
	home, bare := b.home, filepath.Join(b.home, "bare")
	sets := []*benchSet{
		{name: "100 open", open: 100},
		{name: "1 000 open", open: 1000},
		{name: "10 000 open", open: 10000},
		{name: "1 000 open, 100 000 archived", open: 1000, archived: 100_000},
	}
	for i, s := range sets {
		s.dir = filepath.Join(home, fmt.Sprint("register", i))
		s.took = map[string][]time.Duration{}
		b.fill(s)
	}

	// What only reads comes first: each round runs everything once, in an order
	// of its own, so that whatever else the machine does hits all alike.
	b.rounds(sets, map[string]func(*benchSet) *exec.Cmd{
		"version": func(*benchSet) *exec.Cmd { return b.klacht("version") },
		"bare":    func(s *benchSet) *exec.Cmd { return exec.Command(bare, s.dir) },
		"due":     func(s *benchSet) *exec.Cmd { return b.klacht("--dir", s.dir, "due") },
	})
	for _, s := range sets {
		s.first = b.time(b.flags(s))
		b.time(b.mail(s))
		b.time(b.note(s))
	}
	b.rounds(sets, map[string]func(*benchSet) *exec.Cmd{"new, flags": b.flags, "new, mail": b.mail, "note": b.note})

	var out strings.Builder
	fmt.Fprintf(&out, "Whole processes, median of %d (and the fastest), milliseconds; %d processors, %s/%s, %s.\n", benchRuns, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	out.WriteString("Bare is a Go program that only lists open/ and reads every case file in it into memory.\n\n")
	out.WriteString("| register | read | `version` | bare | `due` | `due` / bare | `due` less `version` / case |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range sets {
		each := (median(s.took["due"]) - median(s.took["version"])) / time.Duration(s.open)
		fmt.Fprintf(&out, "| %s | %.1f MB | %s | %s | %s | %.1f | %.3f |\n", s.name, float64(s.bytes)/1e6, told(s.took["version"]), told(s.took["bare"]), told(s.took["due"]),
			ratio(s.took["due"], s.took["bare"]), float64(each)/1e6)
	}
	fmt.Fprintf(&out, "\n`due` with the archive / without: %.2f (goal: at most 1.1)\n\n", ratio(sets[3].took["due"], sets[1].took["due"]))
	out.WriteString("| register | `new`, flags | `new`, mail | `note` | the first `new` |\n|---|--:|--:|--:|--:|\n")
	for _, s := range sets {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %.0f |\n", s.name, told(s.took["new, flags"]), told(s.took["new, mail"]), told(s.took["note"]), float64(s.first)/1e6)
	}
	out.WriteString("\nThe first `new` of a register that klacht has not written to before takes stock of its numbers and mails\n(here every open case has a mail, and one in ten of the archived).\n")
	fmt.Print(out.String())
}

type bench struct {
	t             *testing.T
	home, program string
	env           []string
	n             int
}

// newBench builds klacht as for use, and the programs beside it that are named by their
// folder in testdata.
func newBench(t *testing.T, beside ...string) *bench {
	t.Helper()
	home := t.TempDir()
	b := &bench{t: t, home: home, program: filepath.Join(home, "klacht"), env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home,
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "GIT_CONFIG_GLOBAL=" + filepath.Join(home, "gitconfig"), "GIT_CONFIG_NOSYSTEM=1",
		"LANG=C", "KLACHT_TODAY=2026-12-07"}}
	from := map[string]string{b.program: "."}
	for _, name := range beside {
		from[filepath.Join(home, name)] = "./testdata/" + name
	}
	for to, from := range from {
		c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", to, from)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return b
}

func (b *bench) klacht(args ...string) *exec.Cmd {
	c := exec.Command(b.program, args...)
	c.Env = b.env
	return c
}

func (b *bench) time(c *exec.Cmd) time.Duration {
	b.t.Helper()
	var errs strings.Builder
	c.Stdout, c.Stderr = io.Discard, &errs
	begin := time.Now()
	err := c.Run()
	took := time.Since(begin)
	if err != nil {
		b.t.Fatalf("%v: %v\n%s", c.Args, err, errs.String())
	}
	return took
}

// rounds runs every command on every register, once to warm up and then
// benchRuns times.
func (b *bench) rounds(sets []*benchSet, commands map[string]func(*benchSet) *exec.Cmd) {
	type one struct {
		set  *benchSet
		name string
	}
	var all []one
	for _, s := range sets {
		for name := range commands {
			all = append(all, one{s, name})
		}
	}
	for round := range benchRuns + 1 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, o := range all {
			took := b.time(commands[o.name](o.set))
			if round > 0 {
				o.set.took[o.name] = append(o.set.took[o.name], took)
			}
		}
	}
}

func (b *bench) flags(s *benchSet) *exec.Cmd {
	return b.klacht("--dir", s.dir, "new", "--received", "2026-12-01", "--name", "Jolanda de Wit", "--subject", "Website te laat", "--text", benchText)
}

func (b *bench) mail(s *benchSet) *exec.Cmd {
	b.n++
	c := b.klacht("--dir", s.dir, "new", "-")
	c.Stdin = strings.NewReader(benchMail(fmt.Sprint("new", b.n)))
	return c
}

func (b *bench) note(s *benchSet) *exec.Cmd {
	b.n++
	return b.klacht("--dir", s.dir, "note", fmt.Sprintf("2026-%04d", b.n%s.open+1), "--text", "Gebeld, geen gehoor")
}

var benchText = strings.TrimSpace(strings.Repeat("De website is drie weken later opgeleverd dan was afgesproken.\n", 17))

func benchMail(id string) string {
	return "Received: from mail.voorbeeld.example by mx.webwerkoost.example; Tue, 01 Dec 2026 16:40:11 +0100\n" +
		"From: Jolanda de Wit <jolanda@voorbeeld.example>\nTo: klachten@webwerkoost.example\n" +
		"Subject: Website te laat\nMessage-ID: <" + id + "@voorbeeld.example>\n\n" + benchText + "\n"
}

// benchCase is a case file of 1.5 KB; closed is what else stands in its log.
func benchCase(id, received, acknowledged, closed string) string {
	return "format: 1\nid: " + id + "\nreceived: " + received + "\nsubject: Website drie weken te laat opgeleverd\n" +
		"complainant:\n  name: Jolanda de Wit\n  email: jolanda@voorbeeld.example\n  phone: 06-12345678\nlanguage: nl\ncomplaint: |\n  " +
		strings.ReplaceAll(benchText, "\n", "\n  ") + "\nlog:\n" +
		"  - at: " + received + "T16:40:11+01:00\n    step: received\n    by: Mok Verhagen\n" +
		"  - at: " + acknowledged + "T10:02:00+01:00\n    step: acknowledged\n    by: Mok Verhagen\n    text: Ontvangst bevestigd per mail.\n" + closed
}

// fill makes the register, straight on the disk.
func (b *bench) fill(s *benchSet) {
	b.t.Helper()
	b.time(b.klacht("init", s.dir, "--no-git", "--name", "Webwerk Oost", "--handler", "Mok Verhagen", "--email", "klachten@webwerkoost.example", "--today", "2019-01-01"))
	put := func(folder, id, text string, mail bool) {
		path := filepath.Join(s.dir, folder, id)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path+".yaml", []byte(text), 0o600)
		}
		if err == nil && mail {
			if err = os.Mkdir(path, 0o700); err == nil {
				err = os.WriteFile(filepath.Join(path, "01-received.eml"), []byte(benchMail(id)), 0o600)
			}
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	const named = "    by: Mok Verhagen\n    mail: 01-received.eml\n"
	for i := range s.open {
		id := fmt.Sprintf("2026-%04d", i+1)
		text := benchCase(id, fmt.Sprintf("2026-11-%02d", i%24+1), "2026-11-25", "")
		text = strings.Replace(text, "    by: Mok Verhagen\n", named, 1)
		s.bytes += int64(len(text))
		put("open", id, text, true)
	}
	for i := range s.archived { // closed in the years before, to be kept for some time to come
		year, month := 2022+i%4, i/4%12+1
		id := fmt.Sprintf("%d-%04d", year, i/4+1)
		text := benchCase(id, fmt.Sprintf("%d-%02d-03", year, month), fmt.Sprintf("%d-%02d-04", year, month),
			fmt.Sprintf("  - at: %d-%02d-10\n    step: closed\n    by: Mok Verhagen\n    outcome: agreed\n", year, month))
		if i%10 == 0 {
			text = strings.Replace(text, "    by: Mok Verhagen\n", named, 1)
		}
		put(fmt.Sprintf("archive/%d-%02d", year+5, month), id, text, i%10 == 0)
	}
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func told(times []time.Duration) string {
	return fmt.Sprintf("%.1f (%.1f)", float64(median(times))/1e6, float64(slices.Min(times))/1e6)
}

func ratio(a, b []time.Duration) float64 { return float64(median(a)) / float64(median(b)) }
