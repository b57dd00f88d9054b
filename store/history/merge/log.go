package merge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// log merges the entries of two logs. What either side added is there once; an
// entry of the base is as the side has it that edited it or took it out.
func (m *merging) log(base, ours, theirs []*piece) (out []*piece) {
	b, o, t := byKey(base), byKey(ours), byKey(theirs)
	oNow, tNow := edits(base, ours, theirs), edits(base, theirs, ours)
	gone := map[*piece]bool{}
	for _, p := range base {
		x, y := o[p.key], t[p.key]
		switch {
		case x != nil && y != nil:
		case x != nil || y != nil: // one side left it as it was
			gone[x], gone[y] = true, true
		default:
			x, y = oNow[p.key], tNow[p.key]
			if x == y { // both took it out
			} else if m.differ(string(p.entry.Step), x.or().shown, y.or().shown) == Theirs {
				gone[x] = true
			} else {
				gone[y] = true
			}
		}
	}
	for _, side := range [][2]map[string]*piece{{o, t}, {t, o}} {
		for key, p := range side[0] {
			if b[key] != nil || side[1][key] != nil || quiet(p.entry.Step) {
				continue
			}
			for language := range setAside { // an earlier merge can have made a note of it on the other side
				if note := entryKey(noteOf(p.entry, language), 0); b[note] == nil && side[0][note] == nil {
					gone[side[1][note]] = true
				}
			}
		}
	}
	left := func(list []*piece) []*piece {
		return slices.DeleteFunc(slices.Clone(list), func(p *piece) bool { return gone[p] })
	}
	for _, p := range weave(base, left(ours), left(theirs), byTime) {
		if o[p.key] != nil && t[p.key] != nil {
			p = m.key(p.key, b[p.key], o[p.key], t[p.key])
		}
		out = append(out, p)
	}
	return out
}

// entryKey tells an entry from others by what it says; times is how many of the
// same stand above it.
func entryKey(e casefile.Entry, times int) string {
	for _, f := range casefile.Fields() {
		if text, ok := e.Value(f).(*string); ok {
			*text = strings.TrimRight(*text, "\n")
		}
	}
	data, _ := json.Marshal(e) // no value of an entry fails
	return fmt.Sprintf("%s %d", data, times)
}

// parts take one part of what an entry says out of it.
var parts = []func(*casefile.Entry){
	func(e *casefile.Entry) { e.At = casefile.Moment{} },
	func(e *casefile.Entry) { e.Step = "" },
	func(e *casefile.Entry) { e.By = "" },
	func(e *casefile.Entry) { e.Text = "" },
	func(e *casefile.Entry) { e.Mail, e.Letter = "", "" },
	func(e *casefile.Entry) {
		*e = casefile.Entry{At: e.At, Step: e.Step, By: e.By, Text: e.Text, Mail: e.Mail, Letter: e.Letter}
	},
}

// edits returns what a side made of entries of the base that it has no more, by
// their keys: an entry that stands between the same others and differs in one
// part only. One that the other side has as well was not edited, but added.
func edits(base, side, other []*piece) map[string]*piece {
	b, s, o := byKey(base), byKey(side), byKey(other)
	signs := func(gap int, e casefile.Entry) (keys []string) {
		for n, without := range parts {
			rest := e
			without(&rest)
			keys = append(keys, fmt.Sprint(gap, n, entryKey(rest, 0)))
		}
		return keys
	}
	free, now, taken := map[string][]*piece{}, map[string]*piece{}, map[*piece]bool{}
	gap := 0
	for _, p := range side {
		if b[p.key] != nil {
			gap++
		} else if o[p.key] == nil {
			for _, sign := range signs(gap, p.entry) {
				free[sign] = append(free[sign], p)
			}
		}
	}
	gap = 0
	for _, p := range base {
		if s[p.key] != nil {
			gap++
			continue
		}
		for _, sign := range signs(gap, p.entry) {
			for len(free[sign]) > 0 && now[p.key] == nil {
				if e := free[sign][0]; !taken[e] {
					now[p.key], taken[e] = e, true
				}
				free[sign] = free[sign][1:]
			}
		}
	}
	return now
}

// byTime compares two entries by date, by time if both have one, and by what
// they say.
func byTime(x, y *piece) int {
	a, b := x.entry.At, y.entry.At
	if a.Time.IsZero() || b.Time.IsZero() {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(x.key, y.key))
	}
	return cmp.Or(a.Date.Compare(b.Date), a.Time.Compare(b.Time), cmp.Compare(x.key, y.key))
}

// quiet reports whether a step changes nothing about what can follow.
func quiet(s casefile.Step) bool { return s == casefile.Noted || s == casefile.Replied }

// said returns the fields of an entry in words, but for those that are left out.
func said(e casefile.Entry, out ...casefile.Field) (words []string) {
	for _, f := range casefile.Fields() {
		if e.Has(f) && !slices.Contains(out, f) {
			words = append(words, fmt.Sprintf("%s %v", f, reflect.ValueOf(e.Value(f)).Elem()))
		}
	}
	return words
}

// setAside holds the words with which the note of a step that was set aside
// begins, by language.
var setAside = map[string]string{
	"en": "Set aside when two versions came together: ",
	"nl": "Opzijgezet toen twee versies bij elkaar kwamen: ",
}

// noteOf returns a note that holds all that an entry says.
func noteOf(e casefile.Entry, language string) casefile.Entry {
	own := []casefile.Field{casefile.FieldText, casefile.FieldFiles, casefile.FieldMail, casefile.FieldNoted}
	text := setAside[language] + strings.Join(append([]string{string(e.Step)}, said(e, own...)...), ", ")
	if e.Text != "" {
		text += "\n" + e.Text
	}
	return casefile.Entry{At: e.At, Step: casefile.Noted, By: e.By, Text: text, Files: e.Files, Mail: e.Mail, Noted: e.Noted}
}

// item returns an entry as the program writes it.
func item(e casefile.Entry) (*piece, error) {
	data, err := store.EncodeEntry(e)
	p := &piece{text: string(data)}
	p.fill(e, 0)
	return p, err
}

// fill says what the piece of an entry says; times as in [entryKey].
func (p *piece) fill(e casefile.Entry, times int) {
	p.entry, p.key, p.value = e, entryKey(e, times), entryKey(e, 0)
	p.shown = strings.Join(append([]string{string(e.Step), e.At.String()}, said(e)...), ", ")
}
