package account

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

const secret = "geheim-Wachtwoord-4711"

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
