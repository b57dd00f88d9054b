package trace

import (
	"bytes"
	"encoding/base64"
	"html"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// readings hands over a text as it is, and as it reads once what mails, pages and
// JSON make of it is undone: quoted-printable, base64, entities, escapes and UTF-16. Depth is
// how often one may be inside another.
func readings(data []byte, depth int, take func([]byte)) {
	take(data)
	if b := data; len(b) > 1 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF) {
		units := make([]uint16, 0, len(b)/2)
		for ; len(b) > 1; b = b[2:] {
			lo, hi := b[0], b[1]
			if data[0] == 0xFE {
				lo, hi = hi, lo
			}
			units = append(units, uint16(hi)<<8|uint16(lo))
		}
		data = []byte(string(utf16.Decode(units)))
		take(data)
	}
	if bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 { // no text: a picture, say
		return
	}
	texts := [][]byte{data}
	if q := unquoted(data); q != nil {
		take(q)
		texts = append(texts, q)
	}
	for _, text := range texts {
		if bytes.ContainsAny(text, "<&") {
			take([]byte(html.UnescapeString(string(tag.ReplaceAll(text, []byte(" "))))))
		}
	}
	if bytes.Contains(data, []byte(`\u`)) {
		take(escape.ReplaceAllFunc(data, func(e []byte) []byte {
			n, _ := strconv.ParseUint(string(e[2:]), 16, 16)
			return utf8.AppendRune(nil, rune(n))
		}))
	}
	if depth > 0 {
		based(data, func(inner []byte) { readings(inner, depth-1, take) })
	}
}

var (
	tag    = regexp.MustCompile(`<[^<>]*>`)
	escape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)
)

// unquoted undoes quoted-printable, as far as a text is that; nil if it is not.
func unquoted(data []byte) []byte {
	if !bytes.Contains(data, []byte("=")) {
		return nil
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		if data[i] == '=' {
			if rest := data[i+1:]; bytes.HasPrefix(rest, []byte("\r\n")) {
				i += 2
				continue
			} else if bytes.HasPrefix(rest, []byte("\n")) {
				i++
				continue
			} else if len(rest) > 1 {
				if n, err := strconv.ParseUint(string(rest[:2]), 16, 8); err == nil {
					out = append(out, byte(n))
					i += 2
					continue
				}
			}
		}
		out = append(out, data[i])
	}
	return out
}

// inBase64 are the characters of base64, as mails and addresses have them.
var inBase64 = func() (is [256]byte) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		is[c] = c
	}
	is['-'], is['_'] = '+', '/'
	return is
}()

// based hands over what stands in a text in base64: lines of it, or a single run of
// at least twelve characters; after a ? (in the header of a mail) of four.
func based(data []byte, take func([]byte)) {
	var run []byte
	for i := 0; i < len(data); i++ {
		if inBase64[data[i]] == 0 {
			continue
		}
		least, line := 12, 0
		if i > 0 && data[i-1] == '?' {
			least = 4
		}
		run = run[:0]
		for ; i < len(data); i++ {
			c := data[i]
			switch {
			case inBase64[c] != 0:
				run, line = append(run, inBase64[c]), line+1
				continue
			case c == '\n' && line >= 40:
				line = 0
				continue
			case c == '\r' && line >= 40 && i+1 < len(data) && data[i+1] == '\n':
				continue
			}
			break
		}
		if len(run) < least {
			continue
		}
		if len(run)%4 == 1 {
			run = run[:len(run)-1]
		}
		inner := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
		if n, err := base64.RawStdEncoding.Decode(inner, run); err == nil {
			take(inner[:n])
		}
	}
}

// plain is what is left of a letter without its capitals and accents, of those that
// Latin, Greek and Cyrillic have; 0 for an accent.
var plain = func() (to [0x2000]rune) {
	for i := range to {
		for _, r := range norm.NFD.String(string(unicode.ToLower(rune(i)))) {
			if to[i] == 0 && !unicode.Is(unicode.Mn, r) {
				to[i] = r
			}
		}
	}
	return to
}()

// fold returns a text in small letters without accents. Bytes that are not in UTF-8
// are taken to be in Latin-1.
func fold(s []byte) []byte {
	out := make([]byte, 0, len(s)+len(s)/8)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			out = append(out, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 {
			r = rune(c)
		}
		if i += size; int(r) >= len(plain) {
			out = utf8.AppendRune(out, unicode.ToLower(r))
		} else if r = plain[r]; r != 0 {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}
