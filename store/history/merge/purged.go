package merge

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// purged tells a line of purged.yaml from others: by what it says of a case, or, of
// a comment, by itself.
type purged struct {
	store.PurgedLine
	comment string
}

// Purged merges the lines about purged cases: all of both and of the base, once
// each, by day. None is ever lost, whatever a side did; but where both sides purged
// the same content of a case, the line of the earlier day tells it. A line that
// cannot be read is a conflict.
func Purged(base, ours, theirs []byte) ([]byte, []Conflict) {
	lines := map[purged]string{}
	oursErr, theirsErr := readPurged(ours, lines), readPurged(theirs, lines)
	if oursErr != nil || theirsErr != nil {
		return unreadable(ours, theirs, oursErr, theirsErr, Ask)
	}
	_ = readPurged(base, lines) // what both sides mended since says nothing more
	out := []byte{}
	for _, l := range slices.SortedFunc(maps.Keys(lines), func(a, b purged) int { // a comment has no day, and comes first
		return cmp.Or(a.On.Compare(b.On), a.ID.Compare(b.ID), cmp.Compare(lines[a], lines[b]))
	}) {
		out = append(out, lines[l]+"\n"...)
	}
	return out, nil
}

// readPurged adds the lines of a file to those that there are. The error is about the
// first line that cannot be read; the others are added.
func readPurged(data []byte, lines map[purged]string) (wrong error) {
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		text := strings.TrimSpace(line)
		l := purged{comment: text}
		if said, err := store.ParsePurgedLines([]byte(line)); err != nil {
			wrong = cmp.Or(wrong, error(&store.Damage{File: store.PurgedFile, Line: n, Err: casefile.Errorf("is not the line of a purged complaint")}))
			continue
		} else if said != nil {
			p := said[0]
			l = purged{PurgedLine: store.PurgedLine{ID: p.ID, Key: p.Key, Content: p.Content, Kept: p.Kept, On: p.On}}
			if p.Kept {
				l.By = p.By
			}
		}
		if old, ok := lines[l]; text != "" && (!ok || text < old) {
			lines[l] = text
		}
	}
	return wrong
}
