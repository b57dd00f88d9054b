package outbox

import (
	"crypto/rand"
	"fmt"
	"maps"
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
	To      string                     // an address that the owner typed; those of the case, if left out
	Basis   map[string]string          // what the letter was written for
	Answers []byte                     // the mail of the complainant that it answers; nil if there is none
	Now     casefile.Moment            // the date of the mail; noon, where no time is known
	NewID   func(domain string) string // makes a Message-ID, without the angle brackets; nil is [NewMessageID]
}

// basisTo is the part of the basis of a letter that says to whom it goes.
const basisTo = "to"

// Mail is a letter that is ready to leave.
type Mail struct {
	To        string // bare addresses, with commas between them
	Basis     map[string]string
	Subject   string
	MessageID string // without the angle brackets
	Raw       []byte // the mail, byte for byte: ASCII, with lines that end in CRLF
}

// Compose makes a mail: plain text in UTF-8, in lines of at most 78
// bytes, from the organisation's address to those who complain, and nobody else. No
// value can add a header. An address that is not one, or that mail servers do
// not agree on how to write to, is refused before anything is composed.
func Compose(msg Message) (*Mail, error) {
	org := msg.Policy.Organisation
	from, err := mailable(org.Email)
	if err != nil {
		return nil, casefile.Errorf("the address of the organisation cannot send mail: %v", err).
			WithHint("it stands in regeling.yaml, under organisation")
	}
	people := []casefile.Complainant{{Email: msg.To}}
	if msg.To == "" {
		people = append([]casefile.Complainant{msg.Case.Complainant}, msg.Case.Others...)
	}
	var to, mailboxes []string
	for _, p := range people {
		if p.Email == "" {
			continue
		}
		address, err := mailable(p.Email)
		if err != nil {
			return nil, err
		}
		to, mailboxes = append(to, address), append(mailboxes, mailbox(clean(p.Name), address))
	}
	if len(to) == 0 {
		return nil, NoAddress(msg.Case.ID)
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
	m := &Mail{To: strings.Join(to, ", "), Basis: maps.Clone(msg.Basis), Subject: subject, MessageID: newID(domainOf(from))}
	if m.Basis != nil && msg.To == "" { // an address that was typed stands, whatever the case says later
		m.Basis[basisTo] = m.To
	}
	var h header
	h.add("Date", dateOf(msg.Now, msg.Policy.Zone).Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	h.add("From", mailbox(by, from))
	h.add("To", strings.Join(mailboxes, ", "))
	h.add("Message-ID", "<"+m.MessageID+">")
	if parent, chain := thread(msg.Answers, msg.Policy); parent != "" {
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

// NoAddress is the error over a case to whose complainant no letter can be sent.
func NoAddress(id casefile.ID) error {
	return casefile.Errorf("there is no e-mail address of the complainant in %s", id).
		WithHint("`klacht edit %s` adds it; --no-letter records what you did otherwise, and `klacht help letters` tells how to print a letter", id)
}
