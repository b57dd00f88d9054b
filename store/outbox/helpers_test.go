package outbox

import (
	"path/filepath"
	"testing"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

type tb interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}

func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t tb, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error\n got: %v\nwant: %s", err, want)
	}
}

const complainant = "jolanda@voorbeeld.example"

// complaintMail is the mail that the case starts with.
const complaintMail = "Message-ID: <vraag-1@voorbeeld.example>\r\nFrom: Jolanda de Wit <" + complainant + ">\r\n" +
	"Date: Mon, 2 Nov 2026 10:00:00 +0100\r\nSubject: Te laat\r\n\r\nDe site is te laat.\r\n"

// newRegister makes a register with one complaint, 2026-0001.
func newRegister(t tb, dir string) *store.Register {
	t.Helper()
	dir = filepath.Join(dir, "register")
	must(t, store.Init(dir, store.Start{Name: "Mok Websites", Handler: "Mok Verhagen", Email: "klacht@mok.example", Language: "nl",
		From: casefile.Date{Year: 2020, Month: 1, Day: 1}}))
	r := openRegister(t, dir)
	w, err := r.Lock()
	must(t, err)
	defer w.Close()
	_, err = w.Create(casefile.Case{
		Received: moment(t, "2026-11-02").Date, Subject: "Te laat", Language: "nl",
		Complainant: casefile.Complainant{Name: "Jolanda de Wit", Email: complainant},
		Complaint:   "De site is te laat.",
		Log:         []casefile.Entry{{At: moment(t, "2026-11-02T10:00:00+01:00"), Step: casefile.Received, By: "Mok"}},
	}, []byte(complaintMail))
	must(t, err)
	return r
}

func openRegister(t tb, dir string) *store.Register {
	t.Helper()
	var r *store.Register
	r, err := store.Open(dir, func(mail []byte) (same, named []string) { return inbox.Keys(mail, r.Policy) })
	must(t, err)
	return r
}

func moment(t tb, s string) casefile.Moment {
	t.Helper()
	m, err := casefile.ParseMoment(s, zone())
	must(t, err)
	return m
}

const theCase = casefile.ID("2026-0001")

func load(t tb, r *store.Register) *store.File {
	t.Helper()
	f, err := r.Load(theCase)
	must(t, err)
	return f
}

func acknowledged(t tb) casefile.Entry {
	t.Helper()
	return casefile.Entry{At: moment(t, "2026-11-03T09:00:00+01:00"), Step: casefile.Acknowledged, By: "Mok"}
}

// letterFor makes a mail about the case.
func letterFor(t tb, r *store.Register) *Mail {
	t.Helper()
	f := load(t, r)
	m, err := Compose(Message{Case: &f.Case, Policy: r.Policy, Subject: "Je klacht is binnen [2026-0001]",
		Body: "Beste Jolanda,\n\nJe klacht is binnen.\n", Answers: LatestMail(r, f), Now: moment(t, "2026-11-03T09:00:00+01:00")})
	must(t, err)
	return m
}

// enqueue puts a confirmation in the outbox.
func enqueue(t tb, o *Outbox) *store.Letter {
	t.Helper()
	l, err := tryEnqueue(t, o, acknowledged(t))
	must(t, err)
	return l
}

func tryEnqueue(t tb, o *Outbox, e casefile.Entry) (*store.Letter, error) {
	t.Helper()
	w, err := o.reg.Lock()
	must(t, err)
	defer w.Close()
	return o.Enqueue(w, theCase, e, letterFor(t, o.reg), nil)
}

func writing(t tb, r *store.Register, do func(w *store.Writer)) {
	t.Helper()
	w, err := r.Lock()
	must(t, err)
	defer w.Close()
	do(w)
}

// stateOf returns the state of the only letter; "" if there is none.
func stateOf(t tb, r *store.Register) store.LetterState {
	t.Helper()
	list, damage, err := List(r)
	must(t, err)
	if len(damage) > 0 || len(list) > 1 {
		t.Fatal("outbox:", list, damage)
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].State
}

func newReg(t *testing.T) *store.Register { t.Helper(); return newRegister(t, t.TempDir()) }
