package merge

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// purged is a line of purged.yaml.
type purged struct {
	store.PurgedLine
	text string
}

// Purged merges the lines about purged cases: all of both and of the base, once
// each, by day. None is ever lost, whatever a side did; but where both sides purged
// the same content of a case, the line of the earlier day tells it. A line that
// cannot be read is a conflict.
func Purged(base, ours, theirs []byte) ([]byte, []Conflict) {
	lines, remarks := map[store.PurgedLine]purged{}, map[string]bool{}
	oursErr := readPurged(ours, lines, remarks)
	theirsErr := readPurged(theirs, lines, remarks)
	if oursErr != nil || theirsErr != nil {
		return (&merging{}).unreadable(ours, theirs, oursErr, theirsErr)
	}
	_ = readPurged(base, lines, remarks) // what both sides mended since says nothing more
	list := slices.SortedFunc(maps.Values(lines), func(a, b purged) int {
		return cmp.Or(a.On.Compare(b.On), a.ID.Compare(b.ID), cmp.Compare(a.text, b.text))
	})
	out := []byte{}
	for _, r := range slices.Sorted(maps.Keys(remarks)) {
		out = append(out, r+"\n"...)
	}
	for _, l := range list {
		out = append(out, l.text+"\n"...)
	}
	return out, nil
}

// readPurged adds the lines and the comments of a file to those that there are.
// The error is about the first line that cannot be read; the others are added.
func readPurged(data []byte, lines map[store.PurgedLine]purged, remarks map[string]bool) (wrong error) {
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		said, err := store.ParsePurgedLines([]byte(line))
		text := strings.TrimSpace(line)
		switch {
		case err != nil:
			wrong = cmp.Or(wrong, error(&store.Damage{File: store.PurgedFile, Line: n, Err: casefile.Errorf("is not the line of a purged complaint")}))
			continue
		case said == nil:
			if text != "" {
				remarks[text] = true
			}
			continue
		}
		l := said[0]
		same := store.PurgedLine{ID: l.ID, Key: l.Key, Content: l.Content, Kept: l.Kept, On: l.On}
		if l.Kept {
			same.By = l.By
		}
		if old, ok := lines[same]; !ok || text < old.text {
			lines[same] = purged{l, text}
		}
	}
	return wrong
}
