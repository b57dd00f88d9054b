package letters

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	casefile "klacht/case"
	"klacht/deadlines"
)

func TestEveryStepWithALetterHasOne(t *testing.T) {
	seen := map[casefile.Step]bool{}
	for _, k := range All() {
		s := k.step()
		if got, ok := For(s); !ok || got != k && s != casefile.Wrote {
			t.Errorf("%s carries out %s, which has the letter %q", k, s, got)
		}
		seen[s] = true
	}
	for _, s := range casefile.Steps() {
		if s.Letter() != seen[s] {
			t.Errorf("the step %s has a letter: %v", s, seen[s])
		}
	}
	if k, ok := For(casefile.Noted); ok {
		t.Errorf("a note has the letter %s", k)
	}
	if k, _ := For(casefile.Wrote); k != OwnWords {
		t.Errorf("without a reason to write the letter is %s", k)
	}
}

// sound checks what holds for every letter, whatever it is about.
func sound(t *testing.T, l Letter, m Matter) {
	t.Helper()
	if strings.IndexFunc(l.Subject, func(r rune) bool { return unicode.IsControl(r) || casefile.Steers(r) }) >= 0 || l.Subject != casefile.OneLine(l.Subject) {
		t.Errorf("the subject is %q", l.Subject)
	}
	if ref := "[" + string(m.Case.ID) + "]"; strings.Count(l.Subject, ref) != 1 || len(aReference().FindAllString(l.Subject, -1)) != 1 {
		t.Errorf("the subject %q does not have the reference alone, once", l.Subject)
	}
	if width(l.Subject) > 170 {
		t.Errorf("the subject has %d columns", width(l.Subject))
	}
	o := m.Policy.Organisation
	if want := "\n\n" + o.Handler + "\n" + o.Name + "\n" + o.Email + "\n"; !strings.HasSuffix(l.Body, want) {
		t.Errorf("the letter does not end in the handler and the firm:\n%s", l.Body)
	}
	for _, line := range strings.Split(l.Body, "\n") {
		if width(line) > columns && strings.Contains(strings.TrimLeft(lead().ReplaceAllString(line, ""), " "), " ") {
			t.Errorf("a line has %d columns: %s", width(line), line)
		}
		if strings.TrimRight(line, " \t") != line {
			t.Errorf("a line ends in a blank: %q", line)
		}
	}
	for _, bad := range []string{"<no value>", "%!", "\n\n\n", "\r", "\t"} {
		if strings.Contains(l.Body, bad) {
			t.Errorf("the letter has %q:\n%s", bad, l.Body)
		}
	}
	for name, v := range l.Basis {
		if v == "" || v != casefile.OneLine(v) {
			t.Errorf("%s of its basis is %q", name, v)
		}
	}
	if l.Body != casefile.Plain(l.Body)+"\n" {
		t.Errorf("the letter is not plain: %q", l.Body)
	}
}

// eachSample calls f for every letter in every form.
func eachSample(t *testing.T, f func(t *testing.T, k Kind, form form)) {
	t.Helper()
	for _, fo := range forms {
		for _, k := range All() {
			t.Run(string(k)+"."+fo.name, func(t *testing.T) { f(t, k, fo) })
		}
	}
}

func TestEveryLetterIsSound(t *testing.T) {
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		m := sample(k, fo.lang, fo.address)
		l := compose(t, k, m)
		sound(t, l, m)
		for _, bad := range []string{"  ", " .", " ,", " ?", "{{", "}}", ". .", ".."} {
			if strings.Contains(strings.ReplaceAll(l.Body, "\n  ", "\n"), bad) {
				t.Errorf("the letter has %q:\n%s", bad, l.Body)
			}
		}
		greeting := map[string]string{"nl": "Beste Jolanda de Wit,\n\n", "en": "Dear Jolanda de Wit,\n\n"}[fo.lang]
		if fo.lang == "nl" && fo.address == "je" {
			greeting = "Beste Jolanda,\n\n"
		}
		if !strings.HasPrefix(l.Body, greeting) {
			t.Errorf("the letter begins with %q", l.Body[:40])
		}
		if k != InvitationToWrite && k != OwnWords && !strings.Contains(unspaced(l.Body), unspaced(`"`+m.Case.Subject+`"`)) {
			t.Errorf("the person's own words are not there:\n%s", l.Body)
		}
		if HasGap(l.Body) {
			t.Errorf("the letter has a gap:\n%s", l.Body)
		}
	})
}

