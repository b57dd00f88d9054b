package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// What is erased leaves no trace, whatever its state; its line says why, and is
// one that a purge can read.
func TestEraseLeavesNoTrace(t *testing.T) {
	for _, damaged := range []bool{false, true} {
		r := newRegister(t)
		f := create(t, r, "2026-11-20", secretID)
		create(t, r, "2026-11-21", "<ander@b.example>")
		if _, err := r.EditCopy(f); err != nil {
			t.Fatal(err)
		}
		place(t, r, "open/2026-0001.yaml~", secretName)
		place(t, r, "archive/2031-12/.2026-0001.yaml.swp", secretName) // where it was before
		if damaged {
			place(t, r, "open/2026-0001.yaml", string(f.Data)+"kapot: [")
			place(t, r, "archive/2031-12/2026-0001.yaml", string(f.Data))
		}
		if traces(t, r.Dir) == nil {
			t.Fatal("the search finds nothing before")
		}
		writing(t, r, func(w *Writer) { must(t, w.Erase("2026-0001", day(t, "2026-12-07"), Request)) })
		left := slices.DeleteFunc(traces(t, r.Dir), func(s string) bool { return strings.Contains(s, "2026-0002") }) // of the same person
		if len(left) > 0 {
			t.Errorf("damaged %v: left: %v", damaged, left)
		}
		data, err := os.ReadFile(filepath.Join(r.Dir, "purged.yaml"))
		must(t, err)
		if !strings.Contains(string(data), `- {id: 2026-0001,`) || !strings.Contains(string(data), `, erased: "request", purged: 2026-12-07}`) {
			t.Errorf("the line is %s", data)
		}
		ids, err := reopen(t, r.Dir).Purged()
		must(t, err)
		if len(ids) != 1 || ids[0] != "2026-0001" {
			t.Errorf("purged: %v", ids)
		}
		if files, _, err := r.ReadAll(); err != nil || len(files) != 1 || files[0].ID != "2026-0002" {
			t.Errorf("the other: %v %v", files, err)
		}
	}
}

// What was erased and is back goes again with the next purge, open or damaged;
// one that was purged and then taken up again stays.
func TestErasedGoesAgain(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", secretID)
	g := create(t, r, "2026-11-20", "<ander@b.example>")
	writing(t, r, func(w *Writer) {
		must(t, w.Erase(f.ID, day(t, "2026-12-07"), Request))
		must(t, w.purge(g, purgedLine(g, w.Policy, day(t, "2026-12-07"))))
	})
	for _, content := range []string{string(f.Data), "kapot: ["} {
		place(t, r, "open/2026-0001.yaml", content)
		place(t, r, "open/2026-0002.yaml", string(g.Data))
		open, _, err := r.ReadOpen()
		must(t, err)
		plan, err := r.PlanPurge(open, day(t, "2026-12-07"))
		must(t, err)
		if len(plan.Gone) != 1 || plan.Gone[0].ID != f.ID {
			t.Fatalf("%q: goes %v", content, plan.Gone)
		}
		writing(t, r, func(w *Writer) { must(t, w.Purge(plan.Gone[0], day(t, "2026-12-08"))) })
		if _, err := os.Stat(filepath.Join(r.Dir, "open", "2026-0001.yaml")); err == nil {
			t.Errorf("%q: it is still there", content)
		}
	}
	gone, err := r.Gone([]casefile.ID{f.ID, g.ID})
	must(t, err)
	if len(gone) != 1 || gone[0] != f.ID {
		t.Errorf("gone: %v", gone)
	}
}
