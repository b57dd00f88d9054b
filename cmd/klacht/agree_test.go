package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// policies are procedures that differ in all that can move a date.
var policies = []string{
	"acknowledge: 5 workdays\n    inform: 10 workdays\n    close: 4 weeks\n    extension: {}",
	"acknowledge: 48 hours\n    inform: 14 days\n    close: 4 weeks\n    extension: {notice: 2 weeks, at most: 3 months}\n    comply: {target: 5 workdays}",
	"acknowledge: 1 week\n    hear: 6 weeks\n    decide: 6 weeks after heard\n    extension: {at most: 20 weeks}\n    comply: 4 weeks",
	"acknowledge: 5 days\n    hear: 2 weeks\n    close: 6 weeks\n    extension: {at most: 4 weeks more}\n    comply: 2 weeks",
	"close: 6 weeks\n    extension: none",
}

// agreeDay is the day on which all views are looked at: nothing happened after it.
var agreeDay = casefile.Date{Year: 2026, Month: 9, Day: 20}

const policyHead = `format: 1
organisation: {name: Webwerk Oost, handler: Mok Verhagen, email: klachten@webwerkoost.example}
timezone: Europe/Amsterdam
history: none
workdays: [mon, tue, wed, thu, fri]
holidays: [nieuwjaarsdag, tweede paasdag, koningsdag, hemelvaartsdag, tweede pinksterdag, eerste kerstdag, tweede kerstdag]
versions:
`

// someCases fills a register with histories of a policy: steps in any order that
// can be, written down in time or late, letters that come back, extensions,
// holds, rulings.
func someCases(t *testing.T, reg *store.Register, rng *rand.Rand, n int) {
	t.Helper()
	w, err := reg.Lock()
	must(err)
	defer w.Close()
	mail := 0
	letter := func() []byte {
		mail++
		return fmt.Appendf(nil, "From: klachten@webwerkoost.example\r\nMessage-ID: <%d@webwerkoost.example>\r\nSubject: brief\r\n\r\nTekst\r\n", mail)
	}
	for range n {
		day := casefile.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rng.IntN(250))
		at := func() casefile.Moment {
			if rng.IntN(2) == 0 {
				return casefile.Moment{Date: day}
			}
			return casefile.MomentOf(day.Noon().Add(time.Duration(rng.IntN(9)-4)*time.Hour), reg.Policy.Zone)
		}
		f, err := w.Create(casefile.Case{Received: day, Subject: "Iets", Complainant: casefile.Complainant{Name: "Jan"}, Language: "nl",
			Log: []casefile.Entry{{At: at(), Step: casefile.Received, By: "mok"}}}, nil)
		must(err)
		var letters []string
		for range rng.IntN(12) {
			if day = day.AddDays([]int{0, 1, 2, 5, 12, 30}[rng.IntN(6)]); rng.IntN(9) == 0 {
				day = day.AddDays(-2)
			}
			if day.After(agreeDay) {
				break
			}
			e := casefile.Entry{At: at(), By: "mok", Text: "x", Reason: "x", Body: "c", Outcome: casefile.Agreed}
			e.Until = day.AddDays(1 + rng.IntN(60))
			e.When, e.Review = casefile.Moment{Date: e.Until}, e.Until
			if letters != nil {
				e.Letter = letters[rng.IntN(len(letters))]
			}
			steps := slices.DeleteFunc(casefile.Steps(), func(s casefile.Step) bool {
				e.Step = s
				return s == casefile.Spoken || s == casefile.Moved || f.Allows(e) != nil
			})
			if len(steps) == 0 {
				break
			}
			e.Step = steps[rng.IntN(len(steps))]
			e.NothingToDo = e.Step == casefile.Ruled && rng.IntN(2) == 0
			if e.Step.Letter() && rng.IntN(4) == 0 {
				e.Promised = casefile.Promised{"close": day.AddDays(rng.IntN(40))}
			}
			for _, field := range casefile.Fields() { // those that another step has
				if v := e.Value(field); !e.Step.May(field) {
					switch v := v.(type) {
					case *string:
						*v = ""
					case *casefile.Outcome:
						*v = ""
					case *casefile.Date:
						*v = casefile.Date{}
					case *casefile.Moment:
						*v = casefile.Moment{}
					case *casefile.Promised:
						*v = nil
					}
				}
			}
			var raw []byte
			if e.Step.Letter() && rng.IntN(2) == 0 {
				raw = letter()
			}
			if f, err = w.Append(f.ID, e, raw, nil); err != nil {
				t.Fatalf("%+v: %v", e, err)
			}
			if raw != nil {
				letters = append(letters, f.Log[len(f.Log)-1].Mail)
			}
		}
	}
}

