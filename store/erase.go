package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	casefile "klacht/case"
)

// Gone leaves out of a list of cases those that stand in the register: of the
// purged ones those that were taken up again on another machine.
func (r *Register) Gone(ids []casefile.ID) ([]casefile.ID, error) {
	var gone []casefile.ID
	for _, id := range ids {
		names, err := r.places(id)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Record hands what was done so far to the history, as Close does, but keeps the
// lock.
func (w *Writer) Record() {
	w.index.settle()
	w.commit()
}

// Erase removes a case for good whatever its state, also one that cannot be
// read, or that is there twice: because its complainant has a right to it, say.
// It does so as Purge does, and its line gets the reason, which must be one that
// [ReasonToErase] lets pass.
func (w *Writer) Erase(id casefile.ID, today casefile.Date, reason string) error {
	if err := w.ReasonToErase(id, reason); err != nil {
		return err
	}
	names, err := w.places(id)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errUnknown(id)
	}
	line := fmt.Sprintf("- {id: %s, erased: %q, purged: %s}\n", id, reason, today)
	if f, damage := w.readFile(names[0]); damage == nil {
		head, date, _ := strings.Cut(purgedLine(f, w.Policy, today), ", purged: ")
		line = fmt.Sprintf("%s, erased: %q, purged: %s", head, reason, date)
	}
	for _, name := range names {
		if err := w.purge(w.raw(id, name), line); err != nil {
			return err
		}
	}
	return nil
}

// raw returns a case of which nothing but its number and its place is known, or
// all of it if it can be read.
func (r *Register) raw(id casefile.ID, name string) *File {
	if f, damage := r.readFile(name); damage == nil {
		return f
	}
	f := &File{Path: name}
	f.ID = id
	return f
}

// reasonForm is what a reason to erase can consist of: words, on one line, with
// nothing that would need an escape in purged.yaml.
var reasonForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} .,()/§'-]{0,99}$`)

var (
	longNumber = regexp.MustCompile(`[0-9][0-9 .()/-]{4,}[0-9]`)
	ownLines   = regexp.MustCompile(`(?m)^\s*["']?(?:name|email|phone)["']?\s*:(.*)$`)
)

// ReasonToErase refuses a reason that cannot stay when the case is gone: one with
// a name, an address or a number of the complainant in it. Of a case that cannot
// be read it looks at the lines that seem to hold these.
func (r *Register) ReasonToErase(id casefile.ID, reason string) error {
	if strings.TrimSpace(reason) == "" || !reasonForm.MatchString(reason) {
		return casefile.Errorf("%q cannot be the reason", casefile.OneLine(reason)).
			WithHint("it stays in purged.yaml: at most 100 letters, digits, blanks and . , ( ) / - such as: AVG art. 17, verzoek van 7 december")
	}
	if longNumber.MatchString(reason) {
		return casefile.Errorf("the reason has a long number in it, which may be of a person").
			WithHint("it stays in purged.yaml when the complaint is gone; say it without")
	}
	names, err := r.places(id)
	if err != nil {
		return err
	}
	var personal []string
	for _, name := range names {
		data, err := r.read(name)
		if err != nil {
			continue // which leaves nothing to be compared
		}
		for _, m := range ownLines.FindAllStringSubmatch(string(data), -1) {
			personal = append(personal, wordsOf(m[1])...)
		}
		f := r.raw(id, name)
		personal = append(personal, wordsOf(f.Complainant.Name+" "+f.Complainant.Email)...)
	}
	for _, word := range wordsOf(reason) {
		if slices.Contains(personal, word) {
			return casefile.Errorf("the reason names the complainant").
				WithHint("it stays in purged.yaml when the complaint is gone; say it without")
		}
	}
	return nil
}

// wordsOf returns the words of a text that can tell who somebody is, in lower
// case.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz", r) && r < utf8.RuneSelf })
	return slices.DeleteFunc(words, func(w string) bool {
		return len(w) < 2 || slices.Contains([]string{"van", "de", "den", "der", "het", "ten", "ter", "te", "in", "op", "en", "nl", "com", "org", "net", "example"}, w)
	})
}

// erased returns what is still there of cases that were erased: the program was
// killed, or they came back from a backup. They go whatever is in them.
func (r *Register) erased() (map[casefile.ID][]*File, error) {
	found := map[casefile.ID][]*File{}
	err := r.purgedLines(func(_ int, id casefile.ID, line string) error {
		if !strings.Contains(line, `, erased: "`) {
			return nil
		}
		names, err := r.places(id)
		for _, name := range names {
			found[id] = append(found[id], r.raw(id, name))
		}
		return err
	})
	return found, err
}
