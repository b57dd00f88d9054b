package inbox_test

import (
	"strings"
	"testing"

	"klacht/store/inbox"
)

// What a person wrote is read, whatever their program made of it.
func TestWordsInOddForms(t *testing.T) {
	const head = "From: Jolanda de Wit <jolanda@klant.example>\nDate: Fri, 20 Nov 2026 16:39:58 +0100\nSubject: Klacht\nMIME-Version: 1.0\n"
	const either = head + "Content-Type: multipart/alternative; boundary=b\n\n"
	const geld = "Ik wil mijn geïnde € 150 terug."
	tests := []struct{ name, mail, want string }{
		{"all within a signature", string(fixture(t, "signed-opaque")), "De website is drie weken te laat; ik wil de geïnde € 150 terug."},
		{"in pieces", string(fixture(t, "signed-opaque-stream")), "De website is drie weken te laat; ik wil de geïnde € 150 terug."},
		{"with a signature beside it", head + "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" + geld +
			"\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nMII=\n--b--\n", geld},
		{"a plain part that says nothing", either + "--b\n\nYour mail program does not support HTML messages.\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>" + geld + "</p>\n--b--\n", geld},
		{"a plain part that speaks of HTML", either + "--b\n\n" + strings.Repeat("De website toont ruwe HTML in plaats van tekst. ", 10) + "\n--b\nContent-Type: text/html\n\n<p>x</p>\n--b--\n",
			strings.TrimSpace(strings.Repeat("De website toont ruwe HTML in plaats van tekst. ", 10))},
		{"only a plain part that says nothing", either + "--b\n\nView this mail in HTML.\n--b--\n", "View this mail in HTML."},
		{"the line for a list of mails", head + "Content-Type: text/html; charset=utf-8\n\n<body><div style=\"display:none; max-height:0\">Voorvertoning &zwnj;</div><p>" + geld + "</p></body>\n", geld},
		{"hidden, with words in parts", head + "Content-Type: text/html; charset=utf-8\n\n<body><div style='display:none'><b>Niet</b> kwijt</div><p>" + geld + "</p></body>\n", "*Niet* kwijt\n\n" + geld},
		{"ISO-8859-15 that is UTF-8", head + "Content-Type: text/plain; charset=iso-8859-15\n\n" + geld + "\n", geld},
		{"ISO-8859-15", head + "Content-Type: text/plain; charset=ISO-8859-15\n\nIk wil mijn ge\xefnde \xa4 150 terug.\n", geld},
		{"Windows-1250 that is UTF-8", head + "Content-Type: text/html; charset=\"windows-1250\"\n\n<p>" + geld + "</p>\n", geld},
		{"base64 that is none", head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + geld + "\n", geld},
		{"base64", head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSWsgd2lsIG1pam4gZ2XDr25kZSDigqwgMTUwIHRlcnVnLgo=\n", geld},
	}
	for _, tt := range tests {
		if got := strings.TrimSpace(read(t, []byte(tt.mail)).Text); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAWordInNoKnownCharacterSet(t *testing.T) {
	for subject, want := range map[string]string{
		"=?unknown-8bit?Q?Caf=E9?= te laat":     "Café te laat",
		"=?UNKNOWN-8BIT?B?Q2Fmw6k=?= te laat":   "Café te laat",
		"=?x-unknown?Q?Caf=C3=A9_te?= laat":     "Café te laat",
		"=?unknown-8bit?Q?Caf=E9 te laat":       "=?unknown-8bit?Q?Caf=E9 te laat",
		"=?iso-8859-1?Q?Caf=E9?= te laat":       "Café te laat",
		"=?unknown-8bit?Q?a=0D=0ABcc:_x?= laat": "a Bcc: x laat",
	} {
		m := read(t, []byte("From: jolanda@klant.example\nSubject: "+subject+"\n\nx\n"))
		if m.Subject != want {
			t.Errorf("%s: %q, want %q", subject, m.Subject, want)
		}
	}
}

// What is within a signature is as hostile as any mail: whatever it is, it is read in
// little time or not at all.
func FuzzSigned(f *testing.F) {
	for _, name := range []string{"signed-opaque", "signed-opaque-stream"} {
		f.Add(fixture(f, name))
	}
	f.Add([]byte("Content-Type: application/pkcs7-mime\nFrom: a@b.example\n\n" + strings.Repeat("\x30\x80", 1000)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, _ = inbox.Read(raw, firm)
	})
}
