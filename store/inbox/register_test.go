package inbox_test

import (
	"context"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// newRegister makes an empty register of the firm that is own in these tests.
func newRegister(t testing.TB) *store.Register {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "register")
	must(t, store.Init(dir, store.Start{Name: "Mok Websites", Handler: "Mok", Email: "info@mok.example", Language: "nl",
		From: casefile.Date{Year: 2015, Month: 1, Day: 1}}))
	return openRegister(t, dir)
}

func openRegister(t testing.TB, dir string) *store.Register {
	t.Helper()
	reg, err := store.Open(dir, func(mail []byte) (same, named []string) { return inbox.Keys(mail, firm) })
	must(t, err)
	return reg
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func moment(t testing.TB, reg *store.Register, s string) casefile.Moment {
	t.Helper()
	m, err := casefile.ParseMoment(s, reg.Policy.Zone)
	must(t, err)
	return m
}

// writing takes the lock for as long as do runs.
func writing(t testing.TB, reg *store.Register, do func(*store.Writer)) {
	t.Helper()
	w, err := reg.Lock()
	must(t, err)
	defer w.Close()
	do(w)
}

// stamp is what the firm's server puts above a mail.
const stamp = "Received: from mx.klant.example by mail.mok.example with ESMTPS id 1; Fri, 20 Nov 2026 16:40:11 +0100\n"

// jolanda is a mail of the complainant in these tests; id is its Message-ID, and
// more are further headers, each ending in a line break.
func jolanda(id, subject, more string) string {
	return stamp + "From: Jolanda de Wit <jolanda@klant.example>\nTo: info@mok.example\nSubject: " + subject +
		"\nMessage-ID: <" + id + ">\n" + more + "\nDe website is te laat.\n\nJolanda\n"
}

// letter is a letter of the firm to her.
func letter(id, subject string) string {
	return "From: Mok Websites <info@mok.example>\nTo: jolanda@klant.example\nSubject: " + subject +
		"\nMessage-ID: <" + id + ">\nDate: Tue, 24 Nov 2026 10:02:00 +0100\n\nBeste Jolanda,\n\nUw klacht is binnen.\n"
}

// withCase returns a register in which 2026-0001 is Jolanda's complaint
// (Message-ID c1@klant.example), with a confirmation (l2@mok.example), and
// 2026-0002 is a complaint that Bram only spoke.
func withCase(t testing.TB) *store.Register {
	t.Helper()
	reg := newRegister(t)
	writing(t, reg, func(w *store.Writer) {
		raw := []byte(jolanda("c1@klant.example", "Website te laat", ""))
		m, err := inbox.Read(raw, firm)
		must(t, err)
		at := casefile.MomentOf(m.Arrived, reg.Policy.Zone)
		_, err = w.Create(inbox.CaseOf(m, at, reg.Policy, "", inbox.Words{}), raw)
		must(t, err)
		_, err = w.Append("2026-0001", casefile.Entry{At: moment(t, reg, "2026-11-24T10:02"), Step: casefile.Acknowledged, By: "Mok"},
			[]byte(letter("l2@mok.example", "Uw klacht [2026-0001]")), nil)
		must(t, err)
		_, err = w.Create(casefile.Case{Subject: "Factuur", Complainant: casefile.Complainant{Name: "Bram Kok", Email: "bram@klant.example"},
			Language: "nl", Complaint: "Belde over de factuur",
			Log: []casefile.Entry{{At: moment(t, reg, "2026-11-23"), Step: casefile.Spoken, By: "Mok"}}}, nil)
		must(t, err)
	})
	return reg
}

// box is a source in memory.
type box struct {
	items  []inbox.Item
	fail   error // after the items
	read   int   // how many items were read
	marked []string
}

func (b *box) Name() string    { return "box" }
func (b *box) Mark(key string) { b.marked = append(b.marked, key) }

func (b *box) BeforeMarking(func()) {}

func (b *box) Items(_ context.Context, skip func(string) bool) iter.Seq2[inbox.Item, error] {
	return func(yield func(inbox.Item, error) bool) {
		for i, it := range b.items {
			if skip(it.Key) {
				continue
			}
			b.read++
			it.Done, it.Total = int64(i+1), int64(len(b.items))
			if !yield(it, nil) {
				return
			}
		}
		if b.fail != nil {
			yield(inbox.Item{}, b.fail)
		}
	}
}

// boxOf returns a source with the mails, whose keys are a, b, c and so on.
func boxOf(mails ...string) *box {
	b := &box{}
	for i, m := range mails {
		b.items = append(b.items, inbox.Item{Key: string(rune('a' + i)), Name: "mail " + string(rune('a'+i)), Raw: []byte(m)})
	}
	return b
}

// fetch fetches on 7 December 2026.
func fetch(t testing.TB, src inbox.Source, reg *store.Register) []inbox.Result {
	t.Helper()
	return fetchWith(t, src, reg, inbox.Options{Now: moment(t, reg, "2026-12-07T08:30")})
}

// fetchAgain looks at every mail once more.
func fetchAgain(t testing.TB, src inbox.Source, reg *store.Register) []inbox.Result {
	t.Helper()
	return fetchWith(t, src, reg, inbox.Options{Now: moment(t, reg, "2026-12-07T08:30"), Again: true})
}

func fetchWith(t testing.TB, src inbox.Source, reg *store.Register, o inbox.Options) []inbox.Result {
	t.Helper()
	results, err := inbox.Fetch(t.Context(), src, reg, o)
	must(t, err)
	return results
}

// told says what a fetch did, a line for each mail.
func told(results []inbox.Result) string {
	var b strings.Builder
	for _, r := range results {
		b.WriteString(r.Key + " " + string(r.Kind))
		if r.ID != "" {
			b.WriteString(" " + string(r.ID))
		}
		if r.About != "" {
			b.WriteString(" " + about(r.About))
		}
		if r.Step != "" {
			b.WriteString(" " + string(r.Step) + " " + r.At.Date.String() + " " + string(r.Status))
		}
		for _, s := range []string{r.Letter, r.Why} {
			if s != "" {
				b.WriteString(" " + s)
			}
		}
		if r.Err != nil {
			b.WriteString(" error: " + r.Err.Error())
		}
		b.WriteString("\n")
	}
	return b.String()
}

func wantTold(t testing.TB, results []inbox.Result, want string) {
	t.Helper()
	if got := told(results); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// complaints returns how many there are, and fails if a mail is there twice.
func complaints(t testing.TB, reg *store.Register) int {
	t.Helper()
	files, damaged, err := reg.ReadAll()
	must(t, err)
	if len(damaged) > 0 {
		t.Fatal(damaged[0])
	}
	seen := map[string]casefile.ID{}
	for _, f := range files {
		for _, e := range f.Log {
			if e.Mail == "" {
				continue
			}
			raw, err := reg.Mail(f, e.Mail)
			must(t, err)
			same, _ := inbox.Keys(raw, firm)
			k := same[0]
			if other, twice := seen[k]; twice {
				t.Errorf("%.60q is in %s and in %s", k, other, f.ID)
			}
			seen[k] = f.ID
		}
	}
	return len(files)
}

var amsterdam = zone()

func zone() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return l
}
