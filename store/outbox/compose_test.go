package outbox

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/inbox"
)

func zone() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}

func policy() *deadlines.Policy {
	return &deadlines.Policy{Zone: zone(), Language: "nl",
		Organisation: deadlines.Organisation{Name: "Mok Websites", Handler: "Mok Verhagen", Email: "klacht@mok.example"}}
}

func someone(name, email string) *casefile.Case {
	return &casefile.Case{ID: theCase, Complainant: casefile.Complainant{Name: name, Email: email}}
}

func fixedID(domain string) string { return "abc123@" + domain }

func TestComposeWholeMail(t *testing.T) {
	m, err := Compose(Message{
		Case: someone("Zoë de Wit", complainant), Policy: policy(), NewID: fixedID,
		Subject: "Je klacht is binnen [2026-0001]",
		Body:    "Beste Zoë,\n\nJe klacht is binnen. Voor 9 november hoor je hoe we verder gaan = beloofd.\n.\nFrom hier\n\nMok\n",
		Answers: []byte(complaintMail), Now: moment(t, "2026-11-03T09:05:00+01:00"),
	})
	must(t, err)
	want := strings.ReplaceAll(`Date: Tue, 03 Nov 2026 09:05:00 +0100
From: Mok Verhagen <klacht@mok.example>
To: =?utf-8?Q?Zo=C3=AB_de_Wit?= <jolanda@voorbeeld.example>
Message-ID: <abc123@mok.example>
In-Reply-To: <vraag-1@voorbeeld.example>
References: <vraag-1@voorbeeld.example>
Subject: Je klacht is binnen [2026-0001]
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Beste Zo=C3=AB,

Je klacht is binnen. Voor 9 november hoor je hoe we verder gaan =3D beloofd.
=2E
=46rom hier

Mok
`, "\n", "\r\n")
	if got := string(m.Raw); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if m.To != complainant || m.MessageID != "abc123@mok.example" || m.Subject != "Je klacht is binnen [2026-0001]" {
		t.Errorf("%+v", m)
	}
}

func TestComposeSubjects(t *testing.T) {
	for _, subject := range []string{
		"Je klacht is binnen [2026-0007]", "Één vraag over ‘de site’ – [2026-0007]", strings.Repeat("reünie ", 40) + "x",
		strings.Repeat("a", 200), strings.Repeat("é", 300), "=?utf-8?Q?Bcc=3A_x?=", "komma, punt. (haak)", "🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈",
	} {
		m, err := Compose(Message{Case: someone("Jo", complainant), Policy: policy(), Subject: subject, Body: "x", Now: moment(t, "2026-11-03")})
		must(t, err)
		checkMail(t, m, subject, "x")
	}
}

func TestComposeTexts(t *testing.T) {
	for _, body := range []string{
		"Kort.", "Met é.", strings.Repeat("lang ", 100) + "e", strings.Repeat("é", 500), strings.Repeat("x", 76) + "\n" + strings.Repeat("y", 77) + "\n" + strings.Repeat("z", 78),
		"a\n\n\nb", ".", "..\n.", "From mij", "tab\thier", "==", strings.Repeat("=", 100), "x" + strings.Repeat(" ", 100) + "x", strings.Repeat("e.", 60), "é" + strings.Repeat(".", 200),
	} {
		m, err := Compose(Message{Case: someone("Jo", complainant), Policy: policy(), Subject: "s", Body: body, Now: moment(t, "2026-11-03")})
		must(t, err)
		checkMail(t, m, "s", body)
	}
}

