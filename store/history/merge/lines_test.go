package merge

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store"

	"pgregory.net/rapid"
)

func TestPurged(t *testing.T) {
	const one, two, three = "- {id: 2020-0001, received: 2020-02-11, policy: 2019-09-01, steps: [closed 2020-03-05 agreed], purged: 2025-03-10}\n",
		"- {id: 2020-0002, received: 2020-02-11, policy: 2019-09-01, steps: [], purged: 2025-03-11, key: 7qk2mz5w4tq3rjxn2v6hcd8e9c, content: 9d1n2p4q6s8t0v1w3x5y7zabcc, by: A}\n",
		"- {id: 2020-0002, kept: 2025-03-12, key: 7qk2mz5w4tq3rjxn2v6hcd8e9c, content: 9d1n2p4q6s8t0v1w3x5y7zabcc, by: B}\n"
	later := strings.Replace(two, "03-11", "03-13", 1)
	for _, tt := range []struct{ name, base, ours, theirs, want string }{
		{"both purged", "# a\n", "# a\n" + one, "# a\n" + two, "# a\n" + one + two},
		{"one that both purged", "", later, two, two + later},
		{"taken back, and purged again", two, two + three, later, two + three + later},
		{"one that both purged on one day", "", strings.Replace(two, "by: A", "by: B", 1), two, two},
		{"of another content", "", strings.Replace(later, "9d1n2p", "8d1n2p", 1), two, two + strings.Replace(later, "9d1n2p", "8d1n2p", 1)},
		{"of another key", "", strings.Replace(two, "key: 7qk2", "key: 8qk2", 1), two, two + strings.Replace(two, "key: 7qk2", "key: 8qk2", 1)},
		{"a line without a key", "", strings.Replace(one, "0001", "0002", 1), two, strings.Replace(one, "0001", "0002", 1) + two},
		{"taken back", two, two + three, two + one, one + two + three},
		{"taken out by both", one + two, two, two + three, one + two + three},
		{"line ends of Windows", one, strings.ReplaceAll(one, "\n", "\r\n"), one + two, one + two},
		{"not a line", one, one + "- x\n", one + two, ""},
		{"mended since", one + "- x\n", one, one + two, one + two},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, conflicts := File(store.PurgedFile, []byte(tt.base), []byte(tt.ours), []byte(tt.theirs), Ours)
			if string(got) != tt.want || got == nil && conflicts[0].Ours != "purged.yaml:2: is not the line of a purged complaint" {
				t.Errorf("got %v\n%s\nwant\n%s", conflicts, got, tt.want)
			}
			back, others := Purged([]byte(tt.base), []byte(tt.theirs), []byte(tt.ours))
			mirrored(t, got, back, conflicts, others)
		})
	}
}

// laws checks that a merge of whatever files is commutative, associative and
// idempotent to the byte.
func laws(t *rapid.T, merge func(base, ours, theirs []byte) ([]byte, []Conflict), base, x, y, z []byte) []byte {
	join := func(a, b []byte) []byte {
		got, conflicts := merge(base, a, b)
		back, others := merge(base, b, a)
		mirrored(t, got, back, conflicts, others)
		if got == nil {
			t.Fatal(conflicts)
		}
		for _, side := range [][]byte{got, a, b, base} {
			if again, _ := merge(base, got, side); !bytes.Equal(again, got) {
				t.Fatalf("merging once more changes it:\n%s\n%s", got, again)
			}
		}
		return got
	}
	left, right := join(join(x, y), z), join(x, join(y, z))
	if !bytes.Equal(left, right) {
		t.Fatalf("not the same:\n%s\n%s", left, right)
	}
	return left
}

