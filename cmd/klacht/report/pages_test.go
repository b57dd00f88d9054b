//go:build pages

package report

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheBrowserSeesWhatIsWrong shows that the tests of pages can fail.
func TestTheBrowserSeesWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct{ html, want string }{
		"a script that is refused": {`<!DOCTYPE html><html lang=en><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>x</title><script>1</script>`, "console"},
		"an error in a script":     {`<!DOCTYPE html><html lang=en><title>x</title><script>weg()</script>`, "console"},
		"a picture from elsewhere": {`<!DOCTYPE html><html lang=en><title>x</title><img src="file:///nergens.png">`, "asks for"},
	} {
		t.Run(name, func(t *testing.T) {
			said := &deaf{TB: t}
			b := browse(t)
			b.t = said
			b.open([]byte(tt.html))
			if !said.heard(tt.want) {
				t.Errorf("nothing is said of it: %q", said.errors)
			}
		})
	}
	t.Run("what cannot be read", func(t *testing.T) {
		said := &deaf{TB: t}
		b := browse(t)
		b.t = said
		b.open([]byte(`<!DOCTYPE html><title>x</title><h1>a</h1><h3>b</h3><p style="color:#999">flauw</p><table><tr><td>1</table><svg><text>x</text></svg>`))
		b.accessible()
		for _, want := range []string{"no language", "skips a level", "contrast of 2.8", "table without", "chart without"} {
			if !said.heard(want) {
				t.Errorf("nothing is said of %q: %q", want, said.errors)
			}
		}
	})
}

// deaf takes down the errors of a test instead of failing it.
type deaf struct {
	testing.TB
	errors []string
}

func (d *deaf) Error(args ...any)            { d.errors = append(d.errors, fmt.Sprint(args...)) }
func (d *deaf) Errorf(f string, args ...any) { d.errors = append(d.errors, fmt.Sprintf(f, args...)) }

func (d *deaf) heard(what string) bool {
	for _, e := range d.errors {
		if strings.Contains(e, what) {
			return true
		}
	}
	return false
}
