package inbox

import (
	"bytes"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
)

// maxMultiparts and maxParts are the most of either that are read of a mail;
// the first words of a mail are never behind that many. The time the library
// takes doubles with every multipart inside another, and grows with the square
// of the number of parts.
const (
	maxMultiparts = 16
	maxParts      = 10_000
)

// parse reads a mail, and turns a panic of the library into an error: the mail
// may have been made to cause one.
func parse(raw []byte) (env *enmime.Envelope, err error) {
	defer func() {
		if recover() != nil {
			env, err = nil, casefile.Errorf("its form is broken")
		}
	}()
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\uFEFF")), " \t\r\n")
	if bytes.HasPrefix(raw, []byte("From ")) { // the line before a mail in an mbox
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	multiparts := 0
	parser := enmime.NewParser(
		enmime.SkipMalformedParts(true),
		enmime.MaxStoredPartErrors(10),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.DisableCharacterDetection(true),
		enmime.DisableTextConversion(true), // see reader.page
		enmime.SetCustomParseMediaType(func(s string) (string, map[string]string, []string, error) {
			kind, params, invalid, err := mediatype.Parse(s)
			if err != nil { // a mail is not refused for a header that says nothing
				return "", nil, nil, nil
			}
			if params["boundary"] != "" {
				if multiparts++; multiparts > 2*maxMultiparts { // the library parses each of these headers twice
					delete(params, "boundary")
				}
			}
			if strings.HasPrefix(kind, "text/") {
				params["charset"] = claimed(params["charset"])
			}
			return kind, params, invalid, nil
		}))
	raw = without64(raw)
	env, err = parser.ReadEnvelope(bytes.NewReader(firstParts(raw)))
	if err == nil {
		if inner := unwrapped(env.Root, raw); inner != nil {
			multiparts = 0
			env, err = parser.ReadEnvelope(bytes.NewReader(firstParts(inner)))
		}
	}
	switch {
	case err != nil: // the library's words quote the mail (R13)
		return nil, casefile.Errorf("its form is broken")
	case len(env.Root.Header) == 0:
		return nil, casefile.Errorf("it has no header")
	}
	for _, name := range []string{"From", "Sender", "Reply-To", "Subject"} {
		for i, v := range env.Root.Header[name] {
			env.Root.Header[name][i] = known(legible(v))
		}
	}
	return env, nil
}

// firstParts returns the part of a mail in which there are no more than
// maxParts parts.
func firstParts(raw []byte) []byte {
	end := 0
	for range maxParts {
		i := bytes.Index(raw[end:], []byte("\n--"))
		if i < 0 {
			return raw
		}
		end += i + 1
	}
	return raw[:end]
}

// from80 is what Windows-1252 has in the place of U+0080 to U+009F.
var from80 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ")

// legible returns text as UTF-8, without a byte order mark. Bytes that are not
// in UTF-8 are taken to be in Windows-1252.
func legible(s string) string {
	s = strings.TrimPrefix(s, "\uFEFF")
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if c := s[i]; r != utf8.RuneError || strings.HasPrefix(s[i:], "\uFFFD") {
			b.WriteRune(r)
		} else if c < 0xA0 {
			b.WriteRune(from80[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// attached returns the first mail that is attached to a mail, or is all that
// is in it; or nil.
func attached(root *enmime.Part) []byte {
	p := root.DepthMatchFirst(isMail)
	if p == nil {
		return nil
	}
	return p.Content
}

func isMail(p *enmime.Part) bool {
	return len(p.Content) > 0 && (p.ContentType == "message/rfc822" || strings.HasSuffix(strings.ToLower(p.FileName), ".eml"))
}

// maxSeveral is the most mails that are taken out of one.
const maxSeveral = 100

// several returns the mails that the firm forwarded in one, in the order in which they
// were written; nil unless there are more than one.
func several(env *enmime.Envelope, firm Firm) [][]byte {
	if !ours(env, firm) {
		return nil
	}
	type written struct {
		raw []byte
		at  time.Time
	}
	var list []written
	for _, p := range env.Root.DepthMatchAll(isMail) {
		if in, err := parse(p.Content); err == nil && len(list) < maxSeveral {
			list = append(list, written{p.Content, date(in.Root.Header.Get("Date"))})
		}
	}
	if len(list) < 2 {
		return nil
	}
	slices.SortStableFunc(list, func(x, y written) int { return x.at.Compare(y.at) })
	var mails [][]byte
	for _, m := range list {
		mails = append(mails, m.raw)
	}
	return mails
}
