package report

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"pgregory.net/rapid"
)

const twoVersions = `format: 1
organisation: {name: Webwerk Oost, handler: Mok Verhagen, email: klachten@webwerkoost.example}
timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
holidays: [koningsdag, tweede paasdag]
versions:
  - from: 2019-09-01
    acknowledge: 5 workdays
    close: 6 weeks
    archive: 2 years
  - from: 2022-01-01
    acknowledge: 3 workdays
    inform: 10 workdays
    hear: 6 weeks
    decide: 6 weeks after heard
    close: 4 weeks
    extension: {notice: 2 weeks}
    comply: 3 workdays
    archive: 2 years
`

// anyLog is what may happen to a case until it is settled: any steps that may
// follow one another.
func anyLog(t *rapid.T, begun casefile.Date) []casefile.Entry {
	c := casefile.Case{}
	day := begun
	put := func(s casefile.Step) {
		e := casefile.Entry{At: casefile.Moment{Date: day}, Step: s, By: "mok"}
		for _, f := range s.Must() {
			switch f {
			case casefile.FieldUntil:
				e.Until = day.AddDays(rapid.IntRange(1, 60).Draw(t, "until"))
			case casefile.FieldReason:
				e.Reason = "drukte"
			case casefile.FieldOutcome:
				e.Outcome = rapid.SampledFrom(casefile.Outcomes()).Draw(t, "outcome")
			case casefile.FieldBody:
				e.Body = "Commissie"
			case casefile.FieldText:
				e.Text = "Tekst."
			case casefile.FieldWhen:
				e.When = casefile.Moment{Date: day}
			}
		}
		if c.Allows(e) == nil {
			c.Log = append(c.Log, e)
		}
	}
	put(rapid.SampledFrom([]casefile.Step{casefile.Received, casefile.Received, casefile.Received, casefile.Spoken}).Draw(t, "first"))
	steps := []casefile.Step{casefile.Received, casefile.Asked, casefile.Acknowledged, casefile.Proposed, casefile.Invited, casefile.Heard,
		casefile.Extended, casefile.Closed, casefile.Reopened, casefile.Referred, casefile.Admitted, casefile.Declined, casefile.Ruled, casefile.Complied}
	for range rapid.IntRange(0, 14).Draw(t, "steps") {
		day = day.AddDays(rapid.IntRange(0, 25).Draw(t, "days"))
		put(rapid.SampledFrom(steps).Draw(t, "step"))
	}
	for _, s := range []casefile.Step{casefile.Declined, casefile.Complied, casefile.Closed} { // whatever is still to settle
		put(s)
	}
	return c.Log
}

func caseFile(id casefile.ID, log []casefile.Entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "format: 1\nid: %s\ncomplainant: {name: Jolanda de Wit}\nlog:\n", id)
	for _, e := range log {
		fmt.Fprintf(&b, "  - at: %s\n    step: %s\n    by: mok\n", e.At.Date, e.Step)
		for key, value := range map[string]string{"reason": e.Reason, "outcome": string(e.Outcome), "body": e.Body, "text": e.Text} {
			if value != "" {
				fmt.Fprintf(&b, "    %s: %s\n", key, value)
			}
		}
		if !e.Until.IsZero() {
			fmt.Fprintf(&b, "    until: %s\n", e.Until)
		}
		if !e.When.IsZero() {
			fmt.Fprintf(&b, "    when: %s\n", e.When)
		}
	}
	return b.String()
}

