package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history/merge"
)

// underWay is what a sync notes down before it touches a file: a command that is
// killed then is no hand edit.
type underWay struct {
	From, To string // commits
}

// apply makes the files of the register, which are those of a commit, those of
// another, and then moves the branch. Killed at any moment, Resume completes it,
// or takes it back where a file has been changed by hand meanwhile.
func (r *Repo) apply(ctx context.Context, o *odb, w *store.Writer, u underWay, differ differences) error {
	changes, edited := o.changes(ctx, w, differ)
	if edited != "" {
		return casefile.Errorf("%s was changed by somebody else in the meantime", edited).WithHint("try again when it is done")
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
		err = cerr
	}
	if err != nil {
		return err
	}
	for _, args := range [][]string{{"update-ref", "-m", "klacht sync", "HEAD", u.To}, {"read-tree", u.To}} {
		if err := patiently(func() error { return r.Do(ctx, Call{Args: args}) }); err != nil {
			return err
		}
	}
	_ = r.Do(ctx, Call{Args: []string{"update-index", "-q", "--refresh"}})
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
	came, err := r.differing(ctx, u.From, u.To)
	if err != nil {
		return err
	}
	changes, edited := o.changes(ctx, w, came)
	done := r.oid(ctx, "HEAD") == u.To
	if done {
		changes = nil
	}
	if edited == "" || done {
		return r.complete(ctx, w, o, u, changes)
	}
	var undo []store.Change
	gone := differences{}
	for name, d := range came {
		gone[name] = difference{was: d.is, is: d.was}
	}
	back, _ := o.changes(ctx, w, gone)
	for _, c := range back {
		if o.isOnDisk(ctx, w, c.Path, came[c.Path].is) {
			undo = append(undo, c)
		}
	}
	if err := w.Bring(undo); err != nil {
		return err
	}
	return w.SetUnderWay(nil)
}

// unite makes one file of those of a complaint that stands in two folders, as a plain
// git leaves it where one side has filed what the other has changed. No step is
// lost: what cannot stand beside those of the one in open/ becomes a note. Two
// complaints of one number stay, and check tells of them.
func (r *Repo) unite(w *store.Writer) error {
	twice, err := w.Twice()
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(twice)) {
		paths := twice[id]
		last := len(paths) - 1
		text, err := w.ReadFile(paths[last])
		gone := []store.Change{}
		for _, name := range paths[:last] {
			var other []byte
			if err == nil {
				other, err = w.ReadFile(name)
			}
			merged, conflicts := merge.Case(nil, other, text, merge.Theirs)
			if err != nil || conflicts != nil {
				continue
			}
			text, gone = merged, append(gone, store.Change{Path: name})
		}
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			continue
		}
		one := store.Change{Path: paths[last], Data: func() ([]byte, error) { return text, nil }}
		if err := w.Bring(append([]store.Change{one}, gone...)); err != nil {
			return err
		}
	}
	return w.JoinMails()
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

// changes returns what makes the files of a commit those of another, which differ
// so, and the first file on the disk that is neither as in the one nor as in the
// other. o is needed until they are made.
func (o *odb) changes(ctx context.Context, w *store.Writer, differ differences) (list []store.Change, edited string) {
	for _, name := range slices.Sorted(maps.Keys(differ)) {
		d := differ[name]
		if !o.isOnDisk(ctx, w, name, d.was) && !o.isOnDisk(ctx, w, name, d.is) && edited == "" {
			edited = name
		}
		c := store.Change{Path: name}
		if d.is != "" {
			c.Data = func() ([]byte, error) { return o.must(ctx, d.is, "blob") }
		}
		list = append(list, c)
	}
	return list, edited
}

// difference is what two commits have at one path: ids of contents, "" for nothing,
// and the mode of what is there now.
type difference struct{ was, is, mode string }

// differences are those of two commits, by path.
type differences map[string]difference

// differing returns where two commits, or trees, differ; "" has nothing.
func (r *Repo) differing(ctx context.Context, from, to string) (differences, error) {
	if from == to {
		return nil, nil
	}
	if from == "" {
		empty, err := r.Output(ctx, "hash-object", "-t", "tree", "--stdin")
		if err != nil {
			return nil, err
		}
		from = strings.TrimSpace(string(empty))
	}
	out, err := r.Output(ctx, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", from, to)
	if err != nil {
		return nil, err
	}
	list, d := Fields(out), differences{}
	for i := 0; i+1 < len(list); i += 2 {
		f := strings.Fields(list[i]) // :100644 100644 WAS IS M
		if len(f) != 5 {
			return nil, casefile.Errorf("the history is damaged: a tree in it cannot be read").WithHint("`git fsck` says more")
		}
		id := func(s string) string {
			if strings.Trim(s, "0") == "" {
				return ""
			}
			return s
		}
		d[list[i+1]] = difference{id(f[2]), id(f[3]), f[1]}
	}
	return d, nil
}
