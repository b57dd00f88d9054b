package main

// dutchReport is what is said about the annual overview; its own words stand
// in case/report.
var dutchReport = map[string]string{
	"show a year of complaints in numbers, without names (R13)": "toon een jaar klachten in getallen, zonder namen (R13)",
	"Show the complaints that were received in a year, or from a day up to and including another, in numbers:\n" +
		"how they ended, which promises were kept, how long it took, extensions and rulings, and what was learned.\n" +
		"Purged complaints count too, those that were registered by mistake do not. Nobody is named, and small numbers\n" +
		"of outcomes are put together: report: in regeling.yaml says from which number on. Without a year it is this\n" +
		"one, until today; with --today it is what had come in and was done by that day.\n\n" +
		"--html writes one page to read or print, --csv a table; - stands for standard output. What was learned is in\n" +
		"your own words; what is seen to name the complainant stays out, and you read the rest before you give it away.": "Toon in getallen de klachten die in een jaar zijn ontvangen, of van een dag tot en met een andere: hoe ze\n" +
		"afliepen, welke beloften zijn nagekomen, hoe lang het duurde, uitstel en uitspraken, en wat je ervan leerde.\n" +
		"Gewiste klachten tellen mee, die bij vergissing waren ingeschreven niet. Niemand wordt genoemd, en kleine\n" +
		"aantallen uitkomsten zijn samengevoegd: report: in regeling.yaml zegt vanaf welk getal ze apart staan. Zonder\n" +
		"jaar gaat het over dit jaar, tot vandaag; met --today over wat tot en met die dag binnenkwam en gebeurde.\n\n" +
		"--html schrijft een pagina om te lezen of af te drukken, --csv een tabel; - is de standaarduitvoer. Wat je\n" +
		"ervan leerde staat er in je eigen woorden; wat de klager herkenbaar noemt blijft eruit, en de rest lees jij na\n" +
		"voordat je de pagina weggeeft.",
	"write it as a page to this `file`":                 "schrijf het als pagina naar dit `bestand`",
	"write the numbers as a table (CSV) to this `file`": "schrijf de getallen als tabel (CSV) naar dit `bestand`",
	"YEAR": "JAAR",
	"FROM": "VAN",
	"..TO": "..TOT",
	"%s is one day; a period is written as %s..%s":                                            "%s is één dag; een periode schrijf je als %s..%s",
	"the period %s ends before it starts":                                                     "de periode %s eindigt voordat ze begint",
	"%s has yet to come":                                                                      "%s moet nog komen",
	"%q is not a year or a date; write 2026, or 2026-01-01..2026-06-30":                       "%q is geen jaar of datum; schrijf 2026, of 2026-01-01..2026-06-30",
	"standard output takes one of them; give the others a file":                               "de standaarduitvoer kan er maar één hebben; geef de andere een bestand",
	"%s cannot be written: %v":                                                                "%s kan niet worden geschreven: %v",
	"left out of what was learned, for they name the complainant: %d":                         "weggelaten bij wat je ervan leerde, want ze noemen de klager: %d",
	"What was learned stands there in your own words: read it before you give the page away.": "Wat je ervan leerde staat erin in je eigen woorden: lees het na voordat je de pagina weggeeft.",
	"written: %s":                                 "geschreven: %s",
	"last year: klacht report %s":                 "vorig jaar: klacht report %s",
	"%q is not a number from %d to %d":            "%q is geen getal van %d tot en met %d",
	"%q is not how a promise stood":               "%q is niet hoe een belofte ervoor stond",
	"write it like acknowledge on-time 2":         "schrijf het als acknowledge on-time 2",
	"%q is not a step with its day":               "%q is geen stap met zijn dag",
	"write it like closed 2020-03-05 agreed":      "schrijf het als closed 2020-03-05 agreed",
	"  its SHA-256, to keep apart as a proof: %s": "  zijn SHA-256, om apart te bewaren als bewijs: %s",
}
