package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	casefile "klacht/case"
)

// secrets are what must not be left of a case: names, addresses, texts, and
// the key of its mail, as it is and as it stands in the index.
func secrets() []string {
	s := []string{secretName, "Jolanda", secretEmail, secretText, "06-12345678", "Afspraak", secretID}
	same, named := byMessageID(mailOf(secretID))
	for _, key := range append(same, named...) {
		sum := sha256.Sum256([]byte(key))
		s = append(s, hex.EncodeToString(sum[:])[:16])
	}
	return s
}

// traces returns the files of a register, names or contents, that tell of a
// person. All of the folder is searched, .klacht too.
func traces(t testing.TB, dir string) []string {
	t.Helper()
	var found []string
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		content := name[len(dir):]
		if d.Type().IsRegular() {
			data, err := os.ReadFile(name)
			must(t, err)
			content += "\n" + string(data)
		}
		for _, s := range secrets() {
			if strings.Contains(content, s) {
				found = append(found, name[len(dir):]+": "+s)
			}
		}
		return nil
	}))
	return found
}

// expired makes a register with one closed case that may go from 2031-11-26.
func expired(t *testing.T) (*Register, *File) {
	t.Helper()
	r := newRegister(t)
	create(t, r, "2026-11-20", secretID)
	f := appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), mailOf("<antwoord@mok.example>"))
	if _, err := r.EditCopy(f); err != nil {
		t.Fatal(err)
	}
	if len(traces(t, r.Dir)) < 10 {
		t.Fatalf("the search finds too little: %v", traces(t, r.Dir))
	}
	return r, f
}

// purge does what the command does, on 2031-11-26.
func purge(t *testing.T, r *Register) *PurgePlan {
	t.Helper()
	var plan *PurgePlan
	writing(t, r, func(w *Writer) {
		must(t, w.Sweep())
		open, _, err := w.ReadOpen()
		must(t, err)
		plan, err = w.PlanPurge(open, day(t, "2031-11-26"))
		must(t, err)
		for _, f := range plan.Gone {
			must(t, w.Purge(f, day(t, "2031-11-26")))
		}
	})
	return plan
}

const purgedOne = "- {id: 2026-0001, received: 2026-11-20, policy: 2020-01-01, " +
	"promises: [acknowledge on-time 3 5 letter, inform on-time 3 5 letter, close on-time 3 5 letter], steps: [closed 2026-11-25 agreed], until: 2031-11-25, purged: 2031-11-26}\n"

// withoutKeys leaves out of lines of purged.yaml what is random in them.
func withoutKeys(lines string) string {
	return regexp.MustCompile(`, key: [0-9a-z]{26}, content: [0-9a-z]{26}, by: A\}`).ReplaceAllString(lines, "}")
}

func wantPurged(t *testing.T, r *Register) {
	t.Helper()
	for _, trace := range traces(t, r.Dir) {
		t.Errorf("still there: %s", trace)
	}
	wantNames(t, r, "archive", "open", "purged.yaml")
	if data := withoutKeys(tree(t, r.Dir)[PurgedFile]); data != purgedHead+purgedOne {
		t.Errorf("purged.yaml says:\n%s\nwant:\n%s", data, purgedHead+purgedOne)
	}
}

func TestPurgeLeavesNothingOfThePerson(t *testing.T) {
	r, _ := expired(t)
	plan, err := r.PlanPurge(nil, day(t, "2031-11-25"))
	must(t, err)
	if len(plan.Gone) != 0 || len(plan.Kept) != 1 || plan.Kept[0].Reason != "retention" {
		t.Errorf("a day early: %+v", plan)
	}
	purge(t, r)
	wantPurged(t, r)
}

