package merge

import (
	"bytes"

	"klacht/store"
)

// Policy merges regeling.yaml key by key, its versions by the day from which they
// hold. Where both sides changed one key, and not in the same way, keep settles
// that key alone.
func Policy(base, ours, theirs []byte, keep Side) ([]byte, []Conflict) {
	m := &merging{keep: keep, read: func(data []byte) (*script, error) {
		if _, err := store.ParsePolicy(data); err != nil {
			return &script{}, err
		}
		return cut(data), nil
	}}
	if got, ok := pick(base, ours, theirs, bytes.Equal); ok {
		return bytes.Clone(got), nil
	}
	o, oursErr := m.read(ours)
	t, theirsErr := m.read(theirs)
	if oursErr != nil || theirsErr != nil {
		return m.unreadable(ours, theirs, oursErr, theirsErr)
	}
	b, _ := m.read(base)
	if o.keys != nil && t.keys != nil {
		out := m.script(b, o, t)
		if out == nil {
			return nil, m.conflicts
		}
		if data := m.write(out); data != nil {
			return data, nil
		}
	}
	return Text(base, ours, theirs, keep) // the keys cannot stand together
}
