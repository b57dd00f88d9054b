package outbox

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
)

// Sendmail hands letters to a command that takes a mail on its standard input
// and reads from it to whom it goes, such as `msmtp -t` or `sendmail -t -i`.
type Sendmail struct {
	Command []string // the program and its arguments

	limit time.Duration // of tests
}

// commandTime is the longest that a command for mail may take; passwordTime is
// longer than it takes a person to unlock a keyring.
const (
	commandTime  = 2 * time.Minute
	passwordTime = 2 * time.Minute
)

// Leaves returns true: what the command takes has left.
func (s *Sendmail) Leaves() bool { return true }

// Exit codes of sysexits.h that commands for mail share.
const (
	exNoUser = 67 // the address is not known
	exIOErr  = 74 // something broke, perhaps while the server took the mail
)

// Send runs the command, without a shell. An exit code other than 0 says that
// the mail was not sent; one that means that a connection broke, or no exit code
// at all, leaves that unclear.
func (s *Sendmail) Send(ctx context.Context, _ string, _ []string, raw []byte) error {
	limit := s.limit
	if limit == 0 {
		limit = commandTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	name := filepath.Base(s.Command[0])
	cmd := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	cmd.Stdin = bytes.NewReader(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))) // lines as the commands of this machine have them
	cmd.WaitDelay = time.Second
	out := &head{limit: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return because(NoCommand, s.Command[0], execReason(err))
	}
	err := cmd.Wait()
	said := out.String()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return because(CommandCut, name, sayGivenUp)
	case ctx.Err() != nil:
		return because(CommandCut, name, sayEnded)
	case !errors.As(err, &exit):
		if errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success() {
			return nil
		}
		if cmd.ProcessState.Success() {
			return because(CommandCut, name, sayUnread)
		}
		return failure(CommandCut, name, strings.TrimSpace(err.Error()+" "+said))
	case exit.ExitCode() < 0, exit.ExitCode() == exIOErr:
		return because(CommandCut, name, exited(exit, said))
	case exit.ExitCode() == exNoUser:
		return because(ToRefused, name, exited(exit, said))
	}
	return because(CommandFailed, name, exited(exit, said))
}

// exited says how a command ended that failed, and what it said.
func exited(exit *exec.ExitError, said string) error {
	line := []rune(casefile.OneLine(said))
	said = casefile.OneLine(string(line[:min(len(line), maxSaid-20)]))
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

// execReason returns why a command did not start, without its arguments.
func execReason(err error) error {
	var e *exec.Error
	var path *fs.PathError
	switch {
	case errors.Is(err, context.Canceled):
		return sayGivenUp
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return sayNoProgram
	case errors.As(err, &e):
		return e.Err
	case errors.As(err, &path):
		return path.Err
	}
	return errors.New(reason(err))
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

// PasswordCommand returns a function that runs a command without a shell and
// returns the first line that it prints, without blanks at its ends. What it
// says on standard error may be shown; what it prints never is.
func PasswordCommand(command []string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, passwordTime)
		defer cancel()
		name := filepath.Base(command[0])
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.WaitDelay = time.Second
		out, errs := &head{limit: 64 << 10}, &head{limit: 4 << 10}
		cmd.Stdout, cmd.Stderr = out, errs
		if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
			if errors.Is(ctx.Err(), context.Canceled) {
				return "", sayGivenUp
			}
			if ctx.Err() != nil {
				return "", casefile.Errorf("%s took too long", name)
			}
			first, _, _ := strings.Cut(strings.TrimSpace(out.String()), "\n")
			said := hide(errs.String(), "", strings.TrimSpace(first))
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return "", casefile.Errorf("%s: %v", name, exited(exit, said))
			}
			return "", casefile.Errorf("%s: %v", name, execReason(err))
		}
		first, _, _ := strings.Cut(strings.TrimLeft(out.String(), "\r\n"), "\n")
		if first = strings.TrimSpace(first); first == "" {
			return "", casefile.Errorf("%s printed nothing", name)
		}
		return first, nil
	}
}

// SplitCommand reads a command line: words with blanks between them, and quotes
// (' or ") around what is one word. Nothing else has a meaning: there is no
// shell, and a backslash is a backslash. Whoever wants a shell writes
// sh -c '...'.
func SplitCommand(line string) ([]string, error) {
	var list []string
	var b strings.Builder
	var quote rune
	word := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(r)
		case r == '\'' || r == '"':
			quote, word = r, true
		case r == ' ' || r == '\t':
			if word {
				list = append(list, b.String())
				b.Reset()
			}
			word = false
		default:
			b.WriteRune(r)
			word = true
		}
	}
	if word {
		list = append(list, b.String())
	}
	if quote != 0 {
		return nil, casefile.Errorf("a quote is opened here and not closed")
	}
	if len(list) == 0 || list[0] == "" {
		return nil, casefile.Errorf("a command belongs here").WithHint("such as msmtp -t")
	}
	return list, nil
}
