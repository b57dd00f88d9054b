package outbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/wire"
)

// carrier is a transport that does as it is told and counts what it accepted.
type carrier struct {
	answers  []error // one for each try; nil accepts. When they are used up, it accepts
	accepted map[string]int
	places   bool // lays letters where the owner sends them
	last     []byte
	to       []string
}

func (c *carrier) Leaves() bool { return !c.places }

func (c *carrier) Send(_ context.Context, _ string, to []string, raw []byte) error {
	if len(c.answers) > 0 {
		err := c.answers[0]
		c.answers = c.answers[1:]
		if err != nil {
			return err
		}
	}
	if c.accepted == nil {
		c.accepted = map[string]int{}
	}
	c.accepted[headerOf(raw)["Message-Id"]]++
	c.last, c.to = raw, to
	return nil
}

var later = "2026-11-04T11:30:00+01:00"

func deliver(t tb, o *Outbox, name string) (*Delivery, error) {
	t.Helper()
	return o.Deliver(context.Background(), name, moment(t, later))
}

// wantRecorded makes sure that the step stands in the case, once, with the mail.
func wantRecorded(t tb, r *store.Register, at, mail string) {
	t.Helper()
	f := load(t, r)
	if len(f.Log) != 2 {
		t.Fatal("the log has", len(f.Log), "steps")
	}
	e := f.Log[1]
	if e.Step != casefile.Acknowledged || e.At.String() != at || e.Mail != "02-acknowledged.eml" {
		t.Errorf("recorded: %+v", e)
	}
	kept, err := r.Mail(f, e.Mail)
	must(t, err)
	if string(kept) != mail {
		t.Errorf("kept:\n%s\nsent:\n%s", kept, mail)
	}
	if s := stateOf(t, r); s != "" {
		t.Errorf("it still waits: %s", s)
	}
	names, _ := filepath.Glob(filepath.Join(r.Dir, "outbox", "2026*"))
	if len(names) > 0 {
		t.Errorf("left in the outbox: %v", names)
	}
}

func wantNotRecorded(t tb, r *store.Register, state store.LetterState) {
	t.Helper()
	if f := load(t, r); len(f.Log) != 1 {
		t.Errorf("recorded: %+v", f.Log[1])
	}
	if s := stateOf(t, r); s != state {
		t.Errorf("state %q, want %q", s, state)
	}
}

func TestDeliver(t *testing.T) {
	r, c := newReg(t), &carrier{}
	o := New(r, c)
	l := enqueue(t, o)
	if l.Name != "2026-0001-acknowledged" || l.State != store.LetterQueued {
		t.Errorf("%+v", l)
	}
	d, err := deliver(t, o, l.Name)
	must(t, err)
	if d.Recorded == nil || len(c.accepted) != 1 || len(c.to) != 1 || c.to[0] != complainant {
		t.Errorf("%+v %+v", d, c)
	}
	wantRecorded(t, r, later, string(c.last))
	if !strings.Contains(string(c.last), "In-Reply-To: <vraag-1@voorbeeld.example>") {
		t.Errorf("%s", c.last)
	}
}

func TestRefusedLaterAndUnclear(t *testing.T) {
	for _, c := range []struct {
		kind  wire.Kind
		state store.LetterState
	}{
		{wire.Busy, store.LetterQueued}, {wire.Unreachable, store.LetterQueued}, {wire.LoginRefused, store.LetterQueued},
		{ToRefused, store.LetterRefused}, {LetterRefused, store.LetterRefused},
		{NoAnswer, store.LetterSending}, {CommandCut, store.LetterSending}, {"", store.LetterSending},
	} {
		r := newReg(t)
		var err error = failure(c.kind, "mail.example:587", "550 nee")
		if c.kind == "" {
			err = errors.New("something else")
		}
		o := New(r, &carrier{answers: []error{err}})
		l := enqueue(t, o)
		_, failed := deliver(t, o, l.Name)
		if failed == nil {
			t.Error(c.kind, "no error")
		}
		wantNotRecorded(t, r, c.state)
		list, _, err := List(openRegister(t, r.Dir))
		must(t, err)
		if list[0].Unclear != (c.state == store.LetterSending) || list[0].Problem == nil || list[0].Problem.Error() != failed.Error() {
			t.Errorf("%s: %+v, %v", c.kind, list[0], list[0].Problem)
		}
		_, err = deliver(t, o, l.Name)
		if c.state == store.LetterQueued {
			must(t, err)
			wantRecorded(t, r, later, string(o.via.(*carrier).last))
			continue
		}
		wantError(t, err, "the letter 2026-0001-acknowledged does not wait to be sent: "+stands(c.state).Error())
		writing(t, r, func(w *store.Writer) { _, err = TryAgain(w, l.Name); must(t, err) })
		_, err = deliver(t, o, l.Name)
		must(t, err)
		wantRecorded(t, r, later, string(o.via.(*carrier).last))
	}
}

