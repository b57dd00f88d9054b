package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/strict"

	"gopkg.in/yaml.v3"
)

// decodePolicy reads a policy strictly, and makes it ready for use.
func decodePolicy(file string, data []byte) (*deadlines.Policy, *Damage) {
	root, damage := strict.Document(file, data)
	if damage != nil {
		return nil, damage
	}
	d := policyReader{
		Reader: strict.Reader{File: file},
		p:      &deadlines.Policy{Language: "nl", FormOfAddress: "u", FoldUnder: deadlines.DefaultFoldUnder},
		common: days{roll: deadlines.Stay},
	}
	d.Unsaid = unsaid
	d.Mapping(root, d.key, policyKeys...)
	d.complete()
	if d.Wrong != nil {
		return nil, d.Wrong
	}
	return d.p, nil
}

// The keys of the policy, in the order in which its document tells them.
var (
	policyKeys = append([]string{"format", "organisation", "timezone", "language", "form_of_address", "history", "closed",
		"report", "about", "bodies", "versions"}, dayKeys...)
	organisationKeys = []string{"name", "handler", "role", "email", "addresses"}
	bodyKeys         = []string{"name", "address", "url", "answer"}
	dayKeys          = []string{"workdays", "holidays", "due_on_day_off"}
)

// days are the keys that say what a working day is. A version of the policy
// may have its own.
type days struct {
	workdays []time.Weekday
	holidays []string
	roll     deadlines.Roll
	at       *yaml.Node // where the working days stand
}

type policyReader struct {
	strict.Reader
	p        *deadlines.Policy
	format   bool
	common   days
	closed   []deadlines.Span
	versions []*yaml.Node
}

func (d *policyReader) key(key string, v *yaml.Node) bool {
	switch key {
	case "format":
		d.Reader.Format(v)
		d.format = true
	case "organisation":
		d.Mapping(v, d.organisation, organisationKeys...)
	case "timezone":
		zone, err := time.LoadLocation(d.Text(v))
		if err != nil || v.Value == "" || v.Value == "Local" {
			d.Fail(v, casefile.Errorf("%q is not a time zone", v.Value).WithHint("for the Netherlands it is Europe/Amsterdam"))
		}
		d.p.Zone = zone
	case "language":
		d.p.Language = d.One(v, "nl", "en")
	case "form_of_address":
		d.p.FormOfAddress = d.One(v, "je", "u")
	case "report":
		d.Mapping(v, func(key string, v *yaml.Node) bool {
			if key == "fold_under" {
				d.p.FoldUnder = d.number(v, 1, 100)
			}
			return key == "fold_under"
		}, "fold_under")
	case "about":
		for _, n := range d.Items(v) {
			d.p.About = append(d.p.About, d.kind(n))
		}
	case "history":
		d.p.History = d.One(v, "git", "none")
	case "closed":
		for _, n := range d.Items(v) {
			d.closed = append(d.closed, d.span(n))
		}
	case "bodies":
		for _, n := range d.Items(v) {
			var b deadlines.Body
			d.Mapping(n, func(key string, v *yaml.Node) bool { return d.body(&b, key, v) }, bodyKeys...)
			if b.Name == "" {
				d.Fail(n, casefile.Errorf("the key %q is missing", "name"))
			}
			d.p.Bodies = append(d.p.Bodies, b)
		}
	case "versions":
		d.versions = d.Items(v)
	default:
		return d.days(&d.common, key, v)
	}
	return true
}

func (d *policyReader) organisation(key string, v *yaml.Node) bool {
	o := &d.p.Organisation
	switch key {
	case "name":
		o.Name = d.Text(v)
	case "handler":
		o.Handler = d.Text(v)
	case "role":
		o.Role = d.Text(v)
	case "email":
		o.Email = d.Text(v)
	case "addresses":
		for _, n := range d.Items(v) {
			o.Addresses = append(o.Addresses, d.Text(n))
		}
	default:
		return false
	}
	return true
}

