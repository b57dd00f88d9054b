package store

import (
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/strict"

	"gopkg.in/yaml.v3"
)

// encodeLetter returns the file of a letter. The entry stands in it as it will
// stand in the log of the case.
func encodeLetter(l *Letter, p *deadlines.Policy) ([]byte, error) {
	for _, style := range styles {
		head := newPairs()
		head.raw("format", "1")
		head.raw("id", string(l.ID))
		head.raw("state", string(l.State))
		head.text("to", l.To, style)
		head.text("subject", l.Subject, style)
		head.text("message-id", l.MessageID, style)
		if l.Problem != (Problem{}) {
			problem := newPairs()
			problem.text("kind", l.Problem.Kind, style)
			problem.text("where", l.Problem.Where, style)
			problem.text("said", l.Problem.Said, style)
			head.add("problem", &problem.n)
		}
		if len(l.Basis) > 0 {
			basis := newPairs()
			for _, name := range slices.Sorted(maps.Keys(l.Basis)) {
				basis.text(name, l.Basis[name], style)
			}
			head.add("basis", &basis.n)
		}
		data, err := encode(&head.n)
		if err != nil {
			return nil, err
		}
		entry, err := encodeEntry(l.Entry, style)
		if err != nil {
			return nil, err
		}
		data = append(append(data, "log:\n"...), indent(entry, "  ", "\n")...)
		back, damage := decodeLetter(letterFile(l.Name), data, p)
		if damage != nil {
			if style == styles[len(styles)-1] {
				return nil, damage.Err
			}
			continue
		}
		if back.Name = l.Name; back.same(l) {
			return data, nil
		}
	}
	return nil, casefile.Errorf("this letter cannot be written to a file without changing it")
}

// same reports whether two letters say the same.
func (l *Letter) same(o *Letter) bool {
	return l.Name == o.Name && l.ID == o.ID && l.State == o.State && l.To == o.To && l.Subject == o.Subject &&
		l.MessageID == o.MessageID && l.Problem == o.Problem && maps.Equal(l.Basis, o.Basis) && l.Entry.Same(o.Entry)
}

// decodeLetter reads the file of a letter as strictly as that of a case.
func decodeLetter(file string, data []byte, p *deadlines.Policy) (*Letter, *Damage) {
	root, damage := strict.Document(file, data)
	if damage != nil {
		return nil, damage
	}
	l := &Letter{}
	d := letterReader{caseReader: caseReader{Reader: strict.Reader{File: file}, zone: p.Zone}, l: l}
	d.Mapping(root, d.key, letterKeys...)
	for _, key := range []string{"format", "id", "state", "to", "subject", "message-id", "log"} {
		if d.Wrong == nil && !slices.Contains(d.seen, key) {
			d.Wrong = &Damage{File: file, Line: 0, Err: casefile.Errorf("the key %q is missing", key)}
		}
	}
	if d.Wrong != nil {
		return nil, d.Wrong
	}
	return l, nil
}

var letterKeys = []string{"format", "id", "state", "to", "subject", "message-id", "problem", "log"}

type letterReader struct {
	caseReader
	l    *Letter
	seen []string
}

func (d *letterReader) key(key string, v *yaml.Node) bool {
	l := d.l
	d.seen = append(d.seen, key)
	switch key {
	case "format":
		d.Reader.Format(v)
	case "id":
		id, err := casefile.ParseID(d.Text(v))
		if err != nil {
			d.Fail(v, err)
		}
		l.ID = id
	case "state":
		l.State = LetterState(d.One(v, string(LetterDraft), string(LetterQueued), string(LetterSending),
			string(LetterAccepted), string(LetterRefused)))
	case "to":
		l.To = d.line(v)
	case "subject":
		l.Subject = d.line(v)
	case "message-id":
		l.MessageID = d.line(v)
	case "problem":
		d.Mapping(v, d.problem, "kind", "where", "said")
	case "basis":
		l.Basis = map[string]string{}
		d.Mapping(v, func(name string, v *yaml.Node) bool {
			l.Basis[name] = d.line(v)
			return true
		})
	case "log":
		items := d.Items(v)
		if len(items) != 1 {
			d.Fail(v, casefile.Errorf("the log of a letter has one step, the one that it carries out"))
			return true
		}
		l.Entry = d.entry(items[0])
		if l.Entry.Mail != "" {
			d.Fail(items[0], casefile.Errorf("%s has no field %q", l.Entry.Step, string(casefile.FieldMail)))
		}
	default:
		return false
	}
	return true
}

func (d *letterReader) problem(key string, v *yaml.Node) bool {
	p := &d.l.Problem
	switch key {
	case "kind":
		p.Kind = d.line(v)
	case "where":
		p.Where = d.line(v)
	case "said":
		p.Said = d.line(v)
	default:
		return false
	}
	return true
}

// line returns a text of one line that is safe to show and to put in a header.
func (d *letterReader) line(n *yaml.Node) string {
	s := d.Text(n)
	if d.Wrong == nil && (s == "" || casefile.OneLine(s) != s) {
		d.Fail(n, casefile.Errorf("a text on one line belongs here"))
	}
	return s
}
