package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"klacht/store/wire"

	"github.com/wneessen/go-mail/smtp"
)

// maxAnswers is the most bytes that a server may say.
const maxAnswers = 1 << 20

// SMTP hands letters to a mail server. It never does so without TLS, unless the
// server is this machine itself.
type SMTP struct {
	wire.Server
}

// Leaves returns true: what the server accepts has left.
func (s *SMTP) Leaves() bool { return true }

// Send hands a mail to the server. Whether a mail may have left is settled by
// one thing: whether the dot that ends it has gone out. Before that a server may
// not deliver it (RFC 5321, 4.1.1.4); after it, only the server's answer says.
func (s *SMTP) Send(ctx context.Context, from string, to []string, raw []byte) error {
	password, f := s.Secret(ctx)
	if f != nil {
		return asFailure(f)
	}
	conn, f := s.Dial(ctx)
	if f != nil {
		return asFailure(f)
	}
	defer conn.Close()
	conn.AtMost(maxAnswers)
	session := &smtpSession{server: &s.Server, conn: conn, password: password}
	if err := session.open(); err != nil {
		return asFailure(err)
	}
	return session.hand(from, to, raw)
}

// smtpSession is one connection.
type smtpSession struct {
	server   *wire.Server
	conn     *wire.Conn
	client   *smtp.Client
	password string
}

// open greets the server, encrypts the connection, and logs in.
func (s *smtpSession) open() (err error) {
	where := s.server.Where()
	s.conn.Within(s.server.Waits().Answer)
	if s.client, err = smtp.NewClient(s.conn, s.server.Host); err != nil {
		return s.failed(wire.Unreachable, err)
	}
	s.client.SkipSMTPUTF8(true)                           // nothing in our mails asks for it
	if err := s.client.Hello("[127.0.0.1]"); err != nil { // says nothing about this machine, as mail programs do
		return s.failed(wire.Unreachable, err)
	}
	if s.server.TLS == wire.TLSStart {
		if ok, _ := s.client.Extension("STARTTLS"); !ok {
			return because(wire.NoEncryption, where, wire.NoStart)
		}
		if err := s.client.StartTLS(s.server.TLSConfig()); err != nil {
			if f := s.server.BadCertificate(err); f != nil {
				return f
			}
			return s.failed(wire.NoEncryption, err)
		}
	}
	if s.server.User == "" {
		return nil
	}
	auth := s.auth()
	if auth == nil {
		if _, offered := s.client.Extension("AUTH"); strings.Contains(strings.ToUpper(offered), "OAUTH") {
			return because(wire.NoLogin, where, wire.OAuth)
		}
		return failure(wire.NoLogin, where, "")
	}
	if err := s.client.Auth(auth); err != nil {
		var reply *textproto.Error
		if errors.As(err, &reply) && reply.Code/100 == 5 {
			return s.failed(wire.LoginRefused, err)
		}
		return s.failed(wire.Lost, err)
	}
	return nil
}

// auth returns the way to log in: of those that the server offers, the one that
// works with most servers. All of them go through TLS.
func (s *smtpSession) auth() smtp.Auth {
	_, offered := s.client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	user, host, plainText := s.server.User, s.server.Host, s.server.TLS == wire.TLSNone
	switch {
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", user, s.password, host, plainText)
	case slices.Contains(ways, "LOGIN"):
		return smtp.LoginAuth(user, s.password, host, plainText)
	case slices.Contains(ways, "SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(user, s.password)
	case slices.Contains(ways, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(user, s.password)
	}
	return nil
}

// hand hands over the mail.
func (s *smtpSession) hand(from string, to []string, raw []byte) error {
	s.conn.Within(s.server.Waits().Answer)
	if err := s.client.Mail("<" + from + ">"); err != nil {
		return s.failed(FromRefused, err)
	}
	for _, a := range to {
		s.conn.Within(s.server.Waits().Answer)
		if err := s.client.Rcpt("<" + a + ">"); err != nil {
			return s.failed(ToRefused, err)
		}
	}
	s.conn.Within(s.server.Waits().Answer)
	body, err := s.client.Data()
	if err != nil {
		return s.failed(LetterRefused, err)
	}
	s.conn.Within(s.server.Waits().Body)
	if _, err = body.Write(raw); err == nil {
		err = s.client.Text.W.Flush() // so that what breaks now breaks before the dot
	}
	if err != nil {
		return s.failed(wire.Lost, err)
	}
	if err := s.conn.Alive(); err != nil { // ctx is done, and the dot has not gone out
		return s.failed(wire.Lost, err)
	}
	s.conn.Within(s.server.Waits().Body)
	err = body.Close()
	var reply *textproto.Error
	switch {
	case err == nil:
		s.conn.Within(s.server.Waits().Quit)
		_ = s.client.Quit() // the letter has been accepted, whatever comes
		return nil
	case errors.As(err, &reply) && reply.Code/100 == 2: // an unusual yes
		return nil
	case errors.As(err, &reply) && (reply.Code/100 == 4 || reply.Code/100 == 5):
		return s.failed(LetterRefused, err)
	}
	return failure(NoAnswer, s.server.Where(), s.said(err))
}

// failed returns the failure that an error means before the letter was handed
// over: refused is its kind if the server said no for good.
func (s *smtpSession) failed(refused wire.Kind, err error) error {
	var reply *textproto.Error
	kind := wire.Lost
	switch {
	case errors.As(err, &reply) && (reply.Code/100 == 5 || refused == wire.NoEncryption):
		kind = refused
	case errors.As(err, &reply):
		kind = wire.Busy
	case refused == wire.Unreachable:
		kind = refused
	case strings.Contains(err.Error(), "smtp: "): // the library did not try
		kind = refused
	}
	return failure(kind, s.server.Where(), s.said(err))
}

// said returns what an error says, without the password, should the server have
// said that.
func (s *smtpSession) said(err error) string {
	said := s.conn.Reason(err)
	var reply *textproto.Error
	if s.conn.Alive() == nil && errors.As(err, &reply) {
		said = fmt.Sprintf("%d %s", reply.Code, reply.Msg)
	}
	return wire.Hide(said, s.server.User, s.password)
}
