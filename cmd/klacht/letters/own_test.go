package letters

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	casefile "klacht/case"
)

// own makes the owner's folder of names and texts.
func own(pairs ...string) fs.FS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

const ownProposal = `Onderwerp: Een voorstel

Dag {{.Name}},

{{if .Unconfirmed}}{{template "receipt" .}}{{end}}

{{.Text}}

{{template "signature" .}}
`

func TestACopyOfATemplateWritesTheSameLetter(t *testing.T) {
	eachSample(t, func(t *testing.T, k Kind, fo form) {
		m := sample(k, fo.lang, fo.address)
		want := compose(t, k, m)
		for _, crlf := range []bool{false, true} {
			files := []string{File(k, fo.lang), Source(k, fo.lang), File(Parts, fo.lang), Source(Parts, fo.lang)}
			if crlf { // as Notepad writes it
				files[1] = "\uFEFF" + strings.ReplaceAll(files[1], "\n", "\r\n")
			}
			m.Own = own(files...)
			if got := compose(t, k, m); shown(got) != shown(want) {
				t.Errorf("a copy gives:\n%s", shown(got))
			}
			if errs := Check(m.Own); errs != nil {
				t.Error(errs)
			}
		}
	})
}

func TestTheOwnersTemplateReplacesOurs(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Own = own("proposal.nl.txt", ownProposal)
	l := compose(t, Proposal, m)
	sound(t, l, m)
	if l.Subject != "Een voorstel [2026-0007]" || !strings.HasPrefix(l.Body, "Dag Jolanda de Wit,\n\nIk betaal u een derde") {
		t.Error(shown(l))
	}
	m.Case = complaint("nl") // the first letter
	if l := compose(t, Proposal, m); !strings.HasPrefix(l.Body, "Dag Jolanda de Wit,\n\nOp vrijdag 20 november heb ik uw klacht") {
		t.Error(shown(l))
	}
	// In the other language, for another letter, and with another name, ours stays.
	m = sample(Proposal, "en", "u")
	m.Own = own("proposal.nl.txt", ownProposal, "closing.en.txt", "x", "proposal.txt", "x")
	if l, want := compose(t, Proposal, m), compose(t, Proposal, sample(Proposal, "en", "u")); shown(l) != shown(want) {
		t.Error(shown(l))
	}
}

func TestTheSubjectLine(t *testing.T) {
	rest := "\n\n{{.Text}}\n\n{{template \"signature\" .}}"
	for first, want := range map[string]string{
		"Subject: Hallo":                           "Hallo [2026-0007]",
		"Onderwerp: Hallo":                         "Hallo [2026-0007]",
		"onderwerp:   Hallo  ":                     "Hallo [2026-0007]",
		"Onderwerp: [{{.Reference}}] {{.Subject}}": "[2026-0007] Website drie weken te laat opgeleverd",
		"Onderwerp: a [{{.Reference}}] b":          "a [2026-0007] b",
		"Onderwerp:":                               `Uw klacht "Website drie weken te laat opgeleverd" [2026-0007]`,
		"Dag,":                                     `Uw klacht "Website drie weken te laat opgeleverd" [2026-0007]`,
		"Onderwerp: x{{\"\\r\\nBcc: ander@kwaad.example\"}}": "x Bcc: ander@kwaad.example [2026-0007]",
		"Onderwerp: " + strings.Repeat("lang ", 100):         strings.Repeat("lang ", 29) + "lang… [2026-0007]",
	} {
		m := sample(Proposal, "nl", "u")
		m.Own = own("proposal.nl.txt", first+rest)
		l := compose(t, Proposal, m)
		sound(t, l, m)
		if l.Subject != want {
			t.Errorf("%q\n got: %s\nwant: %s", first, l.Subject, want)
		}
		if has := strings.Contains(l.Body, "Dag,"); has != (first == "Dag,") {
			t.Errorf("%q: the body is\n%s", first, l.Body)
		}
	}
}

