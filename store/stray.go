package store

import (
	"path"
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
	names, err := w.names(openDir)
	if err != nil {
		return err
	}
	for _, n := range names {
		name := path.Join(openDir, n)
		if info, err := w.root.Lstat(name); err != nil || !strings.HasSuffix(n, suffix) || info.ModTime().UnixNano() < since {
			continue
		}
		f, damage := w.readFile(name)
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
