package store

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"slices"

	casefile "klacht/case"
)

// checkLedger reads the ledger, and says what is wrong with it.
func (c *checkup) checkLedger() error {
	l, err := c.Ledger()
	var damage *Damage
	switch {
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &damage):
		c.found = append(c.found, finding{damage, func(w *Writer) (casefile.Message, error) {
			return casefile.Errorf("was made anew").Message, w.keepLedger("")
		}})
		return nil
	case errors.As(err, &damage):
		c.problem(damage)
		return nil
	}
	c.ledger = l
	return err
}

// pair is two cases that have something in common which only one can have.
type pair [2]casefile.ID

// marksOfCase returns what only one case can have: its key, and the mails that came in.
// Of a large mail it reads the beginning.
func (c *checkup) marksOfCase(f *File, mails string) (marks [][16]byte) {
	add := func(kind, what string) {
		sum := sha256.Sum256([]byte(kind + what))
		marks = append(marks, [16]byte(sum[:]))
	}
	if f.Key != "" {
		add("key ", string(f.Key))
	}
	for _, e := range f.Log {
		if e.Mail == "" || mails == "" || !e.Step.CameIn() || c.Keys == nil {
			continue
		}
		data, err := c.beginning(mails+"/"+e.Mail, head)
		if err != nil || len(data) == 0 {
			continue // said elsewhere
		}
		same, named := c.Keys(data) // of its beginning: whether it is the same is seen later
		for _, k := range slices.Concat(same, named) {
			add("mail ", k)
		}
	}
	return marks
}

// compare notes which other case has one of the marks.
func (c *checkup) compare(id casefile.ID, marks [][16]byte) {
	for _, m := range marks {
		if other, ok := c.marks[m]; !ok {
			c.marks[m] = id
		} else if p := (pair{min(id, other), max(id, other)}); id != other && !slices.Contains(c.pairs, p) {
			c.pairs = append(c.pairs, p)
		}
	}
}

// tellPair says what two cases have in common, if that is so still.
func (c *checkup) tellPair(p pair) {
	f, err := c.Load(p[0])
	g, gerr := c.Load(p[1])
	if err != nil || gerr != nil {
		return
	}
	if f.Key != "" && f.Key == g.Key {
		c.problem(&Damage{File: g.Path, Line: g.keyLine, Err: casefile.Errorf("has the key of %s, so it is a copy of that", f.ID).
			WithHint("if it is a complaint of its own, take out this line; if not, remove the file")})
		return
	}
	known := map[string]bool{}
	for _, e := range f.Log {
		for _, k := range c.keysOf(f, e) {
			known[k] = true
		}
	}
	for i, e := range g.Log {
		if slices.ContainsFunc(c.keysOf(g, e), func(k string) bool { return known[k] }) {
			c.problem(&Damage{File: g.Path, Line: g.entries[i], Err: casefile.Errorf("the same mail is in %s and %s", f.ID, g.ID).
				WithHint("look at both; `klacht move %s --to %s` makes them one", g.ID, f.ID)})
			return
		}
	}
}

// keysOf returns what tells the mail of an entry from others, if it came in.
func (r *Register) keysOf(f *File, e casefile.Entry) []string {
	if e.Mail == "" || !e.Step.CameIn() {
		return nil
	}
	mail, err := r.Mail(f, e.Mail)
	if err != nil {
		return nil
	}
	same, _ := r.Keys(mail)
	return same
}
