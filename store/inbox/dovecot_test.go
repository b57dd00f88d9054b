//go:build mail

package inbox_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"
	"klacht/store/mailtest"
)

const mok = "mok@mok.example"

// dovecot is a real one, with a mailbox of the owner's.
type dovecot struct{ *mailtest.Server }

func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	return &dovecot{mailtest.Start(t, mailtest.Options{Users: map[string]string{mok: secret}})}
}

func (d *dovecot) source(startTLS bool, folder string) *inbox.IMAP {
	port := d.IMAPS
	if startTLS {
		port = d.IMAP
	}
	return &inbox.IMAP{Server: account(strconv.Itoa(port), mok, startTLS, d.Roots, 10*time.Second), Folder: folder}
}

func TestDovecot(t *testing.T) {
	d := startDovecot(t)
	const folder, onDisk = "Klachten/Geïnd & zo", ".Klachten.Ge&AO8-nd &- zo"
	d.Put(mok, onDisk, 2, other("Klacht", ""), utc("2026-11-25 09:00:00"))
	d.Put(mok, onDisk, 1, jolanda("1@klant.example", "Klacht", ""), utc("2026-11-20 15:40:12"))
	d.Put(mok, onDisk, 3, strings.Replace(jolanda("2@klant.example", "Re: Klacht", "In-Reply-To: <1@klant.example>\n"), stamp, "", 1), utc("2026-11-26 23:30:00"))
	for _, startTLS := range []bool{false, true} {
		t.Run(fmt.Sprint("STARTTLS ", startTLS), func(t *testing.T) {
			reg := newRegister(t)
			src := d.source(startTLS, folder)
			results := fetch(t, src, reg)
			if len(results) != 3 || results[0].Mail.Email != "jolanda@klant.example" {
				t.Fatalf("told %s", told(results))
			}
			if r := results[2]; r.Kind != inbox.Reply || r.ID != "2026-0001" || r.At.String() != "2026-11-27T00:30:00+01:00" {
				t.Errorf("told %s at %s", told(results), r.At) // in the night, by the server's own time
			}
			if marks := d.Flags(mok, onDisk); strings.TrimSpace(marks) != "" {
				t.Errorf("marked %q", marks)
			}
			wantTold(t, fetch(t, src, reg), "")
		})
	}
	t.Run("a flag", func(t *testing.T) {
		src := d.source(false, folder)
		src.Flag = `\Flagged`
		fetch(t, src, newRegister(t))
		if marks := d.Flags(mok, onDisk); strings.Count(marks, "F") != 3 || strings.Contains(marks, "S") {
			t.Errorf("marked %q", marks)
		}
		src.Flag = "$Klacht"
		fetch(t, src, newRegister(t))
		if marks := d.Flags(mok, onDisk); strings.Count(marks, "a") != 3 {
			t.Errorf("marked %q", marks)
		}
	})
	t.Run("a foreign certificate", func(t *testing.T) {
		_, src := certificate(t, tomorrow(), "x")
		for _, startTLS := range []bool{false, true} {
			s := d.source(startTLS, folder)
			s.Roots = src
			if err := failure(t, s); !strings.Contains(err.Error(), "is not to be trusted") {
				t.Error(err)
			}
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if err := failure(t, d.source(false, "Klachten/Weg")); !strings.HasPrefix(err.Error(), "there is no folder") {
			t.Error(err)
		}
	})
	// last: Dovecot makes who was wrong wait
	t.Run("a wrong password", func(t *testing.T) {
		src := d.source(false, folder)
		src.Password = func(context.Context) (string, error) { return "mis", nil }
		if err := failure(t, src); !strings.Contains(err.Error(), "does not accept the user name with this password") {
			t.Error(err)
		}
	})
}

func TestDovecotWith2000MailsAndALargeOne(t *testing.T) {
	d := startDovecot(t)
	for i := range 2000 {
		d.Put(mok, "", i, other("x", fmt.Sprintf("Precedence: bulk\nX-Nr: %d\n", i)), utc("2026-11-20 15:40:12"))
	}
	d.Put(mok, "", 2000, jolanda("g@klant.example", "Groot", "")+strings.Repeat("te laat\n", 25<<17), utc("2026-11-21 10:00:00"))
	d.Put(mok, "", 2001, "Subject: be\xebindigd\nFrom: zo\xeb <zoe@klant.example>\n\nGe\xefrriteerd\n", utc("2026-11-22 10:00:00"))
	reg := newRegister(t)
	start := time.Now()
	results := fetch(t, d.source(false, "INBOX"), reg)
	first := time.Since(start)
	if len(results) != 2002 {
		t.Fatalf("%d results", len(results))
	}
	if got := told(results[2000:]); strings.Count(got, "complaint") != 2 || strings.Contains(got, "error") {
		t.Errorf("told %s", got)
	}
	start = time.Now()
	wantTold(t, fetch(t, d.source(false, "INBOX"), reg), "")
	t.Logf("%v, and once more in %v", first, time.Since(start))
}
