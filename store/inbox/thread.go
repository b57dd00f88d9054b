package inbox

import (
	"mime"
	"net/textproto"
	"slices"
	"strings"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

// maxIDs is the most Message-IDs of a header that are looked up: the last ones
// are the nearest.
const maxIDs = 100

var angled = casefile.Pattern(`<([^<>\s]{1,998})>`)

// idsIn returns the Message-IDs in a header, without < and >.
func idsIn(values []string) []string {
	var ids []string
	for _, v := range values {
		for _, m := range angled().FindAllStringSubmatch(v, -1) {
			ids = append(ids, m[1])
		}
		if v = strings.TrimSpace(v); len(ids) == 0 && strings.Contains(v, "@") && !strings.ContainsAny(v, " \t<>") {
			ids = append(ids, v) // some programs leave the marks out
		}
	}
	return ids[max(0, len(ids)-maxIDs):]
}

// answers returns the Message-IDs of the mails that a mail answers, the nearest
// first: those in In-Reply-To, then those in References from the last on.
func answers(h textproto.MIMEHeader) []string {
	references := idsIn(h["References"])
	slices.Reverse(references)
	return append(idsIn(h["In-Reply-To"]), references...)
}

var bracketed = casefile.Pattern(`\[(` + casefile.IDPattern + `)\]`)

// references returns the numbers of complaints in a subject, as our letters bear
// them: [2026-0007].
func references(subject string) []casefile.ID {
	var ids []casefile.ID
	for _, m := range bracketed().FindAllStringSubmatch(subject, 10) {
		if id, err := casefile.ParseID(m[1]); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// original finds the Message-ID in the header of a mail that is quoted in a
// report, whole or its header alone, or as text.
var original = casefile.Pattern(`(?im)^[> \t]*(?:x-)?(?:original-)?message-id[ \t]*:[ \t]*(?:\r?\n[> \t]+)?<([^<>\s]{1,998})>`)

// action finds what became of a mail in a report of RFC 3464.
var action = casefile.Pattern(`(?im)^action[ \t]*:[ \t]*([a-z]+)`)

// recipient finds to whom a mail could not be brought, in a report of RFC 3464,
// or else in the header of the mail that is returned.
var recipient = casefile.Pattern(`(?im)^[> \t]*(?:(?:final|original)-recipient[ \t]*:[ \t]*rfc822[ \t]*;|to[ \t]*:)[^\r\n]*?([^<>\s;:,]{1,64}@[^<>\s;:,]{1,255})`)

// returned finds the subject of the mail that a report returns.
var returned = casefile.Pattern(`(?im)^[> \t]*subject[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,10})`)

// maxReport is the most bytes of a part of a report that are looked at: headers
// stand first.
const maxReport = 64 << 10

// report is what a mail system says of a mail that it was given.
type report struct {
	failed bool     // and not only late, delivered or passed on
	about  []string // the Message-IDs that it can be about, the likeliest first

	to   []string      // the addresses that could not be reached
	refs []casefile.ID // the references in the subject of what it returns
}

// reportOf reads a report of a mail system; of any other mail it returns nil.
// Systems that know nothing of RFC 3464 write a text with the mail below it. A
// mail of the null sender is one only by what it quotes: to answer our letter is
// what a notice of absence does too.
func reportOf(env *enmime.Envelope) *report {
	system := daemon(env)
	if !system && !nobodys(env) {
		return nil
	}
	r := &report{failed: true}
	for _, p := range env.Root.DepthMatchAll(func(*enmime.Part) bool { return true }) {
		text := p.Content[:min(len(p.Content), maxReport)]
		switch p.ContentType {
		case "message/delivery-status", "message/global-delivery-status":
			r.failed = false
			for _, m := range action().FindAllSubmatch(text, maxIDs) {
				r.failed = r.failed || strings.EqualFold(string(m[1]), "failed")
			}
		case "message/disposition-notification", "message/global-disposition-notification":
			r.failed = false // it was read, or at least shown
		}
		for _, m := range recipient().FindAllSubmatch(text, maxIDs) {
			r.to = append(r.to, string(m[1]))
		}
		for _, m := range returned().FindAllSubmatch(text, maxIDs) {
			subject, _ := new(mime.WordDecoder).DecodeHeader(strings.Join(strings.Fields(string(m[1])), " "))
			r.refs = append(r.refs, references(subject)...)
		}
		for _, m := range original().FindAllSubmatch(text, maxIDs) {
			r.about = append(r.about, string(m[1]))
		}
	}
	if system {
		r.about = append(r.about, answers(env.Root.Header)...)
	}
	return r
}
