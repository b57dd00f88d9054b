package store

import (
	"os"
	"path/filepath"
	"testing"

	"klacht/deadlines"
)

// A closed case whose retention has ended is kept when there is a second file
// of the same number: the one in open/ may be the same case, taken up again.
func TestPurgeKeepsACaseThatIsThereTwice(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2020-11-20", "<1>")
	f = appendStep(t, r, f.ID, closing(t, "2020-11-25"), nil)
	data, err := os.ReadFile(filepath.Join(r.Dir, filepath.FromSlash(f.Path)))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(r.Dir, "open", string(f.ID)+".yaml"), data, 0o600))
	open, _, err := r.ReadOpen()
	must(t, err)
	plan, err := r.PlanPurge(open, day(t, "2026-12-07"))
	must(t, err)
	if len(plan.Gone) != 0 || len(plan.Kept) == 0 || plan.Kept[0].Reason != deadlines.KeepTwice {
		t.Errorf("goes: %v, stays: %v", plan.Gone, plan.Kept)
	}
}

// What editors leave beside a file goes with the case, and no other case's.
func TestPurgeRemovesWhatEditorsLeft(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2020-11-20", "<1>")
	f = appendStep(t, r, f.ID, closing(t, "2020-11-25"), nil)
	left := []string{"open/2020-0001.yaml~", "open/.2020-0001.yaml.swp", ".klacht/edit-2020-0001.tmp~"}
	others := []string{"open/2020-00012.yaml~", "open/notes.txt"}
	for _, name := range append(left, others...) {
		must(t, os.WriteFile(filepath.Join(r.Dir, name), []byte("x"), 0o600))
	}
	w, err := r.Lock()
	must(t, err)
	defer w.Close()
	must(t, w.Purge(f, day(t, "2026-12-07")))
	for _, name := range left {
		if r.root.Exists(name) {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range others {
		if !r.root.Exists(name) {
			t.Errorf("%s is gone", name)
		}
	}
}