func TestPurgedLaws(t *testing.T) {
	file := rapid.Custom(func(t *rapid.T) []byte {
		var b strings.Builder
		for range rapid.IntRange(0, 5).Draw(t, "lines") {
			day, id := rapid.IntRange(10, 13).Draw(t, "day"), rapid.SampledFrom([]string{"2020-0001", "2020-0002", "2020-B001"}).Draw(t, "id")
			key := rapid.SampledFrom([]string{"", ", key: 7qk2mz5w4tq3rjxn2v6hcd8e9c, content: 9d1n2p4q6s8t0v1w3x5y7zabcc, by: A", ", key: 7qk2mz5w4tq3rjxn2v6hcd8e9c, content: 9d1n2p4q6s8t0v1w3x5y7zabcc, by: B", ", key: 3f6w0c8e7r2m9k1t5x4z0abcdc, content: 9d1n2p4q6s8t0v1w3x5y7zabcc, by: A"}).Draw(t, "key")
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				if key == "" {
					continue
				}
				fmt.Fprintf(&b, "- {id: %s, kept: 2025-03-%d%s}\n", id, day, key)
			case 1:
				fmt.Fprintf(&b, "# %d\r\n", day)
			default:
				fmt.Fprintf(&b, "- {id: %s, received: 2020-02-11, purged: 2025-03-%d%s}\n", id, day, key)
			}
		}
		return []byte(b.String())
	})
	rapid.Check(t, func(t *rapid.T) {
		base, x, y, z := file.Draw(t, "base"), file.Draw(t, "x"), file.Draw(t, "y"), file.Draw(t, "z")
		keptAll(t, laws(t, Purged, base, x, y, z), base, x, y, z)
	})
}

// keptAll fails if the merge has lost what a file says about a complaint.
func keptAll(t rapid.TB, got []byte, files ...[]byte) {
	read := func(data []byte) map[store.PurgedLine]purged {
		lines := map[store.PurgedLine]purged{}
		_ = readPurged(data, lines, map[string]bool{})
		return lines
	}
	have := read(got)
	for _, data := range files {
		for same, line := range read(data) {
			if _, ok := have[same]; !ok {
				t.Fatalf("a line is lost: %s\n%s", line.text, got)
			}
		}
	}
}

const registerHead = "# Kept by klacht: what tells this register from others, and which numbers were given out. Not for editing.\nformat: 1\n"

const register1 = registerHead + "key: 7qk2mz5w4tq3rjxn2v6hcd8e9c\nseries:\n  A: 3f6w0c8e7r2m9k1t5x4z0abcdc\nnumbers:\n  2026: 12\n"

func TestRegister(t *testing.T) {
	edit := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(register1) }
	for _, tt := range []struct{ name, base, ours, theirs, want, field string }{
		{"the highest number", register1, edit("12", "13"), edit("12", "15") + "  2026-B: 3\n", edit("12", "15") + "  2026-B: 3\n", ""},
		{"a series each", register1, edit("numbers:", "  B: 9d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"), edit("numbers:", "  C: 8d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"),
			edit("numbers:", "  B: 9d1n2p4q6s8t0v1w3x5y7zabcc\n  C: 8d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"), ""},
		{"one letter for two", register1, edit("numbers:", "  B: 9d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"), edit("numbers:", "  B: 8d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"),
			edit("numbers:", "  B: 8d1n2p4q6s8t0v1w3x5y7zabcc\nnumbers:"), ""},
		{"lost by both", register1, edit("  2026: 12", "  2027: 1"), edit("  2026: 12", "  2028: 1"), register1 + "  2027: 1\n  2028: 1\n", ""},
		{"began with nothing", "", register1, edit("12", "13"), edit("12", "13"), ""},
		{"two registers", "", register1, edit("7qk2", "7qk3"), "", "key"},
		{"another register than it was", register1, edit("7qk2", "7qk3"), edit("7qk2", "7qk3"), "", "key"},
		{"damaged", register1, edit("12", "twaalf"), register1, "", ""},
		{"a number that is no number", register1, edit("12", "-1"), register1, "", ""},
		{"no key", register1, "format: 1\n", register1, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, conflicts := File(store.LedgerFile, []byte(tt.base), []byte(tt.ours), []byte(tt.theirs), Ours)
			if string(got) != tt.want || got == nil && conflicts[0].Field != tt.field {
				t.Errorf("got %v\n%s\nwant\n%s", conflicts, got, tt.want)
			}
			back, others := Register([]byte(tt.base), []byte(tt.theirs), []byte(tt.ours))
			mirrored(t, got, back, conflicts, others)
		})
	}
}

