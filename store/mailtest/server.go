//go:build mail

// Package mailtest starts real mail servers for tests: a Dovecot and a Postfix
// of the test's own, on loopback, that end with the test. [Start] is all there
// is to it.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Options say what servers a test needs.
type Options struct {
	Users   map[string]string // the password of each; who is called by an address gets mail for it
	SMTP    bool              // a Postfix too, which takes root
	Aliases map[string]string // addresses for which Postfix takes mail before it looks where that goes
	Until   time.Time         // the end of the certificate; zero is tomorrow
}

// Server is what was started. Its certificate is for "localhost" and no other.
type Server struct {
	Dir   string         // with the settings of Postfix, for its command sendmail
	Roots *x509.CertPool // that trust it
	CA    string         // the same, in a file

	IMAPS, IMAP         int // ports of Dovecot: with TLS, and with STARTTLS
	SMTPS, Submit, SMTP int // ports of Postfix: with TLS, with STARTTLS, and where others' servers bring mail

	t     testing.TB
	owner int // of the mails; 0 is who runs the test
}

// Start starts the servers. Where they are missing the test is skipped.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	binary := program(t, "dovecot")
	dir, err := os.MkdirTemp("", "mt") // a socket's path must be short, and every folder above it let all users through
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	s := &Server{Dir: dir, t: t, IMAPS: freePort(t), IMAP: freePort(t), SMTPS: freePort(t), Submit: freePort(t), SMTP: freePort(t)}
	s.certify(o.Until)
	me, err := user.Current()
	must(t, err)
	group, err := user.LookupGroupId(me.Gid)
	must(t, err)
	rights := "default_internal_user = " + me.Username + "\ndefault_internal_group = " + group.Name + "\ndefault_login_user = " + me.Username
	if me.Uid == "0" { // then Dovecot wants the users that its package makes, and mails that are not root's
		rights, me.Uid, me.Gid = "", "65534", "65534"
		s.owner = 65534
	}
	must(t, os.Mkdir(s.path("mail"), 0o755))
	s.give(s.path("mail"))
	var users, boxes strings.Builder
	var domains []string
	for name, password := range o.Users {
		fmt.Fprintf(&users, "%s:{PLAIN}%s\n", name, password)
		if _, domain, ok := strings.Cut(name, "@"); ok {
			fmt.Fprintf(&boxes, "%s mail/%s/\n", name, name)
			if !slices.Contains(domains, domain) {
				domains = append(domains, domain)
			}
		}
	}
	var aliases strings.Builder
	for from, to := range o.Aliases {
		fmt.Fprintf(&aliases, "%s %s\n", from, to)
	}
	fill := strings.NewReplacer("DIR", dir, "UID", me.Uid, "GID", me.Gid, "RIGHTS", rights, "DOMAINS", strings.Join(domains, " "),
		"PORT-IMAPS", fmt.Sprint(s.IMAPS), "PORT-IMAP", fmt.Sprint(s.IMAP),
		"PORT-SMTPS", fmt.Sprint(s.SMTPS), "PORT-SUBMIT", fmt.Sprint(s.Submit), "PORT-SMTP", fmt.Sprint(s.SMTP))
	conf := dovecotConf
	if o.SMTP {
		conf += authConf
		s.write("main.cf", fill.Replace(mainCF))
		s.write("master.cf", fill.Replace(masterCF))
		s.write("boxes", boxes.String())
		s.write("aliases", aliases.String())
		s.preparePostfix()
	}
	s.write("users", users.String())
	s.write("dovecot.conf", fill.Replace(conf))
	s.startDovecot(binary)
	if o.SMTP {
		s.startPostfix() // which looks for Dovecot's passwords at once, or else sleeps
	}
	return s
}

// program returns the path of a program of Debian's; the test is skipped where
// it is missing.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		t.Skip("there is no " + name + "; make test-mail installs it on Debian")
	}
	return path
}

func (s *Server) startDovecot(binary string) {
	s.t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(binary, "-F", "-c", s.path("dovecot.conf"))
	cmd.Stdout, cmd.Stderr = &out, &out
	must(s.t, cmd.Start())
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if s.t.Failed() {
			s.t.Logf("%s%s", out.String(), s.log("dovecot.log"))
		}
	})
	s.awaits(s.IMAPS, "dovecot.log")
}

func (s *Server) preparePostfix() {
	s.t.Helper()
	binary := program(s.t, "postfix")
	if os.Getuid() != 0 {
		s.t.Skip("postfix takes root")
	}
	owner, err := user.Lookup("postfix")
	must(s.t, err)
	for _, name := range []string{"data", "spool"} {
		must(s.t, os.Mkdir(s.path(name), 0o755))
	}
	s.run("chown", owner.Uid, s.path("data"))
	s.run(binary, "-c", s.Dir, "check") // makes the folders of its spool
}

func (s *Server) startPostfix() {
	s.t.Helper()
	binary := program(s.t, "postfix")
	s.run(binary, "-c", s.Dir, "start")
	s.t.Cleanup(func() {
		s.run(binary, "-c", s.Dir, "stop")
		if s.t.Failed() {
			s.t.Logf("%s", s.log("postfix.log"))
		}
	})
	s.awaits(s.Submit, "postfix.log")
}

// awaits waits until somebody listens at a port.
func (s *Server) awaits(port int, log string) {
	s.t.Helper()
	for range 200 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("the server does not start: %s", s.log(log))
}

func (s *Server) run(command ...string) {
	s.t.Helper()
	out, err := os.Create(s.path("out")) // a pipe would be kept open by what it starts
	must(s.t, err)
	defer out.Close()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		s.t.Errorf("%s: %v\n%s", command, err, s.log("out"))
	}
}

// certify makes a certificate that is its own authority.
func (s *Server) certify(until time.Time) {
	s.t.Helper()
	if until.IsZero() {
		until = time.Now().Add(24 * time.Hour)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(s.t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-48 * time.Hour),
		NotAfter: until, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(s.t, err)
	cert, err := x509.ParseCertificate(der)
	must(s.t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(s.t, err)
	s.Roots, s.CA = x509.NewCertPool(), s.path("cert.pem")
	s.Roots.AddCert(cert)
	s.write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	s.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

func (s *Server) path(name string) string { return filepath.Join(s.Dir, name) }

func (s *Server) write(name, text string) {
	s.t.Helper()
	must(s.t, os.WriteFile(s.path(name), []byte(text), 0o644)) // other users of the servers' read it
}

func (s *Server) log(name string) string {
	log, _ := os.ReadFile(s.path(name))
	return string(log)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
