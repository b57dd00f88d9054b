package report

import (
	"slices"
	"strings"

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
	closing, _ := c.Closing()
	text := casefile.OneLine(closing.Learned)
	if text == "" {
		return
	}
	for _, who := range append([]casefile.Complainant{c.Complainant}, c.Others...) {
		if names(text, who) {
			l.named++
			return
		}
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