// A crash at each point of the life of a letter.
func TestCrashes(t *testing.T) {
	for point, state := range map[string]store.LetterState{
		"written as sending":  store.LetterSending,
		"handed over":         store.LetterSending,
		"written as accepted": store.LetterAccepted,
		"recorded":            store.LetterAccepted,
	} {
		r, c := newReg(t), &carrier{}
		o := New(r, c)
		l := enqueue(t, o)
		if crashAt(point, func() { _, _ = deliver(t, o, l.Name) }); stateOf(t, r) != state {
			t.Errorf("%s: %s", point, stateOf(t, r))
		}
		raw, err := r.LetterMail(l)
		must(t, err)
		mail := string(raw)
		list, _, err := List(r)
		must(t, err)
		if list[0].Unclear != (state == store.LetterSending) {
			t.Errorf("%s: unclear is %v", point, list[0].Unclear)
		}
		sent := len(c.accepted)
		writing(t, r, func(w *store.Writer) {
			files, problems := Recover(w)
			if len(problems) > 0 || len(files) != map[string]int{"written as accepted": 1}[point] { // what was recorded before is not said to be now
				t.Errorf("%s: %v %v", point, files, problems)
			}
		})
		if state == store.LetterSending {
			wantNotRecorded(t, r, store.LetterSending)
			if _, err := deliver(t, o, l.Name); err == nil || len(c.accepted) != sent {
				t.Errorf("%s: sent again without the owner's word", point)
			}
			writing(t, r, func(w *store.Writer) { _, err = MarkSent(w, l.Name, casefile.Moment{}, nil, l.Entry); must(t, err) })
		}
		wantRecorded(t, r, later, mail)
	}
}

// crash is what a killed command leaves: nothing runs any more.
type crash struct{}

// crashAt does something and kills it at a point, if it gets there.
func crashAt(point string, do func()) (crashed bool) {
	atPoint = func(p string) {
		if p == point {
			panic(crash{})
		}
	}
	defer func() {
		atPoint = func(string) {}
		if e := recover(); e != nil {
			if _, is := e.(crash); !is {
				panic(e)
			}
			crashed = true
		}
	}()
	do()
	return false
}

func TestBeingSentIsNotUnclear(t *testing.T) {
	r := newReg(t)
	o := New(r, &carrier{})
	l := enqueue(t, o)
	atPoint = func(p string) {
		if p != "handed over" {
			return
		}
		atPoint = func(string) {}
		other := openRegister(t, r.Dir)
		list, _, err := List(other)
		must(t, err)
		if list[0].Unclear || list[0].State != store.LetterSending {
			t.Errorf("%+v", list[0])
		}
		writing(t, other, func(w *store.Writer) { // nobody can take it, and the register is free meanwhile
			for _, err := range []error{
				second(TryAgain(w, l.Name)), second(MarkSent(w, l.Name, moment(t, later), nil, l.Entry)), Drop(w, l.Name)} {
				wantError(t, err, "another klacht is sending mail at this moment")
			}
		})
		_, err = deliver(t, New(other, &carrier{}), l.Name)
		wantError(t, err, "another klacht is sending mail at this moment")
	}
	_, err := deliver(t, o, l.Name)
	must(t, err)
	wantRecorded(t, r, later, string(o.via.(*carrier).last))
}

