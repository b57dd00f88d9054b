package history

import (
	"bytes"
	"context"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// rewriting is the pure part of an erasure: a function from objects to objects
// that depends on nothing but the history and the cases. So everybody who erases
// the same cases from the same commits gets the same commits, in whatever order
// and however many at a time.
//
//   - What is of a case (see [rewriting.goes]) is not there any more, and neither
//     is a folder in which nothing else was.
//   - A commit in which nothing else happened is not there any more: those that
//     came after it follow the one before it. A commit that was empty to begin
//     with stays.
//   - A merge keeps those of its parents that are still different, and is a
//     commit as any other if one is left.
//   - A commit that differs by this from what it was loses its signature, and
//     the signed tags that were merged by it. All else in it stays, byte for byte.
type rewriting struct {
	*odb
	gone    goneCases
	dry     bool              // it is worked out what becomes of objects, and nothing is made; what is missing is passed over
	tree    map[string]string // what became of a tree, by its path and id; "" if nothing is left
	commit  map[string]string // what became of a commit; "" if nothing is left up to there
	dropped map[string]bool   // commits that are not there any more
	was     map[string]string // the tree of a commit as it was
	treeOf  map[string]string // the tree of a commit as it is now
	keys    map[string][]string
	below   map[string]bool      // trees in a place that is gone
	out     map[string]bool      // the objects that had a place which is gone
	kept    map[string]bool      // the objects that have one which is not
	found   map[casefile.ID]bool // the cases that had a place
}

func newRewriting(o *odb, gone []Gone) *rewriting {
	w := &rewriting{odb: o, gone: goneCases{}, tree: map[string]string{}, commit: map[string]string{}, dropped: map[string]bool{},
		was: map[string]string{"": o.id("tree", nil)}, treeOf: map[string]string{"": o.id("tree", nil)}, keys: map[string][]string{},
		below: map[string]bool{}, out: map[string]bool{}, kept: map[string]bool{}, found: map[casefile.ID]bool{}}
	for _, g := range gone {
		w.gone[g.ID] = append(w.gone[g.ID], g.Key)
	}
	return w
}

// entries reads a tree.
func (w *rewriting) entries(ctx context.Context, id string) ([]entry, []byte, error) {
	kind, data, err := w.get(ctx, id)
	if err == nil && kind != "tree" {
		if w.dry {
			return nil, nil, nil
		}
		_, err = w.must(ctx, id, "tree")
	}
	if err != nil {
		return nil, nil, err
	}
	list, err := entries(data, w.sum().Size())
	if err != nil && w.dry {
		return nil, nil, nil
	}
	return list, data, err
}

// make makes an object, unless nothing is to be made.
func (w *rewriting) make(ctx context.Context, kind string, data []byte) (string, error) {
	if w.dry {
		return w.id(kind, data), nil
	}
	return w.put(ctx, kind, data)
}

// filter returns what becomes of a tree that stands at a path; "" if nothing is
// left of it.
func (w *rewriting) filter(ctx context.Context, id, at string) (string, error) {
	if to, ok := w.tree[at+":"+id]; ok {
		return to, nil
	}
	list, data, err := w.entries(ctx, id)
	var goes map[string]bool
	if _, _, ok := shelf(at + "/x"); ok && err == nil {
		goes, err = w.goes(ctx, list, byNumber)
	}
	if err != nil || data == nil {
		return id, err // nothing is known of one that is missing
	}
	var next []byte
	for _, e := range list {
		switch {
		case goes[e.name]:
			if err := w.collect(ctx, e); err != nil {
				return "", err
			}
			continue
		case e.isTree() && (at == "" && (e.name == "open" || e.name == "archive") || at == "archive"):
			sub, err := w.filter(ctx, e.hex(), path.Join(at, e.name))
			if err != nil {
				return "", err
			}
			if sub == "" {
				continue
			}
			e.id, _ = hex.DecodeString(sub)
		default:
			if err := w.keep(ctx, e); err != nil {
				return "", err
			}
		}
		next = e.encode(next)
	}
	to := id
	if !bytes.Equal(next, data) {
		to, w.out[id] = "", true
		if len(next) > 0 {
			if to, err = w.make(ctx, "tree", next); err != nil {
				return "", err
			}
		}
	}
	w.tree[at+":"+id], w.kept[to] = to, true
	return to, nil
}

// keep notes what stays below a name.
func (w *rewriting) keep(ctx context.Context, e entry) error {
	id := e.hex()
	if w.kept[id] || e.isLink() {
		return nil
	}
	w.kept[id] = true
	return w.inside(ctx, e, w.keep)
}

// collect notes what is below a name that is gone.
func (w *rewriting) collect(ctx context.Context, e entry) error {
	id := e.hex()
	if w.below[id] || e.isLink() {
		return nil
	}
	w.out[id], w.below[id] = true, true
	return w.inside(ctx, e, w.collect)
}

// inside calls a function for each name in a tree.
func (w *rewriting) inside(ctx context.Context, e entry, do func(context.Context, entry) error) error {
	if !e.isTree() {
		return nil
	}
	list, _, err := w.entries(ctx, e.hex())
	for _, e := range list {
		if err == nil {
			err = do(ctx, e)
		}
	}
	return err
}

// signs reports whether a line of a commit, by its first word, signs what the
// commit was, or a tag that was merged by it.
func signs(key string) bool { return key == "gpgsig" || key == "gpgsig-sha256" || key == "mergetag" }

// parse reads a commit; rest is what stands between its parents and its message,
// without what signs it. In one that is damaged on purpose tree can be "".
func parse(data []byte) (tree string, parents []string, rest string) {
	head, _, _ := strings.Cut(string(data), "\n\n")
	var b strings.Builder
	skip := false
	for line := range strings.Lines(head + "\n") {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case key == "": // the line before goes on
		case key == "tree" && tree == "" && isID(value):
			tree, skip = value, true
		case key == "parent" && b.Len() == 0 && isID(value):
			parents, skip = append(parents, value), true
		default:
			skip = signs(key)
		}
		if !skip {
			b.WriteString(line)
		}
	}
	return tree, parents, b.String()
}

