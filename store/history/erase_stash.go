package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	casefile "klacht/case"
)

// stash is a line in the list of what is stashed.
type stash struct {
	old, new string
	rest     string // who, when and its message
	parents  []string
}

// stashes reads that list, the oldest first, and keeps each in the form in which
// git can take it out again.
func (p *place) stashes(ctx context.Context, w *rewriting) ([]*stash, error) {
	data, err := os.ReadFile(filepath.Join(p.gitDir, "logs", "refs", "stash"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, casefile.Errorf("cannot read the list of what is stashed: %v", err)
	}
	var list []*stash
	for line := range strings.Lines(string(data)) {
		f := strings.SplitN(line, " ", 3)
		if len(f) < 3 || strings.HasSuffix(strings.TrimSpace(line), "\t"+eraseNote) {
			continue
		}
		s := &stash{old: f[1], new: f[1], rest: f[2]}
		commit, err := w.must(ctx, s.old, "commit")
		if err != nil {
			return nil, err
		}
		head, _, _ := strings.Cut(string(commit), "\n\n")
		for l := range strings.Lines(head + "\n") {
			if id, ok := strings.CutPrefix(l, "parent "); ok {
				s.parents = append(s.parents, strings.TrimSpace(id))
			}
		}
		w.fixed[s.old] = true
		if len(s.parents) > 1 {
			for _, id := range s.parents[1:] {
				w.fixed[id] = true
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// follow makes the line say what became of what was stashed. It reports false
// if nothing is left of it.
func (s *stash) follow(w *rewriting) bool {
	s.new = w.commit[s.old]
	if s.new == s.old || len(s.parents) == 0 {
		return s.new != ""
	}
	if w.commit[s.parents[0]] == "" {
		return false
	}
	was, is := w.was[s.parents[0]], w.treeOf[w.commit[s.parents[0]]]
	did, does := w.was[s.old] != was, w.treeOf[s.new] != is
	for i, id := range s.parents[1:] {
		if i == 1 { // what git did not know of has a history of its own
			was, is = w.treeOf[""], w.treeOf[""]
		}
		did, does = did || w.was[id] != was, does || w.treeOf[w.commit[id]] != is
	}
	return does || !did
}
