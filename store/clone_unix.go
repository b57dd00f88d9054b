//go:build unix

package store

import (
	"fmt"
	"os"
	"syscall"
)

// onDisk returns the numbers of the disk that a file is on, and of the file there.
func onDisk(f *os.File) (disk, file string) {
	info, err := f.Stat()
	if err != nil {
		return "", ""
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprint(s.Dev), fmt.Sprint(s.Ino)
	}
	return "", ""
}
