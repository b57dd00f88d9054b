//go:build mail

package mailtest

import (
	"fmt"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder returns the Maildir of a user's folder, under the name that it has on
// disk: "" for the inbox, ".Klachten" for Klachten.
func (s *Server) Folder(user, folder string) string {
	return filepath.Join(s.Dir, "mail", user, folder)
}

// Put lays a mail into a folder, as if it had come at that moment; n keeps
// their order.
func (s *Server) Put(user, folder string, n int, mail string, at time.Time) {
	s.t.Helper()
	dir := s.Folder(user, folder)
	for _, sub := range []string{"cur", "new", "tmp"} {
		must(s.t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
		s.give(s.Folder(user, ""), dir, filepath.Join(dir, sub))
	}
	name := filepath.Join(dir, "new", fmt.Sprintf("%d.M%dP1.mok", 1795189211+n, n))
	must(s.t, os.WriteFile(name, []byte(mail), 0o600))
	must(s.t, os.Chtimes(name, at, at))
	s.give(name)
}

// give gives what is at the paths to the owner of the mails.
func (s *Server) give(paths ...string) {
	s.t.Helper()
	for _, p := range paths {
		if s.owner != 0 {
			must(s.t, os.Chown(p, s.owner, s.owner))
		}
	}
}

// Bring hands a mail to Postfix as the server of somebody else does.
func (s *Server) Bring(from, to, mail string) {
	s.t.Helper()
	must(s.t, smtp.SendMail(fmt.Sprintf("127.0.0.1:%d", s.SMTP), nil, from, []string{to}, []byte(mail)))
}

// Mails returns what a folder has, by the name of the file without the folder,
// and waits until that is at least so many.
func (s *Server) Mails(user, folder string, least int) map[string]string {
	s.t.Helper()
	var names []string
	for range 400 {
		names = nil
		for _, sub := range []string{"new", "cur"} {
			found, _ := filepath.Glob(filepath.Join(s.Folder(user, folder), sub, "*"))
			names = append(names, found...)
		}
		if len(names) >= least {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(names) < least {
		s.t.Fatalf("%s has %d mails, not %d", user, len(names), least)
	}
	mails := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		must(s.t, err)
		mails[filepath.Base(name)] = string(data)
	}
	return mails
}

// Flags returns the flags of the mails in a folder, each as Maildir writes them.
func (s *Server) Flags(user, folder string) string {
	s.t.Helper()
	var flags []string
	for name := range s.Mails(user, folder, 0) {
		_, marks, _ := strings.Cut(name, ":2,")
		flags = append(flags, marks)
	}
	return strings.Join(flags, " ")
}
