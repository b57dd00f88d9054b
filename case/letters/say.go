package letters

import (
	"regexp"
	"strconv"
	"strings"

	casefile "klacht/case"
)

var (
	weekdays = map[string][7]string{
		"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		"nl": {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	}
	months = map[string][12]string{
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	}
	byPhone = map[string]string{"en": "by phone", "nl": "telefonisch"}
)

// long writes a date as one says it: vrijdag 4 december, with the year where it
// is not that of today. The zero date is "".
func long(d, today casefile.Date, lang string) string {
	if d.IsZero() {
		return ""
	}
	s := weekdays[lang][d.Weekday()] + " " + strconv.Itoa(d.Day) + " " + months[lang][d.Month-1]
	if d.Year != today.Year {
		s += " " + strconv.Itoa(d.Year)
	}
	return s
}

// clock writes a time of day; "" where it is not known.
func clock(m casefile.Moment, lang string) string {
	s := m.Clock()
	if lang == "nl" && s != "" {
		s = strings.Replace(s, ":", ".", 1) + " uur"
	}
	return s
}

// The first words of names of bodies that take an article in Dutch.
var (
	withDe  = regexp.MustCompile(`(?i)^\S*(commissie|instantie|stichting|raad|vereniging|kamer|organisatie|ombudsman|rechter)\b`)
	withHet = regexp.MustCompile(`(?i)^\S*(instituut|college|bureau|loket|platform|secretariaat)\b`)
)

// withArticle puts an article before the name of a body where it needs one in
// the middle of a sentence.
func withArticle(name, lang string) string {
	nl := lang == "nl"
	switch {
	case name == "" && nl:
		return "de instantie"
	case name == "":
		return "the body"
	case nl && withDe.MatchString(name):
		return "de " + name
	case nl && withHet.MatchString(name):
		return "het " + name
	case !nl && (withDe.MatchString(name) || withHet.MatchString(name)):
		return "the " + name
	}
	return name
}
