package history

import (
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"klacht/store"
)

// MergeFile merges a file that is known by its path: the policy, a letter of the
// owner's own, or any other. nil stands for a file that is not there. A change of
// one side is taken; where both changed it, and not in the same way, it is a
// conflict. ok is false if that is not settled.
func MergeFile(path string, base, ours, theirs []byte, decide Decide) (data []byte, conflict *Conflict) {
	text := func(b []byte) *string {
		if b == nil {
			return nil
		}
		s := string(b)
		return &s
	}
	got, ok := pick(text(base), text(ours), text(theirs))
	if !ok {
		c := Conflict{File: path, Here: differing(ours, theirs), There: differing(theirs, ours)}
		switch decide(c) {
		case Mine:
			got = text(ours)
		case Theirs:
			got = text(theirs)
		default:
			return nil, &c
		}
	}
	if got == nil {
		return nil, nil
	}
	return []byte(*got), nil
}

// differing returns the first line of a file that the other has not.
func differing(a, b []byte) string {
	have := linesOf(b)
	for line := range bytes.Lines(a) {
		if l := strings.TrimSpace(string(line)); !have[l] {
			return brief(l)
		}
	}
	return ""
}

// has reports whether a file has every line of another.
func has(data, other []byte) bool {
	have := linesOf(data)
	have[""] = true
	for l := range linesOf(other) {
		if !have[l] {
			return false
		}
	}
	return true
}

// linesOf returns the lines of a file, without the blanks around them.
func linesOf(data []byte) map[string]bool {
	lines := map[string]bool{}
	for line := range bytes.Lines(data) {
		lines[strings.TrimSpace(string(line))] = true
	}
	return lines
}

var purgedOn = regexp.MustCompile(`purged: ([0-9-]+)\}\s*$`)

// MergePurged merges the lines about purged cases: all of both, once each. Of a
// case that both purged it keeps the line of the earlier day. It never takes out a
// line, whatever a side did. A file that cannot be read is a conflict.
func MergePurged(base, ours, theirs []byte) ([]byte, *Conflict) {
	c := Conflict{File: store.PurgedFile}
	for data, said := range map[*[]byte]*string{&ours: &c.Here, &theirs: &c.There} {
		if _, err := store.ParsePurged(*data); err != nil {
			var damage *store.Damage
			errors.As(err, &damage)
			*said = brief(damage.Error())
		}
	}
	if c.Here != "" || c.There != "" {
		return nil, &c
	}
	type entry struct{ id, on, text string }
	read := func(data []byte) (remarks []string, lines map[string]entry) {
		lines = map[string]entry{}
		for line := range strings.Lines(strings.ReplaceAll(string(data), "\r\n", "\n")) {
			line = strings.TrimRight(line, "\n") + "\n"
			ids, err := store.ParsePurged([]byte(line))
			switch {
			case strings.TrimSpace(line) == "" || err != nil:
			case ids == nil:
				remarks = append(remarks, line)
			default:
				e := entry{id: string(ids[0]), text: line}
				if m := purgedOn.FindStringSubmatch(line); m != nil {
					e.on = m[1]
				}
				if old, ok := lines[e.id]; !ok || old.on > e.on || old.on == e.on && old.text > e.text {
					lines[e.id] = e
				}
			}
		}
		return remarks, lines
	}
	for _, pair := range [][2][]byte{{ours, theirs}, {theirs, ours}} { // a side that has all stays as it is
		if has(pair[0], pair[1]) && has(pair[0], base) && (!has(pair[1], pair[0]) || bytes.Compare(pair[0], pair[1]) <= 0) {
			return pair[0], nil
		}
	}
	remarks, all := read(ours)
	more, lines := read(theirs)
	_, old := read(base)
	for id, e := range old {
		if _, ok := lines[id]; !ok {
			lines[id] = e
		}
	}
	for id, e := range lines {
		if have, ok := all[id]; !ok || have.on > e.on || have.on == e.on && have.text > e.text {
			all[id] = e
		}
	}
	if slices.Compare(more, remarks) < 0 {
		remarks, more = more, remarks
	}
	for _, r := range more {
		if !slices.Contains(remarks, r) {
			remarks = append(remarks, r)
		}
	}
	var list []entry
	for _, e := range all {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.id, b.id)) })
	if len(list) == 0 && len(remarks) == 0 {
		return nil, nil
	}
	var b strings.Builder
	for _, r := range remarks {
		b.WriteString(r)
	}
	for _, e := range list {
		b.WriteString(e.text)
	}
	return []byte(b.String()), nil
}
