package account

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klacht/store/strict"
	"klacht/store/wire"

	"github.com/zalando/go-keyring"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error\n got: %v\nwant: %s", err, want)
	}
}

func read(t *testing.T, text string) (*Settings, error) {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, File), []byte(text), 0o600))
	return Read(dir)
}

func TestSettings(t *testing.T) {
	keyring.MockInit()
	must(t, SetKeyring("mok", "imap.example", "uit-de-ring"))
	c, err := read(t, `send: smtp
smtp:
  host: smtp.example
  user: klacht@mok.example
  password_command: echo geheim
sendmail: msmtp -a 'mijn werk' -t
imap: {host: imap.example, tls: starttls, user: mok, folder: Klachten, drafts: Concepten}
`)
	must(t, err)
	if s := c.SMTP; s.Where() != "smtp.example:587" || s.TLS != wire.TLSStart || s.User != "klacht@mok.example" {
		t.Errorf("%+v", s)
	}
	if s := c.IMAP; s.Where() != "imap.example:143" || s.TLS != wire.TLSStart || s.Folder != "Klachten" || s.Drafts != "Concepten" {
		t.Errorf("%+v", s)
	}
	p, err := c.IMAP.Password(context.Background())
	if err != nil || p != "uit-de-ring" {
		t.Errorf("%q, %v", p, err)
	}
}

func TestNoSettings(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		c, err := Read(dir)
		must(t, err)
		if c.Send != SendDraft {
			t.Error(c.Send)
		}
	}
}

// A file in which nothing is set yet is as good as none.
func TestNothingSet(t *testing.T) {
	for _, text := range []string{"", "\n", "# send: smtp\n\n  # smtp: {host: a.example}\n"} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, File), []byte(text), 0o600))
		if c, err := Read(dir); err != nil || c.Send != SendDraft {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPorts(t *testing.T) {
	for text, want := range map[string]string{
		"smtp: {host: a.example}":                         "a.example:587",
		"smtp: {host: a.example, tls: tls}":               "a.example:465",
		"smtp: {host: 127.0.0.1, tls: none}":              "127.0.0.1:25",
		"smtp: {host: a.example, port: 2525}":             "a.example:2525",
		"smtp: {host: '::1', port: 2525, tls: none}":      "[::1]:2525",
		"smtp: {port: 1, host: localhost, tls: starttls}": "localhost:1",
	} {
		c, err := read(t, text)
		must(t, err)
		if got := c.SMTP.Where(); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	c, err := read(t, "imap: {host: a.example}")
	must(t, err)
	if c.IMAP.Where() != "a.example:993" {
		t.Error(c.IMAP.Where())
	}
}

func TestSettingsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"send: email\n":                                    `1: "email" is not one of [draft smtp sendmail imap-drafts]`,
		"sned: smtp\n":                                     `1: the key "sned" is not known here`,
		"send: smtp\nsend: smtp\n":                         `2: the key "send" stands here for the second time`,
		"smtp:\n  host: a.example\n  hots: b\n":            `3: the key "hots" is not known here`,
		"smtp:\n  folder: a\n":                             `2: the key "folder" is not known here`,
		"smtp:\n  port: 25\n":                              `2: the key "host" is missing`,
		"smtp:\n  host: a.example\n  port: 0\n":            "3: a number from 1 to 65535 belongs here",
		"smtp:\n  host: a.example\n  port: vijf":           "3: a number from 1 to 65535 belongs here",
		"smtp:\n  host: a.example\n  tls: none\n":          "2: mail goes to a.example in the clear; tls: none is for this machine alone",
		"smtp:\n  host: localhost.example\n  tls: none\n":  "2: mail goes to localhost.example in the clear; tls: none is for this machine alone",
		"smtp:\n  host: a.example\n  password: geheim-1\n": "3: a password does not belong in this file",
		"sendmail: msmtp '-t\n":                            "1: a quote is opened here and not closed",
		"sendmail: |\n  msmtp\n  x\n":                      "1: a text on one line belongs here",
		"smtp: a.example\n":                                "1: a list of keys with values belongs here",
	} {
		_, err := read(t, text)
		var damage *strict.Damage
		if !errors.As(err, &damage) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if _, got, _ := strings.Cut(err.Error(), File+":"); strings.TrimSpace(got) != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("says a password: %v", err)
		}
	}
}

func TestKeyring(t *testing.T) {
	keyring.MockInit()
	_, err := Keyring("mok", "mail.example")(context.Background())
	wantError(t, err, `the keyring has none for "mok on mail.example"`)
	keyring.MockInitWithError(errors.New("op slot"))
	_, err = Keyring("mok", "mail.example")(context.Background())
	wantError(t, err, "the keyring cannot be read: op slot")
}

func TestWhoKeepsCopies(t *testing.T) {
	imap := &Mailbox{}
	for _, tt := range []struct {
		c    Settings
		want *Mailbox
	}{
		{Settings{Send: SendSMTP, SMTP: &wire.Server{Host: "mail.mok.example"}, IMAP: imap}, imap},
		{Settings{Send: SendSMTP, SMTP: &wire.Server{Host: "mail.mok.example"}}, nil},
		{Settings{Send: SendSMTP, SMTP: &wire.Server{Host: "smtp.gmail.com"}, IMAP: imap}, nil}, // which does so itself
		{Settings{Send: SendSMTP, SMTP: &wire.Server{Host: "SMTP.Office365.com"}, IMAP: imap}, nil},
		{Settings{Send: SendIMAP, IMAP: imap}, nil},
		{Settings{Send: SendSendmail, IMAP: imap}, nil},
	} {
		if got := tt.c.Copies(); got != tt.want {
			t.Errorf("%+v: %v", tt.c, got)
		}
	}
}

// The password of one server never goes to another.
func TestPasswordsAreOfTheirServer(t *testing.T) {
	keyring.MockInit()
	c, err := read(t, "imap: {host: mail.mok.example, user: mok, password_command: echo geheim}\n")
	must(t, err)
	for place, want := range map[[2]string]string{{"mok", "Mail.mok.example"}: "geheim", {"mok", "elders.example"}: "", {"ander", "mail.mok.example"}: ""} {
		if got, _ := c.Password(place[0], place[1])(context.Background()); got != want {
			t.Errorf("%s: %q", place, got)
		}
	}
}
