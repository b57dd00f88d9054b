//go:build unix

package history

import "syscall"

// private lets what is made from now on be read by the owner alone (R13); back
// undoes that. An umask of the user can be too wide for a register, or take the
// rights from its owner.
func private() (back func()) {
	old := syscall.Umask(0o077)
	return func() { syscall.Umask(old) }
}
