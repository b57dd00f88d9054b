//go:build unix

package trial

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// settle clears what is under way, as a person would, and shares until it is quiet.
func (w *world) settle() {
	w.note("-- the end")
	w.calm = true
	for range 4 {
		w.endSpells(true)
	}
	for _, c := range w.clones {
		for b := busy(c); b != ""; b = "" {
			w.git(c, b, "--abort")
		}
		if w.clearLocks(c); !w.onMain(c) {
			w.git(c, "commit", "--quiet", "--all", "-m", "Met de hand")
			w.git(c, "switch", "main")
		}
		for name := range strings.FieldsSeq(w.quiet(c, "", "git", "for-each-ref", "--format=%(refname:short)", "refs/heads/zij-*")) {
			if !w.mergeSide(c, name) {
				w.sync(c)
				if !w.mergeSide(c, name) && !w.mergeByHand(c, name) {
					w.find("%s: the work on branch %s cannot be brought into main", c.name, name)
				}
			}
		}
		if c.spell != nil {
			w.find("%s: %s cannot be ended", c.name, c.spell.kind)
		}
	}
	w.shareAll()
	w.late = 400
	for _, c := range w.clones { // a year later all clocks are right, and nothing is still to come
		c.ahead = 0
	}
	for _, last := range []bool{false, true} {
		w.shareAll()
		for _, c := range w.clones {
			r := w.purge(c, 0, true)
			if last && r.code != 0 {
				w.find("%s: in the end purge = %d: %s", c.name, r.code, first(r.err))
			}
			w.typeHints(c, r)
		}
	}
	w.shareAll()
}

// clearLocks removes what a killed git left, where nothing is running any more.
func (w *world) clearLocks(c *clone) {
	_ = filepath.WalkDir(filepath.Join(c.dir, ".git"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".lock") {
			w.note("%s: removes %s", c.name, path)
			_ = os.Remove(path)
		}
		return nil
	})
}

// shareAll syncs all clones in turns until nothing moves.
func (w *world) shareAll() {
	var last string
	var failed []string
	for range 8 {
		now := ""
		failed = nil
		for _, c := range w.clones {
			r := w.klacht(c, "sync")
			if r.code != 0 && strings.Contains(r.err, "--keep") {
				w.count("conflicts asked")
				w.asked(c, caseID.FindAllString(r.err, -1))
				r = w.klacht(c, "sync", "--keep", "mine")
			}
			if r.code != 0 && w.typeHints(c, r) {
				r = w.klacht(c, "sync")
			}
			if r.code != 0 {
				failed = append(failed, fmt.Sprintf("%s: sync is stuck, = %d: %s", c.name, r.code, first(r.err)))
			}
			now += w.quiet(c, "", "git", "rev-parse", "HEAD")
		}
		if now == last && failed == nil {
			w.stuck = false
			return
		}
		last = now
	}
	w.stuck = true
	for _, f := range failed {
		w.find("%s", f)
	}
	if failed == nil {
		w.find("sync does not come to rest")
	}
}

// first returns the first lines of what went wrong.
func first(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[:min(4, len(lines))], "\n    ")
}

// judge looks whether all is as the model has it.
func (w *world) judge() {
	w.note("-- judged")
	at := &clone{name: "bare", dir: w.bare, home: w.clones[0].home}
	tree := w.quiet(at, "", "git", "rev-parse", "main^{tree}")
	present := map[string]bool{}
	for _, c := range w.clones {
		if got := w.quiet(c, "", "git", "rev-parse", "HEAD^{tree}"); got != tree {
			w.find("%s and the bare repository differ:\n  %s", c.name, first(w.quiet(c, "", "git", "diff", "--stat", "HEAD", "origin/main")))
		}
		if s := w.quiet(c, "", "git", "status", "--porcelain"); s != "" {
			w.find("%s is not clean:\n  %s", c.name, first(s))
		}
		for _, f := range cases(c.dir) {
			present[f.word] = true
		}
	}
	anyFiles, anyMarks := map[string]int{}, map[string]int{}
	for _, c := range w.clones {
		list := cases(c.dir)
		files, there := map[string]int{}, marks(list)
		for _, f := range list {
			files[f.word]++
			if m := w.complaint(f.word); m == nil {
				w.find("%s: %s is of nobody that is known", c.name, f.id)
			} else if m.id != "" && m.id != f.id && !w.skip("numbers") {
				w.find("%s: %s was given %s and has %s", c.name, m.word, m.id, f.id)
			}
		}
		highest(anyFiles, files)
		highest(anyMarks, there)
		if !w.stuck { // else it is in another clone perhaps
			w.judgeCases(c.name, files, there)
		}
		w.checkSound(c)
	}
	if !w.skip("numbers") {
		w.judgeGiven()
	}
	if w.stuck {
		w.judgeCases("all together", anyFiles, anyMarks)
	}
	erased := map[string]bool{}
	for _, m := range w.complaints {
		if !m.loose && (m.gone || m.maybe && !present[m.word]) {
			erased[m.word], erased[m.phone] = true, true
		}
	}
	w.add("erased complaints searched for", len(erased)/2)
	for _, o := range w.others {
		if o.foreign != "" && hashOf(o.dir) != o.foreign {
			w.find("%s, which is no register, was changed", filepath.Base(o.dir))
		}
	}
	stores := w.places(w.clones...)
	for _, name := range slices.Sorted(maps.Keys(stores)) {
		at := &clone{name: name, dir: stores[name], home: w.clones[0].home}
		if r := w.git(at, "fsck", "--strict", "--full", "--no-dangling", "--no-progress"); r.code != 0 {
			w.find("%s: git fsck = %d: %s", name, r.code, first(r.all()))
		}
		w.search(at, erased)
	}
}

