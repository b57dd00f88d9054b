package inbox

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	casefile "klacht/case"
)

// What this program itself says of a network that fails.
var (
	sayTimeout = casefile.Errorf("no answer in time")
	sayNoName  = casefile.Errorf("there is no server of that name")
	sayRefused = casefile.Errorf("nothing answers there")
	sayNoWay   = casefile.Errorf("the network does not lead there")
	sayBroken  = casefile.Errorf("the connection was broken off")
)

// NetworkCauses returns what [NetworkCause] can say in any language.
func NetworkCauses() []*casefile.Error {
	return []*casefile.Error{sayTimeout, sayNoName, sayRefused, sayNoWay, sayBroken}
}

// winRefused and its like are what Windows calls these errors.
const (
	winReset   = syscall.Errno(10054)
	winRefused = syscall.Errno(10061)
	winNoHost  = syscall.Errno(10065)
	winNoNet   = syscall.Errno(10051)
)

// NetworkCause returns the cause of a failure to reach a server, or to talk to
// it: one of [NetworkCauses], or else what this machine calls it.
func NetworkCause(err error) error {
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
	case errors.As(err, &name) && name.IsNotFound:
		return sayNoName
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return sayTimeout
	case is(syscall.ECONNREFUSED, winRefused):
		return sayRefused
	case is(syscall.ECONNRESET, syscall.EPIPE, winReset):
		return sayBroken
	case is(syscall.EHOSTUNREACH, syscall.ENETUNREACH, winNoHost, winNoNet):
		return sayNoWay
	case errors.As(err, &op):
		return op.Err
	}
	return err
}
