//go:build unix

package history

import (
	"sync"
	"syscall"
	"testing"
	"time"
)

// Two that start git at once must not undo each other's umask.
func TestPrivate(t *testing.T) {
	before := syscall.Umask(0o022)
	defer syscall.Umask(before)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				back := private()
				time.Sleep(10 * time.Microsecond)
				if is := syscall.Umask(0o077); is != 0o077 {
					t.Errorf("the umask is %#o", is)
				}
				back()
			}
		})
	}
	all.Wait()
	if is := syscall.Umask(0o022); is != 0o022 {
		t.Errorf("afterwards the umask is %#o", is)
	}
}
