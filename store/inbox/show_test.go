package inbox_test

import (
	"os"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store/inbox"
)

func shownText(s *inbox.Shown) string {
	text := s.From + s.To + s.Cc + s.Subject + strings.NewReplacer("\n", " ", "\t", " ").Replace(s.Text)
	for _, a := range s.Attached {
		text += a.Name
	}
	return text
}

func TestShow(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	s, err := inbox.Show(read("attachments.eml"), firm)
	if err != nil || len(s.Attached) == 0 || s.Text == "" || s.HTML {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = inbox.Show(read("html-only.eml"), firm); err != nil || !s.HTML || strings.Contains(s.Text, "<") {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = inbox.Show(read("own-mail.eml"), firm); err != nil || s.From == "" || s.To == "" || s.Text == "" { // which Read refuses
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = inbox.Show(read("forwarded-by-owner.eml"), firm); err != nil || s.Inner == nil || s.Inner.Text == "" || s.Inner.From == s.From {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = inbox.Show(read("forwarded-by-stranger.eml"), firm); err != nil || s.Inner != nil || len(s.Attached) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err = inbox.Show([]byte("  \n"), firm); err == nil {
		t.Error("an empty mail was shown")
	}
}

// Of a mail of ten megabytes the beginning is shown, and said to be that.
func TestShowIsShort(t *testing.T) {
	head := "From: a@b.example\r\nSubject: " + strings.Repeat("lang ", 1000) + "\r\nContent-Type: text/"
	for _, kind := range []string{"plain", "html"} {
		s, err := inbox.Show([]byte(head+kind+"\r\n\r\n"+strings.Repeat("een regel tekst\r\n", 10<<20/17)), firm)
		if err != nil || !s.Cut || len(s.Text) > 60_000 || len(s.Text) < 10_000 || len(s.Subject) > 300 {
			t.Errorf("%s: %d bytes, cut %v, %v", kind, len(s.Text), s.Cut, err)
		}
	}
}

func FuzzShow(f *testing.F) {
	for _, mail := range fixtures(f) {
		f.Add(mail)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := inbox.Show(raw, firm)
		if err != nil {
			return
		}
		for _, m := range []*inbox.Shown{s, s.Inner} {
			if m != nil && strings.ContainsFunc(shownText(m), func(r rune) bool { return casefile.Steers(r) }) {
				t.Errorf("it steers: %s", shownText(m))
			}
			if m != nil && (strings.Contains(m.From+m.To+m.Cc+m.Subject, "\n") || len(m.Attached) > 100) {
				t.Errorf("%+v", m)
			}
		}
	})
}
