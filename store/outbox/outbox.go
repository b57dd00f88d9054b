package outbox

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Outbox sends the letters of a register in one way.
type Outbox struct {
	reg *store.Register
	via Transport

	// Copies keeps a copy of each letter that has left; nil keeps none.
	Copies interface {
		Keep(ctx context.Context, raw []byte) error
	}
}

// New returns the outbox of a register.
func New(reg *store.Register, via Transport) *Outbox { return &Outbox{reg: reg, via: via} }

// Place returns the server on which letters are laid for the owner to send; ""
// if they leave, or stay in outbox/.
func (o *Outbox) Place() string {
	if m, ok := o.via.(*IMAPDrafts); ok {
		return m.Host
	}
	return ""
}

// atPoint is called at each point at which a crash makes a difference; tests
// replace it.
var atPoint = func(string) {}

// Enqueue puts a mail in outbox/ with the step that it carries out, if that step
// may follow on the case as it stands. prepare may complete the entry, or
// refuse; it can be nil. One letter for a step of a case waits at a time, so
// that a command that is repeated because its letter did not leave does not end
// in two letters.
func (o *Outbox) Enqueue(w *store.Writer, id casefile.ID, e casefile.Entry, m *Mail, prepare func(*store.File, *casefile.Entry) error) (*store.Letter, error) {
	f, err := w.Load(id)
	if err != nil {
		return nil, err
	}
	if prepare != nil {
		if err := prepare(f, &e); err != nil {
			return nil, err
		}
	}
	if err := allows(f, e); err != nil {
		return nil, err
	}
	waiting, damaged, err := w.Letters()
	if err != nil {
		return nil, err
	}
	for _, d := range damaged { // it may be this very letter, and have left
		if strings.HasPrefix(d.File, "outbox/"+string(id)+"-"+string(e.Step)) {
			return nil, d
		}
	}
	if i := slices.IndexFunc(waiting, func(l *store.Letter) bool { return l.ID == id && l.Entry.Step == e.Step }); i >= 0 {
		return nil, casefile.Errorf("a letter for this step already waits: %s", waiting[i].Name).
			WithHint("`klacht outbox` shows it; `klacht send` tries again, `klacht outbox --drop` throws it away")
	}
	l := store.Letter{ID: id, State: store.LetterQueued, To: m.To, Subject: m.Subject, MessageID: m.MessageID, Entry: e, Basis: m.Basis}
	if _, stays := o.via.(Drafts); stays {
		l.State = store.LetterDraft
	}
	return w.AddLetter(l, m.Raw)
}

// allows returns nil if the entry may be added to the case.
func allows(f *store.File, e casefile.Entry) error {
	err := f.Allows(e)
	if _, wrong := e.Check(); err == nil && wrong != nil {
		err = wrong
	}
	if err != nil {
		return casefile.Errorf("%s: %v", f.ID, err)
	}
	return nil
}

// Delivery is what came of a letter. With Recorded an error says only that the
// letter could not be taken out of outbox/; see [Recover].
type Delivery struct {
	Recorded *store.File   // the case with the step; nil if the letter has not left, or is not recorded yet
	Letter   *store.Letter // as it stood last
	NoCopy   error         // why no copy of a letter that has left is among the mails that were sent
}

// Deliver sends a letter that is queued, and records its step at the moment now
// when it has left. Of a letter that has not, the error says why; it stays in
// outbox/ in the state that follows from that. If the transport lays letters
// where the owner sends them, the letter becomes a draft, or stays one.
//
// Deliver takes the lock of the register for a moment before and after, and not
// while it talks to a server; the caller must not hold it.
func (o *Outbox) Deliver(ctx context.Context, name string, now casefile.Moment) (*Delivery, error) {
	done, err := o.reg.Sending()
	if err != nil {
		return nil, err
	}
	defer done()
	d, raw, err := o.begin(name, now)
	if err == errDraft {
		return d, nil
	}
	if err != nil || d.Recorded != nil {
		return d, err
	}
	atPoint("written as sending")
	failed := asFailure(o.via.Send(ctx, o.reg.Policy.Organisation.Email, strings.Split(d.Letter.To, ", "), raw))
	if failed != nil {
		failed.Name, failed.ID = name, d.Letter.ID
	}
	atPoint("handed over")
	d, err = o.end(d.Letter, failed)
	if failed == nil && o.via.Leaves() && o.Copies != nil {
		d.NoCopy = o.Copies.Keep(ctx, raw)
	}
	return d, err
}

// errDraft says that a letter lies where the owner sends it.
var errDraft = errors.New("draft")

