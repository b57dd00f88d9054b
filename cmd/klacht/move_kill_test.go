//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Killed at whatever moment, a move leaves each mail in one place, once, as soon as the
// next command has run.
func TestAKilledMove(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a hundred commands")
	}
	s := newSite(t)
	mail := func(n int, subject, more string) string {
		return fmt.Sprintf("Received: from a by mx.mok.example for <x@mok.example>; Fri, 04 Dec 2026 10:00:%02d +0100\nFrom: Jolanda <jolanda@voorbeeld.example>\n"+
			"Subject: %s\nMessage-ID: <m%d@voorbeeld.example>\n%s\nMail nummer %d.\n", n%60, subject, n, more, n)
	}
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07T10:00")
	if r := s.run(mail(0, "De eerste", ""), "new", "-"); r.code != 0 {
		t.Fatal(r.err)
	}
	began := time.Now()
	if r := s.run("", "show", "1"); r.code != 0 {
		t.Fatal(r.err)
	}
	step := time.Since(began) / 12 // a move takes some of these
	n, killed := 0, 0
	var mails [][]byte
	for i := range 30 {
		one, two := mail(n+1, "Nog een", ""), mail(n+2, "Re: Nog een", fmt.Sprintf("In-Reply-To: <m%d@voorbeeld.example>\n", n+1))
		n += 2
		for _, m := range []string{one, two} {
			if r := s.run(m, "new", "-", "--anyway"); r.code != 0 {
				t.Fatal(r.err)
			}
			mails = append(mails, []byte(m))
		}
		last := fmt.Sprint(n + 1)
		if i%2 == 0 { // a whole complaint
			s.kill(t, step*time.Duration(i), &killed, "move", last, "--to", "1")
		} else { // the same, and what was begun is begun anew
			s.kill(t, step*time.Duration(i), &killed, "move", last, "--to", "1")
			s.run("", "move", last, "--to", "1")
		}
		if r := s.run("", "note", "1", "--text", "Verder"); r.code != 0 {
			t.Fatal(r.err)
		}
		if _, err := os.Stat(filepath.Join(s.dir, ".klacht", "moving")); err == nil {
			t.Fatal("it is not finished")
		}
	}
	places := map[string][]string{}
	_ = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".eml" {
			data, _ := os.ReadFile(path)
			places[string(data)] = append(places[string(data)], path)
		}
		return nil
	})
	for _, m := range mails {
		if len(places[string(m)]) != 1 {
			t.Errorf("%.160q is in %q", bytes.TrimSpace(m), places[string(m)])
		}
	}
	s.run("", "check", "--fix") // files that were being written
	if r := s.run("", "check"); r.code != 0 {
		t.Errorf("check: %s%s", r.out, r.err)
	}
	t.Logf("%d of 30 were killed", killed)
	if killed == 0 {
		t.Error("none was killed in time")
	}
}

// kill runs a command and kills it after some time, if it runs that long.
func (s *site) kill(t *testing.T, after time.Duration, killed *int, args ...string) {
	t.Helper()
	c := s.command(args...)
	must(c.Start())
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	err := c.Wait()
	timer.Stop()
	if err != nil && c.ProcessState.ExitCode() == -1 {
		*killed++
	}
}
