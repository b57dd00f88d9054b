package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	casefile "klacht/case"
)

// remote is a history that is shared.
type remote struct{ key casefile.Key }

func (remote) Before(*Writer, string)           {}
func (remote) Commit(*Writer, []Deed, []string) {}
func (remote) Shared() bool                     { return true }
func (r remote) RegisterKey() casefile.Key      { return r.key }

var threeLetters = regexp.MustCompile(`^2026-[A-Z]{3}001$`)

// copyOf copies a register as a person or a backup does.
func copyOf(t *testing.T, r *Register) *Register {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(dir, os.DirFS(r.Dir)))
	return reopen(t, dir)
}

func TestACopyIsACloneOfItsOwn(t *testing.T) {
	r := newRegister(t)
	wantNext(t, r, "2026-11-20", "2026-0001")
	c := copyOf(t, r)
	if known, err := c.Clone(); err != nil || known.ID != "" {
		t.Errorf("the copy is known as %v, %v", known, err)
	}
	wantNext(t, r, "2026-11-20", "2026-0002")
	if f := create(t, c, "2026-11-20", "<x>"); !threeLetters.MatchString(string(f.ID)) {
		t.Errorf("the copy gives %s", f.ID)
	}
	was, err := r.Clone()
	must(t, err)
	now, err := c.Clone()
	must(t, err)
	if l, err := c.Ledger(); err != nil || now.ID == was.ID || l.Series[now.Series] != now.ID || l.Series[FirstSeries] != was.ID {
		t.Errorf("%v and %v: %v, %v", was, now, l, err)
	}
}

// A folder that was moved on its disk is no copy; one that was put back in its place is.
func TestAFolderThatWasMoved(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	dir := filepath.Join(filepath.Dir(r.Dir), "moved")
	must(t, os.Rename(r.Dir, dir))
	moved := reopen(t, dir)
	c, err := moved.Clone()
	must(t, err)
	if _, file := onDisk(mustOpen(t, dir)); (c.Series == FirstSeries) != (file != "") {
		t.Errorf("it is known as %v", c)
	}
	if _, err := exec.LookPath("cp"); err != nil {
		t.Skip("there is no cp")
	}
	must(t, exec.Command("cp", "-a", dir, r.Dir).Run()) // where it was
	back := reopen(t, r.Dir)
	if c, err := back.Clone(); err != nil || c.ID != "" {
		t.Errorf("what was put back is known as %v, %v", c, err)
	}
	if f := create(t, back, "2026-11-20", "<2>"); !threeLetters.MatchString(string(f.ID)) {
		t.Errorf("what was put back gives %s", f.ID)
	}
}

func mustOpen(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// What stands in .klacht/clone and is none of ours counts for nothing; a link stops.
func TestHostileClone(t *testing.T) {
	for _, text := range []string{"", "x", "clone: ../../etc\nseries: A\n"} {
		r := newRegister(t)
		place(t, r, cloneFile, text)
		if f := create(t, r, "2026-11-20", "<1>"); !threeLetters.MatchString(string(f.ID)) {
			t.Errorf("with %q it gives %s", text, f.ID)
		}
	}
}

// In a shared register a series is sure when its claim was sent.
func TestClaim(t *testing.T) {
	r := newRegister(t)
	c := copyOf(t, r)
	c.History = remote{}
	if f := create(t, c, "2026-11-20", "<1>"); !threeLetters.MatchString(string(f.ID)) {
		t.Errorf("without a claim it gives %s", f.ID)
	}
	writing(t, c, func(w *Writer) {
		series, err := w.Claim()
		must(t, err)
		again, err := w.Claim()
		must(t, err)
		if series != "B" || again != "B" {
			t.Errorf("claimed %s, %s", series, again)
		}
		wantError(t, w.Confirm("C"), "the series C is not of this clone")
		must(t, w.Unclaim())
		l, err := w.Ledger()
		must(t, err)
		if len(l.Series) != 2 {
			t.Errorf("left: %v", l.Series)
		}
		l.Series["B"] = casefile.NewKey() // somebody was faster
		must(t, w.putLedger(l))
		series, err = w.Claim()
		must(t, err)
		if series != "C" {
			t.Errorf("claimed %s", series)
		}
	})
	if f := create(t, c, "2026-11-20", "<2>"); f.ID.Series() == "C" {
		t.Errorf("a claim that was not sent gave %s", f.ID)
	}
	writing(t, c, func(w *Writer) { must(t, w.Confirm("C")); must(t, w.Unclaim()) })
	wantNext(t, c, "2026-11-20", "2026-C001")
	f := appendStep(t, c, "2026-C001", casefile.Entry{At: at(t, "2026-11-21"), Step: casefile.Replied, By: "mok"}, mailOf("<3>"))
	if name := f.Log[1].Mail; name != "02-replied.c.eml" {
		t.Errorf("its mail is %s", name)
	}
}

// Who upgrades a shared register first claims A; clones that do so apart agree on its key.
func TestClaimInARegisterOfBefore(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	must(t, os.Remove(filepath.Join(r.Dir, LedgerFile)))
	must(t, os.RemoveAll(filepath.Join(r.Dir, localDir)))
	r.History = remote{aKey}
	writing(t, r, func(w *Writer) {
		series, err := w.Claim()
		must(t, err)
		must(t, w.Confirm(series))
		if l, err := w.Ledger(); err != nil || series != FirstSeries || l.Key != aKey || l.Numbers["2026"] != 1 {
			t.Errorf("claimed %s of %v, %v", series, l, err)
		}
	})
	wantNext(t, r, "2026-11-20", "2026-0002")
}

// A letter that two clones have claimed is of one; the other takes another.
func TestASeriesThatWasLost(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	l, err := r.Ledger()
	must(t, err)
	delete(l.Series, FirstSeries) // a line that was lost
	place(t, r, LedgerFile, string(l.Encode()))
	wantNext(t, r, "2026-11-20", "2026-0002")
	if l, err = r.Ledger(); err != nil || l.Series[FirstSeries] == "" {
		t.Errorf("it is not there again: %v, %v", l, err)
	}
	l.Series[FirstSeries] = aKey
	place(t, r, LedgerFile, string(l.Encode()))
	if f := create(t, r, "2026-11-20", "<3>"); !threeLetters.MatchString(string(f.ID)) {
		t.Errorf("it gives %s", f.ID)
	}
}
