package letters

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
)

// Basis is what a letter was written for, by names such as "name" and
// "received": a letter whose basis would be another today is addressed or dated
// wrongly. It holds no words of the letter, only a hash of them as "body".
type Basis map[string]string

// The parts of a basis that are not compared: which letter it is, and how its
// words were before anybody changed them.
const (
	BasisKind = "kind"
	basisBody = "body"
)

// remember fills in the basis, and what the letter has to go on saying.
func (l *Letter) remember(c *casefile.Case, e casefile.Entry, f *fields, t *told) {
	l.Basis = Basis{BasisKind: string(l.Kind), basisBody: hashOf(l.Body), "name": f.Salutation, "received": c.ReceivedOn().String(),
		"subject": f.Subject, "language": l.lang, "promised": l.Promised.String(), "late": strings.Trim(fmt.Sprint(t.missed), "[]")}
	if f.Unconfirmed {
		l.Basis["confirms"] = "receipt"
	}
	maps.DeleteFunc(l.Basis, func(_, value string) bool { return value == "" })
	e.Promised = l.Promised
	l.rely(e, f.Bodies)
}

// rely keeps what the letter of a step has to say.
func (l *Letter) rely(e casefile.Entry, bodies []body) {
	for _, term := range casefile.Promisable() {
		if d, ok := e.Promised[term]; ok {
			l.must = append(l.must, must{term: term, date: d})
		}
	}
	if e.Step == casefile.Extended {
		l.must = append(l.must, must{term: string(casefile.FieldUntil), date: e.Until})
	}
	if e.Step == casefile.Closed {
		for _, b := range bodies {
			l.must = append(l.must, must{values: []string{b.Name, b.Address, b.URL}})
		}
	}
}

// Unsaid returns what the entry of the matter relies on and a body does not say,
// wherever that came from; see [Letter.Lost].
func Unsaid(m Matter, body string) []Lost {
	l := Letter{today: m.Today, lang: m.language()}
	l.rely(m.Entry, bodiesOf(m.Policy))
	return l.Lost(body)
}

// hashOf returns a hash of a letter's words, however they are laid out.
func hashOf(body string) string {
	sum := sha256.Sum256([]byte(unspaced(body)))
	return hex.EncodeToString(sum[:8])
}

// Edited reports whether a body is not the one that the letter was given.
func (b Basis) Edited(body string) bool { return b[basisBody] != hashOf(body) }

