package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	casefile "klacht/case"
)

// touched sets the time of change of a folder to another moment, as a change
// by hand does; two changes by a test can fall into one tick of the clock.
func touched(t testing.TB, r *Register, dir string) {
	t.Helper()
	now := time.Now().Add(time.Second)
	must(t, os.Chtimes(filepath.Join(r.Dir, dir), now, now))
}

// wantNext checks which number the next complaint gets.
func wantNext(t *testing.T, r *Register, when, want string) {
	t.Helper()
	if f := create(t, r, when, "<"+t.Name()+want+">"); string(f.ID) != want {
		t.Errorf("the next number is %s, want %s", f.ID, want)
	}
}

func TestNumbersHaveNoGapsAndNeverComeBack(t *testing.T) {
	threeCases := func(t *testing.T) *Register {
		r := newRegister(t)
		for n := range 3 {
			create(t, r, "2026-11-20", fmt.Sprint(n))
		}
		return r
	}
	for name, tt := range map[string]struct {
		change func(*testing.T, *Register)
		want   string
	}{
		"nothing":       {func(*testing.T, *Register) {}, "2026-0004"},
		"no index":      {func(t *testing.T, r *Register) { must(t, os.RemoveAll(filepath.Join(r.Dir, indexDir))) }, "2026-0004"},
		"half an index": {func(t *testing.T, r *Register) { must(t, os.Remove(filepath.Join(r.Dir, indexDir, "stamp"))) }, "2026-0004"},
		"the last one closed": {func(t *testing.T, r *Register) {
			appendStep(t, r, "2026-0003", closing(t, "2026-11-25"), nil)
		}, "2026-0004"},
		"the last one purged": {func(t *testing.T, r *Register) {
			appendStep(t, r, "2026-0003", closing(t, "2026-11-25"), nil)
			purge(t, r)
		}, "2026-0004"},
		"all purged, and no index": {func(t *testing.T, r *Register) {
			for _, id := range []casefile.ID{"2026-0001", "2026-0002", "2026-0003"} {
				appendStep(t, r, id, closing(t, "2026-11-25"), nil)
			}
			purge(t, r)
			must(t, os.RemoveAll(filepath.Join(r.Dir, indexDir)))
		}, "2026-0004"},
		"the last one removed by hand, and no index": {func(t *testing.T, r *Register) {
			must(t, os.Remove(filepath.Join(r.Dir, "open/2026-0003.yaml")))
			must(t, os.RemoveAll(filepath.Join(r.Dir, "open/2026-0003")))
			must(t, os.RemoveAll(filepath.Join(r.Dir, indexDir)))
		}, "2026-0004"},
		"the last one removed by hand, and no ledger": {func(t *testing.T, r *Register) {
			must(t, os.Remove(filepath.Join(r.Dir, "open/2026-0003.yaml")))
			must(t, os.RemoveAll(filepath.Join(r.Dir, "open/2026-0003")))
			must(t, os.Remove(filepath.Join(r.Dir, LedgerFile)))
		}, "2026-0004"},
		"purged.yaml has lost the line": {func(t *testing.T, r *Register) {
			appendStep(t, r, "2026-0003", closing(t, "2026-11-25"), nil)
			purge(t, r)
			must(t, os.Remove(filepath.Join(r.Dir, PurgedFile)))
		}, "2026-0004"},
		"cases from another clone": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004.yaml", strings.ReplaceAll(handHead+handLog, "0007", "0004"))
			touched(t, r, openDir)
		}, "2026-0005"},
		"a damaged one": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004.yaml", "<<<<<<< HEAD\n")
			touched(t, r, openDir)
		}, "2026-0005"},
		"an archived one from another clone": {func(t *testing.T, r *Register) {
			place(t, r, "archive/2031-12/2026-0004.yaml", strings.ReplaceAll(handHead+handLog, "0007", "0004"))
		}, "2026-0005"},
		"a purge on another clone": {func(t *testing.T, r *Register) {
			place(t, r, PurgedFile, strings.Replace(purgedOne, "0001", "0009", 1))
		}, "2026-0010"},
		"a case of another year": {func(t *testing.T, r *Register) {
			place(t, r, "open/2025-0044.yaml", strings.ReplaceAll(handHead+handLog, "2026-0007", "2025-0044"))
			touched(t, r, openDir)
		}, "2026-0004"},
		"mail of a new that was killed": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004/01-received.eml", string(mailOf("<4>")))
			noteDeed(t, r, Deed{"2026-0004", "received"}, string(mailOf("<4>")))
			touched(t, r, openDir)
		}, "2026-0004"},
		"a mail that nobody noted is the owner's, and keeps its number": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004/01-received.eml", string(mailOf("<4>")))
			touched(t, r, openDir)
		}, "2026-0005"},
		"half a mail of a new that was killed": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004/.tmp-XYZ", "Message-")
			touched(t, r, openDir)
		}, "2026-0004"},
		"mails of a case that is still to come": {func(t *testing.T, r *Register) {
			place(t, r, "open/2026-0004/01-received.eml", string(mailOf("<4>")))
			place(t, r, "open/2026-0004/02-acknowledged.eml", string(mailOf("<5>")))
			touched(t, r, openDir)
		}, "2026-0005"},
	} {
		t.Run(name, func(t *testing.T) {
			r := threeCases(t)
			tt.change(t, r)
			wantNext(t, reopen(t, r.Dir), "2026-11-20", tt.want)
		})
	}
}