func (d *policyReader) body(b *deadlines.Body, key string, v *yaml.Node) bool {
	switch key {
	case "name":
		b.Name = d.Text(v)
	case "address":
		b.Address = d.Text(v)
	case "url":
		b.URL = d.Text(v)
	case "answer":
		b.Answer = d.length(v)
	default:
		return false
	}
	return true
}

func (d *policyReader) days(to *days, key string, v *yaml.Node) bool {
	switch key {
	case "workdays":
		to.at, to.workdays = v, nil
		for _, n := range d.Items(v) {
			w, ok := weekdays[strings.ToLower(d.Text(n))]
			if !ok {
				d.Fail(n, casefile.Errorf("%q is not a day of the week", n.Value).WithHint("write mon, tue, wed, thu, fri, sat, sun"))
			}
			to.workdays = append(to.workdays, w)
		}
	case "holidays":
		to.holidays = []string{}
		for _, n := range d.Items(v) {
			name := d.Text(n)
			if err := deadlines.CheckHoliday(name); err != nil && d.Wrong == nil {
				d.Fail(n, err)
			}
			to.holidays = append(to.holidays, name)
		}
	case "due_on_day_off":
		to.roll = deadlines.Roll(d.One(v, string(deadlines.Stay), string(deadlines.Next), string(deadlines.Previous)))
	default:
		return false
	}
	return true
}

// kind reads a kind of complaint, which no other of the list is called like.
func (d *policyReader) kind(n *yaml.Node) string {
	s := d.Text(n)
	switch {
	case d.Wrong != nil:
	case s == "" || casefile.OneLine(s) != s:
		d.Fail(n, casefile.Errorf("a text on one line belongs here"))
	case slices.ContainsFunc(d.p.About, func(k string) bool { return strings.EqualFold(k, s) }):
		d.Fail(n, casefile.Errorf("%q stands here for the second time", s))
	}
	return s
}

// number reads a whole number between two bounds, both allowed.
func (d *policyReader) number(n *yaml.Node, least, most int) int {
	i, err := strconv.Atoi(d.Text(n))
	if err != nil || i < least || i > most {
		d.Fail(n, casefile.Errorf("%q is not a number from %d to %d", n.Value, least, most))
	}
	return i
}

var weekdays = map[string]time.Weekday{
	"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 0,
	"ma": 1, "di": 2, "wo": 3, "do": 4, "vr": 5, "za": 6, "zo": 0,
}

// span reads a day, or a first and a last day with two dots between them.
func (d *policyReader) span(n *yaml.Node) deadlines.Span {
	first, last, isSpan := strings.Cut(d.Text(n), "..")
	if !isSpan {
		last = first
	}
	a, err := casefile.ParseDate(strings.TrimSpace(first))
	if err != nil {
		d.Fail(n, err)
	}
	b, err := casefile.ParseDate(strings.TrimSpace(last))
	if err != nil {
		d.Fail(n, err)
	}
	s := deadlines.Span{First: a, Last: b}
	if err := s.Check(); err != nil && d.Wrong == nil {
		d.Fail(n, err)
	}
	return s
}

func (d *policyReader) complete() {
	missing := func(key string) {
		if d.Wrong == nil {
			d.Wrong = &Damage{File: d.File, Line: 0, Err: casefile.Errorf("the key %q is missing", key)}
		}
	}
	switch o := d.p.Organisation; {
	case !d.format:
		missing("format")
	case o.Name == "":
		missing("organisation: name")
	case o.Handler == "":
		missing("organisation: handler")
	case o.Email == "":
		missing("organisation: email")
	case d.p.Zone == nil:
		missing("timezone")
	case d.common.at == nil:
		missing("workdays")
	case len(d.versions) == 0:
		missing("versions")
	}
	from := map[casefile.Date]bool{}
	for _, n := range d.versions {
		if d.Wrong != nil {
			return
		}
		v := d.version(n)
		if d.Wrong == nil && from[v.From] {
			d.Fail(n, casefile.Errorf("two versions hold from %s", v.From))
		}
		from[v.From] = true
		d.p.Versions = append(d.p.Versions, v)
	}
	slices.SortFunc(d.p.Versions, func(a, b deadlines.Version) int { return a.From.Compare(b.From) })
}
