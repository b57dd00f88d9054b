//go:build mail

package outbox

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// postfix is a Postfix of the test's own, on loopback, with a Dovecot that knows
// its passwords. It delivers mail for jolanda@voorbeeld.example to a Maildir, and
// takes no other. (Debian 12's OpenSMTPD cannot shake hands with any key.)
type postfix struct {
	direct, start int // ports: TLS, and STARTTLS
	dir, mail     string
	roots         *x509.CertPool
}

const mainCF = `compatibility_level = 3.6
queue_directory = DIR/spool
data_directory = DIR/data
daemon_directory = /usr/lib/postfix/sbin
maillog_file = DIR/log
maillog_file_prefixes = DIR
myhostname = mail.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks =
alias_maps =
virtual_mailbox_domains = voorbeeld.example
virtual_mailbox_maps = texthash:DIR/boxes
virtual_mailbox_base = DIR
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_recipient_restrictions = reject_unauth_destination, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_tls_cert_file = DIR/cert.pem
smtpd_tls_key_file = DIR/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
`

const masterCF = `127.0.0.1:DIRECT inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:START inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

const authConf = `base_dir = DIR/run
state_dir = DIR/run
log_path = DIR/dovecot.log
protocols =
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u DIR/users
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}
service auth {
  unix_listener DIR/spool/private/auth {
    mode = 0666
  }
}
service anvil {
  chroot =
}
`

// startPostfix needs Debian's postfix and dovecot-core, and root.
func startPostfix(t *testing.T, until time.Time) *postfix {
	t.Helper()
	for _, program := range []string{"postfix", "dovecot"} {
		if _, err := exec.LookPath(program); err != nil || os.Getuid() != 0 {
			t.Skip("needs postfix and dovecot, and root")
		}
	}
	dir, err := os.MkdirTemp("", "postfix") // every folder above it lets its users through
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	ca := newIssuer(t)
	cert := ca.issue(t, "127.0.0.1", until)
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	must(t, err)
	p := &postfix{direct: freePort(t), start: freePort(t), dir: dir, mail: filepath.Join(dir, "mail"), roots: x509.NewCertPool()}
	p.roots.AddCert(ca.cert)
	fill := strings.NewReplacer("DIRECT", fmt.Sprint(p.direct), "START", fmt.Sprint(p.start), "DIR", dir)
	for name, text := range map[string]string{
		"cert.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})),
		"key.pem":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"main.cf":  fill.Replace(mainCF), "master.cf": fill.Replace(masterCF), "dovecot.conf": fill.Replace(authConf),
		"boxes": complainant + " mail/\n", "users": "mok:" + secret + "\n",
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	owner, err := user.Lookup("postfix")
	must(t, err)
	uid, err := strconv.Atoi(owner.Uid)
	must(t, err)
	for name, who := range map[string]int{"data": uid, "mail": 65534, "spool": 0, "run": 0} {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		must(t, os.Chown(filepath.Join(dir, name), who, 0))
	}
	p.run(t, "postfix", "-c", dir, "check") // makes the folders of its spool
	p.run(t, "postfix", "-c", dir, "start")
	t.Cleanup(func() { p.run(t, "postfix", "-c", dir, "stop") })
	p.run(t, "dovecot", "-c", filepath.Join(dir, "dovecot.conf"))
	t.Cleanup(func() { p.run(t, "doveadm", "-c", filepath.Join(dir, "dovecot.conf"), "stop") })
	t.Cleanup(func() {
		if t.Failed() {
			for _, name := range []string{"log", "dovecot.log"} {
				log, _ := os.ReadFile(filepath.Join(dir, name))
				t.Logf("%s", log)
			}
		}
	})
	for range 100 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.start)); err == nil {
			_ = c.Close()
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("postfix does not start")
	return nil
}

func (p *postfix) run(t *testing.T, command ...string) {
	t.Helper()
	out, err := os.Create(filepath.Join(p.dir, "out")) // a pipe would be kept open by what it starts
	must(t, err)
	defer out.Close()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Errorf("%s: %v\n%s", command, err, said)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// at returns a way to send through the server.
func (s *postfix) at(mode, password string) *SMTP {
	port := map[string]int{TLSDirect: s.direct, TLSStart: s.start}[mode]
	return &SMTP{Server{Host: "127.0.0.1", Port: port, TLS: mode, User: "mok", roots: s.roots,
		Password: func(context.Context) (string, error) { return password, nil }}}
}

// arrived returns the mails in the Maildir, when there are at least n.
func (s *postfix) arrived(t *testing.T, n int) []string {
	t.Helper()
	var mails []string
	for range 100 {
		names, _ := filepath.Glob(filepath.Join(s.mail, "new", "*"))
		if len(names) >= n {
			for _, name := range names {
				data, err := os.ReadFile(name)
				must(t, err)
				mails = append(mails, string(data))
			}
			return mails
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("only %d of %d mails arrived", len(mails), n)
	return nil
}

func TestRealServer(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	for i, mode := range []string{TLSDirect, TLSStart} {
		r := newReg(t)
		o := New(r, s.at(mode, secret))
		l := enqueue(t, o)
		sent, err := r.LetterMail(l)
		must(t, err)
		_, err = deliver(t, o, l.Name)
		must(t, err)
		wantRecorded(t, r, later, string(sent))
		mails := s.arrived(t, i+1)
		found := false
		for _, m := range mails { // what the server puts in front is its own
			found = found || strings.HasSuffix(m, strings.ReplaceAll(string(sent), "\r\n", "\n"))
		}
		if !found {
			t.Errorf("%s: did not arrive as it was sent:\n%s", mode, mails)
		}
	}
}

func TestRealServerRefuses(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	send := func(via *SMTP, to string) error {
		return via.Send(context.Background(), "klacht@mok.example", []string{to}, []byte(theRaw))
	}
	for _, mode := range []string{TLSDirect, TLSStart} {
		checkFailure(t, send(s.at(mode, "verkeerd"), complainant), LoginRefused, "")
		checkFailure(t, send(s.at(mode, secret), "iemand@elders.example"), ToRefused, "")
		checkFailure(t, send(s.at(mode, secret), "niemand@voorbeeld.example"), ToRefused, "")
		foreign := s.at(mode, secret)
		foreign.roots = nil
		checkFailure(t, send(foreign, complainant), Certificate, "it was not issued by anyone that this machine trusts")
		other := s.at(mode, secret)
		other.Host = "localhost"
		checkFailure(t, send(other, complainant), Certificate, "it is for another server")
	}
	swapped := s.at(TLSDirect, secret)
	swapped.Port = s.start
	checkFailure(t, send(swapped, complainant), NoEncryption, "it does not speak TLS here")
	if mails, _ := filepath.Glob(filepath.Join(s.mail, "new", "*")); len(mails) > 0 {
		t.Errorf("arrived: %v", mails)
	}
}

func TestRealServerExpired(t *testing.T) {
	s := startPostfix(t, time.Now().Add(-time.Hour))
	for _, mode := range []string{TLSDirect, TLSStart} {
		err := s.at(mode, secret).Send(context.Background(), "klacht@mok.example", []string{complainant}, []byte(theRaw))
		checkFailure(t, err, Certificate, "it has expired, or is not valid yet")
	}
}

func TestRealCommand(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	r := newReg(t)
	o := New(r, &Sendmail{Command: []string{"sendmail", "-C", s.dir, "-t", "-i"}})
	l := enqueue(t, o)
	sent, err := r.LetterMail(l)
	must(t, err)
	_, err = deliver(t, o, l.Name)
	must(t, err)
	wantRecorded(t, r, later, string(sent))
	if m := s.arrived(t, 1)[0]; !strings.Contains(m, "\nTo: Jolanda de Wit <"+complainant+">\n") || !strings.HasSuffix(m, "Je klacht is binnen.\n") {
		t.Errorf("%s", m)
	}
}
