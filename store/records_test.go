package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/disk"
)

// records returns the IDs of all cases that a register has or had, those that
// are gone in brackets, and what cannot be read.
func records(t *testing.T, r *Register) (list, damaged []string) {
	t.Helper()
	inside := false
	damage, err := r.Records(day(t, "2046-01-01"), nil, func(rec deadlines.Record, f *File) {
		if inside {
			t.Error("two at a time")
		}
		inside = true
		defer func() { inside = false }()
		id := string(rec.ID)
		if f == nil {
			id = "(" + id + ")"
		} else if f.ID != rec.ID {
			t.Errorf("the record of %s came with %s", rec.ID, f.ID)
		}
		list = append(list, id)
	})
	must(t, err)
	for _, d := range damage {
		damaged = append(damaged, d.Error())
	}
	slices.Sort(list)
	return list, damaged
}

func TestRecordsAreOfEveryCaseOnce(t *testing.T) {
	r := newRegister(t)
	for n := range 40 {
		create(t, r, "2026-11-20", fmt.Sprint(n))
	}
	for n := 1; n <= 20; n++ {
		appendStep(t, r, casefile.MakeID(2026, "", n), closing(t, "2026-11-25"), nil)
	}
	writing(t, r, func(w *Writer) {
		for n := 1; n <= 5; n++ {
			f, err := r.Load(casefile.MakeID(2026, "", n))
			must(t, err)
			must(t, w.Purge(f, day(t, "2031-11-26")))
		}
	})
	f, err := r.Load("2026-0010")
	must(t, err)
	place(t, r, "archive/2040-01/2026-0010.yaml", string(f.Data)) // there twice
	place(t, r, "archive/2031-11/2026-0001.yaml", strings.Replace(string(f.Data), "2026-0010", "2026-0001", 1))
	place(t, r, "open/2026-0040.yaml", "kapot")
	place(t, r, "open/.tmp-X.yaml", "half")
	var want []string
	for n := 2; n <= 5; n++ {
		want = append(want, fmt.Sprintf("(2026-%04d)", n))
	}
	want = append(want, "2026-0001") // its purge was cut off
	for n := 6; n <= 39; n++ {
		want = append(want, fmt.Sprintf("2026-%04d", n))
	}
	got, damaged := records(t, r)
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(damaged) != 1 || !strings.HasPrefix(damaged[0], "open/2026-0040.yaml") {
		t.Errorf("damaged: %s", damaged)
	}
}

func TestProgressOfRecords(t *testing.T) {
	r := newRegister(t)
	for n := range 30 {
		create(t, r, "2026-11-20", fmt.Sprint(n))
	}
	var told []int
	_, err := r.Records(day(t, "2026-12-01"), func(done, total int) {
		if total != 30 {
			t.Errorf("%d in all", total)
		}
		told = append(told, done)
	}, func(deadlines.Record, *File) {})
	must(t, err)
	if len(told) != 30 || told[29] != 30 || !slices.IsSorted(told) {
		t.Errorf("told %d", told)
	}
}

