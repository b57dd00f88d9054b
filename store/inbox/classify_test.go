package inbox_test

import (
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// classify tells what a mail is to the register of withCase, in a line.
func classify(t *testing.T, w *store.Writer, mail string) string {
	t.Helper()
	v, err := inbox.Classify([]byte(mail), w, w.Policy)
	if err != nil {
		return "error: " + err.Error()
	}
	return strings.Join(strings.Fields(strings.Join([]string{string(v.Kind), string(v.ID), about(v.About), v.Letter, v.MessageID, v.Why}, " ")), " ")
}

// other is a mail of somebody else.
func other(subject, more string) string {
	return strings.NewReplacer("Jolanda de Wit", "Piet Vos", "jolanda@", "piet@").Replace(jolanda("o1@klant.example", subject, more))
}

func about(id casefile.ID) string {
	if id == "" {
		return ""
	}
	return "about " + string(id)
}

func TestWhatAMailIs(t *testing.T) {
	tests := []struct{ name, mail, want string }{
		{"a new complaint", jolanda("n1@klant.example", "Nog iets", ""), "complaint"},
		{"without a Message-ID", strings.Replace(jolanda("x", "Nog iets", ""), "Message-ID: <x>\n", "", 1), "complaint"},
		{"the complaint once more", jolanda("c1@klant.example", "Website te laat", ""), "known 2026-0001"},
		{"our own letter", letter("l2@mok.example", "Uw klacht [2026-0001]"), "known 2026-0001"},

		{"an answer to our letter", jolanda("n1@klant.example", "Re: Uw klacht", "In-Reply-To: <l2@mok.example>\n"), "reply 2026-0001"},
		{"by somebody else", other("Re: Uw klacht", "In-Reply-To: <l2@mok.example>\n"), "reply 2026-0001"},
		{"to her own first mail", jolanda("n1@klant.example", "Re: Website", "In-Reply-To: <c1@klant.example>\n"), "reply 2026-0001"},
		{"without < and >", jolanda("n1@klant.example", "Re:", "In-Reply-To: l2@mok.example\n"), "reply 2026-0001"},
		{"with a phrase before it", jolanda("n1@klant.example", "Re:", "In-Reply-To: Uw brief van dinsdag <l2@mok.example>\n"), "reply 2026-0001"},
		{"by References alone", jolanda("n1@klant.example", "Re:", "References: <x@y.example>\n <l2@mok.example>\n <z@y.example>\n"), "reply 2026-0001"},
		{"In-Reply-To names another mail", jolanda("n1@klant.example", "Re:", "In-Reply-To: <x@y.example>\nReferences: <l2@mok.example>\n"), "reply 2026-0001"},
		{"to a mail that is not ours", jolanda("n1@klant.example", "Re:", "In-Reply-To: <x@y.example>\n"), "complaint"},
		{"a Message-ID that is a path", jolanda("n1@klant.example", "Re:", "In-Reply-To: <../../index>\n"), "complaint"},
		{"an empty one", jolanda("n1@klant.example", "Re:", "In-Reply-To: <>\nReferences:\n"), "complaint"},

		{"the reference, and her address", jolanda("n1@klant.example", "Re: Uw klacht [2026-0001]", ""), "reply 2026-0001"},
		{"her address in capitals", strings.Replace(jolanda("n1@klant.example", "Re: [2026-0001]", ""), "jolanda@klant", "JOLANDA@Klant", 1), "reply 2026-0001"},
		{"the reference in an encoded subject", jolanda("n1@klant.example", "=?utf-8?Q?Re:_Uw_klacht_=5B2026-0001=5D?=", ""), "reply 2026-0001"},
		{"the reference, and another address", other("Re: Uw klacht [2026-0001]", ""), "complaint about 2026-0001"},
		{"her name, and another address", strings.Replace(other("[2026-0001]", ""), "Piet Vos", `"jolanda@klant.example"`, 1), "complaint about 2026-0001"},
		{"her address as Reply-To only", other("[2026-0001]", "Reply-To: jolanda@klant.example\n"), "complaint about 2026-0001"},
		{"her address as Sender only", other("[2026-0001]", "Sender: jolanda@klant.example\n"), "complaint about 2026-0001"},
		{"the reference without brackets", jolanda("n1@klant.example", "Re: klacht 2026-0001", ""), "complaint"},
		{"a reference that is not there", jolanda("n1@klant.example", "[2026-0009]", ""), "complaint"},
		{"the reference of another's case", jolanda("n1@klant.example", "[2026-0002]", ""), "complaint about 2026-0002"},
		{"two references, one of them hers", jolanda("n1@klant.example", "[2026-0002] [2026-0001]", ""), "reply 2026-0001"},
		{"a thread beats the subject", jolanda("n1@klant.example", "[2026-0002]", "In-Reply-To: <l2@mok.example>\n"), "reply 2026-0001"},

		{"the firm's own mail", strings.Replace(jolanda("n1@mok.example", "Re:", ""), "jolanda@klant", "info@mok", 1), "own"},
		{"the firm's own answer", strings.Replace(jolanda("n1@mok.example", "Re:", "In-Reply-To: <c1@klant.example>\n"), "jolanda@klant", "info@mok", 1), "own 2026-0001"},
		{"a form on its website", strings.Replace(jolanda("n1@mok.example", "Formulier", "Reply-To: piet@klant.example\nAuto-Submitted: auto-generated\n"), "jolanda@klant", "info@mok", 1), "complaint"},
		{"nobody", "Subject: hoi\nMessage-ID: <n1@x.example>\n\nHoi.\n", "error: the mail names no sender"},
		{"nothing", "", "error: the mail is empty"},
		{"no mail", "Beste Mok,\n\nhoi\n", "error: this is not a mail: its form is broken"},

		{"Gmail, absence", jolanda("n1@klant.example", "Afwezig tot 1 december Re: Uw klacht [2026-0001]",
			"In-Reply-To: <l2@mok.example>\nReferences: <l2@mok.example>\nAuto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n"), "automatic 2026-0001 Auto-Submitted"},
		{"Outlook, absence", jolanda("n1@klant.example", "Automatisch antwoord: Uw klacht [2026-0001]",
			"In-Reply-To: <l2@mok.example>\nX-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n"), "automatic 2026-0001 Auto-Submitted"},
		{"Outlook, an older one", jolanda("n1@klant.example", "Afwezig: Uw klacht", "X-Auto-Response-Suppress: DR, OOF, AutoReply\n"), "automatic Subject"},
		{"an Outlook that wants no receipts", jolanda("n1@klant.example", "Klacht", "X-Auto-Response-Suppress: DR, RN, NRN\n"), "complaint"},
		{"vacation, with a parameter", jolanda("n1@klant.example", "Vakantie", "Auto-Submitted: auto-replied (vacation); owner-email=\"a@b.example\"\n"), "automatic Auto-Submitted"},
		{"a person, who says so", jolanda("n1@klant.example", "Klacht", "Auto-Submitted: No\n"), "complaint"},
		{"a person, who says so at length", jolanda("n1@klant.example", "Klacht", "Auto-Submitted: no (written by hand)\n"), "complaint"},
		{"the null sender", "Return-Path: <>\n" + jolanda("n1@klant.example", "Klacht", ""), "automatic Return-Path"},
		{"a sender", "Return-Path: <jolanda@klant.example>\n" + jolanda("n1@klant.example", "Klacht", ""), "complaint"},
		{"absence by the null sender", "Return-Path: <>\n" + jolanda("n1@klant.example", "Afwezig", "In-Reply-To: <l2@mok.example>\nAuto-Submitted: auto-replied\n"), "automatic 2026-0001 Auto-Submitted"},
		{"absence by the null sender that says nothing else", "Return-Path: <>\n" + jolanda("n1@klant.example", "Afwezig", "References: <l2@mok.example>\n"), "automatic 2026-0001 Return-Path"},
		{"a report of a system without a name", "Return-Path: <>\n" + jolanda("n1@klant.example", "Onbestelbaar", "") + "\nMessage-ID: <l2@mok.example>\n", "bounce 2026-0001 02-acknowledged.eml l2@mok.example"},
		{"bulk", jolanda("n1@klant.example", "Actie!", "Precedence: bulk\n"), "automatic Precedence"},
		{"junk", jolanda("n1@klant.example", "Actie!", "Precedence: Junk\n"), "automatic Precedence"},
		{"first class", jolanda("n1@klant.example", "Klacht", "Precedence: first-class\n"), "complaint"},
		{"a mailing list", jolanda("n1@klant.example", "[lijst] hoi", "List-Id: Lijst van klanten <klanten.lijst.example>\nPrecedence: list\n"), "automatic List-Id"},
		{"the firm's address is a group", jolanda("n1@klant.example", "Klacht", "List-Id: <info.mok.example>\nPrecedence: list\nList-Post: <https://groups.example/a>, <mailto:info@mok.example>\n"), "complaint"},
		{"a group of another name", jolanda("n1@klant.example", "Klacht", "List-Id: <info.mok.example.kwaad.example>\n"), "automatic List-Id"},
		{"absence through the firm's group", jolanda("n1@klant.example", "Afwezig", "List-Id: <info.mok.example>\nPrecedence: list\nAuto-Submitted: auto-replied\n"), "automatic Auto-Submitted"},
		{"X-Autorespond", jolanda("n1@klant.example", "Afwezig", "X-Autorespond: Re: Uw klacht\n"), "automatic X-Autorespond"},
	}
	writing(t, withCase(t), func(w *store.Writer) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				if got := classify(t, w, tt.mail); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		}
	})
}

