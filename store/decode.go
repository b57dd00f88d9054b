package store

import (
	"errors"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/strict"

	"gopkg.in/yaml.v3"
)

// File is a case with its place on disk and the state that follows from its
// log.
type File struct {
	casefile.Case
	State casefile.State
	Path  string // within the register, with forward slashes
	Data  []byte // the file, byte for byte

	idLine  int
	keyLine int   // 0 if it has none
	entries []int // the line on which each entry of the log starts
}

// AsOf returns the file with the case as it stood at the end of a day; nil if
// nothing had happened by then. Data stays what the file says.
func (f *File) AsOf(day casefile.Date) *File {
	c, ok := f.Case.AsOf(day)
	switch {
	case !ok:
		return nil
	case len(c.Log) == len(f.Log):
		return f
	}
	as := *f
	as.Case = c
	as.State, _ = c.State() // what came first can stand without what came later
	return &as
}

// StillToCome returns what is wrong with a file that has a step after the day, or
// nil: whoever wrote it has mistaken the date. On the zero day nothing is wrong.
func (f *File) StillToCome(day casefile.Date) *Damage {
	for i, e := range f.Log {
		if !day.IsZero() && e.At.Date.After(day) {
			return &Damage{File: f.Path, Line: f.entries[i], Err: casefile.Errorf("%s is dated %s, which is still to come", string(e.Step), e.At.Date).
				WithHint("`klacht edit %s` mends the date", f.ID)}
		}
	}
	return nil
}

// decodeCase reads a case file strictly: nothing unknown, nothing twice,
// nothing impossible, and steps in an order that can be.
func decodeCase(file string, data []byte, p *deadlines.Policy) (*File, *Damage) {
	root, damage := strict.Document(file, data)
	if damage != nil {
		return nil, damage
	}
	f := &File{Path: file, Data: data}
	f.Language = p.Language
	d := caseReader{Reader: strict.Reader{File: file}, f: f, zone: p.Zone}
	d.Mapping(root, d.key, caseKeys...)
	d.complete(root)
	if d.Wrong != nil {
		return nil, d.Wrong
	}
	return f, nil
}

// The keys of a case, of a complainant and of a step.
var (
	caseKeys        = []string{"format", "id", "key", "also", "received", "subject", "about", "complainant", "others", "language", "complaint", "log"}
	complainantKeys = []string{"name", "email", "phone", "address", "anonymous"}
	entryKeys       = entryKeysOf(casefile.Fields())
)

func entryKeysOf(fields []casefile.Field) []string {
	keys := []string{"at", "step", "by"}
	for _, f := range fields {
		keys = append(keys, string(f))
	}
	return keys
}

type caseReader struct {
	strict.Reader
	f            *File
	zone         *time.Location
	format       bool
	receivedLine int
	last         string // the key that was read last
}

func (d *caseReader) key(key string, v *yaml.Node) bool {
	f := d.f
	d.last = key
	switch key {
	case "format":
		d.Reader.Format(v)
		d.format = true
	case "id":
		id, err := casefile.ParseID(d.Text(v))
		if err != nil {
			d.Fail(v, err)
		}
		f.ID, f.idLine = id, v.Line
	case "key":
		key, err := casefile.ParseKey(d.Text(v))
		if err != nil {
			d.Fail(v, err)
		}
		f.Key, f.keyLine = key, v.Line
	case "also":
		for _, n := range d.Items(v) {
			id, err := casefile.ParseID(d.Text(n))
			if err != nil {
				d.Fail(n, err)
			}
			f.Also = append(f.Also, id)
		}
	case "received":
		f.Received, d.receivedLine = d.Date(v), v.Line
	case "subject":
		f.Subject = d.Text(v)
	case "about":
		f.About = d.Text(v)
	case "complainant":
		f.Complainant = d.complainant(v)
	case "others":
		for _, n := range d.Items(v) {
			o := d.complainant(n)
			if o.Name == "" && o.Email == "" {
				d.Fail(n, casefile.Errorf("the key %q is missing", "name"))
			}
			f.Others = append(f.Others, o)
		}
	case "language":
		f.Language = d.One(v, "nl", "en")
	case "complaint":
		f.Complaint = d.Text(v)
	case "log":
		for _, n := range d.Items(v) {
			f.entries = append(f.entries, n.Line)
			f.Log = append(f.Log, d.entry(n))
		}
	default:
		return false
	}
	return true
}

