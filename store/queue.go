package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
)

// LetterState says how far a letter has come on its way out.
type LetterState string

// The states of a letter in outbox/. A letter that has left and is recorded is
// not there any more.
const (
	LetterDraft    LetterState = "draft"    // the owner sends it, with a mail program
	LetterQueued   LetterState = "queued"   // to be tried; nothing of it has left
	LetterSending  LetterState = "sending"  // handed to a server or a command, whose answer is not known
	LetterAccepted LetterState = "accepted" // it has left, and is not recorded yet
	LetterRefused  LetterState = "refused"  // it was refused for good; nothing of it has left
)

// Letter is a letter in outbox/: two files of one name, NAME.eml with the bytes
// that go out, and NAME.letter with the rest.
type Letter struct {
	Name      string // such as 2026-0007-acknowledged
	ID        casefile.ID
	State     LetterState
	To        string // the addresses that it goes to, and none but these, with commas between them
	Subject   string
	MessageID string            // without the angle brackets
	Problem   Problem           // why it has not left; zero if there is nothing to say
	Entry     casefile.Entry    // recorded when it has left; At is until then when it was written, or last tried
	Basis     map[string]string // what it was written for, by names; nil if that was not kept
}

// Problem says why a letter has not left, in a form that can be said in
// any language.
type Problem struct {
	Kind  string // a word of [klacht/store/outbox.Kinds]
	Where string // the server or the command
	Said  string // what it said
}

const (
	outboxDir    = "outbox"
	letterSuffix = ".letter"
	mailSuffix   = ".eml"
)

// letterName is the form of the names of letters: an ID, a step, and a number
// from 2 where there are more of them.
var letterName = casefile.Pattern(`^(` + casefile.IDPattern + `)-[a-z]+(-[2-9]|-[1-9][0-9]{1,5})?$`)

// unsent is what the file of a draft starts with: it makes mail programs open
// it as a message to be sent. It is not part of the letter.
const unsent = "X-Unsent: 1\r\n"

// letterOf returns the case that the name of a letter belongs to; ok is false
// if it is not the name of one.
func letterOf(name string) (id casefile.ID, ok bool) {
	m := letterName().FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	id, err := casefile.ParseID(m[1])
	return id, err == nil
}

// Letters reads what waits in outbox/, by case and name. A letter that cannot
// be read is in the second list, and never hides the others.
func (r *Register) Letters() ([]*Letter, []*Damage, error) {
	if r.root.Exists(outboxDir) && !r.root.IsDir(outboxDir) {
		return nil, []*Damage{{File: outboxDir, Err: casefile.Errorf("%s is not a folder", outboxDir)}}, nil
	}
	names, err := r.root.Names(outboxDir)
	if err != nil {
		return nil, nil, err
	}
	var letters []*Letter
	var damage []*Damage
	for _, n := range names {
		name, isLetter := strings.CutSuffix(n, letterSuffix)
		if !isLetter {
			mail, isMail := strings.CutSuffix(n, mailSuffix)
			if _, ok := letterOf(mail); !isMail || !ok { // one that has the name but no .letter was never waiting, or does not wait any more
				damage = append(damage, &Damage{File: path.Join(outboxDir, n), Err: casefile.Errorf("is not a letter of klacht").
					WithHint("only letters that wait belong in %s/; put it elsewhere", outboxDir)})
			}
			continue
		}
		l, d := r.readLetter(name)
		switch {
		case d == nil:
			letters = append(letters, l)
		case !errors.Is(d.Err, fs.ErrNotExist): // it may have left since the folder was read
			damage = append(damage, d)
		}
	}
	slices.SortStableFunc(letters, func(a, b *Letter) int { return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Name, b.Name)) })
	return letters, damage, nil
}

