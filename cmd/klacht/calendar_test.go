package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// khal is a calendar program of a person: vdirsyncer follows the file that
// klacht writes, as a subscription, and khal shows what is then in the calendar.
type khal struct {
	t    testing.TB
	dir  string
	file string
}

func newKhal(t testing.TB) khal {
	t.Helper()
	for _, p := range []string{"khal", "vdirsyncer"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip("no " + p + " here")
		}
	}
	k := khal{t, t.TempDir(), filepath.Join(t.TempDir(), "klacht.ics")}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(k.dir, name), []byte(strings.NewReplacer("DIR", k.dir, "FILE", k.file).Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("sync.conf", "[general]\nstatus_path = \"DIR/status/\"\n[pair klacht]\na = \"file\"\nb = \"dir\"\ncollections = null\n"+
		"[storage file]\ntype = \"singlefile\"\npath = \"FILE\"\nread_only = true\n[storage dir]\ntype = \"filesystem\"\npath = \"DIR/calendar/\"\nfileext = \".ics\"\n")
	write("khal.conf", "[calendars]\n[[klacht]]\npath = DIR/calendar/\ntype = calendar\n[locale]\nlocal_timezone = Europe/Amsterdam\n"+
		"default_timezone = Europe/Amsterdam\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"+
		"datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = DIR/khal.db\n")
	if err := os.Mkdir(filepath.Join(k.dir, "calendar"), 0o700); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k khal) run(name string, args ...string) string {
	k.t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "HOME="+k.dir, "LC_ALL=C.UTF-8", "TZ=Asia/Tokyo")
	c.Stdin = strings.NewReader("y\ny\n")
	out, err := c.CombinedOutput()
	if err != nil {
		k.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// shows brings the calendar up to date and returns what it then shows.
func (k khal) shows() string {
	k.t.Helper()
	k.run("vdirsyncer", "-c", filepath.Join(k.dir, "sync.conf"), "discover")
	k.run("vdirsyncer", "-c", filepath.Join(k.dir, "sync.conf"), "sync", "--force-delete")
	return k.run("khal", "-c", filepath.Join(k.dir, "khal.conf"), "list", "2026-12-01", "60d", "--day-format", "", "--format", "{start} {title}")
}

// klachtOn runs a command on a register, as of a moment.
func klachtOn(t testing.TB, dir, now string, args ...string) string {
	t.Helper()
	var out, wrong bytes.Buffer
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	code := run(append([]string{"--dir", dir}, args...), world{In: strings.NewReader(""), Out: &out, Err: &wrong, Now: func() time.Time { return at },
		Getenv: func(string) string { return "" }, Dir: dir, ConfigDir: t.TempDir(), Version: "test", BuildDate: "2026-11-01"})
	if code != exitDone {
		t.Fatalf("klacht %v: exit code %d\n%s%s", args, code, out.String(), wrong.String())
	}
	return out.String()
}

// A calendar program that follows the file shows each thing on its day, moves
// what has moved, and drops what is done.
func TestACalendarProgramFollows(t *testing.T) {
	k := newKhal(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cases")); err != nil {
		t.Fatal(err)
	}
	has := func(shown string, lines ...string) {
		t.Helper()
		for _, l := range lines {
			want := !strings.HasPrefix(l, "!")
			if l = strings.TrimPrefix(l, "!"); strings.Contains("\n"+shown, "\n"+l+"\n") != want {
				t.Errorf("%q: shown should be %v:\n%s", l, want, shown)
			}
		}
	}
	klachtOn(t, dir, "2026-12-07T07:30:00Z", "calendar", k.file)
	has(k.shows(), "2026-12-04 2026-0011: confirm receipt", "2026-12-09 14:00 2026-0007: talk", "2026-12-18 2026-0007: close",
		"2026-12-07 2026-0009: say what's next", "2026-12-21 2026-0009: close")

	klachtOn(t, dir, "2026-12-07T08:30:00Z", "invite", "7", "--when", "2026-12-10T10:30", "--no-letter")
	klachtOn(t, dir, "2026-12-07T08:31:00Z", "extend", "9", "--until", "2027-01-15", "--reason", "Ziek", "--no-letter")
	klachtOn(t, dir, "2026-12-07T08:32:00Z", "ack", "11", "--no-letter")
	klachtOn(t, dir, "2026-12-07T08:33:00Z", "calendar", k.file)
	shown := k.shows()
	has(shown, "!2026-12-04 2026-0011: confirm receipt", "!2026-12-09 14:00 2026-0007: talk", "2026-12-10 10:30 2026-0007: talk",
		"!2026-12-21 2026-0009: close", "2027-01-15 2026-0009: close", "2026-12-18 2026-0007: close")

	klachtOn(t, dir, "2026-12-08T08:00:00Z", "calendar", k.file, "--names")
	has(k.shows(), "2026-12-18 2026-0007: close · Jolanda de Wit", "!2026-12-18 2026-0007: close")
}

// An entry that has changed has the same UID and a higher SEQUENCE, by which a
// program that imports knows it from the one before.
func TestTheSequenceGrows(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cases")); err != nil {
		t.Fatal(err)
	}
	sequence := func(now string) (n int) {
		_, event, ok := strings.Cut(klachtOn(t, dir, now, "calendar"), "\r\nUID:2026-0009-close@")
		_, after, _ := strings.Cut(event, "\r\nSEQUENCE:")
		if _, err := fmt.Sscan(after, &n); err != nil || !ok {
			t.Fatal("no such entry", err)
		}
		return n
	}
	before := sequence("2026-12-07T07:30:00Z")
	klachtOn(t, dir, "2026-12-07T08:31:00Z", "extend", "9", "--until", "2027-01-15", "--reason", "Ziek", "--no-letter")
	after := sequence("2026-12-07T08:32:00Z")
	if after <= before {
		t.Errorf("%d, and then %d", before, after)
	}
	path := filepath.Join(dir, "open/2026-0009.yaml") // the extension is taken out again by hand
	data, err := os.ReadFile(path)
	must(err)
	data, _, _ = bytes.Cut(data, []byte("  - at: 2026-12-07T09:31"))
	must(os.WriteFile(path, data, 0o600))
	if last := sequence("2026-12-07T08:33:00Z"); last <= after {
		t.Errorf("%d, and then %d by hand", after, last)
	}
}

