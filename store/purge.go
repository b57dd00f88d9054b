package store

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/disk"
)

// Kept is a case that a purge leaves where it is, with the reason.
type Kept struct {
	ID     casefile.ID // or the name of its file, where that is not one of a case
	Reason deadlines.KeepReason
}

// PurgePlan says what a purge would do on a day.
type PurgePlan struct {
	Gone   []*File   // would be removed
	Kept   []Kept    // their month has come, but they stay
	Damage []*Damage // in the archive; cannot be read, so they stay
	Read   []*File   // all that was read for it
}

// PlanPurge looks at the archived cases whose month has come, and at those in
// open/, which the caller has read, and says what a purge on the day today
// would do. It changes nothing.
func (r *Register) PlanPurge(open []*File, today casefile.Date) (*PurgePlan, error) {
	archived, damage, err := r.ReadExpired(today)
	if err != nil {
		return nil, err
	}
	lines, err := r.PurgedLines()
	if err != nil {
		return nil, err
	}
	erased, changed, err := r.erased(lines)
	if err != nil {
		return nil, err
	}
	about := map[casefile.ID][]PurgedLine{}
	for _, p := range lines {
		about[p.ID] = append(about[p.ID], p)
	}
	plan := &PurgePlan{Read: append(archived, open...)}
	for _, files := range erased {
		plan.Gone = append(plan.Gone, files...)
	}
	for _, d := range damage {
		id, _ := caseID(d.File)
		if erased[id] != nil {
			continue
		}
		delete(changed, id)
		plan.Damage = append(plan.Damage, d)
		plan.Kept = append(plan.Kept, Kept{cmp.Or(id, casefile.ID(path.Base(d.File))), deadlines.KeepDamaged})
	}
	for _, f := range plan.Read {
		if erased[f.ID] != nil {
			continue
		}
		kept := deadlines.Retention(&f.Case, f.State, r.Policy)
		reason := deadlines.MayPurge(f.State, kept, today)
		goes := reason == deadlines.Purgeable
		lines := slices.DeleteFunc(about[f.ID], func(p PurgedLine) bool { return !p.Fits(f, f.Key) }) // of another of that number
		if len(lines) > 0 && !goes {
			_, same := r.removed(f, lines)
			old := slices.ContainsFunc(lines, PurgedLine.byNumber)
			if goes = same || old && cutOff(reason); !goes && !old {
				reason = deadlines.KeepChanged
			}
		}
		delete(changed, f.ID)
		if goes {
			places, err := r.places(f.ID)
			if err != nil {
				return nil, err
			}
			if len(places) > 1 {
				goes, reason = false, deadlines.KeepTwice
			}
		}
		if goes {
			plan.Gone = append(plan.Gone, f)
		} else if path.Dir(f.Path) != openDir || reason == deadlines.KeepTwice || reason == deadlines.KeepChanged || kept.Settled && !kept.Unlimited && today.After(kept.Until) {
			plan.Kept = append(plan.Kept, Kept{f.ID, reason})
		}
	}
	for id := range changed { // its month has not come
		plan.Kept = append(plan.Kept, Kept{id, deadlines.KeepChanged})
	}
	slices.SortFunc(plan.Gone, func(a, b *File) int { return a.ID.Compare(b.ID) })
	slices.SortFunc(plan.Kept, func(a, b Kept) int { return a.ID.Compare(b.ID) })
	return plan, nil
}

// cutOff reports whether a case with a line in purged.yaml that has no key may be one whose
// purge was cut off: whatever the policy or the clock say by now, but not one
// that was taken up again or put on hold on another machine in the meantime.
func cutOff(reason deadlines.KeepReason) bool {
	return reason == deadlines.KeepRetention || reason == deadlines.KeepUnlimited
}

// Purge removes a case for good: first its line in purged.yaml, then its mails,
// its letters that wait and every copy that the program made, last its file.
// Killed in between, it is completed by the next purge.
func (w *Writer) Purge(f *File, today casefile.Date) error {
	end, err := w.purgedEnd(f, today)
	if err != nil {
		return err
	}
	return w.purge(f, purgedRecord(f, w.Policy, today)+end)
}

// purge removes a case; line is what stays of it, unless there is one already that
// says so.
func (w *Writer) purge(f *File, line string) error {
	lines, err := w.PurgedLines()
	if err != nil {
		return err
	}
	lines = slices.DeleteFunc(lines, func(p PurgedLine) bool { return p.ID != f.ID })
	_, said := w.removed(f, lines)
	w.index.expire()
	w.begin(string(f.ID), DeedPurged)
	if !said && !slices.ContainsFunc(lines, PurgedLine.byNumber) {
		if err := w.recordPurge(line); err != nil {
			return cannotWrite(err)
		}
	}
	if err := w.clear(f); err != nil {
		return casefile.Errorf("%s is removed in part, and recorded as removed: %v", f.ID, err).Of(casefile.Pending).
			WithHint("mend that; then `klacht purge` removes the rest")
	}
	return nil
}