// Purging is: the line, the keys in the index, the mails one by one, their
// folder, the copies, the case. What a kill leaves in between the next purge
// completes, with one line and no more.
func TestPurgeThatWasCutOff(t *testing.T) {
	const dir = "archive/2031-11/"
	line := func(t *testing.T, r *Register) { place(t, r, PurgedFile, purgedHead+purgedOne) }
	remove := func(name string) func(*testing.T, *Register) {
		return func(t *testing.T, r *Register) {
			line(t, r)
			must(t, os.RemoveAll(filepath.Join(r.Dir, filepath.FromSlash(name))))
		}
	}
	for name, kill := range map[string]func(*testing.T, *Register){
		"nothing done":       func(*testing.T, *Register) {},
		"line being written": func(t *testing.T, r *Register) { place(t, r, ".tmp-XYZ", purgedHead+purgedOne+secretName) },
		"line written":       line,
		"one mail removed":   remove(dir + "2026-0001/01-received.eml"),
		"mails removed":      remove(dir + "2026-0001"),
		"copy removed": func(t *testing.T, r *Register) {
			line(t, r)
			copies, err := filepath.Glob(filepath.Join(r.Dir, ".klacht", "edit-2026-0001-*.tmp"))
			must(t, err)
			for _, name := range copies {
				must(t, os.Remove(name))
			}
		},
		"case removed": func(t *testing.T, r *Register) {
			f, err := r.Load("2026-0001")
			must(t, err)
			writing(t, r, func(w *Writer) { must(t, w.Purge(f, day(t, "2031-11-26"))) })
			must(t, os.Mkdir(filepath.Join(r.Dir, dir), 0o700))
		},
		"mails half moved": func(t *testing.T, r *Register) {
			line(t, r)
			must(t, os.Rename(filepath.Join(r.Dir, dir+"2026-0001"), filepath.Join(r.Dir, "open/2026-0001")))
		},
		"not yet filed": func(t *testing.T, r *Register) {
			onlyMoved(t, r, dir, "open", "2026-0001", "2026-0001.yaml")
		},
		"mail being written": func(t *testing.T, r *Register) { place(t, r, dir+"2026-0001/.tmp-XYZ", secretText) },
		"case being written": func(t *testing.T, r *Register) { place(t, r, dir+".tmp-XYZ", secretText) },
		"copy being written": func(t *testing.T, r *Register) { place(t, r, ".klacht/.tmp-XYZ", secretText) },
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := expired(t)
			kill(t, r)
			all, damage, err := r.ReadAll()
			must(t, err)
			if name != "case removed" && (ids(all) != "2026-0001" || len(damage) > 0) {
				t.Errorf("before it is completed, %q is read, %v", ids(all), damage)
			}
			purge(t, r)
			if name == "case removed" { // a month without a case does no harm
				must(t, os.RemoveAll(filepath.Join(r.Dir, dir)))
			}
			wantPurged(t, r)
		})
	}
}

// A purge that was begun is completed also if the policy, or the day that is
// given, would not begin it any more.
func TestPurgeThatWasCutOffIsCompletedOnAnyDay(t *testing.T) {
	r, _ := expired(t)
	place(t, r, PurgedFile, purgedHead+purgedOne)
	plan, err := r.PlanPurge(nil, day(t, "2031-11-25"))
	must(t, err)
	if ids(plan.Gone) != "2026-0001" {
		t.Errorf("would remove %q", ids(plan.Gone))
	}
}

// A line in purged.yaml and a case that is open, with a body or on hold: it
// was taken up again on another machine. It stays, whatever the line says.
func TestPurgeNeverTakesACaseThatWasTakenUpAgain(t *testing.T) {
	for _, step := range []casefile.Step{casefile.Reopened, casefile.Held, casefile.Referred} {
		r, _ := expired(t)
		place(t, r, PurgedFile, purgedHead+purgedOne)
		appendStep(t, r, "2026-0001", do(t, "2031-11-20", step), nil)
		before := tree(t, r.Dir)
		if plan := purge(t, r); len(plan.Gone) != 0 {
			t.Errorf("%s: a purge takes it", step)
		}
		wantTree(t, r.Dir, before)
	}
}

func TestPurgeNeverTakesWhatItCannotRead(t *testing.T) {
	r, f := expired(t)
	place(t, r, f.Path, string(f.Data)+"x: [\n")
	before := tree(t, r.Dir)
	plan := purge(t, r)
	if len(plan.Gone) != 0 || len(plan.Kept) != 1 || plan.Kept[0] != (Kept{"2026-0001", "cannot-be-read"}) || len(plan.Damage) != 1 {
		t.Errorf("got %+v", plan)
	}
	wantTree(t, r.Dir, before)
}

// A mail that a person has removed by hand is known to the index still; with
// its case that goes too.
func TestPurgeForgetsAMailThatWasRemovedByHand(t *testing.T) {
	r, _ := expired(t)
	must(t, os.Remove(filepath.Join(r.Dir, "archive/2031-11/2026-0001/01-received.eml")))
	purge(t, r)
	wantPurged(t, r)
}

