package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"gopkg.in/yaml.v3"
)

// script is the text of a case file, cut into the pieces that are merged: the
// keys above the log, and the entries of the log, each with the comments above
// it. Joined again they are the file, but for its line breaks and the
// indentation of its log.
type script struct {
	*store.File
	fields []field
	log    []item
	tail   string // comments below the log
	indent int    // of the dashes of the log
	crlf   bool
}

// field is a key above the log; one of the complainant is "complainant.name".
type field struct{ key, text string }

// item is an entry of the log. Where its text names a mail of the case it is cut:
// text[0] mails[0] text[1] ... ; mails are the keys of their content, so that an
// entry stays the same when its mail gets another name.
type item struct {
	entry  casefile.Entry
	text   []string
	mails  []string
	fields []casefile.Field // that name them: mail or letter
}

// same is what tells an entry from others.
func (i item) same() string {
	var b strings.Builder
	for n, t := range i.text {
		b.WriteString(t)
		if n < len(i.mails) {
			b.WriteString("\x00" + i.mails[n] + "\x00")
		}
	}
	return b.String()
}

// render returns the text of the entry with the names that its mails have now.
func (i item) render(names map[string]string, indent int) string {
	var b strings.Builder
	for n, t := range i.text {
		b.WriteString(t)
		if n < len(i.mails) {
			b.WriteString(names[i.mails[n]])
		}
	}
	return shift(b.String(), indent)
}

// shift indents the lines that are not empty.
func shift(text string, indent int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(strings.Repeat(" ", indent))
		}
		b.WriteString(line)
	}
	return b.String()
}

var errUncuttable = casefile.Errorf("is not written as klacht writes a case, so it cannot be merged")

// read decodes a case file as strictly as the register does, and cuts it. keyOf
// returns the key of a mail by its name. A file that can be read but not cut
// gives errUncuttable beside the script, which then has no pieces.
func read(name string, data []byte, p *deadlines.Policy, keyOf func(string) string) (*script, error) {
	f, err := store.ParseFile(name, data, p)
	if err != nil {
		return nil, err
	}
	s := &script{File: f, crlf: bytes.Contains(data, []byte("\r\n"))}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return s, errUncuttable
	}
	if !s.cut(strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n"), doc.Content[0], keyOf) {
		return &script{File: f}, errUncuttable
	}
	return s, nil
}

// cut fills in the pieces, and reports whether that could be done.
func (s *script) cut(lines []string, root *yaml.Node, keyOf func(string) string) bool {
	lines[len(lines)-1] += "\n"
	type mark struct {
		key string
		at  int // line, from 0
	}
	var marks []mark
	var log *yaml.Node
	for i := 0; i < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Column != 1 {
			return false
		}
		marks = append(marks, mark{k.Value, above(lines, k.Line-1, 0)})
		if k.Value == "complainant" && v.Kind == yaml.MappingNode && v.Style&yaml.FlowStyle == 0 {
			for j := 0; j < len(v.Content); j += 2 {
				marks = append(marks, mark{"complainant." + v.Content[j].Value, above(lines, v.Content[j].Line-1, v.Content[j].Column-1)})
			}
		}
		log = v
	}
	if log.Kind != yaml.SequenceNode || log.Style&yaml.FlowStyle != 0 || len(log.Content) == 0 {
		return false
	}
	var starts []int
	for i, n := range log.Content {
		at, dash := n.Line-1, log.Column-1
		for at > 0 && !strings.HasPrefix(strings.TrimLeft(lines[at], " "), "-") { // the dash can stand on a line above the first key
			at--
		}
		if got := len(lines[at]) - len(strings.TrimLeft(lines[at], " ")); got != dash || i > 0 && at <= starts[i-1] {
			return false
		}
		s.indent = dash
		starts = append(starts, above(lines, at, dash))
	}
	end := len(lines)
	for end > starts[len(starts)-1]+1 && remark(lines[end-1], s.indent) {
		end--
	}
	s.tail = dedent(strings.Join(lines[end:], ""), s.indent)
	marks[0].at = 0
	for i, m := range marks {
		to := starts[0]
		if i+1 < len(marks) {
			to = marks[i+1].at
		}
		if m.at >= to {
			return false
		}
		s.fields = append(s.fields, field{m.key, strings.Join(lines[m.at:to], "")})
	}
	for i, from := range starts {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		it, ok := cutItem(lines[from:to], from, log.Content[i], s.indent, keyOf)
		if !ok {
			return false
		}
		it.entry = s.Log[i]
		s.log = append(s.log, it)
	}
	return true
}

