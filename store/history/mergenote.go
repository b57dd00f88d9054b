package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// note makes a note of a step that is in the way of the one at the index, or of
// that one itself: of a step of the side that was not chosen. It reports whether
// there was one.
func (m *merging) note(at int) bool {
	order := placed(m.out.log)
	bad := slices.IndexFunc(order, func(p casefile.Placed) bool { return p.Index == at })
	step := m.out.log[at].entry.Step
	other := -1 // the latest step before it that one side alone has, and not the same side
	for n := bad - 1; n >= 0 && other < 0; n-- {
		if i := order[n].Index; m.from[i] != m.from[at] && m.from[i] != Undecided && !quiet(order[n].Step) {
			other = i
		}
	}
	say := func(side Choice) string {
		for _, i := range []int{at, other} {
			if i >= 0 && m.from[i] == side {
				return told(&m.out.log[i])
			}
		}
		return ""
	}
	choice := m.differ(string(step), say(Mine), say(Theirs))
	if choice == Undecided {
		return false
	}
	for _, i := range []int{at, other} {
		if i >= 0 && m.from[i] != choice && m.from[i] != Undecided && !quiet(m.out.log[i].entry.Step) && m.becomeNote(i) {
			return true
		}
	}
	for n := len(order) - 1; n >= 0; n-- { // further back
		if i := order[n].Index; m.from[i] != choice && m.from[i] != Undecided && !quiet(order[n].Step) && m.becomeNote(i) {
			return true
		}
	}
	return false
}

// quiet reports whether a step changes nothing about what can follow.
func quiet(s casefile.Step) bool { return s == casefile.Noted || s == casefile.Replied }

func placed(log []item) []casefile.Placed {
	c := casefile.Case{}
	for _, i := range log {
		c.Log = append(c.Log, i.entry)
	}
	return c.InOrder()
}

func (m *merging) becomeNote(i int) bool {
	it, err := m.noteOf(m.out.log[i], m.names)
	if err == nil {
		m.out.log[i] = it
	}
	return err == nil
}

// The words with which the note of a step that was set aside begins, by language.
var setAside = map[string]string{
	"en": "Set aside when two versions came together: ",
	"nl": "Opzijgezet toen twee versies bij elkaar kwamen: ",
}

// setAside reports whether the entry is the note of a step that was set aside.
func (i item) setAside() bool {
	if i.entry.Step != casefile.Noted {
		return false
	}
	for _, words := range setAside {
		if strings.HasPrefix(i.entry.Text, words) {
			return true
		}
	}
	return false
}

// origin is what a step and the note of it have in common: when, who, what, the
// mail by its content, and the text.
func (i item) origin() string {
	e := i.entry
	step, text := string(e.Step), e.Text
	if i.setAside() {
		first, rest, _ := strings.Cut(e.Text, "\n")
		_, said, _ := strings.Cut(first, ": ")
		step, _, _ = strings.Cut(said, ", ")
		text = rest
	}
	mail := ""
	for n, key := range i.mails {
		if i.fields[n] == casefile.FieldMail {
			mail = key
		}
	}
	return strings.Join([]string{e.At.String(), e.By, step, mail, strings.TrimRight(text, "\n")}, "\x00")
}

// noteOf returns a note that holds what an entry says.
func (m *merging) noteOf(i item, names map[string]string) (item, error) {
	e := i.entry
	said := []string{string(e.Step)}
	for _, f := range []struct{ key, value string }{
		{"when", e.When.String()}, {"means", e.Means}, {"until", e.Until.String()}, {"reason", e.Reason},
		{"outcome", string(e.Outcome)}, {"body", e.Body}, {"review", e.Review.String()}, {"learned", e.Learned},
	} {
		if f.value != "" {
			said = append(said, f.key+" "+f.value)
		}
	}
	mail := ""
	for n, key := range i.mails {
		said = append(said, string(i.fields[n])+" "+names[key])
		if i.fields[n] == casefile.FieldMail {
			mail = key
		}
	}
	text := setAside["en"] + strings.Join(said, ", ")
	if words, ok := setAside[m.p.Language]; ok {
		text = words + strings.Join(said, ", ")
	}
	if e.Text != "" {
		text += "\n" + e.Text
	}
	note := casefile.Entry{At: e.At, Step: casefile.Noted, By: e.By, Text: text}
	if mail == "" {
		return newItem(note)
	}
	note.Mail = names[mail]
	return newItem(note, mail)
}

// whole settles a case as one: the copy of the side that is chosen, with what the
// other side's log has beside it as notes.
func (m *merging) whole() (*Copy, []Conflict) {
	win, lose := m.here, m.there
	side := 1
	switch m.differ("", summary(m.here), summary(m.there)) {
	case Undecided:
		return nil, m.conflicts
	case Theirs:
		win, lose, side = m.there, m.here, 2
	}
	m.out.log = nil
	have := slices.Clone(win.Log)
	mails := map[string]string{} // of the result: name to content
	for name, key := range m.byName[side] {
		mails[name], _ = contentOf(key)
	}
	data := slices.Clone(win.Data)
	if !strings.HasSuffix(string(data), "\n") {
		data = append(data, '\n')
	}
	taken := map[string]string{} // content to name, of the side that was chosen
	last := 0
	for _, name := range slices.Sorted(maps.Keys(mails)) {
		taken[mails[name]] = name
		last = max(last, number(name))
	}
	for _, name := range slices.Sorted(maps.Keys(m.byName[3-side])) {
		content, _ := contentOf(m.byName[3-side][name])
		if _, ok := taken[content]; ok {
			continue
		}
		to := name
		for mails[to] != "" {
			last++
			to = renumbered(name, last)
		}
		mails[to], taken[content] = content, to
	}
	for _, e := range lose.Log {
		for _, name := range []*string{&e.Mail, &e.Letter} {
			if content, ok := contentOf(m.byName[3-side][*name]); ok && *name != "" && taken[content] != "" {
				*name = taken[content]
			}
		}
		if n := slices.IndexFunc(have, func(h casefile.Entry) bool { return h.Same(e) }); n >= 0 {
			have = slices.Delete(have, n, n+1)
			continue
		}
		if began := win.Began(); e.At.Date.Before(began) {
			e.At = casefile.Moment{Date: began} // nothing comes before the complaint itself
		}
		i := item{entry: e}
		names := map[string]string{e.Mail: e.Mail, e.Letter: e.Letter}
		for field, name := range map[casefile.Field]string{casefile.FieldMail: e.Mail, casefile.FieldLetter: e.Letter} {
			if name != "" {
				i.mails, i.fields = append(i.mails, name), append(i.fields, field)
			}
		}
		note, err := m.noteOf(i, names)
		if err != nil {
			return nil, []Conflict{{ID: m.id, Here: brief(summary(m.here)), There: brief(summary(m.there))}}
		}
		data = append(data, note.render(names, indentOf(win))...)
	}
	if _, err := store.ParseFile(m.file, data, m.p); err != nil {
		return nil, []Conflict{{ID: m.id, Here: brief(summary(m.here)), There: brief(summary(m.there))}}
	}
	return &Copy{Data: data, Mails: mails}, nil
}

// indentOf returns how far the dashes of a log are indented.
func indentOf(s *script) int {
	if s.log != nil {
		return s.indent
	}
	return 2
}

// summary says in short what a case is.
func summary(s *script) string {
	last := s.InOrder()[len(s.Log)-1]
	return fmt.Sprintf("%s, %s %s", s.Subject, last.Step, last.At.Date)
}
