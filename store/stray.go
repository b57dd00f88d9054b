package store

import (
	"path"
	"slices"
	"strings"
)

// filedStamp is a file whose time of change says up to when open/ was looked
// through for closed cases.
const filedStamp = localDir + "/filed"

// FileStrays files the closed cases that still stand in open/: a command was
// killed between its two renames, or a person wrote the closing by hand. It
// reads only the files that have changed since it last looked.
func (w *Writer) FileStrays() error {
	var since int64
	if info, err := w.root.Lstat(filedStamp); err == nil {
		since = info.ModTime().UnixNano()
	}
	const next = localDir + "/" + tempPrefix + "filed"
	if err := w.jot(next, nil); err != nil { // before looking, so that a change meanwhile is seen next time
		return cannotWrite(err)
	}
	names, err := w.changedSince(since)
	if err != nil {
		return err
	}
	for _, n := range names {
		f, damage := w.readFile(path.Join(openDir, n))
		if damage != nil || !f.State.Archivable() {
			continue
		}
		if places, err := w.places(f.ID); err != nil || len(places) > 1 {
			continue // which of the two is the true one, a person must say; `klacht check` asks
		}
		if err := w.File(f); err != nil {
			return err
		}
	}
	if err := w.root.Rename(next, filedStamp); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// changedSince returns the names of the case files in open/ that have changed
// since a moment, in nanoseconds.
func (r *Register) changedSince(since int64) ([]string, error) {
	names, err := r.names(openDir)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	open, err := r.root.OpenRoot(openDir) // spares finding the folder again for each file
	if err != nil {
		return nil, err
	}
	defer open.Close()
	return slices.DeleteFunc(names, func(n string) bool {
		if !strings.HasSuffix(n, suffix) {
			return true
		}
		info, err := open.Lstat(n)
		return err != nil || info.ModTime().UnixNano() < since
	}), nil
}
