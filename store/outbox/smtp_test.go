package outbox

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store/wire"
)

// issuer signs the certificates of the tests.
type issuer struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return &issuer{key, cert}
}

func (i *issuer) issue(t testing.TB, host string, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: until}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, i.cert, &key.PublicKey, i.key)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// fake is a mail server for one connection, that goes wrong where it is told to.
type fake struct {
	t        testing.TB
	mode     string // how it is encrypted
	cert     tls.Certificate
	auth     string            // the ways to log in that it offers
	say      map[string]string // its answer to a command instead of yes; "HANG" and "DROP" are none
	noTLS    bool              // does not offer STARTTLS
	port     int
	accepted [][]byte // the mails it has taken
	commands []string
	done     chan struct{}
}

func (f *fake) start() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(f.t, err)
	f.port = l.Addr().(*net.TCPAddr).Port
	f.done = make(chan struct{})
	go func() {
		defer close(f.done)
		conn, err := l.Accept()
		_ = l.Close()
		if err != nil {
			return
		}
		defer conn.Close()
		if f.mode == wire.TLSDirect {
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{f.cert}})
		}
		f.serve(conn)
	}()
	f.t.Cleanup(func() { _ = l.Close(); <-f.done })
}

func (f *fake) serve(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	in := bufio.NewReader(conn)
	reply := func(command, yes string) bool {
		if s, ok := f.say[command]; ok {
			yes = s
		}
		switch yes {
		case "HANG":
			time.Sleep(600 * time.Millisecond)
			return false
		case "DROP":
			return false
		}
		_, err := conn.Write([]byte(yes + "\r\n"))
		return err == nil
	}
	if !reply("GREETING", "220 fake") {
		return
	}
	encrypted := f.mode == wire.TLSDirect
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		f.commands = append(f.commands, line)
		command, rest, _ := strings.Cut(line, " ")
		ok := true
		switch command = strings.ToUpper(command); command {
		case "EHLO":
			s := "250-fake\r\n250-8BITMIME\r\n250-SMTPUTF8"
			if f.mode == wire.TLSStart && !encrypted && !f.noTLS {
				s += "\r\n250-STARTTLS"
			}
			if f.auth != "" && (encrypted || f.mode == wire.TLSNone) {
				s += "\r\n250-AUTH " + f.auth
			}
			ok = reply(command, s+"\r\n250 SIZE 1000000")
		case "STARTTLS":
			ok = reply(command, "220 go")
			secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{f.cert}})
			if ok && secure.Handshake() == nil {
				conn, in, encrypted = secure, bufio.NewReader(secure), true
			}
		case "AUTH":
			if rest == "LOGIN" {
				_ = reply("", "334 VXNlcm5hbWU6")
				user, _ := in.ReadString('\n')
				_ = reply("", "334 UGFzc3dvcmQ6")
				pass, _ := in.ReadString('\n')
				f.commands = append(f.commands, strings.TrimSpace(user), strings.TrimSpace(pass))
			}
			ok = reply(command, "235 in")
		case "DATA":
			if ok = reply(command, "354 go"); !ok || f.say[command] != "" {
				break
			}
			var mail bytes.Buffer
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if f.say["BODY"] == "DROP" {
					return
				}
				if line == ".\r\n" {
					break
				}
				mail.WriteString(strings.TrimPrefix(line, "."))
			}
			if !strings.HasPrefix(f.say["DOT"], "4") && !strings.HasPrefix(f.say["DOT"], "5") {
				f.accepted = append(f.accepted, mail.Bytes())
			}
			ok = reply("DOT", "250 taken")
		case "QUIT":
			_ = reply(command, "221 bye")
			return
		default:
			ok = reply(command, "250 ok")
		}
		if !ok {
			return
		}
	}
}

const secret = "geheim-Wachtwoord-4711"

// theRaw has all that could go wrong with bytes: dots, and a last line without text.
const theRaw = "Message-ID: <1@mok.example>\r\nTo: jolanda@voorbeeld.example\r\n\r\n.\r\n..x\r\nHallo =\r\n\r\n"

