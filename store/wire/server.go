package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
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

	Roots  *x509.CertPool // that certificates are checked against; nil is those of this machine
	Limits *Limits        // nil is those that suit a slow line
}

// Limits are the longest times that a step may take.
type Limits struct{ Dial, Answer, Body, Quit time.Duration }

// Waits returns the limits of the server.
func (s *Server) Waits() Limits {
	if s.Limits != nil {
		return *s.Limits
	}
	return Limits{Dial: 20 * time.Second, Answer: time.Minute, Body: 5 * time.Minute, Quit: 5 * time.Second}
}

// Where returns the server as HOST:PORT.
func (s *Server) Where() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// TLSConfig returns how the server is to prove who it is.
func (s *Server) TLSConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// Secret returns the password; "" if none is needed.
func (s *Server) Secret(ctx context.Context) (string, *Failure) {
	if s.User == "" || s.Password == nil {
		return "", nil
	}
	p, err := s.Password(ctx)
	if err != nil {
		return "", Because(NoPassword, s.User, err)
	}
	return p, nil
}

// Dial connects, and encrypts if that is to be from the first byte.
func (s *Server) Dial(ctx context.Context) (*Conn, *Failure) {
	if s.TLS == TLSNone && !Loopback(s.Host) {
		return nil, Because(NoEncryption, s.Where(), OwnOnly)
	}
	d := net.Dialer{Timeout: s.Waits().Dial}
	raw, err := d.DialContext(ctx, "tcp", s.Where())
	if err != nil {
		return nil, Failed(Unreachable, s.Where(), Reason(err))
	}
	c := newConn(ctx, raw)
	if s.TLS != TLSDirect {
		return c, nil
	}
	c.Within(s.Waits().Dial)
	secure := tls.Client(c.line, s.TLSConfig())
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		if f := s.BadCertificate(err); f != nil {
			return nil, f
		}
		if notTLS := (tls.RecordHeaderError{}); errors.As(err, &notTLS) {
			return nil, Because(NoEncryption, s.Where(), noTLS)
		}
		return nil, Failed(Unreachable, s.Where(), c.Reason(err))
	}
	c.Conn = secure
	return c, nil
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// BadCertificate returns what is wrong with the certificate of the server, or nil if that
// is not what an error says.
func (s *Server) BadCertificate(err error) *Failure {
	var bad *tls.CertificateVerificationError
	if !errors.As(err, &bad) {
		return nil
	}
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &host):
		return Because(Certificate, s.Where(), otherServer)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Because(Certificate, s.Where(), expired)
	case errors.As(err, &unknown):
		return Because(Certificate, s.Where(), foreign)
	}
	return Failed(Certificate, s.Where(), bad.Err.Error())
}

// Hide takes a password out of what somebody said, also in the forms in which it goes to
// a server.
func Hide(said, user, password string) string {
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
