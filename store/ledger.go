package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/store/strict"

	"gopkg.in/yaml.v3"
)

// LedgerFile is the name of the ledger in the folder of a register.
const LedgerFile = "register.yaml"

// Ledger is register.yaml: what tells a register from all others, which clone
// gives the numbers of which series, and the highest number that was given out.
// The program keeps it, and git shares it.
type Ledger struct {
	Key     casefile.Key
	Series  map[string]casefile.Key // from the letters to the clone; A is the first machine, whose numbers bear no letter
	Numbers map[string]int          // from a run, see RunOf, to its highest number
}

// FirstSeries is the series of the first machine.
const FirstSeries = "A"

// RunOf returns what a number is of in a ledger: 2026 or, in the series B, 2026-B.
func RunOf(id casefile.ID) string { return runIn(id.Year(), id.Series()) }

func runIn(year int, letters string) string {
	return strings.TrimSuffix(fmt.Sprintf("%04d-%s", year, letters), "-")
}

// inRun returns a number of a run.
func inRun(run string, number int) casefile.ID {
	year, series, _ := strings.Cut(run, "-")
	y, _ := strconv.Atoi(year)
	return casefile.MakeID(y, series, number)
}

const ledgerHead = `# Kept by klacht: what tells this register from others, and which numbers were given out. Not for editing.
format: 1
`

// Encode returns the ledger as a file, of one form: what differs differs by lines.
func (l *Ledger) Encode() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%skey: %s\nseries:\n", ledgerHead, l.Key)
	for _, s := range slices.Sorted(maps.Keys(l.Series)) {
		fmt.Fprintf(&b, "  %s: %s\n", s, l.Series[s])
	}
	b.WriteString("numbers:\n")
	for _, run := range slices.Sorted(maps.Keys(l.Numbers)) {
		fmt.Fprintf(&b, "  %s: %d\n", run, l.Numbers[run])
	}
	return []byte(b.String())
}

var (
	seriesForm = casefile.Pattern(`^[A-Z]{1,3}$`)
	runForm    = casefile.Pattern(`^[0-9]{4}(-[A-Z]{1,3})?$`)
)

// maxNumber is the highest number that an ID can have.
const maxNumber = 999_999_999

// ParseLedger reads a ledger, strictly. The error is a *Damage.
func ParseLedger(data []byte) (*Ledger, error) {
	root, damage := strict.Document(LedgerFile, data)
	if damage != nil {
		return nil, damage
	}
	l := &Ledger{Series: map[string]casefile.Key{}, Numbers: map[string]int{}}
	d := strict.Reader{File: LedgerFile}
	key := func(n *yaml.Node) casefile.Key {
		k, err := casefile.ParseKey(d.Text(n))
		if err != nil {
			d.Fail(n, err)
		}
		return k
	}
	list := func(n *yaml.Node, form *regexp.Regexp, take func(name string, v *yaml.Node)) {
		if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
			return
		}
		d.Mapping(n, func(name string, v *yaml.Node) bool {
			if !form.MatchString(name) {
				return false
			}
			take(name, v)
			return true
		})
	}
	format := false
	d.Mapping(root, func(name string, v *yaml.Node) bool {
		switch name {
		case "format":
			d.Format(v)
			format = true
		case "key":
			l.Key = key(v)
		case "series":
			list(v, seriesForm(), func(s string, v *yaml.Node) { l.Series[s] = key(v) })
		case "numbers":
			list(v, runForm(), func(run string, v *yaml.Node) {
				n, err := strconv.Atoi(d.Text(v))
				if d.Wrong == nil && (err != nil || n < 1 || n > maxNumber || strconv.Itoa(n) != v.Value) {
					d.Fail(v, casefile.Errorf("%q is not the last number of a year", v.Value))
				}
				l.Numbers[run] = n
			})
		default:
			return false
		}
		return true
	}, "format", "key", "series", "numbers")
	for i, there := range []bool{format, l.Key != ""} {
		if d.Wrong == nil && !there {
			d.Wrong = &Damage{File: LedgerFile, Line: 0, Err: casefile.Errorf("the key %q is missing", []string{"format", "key"}[i])}
		}
	}
	if d.Wrong != nil {
		return nil, d.Wrong
	}
	return l, nil
}

