package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"

	"gopkg.in/yaml.v3"
)

// pairs builds a YAML mapping, in the order of the calls; empty values are left
// out.
type pairs struct{ n yaml.Node }

func newPairs() *pairs { return &pairs{yaml.Node{Kind: yaml.MappingNode}} }

// raw adds a value that YAML reads as it stands: a date, a number, a word.
func (p *pairs) raw(key, value string) {
	if value != "" {
		p.add(key, &yaml.Node{Kind: yaml.ScalarNode, Value: value})
	}
}

// text adds a text by a person; it is quoted where YAML would read it as
// something else, and stands in a block of its own where it has several lines.
func (p *pairs) text(key, value string, style yaml.Style) {
	if value == "" {
		return
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Style: style}
	if style == 0 && strings.Contains(value, "\n") {
		n.Style = yaml.LiteralStyle
	}
	p.add(key, n)
}

func (p *pairs) add(key string, value *yaml.Node) {
	p.n.Content = append(p.n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
}

func encode(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// The styles that texts are written in: as fits the text, and, should that not
// read back as what was meant, between quotes.
var styles = []yaml.Style{0, yaml.DoubleQuotedStyle}

// encodeCase returns the file of a case.
func encodeCase(c *casefile.Case, p *deadlines.Policy) ([]byte, error) {
	for _, style := range styles {
		head := newPairs()
		head.raw("format", "1")
		head.raw("id", string(c.ID))
		head.raw("key", string(c.Key))
		if c.Also != nil {
			head.add("also", words(c.Also))
		}
		head.raw("received", c.Received.String())
		head.text("subject", c.Subject, style)
		head.text("about", c.About, style)
		head.add("complainant", encodeComplainant(c.Complainant, style))
		if c.Others != nil {
			list := &yaml.Node{Kind: yaml.SequenceNode}
			for _, o := range c.Others {
				list.Content = append(list.Content, encodeComplainant(o, style))
			}
			head.add("others", list)
		}
		head.raw("language", c.Language)
		complaint := c.Complaint
		if complaint != "" && style == 0 {
			complaint += "\n" // so that YAML writes a block, whatever its length
		}
		head.text("complaint", complaint, style)
		data, err := encode(&head.n)
		if err != nil {
			return nil, err
		}
		data = append(data, "log:\n"...)
		for _, e := range c.Log {
			entry, err := encodeEntry(e, style)
			if err != nil {
				return nil, err
			}
			data = append(data, indent(entry, "  ", "\n")...)
		}
		if f, damage := decodeCase(string(c.ID)+suffix, data, p); damage == nil && sameCase(&f.Case, c) {
			return data, nil
		} else if damage != nil && style == styles[len(styles)-1] {
			return nil, damage.Err
		}
	}
	return nil, casefile.Errorf("the text of this complaint cannot be written to a file without changing it")
}

func encodeComplainant(c casefile.Complainant, style yaml.Style) *yaml.Node {
	m := newPairs()
	m.text("name", c.Name, style)
	m.text("email", c.Email, style)
	m.text("phone", c.Phone, style)
	m.text("address", c.Address, style)
	if c.Anonymous {
		m.raw("anonymous", "true")
	}
	return &m.n
}

// encodeEntry returns an entry as a list of one item, not indented.
func encodeEntry(e casefile.Entry, style yaml.Style) ([]byte, error) {
	m := newPairs()
	m.raw("at", e.At.String())
	m.raw("step", string(e.Step))
	m.text("by", e.By, style)
	for _, f := range casefile.Fields() {
		if !e.Has(f) {
			continue
		}
		switch v := e.Value(f).(type) {
		case *string:
			m.text(string(f), *v, style)
		case *[]string:
			m.add(string(f), words(*v))
		case *casefile.Promised:
			dates := newPairs()
			dates.n.Style = yaml.FlowStyle
			for _, term := range v.Keys() {
				dates.raw(term, (*v)[term].String())
			}
			m.add(string(f), &dates.n)
		case *bool:
			m.raw(string(f), "true")
		case fmt.Stringer: // a date or a moment
			m.raw(string(f), v.String())
		case *casefile.Outcome:
			m.raw(string(f), string(*v))
		}
	}
	return encode(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{&m.n}})
}

// words returns a list of words, on one line.
func words[T ~string](list []T) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, w := range list {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: string(w)})
	}
	return n
}

// indent puts the prefix before each line that is not empty, and ends lines
// with the line break of the file.
func indent(data []byte, prefix, lineBreak string) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" {
			b.WriteString(prefix)
		}
		b.WriteString(line + lineBreak)
	}
	return b.Bytes()
}

// withEntry returns the file with one entry more at its end. All that was there
// stays as it is, byte for byte: comments, order and line breaks. A file that
// cannot be added to in this way gives an error, not another file.
func withEntry(f *File, e casefile.Entry, p *deadlines.Policy) (*File, error) {
	data := f.Data
	lineBreak := "\n"
	if bytes.Contains(data, []byte("\r\n")) {
		lineBreak = "\r\n"
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		data = append(bytes.Clone(data), lineBreak...)
	}
	want := f.Case
	want.Log = append(append([]casefile.Entry(nil), f.Log...), e)
	prefix := f.entryIndent()
	for _, style := range styles {
		entry, err := encodeEntry(e, style)
		if err != nil {
			return nil, err
		}
		next, damage := decodeCase(f.Path, append(bytes.Clone(data), indent(entry, prefix, lineBreak)...), p)
		if damage == nil && sameCase(&next.Case, &want) {
			return next, nil
		}
	}
	return nil, &Damage{File: f.Path, Line: f.entries[0], Err: casefile.Errorf("a step cannot be added to the end of this file").
		WithHint("write the log as a list with one item below the other, and nothing after it")}
}

// entryIndent returns the white space before the dashes of the log.
func (f *File) entryIndent() string {
	lines := strings.SplitN(string(f.Data), "\n", f.entries[0]+1)[:f.entries[0]]
	for _, line := range slices.Backward(lines) { // the dash can stand on a line above the first key
		if text := strings.TrimLeft(line, " "); strings.HasPrefix(text, "-") {
			return line[:len(line)-len(text)]
		}
	}
	return ""
}
