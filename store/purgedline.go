package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	casefile "klacht/case"
)

// PurgedLine is a line of purged.yaml, as far as it says which case went.
type PurgedLine struct {
	ID      casefile.ID
	Line    int           // in the file, from 1
	On      casefile.Date // the day on which it was removed, or its removal was taken back; zero in a line that does not end as the program ends it
	Key     string        // the hash of the key of the case; "" in an older line
	Content string        // the digest of its file when it went; "" if that is not known
	By      string        // the series of the clone that removed it
	Erased  bool          // before its time
	Began   casefile.Date // when the case began; zero if that is not known
	Kept    bool          // it takes back the removal of that key and content, of that day or before
}

var (
	purgedTail = casefile.Pattern(`, purged: ([0-9]{4}-[0-9]{2}-[0-9]{2})` + purgedKeys)
	keptForm   = casefile.Pattern(`^\{id: ` + casefile.IDPattern + `, kept: ([0-9]{4}-[0-9]{2}-[0-9]{2})` + purgedKeys)
)

var purgedBegan = casefile.Pattern(`, (?:received|spoken): ([0-9]{4}-[0-9]{2}-[0-9]{2})`)

// purgedKeys stand at the end of a line.
const purgedKeys = `(?:, key: ([0-9a-z]{26}))?(?:, content: ([0-9a-z]{26}))?(?:, by: ([A-Z]{1,3}))?\}\s*$`

// parsePurgedLine reads what stands in line n of purged.yaml about a case.
func parsePurgedLine(n int, id casefile.ID, line string) (PurgedLine, error) {
	p := PurgedLine{ID: casefile.ID(strings.Clone(string(id))), Line: n, Erased: strings.Contains(line, `, erased: "`)}
	form := purgedTail
	if p.Kept = strings.HasPrefix(line, fmt.Sprintf("{id: %s, kept: ", id)); p.Kept {
		form = keptForm
	}
	m := form().FindStringSubmatch(line)
	if m != nil {
		p.On, _ = casefile.ParseDate(m[1])
		p.Key, p.Content, p.By = strings.Clone(m[2]), strings.Clone(m[3]), strings.Clone(m[4])
	}
	if m := purgedBegan().FindStringSubmatch(line); m != nil {
		p.Began, _ = casefile.ParseDate(m[1])
	}
	if p.Kept && (p.On.IsZero() || p.Key == "" || p.Content == "") {
		return p, &Damage{File: PurgedFile, Line: n, Err: casefile.Errorf("is not the line of a purged complaint")}
	}
	return p, nil
}

// ParsePurgedLines reads every line of purged.yaml that is about a case, those that
// were taken back and those that take back among them. The error is a *Damage.
func ParsePurgedLines(data []byte) ([]PurgedLine, error) {
	var list []PurgedLine
	err := purgedLinesIn(bytes.NewReader(data), func(p PurgedLine, _ string) error {
		list = append(list, p)
		return nil
	})
	return list, err
}

// Effective leaves those lines that say that a case is gone: not those that were
// taken back, nor those that do it.
func Effective(lines []PurgedLine) (list []PurgedLine) {
	kept := map[[2]string]casefile.Date{}
	for _, p := range lines {
		for _, at := range [][2]string{{p.Key, p.Content}, {string(p.ID), ""}} { // and an older line about the number
			if p.Kept && kept[at].Before(p.On) {
				kept[at] = p.On
			}
		}
	}
	for _, p := range lines {
		at := [2]string{p.Key, p.Content}
		if p.byNumber() {
			at = [2]string{string(p.ID), ""}
		}
		back, ok := kept[at]
		if !p.Kept && !(ok && !back.Before(p.On)) {
			list = append(list, p)
		}
	}
	return list
}

// PurgedLines returns the lines of purged.yaml that say that a case is gone.
func (r *Register) PurgedLines() ([]PurgedLine, error) {
	var list []PurgedLine
	err := r.purgedLines(func(p PurgedLine, _ string) error {
		list = append(list, p)
		return nil
	})
	return Effective(list), err
}

// ErasedAs returns the line by which this very complaint, known by its key, was
// removed; nil if there is none, or if it was taken back. same reports whether its
// file is what it was then. Lines without a key, of before, are not looked at.
func (r *Register) ErasedAs(f *File) (line *PurgedLine, same bool, err error) {
	data, err := r.root.ReadUpTo(PurgedFile, 1<<30)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, &Damage{File: PurgedFile, Err: err}
	}
	start := fmt.Sprintf("- {id: %s, ", f.ID)
	if !bytes.Contains(data, []byte(start)) { // as nearly always
		return nil, false, nil
	}
	var lines []PurgedLine
	n := 0
	for text := range strings.Lines(string(data)) {
		if n++; strings.HasPrefix(text, start) {
			p, err := parsePurgedLine(n, f.ID, strings.TrimPrefix(text, "- "))
			if err != nil {
				return nil, false, err
			}
			lines = append(lines, p)
		}
	}
	line, same = r.removed(f, Effective(lines))
	return line, same, nil
}

// removed returns the line by which a complaint was removed, of those about its
// number; see [Register.ErasedAs].
func (r *Register) removed(f *File, lines []PurgedLine) (line *PurgedLine, same bool) {
	key := r.knownAs(f)
	content := DigestOf(f.Data)
	for _, p := range lines {
		if p.ID == f.ID && p.Content == content {
			return &p, true
		}
		if p.ID == f.ID && p.Key != "" && key != "" && p.Key == key.Hash() {
			line = &p
		}
	}
	return line, false
}

// byNumber reports whether a line tells a case by its number alone.
func (p PurgedLine) byNumber() bool { return p.Key == "" && p.Content == "" }

// notRemoved refuses to work on a case that was removed, and has come back: out of a
// backup, say.
func (r *Register) notRemoved(f *File) error {
	line, same, err := r.ErasedAs(f)
	if err != nil || line == nil {
		return err
	}
	wrong := casefile.Errorf("%s was removed on %s, and its file has come back", f.ID, line.On)
	if !same {
		return wrong.WithHint("`klacht purge` says why it stays; `klacht erase %s` removes it", f.ID)
	}
	return wrong.WithHint("`klacht purge` removes it again")
}

// TakeBack notes that the removal of a complaint does not hold: it stays. The day is
// today or, where the clock of who removed it was ahead, that of the removal.
func (w *Writer) TakeBack(line *PurgedLine, today casefile.Date) error {
	by, err := w.series()
	if err != nil {
		return err
	}
	if line.On.After(today) {
		today = line.On
	}
	w.begin(PurgedFile, DeedEdited)
	err = w.recordPurge(fmt.Sprintf("- {id: %s, kept: %s, key: %s, content: %s, by: %s}\n", line.ID, today, line.Key, line.Content, by))
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}