func TestDamagedPurgedFileStopsNewNumbers(t *testing.T) {
	for name, tt := range map[string]struct{ data, want string }{
		"half a line":    {purgedHead + purgedOne[:30] + "\n", "purged.yaml:3: is not the line of a purged complaint"},
		"a word":         {"hallo\n", "purged.yaml:1: is not the line of a purged complaint"},
		"merge conflict": {purgedHead + "<<<<<<< HEAD\n" + purgedOne, "purged.yaml:3: is not the line of a purged complaint"},
		"no number":      {strings.Replace(purgedOne, "2026-0001", "1", 1), "purged.yaml:1: is not the line of a purged complaint"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			create(t, r, "2026-11-20", "<1>")
			place(t, r, PurgedFile, tt.data)
			before := tree(t, r.Dir)
			writing(t, r, func(w *Writer) {
				_, err := w.Create(complaintOn(t, "2026-11-20"), nil)
				var d *Damage
				if !errors.As(err, &d) {
					t.Errorf("got %v", err)
				}
				wantError(t, err, tt.want)
				_, err = w.PlanPurge(nil, day(t, "2031-11-26"))
				wantError(t, err, tt.want)
			})
			wantTree(t, r.Dir, before)
		})
	}
}

func TestSpokenCaseLeavesNumbersToo(t *testing.T) {
	r := newRegister(t)
	c := complaintOn(t, "2026-11-20")
	c.Received, c.Log[0].Step = casefile.Date{}, casefile.Spoken
	writing(t, r, func(w *Writer) {
		f, err := w.Create(c, nil)
		must(t, err)
		_, err = w.Append(f.ID, closing(t, "2026-11-25"), nil, nil)
		must(t, err)
	})
	purge(t, r)
	want := purgedHead + "- {id: 2026-0001, spoken: 2026-11-20, policy: 2020-01-01, steps: [closed 2026-11-25 agreed], until: 2031-11-25, purged: 2031-11-26}\n"
	if got := withoutKeys(tree(t, r.Dir)[PurgedFile]); got != want {
		t.Errorf("got %s", got)
	}
}

func TestLastPurge(t *testing.T) {
	r := newRegister(t)
	if !r.LastPurge().IsZero() {
		t.Error("there was none")
	}
	writing(t, r, func(w *Writer) { must(t, w.SetLastPurge(day(t, "2031-11-26"))) })
	if got := r.LastPurge(); got != day(t, "2031-11-26") {
		t.Errorf("got %s", got)
	}
	place(t, r, ".klacht/last-purge", "gisteren\n")
	if got := r.LastPurge(); !got.IsZero() {
		t.Errorf("got %s", got)
	}
}

// A purge takes the copies that programs make of the files of a case, and nothing that
// is called otherwise: that is somebody's own.
func TestPurgeTakesCopiesAlone(t *testing.T) {
	goes := []string{"open/2026-0001.yaml~", "open/.2026-0001.yaml.swp", "open/#2026-0001.yaml#", "open/.#2026-0001.yaml", "open/.~lock.2026-0001.yaml#", "open/2026-0001.yaml.bak",
		"open/2026-0001.yaml.orig~", "open/2026-0001 (1).yaml", "open/2026-0001 (Mok's conflicted copy 2026-12-01).yaml", "open/2026-0001.sync-conflict-20261201-120000-ABC.yaml",
		"open/2026-0001.YAML", "archive/2031-11/.2026-0001.yaml.swo", "outbox/2026-0001-acknowledged.eml.bak", "outbox/2026-0001-proposed-2.letter",
		".klacht/edit-2026-0001-abc.tmp", ".klacht/edit-2026-0001-abc.tmp~"}
	stays := []string{"open/2026-0001_invoice.ods", "open/x-2026-0001.txt", "open/2026-0001-map/notes.txt", "open/2026-0001-invoice.eml", "open/2026-0002-see-2026-0001.txt", "open/2026-0001-and-2026-0002.yaml",
		"open/2026-00010.yaml", "open/12026-0001.yaml~", "open/2026-0001-0002.yaml", "archive/2031-11/2026-0001-invoice.ods", "outbox/2026-0001-own.txt", "outbox/2026-0002-see-2026-0001.eml", "outbox/2026-0001/own.txt", "2026-0001.yaml"}
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	f = appendStep(t, r, f.ID, closing(t, "2026-11-05"), nil)
	for _, name := range append(goes, stays...) {
		place(t, r, name, "x")
	}
	writing(t, r, func(w *Writer) { must(t, w.Purge(f, day(t, "2031-11-06"))) })
	left := tree(t, r.Dir)
	for _, name := range goes {
		if _, ok := left[name]; ok {
			t.Errorf("left: %s", name)
		}
	}
	for _, name := range stays {
		if _, ok := left[name]; !ok {
			t.Errorf("gone: %s", name)
		}
	}
}
