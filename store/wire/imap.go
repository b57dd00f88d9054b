package wire

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	casefile "klacht/case"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// IMAP is a session on a mail server: encrypted, and logged in. Whatever is asked of its
// Client is asked by [Ask], or between Begin and End, which keep the time.
type IMAP struct {
	Client   *imapclient.Client
	server   *Server
	conn     *Conn
	password string
}

// OpenIMAP connects, encrypts and logs in. The error is a [*Failure].
func (s *Server) OpenIMAP(ctx context.Context) (*IMAP, error) {
	password, f := s.Secret(ctx)
	if f != nil {
		return nil, f
	}
	conn, f := s.Dial(ctx)
	if f != nil {
		return nil, f
	}
	m := &IMAP{server: s, conn: conn, password: password}
	// The server has this long to greet, encrypt and log in, however slowly it goes on.
	late := time.AfterFunc(2*s.Waits().Answer, func() { conn.end(os.ErrDeadlineExceeded) })
	defer late.Stop()
	m.Begin()
	defer m.End()
	if f := m.greet(); f != nil {
		m.Cut()
		return nil, f
	}
	if f := m.login(); f != nil {
		m.Close()
		return nil, f
	}
	return m, nil
}

// greet makes the client, and encrypts. The library may wait for ever on a server that
// breaks off between its answer and the encryption, so it is not waited for.
func (m *IMAP) greet() *Failure {
	if m.server.TLS != TLSStart {
		m.Client = imapclient.New(m.conn, nil)
		if err := m.Client.WaitGreeting(); err != nil {
			return m.Failure(Unreachable, err)
		}
		return nil
	}
	type result struct {
		client *imapclient.Client
		err    error
	}
	done := make(chan result, 1)
	go func() {
		client, err := imapclient.NewStartTLS(m.conn, &imapclient.Options{TLSConfig: m.server.TLSConfig()})
		done <- result{client, err}
	}()
	var r result
	select {
	case r = <-done:
	case <-m.conn.gone:
		select {
		case r = <-done:
		case <-time.After(time.Second):
			r.err = os.ErrClosed
		}
	}
	if m.Client = r.client; r.err == nil {
		return nil
	}
	if f := m.server.BadCertificate(r.err); f != nil {
		return f
	}
	if _, no := Refused(r.err); no {
		return Because(NoEncryption, m.server.Where(), NoStart)
	}
	return m.Failure(Unreachable, r.err)
}

// login says who we are, with PLAIN where the server has that, else with LOGIN.
func (m *IMAP) login() *Failure {
	if m.server.User == "" {
		return nil
	}
	var err error
	switch caps := m.Client.Caps(); {
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = m.Client.Authenticate(sasl.NewPlainClient("", m.server.User, m.password))
	case caps.Has(imap.CapLoginDisabled): // then no password may be sent (RFC 9051, 6.2.3)
		for c := range caps {
			if strings.Contains(strings.ToUpper(string(c)), "OAUTH") {
				return Because(NoLogin, m.server.Where(), OAuth)
			}
		}
		return Failed(NoLogin, m.server.Where(), "")
	default:
		err = m.Client.Login(m.server.User, m.password).Wait()
	}
	if err != nil {
		return m.Failure(LoginRefused, err)
	}
	return nil
}

// Ask asks the server something, with the time limit on.
func Ask[T any](m *IMAP, do func() (T, error)) (T, error) {
	m.Begin()
	defer m.End()
	return do()
}

// Begin and End turn the time limit on and off: on while an answer is awaited.
func (m *IMAP) Begin() { m.conn.GoesOn(m.server.Waits().Answer) }

// End implements what Begin says.
func (m *IMAP) End() { m.conn.Rest() }

// Cut ends the connection at once.
func (m *IMAP) Cut() { _ = m.conn.Close() }

// Close takes leave of the server, which does not matter if it fails.
func (m *IMAP) Close() {
	late := time.AfterFunc(m.server.Waits().Quit, m.Cut)
	defer late.Stop()
	m.Begin()
	_ = m.Client.Logout().Wait()
	m.Cut()
	_ = m.Client.Close()
}

// Failure says what an error of the connection means, where no is the kind if the server
// refused. The words of the library are left out: they quote what the server wrote, and
// that may be a mail (R13).
func (m *IMAP) Failure(no Kind, err error) *Failure {
	var e *imap.Error
	switch {
	case m.conn.Alive() != nil:
		return Failed(Lost, m.server.Where(), Reason(m.conn.Alive()))
	case errors.As(err, &e):
		if e.Code == imap.ResponseCodeUnavailable || e.Code == imap.ResponseCodeInUse || e.Code == imap.ResponseCodeOverQuota {
			no = Busy
		}
		return Failed(no, m.server.Where(), Hide(e.Text, m.server.User, m.password))
	case no != Unreachable:
		no = Lost
	}
	for _, known := range causes {
		if said := m.conn.Reason(err); said == known.Error() {
			return Because(no, m.server.Where(), known)
		}
	}
	return Because(no, m.server.Where(), garbled)
}

// Refused returns what a server said when it refused a command.
func Refused(err error) (said string, refused bool) {
	var e *imap.Error
	if !errors.As(err, &e) {
		return "", false
	}
	return casefile.OneLine(e.Text), true
}