// Purging before or after the report is made gives the same numbers, whatever
// has happened to the cases.
func TestPurgedCasesCountAsTheyDid(t *testing.T) {
	const today = "2046-12-07"
	periods := []Period{year(2021), year(2022), {date("2021-03-01"), date("2022-10-31")}, {date("2019-01-01"), date("2046-12-07")}}
	purged := 0
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, "archive/2027-01"), 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "regeling.yaml"), []byte(twoVersions), 0o600)
		}
		n := rapid.IntRange(1, 12).Draw(rt, "cases")
		for i := range n {
			begun := date("2021-01-01").AddDays(rapid.IntRange(0, 1000).Draw(rt, "begun"))
			id := casefile.MakeID(begun.Year, "", i+1)
			text := caseFile(id, anyLog(rt, begun))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, "archive/2027-01", string(id)+".yaml"), []byte(text), 0o600)
			}
		}
		if err != nil {
			rt.Fatal(err)
		}
		var before []*Report
		for _, p := range periods {
			r := reportOn(t, dir, p, today)
			if r.Unreadable > 0 {
				rt.Fatal("a case cannot be read")
			}
			before = append(before, r)
		}
		if all := before[3]; all.Received+all.Spoken != n || all.Open > 0 {
			rt.Fatalf("not every case counts: %+v", all)
		}
		purged += purgeAll(t, dir, today, n)
		for i, p := range periods {
			after := reportOn(t, dir, p, today)
			if i == 3 && after.Retention.Purged != n || after.Retention.StillThere != 0 {
				rt.Fatalf("of %d purged: %+v", n, after.Retention)
			}
			before[i].Retention, after.Retention = RetentionReport{}, RetentionReport{} // what purging is about
			if !reflect.DeepEqual(before[i], after) {
				data, _ := os.ReadFile(filepath.Join(dir, "purged.yaml"))
				rt.Fatalf("%s to %s\nbefore %+v\n after %+v\n%s", p.From, p.To, before[i], after, data)
			}
		}
	})
	if purged == 0 {
		t.Error("nothing was purged")
	}
}

// purgeAll purges what may go on a day, in two goes, and returns how many did.
func purgeAll(t testing.TB, dir, today string, want int) (n int) {
	t.Helper()
	r, err := store.Open(dir, func([]byte) (_, _ []string) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	w, err := r.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	plan, err := r.PlanPurge(nil, date(today))
	if err != nil || len(plan.Gone) != want {
		t.Fatalf("%d of %d would go: %v", len(plan.Gone), want, err)
	}
	for _, f := range plan.Gone {
		if err := w.Purge(f, date(today)); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// A line of old, without extensions among its steps, counts them by the promise;
// a line of a case that was removed before it was closed counts as removed.
func TestOtherLines(t *testing.T) {
	p := &deadlines.Policy{FoldUnder: 3, Versions: []deadlines.Version{{From: date("2019-09-01")}}}
	k := NewCount(p, year(2020), date("2026-12-07"))
	k.Add(deadlines.Record{ID: "2020-0002", Received: date("2020-06-02"), Version: date("2019-09-01"), Gone: date("2025-08-04"),
		Promises: []deadlines.Result{{Term: deadlines.Close, Verdict: deadlines.OnTime, Workdays: 41, Days: -1}, {Term: deadlines.Extend, Verdict: deadlines.OnTime, Workdays: 28, Days: -1}},
		Steps:    []deadlines.Milestone{{Step: casefile.Closed, On: date("2020-07-29"), Outcome: casefile.Rejected}}}, nil)
	k.Add(deadlines.Record{ID: "2020-0003", Received: date("2020-06-02"), Version: date("2019-09-01"), Gone: date("2020-06-20"),
		Promises: []deadlines.Result{{Term: deadlines.Acknowledge, Verdict: deadlines.Overdue, Workdays: -1, Days: -1}, {Term: deadlines.Close, Verdict: deadlines.Open, Workdays: -1, Days: -1}}}, nil)
	k.Add(deadlines.Record{ID: "2020-0004", Gone: date("2026-12-07")}, nil) // erased, and could not be read
	k.Add(deadlines.Record{ID: "2021-0004", Gone: date("2026-12-07")}, nil)
	r := k.Report(0)
	if r.Unknown != 1 || r.Received != 2 || r.Closed != 1 || r.Open != 0 || r.Removed != 1 || r.Extensions != 1 || r.Extended != 1 {
		t.Errorf("%+v", r)
	}
	kept, due := r.Kept()
	if kept != 2 || due != 3 {
		t.Errorf("%d of %d kept", kept, due)
	}
}
