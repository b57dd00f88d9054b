package inbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	casefile "klacht/case"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// conn is a connection to a mail server that gives up when the server does not
// go on.
type conn struct {
	client *imapclient.Client
	net    *impatient
	host   string
	stop   func() bool // of the context
	ctx    context.Context
}

// dial connects, encrypts and logs in.
func (m *IMAP) dial(ctx context.Context) (*conn, error) {
	timeout := cmp.Or(m.Timeout, 30*time.Second)
	if m.Password == nil {
		return nil, casefile.Errorf("there is no password for %s", m.account())
	}
	host, _, err := net.SplitHostPort(m.address())
	if err != nil {
		return nil, casefile.Errorf("%q is not the name of a server", m.Host)
	}
	password, err := m.Password(ctx, m.account())
	if err != nil {
		return nil, err
	}
	raw, err := (&net.Dialer{Timeout: timeout}).DialContext(ctx, "tcp", m.address())
	if err != nil {
		return nil, casefile.Errorf("cannot reach the mail server %s: %v", m.address(), NetworkCause(err)).
			WithHint("is this the right server, and is there a network?")
	}
	c := &conn{net: &impatient{Conn: raw, timeout: timeout, gone: make(chan struct{})}, host: m.address(), ctx: ctx}
	c.stop = context.AfterFunc(ctx, c.cut)
	// The server has this long to greet, encrypt and log in, however slowly it goes on.
	late := time.AfterFunc(3*timeout, func() { c.net.end(os.ErrDeadlineExceeded) })
	defer late.Stop()
	c.begin()
	defer c.end()
	config := &tls.Config{ServerName: host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12, NextProtos: []string{"imap"}}
	if err := c.encrypt(config, m.StartTLS); err != nil {
		c.stop()
		err = c.explain(err)
		c.cut()
		return nil, err
	}
	if err := m.login(c, password); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// encrypt makes the client. The library may wait for ever on a server that
// breaks off between its answer and the encryption, so it is not waited for.
func (c *conn) encrypt(config *tls.Config, startTLS bool) error {
	if !startTLS {
		t := tls.Client(c.net, config)
		if err := t.HandshakeContext(c.ctx); err != nil {
			return err
		}
		c.client = imapclient.New(t, nil)
		return c.client.WaitGreeting()
	}
	type result struct {
		client *imapclient.Client
		err    error
	}
	done := make(chan result, 1)
	go func() {
		client, err := imapclient.NewStartTLS(c.net, &imapclient.Options{TLSConfig: config})
		done <- result{client, err}
	}()
	select {
	case r := <-done:
		c.client = r.client
		return r.err
	case <-c.net.gone:
		select {
		case r := <-done:
			c.client = r.client
			return cmp.Or(r.err, net.ErrClosed)
		case <-time.After(time.Second):
			return net.ErrClosed
		}
	}
}

// login says who we are, with PLAIN where the server has that, else with LOGIN.
func (m *IMAP) login(c *conn, password string) error {
	var err error
	switch caps := c.client.Caps(); {
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = c.client.Authenticate(sasl.NewPlainClient("", m.User, password))
	case caps.Has(imap.CapLoginDisabled): // then no password may be sent (RFC 9051, 6.2.3)
		return casefile.Errorf("the mail server %s takes no passwords: it wants OAuth, which klacht does not speak", c.host).
			WithHint("let your provider forward complaints to a mailbox that takes one; or save each mail: `klacht new FILE`")
	default:
		err = c.client.Login(m.User, password).Wait()
	}
	if said, refused := asRefusal(err); refused {
		return casefile.Errorf("the mail server %s refuses to let %s in: %s", c.host, m.User, said).
			WithHint("is the password right? Some servers want one that is made for programs")
	}
	if err != nil {
		return c.explain(err)
	}
	return nil
}

// wait runs a command with the time limit on.
func wait[T any](c *conn, do func() (T, error)) (T, error) {
	c.begin()
	defer c.end()
	return do()
}

// begin and end turn the time limit on and off: on while an answer is awaited.
func (c *conn) begin() { c.net.arm(true) }
func (c *conn) end()   { c.net.arm(false) }

// cut ends the connection at once.
func (c *conn) cut() { _ = c.net.Close() }

// close takes leave of the server, which does not matter if it fails.
func (c *conn) close() {
	c.stop()
	late := time.AfterFunc(2*time.Second, c.cut)
	defer late.Stop()
	c.begin()
	_ = c.client.Logout().Wait()
	c.cut()
	_ = c.client.Close()
}

// explain says what went wrong with a connection. The words of the library are
// left out: they quote what the server wrote, and that may be a mail (R13).
func (c *conn) explain(err error) error {
	if cerr := c.ctx.Err(); cerr != nil {
		return cerr
	}
	if late := c.net.failed(); late != nil && errors.Is(late, os.ErrDeadlineExceeded) {
		return casefile.Errorf("the mail server %s does not answer", c.host).WithHint("try again later")
	}
	var invalid *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &invalid):
		return casefile.Errorf("the mail server %s cannot be trusted: %s", c.host, whyInvalid(invalid.Err)).
			WithHint("is the name of the server right? Nothing was sent to it, not the password either")
	case errors.As(err, &record):
		return casefile.Errorf("the mail server %s does not speak TLS on this port", c.host).
			WithHint("imaps:// is for port 993, imap:// with STARTTLS for port 143")
	}
	if said, refused := asRefusal(err); refused {
		return casefile.Errorf("the mail server %s refuses: %s", c.host, said)
	}
	return casefile.Errorf("the mail server %s has broken off the connection", c.host).WithHint("try again later")
}

