package main

import "maps"

// dutch holds every sentence of the program in Dutch, by its English text. One
// word stands for one thing: complaint klacht, complainant klager, handler
// behandelaar, term termijn, working day werkdag, body instantie, ruling
// uitspraak, hold vasthouden, purge wissen, procedure regeling.
var dutch = func() map[string]string {
	all := map[string]string{}
	for _, part := range []map[string]string{dutchScreen, dutchForms, dutchHelp, dutchErrors, dutchDamage, dutchMail, dutchLetters, dutchReport, dutchHistory, dutchPages, dutchErase, dutchSync} {
		maps.Copy(all, part)
	}
	return all
}()

// plurals holds the sentences whose first value is a number: the English form
// for one, and the Dutch forms for one and for more. The English form for more
// is the sentence itself.
var plurals = map[string]struct{ en, nl, nlMore string }{
	"%d archived complaints may go: `klacht purge`": {
		"%d archived complaint may go: `klacht purge`",
		"%d gearchiveerde klacht mag weg: `klacht purge`", "%d gearchiveerde klachten mogen weg: `klacht purge`"},
	"%d files or folders can be read or changed by others on this machine, this one first": {
		"%d file or folder can be read or changed by others on this machine: this one",
		"%d bestand of map kan door anderen op deze computer worden gelezen of gewijzigd: dit",
		"%d bestanden of mappen kunnen door anderen op deze computer worden gelezen of gewijzigd, dit als eerste"},
	"%d changes are not shared yet, the first of %s: `klacht sync`": {
		"%d change is not shared yet, of %s: `klacht sync`",
		"%d wijziging is nog niet gedeeld, van %s: `klacht sync`", "%d wijzigingen zijn nog niet gedeeld, de eerste van %s: `klacht sync`"},
	"%d complaints":            {"%d complaint", "%d klacht", "%d klachten"},
	"%d complaints, all sound": {"%d complaint, sound", "%d klacht, in orde", "%d klachten, alles in orde"},
	"%d files cannot be read, so what is due in them is not shown here:": {
		"%d file cannot be read, so what is due in it is not shown here:",
		"%d bestand is onleesbaar; wat daarin moet gebeuren, staat hier dus niet bij:",
		"%d bestanden zijn onleesbaar; wat daarin moet gebeuren, staat hier dus niet bij:"},
	"%d entries are in %s": {"%d entry is in %s", "%d afspraak staat in %s", "%d afspraken staan in %s"},
	"%d files cannot be read: `klacht check`": {"%d file cannot be read: `klacht check`",
		"%d bestand is onleesbaar: `klacht check`", "%d bestanden zijn onleesbaar: `klacht check`"},
	"%d files or folders can be read by you alone now, this one first": {
		"%d file or folder can be read by you alone now: this one",
		"%d bestand of map kun je nu alleen zelf lezen: dit", "%d bestanden of mappen kun je nu alleen zelf lezen, dit als eerste"},
	"%d internal notes": {"%d internal note", "%d interne notitie", "%d interne notities"},
	"%d mails":          {"%d mail", "%d mail", "%d mails"},
	"%d reasons for keeping the dossier longer": {"%d reason for keeping the dossier longer",
		"%d reden om het dossier langer te bewaren", "%d redenen om het dossier langer te bewaren"},
	"%d purged complaints are gone from the history too": {
		"%d purged complaint is gone from the history too",
		"%d gewiste klacht is ook uit de geschiedenis weg", "%d gewiste klachten zijn ook uit de geschiedenis weg"},
	"%d purged complaints may still be in the history: `klacht purge`": {
		"%d purged complaint may still be in the history: `klacht purge`",
		"%d gewiste klacht staat misschien nog in de geschiedenis: `klacht purge`", "%d gewiste klachten staan misschien nog in de geschiedenis: `klacht purge`"},
	"%d problems":          {"%d problem", "%d probleem", "%d problemen"},
	"%d working days late": {"%d working day late", "%d werkdag te laat", "%d werkdagen te laat"},
	"in %d working days":   {"in %d working day", "nog %d werkdag", "nog %d werkdagen"},
	"Remove %d complaints for good?": {
		"Remove %d complaint for good?", "%d klacht voorgoed wissen?", "%d klachten voorgoed wissen?"},
	"THE NEXT %d DAYS": {"THE NEXT DAY", "DE KOMENDE DAG", "DE KOMENDE %d DAGEN"},
}

