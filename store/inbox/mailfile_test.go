package inbox_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"klacht/store/inbox"
)

func inUTF16(text string, order binary.AppendByteOrder) []byte {
	raw := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, u)
	}
	return raw
}

const plist = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict/></plist>\n"

func TestMailfile(t *testing.T) {
	mail := string(fixture(t, "plain"))
	emlx := fmt.Sprintf("%-10d\n%s%s", len(mail), mail, plist)
	tests := []struct{ name, file, mail, err string }{
		{"eml", mail, mail, ""},
		{"emlx", emlx, mail, ""},
		{"emlx, cut off", emlx[:len(mail)], "", "is not whole"},
		{"emlx that counts nothing", "0\n" + mail, "", "is not whole"},
		{"UTF-16, as Windows has it", string(inUTF16(mail, binary.LittleEndian)), mail, ""},
		{"UTF-16, the other way", string(inUTF16(mail, binary.BigEndian)), mail, ""},
		{"msg", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", "", "Outlook .msg"},
		{"winmail.dat", "\x78\x9F\x3E\x22\x00", "", "winmail.dat"},
		{"nothing", "", "", ""},
	}
	for _, tt := range tests {
		got, err := inbox.Mailfile([]byte(tt.file))
		if string(got) != tt.mail || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

// What it returns is part of the file, unless that was in UTF-16.
func FuzzMailfile(f *testing.F) {
	mail := string(fixture(f, "plain"))
	f.Add([]byte(mail))
	f.Add([]byte(fmt.Sprintf("%-10d\n%s%s", len(mail), mail, plist)))
	f.Add([]byte("99999999999999999\nx"))
	f.Add([]byte("-1\nx"))
	f.Add(inUTF16(mail, binary.LittleEndian))
	f.Add([]byte("\xFE\xFF\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := inbox.Mailfile(raw)
		utf16 := bytes.HasPrefix(raw, []byte("\xFF\xFE")) || bytes.HasPrefix(raw, []byte("\xFE\xFF"))
		if err == nil && !utf16 && !bytes.Contains(raw, got) {
			t.Errorf("%q is not in the file", got)
		}
	})
}

func TestWithoutText(t *testing.T) {
	head := "From: Jolanda de Wit <jolanda@klant.example>\nDate: Fri, 20 Nov 2026 16:39:58 +0100\nSubject: Klacht\nMIME-Version: 1.0\n"
	mixed := head + "Content-Type: multipart/mixed; boundary=b\n\n"
	docx := "--b\nContent-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document; name=klacht.docx\nContent-Disposition: attachment; filename=klacht.docx\n\nPK\n"
	named := "--b\nContent-Type: text/plain; name=klacht.txt\nContent-Disposition: inline; filename=klacht.txt\n\nTe laat.\n"
	tests := []struct{ name, mail, text, attached string }{
		{"only a docx", mixed + docx + "--b--\n", "", "klacht.docx"},
		{"a text with a name", mixed + named + docx + "--b--\n", "Te laat.", ""},
		{"a text, and one with a name", mixed + "--b\n\nDe klacht.\n" + named + "--b--\n", "De klacht.", ""},
		{"enveloped", head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMII=\n", "", "smime.p7m"},
		{"nothing", head + "\n", "", ""},
	}
	for _, tt := range tests {
		m := read(t, []byte(tt.mail))
		if got := strings.Join(m.Attached, ", "); m.Text != tt.text || got != tt.attached {
			t.Errorf("%s: text %q, attached %q", tt.name, m.Text, got)
		}
	}
}