// begin makes sure that a letter can be sent and recorded, and writes that it is
// being sent.
func (o *Outbox) begin(name string, now casefile.Moment) (*Delivery, []byte, error) {
	w, err := o.reg.Lock()
	if err != nil {
		return nil, nil, err
	}
	defer w.Close()
	l, err := w.ReadLetter(name)
	if err != nil {
		return nil, nil, err
	}
	d := &Delivery{Letter: l}
	if l.State == store.LetterAccepted {
		d.Recorded, _, err = record(w, l)
		return d, nil, err
	}
	if l.State == store.LetterDraft && !o.via.Leaves() {
		return d, nil, errDraft
	}
	if l.State != store.LetterQueued {
		err := casefile.Errorf("the letter %s does not wait to be sent: %v", name, stands(l.State)).
			WithHint("look among the mail that you have sent; `klacht sent %s` records it, `klacht send %s --again` sends it once more", name, name)
		if l.State == store.LetterSending {
			err = err.Of(casefile.Uncertain)
		}
		return d, nil, err
	}
	raw, err := w.LetterMail(l)
	if err != nil {
		return d, nil, err
	}
	f, err := w.Load(l.ID)
	if err != nil {
		return d, nil, err
	}
	if has(w, f, l, raw) { // sent and recorded in another way
		d.Recorded = f
		return d, nil, takeAway(w, l)
	}
	if l.Entry.At = now; o.via.Leaves() {
		l.State = store.LetterSending
	}
	if err := allows(f, l.Entry); err != nil {
		return d, nil, err
	}
	if err := whole(l, raw); err != nil {
		return d, nil, err
	}
	return d, raw, w.SetLetter(l, nil)
}

// stands says how a letter stands that does not wait to be sent.
func stands(s store.LetterState) error {
	switch s {
	case store.LetterDraft:
		return casefile.Errorf("it is a draft, for you to send")
	case store.LetterRefused:
		return casefile.Errorf("it was refused")
	}
	return casefile.Errorf("it may have left, or not")
}

// whole makes sure that a mail says what its letter says, and goes to nobody
// else: a person or another program may have changed one of the two.
func whole(l *store.Letter, raw []byte) error {
	fields := headerOf(raw)
	list, err := mail.ParseAddressList(fields["To"])
	var to []string
	for _, a := range list {
		to = append(to, a.Address)
	}
	ok := err == nil && strings.Join(to, ", ") == l.To && messageID().FindString(fields["Message-Id"]) == "<"+l.MessageID+">"
	for name := range fields {
		if name == "Cc" || name == "Bcc" || strings.HasPrefix(name, "Resent-") {
			ok = false
		}
	}
	if !ok {
		return casefile.Errorf("the letter %s was changed: its address or its Message-ID is another now", l.Name).
			WithHint("`klacht outbox --drop` throws it away; then write it anew")
	}
	return nil
}

// end writes what came of a letter, and records it if it has left.
func (o *Outbox) end(l *store.Letter, failed *Failure) (*Delivery, error) {
	d := &Delivery{Letter: l}
	w, err := o.reg.Lock()
	for try := 1; err != nil && try < 3; try++ { // the letter may have left: this must not be lost for a busy register
		w, err = o.reg.Lock()
	}
	if err != nil {
		return d, unrecorded(l, err)
	}
	defer w.Close()
	l.Problem = failed.problem()
	switch {
	case failed == nil && o.via.Leaves():
		l.State = store.LetterAccepted
	case failed == nil:
		l.State = store.LetterDraft
	case !o.via.Leaves():
		l.State = store.LetterQueued
	case sure(failed.Kind) == NotSent:
		l.State = store.LetterQueued
	case sure(failed.Kind) == Refused:
		l.State = store.LetterRefused
	}
	if err := w.SetLetter(l, nil); err != nil {
		if failed != nil {
			return d, failed
		}
		return d, unrecorded(l, err)
	}
	if failed != nil {
		return d, failed
	}
	if l.State == store.LetterDraft {
		return d, nil
	}
	atPoint("written as accepted")
	if d.Recorded, _, err = record(w, l); d.Recorded == nil {
		return d, unrecorded(l, err)
	}
	return d, err
}

func unrecorded(l *store.Letter, err error) error {
	return casefile.Errorf("the letter %s was handed over, but that could not be recorded: %v", l.Name, err).
		WithHint("it is not sent again; `klacht outbox` shows how it stands").Of(casefile.Uncertain)
}

// record adds the step of a letter that has left to its case, unless that was
// done before, and takes the letter out of outbox/. With a case the step is
// recorded, and an error is only about the letter in outbox/.
func record(w *store.Writer, l *store.Letter) (f *store.File, before bool, err error) {
	raw, err := w.LetterMail(l)
	if err != nil {
		return nil, false, err
	}
	if f, err = w.Load(l.ID); err != nil {
		return nil, false, err
	}
	if before = has(w, f, l, raw); !before {
		if f, err = w.Append(l.ID, l.Entry, raw, nil); f == nil { // else recorded, even if it could not be filed where it belongs
			return nil, false, err
		}
	}
	atPoint("recorded")
	return f, before, takeAway(w, l)
}

// takeAway takes a letter that is recorded out of outbox/.
func takeAway(w *store.Writer, l *store.Letter) error {
	if err := w.RemoveLetter(l); err != nil {
		return casefile.Errorf("the letter %s has left and is recorded, but its files are still in outbox/: %v", l.Name, err).
			WithHint("the next command takes them away; `klacht outbox` shows whether it has")
	}
	return nil
}

// has reports whether a letter is among the mails of its case.
func has(w *store.Writer, f *store.File, l *store.Letter, raw []byte) bool {
	same, named := w.Keys(raw)
	keys := append(slices.Concat(same, named), "id "+l.MessageID)
	return slices.ContainsFunc(f.Log, func(e casefile.Entry) bool {
		if e.Mail == "" {
			return false
		}
		mail, err := w.Mail(f, e.Mail)
		if err != nil {
			return false
		}
		same, named := w.Keys(mail)
		return slices.ContainsFunc(append(same, named...), func(k string) bool { return slices.Contains(keys, k) })
	})
}
