package history

import (
	"context"
	"errors"
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// sides are three commits of which a merge is made, and what it came to.
type sides struct {
	*odb
	base, here, there snapshot
	policy            *deadlines.Policy
	decide            Decide
	restored          []casefile.ID // removed on one side without a line in purged.yaml: they stay
	conflicts         []Conflict
}

// merge merges two registers by meaning and returns the files of the result: path
// to id. Cases are known by their numbers, and stand where their content belongs;
// one that either side has purged is gone. It puts what it makes into the
// repository, after a flush.
func (m *sides) merge(ctx context.Context) (map[string]string, error) {
	b, bFiles, err := m.base.cases()
	if err != nil {
		b, bFiles = map[casefile.ID]*filed{}, map[string]string{} // then it says nothing
	}
	o, oFiles, err := m.here.cases()
	if err != nil {
		return nil, err
	}
	t, tFiles, err := m.there.cases()
	if err != nil {
		return nil, err
	}
	out, err := m.mergeFiles(ctx, bFiles, oFiles, tFiles)
	if err != nil || m.conflicts != nil && m.policy == nil {
		return nil, err
	}
	gone := map[casefile.ID]bool{}
	if id := out[store.PurgedFile]; id != "" {
		data, err := m.content(ctx, id)
		if err != nil {
			return nil, err
		}
		ids, err := store.ParsePurged(data)
		if err != nil {
			return nil, err
		}
		gone = idSet(ids)
	}
	ids := map[casefile.ID]bool{}
	for id := range o {
		ids[id] = true
	}
	for id := range t {
		ids[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if gone[id] {
			continue
		}
		c, err := m.mergeCase(ctx, id, b[id], o[id], t[id])
		if err != nil {
			return nil, err
		}
		if c == nil {
			continue
		}
		out[c.path] = c.id
		for name, mail := range c.mails {
			out[store.MailPath(c.path, name)] = mail
		}
	}
	return out, nil
}

// content returns the content of a file.
func (m *sides) content(ctx context.Context, id string) ([]byte, error) {
	if id == "" {
		return nil, nil
	}
	data, err := m.must(ctx, id, "blob")
	if data == nil && err == nil {
		data = []byte{}
	}
	return data, err
}

// mergeFiles merges what is no case, the policy first: by it the cases are read.
func (m *sides) mergeFiles(ctx context.Context, base, here, there map[string]string) (map[string]string, error) {
	names := map[string]bool{}
	for _, files := range []map[string]string{base, here, there} {
		for name := range files {
			names[name] = true
		}
	}
	out := map[string]string{}
	for name := range names {
		b, o, t := base[name], here[name], there[name]
		got, ok := pick(&b, &o, &t)
		id := ""
		if ok && name != store.PurgedFile {
			id = *got
		} else {
			var data [3][]byte
			for i, id := range []string{b, o, t} {
				var err error
				if data[i], err = m.content(ctx, id); err != nil {
					return nil, err
				}
			}
			var merged []byte
			var conflict *Conflict
			if name == store.PurgedFile {
				merged, conflict = MergePurged(data[0], data[1], data[2])
			} else {
				merged, conflict = MergeFile(name, data[0], data[1], data[2], m.decide)
			}
			if conflict != nil {
				m.conflicts = append(m.conflicts, *conflict)
				id = o
			} else if merged != nil {
				var err error
				if id, err = m.put(ctx, "blob", merged); err != nil {
					return nil, err
				}
				if err := m.flush(ctx); err != nil {
					return nil, err
				}
			}
		}
		if id != "" {
			out[name] = id
		}
	}
	data, err := m.content(ctx, out[store.PolicyFile])
	if err != nil {
		return nil, err
	}
	m.policy, err = store.ParsePolicy(data)
	if err == nil {
		return out, nil
	}
	c := Conflict{File: store.PolicyFile, There: brief(err.Error())}
	if out[store.PolicyFile] == here[store.PolicyFile] {
		c.Here, c.There = c.There, ""
	}
	if m.decide(c) == Mine && c.Here == "" { // the other side's cannot be used: ours stays
		out[store.PolicyFile] = here[store.PolicyFile]
		if data, err = m.content(ctx, out[store.PolicyFile]); err != nil {
			return nil, err
		}
		m.policy, err = store.ParsePolicy(data)
		return out, err
	}
	m.conflicts = append(m.conflicts, c)
	return nil, nil
}

// mergeCase returns what becomes of a case; nil if that is not settled.
func (m *sides) mergeCase(ctx context.Context, id casefile.ID, b, o, t *filed) (*filed, error) {
	same := func(x, y *filed) bool { return x != nil && y != nil && x.id == y.id && maps.Equal(x.mails, y.mails) }
	switch {
	case t == nil || same(o, t) && o.path == t.path, same(b, t) && o != nil && b.path == t.path:
		if t == nil && b != nil {
			m.restored = append(m.restored, id)
		}
		return o, nil
	case o == nil || same(o, t) || same(b, o):
		if o == nil && b != nil {
			m.restored = append(m.restored, id)
		}
		return m.take(ctx, id, o, t)
	case same(b, t): // moved there
		if f, err := m.take(ctx, id, o, o); f != nil || err != nil {
			return f, err
		}
		return o, nil
	}
	var copies [3]*Copy
	for i, f := range []*filed{b, o, t} {
		if f == nil {
			continue
		}
		data, err := m.content(ctx, f.id)
		if err != nil {
			return nil, err
		}
		copies[i] = &Copy{data, f.mails}
	}
	c, conflicts := MergeCase(id, copies[0], copies[1], copies[2], m.policy, m.decide)
	if c == nil {
		m.conflicts = append(m.conflicts, conflicts...)
		return nil, nil
	}
	blob, err := m.put(ctx, "blob", c.Data)
	if err != nil {
		return nil, err
	}
	name := string(id) + ".yaml"
	f, err := store.ParseFile(name, c.Data, m.policy)
	if err != nil { // kept as it was: it stays where it was
		return &filed{path: o.path, id: blob, mails: c.Mails}, nil
	}
	return &filed{path: store.CasePath(store.Folder(f, m.policy), id), id: blob, mails: c.Mails}, nil
}

// take takes over a case as the other side has it, if it can be read, and puts it
// where it belongs.
func (m *sides) take(ctx context.Context, id casefile.ID, o, t *filed) (*filed, error) {
	data, err := m.content(ctx, t.id)
	if err != nil {
		return nil, err
	}
	f, err := store.ParseFile(string(id)+".yaml", data, m.policy)
	if damage := (*store.Damage)(nil); errors.As(err, &damage) {
		c := Conflict{ID: id, File: t.path, There: brief(damage.Error())}
		if m.decide(c) == Mine && o != nil {
			return o, nil
		}
		m.conflicts = append(m.conflicts, c)
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &filed{path: store.CasePath(store.Folder(f, m.policy), id), id: t.id, mails: t.mails}, nil
}