// A person reads "u" or "je" throughout, whatever the letter says.
func TestFormsOfAddressDoNotMix(t *testing.T) {
	je := regexp.MustCompile(`(?i)\b(je|jij|jou|jouw|jullie)\b`)
	u := regexp.MustCompile(`(?i)\b(u|uw|uzelf)\b`)
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		l := shown(compose(t, k, sample(k, fo.lang, fo.address)))
		switch fo.name {
		case "nl-je":
			noneOf(t, u, l)
			someOf(t, je, l)
		case "nl-u":
			noneOf(t, je, l)
			someOf(t, u, l)
		case "en":
			noneOf(t, je, l)
			noneOf(t, u, l)
			someOf(t, regexp.MustCompile(`(?i)\byour?\b`), l)
		}
	})
	noneOf(t, u, variants(t, forms[0]))
	noneOf(t, je, variants(t, forms[1]))
}

func TestAnEmptyFormOfAddressIsU(t *testing.T) {
	for _, form := range []string{"", "u"} {
		if l := compose(t, Proposal, sample(Proposal, "nl", form)); !strings.HasPrefix(l.Subject, "Uw klacht") {
			t.Errorf("%q: %s", form, l.Subject)
		}
	}
}

func noneOf(t *testing.T, re *regexp.Regexp, s string) {
	t.Helper()
	if found := re.FindAllString(s, -1); found != nil {
		t.Errorf("has %q:\n%s", found, s)
	}
}

func someOf(t *testing.T, re *regexp.Regexp, s string) {
	t.Helper()
	if !re.MatchString(s) {
		t.Errorf("nothing matches %s:\n%s", re, s)
	}
}

// Words that a person would not say aloud.
func TestNoOfficialese(t *testing.T) {
	stiff := regexp.MustCompile(`(?i)\b(hierbij|middels|dien(t|en)? te|in goede orde|betreffende|inzake|teneinde|conform|derhalve|` +
		`naar aanleiding van|gelieve|reeds|onderhavige?|ter zake|alsmede|doch|indien|ten aanzien van|omtrent|trachten|geachte|hoogachtend|` +
		`dhr|mevr|onverhoopt|excuses voor het ongemak|herewith|hereby|pursuant|kindly|aforementioned|inconvenience|please be advised)\b`)
	for _, k := range append(All(), Parts) {
		for _, lang := range Languages() {
			noneOf(t, stiff, Source(k, lang))
		}
	}
	if !stiff.MatchString("Hierbij bevestig ik de ontvangst") || !stiff.MatchString("u dient te betalen") {
		t.Error("the search is broken")
	}
}

// R4: a letter that goes out before receipt was confirmed opens with that.
func TestFirstLettersConfirmReceipt(t *testing.T) {
	opening := map[string]string{"nl-u": "Op vrijdag 20 november heb ik uw klacht", "nl-je": "Op vrijdag 20 november heb ik je klacht",
		"en": "I received your complaint"}
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		m := sample(k, fo.lang, fo.address)
		m.Case.Log = slices.DeleteFunc(m.Case.Log, func(e casefile.Entry) bool { return e.Step.Letter() })
		l := compose(t, k, m)
		sound(t, l, m)
		_, rest, _ := strings.Cut(strings.ReplaceAll(l.Body, "november 2026", "november"), "\n\n")
		if got := strings.HasPrefix(rest, opening[fo.name]); got != (k != InvitationToWrite) {
			t.Errorf("opens with receipt: %v\n%s", got, l.Body)
		}
		if strings.Count(unspaced(l.Body), unspaced(m.Case.Subject)) > 1 {
			t.Errorf("quotes the subject twice:\n%s", l.Body)
		}
		if k == Acknowledgement {
			return
		}
		for _, step := range []casefile.Step{casefile.Acknowledged, casefile.Asked, casefile.Extended} {
			m := sample(k, fo.lang, fo.address)
			for i := range m.Case.Log {
				if m.Case.Log[i].Step == casefile.Acknowledged {
					m.Case.Log[i].Step = step
				}
			}
			if l := compose(t, k, m); strings.Contains(l.Body, opening[fo.name]) {
				t.Errorf("after %s it confirms receipt again:\n%s", step, l.Body)
			}
		}
	})
}