// An appointment that was called off goes, and the summary agrees.
func TestACalledOffAppointmentGoes(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cases")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "open/2026-0007.yaml")
	data, err := os.ReadFile(path)
	must(err)
	must(os.WriteFile(path, append(data, "  - at: 2026-12-07\n    step: called-off\n    by: Mok Verhagen\n"...), 0o600))
	for _, command := range []string{"calendar", "due"} {
		if shown := klachtOn(t, dir, "2026-12-07T07:30:00Z", command, "--json"); strings.Contains(shown, "appointment") || strings.Contains(shown, `"when"`) {
			t.Errorf("%s still has it:\n%s", command, shown)
		}
	}
}

// Nothing about a person is in the calendar unless it is asked for.
func TestTheCalendarHasNoNames(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cases")); err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(klachtOn(t, dir, "2026-12-07T07:30:00Z", "calendar"), "\r\n ", "")
	list := klachtOn(t, dir, "2026-12-07T07:30:00Z", "calendar", "--json")
	named := strings.ReplaceAll(klachtOn(t, dir, "2026-12-07T07:30:00Z", "calendar", "--names"), "\r\n ", "")
	n := 0
	for _, personal := range []string{"Jolanda", "Wit", "Patricia", "Website", "cursus", "webwerkoost", "Mok", "@voorbeeld", "praktijk"} {
		if strings.Contains(text, personal) || strings.Contains(list, personal) {
			t.Errorf("the calendar has %q", personal)
		}
		if strings.Contains(named, personal) {
			n++
		}
	}
	if n < 4 {
		t.Errorf("only %d of the names are there with --names", n)
	}
}

// Each UID is there once, also where a procedure has two terms for one thing.
func TestUIDsAreUnique(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cases")); err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(dir, "regeling.yaml")
	data, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte("    close: 4 weken"), []byte("    hear: 3 weken\n    decide: 6 weken na received\n    close: 4 weken"))
	if err := os.WriteFile(policy, data, 0o600); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(klachtOn(t, dir, "2026-12-07T07:30:00Z", "calendar")) {
		if uid, ok := strings.CutPrefix(line, "UID:"); ok {
			if seen[uid] {
				t.Errorf("%s is there twice", strings.TrimSpace(uid))
			}
			seen[uid] = true
		}
	}
	if len(seen) < 20 {
		t.Error(fmt.Sprint("only ", len(seen), " entries"))
	}
}
