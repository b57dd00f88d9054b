package inbox_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"
	"klacht/store/wire"
)

// listen starts a server that does what do does with each connection.
func listen(t testing.TB, do func(net.Conn)) (port string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); do(c) }()
		}
	}()
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	return port
}

// Servers that hang, drip, break off or talk nonsense, at each point of the
// conversation.
func TestIMAPServersThatDoNotGoOn(t *testing.T) {
	cert, roots := certificate(t, tomorrow(), "localhost")
	greet := "* OK [CAPABILITY IMAP4rev1] hallo\r\n"
	// answers are what the server says to the first command, the second and so on; TAG is the tag of it
	full := []string{
		"TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* FLAGS ()\r\nTAG OK [READ-ONLY] open\r\n",
		"* SEARCH 5\r\nTAG OK gevonden\r\n",
		"* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"20-Nov-2026 16:40:11 +0100\" RFC822.SIZE 10)\r\nTAG OK klaar\r\n",
		"* 1 FETCH (UID 5 BODY[] {10}\r\nA: b\r\n\r\nxy)\r\nTAG OK klaar\r\n",
	}
	serve := func(greeting string, answers []string, after func(net.Conn)) string {
		return listen(t, func(raw net.Conn) {
			c := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{cert}})
			_, _ = io.WriteString(c, greeting)
			b := make([]byte, 4096)
			for _, a := range answers {
				n, err := c.Read(b)
				if err != nil {
					return
				}
				tag, _, _ := strings.Cut(string(b[:n]), " ")
				_, _ = io.WriteString(c, strings.ReplaceAll(a, "TAG", tag))
			}
			after(c)
		})
	}
	source := func(port string) *inbox.IMAP {
		src := &inbox.IMAP{Server: account(port, "mok", false, roots, 300*time.Millisecond), Folder: "INBOX"}
		src.Password = func(context.Context) (string, error) { return "x", nil } // which goes in one line
		return src
	}
	quiet := func(net.Conn) { time.Sleep(3 * time.Second) }
	drip := func(c net.Conn) {
		for range 100 {
			if _, err := io.WriteString(c, "* OK x\r\n"); err != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	gone := func(net.Conn) {}

	if got := listed(t, source(serve(greet, full, quiet))); got != "UID 5 \"A: b\\r\\n\\r\\nxy\" 2026-11-20T16:40:11\n" {
		t.Errorf("the server that goes on: %s", got)
	}
	for n := range len(full) {
		for name, after := range map[string]func(net.Conn){"hangs": quiet, "drips": drip, "breaks off": gone} {
			want := []string{"no answer in time"}
			if name == "breaks off" {
				want = []string{"the server closed the connection", "the connection was broken off"}
			}
			err := failure(t, source(serve(greet, full[:n], after)))
			if !slices.ContainsFunc(want, func(w string) bool { return strings.HasSuffix(err.Error(), w) }) {
				t.Errorf("%s after %d answers: %v", name, n, err)
			}
		}
	}
	half := append(append([]string{}, full[:4]...), "* 1 FETCH (UID 5 BODY[] {10}\r\nA: b")
	if err := failure(t, source(serve(greet, half, quiet))); !strings.HasSuffix(err.Error(), "no answer in time") {
		t.Errorf("half a mail: %v", err)
	}
	if err := failure(t, source(serve(greet, half, gone))); !strings.HasSuffix(err.Error(), "the server closed the connection") {
		t.Errorf("half a mail: %v", err)
	}
	for _, greeting := range []string{"* BYE vol\r\n", "geheim\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "* PREAUTH geheim\r\n* 1 FETCH (\r\n", strings.Repeat("x", 1<<20)} {
		if err := failure(t, source(serve(greeting, nil, gone))); strings.Contains(err.Error(), "geheim") {
			t.Errorf("%.20q: %v", greeting, err)
		}
	}
	refused := append(append([]string{}, full[:4]...), "TAG NO [UNAVAILABLE] kan niet\r\n")
	if got := listed(t, source(serve(greet, refused, quiet))); got != "UID 5 \"\" 2026-11-20T16:40:11 error: the server does not give this mail\n" {
		t.Errorf("a mail that the server does not give: %s", got)
	}
	port := listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "* OK no TLS here\r\n"); quiet(c) })
	if err := failure(t, source(port)); !strings.HasSuffix(err.Error(), "it does not speak TLS here") {
		t.Error(err)
	}
	for name, said := range map[string]string{"no STARTTLS": "TAG BAD wat?\r\n", "half an answer": "TAG OK begin\r", "PREAUTH": "* PREAUTH in\r\nTAG OK\r\n", "silence": ""} {
		port := listen(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hallo\r\n")
			b := make([]byte, 100)
			n, _ := c.Read(b)
			tag, _, _ := strings.Cut(string(b[:n]), " ")
			_, _ = io.WriteString(c, strings.ReplaceAll(said, "TAG", tag))
			time.Sleep(2 * time.Second)
		})
		src := source(port)
		src.TLS = wire.TLSStart
		t.Logf("%s: %v", name, failure(t, src))
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	_ = ln.Close()
	if err := failure(t, source(port)); !strings.HasSuffix(err.Error(), "cannot be reached: nothing answers there") {
		t.Error(err)
	}
}

// A server that takes no passwords gets none (RFC 9051, 6.2.3), and is told apart from one
// that refuses this one.
func TestNoPasswordGoesToAServerThatWantsOAuth(t *testing.T) {
	cert, roots := certificate(t, tomorrow(), "localhost")
	said := make(chan string, 1)
	port := listen(t, func(raw net.Conn) {
		c := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{cert}})
		_, _ = io.WriteString(c, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2] hallo\r\n")
		all, _ := io.ReadAll(c)
		said <- string(all)
	})
	src := &inbox.IMAP{Server: account(port, "mok", false, roots, time.Second), Folder: "INBOX"}
	for _, err := range src.Items(context.Background(), func(string) bool { return false }) {
		if err == nil || !strings.Contains(err.Error(), "takes no passwords: it wants OAuth") {
			t.Errorf("%v", err)
		}
	}
	if got := <-said; strings.Contains(got, secret) || strings.Contains(got, "LOGIN ") {
		t.Errorf("it was told %q", got)
	}
}
