package store

import (
	"crypto/rand"
	"path/filepath"
	"strings"

	casefile "klacht/case"
)

// EditCopy writes a copy of a case file for an editor and returns its path on
// the machine: inside the register, where only the owner can read, with a name
// that nothing takes for a case and that no other copy has. The copy goes with
// RemoveEditCopy, at the latest with a purge of the case.
func (r *Register) EditCopy(f *File) (string, error) {
	if err := r.root.MakeDir(localDir); err != nil {
		return "", cannotWrite(err)
	}
	name := localDir + "/edit-" + string(f.ID) + "-" + strings.ToLower(rand.Text()) + ".tmp"
	if err := r.root.Put(name, f.Data); err != nil {
		return "", cannotWrite(err)
	}
	return filepath.Join(r.Dir, filepath.FromSlash(name)), nil
}

// ReadEditCopy returns what the copy at a path holds now.
func (r *Register) ReadEditCopy(path string) ([]byte, error) {
	return r.root.Read(localDir + "/" + filepath.Base(path))
}

// PutEditCopy puts other content into the copy at a path.
func (r *Register) PutEditCopy(path string, data []byte) error {
	return r.root.Put(localDir+"/"+filepath.Base(path), data)
}

// RemoveEditCopy removes the copy at a path.
func (r *Register) RemoveEditCopy(path string) error {
	return r.root.Remove(localDir + "/" + filepath.Base(path))
}

// LoadRaw reads a case for an editor: one that is damaged too, so that it can
// be mended. Of a damaged case only the ID, the path and the content are set.
func (r *Register) LoadRaw(id casefile.ID) (*File, error) {
	name, err := r.locate(id)
	if err != nil {
		return nil, err
	}
	data, err := r.root.Read(name)
	if err != nil {
		return nil, &Damage{File: name, Err: err}
	}
	f := &File{Path: name, Data: data}
	f.ID = id
	return f, nil
}
