//go:build pages

package report

import (
	"strings"
	"testing"
)

func TestADossierInABrowser(t *testing.T) {
	b := browse(t)
	tests := map[string]struct {
		text  string
		pages int // at most, on A4
	}{
		"plain":   {"Een gewone tekst van een paar regels.\n\nEn nog een.", 4},
		"hostile": {strings.Join(hostile[:len(hostile)-1], "\n"), 14},
		"long":    {strings.Repeat("Een lange tekst van een klager. ", 1500), 130},
	}
	for name, tt := range tests {
		for _, to := range []Reader{Committee, Complainant} {
			t.Run(name+" for "+string(to), func(t *testing.T) {
				b.t = t
				b.open([]byte(written(t, dossierOf(t, to, tt.text))))
				if n := b.eval(`document.querySelectorAll("script, img, iframe, object, embed, link, base, form, [onload], [onerror], [onmouseover], [src]").length`); n != "0" {
					t.Errorf("the page has %s active elements", n)
				}
				if n := b.eval(`document.querySelectorAll("meta[http-equiv]").length`); n != "1" {
					t.Errorf("the page has %s meta elements that act", n)
				}
				if wide := b.eval(`document.documentElement.scrollWidth > innerWidth`); wide != "false" {
					t.Error("the page is wider than the window")
				}
				for _, dark := range []bool{false, true} {
					b.dark(dark)
					b.accessible()
				}
				b.dark(false)
				shot := strings.ReplaceAll("dossier "+name+" "+string(to), " ", "-")
				if tt.text != tests["long"].text {
					b.onAPhone(shot)
				} else {
					b.onAPhone("")
				}
				if tt.text != tests["long"].text {
					b.screenshot(shot)
				}
				if _, n := b.print(shot); n > tt.pages || n < 1 {
					t.Errorf("it prints on %d pages instead of at most %d", n, tt.pages)
				}
			})
		}
	}
}
