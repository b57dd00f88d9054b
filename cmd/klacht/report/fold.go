package report

import "math"

// fold says which counts of a breakdown must be put together, so that nobody
// can work out from what is shown that a category has few: more than none, and
// fewer than under. Shown are the counts that are not folded, the sum of the
// folded ones, and so the total.
//
// All small counts are folded, those of none too, for a list of who is not
// there tells who is. Where that leaves but one, or as many in them as they can
// hold, their sum would still say it, and the smallest of the others are folded
// with them; all of those that are equally small, for choosing one would tell.
// What this promises holds for three categories or more.
func fold(counts []int, under int) []bool {
	folded := make([]bool, len(counts))
	n, sum, total, few := 0, 0, 0, false
	for i, c := range counts {
		total += c
		if c < under {
			folded[i] = true
			n, sum, few = n+1, sum+c, few || c > 0
		}
	}
	switch {
	case !few:
		return make([]bool, len(counts))
	case total == len(counts)*(under-1): // all of them could be just too small
		for i := range folded {
			folded[i] = true
		}
	case n == 1 || sum == n*(under-1):
		least := math.MaxInt
		for _, c := range counts {
			if c >= under {
				least = min(least, c)
			}
		}
		for i, c := range counts {
			folded[i] = folded[i] || c == least
		}
	}
	return folded
}

// Part is one line of a breakdown: a category, or several that were folded.
type Part[T ~string] struct {
	Of    []T `json:"of"`
	Count int `json:"count"`
}

// breakdown returns the counts of categories, the folded ones together and last.
func breakdown[T ~string](of []T, count map[T]int, under int) []Part[T] {
	counts := make([]int, len(of))
	for i, c := range of {
		counts[i] = count[c]
	}
	var parts []Part[T]
	var rest Part[T]
	for i, folded := range fold(counts, under) {
		if folded {
			rest.Of, rest.Count = append(rest.Of, of[i]), rest.Count+counts[i]
		} else {
			parts = append(parts, Part[T]{[]T{of[i]}, counts[i]})
		}
	}
	if rest.Of != nil {
		parts = append(parts, rest)
	}
	return parts
}
