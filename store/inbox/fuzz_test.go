package inbox_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store/inbox"
)

func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(names) == 0 {
		t.Fatal("no fixtures", err)
	}
	mails := map[string][]byte{}
	for _, name := range names {
		if mails[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return mails
}

func FuzzRead(f *testing.F) {
	mails := fixtures(f)
	for _, name := range slices.Sorted(maps.Keys(mails)) {
		f.Add(mails[name])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := string(raw)
		keys := inbox.Keys(raw, own)
		if len(keys) == 0 || slices.Contains(keys, "") {
			t.Errorf("keys %q", keys)
		}
		if !slices.Equal(keys, inbox.Keys(raw, own)) {
			t.Errorf("keys %q, then %q", keys, inbox.Keys(raw, own))
		}
		m, err := inbox.Read(raw, own)
		if string(raw) != before {
			t.Error("the mail itself was changed")
		}
		switch {
		case err != nil:
			if m != nil || strings.ContainsFunc(err.Error(), casefile.Steers) {
				t.Errorf("mail %+v, error %q", m, err)
			}
		case unsafe(m) != "":
			t.Error(unsafe(m))
		case own(m.Email):
			t.Errorf("a complaint from the firm itself: %+v", m)
		}
	})
}

func FuzzValidAddress(f *testing.F) {
	for _, s := range []string{"jan@klant.example", "zoë@klant.example", `"a b"@c`, "a@[192.0.2.1]", "a@b (c)", "g:a@b;", "-a@b", "a@b\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !inbox.ValidAddress(s) {
			return
		}
		local, domain, found := strings.Cut(s, "@")
		if !found || local == "" || domain == "" || len(s) > 254 || len(local) > 64 ||
			strings.HasPrefix(s, "-") || strings.ContainsAny(s, " \t\r\n\"<>,;()\\") || strings.ContainsFunc(s, casefile.Steers) {
			t.Errorf("%q", s)
		}
		// and it comes back as it is out of the header of a letter
		m, err := inbox.Read([]byte("From: "+s+"\n\nHoi.\n"), func(string) bool { return false })
		if err != nil || m.Email != s {
			t.Errorf("%q became %+v, %v", s, m, err)
		}
	})
}