// A question asked before the complaint was in writing confirms nothing.
func TestALetterBeforeReceiptConfirmsNothing(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Case.Log = []casefile.Entry{on("2026-11-16", casefile.Spoken), on("2026-11-17", casefile.Asked), on("2026-11-20", casefile.Received)}
	if l := compose(t, Proposal, m); !strings.Contains(l.Body, "Op vrijdag 20 november heb ik uw klacht") {
		t.Error(l.Body)
	}
}

// R15: every closing names every body, with its address and where it is found.
func TestEveryClosingNamesEveryBody(t *testing.T) {
	bodies := []deadlines.Body{
		{Name: "Commissie van Kwaliteitshandhaving", Address: "Secretariaat van de NRTO", URL: "https://www.nrto.nl/contact/"},
		{Name: "Geschilleninstantie Helder", URL: "https://geschillen.example/een/heel/lang/pad/dat/niet/op/een/regel/past/en/toch/heel/blijft"},
		{Name: "Beroepsvereniging Kalm", Address: "Postbus 2, Ergensdorp"},
	}
	for n := range len(bodies) + 1 {
		for _, fo := range forms {
			for _, o := range casefile.Outcomes() {
				for _, first := range []bool{false, true} {
					m := sample(Closing, fo.lang, fo.address)
					m.Policy.Bodies, m.Entry.Outcome = bodies[:n], o
					if first {
						m.Case = complaint(fo.lang)
					}
					l := compose(t, Closing, m)
					sound(t, l, m)
					for i, b := range bodies {
						for _, line := range []string{b.Name, b.Address, b.URL} {
							if got := strings.Contains(l.Body, "\n"+line+"\n"); line != "" && got != (i < n) {
								t.Errorf("%s, %s, %d bodies: names %s is %v\n%s", fo.name, o, n, line, got, l.Body)
							}
						}
					}
					if got := strings.Contains(l.Body, map[string]string{"nl": "tevreden", "en": "satisfied"}[fo.lang]); got != (n > 0) {
						t.Errorf("%d bodies: asks whether they are satisfied is %v", n, got)
					}
				}
			}
		}
	}
}

func TestEachOutcomeReadsDifferently(t *testing.T) {
	for _, fo := range forms {
		seen := map[string]casefile.Outcome{}
		for _, o := range casefile.Outcomes() {
			m := sample(Closing, fo.lang, fo.address)
			m.Entry.Outcome = o
			l := compose(t, Closing, m)
			if other, ok := seen[l.Body]; ok {
				t.Errorf("%s: %s reads as %s", fo.name, o, other)
			}
			seen[l.Body] = o
			if !strings.Contains(unspaced(l.Body), unspaced(m.Entry.Text)) {
				t.Errorf("%s, %s: the owner's words are not there:\n%s", fo.name, o, l.Body)
			}
		}
	}
}

