package outbox

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
		kind         Kind
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

func TestPasswordCommand(t *testing.T) {
	for _, c := range []struct{ script, want, err string }{
		{"echo ' " + secret + " '; echo user: mok", secret, ""},
		{"printf '" + secret + "'", secret, ""},
		{"printf '" + secret + "\\r\\n'", secret, ""},
		{"exit 0", "", "mailer printed nothing"},
		{"echo " + secret + "; echo 'fout " + secret + "' >&2; exit 1", "", "mailer: fout *** (exit code 1)"},
		{"echo 'op slot' >&2; exit 2", "", "mailer: op slot (exit code 2)"},
	} {
		got, err := PasswordCommand([]string{script(t, c.script)})(context.Background())
		if c.err != "" {
			wantError(t, err, c.err)
		} else if must(t, err); got != c.want {
			t.Errorf("%s: %q", c.script, got)
		}
	}
	_, err := PasswordCommand([]string{"geen-pass-hier"})(context.Background())
	wantError(t, err, "geen-pass-hier: there is no such program")
}

func TestSplitCommand(t *testing.T) {
	for line, want := range map[string][]string{
		"msmtp -t":                        {"msmtp", "-t"},
		"  sh -c 'pass show mail | head'": {"sh", "-c", "pass show mail | head"},
		`"C:\Program Files\x.exe" /a`:     {`C:\Program Files\x.exe`, "/a"},
		`a "" b'c d'e`:                    {"a", "", "bc de"},
		"secret-tool lookup a $HOME":      {"secret-tool", "lookup", "a", "$HOME"},
	} {
		got, err := SplitCommand(line)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
	for line, want := range map[string]string{"a 'b": "a quote is opened here and not closed", " ": "a command belongs here", "''": "a command belongs here"} {
		_, err := SplitCommand(line)
		wantError(t, err, want)
	}
}