func TestSMTP(t *testing.T) {
	ca := newIssuer(t)
	good := ca.issue(t, "127.0.0.1", time.Now().Add(time.Hour))
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	for _, c := range []struct {
		name string
		fake fake
		kind wire.Kind // "" if it is sent
		want string
		sent int
	}{
		{name: "STARTTLS", fake: fake{mode: wire.TLSStart, cert: good, auth: "LOGIN PLAIN"}, sent: 1},
		{name: "TLS", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN"}, sent: 1},
		{name: "LOGIN", fake: fake{mode: wire.TLSDirect, cert: good, auth: "LOGIN"}, sent: 1},
		{name: "this machine", fake: fake{mode: wire.TLSNone, auth: "PLAIN"}, sent: 1},
		{name: "an unusual yes", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "251 ja"}}, sent: 1},
		{name: "no answer to QUIT", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"QUIT": "HANG"}}, sent: 1},

		{name: "no greeting", fake: fake{mode: wire.TLSStart, say: map[string]string{"GREETING": "HANG"}}, kind: wire.Unreachable, want: "no answer in time"},
		{name: "not now", fake: fake{mode: wire.TLSStart, say: map[string]string{"GREETING": "421 druk"}}, kind: wire.Busy, want: "421 druk"},
		{name: "not ever", fake: fake{mode: wire.TLSStart, say: map[string]string{"GREETING": "554 weg"}}, kind: wire.Unreachable, want: "554 weg"},
		{name: "no STARTTLS", fake: fake{mode: wire.TLSStart, noTLS: true}, kind: wire.NoEncryption, want: "STARTTLS is not offered"},
		{name: "STARTTLS refused", fake: fake{mode: wire.TLSStart, cert: good, say: map[string]string{"STARTTLS": "454 nu niet"}}, kind: wire.NoEncryption, want: "454 nu niet"},
		{name: "another server", fake: fake{mode: wire.TLSStart, cert: ca.issue(t, "elders.example", time.Now().Add(time.Hour))}, kind: wire.Certificate, want: "it is for another server"},
		{name: "expired", fake: fake{mode: wire.TLSDirect, cert: ca.issue(t, "127.0.0.1", time.Now().Add(-time.Hour))}, kind: wire.Certificate, want: "it has expired, or is not valid yet"},
		{name: "foreign", fake: fake{mode: wire.TLSStart, cert: newIssuer(t).issue(t, "127.0.0.1", time.Now().Add(time.Hour))}, kind: wire.Certificate, want: "it was not issued by anyone that this machine trusts"},
		{name: "wrong password", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"AUTH": "535 5.7.8 fout: " + secret + " " +
			base64.StdEncoding.EncodeToString([]byte("\x00mok\x00"+secret))}}, kind: wire.LoginRefused, want: "535 5.7.8 fout: *** ***"},
		{name: "login later", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"AUTH": "454 straks"}}, kind: wire.Busy, want: "454 straks"},
		{name: "no login", fake: fake{mode: wire.TLSDirect, cert: good}, kind: wire.NoLogin},
		{name: "OAuth alone", fake: fake{mode: wire.TLSDirect, cert: good, auth: "XOAUTH2 OAUTHBEARER"}, kind: wire.NoLogin, want: "it wants OAuth"},
		{name: "strange login", fake: fake{mode: wire.TLSDirect, cert: good, auth: "GSSAPI"}, kind: wire.NoLogin},
		{name: "sender refused", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"MAIL": "553 niet van jou"}}, kind: FromRefused, want: "553 niet van jou"},
		{name: "recipient refused", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"RCPT": "550 onbekend"}}, kind: ToRefused, want: "550 onbekend"},
		{name: "recipient later", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"RCPT": "451 straks"}}, kind: wire.Busy, want: "451 straks"},
		{name: "DATA refused", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DATA": "554 nee"}}, kind: LetterRefused, want: "554 nee"},
		{name: "hangs at MAIL", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"MAIL": "HANG"}}, kind: wire.Lost, want: "no answer in time"},
		{name: "hangs at DATA", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DATA": "HANG"}}, kind: wire.Lost, want: "no answer in time"},
		{name: "closes at RCPT", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"RCPT": "DROP"}}, kind: wire.Lost, want: "the server closed the connection"},
		{name: "letter refused", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "552 te groot"}}, kind: LetterRefused, want: "552 te groot"},
		{name: "letter later", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "452 vol"}}, kind: wire.Busy, want: "452 vol"},
		{name: "closes after the dot", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "DROP"}}, kind: NoAnswer, want: "the server closed the connection", sent: 1},
		{name: "hangs after the dot", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "HANG"}}, kind: NoAnswer, want: "no answer in time", sent: 1},
		{name: "nonsense after the dot", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "hoi"}}, kind: NoAnswer, sent: 1},
		{name: "neither yes nor no", fake: fake{mode: wire.TLSDirect, cert: good, auth: "PLAIN", say: map[string]string{"DOT": "354 ga door"}}, kind: NoAnswer, sent: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &c.fake
			f.t = t
			f.start()
			s := &SMTP{wire.Server{Host: "127.0.0.1", Port: f.port, TLS: f.mode, User: "mok", Roots: pool,
				Password: func(context.Context) (string, error) { return secret, nil },
				Limits:   &wire.Limits{Dial: 300 * time.Millisecond, Answer: 300 * time.Millisecond, Body: 300 * time.Millisecond, Quit: 100 * time.Millisecond}}}
			err := s.Send(context.Background(), "klacht@mok.example", []string{complainant}, []byte(theRaw))
			<-f.done
			checkFailure(t, err, c.kind, c.want)
			if len(f.accepted) != c.sent || c.sent > 0 && string(f.accepted[0]) != theRaw {
				t.Errorf("accepted %d: %q", len(f.accepted), f.accepted)
			}
			for _, line := range f.commands {
				if strings.Contains(line, "SMTPUTF8") || strings.HasPrefix(line, "EHLO") && line != "EHLO [127.0.0.1]" {
					t.Errorf("said %q", line)
				}
			}
			if c.kind == "" && (!strings.Contains(strings.Join(f.commands, "\n"), "MAIL FROM:<klacht@mok.example>") ||
				!strings.Contains(strings.Join(f.commands, "\n"), "RCPT TO:<"+complainant+">")) {
				t.Errorf("%q", f.commands)
			}
		})
	}
}

