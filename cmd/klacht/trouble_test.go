package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"klacht/cmd/klacht/words"
)

// The chapter on what goes wrong has each error that says what to do, from the source itself: with
// -update it is written anew.
func TestTheGuideHasEachErrorWithItsRemedy(t *testing.T) {
	kinds := []struct {
		en, nl string
		dirs   []string
	}{
		{"Steps, dates and words", "Stappen, datums en woorden", []string{"case", "deadlines", "cmd/klacht"}},
		{"The files of the register", "De bestanden van het register", []string{"store", "store/strict", "store/disk"}},
		{"Letters and mail", "Brieven en mail", []string{"cmd/klacht/letters", "store/outbox", "store/inbox", "store/wire", "store/account"}},
		{"The history, sharing and erasing", "De geschiedenis, delen en wissen", []string{"store/history"}},
	}
	for lang, file := range map[string]string{"en": "guide/en/85-trouble.md", "nl": "guide/nl/85-storingen.md"} {
		chapter := "# When something goes wrong\n\n" + fold("", "An error says what happened and, where there is a remedy, what to do. These are the errors that have one, "+
			"in the order of the alphabet; … is a name, a number or a file.")
		if lang == "nl" {
			chapter = "# Als er iets misgaat\n\n" + fold("", "Een fout zegt wat er gebeurde en, als er iets aan te doen is, wat. Dit zijn de fouten waar iets aan te doen is, "+
				"op alfabet; … is een naam, een nummer of een bestand.")
		}
		for _, k := range kinds {
			var list []string
			for _, dir := range k.dirs {
				for _, e := range hinted(t, "../../"+dir) {
					list = append(list, fold("- ", "**"+shownIn(lang, e[0])+"**")+fold("  ", shownIn(lang, e[1])))
				}
			}
			slices.Sort(list)
			title := k.en
			if lang == "nl" {
				title = k.nl
			}
			chapter += "\n## " + title + "\n\n" + strings.Join(slices.Compact(list), "")
		}
		if *update {
			must(os.WriteFile(file, []byte(chapter), 0o644))
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != chapter {
			t.Errorf("%s has not each error as it is said; go test ./cmd/klacht -run TestTheGuideHas -update", file)
		}
	}
}

// hinted returns the errors of a package that have a hint, each with it, as they stand in the source.
func hinted(t *testing.T, dir string) [][2]string {
	var found [][2]string
	files, err := filepath.Glob(dir + "/*.go")
	must(err)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		must(err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			hint, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || hint.Sel.Name != "WithHint" {
				return true
			}
			if said, ok := saidBy(hint.X); ok {
				if what, ok := literal(call.Args[0]); ok && verb.ReplaceAllString(what, "") != "" {
					found = append(found, [2]string{said, what})
				}
			}
			return true
		})
	}
	return found
}

// saidBy returns the sentence of an error, behind what else is done with it.
func saidBy(e ast.Expr) (string, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	if f, ok := call.Fun.(*ast.SelectorExpr); ok {
		if _, chained := f.X.(*ast.CallExpr); chained {
			return saidBy(f.X)
		}
	}
	s, ok := literal(call.Args[0])
	return s, ok && letter.MatchString(verb.ReplaceAllString(s, ""))
}

// shownIn returns a sentence in a language, with … for each value.
func shownIn(lang, s string) string {
	if p, ok := words.Plurals()[s]; ok && lang == "nl" {
		s = p.Meer
	} else if nl, ok := words.Dutch()[s]; ok && lang == "nl" {
		s = nl
	}
	return strings.Join(strings.Fields(regexp.MustCompile(`"?%(\[[0-9]+\])?[a-z]"?`).ReplaceAllString(s, "…")), " ")
}

// fold breaks a paragraph in lines of at most 80 columns.
func fold(indent, s string) string {
	var b strings.Builder
	line := indent
	for word := range strings.FieldsSeq(s) {
		if len([]rune(line))+len([]rune(word)) > 79 && strings.TrimSpace(line) != "" {
			fmt.Fprintln(&b, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", len(indent))
		}
		line += word + " "
	}
	fmt.Fprintln(&b, strings.TrimRight(line, " "))
	return b.String()
}
