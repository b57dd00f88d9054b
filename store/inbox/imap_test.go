package inbox_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
	"klacht/store/wire"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// certificate makes one for names, with the pool that trusts it.
func certificate(t testing.TB, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-48 * time.Hour),
		NotAfter: until, DNSNames: names, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func tomorrow() time.Time { return time.Now().Add(24 * time.Hour) }

const secret = "wachtwóórd \"x\""

// server is an IMAP server in this process.
type server struct {
	user  *imapmemserver.User
	port  string
	roots *x509.CertPool
}

func newServer(t testing.TB, startTLS bool, caps ...imap.Cap) *server {
	t.Helper()
	cert, roots := certificate(t, tomorrow(), "localhost")
	s := &server{user: imapmemserver.NewUser("mok@mok.example", secret), roots: roots}
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	must(t, s.user.Create("Klachten/Geïnd & zo", nil))
	set := imap.CapSet{imap.CapIMAP4rev1: {}}
	for _, c := range caps {
		set[c] = struct{}{}
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	srv := imapserver.New(&imapserver.Options{Caps: set, TLSConfig: config,
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, s.port, _ = net.SplitHostPort(ln.Addr().String())
	if !startTLS {
		ln = tls.NewListener(ln, config)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return s
}

// account is one on a server of the tests, which has to answer within the limit.
func account(port, user string, startTLS bool, roots *x509.CertPool, limit time.Duration) wire.Server {
	n, _ := strconv.Atoi(port)
	s := wire.Server{Host: "localhost", Port: n, TLS: wire.TLSDirect, User: user, Roots: roots,
		Password: func(context.Context) (string, error) { return secret, nil },
		Limits:   &wire.Limits{Dial: limit, Answer: limit, Quit: limit}}
	if startTLS {
		s.TLS = wire.TLSStart
	}
	return s
}

func (s *server) source(startTLS bool) *inbox.IMAP {
	return &inbox.IMAP{Server: account(s.port, "mok@mok.example", startTLS, s.roots, 5*time.Second), Folder: "Klachten/Geïnd & zo"}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (s *server) add(t testing.TB, mail, at string) {
	t.Helper()
	_, err := s.user.Append("Klachten/Geïnd & zo", literal{bytes.NewReader([]byte(mail))}, &imap.AppendOptions{Time: utc(at)})
	must(t, err)
}

// flags returns the flags of the mails in the folder.
func flags(t testing.TB, user *imapmemserver.User) int {
	t.Helper()
	data, err := user.Status("Klachten/Geïnd & zo", &imap.StatusOptions{NumUnseen: true, NumMessages: true})
	must(t, err)
	return int(*data.NumMessages - *data.NumUnseen)
}

func TestIMAP(t *testing.T) {
	for _, startTLS := range []bool{false, true} {
		for _, caps := range [][]imap.Cap{nil, {imap.CapIMAP4rev2}} {
			t.Run(fmt.Sprint(startTLS, caps), func(t *testing.T) {
				s := newServer(t, startTLS, caps...)
				s.add(t, other("Klacht", ""), "2026-11-25 09:00:00") // dragged in first, came in last
				s.add(t, jolanda("1@klant.example", "Klacht", ""), "2026-11-20 15:40:12")
				s.add(t, jolanda("2@klant.example", "Re: Klacht", "In-Reply-To: <1@klant.example>\n"), "2026-11-20 23:30:00")
				reg := newRegister(t)
				src := s.source(startTLS)
				wantTold(t, fetch(t, src, reg), `1 2 complaint 2026-0001 received 2026-11-20 open
1 3 reply 2026-0001 replied 2026-11-20 open
1 1 complaint 2026-0002 received 2026-11-20 open
`)
				if n := flags(t, s.user); n != 0 {
					t.Errorf("%d mails count as seen", n)
				}
				s.add(t, jolanda("3@klant.example", "Nog een", ""), "2026-12-01 10:00:00")
				wantTold(t, fetch(t, src, reg), "1 4 complaint 2026-0003 received 2026-11-20 open\n")
				wantTold(t, fetch(t, src, reg), "")
			})
		}
	}
}

func TestIMAPSetsAFlagOnlyIfAsked(t *testing.T) {
	s := newServer(t, false)
	for i := range 3 {
		s.add(t, jolanda(fmt.Sprint(i, "@klant.example"), "Klacht", ""), "2026-11-20 15:40:12")
	}
	s.add(t, "Subject: van niemand\n\nx\n", "2026-11-21 10:00:00")
	reg := newRegister(t)
	fetch(t, s.source(false), reg)
	if n := flags(t, s.user); n != 0 {
		t.Errorf("%d flags", n)
	}
	src := s.source(false)
	src.Flag = `\Seen`
	fetch(t, src, reg)                 // they are dealt with, and get their flag now
	if n := flags(t, s.user); n != 4 { // what waits for a decision stands in the summary
		t.Errorf("%d flags", n)
	}
}

func TestIMAPWith2000MailsAndALargeOne(t *testing.T) {
	s := newServer(t, false)
	for i := range 2000 {
		s.add(t, other("x", fmt.Sprintf("Precedence: bulk\nX-Nr: %d\n", i)), "2026-11-20 15:40:12")
	}
	s.add(t, jolanda("g@klant.example", "Groot", "")+strings.Repeat("te laat\n", 25<<17), "2026-11-21 10:00:00")
	s.add(t, jolanda("h@klant.example", "Te groot", "")+strings.Repeat("te laat\n", store.MaxMail/8), "2026-11-22 10:00:00")
	n, progress := 0, int64(0)
	for it, err := range s.source(false).Items(t.Context(), func(string) bool { return false }) {
		must(t, err)
		n++
		switch n {
		case 2001:
			if len(it.Raw) < 25<<20 || it.Err != nil {
				t.Errorf("%d bytes, error %v", len(it.Raw), it.Err)
			}
		case 2002:
			if it.Raw != nil || it.Err == nil || it.Err.Error() != "the mail is larger than 40 MB" {
				t.Errorf("%d bytes, error %v", len(it.Raw), it.Err)
			}
		}
		progress = it.Done
		if it.Total != 2002 {
			t.Fatal(it.Total)
		}
	}
	if n != 2002 || progress != 2002 {
		t.Errorf("%d mails, %d", n, progress)
	}
}

func TestIMAPReaderThatWantsNoMore(t *testing.T) {
	s := newServer(t, false)
	for range 10 {
		s.add(t, strings.Repeat("x: y\n", 100_000)+"\n", "2026-11-20 15:40:12")
	}
	start := time.Now()
	for range s.source(false).Items(t.Context(), func(string) bool { return false }) {
		break
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}

// A reader may take longer over a mail than the server has for an answer.
func TestIMAPWaitsForTheReader(t *testing.T) {
	s := newServer(t, false)
	for i := range 3 {
		s.add(t, jolanda(fmt.Sprint(i), "x", ""), "2026-11-20 15:40:12")
	}
	src := s.source(false)
	src.Limits.Answer = 300 * time.Millisecond
	n := 0
	for _, err := range src.Items(t.Context(), func(string) bool { return false }) {
		must(t, err)
		n++
		time.Sleep(500 * time.Millisecond)
	}
	if n != 3 {
		t.Error(n)
	}
}

func failure(t testing.TB, src inbox.Source) error {
	t.Helper()
	start := time.Now()
	var last error
	for it, err := range src.Items(t.Context(), func(string) bool { return false }) {
		if last = err; err == nil {
			t.Errorf("got %s", it.Name)
		}
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
	if last == nil {
		t.Fatal("no error")
	}
	if strings.Contains(last.Error(), secret) {
		t.Error("the password is in the error")
	}
	return last
}

func TestIMAPThatRefuses(t *testing.T) {
	s := newServer(t, false)
	src := s.source(false)
	src.Password = func(context.Context) (string, error) { return "mis", nil }
	if err := failure(t, src); !strings.HasPrefix(err.Error(), "localhost:"+s.port+" does not accept the user name with this password: ") {
		t.Error(err)
	}
	no := errors.New("no password")
	src.Password = func(context.Context) (string, error) { return "", no }
	if err := failure(t, src); err.Error() != "there is no password for mok@mok.example: no password" {
		t.Error(err)
	}
	src = s.source(false)
	src.Folder = "Klachten/Weg"
	err := failure(t, src)
	said, _ := casefile.HintOf(err)
	hint := said.String()
	if err.Error() != `there is no folder "Klachten/Weg" in the mailbox` || hint != "its folders are Klachten/Geïnd & zo" {
		t.Errorf("%v, hint %s", err, hint)
	}
}

func TestIMAPCertificates(t *testing.T) {
	foreign, _ := certificate(t, tomorrow(), "localhost")
	old, oldRoots := certificate(t, time.Now().Add(-time.Hour), "localhost")
	wrong, wrongRoots := certificate(t, tomorrow(), "elders.example")
	_, none := certificate(t, tomorrow(), "x")
	for _, tt := range []struct {
		cert  tls.Certificate
		roots *x509.CertPool
		want  string
	}{
		{foreign, none, "it was not issued by anyone that this machine trusts"},
		{old, oldRoots, "it has expired, or is not valid yet"},
		{wrong, wrongRoots, "it is for another server"},
	} {
		for _, startTLS := range []bool{false, true} {
			asked := make(chan string, 10)
			port := listen(t, func(c net.Conn) {
				if startTLS {
					_, _ = io.WriteString(c, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hallo\r\n")
					b := make([]byte, 100)
					n, _ := c.Read(b)
					tag, _, _ := strings.Cut(string(b[:n]), " ")
					_, _ = io.WriteString(c, tag+" OK begin\r\n")
				}
				s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{tt.cert}})
				if s.Handshake() == nil {
					b := make([]byte, 100)
					n, _ := s.Read(b)
					asked <- string(b[:n])
				}
			})
			src := &inbox.IMAP{Server: account(port, "mok", startTLS, tt.roots, time.Second), Folder: "INBOX"}
			if err := failure(t, src); !strings.HasSuffix(err.Error(), " is not to be trusted: "+tt.want) {
				t.Errorf("STARTTLS %v: %v", startTLS, err)
			}
			select {
			case said := <-asked:
				if said != "" {
					t.Errorf("said %q", said)
				}
			default:
			}
		}
	}
}
