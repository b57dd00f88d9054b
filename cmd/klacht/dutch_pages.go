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

	"Look at all of the register and tell what is wrong: files that cannot be read, numbers that are missing,\n" +
		"mails that are not there or that no step names, copies that a sync program left, complaints in the wrong\n" +
		"place, files that others on this machine could read, what was purged and is in the history still, and what\n" +
		"was removed by hand. Each step is held against the date of its mail, and each promise that runs against the\n" +
		"procedure. With --fix klacht mends what asks for no choice: rights, the right folder, what a killed command\n" +
		"left. It never removes anything that could have content.": "Kijk het hele register na en zeg wat er niet klopt: onleesbare bestanden, nummers die ontbreken, mails die er\n" +
		"niet zijn of die geen stap noemt, kopieën van een synchronisatieprogramma, klachten op de verkeerde plek,\n" +
		"bestanden die anderen op deze computer kunnen lezen, wat is gewist en nog in de geschiedenis staat, en wat met\n" +
		"de hand is verwijderd. Elke stap wordt naast de datum van zijn mail gelegd, en elke lopende belofte naast de\n" +
		"regeling. Met --fix herstelt klacht wat geen keuze vraagt: rechten, de juiste map, wat een afgebroken commando\n" +
		"achterliet. Iets waar inhoud in kan zitten, gooit het nooit weg.",
	"mend what can be mended without a choice, and say what was done": "herstel waar niets te kiezen valt, en zeg wat er is gedaan",
	"its mails were brought beside it":                                "de mails staan er nu naast",
	"now stands in %s":                                                "staat nu in %s",
	"the empty folder was removed":                                    "de lege map is weg",
	"was left of a command that was killed, and was removed":          "was achtergelaten door een afgebroken commando, en is weg",
	"its mails are not beside it, but in %s":                          "de mails staan er niet naast, maar in %s",
	"`klacht check --fix` brings them together":                       "`klacht check --fix` brengt ze bij elkaar",
	"belongs in %s": "hoort in %s",
	"stands in the archive and is not closed, so no summary shows it":                 "staat in het archief en is niet afgesloten, dus geen overzicht laat haar zien",
	"`klacht check --fix` puts it there":                                              "`klacht check --fix` zet haar daar",
	"the mail %s is empty":                                                            "de mail %s is leeg",
	"cannot be read: %v":                                                              "is onleesbaar: %v",
	"no step names this mail, and it is the same as %s":                               "geen stap noemt deze mail, en hij is gelijk aan %s",
	"was the same as %s, and was removed":                                             "was gelijk aan %s, en is weg",
	"no step names this mail":                                                         "geen stap noemt deze mail",
	"if it belongs there, `klacht edit %s` names it with its step; if not, remove it": "hoort hij erbij, noem hem dan bij zijn stap met `klacht edit %s`; zo niet, gooi hem weg",
	"the mails of %s are in two places: also in %s":                                   "de mails van %s staan op twee plekken: ook in %s",
	"bring them together beside the file of the complaint":                            "breng ze bij elkaar, naast het bestand van de klacht",
	"is not read, for it is not called %s":                                            "wordt niet gelezen, want het heet niet %s",
	"the step stands on %s, but the firm's server took its mail in on %s":             "de stap staat op %s, maar de server van de organisatie nam de mail aan op %s",
	"`klacht edit %s` puts it on the day on which it came in":                         "zet hem met `klacht edit %s` op de dag waarop de mail binnenkwam",
	"the step stands on %s, but its letter is dated %s":                               "de stap staat op %s, maar de brief is van %s",
	"`klacht edit %s` mends the day; if the letter was written then and left later, its step says so with written: %s": "herstel de dag met `klacht edit %s`; is de brief toen geschreven en later verstuurd, zet dan bij de stap written: %s",
	"a letter promised %s, and the procedure comes to %s":                                                              "een brief beloofde %s, en de regeling komt uit op %s",
	"the letter stands; if the procedure is not what it should be, mend it there":                                      "wat de brief belooft, geldt; klopt de regeling niet, herstel haar dan",
	"the procedure allows an extension until %s, not until %s":                                                         "de regeling staat uitstel toe tot %s, niet tot %s",
	"the procedure knows no extension, so this one moves nothing":                                                      "de regeling kent geen uitstel, dus dit schuift niets op",
	"the file %s is not there":                      "het bestand %s is er niet",
	"no step names this file, so no dossier has it": "geen stap noemt dit bestand, dus het staat in geen dossier",
	"if it belongs there, `klacht edit %s` names it under files: of a note; if not, remove it": "hoort het erbij, noem het dan met `klacht edit %s` onder files: bij een notitie; zo niet, gooi het weg",
	"%q is not a kind of complaint that the procedure names":                                   "%q is geen soort klacht die de regeling noemt",
	"name it there under about, or `klacht edit %s`":                                           "noem die daar onder about, of pas de klacht aan met `klacht edit %s`",
	"give it that name":                         "geef het die naam",
	"is a copy of %s that klacht does not read": "is een kopie van %s die klacht niet leest",
	"a sync program or an editor left it; look whether it has something that %s lacks, and remove it": "een synchronisatieprogramma of een editor liet haar achter; kijk of er iets in staat dat %s mist, en gooi haar weg",
	"is a copy that klacht does not read":                                                            "is een kopie die klacht niet leest",
	"a sync program or an editor left it; look what is in it, and remove it":                         "een synchronisatieprogramma of een editor liet haar achter; kijk wat erin staat, en gooi haar weg",
	"%s stands here twice":                                                                           "%s staat hier twee keer",
	"are mails of a complaint that was purged":                                                       "zijn mails van een klacht die is gewist",
	"remove the folder":                                                                              "gooi de map weg",
	"is not there, and neither are these complaints: %s":                                             "is er niet, en deze klachten zijn er ook niet: %s",
	"look where the folder went, and put it back":                                                    "kijk waar de map is gebleven, en zet haar terug",
	"look where the folder went; if nothing was in it: mkdir %s":                                     "kijk waar de map is gebleven; zat er niets in: mkdir %s",
	"is an empty folder, without a complaint":                                                        "is een lege map, zonder klacht",
	"`klacht check --fix` removes it":                                                                "`klacht check --fix` gooit het weg",
	"has mails, but their complaint is not there":                                                    "heeft mails, maar de klacht ervan is er niet",
	"if the complaint was never registered, `klacht new` takes the mail; then remove the folder":     "is de klacht nooit ingeschreven, geef de mail dan aan `klacht new`; gooi daarna de map weg",
	"these numbers are missing: %s":                                                                  "deze nummers ontbreken: %s",
	"a number is given once, without gaps; an earlier copy of the register may have what is missing": "een nummer wordt één keer gegeven, zonder gaten; misschien staat wat ontbreekt in een eerdere kopie van het register",
	"the holiday %q never falls on a working day, so it changes nothing":                             "de feestdag %q valt nooit op een werkdag en verandert dus niets",
	"take it out, or add its day of the week to workdays":                                            "haal hem eruit, of zet die dag van de week bij de werkdagen",
	"the closing days %s..%s have no working day among them, so they change nothing":                 "tussen de sluitingsdagen %s..%s zit geen werkdag, dus ze veranderen niets",
	"is the year right? If they are meant so, take them out":                                         "klopt het jaar? Zijn ze zo bedoeld, haal ze er dan uit",
	"its complaint %s is not there":                                                                  "de klacht %s is er niet",
	"`klacht outbox --drop %s` throws the letter away":                                               "`klacht outbox --drop %s` gooit de brief weg",
	"is left of a letter that does not wait any more":                                                "is over van een brief die niet meer wacht",
	"the next letter removes it; put it elsewhere if you want to keep it":                            "de volgende brief gooit het weg; zet het ergens anders als je het wilt bewaren",
	"is left of a command that was killed":                                                           "is achtergelaten door een afgebroken commando",
	"is not read here, for cases stand in the folder of their month":                                 "wordt hier niet gelezen, want klachten staan in de map van hun maand",
	"put it in %s": "zet het in %s",
	"`klacht check --fix`, or chmod -R go= %s": "`klacht check --fix`, of chmod -R go= %s",
}
