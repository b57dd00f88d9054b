package history

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// byHand says of what case or file some paths are that no command changed: edited,
// or removed where a case has lost its file and nothing of it came elsewhere.
func (r *Repo) byHand(paths []string) []store.Deed {
	list := deedsOf(paths, EditedByHand)
	for i, d := range list {
		lost, left := false, false
		for _, p := range paths {
			if caseOf(p) == d.Of {
				left = left || r.exists(p)
				lost = lost || strings.HasSuffix(p, "/"+d.Of+".yaml")
			}
		}
		if lost && !left {
			list[i].What = RemovedByHand
		}
	}
	return list
}

// Lost returns the cases that the last commit has, or that a commit says were
// removed by hand, and that do not stand in the register. Some may have been
// purged.
func (r *Repo) Lost(ctx context.Context, reg *store.Register) ([]casefile.ID, error) {
	if _, err := r.Output(ctx, "rev-parse", "--quiet", "--verify", "HEAD"); ExitCode(err) == 1 {
		return nil, nil // no commit yet
	}
	tracked, err := r.Output(ctx, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", "open", "archive")
	if err != nil {
		return nil, err
	}
	messages, err := r.Output(ctx, "log", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%B",
		"--fixed-strings", "--grep=: "+RemovedByHand, "--", ".")
	if err != nil {
		return nil, err
	}
	var ids []casefile.ID
	for _, p := range Fields(tracked) {
		if part, id := store.PartOf(p); part == store.PartCase && !r.exists(p) {
			ids = append(ids, id)
		}
	}
	for _, m := range Fields(messages) {
		for _, d := range deedsIn(m, "") {
			if id, err := casefile.ParseID(d.Of); err == nil && d.What == RemovedByHand {
				ids = append(ids, id)
			}
		}
	}
	slices.SortFunc(ids, casefile.ID.Compare)
	return reg.Gone(slices.Compact(ids))
}

// exists reports whether there is something at a path of the register.
func (r *Repo) exists(path string) bool {
	_, err := os.Lstat(filepath.Join(r.Dir, path))
	return err == nil
}
