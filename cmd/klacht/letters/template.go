package letters

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	casefile "klacht/case"
)

//go:embed templates/*.txt
var embedded embed.FS

// Folder is the folder of a register that holds the owner's templates; errors
// name their files within it.
const Folder = "letters"

// maxTemplate is the largest that a template can be.
const maxTemplate = 1 << 20

// Source returns the embedded template of a letter, or of [Parts], for the owner
// to change; "" if there is none.
func Source(k Kind, lang string) string {
	data, _ := embedded.ReadFile("templates/" + File(k, lang))
	return string(data)
}

// Marks around a place where the owner's words are still to come.
const (
	gapOpen  = "[…"
	gapClose = "…]"
)

func gap(what string) string { return gapOpen + " " + what + " " + gapClose }

var aGap = casefile.Pattern(`(?s)\[…[^\[\]]*…\]`)

// HasGap reports whether a body, perhaps edited since, still has a place where
// the owner's own words are to come. Such a letter is not ready to leave.
func HasGap(body string) bool { return aGap().MatchString(body) }

// onPaper says what a mail says of itself as a letter does.
var onPaper = strings.NewReplacer("deze mail", "deze brief", "Deze mail", "Deze brief", "this mail", "this letter", "This mail", "This letter")

// set is a letter's template, ready to be filled in.
type set struct {
	file          string // that an error about the letter as a whole names
	head, content *template.Template
}

// load reads the template of a letter: the owner's, or else the embedded one.
// On paper its own words say that it is no mail.
func load(k Kind, lang, form string, own fs.FS, paper bool) (*set, error) {
	if !slices.Contains(Languages(), lang) {
		return nil, casefile.Errorf("%q is not one of %s", lang, Languages())
	}
	say := func(text string) string {
		if paper {
			return onPaper.Replace(text)
		}
		return text
	}
	base := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"ju": func(je, u string) string {
			if form == "je" {
				return je
			}
			return u
		},
		"gap": gap,
	})
	if _, err := base.New(File(Parts, lang)).Parse(say(Source(Parts, lang))); err != nil {
		return nil, templateError(err)
	}
	if text, ok, err := readOwn(own, File(Parts, lang)); err != nil {
		return nil, err
	} else if ok {
		if _, err := base.New(Folder + "/" + File(Parts, lang)).Parse(say(text)); err != nil {
			return nil, templateError(err)
		}
	}
	name := File(k, lang)
	subject, content := split(Source(k, lang))
	file, subjectFile := name, name
	if text, ok, err := readOwn(own, name); err != nil {
		return nil, err
	} else if ok {
		var line string
		file = Folder + "/" + name
		if line, content = split(text); line != "" {
			subject, subjectFile = line, file
		}
	}
	s := &set{file: file}
	var err error
	if s.head, err = clone(base).New(subjectFile).Parse(subject); err != nil {
		return nil, templateError(err)
	}
	if s.content, err = clone(base).New(file).Parse(say(content)); err != nil {
		return nil, templateError(err)
	}
	for _, t := range []*template.Template{s.head, s.content} {
		if err := checkNames(t); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// clone copies templates that have not been executed, which cannot fail.
func clone(t *template.Template) *template.Template { return template.Must(t.Clone()) }

var subjectLine = casefile.Pattern(`^(?i:subject|onderwerp):[ \t]*([^\n]*)`)

// split takes the subject off a template. The lines of the rest keep their
// numbers.
func split(text string) (subject, content string) {
	m := subjectLine().FindStringSubmatch(text)
	if m == nil {
		return "", text
	}
	return m[1], text[len(m[0]):]
}

// readOwn reads a template of the owner's; ok is false if there is none.
func readOwn(own fs.FS, name string) (text string, ok bool, err error) {
	if own == nil {
		return "", false, nil
	}
	f, err := own.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTemplate+1))
	if err != nil {
		return "", false, err
	}
	path := Folder + "/" + name
	if len(data) > maxTemplate {
		return "", false, casefile.Errorf("%s is larger than %d MB", path, maxTemplate>>20)
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(data), "\uFEFF"))
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			return "", false, casefile.Errorf("%s:%s: here is a character that is not text in UTF-8", path, strconv.Itoa(i+1)).
				WithHint("save the file as UTF-8")
		}
	}
	return text, true, nil
}

func (s *set) subject(f *fields) (string, error) { return fill(s.head, f) }

func (s *set) body(f *fields) (string, error) { return fill(s.content, f) }

func fill(t *template.Template, f *fields) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, f); err != nil {
		return "", templateError(err)
	}
	return b.String(), nil
}

