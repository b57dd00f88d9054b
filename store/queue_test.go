package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

const letterBody = "Message-ID: <brief@mok.example>\r\nTo: " + secretEmail + "\r\n\r\nBeste " + secretName + "\r\n"

func aLetter(t testing.TB, id casefile.ID) Letter {
	t.Helper()
	return Letter{ID: id, State: LetterQueued, To: secretEmail, Subject: "Je klacht [" + string(id) + "]", MessageID: "brief@mok.example",
		Basis: map[string]string{"kind": "clarification", "to": secretEmail},
		Entry: casefile.Entry{At: at(t, "2026-11-03T09:00:00+01:00"), Step: casefile.Asked, By: "Mok", Text: "Welke pagina?\nDe eerste?",
			Promised: casefile.Promised{"close": {Year: 2026, Month: 12, Day: 18}}}}
}

func addLetter(t testing.TB, r *Register, l Letter) *Letter {
	t.Helper()
	var added *Letter
	writing(t, r, func(w *Writer) {
		var err error
		added, err = w.AddLetter(l, []byte(letterBody))
		must(t, err)
	})
	return added
}

func TestLetterOnDisk(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	l := addLetter(t, r, aLetter(t, f.ID))
	got := tree(t, r.Dir)
	want := `format: 1
id: 2026-0001
state: queued
to: jolanda@voorbeeld.example
subject: Je klacht [2026-0001]
message-id: brief@mok.example
basis:
  kind: clarification
  to: jolanda@voorbeeld.example
log:
  - at: 2026-11-03T09:00:00+01:00
    step: asked
    by: Mok
    text: |-
      Welke pagina?
      De eerste?
    promised: {close: 2026-12-18}
`
	if got["outbox/2026-0001-asked.letter"] != want || got["outbox/2026-0001-asked.eml"] != letterBody || got["outbox/.gitignore"] != "*\n" {
		t.Errorf("%s\n%s", got["outbox/2026-0001-asked.letter"], got["outbox/2026-0001-asked.eml"])
	}
	if n := addLetter(t, r, aLetter(t, f.ID)); n.Name != "2026-0001-asked-2" {
		t.Error(n.Name)
	}
	letters, damage, err := reopen(t, r.Dir).Letters()
	must(t, err)
	if len(letters) != 2 || len(damage) > 0 || !letters[0].Entry.Same(l.Entry) {
		t.Errorf("%+v %v", letters, damage)
	}
	if n, err := r.Check(day(t, "2026-12-07"), nil); err != nil || n.Cases != 1 {
		t.Error(n, err)
	}
}

func TestLetterStates(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	l := addLetter(t, r, aLetter(t, f.ID))
	for _, s := range []LetterState{LetterDraft, LetterSending, LetterDraft, LetterAccepted, LetterRefused, LetterQueued} {
		l.State, l.To, l.ID, l.MessageID = s, "ander@adres.example", "2026-0009", "x@y.example"
		l.Problem = Problem{"busy", "mail.example:587", "4.2: vol # - \"x\""}
		writing(t, r, func(w *Writer) { must(t, w.SetLetter(l, nil)) })
		back, err := r.ReadLetter(l.Name)
		must(t, err)
		if back.State != s || back.To != secretEmail || back.ID != f.ID || back.MessageID != "brief@mok.example" || back.Problem != l.Problem {
			t.Errorf("%s: %+v", s, back)
		}
		mail, err := r.LetterMail(l)
		must(t, err)
		file, err := os.ReadFile(r.LetterPath(l))
		must(t, err)
		if string(mail) != letterBody || strings.HasPrefix(string(file), "X-Unsent: 1\r\n") != (s == LetterDraft) {
			t.Errorf("%s: %s", s, file)
		}
	}
	writing(t, r, func(w *Writer) { must(t, w.RemoveLetter(l)); must(t, w.RemoveLetter(l)) })
	_, err := r.ReadLetter(l.Name)
	wantError(t, err, "there is no letter 2026-0001-asked in the outbox")
	writing(t, r, func(w *Writer) { wantError(t, w.SetLetter(l, nil), "there is no letter 2026-0001-asked in the outbox") })
}

