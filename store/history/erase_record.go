package history

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// record says where cases are erased already. It stands in the repository that
// it is about, so that a repository from a backup brings its own, and a clone
// has none.
//
//	stamp HASH                what the repository looked like
//	place HASH                a repository that it is pushed to
//	erased 2020-0001 WHERE    WHERE is "here", or such a HASH
//	busy                      a purge is at work; or it was, and was killed
//
// Its loss costs time alone.
type record struct {
	r      *Repo
	stamp  string
	busy   bool
	places []string
	done   map[string]map[casefile.ID]bool // by place
}

const (
	recordFile = "klacht-erased"
	placeHere  = "here"
)

func (r *Repo) record() *record {
	rec := &record{r: r, done: map[string]map[casefile.ID]bool{}}
	data, _ := os.ReadFile(filepath.Join(r.GitDir, recordFile)) // no such file: nothing is known
	for line := range strings.Lines(string(data)) {
		switch f := strings.Fields(line); {
		case len(f) == 1 && f[0] == "busy":
			rec.busy = true
		case len(f) == 2 && f[0] == "stamp":
			rec.stamp = f[1]
		case len(f) == 2 && f[0] == "place":
			rec.places = append(rec.places, f[1])
		case len(f) == 3 && f[0] == "erased":
			rec.mark(f[2], []casefile.ID{casefile.ID(f[1])})
		}
	}
	return rec
}

// without returns the cases that are not erased in a place, as far as is known.
func (rec *record) without(place string, ids []casefile.ID) []casefile.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id casefile.ID) bool { return rec.done[place][id] })
}

// unpushed returns the cases that are not erased everywhere else.
func (rec *record) unpushed(ids []casefile.ID) []casefile.ID {
	var left []casefile.ID
	for _, id := range ids {
		if slices.ContainsFunc(rec.places, func(p string) bool { return !rec.done[p][id] }) {
			left = append(left, id)
		}
	}
	return left
}

func (rec *record) mark(place string, ids []casefile.ID) {
	if rec.done[place] == nil {
		rec.done[place] = map[casefile.ID]bool{}
	}
	for _, id := range ids {
		rec.done[place][id] = true
	}
}

// begin writes down that cases may be in some places, before anything is done
// about it.
func (rec *record) begin(ids []casefile.ID, places ...string) error {
	rec.forget(ids, places...)
	rec.busy = true
	return rec.put()
}

func (rec *record) forget(ids []casefile.ID, places ...string) {
	for _, p := range places {
		for _, id := range ids {
			delete(rec.done[p], id)
		}
	}
}

// stale reports whether the repository looks otherwise than it did: objects may
// have come in from elsewhere, or repositories that it is pushed to.
func (rec *record) stale() bool { return rec.stamp != rec.r.stamp() }

// stamp describes which packs there are, the settings, and whether something
// was fetched by hand.
func (r *Repo) stamp() string {
	h := sha256.New()
	packs, _ := filepath.Glob(filepath.Join(escapeGlob(r.GitDir), "objects", "pack", "*.pack"))
	for _, p := range packs {
		fmt.Fprintln(h, filepath.Base(p))
	}
	for _, name := range []string{"config", "FETCH_HEAD"} {
		if info, err := os.Stat(filepath.Join(r.GitDir, name)); err == nil {
			fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (rec *record) write() error {
	rec.stamp, rec.busy = rec.r.stamp(), false
	return rec.put()
}

func (rec *record) put() error {
	var b strings.Builder
	fmt.Fprintf(&b, "stamp %s\n", rec.stamp)
	for _, p := range rec.places {
		fmt.Fprintf(&b, "place %s\n", p)
	}
	if rec.busy {
		b.WriteString("busy\n")
	}
	var lines []string
	for place, ids := range rec.done {
		for id := range ids {
			lines = append(lines, fmt.Sprintf("erased %s %s\n", id, place))
		}
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
	if err := store.WriteFile(filepath.Join(rec.r.GitDir, recordFile), []byte(b.String())); err != nil {
		return casefile.Errorf("cannot clean the repository: %v", err)
	}
	return nil
}
