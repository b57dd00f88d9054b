//go:build mail

package main

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store/mailtest"
)

const (
	ownerBox  = "klachten@webwerkoost.example"
	jolanda   = "jolanda@voorbeeld.example"
	movedAway = "verhuisd@voorbeeld.example" // the server takes mail for it, and finds out too late
)

// post is a firm with its mailbox at a real Postfix and a real Dovecot, and the
// program as it is built for use, with the real clock: the servers have no other.
type post struct {
	*site
	servers *mailtest.Server
	said    strings.Builder // what was typed and what came of it
}

const postConfig = `send: %s
smtp:
  host: localhost
  port: %d
  user: klachten@webwerkoost.example
  password_command: cat %s
imap:
  host: localhost
  port: %d
  user: klachten@webwerkoost.example
  password_command: cat %[3]s
  folder: INBOX
`

func newPost(t *testing.T) *post {
	t.Helper()
	const password = `wacht "wóórd"`
	servers := mailtest.Start(t, mailtest.Options{SMTP: true, Users: map[string]string{ownerBox: password, jolanda: "x"},
		Aliases: map[string]string{movedAway: "niemand@voorbeeld.example"}})
	s := newSite(t)
	home := filepath.Dir(s.dir)
	binary := filepath.Join(home, "klacht")
	build := exec.Command("go", "build", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.binary = binary
	s.env = append(s.env, "SSL_CERT_FILE="+servers.CA)
	p := &post{site: s, servers: servers}
	p.write("password", password+"\n")
	p.send("smtp")
	t.Cleanup(func() { t.Logf("as typed, and what came of it:\n\n%s", &p.said) })
	return p
}

// write writes a file beside the register.
func (p *post) write(name, text string) string {
	p.t.Helper()
	path := filepath.Join(filepath.Dir(p.dir), name)
	for _, err := range []error{os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)} {
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return path
}

// send writes config.yaml with this way for letters to leave.
func (p *post) send(way string) {
	p.t.Helper()
	password := filepath.Join(filepath.Dir(p.dir), "password")
	p.write("config/klacht/config.yaml", fmt.Sprintf(postConfig, way, p.servers.Submit, password, p.servers.IMAPS))
}

// types runs what a user types, and returns what is shown.
func (p *post) types(code int, args ...string) string {
	p.t.Helper()
	r := p.run("", args...)
	line := ""
	for _, a := range args {
		if strings.ContainsAny(a, " …'") {
			a = "'" + a + "'"
		}
		line += " " + a
	}
	fmt.Fprintf(&p.said, "$ klacht%s\n%s%s", line, r.out, r.err)
	if r.code != code {
		p.t.Fatalf("klacht %v: exit %d, want %d\n%s%s", args, r.code, code, r.out, r.err)
	}
	return r.out + r.err
}

// shows runs what a user types, and fails unless it shows these texts.
func (p *post) shows(code int, want []string, args ...string) {
	p.t.Helper()
	got := p.types(code, args...)
	for _, w := range want {
		if !strings.Contains(got, w) {
			p.t.Errorf("klacht %v does not say %q:\n%s", args, w, got)
		}
	}
}

// comes brings a mail to the owner's mailbox and waits until it is there.
func (p *post) comes(from, text string) {
	p.t.Helper()
	n := len(p.servers.Mails(ownerBox, "", 0))
	fmt.Fprintf(&p.said, "(a mail comes in: %s)\n", regexp.MustCompile(`(?m)^Subject: (.*)$`).FindStringSubmatch(strings.ReplaceAll(text, "\r", ""))[1])
	p.servers.Bring(from, ownerBox, text)
	p.servers.Mails(ownerBox, "", n+1)
}

// latest returns the mail in the complainant's mailbox whose text has the words.
func (p *post) latest(n int, words string) (string, *mail.Message) {
	p.t.Helper()
	for _, raw := range p.servers.Mails(jolanda, "", n) {
		if strings.Contains(raw, words) {
			m, err := mail.ReadMessage(strings.NewReader(raw))
			if err != nil {
				p.t.Fatal(err)
			}
			return raw, m
		}
	}
	p.t.Fatalf("no mail with %q has come to the complainant", words)
	return "", nil
}

// from makes a mail of the complainant, as mail programs write them.
func from(id, subject, headers, text string) string {
	return strings.ReplaceAll("Date: "+time.Now().Format(time.RFC1123Z)+"\nFrom: Jolanda de Wit <"+jolanda+">\nTo: "+ownerBox+
		"\nMessage-ID: <"+id+"@voorbeeld.example>\nSubject: "+subject+"\n"+headers+"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"+
		"Content-Transfer-Encoding: 8bit\n\n"+text+"\n", "\n", "\r\n")
}

// A complaint from its first mail to its closing, against real servers: what
// comes in by SMTP is fetched by IMAP, and each letter goes out by SMTP with
// STARTTLS and a login.
func TestAComplaintByRealMail(t *testing.T) {
	p := newPost(t)
	const first = "klacht-1"
	p.comes(jolanda, from(first, "Website drie weken te laat", "", "Beste Mok,\n\nDe website is drie weken te laat, en één pagina ontbreekt.\n\nJolanda"))
	p.shows(0, []string{"-0001: a new complaint of Jolanda de Wit <" + jolanda + ">, received on "}, "fetch")
	f := p.cases()[0]
	id := string(f.ID)
	p.shows(0, []string{id + ": receipt confirmed"}, "acknowledge", "1", "--yes")

	_, ack := p.latest(1, "ontvangen")
	want := map[string]string{"In-Reply-To": "<" + first + "@voorbeeld.example>", "References": "<" + first + "@voorbeeld.example>"}
	for name, value := range want {
		if got := ack.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if got := ack.Header.Get("Subject"); !strings.HasSuffix(got, "["+id+"]") || !strings.Contains(got, "Website drie weken te laat") {
		t.Errorf("Subject: %q", got)
	}
	if got := ack.Header.Get("From"); got != "Mok Verhagen <"+ownerBox+">" {
		t.Errorf("From: %q", got)
	}
	ackID := ack.Header.Get("Message-Id")

	p.comes("", from("afwezig-1", "Automatisch antwoord: Je klacht", "Auto-Submitted: auto-replied\nIn-Reply-To: "+ackID+"\n", "Ik ben er even niet."))
	p.shows(0, []string{"not registered, no person wrote it (Auto-Submitted)"}, "fetch")
	p.comes(jolanda, from("antwoord-1", "Re: Je klacht", "In-Reply-To: "+ackID+"\nReferences: <"+first+"@voorbeeld.example> "+ackID+"\n", "Dank je.\n\nJolanda"))
	p.shows(0, []string{id + ": a reply came in"}, "fetch")

	p.shows(0, []string{id + ": proposal made"}, "propose", "1", "--text", "Ik betaal je een derde terug: 640 euro.", "--yes")
	_, proposal := p.latest(2, "640 euro")
	if got := proposal.Header.Get("In-Reply-To"); got != "<antwoord-1@voorbeeld.example>" {
		t.Errorf("In-Reply-To: %q", got)
	}
	if got := proposal.Header.Get("References"); !strings.Contains(got, first) || !strings.Contains(got, ackID) || !strings.HasSuffix(got, "<antwoord-1@voorbeeld.example>") {
		t.Errorf("References: %q", got)
	}

	// a letter to an address of which the server finds out later that nobody is there
	n := len(p.servers.Mails(ownerBox, "", 0))
	p.shows(0, []string{id + ": clarification asked"}, "clarify", "1", "--text", "Past dat?", "--to", movedAway, "--yes")
	p.servers.Mails(ownerBox, "", n+1)
	p.said.WriteString("(the server brings that letter back)\n")
	p.shows(0, []string{"! " + id + ": your letter "}, "fetch")

	p.shows(0, []string{id + ": closed: agreed"}, "close", "1", "--outcome", "agreed", "--text", "Ik betaal je 640 euro terug.", "--yes")
	p.latest(3, "Commissie van Kwaliteitshandhaving")
	if cases := p.cases(); len(cases) != 1 {
		t.Errorf("%d complaints", len(cases))
	}
	var again []struct{ ID, Kind, Step string }
	if err := json.Unmarshal([]byte(p.run("", "fetch", "--json").out), &again); err != nil {
		t.Error(err)
	}
	for _, a := range again {
		if a.Step != "" {
			t.Errorf("fetched once more: %v", a)
		}
	}
	p.shows(0, []string{id, "closed"}, "show", id)
	p.types(0, "check")
	p.sameAsOnTheServers(map[casefile.Step]int{casefile.Received: 1, casefile.Replied: 1, casefile.Acknowledged: 1, casefile.Proposed: 1, casefile.Closed: 1})
}

// sameAsOnTheServers compares the mails of the register with those of the
// servers, and counts the steps that have one. A mail that came in is, byte for
// byte, what Dovecot serves: what lies in its Maildir, with lines that end in
// CRLF. A letter of ours is the end of what lies in the complainant's mailbox:
// what Postfix puts before it, Return-Path and the like, is its own.
func (p *post) sameAsOnTheServers(want map[casefile.Step]int) {
	p.t.Helper()
	reg, f := p.open(), p.cases()[0]
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	got := map[casefile.Step]int{}
	for _, e := range f.Log {
		if e.Mail == "" {
			continue
		}
		data, err := reg.Mail(f, e.Mail)
		if err != nil {
			p.t.Fatal(err)
		}
		user, incoming := jolanda, e.Step == casefile.Received || e.Step == casefile.Replied
		if incoming {
			user = ownerBox
		}
		for _, raw := range p.servers.Mails(user, "", 0) {
			if incoming && crlf(raw) == string(data) || !incoming && strings.HasSuffix(crlf(raw), "\r\n"+string(data)) {
				got[e.Step]++
			}
		}
	}
	for step, n := range want {
		if got[step] != n {
			p.t.Errorf("%d of the mails of %q are as on the servers, want %d", got[step], step, n)
		}
	}
}

// With imap-drafts a letter lies among the drafts that the server names as
// such, once, marked as one; it counts when the owner says that it has left.
func TestADraftInARealMailbox(t *testing.T) {
	p := newPost(t)
	p.send("imap-drafts")
	p.comes(jolanda, from("klacht-1", "Website te laat", "", "De website is te laat."))
	p.types(0, "fetch")
	p.shows(0, []string{"lies among the drafts on localhost", "klacht sent "}, "acknowledge", "1", "--yes")
	const drafts = ".Concepten"
	mails := p.servers.Mails(ownerBox, drafts, 1)
	if flags := p.servers.Flags(ownerBox, drafts); len(mails) != 1 || !strings.Contains(flags, "D") {
		t.Errorf("%d drafts, with the flags %q", len(mails), flags)
	}
	p.types(0, "send")
	if mails := p.servers.Mails(ownerBox, drafts, 1); len(mails) != 1 {
		t.Errorf("%d drafts after it was sent again", len(mails))
	}
	if len(p.cases()[0].Log) != 1 {
		t.Error("recorded before it has left")
	}
	if mails := p.servers.Mails(jolanda, "", 0); len(mails) > 0 {
		t.Errorf("the draft has left: %q", mails)
	}
	p.shows(0, []string{": receipt confirmed"}, "sent", "1")
	f := p.cases()[0]
	data, err := p.open().Mail(f, f.Log[1].Mail)
	if err != nil {
		t.Fatal(err)
	}
	for _, draft := range mails {
		if strings.ReplaceAll(draft, "\n", "\r\n") != string(data) {
			t.Errorf("the draft:\n%s\nthe register:\n%s", draft, data)
		}
	}
	p.shows(0, []string{"No letter waits."}, "outbox")
}