func TestComposeRefuses(t *testing.T) {
	for _, c := range []struct {
		change func(*Message)
		want   string
	}{
		{func(m *Message) { m.To = "jolanda" }, `"jolanda" is not an e-mail address`},
		{func(m *Message) { m.To = "a@b.example, c@d.example" }, `"a@b.example, c@d.example" is not an e-mail address`},
		{func(m *Message) { m.To = "a@b.example\r\nBcc: c@d.example" }, `"a@b.example Bcc: c@d.example" is not an e-mail address`},
		{func(m *Message) { m.To = "-oQ@b.example" }, `"-oQ@b.example" is not an e-mail address`},
		{func(m *Message) { m.To = "zoë@b.example" }, `"zoë@b.example" has letters before the @ that many mail servers do not take`},
		{func(m *Message) { m.Case = someone("Jo", "") }, "there is no e-mail address of the complainant in 2026-0001"},
		{func(m *Message) { m.Case = someone("Jo", "geen adres") }, `"geen adres" is not an e-mail address`},
		{func(m *Message) { m.Subject = " \n " }, "the letter has no subject"},
		{func(m *Message) { m.Body = "\n\n" }, "the letter is empty"},
		{func(m *Message) { m.Policy.Organisation.Email = "mok" },
			`the address of the organisation cannot send mail: "mok" is not an e-mail address`},
	} {
		m := Message{Case: someone("Jo", complainant), Policy: policy(), Subject: "s", Body: "b", Now: moment(t, "2026-11-03")}
		c.change(&m)
		_, err := Compose(m)
		wantError(t, err, c.want)
	}
}

func TestComposeToWhom(t *testing.T) {
	m, err := Compose(Message{Case: someone("Jo", "jo@bücher.example"), Policy: policy(), Subject: "s", Body: "b", Now: moment(t, "2026-11-03")})
	must(t, err)
	if m.To != "jo@xn--bcher-kva.example" || !strings.Contains(string(m.Raw), "\r\nTo: Jo <jo@xn--bcher-kva.example>\r\n") {
		t.Errorf("%s\n%s", m.To, m.Raw)
	}
	m, err = Compose(Message{Case: someone("Jo", complainant), To: "ander@adres.example", Policy: policy(), Subject: "s", Body: "b", Now: moment(t, "2026-11-03")})
	must(t, err)
	if m.To != "ander@adres.example" || bytes.Contains(m.Raw, []byte("jolanda")) || !bytes.Contains(m.Raw, []byte("\r\nTo: ander@adres.example\r\n")) {
		t.Errorf("%s\n%s", m.To, m.Raw)
	}
}

func TestMessageIDsAreNobodys(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id := NewMessageID("mok.example")
		if !regexp.MustCompile(`^[a-z2-7]{26}@mok\.example$`).MatchString(id) || seen[id] {
			t.Fatal(id)
		}
		seen[id] = true
	}
}

func TestThread(t *testing.T) {
	many := ""
	for i := range 40 {
		many += " <" + string(rune('a'+i%26)) + strings.Repeat("x", i) + "@v.example>\r\n"
	}
	for _, c := range []struct{ name, raw, parent, chain string }{
		{"none", "From: a@b.example\r\n\r\nx", "", ""},
		{"only its own", "Message-Id: <1@v.example>\r\n\r\nx", "<1@v.example>", "<1@v.example>"},
		{"a conversation", "References: <1@v.example>\r\n <2@mok.example>\r\nMESSAGE-ID:\t<3@v.example>\r\n\r\nx", "<3@v.example>", "<1@v.example> <2@mok.example> <3@v.example>"},
		{"without References", "In-Reply-To: <2@mok.example>\nMessage-ID: <3@v.example>\n\nx", "<3@v.example>", "<2@mok.example> <3@v.example>"},
		{"twice", "References: <1@v.example> <1@v.example> <3@v.example>\nMessage-ID: <3@v.example>\n\nx", "<3@v.example>", "<1@v.example> <3@v.example>"},
		{"in the body", "From: a@b.example\n\nMessage-ID: <3@v.example>\n", "", ""},
		{"not one", "Message-ID: jolanda de wit\n\nx", "", ""},
		{"too long", "Message-ID: <" + strings.Repeat("x", 500) + "@v.example>\n\nx", "", ""},
		{"a control character", "Message-ID: <1\x00\x1b@v.example>\n\nx", "", ""},
	} {
		parent, chain := thread([]byte(c.raw), policy())
		if parent != c.parent || strings.Join(chain, " ") != c.chain {
			t.Errorf("%s: %s; %s", c.name, parent, chain)
		}
	}
	_, chain := thread([]byte("References:"+many+"Message-ID: <laatste@v.example>\r\n\r\nx"), policy())
	if len(chain) != maxReferences || chain[0] != "<a@v.example>" || chain[len(chain)-1] != "<laatste@v.example>" {
		t.Error(chain)
	}
}

