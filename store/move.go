package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"

	casefile "klacht/case"
)

// Moving is a complaint that becomes a part of another, or a mail that goes from one to
// another. It is kept on the disk until it is done, so that one which was cut off is
// finished by the next command.
type Moving struct {
	From casefile.ID `json:"from"`
	To   casefile.ID `json:"to"`
	Mail string      `json:"mail,omitempty"` // the name of the mail that goes; "" is all of the complaint

	As   casefile.Step `json:"as"`             // what its first mail is there: replied, referred or ruled
	Body string        `json:"body,omitempty"` // of referred
	Text string        `json:"text,omitempty"` // of ruled: what was ruled
	By   string        `json:"by"`
	On   casefile.Date `json:"on"`
	Says string        `json:"says"` // what stands in the place of one mail that went

	Mails []string `json:"mails,omitempty"` // the mails that go, once it has begun
}

const movingFile = localDir + "/moving"

// parts are the steps that a complaint can have and still be a part of another: it came in,
// it was answered, and nothing was decided.
var parts = []casefile.Step{casefile.Received, casefile.Replied, casefile.Asked, casefile.Acknowledged, casefile.Wrote, casefile.Noted}

// Move carries it out. Each mail goes into the folder of the other complaint, with a step
// there, before it goes from the one it was in; the number of a complaint that has become
// a part of another says so for ever.
func (w *Writer) Move(m Moving) (*File, error) {
	if m.From == m.To {
		return nil, casefile.Errorf("%s cannot be a part of itself", m.From)
	}
	if err := w.movable(&m); err != nil {
		return nil, err
	}
	return w.moveNow(&m)
}

// MoveToNew is Move for a mail that is a complaint of its own: c, which has no number yet.
// says tells what stands in the place of the mail that went.
func (w *Writer) MoveToNew(m Moving, c casefile.Case, says func(casefile.ID) string) (*File, error) {
	from, err := w.Load(m.From)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(from.Log, func(e casefile.Entry) bool { return e.Mail == m.Mail })
	if i < 0 || from.Log[i].Step != casefile.Replied {
		return nil, casefile.Errorf("%s has no reply that is called %s", m.From, m.Mail).
			WithHint("`klacht show %s` names its mails", m.From)
	}
	mail, err := w.Mail(from, m.Mail)
	if err != nil {
		return nil, err
	}
	if err := w.index.refresh(); err != nil {
		return nil, err
	}
	same, _ := w.Keys(mail)
	if m.To = w.index.find(same); m.To == "" || m.To == m.From { // else it was cut off
		f, err := w.create(c, mail, true)
		if err != nil {
			return nil, err
		}
		m.To = f.ID
	}
	m.Says = says(m.To)
	return w.moveNow(&m)
}

