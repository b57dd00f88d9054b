package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	casefile "klacht/case"

	"github.com/gofrs/flock"
)

// Checked is what a look at the whole register has found.
type Checked struct {
	Cases    int       // that can be read
	Problems []*Damage // by file
	Fixed    []Fixed   // in the order in which it was done; only of [Writer.Fix]
}

// Fixed is a thing that was wrong and is no more.
type Fixed struct {
	File string
	What casefile.Message // what was done
}

// finding is something that is wrong. fix mends it, and says what it did; it is
// nil where a person must choose.
type finding struct {
	*Damage
	fix func(*Writer) (casefile.Message, error)
}

// Check looks at all of the register, and changes nothing. The memory that it
// needs is a few bytes for each case. progress may be nil; it is told how many
// case files have been read, of how many.
func (r *Register) Check(today casefile.Date, progress func(done, total int)) (*Checked, error) {
	c, found, err := r.look(today, progress, false)
	for _, f := range found {
		c.Problems = append(c.Problems, f.Damage)
	}
	return c, err
}

// Fix is Check, and mends what can be mended without a choice. Nothing is ever
// removed that could have content.
func (w *Writer) Fix(today casefile.Date, progress func(done, total int)) (*Checked, error) {
	c, found, err := w.look(today, progress, true)
	for _, f := range found {
		if f.fix == nil {
			c.Problems = append(c.Problems, f.Damage)
			continue
		}
		what, err := f.fix(w)
		if err != nil {
			c.Problems = append(c.Problems, f.Damage, &Damage{File: f.File, Err: cannotWrite(err)})
			continue
		}
		c.Fixed = append(c.Fixed, Fixed{f.File, what})
	}
	return c, err
}

// patience is how long a check waits for a moment at which nobody writes.
const patience = 5 * time.Second

// hush keeps others from writing until what it returns is called, for what would
// seem wrong while they do. It writes nothing: where there is no lock, no
// command has written yet. Where the moment does not come, quiet is false.
func (r *Register) hush() (quiet bool, done func()) {
	if !r.root.Exists(localDir + "/lock") {
		return true, func() {}
	}
	if r.ownLocal() != nil {
		return false, func() {}
	}
	l := flock.New(filepath.Join(r.Dir, localDir, "lock"), flock.SetFlag(os.O_RDONLY))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ok, err := l.TryRLockContext(ctx, time.Millisecond)
	return ok && err == nil, func() { _ = l.Unlock() }
}

// hush is that of the register, unless the lock is held by this command.
func (c *checkup) hush() (done func()) {
	if c.mine {
		c.quiet = true
		return func() {}
	}
	c.quiet, done = c.Register.hush()
	return done
}

// checkup is one look at the register.
type checkup struct {
	*Register
	mine   bool     // the lock is held by this command
	quiet  bool     // nobody else writes at this moment
	dirs   []string // the folders that cases stand in, open/ first
	today  casefile.Date
	cases  map[casefile.ID]whereabouts
	purged map[casefile.ID]bool
	ledger *Ledger                  // nil if it cannot be read
	marks  map[[16]byte]casefile.ID // what only one case can have, and the first that was seen to have it
	pairs  []pair                   // that seem to have one in common
	found  []finding
}

// whereabouts says where things of a case stand: indexes of checkup.dirs, from 1.
type whereabouts struct {
	file, mails uint16 // 0 for none
	more        bool   // there are more of one or the other
}

