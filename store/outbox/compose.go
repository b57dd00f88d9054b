package outbox

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/inbox"

	"golang.org/x/net/idna"
)

// Message is what a mail is made of.
type Message struct {
	Case    *casefile.Case
	Policy  *deadlines.Policy
	Subject string
	Body    string
	By      string                     // who writes it; the handler of the policy, if left out
	To      string                     // an address that the owner typed; that of the case, if left out
	Answers []byte                     // the mail of the complainant that it answers; nil if there is none
	Now     casefile.Moment            // the date of the mail; noon, where no time is known
	NewID   func(domain string) string // makes a Message-ID, without the angle brackets; nil is [NewMessageID]
}

// Mail is a letter that is ready to leave.
type Mail struct {
	To        string // a bare address
	Subject   string
	MessageID string // without the angle brackets
	Raw       []byte // the mail, byte for byte: ASCII, with lines that end in CRLF
}

// Compose makes a mail: plain text in UTF-8, in lines of at most 78
// bytes, from the organisation's address to one address, and nobody else. No
// value can add a header. An address that is not one, or that mail servers do
// not agree on how to write to, is refused before anything is composed.
func Compose(msg Message) (*Mail, error) {
	org := msg.Policy.Organisation
	from, err := mailable(org.Email)
	if err != nil {
		return nil, casefile.Errorf("the address of the organisation cannot send mail: %v", err).
			WithHint("it stands in regeling.yaml, under organisation")
	}
	to := msg.To
	name := ""
	if to == "" {
		to, name = msg.Case.Complainant.Email, msg.Case.Complainant.Name
	}
	if to == "" {
		return nil, casefile.Errorf("there is no e-mail address of the complainant in %s", msg.Case.ID).
			WithHint("`klacht edit %s` adds it", msg.Case.ID)
	}
	if to, err = mailable(to); err != nil {
		return nil, err
	}
	subject, body := clean(msg.Subject), cleanText(msg.Body)
	switch {
	case subject == "":
		return nil, casefile.Errorf("the letter has no subject")
	case body == "":
		return nil, casefile.Errorf("the letter is empty")
	}
	by := clean(msg.By)
	if by == "" {
		by = clean(org.Handler)
	}
	newID := msg.NewID
	if newID == nil {
		newID = NewMessageID
	}
	m := &Mail{To: to, Subject: subject, MessageID: newID(domainOf(from))}
	var h header
	h.add("Date", dateOf(msg.Now, msg.Policy.Zone).Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	h.add("From", mailbox(by, from))
	h.add("To", mailbox(clean(name), to))
	h.add("Message-ID", "<"+m.MessageID+">")
	if parent, chain := thread(msg.Answers, msg.Policy.Own); parent != "" {
		h.add("In-Reply-To", parent)
		h.add("References", strings.Join(chain, " "))
	}
	h.add("Subject", words(subject))
	h.add("MIME-Version", "1.0")
	text, encoding, charset := encodeBody(body)
	h.add("Content-Type", "text/plain; charset="+charset)
	h.add("Content-Transfer-Encoding", encoding)
	m.Raw = []byte(h.String() + "\r\n" + text)
	return m, nil
}

// mailable returns an address as it is written to: its domain in ASCII.
func mailable(address string) (string, error) {
	if !inbox.ValidAddress(address) {
		return "", casefile.Errorf("%q is not an e-mail address", casefile.OneLine(address))
	}
	at := strings.LastIndex(address, "@")
	local, domain := address[:at], address[at+1:]
	if !isASCII(domain) {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", casefile.Errorf("%q is not an e-mail address", address)
		}
		domain = ascii
	}
	if !isASCII(local) {
		return "", casefile.Errorf("%q has letters before the @ that many mail servers do not take", address).
			WithHint("ask for another address; or write from your own mail program, and record it with --mail")
	}
	if a := local + "@" + domain; inbox.ValidAddress(a) && printable(a) {
		return a, nil
	}
	return "", casefile.Errorf("%q is not an e-mail address", address)
}

func domainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// NewMessageID returns a Message-ID that nobody can guess, and that says
// nothing but the domain.
func NewMessageID(domain string) string {
	return fmt.Sprintf("%s@%s", strings.ToLower(rand.Text()), domain)
}

// clean returns a text on one line without what steers a terminal or a header.
func clean(s string) string {
	return casefile.OneLine(strings.ReplaceAll(casefile.Plain(s), "\uFFFD", ""))
}

// cleanText does the same to a text of several lines.
func cleanText(s string) string { return strings.ReplaceAll(casefile.Plain(s), "\uFFFD", "") }

func dateOf(m casefile.Moment, zone *time.Location) time.Time {
	if !m.Time.IsZero() {
		return m.Time.In(zone)
	}
	d := m.Date
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0
}

// printable reports whether a text is of visible ASCII characters alone.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