// The ten published procedures: the letters name the dates that they promise,
// counted by hand, and no others.
func TestLettersNameThePromisedDates(t *testing.T) {
	for _, c := range []struct {
		name, received string
		terms          map[deadlines.Name]deadlines.Term
		inform         string // as in the letter; "" if not promised
		hear, close    string
	}{
		{"01-deruimte", "2026-04-01", terms("acknowledge", "5 days", "inform", "14 days"), "woensdag 15 april", "", ""},
		{"02-topprofessionals", "2026-12-18", terms("acknowledge", "1 week", "close", "3 weeks"), "", "", "vrijdag 8 januari 2027"},
		{"03-allmassage", "2026-04-01", terms("acknowledge", "7 workdays", "close", "30 days"), "", "", "vrijdag 1 mei"},
		{"04-bat", "2026-04-20", terms("acknowledge", "14 workdays", "hear", "6 weeks", "decide", "6 weeks after heard"), "", "maandag 1 juni", ""},
		{"05-vabk", "2026-04-30", terms("acknowledge", "5 workdays", "close", "4 weeks"), "", "", "donderdag 28 mei"},
		{"06-kollaart", "2026-04-13", terms("close", "4 weeks"), "", "", "maandag 11 mei"},
		{"07-jolange", "2026-05-01", terms("acknowledge", "48 hours", "close", "14 workdays"), "", "", "vrijdag 22 mei"},
		{"08-pastoor", "2026-05-04", terms("acknowledge", "5 workdays", "close", "4 weeks"), "", "", "maandag 1 juni"},
		{"09-hypnosementor", "2026-12-28", terms("acknowledge", "1 week", "close", "4 weeks"), "", "", "maandag 25 januari 2027"},
		{"10-aspd", "2026-02-20", terms("close", "10 days"), "", "", "maandag 2 maart"},
		{"our own", "2026-11-22", current(), "vrijdag 4 december", "", "zondag 20 december"},
		{"none at all", "2026-11-22", terms(), "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Matter{Case: complaint("nl"), Policy: policy("u", c.terms), Today: date(c.received)}
			m.Case.Log[0].At = moment(c.received)
			ack := compose(t, Acknowledgement, m)
			sound(t, ack, m)
			body := strings.Join(strings.Fields(ack.Body), " ")
			for _, s := range []struct{ before, date, after string }{
				{"Uiterlijk op ", c.inform, " hoort u van mij hoe ik verderga"},
				{"Uiterlijk op ", c.hear, " spreken we elkaar"},
				{"Uiterlijk op ", c.close, " is uw klacht afgehandeld"},
			} {
				if got := strings.Contains(body, s.before+s.date+s.after); got != (s.date != "") || !got && strings.Contains(body, s.after) && s.date == "" && !strings.Contains(s.after, "verderga") {
					t.Errorf("says %q is %v:\n%s", s.before+s.date+s.after, got, ack.Body)
				}
			}
			if got, want := strings.Count(body, "Uiterlijk op"), count(c.inform, c.hear, c.close); got != want {
				t.Errorf("%d dates, want %d:\n%s", got, want, ack.Body)
			}
			if got := strings.Contains(body, "zo snel mogelijk"); got != (count(c.inform, c.hear, c.close) == 0) {
				t.Errorf("as soon as possible: %v\n%s", got, ack.Body)
			}
			m.Case.Log = append(m.Case.Log, casefile.Entry{Step: casefile.Acknowledged, At: moment(c.received)})
			m.Entry.Text = "Dit."
			l := compose(t, Proposal, m)
			if got := strings.Contains(strings.Join(strings.Fields(l.Body), " "), "Uiterlijk op "+c.close+" is uw klacht afgehandeld."); got != (c.close != "") {
				t.Errorf("the proposal names the end is %v:\n%s", got, l.Body)
			}
			for _, k := range All() { // none needs a promise
				m := m
				m.Entry = Example(k, "nl", m.Today)
				sound(t, compose(t, k, m), m)
			}
		})
	}
}

func count(list ...string) (n int) {
	for _, s := range list {
		if s != "" {
			n++
		}
	}
	return n
}

// What the letters say agrees with what deadlines counts, on every day.
func TestDatesAreThoseOfDeadlines(t *testing.T) {
	p := policy("u", current())
	uiterlijk := regexp.MustCompile(`Uiterlijk op ((?:\S+) \d+ [a-z]+(?: 20\d\d)?)`)
	for day := date("2026-11-20"); day.Before(date("2027-01-10")); day = day.AddDays(1) {
		m := Matter{Case: complaint("nl"), Policy: p, Today: day}
		l := compose(t, Acknowledgement, m)
		with := *m.Case
		with.Log = append(with.Log, casefile.Entry{Step: casefile.Acknowledged, At: casefile.Moment{Date: day}})
		var want []string
		for _, r := range deadlines.Promises(&with, p, day) {
			if r.Term != deadlines.Acknowledge && !r.Due.Before(day) {
				want = append(want, long(r.Due, day, "nl"))
			}
		}
		var got []string
		for _, s := range uiterlijk.FindAllStringSubmatch(strings.Join(strings.Fields(l.Body), " "), -1) {
			got = append(got, s[1])
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %s the letter says %q, want %q", day, got, want)
		}
		if late := strings.Contains(unspaced(l.Body), unspaced("te laat, en dat spijt me")); late != day.After(date("2026-11-27")) {
			t.Errorf("on %s it says that it is late: %v", day, late)
		}
	}
}

