//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// shift is the register on which commands are killed, with all that they have
// reported, which must still be there at any later moment.
type shift struct {
	*site
	rng    *rand.Rand
	n      int                             // words given out
	word   map[string]casefile.ID          // entries that were reported, or seen on disk, by the word they bear
	tried  map[string]bool                 // entries that may have been written
	mail   map[string]string               // the mail of an entry, by its word
	last   map[casefile.ID]*store.File     // the cases as they stood when last looked at
	may    map[casefile.ID]bool            // a purge may have begun on it
	gone   map[casefile.ID]bool            // a purge has reported it
	secret map[casefile.ID][]string        // what of a case must be gone after that
	took   map[string][]time.Duration      // how long a command takes that is not killed
	ended  map[string]int                  // how the commands ended
	order  []string                        // the kinds of commands
	kinds  map[string]func(*act) (ok bool) // fill in a command of the kind, if one is possible now
}

// act is one command with what it leaves on disk.
type act struct {
	kind, stdin string
	args        []string
	word        string // the entry bears it; "" if it writes none
	mail        string
}

const shiftToday = "2026-12-07T10:00" // the day of every command

func newShift(t *testing.T) *shift {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("KLACHT_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("KLACHT_SEED=%d repeats the choices", seed)
	s := &shift{
		site: newSite(t), rng: rand.New(rand.NewPCG(seed, 0)),
		word: map[string]casefile.ID{}, tried: map[string]bool{}, mail: map[string]string{},
		last: map[casefile.ID]*store.File{}, may: map[casefile.ID]bool{}, gone: map[casefile.ID]bool{},
		secret: map[casefile.ID][]string{}, took: map[string][]time.Duration{}, ended: map[string]int{},
	}
	editor := filepath.Join(filepath.Dir(s.dir), "editor") // adds what stands in $ADD, in two writes
	err := os.WriteFile(editor, []byte("#!/bin/sh\nprintf '  - at: 2026-12-07\\n    step: noted\\n' >>\"$1\"\nprintf '    by: %s\\n    text: Nagekeken\\n' \"$ADD\" >>\"$1\"\n"), 0o700)
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "KLACHT_TODAY="+shiftToday, "VISUAL="+editor)
	s.kinds = map[string]func(*act) bool{
		"new":           func(a *act) bool { return s.newCase(a, false) },
		"new mail":      func(a *act) bool { return s.newCase(a, true) },
		"note":          s.step(casefile.Noted, "note", false, "--text", "Gebeld\nmet de klant"),
		"note mail":     s.step(casefile.Noted, "note", true, "--text", "Zie de mail"),
		"ack mail":      s.step(casefile.Acknowledged, "ack", true),
		"propose":       s.step(casefile.Proposed, "propose", false, "--no-letter", "--text", "De helft terug"),
		"close":         s.step(casefile.Closed, "close", false, "--no-letter", "--outcome", "agreed", "--text", "Opgelost"),
		"close mail":    s.step(casefile.Closed, "close", true, "--outcome", "rejected"),
		"close old":     s.step(casefile.Closed, "close", true, "--outcome", "agreed", "--on", "2020-06-01"),
		"reopen":        s.step(casefile.Reopened, "reopen", false, "--reason", "Toch niet opgelost"),
		"hold":          s.step(casefile.Held, "hold", false, "--reason", "Er loopt een claim", "--review", "2027-06-01"),
		"release":       s.step(casefile.Released, "release", false),
		"refer":         s.step(casefile.Referred, "refer", false, "--body", "De commissie"),
		"refer decline": s.step(casefile.Declined, "refer", false, "--declined"),
		"edit":          s.edit,
		"purge":         func(a *act) bool { a.args = []string{"purge", "--yes"}; return true },
	}
	for kind := range s.kinds {
		s.order = append(s.order, kind)
	}
	slices.Sort(s.order)
	for range 4 { // cases to begin with, and the time that each kind takes
		for _, kind := range append([]string{"new", "new mail", "new mail"}, s.order...) {
			if a, ok := s.next(kind); ok && (kind != "purge" || len(s.took[kind]) < 2) {
				s.check(s.finish(a))
			}
		}
	}
	return s
}

// next returns a command of a kind, on a case where it is possible.
func (s *shift) next(kind string) (*act, bool) {
	s.n++
	a := &act{kind: kind, word: fmt.Sprintf("merk%05d", s.n)}
	ok := s.kinds[kind](a)
	if kind == "purge" {
		a.word = ""
	}
	return a, ok
}

