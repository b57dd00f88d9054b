package main

import (
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/report"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// sheetWidth is the most columns that a text takes: longer lines read badly.
const sheetWidth = 100

// sheetView draws a report on the terminal.
func (a *app) sheetView(s *report.Sheet) string {
	v := sheetView{app: a, room: min(a.width(), sheetWidth)}
	v.line(a.bold.Render(casefile.OneLine(s.Firm)) + a.dim.Render(" · "+s.Title))
	v.wrap("", s.Lead, a.dim)
	for _, p := range s.Sections {
		v.line("")
		style := a.bold
		if p.Minor {
			style = a.coming
		}
		v.wrap("", p.Title, style)
		for _, n := range p.Notes {
			v.wrap("  ", n, a.dim)
		}
		if p.Chart != nil {
			v.chart(p.Chart)
		}
		if p.Chart == nil || !p.Chart.Same {
			for _, t := range p.Tables {
				v.table(t)
			}
		}
		for _, text := range p.List {
			v.item(text)
		}
		for _, n := range p.After {
			v.wrap("  ", n, a.dim)
		}
	}
	return v.b.String()
}

type sheetView struct {
	*app
	b    strings.Builder
	room int
}

func (v *sheetView) line(s string) { v.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// wrap writes a text in lines that fit, each after an indent.
func (v *sheetView) wrap(indent, text string, style lipgloss.Style) {
	for l := range strings.SplitSeq(ansi.Wrap(casefile.OneLine(text), v.room-len(indent), ""), "\n") {
		v.line(indent + style.Render(l))
	}
}

// item writes one text of a list, with a mark before it.
func (v *sheetView) item(text string) {
	mark := "  • "
	for l := range strings.SplitSeq(ansi.Wrap(casefile.OneLine(text), v.room-4, ""), "\n") {
		v.line(mark + l)
		mark = "    "
	}
}

// glyphs draw the stretches of a bar, so that colour is never the only sign.
var glyphs = map[string]string{"kept": "█", "missed": "▒", "open": "░", "one": "█", "rest": "▓"}

func (v *sheetView) chart(c *report.Chart) {
	const length = 24
	style := map[string]lipgloss.Style{"kept": v.good, "missed": v.late, "open": v.today, "one": v.waiting, "rest": v.plain}
	labels, most := 0, 1
	for _, b := range c.Bars {
		labels = max(labels, ansi.StringWidth(b.Label))
		n := 0
		for _, p := range b.Parts {
			n += p.N
		}
		most = max(most, n)
	}
	labels = min(labels, v.room-2-2-length-2-12)
	for _, b := range c.Bars {
		s, at, n := "", 0, 0
		for _, p := range b.Parts {
			n += p.N
			end := max(length*n/most, min(at+min(p.N, 1), length)) // what is there is seen
			s += style[p.Kind].Render(strings.Repeat(glyphs[p.Kind], end-at))
			at = end
		}
		v.line("  " + fit(b.Label, labels) + "  " + s + strings.Repeat(" ", length-at) + "  " + b.Value)
	}
	if c.Legend != nil {
		var keys []string
		for _, l := range c.Legend {
			keys = append(keys, style[l.Kind].Render(glyphs[l.Kind])+" "+v.dim.Render(l.Label))
		}
		v.line("  " + fit("", labels) + "  " + strings.Join(keys, "  "))
		v.line("")
	}
}

func (v *sheetView) table(t *report.Table) {
	if t.Titled {
		v.line("")
		v.wrap("  ", t.Caption, v.dim)
	}
	cols := make([]int, len(t.Head))
	heads := t.Head
	if len(heads) == t.Words+1 { // one number: its column needs no name
		heads = nil
	}
	for i := range cols {
		for _, row := range t.Rows {
			cols[i] = max(cols[i], ansi.StringWidth(row[i]))
		}
		if heads != nil {
			cols[i] = max(cols[i], ansi.StringWidth(heads[i]))
		}
	}
	used := 2
	for i, w := range cols {
		if i > 0 {
			used += w + 2
		}
	}
	cols[0] = min(cols[0], v.room-used)
	write := func(row []string, style lipgloss.Style, after string) {
		s := ""
		for i, c := range row {
			if i < t.Words {
				c = fit(c, cols[i])
			} else {
				c = strings.Repeat(" ", max(0, cols[i]-ansi.StringWidth(c))) + c
			}
			s += "  " + c
		}
		v.line(style.Render(s) + after)
	}
	if heads != nil {
		write(heads, v.dim, "")
	}
	for i, row := range t.Rows {
		how := ""
		if i < len(t.How) {
			how = t.How[i]
		}
		rest := v.room - used - cols[0] - 2
		lines := strings.Split(ansi.Wrap(how, max(rest, 24), ""), "\n")
		write(row, v.plain, "  "+v.dim.Render(lines[0]))
		for _, l := range lines[1:] {
			v.line(strings.Repeat(" ", used+cols[0]+2) + v.dim.Render(l))
		}
	}
}