func TestLateLettersSaySoOnce(t *testing.T) {
	for _, c := range []struct {
		k      Kind
		today  string
		first  bool
		sorry  int
		reason string
	}{
		{Proposal, "2026-12-04", false, 0, "the last day"},
		{Proposal, "2026-12-05", false, 1, "a day after inform"},
		{Proposal, "2026-12-05", true, 1, "confirmation and inform both late"},
		{Closing, "2026-12-18", false, 0, "the last day"},
		{Closing, "2026-12-19", false, 1, "a day after close"},
		{Closing, "2026-12-19", true, 1, "everything late"},
		{Extension, "2026-12-18", false, 0, "the last day"},
		{Extension, "2026-12-19", false, 1, "a day after"},
		{Compliance, "2027-03-09", false, 0, "the last day"},
		{Compliance, "2027-03-10", false, 1, "carried out a day after"},
		{Clarification, "2026-12-30", false, 0, "nobody promised a question"},
	} {
		m := sample(c.k, "nl", "u")
		m.Today = date(c.today)
		if c.k == Closing {
			m.Case = complaint("nl", on("2026-11-24", casefile.Acknowledged))
		}
		if c.k == Compliance {
			m.Case.Log[len(m.Case.Log)-1].At = moment(c.today)
		}
		if c.first {
			m.Case = complaint("nl")
		}
		l := compose(t, c.k, m)
		if got := strings.Count(unspaced(l.Body), "spijtme"); got != c.sorry {
			t.Errorf("%s on %s (%s): sorry %d times\n%s", c.k, c.today, c.reason, got, l.Body)
		}
	}
}

// R12: told in time for the day itself, but after the term for telling it.
func TestAnExtensionToldAfterItsOwnTerm(t *testing.T) {
	m := sample(Extension, "nl", "u")
	if l := compose(t, Extension, m); strings.Contains(l.Body, "spijt") {
		t.Errorf("sorry for nothing:\n%s", l.Body)
	}
	m.Policy.Versions[0].Extension.Notice = deadlines.Term{N: 2, Unit: deadlines.Weeks}
	if l := compose(t, Extension, m); !strings.Contains(unspaced(l.Body), unspaced("Dat gaat niet lukken, en dat had ik u eerder moeten laten weten.")) {
		t.Errorf("told in the third week:\n%s", l.Body)
	}
}

// R12: a second extension speaks of the date that the first one promised.
func TestASecondExtension(t *testing.T) {
	m := sample(Extension, "nl", "u")
	first := on("2026-12-11", casefile.Extended)
	first.Until, first.Reason = date("2027-01-13"), "x"
	m.Case.Log = append(m.Case.Log, first)
	m.Today, m.Entry.Until = date("2027-01-11"), date("2027-02-01")
	if l := compose(t, Extension, m); !strings.Contains(unspaced(l.Body), unspaced("uiterlijk op woensdag 13 januari afgehandeld")) ||
		!strings.Contains(unspaced(l.Body), unspaced("Uiterlijk op maandag 1 februari hoort u")) {
		t.Error(l.Body)
	}
}

// The second extension is in time, whatever the first one was.
func TestASecondExtensionAfterALateOne(t *testing.T) {
	m := sample(Extension, "nl", "u")
	first := on("2026-12-21", casefile.Extended)
	first.Until, first.Reason = date("2027-01-13"), "x"
	m.Case.Log = append(m.Case.Log, first)
	m.Today, m.Entry.Until = date("2027-01-13"), date("2027-02-01")
	if l := compose(t, Extension, m); strings.Contains(l.Body, "spijt") {
		t.Error(l.Body)
	}
	m.Today = date("2027-01-14")
	if l := compose(t, Extension, m); !strings.Contains(l.Body, "spijt") {
		t.Error(l.Body)
	}
}

// A decision that is counted from the conversation has a date once that was
// held; of two dates the first is the promise.
func TestADecisionCountedFromTheConversation(t *testing.T) {
	for _, c := range []struct {
		terms map[deadlines.Name]deadlines.Term
		want  string
	}{
		{terms("decide", "6 weeks after heard"), "woensdag 13 januari 2027"},
		{terms("close", "8 weeks", "decide", "6 weeks after heard"), "woensdag 13 januari 2027"},
		{terms("close", "7 weeks", "decide", "6 weeks after heard"), "vrijdag 8 januari 2027"},
	} {
		m := sample(Proposal, "nl", "u")
		m.Policy = policy("u", c.terms)
		m.Case.Log, m.Today = append(m.Case.Log, on("2026-12-02", casefile.Heard)), date("2026-12-08")
		if l := compose(t, Proposal, m); !strings.Contains(l.Body, "Uiterlijk op "+c.want+" is uw klacht afgehandeld.") {
			t.Errorf("want %s:\n%s", c.want, l.Body)
		}
	}
}

