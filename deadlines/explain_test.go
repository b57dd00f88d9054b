package deadlines_test

import (
	"fmt"
	"strings"
	"testing"

	"klacht/deadlines"
)

// The count behind a date, as a person would do it on paper: every day from
// receipt, its number, and why it is passed over.
func TestExplainCountsEveryDay(t *testing.T) {
	p := policy(t, "acknowledge 5 workdays; archive 5 years")
	want := `2026-04-01 0 0
2026-04-02 1 1
2026-04-03 2 2
2026-04-04 3 0 weekday
2026-04-05 4 0 weekday
2026-04-06 5 0 Tweede Paasdag
2026-04-07 6 3
2026-04-08 7 4
2026-04-09 8 5
`
	var got strings.Builder
	for _, d := range p.Explain(day(t, "2026-04-01")) {
		fmt.Fprint(&got, d.Date, " ", d.Day, " ", d.Workday)
		switch d.Off.Kind {
		case deadlines.OffHoliday:
			fmt.Fprint(&got, " ", d.Off.Holiday)
		case deadlines.OffWeekday:
			fmt.Fprint(&got, " weekday")
		}
		fmt.Fprintln(&got)
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// The count ends on the last of the dates, and agrees with each of them.
func TestExplainEndsOnTheLastTerm(t *testing.T) {
	p := policy(t, published)
	for _, received := range []string{"2026-03-28", "2026-04-24", "2026-12-18", "2028-02-29"} {
		days := p.Explain(day(t, received))
		numbers := map[string]int{}
		for _, d := range days {
			numbers[d.Date.String()] = d.Workday
		}
		rows := p.Terms(day(t, received))
		if last := days[len(days)-1].Date; last != rows[2].Due {
			t.Errorf("received %s: counted until %s, want %s", received, last, rows[2].Due)
		}
		if numbers[rows[0].Due.String()] != 5 || numbers[rows[1].Due.String()] != 10 {
			t.Errorf("received %s: day %d and day %d, want 5 and 10", received, numbers[rows[0].Due.String()], numbers[rows[1].Due.String()])
		}
	}
}