// Check returns what is wrong with the owner's templates, filled in or not: one
// that cannot be read, one that names a field or a part that is not there, and
// a file that is the name of no letter. Each error names its file.
func Check(own fs.FS) []error {
	if own == nil {
		return nil
	}
	entries, err := fs.ReadDir(own, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []error{err}
	}
	var list []error
	known := map[string]bool{}
	var names []string
	for _, lang := range Languages() {
		for _, k := range append(All(), Parts) {
			known[File(k, lang)] = true
			names = append(names, File(k, lang))
		}
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~"): // of an editor
		case !known[name]:
			list = append(list, casefile.Errorf("%s is not the name of a letter", Folder+"/"+name).WithHint("the names are %s", names))
		default:
			kind, rest, _ := strings.Cut(name, ".")
			lang, _, _ := strings.Cut(rest, ".")
			k := Kind(kind)
			if k == Parts {
				k = Acknowledgement
			}
			if _, err := load(k, lang, "", own, false); err != nil && !slices.ContainsFunc(list, func(e error) bool { return e.Error() == err.Error() }) {
				list = append(list, err)
			}
		}
	}
	return list
}

// goError is an error of text/template: where, and what.
var goError = casefile.Pattern(`(?s)^template: (.*?):(\d+)(?::\d+)?: (.*)$`)

// noField is what text/template says of a field that is not there.
var noField = casefile.Pattern(`can't evaluate field (\w+)`)

// templateError says what is wrong with a template, and where.
func templateError(err error) error {
	m := goError().FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	if f := noField().FindStringSubmatch(m[3]); f != nil {
		return fieldError(m[1]+":"+m[2], f[1])
	}
	what := m[3]
	if _, after, ok := strings.Cut(what, ">: "); ok { // the template that is executed, and the action in it
		what = after
	}
	return casefile.Errorf("%s: the template cannot be used: %s", m[1]+":"+m[2], what)
}

func fieldError(place, name string) *casefile.Error {
	var names []string
	for _, f := range Fields() {
		names = append(names, f.Name)
	}
	return casefile.Errorf("%s: there is no field %q", place, name).WithHint("the fields are %s", names)
}

// checkNames looks at every field and part that a template names, also where
// this letter would not come.
func checkNames(t *template.Template) error {
	c := checker{set: t}
	all := t.Templates()
	slices.SortFunc(all, func(a, b *template.Template) int { return strings.Compare(a.Name(), b.Name()) })
	for _, x := range all {
		if c.tree = x.Tree; c.tree != nil && c.tree.Root != nil {
			c.node(c.tree.Root, false)
		}
	}
	if c.err == nil {
		return nil
	}
	return c.err
}

type checker struct {
	set  *template.Template
	tree *parse.Tree
	err  *casefile.Error // the first
}

var (
	fieldNames = namesOf(reflect.TypeFor[fields]())
	bodyNames  = namesOf(reflect.TypeFor[body]())
)

func namesOf(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		names = append(names, f.Name)
	}
	return names
}

// node walks a part of a template. Within range and with the dot may be a body.
func (c *checker) node(n parse.Node, inner bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, x := range n.Nodes {
				c.node(x, inner)
			}
		}
	case *parse.ActionNode:
		c.node(n.Pipe, inner)
	case *parse.IfNode:
		c.branch(&n.BranchNode, inner, inner)
	case *parse.RangeNode:
		c.branch(&n.BranchNode, inner, true)
	case *parse.WithNode:
		c.branch(&n.BranchNode, inner, true)
	case *parse.TemplateNode:
		if c.set.Lookup(n.Name) == nil && c.err == nil {
			c.err = casefile.Errorf("%s: there is no part %q", c.place(n), n.Name).WithHint("the parts are %s", c.parts())
		}
		c.node(n.Pipe, inner)
	case *parse.PipeNode:
		if n != nil {
			for _, x := range n.Cmds {
				c.node(x, inner)
			}
		}
	case *parse.CommandNode:
		for _, x := range n.Args {
			c.node(x, inner)
		}
	case *parse.ChainNode:
		c.node(n.Node, inner)
	case *parse.FieldNode:
		c.field(n, n.Ident[0], inner)
	case *parse.VariableNode:
		if len(n.Ident) > 1 && n.Ident[0] == "$" {
			c.field(n, n.Ident[1], false)
		}
	}
}

func (c *checker) branch(b *parse.BranchNode, inner, list bool) {
	c.node(b.Pipe, inner)
	c.node(b.List, list)
	c.node(b.ElseList, inner)
}

func (c *checker) field(n parse.Node, name string, inner bool) {
	if slices.Contains(fieldNames, name) || inner && slices.Contains(bodyNames, name) || c.err != nil {
		return
	}
	c.err = fieldError(c.place(n), name)
}

// place returns FILE:LINE of a node.
func (c *checker) place(n parse.Node) string {
	where, _ := c.tree.ErrorContext(n)
	return where[:strings.LastIndexByte(where, ':')] // without the column
}

// parts returns the names of the parts that there are.
func (c *checker) parts() []string {
	var names []string
	for _, t := range c.set.Templates() {
		if !strings.HasSuffix(t.Name(), ".txt") && t.Name() != "" {
			names = append(names, t.Name())
		}
	}
	slices.Sort(names)
	return names
}
