package letters

import (
	"strconv"
	"strings"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
)

var byPhone = map[string]string{"en": "by phone", "nl": "telefonisch"}

// long writes a date as one says it: vrijdag 4 december, with the year where it
// is not that of today. The zero date is "".
func long(d, today casefile.Date, lang string) string {
	if d.IsZero() {
		return ""
	}
	s := dictionary.Weekdays[lang][d.Weekday()] + " " + strconv.Itoa(d.Day) + " " + dictionary.Months[lang][d.Month-1]
	if d.Year != today.Year {
		s += " " + strconv.Itoa(d.Year)
	}
	return s
}

// noFirstName are words that names start with and that are no first names, in
// lower case.
var noFirstName = casefile.Pattern(`^(de|den|der|het|van|von|ten|ter|the|la|le|el|al|abu|ibn|bin|fam|familie|gezin|erven|` +
	`mevr|mevrouw|mej|mejuffrouw|dame|vrouwe|meneer|mijnheer|heer|dhr|sir|mrs|miss|lady|lord|mister|mister|madame|monsieur|frau|herr|` +
	`drs|ing|prof|professor|dokter|doctor|meester|ir|pater|zuster|dominee|pastoor|` +
	`firma|maatschap|stichting|vereniging|cooperatie|gemeente|provincie|ministerie|school|basisschool|college|praktijk|salon|studio|` +
	`atelier|garage|hotel|restaurant|cafe|cafetaria|winkel|team|afdeling|directie|secretariaat|administratie|klantenservice|bestuur|` +
	`.*(bedrijf|bureau|kantoor|winkel|handel|zaak|groep|group|praktijk|school|centrum|rij|dienst|service|werken|advies))$`)

// plainName finds a word that can be a first name as it stands: Jolanda,
// Anne-Marie. Initials, and what is all in capitals, are not.
var plainName = casefile.Pattern(`^\p{Lu}\p{Ll}{2,}(-\p{Lu}\p{Ll}+)*$`)

// nobody finds in a name what says that it is not of one person.
var nobody = casefile.Pattern(`(?i)[0-9&+/@,()"]|\b(b\.?v|n\.?v|v\.?o\.?f|c\.?v|ltd|inc|gmbh|en|and|of)\b`)

// firstName returns the first name of a person where a name leaves no doubt that
// it begins with one, and else "". A name is one text, as its owner wrote it, so
// a whole name too many is better than a first name that is none.
func firstName(name string) string {
	first, rest, _ := strings.Cut(name, " ")
	if strings.TrimSpace(rest) == "" || !plainName().MatchString(first) || noFirstName().MatchString(strings.ToLower(first)) || nobody().MatchString(name) {
		return ""
	}
	return first
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
	withDe  = casefile.Pattern(`(?i)^\S*(commissie|instantie|stichting|raad|vereniging|kamer|organisatie|ombudsman|rechter)\b`)
	withHet = casefile.Pattern(`(?i)^\S*(instituut|college|bureau|loket|platform|secretariaat)\b`)
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
	case nl && withDe().MatchString(name):
		return "de " + name
	case nl && withHet().MatchString(name):
		return "het " + name
	case !nl && (withDe().MatchString(name) || withHet().MatchString(name)):
		return "the " + name
	}
	return name
}

// sorted finds a name as an index has it, the family name first: "Vries, Ada de".
var sorted = casefile.Pattern(`^((?:\p{Ll}+ )*[\p{Lu}][^\s,]*), (\p{Lu}[^,]*)$`)

// natural returns a name in the order in which it is said.
func natural(name string) string {
	m := sorted().FindStringSubmatch(name)
	if m == nil || noFirstName().MatchString(strings.ToLower(m[1])) {
		return name
	}
	first, _, _ := strings.Cut(m[2], " ")
	if !plainName().MatchString(first) || noFirstName().MatchString(strings.ToLower(first)) {
		return name
	}
	return m[2] + " " + m[1]
}

// together joins names as one says them: Els, Jan en Piet.
func together(names []string, lang string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	and := map[string]string{"nl": " en ", "en": " and "}[lang]
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + and + names[last]
}
