package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Commit is one commit, read.
type Commit struct {
	Hash string
	At   time.Time // when its author made it
	By   string    // the name of its author
	Did  []store.Deed
}

// Log tells of commits, the newest first, until tell returns false: of those of
// one case, wherever in the register it stood, or of all if id is "". limit is
// the most that are told of; 0 is all. A commit whose message is not of klacht's
// form has one Deed: its first line, of the case that was asked for, or of "".
func (r *Repo) Log(ctx context.Context, id casefile.ID, limit int, tell func(Commit) bool) error {
	if _, err := r.Output(ctx, "rev-parse", "--quiet", "--verify", "HEAD"); ExitCode(err) == 1 {
		return nil // no commit yet
	}
	args := []string{"log", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%H%x1f%aI%x1f%an%x1f%B"}
	if limit > 0 {
		args = append(args, fmt.Sprintf("--max-count=%d", limit))
	}
	args = append(args, "--")
	switch {
	case id == "" && r.Prefix != "":
		args = append(args, ".")
	case id != "":
		args = append(args, globs(string(id))...)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pr, pw := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := r.Do(ctx, Call{Args: args, Out: pw, Read: true, Glob: true})
		pw.CloseWithError(err)
		done <- err
	}()
	stopped := false
	for in := bufio.NewReader(pr); !stopped; {
		record, err := in.ReadString(0)
		if c, ok := parseCommit(strings.TrimSuffix(record, "\x00"), id); ok {
			stopped = !tell(c)
		}
		if err != nil {
			break
		}
	}
	if stopped {
		cancel()
		_ = pr.CloseWithError(errors.New("enough"))
		<-done
		return nil
	}
	return <-done
}

func parseCommit(record string, id casefile.ID) (Commit, bool) {
	f := strings.SplitN(record, "\x1f", 4)
	if len(f) != 4 {
		return Commit{}, false
	}
	at, err := time.Parse(time.RFC3339, f[1])
	if err != nil {
		return Commit{}, false
	}
	return Commit{Hash: f[0], At: at, By: f[2], Did: deedsIn(f[3], id)}, true
}
