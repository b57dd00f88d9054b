//go:build pages

package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The report opens in a real browser without a word on the console or a request
// to anywhere, can be read without seeing it well, in light and in dark, and
// prints on few pages.
func TestReportInABrowser(t *testing.T) {
	b := browse(t)
	for _, tt := range []struct {
		name   string
		report *Report
		pages  int
	}{
		{"sample", reportOn(t, "../../../cases", year(2026), "2026-12-07"), 4},
		{"full", full(), 7},
		{"empty", reportOn(t, "../../../cases", year(2024), "2026-12-07"), 3},
	} {
		for _, lang := range []string{"nl", "en"} {
			t.Run(tt.name+" "+lang, func(t *testing.T) {
				b.t = t
				var page bytes.Buffer
				if err := tt.report.Sheet(lang).WriteHTML(&page); err != nil {
					t.Fatal(err)
				}
				name := fmt.Sprintf("report-%s-%s", tt.name, lang)
				b.open(page.Bytes())
				b.accessible()
				b.screenshot(name)
				b.dark(true)
				b.accessible()
				b.screenshot(name + "-dark")
				b.onAPhone(name + "-dark")
				b.dark(false)
				b.onAPhone(name)
				if _, n := b.print(name); n < 1 || n > tt.pages {
					t.Errorf("%d pages, want at most %d", n, tt.pages)
				}
				if wide := b.eval("document.documentElement.scrollWidth > innerWidth"); wide != "false" {
					t.Error("the page is wider than the window")
				}
				if got := b.eval("document.querySelectorAll('script,link,iframe,img,object,embed').length"); got != "0" {
					t.Errorf("%s elements that could load something", got)
				}
			})
		}
	}
}

// Hostile texts are text in a real browser: nothing runs, and no element comes
// from them.
func TestHostileReportInABrowser(t *testing.T) {
	b := browse(t)
	r := full()
	r.Organisation = badTexts[0]
	r.Learned = append([]string{strings.Repeat("lang ", 200), strings.Repeat("x", 1000)}, badTexts...)
	var page bytes.Buffer
	if err := r.Sheet("nl").WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	b.open(page.Bytes())
	b.accessible()
	b.screenshot("report-hostile")
	for _, h := range badTexts {
		if got := b.eval(fmt.Sprintf("[...document.querySelectorAll('li')].some(e => e.textContent == %q)", h)); got != "true" {
			t.Errorf("%s is not there as text", h)
		}
	}
	if got := b.eval("document.querySelectorAll('script,img,a,iframe,style:not(head style)').length"); got != "0" {
		t.Errorf("%s elements come from texts", got)
	}
	if wide := b.eval("document.documentElement.scrollWidth > innerWidth"); wide != "false" {
		t.Error("the page is wider than the window")
	}
}