// postfix is a report as Postfix writes it; id is of the mail that it returns.
func postfix(what, id string) string {
	return "Return-Path: <>\n" + stamp + `From: MAILER-DAEMON@mail.mok.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: info@mok.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Message-Id: <dsn1@mail.mok.example>
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4ABC.1/mail.mok.example"

This is a MIME-encapsulated message.

--4ABC.1/mail.mok.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4ABC.1/mail.mok.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.mok.example
X-Postfix-Queue-ID: 4ABC
Arrival-Date: Tue, 24 Nov 2026 10:02:01 +0100 (CET)

Final-Recipient: rfc822; jolanda@klant.example
Original-Recipient: rfc822;jolanda@klant.example
Action: ` + what + `
Status: 5.1.1
Remote-MTA: dns; mx.klant.example
Diagnostic-Code: smtp; 550 5.1.1 <jolanda@klant.example>: Recipient address rejected

--4ABC.1/mail.mok.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <info@mok.example>
From: Mok Websites <info@mok.example>
To: jolanda@klant.example
Subject: Uw klacht [2026-0001]
Message-ID:
 <` + id + `>

--4ABC.1/mail.mok.example--
`
}

// exchange is a report as Exchange writes it: the whole mail inside, and threads.
func exchange(id string) string {
	return stamp + `From: Postmaster <postmaster@klant.example>
To: info@mok.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="g1"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: nl-NL
Message-ID: <ndr1@klant.example>
In-Reply-To: <` + id + `>
References: <` + id + `>
Subject: Niet te bezorgen: Uw klacht [2026-0001]

--g1
Content-Type: multipart/alternative; boundary="g2"

--g2
Content-Type: text/plain; charset="utf-8"

Het bericht kan niet worden bezorgd bij jolanda@klant.example.
--g2--
--g1
Content-Type: message/delivery-status

Reporting-MTA: dns;srv1.klant.example

Final-recipient: RFC822;jolanda@klant.example
Action: failed
Status: 5.1.10

--g1
Content-Type: message/rfc822

` + letter(id, "Uw klacht [2026-0001]") + `
--g1--
`
}

