package store

import (
	"strings"
	"testing"
	"time"

	"klacht/store/strict"
)

const goodPolicy = `format: 1
organisation:
  name: Mok Websites
  handler: Mok
  email: klacht@mok.example
  addresses: [mok@mok.example]
timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
holidays: [koningsdag]
closed:
  - 2026-12-24
  - 2027-07-19..2027-08-06
bodies:
  - name: Commissie
    answer: 2 weeks
versions:
  - from: 2020-01-01
    acknowledge: 5 workdays
    close: 4 weeks
    archive: 5 years
    extension: {notice: 2 weeks, at most: 3 months}
`

func TestBadPolicySaysWhereAndWhat(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"empty":                      {goodPolicy, "", "regeling.yaml: is empty"},
		"a list":                     {goodPolicy, "- a\n", "regeling.yaml:1: is not a list of keys with values"},
		"no format":                  {"format: 1\n", "", `regeling.yaml: the key "format" is missing`},
		"format of the future":       {"format: 1", "format: 7", `regeling.yaml:1: format "7" is not one that this klacht can read`},
		"no name":                    {"  name: Mok Websites\n", "", `regeling.yaml: the key "organisation: name" is missing`},
		"no handler":                 {"  handler: Mok\n", "", `regeling.yaml: the key "organisation: handler" is missing`},
		"no address":                 {"  email: klacht@mok.example\n", "", `regeling.yaml: the key "organisation: email" is missing`},
		"no zone":                    {"timezone: Europe/Amsterdam\n", "", `regeling.yaml: the key "timezone" is missing`},
		"zone unknown":               {"Europe/Amsterdam", "Europe/Rotterdam", `regeling.yaml:7: "Europe/Rotterdam" is not a time zone`},
		"zone of the machine":        {"Europe/Amsterdam", "Local", `regeling.yaml:7: "Local" is not a time zone`},
		"zone that is a path":        {"Europe/Amsterdam", "../../etc/passwd", `regeling.yaml:7: "../../etc/passwd" is not a time zone`},
		"zone that is a list":        {"Europe/Amsterdam", "[a]", "regeling.yaml:7: a text belongs here"},
		"no working days":            {"workdays: [mon, tue, wed, thu, fri]\n", "", "regeling.yaml: the key \"workdays\" is missing"},
		"never at work":              {"[mon, tue, wed, thu, fri]", "[]", "regeling.yaml:8: the policy has no working days, so no term would ever end"},
		"day unknown":                {"[mon, tue", "[mon, tues", `regeling.yaml:8: "tues" is not a day of the week`},
		"holiday unknown":            {"koningsdag", "koninginnedag", `regeling.yaml:9: "koninginnedag" is not a holiday that klacht knows`},
		"impossible closing day":     {"2026-12-24", "2026-12-32", `regeling.yaml:11: "2026-12-32" is not a date; write it as YYYY-MM-DD`},
		"closing days backwards":     {"2027-07-19..2027-08-06", "2027-08-06..2027-07-19", "regeling.yaml:12: closing days 2027-08-06..2027-07-19 end before they start"},
		"closed for years":           {"2027-07-19..2027-08-06", "2027-07-19..2037-08-06", "regeling.yaml:12: closing days 2027-07-19..2037-08-06 are more than 366 days"},
		"body without name":          {"  - name: Commissie\n    answer", "  - answer", `regeling.yaml:14: the key "name" is missing`},
		"body with unknown key":      {"    answer: 2 weeks", "    antwoord: 2 weeks", `regeling.yaml:15: the key "antwoord" is not known here`},
		"answer that is no term":     {"answer: 2 weeks", "answer: soon", `regeling.yaml:15: "soon" is not a term`},
		"no versions":                {goodPolicy[strings.Index(goodPolicy, "versions:"):], "versions: []\n", `regeling.yaml: the key "versions" is missing`},
		"version without date":       {"  - from: 2020-01-01\n    acknowledge", "  - acknowledge", `regeling.yaml:17: the key "from" is missing`},
		"version without archive":    {"    archive: 5 years\n", "", `regeling.yaml:17: the key "archive" is missing`},
		"version of no day":          {"2020-01-01", "2020-13-01", `regeling.yaml:17: "2020-13-01" is not a date; write it as YYYY-MM-DD`},
		"two versions of one day":    {"    extension", "  - {from: 2020-01-01, archive: 5 years}\n  - from: 2021-01-01\n    archive: 1 year\n    extension", "regeling.yaml:21: two versions hold from 2020-01-01"},
		"term unknown":               {"acknowledge: 5 workdays", "bevestigen: 5 workdays", `regeling.yaml:18: the key "bevestigen" is not known here`},
		"term twice":                 {"close: 4 weeks", "acknowledge: 4 weeks", `regeling.yaml:19: the key "acknowledge" stands here for the second time`},
		"term of nothing":            {"4 weeks", "0 weeks", `regeling.yaml:19: "0 weeks" is not a term`},
		"term of for ever":           {"4 weeks", "unlimited", "regeling.yaml:19: only archive can be unlimited"},
		"term after nothing":         {"4 weeks", "4 weeks after lunch", `regeling.yaml:19: "4 weeks after lunch" is not a term`},
		"term without unit":          {"4 weeks", "4", `regeling.yaml:19: "4" is not a term`},
		"term of ages":               {"4 weeks", "99999999999999999999 weeks", `regeling.yaml:19: "99999999999999999999 weeks" is not a term`},
		"null as term":               {"4 weeks", "", "regeling.yaml:19: a value is missing here"},
		"notice after a step":        {"notice: 2 weeks", "notice: 2 weeks after heard", "regeling.yaml:21: this term is not counted from a step"},
		"extension with unknown key": {"at most", "atmost", `regeling.yaml:21: the key "atmost" is not known here`},
		"unknown key":                {"holidays:", "feestdagen:", `regeling.yaml:9: the key "feestdagen" is not known here`},
		"key twice":                  {"holidays: [koningsdag]", "workdays: [sat]", `regeling.yaml:9: the key "workdays" stands here for the second time`},
		"language unknown":           {"workdays:", "language: de\nworkdays:", `regeling.yaml:8: "de" is not one of [nl en]`},
		"roll unknown":               {"workdays:", "due_on_day_off: soon\nworkdays:", `regeling.yaml:8: "soon" is not one of [stay next previous]`},
		"nothing to fold":            {"workdays:", "report: {fold_under: 0}\nworkdays:", `regeling.yaml:8: "0" is not a number from 1 to 100`},
		"folding by words":           {"workdays:", "report: {fold_under: drie}\nworkdays:", `regeling.yaml:8: "drie" is not a number from 1 to 100`},
		"report unknown":             {"workdays:", "report: {threshold: 3}\nworkdays:", `regeling.yaml:8: the key "threshold" is not known here`},
		"an anchor":                  {"[koningsdag]", "&a [koningsdag]", "regeling.yaml:9: anchors and aliases (& and *) are not used here"},
		"a tag":                      {"koningsdag", "!!str koningsdag", "regeling.yaml:9: tags (!) are not used here"},
		"a second document":          {goodPolicy, goodPolicy + "---\n" + goodPolicy, "regeling.yaml:22: a second document starts here"},
		"merge conflict":             {"closed:\n", "<<<<<<< HEAD\nclosed:\n", "regeling.yaml:10: here is a mark of a merge conflict"},
		"no UTF-8":                   {"Mok Websites", "M\xf3k", "regeling.yaml:3: here is a character that is not text in UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(goodPolicy, tt.old) {
				t.Fatalf("the policy has no %q", tt.old)
			}
			p, damage := decodePolicy(PolicyFile, []byte(strings.Replace(goodPolicy, tt.old, tt.new, 1)))
			if damage == nil {
				t.Fatalf("was read: %+v", p)
			}
			wantError(t, damage, tt.want)
		})
	}
}