// FinishMove finishes what was cut off; nil if there is nothing to finish.
func (w *Writer) FinishMove() (*File, error) {
	data, err := w.root.Read(movingFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var m Moving
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	for _, id := range []casefile.ID{m.From, m.To} {
		if places, perr := w.places(id); err == nil && perr == nil && len(places) == 0 {
			err = errUnknown(id) // it was erased since
		}
	}
	if err != nil {
		return nil, w.remove(movingFile)
	}
	return w.moveNow(&m)
}

func (w *Writer) movable(m *Moving) error {
	from, err := w.Load(m.From)
	if err != nil {
		return err
	}
	to, err := w.Load(m.To)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(from.Log, func(e casefile.Entry) bool { return m.Mail != "" && e.Mail == m.Mail })
	own := slices.IndexFunc(from.Log, func(e casefile.Entry) bool { return !slices.Contains(parts, e.Step) })
	switch {
	case to.State.Moved != "":
		return casefile.Errorf("%s is itself a part of %s", m.To, to.State.Moved).WithHint("`--to %s` puts it there", to.State.Moved)
	case from.State.Moved != "":
		return casefile.Errorf("%s is a part of %s already", m.From, from.State.Moved)
	case m.Mail == "" && own >= 0:
		return casefile.Errorf("%s was handled by itself, so it is no part of another complaint", m.From).
			WithHint("`klacht move %s MAIL --to %s` moves one of its mails", m.From, m.To)
	case m.Mail != "" && (i < 0 || from.Log[i].Step != casefile.Replied):
		return casefile.Errorf("%s has no reply that is called %s", m.From, m.Mail).
			WithHint("`klacht show %s` names its mails; the whole complaint goes with `klacht move %s --to %s`", m.From, m.From, m.To)
	}
	trial := to.Case
	for _, e := range m.entries(from) {
		if err := trial.Allows(e); err != nil {
			return about(m.To, err)
		}
		trial.Log = append(slices.Clone(trial.Log), e)
	}
	return nil
}

// entries returns the steps that the mails which go are in the other complaint, in their order.
func (m *Moving) entries(from *File) (list []casefile.Entry) {
	for _, e := range from.Log {
		if e.Mail == "" || m.Mail != "" && e.Mail != m.Mail {
			continue
		}
		next := casefile.Entry{At: e.At, Step: casefile.Replied, By: e.By, Mail: e.Mail, Noted: e.Noted}
		switch {
		case e.Step.Letter():
			next.Step, next.Text = casefile.Wrote, e.Text
		case len(list) == 0 && m.As != casefile.Replied:
			next.Step, next.Body, next.Text = m.As, m.Body, m.Text
		}
		list = append(list, next)
	}
	return list
}

func (w *Writer) moveNow(m *Moving) (*File, error) {
	from, err := w.Load(m.From)
	if err != nil {
		return nil, err
	}
	text, err := w.left(from, m) // before anything is changed
	if err != nil {
		return nil, err
	}
	going := m.entries(from)
	if m.Mails == nil {
		for _, e := range going {
			m.Mails = append(m.Mails, e.Mail)
		}
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = w.root.MakeDir(localDir)
	}
	if err == nil {
		err = w.put(movingFile, data)
	}
	if err != nil {
		return nil, cannotWrite(err)
	}
	for _, e := range going {
		data, err := w.Mail(from, e.Mail)
		if err != nil {
			return nil, err
		}
		if there, err := w.hasMail(m.To, data); err != nil {
			return nil, err
		} else if there { // it was cut off
			continue
		}
		e.Mail = ""
		if _, err := w.append(m.To, e, data, true, nil); err != nil {
			return nil, err
		}
	}
	dir, err := w.mailDir(from)
	if err != nil {
		return nil, err
	}
	left, err := w.Replace(from, text)
	if err != nil {
		return nil, err
	}
	if now, err := w.mailDir(left); err == nil && now != "" {
		dir = now // it was filed with its mails
	}
	for _, name := range m.Mails {
		mail, err := w.root.ReadUpTo(path.Join(dir, name), MaxMail)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		there := false
		if err == nil {
			there, err = w.hasMail(m.To, mail)
		}
		if err == nil && there {
			err = w.remove(path.Join(dir, name))
		}
		if err != nil {
			return nil, cannotWrite(err)
		}
	}
	w.removeEmpty(dir)
	if err := w.remove(movingFile); err != nil {
		return nil, cannotWrite(err)
	}
	return w.Load(m.To)
}

// hasMail reports whether a case has a mail, byte for byte.
func (w *Writer) hasMail(id casefile.ID, mail []byte) (bool, error) {
	f, err := w.Load(id)
	if err != nil {
		return false, err
	}
	for _, e := range f.Log {
		if e.Mail == "" {
			continue
		}
		if data, err := w.Mail(f, e.Mail); err == nil && bytes.Equal(data, mail) {
			return true, nil
		}
	}
	return false, nil
}

// left returns what the file of the case is once its mails have gone.
func (w *Writer) left(from *File, m *Moving) ([]byte, error) {
	f := from
	if from.State.Moved != "" { // it was cut off after this
		return f.Data, nil
	}
	for i := len(from.Log) - 1; i >= 0; i-- { // from the last on, so that the lines above keep their numbers
		if e := from.Log[i]; e.Mail == "" || m.Mail != "" && e.Mail != m.Mail {
			continue
		}
		next, err := w.withoutMail(f, i)
		if err == nil && m.Mail != "" {
			next, err = w.noted(next, i, m.Says)
		}
		if err != nil {
			return nil, err
		}
		f = next
	}
	if m.Mail != "" {
		return f.Data, nil
	}
	next, err := withEntry(f, casefile.Entry{At: casefile.Moment{Date: m.On}, Step: casefile.Moved, By: m.By, To: string(m.To)}, w.Policy)
	if err != nil {
		return nil, err
	}
	return next.Data, nil
}

// entryLines returns on which lines a step stands: from the first, from 0, up to and
// without the second.
func (f *File) entryLines(i, all int) (from, to int) {
	if i+1 < len(f.entries) {
		all = f.entries[i+1] - 1
	}
	return f.entries[i] - 1, all
}

// withoutMail returns a case of which one step names no mail any more: a line is taken
// out, and nothing else is another.
func (w *Writer) withoutMail(f *File, i int) (*File, error) {
	want := f.Case
	want.Log = slices.Clone(f.Log)
	want.Log[i].Mail = ""
	lines := bytes.SplitAfter(f.Data, []byte("\n"))
	first, end := f.entryLines(i, len(lines))
	for n := first; n < end; n++ {
		if !bytes.Contains(lines[n], []byte(f.Log[i].Mail)) {
			continue
		}
		data := slices.Concat(slices.Delete(slices.Clone(lines), n, n+1)...)
		if next, damage := decodeCase(f.Path, data, w.Policy); damage == nil && sameCase(&next.Case, &want) {
			return next, nil
		}
	}
	return nil, &Damage{File: f.Path, Line: f.entries[i], Err: casefile.Errorf("the mail of this step cannot be taken out of it").
		WithHint("write `mail: %s` on a line of its own, with `klacht edit %s`", f.Log[i].Mail, f.ID)}
}

// noted returns a case of which one step is a note that says what it was.
func (w *Writer) noted(f *File, i int, says string) (*File, error) {
	e := f.Log[i]
	e.Step, e.Text = casefile.Noted, says
	entry, err := encodeEntry(e, styles[0])
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(f.Data, []byte("\n"))
	first, end := f.entryLines(i, len(lines))
	next, damage := decodeCase(f.Path, slices.Concat(slices.Replace(lines, first, end, indent(entry, f.entryIndent(), "\n"))...), w.Policy)
	if damage != nil {
		return nil, damage
	}
	return next, nil
}
