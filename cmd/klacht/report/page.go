package report

import (
	"embed"
	"html/template"
	"strconv"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
)

//go:embed *.html page.css
var pages embed.FS

// page returns a template that fills the frame of page.html: its file defines
// "main". It is executed with a value that has the fields Lang ("nl" or "en")
// and Title. The functions that every page has: long, a date in full, and
// plain, a text that is safe to show; more come with funcs.
func page(file string, funcs template.FuncMap) *template.Template {
	css, err := pages.ReadFile("page.css")
	if err != nil {
		panic(err)
	}
	return template.Must(template.New("page.html").Funcs(template.FuncMap{
		"css":   func() template.CSS { return template.CSS(css) },
		"long":  long,
		"plain": casefile.Plain,
	}).Funcs(funcs).ParseFS(pages, "page.html", file))
}

// long writes a date in full: 7 december 2026. The zero date is "".
func long(d casefile.Date, lang string) string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Day) + " " + dictionary.Months[lang][d.Month-1] + " " + strconv.Itoa(d.Year)
}
