package disk

import (
	"errors"
	"os"
	"path/filepath"
)

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
	d, err := Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Put(filepath.Base(name), data)
}
