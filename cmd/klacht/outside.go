package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	casefile "klacht/case"
)

// What klacht writes outside of the register is the owner's own: it is there in
// full or not at all, and can be read by the owner alone.

// place returns where to put something new outside of the register. The folder
// that it goes into must be there.
func (a *app) place(path string) (string, error) {
	path = a.abs(path)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	register, err := os.Stat(a.reg.Dir)
	if err != nil {
		return "", err
	}
	for dir := parent; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && os.SameFile(info, register) {
			return "", casefile.Errorf("%s would stand in the register itself", path).
				WithHint("name a place outside of it: in the register it would be kept, and shared, with the complaints")
		}
		if dir == filepath.Dir(dir) {
			return filepath.Join(parent, filepath.Base(path)), nil
		}
	}
}

// fresh is place for something that must not be there yet. name is what it is
// usually called.
func (a *app) fresh(path, name string) (string, error) {
	full, err := a.place(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Lstat(full); err == nil {
		free := strings.TrimSuffix(path, filepath.Ext(path)) + "-2" + filepath.Ext(path)
		if info.IsDir() {
			free = filepath.Join(path, name)
		}
		return "", casefile.Errorf("%s is already there", path).WithHint("name one that is not there yet, such as %s", free)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return full, nil
}

// newFolder makes a folder of files. A command that is killed leaves one whose
// name ends in .part.
func (a *app) newFolder(path, name string, fill func(add func(name string, data []byte) error) error) error {
	full, err := a.fresh(path, name)
	if err != nil {
		return err
	}
	temp := full + "." + rand.Text()[:6] + ".part"
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	err = fill(func(file string, data []byte) error {
		return create(filepath.Join(temp, file), func(f *os.File) error { _, err := f.Write(data); return err })
	})
	if err == nil {
		err = os.Rename(temp, full)
	}
	if err != nil {
		_ = os.RemoveAll(temp)
	}
	return err
}

// newFile makes a file that must not be there yet.
func (a *app) newFile(path, name string, write func(*os.File) error) error {
	full, err := a.fresh(path, name)
	if err != nil {
		return err
	}
	temp := full + "." + rand.Text()[:6] + ".part"
	if err = create(temp, write); err == nil {
		err = os.Rename(temp, full)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err
}

// create makes a file that is not there, for the owner alone.
func create(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}
