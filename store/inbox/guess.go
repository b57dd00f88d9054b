package inbox

import (
	"net/mail"
	"strconv"
	"strings"

	casefile "klacht/case"

	"github.com/jhillyerd/enmime/v2"
)

// Guess is who may have written a mail that the firm or a program sent, as its text
// says: a form on a website, or a mail that was forwarded within another. It is a
// proposal, for anybody can write such a text.
type Guess struct {
	Name, Email   string        // either can be ""
	Subject, Text string        // of the mail that was forwarded; "" of a form
	On            casefile.Date // on which it was written, as the sender's clock had it; zero if it is not told
	Forwarded     bool
}

// maxGuess is the most of a text that is looked at, in bytes.
const maxGuess = 64 << 10

// guessed returns who may have written a mail; nil if its text says nothing, or if it is
// one of ours to somebody else. One of ours to ourselves can be a mail that was forwarded.
func guessed(m *Mail, env *enmime.Envelope, firm Firm) *Guess {
	text := m.Text[:min(len(m.Text), maxGuess)]
	to := address(env, "To").Address
	if ours(env, firm) {
		if to != "" && !firm.Own(to) { // an answer quotes in the same way
			return nil
		}
		if g, found := inForward(text, m.Text, firm); found {
			return g
		}
	}
	if m.Email != "" {
		return nil
	}
	return inForm(text, firm)
}

// header matches a line of the head of a mail within another, as mail programs write
// it in Dutch and English, between stars or behind >.
var header = casefile.Pattern(`(?i)^[>*_\s]*(van|from|verzonden|verstuurd|sent|datum|date|aan|to|cc|kopie|onderwerp|subject|betreft|beantwoorden aan|reply-to|antwoord aan)[*_]*\s?:[*_]*\s*(.*?)[*_]*\s*$`)

// kindOf says what such a line tells.
var kindOf = map[string]string{"van": "from", "from": "from", "verzonden": "date", "verstuurd": "date", "sent": "date", "datum": "date", "date": "date",
	"onderwerp": "subject", "subject": "subject", "betreft": "subject"}

// inForward returns who wrote the mail that stands in a text, if its head does: the
// sender, when it was sent, about what. whole is the text that was not cut off. Of a
// mail of our own within, nothing is returned, but that it was found.
func inForward(text, whole string, firm Firm) (g *Guess, found bool) {
	lines := strings.SplitAfter(text, "\n")
	at := 0 // where the line begins
	for i, l := range lines {
		if headLine(l) != nil {
			if g, length := headOf(lines[i:]); g != nil {
				if firm.Own(g.Email) || g.Email == "" && (g.Name == "" || firm.Calls(g.Name)) {
					return nil, true
				}
				g.Text = casefile.Plain(bare(whole[at+length:]))
				return g, true
			}
		}
		at += len(l)
	}
	return nil, false
}

func headLine(l string) []string { return header().FindStringSubmatch(strings.TrimRight(l, "\r\n")) }

// headOf reads the head that lines begin with, and returns how long it is; nil if it is
// none.
func headOf(lines []string) (g *Guess, length int) {
	g = &Guess{Forwarded: true}
	n, at, from := 0, 0, false
	for _, l := range lines {
		h := headLine(l)
		if h == nil && strings.Trim(l, "> \t\r\n") != "" {
			break
		}
		if at += len(l); h == nil {
			continue // some programs put empty lines between them
		}
		if n++; n > 8 {
			break
		}
		length = at
		switch kindOf[strings.ToLower(h[1])] {
		case "from":
			if from {
				return nil, 0
			}
			from = true
			g.Name, g.Email = whoIn(h[2])
		case "date":
			g.On = dayIn(h[2])
		case "subject":
			g.Subject = casefile.OneLine(h[2])
		}
	}
	if n < 3 || !from {
		return nil, 0
	}
	return g, length
}

// bare takes away the marks of a quotation, if all lines have them.
func bare(text string) string {
	lines := strings.Split(text, "\n")
	for _, l := range lines {
		if l != "" && !strings.HasPrefix(l, ">") {
			return text
		}
	}
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, ">"), " ")
	}
	return strings.Join(lines, "\n")
}

var addressIn = casefile.Pattern(`[^\s<>\[\]()"';:,]{1,64}@[^\s<>\[\]()"';:,]{1,255}`)

