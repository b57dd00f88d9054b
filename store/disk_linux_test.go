package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	casefile "klacht/case"
	"klacht/store/disk"
)

// smallDisk mounts a disk in memory of so many pages and files.
func smallDisk(t *testing.T, pages, files int) string {
	t.Helper()
	dir := t.TempDir()
	size := fmt.Sprintf("size=%d,nr_inodes=%d,mode=0700", pages*os.Getpagesize(), files)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, size); err != nil {
		t.Skipf("a full disk can only be tried by a user who may mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// remount changes the size of a small disk; flags can make it read-only.
func remount(t *testing.T, dir string, flags uintptr, pages, files int) {
	t.Helper()
	size := fmt.Sprintf("size=%d,nr_inodes=%d", pages*os.Getpagesize(), files)
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, size))
}

// used returns how many pages and files of a small disk are taken.
func used(t *testing.T, dir string) (pages, files int) {
	t.Helper()
	var s syscall.Statfs_t
	must(t, syscall.Statfs(dir, &s))
	return int(s.Blocks - s.Bfree), int(s.Files - s.Ffree)
}

// changes are what commands do to a register of one open and one closed case.
var changes = map[string]func(*testing.T, *Writer) error{
	"new": func(t *testing.T, w *Writer) error {
		_, err := w.Create(complaintOn(t, "2026-11-20"), mailOf("<9>"))
		return err
	},
	"a mail on an open case": func(t *testing.T, w *Writer) error {
		_, err := w.Append("2026-0001", note(t, "2026-11-21", strings.Repeat("lang ", 2000)), mailOf("<9>"), nil)
		return err
	},
	"the first mail on a spoken case": func(t *testing.T, w *Writer) error {
		_, err := w.Append("2026-0003", casefile.Entry{At: at(t, "2026-11-22"), Step: casefile.Received, By: "mok"}, mailOf("<9>"), nil)
		return err
	},
	"an edit": func(t *testing.T, w *Writer) error {
		f, err := w.Load("2026-0001")
		must(t, err)
		_, err = w.Replace(f, append([]byte("#"+strings.Repeat("x", 5000)+"\n"), f.Data...))
		return err
	},
	"a copy for an editor": func(t *testing.T, w *Writer) error {
		f, err := w.Load("2026-0001")
		must(t, err)
		_, err = w.EditCopy(f)
		return err
	},
}

func smallRegister(t *testing.T, dir string) *Register {
	t.Helper()
	r := newRegisterIn(t, filepath.Join(dir, "register"))
	create(t, r, "2026-11-20", "<1>")
	create(t, r, "2026-11-20", "<2>")
	appendStep(t, r, "2026-0002", closing(t, "2026-11-25"), nil)
	writing(t, r, func(w *Writer) {
		c := complaintOn(t, "2026-11-20")
		c.Received, c.Log[0].Step = casefile.Date{}, casefile.Spoken
		_, err := w.Create(c, nil)
		must(t, err)
	})
	return r
}

// temps returns the temporary files that were left in a register.
func temps(t *testing.T, dir string) (found []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if strings.HasPrefix(d.Name(), disk.TempPrefix) {
			found = append(found, name)
		}
		return err
	}))
	return found
}

