package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// reportTold is what the JSON of a report says, read by its names.
type reportTold struct {
	Received, Closed, Open, Spoken, Extensions, Extended, Referrals, Rulings int
	FromBefore                                                               int `json:"from_before"`
	CarriedOut                                                               int `json:"carried_out"`
	Outcomes                                                                 []struct {
		Of    []string
		Count int
	}
	NotRuled []struct {
		Of    []string
		Count int
	} `json:"not_ruled"`
	Policies []struct {
		From       string
		Complaints int
		Promises   []struct {
			Promise               string
			Kept, Missed, Running int
			Median                *float64 `json:"median_workdays"`
			Longest               *int     `json:"longest_workdays"`
		}
	}
}

func sampleReport(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(append([]string{"--dir", "../../cases", "--today", "2026-12-07"}, args...), world{In: strings.NewReader(""), Out: &out, Err: &errs,
		Now: func() time.Time { return testNow }, Getenv: func(string) string { return "" }, Dir: "."})
	if code != 0 {
		t.Fatalf("code %d\n%s", code, errs.String())
	}
	return out.String()
}

// A case of the sample, read with nothing of the program: only its dates.
type plainCase struct {
	received string
	steps    [][3]string // day, step, outcome
}

var plainEntry = regexp.MustCompile(`(?m)^  - at: ([0-9-]{10}).*\n    step: ([a-z]+)$((?:\n    .*)*)`)

func plainCases(t *testing.T) []plainCase {
	t.Helper()
	var list []plainCase
	for _, pattern := range []string{"open/*.yaml", "archive/*/*.yaml"} {
		files, _ := filepath.Glob("../../cases/" + pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c plainCase
			if _, after, ok := strings.Cut(string(data), "\nreceived: "); ok {
				c.received = after[:10]
			}
			for _, m := range plainEntry.FindAllStringSubmatch(string(data), -1) {
				_, outcome, _ := strings.Cut(m[3], "outcome: ")
				outcome, _, _ = strings.Cut(outcome, "\n")
				c.steps = append(c.steps, [3]string{m[1], m[2], outcome})
			}
			slices.SortStableFunc(c.steps, func(a, b [3]string) int { return strings.Compare(a[0], b[0]) })
			list = append(list, c)
		}
	}
	if len(list) != 16 {
		t.Fatalf("%d cases", len(list))
	}
	return list
}

// plainWorkdays counts the working days of 2026 after a day, up to another.
func plainWorkdays(from, to string) (n int) {
	off := []string{"2026-01-01", "2026-04-06", "2026-04-27", "2026-05-14", "2026-05-25", "2026-12-25"}
	d, _ := time.Parse(time.DateOnly, from)
	for d = d.AddDate(0, 0, 1); d.Format(time.DateOnly) <= to; d = d.AddDate(0, 0, 1) {
		s := d.Format(time.DateOnly)
		if w := d.Weekday(); w != 0 && w != 6 && !slices.Contains(off, s) && (s < "2026-07-20" || s > "2026-07-31") {
			n++
		}
	}
	return n
}

func plainDays(from string, n int) string {
	d, _ := time.Parse(time.DateOnly, from)
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}

