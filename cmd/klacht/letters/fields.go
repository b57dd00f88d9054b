package letters

import (
	"cmp"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
)

// fields is what a template can say. Dates are written in full, as "vrijdag 4
// december"; what is not known or does not apply is empty.
type fields struct {
	Reference, Name, Salutation, Phone, Subject, Received string
	Handler, Firm, Email                                  string
	Unconfirmed                                           bool
	ConfirmationMissed, Missed                            string
	InformBy, HearBy, CloseBy, ComplyBy, TellBy           string
	Text, Reason                                          words
	Promised                                              string
	PromiseBroken                                         bool
	Until                                                 string
	Day, Time, Means                                      string
	ByPhone                                               bool
	Heard, Replaces, RepliedOn                            string
	Outcome                                               string
	Body, RuledOn, CompliedOn                             string
	Ruling, Done                                          words
	Bodies                                                []body
}

type body struct{ Name, Address, URL string }

// words is text of several lines, as its writer broke them.
type words string

// String returns the text as it is inserted.
func (w words) String() string { return refill(string(w)) }

// Field is a field of a template.
type Field struct{ Name, Dutch, English string }

// Fields returns the fields that a template can name, sorted.
func Fields() []Field {
	list := slices.Clone(described)
	slices.SortFunc(list, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

var described = []Field{
	{"Reference", "het nummer van de klacht: 2026-0007", "the number of the complaint: 2026-0007"},
	{"Salutation", "wat na Beste komt: bij je de voornaam, als die duidelijk is, anders de naam", "what comes after Dear: the first name if letters say je and it is plain, else the name"},
	{"Name", "de naam van de klager, zoals opgegeven; leeg als die niet bekend is", "the complainant's name as given; empty if not known"},
	{"Phone", "het telefoonnummer van de klager", "the complainant's telephone number"},
	{"Subject", "het onderwerp van de klacht, op één regel en zo nodig ingekort", "the subject of the complaint, on one line, shortened if need be"},
	{"Received", "de dag van ontvangst; leeg zolang de klacht alleen mondeling is", "the day of receipt; empty while the complaint is only spoken"},
	{"Handler", "wie de klacht behandelt", "who handles the complaint"},
	{"Firm", "de naam van de organisatie", "the name of the organisation"},
	{"Email", "het adres waarop klachten binnenkomen", "the address at which complaints come in"},
	{"Unconfirmed", "waar zolang geen brief de ontvangst heeft bevestigd", "true while no letter has confirmed receipt"},
	{"ConfirmationMissed", "de dag waarop de ontvangst bevestigd had moeten zijn; leeg als dat niet te laat is", "the day by which receipt should have been confirmed; empty if that is not late"},
	{"Missed", "de dag waarop deze brief er had moeten zijn; leeg als hij op tijd is", "the day by which this letter was promised; empty if it is on time"},
	{"InformBy", "de dag waarop de klager weet hoe de klacht wordt behandeld", "the day by which the complainant is told how it will be handled"},
	{"HearBy", "de dag waarop het gesprek er uiterlijk is", "the day by which the conversation takes place"},
	{"CloseBy", "de dag waarop de klacht uiterlijk is afgehandeld", "the day by which the complaint is handled"},
	{"TellBy", "de dag waarop de klager uiterlijk hoort dat het langer duurt; leeg als dat niet kan", "the last day on which a delay is told; empty if there can be none"},
	{"ComplyBy", "de dag waarop de uitspraak uiterlijk is uitgevoerd", "the day by which the ruling is carried out"},
	{"Text", "je eigen woorden, met de regels zoals je ze schreef", "your own words, with the lines as you wrote them"},
	{"Reason", "de reden van het uitstel", "the reason for the extension"},
	{"Promised", "de dag die het uitstel vervangt", "the day that the extension replaces"},
	{"PromiseBroken", "waar als die dag al voorbij is", "true if that day has passed"},
	{"Until", "de nieuwe dag", "the new day"},
	{"Day", "de dag van het gesprek", "the day of the conversation"},
	{"Time", "het tijdstip van het gesprek; leeg als er geen is", "the time of the conversation; empty if there is none"},
	{"Means", "hoe het gesprek gaat: telefonisch, of wat is afgesproken", "how the conversation is held: by phone, or as agreed"},
	{"ByPhone", "waar als het gesprek telefonisch is", "true if the conversation is by phone"},
	{"Heard", "de dag van het laatste gesprek; leeg als er geen was", "the day of the last conversation; empty if there was none"},
	{"Replaces", "de dag van de afspraak waar deze voor in de plaats komt; leeg als er geen liep", "the day of the appointment that this one replaces; empty if none ran"},
	{"RepliedOn", "de dag van de laatste mail van de klager; leeg als er geen was", "the day of the complainant's last mail; empty if there was none"},
	{"Outcome", "de afloop: agreed, upheld, partly-upheld, rejected, withdrawn of not-admissible", "the outcome: agreed, upheld, partly-upheld, rejected, withdrawn or not-admissible"},
	{"CompliedOn", "de dag waarop de uitspraak is uitgevoerd; leeg als dat vandaag is", "the day on which the ruling was carried out; empty if that is today"},
	{"Done", "wat er is gedaan om de uitspraak uit te voeren", "what was done to carry out the ruling"},
	{"Body", "de instantie die uitspraak deed, met haar lidwoord", "the body that ruled, with its article"},
	{"RuledOn", "de dag waarop de uitspraak binnenkwam", "the day on which the ruling came in"},
	{"Ruling", "wat de uitspraak zegt", "what the ruling says"},
	{"Bodies", "waar iemand terechtkan, elk met .Name, .Address en .URL", "where somebody can turn, each with .Name, .Address and .URL"},
}

// Widths of what is quoted from outside.
const (
	maxName  = 60
	maxTopic = 70
)

// aGreeting finds the first line of a mail.
var aGreeting = casefile.Pattern(`(?i)^\s*(beste|geachte|hallo|hoi|hi|dag|goede(morgen|middag|avond|ndag)|dear|hello|good (morning|afternoon|evening)|l\.?s\.?)\b[^.?!:]*[,!.]?\s*$`)

var aReference = casefile.Pattern(`\[` + casefile.IDPattern + `\]`)

// outside returns a value from outside on one line, of at most the width.
func outside(s string, columns int) string {
	s = strings.NewReplacer("\uFFFD", "", gapOpen, "(…", gapClose, "…)").Replace(casefile.OneLine(s))
	return shorten(casefile.OneLine(aReference().ReplaceAllString(s, " ")), columns)
}

// topic returns the subject of a complaint as it is quoted: without the
// references of other complaints, and without double quotes within the quotes.
// A greeting is no subject.
func topic(s string) string {
	if aGreeting().MatchString(s) && (len(strings.Fields(s)) <= 4 || strings.HasSuffix(s, ",")) { // of a mail without a subject
		return ""
	}
	return strings.NewReplacer(`"`, "'", "“", "'", "”", "'", "„", "'").Replace(outside(s, maxTopic))
}

// told holds the dates of a letter, beside those of its entry.
type told struct {
	promises casefile.Promised // that it can name, by their terms
	missed   []casefile.Date   // for which it says that it is late
}

// fields gathers what a template can say. The entry is complete.
func (m Matter) fields(k Kind, e casefile.Entry, lang string) (*fields, *told) {
	c, p := m.Case, m.Policy
	day := func(d casefile.Date) string { return long(d, m.Today, lang) }
	f := &fields{
		Reference: string(c.ID), Phone: outside(c.Complainant.Phone, maxName), Subject: topic(c.Subject),
		Received: day(c.ReceivedOn()), Handler: casefile.OneLine(e.By), Firm: casefile.OneLine(p.Organisation.Name),
		Email: casefile.OneLine(p.Organisation.Email), Text: words(casefile.Plain(e.Text)),
		Reason: words(casefile.Plain(e.Reason)), Until: day(e.Until), Outcome: string(e.Outcome),
		Day: day(e.When.Date), Time: clock(e.When, lang),
	}
	f.Name, f.Salutation = m.names(lang)
	if e.Step == casefile.Spoken || e.Step == casefile.Noted {
		f.Text = "" // the owner's own record of what was said
	}
	if e.Step == casefile.Invited {
		f.Means, f.ByPhone = casefile.OneLine(e.Means), e.Means == "" || e.Means == casefile.Phone
		if f.ByPhone {
			f.Means = byPhone[lang]
		}
	}
	m.happened(f, e, lang)
	told := m.promises(f, k, e, lang)
	f.Bodies = bodiesOf(p)
	return f, told
}

// bodiesOf returns the bodies that a closing names.
func bodiesOf(p *deadlines.Policy) []body {
	var list []body
	for _, b := range p.Bodies {
		list = append(list, body{casefile.OneLine(b.Name), casefile.OneLine(b.Address), casefile.OneLine(b.URL)})
	}
	return list
}

// names returns the names of all who complain, and what comes after Beste.
func (m Matter) names(lang string) (full, salutation string) {
	var names, first []string
	for _, p := range append([]casefile.Complainant{m.Case.Complainant}, m.Case.Others...) {
		name := natural(outside(p.Name, maxName))
		if name == "" || strings.Contains(name, "@") { // an address is nobody's name
			continue
		}
		names = append(names, name)
		if f := firstName(name); f != "" {
			first = append(first, f)
		}
	}
	full = together(names, lang)
	if m.Policy.FormOfAddress == "je" && len(first) == len(names) {
		return full, together(first, lang)
	}
	return full, full
}

// happened fills in what the log says.
func (m Matter) happened(f *fields, e casefile.Entry, lang string) {
	ruledBy := ""
	if len(m.Policy.Bodies) > 0 {
		ruledBy = m.Policy.Bodies[0].Name
	}
	with := *m.Case
	with.Log = append(slices.Clone(m.Case.Log), e)
	for _, x := range with.Standing() {
		switch x.Step {
		case casefile.Heard:
			f.Heard = long(x.At.Date, m.Today, lang)
		case casefile.Reopened:
			f.Heard = "" // the conversation was about what is over
		case casefile.Referred:
			ruledBy = x.Body
		case casefile.Replied:
			f.RepliedOn = long(x.At.Date, m.Today, lang)
		case casefile.Complied:
			f.CompliedOn, f.Done = "", words(casefile.Plain(x.Text))
			if x.At.Date != m.Today {
				f.CompliedOn = long(x.At.Date, m.Today, lang)
			}
		case casefile.Ruled:
			f.RuledOn, f.Ruling = long(x.At.Date, m.Today, lang), words(casefile.Plain(x.Text))
		case casefile.Received:
			f.Unconfirmed = true // whatever went out before it
		}
		if x.Index < len(m.Case.Log) && x.Step.Letter() {
			f.Unconfirmed = false
		}
	}
	f.Body = withArticle(casefile.OneLine(ruledBy), lang)
	if s, err := m.Case.State(); err == nil && s.Appointment != nil {
		f.Replaces = long(s.Appointment.When.Date, m.Today, lang)
	}
}

// promises fills in the dates that run, from those on which the case stands.
// Dates that have passed are no promise any more; they are missed.
func (m Matter) promises(f *fields, k Kind, e casefile.Entry, lang string) *told {
	with := *m.Case
	with.Log = append(slices.Clone(m.Case.Log), e)
	before := deadlines.Promises(m.Case, m.Policy, m.Today)
	after := deadlines.Promises(&with, m.Policy, m.Today)
	t := &told{promises: casefile.Promised{}}
	day := func(d casefile.Date) string { return long(d, m.Today, lang) }
	coming := func(names ...deadlines.Name) string {
		r := running(after, names...)
		if r.Due.Before(m.Today) {
			return ""
		}
		t.promises[string(r.Term)] = r.Due
		return day(r.Due)
	}
	missed := func(d casefile.Date) string {
		if d.IsZero() || !d.Before(m.Today) {
			return ""
		}
		t.missed = append(t.missed, d)
		return day(d)
	}
	f.InformBy, f.HearBy = coming(deadlines.Inform), coming(deadlines.Hear)
	f.CloseBy, f.ComplyBy = coming(deadlines.Close, deadlines.Decide), coming(deadlines.Comply)
	room := deadlines.RoomOf(&with, m.Policy, m.Today)
	if f.CloseBy != "" && !room.None && (room.Latest.IsZero() || room.Latest.After(room.Due)) && !m.Today.After(room.TellBy) {
		f.TellBy = day(room.TellBy)
	}
	if f.Unconfirmed {
		for _, r := range before { // also where a ruling has overtaken it
			if r.Term == deadlines.Acknowledge {
				f.ConfirmationMissed = missed(r.Due)
			}
		}
	}
	switch k {
	case Proposal, Invitation:
		f.Missed = missed(running(before, deadlines.Inform).Due)
	case Closing:
		f.Missed = missed(running(before, deadlines.Close, deadlines.Decide).Due)
	case Compliance:
		for _, r := range after {
			if r.Term == deadlines.Comply && !r.Target && !r.Done.IsZero() && r.Verdict == deadlines.Late {
				f.Missed = missed(r.Due)
			}
		}
	case Extension:
		d := running(before, deadlines.Close, deadlines.Decide).Due
		f.Promised, f.PromiseBroken = day(d), missed(d) != ""
		f.Missed = missed(deadlines.RoomOf(m.Case, m.Policy, m.Today).TellBy)
		delete(t.promises, string(deadlines.Close)) // until says it
		delete(t.promises, string(deadlines.Decide))
		return t
	}
	if f.ConfirmationMissed != "" {
		f.Missed = "" // one apology is enough
	}
	return t
}

// running returns the promise of these names that is still to keep, the earliest
// first; the zero Promise if there is none. Aims of the firm's own are none.
func running(rows []deadlines.Promise, names ...deadlines.Name) deadlines.Promise {
	var first deadlines.Promise
	for _, r := range rows {
		if slices.Contains(names, r.Term) && r.Running() && !r.Target && (first.Due.IsZero() || r.Due.Before(first.Due)) {
			first = r
		}
	}
	return first
}
