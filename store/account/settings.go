// Package account is what the owner has set on this computer: how mail is sent and read,
// and where the passwords for that come from. It is never part of a register.
package account

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	casefile "klacht/case"
	"klacht/store/strict"
	"klacht/store/wire"
)

// File is the name of the settings, in the user's folder for configuration.
const File = "config.yaml"

// The ways in which letters leave, as they are values of the key send.
const (
	SendDraft    = "draft"       // by the owner's own mail program
	SendSMTP     = "smtp"        // by a server
	SendSendmail = "sendmail"    // by a command
	SendIMAP     = "imap-drafts" // from among the drafts in the owner's mailbox
)

// Settings is what the owner has set.
type Settings struct {
	By       string       // who this person is, where several share a register; "" for the handler of the procedure
	Send     string       // one of the ways
	SMTP     *wire.Server // nil if not set
	Sendmail []string     // nil if not set
	IMAP     *Mailbox     // nil if not set
}

// Mailbox is a mailbox on an IMAP server.
type Mailbox struct {
	wire.Server
	Folder string // from which complaints are fetched; "" if not set
	Drafts string // where drafts lie; "" for the one that the server says it is
	Sent   string // where mail lies that was sent; likewise
}

// Read reads the settings in a folder, strictly. Where there are none,
// letters stay drafts. The error is a *strict.Damage if there is a file that
// cannot be used.
func Read(dir string) (*Settings, error) {
	file := filepath.Join(dir, File)
	c := &Settings{Send: SendDraft}
	if dir == "" {
		return c, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	} else if err != nil {
		return nil, err
	}
	if onlyComments(string(data)) {
		return c, nil
	}
	if err := c.read(file, data); err != nil {
		return nil, err
	}
	return c, nil
}

// onlyComments reports whether nothing is set in a file, as in one that was
// copied from an example and not filled in yet.
func onlyComments(s string) bool {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

func (c *Settings) read(file string, data []byte) error {
	return strict.Read(file, data, func(key string, v strict.Value) bool {
		switch key {
		case "by":
			c.By = casefile.OneLine(v.Text())
		case "send":
			c.Send = v.One(SendDraft, SendSMTP, SendSendmail, SendIMAP)
		case "smtp":
			c.SMTP = &wire.Server{TLS: wire.TLSStart}
			readServer(v, c.SMTP, map[string]int{wire.TLSStart: 587, wire.TLSDirect: 465, wire.TLSNone: 25}, nil, serverKeys...)
		case "sendmail":
			c.Sendmail = command(v)
		case "imap":
			c.IMAP = &Mailbox{Server: wire.Server{TLS: wire.TLSDirect}}
			readServer(v, &c.IMAP.Server, map[string]int{wire.TLSStart: 143, wire.TLSDirect: 993, wire.TLSNone: 143}, func(key string, v strict.Value) bool {
				switch key {
				case "folder":
					c.IMAP.Folder = v.Text()
				case "drafts":
					c.IMAP.Drafts = v.Text()
				case "sent":
					c.IMAP.Sent = v.Text()
				default:
					return false
				}
				return true
			}, append([]string{"folder", "drafts", "sent"}, serverKeys...)...)
		default:
			return false
		}
		return true
	}, "by", "send", "smtp", "sendmail", "imap")
}

var serverKeys = []string{"host", "port", "tls", "user", "password_command"}

// readServer reads the keys of a server; more reads those that are not common.
// The keys are all that can stand there.
func readServer(v strict.Value, s *wire.Server, ports map[string]int, more func(string, strict.Value) bool, keys ...string) {
	var run []string
	v.Map(func(key string, v strict.Value) bool {
		switch key {
		case "host":
			s.Host = v.Text()
		case "port":
			s.Port = v.Number(1, 65535)
		case "tls":
			s.TLS = v.One(wire.TLSStart, wire.TLSDirect, wire.TLSNone)
		case "user":
			s.User = v.Text()
		case "password_command":
			run = command(v)
		case "password":
			v.Fail(casefile.Errorf("a password does not belong in this file").
				WithHint("password_command: a command that prints it, such as pass show mail; without one it comes from the keyring of this computer"))
		default:
			return more != nil && more(key, v)
		}
		return true
	}, keys...)
	if s.Host == "" {
		v.Fail(casefile.Errorf("the key %q is missing", "host"))
	}
	if s.TLS == wire.TLSNone && !wire.Loopback(s.Host) {
		v.Fail(casefile.Errorf("mail goes to %s in the clear; tls: none is for this machine alone", s.Host).
			WithHint("tls: starttls, or tls: tls"))
	}
	if s.Port == 0 {
		s.Port = ports[s.TLS]
	}
	if s.Password = Keyring(s.User, s.Host); run != nil {
		s.Password = PasswordCommand(run)
	}
}

// command reads a command line; see [SplitCommand].
func command(v strict.Value) []string {
	s := v.Text()
	if s == "" {
		return nil
	}
	list, err := SplitCommand(s)
	if err != nil {
		v.Fail(err)
	}
	return list
}

// Copies returns the mailbox in which a copy of each letter that leaves is kept; nil if in
// none: where letters do not leave by SMTP, or the provider keeps one itself.
func (c *Settings) Copies() *Mailbox {
	if c.Send != SendSMTP || c.IMAP == nil || c.SMTP == nil {
		return nil
	}
	for _, host := range []string{"gmail.com", "googlemail.com", "office365.com", "outlook.com"} {
		if strings.HasSuffix("."+strings.ToLower(c.SMTP.Host), "."+host) {
			return nil
		}
	}
	return c.IMAP
}

// Password returns what finds the password of a user on a mail server: that of the mailbox
// that is set, or else the keyring. The password of one server never goes to another.
func (c *Settings) Password(user, host string) func(context.Context) (string, error) {
	if m := c.IMAP; m != nil && m.User == user && strings.EqualFold(m.Host, host) {
		return m.Server.Password
	}
	return Keyring(user, host)
}
