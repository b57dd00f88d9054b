package store

import (
	"crypto/rand"
	"math/big"
	"strings"

	casefile "klacht/case"
)

// Sharer is a [History] that can be shared with other clones.
type Sharer interface {
	// Shared reports whether the repository has a remote that it has ever heard
	// from. Then only who has sent a claim there knows that a series is its own.
	Shared() bool
}

// shared reports whether other clones may take a series at this moment too.
func (r *Register) shared() bool {
	h, ok := r.History.(Sharer)
	return ok && h.Shared()
}

// clone returns what this folder is known by; one that is known by nothing gets
// an id.
func (w *Writer) clone() (Clone, error) {
	c, err := w.Clone()
	if err != nil || c.ID != "" {
		return c, err
	}
	c.ID = casefile.NewKey()
	return c, w.setClone(c)
}

// series returns the series of this clone, which it takes if it has none: A in a
// register that is not shared, if no clone has it; else three letters at random,
// until a claim gives it shorter ones. keepLedger tells others of it.
func (w *Writer) series() (string, error) {
	c, err := w.clone()
	if err != nil {
		return "", err
	}
	l, err := w.ledger()
	if err != nil {
		return "", err
	}
	switch owner := l.Series[c.Series]; {
	case c.Series != "" && owner == c.ID:
		return c.Series, nil
	case c.Series != "" && owner == "": // whoever took the line out did not know it
	case !w.shared() && l.Series[FirstSeries] == "":
		c.Series = FirstSeries
	default:
		for c.Series == "" || l.Series[c.Series] != "" {
			c.Series = randomLetters(casefile.MaxSeries)
		}
	}
	return c.Series, w.setClone(c)
}

// claimable are the letters of a series, but for the first. I and O look like
// digits.
const claimable = "BCDEFGHJKLMNPQRSTUVWXYZ"

// randomLetters returns n letters that make no word.
func randomLetters(n int) string {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	var b strings.Builder
	for range n {
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(letters)))) // never fails
		b.WriteByte(letters[i.Int64()])
	}
	return b.String()
}

// Claim writes into the ledger that this clone gives the numbers of a series: the
// one that it has or has claimed, or else the first that is free of A, B and on, and
// then of two letters. It is no more than a claim until Confirm: until it has been
// sent before another clone has claimed the same.
func (w *Writer) Claim() (series string, err error) {
	c, err := w.clone()
	if err != nil {
		return "", err
	}
	l, err := w.ledger()
	if err != nil {
		return "", err
	}
	free := ""
	for _, s := range shortSeries() {
		if l.Series[s] == c.ID {
			return s, nil
		}
		if free == "" && l.Series[s] == "" {
			free = s
		}
	}
	if c.Series != "" && len(c.Series) < casefile.MaxSeries && l.Series[c.Series] == "" {
		free = c.Series // confirmed before: the line was lost
	}
	if free == "" {
		return "", casefile.Errorf("every series of this register is taken").WithHint("take clones that are no more out of %s", LedgerFile)
	}
	w.begin(LedgerFile, DeedClaimed)
	l.Series[free] = c.ID
	return free, w.putLedger(l)
}

// shortSeries returns the series of one and of two letters, in the order in which
// they are claimed.
func shortSeries() []string {
	list := append([]string{FirstSeries}, strings.Split(claimable, "")...)
	for _, a := range FirstSeries + claimable {
		for _, b := range FirstSeries + claimable {
			list = append(list, string(a)+string(b))
		}
	}
	return list
}

// Confirm says that a claim was sent: from now on this clone gives the numbers of
// the series.
func (w *Writer) Confirm(series string) error {
	c, err := w.clone()
	if err != nil {
		return err
	}
	l, err := w.Ledger()
	if err != nil {
		return err
	}
	if series == "" || l.Series[series] != c.ID {
		return casefile.Errorf("the series %s is not of this clone", series).WithHint("`klacht sync` claims another")
	}
	if c.Series == series {
		return nil
	}
	c.Series = series
	return w.setClone(c)
}

// Unclaim takes back the claims that were never confirmed. It comes before a merge
// with a remote that does not know them: somebody else may have been faster.
func (w *Writer) Unclaim() error {
	c, err := w.Clone()
	if err != nil || c.ID == "" {
		return err
	}
	l, err := w.Ledger()
	if err != nil {
		return err
	}
	n := len(l.Series)
	for s, owner := range l.Series {
		if owner == c.ID && s != c.Series && len(s) < casefile.MaxSeries {
			delete(l.Series, s)
		}
	}
	if len(l.Series) == n {
		return nil
	}
	w.begin(LedgerFile, DeedClaimed)
	return w.putLedger(l)
}

// letters returns what the numbers of a series bear.
func letters(series string) string {
	if series == FirstSeries {
		return ""
	}
	return series
}
