package inbox

import (
	"klacht/deadlines"
	"strings"
	"testing"
	"time"
)

// What a mail says of its days, however it is folded, and of one that the firm forwarded.
func TestTimes(t *testing.T) {
	firm := &deadlines.Policy{Organisation: deadlines.Organisation{Email: "info@webwerkoost.example"}}
	const plain = "Received: from a.example by mx.example\r\n\t(with SMTP);\r\n Mon, 02 Mar 2026 09:00:00 +0100 (CET)\r\n" +
		"Received: from b.example by a.example; Sun, 01 Mar 2026 09:00:00 +0100\r\nDATE: Sat, 28 Feb 2026 09:00:00 +0100\r\nSubject: x\r\n"
	for name, c := range map[string]struct{ mail, dated, arrived string }{
		"plain":           {plain + "\r\nDate: Fri, 27 Feb 2026 09:00:00 +0100\r\n", "2026-02-28", "2026-03-02"},
		"from an mbox":    {"From x\n" + strings.ReplaceAll(plain, "\r\n", "\n") + "\nx", "2026-02-28", "2026-03-02"},
		"no stamp":        {"Date: Sat, 28 Feb 2026 09:00:00 +0100\n\nReceived: x; Mon, 02 Mar 2026 09:00:00 +0100\n", "2026-02-28", ""},
		"nothing":         {"", "", ""},
		"no mail":         {"\x00\xff\n:::\n\n", "", ""},
		"only a header":   {"Date: Sat, 28 Feb 2026 09:00:00 +0100", "2026-02-28", ""},
		"no date in it":   {"Date: gisteren\nReceived: x\n\n", "", ""},
		"forwarded":       {forwardedMail("mok@webwerkoost.example", plain), "2026-02-28", "2026-03-02"},
		"with an old one": {forwardedMail("jolanda@voorbeeld.example", plain), "2026-03-06", "2026-03-06"},
	} {
		dated, arrived := Times([]byte(c.mail), firm)
		if got := dayOf(dated) + " " + dayOf(arrived); got != c.dated+" "+c.arrived {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func forwardedMail(from, inner string) string {
	return "Received: x by y; Fri, 06 Mar 2026 09:00:00 +0100\r\nFrom: " + from + "\r\nDate: Fri, 06 Mar 2026 09:00:00 +0100\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nzie bijlage\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" +
		inner + "From: Ada <ada@voorbeeld.example>\r\n\r\nTekst\r\n--b--\r\n"
}
