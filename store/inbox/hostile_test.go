package inbox_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

const from = "From: jan@klant.example\nSubject: Te laat\nMIME-Version: 1.0\n"

// unsafe says what is wrong with the texts of a mail; "" if nothing is.
func unsafe(m *inbox.Mail) string {
	for _, s := range []string{m.Name, m.Email, m.Subject} {
		if casefile.OneLine(s) != s || strings.ContainsFunc(s, casefile.Steers) {
			return fmt.Sprintf("%q is not one plain line", s)
		}
	}
	steers := func(r rune) bool { return r != '\n' && r != '\t' && casefile.Steers(r) }
	if i := strings.IndexFunc(m.Text, steers); i >= 0 {
		return fmt.Sprintf("the text steers at %d: %q", i, m.Text[i:min(i+8, len(m.Text))])
	}
	if !utf8.ValidString(m.Name+m.Email+m.Subject+m.Text) || casefile.Plain(m.Text) != m.Text {
		return "the text is not plain"
	}
	if !inbox.ValidAddress(m.Email) {
		return fmt.Sprintf("%q is no address", m.Email)
	}
	return ""
}

func TestNothingInAMailSteersATerminalOrEndsAHeader(t *testing.T) {
	m := read(t, fixture(t, "hostile-name"))
	if what := unsafe(m); what != "" {
		t.Error(what)
	}
	if want := "Jan Bcc: slachtoffer@klant.example\uFFFD[2J\uFFFD\uFFFD"; m.Name != want {
		t.Errorf("name %q, want %q", m.Name, want)
	}
	if want := "Klacht Bcc: x@klant.example\uFFFD]0;titel\uFFFD\uFFFD31m"; m.Subject != want {
		t.Errorf("subject %q, want %q", m.Subject, want)
	}
	if want := "Rood: \uFFFD[31m en om: \uFFFDgnirednarev\uFFFD en niets: \uFFFD en C1: \uFFFD."; m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
}

func TestEveryFixtureIsSafeToShow(t *testing.T) {
	for name, raw := range fixtures(t) {
		if m, err := inbox.Read(raw, firm); err == nil && unsafe(m) != "" {
			t.Errorf("%s: %s", name, unsafe(m))
		}
	}
}

func TestWhatIsNoMailIsRefused(t *testing.T) {
	tooLarge := append([]byte(from+"\n"), bytes.Repeat([]byte("te laat\n"), store.MaxMail/8)...)
	for name, tt := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing":      {nil, "the mail is empty"},
		"white space":  {[]byte(" \r\n\t\n"), "the mail is empty"},
		"too large":    {tooLarge, "the mail is larger than 40 MB"},
		"a text":       {[]byte("Beste Mok,\n\nDe website is te laat.\n"), "this is not a mail: "},
		"binary":       {bytes.Repeat([]byte{0xff, 0xd8, 0x00, 0x1b, 0x0a}, 1000), "this is not a mail: "},
		"a PDF":        {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n"), "this is not a mail: "},
		"only NULs":    {make([]byte, 100), "this is not a mail: "},
		"a ZIP":        {[]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), "this is not a mail: "},
		"a mbox line":  {[]byte("From jan@klant.example Fri Nov 20 15:40:11 2026\n\nHoi.\n"), "this is not a mail: it has no header"},
		"header alone": {[]byte("Subject: hoi\n\n"), "the mail names no sender"},
	} {
		m, err := inbox.Read(tt.raw, firm)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %+v, error %v, want %q", name, m, err, tt.want)
		}
		if _, ok := casefile.HintOf(err); !ok && tt.want != "the mail is empty" {
			t.Errorf("%s: no hint", name)
		}
	}
}

func TestALineOfAMboxBeforeTheMailIsPassedOver(t *testing.T) {
	for _, line := range []string{"From jan@klant.example Fri Nov 20 15:40:11 2026\n", "From MAILER-DAEMON\r\n", "\uFEFFFrom -\n", "\n\n", " \t\n"} {
		if m := read(t, []byte(line+from+"\nHoi.\n")); m.Email != "jan@klant.example" || m.Text != "Hoi." {
			t.Errorf("%q: got %+v", line, m)
		}
	}
}

// R13: an error may end up in a log or a bug report.
func TestAnErrorDoesNotQuoteTheMail(t *testing.T) {
	for _, raw := range []string{"\b geheim: x\n\nHoi.\n", "geheim\n\nHoi.\n", "From: geheim\n\nHoi.\n", "geheim \x1b: x\n: geheim\n\n"} {
		_, err := inbox.Read([]byte(raw), firm)
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: error %v", raw, err)
		}
	}
}

