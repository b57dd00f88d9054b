package store

import (
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// policyWith reads the good policy with one line of it replaced.
func policyWith(t *testing.T, old, new string) (*deadlines.Policy, *Damage) {
	t.Helper()
	if !strings.Contains(goodPolicy, old) {
		t.Fatalf("the policy has no %q", old)
	}
	return decodePolicy(PolicyFile, []byte(strings.Replace(goodPolicy, old, new, 1)))
}

const goodExtension = "extension: {notice: 2 weeks, at most: 3 months}"

func TestHowAPolicyIsExtended(t *testing.T) {
	weeks := func(n int) deadlines.Term { return deadlines.Term{N: n, Unit: deadlines.Weeks} }
	for text, want := range map[string]deadlines.Extension{
		"extension: none":                                 {None: true},
		"extension: geen":                                 {None: true},
		"extension: {}":                                   {},
		"extension: {at most: 10 weeks}":                  {AtMost: weeks(10)},
		"extension: {at most: 4 weeks}":                   {AtMost: weeks(4)}, // as long as the term itself
		"extension: {at most: 4 weeks more}":              {AtMost: weeks(4), More: true},
		"extension: {at most: 4 Weken  meer}":             {AtMost: weeks(4), More: true},
		"extension: {at most: 1 week more}":               {AtMost: weeks(1), More: true},
		"extension: {notice: 4 weken, at most: 2 months}": {Notice: weeks(4), AtMost: deadlines.Term{N: 2, Unit: deadlines.Months}},
	} {
		p, damage := policyWith(t, goodExtension, text)
		if damage != nil || p.Versions[0].Extension != want {
			t.Errorf("%s: %+v, %v", text, p, damage)
		}
	}
}

func TestWhatElseAPolicySays(t *testing.T) {
	p, damage := policyWith(t, "    close: 4 weeks", "    close: 4 weeks\n    comply: {target: 5 werkdagen}\n    hear: same day\n    appeal: 3 maanden na closed")
	if damage != nil {
		t.Fatal(damage)
	}
	v := p.Versions[0]
	if got := v.Terms[deadlines.Comply]; got != (deadlines.Term{N: 5, Unit: deadlines.Workdays, Target: true}) {
		t.Errorf("comply: %+v", got)
	}
	if v.Terms[deadlines.Hear].String() != "0 days" || v.Appeal.String() != "3 months after closed" {
		t.Errorf("%+v", v)
	}
	p, damage = policyWith(t, "  handler: Mok", "  handler: Mok\n  role: eigenaar\nabout: [cursus, website, factuur te hoog]")
	if damage == nil { // the rest of organisation stood below
		t.Errorf("read %+v", p)
	}
	p, damage = decodePolicy(PolicyFile, []byte("about: [cursus, website, factuur te hoog]\n"+strings.Replace(goodPolicy, "handler: Mok", "handler: Mok\n  role: eigenaar", 1)))
	if damage != nil || p.Organisation.Role != "eigenaar" || strings.Join(p.About, "|") != "cursus|website|factuur te hoog" {
		t.Errorf("%+v, %v", p, damage)
	}
}

// What cannot be is refused, and the hint shows what can.
func TestPolicyIsRefusedWithTheRightForm(t *testing.T) {
	for _, c := range []struct{ old, new, want, hint string }{
		{goodExtension, "extension: false", `"false" does not say how a term is extended`, "extension: none"},
		{goodExtension, "extension: 4 weeks", `"4 weeks" does not say how a term is extended`, "extension: {notice: 2 weeks, at most: 3 months}"},
		{goodExtension, "extension:", "a value is missing here", ""},
		{goodExtension, "extension: {at most: 2 weeks}", "at most 2 weeks, counted from receipt, is shorter than close, 4 weeks", "at most: 2 weeks more"},
		{goodExtension, "extension: {at most: 15 workdays}", "at most 15 workdays, counted from receipt, is shorter than close, 4 weeks", "at most: 15 workdays more"},
		{goodExtension, "extension: {notice: 5 weeks}", "notice, 5 weeks, is longer than close, 4 weeks", "notice: 4 weeks"},
		{goodExtension, "extension: {at most: 4 weeks after close}", "this term is not counted from a step", "4 weeks more"},
		{goodExtension, "extension: {at most: 4 weeks after closed}", "this term is not counted from a step", "4 weeks more"},
		{goodExtension, "extension: {at most: same day}", "this term cannot be the same day", ""},
		{goodExtension, "extension: {at most: more weeks more}", `"more weeks" is not a term`, "5 workdays"},
		{"close: 4 weeks", "close: 4 weeks more", `"4 weeks more" is not a term`, "5 workdays"},
		{"close: 4 weeks", "close: 4 weeks\n    comply: 2 weeks after close", `"2 weeks after close" is not a term`, "write 2 weeks after closed"},
		{"close: 4 weeks", "close: {target: 4 weeks}", "close is what a procedure promises, so it is no target of its own", "write close: 4 weeks"},
		{"close: 4 weeks", "hear: {}", `the key "target" is missing`, ""},
		{"close: 4 weeks", "hear: {goal: 2 weeks}", `the key "goal" is not known here`, "target"},
		{"close: 4 weeks", "hear: {target: soon}", `"soon" is not a term`, "5 workdays"},
		{"archive: 5 years", "archive: 72 hours", "this term cannot be in hours", ""},
		{"archive: 5 years", "archive: same day", "this term cannot be the same day", ""},
		{"archive: 5 years", "archive: 5 years\n    appeal: unlimited", "only archive can be unlimited", ""},
		{"archive: 5 years", "archive: 5 years\n    appeal: 5 hours", "this term cannot be in hours", ""},
		{"archive: 5 years", "archive: 5 years\n    lodge: same day", "this term cannot be the same day", ""},
		{"workdays:", "about: [course, Course]\nworkdays:", `"Course" stands here for the second time`, ""},
		{"workdays:", "about: [\"\"]\nworkdays:", "a text on one line belongs here", ""},
		{"workdays:", "about: [\"a\\nb\"]\nworkdays:", "a text on one line belongs here", ""},
		{"workdays:", "about: course\nworkdays:", "a list belongs here", ""},
	} {
		_, damage := policyWith(t, c.old, c.new)
		if damage == nil {
			t.Errorf("%s: is taken", c.new)
			continue
		}
		if hint := hintOf(damage); !strings.Contains(damage.Error(), ": "+c.want) || !strings.Contains(hint, c.hint) || c.hint == "" && hint != "" {
			t.Errorf("%s: %v, hint %q; want %s, hint %q", c.new, damage, hint, c.want, c.hint)
		}
	}
}

func hintOf(d *Damage) string {
	hint, ok := casefile.HintOf(d.Err)
	if !ok {
		return ""
	}
	return hint.String()
}

// An extension that cannot be compared with the term is taken: what is longer
// depends on the month, or the term does not run from receipt.
func TestExtensionsThatAreNotCompared(t *testing.T) {
	for _, terms := range []string{
		"close: 30 days\n    extension: {at most: 1 month}",
		"close: 4 weeks after heard\n    extension: {at most: 2 weeks}",
		"hear: 6 weeks\n    extension: {notice: 8 weeks}",
	} {
		if _, damage := policyWith(t, "close: 4 weeks\n    archive: 5 years\n    "+goodExtension, "archive: 5 years\n    "+terms); damage != nil {
			t.Errorf("%s: %v", terms, damage)
		}
	}
}

// An unknown key is told which known ones are near it, in every kind of file; or
// all that are known, where none is.
func TestAnUnknownKeyNamesTheNearest(t *testing.T) {
	for key, want := range map[string]string{
		"apeal": "known here and near it: appeal", "Close": "known here and near it: close", "closed": "known here and near it: close", "acknowlegde": "known here and near it: acknowledge",
		"extention": "known here and near it: extension", "worksday": "known here and near it: workdays",
		"bewaren": "known here: from, acknowledge, inform, hear, decide, close, comply, lodge, extension, appeal, archive, workdays, holidays, due_on_day_off",
	} {
		_, damage := policyWith(t, "close: 4 weeks", "x"+key+"x: 4 weeks")
		if damage == nil {
			t.Fatalf("%s: is taken", key)
		}
		_, damage = policyWith(t, "close: 4 weeks", key+": 4 weeks")
		if got := hintOf(damage); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	for _, c := range []struct{ old, new, want string }{
		{"handler: Mok", "handeler: Mok", "known here and near it: handler"},
		{"answer: 2 weeks", "antwoord: 2 weeks", "known here: name, address, url, answer"},
		{"at most:", "atmost:", "known here and near it: at most"},
		{"holidays:", "hollidays:", "known here and near it: holidays"},
		{"workdays:", "report: {fold_uder: 3}\nworkdays:", "known here and near it: fold_under"},
	} {
		if _, damage := policyWith(t, c.old, c.new); damage == nil || hintOf(damage) != c.want {
			t.Errorf("%s: %v, want the hint %q", c.new, damage, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"subjct: x\n", "known here and near it: subject"},
		{"complainant: {nam: x}\n", "known here and near it: name"},
		{"log:\n  - {at: 2026-11-20, step: closed, by: mok, outcom: agreed}\n", "known here and near it: outcome"},
	} {
		if _, damage := decodeCase("f.yaml", []byte(c.text), testPolicy(t)); damage == nil || hintOf(damage) != c.want {
			t.Errorf("%s: %v, want the hint %q", c.text, damage, c.want)
		}
	}
}

// Every key that an error names as known is known.
func TestKnownKeysAreTaken(t *testing.T) {
	known := func(read func(text string) *Damage, keys []string) {
		for _, key := range keys {
			if d := read(key); d != nil && strings.Contains(d.Error(), "is not known here") {
				t.Errorf("%s: %v", key, d)
			}
		}
	}
	policy := func(prefix string) func(string) *Damage {
		return func(key string) *Damage {
			_, d := decodePolicy(PolicyFile, []byte(strings.Replace(prefix, "KEY", key, 1)))
			return d
		}
	}
	known(policy("KEY: x\n"), policyKeys)
	known(policy("organisation: {KEY: x}\n"), organisationKeys)
	known(policy("bodies: [{KEY: x}]\n"), bodyKeys)
	known(policy(goodPolicy[:strings.Index(goodPolicy, "versions:")]+"versions: [{KEY: x}]\n"), versionKeys())
	inCase := func(prefix string) func(string) *Damage {
		return func(key string) *Damage {
			_, d := decodeCase("f.yaml", []byte(strings.Replace(prefix, "KEY", key, 1)), testPolicy(t))
			return d
		}
	}
	known(inCase("KEY: x\n"), caseKeys)
	known(inCase("complainant: {KEY: x}\n"), complainantKeys)
	known(inCase("log: [{KEY: x}]\n"), entryKeys)
	known(func(key string) *Damage {
		_, d := decodeLetter("f.letter", []byte(key+": x\n"), testPolicy(t))
		return d
	}, letterKeys)
}

// What procedures say and a policy cannot has an error of its own.
func TestWhatCannotBeSaid(t *testing.T) {
	for _, key := range []string{"pause", "Suspend", "consent", "by", "at least", "summary", "unless"} {
		for _, text := range []string{strings.Replace(goodPolicy, "close:", key+":", 1), strings.Replace(goodPolicy, "at most:", key+":", 1), key + ": x\n" + goodPolicy} {
			_, damage := decodePolicy(PolicyFile, []byte(text))
			if damage == nil || !strings.Contains(damage.Error(), `the key "`+key+`" is not known here: klacht `) || hintOf(damage) == "" {
				t.Errorf("%s: %v, hint %q", key, damage, hintOf(damage))
			}
		}
	}
}
