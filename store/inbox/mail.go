package inbox

import (
	"bytes"
	"net/mail"
	"slices"
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
	Email     string    // of the sender, without a name; "" with an error of type *Nobody
	Subject   string    // "" if it has none
	Text      string    // what the sender wrote, without markup
	Arrived   time.Time // by the stamps of the servers that received it (R2); zero if there is none
	Topmost   time.Time // the stamp of the last server that had it; zero if there is none
	Dated     time.Time // by the sender's own clock; zero if the mail does not say, or not in a form that can be read
	ReplyTo   bool      // the sender is the firm or a program, and this is whom it is to be answered to
	AnswerTo  string    // another address at which the sender asks for answers; "" if that is the sender's own
	Forwarded bool      // the firm forwarded the mail as an attachment; all of the above is of the inner mail
	Cut       bool      // the text was too long and has been cut off
	Attached  []string  // the names of what is attached, of a mail without a text
}

// maxLine is the most characters of a name or a subject.
const maxLine = 300

// Read reads a mail as it came: a message of RFC 5322, well formed or not, of at
// most [store.MaxMail] bytes. A mail from the firm, or from somebody who bears the name
// of its handler, with another mail attached is a complaint that was forwarded; one
// that the firm or a program sent is of whom it is to be answered to.
//
// With an error of type [*Nobody] the mail is returned all the same, without who wrote
// it.
func Read(raw []byte, firm Firm) (*Mail, error) {
	env, err := open(raw)
	if err != nil {
		return nil, err
	}
	return readOf(env, forwarded(env, firm), firm)
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

// What stands in the way of knowing who complains. Who says it with the flags of
// `klacht new` knows better.
var (
	errNoSender = casefile.Errorf("the mail names no sender").WithHint("say who complains: --name and --email, and with --received when it arrived")
	errOwn      = casefile.Errorf("the mail comes from your own address").WithHint("say who complains: --name and --email, and with --received when it arrived")
	errOutlook  = casefile.Errorf("the mail has an Outlook .msg attached, which klacht does not read").
			WithHint("forward it from Outlook itself as an attachment, or drag it into the folder that `klacht fetch` reads; or say who complains: --name, --email and --received")
	errMachine = casefile.Errorf("a program sent the mail, and it does not say who is to be answered").WithHint("say who complains: --name and --email, and with --received when it arrived")
)

// forwarded returns the mail that the firm forwarded as an attachment, or nil.
func forwarded(env *enmime.Envelope, firm Firm) *enmime.Envelope {
	inner := attached(env.Root)
	if inner == nil || !ours(env, firm) {
		return nil
	}
	in, err := parse(inner)
	if err != nil {
		return nil
	}
	return in
}

// ours reports whether the firm sent a mail, or its handler from another address.
func ours(env *enmime.Envelope, firm Firm) bool {
	from := sender(env)
	return firm.Own(from.Address) || firm.Calls(from.Name)
}

// readOf reads a mail, or the inner one if that is not nil.
func readOf(env, inner *enmime.Envelope, firm Firm) (*Mail, error) {
	m := &Mail{}
	if inner != nil {
		env, m.Forwarded = inner, true
	}
	m.Subject = line(env.GetHeader("Subject"))
	m.Text, m.Cut = text(env)
	if m.Text == "" {
		for _, at := range attachments(env.Root) {
			m.Attached = append(m.Attached, at.Name)
		}
	}
	m.Arrived, m.Topmost = arrival(env.Root.Header["Received"], firm)
	m.Dated = date(env.Root.Header.Get("Date"))
	var from mail.Address
	from, m.ReplyTo = author(env, firm)
	m.Name, m.Email = called(line(from.Name)), line(from.Address)
	if to := address(env, "Reply-To").Address; m.Email != "" && person(to, firm) && !strings.EqualFold(to, m.Email) {
		m.AnswerTo = line(to)
	}
	guess := guessed(m, env, firm)
	switch said := sender(env).Address; {
	case m.Email != "" && (guess == nil || !guess.Forwarded):
		return m, nil
	case m.Email != "" || firm.Own(said): // the handler forwarded it from another address
		m.Name, m.Email = "", ""
		if guess == nil && slices.ContainsFunc(attachments(env.Root), func(a Attached) bool { return strings.HasSuffix(strings.ToLower(a.Name), ".msg") }) {
			return m, &Nobody{errOutlook, nil}
		}
		return m, &Nobody{errOwn, guess}
	case said == "":
		return m, &Nobody{errNoSender, guess}
	}
	return m, &Nobody{errMachine, guess}
}

// Keys returns what a mail is known by, as a [store.MailKeys]: its Message-ID with its
// sender, date and words, for there are forms that give all their mails one; without a
// Message-ID its content. Of a mail that the firm forwarded, the inner one's as well (a
// stranger who attaches an earlier mail still sends a new one). It never fails: a mail
// that cannot be read is known by its content.
func Keys(raw []byte, firm Firm) (same, named []string) {
	env, err := parse(raw)
	if err != nil {
		return []string{contentKey(raw)}, nil
	}
	return keysOf(env, raw, firm)
}

func keysOf(env *enmime.Envelope, raw []byte, firm Firm) (same, named []string) {
	same, named = key(env, raw)
	if inner := attached(env.Root); inner != nil && ours(env, firm) {
		if in, err := parse(inner); err == nil {
			s, n := key(in, inner)
			same, named = append(same, s...), append(named, n...)
		}
	}
	return same, named
}

func key(env *enmime.Envelope, raw []byte) (same, named []string) {
	id := messageID(env)
	if id == "" {
		return []string{contentKey(raw)}, nil
	}
	words, _ := text(env)
	words = strings.ReplaceAll(strings.Join(strings.Fields(words), " "), ">From ", "From ") // an mbox marks it
	return []string{strings.Join([]string{"mail", id, strings.ToLower(sender(env).Address), env.Root.Header.Get("Date"), words}, "\n")}, []string{idKey(id)}
}

// messageID returns the Message-ID of a mail, without < and >; "" if it has none.
func messageID(env *enmime.Envelope) string {
	return strings.Trim(strings.TrimSpace(env.Root.Header.Get("Message-Id")), "<>")
}

// Forwarded reports whether the firm forwarded a mail as an attachment, and returns the
// Message-ID of the inner one, without < and >; "" if it has none.
func Forwarded(raw []byte, firm Firm) (id string, forwards bool) {
	env, err := parse(raw)
	if err != nil {
		return "", false
	}
	inner := forwarded(env, firm)
	if inner == nil {
		return "", false
	}
	return messageID(inner), true
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
