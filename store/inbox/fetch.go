package inbox

import (
	"context"
	"errors"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Options say how mail is fetched.
type Options struct {
	Now   casefile.Moment
	At    casefile.Moment // when a mail came in, as a person says; zero is by the mail itself
	By    string          // who registers it; "" is the handler
	Words Words
	Again bool // look at every mail, those too that were dealt with before

	Place string             // the source, as a person names it; "" is the one of the settings
	Say   func(error) string // in the language of the person; nil is in English

	// Progress is told how far the reading of the source is, in units of its own.
	Progress func(done, total int64)
}

// Result is what became of one mail in a source.
type Result struct {
	Key, Name string // of the item; see [Item]
	Verdict
	Step   casefile.Step   // that was recorded: received, replied or undelivered; "" if nothing was
	Undone casefile.Step   // of a Bounce: the step that counts as not taken now; "" if it did already, or stays
	At     casefile.Moment // when the mail came in; zero if that did not matter
	Status casefile.Status // of the case after the step: a reply may belong to a closed one
	Dealt  bool            // the mail needs no second look
	Err    error           // why the mail was not registered
	Waits  int             // the number under which it waits for a decision; 0 if every fetch tells of it again
}

// saveEvery is how many mails are dealt with before it is noted that they were.
const saveEvery = 100

// Fetch takes the mails from a source that it has not dealt with yet. A complaint
// is registered; a reply is recorded with its case, as the complaint itself where
// that was only spoken until now (R1); a letter that came back is recorded with
// its case, once, and undoes its step. Of any other mail nothing is recorded.
//
// It returns what became of each. The lock of the register is held for one mail
// at a time. Whatever ends a fetch halfway, the next one takes up the rest:
// nothing is registered twice, for the register itself knows the mails that it
// has. The error is of the source as a whole, of the register, or of ctx; the
// results before it stand.
func Fetch(ctx context.Context, src Source, reg *store.Register, o Options) ([]Result, error) {
	f := &fetching{src: src, reg: reg, o: o, door: NewDoor(reg, o), there: map[string]bool{}}
	dealt := func(string) bool { return false }
	if !o.Again {
		if err := f.locked(func(w *store.Writer) (err error) {
			dealt, err = w.Fetched(src.Name())
			return err
		}); err != nil {
			return nil, err
		}
	}
	skip := func(key string) bool { f.there[key] = true; return dealt(key) }
	for it, err := range src.Items(ctx, skip) {
		if err != nil {
			f.save(nil)
			return f.results, err
		}
		if err := f.take(it); err != nil {
			f.save(nil)
			return f.results, err
		}
		if o.Progress != nil {
			o.Progress(it.Done, it.Total)
		}
		if len(f.dealt) >= saveEvery {
			f.save(nil)
		}
	}
	f.save(f.there)
	return f.results, nil
}

// fetching is a fetch under way.
type fetching struct {
	src     Source
	reg     *store.Register
	o       Options
	door    *Door
	results []Result
	dealt   []store.Fetched // and not noted yet
	there   map[string]bool // the keys of what is in the source
}

func (f *fetching) locked(do func(*store.Writer) error) error {
	w, err := f.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	return do(w)
}

// save notes what was dealt with. Should it fail, then the next fetch looks at
// those mails once more, and finds that it knows them.
func (f *fetching) save(keep map[string]bool) {
	if len(f.dealt) == 0 && keep == nil {
		return
	}
	if f.locked(func(w *store.Writer) error { return w.SetFetched(f.src.Name(), f.dealt, keep) }) == nil {
		f.dealt = nil
	}
}

// take deals with one mail. Its error is of the register as a whole.
func (f *fetching) take(it Item) error {
	if it.Err != nil {
		f.results = append(f.results, Result{Key: it.Key, Name: it.Name, Err: it.Err})
		return nil
	}
	l, err := Look(it.Raw, f.reg.Policy)
	mails := []Item{it}
	if err == nil && l.Several() != nil {
		mails = nil
		for _, raw := range l.Several() {
			mails = append(mails, Item{Key: it.Key, Name: it.Name, Raw: raw})
		}
	}
	item, dealt := store.Fetched{Item: it.Key}, true
	for _, m := range mails {
		if len(mails) > 1 {
			l, err = Look(m.Raw, f.reg.Policy)
		}
		res := Result{Key: it.Key, Name: it.Name}
		if lerr := f.locked(func(w *store.Writer) error { f.record(w, l, err, m, &res); return nil }); lerr != nil {
			return lerr
		}
		if res.Dealt = res.Err == nil || res.Waits != 0; res.Dealt && (res.Step != "" || res.Kind == Known) {
			item.ID, item.Key = res.ID, l.Key()
		}
		dealt = dealt && res.Dealt
		f.results = append(f.results, res)
	}
	if dealt {
		f.dealt = append(f.dealt, item)
		if m, ok := f.src.(Marker); ok {
			m.Mark(it.Key)
		}
	}
	return nil
}

// record registers a mail that was looked at, if it is one to register; err says that it
// could not be. What a person has to decide waits for that.
func (f *fetching) record(w *store.Writer, l *Looked, err error, it Item, res *Result) {
	if err == nil {
		var v Verdict
		if v, err = f.door.Tell(w, l); err == nil && v.Doubt == nil {
			if *res = f.door.Record(w, l, it, v); !errors.As(res.Err, new(unsure)) {
				return
			}
			err = res.Err
		} else if res.Verdict = v; err == nil {
			err = v.Doubt
		} else if l.err == nil || !errors.Is(err, l.err) {
			res.Err = err // it belongs to a case that cannot be read now
			return
		}
	}
	res.Err = err
	m := store.Waiting{Place: f.o.Place, Item: it.Key, Name: it.Name}
	key := contentKey(it.Raw)
	if l != nil {
		key = l.Key()
		m.From, m.On = f.door.whom(l, it)
	}
	if m.Why = err.Error(); f.o.Say != nil {
		m.Why = f.o.Say(err)
	}
	if m, werr := w.Wait(m, key); werr == nil { // else it is told again the next time
		res.Waits = m.Number
	}
}

// unsure is an error over when a mail came in, on which a person has to decide.
type unsure struct{ error }

func (u unsure) Unwrap() error { return u.error }

// whom returns who wrote a mail and when it came in, for a person to see, as far as that
// is known.
func (d *Door) whom(l *Looked, it Item) (from string, on casefile.Date) {
	if at, err := d.arrived(l.mail, it); err == nil {
		on = at.Date
	}
	name, email := l.mail.Name, l.mail.Email
	if g := l.guess(); g != nil {
		name, email = g.Name, g.Email
		if g.Forwarded {
			on = g.On
		}
	}
	return strings.TrimSpace(name + " " + email), on
}

// arrived returns when a mail came in (R2), in the zone of the firm.
func (d *Door) arrived(m *Mail, it Item) (casefile.Moment, error) {
	if !d.o.At.IsZero() {
		return d.o.At, nil
	}
	t := Arrival(m, it)
	if t.IsZero() {
		return casefile.Moment{}, unsure{casefile.Errorf("it is not known when the mail came in")}
	}
	at := casefile.MomentOf(t.In(time.UTC), d.reg.Policy.Zone)
	if at.Date.After(d.o.Now.Date) { // by the day: the server's clock may run some minutes ahead
		return at, unsure{casefile.Errorf("%s is still to come", at)}
	}
	if doubt := Doubt(at, m, d.reg.Policy); doubt != nil {
		return at, unsure{doubt}
	}
	return at, nil
}
