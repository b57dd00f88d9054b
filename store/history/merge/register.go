package merge

import "klacht/store"

// Register merges register.yaml, as [store.Ledger.Join] does. No line of either side
// or of the base is ever lost. Files of two registers are never merged.
func Register(base, ours, theirs []byte) ([]byte, []Conflict) {
	o, oursErr := store.ParseLedger(ours)
	t, theirsErr := store.ParseLedger(theirs)
	if oursErr != nil || theirsErr != nil {
		return (&merging{}).unreadable(ours, theirs, oursErr, theirsErr)
	}
	both, err := o.Join(t)
	if b, berr := store.ParseLedger(base); err == nil && berr == nil { // one that cannot be read has nothing to say
		both, err = both.Join(b)
	}
	if err != nil {
		return nil, []Conflict{{"key", string(o.Key), string(t.Key)}}
	}
	return both.Encode(), nil
}