// take works out what becomes of a commit; its parents must have been taken.
func (w *rewriting) take(ctx context.Context, id string) error {
	data, err := w.must(ctx, id, "commit")
	if err != nil {
		return err
	}
	tree, parents, rest := parse(data)
	next, err := w.filter(ctx, tree, "")
	if err != nil {
		return err
	}
	if next == "" {
		next = w.treeOf[""]
	}
	var now []string // the parents as they are now
	same := next == tree
	for _, p := range parents {
		to, ok := w.commit[p]
		switch {
		case !ok && w.dry:
			to = p
		case !ok:
			return casefile.Errorf("the history is damaged: %s is not there", p).WithHint("`git fsck` says more; a clone or a backup may have what is missing")
		}
		same = same && to == p
		if to != "" && !slices.Contains(now, to) {
			now = append(now, to)
		}
	}
	w.was[id] = tree
	if same {
		w.commit[id], w.treeOf[id], w.kept[id] = id, next, true
		return nil
	}
	w.out[id] = true
	if len(now) < 2 {
		before := first(now)
		did := w.was[first(parents)] != tree || slices.ContainsFunc(parents, func(p string) bool { return p != parents[0] })
		if did && next == w.treeOf[before] {
			w.commit[id], w.dropped[id] = before, true
			return nil
		}
	}
	if next == w.treeOf[""] {
		if _, err := w.make(ctx, "tree", nil); err != nil {
			return err
		}
	}
	var b strings.Builder
	b.WriteString("tree " + next + "\n")
	for _, p := range now {
		b.WriteString("parent " + p + "\n")
	}
	b.WriteString(rest)
	if _, message, ok := strings.Cut(string(data), "\n\n"); ok {
		b.WriteString("\n" + message)
	}
	to, err := w.make(ctx, "commit", []byte(b.String()))
	w.commit[id], w.treeOf[to], w.kept[to] = to, next, true
	return err
}

// first returns the first of the parents of a commit, "" if it has none.
func first(parents []string) string {
	if len(parents) == 0 {
		return ""
	}
	return parents[0]
}
