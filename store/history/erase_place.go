package history

import (
	"bytes"
	"context"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	casefile "klacht/case"
)

// place is a repository in which cases are erased: that of the register, or one
// on this machine that it is pushed to.
type place struct {
	*odb
	gitDir string
	bare   bool
}

// ref is a name for an object.
type ref struct{ name, old, new string }

// notesRef matches the names of notes, here and as fetched from a remote.
var notesRef = regexp.MustCompile(`^refs/(klacht/erase/[0-9]+/)?notes/`)

// eraseNote stands in the reflog where an erasure moved a ref.
const eraseNote = "klacht: erased"

// erase removes the cases from every commit that a ref or a stash leads to, and
// from the index, and then everything that nothing leads to. It returns what
// became of each ref.
func (p *place) erase(ctx context.Context, ids []casefile.ID) ([]ref, error) {
	defer func() { _ = p.close() }()
	w := newRewriting(p.odb, ids)
	refs, err := p.refs(ctx)
	if err != nil {
		return nil, err
	}
	stashes, err := p.stashes(ctx, w)
	if err != nil {
		return nil, err
	}
	var roots, notes []string
	for _, r := range refs {
		if notesRef.MatchString(r.name) {
			notes = append(notes, r.old)
		} else {
			roots = append(roots, r.old)
		}
	}
	for _, s := range stashes {
		roots = append(roots, s.new)
	}
	if err := p.takeAll(ctx, w, roots, w.filter); err != nil {
		return nil, err
	}
	if err := p.takeAll(ctx, w, notes, w.filterNotes); err != nil {
		return nil, err
	}
	stashes = slices.DeleteFunc(stashes, func(s *stash) bool { return !s.follow(w) })
	for i := range refs {
		if refs[i].new, err = w.whatever(ctx, refs[i].old); err != nil {
			return nil, err
		}
		if refs[i].name == "refs/stash" {
			refs[i].new = ""
			if len(stashes) > 0 {
				refs[i].new = stashes[len(stashes)-1].new
			}
		}
	}
	if err := p.flush(ctx); err != nil {
		return nil, err
	}
	if err := p.move(ctx, refs); err != nil {
		return nil, err
	}
	if err := p.cleanIndex(ctx, ids); err != nil {
		return nil, err
	}
	if err := p.forget(stashes); err != nil {
		return nil, casefile.Errorf("cannot clean the repository: %v", err)
	}
	if err := p.prune(ctx); err != nil {
		return nil, err
	}
	return refs, p.verify(ctx, w)
}

// refs lists what names an object: every ref, and HEAD if it names one itself.
func (p *place) refs(ctx context.Context) ([]ref, error) {
	out, err := p.output(ctx, "for-each-ref", "--format=%(objectname) %(refname) %(symref)")
	if err != nil {
		return nil, err
	}
	var refs []ref
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) == 2 { // three are a name for a name
			refs = append(refs, ref{name: f[1], old: f[0]})
		}
	}
	if _, err := p.output(ctx, "symbolic-ref", "-q", "HEAD"); ExitCode(err) == 1 {
		out, err := p.output(ctx, "rev-parse", "--verify", "HEAD^{commit}")
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref{name: "HEAD", old: strings.TrimSpace(string(out))})
	} else if err != nil {
		return nil, err
	}
	return refs, nil
}

// takeAll works out what becomes of every commit up to the roots, the first
// ones first.
func (p *place) takeAll(ctx context.Context, w *rewriting, roots []string, filter func(context.Context, string) (string, error)) error {
	if len(roots) == 0 {
		return nil
	}
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(roots, "\n") + "\n")
	if err := p.git(ctx, Call{Args: []string{"rev-list", "--topo-order", "--reverse", "--stdin"}, In: in, Out: &out, Read: true}); err != nil {
		return err
	}
	todo := strings.Fields(out.String())
	for len(todo) > 0 {
		n := min(len(todo), inAdvance)
		if err := p.prefetch(ctx, w, todo[:n]); err != nil {
			return err
		}
		for _, id := range todo[:n] {
			if _, done := w.commit[id]; done {
				continue
			}
			if err := w.take(ctx, id, filter); err != nil {
				return err
			}
		}
		todo = todo[n:]
	}
	p.had = nil
	return nil
}

// inAdvance is how many commits are asked for at a time, with their trees:
// waiting for each by itself takes most of the time.
const inAdvance = 256

// prefetch asks for commits, and for their trees that were not seen yet.
func (p *place) prefetch(ctx context.Context, w *rewriting, commits []string) error {
	p.had = map[string]object{}
	var next []string
	want := func(id string) {
		_, seen := w.tree[id]
		if _, had := p.had[id]; !seen && !had {
			p.had[id] = object{} // asked for
			next = append(next, id)
		}
	}
	err := p.each(ctx, commits, func(id string, got object) error {
		p.had[id] = got
		tree, _, _ := strings.Cut(strings.TrimPrefix(string(got.data[:min(len(got.data), 80)]), "tree "), "\n")
		if got.kind == "commit" {
			want(tree)
		}
		return nil
	})
	for err == nil && len(next) > 0 {
		ask := next
		next = nil
		err = p.each(ctx, ask, func(id string, got object) error {
			p.had[id] = got
			list, err := entries(got.data, p.sum().Size())
			for _, e := range list {
				if e.isTree() {
					want(hex.EncodeToString(e.id))
				}
			}
			return err
		})
	}
	return err
}

// move gives the refs their new objects, all at once or none.
func (p *place) move(ctx context.Context, refs []ref) error {
	var b strings.Builder
	for _, r := range refs {
		switch {
		case r.new == r.old:
			continue
		case r.new == "" && r.name == "HEAD":
			return casefile.Errorf("nothing would be left of the commit that is checked out").WithHint("`git switch` to a branch first")
		case r.new == "":
			b.WriteString("option no-deref\ndelete " + r.name + " " + r.old + "\n")
		default:
			b.WriteString("option no-deref\nupdate " + r.name + " " + r.new + " " + r.old + "\n")
		}
	}
	if b.Len() == 0 {
		return nil
	}
	in := strings.NewReader("start\n" + b.String() + "prepare\ncommit\n")
	return p.git(ctx, Call{Args: []string{"update-ref", "-m", eraseNote, "--stdin"}, In: in})
}
