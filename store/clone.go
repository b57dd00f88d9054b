package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	casefile "klacht/case"
)

// Clone is one folder of a register on one machine. Each gives numbers of a series
// of its own.
type Clone struct {
	ID     casefile.Key // "" if the folder has none yet
	Series string       // its letters, once it is certain that no other clone has them; "" before
}

// cloneFile holds what this folder is known by, and how to tell that it was copied.
const cloneFile = localDir + "/clone"

var cloneForm = casefile.Pattern(`^clone: ([0-9a-z]{26})\nseries: ([A-Z]{0,3})\nmachine: (\S*)\nfolder: (\S*)\ndisk: (\S*)\nfile: (\S*)\n$`)

// Clone returns what this folder is known by; the zero Clone if it was never given
// anything, or was copied or put back from a backup with what another is known by:
// the file says so by the machine, and by its own number on the disk. It also says
// where the folder stands, and on which disk: a folder that was moved there is no
// copy, and the number of a disk can change when the machine starts.
func (r *Register) Clone() (Clone, error) {
	f, _, err := r.root.OpenRegular(cloneFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Clone{}, nil
	} else if err != nil {
		return Clone{}, &Damage{File: cloneFile, Err: err}
	}
	defer f.Close()
	data, err := r.root.Read(cloneFile)
	if err != nil {
		return Clone{}, &Damage{File: cloneFile, Err: err}
	}
	m := cloneForm().FindStringSubmatch(string(data))
	if m == nil {
		return Clone{}, nil
	}
	is := r.standingOf(f)
	same := m[3] == is.machine && m[6] == is.file && (m[4] == is.folder || m[5] != "" && m[5] == is.disk)
	if !same {
		return Clone{}, nil
	}
	return Clone{casefile.Key(m[1]), m[2]}, nil
}

// standing is what tells the folder of a clone from a copy of it.
type standing struct{ machine, folder, disk, file string }

// standingOf returns where a file of this folder stands. disk and file are "" where
// the system has no numbers for them. The name of a machine, which can change with the
// network that it is in, counts only there.
func (r *Register) standingOf(f *os.File) standing {
	disk, file := onDisk(f)
	machine, _ := os.ReadFile("/etc/machine-id")
	if len(machine) == 0 && file == "" {
		name, _ := os.Hostname()
		machine = []byte(name)
	}
	dir, _ := filepath.Abs(r.Dir)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return standing{string(casefile.KeyOf("machine", string(machine))), string(casefile.KeyOf("folder", dir)), disk, file}
}

// setClone puts down what this folder is known by.
func (r *Register) setClone(c Clone) error {
	err := r.root.PutBy(cloneFile, func(f *os.File) ([]byte, error) {
		p := r.standingOf(f)
		return fmt.Appendf(nil, "clone: %s\nseries: %s\nmachine: %s\nfolder: %s\ndisk: %s\nfile: %s\n", c.ID, c.Series, p.machine, p.folder, p.disk, p.file), nil
	})
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}
