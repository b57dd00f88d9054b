package store

import (
	"bytes"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store/disk"
)

// Create registers a new case with its first steps, whose mail, if there is
// one, is kept byte for byte, and so are the files. The case gets a key, and
// the next number of the year in which it began, in the series of this clone. It
// returns the case as it stands on disk.
//
// Create looks at no other case: the time it takes does not grow with the
// register.
func (w *Writer) Create(c casefile.Case, mail []byte, files ...Attachment) (*File, error) {
	return w.create(c, mail, false, files...)
}

// create is Create; elsewhere says that another case may have the mail.
func (w *Writer) create(c casefile.Case, mail []byte, elsewhere bool, files ...Attachment) (*File, error) {
	if len(mail) > MaxMail {
		return nil, errMailSize()
	}
	if elsewhere {
		if err := w.index.refresh(); err != nil {
			return nil, err
		}
	} else if err := w.notKnown(mail); err != nil {
		return nil, err
	}
	w.before("") // so that what a killed command left is gone
	series, err := w.series()
	if err != nil {
		return nil, err
	}
	id, err := w.freeNumber(runIn(c.Began().Year, letters(series)), mail)
	if err != nil {
		return nil, err
	}
	c.ID, c.Key = id, casefile.NewKey()
	first := &c.Log[0]
	folder := path.Join(openDir, string(id))
	if mail != nil {
		files = append([]Attachment{{Name: mailSuffix, Data: mail}}, files...)
	}
	if err := nameFiles(0, series, first, files); err != nil {
		return nil, err
	}
	data, err := encodeCase(&c, w.Policy)
	if err != nil {
		return nil, err
	}
	undo := w.begin(string(id), stepsOf(c.Log), contents(files)...)
	w.index.expire()
	err = w.root.MakeDir(openDir)
	if err == nil && files != nil {
		err = w.root.MakeDir(folder)
	}
	for i := 0; i < len(files) && err == nil; i++ {
		err = w.put(path.Join(folder, files[i].Name), files[i].Data)
	}
	name := folder + suffix
	if err == nil {
		err = w.put(name, data)
	}
	if err == nil {
		err = w.keepLedger(id)
	}
	if err != nil {
		_ = w.remove(name) // it may stand there, and only the sync have failed
		for _, a := range files {
			_ = w.root.Remove(path.Join(folder, a.Name))
		}
		_ = w.root.Remove(folder)
		undo()
		return nil, cannotWrite(err)
	}
	w.index.took(id)
	w.took(id, mail)
	f, damage := w.readFile(name)
	if damage != nil {
		return nil, damage
	}
	return f, nil
}

// freeNumber returns the next number of a run in which nothing stands in the way:
// a folder of that number with anything in it but this mail is somebody's, and
// keeps its number.
func (w *Writer) freeNumber(run string, mail []byte) (casefile.ID, error) {
	l, err := w.ledger()
	if err != nil {
		return "", err
	}
	for {
		id, err := w.index.next(run, l.Numbers[run])
		if err != nil {
			return "", err
		}
		folder := path.Join(openDir, string(id))
		if !w.root.Exists(folder) {
			return id, nil
		}
		names, err := w.root.Names(folder)
		if err != nil {
			return "", err
		}
		names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, disk.TempPrefix) })
		left := len(names) == 0
		if len(names) == 1 && mail != nil {
			data, err := w.root.ReadUpTo(path.Join(folder, names[0]), MaxMail)
			left = err == nil && bytes.Equal(data, mail)
		}
		if left {
			w.sweepDir(folder)
			w.removeEmpty(folder)
			return id, nil
		}
		w.index.took(id)
	}
}
