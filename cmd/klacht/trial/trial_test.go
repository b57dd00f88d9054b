//go:build unix

// Package trial is the campaign of `make trial`: three clones of one register, a
// bare repository between them, and all that people and machines do to them, for
// SOAK seconds, by the choices of SEED. What klacht reported as done is kept in a
// model; in the end it must be there once, in every clone, and whoever was erased
// nowhere. [TestTrial] is where it starts; the actions stand in [kinds].
//
//	SOAK=60 SEED=1 go test -count 1 -v -timeout 0 ./cmd/klacht/trial
//
// SKIP=pull,branch leaves out kinds of actions, ONLY=new,note,sync all others ("skew"
// is that one clock is a year ahead, "kill" that processes are killed, "numbers" that a number
// must stay, "asked" that sync must ask before it removes what has more steps than was known),
// and OPS=200 ends after so many actions. The folder of a campaign that failed is kept.
package trial

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// world is all that a campaign has.
type world struct {
	t      *testing.T
	dir    string // of everything
	bin    string // the folder of klacht
	bare   string
	clones []*clone
	rng    *rand.Rand // of the action that runs
	op     int        // the number of it
	log    *os.File

	mu       sync.Mutex // for log, figures and findings
	figures  map[string]int
	findings []string

	complaints []*complaint
	entries    []*entry
	refuses    *spell // the hook of the server
	others     []*other
	backups    map[*clone]string
	n          int  // words given out
	typing     bool // what was hinted at is being typed
	calm       bool // no kills
	skip       func(kind string) bool
	stuck      bool // in the end not all could be shared
	late       int  // days since the last action
}

// clone is one machine with its copy of the register.
type clone struct {
	name, dir, home string
	ahead           int    // days that its clock is ahead
	spell           *spell // what was begun in it with git and is not ended; nil: nothing
	refuses         *spell // its hook that refuses
	trusted         bool   // it was told to trust a clock that is years ahead
}

// spell is a state that lasts for some actions.
type spell struct {
	kind  string
	until int
	end   func() (ended bool)
}

// other is a second repository that a clone has for a remote.
type other struct {
	at      *clone
	dir     string
	foreign string // what it holds, where it is no register; it must stay so
}

