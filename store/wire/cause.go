package wire

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	casefile "klacht/case"
)

// What this program itself says of a server or a command that fails; a person may read it
// in another language.
var (
	timeout     = casefile.Errorf("no answer in time")
	noName      = casefile.Errorf("there is no server of that name")
	refused     = casefile.Errorf("nothing answers there")
	noWay       = casefile.Errorf("the network does not lead there")
	broken      = casefile.Errorf("the connection was broken off")
	givenUp     = casefile.Errorf("given up")
	closed      = casefile.Errorf("the server closed the connection")
	endless     = casefile.Errorf("the server does not stop talking")
	garbled     = casefile.Errorf("it answers in a way that klacht does not understand")
	noTLS       = casefile.Errorf("it does not speak TLS here")
	foreign     = casefile.Errorf("it was not issued by anyone that this machine trusts")
	otherServer = casefile.Errorf("it is for another server")
	expired     = casefile.Errorf("it has expired, or is not valid yet")
	tookLong    = casefile.Errorf("it took too long, and was ended")
	noProgram   = casefile.Errorf("there is no such program")
	unread      = casefile.Errorf("it did not read all of it")

	OAuth   = casefile.Errorf("it wants OAuth")
	NoStart = casefile.Errorf("STARTTLS is not offered")
	OwnOnly = casefile.Errorf("tls: none is for this machine alone")
)

// causes are the causes that are known by their words, which is all that a file keeps.
var causes = []*casefile.Error{timeout, noName, refused, noWay, broken, givenUp, closed, endless, garbled, noTLS, foreign,
	otherServer, expired, tookLong, noProgram, unread, OAuth, NoStart, OwnOnly}

// winRefused and its like are what Windows calls these errors.
const (
	winReset   = syscall.Errno(10054)
	winRefused = syscall.Errno(10061)
	winNoHost  = syscall.Errno(10065)
	winNoNet   = syscall.Errno(10051)
)

// Reason returns the cause of a failure to reach a server, or to talk to it, in few words:
// one that is known in any language, or else what this machine calls it.
func Reason(err error) string { return reason(err).Error() }

func reason(err error) error {
	is := func(codes ...syscall.Errno) bool {
		for _, c := range codes {
			if errors.Is(err, c) {
				return true
			}
		}
		return false
	}
	var slow net.Error
	var name *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		return givenUp
	case errors.As(err, &name) && name.IsNotFound:
		return noName
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return timeout
	case is(syscall.ECONNREFUSED, winRefused):
		return refused
	case is(syscall.ECONNRESET, syscall.EPIPE, winReset):
		return broken
	case is(syscall.EHOSTUNREACH, syscall.ENETUNREACH, winNoHost, winNoNet):
		return noWay
	case errors.As(err, &op):
		return op.Err
	}
	return err
}
