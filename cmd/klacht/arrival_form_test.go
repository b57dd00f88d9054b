//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// On a terminal a stamp that is doubtful is asked about; no, and nothing is registered.
func TestADoubtfulStampIsAskedAbout(t *testing.T) {
	s := newSite(t)
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07")
	mail := filepath.Join(t.TempDir(), "mail.eml")
	must(os.WriteFile(mail, []byte("Received: by nas.example; Thu, 20 Aug 2026 12:00:00 +0200\nDate: Sun, 22 Nov 2026 12:00:00 +0100\n"+
		"From: Jolanda de Wit <jolanda@voorbeeld.example>\nSubject: Website te laat\n\nHij is te laat.\n"), 0o600))

	x := s.terminal("--lang", "nl", "new", mail)
	x.shows("volgens het stempel kwam de mail binnen op 2026-08-20")
	x.shows("Nee")
	x.types(enter) // which is no
	x.shows("--received")
	x.ends(1)
	if n := len(s.cases()); n > 0 {
		t.Fatalf("%d cases", n)
	}
	x = s.terminal("new", mail)
	x.shows("by its stamp the mail came in on 2026-08-20, but it was written on 2026-11-22")
	x.shows("Yes, on Thu 20 Aug 2026")
	x.types(left, enter)
	x.shows("2026-0001 registered: received on Thu 20 Aug 2026")
	x.ends(0)
}
