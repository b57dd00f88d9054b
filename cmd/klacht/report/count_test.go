package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
	"klacht/deadlines"
)

const plainPolicy = `format: 1
organisation: {name: Webwerk Oost, handler: Mok Verhagen, email: klachten@webwerkoost.example}
timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
holidays: [koningsdag]
versions:
  - from: 2025-01-01
    acknowledge: 5 workdays
    close: 4 weeks
    archive: 1 year
`

// registerOf makes a register of cases: of each the steps, one a line, and what
// else stands in its file before a line with a dash.
func registerOf(t *testing.T, policy string, cases ...string) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("regeling.yaml", policy)
	for i, c := range cases {
		head, log, ok := strings.Cut(c, "\n-\n")
		if !ok {
			head, log = "", c
		}
		id := casefile.MakeID(2026, "", i+1)
		text := fmt.Sprintf("format: 1\nid: %s\ncomplainant: {name: Jolanda de Wit}\n%s\nlog:\n", id, head)
		for line := range strings.Lines(log) {
			day, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			step, more, _ := strings.Cut(rest, " ")
			text += fmt.Sprintf("  - {at: %s, step: %s, by: mok%s}\n", day, step, strings.TrimSuffix(", "+more, ", "))
		}
		put("open/"+string(id)+".yaml", text)
	}
	return dir
}

func counted(t *testing.T, dir, today string, changes ...func(*deadlines.Policy)) *Report {
	t.Helper()
	r := reportOn(t, dir, year(2026), today, changes...)
	if r.Unreadable > 0 {
		t.Fatalf("%d cases cannot be read", r.Unreadable)
	}
	return r
}

func row(t *testing.T, r *Report, name deadlines.Name) PromiseReport {
	t.Helper()
	for _, p := range r.Policies[0].Promises {
		if p.Promise == name {
			return p
		}
	}
	t.Fatalf("no row %s", name)
	return PromiseReport{}
}

// As of a day means what had happened by that day: no receipt, no step and no
// purge of a later one.
func TestAReportAsOfADay(t *testing.T) {
	dir := registerOf(t, plainPolicy,
		"2026-03-02 received\n2026-03-03 acknowledged\n2026-03-20 closed outcome: agreed",
		"2026-03-10 received",
		"2026-03-01 spoken\n2026-04-01 received")
	for _, tt := range []struct {
		today                         string
		received, closed, open, spoke int
		acknowledged                  int
	}{
		{"2026-02-28", 0, 0, 0, 0, 0},
		{"2026-03-02", 1, 0, 1, 1, 0},
		{"2026-03-10", 2, 0, 2, 1, 1},
		{"2026-03-31", 2, 1, 1, 1, 1},
		{"2026-04-01", 3, 1, 2, 0, 1},
	} {
		r := counted(t, dir, tt.today)
		if r.Received != tt.received || r.Closed != tt.closed || r.Open != tt.open || r.Spoken != tt.spoke {
			t.Errorf("%s: received %d, closed %d, open %d, spoken %d", tt.today, r.Received, r.Closed, r.Open, r.Spoken)
		}
		if tt.received > 0 && row(t, r, deadlines.Acknowledge).Kept != tt.acknowledged {
			t.Errorf("%s: %+v", tt.today, row(t, r, deadlines.Acknowledge))
		}
	}
}

// A delay that was never told is a missed notice, also of a complaint that is
// still open; one that was told late is one too. The first date is told apart
// from that of an extension.
func TestWhatLiesBehindKeptAndMissed(t *testing.T) {
	dir := registerOf(t, plainPolicy,
		"2026-03-02 received\n2026-05-20 closed outcome: agreed", // never told
		"2026-03-02 received", // never told, still open
		"2026-03-02 received\n2026-03-20 extended until: 2026-04-20, reason: druk, mail: 01-extended.eml\n2026-04-10 closed outcome: agreed",                  // after the first date
		"2026-03-02 received\n2026-03-20 extended until: 2026-04-20, reason: druk\n2026-03-25 closed outcome: agreed",                                         // before it after all
		"2026-03-02 received\n2026-03-03 acknowledged mail: 01-acknowledged.eml, written: 2026-03-02\n2026-03-20 closed outcome: agreed, mail: 02-closed.eml", // a draft, and a letter
		"2026-03-02 received\n2026-03-03 acknowledged mail: 01-acknowledged.eml\n2026-03-12 undelivered letter: 01-acknowledged.eml\n2026-03-20 closed outcome: agreed")
	r := counted(t, dir, "2026-12-07")
	if p := row(t, r, deadlines.Extend); p.Kept != 2 || p.Missed != 2 || p.Letter != 1 || p.Word != 1 {
		t.Errorf("extend: %+v", p)
	}
	if r.Extensions != 2 || r.Extended != 2 {
		t.Errorf("%d extensions of %d complaints", r.Extensions, r.Extended)
	}
	if p := row(t, r, deadlines.Close); p.Kept != 4 || p.Missed != 2 || p.First != 3 || p.Extended != 1 || p.Letter != 1 || p.Word != 3 {
		t.Errorf("close: %+v", p)
	}
	p := row(t, r, deadlines.Acknowledge)
	if p.Kept != 1 || p.Missed != 5 || p.Draft != 1 || p.Returned != 1 {
		t.Errorf("acknowledge: %+v", p)
	}
	if c := row(t, r, deadlines.Close); *c.MedianDays != 23 || *c.LongestDays != 79 || *c.Longest != 56 { // of 18, 18, 23, 39 and 79
		t.Errorf("close took %v and %v days, %v working days", *c.MedianDays, *c.LongestDays, *c.Longest)
	}
}

