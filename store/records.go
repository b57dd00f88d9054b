package store

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Records tells take of every case that the register has or had, each once, in
// no particular order and never two at a time, as it stood at the end of the day
// today: one of which nothing had happened by then is not among them.
// The file is nil for a case that was purged; it is not kept, so the memory that
// this needs does not grow with the register. progress may be nil; it is told how many
// files have been read, and how many there are.
//
// What cannot be read is in the list of damage, by name.
func (r *Register) Records(today casefile.Date, progress func(done, total int), take func(deadlines.Record, *File)) ([]*Damage, error) {
	total := 0
	if progress != nil {
		err := r.caseFiles(func(paths []string) { total += len(paths) })
		if err != nil {
			return nil, err
		}
	}
	var damage []*Damage
	var one sync.Mutex
	seen, done := numbers{}, 0
	err := r.caseFiles(func(paths []string) {
		inParallel(len(paths), func(i int) {
			f, d := r.readFile(paths[i])
			var rec deadlines.Record
			var as *File
			if d == nil {
				rec.ID = f.ID
				if as = f.AsOf(today); as != nil {
					rec = deadlines.RecordOf(&as.Case, r.Policy, today)
				}
			}
			one.Lock()
			defer one.Unlock()
			if done++; progress != nil {
				progress(done, max(done, total))
			}
			switch {
			case d == nil && seen.add(rec.ID) && as != nil:
				take(rec, as)
			case d != nil && !errors.Is(d.Err, fs.ErrNotExist):
				damage = append(damage, d)
			}
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(damage, func(a, b *Damage) int { return strings.Compare(a.File, b.File) })
	var gone map[int]bool // the lines that hold
	if lines, perr := r.PurgedLines(); perr == nil {
		gone = map[int]bool{}
		for _, p := range lines {
			gone[p.Line] = true
		}
	}
	err = r.purgedLines(func(p PurgedLine, line string) error {
		if gone != nil && !gone[p.Line] || p.Kept || !seen.add(p.ID) { // its purge was cut off
			return nil
		}
		rec, d := decodePurged(p.Line, line)
		if d != nil {
			damage = append(damage, d)
		} else if rec, ok := rec.AsOf(today); ok {
			take(rec, nil)
		}
		return nil
	})
	var d *Damage
	if errors.As(err, &d) {
		return append(damage, d), nil
	}
	return damage, err
}

// caseFiles lists the files of all cases, a few hundred at a time: those in
// open/ first, so that one which is filed in the meantime is met in the archive.
func (r *Register) caseFiles(take func(paths []string)) error {
	if err := r.caseFilesIn(openDir, take); err != nil {
		return err
	}
	months, err := r.months()
	if err != nil {
		return err
	}
	for _, dir := range months {
		if err := r.caseFilesIn(dir, take); err != nil {
			return err
		}
	}
	return nil
}

// caseFilesIn does so with the files of one folder, those of a batch by name;
// also with what has no name of a case, but ends as one.
func (r *Register) caseFilesIn(dir string, take func(paths []string)) error {
	return r.batches(dir, func(entries []fs.DirEntry) error {
		var paths []string
		for _, e := range entries {
			if n := e.Name(); strings.HasSuffix(n, suffix) && !strings.HasPrefix(n, ".") {
				paths = append(paths, path.Join(dir, n))
			}
		}
		take(paths)
		return nil
	})
}

// numbers is a set of IDs: of a run's numbers that follow one another, a bit
// each.
type numbers map[block]uint64

// block is where 64 numbers of one run stand.
type block struct {
	run string
	at  int
}

// add puts an ID into the set; false if it was there.
func (s numbers) add(id casefile.ID) bool {
	place, bit := block{RunOf(id), id.Number() / 64}, uint64(1)<<(id.Number()%64)
	was := s[place]
	s[place] = was | bit
	return was&bit == 0
}
