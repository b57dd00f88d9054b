// Package words is what klacht says, in English and in Dutch. A sentence is known by its
// English text; nl.txt has the Dutch. A test finds those that are missing, and those that
// nobody says any more.
package words

import (
	_ "embed"
	"strings"
)

//go:embed nl.txt
var nl string

// Plural is the forms of a sentence whose first value is a number. The English form for
// more is the sentence itself.
type Plural struct{ One, Een, Meer string }

// Dutch returns the Dutch sentences by the English ones.
func Dutch() map[string]string {
	all := make(map[string]string, 2000)
	read(func(en string, forms map[string]string) {
		if forms["<1"] == "" {
			all[en] = forms[">"]
		}
	})
	return all
}

// Plurals returns the sentences whose first value is a number.
func Plurals() map[string]Plural {
	all := map[string]Plural{}
	read(func(en string, forms map[string]string) {
		if forms["<1"] != "" {
			all[en] = Plural{forms["<1"], forms[">1"], forms[">"]}
		}
	})
	return all
}

// read calls take for each sentence, with its other forms by the mark that they have.
func read(take func(en string, forms map[string]string)) {
	unescape := strings.NewReplacer(`\n`, "\n", `\\`, `\`)
	en, forms := "", map[string]string{}
	for line := range strings.Lines(nl) {
		mark, text, found := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !found || mark == "#" {
			continue
		}
		if text = unescape.Replace(text); mark == "<" {
			en = text
			clear(forms)
			continue
		}
		if forms[mark] = text; mark == ">" { // the last of a sentence
			take(en, forms)
		}
	}
}