// An aim of the firm's own is not a promise, and where there is no extension there
// is no word to give of one.
func TestRowsThatAreNotPromised(t *testing.T) {
	dir := registerOf(t, plainPolicy, "2026-03-02 received\n2026-03-03 referred body: Commissie\n2026-03-10 ruled text: betalen\n2026-03-30 complied")
	r := counted(t, dir, "2026-12-07", func(p *deadlines.Policy) { p.Versions[0].Extension.None = true })
	for _, p := range r.Policies[0].Promises {
		if p.Promise == deadlines.Extend || p.Promise == deadlines.Comply {
			t.Errorf("a row %+v", p)
		}
	}
}

// Closed by a ruling is closed, in every sentence.
func TestClosedByARulingIsClosed(t *testing.T) {
	dir := registerOf(t, plainPolicy,
		"2026-03-02 received\n2026-03-03 referred body: Commissie\n2026-03-10 ruled text: betalen\n2026-03-12 complied",
		"2026-03-02 received\n2026-03-03 referred body: Commissie\n2026-03-10 ruled text: niets, nothing-to-do: true")
	r := counted(t, dir, "2026-12-07")
	if r.Closed != 2 || r.ByRuling != 2 {
		t.Fatalf("closed %d, by a ruling %d", r.Closed, r.ByRuling)
	}
	for _, lang := range []string{"nl", "en"} {
		for _, s := range r.Sheet(lang).Sections {
			for _, n := range s.Notes {
				if n == dictionary.New(lang).T("No complaint has been closed.") || n == dictionary.New(lang).T("The outcome that the last closing mail gave, of complaints that are closed.") {
					t.Errorf("%q", n)
				}
			}
		}
	}
	if s := counted(t, registerOf(t, plainPolicy, "2026-03-02 received"), "2026-12-07").Sheet("en"); !slices.ContainsFunc(s.Sections, func(s Section) bool {
		return slices.Contains(s.Notes, "No complaint has been closed.")
	}) {
		t.Error("that nothing was closed is not said")
	}
}

// Kinds of complaint are told from the number on that outcomes are told from.
func TestKindsOfComplaint(t *testing.T) {
	cases := []string{"2026-03-02 received"}
	for range 5 {
		cases = append(cases, "about: levering\n-\n2026-03-02 received")
	}
	cases = append(cases, "about: factuur\n-\n2026-03-02 received")
	r := counted(t, registerOf(t, plainPolicy, cases...), "2026-12-07", func(p *deadlines.Policy) { p.About = []string{"levering", "factuur"} })
	if got := fmt.Sprint(r.About); got != "[{[levering] 5} {[factuur ] 2}]" {
		t.Errorf("%s", got)
	}
	section := r.about(words{dictionary.New("nl")})
	if got := fmt.Sprint(section.Tables[0].Rows, section.After); got != "[[levering 5] [factuur of niet genoemd 2]] [Samengevoegd, want het zijn kleine aantallen: factuur of niet genoemd.]" {
		t.Errorf("%s", got)
	}
	if r := counted(t, registerOf(t, plainPolicy, cases[0]), "2026-12-07"); len(r.About) != 0 {
		t.Errorf("%v", r.About)
	}
}

// What was purged counts in the period in which it was, late from the 32nd day on;
// what was erased counts apart, and what was registered by mistake nowhere.
func TestWhatWasPurgedInTime(t *testing.T) {
	dir := registerOf(t, plainPolicy, "2025-01-02 received\n2025-01-10 closed outcome: agreed",
		"2025-01-02 received\n2025-01-10 closed outcome: agreed\n2025-01-11 held reason: beroep, review: 2027-01-01")
	line := func(n int, more string) string {
		return fmt.Sprintf("- {id: 2024-%04d, received: 2025-01-02, policy: 2025-01-01, steps: [closed 2025-01-10 agreed]%s}\n", n, more)
	}
	lines := line(1, ", until: 2026-01-10, purged: 2026-01-11") + line(2, ", until: 2026-01-10, purged: 2026-02-11") +
		line(3, ", until: 2026-01-10, purged: 2026-02-12") + line(4, ", purged: 2026-03-10") + // of old: closing and archive tell its end
		line(5, `, erased: "GDPR art. 17", purged: 2026-03-10`) + line(6, `, erased: "mistake", purged: 2026-03-10`) +
		line(7, ", until: 2026-01-10, purged: 2027-03-10") +
		"- {id: 2024-0008, received: 2025-01-02, policy: 2025-01-01, steps: [], purged: 2026-03-10}\n"
	if err := os.WriteFile(filepath.Join(dir, "purged.yaml"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	r := counted(t, dir, "2026-12-07")
	if want := (RetentionReport{Purged: 5, Late: 2, Longest: 58, Unknown: 1, Erased: 1, StillThere: 1}); r.Retention != want {
		t.Errorf("%+v", r.Retention)
	}
	if r := counted(t, dir, "2026-02-11"); r.Retention.Purged != 2 || r.Retention.StillThere != 0 {
		t.Errorf("as of 11 February: %+v", r.Retention)
	}
	if r := counted(t, dir, "2026-02-12"); r.Retention.StillThere != 1 {
		t.Errorf("as of 12 February: %+v", r.Retention)
	}
	if r := reportOn(t, dir, year(2025), "2026-12-07"); r.Received != 9 || r.Closed != 8 {
		t.Errorf("of 2025: received %d, closed %d", r.Received, r.Closed)
	}
	if r := reportOn(t, dir, year(2025), "2025-01-05"); r.Received != 9 || r.Closed != 0 || r.Removed != 0 {
		t.Errorf("of 2025, in January: received %d, closed %d, removed %d", r.Received, r.Closed, r.Removed)
	}
}
