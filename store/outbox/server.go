package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"klacht/store/inbox"
)

// The ways in which a connection is encrypted.
const (
	TLSStart  = "starttls" // it starts in the clear, and goes no further before it is encrypted
	TLSDirect = "tls"      // from the first byte
	TLSNone   = "none"     // not at all; only to this machine itself
)

// Server is a server with the account on it.
type Server struct {
	Host     string
	Port     int
	TLS      string // TLSStart, TLSDirect or TLSNone
	User     string // "" if one does not log in
	Password func(context.Context) (string, error)

	roots *x509.CertPool // of tests; nil are those of this machine
	limit *waits         // of tests
}

// waits are the longest times that a step may take.
type waits struct{ dial, answer, body, quit time.Duration }

func (s *Server) waits() waits {
	if s.limit != nil {
		return *s.limit
	}
	return waits{dial: 20 * time.Second, answer: time.Minute, body: 5 * time.Minute, quit: 5 * time.Second}
}

func (s *Server) where() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func (s *Server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// password returns the password; "" if none is needed.
func (s *Server) password(ctx context.Context) (string, *Failure) {
	if s.User == "" || s.Password == nil {
		return "", nil
	}
	p, err := s.Password(ctx)
	if err != nil {
		return "", because(NoPassword, s.User, err)
	}
	return p, nil
}

// dial connects, and encrypts if that is to be from the first byte.
func (s *Server) dial(ctx context.Context) (*timedConn, *Failure) {
	if s.TLS == TLSNone && !loopback(s.Host) {
		return nil, because(NoEncryption, s.where(), sayOwnOnly)
	}
	d := net.Dialer{Timeout: s.waits().dial}
	raw, err := d.DialContext(ctx, "tcp", s.where())
	if err != nil {
		return nil, failure(Unreachable, s.where(), reason(err))
	}
	conn := &timedConn{Conn: raw, ctx: ctx}
	conn.stop = context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	if s.TLS != TLSDirect {
		return conn, nil
	}
	conn.within(s.waits().dial)
	secure := tls.Client(raw, s.tlsConfig())
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		if f := certificateFailure(s.where(), err); f != nil {
			return nil, f
		}
		var notTLS tls.RecordHeaderError
		if errors.As(err, &notTLS) {
			return nil, because(NoEncryption, s.where(), sayNoTLS)
		}
		return nil, failure(Unreachable, s.where(), reason(err))
	}
	conn.Conn = secure
	return conn, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// certificateFailure returns what is wrong with the certificate of a server, or
// nil if that is not what is wrong.
func certificateFailure(where string, err error) *Failure {
	var bad *tls.CertificateVerificationError
	if !errors.As(err, &bad) {
		return nil
	}
	said := bad.Err.Error()
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &host):
		said = sayOther.Error()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		said = sayExpired.Error()
	case errors.As(err, &unknown):
		said = sayForeign.Error()
	}
	return failure(Certificate, where, said)
}

// maxAnswers is the most bytes that a server may say.
const maxAnswers = 1 << 20

// timedConn is a connection that has to answer in time and in few words, and
// that breaks when ctx is done.
type timedConn struct {
	net.Conn
	ctx  context.Context
	stop func() bool
	read atomic.Int64
}

// within sets the time within which what comes next must be done.
func (c *timedConn) within(d time.Duration) {
	_ = c.SetDeadline(time.Now().Add(d)) // a clock for waiting, not for dates
	if c.ctx.Err() != nil {
		_ = c.SetDeadline(time.Unix(1, 0))
	}
}

// alive returns nil as long as nobody has given up.
func (c *timedConn) alive() error { return c.ctx.Err() }

func (c *timedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.read.Add(int64(n)) > maxAnswers {
		return 0, sayEndless
	}
	return n, err
}

func (c *timedConn) Close() error {
	c.stop()
	return c.Conn.Close()
}

// reason returns what an error of the network says, in few words.
func reason(err error) string {
	if errors.Is(err, context.Canceled) {
		return sayGivenUp.Error()
	}
	return inbox.NetworkCause(err).Error()
}

// hide takes a password out of what somebody said, also in the forms in which
// it goes to a server.
func hide(said, user, password string) string {
	if password == "" {
		return said
	}
	forms := []string{password}
	for _, s := range []string{"\x00" + user + "\x00" + password, password} {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(s)))
	}
	for _, f := range forms {
		said = strings.ReplaceAll(said, f, "***")
	}
	return said
}