// Ledger returns the ledger of the register. The error is a *Damage; one that
// wraps [fs.ErrNotExist] says that there is none yet, which the next change makes.
func (r *Register) Ledger() (*Ledger, error) {
	data, err := r.root.Read(LedgerFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Damage{File: LedgerFile, Line: 0, Err: errNoLedger{casefile.Errorf("is not there").
			WithHint("`klacht check --fix` makes it anew; an earlier copy of the register may have it")}}
	} else if err != nil {
		return nil, &Damage{File: LedgerFile, Err: err}
	}
	return ParseLedger(data)
}

// errNoLedger says that there is no ledger.
type errNoLedger struct{ said *casefile.Error }

func (e errNoLedger) Error() string        { return e.said.Error() }
func (e errNoLedger) Unwrap() error        { return e.said }
func (e errNoLedger) Is(target error) bool { return target == fs.ErrNotExist }

// Join returns what two ledgers of one register come to: the higher number, and all
// series; where two clones have one letter, the clone whose id is the smaller has it.
func (l *Ledger) Join(o *Ledger) (*Ledger, error) {
	if l.Key != o.Key {
		return nil, casefile.Errorf("these are two registers: their keys differ")
	}
	both := &Ledger{Key: l.Key, Series: maps.Clone(l.Series), Numbers: maps.Clone(l.Numbers)}
	for run, n := range o.Numbers {
		both.Numbers[run] = max(both.Numbers[run], n)
	}
	for s, clone := range o.Series {
		both.Series[s] = min(cmp.Or(both.Series[s], clone), clone)
	}
	return both, nil
}

// RegisterKeyer is a [History] that knows the key which all clones of a register
// give it that was made before registers had one; "" if it does not.
type RegisterKeyer interface{ RegisterKey() casefile.Key }

// ledger returns the ledger or, where there is none, one that is still to be put
// down: with all numbers that were given out as far as this machine knows.
func (w *Writer) ledger() (*Ledger, error) {
	l, err := w.Ledger()
	if !errors.Is(err, fs.ErrNotExist) {
		return l, err
	}
	l = &Ledger{Series: map[string]casefile.Key{}, Numbers: map[string]int{}}
	if h, ok := w.History.(RegisterKeyer); ok {
		l.Key = h.RegisterKey()
	}
	l.Key = cmp.Or(l.Key, casefile.NewKey())
	if err := w.index.refresh(); err != nil {
		return nil, err
	}
	l.Numbers, err = w.lasts()
	return l, err
}

func (w *Writer) putLedger(l *Ledger) error {
	if err := w.put(LedgerFile, l.Encode()); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// TakeNumbers notes the numbers that were given out as another ledger of this register
// has it, so that none is given twice. It reports whether there were any.
func (w *Writer) TakeNumbers(there *Ledger) (bool, error) {
	l, err := w.ledger()
	if err != nil {
		return false, err
	}
	if _, err := w.Ledger(); errors.Is(err, fs.ErrNotExist) {
		l.Key = there.Key
	}
	both, err := l.Join(there)
	if err != nil || maps.Equal(l.Numbers, both.Numbers) && maps.Equal(l.Series, both.Series) {
		return false, err
	}
	w.begin(LedgerFile, DeedClaimed)
	return true, w.putLedger(both)
}

// keepLedger notes in the ledger what this clone has used of it: its series and, if
// one was given out, a number. It comes after what they were used for, so that what
// fails leaves no trace.
func (w *Writer) keepLedger(given casefile.ID) error {
	c, err := w.Clone()
	if err != nil {
		return err
	}
	l, err := w.ledger()
	if err != nil {
		return err
	}
	if c.Series != "" && l.Series[c.Series] == "" {
		l.Series[c.Series] = c.ID
	}
	if given != "" {
		l.Numbers[RunOf(given)] = max(l.Numbers[RunOf(given)], given.Number())
	}
	if old, err := w.root.Read(LedgerFile); err == nil && bytes.Equal(old, l.Encode()) {
		return nil
	}
	return w.putLedger(l)
}
