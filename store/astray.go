package store

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Astray says what may be an open case that ReadOpen cannot know of: mails
// without their case file, a case under a name that hides it, or open/ itself
// that is not there. It costs one listing; only for what it then suspects does it
// look elsewhere, and wait for a moment at which nobody writes.
func (r *Register) Astray() ([]*Damage, error) {
	f, err := r.root.Open(openDir)
	if errors.Is(err, fs.ErrNotExist) {
		return r.withoutOpen()
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	there := map[casefile.ID]bool{}
	for _, e := range entries {
		if id, ok := caseID(e.Name()); ok {
			there[id] = true
		}
	}
	var list []*Damage
	for _, e := range entries {
		id, _, ok := startsWithID(e.Name() + "/")
		if ok && !there[id] && !strings.HasSuffix(e.Name(), suffix) { // one that ends so is read, and told of then
			list = append(list, &Damage{File: path.Join(openDir, e.Name())})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	_, done := r.hush()
	defer done()
	list = slices.DeleteFunc(list, func(d *Damage) bool {
		d.Err = r.hidden(d.File)
		return d.Err == nil
	})
	slices.SortFunc(list, func(a, b *Damage) int { return strings.Compare(a.File, b.File) })
	return list, nil
}

// hidden says what is wrong with a name that starts with the number of a case: nil
// if the case stands somewhere, or was purged, or if there is nothing in it.
func (r *Register) hidden(name string) error {
	id, _, _ := startsWithID(path.Base(name) + "/")
	if places, err := r.places(id); err != nil || len(places) > 0 {
		return err
	}
	if ids, err := r.Purged(); err != nil || slices.Contains(ids, id) {
		return err
	}
	if !r.root.IsDir(name) {
		return errMisnamed(id)
	}
	if names, err := r.root.Names(name); err != nil || len(names) == 0 {
		return err
	}
	return errMailsAlone()
}

// withoutOpen says whether it can be right that open/ is not there. The program
// never removes it; only a new register has none, and a clone of one without
// open complaints.
func (r *Register) withoutOpen() ([]*Damage, error) {
	given, err := r.given()
	if err != nil || len(given) == 0 && !r.root.Exists(archiveDir) {
		return nil, err
	}
	l, err := r.Ledger()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var missing []string
	for run, numbers := range given {
		missing = append(missing, r.missing(run, numbers, l)...)
	}
	slices.Sort(missing)
	switch {
	case len(missing) > 0:
		return []*Damage{{File: openDir, Err: casefile.Errorf("is not there, and neither are these complaints: %s", missing).
			WithHint("look where the folder went, and put it back")}}, nil
	case r.History == nil:
		return []*Damage{{File: openDir, Err: casefile.Errorf("is not there").
			WithHint("look where the folder went; if nothing was in it: mkdir %s", path.Join(r.Dir, openDir))}}, nil
	}
	return nil, nil
}

// given returns the numbers of each run that are accounted for outside open/, and
// each run that this machine knows a number of.
func (r *Register) given() (map[string][]int, error) {
	given := map[string][]int{}
	lasts, err := r.lasts()
	if err != nil {
		return nil, err
	}
	for run := range lasts {
		given[run] = nil
	}
	ids, err := r.Purged()
	if err != nil {
		return nil, err
	}
	months, err := r.months()
	if err != nil {
		return nil, err
	}
	for _, dir := range months {
		names, err := r.root.Names(dir)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if id, ok := caseID(n); ok {
				ids = append(ids, id)
			}
		}
	}
	for _, id := range ids {
		given[RunOf(id)] = append(given[RunOf(id)], id.Number())
	}
	return given, nil
}

// missing returns the numbers of a run that are not among those given, up to the
// last that the ledger, which can be nil, or this machine knows to have been given
// out: the last of a year may be the one that is gone.
func (r *Register) missing(run string, given []int, l *Ledger) []string {
	last := r.last(run)
	if l != nil {
		last = max(last, l.Numbers[run])
	}
	return gaps(run, given, last)
}
