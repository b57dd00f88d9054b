package merge

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/store"

	"gopkg.in/yaml.v3"
)

// script is a YAML file, cut into the pieces that are merged. Joined again they
// are the file.
type script struct {
	keys []*piece // nil if the file cannot be cut
	tail string   // comments below the last key
	crlf bool

	*store.File // of a case
}

// piece is a key with its value and the comments above it, or an item of a list.
// Where the value has keys of its own, or is a list whose items are told apart,
// those are its kids.
type piece struct {
	key    string // of an item: what tells it from the others
	above  string // comments and blank lines
	text   string // the lines of it up to the kids, not indented; "" of an item with kids
	kids   []*piece
	indent int            // of the kids
	value  string         // what it says, however it is written
	shown  string         // what it says, for the screen
	entry  casefile.Entry // of an item of the log
}

// lists are the keys whose items are told apart: a version by its key from, an
// entry of the log by all that it says.
var lists = map[string]bool{"versions": true, "log": true}

// cut returns the pieces of a file that can be read. One that is not written in
// lines as the program writes them is written so first.
func cut(data []byte) *script {
	s := &script{crlf: bytes.Contains(data, []byte("\r\n"))}
	text := strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") + "\n"
	var doc yaml.Node
	if s.cut(text) || yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
		return s
	}
	unfold(doc.Content[0], 0)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if enc.Encode(&doc) == nil && enc.Close() == nil {
		s.cut(b.String())
	}
	return s
}

// unfold puts a mapping, its values and the versions in lines of their own.
func unfold(n *yaml.Node, depth int) {
	if n.Kind == yaml.MappingNode || len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
		n.Style &^= yaml.FlowStyle
	}
	for i, c := range n.Content {
		if depth == 0 && i%2 == 1 || depth == 1 && fromOf(c) != "" {
			unfold(c, depth+1)
		}
	}
}

// cut fills in the pieces, and reports whether that could be done.
func (s *script) cut(text string) bool {
	lines := slices.Collect(strings.Lines(text))
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 || len(doc.Content[0].Content) == 0 || doc.Content[0].Column != 1 {
		return false
	}
	root, end, indent := doc.Content[0], len(lines), 0
	if last := root.Content[len(root.Content)-1]; last.Kind == yaml.SequenceNode {
		indent = last.Column - 1
	}
	for end > 1 && remark(lines[end-1], indent) {
		end--
	}
	keys := pieces(lines, root, 0, end)
	for _, p := range keys {
		for _, mark := range []string{"---", "...", "%"} {
			if strings.HasPrefix(p.above, mark) || strings.Contains("\n"+p.text, "\n"+mark) {
				return false
			}
		}
		if lists[p.key] && p.kids == nil || slices.ContainsFunc(p.kids, func(item *piece) bool { return item.key != "" && item.kids == nil && p.key == "versions" }) {
			return false
		}
	}
	s.keys, s.tail = keys, strings.Join(lines[end:], "")
	return keys != nil
}

// pieces cuts what stands in the lines from and up to to, which are those of a
// mapping or a list; nil if they are not.
func pieces(lines []string, n *yaml.Node, from, to int) (out []*piece) {
	width, col := 2, n.Column-1
	if n.Kind == yaml.SequenceNode {
		width = 1
	} else if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := len(n.Content) - width; i >= 0; i -= width {
		k, v := n.Content[i], n.Content[i+width-1]
		at := k.Line - 1
		for width == 1 && at > from && at < to && !strings.HasPrefix(strings.TrimLeft(lines[at], " "), "-") {
			at-- // the dash can stand on a line above
		}
		if n.Style&yaml.FlowStyle != 0 || at < from || at >= to || len(lines[at])-len(strings.TrimLeft(lines[at], " ")) != col {
			return nil
		}
		begin := at
		for begin > from && (i == 0 || remark(lines[begin-1], col)) {
			begin--
		}
		text := strings.Join(lines[at:to], "")
		p := &piece{key: k.Value, above: dedent(strings.Join(lines[begin:at], ""), col), value: meaning(v), shown: v.Value, indent: v.Column - 1 - col}
		switch {
		case width == 1:
			if p.key, p.shown = fromOf(v), text; p.key != "" && p.indent > 1 && v.Line-1 == at {
				dash := lines[at]
				lines[at] = strings.Replace(dash, "-", " ", 1)
				p.kids = pieces(lines, v, at, to)
				lines[at] = dash
			}
		case v.Kind != yaml.ScalarNode:
			_, p.shown, _ = strings.Cut(text, ":")
			if v.Kind == yaml.MappingNode || lists[p.key] {
				p.kids = pieces(lines, v, at+1, to)
			}
		}
		if p.kids == nil {
			p.text, p.indent = dedent(text, col), 0
		} else if width == 2 {
			p.text = dedent(lines[at], col)
		}
		out, to = append(out, p), begin
	}
	slices.Reverse(out)
	return out
}

// fromOf returns the value of the key from; "" if there is none.
func fromOf(n *yaml.Node) string {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if n.Content[i].Value == "from" {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// meaning returns what a value says, however it is written. Line breaks at the
// end of a text do not count.
func meaning(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return strconv.Quote(strings.TrimRight(n.Value, "\n"))
	}
	var parts []string
	for _, c := range n.Content {
		parts = append(parts, meaning(c))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// says returns the meaning of a piece, also of one that was merged; nil says nothing.
func (p *piece) says() string {
	if p == nil || p.kids == nil {
		return p.or().value
	}
	var parts []string
	for _, k := range p.kids {
		if !lists[p.key] {
			parts = append(parts, strconv.Quote(k.key))
		}
		parts = append(parts, k.says())
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// or returns the piece, or an empty one in the place of nil.
func (p *piece) or() *piece {
	if p == nil {
		return &piece{}
	}
	return p
}

// same reports whether two pieces are the same in every byte; nil is nothing.
func same(a, b *piece) bool { return (a == nil) == (b == nil) && a.or().String() == b.or().String() }

// alike reports whether two pieces say the same.
func alike(a, b *piece) bool { return (a == nil) == (b == nil) && a.says() == b.says() }

// String returns the lines of a piece, not indented.
func (p *piece) String() string {
	var b strings.Builder
	b.WriteString(p.above + p.text)
	for i, k := range p.kids {
		text := shift(k.String(), p.indent)
		if i == 0 && p.text == "" { // the dash of an item
			n := len(shift(k.above, p.indent))
			text = text[:n] + "-" + text[n+1:]
		}
		b.WriteString(text)
	}
	return b.String()
}

// join returns the file of which these are the pieces.
func (s *script) join() []byte {
	var b strings.Builder
	for _, p := range s.keys {
		b.WriteString(p.String())
	}
	b.WriteString(s.tail)
	if s.crlf {
		return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
	}
	return []byte(b.String())
}

// remark reports whether a line is blank, or a comment that is indented at most
// so far: one that is indented further can be part of a text.
func remark(line string, indent int) bool {
	text := strings.TrimLeft(line, " ")
	return strings.TrimSpace(line) == "" || text[0] == '#' && len(line)-len(text) <= indent
}

// dedent takes up to so many blanks off the start of each line.
func dedent(text string, indent int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(line[min(indent, len(line)-len(strings.TrimLeft(line, " "))):])
	}
	return b.String()
}

// shift indents the lines that are not empty.
func shift(text string, indent int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString(strings.Repeat(" ", indent))
		}
		b.WriteString(line)
	}
	return b.String()
}
