// Package trace finds what is left of a person in texts: [Terms] are what a complaint
// tells of who complains, and are held in memory alone. Nothing that it returns has
// one of them in it.
package trace

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	casefile "klacht/case"
)

// Kind says what it is that was found.
type Kind string

// What can be found.
const (
	Name    Kind = "name"
	Email   Kind = "email"
	Phone   Kind = "phone"
	Address Kind = "address" // a line of it, of a street or with a postcode
	Subject Kind = "subject"
	MailID  Kind = "mail-id" // the Message-ID of a mail
	Unread  Kind = "unread"  // nothing: the place could not be looked at
)

// Terms are what is searched for. The zero value finds nothing.
type Terms struct {
	terms  map[string][]term // by their first word
	phones []string          // the last digits of each, at most nine
	labels map[string]bool   // the words of names that say enough where they stand alone; see Label
	hidden map[string]bool   // the words that are never shown
}

// term is some words in that order, whatever stands between them; or a text, byte
// for byte.
type term struct {
	kind  Kind
	words []string
	text  string
}

// ordinary are words that git and klacht give to files and refs, and words before
// names: alone they are nobody's.
var ordinary = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("open archive unlimited letters outbox klacht git yaml head heads tags remotes refs logs hooks info objects pack " +
		"packed main master origin config description index stash notes merge commit update rebase sync changes register complaint made edited filed purged branch " +
		"mevrouw meneer heer familie firma stichting from with voor over door naar klachten fwd") {
		m[w] = true
	}
	for _, s := range casefile.Steps() {
		m[string(s)] = true
	}
	return m
})

// Add adds what a complaint tells of those who complain, and its subject if that has
// at least four words and twenty letters: a shorter one is anybody's.
func (t *Terms) Add(c *casefile.Case) {
	for _, p := range append([]casefile.Complainant{c.Complainant}, c.Others...) {
		t.addName(p.Name)
		t.addText(Email, p.Email)
		t.addPhone(p.Phone)
		for line := range strings.Lines(p.Address) {
			if w := wordsOf(line); len(w) > 1 && len(line) > 7 && strings.ContainsAny(line, "0123456789") && strings.ContainsFunc(line, unicode.IsLetter) {
				t.add(term{kind: Address, words: w})
			}
		}
	}
	if w := wordsOf(c.Subject); len(w) > 3 && len(strings.Join(w, "")) >= 20 {
		t.add(term{kind: Subject, words: w})
	}
}

var fieldIn = casefile.Pattern(`(?m)^[ \t-]*(name|email|phone): *["']?(.*?)["']? *\r?$`)

// AddDamaged adds what the text of a case file tells that cannot be read.
func (t *Terms) AddDamaged(text []byte) {
	for _, m := range fieldIn().FindAllSubmatch(text, -1) {
		c := casefile.Complainant{}
		*map[string]*string{"name": &c.Name, "email": &c.Email, "phone": &c.Phone}[string(m[1])] = string(m[2])
		t.Add(&casefile.Case{Complainant: c})
	}
}

// AddMail adds the Message-ID of a mail, without < and >.
func (t *Terms) AddMail(id string) { t.addText(MailID, id) }

func (t *Terms) add(of term) {
	if t.terms == nil {
		t.terms, t.labels, t.hidden = map[string][]term{}, map[string]bool{}, map[string]bool{}
	}
	t.terms[of.words[0]] = append(t.terms[of.words[0]], of)
}

// addName adds a name in any order that begins with another of its words, as in
// "Vries, Anna de"; and its words by themselves, for Label.
func (t *Terms) addName(name string) {
	words := wordsOf(name)
	if len(words) == 0 || len(words) == 1 && len(words[0]) < 3 {
		return
	}
	for i := range words {
		t.add(term{kind: Name, words: slices.Concat(words[i:], words[:i])})
	}
	for _, w := range words {
		if !ordinary()[w] && len(w) > 1 {
			t.hidden[w], t.labels[w] = true, utf8.RuneCountInString(w) > 3
		}
	}
}

func (t *Terms) addText(kind Kind, text string) {
	text = strings.TrimFunc(string(fold([]byte(text))), isBetween)
	words := wordsOf(text)
	if len(text) < 6 || len(words) < 2 {
		return
	}
	t.add(term{kind: kind, words: words[:1], text: text})
	if local, _, _ := strings.Cut(text, "@"); kind == Email {
		for _, w := range wordsOf(local) {
			if !ordinary()[w] && len(w) > 2 {
				t.hidden[w] = true
			}
		}
	}
}

