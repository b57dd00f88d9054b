package inbox_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
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
		same, named := inbox.Keys(raw, firm)
		if len(same) == 0 || slices.Contains(append(same, named...), "") {
			t.Errorf("keys %q, %q", same, named)
		}
		if s, n := inbox.Keys(raw, firm); !slices.Equal(same, s) || !slices.Equal(named, n) {
			t.Errorf("keys %q and %q, then %q and %q", same, named, s, n)
		}
		m, err := inbox.Read(raw, firm)
		if string(raw) != before {
			t.Error("the mail itself was changed")
		}
		switch {
		case err != nil:
			if m != nil && (!errors.As(err, new(*inbox.Nobody)) || m.Email != "") || strings.ContainsFunc(err.Error(), casefile.Steers) {
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
		m, err := inbox.Read([]byte("From: "+s+"\n\nHoi.\n"), &deadlines.Policy{})
		if !errors.As(err, new(*inbox.Nobody)) && (err != nil || m.Email != s) {
			t.Errorf("%q became %+v, %v", s, m, err)
		}
	})
}

func FuzzMbox(f *testing.F) {
	f.Add([]byte("From x Fri Nov 20 16:40:11 2026\nA: b\n\nHoi.\n\nFrom y Fri Nov 20 16:40:11 2026\nA: c\n\n>From z\n"))
	f.Add([]byte("From\n\nFrom \n\nFrom x\nA: b\n\n"))
	f.Add([]byte("From x\r\nA: b\r\n\r\nHoi.\r\n\r\nFrom y\r\nA: c\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		size := 0
		keys := map[string]bool{}
		for it, err := range mboxOf(t, string(content)).Items(t.Context(), func(string) bool { return false }) {
			if err != nil {
				if strings.ContainsFunc(err.Error(), casefile.Steers) {
					t.Errorf("error %q", err)
				}
				return
			}
			size += len(it.Raw)
			keys[it.Key] = true
			if it.Key == "" || it.Err != nil || it.Done > it.Total || strings.ContainsFunc(it.Name, casefile.Steers) {
				t.Errorf("%+v", it)
			}
		}
		if size > len(content) {
			t.Errorf("%d bytes out of %d", size, len(content))
		}
		if len(content) > 0 && size > 0 && len(keys) == 0 {
			t.Error("no keys")
		}
	})
}

// nothing is a register that has the mails with the Message-IDs, in a case that
// cannot be read.
type nothing []string

func (n nothing) Whose(keys []string) (casefile.ID, error) {
	for _, k := range keys {
		if slices.Contains(n, strings.TrimPrefix(k, "id ")) {
			return "2026-0001", nil
		}
	}
	return "", nil
}

func (n nothing) Load(casefile.ID) (*store.File, error) {
	return &store.File{Case: casefile.Case{ID: "2026-0001", Complainant: casefile.Complainant{Email: "jolanda@klant.example"},
		Log: []casefile.Entry{{Step: casefile.Acknowledged, Mail: "02-acknowledged.eml"}}}}, nil
}

func (n nothing) Mail(*store.File, string) ([]byte, error) {
	return []byte("Message-ID: <l2@mok.example>\nFrom: info@mok.example\n\nx\n"), nil
}

func (n nothing) Also(casefile.ID) ([]*store.File, error) { return nil, nil }

func FuzzClassify(f *testing.F) {
	for _, mail := range []string{jolanda("1@b.example", "Re: [2026-0001]", "In-Reply-To: <l2@mok.example>\n"), other("[2026-0001]", "List-Id: <info.mok.example>\n"),
		postfix("failed", "l2@mok.example"), exchange("l2@mok.example"), qmail("l2@mok.example"), letter("l9@mok.example", "x"),
		other("x", "Auto-Submitted: auto-replied\nPrecedence: bulk\nReturn-Path: <>\n")} {
		f.Add([]byte(mail))
	}
	p := &deadlines.Policy{Organisation: deadlines.Organisation{Email: "info@mok.example"}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := inbox.Classify(raw, nothing{"l2@mok.example", "c1@klant.example"}, p)
		if err != nil {
			if v.Kind != "" || strings.ContainsFunc(err.Error(), casefile.Steers) {
				t.Errorf("%+v, error %q", v, err)
			}
			return
		}
		switch v.Kind {
		case inbox.Complaint, inbox.Reply:
			if v.Mail == nil || own(v.Mail.Email) || unsafe(v.Mail) != "" || (v.Kind == inbox.Reply) && v.ID == "" {
				t.Errorf("%+v", v)
			}
		case inbox.Bounce:
			if v.Letter != "02-acknowledged.eml" || v.MessageID != "l2@mok.example" || v.ID == "" {
				t.Errorf("%+v", v)
			}
		case inbox.Automatic:
			if v.Why == "" {
				t.Errorf("%+v", v)
			}
		case inbox.Known, inbox.Own:
		default:
			t.Errorf("%+v", v)
		}
	})
}
