package inbox

import (
	"cmp"
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

// A batch is how much is read before it is registered; held is how long the lock of the
// register is kept for it, so that others never wait for long.
const (
	batchMails = 50
	batchBytes = 8 << 20
	held       = 200 * time.Millisecond
)

// Fetch takes the mails from a source that it has not dealt with yet. A complaint
// is registered; a reply is recorded with its case, as the complaint itself where
// that was only spoken until now (R1); a letter that came back is recorded with
// its case, once, and undoes its step. Of any other mail nothing is recorded.
//
// It returns what became of each. The lock of the register is held for a few mails
// at a time, and never while the source is read. Whatever ends a fetch halfway, the
// next one takes up the rest: nothing is registered twice, for the register itself
// knows the mails that it has. The error is of the source as a whole, of the register,
// or of ctx; the results before it stand.
func Fetch(ctx context.Context, src Source, reg *store.Register, o Options) ([]Result, error) {
	f := &fetching{ctx: ctx, src: src, reg: reg, o: o, door: NewDoor(reg, o), there: map[string]bool{}}
	dealt := func(string) bool { return false }
	if !o.Again {
		if err := f.locked(func(w *store.Writer) (err error) {
			dealt, err = w.Fetched(src.Name())
			return err
		}); err != nil {
			return nil, err
		}
	}
	if m, ok := src.(Marker); ok {
		m.BeforeMarking(f.register)
	}
	skip := func(key string) bool { f.there[key] = true; return dealt(key) }
	var failed error
	for it, err := range src.Items(ctx, skip) {
		if err != nil {
			failed = err
			break
		}
		f.batch = append(f.batch, it)
		if f.bytes += len(it.Raw); len(f.batch) >= batchMails || f.bytes >= batchBytes {
			f.register()
		}
		if f.err != nil {
			break
		}
	}
	f.register()
	if failed = cmp.Or(f.err, failed); failed == nil {
		// should it fail, then more is remembered than is there
		_ = f.locked(func(w *store.Writer) error { return w.KeepFetched(src.Name(), f.there) })
	}
	return f.results, failed
}

// fetching is a fetch under way.
type fetching struct {
	ctx     context.Context
	src     Source
	reg     *store.Register
	o       Options
	door    *Door
	results []Result
	there   map[string]bool // the keys of what is in the source
	batch   []Item          // was read, and is not registered yet
	bytes   int             // of it
	err     error           // of the register as a whole, or of ctx: no more is registered

	taken   []taken // since the lock was taken
	waiting []store.Waiting
	whose   []int // the results that waiting is of
}

func (f *fetching) locked(do func(*store.Writer) error) error {
	w, err := f.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	return do(w)
}

// register registers what was read, and notes what was dealt with.
func (f *fetching) register() {
	items, looked := f.batch, f.look(f.batch)
	f.batch, f.bytes = nil, 0
	for len(items) > 0 && f.err == nil {
		n := 0
		f.err = f.locked(func(w *store.Writer) error {
			for begun := time.Now(); n < len(items) && (n == 0 || time.Since(begun) < held && f.ctx.Err() == nil); n++ {
				f.take(w, items[n], looked[n])
			}
			f.settle(w)
			return nil
		})
		for _, it := range items[:n] {
			if f.o.Progress != nil {
				f.o.Progress(it.Done, it.Total)
			}
		}
		items, looked = items[n:], looked[n:]
		f.err = cmp.Or(f.err, f.ctx.Err())
	}
}

// sight is a mail of an item, as it was looked at: an item may hold several.
type sight struct {
	raw []byte
	l   *Looked
	err error
}

// look looks at the mails of items.
func (f *fetching) look(items []Item) [][]sight {
	all := make([][]sight, len(items))
	for i, it := range items {
		if it.Err != nil {
			continue
		}
		l, err := Look(it.Raw, f.reg.Policy)
		if err != nil || l.Several() == nil {
			all[i] = []sight{{it.Raw, l, err}}
			continue
		}
		for _, raw := range l.Several() {
			l, err := Look(raw, f.reg.Policy)
			all[i] = append(all[i], sight{raw, l, err})
		}
	}
	return all
}

// take registers the mails of an item.
func (f *fetching) take(w *store.Writer, it Item, looked []sight) {
	t := taken{key: it.Key, first: len(f.results), dealt: store.Fetched{Item: it.Key}}
	if it.Err != nil {
		res := Result{Key: it.Key, Name: it.Name, Err: it.Err}
		if errors.As(it.Err, new(*Unreadable)) {
			f.wait(store.Waiting{Mail: store.MailHash("item " + f.src.Name() + "\n" + it.Key)}, it, it.Err)
		}
		f.results = append(f.results, res)
	}
	for _, m := range looked {
		one, res := it, Result{Key: it.Key, Name: it.Name}
		one.Raw = m.raw
		f.record(w, m.l, m.err, one, &res)
		if res.Err == nil && (res.Step != "" || res.Kind == Known) {
			t.dealt.ID, t.dealt.Key = res.ID, m.l.Key()
		}
		f.results = append(f.results, res)
	}
	t.end = len(f.results)
	f.taken = append(f.taken, t)
}

// taken is an item of which the mails were registered: results from first, before end.
type taken struct {
	key        string
	first, end int
	dealt      store.Fetched
}

// settle notes what waits for a person, and which items need no second look. Should that
// fail, then the next fetch looks at them once more, and finds what it knows.
func (f *fetching) settle(w *store.Writer) {
	if numbers, err := w.Wait(f.waiting); err == nil {
		for i, n := range numbers {
			f.results[f.whose[i]].Waits = n
		}
	}
	var dealt []store.Fetched
	for _, t := range f.taken {
		all := true
		for i := t.first; i < t.end; i++ {
			res := &f.results[i]
			res.Dealt = res.Err == nil || res.Waits != 0
			all = all && res.Dealt
		}
		if !all {
			continue
		}
		dealt = append(dealt, t.dealt)
		if m, ok := f.src.(Marker); ok {
			m.Mark(t.key)
		}
	}
	_ = w.AddFetched(f.src.Name(), dealt)
	f.taken, f.waiting, f.whose = nil, nil, nil
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
	m := store.Waiting{Mail: store.MailHash(contentKey(it.Raw))}
	if l != nil {
		m.Mail = store.MailHash(l.Key())
		m.From, m.On = f.door.whom(l, it)
	}
	f.wait(m, it, err)
}

// wait lets the mail of the result that comes next wait for a person.
func (f *fetching) wait(m store.Waiting, it Item, err error) {
	m.Place, m.Item, m.Name, m.Why = f.o.Place, it.Key, it.Name, err.Error()
	if f.o.Say != nil {
		m.Why = f.o.Say(err)
	}
	f.waiting, f.whose = append(f.waiting, m), append(f.whose, len(f.results))
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
