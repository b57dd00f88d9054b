package report

import (
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

func date(s string) casefile.Date {
	d, err := casefile.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func year(n int) Period {
	return Period{casefile.Date{Year: n, Month: 1, Day: 1}, casefile.Date{Year: n, Month: 12, Day: 31}}
}

// reportOn counts a register of a folder, after changes to its policy.
func reportOn(t testing.TB, dir string, p Period, today string, changes ...func(*deadlines.Policy)) *Report {
	t.Helper()
	r, err := store.Open(dir, func([]byte) (_, _ []string) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(r.Policy)
	}
	k := NewCount(r.Policy, p, date(today))
	damaged, err := r.Records(date(today), nil, func(rec deadlines.Record, f *store.File) {
		if f == nil {
			k.Add(rec, nil)
		} else {
			k.Add(rec, &f.Case)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return k.Report(len(damaged))
}
