package inbox

import (
	"bytes"
	"html"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/store"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
)

// Mail is what a complaint needs of a mail. All texts are plain and safe to
// show; see [casefile.Plain].
type Mail struct {
	Name      string    // of the sender; "" if the mail gives none
	Email     string    // of the sender, without a name
	Subject   string    // "" if it has none
	Text      string    // what the sender wrote, without markup
	Arrived   time.Time // by the stamp of the server that received it (R2); zero if there is none
	Dated     time.Time // by the sender's own clock; zero if the mail does not say, or not in a form that can be read
	Forwarded bool      // the firm forwarded the mail as an attachment; all of the above is of the inner mail
	Cut       bool      // the text was too long and has been cut off
}

// maxText is the most characters of a mail's text that go into a case; the mail
// itself is kept whole.
const maxText = 50_000

// maxLine is the most characters of a name or a subject.
const maxLine = 300

// Read reads a mail as it came: a message of RFC 5322, well formed or not, of at
// most [store.MaxMail] bytes. own tells which addresses are the firm's: a mail
// from there with another mail attached is a complaint that was forwarded, and a
// mail from there that is to be answered elsewhere is a form on the firm's own
// website.
func Read(raw []byte, own func(address string) bool) (*Mail, error) {
	switch {
	case len(raw) > store.MaxMail:
		return nil, casefile.Errorf("the mail is larger than %d MB", store.MaxMail>>20).
			WithHint("mail servers refuse such mails; is it the right file?")
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, casefile.Errorf("the mail is empty")
	}
	env, err := parse(raw)
	if err != nil {
		return nil, casefile.Errorf("this is not a mail: %v", err).
			WithHint("save the mail itself, as .eml; or give --name, --email, --received and --text")
	}
	from := sender(env)
	m := &Mail{}
	if inner := attached(env.Root); inner != nil && own(from.Address) {
		if in, err := parse(inner); err == nil {
			env, from, m.Forwarded = in, sender(in), true
		}
	}
	if own(from.Address) {
		if reply := address(env, "Reply-To"); reply.Address != "" && !own(reply.Address) {
			from = reply
		}
	}
	if from.Address == "" {
		return nil, casefile.Errorf("the mail names no sender").
			WithHint("give --name and --email, and the text with --text-file")
	}
	if own(from.Address) {
		return nil, casefile.Errorf("the mail comes from your own address").
			WithHint("forward a complaint as an attachment, or save the mail of the complainant itself")
	}
	m.Name, m.Email = line(from.Name), line(from.Address)
	m.Subject = line(env.GetHeader("Subject"))
	m.Text, m.Cut = text(env)
	m.Arrived = arrival(env)
	m.Dated = date(env.Root.Header.Get("Date"))
	return m, nil
}

// Keys returns what a mail is known by: its Message-ID where it has one, else
// its content; of a mail that the firm forwarded, the inner one's as well (a
// stranger who attaches an earlier mail still sends a new one). It never fails:
// a mail that cannot be read is known by its content.
func Keys(raw []byte, own func(address string) bool) []string {
	env, err := parse(raw)
	if err != nil {
		return []string{contentKey(raw)}
	}
	keys := []string{key(env, raw)}
	if inner := attached(env.Root); inner != nil && own(sender(env).Address) {
		if in, err := parse(inner); err == nil {
			keys = append(keys, key(in, inner))
		}
	}
	return keys
}

func key(env *enmime.Envelope, raw []byte) string {
	if id := strings.Trim(strings.TrimSpace(env.Root.Header.Get("Message-Id")), "<>"); id != "" {
		return "id " + id
	}
	return contentKey(raw)
}

