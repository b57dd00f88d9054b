package history

import (
	"context"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Gone is a case to be erased: its number, and the hash of its key (see
// [casefile.Key.Hash]). Key "" is of a line in purged.yaml from before there were
// keys: then the number alone tells.
type Gone struct {
	ID      casefile.ID
	Key     string
	Content string // the digest of what the file was when it went: after it was put back it can go once more
}

// goneCases are cases that are to be erased: by number, the hashes of their keys.
type goneCases map[casefile.ID][]string

// borne returns which of the cases have their number in a name:
// 2026-0007.yaml, .2026-0007.yaml.swp and 2026-0007-acknowledged.eml have that
// of 2026-0007, but 2026-00071.yaml and 12026-0007 have not.
func (g goneCases) borne(name string) (ids []casefile.ID) {
	digit := func(i int) bool { return i >= 0 && i < len(name) && name[i] >= '0' && name[i] <= '9' }
	for i := 4; i < len(name); i++ {
		if name[i] != '-' || !digit(i-4) || digit(i-5) {
			continue
		}
		end := i + 1
		for end < len(name) && name[end] >= 'A' && name[end] <= 'Z' {
			end++
		}
		for digit(end) {
			end++
		}
		if id := casefile.ID(name[i-4 : end]); g[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// How certain it has to be that what bears the number of a case is of it.
const (
	byNumber = iota // in a folder of the register: it is, if nothing says otherwise
	byFile          // in a folder of which nothing is known: the file of the case stands there too
	byKey           // in another history: the file of the case stands there, with its key
)

// goes returns the names in a folder that are of a case which is gone: its file,
// its folder, and what editors leave beside them. The file is of that case if it
// has its key, or none, or if the key is not known; what has no key of its own
// goes and stays with the file, and without one it goes.
func (w *rewriting) goes(ctx context.Context, list []entry, sure int) (map[string]bool, error) {
	var names map[string]bool
	for _, e := range list {
		for _, id := range w.gone.borne(e.name) {
			keys, err := w.keysIn(ctx, e)
			file := e.name == string(id)+".yaml"
			if i := slices.IndexFunc(list, func(b entry) bool { return b.name == string(id)+".yaml" && b.isBlob() }); err == nil && keys == nil && i >= 0 {
				file = true
				keys, err = w.keysIn(ctx, list[i])
			}
			if err != nil {
				return nil, err
			}
			if w.gone.has(id, keys) && (sure == byNumber || sure == byFile && file || w.gone.named(id, keys)) {
				if names == nil {
					names = map[string]bool{}
				}
				names[e.name], w.found[id] = true, true
			}
		}
	}
	return names, nil
}

var keyLine = casefile.Pattern(`(?m)^["']?key["']?[ \t]*:[ \t]*["']?([0-9a-z]+)`)

// keysIn returns the hashes of the keys that a file names; nil if it is none, or
// names none.
func (w *rewriting) keysIn(ctx context.Context, e entry) ([]string, error) {
	if !e.isBlob() {
		return nil, nil
	}
	if keys, ok := w.keys[e.hex()]; ok {
		return keys, nil
	}
	_, data, err := w.get(ctx, e.hex())
	w.keys[e.hex()] = keysOf(data)
	return w.keys[e.hex()], err
}

func keysOf(data []byte) (keys []string) {
	for _, m := range keyLine().FindAllSubmatch(data, -1) {
		if key, err := casefile.ParseKey(string(m[1])); err == nil {
			keys = append(keys, key.Hash())
		}
	}
	return keys
}

// shelf splits a path of the register into the folder in which cases stand, and
// what comes below it. ok says that there is such a folder.
func shelf(name string) (dir, below string, ok bool) {
	dir, below, _ = strings.Cut(name, "/")
	if month, rest, deep := strings.Cut(below, "/"); deep && dir == "archive" {
		dir, below = path.Join(dir, month), rest
	}
	part, _ := store.PartOf(store.CasePath(dir, "2026-0001"))
	return dir, below, part == store.PartCase
}

// named reports whether one of the keys is that of a case.
func (g goneCases) named(id casefile.ID, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(g[id], k) })
}

// has reports whether what has a number, and these keys, is of one of the cases.
func (g goneCases) has(id casefile.ID, keys []string) bool {
	return g[id] != nil && (keys == nil || slices.Contains(g[id], "") || g.named(id, keys))
}
