package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Whose returns the case that has a mail with one of the keys (see [MailKeys]),
// wherever it stands; "" if none has.
func (w *Writer) Whose(keys []string) (casefile.ID, error) {
	if err := w.index.refresh(); err != nil {
		return "", err
	}
	return w.index.find(keys), nil
}

// notKnown refuses a mail that the register has, and brings the index up to date.
func (w *Writer) notKnown(mail []byte) error {
	if err := w.index.refresh(); err != nil || mail == nil {
		return err
	}
	same, _ := w.Keys(mail)
	if id := w.index.find(same); id != "" {
		return casefile.Errorf("this mail is already registered as %s", id).WithHint("`klacht show %s` shows it", id)
	}
	return nil
}

// Fetched is an item of a source of mail that needs no second look: its mail was
// registered, or is none that is to be.
type Fetched struct {
	Item string      // the key of the item in its source
	ID   casefile.ID // of the case that has its mail; "" if none has
	Key  string      // one of the mail's keys, if a case has it
}

// fetchedDir holds a file for each source of mail: what is in it needs no second
// look. It belongs to this machine, and its loss costs time alone. A line for
// each item: the hash of its key, and if a case has its mail the ID and the hash
// of the mail's key. Hashes, so that no name out of a mailbox stays here (R13).
const fetchedDir = localDir + "/fetched"

// Fetched returns which items of a source need no second look: a function of the
// key of an item. An item whose mail the register has lost since, but not purged,
// does need one.
func (w *Writer) Fetched(source string) (func(item string) bool, error) {
	if err := w.index.refresh(); err != nil {
		return nil, err
	}
	there, err := w.standing()
	if err != nil {
		return nil, err
	}
	mails, err := w.root.Names(indexDir + "/mail")
	if err != nil {
		return nil, err
	}
	gone, err := w.Purged()
	if err != nil {
		return nil, err
	}
	lines := w.fetchedLines(source)
	for item, line := range lines {
		if f := strings.Fields(line); len(f) == 3 {
			id := casefile.ID(f[1])
			if _, known := slices.BinarySearch(mails, f[2]); !(there[id] != nil && known || slices.Contains(gone, id)) {
				delete(lines, item)
			}
		}
	}
	return func(item string) bool { _, ok := lines[short(item)]; return ok }, nil
}

// fetchedLines returns the lines of a source by the hash of their items; of two about one
// item the last. One that was cut off by a crash is passed over.
func (w *Writer) fetchedLines(source string) map[string]string {
	data, _ := w.root.Read(fetchedOf(source)) // no such file: nothing was fetched from there yet
	lines := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) == 1 || len(f) == 3 {
			lines[f[0]] = strings.TrimSpace(line)
		}
	}
	return lines
}

// AddFetched adds items of a source to those that need no second look. A failure is no
// harm: the items are then looked at again.
func (w *Writer) AddFetched(source string, items []Fetched) error {
	var b strings.Builder
	for _, i := range items {
		b.WriteString(short(i.Item))
		if i.ID != "" {
			fmt.Fprintf(&b, " %s %s", i.ID, path.Base(mailEntry(i.Key)))
		}
		b.WriteString("\n")
	}
	err := w.root.MakeDir(fetchedDir)
	if err == nil {
		err = w.root.JotMore(fetchedOf(source), b.String())
	}
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}

// KeepFetched forgets the items of a source but for those that keep has: the others are no
// longer there. What is there twice is there once afterwards.
func (w *Writer) KeepFetched(source string, keep map[string]bool) error {
	there := map[string]bool{}
	for item := range keep {
		there[short(item)] = true
	}
	lines := w.fetchedLines(source)
	maps.DeleteFunc(lines, func(item, _ string) bool { return !there[item] })
	list := slices.Sorted(maps.Values(lines))
	text := strings.Join(append(list, ""), "\n")
	if now, err := w.root.Read(fetchedOf(source)); err == nil && string(now) == text || err != nil && text == "" {
		return nil
	}
	err := w.root.MakeDir(fetchedDir)
	if err == nil {
		err = w.put(fetchedOf(source), []byte(text))
	}
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}

// forgetFetched takes the number of a case, and the hash of the key of its mail,
// out of what is known of the sources of mail: that an item needs no second look
// is all that stays of it.
func (w *Writer) forgetFetched(id casefile.ID) error {
	names, err := w.root.Names(fetchedDir)
	for _, n := range names {
		data, rerr := w.root.Read(path.Join(fetchedDir, n))
		if rerr != nil || !strings.Contains(string(data), " "+string(id)+" ") {
			continue
		}
		var b strings.Builder
		for line := range strings.Lines(string(data)) {
			if f := strings.Fields(line); len(f) == 3 && casefile.ID(f[1]) == id {
				line = f[0] + "\n"
			}
			b.WriteString(line)
		}
		err = errors.Join(err, w.put(path.Join(fetchedDir, n), []byte(b.String())))
	}
	return err
}

func fetchedOf(source string) string { return fetchedDir + "/" + short(source) }

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// has returns the case that has the mail whose key has the hash, or "".
func (x *index) has(hash string) casefile.ID {
	data, err := x.r.root.Read(indexDir + "/mail/" + hash)
	if err != nil {
		return ""
	}
	id := casefile.ID(data)
	if _, err := x.r.locate(id); err != nil {
		return ""
	}
	return id
}