// The report of the sample register agrees with a count that shares nothing
// with the program: other code for reading, for working days and for promises.
func TestTheReportAgreesWithAnIndependentCount(t *testing.T) {
	const today = "2026-12-07"
	var r reportTold
	if err := json.Unmarshal([]byte(sampleReport(t, "--json", "report", "2026")), &r); err != nil {
		t.Fatal(err)
	}
	want := reportTold{}
	type score struct {
		kept, missed, running int
		took                  []int
	}
	scores := map[string]*score{"acknowledge": {}, "inform": {}, "close": {}, "extend": {}, "comply": {}}
	outcomes, pending := map[string]int{}, 0
	judge := func(name, start, done, due string) {
		s := scores[name]
		switch {
		case done != "" && done <= due:
			s.kept++
		case done != "" || today > due:
			s.missed++
		default:
			s.running++
		}
		if done != "" {
			s.took = append(s.took, plainWorkdays(start, done))
		}
	}
	within := func(start string, workdays int) string { // the day on which so many working days have gone by
		for n := 1; ; n++ {
			if day := plainDays(start, n); plainWorkdays(start, day) == workdays {
				return day
			}
		}
	}
	for _, c := range plainCases(t) {
		if c.received == "" {
			if strings.HasPrefix(c.steps[0][0], "2026") {
				want.Spoken++
			}
			continue
		}
		if !strings.HasPrefix(c.received, "2026") {
			continue
		}
		want.Received++
		var acked, informed, ruled, complied, outcome string
		begun, due, closed, extended, lies := c.received, plainDays(c.received, 28), false, 0, false
		for _, s := range c.steps {
			day := s[0]
			switch s[1] {
			case "asked", "acknowledged", "proposed", "invited", "extended", "closed":
				if acked == "" {
					acked = day
				}
			}
			switch s[1] {
			case "proposed", "invited", "heard", "closed":
				if informed == "" {
					informed = day
				}
			}
			switch s[1] {
			case "extended":
				judge("extend", begun, day, due)
				due = "2026-12-16" // the only one in the sample
				extended++
			case "closed":
				judge("close", begun, day, due)
				closed, outcome = true, s[2]
			case "reopened":
				closed, begun, due = false, day, plainDays(day, 28)
			case "referred":
				want.Referrals++
				lies = true
			case "declined":
			case "ruled":
				want.Rulings++
				ruled, lies = day, false
			case "complied":
				want.CarriedOut++
				complied = day
			}
		}
		if !closed {
			judge("close", begun, "", due)
		}
		judge("acknowledge", c.received, acked, within(c.received, 5))
		judge("inform", c.received, informed, within(c.received, 10))
		if ruled != "" {
			judge("comply", ruled, complied, within(ruled, 5))
		}
		if closed {
			want.Closed++
			outcomes[outcome]++
		} else {
			want.Open++
		}
		if lies {
			pending++
		}
		want.Extensions += extended
		want.Extended += min(extended, 1)
	}
	for name, pair := range map[string][2]int{
		"received": {r.Received, want.Received}, "closed": {r.Closed, want.Closed}, "open": {r.Open, want.Open}, "spoken": {r.Spoken, want.Spoken},
		"from before": {r.FromBefore, 0}, "extensions": {r.Extensions, want.Extensions}, "extended": {r.Extended, want.Extended},
		"referrals": {r.Referrals, want.Referrals}, "rulings": {r.Rulings, want.Rulings}, "carried out": {r.CarriedOut, want.CarriedOut},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: the report says %d, counted %d", name, pair[0], pair[1])
		}
	}
	if want.Received != 12 || want.Closed != 4 || want.Referrals != 3 {
		t.Errorf("the count itself is wrong: %+v", want)
	}
	for o, n := range outcomes {
		if n >= 3 {
			t.Errorf("%d are %s: the sample is meant to have small numbers only", n, o)
		}
	}
	if len(r.Outcomes) != 1 || len(r.Outcomes[0].Of) != 6 || r.Outcomes[0].Count != want.Closed {
		t.Errorf("outcomes: %+v", r.Outcomes)
	}
	if len(r.NotRuled) != 1 || len(r.NotRuled[0].Of) != 3 || r.NotRuled[0].Count != pending {
		t.Errorf("not ruled: %+v, counted %d", r.NotRuled, pending)
	}
	if len(r.Policies) != 1 || r.Policies[0].From != "2025-01-01" || r.Policies[0].Complaints != want.Received || len(r.Policies[0].Promises) != len(scores) {
		t.Fatalf("policies: %+v", r.Policies)
	}
	for _, p := range r.Policies[0].Promises {
		s := scores[p.Promise]
		if p.Kept != s.kept || p.Missed != s.missed || p.Running != s.running {
			t.Errorf("%s: the report says %d, %d, %d; counted %+v", p.Promise, p.Kept, p.Missed, p.Running, s)
		}
		slices.Sort(s.took)
		if n := len(s.took); n == 0 {
			if p.Median != nil || p.Longest != nil {
				t.Errorf("%s: times of nothing", p.Promise)
			}
		} else if want := float64(s.took[(n-1)/2]+s.took[n/2]) / 2; p.Median == nil || *p.Median != want || *p.Longest != s.took[n-1] {
			t.Errorf("%s: median %v, longest %v; counted %v of %d", p.Promise, p.Median, p.Longest, want, s.took)
		}
	}
}

