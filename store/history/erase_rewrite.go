package history

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"strings"

	casefile "klacht/case"
)

// rewriting is the pure part of an erasure: a function from objects to objects
// that depends on nothing but the history and the numbers of the cases. So
// everybody who erases the same cases from the same commits gets the same
// commits, in whatever order and however many at a time.
//
//   - Whatever bears the number of a case in its name is not there any more,
//     and neither is a folder in which nothing else was.
//   - A commit in which nothing else happened is not there any more: those that
//     came after it follow the one before it. A commit that was empty to begin
//     with stays.
//   - A merge keeps those of its parents that are still different, and is a
//     commit as any other if one is left.
//   - A commit that differs by this from what it was loses its signature, and
//     the signed tags that were merged by it. All else in it stays, byte for byte.
type rewriting struct {
	*odb
	gone    map[casefile.ID]bool
	tree    map[string]string // what became of a tree; "" if nothing is left
	commit  map[string]string // what became of a commit; "" if nothing is left up to there
	dropped map[string]bool   // commits that are not there any more
	was     map[string]string // the tree of a commit as it was
	treeOf  map[string]string // the tree of a commit as it is now
	fixed   map[string]bool   // commits that stay whatever is left in them, with all of their parents
	erased  map[string]bool   // the blobs that had a place which is gone
	kept    map[string]bool   // the blobs that have one which is not
	changed bool
}

func newRewriting(o *odb, ids []casefile.ID) *rewriting {
	return &rewriting{odb: o, gone: idSet(ids), tree: map[string]string{}, commit: map[string]string{}, dropped: map[string]bool{},
		was: map[string]string{"": o.id("tree", nil)}, treeOf: map[string]string{"": o.id("tree", nil)},
		fixed: map[string]bool{}, erased: map[string]bool{}, kept: map[string]bool{}}
}

// bears reports whether a name has the number of one of the cases in it:
// 2026-0007.yaml, .2026-0007.yaml.swp and 2026-0007-acknowledged.eml have that
// of 2026-0007, but 2026-00071.yaml and 12026-0007 have not.
func bears(gone map[casefile.ID]bool, name string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(name) && name[i] >= '0' && name[i] <= '9' }
	for i := 0; i < len(name); i++ {
		dash := i + 4
		if !digit(i) || digit(i-1) || dash >= len(name) || name[dash] != '-' {
			continue
		}
		end := dash + 1
		for digit(end) {
			end++
		}
		if end > dash+1 && gone[casefile.ID(name[i:end])] {
			return true
		}
	}
	return false
}

// signs reports whether a line of a commit, by its first word, signs what the
// commit was, or a tag that was merged by it.
func signs(key string) bool { return key == "gpgsig" || key == "gpgsig-sha256" || key == "mergetag" }

// filter returns what becomes of a tree; "" if nothing is left of it.
func (w *rewriting) filter(ctx context.Context, id string) (string, error) {
	if to, ok := w.tree[id]; ok {
		return to, nil
	}
	data, err := w.must(ctx, id, "tree")
	if err != nil {
		return "", err
	}
	list, err := entries(data, w.sum().Size())
	if err != nil {
		return "", err
	}
	var next []byte
	same := true
	for _, e := range list {
		if bears(w.gone, e.name) {
			same = false
			if err := w.collect(ctx, e); err != nil {
				return "", err
			}
			continue
		}
		if e.isTree() {
			sub, err := w.filter(ctx, hex.EncodeToString(e.id))
			if err != nil {
				return "", err
			}
			if sub == "" {
				same = false
				continue
			}
			id, _ := hex.DecodeString(sub)
			same = same && bytes.Equal(id, e.id)
			e.id = id
		} else if e.isBlob() {
			w.kept[hex.EncodeToString(e.id)] = true
		}
		next = e.encode(next)
	}
	to := id
	switch {
	case same && len(list) == 0: // a tree that was empty stays what it is
	case same:
	case len(next) == 0:
		to = ""
	default:
		if to, err = w.put(ctx, "tree", next); err != nil {
			return "", err
		}
	}
	w.changed = w.changed || to != id
	w.tree[id], w.tree[to] = to, to
	return to, nil
}

// collect notes the blobs below a name that is gone.
func (w *rewriting) collect(ctx context.Context, e entry) error {
	id := hex.EncodeToString(e.id)
	if e.isBlob() {
		w.erased[id] = true
	}
	if !e.isTree() {
		return nil
	}
	data, err := w.must(ctx, id, "tree")
	if err != nil {
		return err
	}
	list, err := entries(data, w.sum().Size())
	for _, e := range list {
		if err == nil {
			err = w.collect(ctx, e)
		}
	}
	return err
}

