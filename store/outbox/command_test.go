package outbox

import (
	"context"
	"klacht/store/account"
	"klacht/store/wire"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// script makes a command; it needs a shell, as the tests of the program do.
func script(t *testing.T, text string) string {
	t.Helper()
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip("no shell here")
	}
	name := filepath.Join(t.TempDir(), "mailer")
	must(t, os.WriteFile(name, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return name
}

func TestSendmail(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		name, script string
		kind         wire.Kind
		want         string
	}{
		{"takes it", "printf '%s\\n' \"$@\" > " + out + ".args; cat > " + out, "", ""},
		{"does not know the address", "cat >/dev/null; echo onbekend >&2; exit 67", ToRefused, "onbekend (exit code 67)"},
		{"is not set up", "cat >/dev/null; echo no account >&2; exit 78", CommandFailed, "no account (exit code 78)"},
		{"does not read and fails", "echo nee; exit 1", CommandFailed, "nee (exit code 1)"},
		{"breaks", "cat >/dev/null; exit 74", CommandCut, "exit code 74"},
		{"is killed", "kill -9 $$", CommandCut, "signal: killed"},
		{"hangs", "exec sleep 20", CommandCut, "it took too long, and was ended"},
	} {
		s := &Sendmail{Command: []string{script(t, c.script), "-t", "een woord; $(x)"}, limit: 500 * time.Millisecond}
		err := s.Send(context.Background(), "klacht@mok.example", []string{complainant}, []byte(theRaw))
		checkFailure(t, err, c.kind, c.want)
	}
	got, err := os.ReadFile(out)
	must(t, err)
	if string(got) != strings.ReplaceAll(theRaw, "\r\n", "\n") {
		t.Errorf("%q", got)
	}
	args, err := os.ReadFile(out + ".args")
	must(t, err)
	if string(args) != "-t\neen woord; $(x)\n" {
		t.Errorf("%q", args)
	}
	err = (&Sendmail{Command: []string{"/nergens/mailer", secret}}).Send(context.Background(), "", nil, nil)
	checkFailure(t, err, NoCommand, "")
	err = (&Sendmail{Command: []string{"geen-mailer-hier", secret}}).Send(context.Background(), "", nil, nil)
	checkFailure(t, err, NoCommand, "there is no such program")
}

func TestSendmailThatReadsHalf(t *testing.T) {
	large := []byte(strings.Repeat("x\r\n", 1<<20))
	err := (&Sendmail{Command: []string{script(t, "head -c 10 >/dev/null; exit 0")}}).Send(context.Background(), "", nil, large)
	if err != nil { // the command says that it took the letter, and it may have
		checkFailure(t, err, CommandCut, "")
	}
}

func TestVia(t *testing.T) {
	s := &account.Settings{SMTP: &wire.Server{}, Sendmail: []string{"msmtp"}, IMAP: &account.Mailbox{}}
	for send, leaves := range map[string]bool{account.SendDraft: false, account.SendSMTP: true, account.SendSendmail: true, account.SendIMAP: false} {
		s.Send = send
		via, err := Via(s)
		must(t, err)
		if via.Leaves() != leaves {
			t.Errorf("%s: %v", send, via.Leaves())
		}
	}
	_, err := Via(&account.Settings{Send: account.SendSMTP})
	wantError(t, err, "send is smtp, but smtp is not set")
}
