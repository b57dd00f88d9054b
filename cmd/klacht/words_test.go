package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
)

// sayers are the functions whose first argument is a sentence that a person
// reads.
var sayers = []string{"T", "t", "say", "Errorf", "WithHint", "usage"}

// sentences returns every sentence of the program, with the place where it
// stands, from the source itself.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, dir := range []string{"../../case", "../../deadlines", "../../store", "."} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
				return err
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, 0)
			if err != nil {
				return err
			}
			named := map[string]string{} // sentences that are said at several places
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.ValueSpec); ok && len(c.Names) == 1 && len(c.Values) == 1 {
					if s, ok := literal(c.Values[0]); ok {
						named[c.Names[0].Name] = s
					}
				}
				return true
			})
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if slices.Contains(sayers, name) {
					s, ok := literal(call.Args[0])
					if id, isName := call.Args[0].(*ast.Ident); isName {
						s, ok = named[id.Name]
					}
					if ok {
						found[s] = fset.Position(call.Pos()).String()
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// literal returns the text of a string literal, or of several that are added.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, ok2 := literal(e.Y)
		return a + b, ok && ok2
	}
	return "", false
}

var (
	verb   = regexp.MustCompile(`%(\[[0-9]+\])?[a-z]`)
	letter = regexp.MustCompile(`[A-Za-z]{2}`)
)

// verbs returns the values that a sentence speaks of.
func verbs(s string) []string {
	list := verb.FindAllString(s, -1)
	slices.Sort(list)
	return list
}

func TestEverySentenceHasDutch(t *testing.T) {
	all := sentences(t)
	if len(all) < 200 {
		t.Fatalf("only %d sentences were found; is the search broken?", len(all))
	}
	dutch, plurals := words.Dutch(), words.Plurals()
	for s, place := range all {
		if !letter.MatchString(verb.ReplaceAllString(s, "")) {
			continue // marks and values only
		}
		if p, ok := plurals[s]; ok {
			for _, form := range []string{p.One, p.Een, p.Meer} {
				if len(verbs(form)) > len(verbs(s)) || form == "" {
					t.Errorf("%s: %q has the form %q", place, s, form)
				}
			}
			continue
		}
		nl, ok := dutch[s]
		if !ok {
			t.Errorf("%s: no Dutch for %q", place, s)
		} else if !slices.Equal(verbs(s), verbs(nl)) && !strings.Contains(nl, "%[") {
			t.Errorf("%s: %q and %q speak of other values", place, s, nl)
		}
	}
	for s := range dutch {
		if _, ok := all[s]; !ok {
			t.Errorf("nobody says %q any more", s)
		}
	}
	for s := range plurals {
		if _, ok := all[s]; !ok {
			t.Errorf("nobody says %q any more", s)
		}
	}
}

// A step that an error speaks of has its Dutch name; words of a file stay as they
// stand there.
func TestErrorsSpeakOfStepsInDutch(t *testing.T) {
	nl := words.New("nl")
	c := casefile.Case{Log: []casefile.Entry{{Step: casefile.Replied, By: "mok", At: testMoment("2026-04-01")}}}
	_, err := c.State()
	if got := nl.Explain(err); got != "antwoord ontvangen komt vóór de klacht zelf" {
		t.Error(got)
	}
	_, missing := casefile.Entry{Step: casefile.Invited}.Check()
	if got := nl.Explain(missing); !strings.Contains(got, "invited") || !strings.Contains(got, `"when"`) {
		t.Error(got)
	}
}

func testMoment(s string) casefile.Moment {
	m, err := casefile.ParseMoment(s, time.UTC)
	must(err)
	return m
}