// dutchScreen is what stands in the summary and the other views.
var dutchScreen = map[string]string{
	"Complaints":                            "Klachten",
	"TOO LATE":                              "TE LAAT",
	"TODAY":                                 "VANDAAG",
	"LATER":                                 "LATER",
	"WAITING":                               "WACHT OP EEN ANDER",
	"Nothing to do. Every promise is kept.": "Niets te doen. Alle beloften zijn nagekomen.",

	"confirm receipt":                    "bevestigen",
	"say what's next":                    "aanpak melden",
	"close":                              "afhandelen",
	"decide":                             "beslissen",
	"talk":                               "gesprek",
	"talk at %s":                         "gesprek %s",
	"tell of a delay":                    "uitstel melden",
	"await answer":                       "antwoord volgt",
	"await ruling":                       "uitspraak volgt",
	"carry out":                          "uitvoeren",
	"carry out the ruling":               "uitspraak uitvoeren",
	"ruling of %s":                       "uitspraak van %s",
	"review the hold":                    "vasthouden?",
	"invite to write":                    "om mail vragen",
	"today":                              "vandaag",
	"just too late":                      "net te laat",
	"by phone":                           "telefonisch",
	"why: %s":                            "reden: %s",
	"promised for %s":                    "beloofd voor %s",
	"with %s since %s":                   "bij %s sinds %s",
	"with %s since %s; it answers by %s": "bij %s sinds %s; antwoord uiterlijk %s",
	"waits for a reply since %s":         "wacht op antwoord sinds %s",
	"voiced on %s; no term runs until it is there in writing": "geuit op %s; er loopt geen termijn tot de klacht op schrift is",

	"voiced":                "geuit",
	"received":              "ontvangen",
	"clarification asked":   "om verduidelijking gevraagd",
	"reply came in":         "antwoord ontvangen",
	"receipt confirmed":     "ontvangst bevestigd",
	"proposal made":         "voorstel gedaan",
	"invited to talk":       "uitgenodigd voor een gesprek",
	"conversation held":     "gesprek gevoerd",
	"extended":              "uitgesteld",
	"closed":                "afgesloten",
	"reopened":              "heropend",
	"referred":              "voorgelegd",
	"taken by the body":     "door de instantie in behandeling genomen",
	"not taken by the body": "door de instantie niet in behandeling genomen",
	"ruling received":       "uitspraak ontvangen",
	"ruling carried out":    "uitspraak uitgevoerd",
	"put on hold":           "vastgehouden",
	"released from hold":    "niet langer vastgehouden",
	"note":                  "notitie",

	"spoken":        "mondeling",
	"open":          "open",
	"with the body": "bij de instantie",
	"ruling":        "uitspraak",
	"on hold":       "vastgehouden",
	"%s, on hold":   "%s, vastgehouden",

	"agreed":         "samen opgelost",
	"upheld":         "gegrond",
	"partly upheld":  "deels gegrond",
	"rejected":       "ongegrond",
	"withdrawn":      "ingetrokken",
	"not admissible": "niet-ontvankelijk",

	"on time":  "op tijd",
	"late":     "te laat",
	"too late": "te laat",

	"it is open":                                   "nog open",
	"it lies with a body":                          "ligt bij een instantie",
	"there is a ruling to carry out":               "heeft een uitspraak om uit te voeren",
	"it is on hold":                                "wordt vastgehouden",
	"its time in the archive has not ended":        "de bewaartermijn is nog niet om",
	"the procedure keeps it without end":           "wordt volgens de regeling onbeperkt bewaard",
	"it is there twice; `klacht check` says where": "is er twee keer; `klacht check` zegt waar",
	"it cannot be read":                            "hij is onleesbaar",
	"it is damaged":                                "is beschadigd",

	"holiday: %s":                          "feestdag: %s",
	"closing day":                          "sluitingsdag",
	"day %d":                               "dag %d",
	"working day %d":                       "werkdag %d",
	"receipt, does not count":              "ontvangst, telt niet mee",
	"%s: last working day":                 "%s: laatste werkdag",
	"Received on %s":                       "Ontvangen op %s",
	"by %s":                                "uiterlijk %s",
	"do by %s":                             "laatste werkdag %s",
	"  can be extended until %s at most":   "  uitstel kan tot uiterlijk %s",
	"  about what happened on or after %s": "  over wat op of na %s is gebeurd",

	"status":              "status",
	"complainant":         "klager",
	"archived":            "bewaard",
	"until %s":            "tot en met %s",
	"without end":         "onbeperkt",
	"file":                "bestand",
	"Promises":            "Beloften",
	"Steps":               "Stappen",
	"%s until %s":         "%s tot en met %s",
	"%s, to review on %s": "%s, opnieuw bekijken op %s",

	"%s: %s (on %s)":               "%s: %s (op %s)",
	"%s: late, it was due by %s":   "%s: te laat, het moest uiterlijk %s",
	"  next: %s; it was due by %s": "  nu: %s; het had uiterlijk %s gemoeten",
	"  next: %s by %s":             "  nu: %s, uiterlijk %s",
	"  its time in the archive has ended; the next purge removes it": "  de bewaartermijn is om; de volgende keer wissen haalt haar weg",
	"  archived until %s":                                 "  wordt bewaard tot en met %s",
	"%s registered: received on %s from %s":               "%s geregistreerd: ontvangen op %s van %s",
	"%s registered: voiced on %s by %s":                   "%s geregistreerd: geuit op %s door %s",
	"  no term runs yet; invite the complainant to write": "  er loopt nog geen termijn; nodig de klager uit om te schrijven",
	"(no subject)": "(geen onderwerp)",
	"[The mail goes on; it is kept whole beside this file.]": "[De mail gaat verder; hij staat in zijn geheel naast dit bestand.]",
	"No complaints found.":    "Geen klachten gevonden.",
	"%s: nothing was changed": "%s: er is niets gewijzigd",
	"%s: changed":             "%s: gewijzigd",
	"%s  archived until %s":   "%s  bewaard tot en met %s",
	"%s would be removed":     "%s zou worden gewist",
	"%s removed":              "%s gewist",
	"%s stays: %s":            "%s blijft: %s",
	"Backups, and copies that you made yourself, are out of reach: they go when you remove them.": "Reservekopieën, en kopieën die je zelf maakte, blijven staan tot je ze zelf weghaalt.",
	"your own version": "je eigen versie",
	"your own version is in %s; klacht uses it from now on":                      "je eigen versie staat in %s; vanaf nu gebruikt klacht die",
	"The register is in %s":                                                      "Het register staat in %s",
	"  look over its procedure: %s":                                              "  kijk de regeling na: %s",
	"  register a complaint: klacht new complaint.eml":                           "  een klacht registreren: klacht new klacht.eml",
	"  elsewhere klacht goes on using %s; for this one give --dir or KLACHT_DIR": "  elders blijft klacht %s gebruiken; geef voor dit register --dir of KLACHT_DIR",
}