// checkFailure makes sure that an error is a failure of the kind, and says no
// more than it should.
func checkFailure(t testing.TB, err error, kind wire.Kind, said string) {
	t.Helper()
	if kind == "" {
		if err != nil {
			t.Errorf("not sent: %v", err)
		}
		return
	}
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("no failure: %v", err)
	}
	if f.Kind != kind || said != "" && f.Said != said {
		t.Errorf("%s: %q, want %s: %q", f.Kind, f.Said, kind, said)
	}
	if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "Hallo") {
		t.Errorf("says too much: %v", err)
	}
	if hint, ok := casefile.HintOf(err); !ok {
		t.Errorf("no hint with %v: %s", err, hint)
	}
}

// A server that stops reading, or that closes while it reads, has no letter.
func TestSMTPClosesHalfway(t *testing.T) {
	ca := newIssuer(t)
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	f := &fake{t: t, mode: wire.TLSDirect, cert: ca.issue(t, "127.0.0.1", time.Now().Add(time.Hour)), say: map[string]string{"BODY": "DROP"}}
	f.start()
	s := &SMTP{wire.Server{Host: "127.0.0.1", Port: f.port, TLS: f.mode, Roots: pool}}
	large := []byte(theRaw + strings.Repeat("x\r\n", 8<<20))
	err := s.Send(context.Background(), "klacht@mok.example", []string{complainant}, large)
	var failed *Failure
	if !errors.As(err, &failed) || failed.Kind != wire.Lost {
		t.Errorf("%v", err)
	}
}

func TestSMTPNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	err = (&SMTP{wire.Server{Host: "127.0.0.1", Port: port, TLS: wire.TLSStart}}).Send(context.Background(), "a@b.example", []string{"c@d.example"}, []byte(theRaw))
	checkFailure(t, err, wire.Unreachable, "")
	err = (&SMTP{wire.Server{Host: "mail.invalid", Port: 25, TLS: wire.TLSNone}}).Send(context.Background(), "a@b.example", []string{"c@d.example"}, []byte(theRaw))
	checkFailure(t, err, wire.NoEncryption, "tls: none is for this machine alone")
}

func TestSMTPGivenUp(t *testing.T) {
	f := &fake{t: t, mode: wire.TLSNone, say: map[string]string{"RCPT": "HANG"}}
	f.start()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	begin := time.Now()
	err := (&SMTP{wire.Server{Host: "127.0.0.1", Port: f.port, TLS: wire.TLSNone}}).Send(ctx, "a@b.example", []string{"c@d.example"}, []byte(theRaw))
	checkFailure(t, err, wire.Lost, "")
	if time.Since(begin) > time.Minute {
		t.Error("it did not give up")
	}
}

func TestSMTPThatDoesNotStopTalking(t *testing.T) {
	f := &fake{t: t, mode: wire.TLSNone, say: map[string]string{"GREETING": "220-" + strings.Repeat("bla ", 1<<20)}}
	f.start()
	err := (&SMTP{wire.Server{Host: "127.0.0.1", Port: f.port, TLS: wire.TLSNone}}).Send(context.Background(), "a@b.example", []string{"c@d.example"}, []byte(theRaw))
	checkFailure(t, err, wire.Unreachable, "the server does not stop talking")
}