// ReadLetter reads one letter of outbox/ by its name. The error is a *Damage if
// it is there but cannot be read.
func (r *Register) ReadLetter(name string) (*Letter, error) {
	l, d := r.readLetter(name)
	switch {
	case d == nil:
		return l, nil
	case errors.Is(d.Err, fs.ErrNotExist):
		return nil, errNoLetter(name)
	}
	return nil, d
}

func errNoLetter(name string) error {
	return casefile.Errorf("there is no letter %s in the outbox", casefile.OneLine(name)).
		WithHint("`klacht outbox` shows what waits")
}

func (r *Register) readLetter(name string) (*Letter, *Damage) {
	file := path.Join(outboxDir, name+letterSuffix)
	id, ok := letterOf(name)
	if !ok {
		return nil, &Damage{File: file, Err: casefile.Errorf("is not the name of a letter").
			WithHint("the confirmation of complaint 2026-0007 is called 2026-0007-acknowledged")}
	}
	data, err := r.root.Read(file)
	if err != nil {
		return nil, &Damage{File: file, Err: err}
	}
	l, damage := decodeLetter(file, data, r.Policy)
	if damage != nil {
		return nil, damage
	}
	if l.ID != id {
		return nil, &Damage{File: file, Err: casefile.Errorf("the id is %s, but the file is called %s", l.ID, path.Base(file))}
	}
	l.Name = name
	mail := path.Join(outboxDir, name+mailSuffix)
	if info, err := r.root.Lstat(mail); err != nil || !info.Mode().IsRegular() {
		if !r.root.Exists(file) {
			return nil, &Damage{File: file, Err: fs.ErrNotExist}
		}
		return nil, &Damage{File: mail, Err: casefile.Errorf("is not there")}
	}
	return l, nil
}

// LetterMail returns the bytes of a letter as they go out.
func (r *Register) LetterMail(l *Letter) ([]byte, error) {
	name := path.Join(outboxDir, l.Name+mailSuffix)
	data, err := r.root.ReadUpTo(name, MaxMail)
	if errors.Is(err, fs.ErrNotExist) {
		err = casefile.Errorf("is not there")
	}
	if err != nil {
		return nil, &Damage{File: name, Err: err}
	}
	return []byte(strings.TrimPrefix(string(data), unsent)), nil
}

// LetterPath returns where on this machine the mail of a letter stands, for the
// owner's mail program.
func (r *Register) LetterPath(l *Letter) string {
	return filepath.Join(r.Dir, outboxDir, l.Name+mailSuffix)
}

// AddLetter puts a letter into outbox/, under a name that it sets: the mail
// first, then the rest. Killed in between, it leaves no letter. Nothing is written
// to the complainant of a case that was removed, and has come back.
func (w *Writer) AddLetter(l Letter, mail []byte) (*Letter, error) {
	if len(mail) > MaxMail {
		return nil, errMailSize()
	}
	if f, err := w.Load(l.ID); err == nil {
		if err := w.notRemoved(f); err != nil {
			return nil, err
		}
	}
	if err := w.root.MakeDir(outboxDir); err != nil {
		return nil, cannotWrite(err)
	}
	// what waits on one machine must not be sent by another, so git does not take it along
	if ignore := outboxDir + "/.gitignore"; !w.root.Exists(ignore) {
		if err := w.put(ignore, []byte("*\n")); err != nil {
			return nil, cannotWrite(err)
		}
	}
	w.sweepLetters()
	l.Name = fmt.Sprintf("%s-%s", l.ID, l.Entry.Step)
	for n := 2; w.root.Exists(letterFile(l.Name)) || w.root.Exists(letterMail(l.Name)); n++ {
		l.Name = fmt.Sprintf("%s-%s-%d", l.ID, l.Entry.Step, n)
	}
	data, err := encodeLetter(&l, w.Policy)
	if err != nil {
		return nil, err
	}
	err = w.put(letterMail(l.Name), letterBytes(&l, mail))
	if err == nil {
		err = w.put(letterFile(l.Name), data)
	}
	if err != nil {
		_ = w.root.Remove(letterFile(l.Name)) // it may stand there, and only the sync have failed
		_ = w.root.Remove(letterMail(l.Name))
		return nil, cannotWrite(err)
	}
	return &l, nil
}

