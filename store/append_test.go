package store

import (
	"bytes"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"

	"github.com/google/go-cmp/cmp"
)

// handHead is the part of a case above its log, as the program writes it.
const handHead = `format: 1
id: 2026-0007
received: 2026-11-20
subject: Website te laat
complainant:
  name: Jolanda
language: nl
complaint: |
  Beste Mok,
`

const handLog = `log:
  - at: 2026-11-20T16:40:11+01:00
    step: received
    by: mok
`

// byHand are case files as people leave them behind; a step can be added to
// the end of each.
var byHand = map[string]string{
	"as written":                       handHead + handLog,
	"comment after the last entry":     handHead + handLog + "  # bellen!\n",
	"comment at the margin at the end": handHead + handLog + "# einde\n",
	"comment without a line end":       handHead + handLog + "# einde",
	"comment behind the last value":    handHead + strings.TrimSuffix(handLog, "\n") + "  # dat ben ik\n",
	"comments everywhere": "# boven\n" + strings.ReplaceAll(handHead, "language: nl", "# voor\nlanguage: nl # achter") +
		"# boven het log\nlog: # achter log\n  # voor de eerste\n  - at: 2026-11-20 # dag\n    # midden\n    step: received\n    by: mok\n    # na\n\n# slot\n",
	"other order of keys": "id: 2026-0007\ncomplainant: {email: j@voorbeeld.example, name: Jolanda}\nformat: 1\n" +
		"log:\n  - by: mok\n    step: received\n    at: 2026-11-20\n",
	"windows line ends":                strings.ReplaceAll(handHead+handLog, "\n", "\r\n"),
	"windows line ends, none at end":   strings.TrimSuffix(strings.ReplaceAll(handHead+handLog, "\n", "\r\n"), "\r\n"),
	"mixed line ends":                  strings.ReplaceAll(handHead, "\n", "\r\n") + handLog,
	"no line end at the end":           handHead + strings.TrimSuffix(handLog, "\n"),
	"log not indented":                 handHead + "log:\n- at: 2026-11-20\n  step: received\n  by: mok\n",
	"log by four blanks":               handHead + "log:\n    - at: 2026-11-20\n      step: received\n      by: mok\n",
	"four blanks after the dash":       handHead + "log:\n    -   at: 2026-11-20\n        step: received\n        by: mok\n",
	"dash on its own line":             handHead + "log:\n  -\n    at: 2026-11-20\n    step: received\n    by: mok\n",
	"dash, blank line and comment":     handHead + "log:\n  -\n\n    # - ontvangen\n    at: 2026-11-20\n    step: received\n    by: mok\n",
	"quoted keys":                      strings.ReplaceAll(handHead, "format", `"format"`) + "'log':\n  - \"at\": 2026-11-20\n    'step': received\n    by: \"mok\"\n",
	"an entry between braces":          handHead + "log:\n  - {at: 2026-11-20, step: received, by: mok}\n",
	"braces over several lines":        handHead + "log:\n  - {at: 2026-11-20,\n     step: received,\n     by: mok}\n",
	"a document mark at the start":     "---\n" + handHead + handLog,
	"a version at the start":           "%YAML 1.1\n---\n" + handHead + handLog,
	"byte order mark":                  "\ufeff" + handHead + handLog,
	"folded text last":                 handHead + handLog + "    text: >\n      een\n      twee\n\n      drie\n",
	"folded text, no line end":         handHead + handLog + "    text: >-\n      een\n      twee",
	"block text last":                  handHead + handLog + "    text: |\n      - at: geen stap\n      twee\n",
	"block text, no line end":          handHead + handLog + "    text: |\n      een\n      twee",
	"block text that keeps blank ends": handHead + handLog + "    text: |+\n      een\n\n\n",
	"block text that drops its end":    handHead + handLog + "    text: |-\n      een\n\n\n",
	"block text with its indentation":  handHead + handLog + "    text: |2\n        ingesprongen\n      niet\n",
	"plain text over lines":            handHead + handLog + "    text: een\n      twee\n\n      drie\n",
	"quoted text over lines":           handHead + handLog + "    text: \"een\n      twee\n\n      drie\"\n",
	"blank lines at the end":           handHead + handLog + "\n\n\n",
	"blanks at the end, no line end":   handHead + handLog + "   ",
	"tab in a text":                    handHead + handLog + "    text: |\n      een\ttwee\n      \t\n      drie\n",
	"tab before a comment":             handHead + handLog + "    text: een\t# twee\n",
	"a very long line":                 handHead + handLog + "    text: " + strings.Repeat("lang ", 40_000) + "\n",
	"emoji":                            handHead + handLog + "    text: \"👩‍👩‍👧 boos 😡\"\n",
	"line separator in the complaint":  strings.ReplaceAll(handHead, "Beste Mok", "Beste\u2028  - Mok\u2029    - Piet\u0085  -x") + handLog,
	"only a carriage return in a text": strings.ReplaceAll(handHead, "  Beste Mok", "  Beste\r  - Mok") + handLog,
	"two entries, styles mixed":        handHead + handLog + "  - {at: 2026-11-21, step: noted, by: mok, text: kort}\n",
	"dashes in the complaint":          strings.ReplaceAll(handHead, "  Beste Mok,\n", "  - een\n      - twee\n") + handLog,
}

