//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// silent returns the port of a mail server that goes as far as it is told, and
// then says no more, and a channel that tells when it has come so far.
func silent(t *testing.T, answers ...string) (port int, reached <-chan bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	there := make(chan bool, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		buf := make([]byte, 64<<10)
		for _, answer := range answers {
			_, _ = fmt.Fprintf(conn, "%s\r\n", answer)
			for got := ""; ; {
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				if got += string(buf[:n]); strings.HasSuffix(got, "\r\n") && (!strings.HasPrefix(answer, "354") || strings.HasSuffix(got, "\r\n.\r\n")) {
					break
				}
			}
		}
		there <- true
		_, _ = io.Copy(io.Discard, conn) // until the other side goes
	}()
	return l.Addr().(*net.TCPAddr).Port, there
}

// interrupted starts a command, sends it a signal when it has come so far, and
// returns how it ended.
func interrupted(t *testing.T, c *exec.Cmd, reached <-chan bool) result {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reached:
	case <-time.After(20 * time.Second):
		t.Error("the command does not come so far")
	}
	late := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() }) // it would go on for a minute
	defer late.Stop()
	_ = c.Process.Signal(os.Interrupt)
	err := c.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

func TestInterruptedWhileALetterLeaves(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []string
		code    int
		state   string
		certain bool
		says    string
	}{
		{"before the greeting", nil, exitPartial, "queued", true, "given up"},
		{"before the letter", []string{"220 x", "250 x"}, exitPartial, "queued", true, "given up"},
		{"after the letter", []string{"220 x", "250 x", "250 x", "250 x", "354 x"}, exitUncertain, "sending", false, "given up"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, writings[0])
			port, reached := silent(t, c.answers...)
			d.write("config/config.yaml", fmt.Sprintf("send: smtp\nsmtp: {host: 127.0.0.1, port: %d, tls: none}\n", port))
			r := interrupted(t, d.command("ack", "1", "--yes"), reached)
			if r.code != c.code || !strings.Contains(r.err, c.says) {
				t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
			}
			var list []struct {
				State   string
				Certain bool
			}
			waits := d.run("", "--json", "outbox")
			if err := json.Unmarshal([]byte(waits.out), &list); err != nil || waits.code != exitPartial { // it should have left
				t.Fatalf("exit %d, %v", waits.code, err)
			}
			if len(list) != 1 || list[0].State != c.state || list[0].Certain != c.certain {
				t.Errorf("%+v", list)
			}
		})
	}
}

// Ctrl-C is heard wherever a command waits for a server, a password or another program, and
// what it says of the letter is so.
func TestInterruptedWhereverItWaits(t *testing.T) {
	soon := func(*testing.T) (int, <-chan bool) {
		c := make(chan bool, 1)
		time.AfterFunc(time.Second, func() { c <- true })
		return 1, c
	}
	at := func(answers ...string) func(*testing.T) (int, <-chan bool) {
		return func(t *testing.T) (int, <-chan bool) { return silent(t, answers...) }
	}
	for _, c := range []struct {
		name, config string
		server       func(*testing.T) (int, <-chan bool)
		args         []string
		code         int
		state        string // of the letter
	}{
		{"SMTP, TLS", "send: smtp\nsmtp: {host: 127.0.0.1, port: %d, tls: tls}\n", at(), []string{"ack", "1", "--yes"}, exitPartial, "queued"},
		{"SMTP, STARTTLS", "send: smtp\nsmtp: {host: 127.0.0.1, port: %d}\n", at("220 x", "250-x\r\n250 STARTTLS"), []string{"ack", "1", "--yes"}, exitPartial, "queued"},
		{"a password", "send: smtp\nsmtp: {host: 127.0.0.1, port: %d, user: mok, password_command: sleep 60}\n", soon, []string{"ack", "1", "--yes"}, exitPartial, "queued"},
		{"sendmail", "send: sendmail\nsendmail: sleep 60\n# %d\n", soon, []string{"ack", "1", "--yes"}, exitUncertain, "sending"},
		{"drafts", "send: imap-drafts\nimap: {host: 127.0.0.1, port: %d, user: mok, password_command: echo x}\n", at(), []string{"ack", "1", "--yes"}, exitPartial, "queued"},
		{"IMAP, TLS", "imap: {host: 127.0.0.1, port: %d, user: mok, password_command: echo x}\n", at(), []string{"fetch"}, exitFailed, ""},
		{"IMAP, before the greeting", "imap: {host: 127.0.0.1, port: %d, tls: none, user: mok, password_command: echo x}\n", at(), []string{"fetch"}, exitFailed, ""},
		{"IMAP, at the login", "imap: {host: 127.0.0.1, port: %d, tls: none, user: mok, password_command: echo x}\n", at("* OK [CAPABILITY IMAP4rev1] x"), []string{"fetch"}, exitFailed, ""},
		{"IMAP, a password", "imap: {host: 127.0.0.1, port: %d, tls: none, user: mok, password_command: sleep 60}\n", soon, []string{"fetch"}, exitFailed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, writings[0])
			port, reached := c.server(t)
			d.write("config/config.yaml", fmt.Sprintf(c.config, port))
			var heard time.Time
			told := make(chan bool, 1)
			go func() { came := <-reached; heard = time.Now(); told <- came }()
			r := interrupted(t, d.command(c.args...), told)
			if took := time.Since(heard); took > 5*time.Second { // none of them waits less by itself
				t.Errorf("it took %v", took)
			}
			if r.code != c.code || !strings.Contains(r.err, "given up") {
				t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
			}
			var list []struct{ State string }
			if err := json.Unmarshal([]byte(d.run("", "--json", "outbox").out), &list); err != nil {
				t.Fatal(err)
			}
			if len(list) != min(1, len(c.state)) || len(list) == 1 && list[0].State != c.state {
				t.Errorf("%+v", list)
			}
		})
	}
}

