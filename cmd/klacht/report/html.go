package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed report.css
var reportCSS template.CSS

var yearPage = sync.OnceValue(func() *template.Template {
	return page("report.html", template.FuncMap{"draw": draw, "how": (*Table).how, "css": func() (template.CSS, error) {
		css, err := pages.ReadFile("page.css")
		return template.CSS(css) + reportCSS, err
	}})
})

// WriteHTML writes a sheet as one page that needs nothing else.
func (s *Sheet) WriteHTML(out io.Writer) error { return yearPage().Execute(out, s) }

func (t *Table) how(row int) string {
	if row < len(t.How) {
		return t.How[row]
	}
	return ""
}

// The measures of a chart, in the units of its drawing. A narrow one, for a phone,
// has each label above its bar.
const (
	chartWidth  = 640
	narrowWidth = 340
	lineHeight  = 30
	letter      = 7.2 // at most, of what most letters take
	gap         = 2
)

// drawing is a chart with its places worked out.
type drawing struct {
	*Chart
	ID            string
	Width, Height int
	Narrow        bool
	Legend        []key
	Lines         []chartLine
}

type key struct {
	Stretch
	X, TextX int
}

type chartLine struct {
	Bar
	X, Y, TextY, LabelX, LabelY, ValueX, Track int
	Anchor                                     string // of the label
	Parts                                      []piece
}

type piece struct {
	Kind        string
	X, Y, Width int
	Hatch       string // for those who do not see the colours, and for black and white
}

// draw works out where everything in a chart stands.
func draw(c *Chart, id int, narrow bool) drawing {
	d := drawing{Chart: c, ID: fmt.Sprint(id), Width: chartWidth, Narrow: narrow}
	if narrow {
		d.ID, d.Width = d.ID+"n", narrowWidth
	}
	y := d.legend(c)
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
	left, room := 0, d.Width
	if !narrow {
		left = min(int(letter*float64(labels)), d.Width/2) + 12
		room = left - 12
	}
	track := d.Width - left - int(letter*float64(values)) - 14
	for _, b := range c.Bars {
		b.Label = cut(b.Label, int(float64(room)/letter)+1)
		l := chartLine{Bar: b, X: left, Y: y, TextY: y + 14, LabelX: left - 10, LabelY: y + 14, Anchor: "end", Track: track, ValueX: left + track + 10}
		if narrow {
			l.LabelX, l.Anchor, l.Y, l.TextY = 0, "start", y+20, y+34
			y += lineHeight - 8
		}
		at, n := left, 0
		for _, p := range b.Parts {
			n += p.N
			end := left + track*n/most
			if p.N > 0 {
				width := max(end-at-gap, 2)
				l.Parts = append(l.Parts, piece{p.Kind, at, l.Y, width, hatch(at, l.Y, width)})
			}
			at = end
		}
		d.Lines = append(d.Lines, l)
		y += lineHeight
	}
	d.Height = y
	return d
}

// legend places the keys of a chart, and returns where its bars begin.
func (d *drawing) legend(c *Chart) int {
	y, x := 4, 0
	for _, l := range c.Legend {
		d.Legend = append(d.Legend, key{l, x, x + 18})
		x += 18 + int(letter*float64(utf8.RuneCountInString(l.Label))) + 22
		y = 30
	}
	return y
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
