package letters

import (
	"io/fs"
	"strings"
	"unicode"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Matter is what a letter is about.
type Matter struct {
	Case   *casefile.Case    // as it stands, without the entry
	Policy *deadlines.Policy // promises, bodies, form of address
	Entry  casefile.Entry    // about to be recorded; its Text is the owner's own words
	Today  casefile.Date     // the date of the letter
	Paper  bool              // it goes by post: "this mail" is a letter in it
	Own    fs.FS             // the owner's templates, the folder letters/ of a register; nil if there is none
}

// Letter is a letter that is ready to be looked at.
type Letter struct {
	Subject string // one line, with the reference between brackets
	Body    string // plain text, at most 72 columns where words allow; ends in one line feed

	Kind     Kind
	Promised casefile.Promised // the dates that it promises
	Basis    Basis             // what it was written for
	must     []must
	today    casefile.Date
	lang     string
}

// maxSubject is the most columns that the subject of a letter has before its
// reference.
const maxSubject = 150

// Compose writes a letter. Of the entry, Step, At and By may be left out: they
// are the step of the letter, today, and the handler of the policy. What the
// step cannot do without (a date, a reason, an outcome) must be there. While a
// complaint is only spoken, there are but two letters: a clarification and one
// without a step of its own. Where the owner's own words are needed and the entry has
// no Text, the body has a gap. Whether the step may follow is not looked at.
func Compose(k Kind, m Matter) (Letter, error) {
	e, err := m.entry(k)
	if err != nil {
		return Letter{}, err
	}
	lang := m.language()
	set, err := load(k, lang, m.Policy.FormOfAddress, m.Own, m.Paper)
	if err != nil {
		return Letter{}, err
	}
	f, told := m.fields(k, e, lang)
	subject, err := set.subject(f)
	if err != nil {
		return Letter{}, err
	}
	body, err := set.body(f)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Subject: withReference(subject, f.Reference), Body: layout(body), Kind: k, Promised: casefile.Promised{}, today: m.Today, lang: lang}
	if m.Paper {
		l.Body = tidy(body)
	}
	for _, p := range promised(k, f) {
		if !l.has(p.value) {
			return Letter{}, casefile.Errorf("%s: the letter does not say %v", set.file, p.name).
				WithHint("a letter of this kind always says it: write %s where it belongs", p.write)
		}
	}
	for term, d := range told.promises {
		if l.has(long(d, m.Today, lang)) {
			l.Promised[term] = d
		}
	}
	if on := m.Case.ReceivedOn(); len(l.Promised) > 0 && !on.IsZero() {
		l.Promised[casefile.CountedFrom] = on
	}
	l.remember(m.Case, e, f, told)
	return l, nil
}

// has reports whether the letter says something, however it was laid out.
func (l *Letter) has(s string) bool { return strings.Contains(unspaced(l.Body), unspaced(s)) }

// Example returns an entry with which a letter can be shown before there is one
// to record. What only the owner can say is a gap.
func Example(k Kind, lang string, today casefile.Date) casefile.Entry {
	reason := map[string]string{"nl": "de reden", "en": "the reason"}[lang]
	e := casefile.Entry{Step: k.step()}
	switch k {
	case Invitation:
		e.When, e.Means = casefile.Moment{Date: today.AddDays(7)}, casefile.Phone
	case Extension:
		e.Until, e.Reason = today.AddDays(28), gap(reason)
	case Closing:
		e.Outcome = casefile.Agreed
	}
	return e
}

// ErrNoName says that there is nobody to write to.
var ErrNoName = casefile.Errorf("a complaint without a name gets no letters").
	WithHint("--no-letter records a step that was taken without one")

// entry completes the entry, and refuses one that the step does not allow.
func (m Matter) entry(k Kind) (casefile.Entry, error) {
	e := m.Entry
	if k.step() == "" {
		return e, casefile.Errorf("there is no letter %q", string(k)).WithHint("the letters are %s", All())
	}
	if e.Step == "" {
		e.Step = k.step()
	}
	if m.Case.Complainant.Anonymous {
		return e, ErrNoName
	}
	if m.Case.ReceivedOn().IsZero() && k != Clarification && k.step() != casefile.Wrote {
		return e, casefile.Errorf("the complaint has only been spoken, so no term runs yet").
			WithHint("`klacht new MAIL` records it when it comes in")
	}
	if e.At.IsZero() {
		e.At = casefile.Moment{Date: m.Today}
	}
	if e.By == "" {
		e.By = m.Policy.Organisation.Handler
	}
	if _, err := e.Check(); err != nil {
		return e, err
	}
	return e, nil
}

func (m Matter) language() string {
	for _, lang := range []string{m.Case.Language, m.Policy.Language} {
		if lang != "" {
			return lang
		}
	}
	return "nl"
}

// withReference makes a subject one line, not too long, that has the reference
// once, at the end unless the template put it elsewhere.
func withReference(subject, reference string) string {
	subject, tag := casefile.OneLine(subject), "["+reference+"]"
	if width(subject) <= maxSubject+width(tag)+1 && strings.Contains(subject, tag) {
		return subject
	}
	subject = strings.TrimSpace(strings.ReplaceAll(subject, tag, ""))
	return strings.TrimSpace(shorten(subject, maxSubject) + " " + tag)
}

// errTurn names what a closing says of bodies (R15).
var errTurn = casefile.Errorf("where else to turn")

// promise is something that a letter must say, whoever wrote its template.
type promise struct {
	name         *casefile.Error
	value, write string
}

// promised returns what a letter of the kind must say. Values that are empty
// are said by every letter.
func promised(k Kind, f *fields) []promise {
	list := []promise{
		{casefile.Errorf("who handles the complaint"), f.Handler, `{{template "signature" .}}`},
		{casefile.Errorf("the name of the firm"), f.Firm, `{{template "signature" .}}`},
		{casefile.Errorf("your own words"), string(f.Text), "{{.Text}}"},
	}
	if f.Unconfirmed && k != InvitationToWrite {
		list = append(list, promise{casefile.Errorf("that the complaint has come in, and when"), f.Received,
			`{{if .Unconfirmed}}{{template "receipt" .}}{{end}}`})
	}
	switch k {
	case Invitation:
		list = append(list, promise{casefile.Errorf("the day"), f.Day, "{{.Day}}"}, promise{casefile.Errorf("the time"), f.Time, "{{.Time}}"},
			promise{casefile.Errorf("by what means"), f.Means, "{{.Means}}"})
	case Extension:
		list = append(list, promise{casefile.Errorf("the new date"), f.Until, "{{.Until}}"},
			promise{casefile.Errorf("the reason"), string(f.Reason), "{{.Reason}}"})
	case Closing:
		for _, b := range f.Bodies {
			for _, s := range []string{b.Name, b.Address, b.URL} {
				list = append(list, promise{errTurn, s, `{{template "bodies" .}}`})
			}
		}
	}
	return list
}

// unspaced returns text without what layout may change: white space, and the
// marks of quoted lines.
func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '>' {
			return -1
		}
		return r
	}, s)
}