func TestMailOfANewThatWasKilledIsNotKept(t *testing.T) {
	r := newRegister(t)
	place(t, r, "open/2026-0001/01-received.eml", string(mailOf(secretID)))
	place(t, r, "open/2026-0001/.tmp-XYZ", secretText)
	noteDeed(t, r, Deed{"2026-0001", "received"}, string(mailOf(secretID)))
	touched(t, r, openDir)
	writing(t, r, func(w *Writer) {
		c := complaintOn(t, "2026-11-20")
		c.Log[0].Step, c.Received = casefile.Spoken, casefile.Date{}
		_, err := w.Create(c, nil)
		must(t, err)
	})
	wantNames(t, r, "archive", "open", "open/2026-0001.yaml")
}

// The number is of the year in which the complaint began, not of today.
func TestNumberIsOfTheYearOfReceipt(t *testing.T) {
	r := newRegister(t)
	wantNext(t, r, "2026-12-31T23:59", "2026-0001")
	wantNext(t, r, "2027-01-01T00:01", "2027-0001")
	wantNext(t, r, "2026-12-31T23:59", "2026-0002")
	place(t, r, "open/2026-9999.yaml", "damaged")
	touched(t, r, openDir)
	wantNext(t, r, "2026-12-31", "2026-10000")
}