func second[T any](_ T, err error) error { return err }

func TestDraft(t *testing.T) {
	r := newReg(t)
	o := New(r, Drafts{})
	l := enqueue(t, o)
	d, err := deliver(t, o, l.Name)
	must(t, err)
	if d.Recorded != nil || l.State != store.LetterDraft {
		t.Errorf("%+v", d)
	}
	file, err := os.ReadFile(r.LetterPath(l))
	must(t, err)
	raw, err := r.LetterMail(l)
	must(t, err)
	if string(file) != "X-Unsent: 1\r\n"+string(raw) {
		t.Errorf("%s", file)
	}
	wantNotRecorded(t, r, store.LetterDraft)
	writing(t, r, func(w *store.Writer) { _, err = MarkSent(w, l.Name, moment(t, later), nil, l.Entry); must(t, err) })
	wantRecorded(t, r, later, string(raw))
}

func TestDraftSentByAMailProgram(t *testing.T) {
	r := newReg(t)
	o := New(r, Drafts{})
	l := enqueue(t, o)
	own := "Message-ID: <eigen@mok.example>\r\nFrom: klacht@mok.example\r\nTo: " + complainant + "\r\n\r\nBeste Jolanda,\r\n"
	for _, point := range []string{"written as accepted", "recorded"} {
		crashAt(point, func() {
			writing(t, r, func(w *store.Writer) { _, _ = MarkSent(w, l.Name, moment(t, later), []byte(own), l.Entry) })
		})
	}
	writing(t, r, func(w *store.Writer) { Recover(w) })
	wantRecorded(t, r, later, own)
}

func TestDraftSentAfterAll(t *testing.T) {
	r, c := newReg(t), &carrier{}
	l := enqueue(t, New(r, Drafts{}))
	writing(t, r, func(w *store.Writer) { must(t, second(TryAgain(w, l.Name))) })
	file, err := os.ReadFile(r.LetterPath(l))
	must(t, err)
	_, err = deliver(t, New(r, c), l.Name)
	must(t, err)
	if string(file) != string(c.last) || strings.Contains(string(file), "X-Unsent") {
		t.Errorf("%s", file)
	}
}

func TestDraftsElsewhere(t *testing.T) {
	r, c := newReg(t), &carrier{places: true, answers: []error{failure(wire.Lost, "imap.example:993", "weg")}}
	o := New(r, c)
	l := enqueue(t, o)
	_, err := deliver(t, o, l.Name)
	wantError(t, err, "the connection with imap.example:993 broke: weg")
	wantNotRecorded(t, r, store.LetterQueued)
	_, err = deliver(t, o, l.Name)
	must(t, err)
	wantNotRecorded(t, r, store.LetterDraft)
	_, err = deliver(t, o, l.Name)
	must(t, err)
	if c.accepted["<"+l.MessageID+">"] != 1 {
		t.Error("laid there again")
	}
}

func TestOneLetterForAStep(t *testing.T) {
	r := newReg(t)
	o := New(r, &carrier{answers: []error{failure(wire.Busy, "x", "y")}})
	l := enqueue(t, o)
	_, _ = deliver(t, o, l.Name)
	_, err := tryEnqueue(t, o, acknowledged(t))
	wantError(t, err, "a letter for this step already waits: 2026-0001-acknowledged")
	writing(t, r, func(w *store.Writer) { must(t, Drop(w, l.Name)) })
	wantNotRecorded(t, r, "")
	enqueue(t, o)
}

func TestStepThatMayNotFollow(t *testing.T) {
	r, c := newReg(t), &carrier{}
	o := New(r, c)
	_, err := tryEnqueue(t, o, casefile.Entry{At: moment(t, later), Step: casefile.Reopened, Reason: "x", By: "Mok"})
	wantError(t, err, "2026-0001: the complaint is not closed")
	l := enqueue(t, o)
	writing(t, r, func(w *store.Writer) { // recorded in another way before it is sent
		must(t, second(w.Append(theCase, acknowledged(t), nil, nil)))
	})
	_, err = deliver(t, o, l.Name)
	wantError(t, err, "2026-0001: receipt has already been confirmed")
	if len(c.accepted) != 0 || stateOf(t, r) != store.LetterQueued {
		t.Error("it was sent")
	}
}

