package main

// dutchPages is what the dossier, the calendar and the check say.
var dutchPages = map[string]string{
	"put all of one complaint together, for the committee or the complainant": "zet alles van één klacht bij elkaar, voor de commissie of de klager",
	"Write everything on one complaint to a new folder: a page to print, with the promises and what was done,\n" +
		"the text, the steps and the letters in full, and beside it the mails, byte for byte. With --for complainant\n" +
		"your own notes and the reasons of a hold stay out, and the page says so. The folder is a copy of yours: a\n" +
		"purge does not reach it.": "Schrijf alles van één klacht naar een nieuwe map: een pagina om af te drukken, met de beloften en wat er is\n" +
		"gedaan, de tekst, de stappen en de brieven voluit, en daarnaast de mails, byte voor byte. Met --for complainant\n" +
		"blijven je eigen notities en de redenen van vasthouden eruit, en de pagina zegt dat. De map is een kopie van\n" +
		"jou: wissen haalt haar niet weg.",
	"whom it is for: `reader` committee (the usual) or complainant": "voor wie het is: `lezer` committee (gewoonlijk) of complainant (de klager)",
	"make one file of it, a zip":                                    "maak er één bestand van, een zip",
	"--for is committee or complainant, not %q":                     "--for is committee of complainant, niet %q",
	"%s: the dossier is in %s":                                      "%s: het dossier staat in %s",
	"%s to print, and %s":                                           "%s om af te drukken, en %s",
	"left out: %s":                                                  "weggelaten: %s",
	"Read it before you give it away: what others wrote in the mails is theirs.":                    "Lees het na voor je het weggeeft: wat anderen in de mails schreven, is van hen.",
	"This is a copy of yours, which a purge does not reach: remove it when it has served.":          "Dit is een kopie van jou, die niet mee gewist wordt: gooi haar weg als ze heeft gediend.",
	"%s would stand in the register itself":                                                         "%s zou in het register zelf komen te staan",
	"name a place outside of it: in the register it would be kept, and shared, with the complaints": "noem een plek daarbuiten: in het register zou het met de klachten worden bewaard en gedeeld",
	"%s is already there":                        "%s is er al",
	"name one that is not there yet, such as %s": "noem iets wat er nog niet is, zoals %s",

	"Dossier of complaint %s":                                  "Dossier van klacht %s",
	"Compiled on %s by %s. Confidential.":                      "Opgemaakt op %s door %s. Vertrouwelijk.",
	"Compiled on %s by %s, for the complainant. Confidential.": "Opgemaakt op %s door %s, voor de klager. Vertrouwelijk.",
	"Nothing was left out.":                                    "Er is niets weggelaten.",
	"to be had on request, with a mail to %s":                  "op te vragen met een mail aan %s",
	"what we learned from it ourselves":                        "wat we er zelf van leerden",
	"Learned":                                                  "Geleerd",
	"%s: it did not arrive":                                    "%s: kwam niet aan",
	"What was left out":                                        "Wat is weggelaten",
	"What was promised, and what was done":                     "Wat was beloofd, en wat is gedaan",
	"The promises in time":                                     "De beloften in de tijd",
	"Promise":                                                  "Belofte",
	"Counted from":                                             "Geteld vanaf",
	"Promised by":                                              "Uiterlijk op",
	"Done on":                                                  "Gedaan op",
	"How it stands":                                            "Stand",
	"How it ended":                                             "Afloop",
	"The complaint":                                            "De klacht",
	"Step by step":                                             "Stap voor stap",
	"The mails and letters":                                    "De mails en brieven",
	"The files":                                                "De bestanden",
	"File":                                                     "Bestand",
	"Bytes":                                                    "Bytes",
	"Complainant":                                              "Klager",
	"E-mail":                                                   "E-mail",
	"Phone":                                                    "Telefoon",
	"Received on":                                              "Ontvangen op",
	"Voiced on":                                                "Geuit op",
	"Handled by":                                               "Behandeld door",
	"Archived":                                                 "Gearchiveerd",
	"Archived until":                                           "Gearchiveerd tot en met",
	"Procedure":                                                "Regeling",
	"in force since %s":                                        "geldend sinds %s",
	"no longer needed":                                         "niet meer nodig",
	"Reason":                                                   "Reden",
	"%s, %s":                                                   "%s, %s",
	"From":                                                     "Van",
	"To":                                                       "Aan",
	"Copy to":                                                  "Kopie aan",
	"Date":                                                     "Datum",
	"Subject":                                                  "Onderwerp",
	"Attached":                                                 "Bijgevoegd",
	"what was done":                                            "wat is gedaan",
	"%s: promised by %s, done on %s, %s.":                      "%s: beloofd uiterlijk %s, gedaan op %s, %s.",
	"%s: promised by %s, %s.":                                  "%s: beloofd uiterlijk %s, %s.",
	"The mail that was forwarded":                              "De mail die is doorgestuurd",
	"Its text is the complaint, as it stands above.":              "De tekst is de klacht, zoals die hierboven staat.",
	"No term has run: the complaint was voiced, and not written.": "Er heeft geen termijn gelopen: de klacht is geuit, en niet geschreven.",
	"Each mail stands beside this page as a file, byte for byte as it came or went. The sum shows that a file is unchanged: " +
		"the program sha256sum works it out anew.": "Elke mail staat als bestand naast deze pagina, byte voor byte zoals die kwam of ging. Aan de som zie je dat een bestand niet " +
		"is veranderd: het programma sha256sum rekent haar na.",
	"What the mails say, as text. Pictures, layout and attachments are in the files.": "Wat er in de mails staat, als tekst. Plaatjes, opmaak en bijlagen zitten in de bestanden.",
	"A band is the time that was promised, and the line at its end the last day. ✓ is done in time, ! is late, › is still open.": "Een band is de tijd die was beloofd, " +
		"en de streep aan het eind de laatste dag. ✓ is op tijd gedaan, ! is te laat, › staat nog open.",
	"This mail is named in the register, but could not be read. It is not among the files.": "Deze mail wordt in het register genoemd, maar was niet te lezen. Hij zit niet bij de bestanden.",
	"This file cannot be shown as a mail. It stands beside this page as it is.":             "Dit bestand is niet als mail te tonen. Het staat naast deze pagina zoals het is.",
	"The mail has a layout of its own; here are its words.":                                 "De mail heeft een eigen opmaak; hier staan de woorden.",
	"The text is longer than this: the file %s has all of it.":                              "De tekst is langer dan dit: in het bestand %s staat alles.",

	"write what is due as a calendar, for a calendar program": "schrijf wat er moet gebeuren als agenda, voor een agendaprogramma",
	"Write an iCalendar file of all that is due: a whole day for each promise, on the last working day on which\n" +
		"it can be kept, with an alarm at nine on the working day before, and the appointments with their time. Let\n" +
		"your calendar program subscribe to the file and write it anew each day: what has changed moves, and what is\n" +
		"done goes. There is nothing about a person in it but the number of the complaint, unless you say --names.": "Schrijf een iCalendar-bestand van alles wat er moet gebeuren: een hele dag voor elke belofte, op de laatste\n" +
		"werkdag waarop het nog kan, met een herinnering om negen uur op de werkdag ervoor, en de afspraken met hun\n" +
		"tijd. Laat je agendaprogramma zich op het bestand abonneren en schrijf het elke dag opnieuw: wat veranderd is,\n" +
		"verschuift, en wat klaar is, verdwijnt. Over iemand staat er niets in dan het nummer van de klacht, tenzij je\n" +
		"--names zegt.",
	"put the name of the complainant and the subject in it": "zet de naam van de klager en het onderwerp erin",
	"Complaints":              "Klachten",
	"The promise ends on %s.": "De belofte loopt tot en met %s.",
}
