package outbox

import (
	"bytes"
	"context"
	"time"

	"klacht/store/wire"
)

// Sendmail hands letters to a command that takes a mail on its standard input
// and reads from it to whom it goes, such as `msmtp -t` or `sendmail -t -i`.
type Sendmail struct {
	Command []string // the program and its arguments

	limit time.Duration // of tests
}

// commandTime is the longest that a command for mail may take.
const commandTime = 2 * time.Minute

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
	lines := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) // as the commands of this machine have them
	switch e := wire.Run(ctx, s.Command, bytes.NewReader(lines), limit, true); {
	case e.Wrong == nil:
		return nil
	case !e.Started:
		return because(NoCommand, s.Command[0], e.Wrong)
	case e.Code < 0, e.Code == exIOErr:
		return because(CommandCut, e.Name, e.Wrong)
	case e.Code == exNoUser:
		return because(ToRefused, e.Name, e.Wrong)
	default:
		return because(CommandFailed, e.Name, e.Wrong)
	}
}