func (s *shift) newCase(a *act, mail bool) bool {
	on, arrived := "2026-11-30", "Mon, 30 Nov 2026 10:00:00 +0100"
	if s.rng.IntN(2) == 0 { // one whose time in the archive has ended, once it is closed
		on, arrived = "2020-05-04", "Mon, 04 May 2020 10:00:00 +0200"
	}
	a.args = []string{"new", "--received", on, "--name", "Naam " + a.word, "--subject", "Iets", "--text", "Tekst van " + a.word, "--by", a.word}
	if mail {
		a.mail = complaintMail(a.word, arrived)
		a.stdin, a.args = a.mail, []string{"new", "-", "--by", a.word}
	}
	return true
}

// pick returns one of the cases that an entry can be added to.
func (s *shift) pick(e casefile.Entry, old bool) *store.File {
	var can []*store.File
	for id, f := range s.last {
		if !s.may[id] && f.Allows(e) == nil && (!old || f.Received.Year == 2020) {
			can = append(can, f)
		}
	}
	if can == nil {
		return nil
	}
	slices.SortFunc(can, func(a, b *store.File) int { return a.ID.Compare(b.ID) })
	return can[s.rng.IntN(len(can))]
}

// step returns what makes a command of one step.
func (s *shift) step(step casefile.Step, command string, mail bool, flags ...string) func(*act) bool {
	return func(a *act) bool {
		on := casefile.Moment{Date: casefile.Date{Year: 2026, Month: 12, Day: 7}}
		i := slices.Index(flags, "--on")
		if i >= 0 {
			on.Date = casefile.Date{Year: 2020, Month: 6, Day: 1}
		}
		f := s.pick(casefile.Entry{Step: step, At: on}, i >= 0)
		if f == nil {
			return false
		}
		a.args = append([]string{command, string(f.ID), "--by", a.word}, flags...)
		if mail {
			a.mail = complaintMail(a.word, "Mon, 07 Dec 2026 09:00:00 +0100")
			if step.Letter() {
				a.mail = ourMail(a.word)
			}
			file := filepath.Join(filepath.Dir(s.dir), "mail.eml")
			if err := os.WriteFile(file, []byte(a.mail), 0o600); err != nil {
				s.t.Fatal(err)
			}
			a.args = append(a.args, "--mail", file)
		}
		return true
	}
}

func (s *shift) edit(a *act) bool {
	f := s.pick(casefile.Entry{Step: casefile.Noted, At: casefile.Moment{Date: casefile.Date{Year: 2026, Month: 12, Day: 7}}}, false)
	if f == nil {
		return false
	}
	a.args = []string{"edit", string(f.ID)}
	return true
}

// process returns the command in a process group of its own, so that the editor
// dies with it.
func (s *shift) process(a *act, wrap ...string) *exec.Cmd {
	c := s.command(a.args...)
	if wrap != nil {
		c.Path, c.Args = wrap[0], append(slices.Clone(wrap), c.Args...)
		c.Args[len(wrap)] = s.binary
	}
	c.Env = append(slices.Clone(s.env), "ADD="+a.word)
	c.Stdin = strings.NewReader(a.stdin)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.expect(a)
	return c
}

// expect notes what the command may do from now on.
func (s *shift) expect(a *act) {
	s.tried[a.word] = true
	s.mail[a.word] = a.mail
	if a.kind == "purge" {
		for id, f := range s.last {
			if f.State.Archivable() && f.State.Settled.Year < 2021 {
				s.may[id] = true
			}
		}
	}
}

// finish runs a command to its end; it has to succeed.
func (s *shift) finish(a *act) *act {
	s.t.Helper()
	begin := time.Now()
	r := finish(s.t, s.process(a))
	s.took[a.kind] = append(s.took[a.kind], time.Since(begin))
	if r.code != 0 {
		s.t.Fatalf("klacht %v: exit %d\n%s%s", a.args, r.code, r.out, r.err)
	}
	s.reported(a)
	return a
}

// reported notes that what the command has done must be there from now on.
func (s *shift) reported(a *act) {
	if a.word != "" {
		s.word[a.word] = ""
	}
	if a.kind == "purge" {
		for id := range s.may {
			s.gone[id] = true
		}
	}
}

// killed runs a command and kills it after a while. It reports whether the
// command told that it was done.
func (s *shift) killed(a *act, after time.Duration) (done bool) {
	s.t.Helper()
	var out, errs bytes.Buffer
	c := s.process(a)
	c.Stdout, c.Stderr = &out, &errs
	c.WaitDelay = 5 * time.Second
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(after)
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
	_ = c.Wait()
	return s.judge(a, result{out.String(), errs.String(), c.ProcessState.ExitCode()})
}

