package history

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	casefile "klacht/case"
)

// entry is one name in a tree.
type entry struct {
	mode, name string
	id         []byte // as the tree has it
}

func (e entry) isTree() bool { return e.mode == "40000" || e.mode == "040000" }
func (e entry) isBlob() bool { return strings.HasPrefix(e.mode, "1") && e.mode != "160000" }

// isLink reports whether it names a commit of another repository.
func (e entry) isLink() bool { return !e.isTree() && !e.isBlob() }

func (e entry) hex() string { return hex.EncodeToString(e.id) }

// isID reports whether a text can be the id of an object.
func isID(s string) bool {
	return len(s) == 2*len(unhex(s)) && (len(s) == 2*sha1.Size || len(s) == 2*sha256.Size)
}

func unhex(id string) []byte {
	b, _ := hex.DecodeString(id)
	return b
}

// entries reads a tree, of which the ids have so many bytes.
func entries(data []byte, size int) ([]entry, error) {
	var list []entry
	for len(data) > 0 {
		mode, rest, ok := bytes.Cut(data, []byte(" "))
		name, rest, ok2 := bytes.Cut(rest, []byte("\x00"))
		if !ok || !ok2 || len(rest) < size {
			return nil, casefile.Errorf("the history is damaged: a tree in it cannot be read").WithHint("`git fsck` says more")
		}
		list = append(list, entry{string(mode), string(name), rest[:size]})
		data = rest[size:]
	}
	return list, nil
}

// encode returns a tree of which e is the next entry.
func (e entry) encode(tree []byte) []byte {
	return append(append(append(append(append(tree, e.mode...), ' '), e.name...), 0), e.id...)
}

// sorted returns the tree that consists of entries.
func sorted(list []entry) (tree []byte) {
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	for _, e := range list {
		tree = e.encode(tree)
	}
	return tree
}

// sortKey is what git sorts the names in a tree by.
func (e entry) sortKey() string {
	if e.isTree() {
		return e.name + "/"
	}
	return e.name
}
