package words

import (
	"strings"
	"testing"
)

// Each sentence stands there once, with its Dutch, and no line is of another kind.
func TestTheDictionaryIsInOrder(t *testing.T) {
	seen, last, n := map[string]bool{}, ">", 0
	for line := range strings.Lines(nl) {
		line = strings.TrimSuffix(line, "\n")
		mark, text, found := strings.Cut(line, " ")
		switch {
		case line == "", mark == "#":
			continue
		case !found, text == "", mark == "<" && last != ">", mark == ">" && last != "<" && last != ">1", mark == "<1" && last != "<", mark == ">1" && last != "<1":
			t.Errorf("%q cannot follow %q", line, last)
		case mark == "<" && seen[text]:
			t.Errorf("%q stands here for the second time", text)
		case mark == "<":
			seen[text], n = true, n+1
		}
		last = mark
	}
	if got := len(Dutch()) + len(Plurals()); got != n || last != ">" {
		t.Errorf("%d sentences are read of %d", got, n)
	}
}