// checkSound runs check, which may find nothing but what was done by hand: a
// case that was removed, a procedure that was changed after a letter.
func (w *world) checkSound(c *clone) {
	r := w.klacht(c, "check", "--json")
	var found struct {
		Problems []struct {
			File  string
			Line  int
			Error string
		}
	}
	if err := json.Unmarshal([]byte(r.out), &found); err != nil {
		w.find("%s: check = %d: %s", c.name, r.code, first(r.all()))
	}
	for _, p := range found.Problems {
		byHand := slices.ContainsFunc(w.complaints, func(m *complaint) bool {
			return m.loose && m.id != "" && strings.Contains(p.File+" "+p.Error, m.id)
		})
		if !byHand && !strings.HasPrefix(p.Error, "a letter promised") {
			w.find("%s: check: %s:%d: %s", c.name, p.File, p.Line, p.Error)
		}
	}
}

// places returns the folders in which clones have what they know, by name.
func (w *world) places(clones ...*clone) map[string]string {
	places := map[string]string{"the bare repository": w.bare}
	for _, c := range clones {
		places[c.name] = c.dir
		for _, o := range w.others {
			if o.at == c && o.foreign == "" {
				places["nas of "+c.name] = o.dir
			}
		}
	}
	return places
}

// judgeGiven looks whether a number was given twice.
func (w *world) judgeGiven() {
	given := map[string]*complaint{}
	for _, m := range w.complaints {
		if m.id == "" || m.loose {
			continue
		}
		if first := given[m.id]; first != nil {
			w.find("%s was given to %s and %s", m.id, first.word, m.word)
		}
		given[m.id] = m
	}
}

// highest takes over what is higher.
func highest(into, from map[string]int) {
	for word, n := range from {
		into[word] = max(into[word], n)
	}
}

// judgeCases looks at the complaints and entries of a clone: how many files each
// complaint has, and how often each entry is there.
func (w *world) judgeCases(name string, files, there map[string]int) {
	for _, m := range w.complaints {
		n := files[m.word]
		switch {
		case n > 1:
			w.find("%s: %s is there %d times\n  %s", name, m.word, n, m.tale())
		case m.loose:
		case m.gone && n > 0:
			w.find("%s: %s was removed, and is there\n  %s", name, m.word, m.tale())
		case m.known && !m.gone && !m.maybe && n == 0:
			w.find("%s: %s is not there any more\n  %s", name, m.word, m.tale())
		}
	}
	for _, e := range w.entries {
		n, m := there[e.word], e.of
		must := e.state == done && files[m.word] == 1 && !m.gone && !m.loose && !m.asked
		switch {
		case n > 1 && files[m.word] == 1:
			w.find("%s: %s (%s) is there %d times\n  %s", name, e.word, e.step, n, m.tale())
		case must && n == 0:
			w.find("%s: %s (%s of %s) was reported, and is not there\n  %s", name, e.word, e.step, m.word, m.tale())
		case must:
			w.count("entries held")
		}
	}
}

// search looks for the erased in a folder: in every object of its repository, also
// where nothing leads to it, in every other file, and in the names of both.
func (w *world) search(at *clone, erased map[string]bool) {
	places := map[*complaint][]string{}
	look := func(place, text string) {
		for _, word := range anyWord.FindAllString(text, -1) {
			if m := w.complaint(word); erased[word] && m != nil && !slices.Contains(places[m], place) {
				places[m] = append(places[m], place)
			}
		}
	}
	n := 0
	for _, o := range objects(w.quiet(at, "", "git", "cat-file", "--batch-all-objects", "--batch", "--buffer")) {
		look(o.kind+" "+o.name, o.text)
		n++
	}
	w.add("objects searched", n)
	_ = filepath.WalkDir(at.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		rel, _ := filepath.Rel(at.dir, path)
		look("the name "+rel, d.Name())
		if !d.Type().IsRegular() {
			return nil
		}
		data, _ := os.ReadFile(path)
		if base := d.Name(); strings.Contains(rel, "objects/") {
			if !strings.HasPrefix(base, "tmp_") {
				return nil // seen above
			}
			w.count("unfinished objects left")
			data = inflated(data)
		}
		look(rel, string(data))
		w.count("files searched")
		return nil
	})
	for _, m := range w.complaints {
		if list := places[m]; list != nil {
			w.find("%s was erased, and is in %s at %d places: %v\n  %s", m.word, at.name, len(list), list[:min(3, len(list))], m.tale())
		}
	}
}

// inflated returns what can be inflated of a file of git's that was not finished.
func inflated(data []byte) (text []byte) {
	for i := range data {
		if data[i] != 0x78 {
			continue
		}
		if z, err := zlib.NewReader(bytes.NewReader(data[i:])); err == nil {
			part, _ := io.ReadAll(io.LimitReader(z, 1<<20))
			text = append(text, part...)
		}
	}
	return text
}
