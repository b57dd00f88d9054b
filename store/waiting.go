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
	Number int    `json:"number"` // from 1, and never given again; by which a person calls it
	Place  string `json:"place"`  // the source, as a person names it; "" is the one of the settings
	Item   string `json:"item"`   // the key of the item in its source
	Mail   string `json:"mail"`   // hash of what the mail is known by
	Name   string `json:"name"`   // by which a person finds it there

	On   casefile.Date `json:"on,omitzero"`    // when it came in, as far as is known
	From string        `json:"from,omitempty"` // who wrote it, as far as is known
	Why  string        `json:"why"`            // it waits, as a sentence
}

// waitingFile is what waits on this machine.
const waitingFile = localDir + "/waiting"

// waiting is what stands in that file.
type waiting struct {
	Last  int       `json:"last"`  // the last number that was given: who types one may have read it days ago
	Mails []Waiting `json:"mails"` // in the order of their numbers
}

// Waiting returns the mails that wait for a decision. One that the register has by now
// does not.
func (r *Register) Waiting() ([]Waiting, error) {
	all, err := r.waiting()
	return all.Mails, err
}

func (r *Register) waiting() (all waiting, err error) {
	data, err := r.root.Read(waitingFile)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		return waiting{}, &Damage{File: waitingFile, Err: casefile.Errorf("cannot be read").
			WithHint("remove it; `klacht fetch --again` finds those mails again")}
	}
	x := &index{r: r}
	all.Mails = slices.DeleteFunc(all.Mails, func(m Waiting) bool { return x.has(m.Mail) != "" })
	return all, nil
}

// took notes that a case has a mail, if there is one: it waits no longer. That fails
// where nothing can be written, and then it is left out of [Register.Waiting] only.
func (w *Writer) took(id casefile.ID, mail []byte) {
	w.index.learn(id, mail)
	if mail == nil || !w.root.Exists(waitingFile) {
		return
	}
	if all, err := w.waiting(); err == nil {
		_ = w.putWaiting(all)
	}
}

// Wait adds mails to those that wait, and returns their numbers. One that waits
// already keeps its number.
func (w *Writer) Wait(mails []Waiting) (numbers []int, err error) {
	if len(mails) == 0 {
		return nil, nil
	}
	all, err := w.waiting()
	if err != nil {
		return nil, err
	}
	for _, m := range mails {
		if i := slices.IndexFunc(all.Mails, func(o Waiting) bool { return o.Mail == m.Mail }); i >= 0 {
			m.Number = all.Mails[i].Number
			all.Mails[i] = m
		} else {
			all.Last++
			m.Number = all.Last
			all.Mails = append(all.Mails, m)
		}
		numbers = append(numbers, m.Number)
	}
	return numbers, w.putWaiting(all)
}

// Leave takes a mail off those that wait: it is no complaint.
func (w *Writer) Leave(number int) error {
	all, err := w.waiting()
	if err != nil {
		return err
	}
	n := len(all.Mails)
	all.Mails = slices.DeleteFunc(all.Mails, func(m Waiting) bool { return m.Number == number })
	if len(all.Mails) == n {
		return NoSuchMail(number)
	}
	return w.putWaiting(all)
}

// NoSuchMail is the error for the number of a mail that does not wait.
func NoSuchMail(number int) error {
	return casefile.Errorf("no mail %d waits for a decision", number).WithHint("`klacht due` names those that wait")
}

func (w *Writer) putWaiting(all waiting) error {
	data, err := json.MarshalIndent(all, "", " ")
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
