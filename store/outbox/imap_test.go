package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"klacht/store/account"
	"klacht/store/wire"

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
	if mode == wire.TLSDirect {
		l = tls.NewListener(l, conf)
	}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return &IMAPDrafts{account.Mailbox{Server: wire.Server{Host: "127.0.0.1", Port: port, TLS: mode, User: "mok", Roots: pool,
		Password: func(context.Context) (string, error) { return secret, nil }}}}, user
}

func TestIMAPDrafts(t *testing.T) {
	for _, mode := range []string{wire.TLSDirect, wire.TLSStart} {
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
		checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), wire.LoginRefused, "Authentication failed")
		m.Roots = nil
		checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), wire.Certificate, "it was not issued by anyone that this machine trusts")
	}
	m, _ := mailboxes(t, wire.TLSDirect, "INBOX")
	checkFailure(t, m.Send(context.Background(), "", nil, []byte(theRaw)), NoFolder, "none of its folders is marked for drafts")
}

func TestIMAPHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	m := &IMAPDrafts{account.Mailbox{Server: wire.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: wire.TLSNone, User: "mok",
		Password: func(context.Context) (string, error) { return secret, nil }}}}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	checkFailure(t, m.Send(ctx, "", nil, []byte(theRaw)), wire.Lost, "no answer in time")
}

// A copy of what has left lies once among the mails that were sent, wherever those lie.
func TestACopyOfWhatWasSent(t *testing.T) {
	for _, folder := range []string{"Sent", "Verzonden items"} {
		m, user := mailboxes(t, wire.TLSDirect, "INBOX", folder)
		for range 2 {
			must(t, (&SentMail{m.Mailbox}).Keep(context.Background(), []byte(theRaw)))
		}
		status, err := user.Status(folder, &imap.StatusOptions{NumMessages: true})
		must(t, err)
		if *status.NumMessages != 1 {
			t.Errorf("%d copies in %s", *status.NumMessages, folder)
		}
	}
	m, _ := mailboxes(t, wire.TLSDirect, "INBOX")
	checkFailure(t, (&SentMail{m.Mailbox}).Keep(context.Background(), []byte(theRaw)), NoFolder, "none of its folders is marked for mail that was sent")
}
