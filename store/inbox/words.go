package inbox

import (
	"html"
	"regexp"
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
		return r.page(legible(string(p.Content)))
	case p.ContentType == "", p.ContentType == "text/plain", root && p.FirstChild == nil && (kind == "text" || kind == "multipart"):
		return legible(string(p.Content))
	case kind != "multipart":
		return ""
	}
	var texts []string
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		if sub == "alternative" && len(texts) > 0 && c.ContentType != "text/plain" {
			continue
		}
		t := strings.Trim(casefile.Plain(r.words(c)), "\n")
		switch {
		case t == "":
		case sub != "alternative":
			texts = append(texts, t)
		case c.ContentType == "text/plain":
			return t
		default:
			texts = []string{t}
		}
	}
	return strings.Join(texts, "\n\n")
}

var (
	unseen = regexp.MustCompile(`(?is)<!--.*?-->|<(?:script|style|head)\b.*?</(?:script|style|head)\s*>`)
	tag    = regexp.MustCompile(`<[^>]*>?`)
)

// page returns the words of a page of HTML.
func (r *reader) page(s string) string {
	if len(s) > r.html {
		s, r.cut = strings.ToValidUTF8(s[:r.html], ""), true
	}
	r.html -= len(s)
	p := enmime.NewPart("text/html")
	p.Header.Set("Content-Type", "text/html; charset=utf-8")
	p.Content = []byte(s)
	if env, err := enmime.EnvelopeFromPart(p); err == nil && env.Text != "" {
		return env.Text
	}
	// the library gives up on elements that are nested too deep
	return html.UnescapeString(tag.ReplaceAllString(unseen.ReplaceAllString(s, " "), " "))
}