func TestLettersThatCannotBe(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	l := addLetter(t, r, aLetter(t, f.ID))
	good := tree(t, r.Dir)["outbox/2026-0001-asked.letter"]
	for _, c := range []struct{ from, to, want string }{
		{"state: queued", "state: gone", `3: "gone" is not one of [draft queued sending accepted refused]`},
		{"state: queued\n", "", `: the key "state" is missing`},
		{"state:", "stat:", `3: the key "stat" is not known here`},
		{"id: 2026-0001", "id: 2026-0002", `: the id is 2026-0002, but the file is called 2026-0001-asked.letter`},
		{"to: j", "to: |\n  x\n  y: j", `4: a text on one line belongs here`},
		{"step: asked", "step: closed", `11: closed needs a value for "outcome"`},
		{"    by: Mok\n", "    by: Mok\n    mail: 01.eml\n", `11: asked has no field "mail"`},
		{"log:\n", "log:\n  - {at: 2026-11-03, step: asked, by: Mok}\n", "11: the log of a letter has one step, the one that it carries out"},
		{"format: 1", "format: 2", `1: format "2" is not one that this klacht can read`},
		{"message-id: brief@mok.example", `message-id: "a\nBcc: x"`, "6: a text on one line belongs here"},
	} {
		place(t, r, "outbox/2026-0001-asked.letter", strings.Replace(good, c.from, c.to, 1))
		letters, damage, err := r.Letters()
		must(t, err)
		if len(letters) != 0 || len(damage) != 1 {
			t.Errorf("%s: %v %v", c.to, letters, damage)
			continue
		}
		wantError(t, damage[0], strings.Replace("outbox/2026-0001-asked.letter:"+c.want, "::", ":", 1))
	}
	place(t, r, "outbox/2026-0001-asked.letter", good)
	must(t, os.Remove(r.LetterPath(l)))
	_, damage, err := r.Letters()
	must(t, err)
	wantError(t, damage[0], "outbox/2026-0001-asked.eml: is not there")
	must(t, os.Symlink("/etc/passwd", r.LetterPath(l)))
	_, damage, _ = r.Letters()
	if len(damage) != 1 {
		t.Error("a link is read as a letter")
	}
	for _, name := range []string{"../open/2026-0001", "2026-0001", "2026-0001-asked-1", "2026-0001-asked/x", "", "2026-0001-Asked", "2026-0000-asked"} {
		if _, err := r.ReadLetter(name); err == nil {
			t.Errorf("%q is read", name)
		}
	}
	place(t, r, "outbox/brief.eml", "x")
	place(t, r, "outbox/notities.txt", "x")
	if _, damage, _ = r.Letters(); len(damage) != 3 {
		t.Error(damage)
	}
}

func TestWhatIsLeftOfALetter(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	addLetter(t, r, aLetter(t, f.ID))
	before := tree(t, r.Dir)
	place(t, r, "outbox/2026-0001-proposed.eml", letterBody) // killed before its .letter was there, or after that was gone
	place(t, r, "outbox/.tmp-X", letterBody)
	letters, damage, err := r.Letters()
	must(t, err)
	if len(letters) != 1 || len(damage) != 0 {
		t.Error(letters, damage)
	}
	writing(t, r, func(w *Writer) { must(t, w.Sweep()) })
	wantTree(t, r.Dir, before)
}

func TestPurgeTakesLetters(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-02", "<1@v.example>")
	other := create(t, r, "2026-11-02", "<2@v.example>")
	addLetter(t, r, aLetter(t, f.ID))
	addLetter(t, r, aLetter(t, f.ID))
	addLetter(t, r, aLetter(t, other.ID))
	place(t, r, "outbox/2026-0001-proposed.eml", letterBody)
	place(t, r, "outbox/.tmp-X", letterBody)
	place(t, r, "outbox/2026-0001-asked.eml~", letterBody)
	place(t, r, "outbox/.2026-0001-asked.eml.swp", letterBody)
	f = appendStep(t, r, f.ID, closing(t, "2026-11-05"), nil)
	writing(t, r, func(w *Writer) { must(t, w.Purge(f, day(t, "2031-11-06"))) })
	for name := range tree(t, r.Dir) {
		if strings.HasPrefix(name, "outbox/") && !strings.Contains(name, "2026-0002") && filepath.Base(name) != ".gitignore" {
			t.Errorf("left: %s", name)
		}
	}
	letters, _, err := r.Letters()
	must(t, err)
	if len(letters) != 1 || letters[0].ID != other.ID {
		t.Error(letters)
	}
}

func TestSendingIsOneAtATime(t *testing.T) {
	r := newRegister(t)
	if r.IsSending() || r.root.Exists(sendingLock) {
		t.Error("it changes the register")
	}
	done, err := r.Sending()
	must(t, err)
	other := reopen(t, r.Dir)
	if _, err := other.Sending(); err == nil || !other.IsSending() {
		t.Error("two at a time")
	}
	done()
	if other.IsSending() {
		t.Error("it does not end")
	}
}

// Whatever a letter says, it reads back as it was, or is not written.
func TestAnyLetterReadsBack(t *testing.T) {
	r := newRegister(t)
	rapid.Check(t, func(rt *rapid.T) {
		l := aLetter(t, "2026-0001")
		l.Name = "2026-0001-asked"
		l.Subject = casefile.OneLine(someText(rt, "subject"))
		l.Problem = Problem{"busy", "x", casefile.OneLine(someText(rt, "said"))}
		l.Entry.Text = someText(rt, "text")
		if l.Subject == "" || l.Problem.Said == "" {
			rt.Skip()
		}
		data, err := encodeLetter(&l, r.Policy)
		if err != nil {
			rt.Fatal(err)
		}
		if _, d := decodeLetter("x", data, r.Policy); d != nil {
			rt.Fatal(d)
		}
	})
}
