package report

import (
	"fmt"
	"slices"
	"testing"
)

// everyCount calls take for each way to spread a total over m categories.
func everyCount(m, total int, take func([]int)) {
	counts := make([]int, m)
	var spread func(i, left int)
	spread = func(i, left int) {
		if i == m-1 {
			counts[i] = left
			take(counts)
			return
		}
		for n := range left + 1 {
			counts[i] = n
			spread(i+1, left-n)
		}
	}
	spread(0, total)
}

// shown is all that a reader sees of counts.
func shown(counts []int, under int) string {
	s := ""
	for i, folded := range fold(counts, under) {
		if folded {
			s += " ?"
		} else {
			s += fmt.Sprint(" ", counts[i])
		}
	}
	return s
}

// Nobody can work out a small count: not even who knows how folding is done,
// and goes through all counts that would be shown like this. For each category
// that has few there are other counts that look the same.
func TestNoSmallCountCanBeWorkedOut(t *testing.T) {
	tried := 0
	for _, tt := range []struct{ m, under, most int }{{3, 2, 14}, {3, 3, 16}, {3, 5, 24}, {4, 2, 14}, {4, 3, 18}, {6, 2, 11}, {6, 3, 15}, {6, 4, 14}} {
		for total := range tt.most + 1 {
			looks := map[string][][]int{}
			everyCount(tt.m, total, func(counts []int) {
				s := shown(counts, tt.under)
				looks[s] = append(looks[s], slices.Clone(counts))
			})
			for s, same := range looks {
				for c := range tt.m {
					n := same[0][c]
					if n > 0 && n < tt.under && !slices.ContainsFunc(same, func(o []int) bool { return o[c] != n }) {
						t.Errorf("under %d, of %d in all:%s can only mean that category %d has %d", tt.under, total, s, c, n)
					}
				}
				tried += len(same)
			}
		}
	}
	if tried < 50_000 {
		t.Errorf("only %d ways were tried", tried)
	}
}

func TestFolding(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		under  int
		want   string
	}{
		{[]int{0, 0, 0, 0}, 3, " 0 0 0 0"},        // nothing to hide
		{[]int{5, 3, 0, 9}, 3, " 5 3 0 9"},        // nor here
		{[]int{5, 1, 0, 9}, 3, " 5 ? ? 9"},        // the one is hidden between two
		{[]int{5, 1, 4, 9}, 3, " 5 ? ? 9"},        // alone it would be the difference to the total
		{[]int{4, 1, 4, 9}, 3, " ? ? ? 9"},        // which of the two fours would tell
		{[]int{9, 2, 2, 4}, 3, " 9 ? ? ?"},        // 4 in two that have at most 2 each
		{[]int{9, 2, 1, 4}, 3, " 9 ? ? 4"},        // 3 can be either
		{[]int{2, 2, 2, 2}, 3, " ? ? ? ?"},        //
		{[]int{1, 0, 0, 0}, 3, " ? ? ? ?"},        //
		{[]int{1, 2, 0, 7}, 1, " 1 2 0 7"},        // nothing is folded
		{[]int{100, 99, 1, 50}, 3, " 100 99 ? ?"}, //
	} {
		if got := shown(tt.counts, tt.under); got != tt.want {
			t.Errorf("%d under %d: shown is%s, want%s", tt.counts, tt.under, got, tt.want)
		}
	}
}

// What a breakdown says adds up to the total, and each category stands in it once.
func TestBreakdownAddsUp(t *testing.T) {
	of := []Standing{Waiting, Taken, Declined}
	everyCount(3, 9, func(counts []int) {
		count := map[Standing]int{Waiting: counts[0], Taken: counts[1], Declined: counts[2]}
		sum, met := 0, 0
		for _, p := range breakdown(of, count, 3) {
			sum, met = sum+p.Count, met+len(p.Of)
			if len(p.Of) == 1 && p.Count != count[p.Of[0]] {
				t.Errorf("%d: %v", counts, p)
			}
		}
		if sum != 9 || met != 3 {
			t.Errorf("%d adds up to %d in %d categories", counts, sum, met)
		}
	})
}
