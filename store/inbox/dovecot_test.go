//go:build mail

package inbox_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"
)

// dovecot is a Dovecot of the test's own, on loopback, with a Maildir that it
// serves.
type dovecot struct {
	tls, plain string // ports
	mail       string // the Maildir
	roots      *x509.CertPool
	owner      int // of the mails; 0 is who runs the test
}

// give gives what is at the path to the owner of the mails.
func (d *dovecot) give(t *testing.T, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if d.owner != 0 {
			must(t, os.Chown(p, d.owner, d.owner))
		}
	}
}

const dovecotConf = `
base_dir = DIR/run
state_dir = DIR/run
log_path = DIR/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u DIR/users
}
userdb {
  driver = static
  args = uid=UID gid=GID home=DIR/home
}
mail_location = maildir:DIR/mail
first_valid_uid = 0
first_valid_gid = 0
mail_access_groups =
RIGHTS
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = PLAIN
  }
  inet_listener imaps {
    port = TLS
    ssl = yes
  }
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
  separator = /
}
`

// startDovecot needs Debian's dovecot-imapd.
func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		if binary = "/usr/sbin/dovecot"; !exists(binary) {
			t.Skip("there is no Dovecot: apt-get install dovecot-imapd")
		}
	}
	dir, err := os.MkdirTemp("", "dc") // a socket's path must be short
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	cert, roots := certificate(t, tomorrow(), "localhost")
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	must(t, err)
	write := func(name string, data []byte) { must(t, os.WriteFile(filepath.Join(dir, name), data, 0o600)) }
	write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}))
	write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	write("users", []byte("mok@mok.example:{PLAIN}"+secret+"\n"))
	must(t, os.Chmod(filepath.Join(dir, "users"), 0o644)) // another user of Dovecot's reads it
	d := &dovecot{tls: freePort(t), plain: freePort(t), mail: filepath.Join(dir, "mail"), roots: roots}
	me, err := user.Current()
	must(t, err)
	group, err := user.LookupGroupId(me.Gid)
	must(t, err)
	rights := "default_internal_user = " + me.Username + "\ndefault_internal_group = " + group.Name + "\ndefault_login_user = " + me.Username
	if me.Uid == "0" { // then it wants the users that its package makes, and mails that are not root's
		rights, me.Uid, me.Gid = "", "65534", "65534"
		d.owner = 65534
	}
	write("dovecot.conf", []byte(strings.NewReplacer("DIR", dir, "UID", me.Uid, "GID", me.Gid, "RIGHTS", rights,
		"port = PLAIN", "port = "+d.plain, "port = TLS", "port = "+d.tls).Replace(dovecotConf)))
	var out bytes.Buffer
	cmd := exec.Command(binary, "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	cmd.Stdout, cmd.Stderr = &out, &out
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if log, err := os.ReadFile(filepath.Join(dir, "log")); err == nil && t.Failed() {
			t.Logf("%s%s", out.String(), log)
		}
	})
	for range 100 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+d.tls); err == nil {
			_ = c.Close()
			return d
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	t.Fatalf("Dovecot does not start: %s%s", out.String(), log)
	return nil
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

func (d *dovecot) source(startTLS bool, folder string) *inbox.IMAP {
	port := d.tls
	if startTLS {
		port = d.plain
	}
	return &inbox.IMAP{Host: "localhost:" + port, StartTLS: startTLS, User: "mok@mok.example", Folder: folder, Roots: d.roots,
		Timeout: 10 * time.Second, Password: func(context.Context, string) (string, error) { return secret, nil }}
}

// deliver puts a mail into a folder of Dovecot's, whose name is as it is on disk.
func (d *dovecot) deliver(t *testing.T, folder string, n int, mail, at string) {
	t.Helper()
	dir := filepath.Join(d.mail, folder)
	for _, sub := range []string{"cur", "new", "tmp"} {
		must(t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
		d.give(t, d.mail, dir, filepath.Join(dir, sub))
	}
	name := filepath.Join(dir, "new", fmt.Sprintf("%d.M%dP1.mok", 1795189211+n, n))
	must(t, os.WriteFile(name, []byte(mail), 0o600))
	must(t, os.Chtimes(name, utc(at), utc(at)))
	d.give(t, name)
}

// names returns those of the mails, which bear their flags.
func (d *dovecot) names(t *testing.T, folder string) string {
	t.Helper()
	var names []string
	for _, sub := range []string{"new", "cur"} {
		list, err := os.ReadDir(filepath.Join(d.mail, folder, sub))
		must(t, err)
		for _, e := range list {
			_, marks, _ := strings.Cut(e.Name(), ":")
			names = append(names, marks)
		}
	}
	return strings.Join(names, " ")
}

func TestDovecot(t *testing.T) {
	d := startDovecot(t)
	const folder, onDisk = "Klachten/Geïnd & zo", ".Klachten.Ge&AO8-nd &- zo"
	d.deliver(t, onDisk, 2, other("Klacht", ""), "2026-11-25 09:00:00")
	d.deliver(t, onDisk, 1, jolanda("1@klant.example", "Klacht", ""), "2026-11-20 15:40:12")
	d.deliver(t, onDisk, 3, strings.Replace(jolanda("2@klant.example", "Re: Klacht", "In-Reply-To: <1@klant.example>\n"), stamp, "", 1), "2026-11-26 23:30:00")
	for _, startTLS := range []bool{false, true} {
		t.Run(fmt.Sprint("STARTTLS ", startTLS), func(t *testing.T) {
			reg := newRegister(t)
			src := d.source(startTLS, folder)
			results := fetch(t, src, reg)
			if len(results) != 3 || results[0].Mail.Email != "jolanda@klant.example" {
				t.Fatalf("told %s", told(results))
			}
			if r := results[2]; r.Kind != inbox.Reply || r.ID != "2026-0001" || r.At.String() != "2026-11-27T00:30:00+01:00" {
				t.Errorf("told %s at %s", told(results), r.At) // in the night, by the server's own time
			}
			if marks := strings.ReplaceAll(d.names(t, onDisk), "2,", ""); strings.TrimSpace(marks) != "" {
				t.Errorf("marked %q", marks)
			}
			wantTold(t, fetch(t, src, reg), "")
		})
	}
	t.Run("a flag", func(t *testing.T) {
		src := d.source(false, folder)
		src.Flag = `\Flagged`
		fetch(t, src, newRegister(t))
		if marks := d.names(t, onDisk); strings.Count(marks, "F") != 3 || strings.Contains(marks, "S") {
			t.Errorf("marked %q", marks)
		}
		src.Flag = "$Klacht"
		fetch(t, src, newRegister(t))
		if marks := d.names(t, onDisk); strings.Count(marks, "a") != 3 {
			t.Errorf("marked %q", marks)
		}
	})
	t.Run("a foreign certificate", func(t *testing.T) {
		_, src := certificate(t, tomorrow(), "x")
		for _, startTLS := range []bool{false, true} {
			s := d.source(startTLS, folder)
			s.Roots = src
			if err := failure(t, s); !strings.Contains(err.Error(), "cannot be trusted") {
				t.Error(err)
			}
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if err := failure(t, d.source(false, "Klachten/Weg")); !strings.HasPrefix(err.Error(), "there is no folder") {
			t.Error(err)
		}
	})
	// last: Dovecot makes who was wrong wait
	t.Run("a wrong password", func(t *testing.T) {
		src := d.source(false, folder)
		src.Password = func(context.Context, string) (string, error) { return "mis", nil }
		if err := failure(t, src); !strings.Contains(err.Error(), "refuses to let mok@mok.example in") {
			t.Error(err)
		}
	})
}

func TestDovecotWith2000MailsAndALargeOne(t *testing.T) {
	d := startDovecot(t)
	for i := range 2000 {
		d.deliver(t, "", i, other("x", fmt.Sprintf("Precedence: bulk\nX-Nr: %d\n", i)), "2026-11-20 15:40:12")
	}
	d.deliver(t, "", 2000, jolanda("g@klant.example", "Groot", "")+strings.Repeat("te laat\n", 25<<17), "2026-11-21 10:00:00")
	d.deliver(t, "", 2001, "Subject: be\xebindigd\nFrom: zo\xeb <zoe@klant.example>\n\nGe\xefrriteerd\n", "2026-11-22 10:00:00")
	reg := newRegister(t)
	start := time.Now()
	results := fetch(t, d.source(false, "INBOX"), reg)
	first := time.Since(start)
	if len(results) != 2002 {
		t.Fatalf("%d results", len(results))
	}
	if got := told(results[2000:]); strings.Count(got, "complaint") != 2 || strings.Contains(got, "error") {
		t.Errorf("told %s", got)
	}
	start = time.Now()
	wantTold(t, fetch(t, d.source(false, "INBOX"), reg), "")
	t.Logf("%v, and once more in %v", first, time.Since(start))
}
