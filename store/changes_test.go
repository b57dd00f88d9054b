package store

import (
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