// number returns a whole number of the environment.
func number(t *testing.T, name string, without uint64) uint64 {
	s := os.Getenv(name)
	if s == "" {
		return without
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestTrial runs a campaign of SOAK seconds; without SOAK there is none.
func TestTrial(t *testing.T) {
	soak := time.Duration(number(t, "SOAK", 0)) * time.Second
	if soak == 0 {
		t.Skip("a campaign takes SOAK seconds; see make trial")
	}
	seed := number(t, "SEED", uint64(time.Now().UnixNano()))
	ops := int(number(t, "OPS", 1<<30))
	t.Logf("SEED=%d", seed)
	listed := func(name, kind string) bool { return slices.Contains(strings.Split(os.Getenv(name), ","), kind) }
	skip := func(kind string) bool {
		return listed("SKIP", kind) || os.Getenv("ONLY") != "" && !listed("ONLY", kind)
	}
	w := newWorld(t, skip("skew"))
	w.calm, w.skip = skip("kill"), skip
	var deck []kind
	for _, k := range kinds {
		for range k.weight {
			if !skip(k.name) {
				deck = append(deck, k)
			}
		}
	}
	for end := time.Now().Add(soak); time.Now().Before(end) && w.op < ops; {
		w.op++
		w.rng = rand.New(rand.NewPCG(seed, uint64(w.op))) // so that no action shifts the choices of the next
		c := w.clones[w.rng.IntN(len(w.clones))]
		w.endSpells(false)
		k := deck[w.rng.IntN(len(deck))]
		w.note("-- %d %s in %s", w.op, k.name, c.name)
		w.count("op " + k.name)
		k.do(w, c)
	}
	w.rng = rand.New(rand.NewPCG(seed, 0))
	w.settle()
	w.judge()
	w.tellFigures()
	if len(w.findings) == 0 {
		w.log.Close()
		os.RemoveAll(w.dir)
		return
	}
	for _, f := range w.findings {
		t.Error(f)
	}
	t.Errorf("SEED=%d; all that was done stands in %s", seed, w.log.Name())
	t.Log("the last of it:\n" + w.lastActions(60))
}

// newWorld builds klacht with the tests' own clock, and makes the register, the bare
// repository and the clones.
func newWorld(t *testing.T, sameClocks bool) *world {
	t.Helper()
	for _, need := range []string{"git", "go"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skip(need + " is not on this machine")
		}
	}
	dir, err := os.MkdirTemp("", "trial-")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: dir, bin: filepath.Join(dir, "bin"), bare: filepath.Join(dir, "bare.git"), figures: map[string]int{}, backups: map[*clone]string{}}
	if w.log, err = os.Create(filepath.Join(dir, "trial.log")); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "test", "-c", "-o", filepath.Join(w.bin, "klacht"), "klacht/cmd/klacht") // under that name it is klacht, by the clock in TEST_CLOCK
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, name := range []string{"a", "b", "c"} {
		c := &clone{name: name, dir: filepath.Join(dir, name), home: filepath.Join(dir, "home-"+name)}
		if name == "c" && !sameClocks {
			c.ahead = 365
		}
		if err := os.MkdirAll(c.home, 0o700); err != nil {
			t.Fatal(err)
		}
		config := fmt.Sprintf("[user]\n\tname = Werker %s\n\temail = %s@werf.example\n[init]\n\tdefaultBranch = main\n[gc]\n\tautoDetach = false\n", name, name)
		if err := os.WriteFile(filepath.Join(c.home, ".gitconfig"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		w.clones = append(w.clones, c)
		if i == 0 {
			start := &clone{name: name, dir: dir, home: c.home, ahead: -7 * 365}
			w.must(w.run(start, call{args: []string{"klacht", "init", c.dir, "--name", "De Werf", "--handler", "Mok", "--email", "klachten@werf.example"}}))
			w.must(w.run(start, call{args: []string{"git", "init", "--quiet", "--bare", w.bare}}))
			w.must(w.git(c, "remote", "add", "origin", w.bare))
			w.must(w.klacht(c, "sync"))
		} else {
			w.must(w.run(&clone{name: name, dir: dir, home: c.home}, call{args: []string{"git", "clone", "--quiet", w.bare, c.dir}}))
			w.must(w.klacht(c, "sync"))
		}
	}
	return w
}

func (w *world) must(r result) {
	w.t.Helper()
	if r.code != 0 {
		w.t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
}

// find notes what must not be.
func (w *world) find(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := fmt.Sprintf("after %d: ", w.op) + fmt.Sprintf(format, args...)
	w.findings = append(w.findings, f)
	fmt.Fprintln(w.log, "!!", f)
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(w.log, format+"\n", args...)
}

func (w *world) count(what string) { w.add(what, 1) }

func (w *world) add(what string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.figures[what] += n
}

// chance is true in n of 100.
func (w *world) chance(n int) bool { return w.rng.IntN(100) < n }

// tellFigures says what was done: in all, by kind of action, and of the hints that
// were typed.
func (w *world) tellFigures() {
	for _, e := range w.entries {
		w.figures["entries "+e.state.String()]++
	}
	parts := map[string][]string{}
	for _, what := range slices.Sorted(maps.Keys(w.figures)) {
		part, _, _ := strings.Cut(what, " ")
		if part != "op" && part != "hint" {
			part = "all"
		}
		parts[part] = append(parts[part], fmt.Sprintf("%s %d", strings.TrimPrefix(what, "op "), w.figures[what]))
	}
	w.t.Logf("%d actions: %s\n%s\n%s", w.op, strings.Join(parts["all"], ", "), strings.Join(parts["op"], ", "), strings.Join(parts["hint"], ", "))
}

// lastActions returns the end of the log.
func (w *world) lastActions(n int) string {
	data, _ := os.ReadFile(w.log.Name())
	lines := strings.Split(string(data), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
