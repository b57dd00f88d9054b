package inbox_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// mixed is a folder with a mail of each kind.
func mixed() *box {
	return boxOf(
		jolanda("c1@klant.example", "Website te laat", ""), // has it
		other("Ik ben niet tevreden", ""),
		jolanda("r1@klant.example", "Re: Uw klacht [2026-0001]", "In-Reply-To: <l2@mok.example>\n"),
		jolanda("r2@klant.example", "Afwezig", "Auto-Submitted: auto-replied\n"),
		postfix("failed", "l2@mok.example"),
		letter("l9@mok.example", "Offerte"),
		"geen mail",
		strings.Replace(other("Re: Ik ben niet tevreden", "In-Reply-To: <o1@klant.example>\n"), "<o1@", "<o2@", 1),
	)
}

const mixedTold = `a known 2026-0001
b complaint 2026-0003 received 2026-11-20 open
c reply 2026-0001 replied 2026-11-20 open
d automatic Auto-Submitted
e bounce 2026-0001 undelivered 2026-11-24 open 02-acknowledged.eml
f own
g  error: this is not a mail: its form is broken
h reply 2026-0003 replied 2026-11-20 open
`

func TestAFolderWithMailOfEachKind(t *testing.T) {
	reg := withCase(t)
	src := mixed()
	wantTold(t, fetch(t, src, reg), mixedTold)
	if n := complaints(t, reg); n != 3 {
		t.Errorf("%d complaints", n)
	}
	if got := strings.Join(src.marked, ""); got != "abcdefgh" {
		t.Errorf("marked %s", got)
	}
	// nothing is read again; what is not certain waits
	src.read = 0
	wantTold(t, fetch(t, src, reg), "")
	if n := complaints(t, reg); n != 3 || src.read != 0 {
		t.Errorf("%d complaints, %d mails read", n, src.read)
	}
	waits, err := reg.Waiting()
	must(t, err)
	if len(waits) != 1 || waits[0].Number != 1 || waits[0].Item != "g" || waits[0].Why != "this is not a mail: its form is broken" {
		t.Errorf("%+v", waits)
	}
}

// A letter that did not arrive is recorded with its case, once, and its step is
// undone.
func TestABounceUndoesItsStep(t *testing.T) {
	reg := withCase(t)
	src := boxOf(postfix("failed", "l2@mok.example"))
	results := fetch(t, src, reg)
	wantTold(t, results, "a bounce 2026-0001 undelivered 2026-11-24 open 02-acknowledged.eml\n")
	if r := results[0]; !r.Dealt || r.Undone != casefile.Acknowledged || r.MessageID != "l2@mok.example" {
		t.Errorf("%+v", r)
	}
	f, err := reg.Load("2026-0001")
	must(t, err)
	e := f.Log[len(f.Log)-1]
	if e.Step != casefile.Undelivered || e.Letter != "02-acknowledged.eml" || len(f.CameBack()) != 1 {
		t.Errorf("%+v", e)
	}
	if mail, err := reg.Mail(f, e.Mail); err != nil || string(mail) != string(src.items[0].Raw) {
		t.Errorf("%v\n%s", err, mail)
	}
	if err := f.Allows(casefile.Entry{Step: casefile.Acknowledged, At: moment(t, reg, "2026-12-07")}); err != nil {
		t.Errorf("receipt cannot be confirmed anew: %v", err)
	}
	// neither the same report nor a second one says anything new
	second := strings.Replace(postfix("failed", "l2@mok.example"), "Subject:", "Message-ID: <other@mx.example>\nX-Second: yes\nSubject:", 1)
	for _, again := range []*box{src, boxOf(second)} {
		for _, r := range fetchAgain(t, again, reg) {
			if r.Step != "" || r.Undone != "" || !r.Dealt {
				t.Errorf("%+v", r)
			}
		}
	}
	if now, err := reg.Load("2026-0001"); err != nil || len(now.Log) != len(f.Log) {
		t.Errorf("recorded again: %v, %v", now.Log, err)
	}
}

