package store

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/disk"
	"klacht/store/strict"
)

// The names in the folder of a register.
const (
	PolicyFile = "regeling.yaml"
	openDir    = "open"
	archiveDir = "archive"
	PurgedFile = "purged.yaml"
	localDir   = ".klacht" // what belongs to this machine alone: the lock, the index, the last purge
	unlimited  = "unlimited"
	suffix     = ".yaml"
)

// Register is a folder of complaints with its policy.
type Register struct {
	Dir    string // as it was given
	Policy *deadlines.Policy
	Keys   MailKeys

	// Times says when a mail was written, and when the firm's server took it in, as
	// it says itself; nil if that is not known. See [klacht/store/inbox.Times].
	Times func(mail []byte) (dated, arrived time.Time)

	// History takes in every change; nil if the register keeps none.
	History History

	// Today is the day on the clock; zero if it is not known. A closing that is
	// dated after it files no case away.
	Today casefile.Date

	root  *disk.Dir
	wrote atomic.Bool
}

// MailKeys returns what a mail is known by: two mails that share one of same are the
// same mail; by named answers to it and reports about it call it, as they may call
// another. See [klacht/store/inbox.Keys].
type MailKeys func(mail []byte) (same, named []string)

// Damage says that something in the register cannot be read or cannot be right; see
// [strict.Damage].
type Damage = strict.Damage

// Open opens the register in dir and reads its policy. The error is a *Damage
// if there is a policy that cannot be used.
func Open(dir string, keys MailKeys) (*Register, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, casefile.Errorf("cannot open the register %s: %v", dir, err).
			WithHint("`klacht init` makes a register; --dir or KLACHT_DIR says where one is")
	}
	r := &Register{Dir: dir, Keys: keys, root: root}
	data, err := r.root.Read(PolicyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, casefile.Errorf("%s is not a register: there is no %s in it", dir, PolicyFile).
			WithHint("`klacht init` makes a register; --dir or KLACHT_DIR says where one is")
	} else if err != nil {
		return nil, &Damage{File: PolicyFile, Err: err}
	}
	p, damage := decodePolicy(PolicyFile, data)
	if damage != nil {
		return nil, damage
	}
	r.Policy = p
	return r, nil
}

// months returns the folders of the archive, earliest first; the one for cases
// that are kept without end comes last. A file among them is none.
func (r *Register) months() ([]string, error) {
	f, err := r.root.Open(archiveDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	var months []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !e.Type().IsRegular() {
			months = append(months, path.Join(archiveDir, e.Name()))
		}
	}
	slices.Sort(months)
	return months, err
}

// openRoot opens the folder of a register. A mail that is being written lies beside the
// folder of its case, where Sweep finds it without looking into each.
func openRoot(dir string) (*disk.Dir, error) {
	root, err := disk.Open(dir)
	if err != nil {
		return nil, err
	}
	root.Beside = func(dir string) string {
		if _, err := casefile.ParseID(path.Base(dir)); err == nil {
			return path.Dir(dir)
		}
		return dir
	}
	return root, nil
}

// caseID returns the ID that a file name stands for; ok is false if the file
// does not bear the name of a case.
func caseID(name string) (id casefile.ID, ok bool) {
	base, isYAML := strings.CutSuffix(path.Base(name), suffix)
	id, err := casefile.ParseID(base)
	return id, isYAML && err == nil
}

// ReadOpen reads every file in open/, in the order of their numbers. A file
// that cannot be read is in the second list, and never hides the others.
func (r *Register) ReadOpen() ([]*File, []*Damage, error) { return r.readDirs(openDir) }

// ReadAll reads every file in the register, the archive included.
func (r *Register) ReadAll() ([]*File, []*Damage, error) {
	months, err := r.months()
	if err != nil {
		return nil, nil, err
	}
	return r.readDirs(append([]string{openDir}, months...)...)
}

// ReadExpired reads the archived cases of the months that have come on the day
// today: those that a purge looks at.
func (r *Register) ReadExpired(today casefile.Date) ([]*File, []*Damage, error) {
	months, err := r.months()
	if err != nil {
		return nil, nil, err
	}
	return r.readDirs(slices.DeleteFunc(months, func(m string) bool { return path.Base(m) > today.String()[:7] })...)
}

