package disk

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	casefile "klacht/case"
)

// The rights of what is written: the owner's alone (R13).
const (
	FileMode = 0o600
	DirMode  = 0o700
)

// TempPrefix starts the names of files that are being written. They start with
// a dot and do not end in .yaml, so nothing takes them for a case.
const TempPrefix = ".tmp-"

// MaxFile is the size in bytes from which a file is not read any more.
const MaxFile = 16 << 20

// Dir is a folder on disk. No path leads out of it, not by a symbolic link either; all
// have forward slashes.
type Dir struct {
	*os.Root

	// Beside says in which folder a file is first written that is to be in a folder;
	// nil is that folder itself.
	Beside func(dir string) string
}

// Open opens a folder.
func Open(dir string) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Dir{Root: root}, nil
}

// Put writes a file so that at any moment it is there with its old content or
// with its new, and that the new is on the disk when put returns: a temporary
// file in the same folder (of a mail: beside the folder of its case, where Sweep
// finds it without looking into each) is written, synced and renamed, and the
// folder is synced. On failure the temporary file is removed.
func (d *Dir) Put(name string, data []byte) error {
	return d.PutBy(name, func(*os.File) ([]byte, error) { return data, nil })
}

// PutBy is put for a file that says something about itself: content is asked when
// the file is there.
func (d *Dir) PutBy(name string, content func(*os.File) ([]byte, error)) (err error) {
	beside := path.Dir(name)
	if d.Beside != nil {
		beside = d.Beside(beside)
	}
	temp := path.Join(beside, TempPrefix+rand.Text())
	f, err := d.Root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, FileMode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = d.Root.Remove(temp)
		}
	}()
	data, err := content(f)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = f.Chmod(FileMode) // the umask may have taken rights from the owner
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = d.Root.Rename(temp, name)
	}
	if err == nil {
		err = d.SyncDir(path.Dir(name))
	}
	return err
}

// Jot writes a file of this machine alone, whose loss does no harm: it is not
// synced. A link of that name is not followed, but replaced.
func (d *Dir) Jot(name string, data []byte) error {
	if err := d.Root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := d.Root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, FileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Chmod(FileMode), f.Close())
}

// JotMore adds to the end of a file as jot writes one.
func (d *Dir) JotMore(name, text string) error {
	if info, err := d.Root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return casefile.Errorf("is not a regular file")
	}
	f, err := d.Root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, FileMode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Chmod(FileMode), f.Close())
}

// MakeDir makes a folder, and those above it, unless it is there.
func (d *Dir) MakeDir(name string) error {
	if name == "." {
		return nil
	}
	if info, err := d.Root.Lstat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		return casefile.Errorf("%s is not a folder", name) // a link to one is none
	}
	if err := d.MakeDir(path.Dir(name)); err != nil {
		return err
	}
	if err := d.Root.Mkdir(name, DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.Root.Chmod(name, DirMode); err != nil {
		return err
	}
	return d.SyncDir(path.Dir(name))
}

// SyncDir makes sure that the names in a folder are on the disk.
func (d *Dir) SyncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there, and need not be
	}
	f, err := d.Root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Move renames within the register and syncs both folders.
func (d *Dir) Move(from, to string) error {
	if err := d.Root.Rename(from, to); err != nil {
		return err
	}
	if err := d.SyncDir(path.Dir(to)); err != nil {
		return err
	}
	return d.SyncDir(path.Dir(from))
}

// Read returns the content of a file in the register. Anything but a regular
// file of reasonable size is refused: a symbolic link, a folder, a device.
func (d *Dir) Read(name string) ([]byte, error) {
	return d.ReadUpTo(name, MaxFile)
}

func (d *Dir) ReadUpTo(name string, limit int64) ([]byte, error) {
	f, size, err := d.OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var data bytes.Buffer
	data.Grow(int(min(size, limit)) + bytes.MinRead) // so that most files take one read
	if n, err := data.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return nil, err
	} else if n > limit {
		return nil, casefile.Errorf("is larger than %d MB", limit>>20)
	}
	return data.Bytes(), nil
}

// OpenRegular opens a regular file in the register and returns its size.
func (d *Dir) OpenRegular(name string) (*os.File, int64, error) {
	info, err := d.Root.Lstat(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, casefile.Errorf("is not a regular file").
			WithHint("klacht reads no symbolic links, folders or devices where a file belongs")
	}
	f, err := d.Root.Open(name)
	return f, info.Size(), err
}

// Names returns the names in a folder of the register, sorted; none if the
// folder is not there. Names that start with a dot are left out: they are
// temporary, or somebody else's.
func (d *Dir) Names(dir string) ([]string, error) {
	f, err := d.Root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, ".") })
	slices.Sort(names)
	return names, err
}

// Exists reports whether there is something of that name in the register.
func (d *Dir) Exists(name string) bool {
	_, err := d.Root.Lstat(name)
	return err == nil
}

// IsDir reports whether there is a folder of that name, and not a link to one.
func (d *Dir) IsDir(name string) bool {
	info, err := d.Root.Lstat(name)
	return err == nil && info.IsDir()
}
