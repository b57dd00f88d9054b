package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	casefile "klacht/case"

	"gopkg.in/yaml.v3"
)

// MaxYAML is the size in bytes of the largest case file or policy. It keeps
// what a hostile file costs to parse, which is a hundred times its size, small.
const MaxYAML = 2 << 20

// Document parses a file that must hold one YAML document, a mapping. What YAML
// allows and a register never needs is refused: anchors and aliases (a few
// lines of which can mean gigabytes), tags, and further documents.
func Document(file string, data []byte) (*yaml.Node, *Damage) {
	if len(data) > MaxYAML {
		return nil, &Damage{file, 0, casefile.Errorf("is larger than %d MB", MaxYAML>>20)}
	}
	if line := binaryLine(data); line > 0 {
		return nil, &Damage{file, line, casefile.Errorf("here is a character that is not text in UTF-8").
			WithHint("save the file as UTF-8")}
	}
	if line := ConflictLine(data); line > 0 {
		return nil, &Damage{file, line, casefile.Errorf("here is a mark of a merge conflict").
			WithHint("choose between the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>")}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, &Damage{file, 0, casefile.Errorf("is empty")}
	} else if err != nil {
		return nil, yamlDamage(file, data, err)
	}
	if err := dec.Decode(&more); err == nil {
		return nil, &Damage{file, more.Line, casefile.Errorf("a second document starts here")}
	} else if !errors.Is(err, io.EOF) {
		return nil, yamlDamage(file, data, err)
	}
	root := doc.Content[0]
	if d := onlyPlain(file, root); d != nil {
		return nil, d
	}
	if root.Kind != yaml.MappingNode {
		return nil, &Damage{file, root.Line, casefile.Errorf("is not a list of keys with values")}
	}
	return root, nil
}

// ConflictLine returns the line of the first mark of a merge conflict, or 0.
// Text in a case file is indented, so no complaint can contain one.
func ConflictLine(data []byte) int {
	first := 0
	for _, mark := range []string{"<<<<<<< ", "=======", ">>>>>>> ", "||||||| "} {
		at := bytes.Index(data, []byte("\n"+mark))
		if bytes.HasPrefix(data, []byte(mark)) {
			at = -1
		} else if at < 0 {
			continue
		}
		if line := 1 + bytes.Count(data[:at+1], []byte("\n")); first == 0 || line < first {
			first = line
		}
	}
	return first
}

var yamlLine = casefile.Pattern(`^yaml: (?:line ([0-9]+): )?(.*)`)

// binaryLine returns the line of the first character that YAML does not take,
// for it is a control character or no UTF-8; or 0.
func binaryLine(data []byte) int {
	line := 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && size == 1,
			r < ' ' && r != '\t' && r != '\r',
			r > '~' && r < 0xA0 && r != 0x85,
			r == 0xFFFE, r == 0xFFFF:
			return line
		}
		i += size
	}
	return 0
}

// yamlDamage turns an error of the YAML library into one with a place.
func yamlDamage(file string, data []byte, err error) *Damage {
	m := yamlLine().FindStringSubmatch(err.Error())
	if m == nil {
		return &Damage{file, 0, casefile.Errorf("is not valid YAML: %s", err.Error())}
	}
	line, _ := strconv.Atoi(m[1])
	if len(data) <= MaxSearch {
		line = brokenLine(data, m[2])
	}
	return &Damage{file, line, casefile.Errorf("is not valid YAML: %s", m[2])}
}

// MaxSearch is the size in bytes of the largest file in which a mistake is
// looked for by reading it many times.
const MaxSearch = 256 << 10

// brokenLine returns the line on which a file stops being valid YAML. The
// library names the line on which the surrounding list or mapping starts, or
// the one above, or none; so this reads ever shorter starts of the file until
// the line is found that brings the error.
func brokenLine(data []byte, problem string) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	return 1 + sort.Search(len(lines)-1, func(n int) bool {
		dec := yaml.NewDecoder(bytes.NewReader(bytes.Join(lines[:n+1], nil)))
		var err error
		for err == nil {
			var doc yaml.Node
			err = dec.Decode(&doc)
		}
		m := yamlLine().FindStringSubmatch(err.Error())
		return m != nil && m[2] == problem
	})
}

func onlyPlain(file string, n *yaml.Node) *Damage {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return &Damage{file, n.Line, casefile.Errorf("anchors and aliases (& and *) are not used here").
			WithHint("a text that starts with & or * goes between quotes")}
	}
	if n.Style&yaml.TaggedStyle != 0 {
		return &Damage{file, n.Line, casefile.Errorf("tags (!) are not used here").
			WithHint("a text that starts with ! goes between quotes")}
	}
	for _, c := range n.Content {
		if d := onlyPlain(file, c); d != nil {
			return d
		}
	}
	return nil
}

