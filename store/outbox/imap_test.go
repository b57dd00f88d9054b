package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// mailboxes starts an IMAP server in this process.
func mailboxes(t *testing.T, mode string, folders ...string) (*IMAPDrafts, *imapmemserver.User) {
	t.Helper()
	ca := newIssuer(t)
	conf := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, "127.0.0.1", time.Now().Add(time.Hour))}}
	user := imapmemserver.NewUser("mok", secret)
	for _, f := range folders {
		must(t, user.Create(f, nil))
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, TLSConfig: conf,
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	if mode == TLSDirect {
		l = tls.NewListener(l, conf)
	}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return &IMAPDrafts{Mailbox{Server: Server{Host: "127.0.0.1", Port: port, TLS: mode, User: "mok", roots: pool,
		Password: func(context.Context) (string, error) { return secret, nil }}}}, user
}

func TestIMAPDrafts(t *testing.T) {
	for _, mode := range []string{TLSDirect, TLSStart} {
		m, user := mailboxes(t, mode, "INBOX", "Drafts")
		for range 2 { // laid there once, however often it is tried
			must(t, m.Send(context.Background(), "", nil, []byte(theRaw)))
		}
		status, err := user.Status("Drafts", &imap.StatusOptions{NumMessages: true, Size: true})
		must(t, err)
		if *status.NumMessages != 1 || *status.Size != int64(len(theRaw)) {
			t.Errorf("%d letters, %d bytes", *status.NumMessages, *status.Size)
		}
		m.Drafts = "Concepten"
		checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), NoFolder, "No such mailbox")
		m.Server.Password = func(context.Context) (string, error) { return "verkeerd", nil }
		checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), LoginRefused, "Authentication failed")
		m.roots = nil
		checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), Certificate, "it was not issued by anyone that this machine trusts")
	}
	m, _ := mailboxes(t, TLSDirect, "INBOX")
	checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), NoFolder, "none of its folders is marked for drafts")
}

func TestIMAPHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	m := &IMAPDrafts{Mailbox{Server: Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: TLSNone, User: "mok",
		Password: func(context.Context) (string, error) { return secret, nil }}}}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	checkFailure(t, m.Send(ctx, "", nil, []byte(theRaw)), Lost, "no answer in time")
}

// A copy of what has left lies once among the mails that were sent, wherever those lie.
func TestACopyOfWhatWasSent(t *testing.T) {
	for _, folder := range []string{"Sent", "Verzonden items"} {
		m, user := mailboxes(t, TLSDirect, "INBOX", folder)
		for range 2 {
			must(t, m.KeepSent(context.Background(), []byte(theRaw)))
		}
		status, err := user.Status(folder, &imap.StatusOptions{NumMessages: true})
		must(t, err)
		if *status.NumMessages != 1 {
			t.Errorf("%d copies in %s", *status.NumMessages, folder)
		}
	}
	m, _ := mailboxes(t, TLSDirect, "INBOX")
	checkFailure(t, m.KeepSent(context.Background(), []byte(theRaw)), NoFolder, "none of its folders is marked for mail that was sent")
}

func TestWhoKeepsCopies(t *testing.T) {
	imap := &Mailbox{}
	for _, tt := range []struct {
		c    Config
		want *Mailbox
	}{
		{Config{Send: SendSMTP, SMTP: &Server{Host: "mail.mok.example"}, IMAP: imap}, imap},
		{Config{Send: SendSMTP, SMTP: &Server{Host: "mail.mok.example"}}, nil},
		{Config{Send: SendSMTP, SMTP: &Server{Host: "smtp.gmail.com"}, IMAP: imap}, nil}, // which does so itself
		{Config{Send: SendSMTP, SMTP: &Server{Host: "SMTP.Office365.com"}, IMAP: imap}, nil},
		{Config{Send: SendIMAP, IMAP: imap}, nil},
		{Config{Send: SendSendmail, IMAP: imap}, nil},
	} {
		if got := tt.c.Copies(); got != tt.want {
			t.Errorf("%+v: %v", tt.c, got)
		}
	}
}
