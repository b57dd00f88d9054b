package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockEvery is how often a lock that somebody else has is tried.
const lockEvery = 5 * time.Millisecond

// Lock waits for the lock that a file is, which one process has at a time, until ctx is
// done. ok is false if another has it. The lock goes with the process in any case.
func (d *Dir) Lock(ctx context.Context, name string) (unlock func(), ok bool, err error) {
	l := flock.New(filepath.Join(d.Name(), filepath.FromSlash(name)), flock.SetPermissions(FileMode))
	if ok, err = l.TryLock(); err == nil && !ok && ctx.Done() != nil {
		ok, err = l.TryLockContext(ctx, lockEvery)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil, false, nil
	}
	if err != nil || !ok {
		return nil, false, err
	}
	_ = os.Chmod(l.Path(), FileMode) // the umask may have taken rights from the owner
	return func() { _ = l.Unlock() }, true, nil
}
