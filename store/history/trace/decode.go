package trace

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	casefile "klacht/case"
)

// readings hands over a text as it is, and as it reads once what mails, pages, JSON and
// YAML make of it is undone, in UTF-16 too. Depth is how often it may be in base64.
func readings(data []byte, depth int, take func([]byte)) {
	if text, err := utf.UTF16(utf.LittleEndian, utf.ExpectBOM).NewDecoder().Bytes(data); err == nil {
		take(data)
		data = text
	}
	if bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 { // no text: a picture, say
		take(data)
		return
	}
	undone(data, undoings, take)
	if depth > 0 {
		based(data, func(inner []byte) { readings(inner, depth-1, take) })
	}
}

// undone hands over a text, and what any of the undoings make of it, in their order.
func undone(text []byte, undoings []func([]byte) []byte, take func([]byte)) {
	take(text)
	for i, undo := range undoings {
		if got := undo(text); !bytes.Equal(got, text) {
			undone(got, undoings[i+1:], take)
		}
	}
}

var (
	quoted  = casefile.Pattern(`=(\r?\n|[0-9a-fA-F]{2})`)
	escaped = casefile.Pattern(`\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})`)
	tag     = casefile.Pattern(`<[^<>]*>`)
	headers = mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil }}

	asInMail = strings.NewReplacer("-", "+", "_", "/") // of the base64 that addresses of pages have
)

// undoings are what makes a text of a mail (in its headers and its body), of JSON or
// YAML between quotes, and of a page.
var undoings = []func([]byte) []byte{
	func(text []byte) []byte {
		header, _ := headers.DecodeHeader(string(text)) // fails only for a charset
		return quoted().ReplaceAllFunc([]byte(header), func(q []byte) []byte {
			n, err := strconv.ParseUint(string(q[1:]), 16, 8)
			if err != nil { // the line goes on
				return nil
			}
			return []byte{byte(n)}
		})
	},
	func(text []byte) []byte {
		return escaped().ReplaceAllFunc(text, func(e []byte) []byte {
			n, _ := strconv.ParseUint(string(e[2:]), 16, 16)
			return utf8.AppendRune(nil, rune(n))
		})
	},
	func(text []byte) []byte {
		return []byte(html.UnescapeString(string(tag().ReplaceAll(text, []byte(" ")))))
	},
}

// based hands over what stands in a text in base64: lines of at least forty characters
// and the one that ends them, or a run of at least twelve.
func based(data []byte, take func([]byte)) {
	start, line := 0, 0
	for i := 0; i <= len(data); i++ {
		switch {
		case i == len(data):
		case isAlnum(data[i]) || strings.IndexByte("+/-_", data[i]) >= 0:
			line++
			continue
		case data[i] == '\r' && line >= 40:
			continue
		case data[i] == '\n' && line >= 40:
			line = 0
			continue
		}
		if run := data[start:i]; len(run) >= 12 {
			inner := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
			n, _ := base64.RawStdEncoding.Decode(inner, []byte(asInMail.Replace(string(run)))) // what is left over at the end says nothing
			take(inner[:n])
		}
		start, line = i+1, 0
	}
}

// plain is what is left of a letter without its capitals and accents, of those that
// Latin, Greek and Cyrillic have; -1 for an accent.
var plain = sync.OnceValue(func() *[0x2000]rune {
	var to [0x2000]rune
	for i := range to {
		to[i] = -1
		for _, r := range norm.NFD.String(string(unicode.ToLower(rune(i)))) {
			if to[i] < 0 && !unicode.Is(unicode.Mn, r) {
				to[i] = r
			}
		}
	}
	return &to
})

// fold returns a text in small letters without accents. Bytes that are not in UTF-8
// are taken to be in Latin-1.
func fold(s []byte) []byte {
	out, plain := make([]byte, 0, len(s)+len(s)/8), plain()
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		if r == utf8.RuneError && size == 1 {
			r = rune(s[0])
		}
		if s = s[size:]; int(r) < len(plain) {
			r = plain[r]
		} else {
			r = unicode.ToLower(r)
		}
		if r >= 0 {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}