func TestStepIsAddedToAFileEditedByHand(t *testing.T) {
	p := testPolicy(t)
	entries := map[string]casefile.Entry{
		"a note":        note(t, "2026-11-23T10:02:00+01:00", "Gebeld."),
		"several lines": note(t, "2026-11-23", "een\n\n  - twee: drie\n# vier"),
		"an invitation": {At: at(t, "2026-11-23"), Step: casefile.Invited, By: "mok", When: at(t, "2026-11-25T10:00"), Means: "phone", Mail: "02-invited.eml"},
	}
	for name, data := range byHand {
		for kind, e := range entries {
			t.Run(name+"/"+kind, func(t *testing.T) { wantAppended(t, []byte(data), e, p) })
		}
	}
}

// wantAppended checks that a step is added without a change to what was there.
func wantAppended(t *testing.T, data []byte, e casefile.Entry, p *deadlines.Policy) *File {
	t.Helper()
	f, damage := decodeCase("2026-0007.yaml", data, p)
	if damage != nil {
		t.Fatal(damage)
	}
	before := bytes.Clone(data)
	next, err := withEntry(f, e, p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, before) {
		t.Fatal("the bytes of the file as it was have changed")
	}
	added, ok := bytes.CutPrefix(next.Data, data)
	if !ok {
		t.Fatalf("the old file is not the start of the new one:\n%s", next.Data)
	}
	if bytes.HasSuffix(data, []byte("\n")) && bytes.HasPrefix(added, []byte("\n")) || len(added) == 0 {
		t.Errorf("added %q", added)
	}
	if bytes.Contains(data, []byte("\r\n")) && bytes.Count(added, []byte("\n")) != bytes.Count(added, []byte("\r\n")) {
		t.Errorf("the line ends of the file are not those of the addition: %q", added)
	}
	again, damage := decodeCase("2026-0007.yaml", next.Data, p)
	if damage != nil {
		t.Fatal(damage)
	}
	want := f.Case
	want.Log = append(append([]casefile.Entry(nil), f.Log...), e)
	if diff := cmp.Diff(plainCase(want), plainCase(again.Case)); diff != "" {
		t.Errorf("reads back as another case (-want +got):\n%s", diff)
	}
	return next
}

// plainCase is a case in which moments are compared as they are written, and
// texts without the line end that a block of text always has.
func plainCase(c casefile.Case) any {
	type entry struct{ At, When, Entry any }
	var log []entry
	for _, e := range c.Log {
		at, when := e.At.String(), e.When.String()
		e.At, e.When, e.Text = casefile.Moment{}, casefile.Moment{}, strings.TrimRight(e.Text, "\n")
		log = append(log, entry{at, when, e})
	}
	c.Log, c.Complaint = nil, strings.TrimRight(c.Complaint, "\n")
	return []any{c, log}
}

func TestManyStepsInARowOnlyAdd(t *testing.T) {
	p := testPolicy(t)
	for name, data := range byHand {
		t.Run(name, func(t *testing.T) {
			now := []byte(data)
			for _, text := range []string{"een", "twee\n\ndrie\n", " - vier", "#vijf", "a: b"} {
				now = wantAppended(t, now, note(t, "2026-11-24", text), p).Data
			}
		})
	}
}

func TestFileThatCannotBeAddedToSaysSo(t *testing.T) {
	for name, tt := range map[string]struct{ data, want string }{
		"log between brackets": {handHead + "log: [{at: 2026-11-20, step: received, by: mok}]\n",
			"open/2026-0007.yaml:10: a step cannot be added to the end of this file"},
		"end of document": {handHead + handLog + "...\n",
			"open/2026-0007.yaml:11: a step cannot be added to the end of this file"},
		"all between braces": {"{format: 1, id: 2026-0007, complainant: {name: J},\nlog: [{at: 2026-11-20, step: received, by: mok}]}\n",
			"open/2026-0007.yaml:2: a step cannot be added to the end of this file"},
		"key after log": {"format: 1\nid: 2026-0007\ncomplainant: {name: J}\n" + handLog + "subject: te laat\n",
			"open/2026-0007.yaml:8: the log must stand last in the file, so that steps can be added to it"},
		"UTF-16": {utf16(handHead + handLog),
			"open/2026-0007.yaml:1: here is a character that is not text in UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			place(t, r, "open/2026-0007.yaml", tt.data)
			before := tree(t, r.Dir)
			writing(t, r, func(w *Writer) {
				_, err := w.Append("2026-0007", note(t, "2026-11-23", "Gebeld."), mailOf("<a@b>"), nil)
				wantError(t, err, tt.want)
			})
			wantTree(t, r.Dir, before)
		})
	}
}

func utf16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return string(b)
}

func testPolicy(t testing.TB) *deadlines.Policy {
	t.Helper()
	p, damage := decodePolicy(PolicyFile, policyText(t))
	if damage != nil {
		t.Fatal(damage)
	}
	return p
}
