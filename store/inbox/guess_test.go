package inbox_test

import (
	"errors"
	"fmt"
	"testing"

	"klacht/store/inbox"
)

// What the text of a mail tells of who wrote it, where the firm or a program sent that.
func TestGuess(t *testing.T) {
	forward := func(from, body string) string {
		return "From: " + from + "\nTo: info@mok.example\nSubject: Fwd: Te laat\n\n" + body
	}
	const mok = "Mok Verhagen <info@mok.example>"
	for _, tt := range []struct{ what, mail, want string }{
		{"gmail, dutch", forward(mok, "Zie hieronder.\n\n---------- Forwarded message ---------\nVan: Jolanda de Wit <jolanda@thuis.example>\nDate: do 12 feb 2026 om 09:13\nSubject: Te laat\nTo: <info@mok.example>\n\nBeste Mok,\nhet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Beste Mok,\nhet is te laat."},
		{"gmail, english", forward(mok, "---------- Forwarded message ---------\nFrom: Jolanda de Wit <jolanda@thuis.example>\nDate: Thu, Feb 12, 2026 at 9:13 AM\nSubject: Te laat\nTo: Mok <info@mok.example>\n\nHet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"outlook, dutch", forward(mok, "Van: Jolanda de Wit <jolanda@thuis.example>\nVerzonden: donderdag 12 februari 2026 09:13\nAan: Mok Verhagen <info@mok.example>\nOnderwerp: Te laat\n\nHet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"outlook, english, no address", forward(mok, "From: de Wit, Jolanda\nSent: Thursday, February 12, 2026 9:13 AM\nTo: Mok Verhagen\nSubject: Te laat\n\nHet is te laat.\n"),
			"de Wit, Jolanda <> 2026-02-12 Te laat: Het is te laat."},
		{"apple", forward(mok, "Begin doorgestuurd bericht:\n\nVan: Jolanda de Wit <jolanda@thuis.example>\nOnderwerp: Te laat\nDatum: 12 februari 2026 om 09:13:02 CET\nAan: info@mok.example\n\nHet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"apple, quoted", forward(mok, "> Begin forwarded message:\n>\n> From: Jolanda de Wit <jolanda@thuis.example>\n> Subject: Te laat\n> Date: 12 February 2026 at 09:13:02 CET\n> To: info@mok.example\n>\n> Het is\n> te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is\nte laat."},
		{"thunderbird", forward(mok, "-------- Doorgestuurd bericht --------\nOnderwerp: \tTe laat\nDatum: \tThu, 12 Feb 2026 09:13:02 +0100\nVan: \tJolanda de Wit <jolanda@thuis.example>\nAan: \tinfo@mok.example\nCC: \tpiet@thuis.example\n\nHet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"bold labels", forward(mok, "*Van:* Jolanda de Wit [mailto:jolanda@thuis.example]\n*Verzonden:* 12-2-2026 09:13\n*Aan:* info@mok.example\n*Onderwerp:* Te laat\n\nHet is te laat.\n"),
			"Jolanda de Wit <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"from the handler's own mailbox", forward("Mok Verhagen <mok@gmail.example>", "Van: Jolanda <jolanda@thuis.example>\nVerzonden: 12 feb 2026\nAan: info@mok.example\nOnderwerp: Te laat\n\nHet is te laat.\n"),
			"Jolanda <jolanda@thuis.example> 2026-02-12 Te laat: Het is te laat."},
		{"our own mail within", forward(mok, "Van: Mok Verhagen <info@mok.example>\nVerzonden: 12 feb 2026\nAan: jolanda@thuis.example\nOnderwerp: Te laat\n\nHoi.\n"), ""},
		{"an answer of ours quotes her", "From: " + mok + "\nTo: jolanda@thuis.example\nSubject: Re: Te laat\n\nDag,\n\nVan: Jolanda <jolanda@thuis.example>\nVerzonden: 12 feb 2026\nAan: info@mok.example\nOnderwerp: Te laat\n\nHet is te laat.\n", ""},
		{"a stranger forwards", forward("Piet <piet@elders.example>", "Van: Jolanda <jolanda@thuis.example>\nVerzonden: 12 feb 2026\nAan: info@mok.example\nOnderwerp: Te laat\n\nHet is te laat.\n"), "sent by Piet <piet@elders.example>"},

		{"a form", "From: WordPress <wordpress@site.example>\nTo: info@mok.example\nSubject: Klacht\n\nNaam: Jolanda de Wit\nE-mail: jolanda@thuis.example\nBericht: te laat\n", "Jolanda de Wit <jolanda@thuis.example>"},
		{"a form in two lines", "From: noreply@formulier.example\nTo: info@mok.example\nSubject: Klacht\n\nUw naam\nJolanda de Wit\n\nUw e-mailadres\njolanda@thuis.example\n\nKlacht\nNaam en e-mail staan hierboven.\n", "Jolanda de Wit <jolanda@thuis.example>"},
		{"first and last name", "From: no-reply@formulier.example\nSubject: Klacht\n\nVoornaam: Jolanda\nAchternaam: de Wit\nEmail Address: jolanda@thuis.example\n", "Jolanda de Wit <jolanda@thuis.example>"},
		{"contact form 7", "From: info@mok.example\nSubject: Klacht\n\nVan: Jolanda de Wit <jolanda@thuis.example>\nOnderwerp: Klacht\n\nBericht:\nHet is te laat.\n", "Jolanda de Wit <jolanda@thuis.example>"},
		{"an empty field", "From: noreply@formulier.example\nSubject: Klacht\n\nNaam:\nE-mail: jolanda@thuis.example\n", " <jolanda@thuis.example>"},
		{"reply-to is surer", "From: noreply@formulier.example\nReply-To: Jolanda <jolanda@thuis.example>\nSubject: Klacht\n\nNaam: Een Ander\nE-mail: ander@thuis.example\n", "sent by Jolanda <jolanda@thuis.example>"},
		{"a group", "From: \"'Jolanda de Wit' via Info\" <info@mok.example>\nReply-To: jolanda@thuis.example\nSubject: Klacht\n\nHoi.\n", "sent by Jolanda de Wit <jolanda@thuis.example>"},
		{"nobody", "From: noreply@formulier.example\nSubject: Klacht\n\nHet is te laat.\n", ""},
	} {
		m, err := inbox.Read([]byte(tt.mail), firm)
		got := ""
		nobody := (*inbox.Nobody)(nil)
		switch {
		case err == nil:
			got = fmt.Sprintf("sent by %s <%s>", m.Name, m.Email)
		case !errors.As(err, &nobody):
			t.Errorf("%s: %v", tt.what, err)
		case nobody.Guess != nil && nobody.Guess.Forwarded:
			g := nobody.Guess
			got = fmt.Sprintf("%s <%s> %s %s: %s", g.Name, g.Email, g.On, g.Subject, g.Text)
		case nobody.Guess != nil:
			got = fmt.Sprintf("%s <%s>", nobody.Guess.Name, nobody.Guess.Email)
		}
		if got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.what, got, tt.want)
		}
	}
}
