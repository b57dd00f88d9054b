//go:build unix

package history

import (
	"os"
	"sync"
	"syscall"
)

// umask is held by the one for whom the umask is changed: it is that of the whole
// process.
var umask sync.Mutex

// private lets what is made from now on be read by the owner alone (R13); back
// undoes that, and must be called: until then nobody else can. An umask of the user can be too wide for a register, or take the
// rights from its owner.
func private() (back func()) {
	umask.Lock()
	old := syscall.Umask(0o077)
	return func() {
		syscall.Umask(old)
		umask.Unlock()
	}
}

// ownedByUs reports whether a file is of the user that this process runs as; the
// superuser may do what is anybody's.
func ownedByUs(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || os.Geteuid() == 0 || int(stat.Uid) == os.Geteuid()
}
