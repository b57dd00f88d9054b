package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// TestRenumberLetters gives letters that wait another number, also where a command
// was killed after it had made the new one and before it removed the old.
func TestRenumberLetters(t *testing.T) {
	for _, killed := range []bool{false, true} {
		r := newRegister(t)
		f := create(t, r, "2026-11-20", "a")
		l := aLetter(t, f.ID)
		l.State, l.Subject = LetterDraft, "["+string(f.ID)+"] Je klacht"
		var was []byte
		writing(t, r, func(w *Writer) {
			_, err := w.AddLetter(l, []byte("Subject: ["+string(f.ID)+"] Je klacht\r\n\r\nx\r\n"))
			must(t, err)
			was, err = w.root.Read(letterFile(string(f.ID) + "-" + string(l.Entry.Step)))
			must(t, err)
		})
		const to = casefile.ID("2026-0009")
		old := string(f.ID) + "-" + string(l.Entry.Step)
		writing(t, r, func(w *Writer) { _, err := w.Renumber(f.ID, to); must(t, err) })
		if killed {
			place(t, r, letterFile(old), string(was))
			place(t, r, letterMail(old), "Subject: x\r\n\r\n")
			writing(t, r, func(w *Writer) { _, err := w.Renumber(f.ID, to); must(t, err) })
		}
		letters, damage, err := r.Letters()
		must(t, err)
		if len(letters) != 1 || damage != nil || letters[0].ID != to || strings.Contains(letters[0].Subject, string(f.ID)) {
			t.Fatalf("killed %v: %v %v", killed, letters, damage)
		}
		mail, err := r.LetterMail(letters[0])
		must(t, err)
		if !strings.Contains(string(mail), "[2026-0009]") {
			t.Errorf("the letter says %s", mail)
		}
	}
}

// TestDrop removes all of a case but its line, wherever a crash has left it.
func TestDrop(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "a")
	other := create(t, r, "2026-11-21", "b")
	addLetter(t, r, aLetter(t, f.ID))
	place(t, r, "archive/2031-12/"+string(f.ID)+".yaml", string(f.Data))
	place(t, r, "archive/2031-12/"+string(f.ID)+"/09-x.eml", "x")
	place(t, r, "open/"+string(f.ID)+".yaml~", "x")
	place(t, r, fetchedOf("box"), "11 "+string(f.ID)+" 22\n33\n")
	writing(t, r, func(w *Writer) { must(t, w.Drop(f.ID)) })
	if data, err := r.root.Read(fetchedOf("box")); err != nil || string(data) != "11\n33\n" {
		t.Errorf("of the mails that were fetched is known: %q %v", data, err)
	}
	for name := range tree(t, r.Dir) {
		if strings.Contains(name, string(f.ID)) {
			t.Errorf("%s is left", name)
		}
	}
	if _, err := r.Load(other.ID); err != nil {
		t.Error(err)
	}
}

func TestPartOf(t *testing.T) {
	for name, want := range map[string]Part{"regeling.yaml": PartPolicy, "purged.yaml": PartPurged, "open/2026-0007.yaml": PartCase,
		"archive/2031-12/2026-0007.yaml": PartCase, "archive/unlimited/2026-0007/01-x.eml": PartMail, "open/2026-0007/01-x.eml": PartMail,
		"letters/closing.nl.txt": PartLetter, "README": PartPlain, ".gitignore": PartPlain,
		"open": PartNone, "open/x.yaml": PartNone, "open/2026-0007/x/y": PartNone, "archive/2031-13/2026-0007.yaml": PartNone, "archive/2026-0007.yaml": PartNone,
		".klacht/lock": PartNone, "outbox/2026-0007-closed.eml": PartNone, "a/b": PartNone, "open/../2026-0007.yaml": PartNone, "": PartPlain} {
		if got, id := PartOf(name); got != want || (id != "") != (want == PartCase || want == PartMail) {
			t.Errorf("%q is %v of %q, want %v", name, got, id, want)
		}
	}
}

// TestAlso finds the cases under whose old number letters have left.
func TestAlso(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "a")
	data := strings.Replace(string(f.Data), "id: 2026-0001\n", "id: 2026-0001\nalso: [2026-0004, 2026-0005]\n", 1)
	must(t, os.WriteFile(filepath.Join(r.Dir, f.Path), []byte(data), 0o600))
	for id, want := range map[casefile.ID][]casefile.ID{"2026-0004": {"2026-0001"}, "2026-0005": {"2026-0001"}, "2026-0001": nil, "2026-0006": nil} {
		files, err := r.Also(id)
		must(t, err)
		var got []casefile.ID
		for _, f := range files {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

// TestBringReadsAsItWrites: what a sync brings may be more than memory holds, so
// each file is read when its turn has come.
func TestBringReadsAsItWrites(t *testing.T) {
	r := newRegister(t)
	var changes []Change
	for i, name := range []string{"open/2026-0001/01-received.eml", "open/2026-0001/02-replied.eml", "open/2026-0001/03-replied.eml"} {
		changes = append(changes, Change{Path: name, Data: func() ([]byte, error) {
			for j, c := range changes {
				if _, err := r.ReadFile(c.Path); (err == nil) != (j < i) {
					t.Errorf("%s is read, and %s: %v", name, c.Path, err)
				}
			}
			return []byte("x"), nil
		}})
	}
	writing(t, r, func(w *Writer) { must(t, w.Bring(changes)) })
}