// Whatever is the last page or the last file that the disk has room for, a
// change is made as a whole, or not at all and said to be so.
func TestFullDisk(t *testing.T) {
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			failed, done := 0, false
			for free := 0; free < 40 && !done; free++ {
				for _, scarce := range []string{"pages", "files"} {
					dir := smallDisk(t, 1000, 1000)
					r := smallRegister(t, dir)
					before := tree(t, r.Dir)
					pages, files := used(t, dir)
					if scarce == "pages" {
						remount(t, dir, 0, pages+free, 1000)
					} else {
						remount(t, dir, 0, 1000, files+free)
					}
					w, err := r.Lock()
					must(t, err)
					err = change(t, w)
					w.Close()
					if left := temps(t, r.Dir); len(left) > 0 {
						t.Errorf("%d %s free: %v was left", free, scarce, left)
					}
					if err != nil {
						failed++
						wantTree(t, r.Dir, before)
					}
					done = err == nil && scarce == "files" && free > 12

					remount(t, dir, 0, 1000, 1000) // with room again, all goes well
					files2, damage, err := r.ReadAll()
					must(t, err)
					if len(damage) > 0 || len(files2) < 3 {
						t.Fatalf("%d %s free: %d cases, %v", free, scarce, len(files2), damage)
					}
					want := casefile.MakeID(2026, "", len(files2)+1)
					if f := create(t, r, "2026-11-20", "<10>"); f.ID != want {
						t.Errorf("%d %s free: the next number is %s, want %s", free, scarce, f.ID, want)
					}
				}
			}
			if failed < 2 || !done {
				t.Errorf("failed %d times, done %v: the disk was not full", failed, done)
			}
		})
	}
}

// A closing on a full disk may leave the case closed and not yet filed, or
// not closed; nothing in between.
func TestFullDiskWhileFiling(t *testing.T) {
	for free := range 12 {
		dir := smallDisk(t, 1000, 1000)
		r := smallRegister(t, dir)
		_, files := used(t, dir)
		remount(t, dir, 0, 1000, files+free)
		before := tree(t, r.Dir)
		w, err := r.Lock()
		must(t, err)
		_, err = w.Append("2026-0001", closing(t, "2027-01-25"), nil, nil)
		w.Close()
		if left := temps(t, r.Dir); len(left) > 0 {
			t.Errorf("%v was left", left)
		}
		f, lerr := r.Load("2026-0001")
		must(t, lerr)
		if f.State.Status() == casefile.StatusOpen {
			if err == nil {
				t.Error("no error, and not closed")
			}
			wantTree(t, r.Dir, before)
			continue
		}
		remount(t, dir, 0, 1000, 1000)
		writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
		if f, err := r.Load("2026-0001"); err != nil || f.Path != "archive/2032-01/2026-0001.yaml" {
			t.Errorf("%d files free: %v", free, err)
		}
	}
}

func TestReadOnlyDisk(t *testing.T) {
	for name, change := range changes {
		dir := smallDisk(t, 1000, 1000)
		r := smallRegister(t, dir)
		before := tree(t, r.Dir)
		remount(t, dir, syscall.MS_RDONLY, 1000, 1000)
		if w, err := r.Lock(); err == nil {
			if err := change(t, w); err == nil {
				t.Errorf("%s: no error", name)
			}
			w.Close()
		} else if !strings.HasPrefix(err.Error(), "cannot write to the register: ") {
			t.Errorf("%s: %v", name, err)
		}
		wantTree(t, r.Dir, before)
		if files, damage, err := r.ReadAll(); err != nil || len(files) != 3 || len(damage) > 0 {
			t.Errorf("%s: it cannot be read: %v, %v", name, damage, err)
		}
	}
}

// A folder without the right to write, for those whom rights bind.
func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("rights do not bind root; TestReadOnlyDisk tries the same on a disk")
	}
	for name, change := range changes {
		r := smallRegister(t, t.TempDir())
		before := tree(t, r.Dir)
		for _, sub := range []string{"open", "open/2026-0001", ".klacht", "."} {
			must(t, os.Chmod(filepath.Join(r.Dir, sub), 0o500))
		}
		w, err := r.Lock()
		must(t, err)
		if err := change(t, w); err == nil {
			t.Errorf("%s: no error", name)
		}
		w.Close()
		for _, sub := range []string{".", ".klacht", "open", "open/2026-0001"} {
			must(t, os.Chmod(filepath.Join(r.Dir, sub), 0o700))
		}
		wantTree(t, r.Dir, before)
		if left := temps(t, r.Dir); len(left) > 0 {
			t.Errorf("%s: %v was left", name, left)
		}
	}
}
