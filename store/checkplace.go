package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// list notes what stands in a folder of cases, and returns the number of its
// case files. It reads none of them.
func (c *checkup) list(i int) (files int, err error) {
	dir := c.dirs[i]
	err = c.batches(dir, func(entries []fs.DirEntry) error {
		for _, e := range entries {
			n := e.Name()
			if id, ok := caseID(n); ok {
				files++
				c.note(id, i, n, false)
			} else if id, err := casefile.ParseID(n); err == nil && e.IsDir() {
				c.note(id, i, n, true)
			} else {
				c.checkName(dir, n)
			}
		}
		return nil
	})
	return files, err
}

// note remembers where the file of a case stands, or the folder of its mails,
// and says if there is another.
func (c *checkup) note(id casefile.ID, i int, n string, mails bool) {
	w := c.cases[id]
	at, other := &w.file, w.file
	if mails {
		at, other = &w.mails, w.mails
	}
	switch name := path.Join(c.dirs[i], n); {
	case other == 0:
		*at = uint16(i + 1)
	case mails:
		w.more = true
		c.wrong(name, casefile.Errorf("the mails of %s are in two places: also in %s", id, path.Join(c.dirs[other-1], n)).
			WithHint("bring them together beside the file of the complaint"))
	default:
		w.more = true
		c.wrong(name, casefile.Errorf("is there twice: also as %s", path.Join(c.dirs[other-1], n)).
			WithHint("look at both, and remove the one that is out of date"))
	}
	c.cases[id] = w
}

// checkName says what is wrong with a name that is not one of a case. Names that
// have nothing to do with cases are left alone.
func (c *checkup) checkName(dir, n string) {
	name := path.Join(dir, n)
	id, rest, ok := startsWithID(n)
	switch {
	case strings.HasPrefix(n, "."):
	case ok && (strings.EqualFold(rest, suffix) || strings.EqualFold(rest, ".yml")):
		c.wrong(name, errMisnamed(id))
	case ok:
		c.wrong(name, casefile.Errorf("is a copy of %s that klacht does not read", id).
			WithHint("a sync program or an editor left it; look whether it has something that %s lacks, and remove it", string(id)+suffix))
	case strings.HasSuffix(n, suffix):
		_, damage := c.readFile(name)
		c.problem(damage)
	}
}

func errMisnamed(id casefile.ID) *casefile.Error {
	return casefile.Errorf("is not read, for it is not called %s", string(id)+suffix).WithHint("give it that name")
}

func errMailsAlone() *casefile.Error {
	return casefile.Errorf("has mails, but their complaint is not there").
		WithHint("if the complaint was never registered, `klacht new` takes the mail; then remove the folder")
}

// startsWithID returns the number of a case that a name starts with, and what
// comes after it.
func startsWithID(n string) (id casefile.ID, rest string, ok bool) {
	m := idAtStart().FindString(n)
	id, err := casefile.ParseID(m)
	return id, n[len(m):], err == nil && n != m
}

var idAtStart = casefile.Pattern(`^` + casefile.IDPattern)

// checkPurged reads which cases were purged, and says which of them are back.
func (c *checkup) checkPurged() error {
	var lines []PurgedLine
	err := c.purgedLines(func(p PurgedLine, line string) error {
		if !p.Kept {
			if _, damage := decodePurged(p.Line, line); damage != nil {
				c.problem(damage)
			}
		}
		lines = append(lines, p)
		return nil
	})
	said := map[PurgedLine]bool{}
	for _, p := range Effective(lines) {
		which := PurgedLine{ID: p.ID, Key: p.Key, Content: p.Content, On: p.On} // two clones can have purged it on two days
		if said[which] {
			c.problem(&Damage{File: PurgedFile, Line: p.Line, Err: casefile.Errorf("%s stands here twice", p.ID)})
		}
		said[which], c.purged[p.ID] = true, true
	}
	var damage *Damage
	if errors.As(err, &damage) {
		c.problem(damage)
	} else if err != nil {
		return err
	}
	back, err := c.ReturnedOf(Effective(lines)) // a line that is not about what stands there does nothing, and stays
	if err != nil {
		return err
	}
	for id, w := range c.cases {
		switch {
		case slices.ContainsFunc(back, func(p PurgedLine) bool { return p.ID == id }) && w.file > 0:
			c.wrong(path.Join(c.dirs[w.file-1], string(id)+suffix), casefile.Errorf("was purged, and is back").
				WithHint("`klacht purge` removes it again, unless it has changed since"))
		case c.purged[id] && w.file == 0:
			c.wrong(path.Join(c.dirs[w.mails-1], string(id)), casefile.Errorf("are mails of a complaint that was purged").WithHint("remove the folder"))
		}
	}
	return nil
}

// checkNumbers says which numbers of a year are missing, and which folders have
// no case. A folder with at most the first mail is what a command left that was
// killed: its number was never given out.
func (c *checkup) checkNumbers() {
	given := map[string][]int{}
	if c.ledger != nil {
		for run := range c.ledger.Numbers {
			given[run] = nil
		}
	}
	for id := range c.purged {
		given[RunOf(id)] = append(given[RunOf(id)], id.Number())
	}
	for id, w := range c.cases {
		switch {
		case c.purged[id]:
			continue
		case w.file == 0:
			name := path.Join(c.dirs[w.mails-1], string(id))
			if names, err := c.root.Names(name); err == nil && len(names) == 0 {
				c.found = append(c.found, finding{&Damage{File: name, Err: casefile.Errorf("is an empty folder, without a complaint").
					WithHint("`klacht check --fix` removes it")},
					func(w *Writer) (casefile.Message, error) {
						return casefile.Errorf("the empty folder was removed").Message, w.root.Remove(name)
					}})
			} else {
				c.wrong(name, errMailsAlone())
			}
			if c.leftover(name) {
				continue
			}
		}
		given[RunOf(id)] = append(given[RunOf(id)], id.Number())
	}
	for run, numbers := range given {
		if missing := c.missing(run, numbers, c.ledger); missing != nil {
			c.wrong(LedgerFile, casefile.Errorf("these numbers are missing: %s", missing).
				WithHint("a number is given once, without gaps; an earlier copy of the register may have what is missing"))
		}
	}
}

// maxGaps is the most gaps in the numbers of one run that are named.
const maxGaps = 10

// gaps returns the numbers of a run that are missing up to the last that was
// given, those that follow each other as one.
func gaps(run string, numbers []int, last int) (list []string) {
	slices.Sort(numbers)
	if n := len(numbers); n > 0 {
		last = max(last, numbers[n-1])
	}
	next := 1
	for _, n := range append(numbers, last+1) {
		switch {
		case n <= next-1:
			continue
		case len(list) == maxGaps && n > next:
			return append(list, "…")
		case n == next+1:
			list = append(list, string(inRun(run, next)))
		case n > next:
			list = append(list, fmt.Sprintf("%s–%s", inRun(run, next), inRun(run, n-1)))
		}
		next = n + 1
	}
	return list
}
