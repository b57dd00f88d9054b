//go:build unix

package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"klacht/store/disk"

	"github.com/gofrs/flock"
)

// Only the owner can read, whatever the umask says; and the owner can (R13).
func TestOnlyTheOwnerCanRead(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o777} {
		old := syscall.Umask(0o022)
		dir := t.TempDir() // by the test, so not with the umask that is tried
		syscall.Umask(umask)
		func() {
			defer syscall.Umask(old)
			r := newRegisterIn(t, dir)
			create(t, r, "2026-11-20", "<1>")
			create(t, r, "2026-11-20", "<2>")
			f := appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), mailOf("<3>"))
			if _, err := r.EditCopy(f); err != nil {
				t.Fatal(err)
			}
			create(t, r, "2021-11-20", "<4>")
			appendStep(t, r, "2021-0001", closing(t, "2021-11-25"), nil)
			writing(t, r, func(w *Writer) {
				must(t, w.FileStrays())
				f, err := w.Load("2021-0001")
				must(t, err)
				must(t, w.Purge(f, day(t, "2026-11-26")))
				must(t, w.SetLastPurge(day(t, "2026-11-26")))
			})
		}()
		n := 0
		must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			must(t, err)
			info, err := d.Info()
			must(t, err)
			n++
			want := fs.FileMode(disk.FileMode)
			if d.IsDir() {
				want = disk.DirMode
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %04o: %s is %04o, want %04o", umask, name[len(dir):], got, want)
			}
			return nil
		}))
		if n < 20 {
			t.Errorf("only %d files were looked at", n)
		}
	}
}

func TestSecondWriterWaitsForTheFirst(t *testing.T) {
	r := newRegister(t)
	w, err := r.Lock()
	must(t, err)
	got := make(chan error)
	other := reopen(t, r.Dir)
	go func() {
		w, err := other.Lock()
		if err == nil {
			w.Close()
		}
		got <- err
	}()
	l := flock.New(filepath.Join(r.Dir, localDir, "lock"))
	if ok, err := l.TryLock(); ok || err != nil {
		t.Errorf("a third got the lock: %v, %v", ok, err)
	}
	select {
	case err := <-got:
		t.Errorf("the second did not wait: %v", err)
	default:
	}
	w.Close()
	if err := <-got; err != nil {
		t.Error(err)
	}
}

// Reading needs no right to write: a register on a medium that is read-only.
func TestReadingWritesNothing(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	must(t, os.RemoveAll(filepath.Join(r.Dir, localDir)))
	before := tree(t, r.Dir)
	r = reopen(t, r.Dir)
	_, _, err := r.ReadAll()
	must(t, err)
	f, err := r.Load("2026-0001")
	must(t, err)
	_, err = r.Mail(f, "01-received.eml")
	must(t, err)
	_, err = r.Check(day(t, "2026-12-07"), nil)
	must(t, err)
	_, err = r.PlanPurge([]*File{f}, day(t, "2031-11-26"))
	must(t, err)
	wantTree(t, r.Dir, before)
	if _, err := os.Lstat(filepath.Join(r.Dir, localDir)); err == nil {
		t.Error("reading made .klacht")
	}
}
