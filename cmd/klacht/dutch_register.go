package main

// dutchRegister is about what tells complaints and registers apart: keys, numbers and
// the clones that give them.
var dutchRegister = map[string]string{
	"the key of a complaint cannot be changed":                                     "de sleutel van een klacht kan niet worden gewijzigd",
	"put it back below the number: key: %s":                                        "zet hem terug onder het nummer: key: %s",
	"%s: its key cannot be told, for it cannot be read":                            "%s: de sleutel is niet te zeggen, want de klacht is onleesbaar",
	"has the key of %s, so it is a copy of that":                                   "heeft de sleutel van %s, en is daar dus een kopie van",
	"if it is a complaint of its own, take out this line; if not, remove the file": "is het een aparte klacht, haal deze regel dan weg; zo niet, haal het bestand weg",
	"the same mail is in %s and %s":                                                "dezelfde mail zit in %s en %s",

	"%q is not the last number of a year":                                             "%q is niet het laatste nummer van een jaar",
	"these are two registers: their keys differ":                                      "dit zijn twee registers: ze hebben niet dezelfde sleutel",
	"`klacht check --fix` makes it anew; an earlier copy of the register may have it": "`klacht check --fix` maakt het opnieuw; misschien staat het in een eerdere kopie van het register",
	"was made anew":                          "is opnieuw gemaakt",
	"series claimed":                         "serie toegewezen",
	"every series of this register is taken": "elke serie van dit register is bezet",
	"take clones that are no more out of %s": "haal exemplaren die er niet meer zijn weg uit %s",
	"the series %s is not of this clone":     "de serie %s is niet van dit exemplaar",
	"`klacht sync` claims another":           "`klacht sync` vraagt een andere aan",

	"%s was removed on %s, and its file has come back":               "%s is gewist op %s, en het bestand is teruggekomen",
	"`klacht purge` removes it again":                                "`klacht purge` wist de klacht opnieuw",
	"`klacht purge` says why it stays; `klacht erase %s` removes it": "`klacht purge` zegt waarom de klacht blijft; `klacht erase %s` wist hem",
	"it was removed before, and what has come back is not what went": "hij is al eens gewist, en wat terugkwam is niet wat wegging",
}
