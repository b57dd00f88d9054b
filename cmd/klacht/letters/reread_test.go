package letters

import (
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// However a person writes a date, it is found.
func TestDatesAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"nl", "uiterlijk op vrijdag 20 februari 2027.", "2027-02-20"},
		{"nl", "Uiterlijk op maandag 4\njanuari 2027 is", "2027-01-04"},
		{"nl", "op 4 jan.", "2027-01-04"},
		{"nl", "op 30 november", "2026-11-30"},
		{"nl", "op 20 mrt 2027, of 3 mei", "2027-03-20 2027-05-03"},
		{"nl", "20-02-2027 en 2027-03-01 en 5/4", "2027-02-20 2027-03-01 2027-04-05"},
		{"nl", "om 14.00 uur, 640 euro, 31 februari", ""},
		{"en", "by Friday 20 February 2027", "2027-02-20"},
		{"en", "by February 20th, or the 3rd of March", "2027-02-20 2027-03-03"},
		{"en", "by May 4, 2027", "2027-05-04"},
	} {
		l := Letter{lang: c.lang, today: date("2026-12-09")}
		var got []string
		for _, d := range l.dates(c.text) {
			got = append(got, d.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// The dates that a letter promises are those that it names, and aims of the firm's
// own are not among them.
func TestALetterPromisesWhatItNames(t *testing.T) {
	for _, c := range []struct {
		k    Kind
		do   func(*Matter)
		want string
	}{
		{Acknowledgement, func(*Matter) {}, "inform 2026-12-04, close 2026-12-18"},
		{Proposal, func(*Matter) {}, "close 2026-12-18"},
		{Extension, func(*Matter) {}, ""}, // the new date is its own
		{Closing, func(*Matter) {}, ""},
		{Acceptance, func(*Matter) {}, "comply 2027-03-09"},
		{Acceptance, func(m *Matter) {
			m.Policy.Versions[0].Terms[deadlines.Comply] = deadlines.Term{N: 5, Unit: deadlines.Workdays, Target: true}
		}, ""},
		{Proposal, func(m *Matter) { m.Own = own("proposal.nl.txt", ownProposal) }, ""},
		{Proposal, func(m *Matter) { m.Policy = policy("u", terms("decide", "6 weeks after received")) }, "decide 2027-01-01"},
	} {
		m := sample(c.k, "nl", "u")
		c.do(&m)
		want := c.want
		if want != "" { // with the day that it was counted from
			want = "received 2026-11-20, " + want
		}
		if l := compose(t, c.k, m); l.Promised.String() != want {
			t.Errorf("%s promises %q, want %q\n%s", c.k, l.Promised, c.want, l.Body)
		}
	}
}

// As it was written, and with the owner's own words, a letter has lost nothing.
func TestNothingIsLostUntilItIs(t *testing.T) {
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		m := sample(k, fo.lang, fo.address)
		l := compose(t, k, m)
		for _, body := range []string{l.Body, "> " + strings.ReplaceAll(l.Body, "\n", "\n> "), l.Body + "\nTot 1 mei / until May 1.\n"} {
			if lost := l.Lost(body); lost != nil {
				t.Errorf("lost %v:\n%s", lost, body)
			}
		}
		m.Entry.Step, m.Entry.Promised = k.step(), l.Promised
		if lost := Unsaid(m, l.Body); lost != nil {
			t.Errorf("unsaid %v", lost)
		}
	})
}

// On whatever day it is written, around the turn of a year too.
func TestNothingIsLostOnAnyDay(t *testing.T) {
	for _, fo := range forms {
		for day := date("2026-11-20"); day.Before(date("2027-03-01")); day = day.AddDays(1) {
			m := sample(Acknowledgement, fo.lang, fo.address)
			m.Today, m.Case.Log[0].At = day, casefile.Moment{Date: day}
			if l := compose(t, Acknowledgement, m); l.Lost(l.Body) != nil || len(l.Promised) != 3 {
				t.Errorf("%s: promises %s, lost %v\n%s", day, l.Promised, l.Lost(l.Body), l.Body)
			}
			m.Entry = casefile.Entry{Step: casefile.Extended, Until: day.AddDays(400), Reason: "x"}
			if l := compose(t, Extension, m); l.Lost(l.Body) != nil {
				t.Errorf("%s: lost %v\n%s", day, l.Lost(l.Body), l.Body)
			}
		}
	}
}

func TestWhatAnEditorTookOut(t *testing.T) {
	for _, c := range []struct {
		k        Kind
		old, new string
		want     []Lost
	}{
		{Extension, "13 januari", "20 januari", []Lost{{"until", date("2027-01-13"), date("2027-01-20")}}},
		{Extension, "woensdag 13 januari 2027", "20-1", []Lost{{"until", date("2027-01-13"), date("2027-01-20")}}},
		{Extension, "woensdag 13 januari 2027", "later", []Lost{{Term: "until", Date: date("2027-01-13")}}},
		{Acknowledgement, "vrijdag 18 december", "volgend jaar", []Lost{{Term: "close", Date: date("2026-12-18")}}},
		{Acknowledgement, "vrijdag 18 december", "18 dec.", nil},
		{Closing, "Commissie van Kwaliteitshandhaving\n", "", []Lost{{}}},
		{Closing, "https://www.nrto.nl/contact/", "de site van de NRTO", []Lost{{}}},
	} {
		m := sample(c.k, "nl", "u")
		m.Today = date("2026-11-24")
		l := compose(t, c.k, m)
		body := strings.Replace(strings.ReplaceAll(l.Body, "\nvrijdag 18", " vrijdag 18"), c.old, c.new, 1)
		if body == l.Body {
			t.Fatalf("%q is not there:\n%s", c.old, l.Body)
		}
		if got := l.Lost(body); !slices.Equal(got, c.want) {
			t.Errorf("%s, %q for %q: lost %v, want %v", c.k, c.new, c.old, got, c.want)
		}
	}
}

func TestWordsInThePlaceLeftOpen(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Entry.Text = ""
	l := compose(t, Proposal, m)
	words := "Een derde terug.\n\nEn een jaar onderhoud."
	filled := aGap().ReplaceAllString(l.Body, words)
	if got := l.Filled(filled); got != words {
		t.Errorf("%q", got)
	}
	if got := l.Filled(filled + "\nPS Tot gauw.\n"); got != words {
		t.Errorf("%q", got)
	}
	if got := l.Filled("Iets heel anders.\n"); got != "" {
		t.Errorf("%q", got)
	}
	m.Entry.Text = words
	if again := compose(t, Proposal, m); again.Basis.Edited(filled) {
		t.Error("the words make it another letter")
	}
}

// What a letter was written for, and what of it a change touches.
func TestTheBasisOfALetter(t *testing.T) {
	was := compose(t, Acknowledgement, sample(Acknowledgement, "nl", "u"))
	for _, c := range []struct {
		do   func(*Matter)
		want string
	}{
		{func(*Matter) {}, ""},
		{func(m *Matter) { m.Today = date("2026-11-27") }, ""},
		{func(m *Matter) { m.Today = date("2026-11-30") }, "late"},
		{func(m *Matter) { m.Case.Complainant.Name = "Jolande de Wit" }, "name"},
		{func(m *Matter) { m.Case.Log[0].At = moment("2026-11-19") }, "promised received"},
		{func(m *Matter) { m.Case.Subject = "Iets anders" }, "subject"},
		{func(m *Matter) { m.Case.Language = "en" }, "language"},
		{func(m *Matter) {
			m.Policy.Versions[0].Terms[deadlines.Close] = deadlines.Term{N: 6, Unit: deadlines.Weeks}
		}, "promised"},
		{func(m *Matter) { m.Case.Log = append(m.Case.Log, on("2026-11-23", casefile.Asked)) }, "confirms"},
		{func(m *Matter) { m.Case.Log = append(m.Case.Log, on("2026-11-23", casefile.Noted)) }, ""},
	} {
		m := sample(Acknowledgement, "nl", "u")
		c.do(&m)
		now := compose(t, Acknowledgement, m)
		if got := strings.Join(was.Basis.Differs(now.Basis), " "); got != c.want {
			t.Errorf("differs in %q, want %q", got, c.want)
		}
	}
}

// A letter that was edited by hand gets another name and other dates, and keeps
// the rest.
func TestNamesAndDatesMoveInAnEditedLetter(t *testing.T) {
	m := sample(Acknowledgement, "nl", "u")
	was := compose(t, Acknowledgement, m)
	edited := strings.Replace(was.Body, "Wat u me vertelt", "Sterkte met alles. Wat u me vertelt", 1)
	m.Case.Complainant.Name = "Jolande de Wit"
	m.Case.Log[0].At = moment("2026-11-19")
	now := compose(t, Acknowledgement, m)
	moved, ok := now.Moved(edited, was.Basis)
	for _, s := range []string{"Beste Jolande de Wit,", "Op donderdag 19 november", "Sterkte met alles.", "donderdag 3 december", "donderdag 17 december"} {
		if !ok || !strings.Contains(unspaced(moved), unspaced(s)) {
			t.Errorf("%v, without %q:\n%s", ok, s, moved)
		}
	}
	if lost := now.Lost(moved); lost != nil {
		t.Errorf("lost %v", lost)
	}
	m.Today = date("2026-11-30")
	if _, ok := compose(t, Acknowledgement, m).Moved(edited, was.Basis); ok {
		t.Error("that it is late cannot be put into words of the owner's own")
	}
}

func TestNamesInTheOrderInWhichTheyAreSaid(t *testing.T) {
	for name, want := range map[string]string{
		"Vries, Ada de": "Ada de Vries", "el B., Fatima": "Fatima el B.", "Boer, Jan": "Jan Boer", "van Dam, Jan Piet": "Jan Piet van Dam",
		"Jan Boer": "Jan Boer", "Bakkerij, Utrecht": "Bakkerij, Utrecht", "Boer, J.": "Boer, J.", "Boer, mevrouw": "Boer, mevrouw",
		"Webwerk Oost, Utrecht": "Webwerk Oost, Utrecht", "": "",
	} {
		if got := natural(name); got != want {
			t.Errorf("%q is said %q, want %q", name, got, want)
		}
	}
	m := sample(Proposal, "nl", "je")
	m.Case.Complainant.Name, m.Case.Others = "Jansen, Els", []casefile.Complainant{{Name: "Jan Boer"}, {Name: "Piet de Wit"}}
	if l := compose(t, Proposal, m); !strings.HasPrefix(l.Body, "Beste Els, Jan en Piet,\n") {
		t.Error(l.Body)
	}
	m.Case.Others[0].Name = "J. Boer"
	if l := compose(t, Proposal, m); !strings.HasPrefix(l.Body, "Beste Els Jansen, J. Boer en Piet de Wit,\n") {
		t.Error(l.Body)
	}
}

func TestAGreetingIsNoSubject(t *testing.T) {
	for subject, greeting := range map[string]bool{"Beste Mok,": true, "Geachte heer Verhagen": true, "Hallo": true, "Goedemorgen,": true,
		"Beste meneer Verhagen van Webwerk Oost,": true, "Dag, ik heb een klacht over de cursus": false,
		"Beste cursus ooit? Nee.": false, "Dag 3 van de cursus ging mis": false, "Website te laat": false} {
		if got := topic(subject) == ""; got != greeting {
			t.Errorf("%q is a greeting: %v", subject, got)
		}
	}
}

func TestNobodyToWriteTo(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Case.Complainant = casefile.Complainant{Anonymous: true}
	if _, err := Compose(Proposal, m); err == nil || !strings.Contains(err.Error(), "without a name gets no letters") {
		t.Error(err)
	}
}

// The last thing that happened since our last letter asks for the letter.
func TestWhatToWriteAbout(t *testing.T) {
	favour := on("2027-03-02", casefile.Ruled)
	favour.NothingToDo = true
	for _, c := range []struct {
		log  []casefile.Entry
		want Kind
	}{
		{nil, OwnWords},
		{[]casefile.Entry{on("2026-11-25", casefile.Replied)}, Answer},
		{[]casefile.Entry{on("2026-11-25", casefile.Replied), on("2026-11-26", casefile.Noted)}, Answer},
		{[]casefile.Entry{on("2026-11-25", casefile.Replied), on("2026-11-26", casefile.Wrote)}, OwnWords},
		{[]casefile.Entry{on("2027-03-02", casefile.Ruled)}, Acceptance},
		{[]casefile.Entry{favour}, InFavour},
		{[]casefile.Entry{on("2027-03-02", casefile.Ruled), on("2027-03-03", casefile.Complied)}, Compliance},
		{[]casefile.Entry{on("2027-01-11", casefile.Reopened)}, Reopening},
	} {
		if got := About(complaint("nl", c.log...)); got != c.want {
			t.Errorf("%v: %s, want %s", c.log, got, c.want)
		}
	}
	spoken := &casefile.Case{Log: []casefile.Entry{on("2026-11-20", casefile.Spoken)}}
	if got := About(spoken); got != InvitationToWrite {
		t.Error(got)
	}
	spoken.Log = append(spoken.Log, on("2026-11-21", casefile.Wrote))
	if got := About(spoken); got != OwnWords {
		t.Error(got)
	}
}

// An extension told in time does not say sorry for one of that day that was late.
func TestAnExtensionInTimeOnTheDayOfALateOne(t *testing.T) {
	m := sample(Extension, "nl", "u")
	first := on("2026-12-21", casefile.Extended)
	first.Until, first.Reason = date("2027-01-13"), "x"
	m.Case.Log = append(m.Case.Log, first)
	m.Today, m.Entry.Until = date("2026-12-21"), date("2027-02-01")
	if l := compose(t, Extension, m); strings.Contains(l.Body, "spijt") {
		t.Error(l.Body)
	}
}

// On paper a letter is no mail, its lines are not broken, and nothing in it is
// markup.
func TestALetterOnPaper(t *testing.T) {
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		m := sample(k, fo.lang, fo.address)
		m.Paper, m.Case.Complainant.Address = true, "Dorpsstraat 1\n1234 AB <b>Ergensdorp</b>"
		l := compose(t, k, m)
		if strings.Contains(l.Body, "deze mail") || strings.Contains(l.Body, "this mail") {
			t.Error(l.Body)
		}
		var b strings.Builder
		if err := l.WritePage(&b, m); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{">Jolanda de Wit\nDorpsstraat 1\n1234 AB &lt;b&gt;Ergensdorp", " " + map[string]string{"nl": "december 2026", "en": "December 2026"}[fo.lang] + "</p>"} {
			if m.Today.Month == 12 && !strings.Contains(b.String(), s) {
				t.Errorf("without %q:\n%s", s, b.String())
			}
		}
	})
	m := sample(Proposal, "nl", "u")
	if err := compose(t, Proposal, m).WritePage(&strings.Builder{}, m); err == nil {
		t.Error("without an address")
	}
}
