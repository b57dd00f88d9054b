package store

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// File puts a case with its mails into the folder where it belongs. Killed in
// between, it leaves the mails in the new folder and the case in the old one,
// where every command finds both.
func (w *Writer) File(f *File) error {
	if err := w.file(f, w.folder(f)); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// folder returns the folder in which a case belongs; one with a step that is still
// to come stays where the summary sees it.
func (r *Register) folder(f *File) string {
	if f.StillToCome(r.Today) != nil {
		return openDir
	}
	return Folder(f, r.Policy)
}

func (w *Writer) file(f *File, dir string) error {
	from := path.Dir(f.Path)
	if from == dir {
		return w.gather(f)
	}
	to := path.Join(dir, path.Base(f.Path))
	if w.root.Exists(to) {
		return casefile.Errorf("%s is there twice: %s and %s", f.ID, f.Path, to).
			WithHint("look at both, and remove the one that is out of date")
	}
	if !slices.ContainsFunc(w.did, func(d Deed) bool { return d.Of == string(f.ID) }) {
		w.begin(string(f.ID), DeedFiled)
	}
	if err := w.root.MakeDir(dir); err != nil {
		return err
	}
	if err := w.gatherIn(f, dir); err != nil {
		return err
	}
	if err := w.move(f.Path, to); err != nil {
		return err
	}
	f.Path = to
	w.removeEmpty(from)
	return nil
}

// gather brings the mails of a case beside its file, should a crash have left
// them elsewhere.
func (w *Writer) gather(f *File) error { return w.gatherIn(f, path.Dir(f.Path)) }

func (w *Writer) gatherIn(f *File, dir string) error {
	from, err := w.mailDir(f)
	to := path.Join(dir, string(f.ID))
	if from != "" {
		w.sweepDir(from)
	}
	if err != nil || from == "" || from == to {
		return err
	}
	if !w.root.Exists(to) {
		return w.move(from, to)
	}
	return w.joinMails(from, to)
}

// JoinMails brings the mails of each case together beside its file that a merge has left in
// several folders. Files that differ stay as they are, for `klacht check` to tell of.
func (w *Writer) JoinMails() error {
	months, err := w.months()
	if err != nil {
		return err
	}
	folders := map[casefile.ID][]string{}
	for _, dir := range append([]string{openDir}, months...) {
		names, err := w.root.Names(dir)
		if err != nil {
			return err
		}
		for _, n := range names {
			if id, err := casefile.ParseID(n); err == nil {
				folders[id] = append(folders[id], path.Join(dir, n))
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(folders)) {
		if len(folders[id]) < 2 {
			continue
		}
		f, err := w.Load(id)
		if err != nil {
			continue // which is told elsewhere
		}
		to := strings.TrimSuffix(f.Path, suffix)
		w.begin(string(id), DeedFiled)
		for _, from := range folders[id] {
			switch {
			case from == to, !w.root.IsDir(from):
			case !w.root.Exists(to):
				err = w.move(from, to)
			default:
				_ = w.joinMails(from, to)
			}
			if err != nil {
				return cannotWrite(err)
			}
		}
	}
	return nil
}

// joinMails brings the mails of a case together that stand in two folders: another
// machine has filed it while mail came in here. Of two files of one name that differ
// neither is touched.
func (w *Writer) joinMails(from, to string) error {
	names, err := w.root.Names(from)
	for _, n := range names {
		if err != nil {
			break
		}
		here, there := path.Join(from, n), path.Join(to, n)
		if !w.root.Exists(there) {
			err = w.move(here, there)
			continue
		}
		var a, b []byte
		if a, err = w.root.ReadUpTo(here, MaxMail); err == nil {
			b, err = w.root.ReadUpTo(there, MaxMail)
		}
		switch {
		case err != nil:
		case bytes.Equal(a, b):
			err = w.remove(here)
		default:
			err = casefile.Errorf("%s and %s are not the same", here, there).WithHint("look at both, and give one of them another name")
		}
	}
	w.removeEmpty(from)
	return err
}

// removeEmpty removes a folder of the archive if nothing is left in it.
func (r *Register) removeEmpty(dir string) {
	if dir != openDir && dir != archiveDir {
		_ = r.root.Remove(dir) // fails, as it should, if there is something in it
	}
}
