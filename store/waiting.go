package store

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"

	casefile "klacht/case"
)

// Waiting is a mail in a source that a person has to decide on: it may be a complaint,
// and by itself it does not say of whom, since when, or to which case it belongs. The
// mail itself stays where it lies.
type Waiting struct {
	Number int    `json:"number"` // from 1; by which a person calls it
	Place  string `json:"place"`  // the source, as a person names it; "" is the one of the settings
	Item   string `json:"item"`   // the key of the item in its source
	Mail   string `json:"mail"`   // hash of what the mail is known by
	Name   string `json:"name"`   // by which a person finds it there

	On   casefile.Date `json:"on,omitzero"`    // when it came in, as far as is known
	From string        `json:"from,omitempty"` // who wrote it, as far as is known
	Why  string        `json:"why"`            // it waits, as a sentence
}

// waitingFile is what waits on this machine, in the order of the numbers.
const waitingFile = localDir + "/waiting"

// Waiting returns the mails that wait for a decision. One that the register has by now
// does not.
func (r *Register) Waiting() ([]Waiting, error) {
	data, err := r.root.Read(waitingFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Waiting
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return nil, &Damage{File: waitingFile, Err: casefile.Errorf("cannot be read").
			WithHint("remove it; `klacht fetch --again` finds those mails again")}
	}
	x := &index{r: r}
	return slices.DeleteFunc(list, func(m Waiting) bool { return x.has(m.Mail) != "" }), nil
}

// took notes that a case has a mail, if there is one: it waits no longer. That fails
// where nothing can be written, and then it is left out of [Register.Waiting] only.
func (w *Writer) took(id casefile.ID, mail []byte) {
	w.index.learn(id, mail)
	if mail == nil || !w.root.Exists(waitingFile) {
		return
	}
	if list, err := w.Waiting(); err == nil {
		_ = w.putWaiting(list)
	}
}

// Wait adds mails to those that wait, and returns their numbers. One that waits
// already keeps its number.
func (w *Writer) Wait(mails []Waiting) (numbers []int, err error) {
	if len(mails) == 0 {
		return nil, nil
	}
	list, err := w.Waiting()
	if err != nil {
		return nil, err
	}
	last := 0
	for _, m := range list {
		last = max(last, m.Number)
	}
	for _, m := range mails {
		if i := slices.IndexFunc(list, func(o Waiting) bool { return o.Mail == m.Mail }); i >= 0 {
			m.Number = list[i].Number
			list[i] = m
		} else {
			last++
			m.Number = last
			list = append(list, m)
		}
		numbers = append(numbers, m.Number)
	}
	return numbers, w.putWaiting(list)
}

// Leave takes a mail off those that wait: it is no complaint.
func (w *Writer) Leave(number int) error {
	list, err := w.Waiting()
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(list), func(m Waiting) bool { return m.Number == number })
	if len(left) == len(list) {
		return NoSuchMail(number)
	}
	return w.putWaiting(left)
}

// NoSuchMail is the error for the number of a mail that does not wait.
func NoSuchMail(number int) error {
	return casefile.Errorf("no mail %d waits for a decision", number).WithHint("`klacht due` names those that wait")
}

func (w *Writer) putWaiting(list []Waiting) error {
	if len(list) == 0 {
		if err := w.remove(waitingFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannotWrite(err)
		}
		return nil
	}
	data, err := json.MarshalIndent(list, "", " ")
	if err == nil {
		err = w.put(waitingFile, append(data, '\n'))
	}
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}

// MailWith reports whether a mail that is known by the key is the one that waits.
func (m Waiting) MailWith(key string) bool { return m.Mail == MailHash(key) }

// MailHash returns the hash of what a mail is known by.
func MailHash(key string) string { return path.Base(mailEntry(key)) }
