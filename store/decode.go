package store

import (
	"errors"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"

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
	entries []int // the line on which each entry of the log starts
}

// decodeCase reads a case file strictly: nothing unknown, nothing twice,
// nothing impossible, and steps in an order that can be.
func decodeCase(file string, data []byte, p *deadlines.Policy) (*File, *Damage) {
	root, damage := document(file, data)
	if damage != nil {
		return nil, damage
	}
	f := &File{Path: file, Data: data}
	f.Language = p.Language
	d := caseReader{reader: reader{file: file}, f: f, zone: p.Zone}
	d.mapping(root, d.key)
	d.complete(root)
	if d.damage != nil {
		return nil, d.damage
	}
	return f, nil
}

type caseReader struct {
	reader
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
		d.reader.format(v)
		d.format = true
	case "id":
		id, err := casefile.ParseID(d.text(v))
		if err != nil {
			d.fail(v, err)
		}
		f.ID, f.idLine = id, v.Line
	case "also":
		for _, n := range d.items(v) {
			id, err := casefile.ParseID(d.text(n))
			if err != nil {
				d.fail(n, err)
			}
			f.Also = append(f.Also, id)
		}
	case "received":
		f.Received, d.receivedLine = d.date(v), v.Line
	case "subject":
		f.Subject = d.text(v)
	case "complainant":
		d.mapping(v, d.complainant)
	case "language":
		f.Language = d.one(v, "nl", "en")
	case "complaint":
		f.Complaint = d.text(v)
	case "log":
		for _, n := range d.items(v) {
			f.entries = append(f.entries, n.Line)
			f.Log = append(f.Log, d.entry(n))
		}
	default:
		return false
	}
	return true
}

func (d *caseReader) complainant(key string, v *yaml.Node) bool {
	c := &d.f.Complainant
	switch key {
	case "name":
		c.Name = d.text(v)
	case "email":
		c.Email = d.text(v)
	case "phone":
		c.Phone = d.text(v)
	default:
		return false
	}
	return true
}

func (d *caseReader) entry(n *yaml.Node) casefile.Entry {
	var e casefile.Entry
	at := map[casefile.Field]*yaml.Node{"": n}
	d.mapping(n, func(key string, v *yaml.Node) bool {
		field := casefile.Field(key)
		at[field] = v
		switch field {
		case "at":
			e.At = d.moment(v)
		case "step":
			e.Step = casefile.Step(d.text(v))
		case "by":
			e.By = d.text(v)
		case casefile.FieldMail:
			e.Mail = d.text(v)
		case casefile.FieldText:
			e.Text = d.text(v)
		case casefile.FieldWhen:
			e.When = d.moment(v)
		case casefile.FieldMeans:
			e.Means = d.text(v)
		case casefile.FieldUntil:
			e.Until = d.date(v)
		case casefile.FieldReason:
			e.Reason = d.text(v)
		case casefile.FieldOutcome:
			e.Outcome = casefile.Outcome(d.text(v))
		case casefile.FieldBody:
			e.Body = d.text(v)
		case casefile.FieldReview:
			e.Review = d.date(v)
		case casefile.FieldLetter:
			e.Letter = d.text(v)
		case casefile.FieldLearned:
			e.Learned = d.text(v)
		default:
			return false
		}
		return true
	})
	if d.damage == nil {
		if field, err := e.Check(); err != nil {
			if at[field] == nil {
				field = ""
			}
			d.fail(at[field], err)
		}
	}
	return e
}

func (d *caseReader) moment(n *yaml.Node) casefile.Moment {
	s := d.text(n)
	if d.damage != nil {
		return casefile.Moment{}
	}
	m, err := casefile.ParseMoment(s, d.zone)
	if err != nil {
		d.fail(n, err)
	}
	return m
}

// complete checks what can only be seen when the whole file was read.
func (d *caseReader) complete(root *yaml.Node) {
	f := d.f
	missing := func(key string) {
		if d.damage == nil {
			d.damage = &Damage{d.file, 0, casefile.Errorf("the key %q is missing", key)}
		}
	}
	if d.damage != nil {
		return
	}
	switch {
	case !d.format:
		missing("format")
	case f.ID == "":
		missing("id")
	case f.Complainant.Name == "" && f.Complainant.Email == "":
		missing("complainant: name")
	case len(f.Log) == 0:
		missing("log")
	case d.last != "log":
		d.fail(root.Content[len(root.Content)-2], casefile.Errorf("the log must stand last in the file, so that steps can be added to it"))
	}
	if d.damage != nil {
		return
	}
	state, err := f.Case.State()
	var order *casefile.OrderError
	if errors.As(err, &order) {
		d.damage = &Damage{d.file, f.entries[order.Index], order.Err}
		return
	}
	f.State = state
	if on := f.ReceivedOn(); d.receivedLine > 0 && f.Received != on {
		if on.IsZero() {
			d.damage = &Damage{d.file, d.receivedLine, casefile.Errorf("received is %s, but the log has no step received", f.Received)}
			return
		}
		d.damage = &Damage{d.file, d.receivedLine, casefile.Errorf("received is %s, but the log says %s", f.Received, on).
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
		if !sameEntry(a.Log[i], b.Log[i]) {
			return false
		}
	}
	x, y := *a, *b
	x.Log, y.Log = nil, nil
	return x.ID == y.ID && slices.Equal(x.Also, y.Also) && x.Received == y.Received && x.Subject == y.Subject && x.Complainant == y.Complainant &&
		x.Language == y.Language && strings.TrimRight(x.Complaint, "\n") == strings.TrimRight(y.Complaint, "\n")
}

func sameEntry(a, b casefile.Entry) bool {
	if a.At.String() != b.At.String() || a.When.String() != b.When.String() {
		return false
	}
	a.At, a.When, b.At, b.When = casefile.Moment{}, casefile.Moment{}, casefile.Moment{}, casefile.Moment{}
	for _, s := range []*string{&a.Text, &b.Text, &a.Learned, &b.Learned} {
		*s = strings.TrimRight(*s, "\n")
	}
	return a == b
}
