package inbox

import (
	"bytes"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/store"

	"github.com/jhillyerd/enmime/v2"
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
	m.Dated, _ = env.Date()
	return m, nil
}

// Keys returns what a mail is known by: its Message-ID where it has one, else
// its content; of a forwarded mail the inner one's as well. It never fails: a
// mail that cannot be read is known by its content.
func Keys(raw []byte) []string {
	env, err := parse(raw)
	if err != nil {
		return []string{contentKey(raw)}
	}
	keys := []string{key(env, raw)}
	if inner := attached(env.Root); inner != nil {
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

var parser = enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(10))

// parse reads a mail, and turns a panic of the library into an error: the mail
// may have been made to cause one.
func parse(raw []byte) (env *enmime.Envelope, err error) {
	defer func() {
		if recover() != nil {
			env, err = nil, casefile.Errorf("it cannot be read")
		}
	}()
	if bytes.HasPrefix(raw, []byte("From ")) { // the line before a mail in an mbox
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	env, err = parser.ReadEnvelope(bytes.NewReader(raw))
	if err == nil && len(env.Root.Header) == 0 {
		err = casefile.Errorf("it has no header")
	}
	return env, err
}

// attached returns the first mail that is attached to a mail, or nil.
func attached(root *enmime.Part) []byte {
	p := root.DepthMatchFirst(func(p *enmime.Part) bool {
		return p.ContentType == "message/rfc822" || strings.HasSuffix(strings.ToLower(p.FileName), ".eml")
	})
	if p == nil || p == root || len(p.Content) == 0 {
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
		return mail.Address{}
	}
	i := slices.IndexFunc(list, func(a *mail.Address) bool { return ValidAddress(a.Address) })
	if i < 0 {
		return mail.Address{}
	}
	return *list[i]
}

// ValidAddress reports whether s is a bare e-mail address that can be written
// to: of RFC 5321's lengths, with a domain, and without anything that could end
// a header.
func ValidAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && len(s) <= 254 && casefile.OneLine(s) == s &&
		!strings.ContainsAny(s, " \"<>,;") && !strings.HasPrefix(s, "-")
}

// text returns what the sender wrote; of a mail in HTML only, its words.
func text(env *enmime.Envelope) (text string, cut bool) {
	text = casefile.Plain(env.Text)
	if utf8.RuneCountInString(text) <= maxText {
		return text, false
	}
	return casefile.Plain(string([]rune(text)[:maxText])), true
}

func line(s string) string {
	r := []rune(casefile.OneLine(s))
	return strings.TrimSpace(string(r[:min(len(r), maxLine)]))
}

// arrival returns the time in the topmost Received header (RFC 5321, 4.4): the
// one that the server which took the mail in put there. Those below it, and
// Date, are what others say.
func arrival(env *enmime.Envelope) time.Time {
	stamps := env.Root.Header["Received"]
	if len(stamps) == 0 {
		return time.Time{}
	}
	_, stamp, found := cutLast(stamps[0], ";")
	if !found {
		return time.Time{}
	}
	t, err := mail.ParseDate(strings.Join(strings.Fields(stamp), " "))
	if err != nil {
		return time.Time{}
	}
	return t
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
