package inbox_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"klacht/store/inbox"
)

func TestTheSameMailHasTheSameKeys(t *testing.T) {
	plain := fixture(t, "plain")
	for name, same := range map[string][]byte{
		"once more":            plain,
		"by another route":     append([]byte("Received: by c; Sat, 21 Nov 2026 09:00:00 +0100\n"), plain...),
		"out of a mbox":        fixture(t, "mbox"),
		"with other line ends": bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
	} {
		if got, want := inbox.Keys(same, firm), inbox.Keys(plain, firm); !slices.Equal(got, want) || len(got) != 1 {
			t.Errorf("%s: keys %q, want %q", name, got, want)
		}
	}
}

func TestAMailWithoutMessageIDIsKnownByItsContent(t *testing.T) {
	for _, id := range []string{"", "Message-ID:\n", "Message-ID: <>\n"} {
		mail := func(text, end string) string {
			return strings.Join(inbox.Keys([]byte(strings.ReplaceAll(id+"From: jan@klant.example\n\n"+text+"\n", "\n", end)), firm), "|")
		}
		if mail("Hoi.", "\n") != mail("Hoi.", "\r\n") {
			t.Errorf("%q: line ends matter", id)
		}
		if mail("Hoi.", "\n") == mail("Dag.", "\n") {
			t.Errorf("%q: two mails have the same key", id)
		}
	}
}

func TestOtherMailsHaveOtherKeys(t *testing.T) {
	a := inbox.Keys([]byte("From: a@b.example\nMessage-ID: <1@b.example>\n\nHoi.\n"), firm)
	b := inbox.Keys([]byte("From: a@b.example\nMessage-ID: <2@b.example>\n\nHoi.\n"), firm)
	if slices.Equal(a, b) || a[0] != "id 1@b.example" {
		t.Errorf("keys %q and %q", a, b)
	}
}

// So that a complaint that came in by itself is not registered again when it is
// forwarded.
func TestAForwardedMailIsKnownByTheInnerOneToo(t *testing.T) {
	inner := inbox.Keys(fixture(t, "plain"), firm)[0]
	for _, name := range []string{"forwarded-by-owner", "forwarded-by-owner-base64", "forwarded-by-owner-bare"} {
		if keys := inbox.Keys(fixture(t, name), firm); !slices.Equal(keys, []string{"id fwd.1@mok.example", inner}) {
			t.Errorf("%s: keys %q", name, keys)
		}
	}
}

func TestWhatIsNoMailHasAKeyToo(t *testing.T) {
	for _, raw := range []string{"", "\n", "geen mail", "\x00\xff\n\n"} {
		if keys := inbox.Keys([]byte(raw), firm); len(keys) != 1 || keys[0] == "" {
			t.Errorf("%q: keys %q", raw, keys)
		}
	}
}
