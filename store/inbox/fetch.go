package inbox

import (
	"context"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Options say how mail is fetched.
type Options struct {
	Now   casefile.Moment
	By    string // who registers it; "" is the handler
	Words Words
	Again bool // look at every mail, those too that were dealt with before

	// Progress is told how far the reading of the source is, in units of its own.
	Progress func(done, total int64)
}

// Result is what became of one mail in a source.
type Result struct {
	Key, Name string // of the item; see [Item]
	Verdict
	Step    casefile.Step   // that was recorded: received, replied or undelivered; "" if nothing was
	Undone  casefile.Step   // of a Bounce: the step that counts as not taken now; "" if it did already, or stays
	At      casefile.Moment // when the mail came in; zero if that did not matter
	Topmost casefile.Date   // by the topmost stamp of the mail, where that is another day than At; else zero
	Status  casefile.Status // of the case after the step: a reply may belong to a closed one
	Dealt   bool            // the mail needs no second look
	Err     error           // why the mail was not registered; every fetch tells of it again
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
	f := &fetching{src: src, reg: reg, o: o, there: map[string]bool{}}
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
	res := Result{Key: it.Key, Name: it.Name, Err: it.Err}
	var l *looked
	if res.Err == nil {
		l, res.Err = look(it.Raw, f.reg.Policy)
	}
	if res.Err == nil {
		if err := f.locked(func(w *store.Writer) error { f.record(w, l, it, &res); return nil }); err != nil {
			return err
		}
	}
	res.Dealt = res.Err == nil
	f.results = append(f.results, res)
	if res.Dealt {
		item := store.Fetched{Item: it.Key}
		if res.Step != "" || res.Kind == Known {
			item.ID, item.Key = res.ID, l.keys[0]
		}
		f.dealt = append(f.dealt, item)
		if m, ok := f.src.(Marker); ok {
			m.Mark(it.Key)
		}
	}
	return nil
}

// record registers the mail, if it is one to register.
func (f *fetching) record(w *store.Writer, l *looked, it Item, res *Result) {
	if res.Verdict, res.Err = l.classify(w, f.reg.Policy); res.Err != nil {
		return
	}
	switch res.Kind {
	case Bounce:
		f.recordBounce(w, l, it, res)
		return
	case Complaint, Reply:
	default:
		return
	}
	came, err := f.arrived(res.Verdict, res.Mail.Stamps, it)
	if res.At, res.Topmost, res.Err = came.At, came.Topmost, err; err != nil {
		return
	}
	var file *store.File
	if res.Kind == Complaint {
		if res.Err = f.notExpired(res.At); res.Err != nil {
			return
		}
		c := CaseOf(res.Mail, res.At, f.reg.Policy, f.o.By, f.o.Words)
		c.Log[0].WriteDown(f.o.Now.Date)
		file, res.Err = w.Create(c, it.Raw)
	} else {
		file, res.Err = w.Append(res.ID, casefile.Entry{At: res.At, Step: casefile.Replied, By: f.by()}, it.Raw,
			func(now *store.File, e *casefile.Entry) error {
				e.WriteDown(f.o.Now.Date)
				if !now.State.Written {
					e.Step = casefile.Received
					PutInWriting(now, e, res.Mail, f.o.Words)
				} else if on := now.ReceivedOn(); e.At.Date.Before(on) {
					e.At = casefile.Moment{Date: on} // no answer comes before its question: the clock of the source is off
				}
				return nil
			})
	}
	if res.Err == nil {
		res.ID, res.Step, res.Status = file.ID, file.Log[len(file.Log)-1].Step, file.State.Status()
	}
}

// recordBounce records that a letter came back. A second report on the same
// letter says nothing new.
func (f *fetching) recordBounce(w *store.Writer, l *looked, it Item, res *Result) {
	at := f.o.Now // no term depends on when a report came in
	if came, err := f.arrived(res.Verdict, l.stamps, it); err == nil {
		at = came.At
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
	file, res.Err = w.Append(res.ID, casefile.Entry{At: at, Step: casefile.Undelivered, By: f.by(), Letter: res.Letter}, it.Raw, nil)
	if res.Err == nil {
		res.At, res.Step, res.Status = at, casefile.Undelivered, file.State.Status()
	}
}

func (f *fetching) by() string {
	if f.o.By != "" {
		return f.o.By
	}
	return f.reg.Policy.Organisation.Handler
}

// arrived returns when a mail came in. It fails where that is not known, is doubtful, or
// is still to come.
func (f *fetching) arrived(v Verdict, s Stamps, it Item) (Arrival, error) {
	a := s.Arrival(it, f.reg.Policy)
	unknown := a.Doubt
	switch {
	case a.At.IsZero():
		unknown = casefile.Errorf("it is not known when the mail came in")
	case a.Doubt == nil && a.At.Date.After(f.o.Now.Date): // by the day: the server's clock may run some minutes ahead
		return a, casefile.Errorf("%s is still to come", a.At).WithHint("is the clock of this machine right? It says %s", f.o.Now)
	case a.Doubt == nil:
		return a, nil
	}
	if v.Kind == Reply {
		return a, unknown.WithHint("save it as .eml, and say so yourself: `klacht reply %s FILE --on YYYY-MM-DD`", v.ID)
	}
	return a, unknown.WithHint("save it as .eml, and say so yourself: `klacht new FILE --received YYYY-MM-DD`")
}

// notExpired refuses a mail that came in so long ago that its case, had it been
// handled at once, would have been purged by now (R14): most likely it was.
func (f *fetching) notExpired(at casefile.Moment) error {
	c := &casefile.Case{Log: []casefile.Entry{{At: at, Step: casefile.Received}}}
	kept := deadlines.Retention(c, casefile.State{Closed: true, Settled: at.Date}, f.reg.Policy)
	if kept.Unlimited || !kept.Until.Before(f.o.Now.Date) {
		return nil
	}
	return casefile.Errorf("the mail came in on %s; a complaint of that day is no longer kept", at.Date).
		WithHint("if it is a new complaint all the same, save it as .eml: `klacht new FILE`")
}