// One file changes the signature of every letter; the other parts stay.
func TestTheOwnersParts(t *testing.T) {
	m := sample(Closing, "nl", "u")
	m.Own = own("parts.nl.txt", `{{define "signature"}}Groeten van {{.Handler}}
{{.Firm}}{{end}}`)
	l := compose(t, Closing, m)
	if !strings.HasSuffix(l.Body, "\n\nGroeten van Mok Verhagen\nWebwerk Oost\n") || !strings.Contains(l.Body, "Commissie van Kwaliteitshandhaving\nSecretariaat") {
		t.Error(l.Body)
	}
}

func TestBrokenTemplatesSayWhere(t *testing.T) {
	signed := "\n\n{{.Text}}\n{{template \"signature\" .}}"
	for _, c := range []struct {
		what, file, text string
		want, hint       string
	}{
		{"an unknown field", "proposal.nl.txt", "Onderwerp: x\n\nDag {{.Naam}},\n" + signed,
			`letters/proposal.nl.txt:3: there is no field "Naam"`, "Name, Outcome, Phone"},
		{"an unknown field without a subject", "proposal.nl.txt", "Dag,\n\n\n{{ .CloseOn }}" + signed,
			`letters/proposal.nl.txt:4: there is no field "CloseOn"`, "Bodies, Body, ByPhone"},
		{"an unknown field in the subject", "proposal.nl.txt", "Onderwerp: {{.Onderwerp}}\n" + signed,
			`letters/proposal.nl.txt:1: there is no field "Onderwerp"`, "Subject"},
		{"an unknown field where this letter does not come", "proposal.nl.txt", "Dag,\n{{if .PromiseBroken}}\n{{.Naam}}{{else}}{{end}}" + signed,
			`letters/proposal.nl.txt:3: there is no field "Naam"`, "Name"},
		{"in an else", "proposal.nl.txt", "{{if .Name}}{{else if .Phone}}\n{{else}}\n{{len .Naam}}{{end}}" + signed,
			`letters/proposal.nl.txt:3: there is no field "Naam"`, "Name"},
		{"as an argument", "proposal.nl.txt", "\n{{if and .Name (eq .Uitkomst \"agreed\")}}{{end}}" + signed,
			`letters/proposal.nl.txt:2: there is no field "Uitkomst"`, "Outcome"},
		{"of the letter within a list", "proposal.nl.txt", "{{range .Bodies}}\n{{$.Naam}}{{end}}" + signed,
			`letters/proposal.nl.txt:2: there is no field "Naam"`, "Name"},
		{"of the letter where this letter does not come", "proposal.nl.txt", "{{if .PromiseBroken}}\n{{$.Naam}}{{end}}" + signed,
			`letters/proposal.nl.txt:2: there is no field "Naam"`, "Name"},
		{"an unknown field of a body", "proposal.nl.txt", "{{range .Bodies}}\n{{.Adres}}{{end}}" + signed,
			`letters/proposal.nl.txt:2: there is no field "Adres"`, "Bodies"},
		{"a field of a letter asked of a body", "proposal.nl.txt", "\n{{range .Bodies}}\n{{.Handler}}{{end}}" + signed,
			`letters/proposal.nl.txt:3: there is no field "Handler"`, "Handler"},
		{"a field of a text", "proposal.nl.txt", "\n{{.Text.First}}" + signed,
			`letters/proposal.nl.txt:2: there is no field "First"`, "Text"},
		{"an unknown field in a part of its own", "proposal.nl.txt", "{{define \"a\"}}\n\n{{.Naam}}{{end}}" + signed,
			`letters/proposal.nl.txt:3: there is no field "Naam"`, "Name"},
		{"an unknown field in the owner's parts", "parts.nl.txt", "\n{{define \"greeting\"}}Dag {{.Naam}},{{end}}",
			`letters/parts.nl.txt:2: there is no field "Naam"`, "Name"},
		{"an unknown part", "proposal.nl.txt", "\n{{template \"groet\" .}}" + signed,
			`letters/proposal.nl.txt:2: there is no part "groet"`, "bodies, closeby, complaint, dates, greeting, late, receipt, signature, subject"},
		{"an action that does not end", "proposal.nl.txt", "Dag\n\n{{if .Name}}x" + signed,
			`letters/proposal.nl.txt:6: the template cannot be used: unexpected EOF`, ""},
		{"a brace too few", "proposal.nl.txt", "Dag\n{{.Name}\n" + signed,
			`letters/proposal.nl.txt:2: the template cannot be used: `, ""},
		{"an unknown function", "proposal.nl.txt", "Dag\n{{upper .Name}}" + signed,
			`letters/proposal.nl.txt:2: the template cannot be used: function "upper" not defined`, ""},
		{"a function used wrongly", "proposal.nl.txt", "Dag\n{{ju \"je\"}}" + signed,
			`letters/proposal.nl.txt:2: the template cannot be used: wrong number of args for ju`, ""},
		{"broken in the subject", "proposal.nl.txt", "Onderwerp: {{.Name\n" + signed,
			`letters/proposal.nl.txt:1: the template cannot be used: `, ""},
		{"broken parts", "parts.nl.txt", "{{define \"greeting\"}}\n{{end",
			`letters/parts.nl.txt:2: the template cannot be used: `, ""},
		{"not UTF-8", "proposal.nl.txt", "Dag,\nprivé\nDat is 1 \x80" + signed,
			`letters/proposal.nl.txt:3: here is a character that is not text in UTF-8`, "save the file as UTF-8"},
		{"far too large", "proposal.nl.txt", strings.Repeat("x", maxTemplate+1),
			`letters/proposal.nl.txt is larger than 1 MB`, ""},
		{"without who handles it", "proposal.nl.txt", "Dag,\n{{.Text}}\n{{.Firm}}",
			`letters/proposal.nl.txt: the letter does not say who handles the complaint`, `{{template "signature" .}}`},
		{"without the owner's own words", "proposal.nl.txt", "Dag,\n{{template \"signature\" .}}",
			`letters/proposal.nl.txt: the letter does not say your own words`, `{{.Text}}`},
		{"empty", "proposal.nl.txt", "",
			`letters/proposal.nl.txt: the letter does not say who handles the complaint`, ""},
	} {
		m := sample(Proposal, "nl", "u")
		m.Own = own(c.file, c.text)
		l, err := Compose(Proposal, m)
		if err == nil {
			t.Errorf("%s: is taken:\n%s", c.what, l.Body)
			continue
		}
		if l.Body != "" || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s\n got: %s\nwant: %s", c.what, err, c.want)
		}
		hint, _ := casefile.HintOf(err)
		if !strings.Contains(strings.NewReplacer("[", "", "]", "", " ", ", ").Replace(hint.String()), strings.ReplaceAll(c.hint, " ", ", ")) &&
			!strings.Contains(strings.ReplaceAll(hint.String(), " ", ", "), c.hint) && !strings.Contains(hint.String(), c.hint) {
			t.Errorf("%s: the hint is %q, want %q", c.what, hint, c.hint)
		}
		if strings.Contains(err.Error()+hint.String(), "Jolanda") { // R13
			t.Errorf("%s: the error tells who complains: %s", c.what, err)
		}
	}
}

