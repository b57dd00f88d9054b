//go:build mail

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
)

// byForm makes a mail as the form on the firm's website does.
func byForm(id, replyTo, text string) string {
	return strings.ReplaceAll("Date: "+time.Now().Format(time.RFC1123Z)+"\nFrom: WordPress <wordpress@webwerkoost.example>\nReply-To: "+replyTo+"\nTo: "+ownerBox+
		"\nMessage-ID: <"+id+"@webwerkoost.example>\nSubject: Klacht via de website\nX-Mailer: PHPMailer 6.9.3 (https://github.com/PHPMailer/PHPMailer)\n"+
		"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\nVan: "+replyTo+"\n\n"+text+"\n", "\n", "\r\n")
}

// forwarded makes a mail of the owner's with another attached.
func forwarded(id, inner string) string {
	return strings.ReplaceAll("Date: "+time.Now().Format(time.RFC1123Z)+"\nFrom: Mok Verhagen <mok@prive.example>\nTo: "+ownerBox+"\nMessage-ID: <"+id+"@prive.example>\n"+
		"Subject: Fwd: Klacht\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nKwam bij mij binnen.\n"+
		"--b\nContent-Type: message/rfc822; name=klacht.eml\nContent-Disposition: attachment; filename=klacht.eml\n\n", "\n", "\r\n") + inner + "\r\n--b--\r\n"
}

// by makes a mail of the complainant's be somebody else's.
func by(mail, who string) string {
	return strings.Replace(mail, "Jolanda de Wit <"+jolanda+">", who, 1)
}

// A week at the desk: a form, a complaint that was forwarded, a letter that comes back, a
// stranger in the thread, and the committee, each to the right person and the right case.
func TestAWeekOfRealMail(t *testing.T) {
	p := newPost(t)
	policy := filepath.Join(p.dir, "regeling.yaml")
	text, err := os.ReadFile(policy)
	if err == nil {
		err = os.WriteFile(policy, []byte(strings.Replace(string(text), "https://www.nrto.nl/contact/", "https://www.kwaliteit.example/", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}

	p.comes("wordpress@webwerkoost.example", byForm("form-1", "Jolanda de Wit <"+jolanda+">", "De website is drie weken te laat."))
	p.shows(0, []string{": a new complaint of Jolanda de Wit <" + jolanda + ">"}, "fetch")
	p.shows(0, []string{": receipt confirmed"}, "ack", "1", "--yes")
	_, ack := p.latest(1, "ontvangen")
	if copies := p.servers.Mails(ownerBox, ".Verzonden", 1); len(copies) != 1 {
		t.Errorf("%d copies among what was sent", len(copies))
	}

	stamp := "Received: from mail.voorbeeld.example by mx.webwerkoost.example for <" + ownerBox + ">; " + time.Now().Add(-24*time.Hour).Format(time.RFC1123Z) + "\r\n"
	p.comes("mok@prive.example", forwarded("fwd-1", stamp+by(from("klacht-2", "Cursus te kort", "", "De cursus duurde een uur korter."), "Bram Kok <"+movedAway+">")))
	p.shows(0, []string{": a new complaint of Bram Kok <" + movedAway + ">, received on "}, "fetch")
	n := len(p.servers.Mails(ownerBox, "", 0))
	p.shows(0, []string{": receipt confirmed"}, "ack", "2", "--yes")
	p.servers.Mails(ownerBox, "", n+1)
	p.said.WriteString("(the server brings that letter back)\n")
	p.shows(0, []string{"your letter 02-acknowledged.eml did not arrive", "so this is undone: receipt confirmed"}, "fetch")
	p.shows(0, []string{"confirm receipt"}, "due")

	thread := "In-Reply-To: " + ack.Header.Get("Message-Id") + "\n"
	p.comes("piet@elders.example", by(from("vreemd-1", "Re: Je klacht", thread, "Ik ben haar man, en het is nog erger."), "Piet de Wit <piet@elders.example>"))
	p.shows(exitPartial, []string{"somebody else wrote it", "klacht fetch --take 1"}, "fetch")
	p.shows(exitDone, []string{"FOR YOU TO DECIDE", "mail 1", "Piet de Wit piet@elders.example"}, "due")
	p.shows(0, []string{"a reply came in from Piet de Wit <piet@elders.example>"}, "fetch", "--take", "1", "--case", "1")

	p.shows(0, []string{": closed: rejected"}, "close", "1", "--outcome", "rejected", "--text", "Ik zie dat anders.", "--yes")
	p.comes("secretaris@kwaliteit.example", by(from("commissie-1", "Klacht van mw. De Wit", "", "De commissie heeft een klacht ontvangen."), "Secretaris <secretaris@kwaliteit.example>"))
	p.shows(exitPartial, []string{"a body of your procedure"}, "fetch")
	p.shows(0, nil, "fetch", "--take", "2", "--anyway")
	p.shows(0, []string{"-0001"}, "move", "3", "--to", "1", "--as", "refer")
	p.shows(0, nil, "due")
	p.types(0, "check")

	cases := p.cases()
	steps := func(f int) (list []casefile.Step) {
		for _, e := range cases[f].Log {
			list = append(list, e.Step)
		}
		return list
	}
	want := [][]casefile.Step{
		{casefile.Received, casefile.Acknowledged, casefile.Replied, casefile.Closed, casefile.Referred},
		{casefile.Received, casefile.Acknowledged, casefile.Undelivered},
	}
	if len(cases) < 2 {
		t.Fatalf("%d complaints", len(cases))
	}
	for i := range want {
		if got := steps(i); !slices.Equal(got, want[i]) {
			t.Errorf("complaint %d: %v, want %v", i+1, got, want[i])
		}
	}
}
