package history

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
)

// survey is what is known of all the objects of a repository.
type survey struct {
	*rewriting
	*graph
	p    *place
	refs []ref
	all  map[string]string // of each object its kind
	lead map[string]bool   // whether an object leads to one that is to be removed
	held map[string]bool   // the objects that something leads to which is not klacht's to change
}

func (p *place) survey(ctx context.Context, gone []Gone) (*survey, error) {
	s := &survey{rewriting: newRewriting(p.odb, gone), graph: &graph{commits: map[string]*commit{}}, p: p, lead: map[string]bool{}, held: map[string]bool{}}
	// The first commit may have had a case, and have been rewritten in one place and not in the other.
	became := func(id string) (string, error) {
		w := newRewriting(p.odb, gone)
		w.dry = true
		if kind, _, err := p.get(ctx, id); err != nil || kind != "commit" {
			return id, err
		}
		err := w.take(ctx, id)
		return w.commit[id], err
	}
	roots := map[string]bool{}
	for _, id := range p.roots {
		to, err := became(id)
		if err != nil {
			return nil, err
		}
		roots[id], roots[to] = true, true
	}
	s.isRoot = func(id string) (bool, error) {
		to, err := became(id)
		return roots[id] || to != "" && roots[to], err
	}
	var err error
	if s.refs, err = p.refsNow(ctx); err != nil {
		return nil, err
	}
	return s, s.list(ctx)
}

// maxCase is more than a case file can have.
const maxCase = 4 << 20

// list finds all objects that there are, and all commits.
func (s *survey) list(ctx context.Context) error {
	all, err := s.p.objects(ctx)
	if err != nil {
		return err
	}
	s.all = all
	var commits []string
	for id, kind := range all {
		if kind == "commit" && s.commits[id] == nil {
			commits = append(commits, id)
		}
	}
	slices.Sort(commits)
	return s.grow(ctx, s.odb, commits)
}

// objects returns the kinds of all objects; a blob too large for a case file is
// "large".
func (o *odb) objects(ctx context.Context) (map[string]string, error) {
	out, err := o.output(ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
	all := map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue // it went just now
		}
		if size, err := strconv.Atoi(f[2]); f[1] == "blob" && (err != nil || size > maxCase) {
			f[1] = "large"
		}
		all[f[0]] = f[1]
	}
	return all, err
}

// look works out what is of the cases in all that no ref of the register leads
// to: commits that were amended or stashed, other histories, and what no commit
// has.
func (s *survey) look(ctx context.Context) error {
	if err := s.list(ctx); err != nil {
		return err
	}
	s.dry = true
	var own, other []string
	for _, id := range s.order {
		if s.commits[id].own {
			own = append(own, id)
		} else {
			other = append(other, id)
		}
	}
	if err := s.takeAll(ctx, own); err != nil {
		return err
	}
	seen := map[string]bool{}
	var visit func(id string, sure int) error
	visit = func(id string, sure int) error {
		if seen[id] || s.kept[id] || s.out[id] || s.all[id] != "tree" {
			seen[id] = true
			return nil
		}
		seen[id] = true
		list, _, err := s.entries(ctx, id)
		if err != nil {
			return err
		}
		goes, err := s.goes(ctx, list, sure)
		for _, e := range list {
			if err == nil && goes[e.name] {
				err = s.collect(ctx, e)
			} else if err == nil {
				err = visit(e.hex(), sure)
			}
		}
		return err
	}
	for _, id := range other {
		if err := visit(s.commits[id].tree, byKey); err != nil {
			return err
		}
	}
	for id, kind := range s.all {
		if kind == "tree" {
			if err := visit(id, byFile); err != nil {
				return err
			}
		}
	}
	var loose []string
	for id, kind := range s.all {
		if kind == "blob" && !seen[id] && !s.kept[id] && !s.out[id] {
			loose = append(loose, id)
		}
	}
	for part := range slices.Chunk(loose, inAdvance) {
		err := s.each(ctx, part, func(id string, got object) error {
			if m := idLineIn().FindSubmatch(got.data); m != nil && s.gone.has(casefile.ID(m[1]), keysOf(got.data)) {
				s.out[id], s.found[casefile.ID(m[1])] = true, true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var idLineIn = casefile.Pattern(`(?m)^["']?id["']?[ \t]*:[ \t]*["']?(` + casefile.IDPattern + `)`)

// next returns what an object names.
func (s *survey) next(ctx context.Context, id string) (ids []string, err error) {
	switch s.all[id] {
	case "commit":
		return append(slices.Clone(s.commits[id].parents), s.commits[id].tree), nil
	case "tree":
		list, _, err := s.entries(ctx, id)
		for _, e := range list {
			if !e.isLink() {
				ids = append(ids, e.hex())
			}
		}
		return ids, err
	case "tag":
		_, data, err := s.get(ctx, id)
		to, _, _ := strings.Cut(strings.TrimPrefix(string(data), "object "), "\n")
		return []string{to}, err
	}
	return nil, nil
}

// stays reports whether an object has a place that is not gone. That of a commit is
// in the history, whatever else names it.
func (s *survey) stays(id string) bool {
	return s.kept[id] && (s.all[id] != "commit" || s.rewriting.commit[id] == id)
}

// leads reports whether an object is, or leads to, one that has to go.
func (s *survey) leads(ctx context.Context, id string) (bool, error) {
	if is, ok := s.lead[id]; ok || len(s.out) == 0 || s.stays(id) || s.out[id] {
		return is || !s.stays(id) && s.out[id], nil
	}
	s.lead[id] = false
	ids, err := s.next(ctx, id)
	for _, to := range ids {
		if err != nil || s.lead[id] {
			break
		}
		s.lead[id], err = s.leads(ctx, to)
	}
	return s.lead[id], err
}

// tainted returns the objects that have to go: those that were only in places that
// are gone, and all that lead to them, but for what something else leads to that
// is not klacht's to change. So no object that stays leads to one that goes.
func (s *survey) tainted(ctx context.Context) (map[string]bool, error) {
	list := map[string]bool{}
	for _, id := range slices.Concat(s.order, slices.Collect(maps.Keys(s.all))) { // parents first, so that it does not go deep
		leads, err := s.leads(ctx, id)
		if err != nil {
			return nil, err
		}
		if leads && !s.held[id] {
			list[id] = true
		}
	}
	return list, nil
}
