package inbox

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Door takes mails into a register, one at a time and whatever they are. Its lock is
// the caller's.
type Door struct {
	reg    *store.Register
	o      Options
	people map[string]casefile.ID // who has an open complaint, and which is the last; nil until it was read
}

// NewDoor returns the door of a register.
func NewDoor(reg *store.Register, o Options) *Door { return &Door{reg: reg, o: o} }

// Tell is [Classify] for a mail that was looked at. What a person has to decide before
// it can be registered stands in Doubt.
func (d *Door) Tell(w *store.Writer, l *Looked) (Verdict, error) {
	v, err := l.classify(w, d.reg.Policy)
	if err != nil {
		return v, err
	}
	body := ""
	if l.mail != nil {
		body = d.reg.Policy.BodyAt(l.mail.Email)
	}
	switch {
	case v.Kind != Reply && v.Kind != Complaint:
	case body != "":
		v.Doubt = casefile.Errorf("it comes from %s, a body of your procedure", body)
	case v.Kind == Reply:
		v.Doubt, err = stranger(w, v.ID, l)
	default:
		err = d.another(&v)
	}
	return v, err
}

// stranger says what speaks against a mail being a reply to the complaint whose mail it
// answers: that somebody else wrote it, or that it is about something else; nil if
// nothing does.
func stranger(w *store.Writer, id casefile.ID, l *Looked) (*casefile.Error, error) {
	f, err := w.Load(id)
	if err != nil {
		return nil, err
	}
	known := append(f.Emails(), f.Complainant.Email)
	if f.Complainant.Email != "" && !slices.ContainsFunc(known, func(a string) bool { return strings.EqualFold(a, l.mail.Email) }) && !wroteBefore(w, f, l) {
		return casefile.Errorf("it answers a mail of %s, but somebody else wrote it", id), nil
	}
	subject := strings.ToLower(l.subject)
	if !prefixes().MatchString(subject) && len(references(subject)) == 0 && !strings.Contains(subject, strings.ToLower(f.Subject)) &&
		complains().MatchString(subject+"\n"+l.mail.Text[:min(len(l.mail.Text), 300)]) {
		return casefile.Errorf("it answers a mail of %s, but under a subject of its own; it may be another complaint", id), nil
	}
	return nil, nil
}

// prefixes are what mail programs put before the subject of an answer, complains the
// words with which a complaint begins.
var (
	prefixes  = casefile.Pattern(`(?i)^(?:re|aw|antw|antwoord|betr|sv|fw|fwd|doorst)\s*:`)
	complains = casefile.Pattern(`(?i)\b(?:klacht|klaag|complain)`)
)

// wroteBefore reports whether who wrote a mail has written to a case before, of which the
// owner had no doubt.
func wroteBefore(w *store.Writer, f *store.File, l *Looked) bool {
	return slices.ContainsFunc(f.Log, func(e casefile.Entry) bool {
		if e.Mail == "" || e.Step != casefile.Received && e.Step != casefile.Replied {
			return false
		}
		raw, err := w.Mail(f, e.Mail)
		if err != nil {
			return false
		}
		m, err := Read(raw, w.Policy)
		return err == nil && strings.EqualFold(m.Email, l.mail.Email)
	})
}

// another looks whether who complains has an open complaint. The mail of somebody whose
// complaint was only spoken until now is most likely that.
func (d *Door) another(v *Verdict) error {
	if d.people == nil {
		files, _, err := d.reg.ReadOpen()
		if err != nil {
			return err
		}
		d.people = map[string]casefile.ID{}
		for _, f := range files {
			d.note(f)
		}
	}
	id := d.people[strings.ToLower(v.Mail.Email)]
	if id == "" {
		return nil
	}
	f, err := d.reg.Load(id)
	switch {
	case err != nil || f.State.Closed: // it has changed since
	case !f.State.Written:
		v.Kind, v.ID = Reply, id
		v.Doubt = casefile.Errorf("%s was voiced on %s by the same person, and is not in writing yet", id, f.Began())
	default:
		v.Same = id
	}
	return nil
}

func (d *Door) note(f *store.File) {
	if email := strings.ToLower(f.Complainant.Email); email != "" && !f.State.Closed && d.people != nil {
		d.people[email] = max(d.people[email], f.ID)
	}
}