func TestAPromiseThatWasNotMadeIsNotBroken(t *testing.T) {
	m := sample(Extension, "nl", "u")
	m.Policy = policy("u", nil)
	e, err := m.entry(Extension)
	if f, _ := m.fields(Extension, e, "nl"); err != nil || f.Promised != "" || f.PromiseBroken {
		t.Errorf("%q, %v, %v", f.Promised, f.PromiseBroken, err)
	}
}

// A reopened complaint has a new date, and the conversation before it is over.
func TestAReopenedComplaint(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	closed, reopened := on("2026-12-10", casefile.Closed), on("2027-02-01", casefile.Reopened)
	m.Case.Log = append(m.Case.Log, on("2026-12-09", casefile.Heard), closed, reopened)
	m.Today = date("2027-02-03")
	l := compose(t, Proposal, m)
	if !strings.Contains(l.Body, "Uiterlijk op maandag 1 maart is uw klacht afgehandeld.") || strings.Contains(l.Body, "gesprek") {
		t.Error(l.Body)
	}
}

func TestTheHandlerIsWhoDidIt(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Entry.By = "Annelies Vos"
	if l := compose(t, Proposal, m); !strings.HasSuffix(l.Body, "\n\nAnnelies Vos\nWebwerk Oost\nklachten@webwerkoost.example\n") || strings.Contains(l.Body, "Mok") {
		t.Error(l.Body)
	}
}

func TestWhatIsNotKnownIsNotSaid(t *testing.T) {
	for _, fo := range forms {
		for _, name := range []string{"", "  ", "jolanda@voorbeeld.example", "\u202e\x1b"} {
			m := sample(Proposal, fo.lang, fo.address)
			m.Case.Complainant.Name, m.Case.Subject = name, ""
			l := compose(t, Proposal, m)
			sound(t, l, m)
			if want := map[string]string{"nl": "Goedendag,\n\n", "en": "Hello,\n\n"}[fo.lang]; !strings.HasPrefix(l.Body, want) {
				t.Errorf("%q: %s", name, l.Body)
			}
			if strings.ContainsAny(l.Subject+l.Body, `"“”`) {
				t.Errorf("quotes nothing: %s\n%s", l.Subject, l.Body)
			}
		}
	}
}

func TestLanguageOfTheCaseOrElseOfThePolicy(t *testing.T) {
	for _, c := range []struct{ of, policy, want string }{
		{"nl", "en", "Beste"}, {"en", "nl", "Dear"}, {"", "en", "Dear"}, {"", "nl", "Beste"}, {"", "", "Beste"},
	} {
		m := sample(Proposal, "nl", "u")
		m.Case.Language, m.Policy.Language = c.of, c.policy
		if l := compose(t, Proposal, m); !strings.HasPrefix(l.Body, c.want) {
			t.Errorf("%q in a register in %q: %s", c.of, c.policy, l.Body)
		}
	}
	m := sample(Proposal, "nl", "u")
	m.Case.Language = "../de"
	if _, err := Compose(Proposal, m); err == nil {
		t.Error("a language that is none is taken")
	}
}

func TestLettersThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		what string
		k    Kind
		do   func(*Matter)
		want string
	}{
		{"no such letter", "thanks", func(*Matter) {}, `there is no letter "thanks"`},
		{"the parts are no letter", Parts, func(*Matter) {}, `there is no letter "parts"`},
		{"an extension without a date", Extension, func(m *Matter) { m.Entry.Until = casefile.Date{} }, `extended needs a value for "until"`},
		{"an extension without a reason", Extension, func(m *Matter) { m.Entry.Reason = "" }, `extended needs a value for "reason"`},
		{"an extension into the past", Extension, func(m *Matter) { m.Entry.Until = m.Today }, "must end after the day"},
		{"an invitation without a day", Invitation, func(m *Matter) { m.Entry.When = casefile.Moment{} }, `invited needs a value for "when"`},
		{"a closing without an outcome", Closing, func(m *Matter) { m.Entry.Outcome = "" }, `closed needs a value for "outcome"`},
		{"a proposal on what is only spoken", Proposal, func(m *Matter) { m.Case.Log = []casefile.Entry{on("2026-11-20", casefile.Spoken)} }, "only been spoken"},
	} {
		m := sample(c.k, "nl", "u")
		c.do(&m)
		l, err := Compose(c.k, m)
		if err == nil || !strings.Contains(err.Error(), c.want) || l.Body != "" {
			t.Errorf("%s: %v\n%s", c.what, err, l.Body)
		}
	}
}