// A mail program gives the draft that it sends a Message-ID of its own: then the
// reference and the address tell which letter came back.
func TestABounceOfADraftThatAMailProgramSent(t *testing.T) {
	for _, tt := range []struct{ name, mail, want string }{
		{"with a report", postfix("failed", "other@mailprogram.example"), "02-acknowledged.eml"},
		{"without one", qmail("other@mailprogram.example"), "02-acknowledged.eml"},
		{"an encoded subject", strings.ReplaceAll(postfix("failed", "other@mailprogram.example"), "Subject: Uw klacht [2026-0001]", "Subject: =?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte("Één klacht [2026-0001]"))+"?="), "02-acknowledged.eml"},
		{"only late", postfix("delayed", "other@mailprogram.example"), ""},
		{"to somebody else", strings.ReplaceAll(postfix("failed", "other@mailprogram.example"), "jolanda@klant", "iemand@klant"), ""},
		{"of another mail", strings.ReplaceAll(postfix("failed", "other@mailprogram.example"), "[2026-0001]", "2026"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := fetch(t, boxOf(tt.mail), withCase(t))[0]
			if r.Letter != tt.want || (r.Step == casefile.Undelivered) != (tt.want != "") {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A spoken complaint begins to run when its mail comes in (R1).
func TestTheMailOfASpokenComplaintIsItsReceipt(t *testing.T) {
	reg := withCase(t)
	bram := func(id string) string {
		return strings.ReplaceAll(jolanda(id, "Re: [2026-0002]", ""), "jolanda@", "bram@")
	}
	late := func(m string) string { return strings.Replace(m, "Fri, 20 Nov", "Wed, 25 Nov", 1) }
	wantTold(t, fetch(t, boxOf(late(bram("b1@klant.example")), late(bram("b2@klant.example"))), reg),
		"a reply 2026-0002 received 2026-11-25 open\nb reply 2026-0002 replied 2026-11-25 open\n")
}

// It stands in open/ until somebody has read it.
func TestAReplyToAClosedCaseIsFiledWithIt(t *testing.T) {
	reg := withCase(t)
	writing(t, reg, func(w *store.Writer) {
		_, err := w.Append("2026-0001", casefile.Entry{At: moment(t, reg, "2026-12-01"), Step: casefile.Closed, By: "Mok", Outcome: casefile.Agreed}, nil, nil)
		must(t, err)
	})
	results := fetch(t, boxOf(strings.Replace(jolanda("r1@klant.example", "Bedankt", "In-Reply-To: <l2@mok.example>\n"), "20 Nov", "02 Dec", 1)), reg)
	wantTold(t, results, "a reply 2026-0001 replied 2026-12-02 closed\n")
	if f, err := reg.Load("2026-0001"); err != nil || !strings.HasPrefix(f.Path, "open/") {
		t.Errorf("%v, %v", f, err)
	}
}

func TestWhenAMailCameIn(t *testing.T) {
	none := strings.Replace(jolanda("n1@klant.example", "Klacht", "Date: Fri, 20 Nov 2026 15:00:00 +0100\n"), stamp, "", 1)
	stamped := stamp + none
	old := strings.Replace(none, "Date: Fri, 20 Nov 2026 15:00:00 +0100\n", "", 1)
	at := utc("2026-11-20 15:40:11")
	day := func(d int) time.Time { return at.AddDate(0, 0, d) }
	tests := []struct {
		name string
		item inbox.Item
		want string
	}{
		{"by its stamp", inbox.Item{Raw: []byte(stamped)}, "2026-11-20T16:40:11+01:00"},
		{"by the source", inbox.Item{Raw: []byte(none), At: day(1)}, "2026-11-21T16:40:11+01:00"},
		{"by a rough source", inbox.Item{Raw: []byte(none), At: day(1), Rough: true}, "2026-11-21T16:40:11+01:00"},
		{"moved later", inbox.Item{Raw: []byte(stamped), At: day(5)}, "2026-11-20T16:40:11+01:00"},
		{"earlier in the source", inbox.Item{Raw: []byte(stamped), At: day(-1)}, "2026-11-19T16:40:11+01:00"},
		{"more than a day before the sender's Date in the source", inbox.Item{Raw: []byte(stamped), At: day(-2)}, "2026-11-20T16:40:11+01:00"},
		{"earlier in a rough source", inbox.Item{Raw: []byte(stamped), At: day(-1), Rough: true}, "2026-11-20T16:40:11+01:00"},
		{"the source has the sender's date", inbox.Item{Raw: []byte(stamped), At: utc("2026-11-20 14:00:00")}, "2026-11-20T16:40:11+01:00"},
		{"and there is no stamp", inbox.Item{Raw: []byte(none), At: utc("2026-11-20 14:00:00")}, "2026-11-20T15:00:00+01:00"},
		{"later today by the server's clock", inbox.Item{Raw: []byte(none), At: utc("2026-12-07 22:00:00")}, "2026-12-07T23:00:00+01:00"},
		{"nobody knows", inbox.Item{Raw: []byte(none)}, "it is not known when the mail came in"},
		{"to come", inbox.Item{Raw: []byte(none), At: utc("2026-12-08 10:00:00")}, "2026-12-08T11:00:00+01:00 is still to come"},
		{"to come by the stamp, but not by the source", inbox.Item{Raw: []byte(strings.Replace(stamped, "Nov 2026", "Nov 2099", 1)), At: at}, "2026-11-20T16:40:11+01:00"},
		{"long before the procedure began", inbox.Item{Raw: []byte(old), At: utc("2014-10-01 10:00:00")},
			"by its stamp the mail came in on 2014-10-01, long before your procedure began (2015-01-01)"},
		{"a Date in the future", inbox.Item{Raw: []byte(strings.Replace(stamped, "Date: Fri, 20 Nov 2026", "Date: Fri, 20 Nov 2099", 1))},
			"by its stamp the mail came in on 2026-11-20, but it was written on 2099-11-20"},
		{"sixty days after it was written", inbox.Item{Raw: []byte(strings.Replace(stamped, "Date: Fri, 20 Nov", "Date: Mon, 21 Sep", 1))}, "2026-11-20T16:40:11+01:00"},
		{"a day more", inbox.Item{Raw: []byte(strings.Replace(stamped, "Date: Fri, 20 Nov", "Date: Sun, 20 Sep", 1))},
			"by its stamp the mail came in on 2026-11-20, but it was written on 2026-09-20"},
		{"five years ago to the day", inbox.Item{Raw: []byte(old), At: utc("2021-12-07 10:00:00")}, "2021-12-07T11:00:00+01:00"},
		{"longer ago", inbox.Item{Raw: []byte(old), At: utc("2021-12-06 10:00:00")}, "the mail came in on 2021-12-06; a complaint of that day is no longer kept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.item.Key = "k"
			r := fetch(t, &box{items: []inbox.Item{tt.item}}, newRegister(t))[0]
			got := r.At.String()
			if r.Err != nil {
				got = r.Err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAForwardedMailDidNotComeInWhenItWasForwarded(t *testing.T) {
	m := &inbox.Mail{Forwarded: true}
	if at := inbox.Arrival(m, inbox.Item{At: utc("2026-11-20 15:00:00")}); !at.IsZero() {
		t.Error(at)
	}
}

// A mail that stays in the folder does not bring a purged case back (R14).
func TestWhatWasPurgedDoesNotComeBack(t *testing.T) {
	reg := newRegister(t)
	src := boxOf(strings.Replace(jolanda("c1@klant.example", "Klacht", ""), "Nov 2026", "Nov 2020", 1))
	results, err := inbox.Fetch(t.Context(), src, reg, inbox.Options{Now: moment(t, reg, "2020-12-01")})
	must(t, err)
	writing(t, reg, func(w *store.Writer) {
		f, err := w.Append(results[0].ID, casefile.Entry{At: moment(t, reg, "2020-12-02"), Step: casefile.Closed, By: "Mok", Outcome: casefile.Agreed}, nil, nil)
		must(t, err)
		must(t, w.Purge(f, moment(t, reg, "2026-12-07").Date))
	})
	if n := complaints(t, reg); n != 0 {
		t.Fatalf("%d complaints before", n)
	}
	if got := told(fetch(t, src, reg)); got != "" {
		t.Errorf("told %s", got)
	}
	must(t, os.RemoveAll(filepath.Join(reg.Dir, ".klacht"))) // as on another machine
	wantTold(t, fetch(t, src, reg), "a complaint error: the mail came in on 2020-11-20; a complaint of that day is no longer kept\n")
	if n := complaints(t, reg); n != 0 {
		t.Errorf("%d complaints", n)
	}
}

// What this machine remembers of a source never stands above the register.
func TestAMailThatTheRegisterHasLostComesBack(t *testing.T) {
	reg := newRegister(t)
	src := boxOf(jolanda("c1@klant.example", "Klacht", ""))
	fetch(t, src, reg)
	must(t, os.RemoveAll(filepath.Join(reg.Dir, "open")))
	// a number is never given out twice
	wantTold(t, fetch(t, src, reg), "a complaint 2026-0002 received 2026-11-20 open\n")
}

func TestAgainLooksAtEveryMail(t *testing.T) {
	reg := newRegister(t)
	src := boxOf(jolanda("c1@klant.example", "Klacht", ""), jolanda("a@b.example", "", "Precedence: bulk\n"))
	fetch(t, src, reg)
	results, err := inbox.Fetch(t.Context(), src, reg, inbox.Options{Now: moment(t, reg, "2026-12-07"), Again: true})
	must(t, err)
	wantTold(t, results, "a known 2026-0001\nb automatic Precedence\n")
}

func TestASourceThatBreaksOffLosesNothing(t *testing.T) {
	reg := newRegister(t)
	src := boxOf(jolanda("c1@klant.example", "Klacht", ""), other("Klacht", ""))
	src.fail = errors.New("gone")
	results, err := inbox.Fetch(t.Context(), src, reg, inbox.Options{Now: moment(t, reg, "2026-12-07")})
	if err == nil || err.Error() != "gone" || len(results) != 2 {
		t.Fatalf("%d results, error %v", len(results), err)
	}
	src.read = 0
	if results, _ := inbox.Fetch(t.Context(), src, reg, inbox.Options{Now: moment(t, reg, "2026-12-07")}); len(results) != 0 || src.read != 0 {
		t.Errorf("%d results, %d read", len(results), src.read)
	}
}

func TestACaseThatCannotBeReadKeepsItsMailWaiting(t *testing.T) {
	reg := withCase(t)
	file := filepath.Join(reg.Dir, "open", "2026-0001.yaml")
	good, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, append(good, "onzin"...), 0o600))
	src := boxOf(jolanda("r1@klant.example", "Re:", "In-Reply-To: <l2@mok.example>\n"), jolanda("r2@klant.example", "[2026-0001]", ""), other("Klacht", ""))
	results := fetch(t, src, reg)
	if results[0].Err == nil || results[1].Err == nil || results[2].Err != nil || strings.Contains(told(results), "jolanda") {
		t.Errorf("told %s", told(results))
	}
	must(t, os.WriteFile(file, good, 0o600))
	wantTold(t, fetch(t, src, reg), "a reply 2026-0001 replied 2026-11-20 open\nb reply 2026-0001 replied 2026-11-20 open\n")
}

func TestTheSameMailTwiceInAFolder(t *testing.T) {
	reg := newRegister(t)
	noID := strings.Replace(jolanda("x", "Klacht", ""), "Message-ID: <x>\n", "", 1)
	marked := strings.Replace(noID, "Subject:", "Status: RO\nX-Mozilla-Status: 0001\nSubject:", 1)
	wantTold(t, fetch(t, boxOf(noID, marked, strings.ReplaceAll(noID, "\n", "\r\n"), strings.Replace(noID, "laat.", "duur.", 1)), reg),
		"a complaint 2026-0001 received 2026-11-20 open\nb known 2026-0001\nc known 2026-0001\nd complaint 2026-0002 received 2026-11-20 open\n")
}

func TestLargeAndOddMailsAreRegisteredOrRefusedByName(t *testing.T) {
	reg := newRegister(t)
	large := func(n int) string {
		return strings.Replace(jolanda(fmt.Sprint(n, "@klant.example"), "Groot", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=g\n"),
			"\n\n", "\n\n--g\nContent-Type: text/plain\n\nZie bijlage.\n--g\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n"+
				strings.Repeat(strings.Repeat("QUJD", 19)+"\n", n/77)+"--g--\n", 1)
	}
	src := boxOf(large(25<<20), large(store.MaxMail+1<<20),
		stamp+"From: Zo\xeb de Vri\xebs <zoe@klant.example>\nSubject: Be\xebindigde cursus\n\nGe\xefrriteerd.\n",
		stamp+"From: jan@klant.example\n\n", "\x00\x01\x02", jolanda("p@klant.example", "Klacht", "Content-Type: multipart/mixed; boundary=\"\"\n"))
	wantTold(t, fetch(t, src, reg), `a complaint 2026-0001 received 2026-11-20 open
b  error: the mail is larger than 40 MB
c complaint 2026-0002 received 2026-11-20 open
d complaint 2026-0003 received 2026-11-20 open
e  error: this is not a mail: its form is broken
f complaint 2026-0004 received 2026-11-20 open
`)
	f, err := reg.Load("2026-0002")
	must(t, err)
	if f.Complainant.Name != "Zoë de Vriës" || f.Subject != "Beëindigde cursus" || f.Complaint != "Geïrriteerd.\n" {
		t.Errorf("%+v", f.Case)
	}
	if f, err = reg.Load("2026-0003"); err != nil || f.Subject != "-" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestTheLockIsFreeWhileASourceIsRead(t *testing.T) {
	reg := newRegister(t)
	other, err := store.Open(reg.Dir, reg.Keys)
	must(t, err)
	asked := 0
	_, err = inbox.Fetch(t.Context(), boxOf(jolanda("1@b.example", "a", ""), jolanda("2@b.example", "b", "")), reg, inbox.Options{
		Now: moment(t, reg, "2026-12-07"),
		Progress: func(done, total int64) {
			asked++
			w, err := other.Lock()
			must(t, err)
			w.Close()
			if done != int64(asked) || total != 2 {
				t.Errorf("%d of %d", done, total)
			}
		}})
	must(t, err)
	if asked != 2 {
		t.Error(asked)
	}
}

func TestAFetchCanBeStopped(t *testing.T) {
	reg := newRegister(t)
	files, _ := many(120)
	dir := maildirOf(t, files...)
	ctx, cancel := context.WithCancel(t.Context())
	results, err := inbox.Fetch(ctx, &inbox.Maildir{Dir: dir}, reg, inbox.Options{Now: moment(t, reg, "2026-12-07"),
		Progress: func(int64, int64) { cancel() }})
	if !errors.Is(err, context.Canceled) || len(results) == 0 || len(results) > 50 {
		t.Errorf("%d results, error %v", len(results), err)
	}
}