// nested returns a mail with n multiparts inside one another, none closed.
func nested(n int) []byte {
	b := bytes.NewBufferString(from)
	for i := range n {
		fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=grens%dx\n\n--grens%dx\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\n\nHoi.\n")
	return b.Bytes()
}

// What a sender can send may take a moment, not the owner's morning. Before
// there was a limit, 100 multiparts in 6 kB did not end in minutes: without it
// this test ends by the time limit of go test.
func TestHostileMailEnds(t *testing.T) {
	multipart := from + "Content-Type: multipart/mixed; boundary=grens\n\n--grens\nContent-Type: text/plain\n\nHoi.\n"
	const page = from + "Content-Type: text/html\n\n"
	for name, raw := range map[string][]byte{
		"100 multiparts deep":       nested(100),
		"10 000 multiparts deep":    nested(10_000),
		"200 000 parts":             []byte(multipart + strings.Repeat("--grens\n\nx\n", 200_000)),
		"10 000 pages":              []byte(multipart + strings.Repeat("--grens\nContent-Type: text/html\n\n"+strings.Repeat("<b>", 400)+"x\n", 10_000)),
		"100 000 elements deep":     []byte(page + strings.Repeat("<div>", 100_000)),
		"bold in bold":              []byte(page + strings.Repeat("<b>", 400) + strings.Repeat("te laat ", 500_000)),
		"a million header lines":    []byte(from + strings.Repeat("Received: x\n", 1_000_000) + "\nHoi.\n"),
		"a subject of 5 MB":         []byte(from[:24] + "Subject: " + strings.Repeat("=?utf-8?Q?hoi?= ", 300_000) + "\n\nHoi.\n"),
		"a million senders":         []byte("From: " + strings.Repeat("a@b.example, ", 400_000) + "jan@klant.example\n\nHoi.\n"),
		"half a million parameters": []byte(from + "Content-Type: text/plain" + strings.Repeat("; a=b", 500_000) + "\n\nHoi.\n"),
		"base64 that is none":       []byte(from + "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("!!!!\n", 500_000)),
	} {
		t.Run(name, func(t *testing.T) {
			m, err := inbox.Read(raw, firm)
			keys, _ := inbox.Keys(raw, firm)
			if err != nil || unsafe(m) != "" || len(keys) == 0 {
				t.Errorf("error %v, keys %d", err, len(keys))
			}
		})
	}
}

func TestFirstWordsAreReadOfAMailWithManyParts(t *testing.T) {
	raw := from + "Content-Type: multipart/mixed; boundary=grens\n\n--grens\nContent-Type: text/plain\n\nHoi.\n" +
		strings.Repeat("--grens\nContent-Type: image/png\n\nx\n", 20_000)
	if m := read(t, []byte(raw)); m.Text != "Hoi." {
		t.Errorf("text %.100q", m.Text)
	}
}

func TestUsualNestingIsReadWhole(t *testing.T) {
	if m := read(t, nested(10)); m.Text != "Hoi." {
		t.Errorf("text %q", m.Text)
	}
}

func TestALongMailIsCutOff(t *testing.T) {
	const line = "De website is te láát.\n"
	for name, head := range map[string]string{"plain": "", "HTML": "Content-Type: text/html\n", "quoted": "Content-Transfer-Encoding: quoted-printable\n"} {
		m := read(t, []byte(from+head+"\n"+strings.Repeat(line, 5<<20/len(line))))
		if n := utf8.RuneCountInString(m.Text); !m.Cut || n > 50_000 || n < 49_900 || !strings.HasPrefix(m.Text, "De website is te láát.") {
			t.Errorf("%s: cut %v, %d characters", name, m.Cut, n)
		}
	}
	if m := read(t, []byte(from+"\n"+strings.Repeat("é", 50_000))); m.Cut || utf8.RuneCountInString(m.Text) != 50_000 {
		t.Errorf("a text that just fits: cut %v", m.Cut)
	}
}

func TestALongSubjectIsCutOff(t *testing.T) {
	m := read(t, []byte("From: jan@klant.example\nSubject: "+strings.Repeat("é", 5000)+"\n\nHoi.\n"))
	if n := utf8.RuneCountInString(m.Subject); n != 300 {
		t.Errorf("%d characters", n)
	}
}
