package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"
)

func TestInitMakesARegisterThatExplainsItself(t *testing.T) {
	for _, language := range []string{"nl", "en"} {
		s := mok
		s.Language = language
		dir := filepath.Join(t.TempDir(), "a", "b")
		must(t, Init(dir, s))
		r := reopen(t, dir)
		p := r.Policy
		if p.Organisation.Name != s.Name || p.Organisation.Handler != s.Handler || p.Organisation.Email != s.Email ||
			p.Versions[0].From != s.From || p.Zone.String() != "Europe/Amsterdam" {
			t.Errorf("%s: %+v", language, p)
		}
		v := p.Versions[0]
		for term, want := range map[string]string{"acknowledge": "5 workdays", "inform": "10 workdays", "close": "4 weeks", "comply": "5 workdays"} {
			found := false
			for name, t := range v.Terms {
				found = found || string(name) == term && t.String() == want
			}
			if !found {
				t.Errorf("%s: %s is not %s", language, term, want)
			}
		}
		if v.Archive.String() != "5 years" {
			t.Errorf("%s: kept for %s", language, v.Archive)
		}
		wantNames(t, r, "archive", "open")
		for line := range strings.Lines(string(policyTextIn(t, s))) {
			if len(strings.TrimRight(line, "\n")) > 160 {
				t.Errorf("a line of %d bytes: %s", len(line), line)
			}
		}
	}
}

func policyTextIn(t *testing.T, s Start) []byte {
	t.Helper()
	data, err := s.policy()
	must(t, err)
	return data
}

func TestInitKeepsOddNames(t *testing.T) {
	for _, name := range append([]string{
		"Jansen & Zn.", "'t Hoekje", `De "Site" B.V.`, "Mok: websites", "Mok # 1", "- Mok", "null", "yes", "2026", "2026-11-20", "@mok",
		"*Mok*", "&Mok", "!Mok", "{{.Email}}", "{Mok}", "[Mok]", "Mok|Mok", "> Mok", "%Mok", "`Mok`", "Müller & Søn", "莫克", "😡", "Mok\\n",
		strings.Repeat("Mok ", 100), "Mok\nWebsites", "Mok\tWebsites", "a\x1b[31mb", "a\u202eb", "\xff", "Mok: |", "Mok:", "? Mok", "~", "...", "---",
	}, hostile...) {
		want := casefile.OneLine(name)
		if want == "" {
			continue
		}
		s := Start{Name: name, Handler: name, Email: name, Language: "nl", From: mok.From}
		p, damage := decodePolicy(PolicyFile, policyTextIn(t, s))
		if damage != nil {
			t.Errorf("%q: %v", name, damage)
		} else if o := p.Organisation; o.Name != want || o.Handler != want || o.Email != want {
			t.Errorf("%q reads back as %q, %q, %q", name, o.Name, o.Handler, o.Email)
		}
	}
}

func TestInitRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		before map[string]string
		start  Start
		want   string
	}{
		"a register":         {map[string]string{PolicyFile: goodPolicy}, mok, "DIR is already a register"},
		"a damaged one":      {map[string]string{PolicyFile: ""}, mok, "DIR is already a register"},
		"a folder with work": {map[string]string{"brief.odt": "x"}, mok, "the folder DIR is not empty"},
		"no name":            {nil, Start{Handler: "Mok", Email: "a@b", Language: "nl", From: mok.From}, `the key "organisation: name" is missing`},
		"a blank name":       {nil, Start{Name: " \n", Handler: "Mok", Email: "a@b", Language: "nl", From: mok.From}, `the key "organisation: name" is missing`},
		"no date":            {nil, Start{Name: "Mok", Handler: "Mok", Email: "a@b", Language: "nl"}, "a value is missing here"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, content := range tt.before {
				must(t, os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644))
			}
			before := tree(t, dir)
			wantError(t, Init(dir, tt.start), strings.ReplaceAll(tt.want, "DIR", dir))
			wantTree(t, dir, before)
		})
	}
	file := filepath.Join(t.TempDir(), "bestand")
	must(t, os.WriteFile(file, []byte("x"), 0o600))
	if err := Init(file, mok); err == nil || !strings.HasPrefix(err.Error(), "cannot make the register: ") {
		t.Errorf("in a file: %v", err)
	}
}

// What stands in the policy as an example behind a # is true when the # goes, and
// carrying out a ruling is an aim: the procedure names no number.
func TestTheExamplesInAPolicyCanBeUsed(t *testing.T) {
	for _, language := range []string{"nl", "en"} {
		s := mok
		s.Language = language
		text := string(policyTextIn(t, s))
		for _, key := range []string{"role", "about", "appeal", "history"} {
			used := strings.Replace(text, "# "+key+": ", key+": ", 1)
			if used == text {
				t.Errorf("%s: there is no example of %s", language, key)
			}
			text = used
		}
		p, damage := decodePolicy(PolicyFile, []byte(text))
		if damage != nil {
			t.Fatalf("%s: %v", language, damage)
		}
		if v := p.Versions[0]; p.Organisation.Role == "" || len(p.About) != 3 || v.Appeal.String() != "3 months after closed" || !v.Terms["comply"].Target {
			t.Errorf("%s: %+v", language, p)
		}
	}
}
