package letters

import (
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
)

var zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}()

func date(s string) casefile.Date {
	d, err := casefile.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func moment(s string) casefile.Moment {
	m, err := casefile.ParseMoment(s, zone)
	if err != nil {
		panic(err)
	}
	return m
}

// terms makes the terms of a version: "close", "4 weeks".
func terms(pairs ...string) map[deadlines.Name]deadlines.Term {
	m := map[deadlines.Name]deadlines.Term{}
	for i := 0; i < len(pairs); i += 2 {
		t, err := deadlines.ParseTerm(pairs[i+1])
		if err != nil {
			panic(err)
		}
		m[deadlines.Name(pairs[i])] = t
	}
	return m
}

func calendar() *deadlines.Calendar {
	c, err := deadlines.NewCalendar([]time.Weekday{1, 2, 3, 4, 5},
		[]string{"nieuwjaarsdag", "tweede paasdag", "koningsdag", "hemelvaartsdag", "tweede pinksterdag", "eerste kerstdag", "tweede kerstdag"}, nil)
	if err != nil {
		panic(err)
	}
	return c
}

// policy is that of the sample register.
func policy(form string, promises map[deadlines.Name]deadlines.Term) *deadlines.Policy {
	return &deadlines.Policy{
		Organisation:  deadlines.Organisation{Name: "Webwerk Oost", Handler: "Mok Verhagen", Email: "klachten@webwerkoost.example"},
		Zone:          zone,
		Language:      "nl",
		FormOfAddress: form,
		Bodies: []deadlines.Body{{Name: "Commissie van Kwaliteitshandhaving", Address: "Secretariaat van de NRTO",
			URL: "https://www.nrto.nl/contact/"}},
		Versions: []deadlines.Version{{From: date("2020-01-01"), Terms: promises, Calendar: calendar(), Archive: deadlines.Term{N: 5, Unit: deadlines.Years}}},
	}
}

func current() map[deadlines.Name]deadlines.Term {
	return terms("acknowledge", "5 workdays", "inform", "10 workdays", "close", "4 weeks", "comply", "5 workdays")
}

// complaint is that of Jolanda de Wit, received on Friday 20 November 2026: to
// be confirmed by 27 November, informed by 4 December and closed by 18 December.
func complaint(lang string, log ...casefile.Entry) *casefile.Case {
	c := &casefile.Case{
		ID: "2026-0007", Subject: "Website drie weken te laat opgeleverd", Language: lang,
		Complainant: casefile.Complainant{Name: "Jolanda de Wit", Email: "jolanda@voorbeeld.example"},
	}
	if lang == "en" {
		c.Subject = "Website delivered three weeks late"
	}
	c.Log = append([]casefile.Entry{{Step: casefile.Received, At: moment("2026-11-20T16:40"), By: "Mok Verhagen"}}, log...)
	return c
}

func on(day string, s casefile.Step) casefile.Entry {
	return casefile.Entry{Step: s, At: moment(day), By: "Mok Verhagen"}
}

// sample returns the letter of a kind as it would be written in the sample
// case: on time, with the owner's own words where they are needed.
func sample(k Kind, lang, form string) Matter {
	say := func(nlU, nlJe, en string) string {
		switch {
		case lang == "en":
			return en
		case form == "je":
			return nlJe
		}
		return nlU
	}
	acknowledged := on("2026-11-24", casefile.Acknowledged)
	m := Matter{Case: complaint(lang, acknowledged), Policy: policy(form, current()), Today: date("2026-12-01"),
		Entry: casefile.Entry{Step: k.step()}}
	switch k {
	case Acknowledgement:
		m.Case, m.Today = complaint(lang), date("2026-11-24")
	case Clarification:
		m.Today = date("2026-11-25")
		m.Entry.Text = say("Op welke dag hoorde u voor het eerst dat het later werd? En hebt u daar nog een mail van?",
			"Op welke dag hoorde je voor het eerst dat het later werd? En heb je daar nog een mail van?",
			"On which day did you first hear that it would be late? And do you still have a mail about it?")
	case Proposal:
		m.Entry.Text = say(`Ik betaal u een derde van de rekening terug: 640 euro.

En voor het vervolg:
- elke vrijdag krijgt u een mail over hoe het ervoor staat, ook als er niets te melden is;
- een jaar lang kost het onderhoud u niets.`,
			`Ik betaal je een derde van de rekening terug: 640 euro.

En voor het vervolg:
- elke vrijdag krijg je een mail over hoe het ervoor staat, ook als er niets te melden is;
- een jaar lang kost het onderhoud je niets.`,
			`I will pay back a third of the invoice: 640 euros.

And from now on:
- every Friday you get a mail about how things stand, even if there is nothing to report;
- for a year the maintenance costs you nothing.`)
	case Invitation:
		m.Entry.When, m.Entry.Means = moment("2026-12-09T14:00"), casefile.Phone
		m.Case.Complainant.Phone = "06 0000 0007"
	case Extension:
		m.Today = date("2026-12-11")
		m.Entry.Until = date("2027-01-13")
		m.Entry.Reason = say("De drukker van uw posters is tot 4 januari dicht, en zonder zijn rekening kan ik niet uitrekenen wat het u heeft gekost.",
			"De drukker van je posters is tot 4 januari dicht, en zonder zijn rekening kan ik niet uitrekenen wat het je heeft gekost.",
			"The printer of your posters is closed until 4 January, and without his invoice I cannot work out what it has cost you.")
	case Closing:
		m.Today = date("2026-12-15")
		m.Case.Log = append(m.Case.Log, on("2026-12-09", casefile.Heard))
		m.Entry.Outcome = casefile.Agreed
		m.Entry.Text = say("Ik betaal u 640 euro terug, uiterlijk op 22 december. Een jaar lang kost het onderhoud u niets.",
			"Ik betaal je 640 euro terug, uiterlijk op 22 december. Een jaar lang kost het onderhoud je niets.",
			"I will pay back 640 euros, by 22 December at the latest. For a year the maintenance costs you nothing.")
	case Acceptance, InFavour, Compliance:
		closed, referred := on("2026-12-15", casefile.Closed), on("2027-01-11", casefile.Referred)
		closed.Outcome, referred.Body = casefile.Rejected, "Commissie van Kwaliteitshandhaving"
		ruled := on("2027-03-02", casefile.Ruled)
		ruled.Text = say("De commissie vindt dat de vertraging eerder gemeld had moeten worden. Webwerk Oost betaalt een derde van de rekening terug.",
			"De commissie vindt dat de vertraging eerder gemeld had moeten worden. Webwerk Oost betaalt een derde van de rekening terug.",
			"The committee finds that the delay should have been reported sooner. Webwerk Oost pays back a third of the invoice.")
		if k == InFavour {
			ruled.NothingToDo = true
			ruled.Text = say("De commissie vindt de klacht ongegrond: de vertraging is op tijd gemeld.",
				"De commissie vindt de klacht ongegrond: de vertraging is op tijd gemeld.",
				"The committee does not uphold the complaint: the delay was reported in time.")
		}
		m.Case.Log = append(m.Case.Log, closed, referred, ruled)
		m.Today = date("2027-03-03")
		if k == Compliance {
			complied := on("2027-03-05", casefile.Complied)
			complied.Text = say("Vandaag heb ik 640 euro overgemaakt op de rekening waarvan u had betaald.",
				"Vandaag heb ik 640 euro overgemaakt op de rekening waarvan je had betaald.",
				"Today I have paid 640 euros into the account that you had paid from.")
			m.Case.Log = append(m.Case.Log, complied)
			m.Today = date("2027-03-05")
		}
	case Reopening:
		closed, reopened := on("2026-12-15", casefile.Closed), on("2027-01-11", casefile.Reopened)
		closed.Outcome, reopened.Reason = casefile.Agreed, "De betaling is niet aangekomen"
		m.Case.Log = append(m.Case.Log, closed, reopened)
		m.Today = date("2027-01-11")
		m.Entry.Text = say("U hebt gelijk: de betaling is niet aangekomen. Ik zoek uit waar die is gebleven.",
			"Je hebt gelijk: de betaling is niet aangekomen. Ik zoek uit waar die is gebleven.",
			"You are right: the payment did not arrive. I am finding out where it went.")
	case Answer:
		m.Case.Log = append(m.Case.Log, on("2026-11-30", casefile.Replied))
		m.Entry.Text = say("Ja, u kunt de posters zelf ophalen, vanaf donderdag.", "Ja, je kunt de posters zelf ophalen, vanaf donderdag.",
			"Yes, you can collect the posters yourself, from Thursday on.")
	case OwnWords:
		m.Entry.Text = say("Volgende week ben ik er niet. Uw klacht blijft niet liggen: op maandag ga ik ermee verder.",
			"Volgende week ben ik er niet. Je klacht blijft niet liggen: op maandag ga ik ermee verder.",
			"I am away next week. Your complaint does not have to wait for long: I will go on with it on Monday.")
	case InvitationToWrite:
		m.Case.Log = []casefile.Entry{on("2026-11-20", casefile.Spoken)}
		m.Today = date("2026-11-20")
	}
	return m
}

// form is a language with a form of address, as the golden files are called.
type form struct{ name, lang, address string }

var forms = []form{{"nl-je", "nl", "je"}, {"nl-u", "nl", "u"}, {"en", "en", "u"}}

func compose(t *testing.T, k Kind, m Matter) Letter {
	t.Helper()
	l, err := Compose(k, m)
	if err != nil {
		t.Fatalf("%s: %v", k, err)
	}
	return l
}