// Record puts a mail into the register as it was told of. What it is not to register,
// as [Fetch] says, stays as it is.
func (d *Door) Record(w *store.Writer, l *Looked, it Item, v Verdict) Result {
	res := Result{Key: it.Key, Name: it.Name, Verdict: v}
	switch v.Kind {
	case Bounce:
		d.recordBounce(w, l, it, &res)
		return res
	case Complaint, Reply:
	default:
		return res
	}
	if res.At, res.Err = d.arrived(v.Mail, it); res.Err != nil {
		return res
	}
	var f *store.File
	if v.Kind == Complaint {
		f, res.Err = d.create(w, &res, it)
	} else {
		f, res.Err = d.reply(w, &res, it)
	}
	if res.Err == nil {
		res.ID, res.Step, res.Status = f.ID, f.Log[len(f.Log)-1].Step, f.State.Status()
		d.note(f)
	}
	return res
}

func (d *Door) create(w *store.Writer, res *Result, it Item) (*store.File, error) {
	if err := d.notExpired(res.At); err != nil {
		return nil, err
	}
	c := CaseOf(res.Mail, res.At, d.reg.Policy, d.o.By, d.o.Words)
	c.Log[0].WriteDown(d.o.Now.Date)
	return w.Create(c, it.Raw)
}

// reply records a mail with the case that it is a reply to; with a spoken one as the
// complaint itself (R1).
func (d *Door) reply(w *store.Writer, res *Result, it Item) (*store.File, error) {
	return w.Append(res.ID, casefile.Entry{At: res.At, Step: casefile.Replied, By: d.by()}, it.Raw,
		func(now *store.File, e *casefile.Entry) error {
			e.WriteDown(d.o.Now.Date)
			if !now.State.Written {
				e.Step = casefile.Received
				PutInWriting(now, e, res.Mail, d.o.Words)
			} else if on := now.ReceivedOn(); e.At.Date.Before(on) {
				e.At = casefile.Moment{Date: on} // no answer comes before its question: the clock of the source is off
			}
			return nil
		})
}

// recordBounce records that a letter came back. A second report on the same
// letter says nothing new.
func (d *Door) recordBounce(w *store.Writer, l *Looked, it Item, res *Result) {
	at, err := d.arrived(l.stamps, it)
	if err != nil {
		at = d.o.Now // no term depends on when a report came in
	}
	var file *store.File
	if file, res.Err = w.Load(res.ID); res.Err != nil {
		return
	}
	for i, e := range file.Log {
		if e.Mail != res.Letter || e.Step.Incoming() {
			continue
		}
		if _, known := file.CameBack()[i]; !known && e.Step.Undone() {
			res.Undone = e.Step
		}
		if at.Date.Before(e.At.Date) {
			at = casefile.Moment{Date: e.At.Date} // no letter comes back before it left: the clock of the source is off
		}
	}
	if slices.ContainsFunc(file.Log, func(e casefile.Entry) bool { return e.Letter == res.Letter }) {
		return
	}
	file, res.Err = w.Append(res.ID, casefile.Entry{At: at, Step: casefile.Undelivered, By: d.by(), Letter: res.Letter}, it.Raw, nil)
	if res.Err == nil {
		res.At, res.Step, res.Status = at, casefile.Undelivered, file.State.Status()
	}
}

func (d *Door) by() string {
	if d.o.By != "" {
		return d.o.By
	}
	return d.reg.Policy.Organisation.Handler
}

// notExpired refuses a mail that came in so long ago that its case, had it been
// handled at once, would have been purged by now (R14): most likely it was.
func (d *Door) notExpired(at casefile.Moment) error {
	c := &casefile.Case{Log: []casefile.Entry{{At: at, Step: casefile.Received}}}
	kept := deadlines.Retention(c, casefile.State{Closed: true, Settled: at.Date}, d.reg.Policy)
	if kept.Unlimited || !kept.Until.Before(d.o.Now.Date) {
		return nil
	}
	return unsure{casefile.Errorf("the mail came in on %s; a complaint of that day is no longer kept", at.Date)}
}
