package casefile

import (
	"regexp"
	"sync"
)

// Pattern returns what gives a regular expression, which is compiled when it is first asked for: a
// command needs few of all that there are, and the owner waits for the others.
func Pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
