//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `klacht init` asks for what it was not told, the firm's other addresses included.
func TestInitAsksOnATerminal(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		said := map[string][5]string{
			"en": {"The name of the firm", "Who handles complaints?", "The address to which complaints are written", "Your own addresses in other domains", "is not an e-mail address"},
			"nl": {"De naam van de organisatie", "Wie behandelt de klachten?", "Het adres waarop klachten binnenkomen", "Je eigen adressen in andere domeinen", "is geen e-mailadres"},
		}[w.lang]
		dir := filepath.Join(filepath.Dir(s.dir), "made")
		x := s.terminal("init", dir)
		x.asks(said[0])
		x.types("Webwerk Oost", enter)
		x.asks(said[1])
		x.types("Mok Verhagen", enter)
		x.asks(said[2])
		x.types("klachten@webwerkoost.example", enter)
		x.asks(said[3])
		x.types("mok@prive.example, oost", enter)
		x.shows(said[4])
		x.types("@elders.example", enter)
		x.shows("config.yaml")
		w.check(t, x.ends(0))
		made, err := os.ReadFile(filepath.Join(dir, "regeling.yaml"))
		if err != nil || !strings.Contains(string(made), "addresses: [mok@prive.example, oost@elders.example] ") {
			t.Errorf("%v\n%s", err, made)
		}
	})
}

// A mail that does not fit the step is asked about; no is what is chosen at first.
func TestAMailThatDoesNotFitIsAskedAbout(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		said := map[string][2]string{"en": {"comes from kees@elders.example, not from you", "receipt confirmed"}, "nl": {"komt van kees@elders.example, niet van jou", "ontvangst bevestigd"}}[w.lang]
		s.must("new", "--received", "2026-11-22", "--name", "Jolanda de Wit", "--email", "jolanda@voorbeeld.example", "--subject", "Iets", "--text", "Tekst")
		mail := filepath.Join(filepath.Dir(s.dir), "mail.eml")
		if err := os.WriteFile(mail, []byte("From: kees@elders.example\nTo: jolanda@voorbeeld.example\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nSubject: x\n\nx\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		x := s.terminal("ack", "1", "--mail", mail)
		x.shows(said[0])
		x.types(enter)
		x.shows("--anyway")
		w.check(t, x.ends(1))
		x = s.terminal("ack", "1", "--mail", mail)
		x.shows(said[0])
		x.types(left, enter)
		x.shows(said[1])
		w.check(t, x.ends(0))
	})
}
