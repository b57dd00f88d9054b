package store

import (
	"strings"
	"testing"
)

// badCases are case files that must not be taken for good, each with all that
// its owner is told.
var badCases = map[string]struct{ data, want string }{
	"empty file":              {"", "f.yaml: is empty"},
	"nothing but comments":    {"\n# later\n\n", "f.yaml: is empty"},
	"nothing but a mark":      {"---\n", "f.yaml:2: is not a list of keys with values"},
	"null":                    {"null\n", "f.yaml:1: is not a list of keys with values"},
	"a list":                  {"- format: 1\n", "f.yaml:1: is not a list of keys with values"},
	"a sentence":              {"hallo\n", "f.yaml:1: is not a list of keys with values"},
	"only a log":              {handLog, `f.yaml: the key "format" is missing`},
	"no format":               {cut("format: 1\n"), `f.yaml: the key "format" is missing`},
	"no id":                   {cut("id: 2026-0007\n"), `f.yaml: the key "id" is missing`},
	"no complainant":          {cut("complainant:\n  name: Jolanda\n"), `f.yaml: the key "complainant: name" is missing`},
	"no log":                  {handHead, `f.yaml: the key "log" is missing`},
	"log without entries":     {handHead + "log:\n", `f.yaml: the key "log" is missing`},
	"log of no entries":       {handHead + "log: []\n", `f.yaml: the key "log" is missing`},
	"log not last":            {"id: 2026-0007\nformat: 1\ncomplainant: {name: J}\n" + handLog + "language: nl\n", "f.yaml:8: the log must stand last in the file, so that steps can be added to it"},
	"format of the future":    {swap("format: 1", "format: 2"), `f.yaml:1: format "2" is not one that this klacht can read`},
	"id in another form":      {swap("id: 2026-0007", "id: 2026-7"), `f.yaml:2: "2026-7" is not the number of a complaint`},
	"id that is a path":       {swap("id: 2026-0007", "id: ../2026-0007"), `f.yaml:2: "../2026-0007" is not the number of a complaint`},
	"impossible receipt":      {swap("received: 2026-11-20", "received: 2026-02-30"), `f.yaml:3: "2026-02-30" is not a date; write it as YYYY-MM-DD`},
	"receipt in Dutch order":  {swap("received: 2026-11-20", "received: 20-11-2026"), `f.yaml:3: "20-11-2026" is not a date; write it as YYYY-MM-DD`},
	"receipt unlike the log":  {swap("received: 2026-11-20", "received: 2026-11-19"), "f.yaml:3: received is 2026-11-19, but the log says 2026-11-20"},
	"receipt of a spoken one": {swap("step: received", "step: spoken"), "f.yaml:3: received is 2026-11-20, but the log has no step received"},
	"language unknown":        {swap("language: nl", "language: fr"), `f.yaml:7: "fr" is not one of [nl en]`},

	"unknown key":                  {swap("subject:", "onderwerp:"), `f.yaml:4: the key "onderwerp" is not known here`},
	"unknown key of complainant":   {swap("  name:", "  naam:"), `f.yaml:6: the key "naam" is not known here`},
	"unknown key of entry":         {handHead + handLog + "    tekst: x\n", `f.yaml:14: the key "tekst" is not known here`},
	"key twice":                    {handHead + "subject: x\n" + handLog, `f.yaml:10: the key "subject" stands here for the second time`},
	"key of complainant twice":     {swap("  name: Jolanda", "  name: Jolanda\n  name: Piet"), `f.yaml:7: the key "name" stands here for the second time`},
	"key of entry twice":           {handHead + handLog + "    \"by\": piet\n", `f.yaml:14: the key "by" stands here for the second time`},
	"log twice":                    {handHead + handLog + handLog, `f.yaml:14: the key "log" stands here for the second time`},
	"a list as key":                {swap("subject: W", "? [a]\n: b\nsubject: W"), "f.yaml:4: a key must be a word"},
	"merge key":                    {swap("subject: W", "<<: {subject: a}\nsubject: W"), `f.yaml:4: the key "<<" is not known here`},
	"a list as subject":            {swap("Website te laat", "[a, b]"), "f.yaml:4: a text belongs here"},
	"keys as subject":              {swap("Website te laat", "{a: b}"), "f.yaml:4: a text belongs here"},
	"no subject after the key":     {swap("Website te laat", ""), "f.yaml:4: a value is missing here"},
	"null as subject":              {swap("Website te laat", "null"), "f.yaml:4: a value is missing here"},
	"no receipt after the key":     {swap("received: 2026-11-20", "received: ~"), "f.yaml:3: a value is missing here"},
	"no language after the key":    {swap("language: nl", "language:"), "f.yaml:7: a value is missing here"},
	"a name as complainant":        {swap("complainant:\n  name: Jolanda", "complainant: Jolanda"), "f.yaml:5: a list of keys with values belongs here"},
	"null as complainant":          {swap("complainant:\n  name: Jolanda", "complainant:"), "f.yaml:5: a list of keys with values belongs here"},
	"null as text":                 {handHead + handLog + "    text:\n", "f.yaml:14: a value is missing here"},
	"keys as log":                  {handHead + "log: {at: 2026-11-20}\n", "f.yaml:10: a list belongs here"},
	"a word as entry":              {handHead + "log:\n  - ontvangen\n", "f.yaml:11: a list of keys with values belongs here"},
	"nothing as entry":             {handHead + handLog + "  -\n", "f.yaml:14: a list of keys with values belongs here"},
	"a list as entry":              {handHead + "log:\n  - - at: 2026-11-20\n", "f.yaml:11: a list of keys with values belongs here"},
	"a list as text":               {handHead + handLog + "    text: [a]\n", "f.yaml:14: a text belongs here"},
	"impossible day":               {handHead + "log:\n" + entry("at: 2026-02-29", "step: received", "by: mok"), `f.yaml:11: "2026-02-29" is not a date; write it as YYYY-MM-DD`},
	"impossible time":              {handHead + "log:\n" + entry("at: 2026-11-20T25:00", "step: received", "by: mok"), `f.yaml:11: "2026-11-20T25:00" is not a date; write it as YYYY-MM-DD, or YYYY-MM-DDTHH:MM`},
	"unknown step":                 {swap("step: received", "step: ontvangen"), `f.yaml:12: "ontvangen" is not a step`},
	"no step":                      {handHead + "log:\n" + entry("at: 2026-11-20", "by: mok"), `f.yaml:11: "" is not a step`},
	"no day":                       {handHead + "log:\n" + entry("step: received", "by: mok"), `f.yaml:11: received needs a value for "at"`},
	"nobody":                       {handHead + "log:\n" + entry("at: 2026-11-20", "step: received"), `f.yaml:11: received needs a value for "by"`},
	"a field of another step":      {handHead + handLog + "    until: 2026-12-24\n", `f.yaml:14: received has no field "until"`},
	"outcome of a note":            {handHead + handLog + entry("at: 2026-11-21", "step: noted", "by: mok", "text: x", "outcome: agreed"), `f.yaml:18: noted has no field "outcome"`},
	"a closing without outcome":    {handHead + handLog + entry("at: 2026-11-21", "step: closed", "by: mok"), `f.yaml:14: closed needs a value for "outcome"`},
	"an outcome unknown":           {handHead + handLog + entry("at: 2026-11-21", "step: closed", "by: mok", "outcome: gewonnen"), `f.yaml:17: "gewonnen" is not an outcome`},
	"an extension without reason":  {handHead + handLog + entry("at: 2026-11-21", "step: extended", "by: mok", "until: 2026-12-24"), `f.yaml:14: extended needs a value for "reason"`},
	"an extension that has passed": {handHead + handLog + entry("at: 2026-11-21", "step: extended", "by: mok", "until: 2026-11-21", "reason: ziek"), "f.yaml:17: an extension must end after the day on which it is told"},
	"a mail that is a path":        {handHead + handLog + "    mail: ../../etc/passwd\n", `f.yaml:14: "../../etc/passwd" cannot be the name of a mail`},
	"a mail that is a folder":      {handHead + handLog + "    mail: ..\n", `f.yaml:14: ".." cannot be the name of a mail`},

	"a step before the complaint": {handHead + handLog + entry("at: 2026-11-19", "step: noted", "by: mok", "text: x"), "f.yaml:14: noted comes before the complaint itself"},
	"received twice":              {handHead + handLog + entry("at: 2026-11-21", "step: received", "by: mok"), "f.yaml:14: the complaint has already been received"},
	"a step after the closing":    {handHead + handLog + entry("at: 2026-11-21", "step: closed", "by: mok", "outcome: agreed") + entry("at: 2026-11-22", "step: proposed", "by: mok"), "f.yaml:18: the complaint is closed"},
	"a ruling without a body":     {handHead + handLog + entry("at: 2026-11-21", "step: ruled", "by: mok", "text: x"), "f.yaml:14: the complaint does not lie with a body"},

	"an anchor":               {swap("Website te laat", "&a b"), "f.yaml:4: anchors and aliases (& and *) are not used here"},
	"an alias of nothing":     {swap("Website te laat", "*dringend"), "f.yaml:4: is not valid YAML: unknown anchor 'dringend' referenced"},
	"emphasis":                {swap("Website te laat", "*dringend*"), "f.yaml:4: is not valid YAML: did not find expected alphabetic or numeric character"},
	"a bomb":                  {"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n", "f.yaml:1: anchors and aliases (& and *) are not used here"},
	"a tag":                   {swap("Website te laat", "!!binary b"), "f.yaml:4: tags (!) are not used here"},
	"a tag of one's own":      {swap("Website te laat", "!let op"), "f.yaml:4: tags (!) are not used here"},
	"a second document":       {handHead + handLog + "---\nx: y\n", "f.yaml:14: a second document starts here"},
	"a second one, empty":     {handHead + handLog + "---\n", "f.yaml:14: a second document starts here"},
	"text after the end":      {handHead + handLog + "...\nx: y\n", "f.yaml:15: is not valid YAML: did not find expected <document start>"},
	"merge conflict, ours":    {handHead + "<<<<<<< HEAD\n" + handLog, "f.yaml:10: here is a mark of a merge conflict"},
	"merge conflict, middle":  {handHead + handLog + "=======\n", "f.yaml:14: here is a mark of a merge conflict"},
	"merge conflict, windows": {handHead + handLog + "=======\r\n", "f.yaml:14: here is a mark of a merge conflict"},
	"merge conflict, theirs":  {handHead + handLog + ">>>>>>> main\n", "f.yaml:14: here is a mark of a merge conflict"},
	"merge conflict, base":    {handHead + handLog + "||||||| 1234567\n", "f.yaml:14: here is a mark of a merge conflict"},

	"colon in a subject":   {swap("Website te laat", "Re: klacht: te laat"), "f.yaml:4: is not valid YAML: mapping values are not allowed in this context"},
	"quote without end":    {swap("Website te laat", `"Website`), "f.yaml:4: is not valid YAML: found unexpected end of stream"},
	"bracket without end":  {swap("Website te laat", "[spoed"), "f.yaml:4: is not valid YAML: did not find expected ',' or ']'"},
	"tab before a key":     {handHead + handLog + "\ttext: x\n", "f.yaml:14: is not valid YAML: found a tab character that violates indentation"},
	"tab in a block":       {handHead + handLog + "    text: |\n      een\n\t\n", "f.yaml:16: is not valid YAML: found a tab character where an indentation space is expected"},
	"key one blank off":    {handHead + handLog + "   text: x\n", "f.yaml:14: is not valid YAML: did not find expected '-' indicator"},
	"key without colon":    {handHead + handLog + "    text x\n", "f.yaml:14: is not valid YAML: could not find expected ':'"},
	"text not indented":    {handHead + handLog + "    text: |\n  x\n", "f.yaml:15: is not valid YAML: could not find expected ':'"},
	"no UTF-8":             {handHead + handLog + "    text: caf\xe9\n", "f.yaml:14: here is a character that is not text in UTF-8"},
	"UTF-16":               {utf16(handHead + handLog), "f.yaml:1: here is a character that is not text in UTF-8"},
	"a NUL":                {handHead + handLog + "    text: a\x00b\n", "f.yaml:14: here is a character that is not text in UTF-8"},
	"an escape":            {handHead + "# \x1b[2J\n" + handLog, "f.yaml:10: here is a character that is not text in UTF-8"},
	"a program":            {"\x7fELF\x02\x01\x01\x00\xff\xfe", "f.yaml:1: here is a character that is not text in UTF-8"},
	"very deep":            {"format: " + strings.Repeat("[", 20_000), "f.yaml:1: is not valid YAML: exceeded max depth of 10000"},
	"deep":                 {"format: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "f.yaml:1: a text belongs here"},
	"larger than any case": {handHead + handLog + "    text: " + strings.Repeat("x", 2<<20), "f.yaml: is larger than 2 MB"},
}

// swap returns a good case with one thing changed, cut one without it.
func swap(old, new string) string {
	s := handHead + handLog
	if !strings.Contains(s, old) {
		panic(old)
	}
	return strings.Replace(s, old, new, 1)
}

func cut(old string) string { return swap(old, "") }

func entry(lines ...string) string {
	return "  - " + strings.Join(lines, "\n    ") + "\n"
}

func TestBadCaseFileSaysWhereAndWhat(t *testing.T) {
	p := testPolicy(t)
	for name, tt := range badCases {
		t.Run(name, func(t *testing.T) {
			f, damage := decodeCase("f.yaml", []byte(tt.data), p)
			if damage == nil {
				t.Fatalf("was read: %+v", f.Case)
			}
			wantError(t, damage, tt.want)
		})
	}
}

func TestMistakeIsFoundOnItsLineInALongFile(t *testing.T) {
	p := testPolicy(t)
	long := handHead + handLog + strings.Repeat(entry("at: 2026-11-21", "step: noted", "by: mok", "text: \"een\n\n      twee\""), 300)
	lines := strings.Count(long, "\n")
	_, damage := decodeCase("f.yaml", []byte(long+"   x: [\n"+strings.Repeat("  # slot\n", 50)), p)
	if damage == nil || damage.Line != lines+1 {
		t.Errorf("got %v, want line %d", damage, lines+1)
	}
}

func TestGoodCaseFilesAreRead(t *testing.T) {
	p := testPolicy(t)
	for name, data := range byHand {
		if _, damage := decodeCase("f.yaml", []byte(data), p); damage != nil {
			t.Errorf("%s: %v", name, damage)
		}
	}
}
