package store

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"

	"gopkg.in/yaml.v3"
)

// versionReader reads one version of the policy.
type versionReader struct {
	*policyReader
	v       deadlines.Version
	days    days
	archive *yaml.Node // where these stand; nil if they do not
	notice  *yaml.Node
	atMost  *yaml.Node
}

// versionKeys returns the keys of a version.
func versionKeys() []string {
	keys := []string{"from"}
	for _, n := range deadlines.TermNames() {
		keys = append(keys, string(n))
	}
	return append(append(keys, "lodge", "extension", "appeal", "archive"), dayKeys...)
}

func (d *policyReader) version(n *yaml.Node) deadlines.Version {
	r := versionReader{policyReader: d, days: d.common}
	r.v.Terms = map[deadlines.Name]deadlines.Term{}
	d.Mapping(n, r.key, versionKeys()...)
	if r.v.From.IsZero() {
		d.Fail(n, casefile.Errorf("the key %q is missing", "from"))
	}
	if r.archive == nil {
		d.Fail(n, casefile.Errorf("the key %q is missing", "archive").
			WithHint("say how long a closed complaint is kept: archive: 5 years, or archive: unlimited"))
	}
	if d.Wrong != nil {
		return r.v
	}
	at := r.days.at
	if at == nil {
		at = n
	}
	c, err := deadlines.NewCalendar(r.days.workdays, r.days.holidays, d.closed)
	if err != nil {
		d.Fail(at, err)
		return r.v
	}
	r.v.Roll, r.v.Calendar = r.days.roll, c
	r.agree()
	return r.v
}

func (r *versionReader) key(key string, n *yaml.Node) bool {
	v := &r.v
	switch key {
	case "from":
		v.From = r.Date(n)
	case "lodge":
		v.Lodge = r.length(n)
		if v.Lodge.Unit == deadlines.Workdays {
			r.Fail(n, casefile.Errorf("this term cannot be in working days"))
		}
	case "extension":
		r.extension(n)
	case "appeal":
		v.Appeal = r.lasting(n)
		if v.Appeal.Unlimited {
			r.Fail(n, casefile.Errorf("only archive can be unlimited"))
		}
	case "archive":
		v.Archive, r.archive = r.lasting(n), n
	default:
		name := deadlines.Name(key)
		if !slices.Contains(deadlines.TermNames(), name) {
			return r.policyReader.days(&r.days, key, n)
		}
		v.Terms[name] = r.promise(name, n)
	}
	return true
}

// extension reads none, or what limits an extension.
func (r *versionReader) extension(n *yaml.Node) {
	x := &r.v.Extension
	if n.Kind == yaml.ScalarNode {
		if s := r.Text(n); r.Wrong == nil && s != "none" && s != "geen" {
			r.Fail(n, casefile.Errorf("%q does not say how a term is extended", s).
				WithHint("write extension: none, or extension: {notice: 2 weeks, at most: 3 months}"))
		}
		x.None = true
		return
	}
	r.Mapping(n, func(key string, v *yaml.Node) bool {
		switch key {
		case "notice":
			x.Notice, r.notice = r.length(v), v
		case "at most":
			x.AtMost, x.More = r.limit(v)
			r.atMost = v
		default:
			return false
		}
		return true
	}, "notice", "at most")
}

// limit reads how long handling may take: counted from receipt, or as what may
// come after the term itself ("4 weeks more").
func (r *versionReader) limit(n *yaml.Node) (t deadlines.Term, more bool) {
	words := strings.Fields(strings.ToLower(r.Text(n)))
	if len(words) == 3 && (words[2] == "more" || words[2] == "meer") {
		return r.lengthOf(n, strings.Join(words[:2], " ")), true
	}
	if r.Wrong == nil && len(words) > 2 && (words[2] == "after" || words[2] == "na") {
		r.Fail(n, casefile.Errorf("this term is not counted from a step").
			WithHint("write 10 weeks, counted from receipt, or 4 weeks more, counted from the end of the term"))
	}
	return r.length(n), false
}