// A command that waits for standard input, or for another klacht, ends at once.
func TestInterruptedWhileItWaits(t *testing.T) {
	s := newSite(t)
	s.must("new", "--name", "Bram Kok", "--subject", "Iets", "--text", "Tekst")
	before := s.must("show", "1")
	started := func() <-chan bool {
		c := make(chan bool, 1)
		time.AfterFunc(time.Second, func() { c <- true })
		return c
	}
	in, hold, err := os.Pipe() // with nobody who writes to it
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	reading := s.command("note", "1", "--text-file", "-")
	reading.Stdin = in
	w, err := s.open().Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, c := range []*exec.Cmd{reading, s.command("note", "1", "--text", "x")} {
		if r := interrupted(t, c, started()); r.code != exitFailed || r.err != "klacht: given up; nothing was changed\n" {
			t.Errorf("exit %d: %s", r.code, r.err)
		}
	}
	if after := s.must("show", "1"); after != before {
		t.Error(after)
	}
}

// Ctrl-C in the editor is for the editor: klacht takes in what was written.
func TestInterruptInTheEditorIsNotOurs(t *testing.T) {
	s := newSite(t)
	s.must("new", "--name", "Bram Kok", "--subject", "Iets", "--text", "Tekst")
	home := filepath.Dir(s.dir)
	editor := filepath.Join(home, "editor")
	err := os.WriteFile(editor, []byte("#!/bin/sh\ntrap : INT\nkill -INT $PPID\nsleep 1\nkill -INT $PPID\nsed -i s/Iets/Anders/ \"$1\"\n"), 0o700)
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "VISUAL="+editor)
	if out := s.must("edit", "1"); out != "2026-0001: changed\n" {
		t.Error(out)
	}
}

// A mistake in klacht leaves a report that says where, and nothing of what it
// was working on.
func TestMistakeLeavesAReport(t *testing.T) {
	s := newSite(t)
	s.must("new", "--name", "Bram Kok", "--subject", "Iets", "--text", "Tekst")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	for _, c := range []struct {
		in     string
		getenv func(string) string
		now    func() time.Time
	}{
		{temp, func(string) string { panic("Bram Kok") }, time.Now},
		{filepath.Join(s.dir, ".klacht"), func(string) string { return "" }, func() time.Time { panic(errors.New("Bram Kok")) }},
	} {
		var errs bytes.Buffer
		code := run([]string{"--dir", s.dir, "show", "Kok"}, world{Out: &errs, Err: &errs, Now: c.now, Getenv: c.getenv, Version: "v0"})
		file := regexp.MustCompile(regexp.QuoteMeta(c.in) + `/klacht-crash-[0-9]+\.txt`).FindString(errs.String())
		data, err := os.ReadFile(file)
		if code != exitUncertain || err != nil {
			t.Fatalf("exit %d: %v: %s", code, err, errs.String())
		}
		if report := string(data); strings.Contains(report+errs.String(), "Kok") || !strings.Contains(report, "carryOut root.go:") {
			t.Error(report)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info, err)
		}
	}
}
