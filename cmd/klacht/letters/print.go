package letters

import (
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"

	casefile "klacht/case"
)

//go:embed print.html
var printPage string

var printed = template.Must(template.New("print.html").Parse(printPage))

// WritePage writes a letter as a page to be printed on A4, folded into an envelope
// with a window, for somebody who has no e-mail. The matter is that of the letter,
// on paper; the postal address of the complainant must be known.
func (l Letter) WritePage(w io.Writer, m Matter) error {
	to := strings.TrimSpace(casefile.Plain(m.Case.Complainant.Address))
	if to == "" {
		return casefile.Errorf("there is no postal address of the complainant in %s", m.Case.ID).
			WithHint("`klacht edit %s` adds it: complainant, address", m.Case.ID)
	}
	if name, _ := m.names(l.lang); !strings.HasPrefix(to, name) {
		to = name + "\n" + to
	}
	day := long(m.Today, m.Today, l.lang)
	_, day, _ = strings.Cut(day, " ") // a letter is dated without the day of the week
	return printed.Execute(w, struct{ Lang, Reference, Firm, Email, To, Day, Subject, Body string }{
		l.lang, string(m.Case.ID), casefile.OneLine(m.Policy.Organisation.Name), casefile.OneLine(m.Policy.Organisation.Email),
		to, day + " " + strconv.Itoa(m.Today.Year), l.Subject, l.Body})
}