// take works out what becomes of a commit; its parents must have been taken.
func (w *rewriting) take(ctx context.Context, id string, filter func(context.Context, string) (string, error)) error {
	data, err := w.must(ctx, id, "commit")
	if err != nil {
		return err
	}
	head, message, _ := strings.Cut(string(data), "\n\n")
	var tree string
	var parents []string
	var rest strings.Builder
	skip := false
	for line := range strings.Lines(head + "\n") {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case key == "": // the line before goes on
		case key == "tree" && tree == "":
			tree, skip = value, true
		case key == "parent" && rest.Len() == 0:
			parents, skip = append(parents, value), true
		default:
			skip = signs(key)
		}
		if !skip {
			rest.WriteString(line)
		}
	}
	next, err := filter(ctx, tree)
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
		if !ok {
			return casefile.Errorf("the history is damaged: %s is not there", p).WithHint("`git fsck` says more; a clone or a backup may have what is missing")
		}
		same = same && to == p
		if to != "" && (w.fixed[id] || !slices.Contains(now, to)) {
			now = append(now, to)
		}
	}
	w.was[id] = tree
	if same {
		w.commit[id], w.treeOf[id] = id, next
		return nil
	}
	w.changed = true
	if !w.fixed[id] && len(now) < 2 {
		before := first(now)
		did := w.was[first(parents)] != tree || slices.ContainsFunc(parents, func(p string) bool { return p != parents[0] })
		if did && next == w.treeOf[before] {
			w.commit[id], w.dropped[id] = before, true
			return nil
		}
	}
	if next == w.treeOf[""] {
		if _, err := w.put(ctx, "tree", nil); err != nil {
			return err
		}
	}
	var b strings.Builder
	b.WriteString("tree " + next + "\n")
	for _, p := range now {
		b.WriteString("parent " + p + "\n")
	}
	b.WriteString(rest.String())
	if strings.Contains(string(data), "\n\n") {
		b.WriteString("\n" + message)
	}
	to, err := w.put(ctx, "commit", []byte(b.String()))
	w.commit[id], w.treeOf[to] = to, next
	return err
}

// first returns the first of the parents of a commit, "" if it has none.
func first(parents []string) string {
	if len(parents) == 0 {
		return ""
	}
	return parents[0]
}

// whatever returns what becomes of an object that a ref or a tag names; "" if
// nothing is left of it. Commits must have been taken.
func (w *rewriting) whatever(ctx context.Context, id string) (string, error) {
	if to, ok := w.commit[id]; ok {
		return to, nil
	}
	kind, data, err := w.get(ctx, id)
	if err != nil {
		return "", err
	}
	switch kind {
	case "tree":
		return w.filter(ctx, id)
	case "blob":
		if w.erased[id] {
			return "", nil
		}
		return id, nil
	case "tag":
		object, rest, _ := strings.Cut(strings.TrimPrefix(string(data), "object "), "\n")
		to, err := w.whatever(ctx, object)
		if err != nil || to == "" || to == object {
			if to != "" {
				to = id
			}
			return to, err
		}
		w.changed = true
		return w.put(ctx, "tag", []byte("object "+to+"\n"+unsigned(rest)))
	}
	_, err = w.must(ctx, id, "commit") // says what is wrong
	if err == nil {
		err = casefile.Errorf("the history is damaged: %s is not there", id)
	}
	return "", err
}

// unsigned takes the signature out of a tag.
func unsigned(tag string) string {
	head, message, _ := strings.Cut(tag, "\n\n")
	var b strings.Builder
	skip := false
	for line := range strings.Lines(head + "\n") {
		if !strings.HasPrefix(line, " ") {
			skip = strings.HasPrefix(line, "gpgsig")
		}
		if !skip {
			b.WriteString(line)
		}
	}
	for _, mark := range []string{"-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"} {
		if i := strings.Index("\n"+message, "\n"+mark); i >= 0 {
			message = message[:i]
		}
	}
	return b.String() + "\n" + message
}

// filterNotes returns what becomes of a tree of notes, in which names are those
// of commits: a note follows its commit, and goes where that is gone.
func (w *rewriting) filterNotes(ctx context.Context, id string) (string, error) {
	if to, ok := w.tree["notes "+id]; ok {
		return to, nil
	}
	same := true
	notes := map[string]entry{}
	var gather func(id, above string) error
	gather = func(id, above string) error {
		data, err := w.must(ctx, id, "tree")
		if err != nil {
			return err
		}
		list, err := entries(data, w.sum().Size())
		if err != nil {
			return err
		}
		for _, e := range list {
			about := above + e.name
			switch _, err := hex.DecodeString(about); {
			case err == nil && e.isTree() && len(about) < 2*w.sum().Size():
				if err := gather(hex.EncodeToString(e.id), about); err != nil {
					return err
				}
				continue
			case err == nil && len(about) == 2*w.sum().Size():
				if to, ok := w.commit[about]; ok && to != about {
					same = false
					if w.dropped[about] {
						w.erased[hex.EncodeToString(e.id)] = true
						continue
					}
					about = to
				}
			case bears(w.gone, e.name):
				same = false
				if err := w.collect(ctx, e); err != nil {
					return err
				}
				continue
			}
			e.name = about
			if e.isBlob() {
				w.kept[hex.EncodeToString(e.id)] = true
			}
			if other, twice := notes[about]; !twice || bytes.Compare(e.id, other.id) < 0 {
				notes[about] = e
			}
		}
		return nil
	}
	if err := gather(id, ""); err != nil {
		return "", err
	}
	to := id
	if !same {
		list := make([]entry, 0, len(notes))
		for _, e := range notes {
			list = append(list, e)
		}
		to = ""
		if len(list) > 0 {
			var err error
			if to, err = w.put(ctx, "tree", sorted(list)); err != nil {
				return "", err
			}
		}
		w.changed = true
	}
	w.tree["notes "+id] = to
	return to, nil
}
