package main

import (
	"context"
	"slices"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"
)

// restored looks what the places that a register is shared through know of the time
// since the backup that it was put back from: what was purged, which is told, and
// which numbers were given out, which is noted.
func (a *app) restored(ctx context.Context) (problems []*store.Damage, fixed []store.Fixed, err error) {
	keeper := a.history
	if keeper == nil {
		keeper = history.NewKeeper(a.reg.Dir, a.setup, a.notInHistory)
	}
	since, err := keeper.Since(ctx, a.reg)
	if err != nil {
		return nil, nil, err
	}
	for _, why := range since.Unknown {
		problems = append(problems, &store.Damage{File: store.PurgedFile, Err: why})
	}
	here, err := a.reg.PurgedLines()
	if err != nil {
		return nil, nil, err
	}
	back, err := a.reg.ReturnedOf(store.Effective(since.Purged))
	if err != nil {
		return nil, nil, err
	}
	for _, p := range back {
		if !slices.ContainsFunc(here, func(l store.PurgedLine) bool { return l.ID == p.ID && l.Key == p.Key }) { // else the check tells of it
			problems = append(problems, &store.Damage{File: store.PurgedFile,
				Err: casefile.Errorf("%s was removed on %s, and came back with the backup", p.ID, p.On).WithHint("`klacht sync` removes it again, and asks first where it is open or has more steps")})
		}
	}
	if since.Ledger == nil {
		return problems, nil, nil
	}
	w, err := a.reg.Lock()
	if err != nil {
		return nil, nil, err
	}
	defer w.Close()
	taken, err := w.TakeNumbers(since.Ledger)
	if taken {
		fixed = append(fixed, store.Fixed{File: store.LedgerFile, What: casefile.Errorf("has the numbers that were given out since the backup; `klacht sync` brings the rest").Message})
	}
	return problems, fixed, err
}
