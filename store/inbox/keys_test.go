package inbox_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"klacht/store/inbox"
)

// same returns what tells a mail from others.
func same(raw []byte) []string {
	keys, _ := inbox.Keys(raw, firm)
	return keys
}

func TestTheSameMailHasTheSameKeys(t *testing.T) {
	plain := fixture(t, "plain")
	for name, again := range map[string][]byte{
		"once more":                   plain,
		"by another route":            append([]byte("Received: by c; Sat, 21 Nov 2026 09:00:00 +0100\n"), plain...),
		"out of a mbox":               fixture(t, "mbox"),
		"with other line ends":        bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
		"with other white space":      append(plain, " \n\n"...),
		"forwarded as an attachment":  fixture(t, "forwarded-by-owner"),
		"forwarded, in base64":        fixture(t, "forwarded-by-owner-base64"),
		"forwarded, and nothing more": fixture(t, "forwarded-by-owner-bare"),
	} {
		if got, want := same(again), same(plain); len(want) != 1 || !slices.Contains(got, want[0]) {
			t.Errorf("%s: keys %q, want %q", name, got, want)
		}
	}
}

func TestAMailWithoutMessageIDIsKnownByItsContent(t *testing.T) {
	for _, id := range []string{"", "Message-ID:\n", "Message-ID: <>\n"} {
		mail := func(text, end string) string {
			return strings.Join(same([]byte(strings.ReplaceAll(id+"From: jan@klant.example\n\n"+text+"\n", "\n", end))), "|")
		}
		if mail("Hoi.", "\n") != mail("Hoi.", "\r\n") {
			t.Errorf("%q: line ends matter", id)
		}
		if mail("Hoi.", "\n") == mail("Dag.", "\n") {
			t.Errorf("%q: two mails have the same key", id)
		}
	}
}

// There are forms that give all their mails one Message-ID.
func TestOtherMailsHaveOtherKeys(t *testing.T) {
	mail := func(from, date, id, text string) []byte {
		return []byte("From: " + from + "\nDate: " + date + "\nMessage-ID: <" + id + ">\n\n" + text + "\n")
	}
	a := mail("a@b.example", "Fri, 20 Nov 2026 10:00:00 +0100", "1@b.example", "Hoi.")
	seen := same(a)
	for name, b := range map[string][]byte{
		"Message-ID": mail("a@b.example", "Fri, 20 Nov 2026 10:00:00 +0100", "2@b.example", "Hoi."),
		"sender":     mail("c@b.example", "Fri, 20 Nov 2026 10:00:00 +0100", "1@b.example", "Hoi."),
		"date":       mail("a@b.example", "Fri, 20 Nov 2026 10:00:01 +0100", "1@b.example", "Hoi."),
		"words":      mail("a@b.example", "Fri, 20 Nov 2026 10:00:00 +0100", "1@b.example", "Hallo."),
	} {
		keys, named := inbox.Keys(b, firm)
		if len(keys) != 1 || slices.Contains(seen, keys[0]) {
			t.Errorf("another %s: keys %q", name, keys)
		}
		seen = append(seen, keys...)
		if want := "id " + map[bool]string{true: "2@b.example", false: "1@b.example"}[name == "Message-ID"]; !slices.Equal(named, []string{want}) {
			t.Errorf("another %s: answers name it %q", name, named)
		}
	}
}

// So that a complaint that came in by itself is not registered again when it is
// forwarded, and answers to either find it.
func TestAForwardedMailIsNamedByTheInnerOneToo(t *testing.T) {
	_, inner := inbox.Keys(fixture(t, "plain"), firm)
	for _, name := range []string{"forwarded-by-owner", "forwarded-by-owner-base64", "forwarded-by-owner-bare"} {
		if _, named := inbox.Keys(fixture(t, name), firm); !slices.Equal(named, append([]string{"id fwd.1@mok.example"}, inner...)) {
			t.Errorf("%s: named %q", name, named)
		}
	}
}

func TestWhatIsNoMailHasAKeyToo(t *testing.T) {
	for _, raw := range []string{"", "\n", "geen mail", "\x00\xff\n\n"} {
		if keys := same([]byte(raw)); len(keys) != 1 || keys[0] == "" {
			t.Errorf("%q: keys %q", raw, keys)
		}
	}
}
