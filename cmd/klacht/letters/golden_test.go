package letters

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestLettersReadAsTheyShould(t *testing.T) {
	want := map[string]bool{}
	for _, f := range forms {
		for _, k := range All() {
			name := string(k) + "." + f.name + ".txt"
			want[name] = true
			golden(t, name, shown(compose(t, k, sample(k, f.lang, f.address))))
		}
		name := "variants." + f.name + ".txt"
		want[name] = true
		golden(t, name, variants(t, f))
	}
	files, _ := os.ReadDir("testdata/golden")
	for _, f := range files {
		if !want[f.Name()] {
			t.Errorf("%s is of no letter", f.Name())
		}
	}
}

func shown(l Letter) string { return "Subject: " + l.Subject + "\n\n" + l.Body }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata/golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is now:\n%s\n(-update, if that is meant)", name, got)
	}
}

// variants shows what the letters say in other circumstances: each outcome,
// first letters, late ones, and where something is not known.
func variants(t *testing.T, f form) string {
	t.Helper()
	var b strings.Builder
	show := func(what string, k Kind, m Matter) {
		b.WriteString("==== " + what + "\n\n" + shown(compose(t, k, m)) + "\n")
	}
	for _, o := range casefile.Outcomes() {
		m := sample(Closing, f.lang, f.address)
		m.Entry.Outcome, m.Entry.Text = o, ""
		show("closing, "+string(o)+", the owner's words still to come", Closing, m)
	}
	m := sample(Acknowledgement, f.lang, f.address)
	m.Today = date("2026-11-30")
	show("acknowledgement, late", Acknowledgement, m)

	m = sample(Acknowledgement, f.lang, f.address)
	m.Today, m.Case.Complainant.Name, m.Case.Subject = date("2026-12-21"), "", ""
	show("acknowledgement, later than everything, of somebody without a name about something without a subject", Acknowledgement, m)

	m = sample(Proposal, f.lang, f.address)
	m.Case, m.Entry.Text = complaint(f.lang), ""
	m.Today = date("2026-11-25")
	show("proposal, the first letter", Proposal, m)

	m = sample(Proposal, f.lang, f.address)
	m.Case.Log, m.Today, m.Entry.Text = append(m.Case.Log, on("2026-12-02", casefile.Heard)), date("2026-12-08"), ""
	show("proposal, after a conversation", Proposal, m)

	m = sample(Invitation, f.lang, f.address)
	m.Case.Complainant.Phone, m.Today = "", date("2026-12-07")
	show("invitation, late, the number not known", Invitation, m)

	m = sample(Invitation, f.lang, f.address)
	m.Entry.When, m.Entry.Means = moment("2026-12-09"), "Zoom"
	show("invitation, the time still open, by other means", Invitation, m)

	m = sample(Extension, f.lang, f.address)
	m.Today = date("2026-12-21")
	show("extension, too late", Extension, m)

	m = sample(Extension, f.lang, f.address)
	m.Policy = policy(f.address, nil)
	show("extension, where nothing was promised", Extension, m)

	m = sample(Closing, f.lang, f.address)
	m.Today = date("2026-12-21")
	m.Policy.Bodies = append(m.Policy.Bodies, m.Policy.Bodies[0])
	m.Policy.Bodies[1].Name, m.Policy.Bodies[1].Address, m.Policy.Bodies[1].URL = "Geschilleninstantie Helder", "", "https://geschillen.example/"
	show("closing, late, with two bodies", Closing, m)

	m = sample(Clarification, f.lang, f.address)
	m.Case.Log, m.Entry.Text = []casefile.Entry{on("2026-11-20", casefile.Spoken)}, ""
	show("clarification of a spoken complaint", Clarification, m)

	m = sample(Acceptance, f.lang, f.address)
	m.Policy.Versions[0].Terms[deadlines.Comply] = deadlines.Term{N: 5, Unit: deadlines.Workdays, Target: true}
	show("acceptance, where the firm has promised no term for carrying it out", Acceptance, m)

	m = sample(Compliance, f.lang, f.address)
	m.Case.Log[len(m.Case.Log)-1].At, m.Today = moment("2027-03-12"), date("2027-03-15")
	show("compliance, too late, written later", Compliance, m)

	m = sample(Invitation, f.lang, f.address)
	first := on("2026-11-30", casefile.Invited)
	first.When = moment("2026-12-04T10:00")
	m.Case.Log = append(m.Case.Log, first)
	show("invitation, in place of another", Invitation, m)

	m = sample(Acknowledgement, f.lang, f.address)
	m.Policy.Versions[0].Extension.Notice = deadlines.Term{N: 2, Unit: deadlines.Weeks}
	m.Case.Others = []casefile.Complainant{{Name: "Boer, Jan"}}
	show("acknowledgement of two people, where a delay is told within two weeks", Acknowledgement, m)

	m = sample(Acknowledgement, f.lang, f.address)
	m.Policy.Versions[0].Extension.None = true
	show("acknowledgement, where there is no extension", Acknowledgement, m)
	return b.String()
}
