package inbox

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// unwrapped returns a mail of which all is within a signature (RFC 8551, 3.5.2) without
// that: its own headers with what was signed. Any other mail is nil. Whether the signature
// is a good one is not looked at.
func unwrapped(root *enmime.Part, raw []byte) []byte {
	if root.ContentType != "application/pkcs7-mime" && root.ContentType != "application/x-pkcs7-mime" {
		return nil
	}
	inner := signedContent(root.Content)
	if inner == nil {
		return nil
	}
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	var b bytes.Buffer
	dropped := false
	for line := range bytes.Lines(append(head, '\n')) {
		if line[0] != ' ' && line[0] != '\t' {
			name := strings.ToLower(string(line[:min(len(line), len("content-"))]))
			dropped = name == "content-"
		}
		if !dropped {
			b.Write(line)
		}
	}
	b.Write(inner)
	return b.Bytes()
}

// maxNested is the most elements within each other that are read, and the most bytes that
// say how long one is.
const maxNested, maxLength = 32, 4

// element reads the first element of BER: its tag, and what is in it. Outlook and openssl
// write some without a length, which end with two zeros.
func element(b []byte, depth int) (tag byte, in, rest []byte, ok bool) {
	if len(b) < 2 || depth > maxNested || b[0]&0x1F == 0x1F {
		return 0, nil, nil, false
	}
	tag, n := b[0], int(b[1])
	b = b[2:]
	switch {
	case n == 0x80:
		for rest = b; !bytes.HasPrefix(rest, []byte{0, 0}); {
			if _, _, rest, ok = element(rest, depth+1); !ok {
				return 0, nil, nil, false
			}
		}
		return tag, b[:len(b)-len(rest)], rest[2:], tag&0x20 != 0
	case n > 0x80:
		size := n - 0x80
		if size > maxLength || size > len(b) {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range b[:size] {
			n = n<<8 | int(c)
		}
		b = b[size:]
	}
	if n < 0 || n > len(b) {
		return 0, nil, nil, false
	}
	return tag, b[:n], b[n:], true
}

// The tags and names on the way to what was signed (RFC 5652, 3 and 5).
const (
	tagName, tagBytes, tagPieces, tagContent = 0x06, 0x04, 0x24, 0xA0

	signedData = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"
	plainData  = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"
)

// signedContent returns what is within a signature; nil if there is none, or nothing in it.
func signedContent(der []byte) []byte {
	if text, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(der))); err == nil { // twice
		der = text
	}
	_, in, _, ok := element(der, 0)
	if in = named(in, signedData); !ok || in == nil {
		return nil
	}
	_, in, _, ok = element(in, 0)
	for range 2 { // the version, and the ways of signing
		if ok {
			_, _, in, ok = element(in, 0)
		}
	}
	if ok {
		_, in, _, ok = element(in, 0)
	}
	if in = named(in, plainData); !ok || in == nil {
		return nil
	}
	return pieces(in, 0)
}

// named returns what an element bears that starts with a name; nil if that is not it.
func named(in []byte, want string) []byte {
	tag, name, rest, ok := element(in, 0)
	if !ok || tag != tagName || string(name) != want {
		return nil
	}
	if tag, in, _, ok = element(rest, 0); !ok || tag != tagContent {
		return nil
	}
	return in
}

// pieces returns the bytes of an element, which may come in pieces; nil if it has none.
func pieces(b []byte, depth int) []byte {
	tag, in, _, ok := element(b, depth)
	switch {
	case !ok || depth > maxNested:
		return nil
	case tag == tagBytes:
		return in
	case tag != tagPieces:
		return nil
	}
	var all []byte
	for len(in) > 0 {
		all = append(all, pieces(in, depth+1)...)
		if _, _, in, ok = element(in, depth); !ok {
			return nil
		}
	}
	return all
}
