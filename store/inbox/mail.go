package inbox

import (
	"bytes"
	"strings"
	"time"

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

// maxLine is the most characters of a name or a subject.
const maxLine = 300

// Read reads a mail as it came: a message of RFC 5322, well formed or not, of at
// most [store.MaxMail] bytes. own tells which addresses are the firm's: a mail
// from there with another mail attached is a complaint that was forwarded, and a
// mail from there that is to be answered elsewhere is a form on the firm's own
// website.
func Read(raw []byte, own func(address string) bool) (*Mail, error) {
	env, err := open(raw)
	if err != nil {
		return nil, err
	}
	return readOf(env, forwarded(env, own), own)
}

// open parses a mail of at most [store.MaxMail] bytes.
func open(raw []byte) (*enmime.Envelope, error) {
	switch {
	case len(raw) > store.MaxMail:
		return nil, errTooLarge
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, casefile.Errorf("the mail is empty")
	}
	env, err := parse(raw)
	if err != nil {
		return nil, casefile.Errorf("this is not a mail: %v", err).
			WithHint("save the mail itself, as .eml; or give --name, --email, --received and --text")
	}
	return env, nil
}

var errTooLarge = casefile.Errorf("the mail is larger than %d MB", store.MaxMail>>20).
	WithHint("mail servers refuse such mails; is it the right file?")

// errOwn says that a mail is the firm's own, and no form on its website either.
var errOwn = casefile.Errorf("the mail comes from your own address").
	WithHint("forward a complaint as an attachment, or save the mail of the complainant itself")

// forwarded returns the mail that the firm forwarded as an attachment, or nil.
func forwarded(env *enmime.Envelope, own func(string) bool) *enmime.Envelope {
	inner := attached(env.Root)
	if inner == nil || !own(sender(env).Address) {
		return nil
	}
	in, err := parse(inner)
	if err != nil {
		return nil
	}
	return in
}

// readOf reads a mail, or the inner one if that is not nil.
func readOf(env, inner *enmime.Envelope, own func(string) bool) (*Mail, error) {
	m := &Mail{}
	if inner != nil {
		env, m.Forwarded = inner, true
	}
	from := author(env, own)
	switch {
	case from.Address == "":
		return nil, casefile.Errorf("the mail names no sender").
			WithHint("give --name and --email, and the text with --text-file")
	case own(from.Address):
		return nil, errOwn
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
	return keysOf(env, raw, own)
}

func keysOf(env *enmime.Envelope, raw []byte, own func(string) bool) []string {
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
		return idKey(id)
	}
	return contentKey(raw)
}

// idKey returns the key of a mail by its Message-ID, without < and >.
func idKey(id string) string { return "id " + id }

// contentKey returns a mail without what differs from one place that it is kept
// in to another: the ends of lines, and the marks that mail programs set in an
// mbox.
func contentKey(raw []byte) string {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	head, body, found := bytes.Cut(raw, []byte("\n\n"))
	if found && marks(head) {
		var b bytes.Buffer
		for line := range bytes.Lines(head) {
			if !marks(line) {
				b.Write(line)
			}
		}
		raw = append(append(bytes.TrimSuffix(b.Bytes(), []byte("\n")), "\n\n"...), body...)
	}
	return "content " + string(bytes.TrimSpace(raw))
}

// boxMarks are the headers that mail programs write into an mbox, and rewrite.
var boxMarks = []string{"status", "x-status", "x-keywords", "x-uid", "x-imap", "x-imapbase",
	"x-mozilla-status", "x-mozilla-status2", "x-mozilla-keys", "content-length"}

// marks reports whether one of the lines is a mark of a mail program.
func marks(lines []byte) bool {
	for line := range bytes.Lines(lines) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		for _, m := range boxMarks {
			if len(name) == len(m) && strings.EqualFold(string(name), m) {
				return true
			}
		}
	}
	return false
}

func line(s string) string {
	r := []rune(casefile.OneLine(s))
	return strings.TrimSpace(string(r[:min(len(r), maxLine)]))
}