// A line that cannot be read hides no other, and is told with its place; keys
// that are new are passed over.
func TestLinesOfPurgedCases(t *testing.T) {
	const head, tail = "- {id: 2020-0001, received: 2020-02-11, policy: 2019-09-01", ", purged: 2025-03-10}\n"
	for text, want := range map[string]string{
		"": "",
		", promises: [hear late, close late 0], steps: [extended 2020-02-20]": "",
		", promises: [close open 0, acknowledge overdue]":                     "",
		", promises: [], steps: []":                                           "",
		", erased: 2021-01-01, why: {a: [b]}":                                 "",
		", promises: [acknowledge on-time twee]":                              `purged.yaml:2: "acknowledge on-time twee" is not how a promise stood`,
		", promises: [bevestigen on-time 2]":                                  `purged.yaml:2: "bevestigen on-time 2" is not how a promise stood`,
		", promises: [acknowledge soon 2]":                                    `purged.yaml:2: "acknowledge soon 2" is not how a promise stood`,
		", promises: [acknowledge on-time -2]":                                `purged.yaml:2: "acknowledge on-time -2" is not how a promise stood`,
		", promises: [[a]]":                                                   `purged.yaml:2: a text belongs here`,
		", steps: [closed 2020-03-05]":                                        `purged.yaml:2: "closed 2020-03-05" is not a step with its day`,
		", steps: [closed 2020-03-05 lost]":                                   `purged.yaml:2: "closed 2020-03-05 lost" is not a step with its day`,
		", steps: [closed 2020-02-30 agreed]":                                 `purged.yaml:2: "closed 2020-02-30 agreed" is not a step with its day`,
		", steps: [reopened 2020-03-05 agreed]":                               `purged.yaml:2: "reopened 2020-03-05 agreed" is not a step with its day`,
		", steps: [noted 2020-03-05]":                                         `purged.yaml:2: "noted 2020-03-05" is not a step with its day`,
		", spoken: 2020-02-11":                                                `purged.yaml:2: is not the line of a purged complaint`,
		", steps: 3":                                                          `purged.yaml:2: a list belongs here`,
		", steps: [a":                                                         "purged.yaml:2: is not valid YAML",
	} {
		r := newRegister(t)
		other := strings.Replace(head, "0001", "0002", 1) + tail
		place(t, r, PurgedFile, "# a comment\n"+head+text+tail+other)
		got, damaged := records(t, r)
		if want == "" && (len(damaged) > 0 || len(got) != 2) {
			t.Errorf("%s: %s, %s", text, got, damaged)
		}
		if want != "" && (len(damaged) != 1 || !strings.HasPrefix(damaged[0], want) || len(got) != 1 || got[0] != "(2020-0002)") {
			t.Errorf("%s: %s, %s", text, got, damaged)
		}
		if _, err := r.Purged(); err != nil {
			t.Errorf("%s: no number can be given out: %v", text, err)
		}
	}
	if rec, damage := decodePurged(1, `{id: 2026-0008, erased: "AVG art. 17", purged: 2026-12-07}`); damage != nil || !rec.Began().IsZero() || rec.Gone.IsZero() {
		t.Errorf("erased unread: %+v, %v", rec, damage)
	}
	if rec, damage := decodePurged(1, `{id: 2026-0008, purged: 2026-12-07}`); damage == nil {
		t.Errorf("nothing is known of it: %+v", rec)
	}
	r := newRegister(t)
	place(t, r, PurgedFile, head+tail+"zomaar\n")
	if got, damaged := records(t, r); len(got) != 1 || len(damaged) != 1 || damaged[0] != "purged.yaml:2: is not the line of a purged complaint" {
		t.Errorf("%s, %s", got, damaged)
	}
}

// Any number of cases can have been purged: the file has no greatest size.
func TestManyPurgedCases(t *testing.T) {
	r := newRegister(t)
	var b strings.Builder
	const n = 120_000
	for i := range n {
		fmt.Fprintf(&b, "- {id: %d-%04d, received: 2020-02-11, policy: 2019-09-01, promises: [acknowledge on-time 2, close on-time 17], steps: [closed 2020-03-05 agreed], purged: 2025-03-10}\n", 2020, i+1)
	}
	if b.Len() < disk.MaxFile {
		t.Fatal("too small to show it")
	}
	place(t, r, PurgedFile, b.String())
	ids, err := r.Purged()
	if err != nil || len(ids) != n {
		t.Errorf("%d, %v", len(ids), err)
	}
}

func TestSetOfNumbers(t *testing.T) {
	s := numbers{}
	for _, id := range []casefile.ID{"2026-0001", "2026-0064", "2026-0063", "2027-0001", "2026-999999999", "2026-0002"} {
		if !s.add(id) || s.add(id) {
			t.Errorf("%s", id)
		}
	}
}