// dutchForms is what the forms on a terminal ask.
var dutchForms = map[string]string{
	"When did it arrive?":                               "Wanneer kwam de klacht binnen?",
	"When was it spoken?":                               "Wanneer werd de klacht geuit?",
	"Who complains?":                                    "Wie klaagt er?",
	"E-mail address (may be empty)":                     "E-mailadres (mag leeg blijven)",
	"Phone number (may be empty)":                       "Telefoonnummer (mag leeg blijven)",
	"What is it about, in one line?":                    "Waar gaat het over, in één regel?",
	"In the person's own words":                         "In de woorden van de klager zelf",
	"no term runs yet; invite the complainant to write": "er loopt nog geen termijn; nodig de klager uit om te schrijven",
	"Register this complaint?":                          "Deze klacht registreren?",
	"Register":                                          "Registreren",
	"Throw away":                                        "Weggooien",
	"this cannot stay empty":                            "dit mag niet leeg blijven",
	"Until when?":                                       "Tot wanneer?",
	"When to look at it again?":                         "Wanneer opnieuw bekijken?",
	"When is the conversation?":                         "Wanneer is het gesprek?",
	"How did it end?":                                   "Hoe is het afgelopen?",
	"For what reason?":                                  "Om welke reden?",
	"Which body?":                                       "Welke instantie?",
	"The text":                                          "De tekst",
	"The name of the firm":                              "De naam van de organisatie",
	"Who handles complaints?":                           "Wie behandelt de klachten?",
	"The address to which complaints are written":       "Het adres waarop klachten binnenkomen",
	"Remove":        "Wissen",
	"Keep":          "Bewaren",
	"Go back to it": "Terug naar het bestand",
	"next":          "volgende",
	"back":          "terug",
	"done":          "klaar",
	"new line":      "nieuwe regel",
	"up":            "omhoog",
	"down":          "omlaag",
	"choose":        "kiezen",
	"change":        "wisselen",

	"anonymous":                "anoniem",
	"not needed":               "niet meer nodig",
	"appointment called off":   "afspraak afgezegd",
	"letter sent":              "brief gestuurd",
	"%s: nothing to carry out": "%s: niets uit te voeren",
	"and":                      "en",
	"about":                    "gaat over",
	"read the reply":           "antwoord lezen",
}