// What show, due, calendar, report and dossier say of a promise is one verdict: that
// of deadlines.Promises, which a plain reading beside it confirms.
func TestEveryViewSaysTheSameOfAPromise(t *testing.T) {
	for i, terms := range policies {
		dir := filepath.Join(t.TempDir(), "reg")
		must(os.Mkdir(dir, 0o700))
		text := policyHead + "  - from: 2020-01-01\n    archive: 5 years\n    " + terms + "\n"
		if i == 0 { // two versions, one under which cases were received before
			text += "  - from: 2026-05-01\n    archive: 5 years\n    acknowledge: 3 days\n    inform: 7 days\n    close: 2 weeks\n    extension: {}\n"
		}
		must(os.WriteFile(filepath.Join(dir, store.PolicyFile), []byte(text), 0o600))
		reg, err := store.Open(dir, func([]byte) (_, _ []string) { return nil, nil })
		must(err)
		someCases(t, reg, rand.New(rand.NewPCG(uint64(i), 7)), 40)
		files, damage, err := reg.ReadAll()
		if err != nil || len(damage) > 0 {
			t.Fatal(err, damage)
		}
		agreement{t, dir, reg, agreeDay}.check(files)
	}
}

type agreement struct {
	t     *testing.T
	dir   string
	reg   *store.Register
	today casefile.Date
}

// told runs a command and reads its JSON.
func (a agreement) told(to any, args ...string) {
	a.t.Helper()
	out := a.run(append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), to); err != nil {
		a.t.Fatalf("%s: %v\n%s", args, err, out)
	}
}

func (a agreement) run(args ...string) string {
	a.t.Helper()
	var out, errs bytes.Buffer
	code := run(append([]string{"--dir", a.dir, "--today", a.today.String(), "--lang", "en"}, args...), world{In: strings.NewReader(""),
		Out: &out, Err: &errs, Now: func() time.Time { return testNow }, Getenv: func(string) string { return "" }, Dir: filepath.Dir(a.dir)})
	if code != 0 {
		a.t.Fatalf("%s: code %d\n%s", args, code, errs.String())
	}
	return out.String()
}

func (a agreement) check(files []*store.File) {
	a.t.Helper()
	kept, missed, running := map[string]int{}, map[string]int{}, map[string]int{}
	due, agenda := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		promises := deadlines.Promises(&f.Case, a.reg.Policy, a.today)
		a.shown(f, promises)
		for _, p := range promises {
			switch {
			case p.Target:
			case p.Verdict == deadlines.OnTime:
				kept[string(p.Term)]++
			case p.Verdict == deadlines.Late || p.Verdict == deadlines.Overdue:
				missed[string(p.Term)]++
			case p.Verdict == deadlines.Open:
				running[string(p.Term)]++
			}
			if !p.Running() || p.Term == deadlines.Extend || p.Term == deadlines.Hear { // an appointment can stand for a conversation
				continue
			}
			state := "upcoming"
			if p.Verdict == deadlines.Overdue {
				state = "overdue"
			} else if !a.today.Before(p.DoBy) {
				state = "today"
			}
			action := map[deadlines.Name]string{deadlines.Decide: "close"}[p.Term]
			if action == "" {
				action = string(p.Term)
			}
			due[fmt.Sprintf("%s %s %s %s", f.ID, action, p.Due, state)] = true
			agenda[fmt.Sprintf("%s %s %s", f.ID, action, p.DoBy)] = true
		}
	}
	a.summary(due)
	a.calendar(agenda)
	a.year(kept, missed, running)
}

