package inbox

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	casefile "klacht/case"
)

// signs are the headers by which programs tell that no person wrote a mail, and
// when a value of one says so (RFC 3834, and what is in use beside it). They are
// looked at in this order.
var signs = []struct {
	header string
	says   func(value string) bool
}{
	{"Auto-Submitted", func(v string) bool { return v != "no" }},
	{"Return-Path", func(v string) bool { return v == "<>" }}, // the null sender
	{"List-Id", nil},
	{"List-Post", nil},
	{"Precedence", func(v string) bool { return v == "bulk" || v == "junk" || v == "list" || v == "auto_reply" }},
	{"X-Autoreply", isOn},
	{"X-Auto-Reply", isOn},
	{"X-Autorespond", isOn},
	{"X-Autoresponder", isOn},
	{"X-Autoreply-From", nil},
	{"X-Mail-Autoreply", nil},
	{"X-Autorespond-To", nil},
	{"X-Failed-Recipients", nil},
	{"X-Spam-Flag", func(v string) bool { return v == "yes" }},
	{"X-Spam-Status", func(v string) bool { return strings.HasPrefix(v, "yes") }},
	{"List-Unsubscribe", nil}, // of a newsletter
	{"Subject", func(v string) bool { return automaticSubject().MatchString(v) }},
}

// automaticSubject matches what programs write where a person would name the subject, in
// lower case: a notice of absence, a receipt, and a report of RFC 7489, section 7.2.1.1.
var automaticSubject = casefile.Pattern(`^(?:automatisch(?:e)? (?:antwoord|reactie|beantwoording)|automatic reply|auto(?:matic)?[- ]?reply|autoreply|out of office|` +
	`afwezig(?:heid)?(?:sbericht|smelding)?|(?:niet )?gelezen|(?:not )?read)\s*:|^(?:afwezigheidsbericht|afwezigheidsmelding|out of office)\b|^report domain: ?\S+ submitter: ?\S+`)

// ofForm are the headers that a form on the firm's own website can bear, though a person
// filled it in: it is sent by a program, and often through one that sends much.
var ofForm = []string{"Auto-Submitted", "Precedence", "List-Unsubscribe", "List-Id", "List-Post"}

func isOn(v string) bool { return v != "no" && v != "false" && v != "0" }

// automatic returns the header that says that no person wrote the mail, or "".
//
// Two kinds of mail bear such headers and are a person's all the same: what came
// in through a group that is the firm's own address, as Google Groups makes
// them, which is a list by its headers; and a form on the firm's own website,
// which a program submits.
func automatic(env *enmime.Envelope, firm Firm) string {
	h := env.Root.Header
	group := ownGroup(h.Get("List-Id"), h.Get("List-Post"), firm)
	_, form := author(env, firm)
	for _, s := range signs {
		for _, v := range h[s.header] {
			v = value(v)
			switch {
			case v == "", s.says != nil && !s.says(v):
			case group && (s.header == "List-Id" || s.header == "List-Post" || v == "list"):
			case form && slices.Contains(ofForm, s.header) && v != "auto-replied":
			default:
				return s.header
			}
			if s.header == "Return-Path" {
				break // those below it are of others
			}
		}
	}
	if env.Root.ContentType == "multipart/report" {
		return "Content-Type"
	}
	if env.Root.DepthMatchFirst(answersInvitation) != nil {
		return "text/calendar"
	}
	return ""
}

// answersInvitation reports whether a part is the answer of a calendar program to an
// invitation (RFC 5546, section 3.2.3).
func answersInvitation(p *enmime.Part) bool {
	return p.ContentType == "text/calendar" && strings.Contains(strings.ToUpper(string(p.Content[:min(len(p.Content), maxReport)])), "METHOD:REPLY")
}

// value returns a header's value without parameters and comments, in lower case.
func value(v string) string {
	v, _, _ = strings.Cut(v, ";")
	return strings.ToLower(strings.TrimSpace(withoutComment(v)))
}

var mailto = casefile.Pattern(`(?i)<mailto:([^<>?]+)`)

// ownGroup reports whether a mailing list is an address of the firm: List-Id is
// the address with a dot for the @, or List-Post names it.
func ownGroup(id, post string, firm Firm) bool {
	if m := mailto().FindStringSubmatch(post); m != nil && firm.Own(m[1]) {
		return true
	}
	if open := strings.LastIndex(id, "<"); open >= 0 {
		id = strings.TrimSuffix(strings.TrimSpace(id[open+1:]), ">")
	}
	id = strings.TrimSpace(id)
	if len(id) > 254 {
		return false
	}
	for i := range id {
		if id[i] == '.' && firm.Own(id[:i]+"@"+id[i+1:]) {
			return true
		}
	}
	return false
}

// nobodys reports whether a mail has the null sender, so that nothing can answer
// it: reports of mail systems have it, and so have notices of absence (RFC 3834).
func nobodys(env *enmime.Envelope) bool {
	return value(env.Root.Header.Get("Return-Path")) == "<>"
}

// daemon reports whether a mail says of itself that a mail system wrote it.
func daemon(env *enmime.Envelope) bool {
	if env.Root.ContentType == "multipart/report" || env.Root.Header.Get("X-Failed-Recipients") != "" {
		return true
	}
	from := sender(env)
	if from.Address == "" { // of the form MAILER-DAEMON (Mail Delivery System)
		if a, err := mail.ParseAddress(env.Root.Header.Get("From")); err == nil {
			from = *a
		} else {
			from.Address = strings.TrimSpace(env.Root.Header.Get("From"))
		}
	}
	name, _, _ := strings.Cut(strings.ToLower(from.Address), "@")
	name, _, _ = strings.Cut(name, " ")
	return name == "mailer-daemon" || name == "postmaster"
}