// What was said on the telephone is the owner's record, not a letter.
func TestNotesDoNotLeak(t *testing.T) {
	for _, step := range []casefile.Step{casefile.Spoken, casefile.Noted} {
		m := sample(InvitationToWrite, "nl", "u")
		m.Entry = casefile.Entry{Step: step, Text: "Belde, huilend."}
		m.Case.Log[0].Text = "Belde, huilend."
		m.Case.Subject = "Boze mevrouw aan de lijn"
		if l := compose(t, InvitationToWrite, m); strings.Contains(shown(l), "huilend") || strings.Contains(shown(l), "Boze") {
			t.Error(shown(l))
		}
	}
}

func TestGapsAreForTheOwnerToFill(t *testing.T) {
	for _, fo := range forms {
		for _, k := range All() {
			m := sample(k, fo.lang, fo.address)
			m.Entry = Example(k, fo.lang, m.Today)
			l := compose(t, k, m)
			sound(t, l, m)
			want := slices.Contains([]Kind{Clarification, Proposal, Extension, Closing, Answer, OwnWords}, k)
			if HasGap(l.Body) != want {
				t.Errorf("%s.%s: has a gap is %v\n%s", k, fo.name, !want, l.Body)
			}
		}
	}
	for body, want := range map[string]bool{
		"": false, "Ik stel voor [...] en dan": false, "hij schreef […] en dan": false, "[2026-0007]": false,
		"x\n[… het voorstel …]\ny": true, "[… wat er\nis gedaan …]": true, "[… …]": true, "[…]": false, "[… a] b …]": false,
	} {
		if HasGap(body) != want {
			t.Errorf("%q: %v", body, !want)
		}
	}
}

func TestEveryFieldIsDescribed(t *testing.T) {
	var names []string
	for _, f := range Fields() {
		names = append(names, f.Name)
		for _, s := range []string{f.Dutch, f.English} {
			if s == "" || s != casefile.OneLine(s) || len(s) > 100 || strings.HasSuffix(s, ".") {
				t.Errorf("%s: %q", f.Name, s)
			}
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not sorted: %s", names)
	}
	want := slices.Sorted(slices.Values(fieldNames))
	if !slices.Equal(names, want) {
		t.Errorf("described are %s, there are %s", names, want)
	}
	all := ""
	for _, k := range append(All(), Parts) {
		all += Source(k, "nl")
	}
	for _, n := range names {
		if n != "Ruling" && !strings.Contains(all, "."+n) { // for the owner's own letters
			t.Errorf("no letter uses .%s", n)
		}
	}
}

func TestEveryTemplateIsThereInBothLanguages(t *testing.T) {
	for _, k := range append(All(), Parts) {
		for _, lang := range Languages() {
			s := Source(k, lang)
			if s == "" {
				t.Errorf("there is no %s", File(k, lang))
			}
			if subject, _ := split(s); (subject == "") != (k == Parts) {
				t.Errorf("%s has the subject %q", File(k, lang), subject)
			}
		}
	}
	if Source("thanks", "nl") != "" || Source(Closing, "de") != "" || Source("../template", "go") != "" {
		t.Error("there is a source of no letter")
	}
	var words [2][]string
	for i, lang := range Languages() { // the same parts, the same fields
		for _, k := range append(All(), Parts) {
			for _, m := range regexp.MustCompile(`\{\{-? ?(?:if|else if|range|template|define|or|with) [^}]*|\{\{\.[A-Za-z]+`).FindAllString(Source(k, lang), -1) {
				words[i] = append(words[i], regexp.MustCompile(`\(gap "[^"]*"\)`).ReplaceAllString(fmt.Sprint(k, m), ""))
			}
		}
		slices.Sort(words[i])
	}
	if !slices.Equal(words[0], words[1]) {
		t.Errorf("the languages say different things:\n%q\n%q", words[0], words[1])
	}
}