// Differs returns the names of what is another in o, sorted.
func (b Basis) Differs(o Basis) []string {
	var names []string
	for _, m := range []Basis{b, o} {
		for name := range m {
			if name != BasisKind && name != basisBody && b[name] != o[name] && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// must is what a letter says that others rely on.
type must struct {
	term   string // of a date: a promised term, or until
	date   casefile.Date
	values []string // of a body
}

// Lost is something that a letter has lost in the hands of its editor.
type Lost struct {
	Term    string        // a term that it promised, or until; "" if it is where else to turn
	Date    casefile.Date // the date that it does not name any more
	Instead casefile.Date // the one that it names in its place; zero if that is not certain
}

// Lost returns what the letter said that others rely on, and that is not in the
// body as it was edited: dates, and where else to turn (R15).
func (l Letter) Lost(body string) []Lost {
	var lost []Lost
	edited := Letter{Body: body}
	was, is := l.dates(l.Body), l.dates(body)
	for _, m := range l.must {
		switch {
		case m.term != "" && !slices.Contains(is, m.date):
			lost = append(lost, Lost{Term: m.term, Date: m.date})
		case m.term == "" && slices.ContainsFunc(m.values, func(s string) bool { return !edited.has(s) }) && !slices.Contains(lost, Lost{}):
			lost = append(lost, Lost{})
		}
	}
	is = slices.DeleteFunc(is, func(d casefile.Date) bool { return slices.Contains(was, d) || !d.After(l.today) })
	if len(is) == 1 && len(lost) == 1 && lost[0].Term != "" {
		lost[0].Instead = is[0]
	}
	return lost
}

// aDate finds dates as people write them: 20 februari 2027, 20-2-2027,
// 2027-02-20, February 20.
var aDate = sync.OnceValue(func() map[string]*regexp.Regexp {
	found := map[string]*regexp.Regexp{}
	for lang, names := range dictionary.Months {
		all := []string{"mrt"}
		for _, m := range names {
			all = append(all, m, m[:3])
		}
		month := `(` + strings.Join(all, "|") + `)\b\.?`
		found[lang] = regexp.MustCompile(`(?i)\b(?:(\d{1,2})(?:st|nd|rd|th|e)? (?:of )?` + month + `(?: (\d{4}))?|` +
			month + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?|` +
			`(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?)(?:\W|$)`)
	}
	return found
})

// dates returns the dates that a body names, each once.
func (l *Letter) dates(body string) []casefile.Date {
	var list []casefile.Date
	for _, m := range aDate()[l.lang].FindAllStringSubmatch(strings.Join(strings.Fields(strings.ReplaceAll(body, ">", " ")), " "), -1) {
		var d casefile.Date
		switch {
		case m[1] != "":
			d = l.date(m[1], m[2], m[3])
		case m[4] != "":
			d = l.date(m[5], m[4], m[6])
		case m[7] != "":
			d = l.date(m[9], m[8], m[7])
		default:
			d = l.date(m[10], m[11], m[12])
		}
		if !d.IsZero() && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	return list
}

// date returns a date of its parts; zero if there is no such day. Without a year
// it is the one that is meant in a letter of today: at most half a year ago.
func (l *Letter) date(day, month, year string) casefile.Date {
	list := dictionary.Months[l.lang]
	if i := slices.IndexFunc(list[:], func(m string) bool { return strings.HasPrefix(strings.ToLower(m), strings.ToLower(month)) }); i >= 0 {
		month = strconv.Itoa(i + 1)
	} else if strings.EqualFold(month, "mrt") {
		month = "3"
	}
	of := func(year string) casefile.Date {
		pad := func(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }
		d, _ := casefile.ParseDate(year + "-" + pad(month) + "-" + pad(day))
		return d
	}
	if year != "" {
		return of(year)
	}
	d := of(strconv.Itoa(l.today.Year))
	if d.Before(l.today.AddMonths(-6)) {
		d = of(strconv.Itoa(l.today.Year + 1))
	}
	return d
}

// Filled returns what was written in a body in the place that the letter had left
// open for the owner's own words; "" if that cannot be told.
func (l Letter) Filled(body string) string {
	at := aGap().FindStringIndex(l.Body)
	if at == nil {
		return ""
	}
	before, after := paragraphs(l.Body[:at[0]]), paragraphs(l.Body[at[1]:])
	if len(before) == 0 || len(after) == 0 {
		return ""
	}
	_, rest, found := strings.Cut(body, before[len(before)-1])
	text, _, found2 := strings.Cut(rest, after[0])
	if !found || !found2 {
		return ""
	}
	return strings.TrimSpace(text)
}

// paragraphs returns what stands between blank lines.
func paragraphs(s string) []string {
	return slices.DeleteFunc(strings.Split(strings.Trim(s, "\n"), "\n\n"), func(p string) bool { return p == "" })
}

// Moved returns a body that somebody has edited with the name and the dates of the
// letter as it would be now in the place of those of b, which it was written for.
// It is false if more than these has changed, or one of them is not to be found.
func (l Letter) Moved(body string, b Basis) (string, bool) {
	for _, name := range b.Differs(l.Basis) {
		if !slices.Contains([]string{"to", "name", "received", "promised", "subject"}, name) {
			return "", false
		}
	}
	if was, is := b["name"], l.Basis["name"]; was != is {
		greeting, rest, _ := strings.Cut(body, "\n")
		if was == "" || is == "" || !strings.Contains(greeting, was) {
			return "", false
		}
		body = strings.Replace(greeting, was, is, 1) + "\n" + rest
	}
	moved := map[string]string{b["received"]: l.Basis["received"]}
	for _, part := range strings.Split(b["promised"], ", ") {
		term, was, _ := strings.Cut(part, " ")
		moved[was] = l.Promised[term].String()
	}
	put := map[string]string{} // a mark for each new date, so that none is moved twice
	for was, is := range moved {
		from, _ := casefile.ParseDate(was)
		to, _ := casefile.ParseDate(is)
		if was == is || from.IsZero() {
			continue
		}
		words := strings.Join(strings.Fields(long(from, from, l.lang)), `\s+`)
		found := regexp.MustCompile(words + `(\s+` + strconv.Itoa(from.Year) + `)?\b`)
		if to.IsZero() || !found.MatchString(body) {
			return "", false
		}
		mark := "\x00" + is + "\x00"
		put[mark] = long(to, l.today, l.lang)
		body = found.ReplaceAllString(body, mark)
	}
	for mark, text := range put {
		body = strings.ReplaceAll(body, mark, text)
	}
	return layout(body), true
}