// agree refuses an extension that leaves no room for the term that it extends.
func (r *versionReader) agree() {
	x, term := r.v.Extension, r.v.Terms[deadlines.Close]
	if term.IsZero() || term.After != "" && term.After != casefile.Received {
		return
	}
	if r.atMost != nil && !x.More && r.v.Shorter(x.AtMost, term) {
		r.Fail(r.atMost, casefile.Errorf("at most %s, counted from receipt, is shorter than close, %s", x.AtMost, term).
			WithHint("write the whole time from receipt, or what may come after the term: at most: %s more", x.AtMost))
	}
	if r.notice != nil && r.v.Shorter(term, x.Notice) {
		r.Fail(r.notice, casefile.Errorf("notice, %s, is longer than close, %s", x.Notice, term).
			WithHint("word of a delay comes before the term ends: write notice: %s, or leave it out", term))
	}
}

// promise reads a promised term, or the firm's own aim: {target: 5 workdays}.
func (r *versionReader) promise(name deadlines.Name, n *yaml.Node) (t deadlines.Term) {
	if n.Kind != yaml.MappingNode {
		return r.term(n, r.Text(n))
	}
	r.Mapping(n, func(key string, v *yaml.Node) bool {
		if key == "target" {
			t = r.term(v, r.Text(v))
			t.Target = true
		}
		return key == "target"
	}, "target")
	switch {
	case r.Wrong != nil:
	case !t.Target:
		r.Fail(n, casefile.Errorf("the key %q is missing", "target"))
	case name == deadlines.Close || name == deadlines.Decide:
		r.Fail(n, casefile.Errorf("%s is what a procedure promises, so it is no target of its own", string(name)).
			WithHint("write %s: %s", string(name), t))
	}
	return t
}

// term reads a term that a step can be promised in.
func (d *policyReader) term(n *yaml.Node, s string) deadlines.Term {
	if d.Wrong != nil {
		return deadlines.Term{}
	}
	t, err := deadlines.ParseTerm(s)
	if err != nil {
		d.Fail(n, err)
	} else if t.Unlimited {
		d.Fail(n, casefile.Errorf("only archive can be unlimited"))
	}
	return t
}

// length reads a term that is always counted from the same point.
func (d *policyReader) length(n *yaml.Node) deadlines.Term { return d.lengthOf(n, d.Text(n)) }

func (d *policyReader) lengthOf(n *yaml.Node, s string) deadlines.Term {
	t := d.term(n, s)
	switch {
	case d.Wrong != nil:
	case t.After != "":
		d.Fail(n, casefile.Errorf("this term is not counted from a step"))
	case t.N == 0:
		d.Fail(n, casefile.Errorf("this term cannot be the same day"))
	}
	return t
}

// lasting reads a term that is long: no hours, and more than the same day.
func (d *policyReader) lasting(n *yaml.Node) deadlines.Term {
	s := d.Text(n)
	if d.Wrong != nil {
		return deadlines.Term{}
	}
	t, err := deadlines.ParseTerm(s)
	switch {
	case err != nil:
		d.Fail(n, err)
	case t.Unit == deadlines.Hours:
		d.Fail(n, casefile.Errorf("this term cannot be in hours"))
	case t.N == 0 && !t.Unlimited:
		d.Fail(n, casefile.Errorf("this term cannot be the same day"))
	}
	return t
}

// unsaid returns what to say of a key for something that procedures say and a
// policy cannot; nil for any other key. The list stands in the document of the
// register too.
func unsaid(key string) error {
	switch strings.ToLower(key) {
	case "pause", "suspend", "opschorten":
		return casefile.Errorf("the key %q is not known here: klacht cannot stop a term while it waits for somebody", key).
			WithHint("tell the complainant of a delay: klacht extend")
	case "consent", "instemming":
		return casefile.Errorf("the key %q is not known here: klacht cannot tell an extension with consent from one without", key).
			WithHint("leave at most out, and note the consent: klacht note")
	case "by", "plus", "more":
		return casefile.Errorf("the key %q is not known here: klacht writes what may come after the term as at most", key).
			WithHint("write extension: {at most: 4 weeks more}")
	case "at least", "minimum", "ten minste":
		return casefile.Errorf("the key %q is not known here: klacht cannot count to at least a date, only to one", key).
			WithHint("write archive: 5 years")
	case "summary":
		return casefile.Errorf("the key %q is not known here: klacht cannot promise less to who is helped at once", key).
			WithHint("close within the days that it takes; acknowledge is then met by the closing")
	case "unless", "waive":
		return casefile.Errorf("the key %q is not known here: klacht cannot make a promise hang on a condition", key).
			WithHint("a closing ends the promise of a conversation that nobody wants")
	}
	return nil
}
