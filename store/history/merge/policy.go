package merge

import "klacht/store"

// Policy merges regeling.yaml key by key, its versions by the day from which they
// hold. Where both sides changed one key, and not in the same way, keep settles
// that key alone.
func Policy(base, ours, theirs []byte, keep Side) ([]byte, []Conflict) {
	m := merging{keep: keep, read: func(data []byte) (*script, error) {
		if _, err := store.ParsePolicy(data); err != nil {
			return nil, err
		}
		return cut(data), nil
	}}
	return m.file(base, ours, theirs)
}