func TestSameMailTwiceIsOneComplaint(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	create(t, r, "2026-11-20", "<2>")
	appendStep(t, r, "2026-0002", note(t, "2026-11-21", "x"), mailOf("<3>"))
	refused := func(t *testing.T, mail, want string) {
		t.Helper()
		before := tree(t, r.Dir)
		writing(t, r, func(w *Writer) {
			_, err := w.Create(complaintOn(t, "2026-11-22"), mailOf(mail))
			wantError(t, err, "this mail is already registered as "+want)
			_, err = w.Append("2026-0001", note(t, "2026-11-22", "x"), mailOf(mail), nil)
			wantError(t, err, "this mail is already registered as "+want)
		})
		wantTree(t, r.Dir, before)
	}
	all := func(t *testing.T) {
		t.Helper()
		refused(t, "<1>", "2026-0001")
		refused(t, "<2>", "2026-0002")
		refused(t, "<3>", "2026-0002")
	}
	t.Run("at once", all)
	appendStep(t, r, "2026-0002", closing(t, "2026-11-25"), nil)
	t.Run("archived", all)
	must(t, os.RemoveAll(filepath.Join(r.Dir, indexDir)))
	t.Run("without an index", all)
	t.Run("mail from another clone, for a case that was known", func(t *testing.T) {
		f, err := r.Load("2026-0001")
		must(t, err)
		e := note(t, "2026-11-22", "elders")
		e.Mail = "02-replied.eml"
		next, err := withEntry(f, e, r.Policy)
		must(t, err)
		place(t, r, f.Path, string(next.Data))
		place(t, r, "open/2026-0001/02-replied.eml", string(mailOf("<4>")))
		touched(t, r, "open/2026-0001")
		touched(t, r, openDir)
		refused(t, "<4>", "2026-0001")
		all(t)
	})
	t.Run("a purged one may come again", func(t *testing.T) {
		purge(t, r)
		wantNext(t, r, "2031-12-01", "2031-0001")
		if f := create(t, r, "2031-12-01", "<2>"); f.ID != "2031-0002" {
			t.Errorf("got %s", f.ID)
		}
	})
}

func TestCommandsAtOnceAllGetThroughOneByOne(t *testing.T) {
	r := newRegister(t)
	first := create(t, r, "2026-11-20", "<0>")
	const n = 12
	entries := make([]casefile.Entry, n)
	cases := make([]casefile.Case, n)
	for i := range n {
		entries[i], cases[i] = note(t, "2026-11-21", fmt.Sprint(i)), complaintOn(t, "2026-11-20")
	}
	var wg sync.WaitGroup
	for i := range n {
		other := reopen(t, r.Dir) // another process has its own
		wg.Go(func() {
			w, err := other.Lock()
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			if _, err := w.Create(cases[i], mailOf(fmt.Sprint("<n", i, ">"))); err != nil {
				t.Error(err)
			}
			if _, err := w.Append(first.ID, entries[i], nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	files, damage, err := r.ReadOpen()
	must(t, err)
	if len(files) != n+1 || len(damage) > 0 {
		t.Fatalf("%d cases, %v", len(files), damage)
	}
	for i, f := range files {
		if f.ID != casefile.MakeID(2026, "", i+1) {
			t.Errorf("case %d is %s", i+1, f.ID)
		}
	}
	said := map[string]bool{}
	for _, e := range files[0].Log[1:] {
		said[e.Text] = true
	}
	if len(said) != n {
		t.Errorf("%d of %d notes are there", len(said), n)
	}
}

func TestRefusedStepChangesNothing(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), nil)
	before := tree(t, r.Dir)
	writing(t, r, func(w *Writer) {
		for want, e := range map[string]casefile.Entry{
			"2026-0001: the complaint is closed":             do(t, "2026-11-26", casefile.Proposed),
			"2026-0001: the complaint is already closed":     do(t, "2026-11-26", casefile.Closed),
			`2026-0001: reopened needs a value for "reason"`: {At: at(t, "2026-11-26"), Step: casefile.Reopened, By: "mok"},
			`2026-0001: noted needs a value for "text"`:      {At: at(t, "2026-11-26"), Step: casefile.Noted, By: "mok"},
			`2026-0001: noted needs a value for "by"`:        {At: at(t, "2026-11-26"), Step: casefile.Noted, Text: "x"},
		} {
			_, err := w.Append("2026-0001", e, mailOf("<2>"), nil)
			wantError(t, err, want)
		}
		_, err := w.Append("2026-0001", note(t, "2026-11-26", "x"), mailOf("<2>"), func(*File, *casefile.Entry) error { return casefile.Errorf("liever niet") })
		wantError(t, err, "liever niet")
		_, err = w.Append("2026-0002", note(t, "2026-11-26", "x"), mailOf("<2>"), nil)
		wantError(t, err, "there is no complaint 2026-0002")
	})
	wantTree(t, r.Dir, before)
}