func TestRegisterLaws(t *testing.T) {
	file := rapid.Custom(func(t *rapid.T) []byte {
		r := store.Ledger{Key: casefile.KeyOf("register"), Series: map[string]casefile.Key{}, Numbers: map[string]int{}}
		for range rapid.IntRange(0, 4).Draw(t, "series") {
			r.Series[rapid.SampledFrom([]string{"A", "B", "C", "QXZ"}).Draw(t, "letter")] = casefile.KeyOf(rapid.StringMatching("[a-d]").Draw(t, "clone"))
		}
		for range rapid.IntRange(0, 4).Draw(t, "numbers") {
			r.Numbers[rapid.SampledFrom([]string{"2026", "2026-B", "2027"}).Draw(t, "year")] = rapid.IntRange(1, 99).Draw(t, "number")
		}
		return r.Encode()
	})
	rapid.Check(t, func(t *rapid.T) {
		base, x, y, z := file.Draw(t, "base"), file.Draw(t, "x"), file.Draw(t, "y"), file.Draw(t, "z")
		laws(t, Register, base, x, y, z)
	})
}

func TestText(t *testing.T) {
	for _, tt := range []struct {
		base, ours, theirs string
		keep               Side
		want               string
	}{
		{"a", "a", "b", Ask, "b"}, {"a", "b", "a", Ask, "b"}, {"a", "b", "b", Ask, "b"}, {"a", "b", "c", Ours, "b"}, {"a", "b", "c", Theirs, "c"}, {"a", "b", "c", Ask, ""},
	} {
		got, conflicts := File("letters/closing.nl.txt", []byte(tt.base), []byte(tt.ours), []byte(tt.theirs), tt.keep)
		if string(got) != tt.want || got == nil && !slices.Equal(conflicts, []Conflict{{"", "b", "c"}}) {
			t.Errorf("%v: got %q, %v", tt, got, conflicts)
		}
	}
}

func FuzzPurged(f *testing.F) {
	sample, err := os.ReadFile("../../../cases/purged.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(sample), string(sample)+"- {id: 2021-0001, kept: 2026-11-26, key: a}\n", string(sample)+"- {id: 2021-0001, received: 2026-11-26, purged: 2026-11-27}\r\n")
	f.Add("", "# a\n", string(sample))
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		got, conflicts := Purged([]byte(base), []byte(ours), []byte(theirs))
		back, others := Purged([]byte(base), []byte(theirs), []byte(ours))
		mirrored(t, got, back, conflicts, others)
		if got == nil {
			return
		}
		if _, err := store.ParsePurged(got); err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		keptAll(t, got, []byte(base), []byte(ours), []byte(theirs))
		if again, _ := Purged([]byte(base), got, []byte(ours)); !bytes.Equal(again, got) {
			t.Fatalf("merging once more changes it:\n%s\n%s", got, again)
		}
	})
}

func FuzzRegister(f *testing.F) {
	f.Add(register1, strings.Replace(register1, "12", "13", 1), register1+"  2026-B: 3\n")
	f.Add("", register1, strings.Replace(register1, "A:", "B:", 1))
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		got, conflicts := Register([]byte(base), []byte(ours), []byte(theirs))
		back, others := Register([]byte(base), []byte(theirs), []byte(ours))
		mirrored(t, got, back, conflicts, others)
		if got == nil {
			return
		}
		r, err := store.ParseLedger(got)
		if err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		for _, side := range []string{base, ours, theirs} {
			s, err := store.ParseLedger([]byte(side))
			if err != nil {
				continue
			}
			for name, n := range s.Numbers {
				if r.Numbers[name] < n {
					t.Fatalf("a number is lost: %s\n%s", name, got)
				}
			}
			for name := range s.Series {
				if r.Series[name] == "" {
					t.Fatalf("a series is lost: %s\n%s", name, got)
				}
			}
		}
	})
}
