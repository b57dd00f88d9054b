package main

// dutchHistory is what is said about the history of a register.
var dutchHistory = map[string]string{
	"Make a register in a folder of its own: the current one if it is empty, or DIR. Its procedure stands in\nregeling.yaml, with a comment at each key; look it over and make it yours. The first register that you\nmake is the one that klacht uses wherever you are.\n\nWith git on the machine the register becomes a git repository of its own, and every change a commit in it\n(klacht help log); not where it would lie inside another repository.": "Maak een register in een eigen map: de huidige als die leeg is, of DIR. De regeling staat in regeling.yaml,\nmet uitleg bij elke sleutel; kijk haar na en maak haar van jou. Het eerste register dat je maakt, gebruikt\nklacht waar je ook bent.\n\nStaat git op je computer, dan wordt het register een eigen git-repository, en elke wijziging daarin een commit\n(klacht help log); niet als het binnen een andere repository zou liggen.",
	"keep no history": "houd geen geschiedenis bij",
	"  git is not on this machine, so there is no history of changes; all else works":       "  git staat niet op deze computer, dus er is geen geschiedenis van wijzigingen; al het andere werkt",
	"  it lies inside another git repository, so there is no history of changes":            "  het ligt binnen een andere git-repository, dus er is geen geschiedenis van wijzigingen",
	"    `git init` in it gives it its own; `history: git` in regeling.yaml uses the other": "    `git init` erin geeft het een eigen; `history: git` in regeling.yaml gebruikt de andere",
	"  every change goes into its history: klacht log":                                      "  elke wijziging komt in de geschiedenis: klacht log",

	"this is recorded, but it is not in the history yet: %v": "dit is vastgelegd, maar staat nog niet in de geschiedenis: %v",
	"the next change that succeeds takes it along":           "de volgende wijziging die lukt, neemt het mee",
	"cannot open the history: %v":                            "kan de geschiedenis niet openen: %v",
	"the .git of the register is a link":                     "de .git van het register is een link",
	"put the repository itself in its place":                 "zet de repository zelf op die plaats",
	"git %s took longer than %s":                             "git %s duurde langer dan %s",
	"git %s: %v":                                             "git %s: %v",
	"a merge is under way in its repository":                 "in de repository is een samenvoeging bezig",
	"finish it, or give it up (`git status` says how); the next change then takes everything along": "maak die af of breek hem af (`git status` zegt hoe); de volgende wijziging neemt dan alles mee",
	"if no git is at work there, remove %s; the next change then takes this one along":              "is daar geen git aan het werk, verwijder dan %s; de volgende wijziging neemt deze dan mee",

	"the history cannot be read: git is not on this machine": "de geschiedenis is niet te lezen: git staat niet op deze computer",
	"install git": "installeer git",
	"this register keeps no history: its policy says history: none":                     "dit register houdt geen geschiedenis bij: in de regeling staat history: none",
	"this register keeps no history: it lies inside another git repository":             "dit register houdt geen geschiedenis bij: het ligt binnen een andere git-repository",
	"`git init` in %s gives it its own; `history: git` in regeling.yaml uses the other": "`git init` in %s geeft het een eigen; `history: git` in regeling.yaml gebruikt de andere",
	"this register keeps no history: it is no git repository":                           "dit register houdt geen geschiedenis bij: het is geen git-repository",
	"`git init` in %s makes it one; the next change then takes everything along":        "`git init` in %s maakt er een van; de volgende wijziging neemt dan alles mee",

	"tell who changed what in the register, and when": "laat zien wie wat in het register wijzigde, en wanneer",
	"Tell who changed what in the register, and when, the newest first; with ID only what changed in that\ncomplaint. It is read from the git repository of the register, where every change is a commit: git itself\nshows the rest, such as `git show`. Without ID or --number it tells of the newest 50.": "Laat zien wie wat in het register wijzigde, en wanneer, het nieuwste eerst; met ID alleen wat er aan die\nklacht is gewijzigd. Het komt uit de git-repository van het register, waarin elke wijziging een commit is: de\nrest laat git zelf zien, zoals met `git show`. Zonder ID of --number gaat het om de nieuwste 50.",
	"at most this `number` of commits; 0 is all": "hoogstens dit `aantal` commits; 0 is alle",
	"--number cannot be less than 0":             "--number kan niet minder dan 0 zijn",
	"Nothing of %s is in the history.":           "Van %s staat niets in de geschiedenis.",
	"Nothing is in the history yet.":             "Er staat nog niets in de geschiedenis.",
	"Older changes: klacht log -n 0":             "Oudere wijzigingen: klacht log -n 0",
	"edited":                                     "bewerkt",
	"as it was found":                            "zoals het was",
	"edited by hand":                             "met de hand bewerkt",
	"removed for good":                           "voorgoed gewist",
	"filed":                                      "opgeborgen",
	"made":                                       "gemaakt",
}
