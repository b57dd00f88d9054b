package store

import (
	"io"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

// head is how much of a mail is read for what it says of itself.
const head = 64 << 10

// timesOf returns the days on which a mail was written, and was taken in by the
// firm's server, as it says itself; zero where it does not say. all reads the
// whole of it.
func (r *Register) timesOf(name string, all bool) (dated, arrived casefile.Date) {
	limit := int64(head)
	if all {
		limit = MaxMail
	}
	data, err := r.beginning(name, limit)
	if err != nil {
		return dated, arrived
	}
	day := func(t time.Time) casefile.Date {
		if t.IsZero() {
			return casefile.Date{}
		}
		return casefile.MomentOf(t, r.Policy.Zone).Date
	}
	sent, came := r.Times(data)
	return day(sent), day(came)
}

// beginning returns at most so many bytes of a file.
func (r *Register) beginning(name string, limit int64) ([]byte, error) {
	f, _, err := r.root.OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// timeFinding says that a step does not stand on the day that its mail proves; nil
// if it does, within a day, or if there is nothing to prove it by. A mail that came
// in may have been known earlier than by the stamp, by the place that it was
// fetched from; a complaint was never received a single day later.
func (c *checkup) timeFinding(id casefile.ID, e casefile.Entry, mail string) *casefile.Error {
	if c.Times == nil || !e.Written.IsZero() || !e.Step.Letter() && !e.Step.CameIn() {
		return nil
	}
	for _, all := range []bool{false, true} { // the whole of it only where something seems to be wrong
		day, came := c.timesOf(mail, all)
		if e.Step.CameIn() {
			day = came
		}
		late := day.DaysUntil(e.At.Date)
		if day.IsZero() || late == 0 || late == 1 && e.Step != casefile.Received || late < 0 && (e.Step.CameIn() || late == -1) {
			return nil
		}
		switch {
		case !all:
		case e.Step.CameIn():
			return casefile.Errorf("the step stands on %s, but the firm's server took its mail in on %s", e.At.Date, day).
				WithHint("`klacht edit %s` puts it on the day on which it came in", id)
		default:
			return casefile.Errorf("the step stands on %s, but its letter is dated %s", e.At.Date, day).
				WithHint("`klacht edit %s` mends the day; if the letter was written then and left later, its step says so with written: %s", id, day)
		}
	}
	return nil
}

// promiseFindings says which promises that run differ from what the procedure
// comes to by now, and which extensions go beyond what it allows.
func (c *checkup) promiseFindings(f *File, today casefile.Date) (list []finding) {
	wrong := func(line int, err *casefile.Error) {
		list = append(list, finding{Damage: &Damage{File: f.Path, Line: line, Err: err}})
	}
	for _, p := range deadlines.Promises(&f.Case, c.Policy, today) {
		if p.Running() && !p.Counted.IsZero() && p.Counted != p.Due {
			wrong(f.promised(string(p.Term), p.Due), casefile.Errorf("a letter promised %s, and the procedure comes to %s", p.Due, p.Counted).
				WithHint("the letter stands; if the procedure is not what it should be, mend it there"))
		}
	}
	before := f.Case
	before.Log = nil
	for _, e := range f.InOrder() {
		if e.Step == casefile.Extended && len(before.Log) > 0 {
			room := deadlines.RoomOf(&before, c.Policy, e.At.Date)
			switch {
			case room.None:
				wrong(f.entries[e.Index], casefile.Errorf("the procedure knows no extension, so this one moves nothing"))
			case !room.Latest.IsZero() && e.Until.After(room.Latest):
				wrong(f.entries[e.Index], casefile.Errorf("the procedure allows an extension until %s, not until %s", room.Latest, e.Until))
			}
		}
		before.Log = append(before.Log, e.Entry)
	}
	return list
}

// promised returns the line of the last entry whose letter promises the date for
// the term.
func (f *File) promised(term string, due casefile.Date) (line int) {
	for i, e := range f.Log {
		if e.Promised[term] == due {
			line = f.entries[i]
		}
	}
	return line
}