// judge looks at how a command ended that may have been killed.
func (s *shift) judge(a *act, r result) (done bool) {
	s.t.Helper()
	switch {
	case r.code == 0:
		s.ended["done"]++
	case r.code == -1 && r.out != "":
		s.ended["killed after its report"]++
	case r.code == -1:
		s.ended["killed"]++
		return false
	default:
		s.t.Fatalf("klacht %v: exit %d\n%s%s", a.args, r.code, r.out, r.err)
	}
	s.reported(a)
	return true
}

// check looks at the whole register: whatever was reported is there, once, and
// everything can be read. It returns whether the entry of the act is there.
func (s *shift) check(a *act) (there bool) {
	s.t.Helper()
	reg := s.open()
	files := s.cases()
	s.checkNumbers(files)
	gone := map[casefile.ID]bool{}
	for _, id := range s.purged() {
		gone[id] = true
		if !s.may[id] {
			s.t.Errorf("after %v: %s was purged", a.args, id)
		}
	}
	seen := map[string]casefile.ID{}
	now := map[casefile.ID]*store.File{}
	for _, f := range files {
		now[f.ID] = f
		s.secret[f.ID] = append(s.secret[f.ID], f.Complainant.Name)
		if before := s.last[f.ID]; before != nil && !bytes.HasPrefix(f.Data, before.Data) {
			s.t.Errorf("after %v: %s has lost something:\n%s\nbefore:\n%s", a.args, f.Path, f.Data, before.Data)
		}
		for _, e := range f.Log {
			if seen[e.By] != "" {
				s.t.Errorf("after %v: %s is in %s and in %s", a.args, e.By, seen[e.By], f.ID)
			}
			seen[e.By] = f.ID
			s.secret[f.ID] = append(s.secret[f.ID], e.By)
			if !s.tried[e.By] {
				s.t.Errorf("after %v: %s comes from nowhere", a.args, e.By)
			}
			if gone[f.ID] {
				continue // on its way out
			}
			if mail := s.mail[e.By]; mail != "" {
				if data, err := reg.Mail(f, e.Mail); err != nil || string(data) != mail {
					s.t.Errorf("after %v: the mail of %s in %s: %v", a.args, e.By, f.ID, err)
				}
			}
		}
	}
	for word, id := range s.word {
		if seen[word] == "" && !(id != "" && gone[id]) {
			s.t.Errorf("after %v: %s was reported, and is lost", a.args, word)
		}
	}
	for id := range s.last {
		if now[id] == nil && !gone[id] {
			s.t.Errorf("after %v: %s is gone", a.args, id)
		}
	}
	for id := range s.gone {
		if !gone[id] || now[id] != nil {
			s.t.Errorf("after %v: %s was to be purged, and is still there", a.args, id)
		}
	}
	for word, id := range seen {
		s.word[word] = id // whoever reads it may rely on it
	}
	s.last = now
	if s.t.Failed() {
		s.t.FailNow()
	}
	return a.word != "" && seen[a.word] != ""
}

