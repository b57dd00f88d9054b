package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/store"
)

// underWay is what a sync notes down before it touches a file: a command that is
// killed then is no hand edit.
type underWay struct {
	From, To   string // commits
	Renumbered []Renumbering
}

// apply makes the files of the register, which are those of a commit, those of
// another, and then moves the branch. Killed at any moment, Resume completes it,
// or takes it back where a file has been changed by hand meanwhile.
func (r *Repo) apply(ctx context.Context, w *store.Writer, u underWay) error {
	o := &odb{r: r}
	defer func() { _ = o.close() }()
	changes, clean, err := o.changes(ctx, w, u.From, u.To)
	if err != nil {
		return err
	}
	if clean != "" {
		return casefile.Errorf("%s was changed by somebody else in the meantime", clean).WithHint("try again when it is done")
	}
	note, err := json.Marshal(u)
	if err == nil {
		err = w.SetUnderWay(note)
	}
	if err != nil {
		return err
	}
	return r.complete(ctx, w, o, u, changes)
}

func (r *Repo) complete(ctx context.Context, w *store.Writer, o *odb, u underWay, changes []store.Change) error {
	err := w.Bring(changes)
	if cerr := o.close(); err == nil {
		err = cerr // what follows may remove the packs that it holds open
	}
	if err != nil {
		return err
	}
	for _, n := range u.Renumbered {
		if _, err := w.Renumber(n.From, n.To); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"update-ref", "-m", "klacht sync", "HEAD", u.To}, {"read-tree", u.To}} {
		if err := patiently(func() error { return r.Do(ctx, Call{Args: args}) }); err != nil {
			return err
		}
	}
	_ = r.Do(ctx, Call{Args: []string{"update-index", "-q", "--refresh"}})
	if len(u.Renumbered) > 0 {
		if err := r.forgetNumbers(ctx); err != nil {
			return err
		}
	}
	return w.SetUnderWay(nil)
}

// Resume completes what a sync that was killed has begun. It implements
// [store.Resumer].
func (k *Keeper) Resume(w *store.Writer) error {
	r, err := k.Repo()
	if err != nil {
		return nil // without its repository there is nothing to complete
	}
	var u underWay
	if json.Unmarshal(w.UnderWay(), &u) != nil {
		return w.SetUnderWay(nil)
	}
	ctx := context.Background()
	if r.oid(ctx, u.To) == "" || r.oid(ctx, u.From) == "" {
		return w.SetUnderWay(nil)
	}
	o := &odb{r: r}
	defer func() { _ = o.close() }()
	changes, edited, err := o.changes(ctx, w, u.From, u.To)
	if err != nil {
		return err
	}
	if edited == "" || r.oid(ctx, "HEAD") == u.To {
		if r.oid(ctx, "HEAD") == u.To {
			changes = nil
		}
		return r.complete(ctx, w, o, u, changes)
	}
	back, _, err := o.changes(ctx, w, u.To, u.From)
	if err != nil {
		return err
	}
	came, err := r.snapshot(ctx, u.To)
	if err != nil {
		return err
	}
	undo := slices.DeleteFunc(back, func(c store.Change) bool { return !o.isOnDisk(ctx, w, c.Path, came[c.Path].id) })
	if err := w.Bring(undo); err != nil {
		return err
	}
	return w.SetUnderWay(nil)
}

// isOnDisk reports whether a file of the register has the content, or is not
// there if id is "". Ends of lines make no difference.
func (o *odb) isOnDisk(ctx context.Context, w *store.Writer, name, id string) bool {
	data, err := w.ReadFile(name)
	if err != nil || id == "" {
		return errors.Is(err, fs.ErrNotExist) && id == ""
	}
	want, err := o.must(ctx, id, "blob")
	lf := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }
	return err == nil && (bytes.Equal(data, want) || bytes.Equal(lf(data), lf(want)))
}

// changes returns what makes the files of a commit those of another, and the first
// file on the disk that is neither as in the one nor as in the other. o is needed
// until they are made.
func (o *odb) changes(ctx context.Context, w *store.Writer, from, to string) (list []store.Change, edited string, err error) {
	a, err := o.r.snapshot(ctx, from)
	if err != nil {
		return nil, "", err
	}
	b, err := o.r.snapshot(ctx, to)
	if err != nil {
		return nil, "", err
	}
	for _, name := range pathsChanged(a, b) {
		was, is := a[name].id, b[name].id
		if !o.isOnDisk(ctx, w, name, was) && !o.isOnDisk(ctx, w, name, is) && edited == "" {
			edited = name
		}
		c := store.Change{Path: name}
		if is != "" {
			c.Data = func() ([]byte, error) { return o.must(ctx, is, "blob") }
		}
		list = append(list, c)
	}
	return list, edited, nil
}

// pathsChanged returns the paths at which two snapshots differ.
func pathsChanged(a, b snapshot) []string {
	names := map[string]bool{}
	for name := range a {
		names[name] = names[name] || a[name].id != b[name].id
	}
	for name := range b {
		names[name] = names[name] || a[name].id != b[name].id
	}
	maps.DeleteFunc(names, func(_ string, differ bool) bool { return !differ })
	return slices.Sorted(maps.Keys(names))
}