// What is shown on a terminal, on the page and in the table are the same
// numbers as in the JSON.
func TestEveryFormOfAReportTellsTheSame(t *testing.T) {
	csv := sampleReport(t, "report", "2026", "--csv", "-")
	page := sampleReport(t, "report", "2026", "--html", "-")
	screen := sampleReport(t, "report", "2026")
	for _, row := range [][]string{{"confirm receipt", "5 workdays", "9", "2", "1"}, {"close", "4 weeks", "5", "0", "8"}, {"confirm receipt", "2 (7)", "2 (10)"}, {"close", "17 (20)", "25 (27)"}} {
		cells := `<th scope="row">` + row[0] + `</th>`
		for _, c := range row[1:] {
			cells += `<td data-head="[a-z ]+"(?: class="num")?>` + regexp.QuoteMeta(c) + `</td>`
		}
		if !regexp.MustCompile(cells).MatchString(page) {
			t.Errorf("the page has no %s", cells)
		}
		if !regexp.MustCompile(`(?m)^  ` + strings.ReplaceAll(regexp.QuoteMeta(strings.Join(row, "  ")), `  `, ` +`) + `$`).MatchString(screen) {
			t.Errorf("the terminal shows no %q", row)
		}
	}
	if !strings.Contains(csv, "promises,2025-01-01,acknowledge,kept,9\r\npromises,2025-01-01,acknowledge,missed,2\r\n") || !strings.Contains(csv, "promises,2025-01-01,close,median days,25\r\n") {
		t.Errorf("the table says\n%s", csv)
	}
}

// From cron and into a file there is no bar; on a terminal there is, once it
// takes long enough.
func TestProgressBar(t *testing.T) {
	for _, tt := range []struct {
		done, total int
		want        string
	}{
		{0, 0, "▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱   0%"}, {1, 3, "▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱▱▱▱▱  33%"}, {9, 9, "▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 100%"},
	} {
		if got := progressBar(tt.done, tt.total); got != tt.want {
			t.Errorf("%d of %d: %s", tt.done, tt.total, got)
		}
	}
	a := &app{world: world{Err: &bytes.Buffer{}}}
	if tell, _ := a.progress(); tell != nil {
		t.Error("a bar where there is no terminal")
	}
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Skip("there are no terminals here:", err)
	}
	defer screen.Close()
	defer terminal.Close()
	defer func(d time.Duration) { unseen = d }(unseen)
	a.Err = terminal
	unseen = time.Hour
	tell, done := a.progress()
	tell(1, 2)
	done() // leaves nothing
	unseen = 0
	tell, done = a.progress()
	time.Sleep(50 * time.Millisecond)
	tell(1, 2)
	tell(1, 2) // nothing new
	tell(2, 2)
	done()
	fmt.Fprintln(terminal, "end")
	var shown string
	for buf := make([]byte, 1000); !strings.Contains(shown, "end"); {
		n, err := screen.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		shown += string(buf[:n])
	}
	bar := func(n, total int) string { return "\r" + progressBar(n, total) }
	if want := bar(1, 2) + bar(2, 2) + "\r" + strings.Repeat(" ", 25) + "\rend"; strings.TrimSpace(shown) != strings.TrimSpace(want) {
		t.Errorf("shown %q, want %q", shown, want)
	}
}
