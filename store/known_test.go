package store

import (
	"os"
	"path/filepath"
	"testing"

	casefile "klacht/case"
)

func TestWhoseMailItIs(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20T16:40", "<a@b.example>")
	appendStep(t, r, f.ID, note(t, "2026-11-21", "x"), mailOf("<n@b.example>"))
	writing(t, r, func(w *Writer) {
		for id, want := range map[string]casefile.ID{"<a@b.example>": f.ID, "<n@b.example>": f.ID, "<x@b.example>": ""} {
			if got, err := w.Whose([]string{"id <nobody@b.example>", "id " + id}); err != nil || got != want {
				t.Errorf("%s: got %q, %v", id, got, err)
			}
		}
	})
	appendStep(t, r, f.ID, closing(t, "2026-11-25"), nil)
	writing(t, reopen(t, r.Dir), func(w *Writer) {
		if got, err := w.Whose([]string{"id <a@b.example>"}); err != nil || got != f.ID {
			t.Errorf("archived: got %q, %v", got, err)
		}
	})
	must(t, os.RemoveAll(filepath.Join(r.Dir, localDir)))
	writing(t, reopen(t, r.Dir), func(w *Writer) { // from the register itself
		if got, err := w.Whose([]string{"id <a@b.example>"}); err != nil || got != f.ID {
			t.Errorf("without an index: got %q, %v", got, err)
		}
	})
}

func TestWhatNeedsNoSecondLook(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2020-11-20T16:40", "<a@b.example>")
	look := func(what, item string, want bool) {
		t.Helper()
		writing(t, reopen(t, r.Dir), func(w *Writer) {
			known, err := w.Fetched("box")
			must(t, err)
			if known(item) != want {
				t.Errorf("%s: %s is known: %v", what, item, !want)
			}
		})
	}
	look("before", "1", false)
	writing(t, r, func(w *Writer) {
		must(t, w.AddFetched("box", []Fetched{{"1", f.ID, "id <a@b.example>"}, {"2", "", ""}, {"3", f.ID, "id <lost@b.example>"}}))
		must(t, w.AddFetched("box", []Fetched{{Item: "4"}}))
		must(t, w.AddFetched("other", []Fetched{{Item: "5"}}))
	})
	look("registered", "1", true)
	look("none to register", "2", true)
	look("not in the register", "3", false)
	look("added", "4", true)
	look("another source", "5", false)
	writing(t, r, func(w *Writer) { must(t, w.KeepFetched("box", map[string]bool{"1": true, "2": true})) })
	look("still there", "1", true)
	look("gone from the source", "4", false)

	closed := appendStep(t, r, f.ID, closing(t, "2020-11-25"), nil)
	look("archived", "1", true)
	writing(t, r, func(w *Writer) { must(t, w.Purge(closed, day(t, "2026-12-07"))) })
	look("purged", "1", true)

	// nothing of a source can be read in the register, nor which case its mail was of that is gone
	for name, content := range tree(t, filepath.Join(r.Dir, localDir, "fetched")) {
		if name == short("other") {
			continue
		}
		if len(name) != 32 || len(content) != 32+1+32+1 {
			t.Errorf("%s: %q", name, content)
		}
	}
	place(t, r, localDir+"/fetched/"+short("box"), "onzin\n\x00\x00 x\na b c d\n")
	look("damaged", "1", false)
}
