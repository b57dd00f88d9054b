package inbox

import (
	"mime"
	"net/mail"
	"slices"
	"strings"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

// Firm tells what is the firm's own. A [*deadlines.Policy] does.
type Firm interface {
	Own(address string) bool // its e-mail addresses
	Calls(name string) bool  // its name, and that of its handler
}

// Nobody is the error for a mail that does not say for certain who complains: it names
// no sender, or one that is the firm's or a program's.
type Nobody struct {
	Err   *casefile.Error
	Guess *Guess // who it may be; or nil
}

func (n *Nobody) Error() string { return n.Err.Error() }

// Unwrap returns what stands in the way, with a hint.
func (n *Nobody) Unwrap() error { return n.Err }

func sender(env *enmime.Envelope) mail.Address {
	if a := address(env, "From"); a.Address != "" {
		return a
	}
	return address(env, "Sender")
}

// person reports whether somebody who complains can have an address: one of the firm is
// none, nor one at which nobody reads.
func person(address string, firm Firm) bool {
	return address != "" && !firm.Own(address) && !machine().MatchString(address)
}

// machine matches the addresses of programs.
var machine = casefile.Pattern(`(?i)^(?:no-?_?reply|do-?_?not-?_?reply|noreply[-_.+].*|.*[-_.+]noreply|niet-?beantwoorden|geen-?antwoord|wordpress|www-?data|apache|nginx|root|nobody|` +
	`mailer(?:-daemon)?|mail-?daemon|postmaster|mail(?:er)?-?service|bounces?(?:[-_.+].*)?|notifications?|automail(?:er)?|form-?submissions?|forms-receipts-noreply)@`)

// author returns who wrote a mail: its sender, if that is a person; else whom it is to
// be answered to, as a form on a website and a group of addresses say it. replyTo
// reports that; the address is "" if there is no person.
func author(env *enmime.Envelope, firm Firm) (a mail.Address, replyTo bool) {
	from := sender(env)
	if person(from.Address, firm) {
		return from, false
	}
	for _, header := range []string{"Reply-To", "X-Original-From", "X-Original-Sender"} {
		if a := address(env, header); person(a.Address, firm) {
			if m := via().FindStringSubmatch(from.Name); a.Name == "" && m != nil {
				a.Name = strings.Trim(m[1], `'" `)
			}
			return a, true
		}
	}
	return mail.Address{}, false
}

// called returns a name as a letter can have it: without a code that nobody could read,
// and with the first name first, which some mail programs put behind a comma.
func called(name string) string {
	if strings.Contains(name, "=?") {
		return ""
	}
	last, first, found := strings.Cut(name, ", ")
	if !found || strings.Contains(first, ",") || afterComma().MatchString(first) || strings.ContainsAny(name, "&/@0123456789") {
		return name
	}
	return strings.TrimSpace(first) + " " + strings.TrimSpace(last)
}

// afterComma matches what stands behind a comma and is no first name: of a firm what it
// is, of a person a title.
var afterComma = casefile.Pattern(`(?i)^(?:b\.?v|n\.?v|v\.?o\.?f|inc|ltd|llc|gmbh|co|ma|ba|msc|bsc|mba|md|phd|ir|ing|drs|mr|dr|jr|sr|r[ae])\b\.?|\b(?:via|afdeling|namens)\b`)

// via matches how a group of addresses names who wrote: 'Jolanda' via Info.
var via = casefile.Pattern(`^(.+) via .+$`)

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
