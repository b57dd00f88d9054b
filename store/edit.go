package store

import (
	"path/filepath"

	casefile "klacht/case"
)

// editCopy is the file in which a case is edited: inside the register, where
// only the owner can read, and with a name that nothing takes for a case.
func editCopy(id casefile.ID) string { return localDir + "/edit-" + string(id) + ".tmp" }

// EditCopy writes a copy of a case file for an editor and returns its path on
// the machine. The copy goes with RemoveEditCopy, at the latest with a purge
// of the case.
func (r *Register) EditCopy(f *File) (string, error) {
	if err := r.mkdir(localDir); err != nil {
		return "", cannotWrite(err)
	}
	if err := r.put(editCopy(f.ID), f.Data); err != nil {
		return "", cannotWrite(err)
	}
	return filepath.Join(r.Dir, filepath.FromSlash(editCopy(f.ID))), nil
}

// ReadEditCopy returns what the copy holds now.
func (r *Register) ReadEditCopy(id casefile.ID) ([]byte, error) { return r.read(editCopy(id)) }

// RemoveEditCopy removes the copy.
func (r *Register) RemoveEditCopy(id casefile.ID) error { return r.root.Remove(editCopy(id)) }

// LoadRaw reads a case for an editor: one that is damaged too, so that it can
// be mended. Of a damaged case only the ID, the path and the content are set.
func (r *Register) LoadRaw(id casefile.ID) (*File, error) {
	name, err := r.locate(id)
	if err != nil {
		return nil, err
	}
	data, err := r.read(name)
	if err != nil {
		return nil, &Damage{File: name, Err: err}
	}
	f := &File{Path: name, Data: data}
	f.ID = id
	return f, nil
}