func (r *Register) look(today casefile.Date, progress func(done, total int), locked bool) (*Checked, []finding, error) {
	c := &checkup{Register: r, mine: locked, today: today, cases: map[casefile.ID]whereabouts{}, purged: map[casefile.ID]bool{}, marks: map[[16]byte]casefile.ID{}}
	checked := &Checked{}
	total, err := c.survey()
	if err != nil {
		return checked, nil, err
	}
	var again []casefile.ID // that seem to have something wrong: another command may have been at work
	var one sync.Mutex
	done := 0
	for _, dir := range c.dirs {
		err := c.each(dir, func(name string) {
			f, damage := r.readFile(name)
			var suspect bool
			var marks [][16]byte
			if f != nil {
				marks = c.marksOfCase(f, c.mailsOf(f.ID))
				suspect = len(c.caseFindings(f, c.mailsOf(f.ID))) > 0
			}
			one.Lock()
			defer one.Unlock()
			if done++; progress != nil {
				progress(done, max(done, total))
			}
			id, _ := caseID(name)
			switch {
			case damage != nil && errors.Is(damage.Err, fs.ErrNotExist):
				again = append(again, id)
				return
			case damage != nil:
				c.problem(damage)
				return
			case suspect:
				again = append(again, id)
			}
			c.compare(id, marks)
			checked.Cases++
		})
		if err != nil {
			return checked, nil, err
		}
	}
	c.checkPolicy(today)
	if err := c.checkRights(); err != nil {
		return checked, nil, err
	}
	defer c.hush()()
	slices.SortFunc(again, casefile.ID.Compare)
	for _, id := range slices.Compact(again) {
		if err := c.lookAgain(id); err != nil {
			return checked, nil, err
		}
	}
	for _, p := range c.pairs {
		c.tellPair(p)
	}
	if err := c.checkStrays(); err != nil {
		return checked, nil, err
	}
	slices.SortStableFunc(c.found, func(a, b finding) int {
		if n := strings.Compare(a.File, b.File); n != 0 {
			return n
		}
		return a.Line - b.Line
	})
	return checked, c.found, nil
}

// survey notes what stands where, at one moment, and returns the number of case
// files.
func (c *checkup) survey() (total int, err error) {
	defer c.hush()()
	months, err := c.months()
	if err != nil {
		return 0, err
	}
	c.dirs = append([]string{openDir}, months...)
	for i := range c.dirs {
		n, err := c.list(i)
		if err != nil {
			return 0, err
		}
		total += n
	}
	err = c.checkLedger()
	if err == nil {
		err = c.checkPurged()
	}
	if err != nil {
		return 0, err
	}
	c.checkNumbers()
	return total, c.checkLetters()
}

func (c *checkup) problem(d *Damage) { c.found = append(c.found, finding{Damage: d}) }

// wrong notes that something is wrong with a file.
func (c *checkup) wrong(file string, err *casefile.Error) {
	c.problem(&Damage{File: file, Err: err})
}

// each calls do for every case file in a folder, on all processors.
func (c *checkup) each(dir string, do func(name string)) error {
	return c.caseFilesIn(dir, func(paths []string) {
		paths = slices.DeleteFunc(paths, func(name string) bool { _, ok := caseID(name); return !ok }) // list names them
		inParallel(len(paths), func(i int) { do(paths[i]) })
	})
}

// batches calls do with what is in a folder, also what starts with a dot, a few
// hundred at a time and those by name; not at all if the folder is not there.
func (r *Register) batches(dir string, do func([]fs.DirEntry) error) error {
	f, err := r.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer f.Close()
	for {
		entries, err := f.ReadDir(512)
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		if err := do(entries); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// mailsOf returns the folder with the mails of a case, as it was listed.
func (c *checkup) mailsOf(id casefile.ID) string {
	if at := c.cases[id].mails; at > 0 {
		return path.Join(c.dirs[at-1], string(id))
	}
	return ""
}

// lookAgain looks at one case as it stands now, wherever that is.
func (c *checkup) lookAgain(id casefile.ID) error {
	f, err := c.Load(id)
	var damage *Damage
	switch {
	case errors.As(err, &damage):
		c.problem(damage)
		return nil
	case err != nil:
		return nil // it was purged in the meantime
	}
	mails, err := c.mailDir(f)
	if err != nil {
		return err
	}
	c.found = append(c.found, c.caseFindings(f, mails)...)
	return nil
}
