package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	casefile "klacht/case"
)

// told is a history that remembers what it was told.
type told struct{ did []Deed }

func (*told) Before(*Writer, string) {}

func (h *told) Commit(_ *Writer, did []Deed, _ []string) { h.did = append(h.did, did...) }

// What could not be done is not told, and takes nothing with it that was done.
func TestDeeds(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "a")
	h := &told{}
	r.History = h
	writing(t, r, func(w *Writer) {
		_, err := w.Append(f.ID, casefile.Entry{At: at(t, "2026-11-21"), Step: casefile.Noted, By: "mok", Text: "een"}, nil, nil)
		must(t, err)
		undo := w.begin(string(f.ID), string(casefile.Noted)) // the same once more
		undo()
		undo = w.begin(string(f.ID), string(casefile.Heard))
		undo()
		next, err := w.Load(f.ID)
		must(t, err)
		place(t, r, "archive/2031-12/"+string(f.ID)+".yaml", "x")
		if err := w.file(next, "archive/2031-12"); err == nil {
			t.Error("a case is filed over another")
		}
		must(t, os.Remove(filepath.Join(r.Dir, "archive/2031-12", string(f.ID)+".yaml")))
	})
	if want := []Deed{{string(f.ID), "noted"}}; !slices.Equal(h.did, want) {
		t.Errorf("%v was done, want %v", h.did, want)
	}
	h.did = nil
	writing(t, r, func(w *Writer) {
		next, err := w.Load(f.ID)
		must(t, err)
		place(t, r, "archive/2031-12/"+string(f.ID)+".yaml", "x")
		if err := w.file(next, "archive/2031-12"); err == nil {
			t.Error("a case is filed over another")
		}
		w.touch(next.Path)
	})
	if h.did != nil {
		t.Errorf("%v was not done", h.did)
	}
}

// A mail that stands there without its step was put down by a command that was
// killed: it goes, and nothing else does.
func TestDropUnfinished(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "a")
	dir := "open/" + string(f.ID)
	writing(t, r, func(w *Writer) {
		_, err := w.Append(f.ID, casefile.Entry{At: at(t, "2026-11-21"), Step: casefile.Replied, By: "mok"}, []byte("Subject: b\n\nb\n"), nil)
		must(t, err)
		names, err := w.root.Names(dir)
		must(t, err)
		deed := Deed{string(f.ID), string(casefile.Replied)}
		must(t, w.DropUnfinished(deed)) // the step is there
		if now, _ := w.root.Names(dir); !slices.Equal(now, names) {
			t.Errorf("%v is left of %v", now, names)
		}
		n, err := w.lastNumber(f)
		must(t, err)
		next := fmt.Sprintf("%02d-replied.b.eml", n+1) // another clone names its mails so
		place(t, r, dir+"/"+next, "Subject: c\n\nc\n")
		must(t, w.DropUnfinished(deed)) // nobody has noted it, so it is the owner's
		if !w.root.Exists(dir + "/" + next) {
			t.Error("a mail of the owner is gone")
		}
		noteDeed(t, r, deed, "Subject: c\n\nc\n")
		place(t, r, dir+"/offerte.pdf", "x")
		must(t, w.DropUnfinished(Deed{string(f.ID), string(casefile.Asked)})) // it was another step
		if !w.root.Exists(dir + "/" + next) {
			t.Error("the mail of another step is gone")
		}
		must(t, w.DropUnfinished(deed))
		now, err := w.root.Names(dir)
		must(t, err)
		if want := append(slices.Clone(names), "offerte.pdf"); !slices.Equal(slices.Sorted(slices.Values(now)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%v is left, want %v", now, want)
		}
		must(t, w.DropUnfinished(Deed{"regeling.yaml", "edited"}))
		must(t, w.DropUnfinished(Deed{"2026-0099", "received"}))
		noteDeed(t, r, Deed{"2026-0099", "received"}, "Subject: d\n\nd\n")
		place(t, r, "open/2026-0099/01-received.eml", "Subject: d\n\nd\n") // a new complaint that was not registered
		must(t, w.DropUnfinished(Deed{"2026-0099", "received"}))
		if w.root.Exists("open/2026-0099") {
			t.Error("the folder of a complaint that was never registered is left")
		}
	})
}

// A step that failed leaves no note for the next command, and what stood in its
// way stays: neither that nor a mail of the owner's is taken for its remains.
func TestAFailedStepIsNotUnfinished(t *testing.T) {
	r := newRegister(t)
	var f *File
	writing(t, r, func(w *Writer) {
		var err error
		f, err = w.Create(complaintOn(t, "2026-11-20"), nil)
		must(t, err)
	})
	r.History = &told{}
	folder := "open/" + string(f.ID)
	place(t, r, folder, "of the owner")
	writing(t, r, func(w *Writer) {
		before := w.begin("2026-0099", "received") // left by an earlier command
		e := casefile.Entry{At: at(t, "2026-11-21"), Step: casefile.Replied, By: "mok"}
		if _, err := w.Append(f.ID, e, []byte("Subject: b\n\nb\n"), nil); err == nil {
			t.Fatal("a mail is kept in a file")
		}
		if !w.root.Exists(folder) {
			t.Error("a file of the owner is gone")
		}
		if list := r.Uncommitted(); !slices.Equal(list, []Deed{{"2026-0099", "received"}}) {
			t.Errorf("%v is noted as begun", list)
		}
		before()
		if list := r.Uncommitted(); len(list) > 0 {
			t.Errorf("%v is noted as begun", list)
		}
	})
}

// noteDeed writes down what a command that was killed had begun, and the file that it
// had put down for it.
func noteDeed(t *testing.T, r *Register, d Deed, content string) {
	t.Helper()
	old, _ := r.root.Read(uncommitted)
	place(t, r, uncommitted, string(old)+d.String()+marked+markOf([]byte(content))+"\n")
}

// Of a register that git was told of before there was a ledger, git is told of that.
func TestTellOfTheLedger(t *testing.T) {
	const line = "/register.yaml merge=klacht\n"
	for was, want := range map[string]string{
		"*.eml -text\n":         "*.eml -text\n" + line,
		"*.eml -text":           "*.eml -text\n" + line,
		"":                      line,
		"/register.yaml text\n": "/register.yaml text\n",
	} {
		r := newRegister(t)
		place(t, r, ".gitattributes", was)
		place(t, r, ".gitignore", "x\n")
		writing(t, r, func(w *Writer) { must(t, w.Tell("*.eml -text\n"+line, "/.klacht/\n")) })
		if got := tree(t, r.Dir); got[".gitattributes"] != want || got[".gitignore"] != "x\n" {
			t.Errorf("%q became %q, and %q", was, got[".gitattributes"], got[".gitignore"])
		}
	}
}