// A template of the owner's cannot leave out what the procedure promises.
func TestPromisesCannotBeLeftOut(t *testing.T) {
	bare := "Dag,\n{{.Text}}\n{{template \"signature\" .}}"
	for _, c := range []struct {
		k     Kind
		first bool
		want  string
		with  string // what makes it right
	}{
		{Closing, false, "where else to turn", `{{template "bodies" .}}`},
		{Closing, false, "where else to turn", "{{range .Bodies}}{{.Name}}, {{.Address}}, {{.URL}}\n{{end}}"},
		{Extension, false, "the new date", "{{.Until}} {{.Reason}}"},
		{Extension, false, "the new date", "Op {{.Until}}. Want: {{.Reason}}"},
		{Invitation, false, "the day", "{{.Day}} om {{.Time}}, {{.Means}}"},
		{Proposal, true, "that the complaint has come in, and when", `{{template "receipt" .}}`},
		{Proposal, true, "that the complaint has come in, and when", "Uw mail van {{.Received}} is er."},
		{Acknowledgement, true, "that the complaint has come in, and when", `{{template "receipt" .}}`},
	} {
		m := sample(c.k, "nl", "u")
		if c.first {
			m.Case = complaint("nl")
		}
		name := File(c.k, "nl")
		m.Own = own(name, bare)
		_, err := Compose(c.k, m)
		if want := "letters/" + name + ": the letter does not say " + c.want; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", c.k, err, want)
		}
		if hint, _ := casefile.HintOf(err); !strings.Contains(hint.String(), "{{") {
			t.Errorf("%s: the hint is %q", c.k, hint)
		}
		m.Own = own(name, bare+"\n\n"+c.with)
		if _, err := Compose(c.k, m); err != nil {
			t.Errorf("%s with %q: %v", c.k, c.with, err)
		}
	}
	m := sample(Extension, "nl", "u")
	m.Own = own("extension.nl.txt", bare+"\n{{.Until}}")
	if _, err := Compose(Extension, m); err == nil || !strings.Contains(err.Error(), "the reason") {
		t.Error(err)
	}
}

func TestAFolderThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	m := sample(Proposal, "nl", "u")
	m.Own = os.DirFS(filepath.Join(dir, "letters")) // not there
	compose(t, Proposal, m)
	if errs := Check(m.Own); errs != nil {
		t.Error(errs)
	}
	if err := os.MkdirAll(filepath.Join(dir, "letters", "proposal.nl.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if l, err := Compose(Proposal, m); err == nil {
		t.Errorf("a folder is taken for a template:\n%s", l.Body)
	}
	if errs := Check(m.Own); len(errs) != 1 {
		t.Error(errs)
	}
}

// refusing is a folder that the owner may not read.
type refusing struct{}

func (refusing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestAFileThatCannotBeReadIsNoReasonForOurs(t *testing.T) {
	m := sample(Proposal, "nl", "u")
	m.Own = refusing{}
	if _, err := Compose(Proposal, m); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
	if errs := Check(m.Own); len(errs) != 1 || !errors.Is(errs[0], fs.ErrPermission) {
		t.Error(errs)
	}
}

func TestCheckFindsWhatIsWrongWithEveryTemplate(t *testing.T) {
	if errs := Check(nil); errs != nil {
		t.Error(errs)
	}
	errs := Check(own(
		"acknowledgement.nl.txt", "{{.Naam}}",
		"proposal.nl.txt", ownProposal,
		"closing.en.txt", "Subject: {{",
		"parts.en.txt", "{{define \"x\"}}{{template \"y\" .}}{{end}}",
		"afsluiting.nl.txt", "Dag",
		"closing.de.txt", "Guten Tag",
		".DS_Store", "\x00",
		"proposal.nl.txt~", "{{.Naam}}",
	))
	want := []string{
		`letters/acknowledgement.nl.txt:1: there is no field "Naam"`,
		"letters/afsluiting.nl.txt is not the name of a letter",
		"letters/closing.de.txt is not the name of a letter",
		"letters/closing.en.txt:1: the template cannot be used: ",
		`letters/parts.en.txt:1: there is no part "y"`,
	}
	if len(errs) != len(want) {
		t.Fatalf("%d errors: %v", len(errs), errs)
	}
	for i, w := range want {
		if !strings.HasPrefix(errs[i].Error(), w) {
			t.Errorf("got %s\nwant %s", errs[i], w)
		}
	}
}