// whoIn returns the name and the address in what mail programs make of a sender.
func whoIn(s string) (name, address string) {
	if a, err := mail.ParseAddress(s); err == nil && ValidAddress(a.Address) {
		return line(a.Name), a.Address
	}
	if found := addressIn().FindString(s); ValidAddress(strings.TrimPrefix(found, "mailto:")) {
		address = strings.TrimPrefix(found, "mailto:")
	}
	name, _, _ = strings.Cut(s, "<")
	name, _, _ = strings.Cut(name, "[")
	name = line(strings.Trim(name, " \t\"'"))
	if strings.Contains(name, "@") {
		name = ""
	}
	return name, address
}

// The labels of a form for a name and an address.
var (
	nameLabel  = casefile.Pattern(`(?i)^\W*(?:(?:uw|je|jouw|your|de)\s+)?(?:(?:volledige|full|first and last)\s+)?(naam|name|voornaam|first name|achternaam|last name|surname|van|from)\W*?(?:\s*[:：]\s*(.*))?$`)
	emailLabel = casefile.Pattern(`(?i)^\W*(?:(?:uw|je|jouw|your)\s+)?(?:e-?mail(?:\s?-?adres|\s?address)?)\W*?(?:\s*[:：]\s*(.*))?$`)
)

// inForm returns who filled in a form, if its text says so: behind a label, or on the
// line below one.
func inForm(text string, firm Firm) *Guess {
	g := &Guess{}
	first, last := "", ""
	lines := strings.Split(text, "\n")
	value := func(i int, said string) string {
		if said = strings.TrimSpace(said); said == "" && i+1 < len(lines) {
			said = strings.TrimSpace(lines[i+1])
		}
		return strings.Trim(said, "*_ \t")
	}
	for i, l := range lines {
		if m := emailLabel().FindStringSubmatch(l); m != nil && g.Email == "" {
			if a := strings.TrimPrefix(addressIn().FindString(value(i, m[1])), "mailto:"); ValidAddress(a) && person(a, firm) {
				g.Email = a
			}
		} else if m := nameLabel().FindStringSubmatch(l); m != nil {
			name, address := whoIn(value(i, m[2]))
			if emailLabel().MatchString(name) || len([]rune(name)) > 100 { // an empty field
				continue
			}
			switch strings.ToLower(m[1]) {
			case "voornaam", "first name":
				first = name
			case "achternaam", "last name", "surname":
				last = name
			default:
				if g.Name == "" && !firm.Calls(name) {
					g.Name = name
				}
			}
			if g.Email == "" && person(address, firm) && ValidAddress(address) {
				g.Email = address
			}
		}
	}
	if g.Name == "" {
		g.Name = strings.TrimSpace(first + " " + last)
	}
	if g.Name == "" && g.Email == "" {
		return nil
	}
	return g
}

// months are the names of months by their first three letters, in Dutch and English.
var months = map[string]int{"jan": 1, "feb": 2, "mrt": 3, "maa": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12}

var (
	dayMonthYear = casefile.Pattern(`(?i)\b([0-9]{1,2})\.?\s+([a-z]{3})[a-z]*\.?,?\s+([0-9]{4})\b`)
	monthDayYear = casefile.Pattern(`(?i)\b([a-z]{3})[a-z]*\.?\s+([0-9]{1,2}),?\s+([0-9]{4})\b`)
	numbersOf    = casefile.Pattern(`\b([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})\b`)
	yearFirst    = casefile.Pattern(`\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b`)
)

// dayIn returns the day that a mail program wrote, in words or in numbers with the day
// first as they do here; zero if there is none.
func dayIn(s string) casefile.Date {
	var year, day string
	month := 0
	if m := dayMonthYear().FindStringSubmatch(s); m != nil && months[strings.ToLower(m[2])] > 0 {
		day, month, year = m[1], months[strings.ToLower(m[2])], m[3]
	} else if m := monthDayYear().FindStringSubmatch(s); m != nil && months[strings.ToLower(m[1])] > 0 {
		day, month, year = m[2], months[strings.ToLower(m[1])], m[3]
	} else if m := yearFirst().FindStringSubmatch(s); m != nil {
		year, day = m[1], m[3]
		month, _ = strconv.Atoi(m[2])
	} else if m := numbersOf().FindStringSubmatch(s); m != nil {
		day, year = m[1], m[3]
		month, _ = strconv.Atoi(m[2])
	}
	d, _ := strconv.Atoi(day)
	on, err := casefile.ParseDate(year + "-" + twoDigits(month) + "-" + twoDigits(d))
	if err != nil {
		return casefile.Date{}
	}
	return on
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