func (a agreement) shown(f *store.File, promises []deadlines.Promise) {
	var show struct {
		Terms []struct{ Term, Due, Done, Verdict string }
	}
	a.told(&show, "show", string(f.ID))
	var got, want []string
	for _, x := range show.Terms {
		got = append(got, fmt.Sprint(x))
	}
	kinds := map[string]int{}
	for _, p := range promises {
		want = append(want, fmt.Sprint(struct{ Term, Due, Done, Verdict string }{string(p.Term), p.Due.String(), p.Done.String(), string(p.Verdict)}))
		switch p.Verdict {
		case deadlines.OnTime:
			kinds["kept"]++
		case deadlines.Late, deadlines.Overdue:
			kinds["missed"]++
		case deadlines.Open:
			kinds["open"]++
		default:
			kinds["rest"]++
		}
	}
	if !slices.Equal(got, want) {
		a.t.Errorf("%s: show says\n%s\nwant\n%s", f.ID, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	folder := filepath.Join(filepath.Dir(a.dir), "dossier-"+string(f.ID))
	a.run("dossier", string(f.ID), folder)
	pages, err := filepath.Glob(filepath.Join(folder, "*.html"))
	if err != nil || len(pages) != 1 {
		a.t.Fatalf("%s: %v, %v", folder, pages, err)
	}
	page, err := os.ReadFile(pages[0])
	must(err)
	_, table, _ := strings.Cut(string(page), `<table class="promises"`)
	table, _, _ = strings.Cut(table, "</table>")
	for _, kind := range []string{"kept", "missed", "open", "rest"} {
		if n := strings.Count(table, `class="`+kind+`"`); n != kinds[kind] {
			a.t.Errorf("%s: the dossier has %d rows %s, want %d", f.ID, n, kind, kinds[kind])
		}
	}
}

// summary holds against due what it must say of each promise that runs.
func (a agreement) summary(want map[string]bool) {
	var told struct {
		Actions []struct{ ID, Action, Due, State string }
	}
	a.told(&told, "due")
	got := map[string]bool{}
	for _, x := range told.Actions {
		if slices.Contains([]string{"acknowledge", "inform", "close", "comply"}, x.Action) && x.Due != "" && x.State != "waiting" {
			got[fmt.Sprintf("%s %s %s %s", x.ID, x.Action, x.Due, x.State)] = true
		}
	}
	a.same("due", got, want)
}

func (a agreement) calendar(want map[string]bool) {
	var told []struct{ ID, Action, Day string }
	a.told(&told, "calendar")
	got := map[string]bool{}
	for _, x := range told {
		if slices.Contains([]string{"acknowledge", "inform", "close", "comply"}, x.Action) {
			got[fmt.Sprintf("%s %s %s", x.ID, x.Action, x.Day)] = true
		}
	}
	a.same("the calendar", got, want)
}

func (a agreement) same(what string, got, want map[string]bool) {
	a.t.Helper()
	if !maps.Equal(got, want) {
		a.t.Errorf("%s says\n%s\nwant\n%s", what, strings.Join(slices.Sorted(maps.Keys(got)), "\n"), strings.Join(slices.Sorted(maps.Keys(want)), "\n"))
	}
}

func (a agreement) year(kept, missed, running map[string]int) {
	var told reportTold
	a.told(&told, "report", "2026")
	got := [3]map[string]int{{}, {}, {}}
	for _, policy := range told.Policies {
		for _, p := range policy.Promises {
			for i, n := range []int{p.Kept, p.Missed, p.Running} {
				if n > 0 {
					got[i][p.Promise] += n
				}
			}
		}
	}
	for i, want := range []map[string]int{kept, missed, running} {
		if i == 2 {
			delete(want, "extend") // told in time or not at all
		}
		if !maps.Equal(got[i], want) {
			a.t.Errorf("the report has %s %v, want %v", []string{"kept", "missed", "running"}[i], got[i], want)
		}
	}
}
