// Package guide is the documentation, in chapters and two languages: one text for `klacht help TOPIC`
// and for who reads it on the web.
package guide

import (
	"embed"
	"path"
	"strings"

	casefile "klacht/case"
)

//go:embed en nl
var files embed.FS

// A Chapter is one file of the guide.
type Chapter struct {
	Topic string // how it is asked for: one word, in the language of the chapter
	Title string // one line
	text  string
}

// Text returns the chapter as Markdown, the title first, in lines of at most 80 columns but for what
// programs print.
//
// A line `<!-- on DATE -->`, the day on which what follows takes place, or `<!-- run COMMAND -->`, what has
// happened before it, is for the test that plays the sessions, and is not in it.
func (c Chapter) Text() string { return stageDirection().ReplaceAllString(c.text, "") }

// Chapters returns the guide in a language, "nl" or else English, in the order to read it in.
func Chapters(lang string) []Chapter {
	if lang != "nl" {
		lang = "en"
	}
	entries, err := files.ReadDir(lang)
	if err != nil {
		panic(err) // it is part of the program
	}
	var all []Chapter
	for _, e := range entries {
		data, err := files.ReadFile(path.Join(lang, e.Name()))
		if err != nil {
			panic(err)
		}
		_, topic, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".md"), "-")
		title, _, _ := strings.Cut(strings.TrimPrefix(string(data), "# "), "\n")
		all = append(all, Chapter{topic, title, string(data)})
	}
	return all
}

var stageDirection = casefile.Pattern(`(?m)^<!-- .* -->\n`)

// Find returns the chapter on a topic, whose name may be that of either language.
func Find(lang, topic string) (Chapter, bool) {
	chapters := Chapters(lang)
	for _, l := range []string{"nl", "en"} {
		for i, c := range Chapters(l) {
			if strings.EqualFold(c.Topic, topic) {
				return chapters[i], true
			}
		}
	}
	return Chapter{}, false
}
