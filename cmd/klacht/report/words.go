package report

import (
	"strconv"
	"strings"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
)

// words says sentences, and what a report needs besides.
type words struct{ *dictionary.Words }

// or joins names to a choice: agreed, upheld or rejected.
func (w words) or(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return w.T("%s or %s", strings.Join(names[:last], ", "), names[last])
}

// of says how many of those that were due were kept.
func (w words) of(kept, due int) string {
	if due == 0 {
		return "–"
	}
	return w.T("%d of %d", kept, due)
}

// title names a span of days, as shortly as it can be.
func (w words) title(from, to casefile.Date) string {
	first, last := from.Month == 1 && from.Day == 1, to.Month == 12 && to.Day == 31
	switch {
	case first && last && from.Year == to.Year:
		return w.T("Complaints in %s", strconv.Itoa(from.Year))
	case first && last:
		return w.T("Complaints from %s up to and including %s", strconv.Itoa(from.Year), strconv.Itoa(to.Year))
	}
	return w.T("Complaints from %s up to and including %s", long(from, w.Lang), long(to, w.Lang))
}

// number writes a number that can end in a half.
func (w words) number(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if w.Lang == "nl" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (w words) standing(s Standing) string {
	switch s {
	case Waiting:
		return w.T("waiting for the body")
	case Taken:
		return w.T("being handled there")
	}
	return w.T("not taken")
}