func TestThreadOfAForwardedMail(t *testing.T) {
	raw := "Message-ID: <door@mok.example>\r\nFrom: klacht@mok.example\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + complaintMail + "\r\n--b--\r\n"
	parent, chain := thread([]byte(raw), policy())
	if parent != "<vraag-1@voorbeeld.example>" || len(chain) != 1 {
		t.Error(parent, chain)
	}
}

var known = []string{"Content-Transfer-Encoding", "Content-Type", "Date", "From", "In-Reply-To", "Message-Id", "Mime-Version", "References", "Subject", "To"}

// checkMail makes sure that a mail is one, says what it should, and nothing
// that it should not.
func checkMail(t tb, m *Mail, subject, body string) {
	t.Helper()
	for line := range strings.SplitSeq(string(m.Raw), "\r\n") {
		if len(line) > maxLine || strings.ContainsAny(line, "\r\n\x00\x1b\x7f") || !isASCII(line) || line == "." {
			t.Errorf("a line that cannot be: %q", line)
		}
	}
	msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range msg.Header {
		if !strings.Contains(strings.Join(known, " ")+" ", name+" ") || len(values) != 1 {
			t.Errorf("a header that does not belong: %s: %q", name, values)
		}
	}
	to, err := msg.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != m.To {
		t.Errorf("to %v, %v", to, err)
	}
	from, err := msg.Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Address != "klacht@mok.example" {
		t.Errorf("from %v, %v", from, err)
	}
	for word := range strings.FieldsSeq(msg.Header.Get("Subject") + " " + msg.Header.Get("To")) {
		if strings.HasPrefix(word, "=?") && (len(word) > maxWord || !utf8.ValidString(must1(new(mime.WordDecoder).Decode(word)))) {
			t.Errorf("an encoded word that cannot be: %s", word)
		}
	}
	if got := must1(new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))); got != clean(subject) {
		t.Errorf("subject %q, want %q", got, clean(subject))
	}
	var r io.Reader = msg.Body
	if msg.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		r = quotedprintable.NewReader(r)
	}
	got := must1(io.ReadAll(r))
	if want := strings.ReplaceAll(cleanText(body), "\n", "\r\n") + "\r\n"; string(got) != want {
		t.Errorf("body %q, want %q", got, want)
	}
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func FuzzCompose(f *testing.F) {
	for _, s := range []string{"Jo", "Jo\r\nBcc: x@y.example", "Jo\x00\x1b[31m", "\u2028Bcc: x", "\u202Eoj", "=?utf-8?Q?=0D=0ABcc:_x?=", "\"a\" <b@c.example>", "é\xff"} {
		f.Add(s, s, s, s, s)
	}
	f.Add("Jo", complainant, "s", "b", complaintMail)
	f.Fuzz(func(t *testing.T, name, address, subject, body, answers string) {
		m, err := Compose(Message{Case: someone(name, address), Policy: policy(), By: name, Subject: subject, Body: body,
			Answers: []byte(answers), Now: casefile.Moment{Date: casefile.Date{Year: 2026, Month: 11, Day: 3}}})
		if err != nil {
			if inbox.ValidAddress(address) && isASCII(address) && clean(subject) != "" && cleanText(body) != "" {
				t.Errorf("refused: %v", err)
			}
			return
		}
		checkMail(t, m, subject, body)
	})
}
