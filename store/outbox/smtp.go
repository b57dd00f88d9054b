package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// SMTP hands letters to a mail server. It never does so without TLS, unless the
// server is this machine itself.
type SMTP struct {
	Server
}

// Leaves returns true: what the server accepts has left.
func (s *SMTP) Leaves() bool { return true }

// Send hands a mail to the server. Whether a mail may have left is settled by
// one thing: whether the dot that ends it has gone out. Before that a server may
// not deliver it (RFC 5321, 4.1.1.4); after it, only the server's answer says.
func (s *SMTP) Send(ctx context.Context, from string, to []string, raw []byte) error {
	password, f := s.password(ctx)
	if f != nil {
		return f
	}
	conn, f := s.dial(ctx)
	if f != nil {
		return f
	}
	defer conn.Close()
	session := &smtpSession{server: &s.Server, conn: conn, password: password}
	if err := session.open(); err != nil {
		return err
	}
	return session.hand(from, to, raw)
}

// smtpSession is one connection.
type smtpSession struct {
	server   *Server
	conn     *timedConn
	client   *smtp.Client
	password string
}

// open greets the server, encrypts the connection, and logs in.
func (s *smtpSession) open() (err error) {
	where := s.server.where()
	s.conn.within(s.server.waits().answer)
	if s.client, err = smtp.NewClient(s.conn, s.server.Host); err != nil {
		return s.failed(Unreachable, err)
	}
	s.client.SkipSMTPUTF8(true)                           // nothing in our mails asks for it
	if err := s.client.Hello("[127.0.0.1]"); err != nil { // says nothing about this machine, as mail programs do
		return s.failed(Unreachable, err)
	}
	if s.server.TLS == TLSStart {
		if ok, _ := s.client.Extension("STARTTLS"); !ok {
			return because(NoEncryption, where, sayNoStart)
		}
		if err := s.client.StartTLS(s.server.tlsConfig()); err != nil {
			if f := certificateFailure(where, err); f != nil {
				return f
			}
			return s.failed(NoEncryption, err)
		}
	}
	if s.server.User == "" {
		return nil
	}
	auth := s.auth()
	if auth == nil {
		if _, offered := s.client.Extension("AUTH"); strings.Contains(strings.ToUpper(offered), "OAUTH") {
			return because(NoLogin, where, sayOAuth)
		}
		return failure(NoLogin, where, "")
	}
	if err := s.client.Auth(auth); err != nil {
		var reply *textproto.Error
		if errors.As(err, &reply) && reply.Code/100 == 5 {
			return s.failed(LoginRefused, err)
		}
		return s.failed(Lost, err)
	}
	return nil
}

// auth returns the way to log in: of those that the server offers, the one that
// works with most servers. All of them go through TLS.
func (s *smtpSession) auth() smtp.Auth {
	_, offered := s.client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	user, host, plainText := s.server.User, s.server.Host, s.server.TLS == TLSNone
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
	s.conn.within(s.server.waits().answer)
	if err := s.client.Mail("<" + from + ">"); err != nil {
		return s.failed(FromRefused, err)
	}
	for _, a := range to {
		s.conn.within(s.server.waits().answer)
		if err := s.client.Rcpt("<" + a + ">"); err != nil {
			return s.failed(ToRefused, err)
		}
	}
	s.conn.within(s.server.waits().answer)
	body, err := s.client.Data()
	if err != nil {
		return s.failed(LetterRefused, err)
	}
	s.conn.within(s.server.waits().body)
	if _, err = body.Write(raw); err == nil {
		err = s.client.Text.W.Flush() // so that what breaks now breaks before the dot
	}
	if err != nil {
		return s.failed(Lost, err)
	}
	if err := s.conn.alive(); err != nil { // ctx is done, and the dot has not gone out
		return s.failed(Lost, err)
	}
	s.conn.within(s.server.waits().body)
	err = body.Close()
	var reply *textproto.Error
	switch {
	case err == nil:
		s.conn.within(s.server.waits().quit)
		_ = s.client.Quit() // the letter has been accepted, whatever comes
		return nil
	case errors.As(err, &reply) && reply.Code/100 == 2: // an unusual yes
		return nil
	case errors.As(err, &reply) && (reply.Code/100 == 4 || reply.Code/100 == 5):
		return s.failed(LetterRefused, err)
	}
	return failure(NoAnswer, s.server.where(), s.said(err))
}

// failed returns the failure that an error means before the letter was handed
// over: refused is its kind if the server said no for good.
func (s *smtpSession) failed(refused Kind, err error) error {
	var reply *textproto.Error
	kind := Lost
	switch {
	case errors.As(err, &reply) && (reply.Code/100 == 5 || refused == NoEncryption):
		kind = refused
	case errors.As(err, &reply):
		kind = Busy
	case refused == Unreachable:
		kind = refused
	case strings.Contains(err.Error(), "smtp: "): // the library did not try
		kind = refused
	}
	return failure(kind, s.server.where(), s.said(err))
}

// said returns what an error says, without the password, should the server have
// said that.
func (s *smtpSession) said(err error) string {
	if s.conn.alive() != nil {
		return sayGivenUp.Error()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return sayClosed.Error()
	}
	said := reason(err)
	var reply *textproto.Error
	if errors.As(err, &reply) {
		said = fmt.Sprintf("%d %s", reply.Code, reply.Msg)
	}
	return hide(said, s.server.User, s.password)
}
