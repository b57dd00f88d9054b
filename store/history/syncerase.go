package history

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// erase removes from the whole history, here and on the other side, the cases that
// either side has purged. again reports that there was something to remove, so that
// all must be looked at anew.
func (s *syncing) erase(ctx context.Context, o *odb, w *store.Writer, theirs string, here, there snapshot) (again bool, err error) {
	var ids []casefile.ID
	for _, side := range []snapshot{here, there} {
		id := side[store.PurgedFile].id
		if id == "" {
			continue
		}
		data, err := o.must(ctx, id, "blob")
		if err != nil {
			return false, err
		}
		gone, err := store.ParsePurged(data)
		if damage := (*store.Damage)(nil); errors.As(err, &damage) {
			continue // a conflict, which the merge names
		}
		ids = append(ids, gone...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if err := o.close(); err != nil {
		return false, err
	}
	came, err := s.r.bearing(ctx, ids, "HEAD", theirs)
	if err == nil && came != nil {
		err = s.r.Doubt(came)
	}
	if err != nil {
		return false, err
	}
	left, elsewhere := s.r.Unerased(ids)
	held, err := s.r.Holds(ctx, left)
	if err != nil || len(held) == 0 && len(elsewhere) == 0 {
		return false, err
	}
	for _, id := range held {
		if here[store.CasePath("open", id)].id != "" && !slices.Contains(s.did.Open, id) {
			s.did.Open = append(s.did.Open, id)
		}
		if err := w.Drop(id); err != nil {
			return false, err
		}
	}
	did, err := s.r.Erase(ctx, ids, true)
	if err != nil {
		return false, err
	}
	s.did.Erased = append(s.did.Erased, did.Here...)
	s.did.Remotes = did.Remotes
	for _, m := range did.Remotes {
		if m.Err != nil {
			return false, m.Err
		}
	}
	return true, nil
}

// bearing returns which of the cases have a name in what some commits lead to and
// another does not.
func (r *Repo) bearing(ctx context.Context, ids []casefile.ID, not string, commits ...string) ([]casefile.ID, error) {
	if len(ids) == 0 || len(commits) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(commits, "\n") + "\n^" + not + "\n")
	if err := r.Do(ctx, Call{Args: []string{"rev-list", "--objects", "--stdin"}, In: in, Out: &out, Read: true}); err != nil {
		return nil, err
	}
	gone, found := idSet(ids), map[casefile.ID]bool{}
	for line := range strings.Lines(out.String()) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		for part := range strings.SplitSeq(name, "/") {
			note(found, gone, part)
		}
	}
	return slices.SortedFunc(maps.Keys(found), casefile.ID.Compare), nil
}
