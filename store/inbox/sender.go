package inbox

import (
	"mime"
	"net/mail"
	"slices"
	"strings"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

func sender(env *enmime.Envelope) mail.Address {
	if a := address(env, "From"); a.Address != "" {
		return a
	}
	return address(env, "Sender")
}

// author returns who wrote a mail: its sender; of a form on the firm's own
// website, whom it is to be answered to.
func author(env *enmime.Envelope, own func(string) bool) mail.Address {
	from := sender(env)
	if own(from.Address) {
		if reply := address(env, "Reply-To"); reply.Address != "" && !own(reply.Address) {
			return reply
		}
	}
	return from
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
