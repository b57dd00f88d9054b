package store

import (
	"path"
	"slices"
	"strings"

	"klacht/store/disk"
)

// filedStamp is a file whose time of change says up to when the register was
// looked through for cases that stand in the wrong folder.
const filedStamp = localDir + "/filed"

// FileStrays files the cases that stand where they do not belong: a command was
// killed between its two renames, or a person closed one by hand in open/, or
// opened one again by hand in the archive, where no summary sees it. It asks when
// each file was changed, a millisecond for a thousand of them, and reads only
// those that have changed since it last looked.
func (w *Writer) FileStrays() error {
	var since int64
	if info, err := w.root.Lstat(filedStamp); err == nil {
		since = info.ModTime().UnixNano()
	}
	const next = localDir + "/" + disk.TempPrefix + "filed"
	if err := w.root.Jot(next, nil); err != nil { // before looking, so that a change meanwhile is seen next time
		return cannotWrite(err)
	}
	changed, err := w.changedSince(since)
	if err != nil {
		return err
	}
	files, _, err := w.readFiles(changed)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := w.fileStray(f); err != nil {
			return err
		}
	}
	if err := w.root.Rename(next, filedStamp); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// fileStray files a case if it stands where it does not belong. Where there are two
// of it, a person must say which is the true one; `klacht check` asks.
func (w *Writer) fileStray(f *File) error {
	if path.Dir(f.Path) == w.folder(f) || f.StillToCome(w.Today) != nil { // another machine's clock may know better
		return nil
	}
	if places, err := w.places(f.ID); err != nil || len(places) > 1 {
		return nil
	}
	return w.File(f)
}

// changedSince returns the paths of the case files that have changed since a
// moment, in nanoseconds.
func (r *Register) changedSince(since int64) ([]string, error) {
	months, err := r.months()
	if err != nil {
		return nil, err
	}
	dirs := append([]string{openDir}, months...)
	changed, wrong := make([][]string, len(dirs)), make([]error, len(dirs))
	inParallel(len(dirs), func(i int) { changed[i], wrong[i] = r.changedIn(dirs[i], since) })
	for _, err := range wrong {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(changed...), nil
}

func (r *Register) changedIn(dir string, since int64) (paths []string, err error) {
	if !r.root.IsDir(dir) { // which `klacht check` tells of
		return nil, nil
	}
	names, err := r.root.Names(dir)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	root, err := r.root.OpenRoot(dir) // spares finding the folder again for each file
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, n := range names {
		if !strings.HasSuffix(n, suffix) {
			continue
		}
		if info, err := root.Lstat(n); err == nil && info.ModTime().UnixNano() >= since {
			paths = append(paths, path.Join(dir, n))
		}
	}
	return paths, nil
}
