package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode/utf8"
)

//go:embed report.css
var reportCSS template.CSS

var yearPage = page("report.html", template.FuncMap{"draw": draw, "how": (*Table).how, "css": func() (template.CSS, error) {
	css, err := pages.ReadFile("page.css")
	return template.CSS(css) + reportCSS, err
}})

// WriteHTML writes a sheet as one page that needs nothing else.
func (s *Sheet) WriteHTML(out io.Writer) error { return yearPage.Execute(out, s) }

func (t *Table) how(row int) string {
	if row < len(t.How) {
		return t.How[row]
	}
	return ""
}

// The measures of a chart, in the units of its drawing.
const (
	chartWidth = 640
	lineHeight = 30
	letter     = 7.2 // at most, of what most letters take
	gap        = 2
)

// drawing is a chart with its places worked out.
type drawing struct {
	*Chart
	ID, Width, Height int
	Legend            []key
	Lines             []chartLine
}

type key struct {
	Stretch
	X, TextX int
}

type chartLine struct {
	Bar
	X, Y, TextY, LabelX, ValueX, Track int
	Parts                              []piece
}

type piece struct {
	Kind        string
	X, Y, Width int
	Hatch       string // for those who do not see the colours, and for black and white
}

// draw works out where everything in a chart stands.
func draw(c *Chart, id int) drawing {
	d := drawing{Chart: c, ID: id, Width: chartWidth}
	y, x := 4, 0
	for _, l := range c.Legend {
		d.Legend = append(d.Legend, key{l, x, x + 18})
		x += 18 + int(letter*float64(utf8.RuneCountInString(l.Label))) + 22
		y = 30
	}
	labels, values, most := 0, 0, 1
	for _, b := range c.Bars {
		labels = max(labels, utf8.RuneCountInString(b.Label))
		values = max(values, utf8.RuneCountInString(b.Value))
		n := 0
		for _, p := range b.Parts {
			n += p.N
		}
		most = max(most, n)
	}
	left := min(int(letter*float64(labels)), chartWidth/2) + 12
	track := chartWidth - left - int(letter*float64(values)) - 14
	for _, b := range c.Bars {
		b.Label = cut(b.Label, int(float64(left-12)/letter)+1)
		l := chartLine{Bar: b, X: left, Y: y, TextY: y + 14, LabelX: left - 10, Track: track}
		at, n := left, 0
		for _, p := range b.Parts {
			n += p.N
			end := left + track*n/most
			if p.N > 0 {
				width := max(end-at-gap, 2)
				l.Parts = append(l.Parts, piece{p.Kind, at, y, width, hatch(at, y, width)})
			}
			at = end
		}
		l.ValueX = left + track + 10
		d.Lines = append(d.Lines, l)
		y += lineHeight
	}
	d.Height = y
	return d
}

// hatch draws slanted lines over a piece of a bar.
func hatch(x, y, width int) string {
	var b strings.Builder
	for i := 4; i+8 < width; i += 8 {
		fmt.Fprintf(&b, "M%d %dl8 -14", x+i, y+16)
	}
	return b.String()
}

// cut shortens a label to a number of letters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:max(n-1, 0)]) + "…"
	}
	return s
}