func (d *caseReader) complainant(n *yaml.Node) (c casefile.Complainant) {
	d.Mapping(n, func(key string, v *yaml.Node) bool {
		switch key {
		case "name":
			c.Name = d.Text(v)
		case "email":
			c.Email = d.Text(v)
		case "phone":
			c.Phone = d.Text(v)
		case "address":
			c.Address = strings.TrimRight(d.Text(v), "\n")
		case "anonymous":
			c.Anonymous = d.One(v, "true", "false") == "true"
		default:
			return false
		}
		return true
	}, complainantKeys...)
	return c
}

func (d *caseReader) entry(n *yaml.Node) casefile.Entry {
	var e casefile.Entry
	at := map[casefile.Field]*yaml.Node{"": n}
	d.Mapping(n, func(key string, v *yaml.Node) bool {
		field := casefile.Field(key)
		at[field] = v
		switch field {
		case "at":
			e.At = d.moment(v)
		case "step":
			e.Step = casefile.Step(d.Text(v))
		case "by":
			e.By = d.Text(v)
		default:
			return d.value(e.Value(field), v)
		}
		return true
	}, entryKeys...)
	if d.Wrong == nil {
		if field, err := e.Check(); err != nil {
			if at[field] == nil {
				field = ""
			}
			d.Fail(at[field], err)
		}
	}
	return e
}

// value reads the value of a field; false if to is nil, for there is no such field.
func (d *caseReader) value(to any, n *yaml.Node) bool {
	switch to := to.(type) {
	case *string:
		*to = d.Text(n)
	case *casefile.Outcome:
		*to = casefile.Outcome(d.Text(n))
	case *casefile.Date:
		*to = d.Date(n)
	case *casefile.Moment:
		*to = d.moment(n)
	case *bool:
		*to = d.One(n, "true", "false") == "true"
	case *[]string:
		*to = []string{}
		for _, item := range d.Items(n) {
			*to = append(*to, d.Text(item))
		}
	case *casefile.Promised:
		*to = casefile.Promised{}
		d.Mapping(n, func(term string, v *yaml.Node) bool {
			if !slices.Contains(casefile.Promised{}.Keys(), term) {
				return false
			}
			(*to)[term] = d.Date(v)
			return true
		}, casefile.Promised{}.Keys()...)
	default:
		return false
	}
	return true
}

func (d *caseReader) moment(n *yaml.Node) casefile.Moment {
	s := d.Text(n)
	if d.Wrong != nil {
		return casefile.Moment{}
	}
	m, err := casefile.ParseMoment(s, d.zone)
	if err != nil {
		d.Fail(n, err)
	}
	return m
}

// complete checks what can only be seen when the whole file was read.
func (d *caseReader) complete(root *yaml.Node) {
	f := d.f
	missing := func(key string) {
		if d.Wrong == nil {
			d.Wrong = &Damage{File: d.File, Line: 0, Err: casefile.Errorf("the key %q is missing", key)}
		}
	}
	if d.Wrong != nil {
		return
	}
	switch {
	case !d.format:
		missing("format")
	case f.ID == "":
		missing("id")
	case f.Complainant.Name == "" && f.Complainant.Email == "" && !f.Complainant.Anonymous:
		missing("complainant: name")
	case len(f.Log) == 0:
		missing("log")
	case d.last != "log":
		d.Fail(root.Content[len(root.Content)-2], casefile.Errorf("the log must stand last in the file, so that steps can be added to it"))
	}
	if d.Wrong != nil {
		return
	}
	state, err := f.Case.State()
	var order *casefile.OrderError
	if errors.As(err, &order) {
		d.Wrong = &Damage{File: d.File, Line: f.entries[order.Index], Err: order.Err}
		return
	}
	f.State = state
	if on := f.ReceivedOn(); d.receivedLine > 0 && f.Received != on {
		if on.IsZero() {
			d.Wrong = &Damage{File: d.File, Line: d.receivedLine, Err: casefile.Errorf("received is %s, but the log has no step received", f.Received)}
			return
		}
		d.Wrong = &Damage{File: d.File, Line: d.receivedLine, Err: casefile.Errorf("received is %s, but the log says %s", f.Received, on).
			WithHint("both must be the date on which the mail arrived")}
	}
}

// sameCase reports whether two cases say the same; it tells the writer whether
// what it wrote reads back as what was meant.
func sameCase(a, b *casefile.Case) bool {
	if len(a.Log) != len(b.Log) {
		return false
	}
	for i := range a.Log {
		if !a.Log[i].Same(b.Log[i]) {
			return false
		}
	}
	return a.ID == b.ID && a.Key == b.Key && slices.Equal(a.Also, b.Also) && a.Received == b.Received && a.Subject == b.Subject && a.About == b.About &&
		a.Complainant == b.Complainant && slices.Equal(a.Others, b.Others) && a.Language == b.Language &&
		strings.TrimRight(a.Complaint, "\n") == strings.TrimRight(b.Complaint, "\n")
}
