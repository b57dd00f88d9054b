package inbox

import (
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/text/encoding/htmlindex"

	casefile "klacht/case"
)

// asItIs stands before the character set that a text claims to be in, where what it is in
// is seen from the text itself. The library knows no such set, and leaves the text alone.
const asItIs = "as it is "

// aByteEach matches the character sets of one byte for each letter: a text that claims one
// and is in UTF-8 all the same is told by that.
var aByteEach = casefile.Pattern(`^(?:iso[-_]?8859[-_]?\d+|windows-125\d|koi8-[ru]|macintosh|latin\d)$`)

// claimed returns the character set under which the library is to read a text.
func claimed(charset string) string {
	charset = strings.ToLower(strings.TrimSpace(charset))
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252":
		return asItIs
	}
	if _, err := htmlindex.Get(charset); err == nil && aByteEach().MatchString(charset) {
		return asItIs + charset
	}
	return charset
}

// written returns the text of a part.
func written(p *enmime.Part) string {
	charset, ours := strings.CutPrefix(p.Charset, asItIs)
	if ours && charset != "" && !utf8.Valid(p.Content) {
		if e, err := htmlindex.Get(charset); err == nil {
			if text, err := e.NewDecoder().Bytes(p.Content); err == nil {
				return string(text)
			}
		}
	}
	return legible(string(p.Content))
}

// unknown matches a word of a header in a character set that has no name (RFC 1428).
var unknown = casefile.Pattern(`(?i)=\?(?:unknown-8bit|x-unknown|unknown)\?[qb]\?[^?\s]*\?=`)

// known returns a header with the words in no known character set decoded by what they are
// in.
func known(header string) string {
	d := mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil }}
	return unknown().ReplaceAllStringFunc(header, func(word string) string {
		text, err := d.Decode(word)
		if err != nil {
			return word
		}
		return legible(text)
	})
}

// plainAfterAll matches a body that no program made of bytes: words with blanks between
// them.
var plainAfterAll = casefile.Pattern(`^[^\n]*\pL+ \pL+ \pL+`)

// without64 takes from a mail in one part the word that it is in base64 if it is not.
func without64(raw []byte) []byte {
	head, body, found := strings.Cut(strings.ReplaceAll(string(raw[:min(len(raw), 64<<10)]), "\r\n", "\n"), "\n\n")
	if !found || !encoding64().MatchString("\n"+head) || !plainAfterAll().MatchString(strings.TrimSpace(body)) {
		return raw
	}
	i := encoding64().FindIndex(raw)
	if i == nil {
		return raw
	}
	return append(append(append([]byte{}, raw[:i[0]]...), "\nContent-Transfer-Encoding: 8bit"...), raw[i[1]:]...)
}

// encoding64 matches the header that says base64.
var encoding64 = casefile.Pattern(`(?i)\ncontent-transfer-encoding:[ \t]*base64[ \t]*`)