func contentKey(raw []byte) string {
	return "content " + string(bytes.TrimSpace(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))))
}

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
			env, err = nil, casefile.Errorf("it cannot be read")
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
			if strings.HasPrefix(kind, "text/") && mislabelled(params["charset"]) {
				params["charset"] = "as it is"
			}
			return kind, params, invalid, nil
		}))
	env, err = parser.ReadEnvelope(bytes.NewReader(firstParts(raw)))
	switch {
	case err != nil: // the library's words quote the mail (R13)
		return nil, casefile.Errorf("it cannot be read")
	case len(env.Root.Header) == 0:
		return nil, casefile.Errorf("it has no header")
	}
	for _, name := range []string{"From", "Sender", "Reply-To", "Subject"} {
		for i, v := range env.Root.Header[name] {
			env.Root.Header[name][i] = legible(v)
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

// mislabelled reports whether a text that claims a character set is as likely
// as not to be in another: what it is in is then seen from the text itself.
func mislabelled(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252":
		return true
	}
	return false
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
	p := root.DepthMatchFirst(func(p *enmime.Part) bool {
		return len(p.Content) > 0 &&
			(p.ContentType == "message/rfc822" || strings.HasSuffix(strings.ToLower(p.FileName), ".eml"))
	})
	if p == nil {
		return nil
	}
	return p.Content
}

func sender(env *enmime.Envelope) mail.Address {
	if a := address(env, "From"); a.Address != "" {
		return a
	}
	return address(env, "Sender")
}

// address returns the first address of a header that is one.
func address(env *enmime.Envelope, header string) mail.Address {
	list, err := env.AddressList(header)
	if err != nil {
		return looseAddress(env.Root.Header.Get(header))
	}
	i := slices.IndexFunc(list, func(a *mail.Address) bool { return ValidAddress(a.Address) })
	if i < 0 {
		return mail.Address{}
	}
	return *list[i]
}

// looseAddress returns what stands between < and > in a header that does not
// follow the rules, such as one with a comma in a name without quotes.
func looseAddress(s string) mail.Address {
	name, rest, _ := strings.Cut(s, "<")
	a, _, found := strings.Cut(rest, ">")
	if !found || !ValidAddress(a) {
		return mail.Address{}
	}
	name = strings.Trim(name, " \t\"'")
	if decoded, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		name = decoded
	}
	return mail.Address{Name: name, Address: a}
}

// ValidAddress reports whether s is a bare e-mail address that can be written
// to: of RFC 5321's lengths, with a domain, and without anything that could end
// a header.
func ValidAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && len(s) <= 254 && strings.LastIndex(s, "@") <= 64 &&
		casefile.OneLine(s) == s && !strings.ContainsAny(s, " \"<>,;") && !strings.HasPrefix(s, "-")
}

// text returns what the sender wrote, without what is attached.
func text(env *enmime.Envelope) (text string, cut bool) {
	r := &reader{html: maxHTML}
	text = casefile.Plain(r.words(env.Root))
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
	html int  // the bytes of HTML that may still be read
	cut  bool // there were more
}

// words returns the text of a part: of alternatives the plain one, unless that
// is blank; of HTML its words; of what is attached or has a file name, nothing.
func (r *reader) words(p *enmime.Part) string {
	kind, sub, _ := strings.Cut(p.ContentType, "/")
	root := p.Parent == nil
	switch {
	case strings.EqualFold(p.Disposition, "attachment"), p.FileName != "" && !root:
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

func line(s string) string {
	r := []rune(casefile.OneLine(s))
	return strings.TrimSpace(string(r[:min(len(r), maxLine)]))
}

// arrival returns the time in the topmost Received header (RFC 5321, 4.4): the
// one that the server which took the mail in put there. Those below it, and
// Date, are what others say.
func arrival(env *enmime.Envelope) time.Time {
	stamp := withoutComment(env.Root.Header.Get("Received"))
	i := strings.LastIndex(stamp, ";")
	if i < 0 {
		return time.Time{}
	}
	return date(stamp[i+1:])
}

// zones are the names of zones that servers write instead of an offset. Of any
// other name the library would make the zone of this machine, or UTC.
var zones = map[string]string{
	"GMT": "+0000", "UT": "+0000", "UTC": "+0000", "Z": "+0000",
	"CET": "+0100", "MET": "+0100", "CEST": "+0200", "MEST": "+0200",
}

// date reads a date of RFC 5322; zero if it is none, or its zone is not known.
func date(s string) time.Time {
	s = withoutComment(strings.Join(strings.Fields(s), " "))
	i := strings.LastIndex(s, " ") + 1
	if offset, ok := zones[strings.ToUpper(s[i:])]; ok {
		s = s[:i] + offset
	} else if !strings.HasPrefix(s[i:], "+") && !strings.HasPrefix(s[i:], "-") {
		return time.Time{}
	}
	t, _ := mail.ParseDate(s)
	return t
}

// withoutComment returns a header without the comment at its end, which often
// names the zone.
func withoutComment(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndex(s, "("); i >= 0 && strings.HasSuffix(s, ")") {
		s = strings.TrimSpace(s[:i])
	}
	return s
}