// remark reports whether a line is blank, or a comment that is indented at most
// so far: one that is indented further can be part of a text.
func remark(line string, indent int) bool {
	text := strings.TrimLeft(line, " ")
	return strings.TrimSpace(line) == "" || text[0] == '#' && len(line)-len(text) <= indent
}

// above returns the first of the comments and blank lines that stand above a line.
func above(lines []string, at, indent int) int {
	for at > 0 && remark(lines[at-1], indent) {
		at--
	}
	return at
}

// dedent takes up to so many blanks off the start of each line.
func dedent(text string, indent int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		n := 0
		for n < indent && n < len(line) && line[n] == ' ' {
			n++
		}
		b.WriteString(line[n:])
	}
	return b.String()
}

// cutItem cuts the lines of an entry, the first of which has the number from, at
// the names of mails.
func cutItem(lines []string, from int, n *yaml.Node, indent int, keyOf func(string) string) (item, bool) {
	var it item
	var names []*yaml.Node
	field := map[*yaml.Node]casefile.Field{}
	if n.Kind != yaml.MappingNode {
		return it, false
	}
	for i := 0; i < len(n.Content); i += 2 {
		if k := casefile.Field(n.Content[i].Value); k == casefile.FieldMail || k == casefile.FieldLetter {
			names = append(names, n.Content[i+1])
			field[n.Content[i+1]] = k
		}
	}
	slices.SortFunc(names, func(a, b *yaml.Node) int { return (a.Line-b.Line)*1000 + a.Column - b.Column })
	rest := slices.Clone(lines)
	var done strings.Builder
	row, cut := 0, 0
	for _, v := range names {
		at := v.Line - 1 - from
		if at < row || at >= len(rest) {
			return it, false
		}
		r := []rune(rest[at])
		if v.Column-1 > len(r) {
			return it, false
		}
		start := len(string(r[:v.Column-1]))
		if start < len(rest[at]) && (rest[at][start] == '"' || rest[at][start] == '\'') {
			start++
		}
		if !strings.HasPrefix(rest[at][start:], v.Value) || v.Value == "" || at == row && start < cut {
			return it, false
		}
		for row < at {
			done.WriteString(rest[row][cut:])
			row, cut = row+1, 0
		}
		done.WriteString(rest[at][cut:start])
		it.text, it.mails = append(it.text, done.String()), append(it.mails, keyOf(v.Value))
		it.fields = append(it.fields, field[v])
		done.Reset()
		cut = start + len(v.Value)
	}
	for ; row < len(rest); row++ {
		done.WriteString(rest[row][cut:])
		cut = 0
	}
	it.text = append(it.text, done.String())
	for i, t := range it.text { // only a cut piece that starts a line has an indentation
		if i == 0 {
			it.text[i] = dedent(t, indent)
		} else if first, more, ok := strings.Cut(t, "\n"); ok {
			it.text[i] = first + "\n" + dedent(more, indent)
		}
	}
	return it, true
}

// newItem returns an entry as the program writes it.
func newItem(e casefile.Entry, mails ...string) (item, error) {
	data, err := store.EncodeEntry(e)
	if err != nil {
		return item{}, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return item{}, err
	}
	keys := mails
	it, ok := cutItem(strings.SplitAfter(strings.TrimSuffix(string(data), "\n"), "\n"), 0, doc.Content[0].Content[0], 0, func(string) string {
		k := keys[0]
		keys = keys[1:]
		return k
	})
	if !ok {
		return item{}, errUncuttable
	}
	it.entry = e
	if last := len(it.text) - 1; !strings.HasSuffix(it.text[last], "\n") {
		it.text[last] += "\n"
	}
	return it, nil
}

// join returns the file of which these are the pieces.
func (s *script) join(names map[string]string) []byte {
	var b strings.Builder
	for _, f := range s.fields {
		b.WriteString(f.text)
	}
	for _, i := range s.log {
		b.WriteString(i.render(names, s.indent))
	}
	b.WriteString(shift(s.tail, s.indent))
	text := b.String()
	if s.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return []byte(text)
}

// value returns what a file says at a key above the log.
func (s *script) value(key string) string {
	switch key {
	case "id":
		return string(s.ID)
	case "also":
		return fmt.Sprint(s.Also)
	case "received":
		return s.Received.String()
	case "subject":
		return s.Subject
	case "complainant":
		return fmt.Sprintf("%s %s %s", s.Complainant.Name, s.Complainant.Email, s.Complainant.Phone)
	case "complainant.name":
		return s.Complainant.Name
	case "complainant.email":
		return s.Complainant.Email
	case "complainant.phone":
		return s.Complainant.Phone
	case "language":
		return s.Language
	case "complaint":
		return strings.TrimRight(s.Complaint, "\n")
	}
	return ""
}
