package history

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Unsynced returns how many commits no remote has, as far as is known here, and
// when the first of them was made. Git is not run for a register without a remote.
func Unsynced(dir string, s Setup) (n int, since time.Time) {
	if !hasRemote(dir) {
		return 0, since
	}
	r, err := Open(dir, s)
	if err != nil {
		return 0, since
	}
	out, err := r.Output(context.Background(), "rev-list", "--timestamp", "HEAD", "--not", "--remotes")
	if err != nil {
		return 0, since
	}
	for line := range strings.Lines(string(out)) {
		at, _, _ := strings.Cut(line, " ")
		sec, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			continue
		}
		if t := time.Unix(sec, 0); n == 0 || t.Before(since) {
			since = t
		}
		n++
	}
	return n, since
}

func hasRemote(dir string) bool {
	config, err := os.ReadFile(filepath.Join(dir, ".git", "config"))
	return err == nil && bytes.Contains(config, []byte("[remote "))
}

// Shared reports whether the repository has a remote that it has ever heard from. It
// implements [store.Sharer], and does not run git.
func (k *Keeper) Shared() bool {
	heard, _ := filepath.Glob(filepath.Join(k.dir, ".git", "refs", "remotes", "*", "*"))
	packed, _ := os.ReadFile(filepath.Join(k.dir, ".git", "packed-refs"))
	return hasRemote(k.dir) && (len(heard) > 0 || bytes.Contains(packed, []byte(" refs/remotes/")))
}