// whyInvalid says in a word what is wrong with a certificate.
func whyInvalid(err error) error {
	var name x509.HostnameError
	var expired x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return casefile.Errorf("its certificate is of another server")
	case errors.As(err, &expired) && expired.Reason == x509.Expired:
		return casefile.Errorf("its certificate has expired")
	case errors.As(err, &x509.UnknownAuthorityError{}):
		return casefile.Errorf("nobody that this machine trusts has signed its certificate")
	}
	return casefile.Errorf("its certificate is not valid")
}

// asRefusal returns what a server said when it refused a command.
func asRefusal(err error) (said string, refused bool) {
	var e *imap.Error
	if !errors.As(err, &e) {
		return "", false
	}
	return line(e.Text), true
}

// impatient is a connection that fails when it is armed and nothing comes, or
// goes, for the timeout. A few bytes are nothing: 4 kB in that time are what the
// slowest line can do. It sets its own limits, and not those of the library,
// which waits for an answer without end.
type impatient struct {
	net.Conn
	timeout time.Duration

	mu    sync.Mutex
	armed bool
	got   int
	err   error
	gone  chan struct{} // closed when err is set
}

const enough = 4 << 10

func (p *impatient) arm(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.got = on, 0
	limit := time.Time{}
	if on {
		limit = time.Now().Add(p.timeout)
	}
	_ = p.Conn.SetDeadline(limit)
}

func (p *impatient) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	p.went(n, err)
	return n, err
}

func (p *impatient) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	p.went(n, err)
	return n, err
}

func (p *impatient) went(n int, err error) {
	if err != nil {
		p.fail(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.got += n; p.armed && p.got >= enough {
		p.got = 0
		_ = p.Conn.SetDeadline(time.Now().Add(p.timeout))
	}
}

// fail remembers the first error.
func (p *impatient) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
		close(p.gone)
	}
}

// end closes the connection because of an error.
func (p *impatient) end(err error) {
	p.fail(err)
	_ = p.Conn.Close()
}

// failed returns the first error of the connection.
func (p *impatient) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Close implements [net.Conn].
func (p *impatient) Close() error {
	p.fail(net.ErrClosed)
	return p.Conn.Close()
}

// SetDeadline and its like do nothing: see arm.
func (p *impatient) SetDeadline(time.Time) error      { return nil }
func (p *impatient) SetReadDeadline(time.Time) error  { return nil }
func (p *impatient) SetWriteDeadline(time.Time) error { return nil }