// again does what a person does whose command was killed: type it once more,
// or, where it was done after all, go on.
func (s *shift) again(a *act, there bool) {
	s.t.Helper()
	if there {
		a, _ = s.next("note")
	}
	if a.args == nil {
		return
	}
	if i := slices.Index(a.args, "--mail"); i > 0 && a.mail != "" {
		if err := os.WriteFile(a.args[i+1], []byte(a.mail), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	if !s.check(s.finish(a)) && a.word != "" {
		s.t.Fatalf("%v: was done, and is not there", a.args)
	}
}

// end puts everything in its place and looks whether it is there.
func (s *shift) end() {
	t := s.t
	t.Helper()
	for _, on := range []string{"2026-11-30", "2020-05-04"} { // what a killed new of either year has left
		s.n++
		word := fmt.Sprintf("merk%05d", s.n)
		s.check(s.finish(&act{kind: "new", word: word, args: []string{"new", "--received", on, "--name", "Naam", "--subject", "Iets", "--text", "Tekst", "--by", word}}))
	}
	purge, _ := s.next("purge")
	s.check(s.finish(purge))
	for line := range strings.Lines(s.run("", "check", "--fix").out) { // a mail that was there before its step is all that a kill may leave for a person
		if problem, ok := strings.CutPrefix(line, "✗ "); ok && !strings.HasSuffix(problem, ".eml: no step names this mail\n") {
			t.Errorf("a kill has left: %s", problem)
		}
	}
	secret := map[string]bool{}
	for id := range s.gone {
		for _, word := range s.secret[id] {
			secret[word] = true
		}
	}
	for _, f := range s.last {
		if f.State.Archivable() != strings.HasPrefix(f.Path, "archive/") {
			t.Errorf("%s is not where it belongs", f.Path)
		}
	}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(s.dir, path)
		if strings.HasPrefix(d.Name(), ".tmp") {
			t.Errorf("%s is left", rel)
		}
		if id, err := casefile.ParseID(strings.TrimSuffix(d.Name(), ".yaml")); err == nil && s.last[id] == nil {
			t.Errorf("%s is left", rel)
		}
		if d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		for word := range secret {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s still tells of %s", rel, word)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%v; %d entries reported, %d cases there, %d purged", s.ended, len(s.word), len(s.last), len(s.gone))
}

// Killed at any moment, no command loses or damages what was reported before,
// and the next command goes on as if nothing had happened.
func TestKilledAtRandomMoments(t *testing.T) {
	kills := times(300, 60)
	s := newShift(t)
	for n := 0; n < kills; n++ {
		a, ok := s.next(s.order[s.rng.IntN(len(s.order))])
		if !ok {
			n--
			continue
		}
		took := slices.Min(s.took[a.kind]) // the writing is in the later part
		from := time.Duration(0)
		if s.rng.IntN(3) > 0 {
			from = took / 3
		}
		done := s.killed(a, from+time.Duration(s.rng.Int64N(int64(took*5/4-from))))
		there := s.check(a)
		if !done && s.rng.IntN(2) == 0 {
			s.again(a, there)
		}
	}
	s.end()
}

// strace returns the path of strace, which shows and stops what a process asks
// of the system. Where it is missing, or may not be used, the test is skipped.
func strace(t *testing.T) string {
	path, err := exec.LookPath("strace")
	if err == nil {
		err = exec.Command(path, "-f", "-e", "trace=fsync", "-e", "inject=fsync:signal=KILL", "true").Run()
	}
	if testing.Short() || underRace() || err != nil {
		t.Skip("takes strace, and time:", err)
	}
	return path
}

// Killed before each call by which a command changes the disk in turn, it
// leaves the register whole, and the same command can be given once more.
func TestKilledBeforeEachChange(t *testing.T) {
	path := strace(t)
	s := newShift(t)
	kinds := []string{"new mail", "note mail", "ack mail", "close old", "close mail", "reopen", "refer", "edit", "purge"}
	s.rng.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	for _, kind := range kinds[:times(len(kinds), 2)] {
		stops := 0
		for _, call := range []string{"mkdirat", "write", "fsync", "renameat", "unlinkat"} {
			for n := 1; ; n++ {
				if kind == "purge" { // have something to purge
					for _, kind := range []string{"new mail", "close old"} {
						if a, ok := s.next(kind); ok {
							s.check(s.finish(a))
						}
					}
				}
				a, ok := s.next(kind)
				for !ok {
					b, could := s.next([]string{"new mail", "note", "close"}[s.rng.IntN(3)])
					if could {
						s.check(s.finish(b))
					}
					a, ok = s.next(kind)
				}
				c := s.process(a, path, "-f", "-qqq", "-o", os.DevNull, "-e", "trace="+call, "-e",
					fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n))
				var out, errs bytes.Buffer
				c.Stdout, c.Stderr = &out, &errs
				c.WaitDelay = 5 * time.Second
				var exit *exec.ExitError
				if err := c.Run(); err != nil && !errors.As(err, &exit) {
					t.Fatal(err)
				}
				s.judge(a, result{out.String(), errs.String(), c.ProcessState.ExitCode()})
				there := s.check(a)
				if c.ProcessState.ExitCode() == 0 {
					break
				}
				stops++
				s.again(a, there)
			}
		}
		t.Logf("%s: killed at %d calls", kind, stops)
	}
	s.end()
}

// event is a call by which a command changed the disk, put it on the disk, or
// reported.
type event struct {
	call string
	path []string // that it is about; of a rename the old and the new
}

var (
	tracedCall = regexp.MustCompile(`^([0-9]+) +(?:<\.\.\. )?([a-z]+)`)
	tracedPath = regexp.MustCompile(`<(/[^>]*)>(?:, "([^"]*)")?`)
)

// traced reads what strace -f -y wrote: calls of several threads, of which one
// can begin and another end in between.
func traced(log string) []event {
	var events []event
	begun := map[string]string{}
	for line := range strings.Lines(log) {
		m := tracedCall.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if strings.HasPrefix(m[2], "write") && strings.Contains(line, "write(1<") {
			events = append(events, event{call: "report"})
			continue
		}
		if strings.Contains(line, "<unfinished ...>") {
			begun[m[1]] = line
			continue
		}
		line = begun[m[1]] + line
		delete(begun, m[1])
		if !strings.HasSuffix(strings.TrimSpace(line), "= 0") {
			continue // it failed, or wrote a file
		}
		e := event{call: m[2]}
		for _, p := range tracedPath.FindAllStringSubmatch(line, -1) {
			e.path = append(e.path, filepath.Join(p[1], p[2]))
		}
		if e.path != nil {
			events = append(events, e)
		}
	}
	return events
}

// Each write is on the disk, and so is its name in the folder, before it is
// reported.
func TestSyncedBeforeReported(t *testing.T) {
	path := strace(t)
	s := newSite(t)
	s.env = append(s.env, "KLACHT_TODAY="+shiftToday)
	mail := filepath.Join(filepath.Dir(s.dir), "mail.eml")
	for _, args := range [][]string{
		{"new", "--received", "2020-05-04", "--name", "Naam", "--subject", "Iets", "--text", "Tekst"},
		{"new", mail},
		{"note", "2020-0001", "--text", "Gebeld"},
		{"ack", "2026-0001", "--mail", mail},
		{"close", "2020-0001", "--outcome", "agreed", "--on", "2020-06-01", "--mail", mail},
		{"close", "2026-0001", "--outcome", "agreed", "--no-letter"},
		{"reopen", "2026-0001", "--reason", "Toch niet"},
		{"purge", "--yes"},
	} {
		made := complaintMail(args[0], "Mon, 30 Nov 2026 10:00:00 +0100")
		if args[0] != "new" {
			made = ourMail(args[0] + args[1][:3])
		}
		if err := os.WriteFile(mail, []byte(made), 0o600); err != nil {
			t.Fatal(err)
		}
		log := filepath.Join(filepath.Dir(s.dir), "trace")
		c := s.command(args...)
		c.Path, c.Args = path, append([]string{path, "-f", "-y", "-qqq", "-o", log, "-e", "trace=mkdirat,write,fsync,renameat,renameat2,unlinkat", s.binary}, args...)
		if r := finish(t, c); r.code != 0 {
			t.Fatalf("klacht %v: exit %d\n%s%s", args, r.code, r.out, r.err)
		}
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		events := traced(string(data))
		report := slices.IndexFunc(events, func(e event) bool { return e.call == "report" })
		if report < 0 {
			t.Fatalf("klacht %v reported nothing\n%s", args, data)
		}
		changes := 0
		synced := func(from int, path string) bool {
			return slices.ContainsFunc(events[from:report], func(e event) bool { return e.call == "fsync" && e.path[0] == path })
		}
		for i, e := range events[:report] {
			if e.call == "fsync" || strings.Contains(e.path[len(e.path)-1], "/.klacht/") {
				continue // what is of this machine alone can be lost
			}
			old, now := e.path[0], e.path[len(e.path)-1]
			changes++
			switch {
			case strings.HasPrefix(e.call, "rename"):
				temp := strings.Contains(old, "/.tmp-")
				if temp && !slices.ContainsFunc(events[:i], func(e event) bool { return e.call == "fsync" && e.path[0] == old }) {
					t.Errorf("klacht %v: %s was not synced before it got its name", args, now)
				}
				if !synced(i, filepath.Dir(now)) || !temp && !synced(i, filepath.Dir(old)) {
					t.Errorf("klacht %v: the name of %s was not synced before the report", args, now)
				}
			case e.call == "mkdirat" && !synced(i, filepath.Dir(now)):
				t.Errorf("klacht %v: the folder %s was not synced before the report", args, now)
			case e.call == "unlinkat" && filepath.Base(filepath.Dir(now)) != "archive": // an empty month does no harm
				above := filepath.Dir(now)
				for !synced(i, above) && len(above) > len(s.dir) {
					above = filepath.Dir(above)
				}
				if !synced(i, above) {
					t.Errorf("klacht %v: that %s is gone was not synced before the report", args, now)
				}
			}
		}
		if changes == 0 {
			t.Errorf("klacht %v changed nothing\n%s", args, data)
		}
		if t.Failed() {
			t.Fatalf("%s", data)
		}
	}
	s.must("check")
}
