package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A key of a mail is that of its content and, for the case that a folder holds the
// same bytes more than once, which of them it is. A mail that an entry names and no
// side has is known by its name.

func contentOf(key string) (content string, ok bool) {
	if strings.HasPrefix(key, "?") {
		return "", false
	}
	content, _, _ = strings.Cut(key, "#")
	return content, true
}

// keys finds the names of the mails of each side.
func (m *merging) keys(copies ...*Copy) {
	for side, c := range copies {
		m.sides[side], m.byName[side] = map[string]string{}, map[string]string{}
		if c == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(c.Mails)) {
			key := ""
			for n := 0; key == "" || m.sides[side][key] != ""; n++ {
				key = fmt.Sprintf("%s#%d", c.Mails[name], n)
			}
			m.sides[side][key], m.byName[side][name] = name, key
		}
	}
}

// keyOf returns what tells the key of a mail from the name that an entry of the
// side has for it. Where the side has lost the mail it is the one that others have
// under that name.
func (m *merging) keyOf(side int) func(string) string {
	return func(name string) string {
		for _, s := range []int{side, 0, 1, 2} {
			if key, ok := m.byName[s][name]; ok {
				return key
			}
		}
		return "?" + name
	}
}

// name gives every mail of the result its name. One that a single side has keeps
// its own; of two under one name, the one that both began with keeps it, or else
// the one whose entry is earlier; the other gets the next number.
func (m *merging) name() {
	used := map[string]*item{}
	for n := range m.out.log {
		for _, key := range m.out.log[n].mails {
			if used[key] == nil {
				used[key] = &m.out.log[n]
			}
		}
	}
	m.names = map[string]string{}
	want := map[string]string{}
	last := 0
	for _, side := range m.sides {
		for key, name := range side {
			last = max(last, number(name))
			if _, ok := want[key]; ok {
				continue
			}
			b, inBase := m.sides[0][key]
			o, inHere := m.sides[1][key]
			t, inThere := m.sides[2][key]
			switch {
			case inHere && inThere:
				if got, ok := pick(&b, &o, &t); ok {
					want[key] = *got
				} else {
					want[key] = max(o, t) // a name is only ever changed to a later one
				}
			case inBase && used[key] == nil: // one side has removed it, or both
			case inHere:
				want[key] = o
			case inThere:
				want[key] = t
			case used[key] != nil:
				want[key] = b
			}
		}
	}
	for key := range used {
		if name, missing := strings.CutPrefix(key, "?"); missing {
			want[key] = name
		}
	}
	keys := slices.SortedFunc(maps.Keys(want), func(a, b string) int {
		ofBase := func(k string) int {
			if m.sides[0][k] == want[k] && want[k] != "" {
				return 0
			}
			return 1
		}
		at := func(k string) string {
			if used[k] == nil {
				return "~" // after all that an entry names
			}
			return used[k].entry.At.Date.String() + " " + used[k].entry.At.String()
		}
		return cmp.Or(cmp.Compare(ofBase(a), ofBase(b)), cmp.Compare(at(a), at(b)), cmp.Compare(want[a], want[b]), cmp.Compare(a, b))
	})
	taken := map[string]bool{}
	for _, key := range keys {
		name := want[key]
		if taken[strings.ToLower(name)] { // by folders that do not tell A from a
			last++
			name = renumbered(name, last)
		}
		taken[strings.ToLower(name)] = true
		m.names[key] = name
	}
}

// number returns the number that the name of a mail starts with, or 0.
func number(name string) int {
	digits, _, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 1e6 {
		return 0
	}
	return n
}

// renumbered returns the name of a mail with another number.
func renumbered(name string, n int) string {
	if number(name) > 0 {
		_, name, _ = strings.Cut(name, "-")
	}
	name = fmt.Sprintf("%02d-%s", n, name)
	return name[:min(len(name), 100)]
}