// clear removes all that there is of a case but its line in purged.yaml, its file
// last.
func (w *Writer) clear(f *File) error {
	lost := slices.ContainsFunc(f.Log, func(e casefile.Entry) bool { // then the index may know a mail by a key that nothing tells any more
		if e.Mail == "" {
			return false
		}
		_, err := w.Mail(f, e.Mail)
		return err != nil
	})
	for { // a crash can have left its mails in more than one place
		dir, err := w.mailDir(f)
		if err != nil {
			return err
		}
		if dir == "" {
			break
		}
		names, _ := w.root.Names(dir)
		for _, n := range names {
			if mail, err := w.root.ReadUpTo(path.Join(dir, n), MaxMail); err == nil {
				w.index.drop(f.ID, mail)
			}
		}
		if err := w.remove(dir); err != nil {
			return cannotWrite(err)
		}
		if err := w.root.SyncDir(path.Dir(dir)); err != nil {
			return cannotWrite(err)
		}
	}
	if lost {
		w.index.forget()
	}
	if err := w.forgetFetched(f.ID); err != nil {
		return cannotWrite(err)
	}
	if err := w.purgeLetters(f); err != nil {
		return cannotWrite(err)
	}
	months, err := w.months() // it may have been in another one before
	if err != nil {
		return cannotWrite(err)
	}
	for _, dir := range append(months, localDir, openDir) {
		if err := w.removeCopies(dir, f); err != nil {
			return cannotWrite(err)
		}
	}
	if !w.root.Exists(f.Path) { // of a case that had none there are mails alone
		return nil
	}
	if err := w.remove(f.Path); err != nil {
		return cannotWrite(err)
	}
	if err := w.root.SyncDir(path.Dir(f.Path)); err != nil {
		return cannotWrite(err)
	}
	w.removeEmpty(path.Dir(f.Path))
	return nil
}

// removeCopies removes what editors and sync programs have left of the files of a case
// in a folder, and what klacht opened for an editor: 2026-0007.yaml~, and the like.
// The case file itself stays, and so does each file that is called otherwise: it is
// somebody's own, and the search tells what is in it.
func (w *Writer) removeCopies(dir string, f *File) error {
	d, err := w.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	for _, n := range names {
		if err == nil && n != string(f.ID)+suffix && copyIn(dir, n) == f.ID && !w.root.IsDir(path.Join(dir, n)) {
			err = w.remove(path.Join(dir, n))
		}
	}
	return err
}

// What programs put around the name of a file for a copy of it.
const (
	copyBefore = `^[.#~]*(?:lock\.|edit-)?(`
	copyWithin = `)(?: ?\([^()]*\)|\.sync-conflict-[0-9a-z-]+|`
	copyBehind = `[~#]*(?:\.[0-9a-z~-]{1,8})*[~#]?$`
)

var (
	caseCopy   = casefile.Pattern(`(?i)` + copyBefore + casefile.IDPattern + copyWithin + `)?\.ya?ml` + copyBehind)
	letterCopy = casefile.Pattern(`(?i)` + copyBefore + casefile.IDPattern + copyWithin + `-[0-9a-z-]+)+\.(?:eml|letter)` + copyBehind)
	ownCopy    = casefile.Pattern(`(?i)` + copyBefore + casefile.IDPattern + `)(?:-|\.).*$`)
)

// copyIn returns the case that a name in a folder is that of a copy of, or of the
// file itself; in outbox/ of a letter of it. "" is of none.
func copyIn(dir, name string) casefile.ID {
	form := map[string]func() *regexp.Regexp{outboxDir: letterCopy, localDir: ownCopy}[dir]
	if form == nil {
		form = caseCopy
	}
	if m := form().FindStringSubmatch(name); m != nil {
		return casefile.ID(m[1])
	}
	return ""
}

// Sweep removes the temporary files that commands which were killed have left,
// and files every case that does not stand where it belongs: of those in the
// archive the ones that were changed.
func (w *Writer) Sweep() error {
	months, err := w.months()
	if err != nil {
		return err
	}
	for _, dir := range append([]string{".", localDir, openDir, archiveDir}, months...) {
		w.sweepDir(dir)
	}
	w.sweepLetters()
	open, _, err := w.ReadOpen()
	if err != nil {
		return err
	}
	for _, f := range open {
		w.sweepDir(strings.TrimSuffix(f.Path, suffix))
		if err := w.fileStray(f); err != nil {
			return err
		}
	}
	return w.FileStrays()
}

func (w *Writer) sweepDir(dir string) {
	f, err := w.root.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	names, _ := f.Readdirnames(-1)
	for _, n := range names {
		if strings.HasPrefix(n, disk.TempPrefix) {
			_ = w.root.Remove(path.Join(dir, n))
		}
	}
}

// LastPurge returns the day of the last purge on this machine; zero if there
// was none, or if it is not known.
func (r *Register) LastPurge() casefile.Date {
	data, err := r.root.Read(localDir + "/last-purge")
	if err != nil {
		return casefile.Date{}
	}
	d, _ := casefile.ParseDate(strings.TrimSpace(string(data)))
	return d
}

// SetLastPurge remembers the day of a purge.
func (w *Writer) SetLastPurge(today casefile.Date) error {
	if err := w.put(localDir+"/last-purge", []byte(today.String()+"\n")); err != nil {
		return cannotWrite(err)
	}
	return nil
}