// letterBytes returns the file of a letter's mail.
func letterBytes(l *Letter, mail []byte) []byte {
	if l.State == LetterDraft {
		return append([]byte(unsent), mail...)
	}
	return mail
}

// SetLetter writes what has become of a letter that is in outbox/; it is on the
// disk when SetLetter returns. Its case stays as it is. mail takes the place of its
// mail; nil leaves that as it is, and its address and Message-ID too.
func (w *Writer) SetLetter(l *Letter, mail []byte) error {
	old, err := w.ReadLetter(l.Name)
	if err != nil {
		return err
	}
	if len(mail) > MaxMail {
		return errMailSize()
	}
	l.ID = old.ID
	replace := mail != nil
	if !replace {
		l.To, l.MessageID = old.To, old.MessageID
		replace = (old.State == LetterDraft) != (l.State == LetterDraft) // the mark of a draft comes or goes
	}
	data, err := encodeLetter(l, w.Policy)
	if err != nil {
		return err
	}
	if replace {
		if mail == nil {
			if mail, err = w.LetterMail(l); err != nil {
				return err
			}
		}
		if err := w.put(letterMail(l.Name), letterBytes(l, mail)); err != nil {
			return cannotWrite(err)
		}
	}
	if err := w.put(letterFile(l.Name), data); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// RemoveLetter takes a letter out of outbox/: it has left and is recorded, or
// it will not leave. Killed in between, it leaves a mail that waits no more,
// which the next letter or the next Sweep removes.
func (w *Writer) RemoveLetter(l *Letter) error {
	for _, name := range []string{letterFile(l.Name), letterMail(l.Name)} {
		if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannotWrite(err)
		}
		if err := w.root.SyncDir(outboxDir); err != nil {
			return cannotWrite(err)
		}
	}
	return nil
}

func letterFile(name string) string { return path.Join(outboxDir, name+letterSuffix) }
func letterMail(name string) string { return path.Join(outboxDir, name+mailSuffix) }

// sweepLetters removes what commands that were killed have left in outbox/.
func (w *Writer) sweepLetters() {
	if !w.root.IsDir(outboxDir) {
		return
	}
	w.sweepDir(outboxDir)
	names, _ := w.root.Names(outboxDir)
	for _, n := range names {
		mail, isMail := strings.CutSuffix(n, mailSuffix)
		if _, ok := letterOf(mail); isMail && ok && !w.root.Exists(letterFile(mail)) {
			_ = w.root.Remove(path.Join(outboxDir, n))
		}
	}
}

// purgeLetters removes whatever outbox/ has of a case.
func (w *Writer) purgeLetters(f *File) error {
	if !w.root.IsDir(outboxDir) {
		return nil
	}
	w.sweepDir(outboxDir)
	if err := w.removeCopies(outboxDir, f); err != nil {
		return err
	}
	return w.root.SyncDir(outboxDir)
}

// sendingLock is held for as long as a letter is being sent: it tells a letter
// that is on its way from one whose command was killed.
const sendingLock = localDir + "/sending"

// Sending takes the right to send letters of this register, which one command
// has at a time; done gives it back. It does not wait, so it can be asked for
// with the lock of the register and without.
func (r *Register) Sending() (done func(), err error) {
	return r.alone(sendingLock, casefile.Errorf("another klacht is sending mail at this moment").WithHint("try again when it is done"))
}

// IsSending reports whether some command is sending a letter at this moment. It
// changes nothing in the register.
func (r *Register) IsSending() bool {
	if !r.root.Exists(sendingLock) {
		return false
	}
	done, err := r.Sending()
	if err != nil {
		return true
	}
	done()
	return false
}
