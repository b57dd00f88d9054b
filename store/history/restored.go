package history

import (
	"context"
	"errors"
	"slices"

	casefile "klacht/case"
	"klacht/store"
)

// Since is what other places know that a register which was put back from a backup
// may not.
type Since struct {
	Purged  []store.PurgedLine // every line that says that a complaint is gone, or that it is not
	Ledger  *store.Ledger      // nil: none was found
	Unknown []error            // why something is not known: of each place out of reach; or that there is no place
}

// Since asks the places that a register is shared through. Nothing of it is changed.
func (k *Keeper) Since(ctx context.Context, reg *store.Register) (*Since, error) {
	r, err := k.Repo()
	if none := None(""); errors.As(err, &none) {
		return &Since{Unknown: []error{errNoPlace()}}, nil
	} else if err != nil {
		return nil, err
	}
	names, err := r.remotes(ctx)
	if err != nil {
		return nil, err
	}
	found := &Since{}
	s := &sharing{k: k, r: r, reg: reg}
	for _, name := range names {
		if err := r.peek(ctx, name, nil, func(at map[string]string) error { return s.since(ctx, found, at) }); err != nil {
			found.Unknown = append(found.Unknown, casefile.Errorf("what was removed since the backup is not known: %v", err).
				WithHint("`klacht check --restored` asks again"))
		}
	}
	if len(names) == 0 {
		found.Unknown = append(found.Unknown, errNoPlace())
	}
	return found, nil
}

func errNoPlace() error {
	return casefile.Errorf("what was removed since the backup is not known, for the register is not shared").
		WithHint("`klacht purge` removes what was due; what was erased since has to be erased again: klacht erase")
}

// since takes what the branches of a place know; those that are not of this register
// are passed over.
func (s *sharing) since(ctx context.Context, found *Since, at map[string]string) error {
	o := &odb{r: s.r}
	defer func() { _ = o.close() }()
	var not error = casefile.Errorf("nothing is there")
	ours := false
	for _, commit := range at {
		if err := s.acceptable(ctx, commit); err != nil {
			not = err
			continue
		}
		ours = true
		lines, err := s.lines(ctx, o, commit)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if !slices.Contains(found.Purged, l) {
				found.Purged = append(found.Purged, l)
			}
		}
		kind, data, err := o.get(ctx, commit+":"+store.LedgerFile)
		if err != nil {
			return err
		} else if kind != "blob" {
			continue
		}
		there, err := store.ParseLedger(data)
		if err == nil && found.Ledger != nil {
			there, err = found.Ledger.Join(there)
		}
		if err != nil {
			return err
		}
		found.Ledger = there
	}
	if !ours {
		return not
	}
	return nil
}