func TestLetterThatLeftAndCannotBeRecorded(t *testing.T) {
	r := newReg(t)
	o := New(r, &carrier{})
	l := enqueue(t, o)
	crashAt("written as accepted", func() { _, _ = deliver(t, o, l.Name) })
	writing(t, r, func(w *store.Writer) {
		must(t, second(w.Append(theCase, acknowledged(t), nil, nil)))
		_, problems := Recover(w)
		if len(problems) != 1 {
			t.Fatal(problems)
		}
		wantError(t, problems[0], "the letter 2026-0001-acknowledged was handed over, but that could not be recorded: 2026-0001: receipt has already been confirmed")
		must(t, Drop(w, l.Name))
	})
}

func TestChangedLetterIsNotSent(t *testing.T) {
	for _, change := range [][2]string{
		{"To: Jolanda de Wit <jolanda", "To: <ander"}, {"Message-ID: <", "Message-ID: <x"},
		{"Subject:", "Cc: ander@adres.example\r\nSubject:"}, {"Subject:", "bcc: ander@adres.example\r\nSubject:"},
	} {
		r, c := newReg(t), &carrier{}
		o := New(r, c)
		l := enqueue(t, o)
		file, err := os.ReadFile(r.LetterPath(l))
		must(t, err)
		must(t, os.WriteFile(r.LetterPath(l), []byte(strings.Replace(string(file), change[0], change[1], 1)), 0o600))
		_, err = deliver(t, o, l.Name)
		wantError(t, err, "the letter 2026-0001-acknowledged was changed: its address or its Message-ID is another now")
		wantNotRecorded(t, r, store.LetterQueued)
		if len(c.accepted) > 0 {
			t.Error("it was sent")
		}
	}
}

// A letter that is recorded, and cannot be taken out of outbox/ then, is taken
// away later, and nothing is said of it a second time.
func TestLetterThatCannotBeTakenAway(t *testing.T) {
	for name, do := range map[string]func(r *store.Register, o *Outbox, l *store.Letter) (*store.File, error){
		"deliver": func(_ *store.Register, o *Outbox, l *store.Letter) (*store.File, error) {
			d, err := deliver(t, o, l.Name)
			return d.Recorded, err
		},
		"sent": func(r *store.Register, _ *Outbox, l *store.Letter) (f *store.File, err error) {
			writing(t, r, func(w *store.Writer) { f, err = MarkSent(w, l.Name, moment(t, later), nil, l.Entry) })
			return f, err
		},
	} {
		r, c := newReg(t), &carrier{}
		o := New(r, c)
		l := enqueue(t, o)
		raw, err := r.LetterMail(l)
		must(t, err)
		file := strings.TrimSuffix(r.LetterPath(l), ".eml") + ".letter"
		atPoint = func(p string) { // a folder that is not empty stands in the way
			if p == "recorded" {
				must(t, os.Rename(file, file+".kept"))
				must(t, os.MkdirAll(file+"/x", 0o700))
			}
		}
		f, err := do(r, o, l)
		atPoint = func(string) {}
		if f == nil || err == nil || !strings.Contains(err.Error(), "has left and is recorded") || casefile.KindOf(err) != casefile.Failed {
			t.Errorf("%s: %v, %v", name, f, err)
		}
		writing(t, r, func(w *store.Writer) {
			if files, problems := Recover(w); files != nil || problems != nil {
				t.Errorf("%s: %v, %v", name, files, problems)
			}
		})
		must(t, os.RemoveAll(file))
		must(t, os.Rename(file+".kept", file))
		writing(t, r, func(w *store.Writer) {
			if files, problems := Recover(w); files != nil || problems != nil {
				t.Errorf("%s: %v, %v", name, files, problems)
			}
		})
		wantRecorded(t, r, later, string(raw))
	}
}