// qmail is a report of a system that does not know RFC 3464.
func qmail(id string) string {
	return "Return-Path: <>\n" + stamp + `From: MAILER-DAEMON@mail.klant.example
To: info@mok.example
Subject: failure notice
Message-ID: <q1@mail.klant.example>

Hi. This is the qmail-send program at mail.klant.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<jolanda@klant.example>:
Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

` + letter(id, "Uw klacht [2026-0001]")
}

func TestALetterThatComesBack(t *testing.T) {
	const came = "bounce 2026-0001 02-acknowledged.eml l2@mok.example"
	read := strings.NewReplacer("delivery-status", "disposition-notification", "Action: displayed", "Disposition: manual-action/MDN-sent-manually; displayed").Replace(postfix("displayed", "l2@mok.example"))
	tests := []struct{ name, mail, want string }{
		{"Postfix", postfix("failed", "l2@mok.example"), came},
		{"Postfix, in capitals", strings.ReplaceAll(postfix("Failed", "l2@mok.example"), "Action:", "ACTION :"), came},
		{"with CRLF", strings.ReplaceAll(postfix("failed", "l2@mok.example"), "\n", "\r\n"), came},
		{"Exchange", exchange("l2@mok.example"), came},
		{"qmail", qmail("l2@mok.example"), came},
		{"only late so far", postfix("delayed", "l2@mok.example"), "automatic 2026-0001 Auto-Submitted"},
		{"delivered", postfix("delivered", "l2@mok.example"), "automatic 2026-0001 Auto-Submitted"},
		{"of a letter that is not ours", strings.ReplaceAll(postfix("failed", "x@mok.example"), " [2026-0001]", ""), "automatic Auto-Submitted"},
		{"of one to somebody else", strings.ReplaceAll(postfix("failed", "x@mok.example"), "jolanda@", "jan@"), "automatic Auto-Submitted"},
		{"under another Message-ID", postfix("failed", "x@mok.example"), "bounce 2026-0001 02-acknowledged.eml"},
		{"of a mail that came in", postfix("failed", "c1@klant.example"), "automatic 2026-0001 Auto-Submitted"},
		{"a receipt", read, "automatic 2026-0001 Auto-Submitted"},
		{"a person who quotes our letter", jolanda("n1@klant.example", "Fwd: failure notice", "") + letter("l2@mok.example", "Uw klacht"), "complaint"},
		{"a mail system that says something else", "Return-Path: <>\n" + stamp + "From: Mailer-Daemon\nSubject: quota\nMessage-ID: <q@x.example>\n\nVol.\n", "automatic Return-Path"},
		{"no headers of automatic mail at all", strings.NewReplacer("Return-Path: <>\n", "", "[2026-0001]", "").Replace(qmail("x@y.example")), "automatic From"},
	}
	writing(t, withCase(t), func(w *store.Writer) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				if got := classify(t, w, tt.mail); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		}
	})
}
