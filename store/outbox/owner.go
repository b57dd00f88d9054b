package outbox

import (
	"net/mail"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Waiting is a letter in outbox/ as it stands.
type Waiting struct {
	*store.Letter
	Unclear bool  // it may have left, or not: only the owner can say
	Problem error // why it has not left; nil if there is nothing to say
}

// List returns every letter that waits, and those that cannot be read. It
// changes nothing.
func List(r *store.Register) ([]Waiting, []*store.Damage, error) {
	letters, damage, err := r.Letters()
	var list []Waiting
	for _, l := range letters {
		unclear := false
		if l.State == store.LetterSending && !r.IsSending() {
			now, err := r.ReadLetter(l.Name) // it may have arrived between the two looks
			if err != nil {
				continue
			}
			l, unclear = now, now.State == store.LetterSending
		}
		list = append(list, Waiting{l, unclear, ProblemOf(l)})
	}
	return list, damage, err
}

// Recover records every letter that has left and is not recorded yet: a command
// was killed in between. It sends nothing. Every command that writes calls it
// first. The cases are those that it recorded something in; an error is about a
// letter that cannot be recorded, and does not keep it from the others. Of a
// letter that was recorded before only the files are taken away, or tried to.
func Recover(w *store.Writer) (recorded []*store.File, problems []error) {
	letters, _, err := w.Letters()
	if err != nil {
		return nil, []error{err}
	}
	for _, l := range letters {
		if l.State != store.LetterAccepted {
			continue
		}
		switch f, before, err := record(w, l); {
		case f == nil:
			problems = append(problems, unrecorded(l, err))
		case !before:
			recorded = append(recorded, f)
		}
	}
	return recorded, problems
}

// MarkSent records a letter of which the owner says that it has left, at the
// moment at; a zero moment is when it was handed over, of one of which that is
// unclear. sent is the mail as it was sent, if the owner has it: mail programs
// give a draft a Message-ID of their own; nil is the mail in outbox/, which the
// entry then says was but written. e is the entry to record. A letter cannot have
// left before the day on which it was written. With a case the letter is recorded,
// and an error is only about its files in outbox/.
func MarkSent(w *store.Writer, name string, at casefile.Moment, sent []byte, e casefile.Entry) (*store.File, error) {
	l, done, err := take(w, name)
	if err != nil {
		return nil, err
	}
	defer done()
	if l.State == store.LetterAccepted {
		f, _, err := record(w, l)
		return f, err
	}
	raw, err := w.LetterMail(l)
	if err != nil {
		return nil, err
	}
	written := writtenOn(raw, l, w.Policy.Zone)
	e.At = l.Entry.At
	if l.Entry = e; !at.IsZero() {
		l.Entry.At = at
	}
	if l.Entry.At.Date.Before(written) {
		return nil, casefile.Errorf("the letter %s was written on %s; it cannot have left on %s", name, written, l.Entry.At.Date).
			WithHint("--on says when it left")
	}
	if sent != nil {
		raw = sent
	} else if l.State != store.LetterSending && l.Entry.Step.May(casefile.FieldWritten) { // a ruling had once a letter of its own
		l.Entry.Written = written
	}
	f, err := w.Load(l.ID)
	if err != nil {
		return nil, err
	}
	if !has(w, f, l, raw) {
		if err := allows(f, l.Entry); err != nil {
			return nil, err
		}
	}
	if id := messageID().FindString(headerOf(sent)["Message-Id"]); id != "" {
		l.MessageID = strings.Trim(id, "<>")
	}
	l.State, l.Problem = store.LetterAccepted, store.Problem{}
	if err := w.SetLetter(l, sent); err != nil {
		return nil, err
	}
	atPoint("written as accepted")
	f, _, err = record(w, l)
	return f, err
}

// writtenOn returns the day on which a letter in outbox/ was written, by its own
// date; the day of its entry if it has none.
func writtenOn(raw []byte, l *store.Letter, zone *time.Location) casefile.Date {
	if t, err := mail.ParseDate(headerOf(raw)["Date"]); err == nil {
		return casefile.MomentOf(t, zone).Date
	}
	return l.Entry.At.Date
}

// Rewrite puts another mail in the place of a letter that has not left, and another
// entry. It is ready to be sent, or a draft if it was one.
func Rewrite(w *store.Writer, name string, m *Mail, e casefile.Entry) (*store.Letter, error) {
	l, done, err := take(w, name)
	if err != nil {
		return nil, err
	}
	defer done()
	switch l.State {
	case store.LetterAccepted:
		return nil, errLeft(name)
	case store.LetterSending:
		return nil, casefile.Errorf("the letter %s does not wait to be sent: %v", name, stands(l.State)).
			WithHint("`klacht outbox` shows how it stands")
	case store.LetterRefused:
		l.State = store.LetterQueued
	}
	l.To, l.Subject, l.MessageID, l.Basis, l.Entry, l.Problem = m.To, m.Subject, m.MessageID, m.Basis, e, store.Problem{}
	return l, w.SetLetter(l, m.Raw)
}

// TryAgain makes a letter ready to be sent, whatever became of it before: the
// owner says that it has not arrived, or is not going to send it. Deliver then
// sends it.
func TryAgain(w *store.Writer, name string) (*store.Letter, error) {
	l, done, err := take(w, name)
	if err != nil {
		return nil, err
	}
	defer done()
	if l.State == store.LetterAccepted {
		return nil, errLeft(name)
	}
	l.State, l.Problem = store.LetterQueued, store.Problem{}
	return l, w.SetLetter(l, nil)
}

// Drop throws a letter away: it will not be sent, and its step not recorded. One
// that has left is recorded instead, which is an error; only where that is not
// possible is it thrown away too.
func Drop(w *store.Writer, name string) error {
	l, done, err := take(w, name)
	if err != nil {
		return err
	}
	defer done()
	if l.State == store.LetterAccepted {
		if f, _, _ := record(w, l); f != nil {
			return errLeft(name)
		}
	}
	return w.RemoveLetter(l)
}

// DropDamaged throws away a letter that cannot be read, by its name. The owner
// knows whether it has left.
func DropDamaged(w *store.Writer, name string) error {
	done, err := w.Sending()
	if err != nil {
		return err
	}
	defer done()
	if _, err := w.ReadLetter(name); err == nil {
		return casefile.Errorf("the letter %s can be read again", name).WithHint("`klacht outbox` shows how it stands")
	}
	return w.RemoveLetter(&store.Letter{Name: name})
}

func errLeft(name string) error {
	return casefile.Errorf("the letter %s has left", name).WithHint("`klacht outbox` shows how it stands")
}

// take returns a letter that no command is sending, and keeps it so until done.
func take(w *store.Writer, name string) (l *store.Letter, done func(), err error) {
	if done, err = w.Sending(); err != nil {
		return nil, nil, err
	}
	if l, err = w.ReadLetter(name); err != nil {
		done()
		return nil, nil, err
	}
	return l, done, nil
}
