package store

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"

	"github.com/google/go-cmp/cmp"
)

// byMessageID is what these tests know a mail by: its Message-ID, or else all
// of it.
func byMessageID(mail []byte) (same, named []string) {
	lines := bufio.NewScanner(bytes.NewReader(mail))
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "Message-ID: "); ok {
			return []string{"mail " + id}, []string{"id " + id}
		}
	}
	return []string{"content " + string(mail)}, nil
}

var mok = Start{Name: "Mok Websites", Handler: "Mok", Email: "klacht@mok.example", Language: "nl",
	From: casefile.Date{Year: 2020, Month: 1, Day: 1}}

// newRegister makes an empty register, as `klacht init` does, and opens it.
func newRegister(t testing.TB) *Register {
	t.Helper()
	return newRegisterIn(t, filepath.Join(t.TempDir(), "register"))
}

func newRegisterIn(t testing.TB, dir string) *Register {
	t.Helper()
	must(t, Init(dir, mok))
	return reopen(t, dir)
}

func reopen(t testing.TB, dir string) *Register {
	t.Helper()
	r, err := Open(dir, byMessageID)
	must(t, err)
	t.Cleanup(func() { _ = r.root.Close() })
	return r
}

// writing takes the lock for as long as do runs.
func writing(t testing.TB, r *Register, do func(w *Writer)) {
	t.Helper()
	w, err := r.Lock()
	must(t, err)
	defer w.Close()
	do(w)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// at is a moment in Amsterdam.
func at(t testing.TB, s string) casefile.Moment {
	t.Helper()
	p, damage := decodePolicy(PolicyFile, policyText(t))
	if damage != nil {
		t.Fatal(damage)
	}
	m, err := casefile.ParseMoment(s, p.Zone)
	must(t, err)
	return m
}

func policyText(t testing.TB) []byte {
	t.Helper()
	data, err := mok.policy()
	must(t, err)
	return data
}

func day(t testing.TB, s string) casefile.Date { t.Helper(); return at(t, s).Date }

// The person in these tests, and the words that must not outlive her case.
const (
	secretName  = "Jolanda de Wit"
	secretEmail = "jolanda@voorbeeld.example"
	secretText  = "drie weken te laat"
	secretID    = "<geheim-4711@voorbeeld.example>"
)

func complaintOn(t testing.TB, when string) casefile.Case {
	t.Helper()
	m := at(t, when)
	return casefile.Case{
		Received:    m.Date,
		Subject:     "Website " + secretText,
		Complainant: casefile.Complainant{Name: secretName, Email: secretEmail, Phone: "06-12345678"},
		Language:    "nl",
		Complaint:   "Beste Mok,\n\nDe site is " + secretText + ".",
		Log:         []casefile.Entry{{At: m, Step: casefile.Received, By: "mok"}},
	}
}

// mailOf returns a mail; two mails of one id are the same mail.
func mailOf(id string) []byte {
	return []byte("Message-ID: " + id + "\r\nFrom: " + secretName + " <" + secretEmail + ">\r\n\r\nDe site is " + secretText + ".\r\n")
}

func note(t testing.TB, when, text string) casefile.Entry {
	t.Helper()
	return casefile.Entry{At: at(t, when), Step: casefile.Noted, By: "mok", Text: text}
}

func closing(t testing.TB, when string) casefile.Entry {
	t.Helper()
	return casefile.Entry{At: at(t, when), Step: casefile.Closed, By: "mok", Outcome: casefile.Agreed, Text: "Afspraak: " + secretText}
}

// create registers a complaint with its mail; both bear the id of the mail.
func create(t testing.TB, r *Register, when, mailID string) *File {
	t.Helper()
	var f *File
	writing(t, r, func(w *Writer) {
		var err error
		f, err = w.Create(complaintOn(t, when), mailOf(mailID))
		must(t, err)
	})
	return f
}

func appendStep(t testing.TB, r *Register, id casefile.ID, e casefile.Entry, mail []byte) *File {
	t.Helper()
	var f *File
	writing(t, r, func(w *Writer) {
		var err error
		f, err = w.Append(id, e, mail, nil)
		must(t, err)
	})
	return f
}

// tree returns everything in a register but the index and the lock: names with
// contents, folders with "dir", links with where they lead.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		rel = filepath.ToSlash(rel)
		if rel == localDir {
			return fs.SkipDir
		}
		switch {
		case d.IsDir():
			m[rel] = "dir"
		case !d.Type().IsRegular() && d.Type()&fs.ModeSymlink == 0:
			m[rel] = d.Type().String()
		case d.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(name)
			m[rel] = "-> " + to
			return err
		default:
			data, err := os.ReadFile(name)
			m[rel] = string(data)
			return err
		}
		return nil
	}))
	return m
}

func wantTree(t testing.TB, dir string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("the register has changed (-before +after):\n%s", diff)
	}
}

// place puts a file into a register by hand.
func place(t testing.TB, r *Register, name, content string) {
	t.Helper()
	full := filepath.Join(r.Dir, filepath.FromSlash(name))
	must(t, os.MkdirAll(filepath.Dir(full), 0o700))
	must(t, os.WriteFile(full, []byte(content), 0o600))
}

func wantError(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error\n got: %v\nwant: %s", err, want)
	}
}
