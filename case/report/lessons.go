package report

import (
	"slices"
	"strings"
	"unicode"

	casefile "klacht/case"
)

// Bounds on what is told of what was learned, so that a report stays one, and
// its memory bounded.
const (
	maxLessons = 100
	maxLesson  = 1000 // characters
)

// lessons keeps what was learned from the latest complaints.
type lessons struct {
	kept  []lesson
	named int // left out, for they name the complainant
}

type lesson struct {
	id   casefile.ID
	text string
}

// add takes what the last closing says was learned, unless it names the person.
func (l *lessons) add(c *casefile.Case) {
	text := ""
	for _, e := range c.Standing() {
		if e.Step == casefile.Closed {
			text = e.Learned
		}
	}
	text = casefile.OneLine(text)
	if text == "" {
		return
	}
	if names(text, c.Complainant) {
		l.named++
		return
	}
	if r := []rune(text); len(r) > maxLesson {
		text = strings.TrimSpace(string(r[:maxLesson])) + "…"
	}
	at, _ := slices.BinarySearchFunc(l.kept, c.ID, func(l lesson, id casefile.ID) int { return l.id.Compare(id) })
	if l.kept = slices.Insert(l.kept, at, lesson{c.ID, text}); len(l.kept) > maxLessons {
		l.kept = l.kept[1:]
	}
}

// texts returns what was learned in the order of the alphabet, each once: the
// order of the complaints would say whose it was.
func (l *lessons) texts() []string {
	texts := []string{}
	for _, one := range l.kept {
		texts = append(texts, one.text)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// particles of names say nothing about a person.
var particles = []string{"van", "von", "der", "den", "het", "ten", "ter", "las", "los", "del", "the", "and", "mevrouw", "meneer", "heer"}

// names reports whether a text has a word of the person's name in it, or the
// address, what stands before its @, or the telephone number.
func names(text string, who casefile.Complainant) bool {
	words := wordsOf(text)
	for _, w := range wordsOf(who.Name) {
		if len([]rune(w)) >= 3 && !slices.Contains(particles, w) && slices.Contains(words, w) {
			return true
		}
	}
	text = strings.ToLower(text)
	if address := strings.ToLower(who.Email); address != "" {
		local, _, _ := strings.Cut(address, "@")
		if strings.Contains(text, address) || len(local) >= 3 && slices.Contains(words, local) {
			return true
		}
	}
	phone := digits(who.Phone)
	return len(phone) >= 6 && strings.Contains(digits(text), phone)
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
