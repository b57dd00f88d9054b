package history

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Holds looks through the whole repository, and returns what of the complaints that
// are gone is still in it.
func (r *Repo) Holds(ctx context.Context, gone []Gone) (found []Gone, err error) {
	if r.Prefix != "" || len(gone) == 0 {
		return nil, nil
	}
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	if err = p.hashes(ctx); err == nil {
		p.roots, err = r.roots(ctx)
	}
	if err != nil {
		return nil, err
	}
	ids, err := p.holds(ctx, gone)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rec := r.record()
	for _, g := range gone {
		if !slices.Contains(ids, g.ID) {
			continue
		}
		found = append(found, g)
		rec.forget(placeHere, g.keyOf())
		for name := range rec.places { // it has come from one of them, perhaps
			rec.forget(name, g.keyOf())
		}
	}
	return found, rec.write(false)
}

// place returns the repository of the register as one to erase from, or says
// what stands in the way.
func (r *Repo) place(ctx context.Context) (*place, error) {
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	err := p.ready(ctx)
	if err == nil {
		p.roots, err = r.roots(ctx)
	}
	return p, err
}

// roots returns the first commits of what is checked out.
func (r *Repo) roots(ctx context.Context) ([]string, error) {
	if _, err := r.Output(ctx, "rev-parse", "--quiet", "--verify", "HEAD"); ExitCode(err) == 1 {
		return nil, nil // no commit yet
	}
	out, err := r.Output(ctx, "rev-list", "--max-parents=0", "HEAD")
	return strings.Fields(string(out)), err
}

// ready says what stands in the way of an erasure: another git at work, and what
// would keep objects in the repository.
func (p *place) ready(ctx context.Context) error {
	there := func(names ...string) string {
		for _, n := range names {
			if found, _ := filepath.Glob(filepath.Join(escapeGlob(p.gitDir), filepath.FromSlash(n))); found != nil {
				return n
			}
		}
		return ""
	}
	switch {
	case !p.bare && there("index.lock", "HEAD.lock", "packed-refs.lock") != "":
		return casefile.Errorf("the history cannot be cleaned: another git is at work in the repository").
			WithHint("try again when it is done; if none is, remove the file that ends in .lock from %s", p.gitDir)
	case there("objects/info/alternates") != "" && p.bare:
		return &stopped{Borrows, typed(p.gitDir)}
	case there("objects/info/alternates") != "":
		return casefile.Errorf("the history cannot be cleaned: the repository borrows from another").
			WithHint("`git repack -a -d`, and then remove objects/info/alternates, makes it stand by itself")
	case there("shallow", "objects/pack/*.promisor", "info/grafts") != "":
		return casefile.Errorf("the history cannot be cleaned: it is not all here").
			WithHint("`git fetch --unshallow` or a full clone brings all of it")
	case there("reftable") != "":
		return casefile.Errorf("the history cannot be cleaned: klacht cannot clean a repository with reftables").
			WithHint("`git refs migrate --ref-format=files` gives it another form")
	}
	if info, err := os.Stat(p.gitDir); err != nil || !info.IsDir() {
		return casefile.Errorf("the history cannot be cleaned: %s is not there", p.gitDir)
	}
	return p.hashes(ctx)
}
