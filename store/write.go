package store

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"

	casefile "klacht/case"
)

// The rights of what a register consists of: the owner's alone (R13).
const (
	fileMode = 0o600
	dirMode  = 0o700
)

// tempPrefix starts the names of files that are being written. They start with
// a dot and do not end in .yaml, so nothing takes them for a case.
const tempPrefix = ".tmp-"

// put writes a file so that at any moment it is there with its old content or
// with its new, and that the new is on the disk when put returns: a temporary
// file in the same folder (of a mail: beside the folder of its case, where Sweep
// finds it without looking into each) is written, synced and renamed, and the
// folder is synced. On failure the temporary file is removed.
func (r *Register) put(name string, data []byte) error {
	return r.putBy(name, func(*os.File) ([]byte, error) { return data, nil })
}

// putBy is put for a file that says something about itself: content is asked when
// the file is there.
func (r *Register) putBy(name string, content func(*os.File) ([]byte, error)) (err error) {
	beside := path.Dir(name)
	if _, err := casefile.ParseID(path.Base(beside)); err == nil {
		beside = path.Dir(beside)
	}
	temp := path.Join(beside, tempPrefix+rand.Text())
	f, err := r.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = r.root.Remove(temp)
		}
	}()
	data, err := content(f)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = f.Chmod(fileMode) // the umask may have taken rights from the owner
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = r.root.Rename(temp, name)
	}
	if err == nil {
		err = r.syncDir(path.Dir(name))
	}
	return err
}

// jot writes a file of this machine alone, whose loss does no harm: it is not
// synced. A link of that name is not followed, but replaced.
func (r *Register) jot(name string, data []byte) error {
	if err := r.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Chmod(fileMode), f.Close())
}

// jotMore adds to the end of a file as jot writes one.
func (r *Register) jotMore(name, text string) error {
	if info, err := r.root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return casefile.Errorf("is not a regular file")
	}
	f, err := r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Chmod(fileMode), f.Close())
}

// mkdir makes a folder, and those above it, unless it is there.
func (r *Register) mkdir(name string) error {
	if name == "." {
		return nil
	}
	if info, err := r.root.Lstat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		return casefile.Errorf("%s is not a folder", name) // a link to one is none
	}
	if err := r.mkdir(path.Dir(name)); err != nil {
		return err
	}
	if err := r.root.Mkdir(name, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := r.root.Chmod(name, dirMode); err != nil {
		return err
	}
	return r.syncDir(path.Dir(name))
}

// syncDir makes sure that the names in a folder are on the disk.
func (r *Register) syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there, and need not be
	}
	f, err := r.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// move renames within the register and syncs both folders.
func (r *Register) move(from, to string) error {
	if err := r.root.Rename(from, to); err != nil {
		return err
	}
	if err := r.syncDir(path.Dir(to)); err != nil {
		return err
	}
	return r.syncDir(path.Dir(from))
}

// removeEmpty removes a folder of the archive if nothing is left in it.
func (r *Register) removeEmpty(dir string) {
	if dir != openDir && dir != archiveDir {
		_ = r.root.Remove(dir) // fails, as it should, if there is something in it
	}
}

// WriteFile writes a file outside a register as the files of one are written:
// complete or not at all, and for the owner alone. What is there and is no
// file, such as a device or a pipe, is written to, and not replaced.
func WriteFile(name string, data []byte) error {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Close())
	}
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer root.Close()
	return (&Register{root: root}).put(filepath.Base(name), data)
}