// readDirs reads the case files of folders, on all processors.
func (r *Register) readDirs(dirs ...string) ([]*File, []*Damage, error) {
	var paths []string
	for _, dir := range dirs {
		if err := r.caseFilesIn(dir, func(some []string) { paths = append(paths, some...) }); err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(paths)
	return r.readFiles(paths)
}

func (r *Register) readFiles(paths []string) ([]*File, []*Damage, error) {
	files := make([]*File, len(paths))
	damage := make([]*Damage, len(paths))
	inParallel(len(paths), func(i int) { files[i], damage[i] = r.readFile(paths[i]) })
	files = slices.DeleteFunc(files, func(f *File) bool { return f == nil })
	damage = slices.DeleteFunc(damage, func(d *Damage) bool { return d == nil || errors.Is(d.Err, fs.ErrNotExist) })
	slices.SortStableFunc(files, func(a, b *File) int { return a.ID.Compare(b.ID) })
	return files, damage, nil
}

// inParallel calls do for 0 to n-1, each once, and returns when all are done.
func inParallel(n int, do func(int)) {
	const workers, batch = 4, 16 // reading waits for the disk, so a few more than there are processors
	if n <= batch {
		for i := range n {
			do(i)
		}
		return
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for first := range next {
				for i := first; i < min(first+batch, n); i++ {
					do(i)
				}
			}
		})
	}
	for i := 0; i < n; i += batch {
		next <- i
	}
	close(next)
	wg.Wait()
}

// readFile reads one case. A file that is gone gives a Damage that wraps
// fs.ErrNotExist: between a listing and a reading another command may have
// filed it.
func (r *Register) readFile(name string) (*File, *Damage) {
	id, ok := caseID(name)
	if !ok {
		return nil, &Damage{File: name, Err: casefile.Errorf("is not the name of a case").
			WithHint("the file of complaint 2026-0007 is called 2026-0007.yaml")}
	}
	data, err := r.root.Read(name)
	if err != nil {
		return nil, &Damage{File: name, Err: err}
	}
	f, damage := decodeCase(name, data, r.Policy)
	if damage != nil {
		return nil, damage
	}
	if f.ID != id {
		return nil, &Damage{File: name, Line: f.idLine, Err: casefile.Errorf("the id is %s, but the file is called %s", f.ID, path.Base(name))}
	}
	return f, nil
}

// Load reads one case, wherever it stands. The error is a *Damage if it is
// there but cannot be read.
func (r *Register) Load(id casefile.ID) (*File, error) {
	for range 3 { // another command may be filing it
		name, err := r.locate(id)
		if err != nil {
			return nil, err
		}
		f, damage := r.readFile(name)
		if damage == nil {
			return f, nil
		}
		if !errors.Is(damage.Err, fs.ErrNotExist) {
			return nil, damage
		}
	}
	return nil, errUnknown(id)
}

func errUnknown(id casefile.ID) error {
	return casefile.Errorf("there is no complaint %s", id).WithHint("`klacht list` shows them all")
}

// locate returns the path of the file of a case: the one in open/, should there
// be more.
func (r *Register) locate(id casefile.ID) (string, error) {
	names, err := r.places(id)
	if err == nil && len(names) == 0 {
		err = errUnknown(id)
	}
	if err != nil {
		return "", err
	}
	return names[0], nil
}

// places returns the paths of all files of a case. There is one, unless a
// person or another machine put a copy there.
func (r *Register) places(id casefile.ID) ([]string, error) {
	dirs, err := r.months()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, dir := range append([]string{openDir}, dirs...) {
		if name := path.Join(dir, string(id)+suffix); r.root.Exists(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// mailDir returns the folder with the mails of a case, which after a crash may
// not stand beside its file; "" if it has none.
func (r *Register) mailDir(f *File) (string, error) {
	beside := strings.TrimSuffix(f.Path, suffix)
	if r.root.IsDir(beside) {
		return beside, nil
	}
	dirs, err := r.months()
	if err != nil {
		return "", err
	}
	for _, dir := range append([]string{openDir}, dirs...) {
		if name := path.Join(dir, string(f.ID)); r.root.IsDir(name) {
			return name, nil
		}
	}
	return "", nil
}