// All who complain get the letter, and a person who changes one address in its file
// sends it to nobody.
func TestALetterToSeveral(t *testing.T) {
	r := newReg(t)
	c := &carrier{}
	o := New(r, c)
	f := load(t, r)
	f.Others = []casefile.Complainant{{Name: "Jan Bos", Email: "jan@bos.example"}, {Name: "Zonder"}}
	m, err := Compose(Message{Case: &f.Case, Policy: r.Policy, Subject: "Je klacht", Body: "Beste Jolanda en Jan,\n", Now: moment(t, later),
		Basis: map[string]string{"kind": "acknowledgement"}})
	must(t, err)
	to := f.Complainant.Email + ", jan@bos.example"
	if m.To != to || m.Basis["to"] != to {
		t.Errorf("to %q, written for %q", m.To, m.Basis)
	}
	var l *store.Letter
	writing(t, r, func(w *store.Writer) { l, err = o.Enqueue(w, f.ID, acknowledged(t), m, nil); must(t, err) })
	file := r.LetterPath(l)
	must(t, os.WriteFile(file, []byte(strings.Replace(string(m.Raw), "jan@bos", "jan@elders", 1)), 0o600))
	if _, err := deliver(t, o, l.Name); err == nil || len(c.accepted) > 0 {
		t.Errorf("it left for another address: %v", err)
	}
	must(t, os.WriteFile(file, m.Raw, 0o600))
	_, err = deliver(t, o, l.Name)
	must(t, err)
	if got := strings.Join(c.to, " "); got != strings.ReplaceAll(to, ",", "") {
		t.Errorf("went to %q", got)
	}
	wantRecorded(t, r, later, string(m.Raw))
}

// Of a draft it is kept when it was written, and it cannot have left before that;
// of the mail that really left nothing has to be said.
func TestADraftIsKeptAsItWasWritten(t *testing.T) {
	for _, c := range []struct {
		at, written string
		mail        []byte
	}{
		{at: "2026-11-01"}, // refused
		{at: later, written: "2026-11-03"},
		{at: later, mail: []byte("Date: Wed, 4 Nov 2026 10:00:00 +0100\r\nMessage-ID: <x@mok.example>\r\n\r\nBeste\r\n")},
	} {
		r := newReg(t)
		l := enqueue(t, New(r, Drafts{}))
		var err error
		writing(t, r, func(w *store.Writer) { _, err = MarkSent(w, l.Name, moment(t, c.at), c.mail, l.Entry) })
		if c.at != later {
			wantError(t, err, "the letter 2026-0001-acknowledged was written on 2026-11-03; it cannot have left on 2026-11-01")
			continue
		}
		must(t, err)
		if e := load(t, r).Log[1]; e.Written.String() != c.written {
			t.Errorf("written on %q, want %q", e.Written, c.written)
		}
	}
}

// Another letter in the place of one that was refused is ready to go, and has the
// new address.
func TestALetterWrittenAnew(t *testing.T) {
	r := newReg(t)
	c := &carrier{answers: []error{failure(ToRefused, "mail.example", "550")}}
	o := New(r, c)
	l := enqueue(t, o)
	_, err := deliver(t, o, l.Name)
	hint, _ := casefile.HintOf(err)
	if want := "`klacht send " + l.Name + " --rewrite`"; !strings.Contains(hint.String(), want) || !strings.Contains(hint.String(), "`klacht edit "+string(l.ID)+"`") {
		t.Errorf("the hint is %q, without %s", hint, want)
	}
	f := load(t, r)
	m, err := Compose(Message{Case: &f.Case, Policy: r.Policy, Subject: "Je klacht", Body: "Beste\n", To: "nieuw@bos.example", Now: moment(t, later)})
	must(t, err)
	writing(t, r, func(w *store.Writer) { _, err = Rewrite(w, l.Name, m, l.Entry); must(t, err) })
	_, err = deliver(t, o, l.Name)
	must(t, err)
	if len(c.to) != 1 || c.to[0] != "nieuw@bos.example" {
		t.Errorf("went to %q", c.to)
	}
	wantRecorded(t, r, later, string(m.Raw))
}
