package history

import (
	"context"
	"slices"
	"strings"
)

// graph is the commits of a repository, whether anything leads to them or not.
type graph struct {
	commits map[string]*commit
	order   []string                      // their ids, parents first
	isRoot  func(id string) (bool, error) // whether a first commit is one of the register's
}

type commit struct {
	tree    string
	parents []string
	desc    bool // it has a root of the register in its history
	own     bool // it has, or is in the history of one that has
	placed  bool // it is in the order
	known   bool // desc is, of a first commit
}

// grow reads commits with all that came before them. What is missing is passed over.
func (g *graph) grow(ctx context.Context, o *odb, ids []string) error {
	for todo := ids; len(todo) > 0; {
		var next []string
		todo = slices.Compact(slices.Sorted(slices.Values(todo)))
		todo = slices.DeleteFunc(todo, func(id string) bool { return g.commits[id] != nil })
		err := o.each(ctx, todo, func(id string, got object) error {
			if got.kind == "commit" {
				c := &commit{}
				c.tree, c.parents, _ = parse(got.data)
				g.commits[id] = c
				next = append(next, c.parents...)
			}
			return nil
		})
		if err != nil {
			return err
		}
		todo = next
	}
	var place func(id string)
	place = func(id string) {
		if c := g.commits[id]; c != nil && !c.placed {
			c.placed = true
			for _, p := range c.parents {
				place(p)
			}
			g.order = append(g.order, id)
		}
	}
	for _, id := range ids {
		place(id)
	}
	return g.mark()
}

// mark works out which commits are of the register, by its roots.
func (g *graph) mark() (err error) {
	for _, id := range g.order {
		c := g.commits[id]
		if len(c.parents) == 0 && !c.known && err == nil {
			c.desc, err = g.isRoot(id)
			c.known = true
		}
		c.desc = c.desc || slices.ContainsFunc(c.parents, func(p string) bool { return g.commits[p] != nil && g.commits[p].desc })
	}
	for _, id := range slices.Backward(g.order) {
		c := g.commits[id]
		c.own = c.own || c.desc
		for _, p := range c.parents {
			if c.own && g.commits[p] != nil {
				g.commits[p].own = true
			}
		}
	}
	return err
}

// upTo returns the commits with all that came before them, parents first.
func (g *graph) upTo(tips []string) []string {
	in := map[string]bool{}
	for _, id := range tips {
		in[id] = true
	}
	var list []string
	for _, id := range slices.Backward(g.order) {
		if in[id] {
			list = append(list, id)
			for _, p := range g.commits[id].parents {
				in[p] = true
			}
		}
	}
	slices.Reverse(list)
	return list
}

// takeAll works out what becomes of commits; those that came before stand before
// them, or were taken.
func (w *rewriting) takeAll(ctx context.Context, todo []string) error {
	todo = slices.DeleteFunc(todo, func(id string) bool { _, done := w.commit[id]; return done })
	defer func() { w.had = nil }()
	for len(todo) > 0 {
		n := min(len(todo), inAdvance)
		if err := w.prefetch(ctx, todo[:n]); err != nil {
			return err
		}
		for _, id := range todo[:n] {
			if err := w.take(ctx, id); err != nil {
				return err
			}
		}
		todo = todo[n:]
	}
	return nil
}

// inAdvance is how many commits are asked for at a time, with their trees:
// waiting for each by itself takes most of the time.
const inAdvance = 256

// prefetch asks for commits, and for their trees that were not seen yet.
func (w *rewriting) prefetch(ctx context.Context, commits []string) error {
	had := map[string]object{}
	var next []string
	want := func(id string) {
		if _, asked := had[id]; isID(id) && !asked && !w.kept[id] && !w.out[id] {
			had[id] = object{}
			next = append(next, id)
		}
	}
	err := w.each(ctx, commits, func(id string, got object) error {
		had[id] = got
		tree, _, _ := strings.Cut(strings.TrimPrefix(string(got.data[:min(len(got.data), 80)]), "tree "), "\n")
		if got.kind == "commit" {
			want(tree)
		}
		return nil
	})
	for err == nil && len(next) > 0 {
		ask := next
		next = nil
		err = w.each(ctx, ask, func(id string, got object) error {
			had[id] = got
			if got.kind != "tree" {
				return nil
			}
			list, err := entries(got.data, w.sum().Size())
			for _, e := range list {
				if e.isTree() {
					want(e.hex())
				}
			}
			if w.dry {
				err = nil
			}
			return err
		})
	}
	w.had = had
	return err
}