// addPhone adds the number, or the numbers that words stand between.
func (t *Terms) addPhone(phone string) {
	for number := range strings.FieldsFuncSeq(phone, unicode.IsLetter) {
		digits := strings.Join(strings.FieldsFunc(number, func(r rune) bool { return r < '0' || r > '9' }), "")
		if len(digits) > 6 {
			t.phones = append(t.phones, digits[max(0, len(digits)-9):])
		}
	}
}

// Empty reports whether there is nothing to be searched for.
func (t *Terms) Empty() bool { return len(t.terms) == 0 && len(t.phones) == 0 }

// Found is what was found somewhere.
type Found map[Kind]bool

// Label looks in what a person has called something: the name of a file, of a branch,
// or the message of a commit. There a single word of a name, of four letters or more,
// is found too.
func (t *Terms) Label(text string, found Found) { t.scan(fold([]byte(text)), true, found) }

// Text looks in data, as it is and as it reads once it is decoded.
func (t *Terms) Text(data []byte, found Found) {
	readings(data, 3, func(text []byte) { t.scan(fold(text), false, found) })
}

// Hide returns the path of a file, or the name of a ref, with * in place of what is of
// a person. It is then a pattern that a shell finds it by.
func (t *Terms) Hide(path string) string {
	parts := strings.Split(path, "/")
	for i, name := range parts {
		parts[i] = t.hide(name)
	}
	return strings.Join(parts, "/")
}

func (t *Terms) hide(name string) string {
	var b strings.Builder
	for rest := name; rest != ""; {
		n := max(wordLen([]byte(rest)), 1)
		if word := rest[:n]; t.hidden[string(fold([]byte(word)))] {
			b.WriteByte('*')
		} else {
			b.WriteString(word)
		}
		rest = rest[n:]
	}
	found := Found{}
	if t.Label(b.String(), found); len(found) > 0 { // a number, or a word of something else
		return "*"
	}
	return b.String()
}

// scan looks for all terms in a text that was folded.
func (t *Terms) scan(s []byte, label bool, found Found) {
	for i, n := 0, 0; i < len(s); i += max(n, 1) {
		if n = wordLen(s[i:]); n == 0 {
			continue
		}
		if label && t.labels[string(s[i:i+n])] {
			found[Name] = true
		}
		for _, of := range t.terms[string(s[i:i+n])] {
			if of.at(s, i) {
				found[of.kind] = true
			}
		}
		if len(t.phones) > 0 && s[i] >= '0' && s[i] <= '9' && t.phoneAt(s[i:]) {
			found[Phone] = true
		}
	}
}

// maxGap is the most bytes between two words that belong together.
const maxGap = 16

// at reports whether a term stands at a place where its first word does.
func (of term) at(s []byte, i int) bool {
	if of.text != "" {
		after, ok := bytes.CutPrefix(s[i:], []byte(of.text))
		return ok && !bytes.ContainsAny(s[max(i-1, 0):i], ".+-") && wordLen(after) == 0 && !bytes.HasPrefix(after, []byte("-"))
	}
	i += len(of.words[0])
	for _, word := range of.words[1:] {
		for end := min(i+maxGap, len(s)); i < end && wordLen(s[i:]) == 0; {
			i++
		}
		if n := wordLen(s[i:]); string(s[i:i+n]) != word {
			return false
		}
		i += len(word)
	}
	return true
}

// phoneAt reports whether a text begins with a number that ends as one of the phones,
// however its digits are set apart.
func (t *Terms) phoneAt(s []byte) bool {
	var digits []byte
	for gap := 0; len(s) > 0 && len(digits) < 16 && gap < 4; s = s[1:] {
		switch c := s[0]; {
		case c >= '0' && c <= '9':
			digits, gap = append(digits, c), 0
		case strings.IndexByte(" -./()+\t\u00a0", c) >= 0:
			gap++
		default:
			gap = 4
		}
	}
	return slices.ContainsFunc(t.phones, func(p string) bool { return bytes.Contains(digits, []byte(p)) })
}

// wordsOf returns the words of a text, folded.
func wordsOf(text string) (words []string) {
	return strings.FieldsFunc(string(fold([]byte(text))), isBetween)
}

// isBetween reports whether a character is no part of a word. What belongs to no text
// is none.
func isBetween(r rune) bool {
	return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// isAlnum reports whether a byte is a letter or a digit of ASCII.
func isAlnum(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

// wordLen returns the length of the word that a text begins with, in bytes.
func wordLen(s []byte) (n int) {
	for n < len(s) && isAlnum(s[n]) { // as nearly always
		n++
	}
	if end := bytes.IndexFunc(s[n:], isBetween); end >= 0 {
		return n + end
	}
	return len(s)
}
