package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
)

// Ended is how a command ended.
type Ended struct {
	Name    string // the program, without its folder
	Started bool
	Code    int    // its exit code; -1 if it did not end by itself
	Printed string // the first of what it wrote
	Wrong   error  // why it failed, to be shown; nil if it did not
}

// Run runs a command without a shell, with in on its standard input, and ends it after
// the limit. What it prints on standard output is returned, and never part of Wrong unless
// both is set, for a command that says there what went wrong.
func Run(ctx context.Context, command []string, in io.Reader, limit time.Duration, both bool) Ended {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e := Ended{Name: filepath.Base(command[0]), Code: -1}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.WaitDelay = in, time.Second
	printed, errs := &head{limit: 64 << 10}, &head{limit: 4 << 10}
	cmd.Stdout, cmd.Stderr = printed, errs
	if both {
		cmd.Stdout = errs
	}
	if err := cmd.Start(); err != nil {
		e.Wrong = notStarted(err)
		return e
	}
	err := cmd.Wait()
	e.Started, e.Printed, e.Code = true, printed.String(), cmd.ProcessState.ExitCode()
	first, _, _ := strings.Cut(strings.TrimSpace(e.Printed), "\n")
	said := Hide(errs.String(), "", strings.TrimSpace(first))
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.Is(ctx.Err(), context.Canceled):
		e.Code, e.Wrong = -1, givenUp
	case ctx.Err() != nil:
		e.Code, e.Wrong = -1, tookLong
	case errors.As(err, &exit):
		e.Wrong = exited(exit, said)
	case errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success():
	case cmd.ProcessState.Success():
		e.Code, e.Wrong = -1, unread
	default:
		e.Code, e.Wrong = -1, casefile.Errorf("%s", strings.TrimSpace(err.Error()+" "+said))
	}
	return e
}

// exited says how a command ended that failed, and what it said.
func exited(exit *exec.ExitError, said string) error {
	short := []rune(casefile.OneLine(said))
	said = casefile.OneLine(string(short[:min(len(short), maxSaid-20)]))
	if exit.ExitCode() < 0 {
		return casefile.Errorf("%s", strings.TrimSpace(exit.String()+" "+said))
	}
	return exitSaid(strconv.Itoa(exit.ExitCode()), said)
}

func exitSaid(code, said string) *casefile.Error {
	if said == "" {
		return casefile.Errorf("exit code %s", code)
	}
	return casefile.Errorf("%s (exit code %s)", said, code)
}

// notStarted returns why a command did not start, without its arguments.
func notStarted(err error) error {
	var e *exec.Error
	var path *fs.PathError
	switch {
	case errors.Is(err, context.Canceled):
		return givenUp
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return noProgram
	case errors.As(err, &e):
		return e.Err
	case errors.As(err, &path):
		return path.Err
	}
	return reason(err)
}

// head keeps the first bytes of what is written to it.
type head struct {
	bytes.Buffer
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), max(0, h.limit-h.Len()))])
	return len(p), nil
}
