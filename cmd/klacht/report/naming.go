package report

import (
	"slices"
	"strings"
	"unicode"

	casefile "klacht/case"

	"golang.org/x/text/unicode/norm"
)

// particles stand in names, and say nothing about a person.
var particles = strings.Fields("de den der het ten ter te van von op in aan en la le las los del di du da el the and t s mevrouw meneer heer mevr mw dhr dr drs ir ing mr prof")

// endings are what a name can have behind it: Jolandas, Jolanda's, Elsje, Wimpje.
var endings = strings.Fields("s es je jes tje tjes pje pjes kje kjes etje etjes atje atjes ie ies ke kes en ens e")

// mailHosts give addresses to everybody; their names, and those of departments,
// tell of nobody.
var mailHosts = strings.Fields("gmail googlemail hotmail outlook live msn yahoo icloud aol gmx proton protonmail fastmail posteo mailbox tutanota " +
	"ziggo kpnmail planet hetnet xs4all telfort upcmail chello quicknet casema online tele2 caiway solcon freedom zeelandnet delta zonnet versatel home telenet skynet proximus " +
	"mail info contact post kantoor hallo sales support webshop administratie")

// names reports whether a text seems to name the person, by what the register
// knows of them: a word of the name with whatever ending, the beginning of one, the
// initials, the e-mail address or a part of it, the telephone number, the postal
// address. In doubt it does; that it does not is no proof.
func names(text string, who casefile.Complainant) bool {
	text = folded(text)
	written := wordsOf(text)
	for _, w := range wordsOf(strings.ToLower(folded(who.Name))) {
		if !slices.Contains(particles, w) && slices.ContainsFunc(written, func(t string) bool { return isNamed(t, w) || isShort(t, w) }) {
			return true
		}
	}
	return initials(written, wordsOf(folded(who.Name))) || reached(text, written, who)
}

// isNamed reports whether a word of a text is a word of a name, in lower case: as
// it is, or with an ending. A name of two letters has a capital.
func isNamed(t, w string) bool {
	lower := strings.ToLower(t)
	rest, begins := strings.CutPrefix(lower, w)
	switch {
	case len(w) < 2:
		return false
	case len(w) == 2 && lower == t:
		return false
	}
	return begins && (rest == "" || slices.Contains(endings, rest))
}

// isShort reports whether a word of a text is the beginning of a word of a name.
func isShort(t, w string) bool { return len(t) >= 4 && strings.HasPrefix(w, strings.ToLower(t)) }

// initials reports whether a text has the initials of a name: JdW, J. de W., or
// mevrouw W.
func initials(written, name []string) bool {
	all, own := "", ""
	for _, w := range name {
		first := strings.ToLower(w[:len(string([]rune(w)[:1]))])
		all += first
		if !slices.Contains(particles, strings.ToLower(w)) {
			own += first
		}
	}
	return slices.ContainsFunc(written, func(t string) bool {
		lower := strings.ToLower(t)
		capitals := strings.IndexFunc(t, unicode.IsUpper) >= 0
		switch n := len([]rune(t)); {
		case n == 1:
			return capitals && strings.Contains(own, lower)
		case n == 2:
			return strings.ToUpper(t) == t && capitals && (strings.Contains(all, lower) || strings.Contains(own, lower))
		}
		return lower == all || lower == own || strings.ToUpper(t) == t && capitals && strings.Contains(all, lower)
	})
}

// reached reports whether a text tells how to reach the person.
func reached(text string, written []string, who casefile.Complainant) bool {
	text = strings.ToLower(text)
	address := strings.ToLower(folded(who.Email))
	local, host, _ := strings.Cut(address, "@")
	label, _, _ := strings.Cut(host, ".")
	own := !slices.Contains(mailHosts, label)
	if address != "" && strings.Contains(text, address) || own && host != "" && strings.Contains(text, host) {
		return true
	}
	known := append(wordsOf(local), wordsOf(strings.ToLower(folded(who.Address)))...)
	if at := strings.LastIndexByte(host, '.'); at >= 0 { // what stands behind the last dot is not theirs
		known = append(known, wordsOf(host[:at])...)
	}
	for _, w := range known {
		if len(w) >= 4 && !slices.Contains(mailHosts, w) && slices.ContainsFunc(written, func(t string) bool { return isNamed(t, w) }) {
			return true
		}
	}
	phone := digits(who.Phone)
	phone = phone[max(0, len(phone)-9):] // without the 0, or the code of a country
	return len(phone) >= 6 && strings.Contains(digits(text), phone)
}

// folded returns a text without the marks on its letters.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