// Reader reads the values of one file and remembers the first thing that is
// wrong. After that its methods return zero values.
type Reader struct {
	File   string
	Wrong  *Damage                // nil as long as nothing is
	Unsaid func(key string) error // what else there is to say of a key that is not known; nil or returning nil: nothing
}

// Fail says that a value cannot be.
func (r *Reader) Fail(n *yaml.Node, err error) {
	if r.Wrong == nil {
		r.Wrong = &Damage{r.File, n.Line, err}
	}
}

// Mapping calls take for each key of a mapping. A key that take does not know
// (it returns false), or that stands there twice, is an error. The keys are those
// that take knows: the error names the nearest of them.
func (r *Reader) Mapping(n *yaml.Node, take func(key string, value *yaml.Node) bool, keys ...string) {
	if n.Kind != yaml.MappingNode {
		r.Fail(n, casefile.Errorf("a list of keys with values belongs here"))
		return
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content) && r.Wrong == nil; i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.Fail(k, casefile.Errorf("a key must be a word"))
			return
		}
		if seen[k.Value] {
			r.Fail(k, casefile.Errorf("the key %q stands here for the second time", k.Value))
			return
		}
		seen[k.Value] = true
		if !take(k.Value, v) && r.Wrong == nil {
			r.Fail(k, r.unknown(k.Value, keys))
		}
	}
}

// unknown returns the error about a key that is not among those that are known.
func (r *Reader) unknown(key string, known []string) error {
	if r.Unsaid != nil {
		if err := r.Unsaid(key); err != nil {
			return err
		}
	}
	err := casefile.Errorf("the key %q is not known here", key)
	if len(known) == 0 {
		return err
	}
	if near := nearest(strings.ToLower(key), known); len(near) > 0 {
		return err.WithHint("known here and near it: %s", strings.Join(near, ", "))
	}
	return err.WithHint("known here: %s", strings.Join(known, ", "))
}

// nearest returns the words that differ least from a word, in at most two letters
// and a third of it; none if all differ more.
func nearest(word string, known []string) []string {
	best := min(2, (len(word)+1)/3)
	var near []string
	for _, k := range known {
		if d := distance(word, k); d < best {
			best, near = d, []string{k}
		} else if d == best {
			near = append(near, k)
		}
	}
	return near
}

// distance counts the letters to add, remove, replace or swap with the next one
// to make b of a.
func distance(a, b string) int {
	var before []int // the row of the letter before the last
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row
		row = make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			differ := 1
			if a[i] == b[j] {
				differ = 0
			}
			row[j+1] = min(last[j]+differ, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before = last
	}
	return row[len(b)]
}

// Items returns the items of a list.
func (r *Reader) Items(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.Fail(n, casefile.Errorf("a list belongs here"))
		return nil
	}
	return n.Content
}

// Text returns a text; no value at all is an error.
func (r *Reader) Text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		r.Fail(n, casefile.Errorf("a text belongs here"))
		return ""
	}
	if n.Tag == "!!null" {
		r.Fail(n, casefile.Errorf("a value is missing here"))
		return ""
	}
	return n.Value
}

// Date returns a civil date.
func (r *Reader) Date(n *yaml.Node) casefile.Date {
	s := r.Text(n)
	if r.Wrong != nil {
		return casefile.Date{}
	}
	d, err := casefile.ParseDate(s)
	if err != nil {
		r.Fail(n, err)
	}
	return d
}

// One returns the text, which must be one of those allowed.
func (r *Reader) One(n *yaml.Node, allowed ...string) string {
	s := r.Text(n)
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	if r.Wrong == nil {
		r.Fail(n, casefile.Errorf("%q is not one of %s", s, allowed))
	}
	return ""
}

// Format checks the number of the file format.
func (r *Reader) Format(n *yaml.Node) {
	if r.Text(n) != "1" && r.Wrong == nil {
		r.Fail(n, casefile.Errorf("format %q is not one that this klacht can read", n.Value).
			WithHint("a newer klacht may"))
	}
}

// Damage says that something in the register cannot be read or cannot be
// right. Its text is FILE:LINE: what is wrong.
type Damage struct {
	File string // within the register, with forward slashes
	Line int    // from 1; 0 if the file as a whole is meant
	Err  error
}

// Place returns FILE:LINE, or FILE where there is no line.
func (d *Damage) Place() string {
	if d.Line == 0 {
		return d.File
	}
	return fmt.Sprintf("%s:%d", d.File, d.Line)
}

func (d *Damage) Error() string { return d.Place() + ": " + d.Err.Error() }

// Unwrap returns what is wrong, without the place.
func (d *Damage) Unwrap() error { return d.Err }
