package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Conn is a connection that is given up when the server does not go on, or when its ctx
// is done. The limits that a library sets on it do nothing: some wait without end.
type Conn struct {
	net.Conn // what is read and written: the line, or TLS over it
	*line
}

// line is the connection below.
type line struct {
	net.Conn
	ctx  context.Context
	stop func() bool

	mu    sync.Mutex
	limit time.Duration // within which some bytes have to come or go; 0 is no such limit
	got   int           // since the limit was last set
	most  int           // bytes that the server may say; 0 is any number
	said  int
	err   error         // the first
	gone  chan struct{} // closed when err is set
}

// enough is how many bytes show that a server goes on: fewer in a whole limit are less
// than the slowest line can do.
const enough = 4 << 10

func newConn(ctx context.Context, raw net.Conn) *Conn {
	l := &line{Conn: raw, ctx: ctx, gone: make(chan struct{})}
	l.stop = context.AfterFunc(ctx, func() { l.end(ctx.Err()) })
	return &Conn{Conn: l, line: l}
}

// Within sets the time within which all that comes next must be done.
func (l *line) Within(d time.Duration) { l.arm(d, 0) }

// GoesOn sets the time within which something has to come or go, each time anew.
func (l *line) GoesOn(d time.Duration) { l.arm(d, d) }

// Rest lifts the limit.
func (l *line) Rest() { l.arm(0, 0) }

// AtMost sets how many bytes the server may say in all.
func (l *line) AtMost(n int) { l.most = n }

// Alive returns nil as long as nobody has given up.
func (l *line) Alive() error { return l.ctx.Err() }

func (l *line) arm(first, again time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.got = again, 0
	at := time.Time{}
	if first > 0 {
		at = time.Now().Add(first) // a clock for waiting, not for dates
	}
	_ = l.Conn.SetDeadline(at)
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	l.went(n, err)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said += n; l.most > 0 && l.said > l.most {
		return 0, endless
	}
	return n, err
}

func (l *line) Write(b []byte) (int, error) {
	n, err := l.Conn.Write(b)
	l.went(n, err)
	return n, err
}

func (l *line) went(n int, err error) {
	if err != nil {
		l.fail(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.got += n; l.limit > 0 && l.got >= enough {
		l.got = 0
		_ = l.Conn.SetDeadline(time.Now().Add(l.limit))
	}
}

func (l *line) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
		close(l.gone)
	}
}

// end closes the connection because of an error.
func (l *line) end(err error) {
	l.fail(err)
	_ = l.Conn.Close()
}

// Close implements [net.Conn], without a farewell.
func (l *line) Close() error {
	l.stop()
	l.fail(net.ErrClosed)
	return l.Conn.Close()
}

// Close implements [net.Conn], without a farewell.
func (c *Conn) Close() error { return c.line.Close() }

// Read and Write go through TLS where there is some.
func (c *Conn) Read(b []byte) (int, error)  { return c.Conn.Read(b) }
func (c *Conn) Write(b []byte) (int, error) { return c.Conn.Write(b) }

// SetDeadline and its like do nothing: see [Conn].
func (*line) SetDeadline(time.Time) error      { return nil }
func (*line) SetReadDeadline(time.Time) error  { return nil }
func (*line) SetWriteDeadline(time.Time) error { return nil }
func (*Conn) SetDeadline(time.Time) error      { return nil }
func (*Conn) SetReadDeadline(time.Time) error  { return nil }
func (*Conn) SetWriteDeadline(time.Time) error { return nil }

// LocalAddr and RemoteAddr are those of the line.
func (c *Conn) LocalAddr() net.Addr  { return c.line.Conn.LocalAddr() }
func (c *Conn) RemoteAddr() net.Addr { return c.line.Conn.RemoteAddr() }

// Reason returns why the connection failed, in few words, where err is what a library
// made of it.
func (l *line) Reason(err error) string {
	l.mu.Lock()
	first := l.err
	l.mu.Unlock()
	switch {
	case l.ctx.Err() != nil:
		return Reason(l.ctx.Err())
	case errors.Is(err, endless):
		return endless.Error()
	case errors.Is(first, io.EOF), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return closed.Error()
	case first != nil && !errors.Is(first, net.ErrClosed):
		return Reason(first)
	}
	return Reason(err)
}
