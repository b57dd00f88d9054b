//go:build !unix

package history

import "os"

// private does nothing: rights are kept elsewhere here.
func private() (back func()) { return func() {} }

// ownedByUs is not looked at: rights are kept elsewhere here.
func ownedByUs(os.FileInfo) bool { return true }
