package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
// key of an item. An item whose mail the register has lost since, but not
// purged, does need one.
func (w *Writer) Fetched(source string) (func(item string) bool, error) {
	lines, err := w.fetchedLines(source)
	return func(item string) bool { _, ok := lines[short(item)]; return ok }, err
}

func (w *Writer) fetchedLines(source string) (map[string]string, error) {
	if err := w.index.refresh(); err != nil {
		return nil, err
	}
	gone, err := w.Purged()
	if err != nil {
		return nil, err
	}
	data, _ := w.read(fetchedOf(source)) // no such file: nothing was fetched from there yet
	lines := map[string]string{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		switch f := strings.Fields(line); len(f) {
		case 1:
			lines[f[0]] = line
		case 3:
			if id := casefile.ID(f[1]); w.index.has(f[2]) == id || slices.Contains(gone, id) {
				lines[f[0]] = line
			}
		}
	}
	return lines, nil
}

// SetFetched adds items of a source to those that need no second look, and
// forgets those that keep says are no longer there; nil forgets none. A failure
// is no harm: the items are then looked at again.
func (w *Writer) SetFetched(source string, items []Fetched, keep map[string]bool) error {
	lines, err := w.fetchedLines(source)
	if err != nil {
		return err
	}
	if keep != nil {
		there := map[string]bool{}
		for item := range keep {
			there[short(item)] = true
		}
		for hash := range lines {
			if !there[hash] {
				delete(lines, hash)
			}
		}
	}
	for _, i := range items {
		lines[short(i.Item)] = short(i.Item)
		if i.ID != "" {
			lines[short(i.Item)] += fmt.Sprintf(" %s %s", i.ID, path.Base(mailEntry(i.Key)))
		}
	}
	list := make([]string, 0, len(lines))
	for _, line := range lines {
		list = append(list, line+"\n")
	}
	slices.Sort(list)
	err = w.mkdir(fetchedDir)
	if err == nil {
		err = w.put(fetchedOf(source), []byte(strings.Join(list, "")))
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
	names, err := w.names(fetchedDir)
	for _, n := range names {
		data, rerr := w.read(path.Join(fetchedDir, n))
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
	data, err := x.r.read(indexDir + "/mail/" + hash)
	if err != nil {
		return ""
	}
	id := casefile.ID(data)
	if _, err := x.r.locate(id); err != nil {
		return ""
	}
	return id
}
