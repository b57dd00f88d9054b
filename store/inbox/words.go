package inbox

import (
	"html"
	"strings"
	"unicode/utf8"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

// maxText is the most characters of a mail's text that go into a case; the mail
// itself is kept whole.
const maxText = 50_000

// text returns what the sender wrote, without what is attached.
func text(env *enmime.Envelope) (text string, cut bool) {
	return (&reader{html: maxHTML}).text(env)
}

func (r *reader) text(env *enmime.Envelope) (text string, cut bool) {
	text = casefile.Plain(r.words(env.Root))
	if strings.TrimSpace(text) == "" {
		r.named = true
		text = casefile.Plain(r.words(env.Root))
	}
	if utf8.RuneCountInString(text) <= maxText {
		return text, r.cut
	}
	return casefile.Plain(string([]rune(text)[:maxText])), true
}

// maxHTML is the most bytes of HTML that are read of a mail: of hostile HTML, a
// megabyte takes the library seconds.
const maxHTML = 512 << 10

// reader reads the parts of a mail.
type reader struct {
	html  int  // the bytes of HTML that may still be read
	cut   bool // there were more
	named bool // a text with a file name is read too, unless it is said to be attached
}

// words returns the text of a part: of alternatives the plain one, unless that
// is blank; of HTML its words; of what is attached or has a file name, nothing, unless named
// says otherwise.
func (r *reader) words(p *enmime.Part) string {
	kind, sub, _ := strings.Cut(p.ContentType, "/")
	root := p.Parent == nil
	switch {
	case strings.EqualFold(p.Disposition, "attachment"), p.FileName != "" && !root && !r.named:
		return ""
	case p.ContentType == "text/html":
		return r.page(written(p))
	case p.ContentType == "", p.ContentType == "text/plain", root && p.FirstChild == nil && (kind == "text" || kind == "multipart"):
		return written(p)
	case kind != "multipart":
		return ""
	}
	var texts []string
	standIn := ""
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		plain := c.ContentType == "text/plain" || c.ContentType == ""
		if sub == "alternative" && len(texts) > 0 && !plain {
			continue
		}
		t := strings.Trim(casefile.Plain(r.words(c)), "\n")
		switch {
		case t == "":
		case sub != "alternative":
			texts = append(texts, t)
		case plain && len(t) < maxStub && stub().MatchString(t):
			standIn = t
		case plain:
			return t
		default:
			texts = []string{t}
		}
	}
	if len(texts) == 0 {
		return standIn
	}
	return strings.Join(texts, "\n\n")
}

// stub matches what programs write in the place of the words, for whoever does not see
// HTML, in no more than so many bytes.
var stub = casefile.Pattern(`(?i)\bhtml\b.{0,60}(?:support|enable|view|display|viewer|ondersteun|weergeven|bekijk|lezen)|(?:support|enable|view|display|ondersteun\w*|weergeven|bekijk\w*)\b.{0,60}\bhtml\b`)

const maxStub = 400

var (
	// what is not shown, and has nothing but words in it: the lines that a mail program
	// shows in its list of mails
	hidden = casefile.Pattern(`(?is)<(?:div|span|p)\b[^>]*\bstyle\s*=\s*(?:"[^">]*(?:display\s*:\s*none|mso-hide\s*:\s*all)[^">]*"|'[^'>]*(?:display\s*:\s*none|mso-hide\s*:\s*all)[^'>]*')[^>]*>[^<]{0,500}</(?:div|span|p)\s*>`)
	unseen = casefile.Pattern(`(?is)<!--.*?-->|<(?:script|style|head)\b.*?</(?:script|style|head)\s*>`)
	tag    = casefile.Pattern(`<[^>]*>?`)
)

// page returns the words of a page of HTML.
func (r *reader) page(s string) string {
	if len(s) > r.html {
		s, r.cut = strings.ToValidUTF8(s[:r.html], ""), true
	}
	r.html -= len(s)
	s = hidden().ReplaceAllString(s, " ")
	p := enmime.NewPart("text/html")
	p.Header.Set("Content-Type", "text/html; charset=utf-8")
	p.Content = []byte(s)
	if env, err := enmime.EnvelopeFromPart(p); err == nil && env.Text != "" {
		return env.Text
	}
	// the library gives up on elements that are nested too deep
	return html.UnescapeString(tag().ReplaceAllString(unseen().ReplaceAllString(s, " "), " "))
}
