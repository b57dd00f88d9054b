package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
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
		if !strings.Contains(string(data), `- {id: 2026-0001,`) || !strings.Contains(string(data), `, erased: "request", purged: 2026-12-07, key: `+f.Key.Hash()+", content: ") {
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

// What was erased, or purged, and is back as it was goes again with the next purge,
// open or not; what is not what it was stays, and so does what cannot be read.
func TestErasedGoesAgain(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", secretID)
	g := create(t, r, "2026-11-20", "<ander@b.example>")
	writing(t, r, func(w *Writer) {
		must(t, w.Erase(f.ID, day(t, "2026-12-07"), Request))
		must(t, w.Purge(g, day(t, "2026-12-07")))
	})
	more := "  - at: 2026-11-30\n    step: noted\n    by: mok\n    text: Meer\n"
	for name, tt := range map[string]struct {
		f, g string
		gone []casefile.ID
		kept []Kept
	}{
		"as they were":   {string(f.Data), string(g.Data), []casefile.ID{f.ID, g.ID}, nil},
		"with CRLF":      {strings.ReplaceAll(string(f.Data), "\n", "\r\n"), string(g.Data), []casefile.ID{f.ID, g.ID}, nil},
		"with more":      {string(f.Data) + more, string(g.Data) + more, nil, []Kept{{f.ID, deadlines.KeepChanged}, {g.ID, deadlines.KeepChanged}}},
		"without a key":  {strings.Replace(string(f.Data), "key: ", "# ", 1), string(g.Data), []casefile.ID{g.ID}, []Kept{{f.ID, deadlines.KeepChanged}}},
		"not to be read": {"kapot: [", string(g.Data), []casefile.ID{g.ID}, []Kept{{f.ID, deadlines.KeepChanged}}},
	} {
		place(t, r, "open/2026-0001.yaml", tt.f)
		place(t, r, "open/2026-0002.yaml", tt.g)
		open, _, err := r.ReadOpen()
		must(t, err)
		plan, err := r.PlanPurge(open, day(t, "2026-12-07"))
		must(t, err)
		var gone []casefile.ID
		for _, f := range plan.Gone {
			gone = append(gone, f.ID)
		}
		if !slices.Equal(gone, tt.gone) || !slices.Equal(plan.Kept, tt.kept) {
			t.Errorf("%s: goes %v, and stays %v", name, gone, plan.Kept)
		}
		writing(t, r, func(w *Writer) {
			for _, f := range plan.Gone {
				must(t, w.Purge(f, day(t, "2026-12-08")))
				if _, err := os.Stat(filepath.Join(r.Dir, "open", string(f.ID)+suffix)); err == nil {
					t.Errorf("%s: it is still there", name)
				}
			}
		})
	}
	_ = os.Remove(filepath.Join(r.Dir, "open", "2026-0001.yaml"))
	place(t, r, "open/2026-0002.yaml", string(g.Data))
	gone, err := r.Gone([]casefile.ID{f.ID, g.ID})
	must(t, err)
	if len(gone) != 1 || gone[0] != f.ID {
		t.Errorf("gone: %v", gone)
	}
}
