//go:build unix

package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file that is written for others is the owner's alone and replaces what was
// there; a pipe or a folder stays what it is, and a link leads to its file.
func TestWriteFileOutside(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	must(t, os.WriteFile(name("old"), []byte("much longer than the new one"), 0o644))
	must(t, os.Symlink("old", name("link")))
	must(t, os.Mkdir(name("folder"), 0o700))
	must(t, syscall.Mkfifo(name("pipe"), 0o600))
	for _, file := range []string{"new", "old", "link"} {
		must(t, WriteFile(name(file), []byte(file)))
		if data, err := os.ReadFile(name(file)); err != nil || string(data) != file {
			t.Errorf("%s: %q, %v", file, data, err)
		}
		if info, err := os.Stat(name(file)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
	if info, err := os.Lstat(name("link")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	read := make(chan string)
	go func() {
		f, err := os.Open(name("pipe"))
		if err != nil {
			read <- err.Error()
			return
		}
		data, _ := io.ReadAll(f)
		read <- string(data)
	}()
	must(t, WriteFile(name("pipe"), []byte("through")))
	if got := <-read; got != "through" {
		t.Errorf("through the pipe came %q", got)
	}
	if info, err := os.Lstat(name("pipe")); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is gone: %v", err)
	}
	if err := WriteFile(name("folder"), nil); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("over a folder: %v", err)
	}
	left, _ := filepath.Glob(name(".tmp-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