func TestPolicySaysWhatIsFolded(t *testing.T) {
	for text, want := range map[string]int{"": 3, "report: {}\n": 3, "report: {fold_under: 1}\n": 1, "report: {fold_under: 10}\n": 10} {
		p, damage := decodePolicy(PolicyFile, []byte(strings.Replace(goodPolicy, "workdays:", text+"workdays:", 1)))
		if damage != nil || p.FoldUnder != want {
			t.Errorf("%q: %+v, %v", text, p, damage)
		}
	}
}

func TestGoodPolicyIsRead(t *testing.T) {
	p, damage := decodePolicy(PolicyFile, []byte("\ufeff"+strings.ReplaceAll(goodPolicy, "\n", "\r\n")))
	if damage != nil {
		t.Fatal(damage)
	}
	if v := p.Versions[0]; p.Organisation.Name != "Mok Websites" || len(p.Bodies) != 1 || v.Terms["close"].String() != "4 weeks" ||
		v.Calendar.IsWorkday(day(t, "2027-07-19")) || !v.Calendar.IsWorkday(day(t, "2027-08-09")) {
		t.Errorf("got %+v", p)
	}
}

// A version may have working days of its own: those, and not those of the
// firm as well.
func TestVersionHasItsOwnWorkingDays(t *testing.T) {
	p, damage := decodePolicy(PolicyFile, []byte(goodPolicy+"    workdays: [sat]\n  - {from: 2021-01-01, archive: 1 year}\n"))
	if damage != nil {
		t.Fatal(damage)
	}
	friday, saturday := day(t, "2026-11-20"), day(t, "2026-11-21")
	if c := p.Versions[0].Calendar; !c.IsWorkday(saturday) || c.IsWorkday(friday) {
		t.Error("the version with days of its own does not keep to them")
	}
	if c := p.Versions[1].Calendar; c.IsWorkday(saturday) || !c.IsWorkday(friday) {
		t.Error("the version without days of its own does not keep to those of the firm")
	}
}

// What a file costs is bounded, whatever somebody has put in it.
func TestHostileFilesAreReadInLittleTime(t *testing.T) {
	p := testPolicy(t)
	fill := func(start, piece string) string {
		return start + strings.Repeat(piece, (strict.MaxYAML-len(start))/len(piece))
	}
	for name, data := range map[string]string{
		"brackets":       fill("", "["),
		"dashes":         fill("", "- "),
		"lines of dash":  fill("", "-\n"),
		"one key":        fill("", "a:\n"),
		"commas":         fill("format: [", "a,"),
		"braces":         fill("format: [", "{},"),
		"comments":       fill("", "#\n"),
		"comments after": fill("format: 1\n", "#x\n"),
		"blank lines":    fill("", "\n"),
		"a long line":    fill("format: ", "x"),
		"escapes":        fill("format: \"", "\\n"),
		"a block":        fill("format: |\n", " x\n"),
		"anchors":        fill("format:\n", " - &a x\n"),
		"open quote":     fill("format: '", "x\n"),
		"question marks": fill("", "? "),
		"notes":          fill(handHead+handLog, "  - {at: 2026-11-20, step: noted, by: a, text: b}\n"),
		"one mistake":    fill(handHead+handLog, "  - {at: 2026-11-20, step: noted, by: a, text: b}\n")[:strict.MaxSearch-1] + "[",
		"conflict marks": fill("", "=======x\n"),
	} {
		start := time.Now()
		_, _ = decodeCase("f.yaml", []byte(data), p)
		if took := time.Since(start); took > 2*time.Minute {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%-16s %v", name, took)
		}
	}
}
