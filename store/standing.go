package store

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"

	casefile "klacht/case"
)

// Standing returns the paths of all case files, by number; of two of one number the
// one in open/.
func (r *Register) Standing() (map[casefile.ID]string, error) {
	all, err := r.standing()
	standing := map[casefile.ID]string{}
	for id, paths := range all {
		standing[id] = paths[len(paths)-1]
	}
	return standing, err
}

// Twice returns the paths of the case files of which there is more than one of a
// number, by number; that in open/ comes last.
func (r *Register) Twice() (map[casefile.ID][]string, error) {
	all, err := r.standing()
	maps.DeleteFunc(all, func(_ casefile.ID, paths []string) bool { return len(paths) < 2 })
	return all, err
}

func (r *Register) standing() (map[casefile.ID][]string, error) {
	months, err := r.months()
	if err != nil {
		return nil, err
	}
	standing := map[casefile.ID][]string{}
	for _, dir := range append(months, openDir) {
		names, err := r.root.Names(dir)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if id, ok := caseID(n); ok {
				standing[id] = append(standing[id], path.Join(dir, n))
			}
		}
	}
	return standing, nil
}

// Returned returns the cases that stand here though purged.yaml says that they are
// gone: put back from a backup, say. They are not worked on, and not shared.
func (r *Register) Returned() (ids []casefile.ID, err error) {
	lines, err := r.PurgedLines()
	if err != nil {
		return nil, err
	}
	back, err := r.ReturnedOf(lines)
	for _, p := range back {
		ids = append(ids, p.ID)
	}
	return ids, err
}

// ReturnedOf returns those lines that say of a case which stands here that it is gone;
// one of each case.
func (r *Register) ReturnedOf(lines []PurgedLine) (back []PurgedLine, err error) {
	if len(lines) == 0 {
		return nil, nil
	}
	standing, err := r.Standing()
	for _, p := range lines {
		name, ok := standing[p.ID]
		if !ok || slices.ContainsFunc(back, func(b PurgedLine) bool { return b.ID == p.ID }) {
			continue
		}
		if f := r.raw(p.ID, name); p.Fits(f, r.knownAs(f)) {
			back = append(back, p)
		}
	}
	return back, err
}

// Fits reports whether a line can be about a case of its number, with its key: it
// names that or, from before there were keys, the day on which the case began.
func (p PurgedLine) Fits(f *File, key casefile.Key) bool {
	if p.Key != "" {
		return key == "" || key.Hash() == p.Key
	}
	return p.Began.IsZero() || f.Began().IsZero() || p.Began == f.Began()
}

// DropLeft removes what is left in the register of complaints that are gone: mails
// without their file, which a merge can bring in again.
func (w *Writer) DropLeft() error {
	lines, err := w.PurgedLines()
	if err != nil || len(lines) == 0 {
		return err
	}
	standing, err := w.Standing()
	if err != nil {
		return err
	}
	for _, p := range lines {
		if _, ok := standing[p.ID]; ok {
			continue
		}
		f := &File{Path: CasePath(openDir, p.ID)}
		f.ID = p.ID
		if dir, err := w.mailDir(f); err != nil || dir == "" {
			continue
		}
		if err := w.Drop(p.ID); err != nil {
			return err
		}
	}
	return nil
}

// seenLines has the lines of purged.yaml that this machine has seen.
const seenLines = localDir + "/purged"

// KeepLines puts back into purged.yaml what it had and has no more: a line is never
// taken out, by an editor, a checkout or a revert; what it says is what others are
// told.
func (w *Writer) KeepLines() error {
	now, err := w.root.ReadUpTo(PurgedFile, 1<<30)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannotWrite(err)
	}
	seen, err := w.root.ReadUpTo(seenLines, 1<<30)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannotWrite(err)
	}
	if bytes.Equal(now, seen) {
		return nil
	}
	lines, err := ParsePurgedLines(now)
	if err != nil {
		return err
	}
	have := map[PurgedLine]bool{}
	says := func(p PurgedLine) PurgedLine { return PurgedLine{ID: p.ID, Key: p.Key, Kept: p.Kept} }
	for _, p := range lines {
		have[says(p)] = true
	}
	var lost []byte
	for line := range bytes.Lines(seen) {
		said, err := ParsePurgedLines(line)
		if err != nil || len(said) == 0 || have[says(said[0])] {
			continue
		}
		lost = append(lost, line...)
	}
	if lost != nil {
		if now == nil {
			now = []byte(purgedHead)
		}
		if !bytes.HasSuffix(now, []byte("\n")) {
			now = append(now, '\n')
		}
		now = append(now, lost...)
		if err := w.put(PurgedFile, now); err != nil {
			return cannotWrite(err)
		}
	}
	if err := w.put(seenLines, now); err != nil {
		return cannotWrite(err)
	}
	return nil
}
