package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

const (
	aKey     = "7qk2mz5w4tq3rjxn2v6hcd8e98"
	anA      = "3f6w0c8e7r2m9k1t5x4z0abcd8"
	aB       = "9d1n2p4q6s8t0v1w3x5y7zabcc"
	aLedger  = ledgerHead + "key: " + aKey + "\nseries:\n  A: " + anA + "\n  B: " + aB + "\nnumbers:\n  2026: 12\n  2026-B: 3\n"
	noLedger = ledgerHead + "key: " + aKey + "\nseries:\nnumbers:\n"
)

func TestLedgerIsWrittenAsItIsRead(t *testing.T) {
	for _, text := range []string{aLedger, noLedger} {
		l, err := ParseLedger([]byte(text))
		must(t, err)
		if got := string(l.Encode()); got != text {
			t.Errorf("got\n%s\nwant\n%s", got, text)
		}
		crlf, err := ParseLedger([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
		must(t, err)
		if got := string(crlf.Encode()); got != text {
			t.Errorf("of CRLF comes\n%s", got)
		}
	}
}

func TestLedgerThatCannotBe(t *testing.T) {
	for old, tt := range map[string]struct{ new, want string }{
		"format: 1":    {"format: 2", `register.yaml:2: format "2" is not one that this klacht can read`},
		"key: " + aKey: {"key: x", `register.yaml:3: "x" is not a key`},
		"B: " + aB:     {"B: " + aB + "\n  B: " + anA, `register.yaml:7: the key "B" stands here for the second time`},
		"  B: ":        {"  b: ", `register.yaml:6: the key "b" is not known here`},
		"2026: 12":     {"2026: 1e3", `register.yaml:8: "1e3" is not the last number of a year`},
		"2026-B: 3":    {"2026-BBBB: 3", `register.yaml:9: the key "2026-BBBB" is not known here`},
		"numbers:":     {"nummers:", `register.yaml:7: the key "nummers" is not known here`},
		"2026-B: 3\n":  {"2026-B: 0\n", `register.yaml:9: "0" is not the last number of a year`},
	} {
		_, err := ParseLedger([]byte(strings.Replace(aLedger, old, tt.new, 1)))
		var damage *Damage
		if !errors.As(err, &damage) {
			t.Errorf("%s: %v is not a *Damage", tt.new, err)
		}
		wantError(t, err, tt.want)
	}
	_, err := ParseLedger([]byte("format: 1\n"))
	wantError(t, err, `register.yaml: the key "key" is missing`)
}

// anyLedger draws a ledger of one register.
func anyLedger(t *rapid.T) *Ledger {
	clones := rapid.SampledFrom([]casefile.Key{anA, aB, aKey})
	return &Ledger{Key: aKey,
		Series:  rapid.MapOf(rapid.SampledFrom([]string{"A", "B", "C", "XYZ"}), clones).Draw(t, "series"),
		Numbers: rapid.MapOf(rapid.SampledFrom([]string{"2026", "2026-B", "2027"}), rapid.IntRange(1, 9)).Draw(t, "numbers")}
}

func TestLedgersJoinInAnyOrder(t *testing.T) {
	join := func(a, b *Ledger) *Ledger {
		l, err := a.Join(b)
		must(t, err)
		return l
	}
	same := func(a, b *Ledger) bool { return bytes.Equal(a.Encode(), b.Encode()) }
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyLedger(t), anyLedger(t), anyLedger(t)
		if !same(join(a, b), join(b, a)) || !same(join(join(a, b), c), join(a, join(b, c))) || !same(join(a, a), a) {
			t.Errorf("%s\n%s\n%s", a.Encode(), b.Encode(), c.Encode())
		}
	})
	if _, err := (&Ledger{Key: aKey}).Join(&Ledger{Key: anA}); err == nil {
		t.Error("two registers were joined")
	}
}

func FuzzParseLedger(f *testing.F) {
	f.Add([]byte(aLedger))
	f.Add([]byte(noLedger))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLedger(data)
		if err != nil {
			return
		}
		again, err := ParseLedger(l.Encode())
		if err != nil || !bytes.Equal(again.Encode(), l.Encode()) {
			t.Errorf("%s: %v", l.Encode(), err)
		}
	})
}

// A register of before gets its ledger with the next change, and not by a look; what
// fails leaves none.
func TestLedgerComesWithTheNextChange(t *testing.T) {
	for name, change := range map[string]func(w *Writer){
		"a new case": func(w *Writer) { _, err := w.Create(complaintOn(t, "2026-11-20"), nil); must(t, err) },
		"a step":     func(w *Writer) { _, err := w.Append("2026-0001", note(t, "2026-11-21", "x"), nil, nil); must(t, err) },
		"a purge":    func(w *Writer) { must(t, w.Erase("2026-0001", day(t, "2026-12-07"), Request)) },
	} {
		r := newRegister(t)
		create(t, r, "2026-11-20", "<1>")
		create(t, r, "2026-11-20", "<2>")
		must(t, os.Remove(filepath.Join(r.Dir, LedgerFile)))
		must(t, os.RemoveAll(filepath.Join(r.Dir, localDir)))
		writing(t, r, func(w *Writer) {
			_, err := w.Append("2026-0009", note(t, "2026-11-21", "x"), nil, nil)
			wantError(t, err, "there is no complaint 2026-0009")
		})
		if _, err := r.Ledger(); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: without a change there is %v", name, err)
		}
		writing(t, r, change)
		l, err := r.Ledger()
		must(t, err)
		c, err := r.Clone()
		must(t, err)
		if l.Key == "" || l.Numbers["2026"] < 2 || c.Series != "" && l.Series[c.Series] != c.ID {
			t.Errorf("%s: the ledger is\n%s", name, l.Encode())
		}
	}
}

// A ledger that cannot be read stops what gives numbers, and nothing else.
func TestDamagedLedger(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	place(t, r, LedgerFile, "kapot")
	writing(t, r, func(w *Writer) {
		_, err := w.Create(complaintOn(t, "2026-11-20"), nil)
		wantError(t, err, "register.yaml:1: is not a list of keys with values")
		_, err = w.Append("2026-0001", note(t, "2026-11-21", "x"), nil, nil)
		must(t, err)
	})
	if got := tree(t, r.Dir)[LedgerFile]; got != "kapot" {
		t.Errorf("it is %s", got)
	}
}
