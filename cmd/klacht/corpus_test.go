package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"

	"github.com/rogpeppe/go-internal/txtar"
)

// corpus is the mails of testdata/corpus.txtar, with what is to become of each.
type corpus struct {
	rows  []corpusRow
	mails map[string][]byte
}

// corpusRow is what is to become of a mail; see the head of the file.
type corpusRow struct{ file, kind, who, day, id, said string }

func readCorpus(t testing.TB) *corpus {
	t.Helper()
	a, err := txtar.ParseFile("testdata/corpus.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus{mails: map[string][]byte{}}
	for line := range strings.Lines(string(a.Comment)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var cell [6]string
		for i, s := range strings.Split(line, "|") {
			cell[i] = strings.TrimSpace(s)
		}
		c.rows = append(c.rows, corpusRow{cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]})
	}
	for i, f := range a.Files {
		c.mails[f.Name] = f.Data
		if i >= len(c.rows) || c.rows[i].file != f.Name {
			t.Fatalf("%s has no row", f.Name)
		}
	}
	if len(c.rows) != len(a.Files) || len(c.rows) < 60 {
		t.Fatalf("%d rows for %d mails", len(c.rows), len(a.Files))
	}
	return c
}

// desk of the corpus: a register with a complaint whose confirmation has left.
func corpusSite(t testing.TB) *site {
	s := newSite(t)
	policy := filepath.Join(s.dir, "regeling.yaml")
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("https://www.nrto.nl/contact/"), []byte("https://www.kwaliteit.example/contact/"), 1)
	if err := os.WriteFile(policy, text, 0o600); err != nil {
		t.Fatal(err)
	}
	const stamped = "Received: from mail.voorbeeld.example by mx.webwerkoost.example for <klachten@webwerkoost.example>; Tue, 24 Nov 2026 16:40:11 +0100\n"
	for name, mail := range map[string]string{
		"first.eml": stamped + "From: Jolanda de Wit <jolanda@voorbeeld.example>\nTo: klachten@webwerkoost.example\nSubject: Website te laat\nMessage-ID: <c1@voorbeeld.example>\n\nDe website is te laat.\n",
		"sent.eml":  "From: Webwerk Oost <klachten@webwerkoost.example>\nTo: jolanda@voorbeeld.example\nDate: Wed, 25 Nov 2026 09:00:00 +0100\nSubject: Je klacht [2026-0001]\nMessage-ID: <letter-1@webwerkoost.example>\n\nJe klacht is binnen.\n",
	} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(s.dir), name), []byte(mail), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.must("new", "first.eml")
	s.must("ack", "1", "--mail", "sent.eml")
	return s
}

// here runs a command in this process, on the day of the tests.
func (s *site) here(args ...string) result {
	var out, errs bytes.Buffer
	code := run(append([]string{"--dir", s.dir}, args...), world{In: strings.NewReader(""), Out: &out, Err: &errs, Now: func() time.Time { return testNow },
		Getenv: func(string) string { return "" }, Dir: filepath.Dir(s.dir), Version: "v0"})
	return result{out.String(), errs.String(), code}
}

// became returns what a register has of a mail: who, the day, and the case.
func became(t testing.TB, reg *store.Register, row corpusRow, mail []byte) (who, day, id string) {
	t.Helper()
	files, damaged, err := reg.ReadAll()
	if err != nil || len(damaged) > 0 {
		t.Fatal(err, damaged)
	}
	same := func(a, b []byte) bool {
		plain := func(s []byte) []byte {
			return bytes.TrimSpace(bytes.ReplaceAll(bytes.ReplaceAll(s, []byte("\r\n"), []byte("\n")), []byte("\n>From "), []byte("\nFrom ")))
		}
		if row.kind == "two" {
			return bytes.Contains(plain(b), plain(a))
		}
		return bytes.Equal(plain(a), plain(b))
	}
	var people []string
	for _, f := range files {
		for _, e := range f.Log {
			if e.Mail == "" {
				continue
			}
			kept, err := reg.Mail(f, e.Mail)
			if err != nil || !same(kept, mail) {
				continue
			}
			day, id = e.At.Date.String(), string(f.ID)
			if e.Step == casefile.Received {
				people = append(people, strings.TrimSpace(f.Complainant.Name+" <"+f.Complainant.Email+">"))
			}
		}
	}
	return strings.ReplaceAll(strings.Join(people, " + "), "<> ", ""), day, id
}

// check compares what became of the mails with the table. said is what was said of each,
// and kinds what it was told to be.
func (c *corpus) check(t *testing.T, s *site, said map[string]string, kinds map[string][]string) {
	t.Helper()
	reg := s.open()
	for _, row := range c.rows {
		who, day, id := became(t, reg, row, c.mails[row.file])
		want := row.who
		if want != "" && !strings.Contains(want, "<") {
			want = "<" + want + ">"
		}
		if row.kind == "known" { // the first of them is there
			day, id = "", row.id
		}
		if row.kind == "asked" || row.kind == "bounced" || row.kind == "automatic" { // nothing of it is kept
			id = row.id
		}
		if who != want || day != row.day || row.id != "" && id != row.id {
			t.Errorf("%s: of %q, on %q, in %q; want %q, %q, %q\n%s", row.file, who, day, id, want, row.day, row.id, said[row.file])
		}
		if !strings.Contains(said[row.file], row.said) {
			t.Errorf("%s: it does not say %q:\n%s", row.file, row.said, said[row.file])
		}
		wantKind := map[string][]string{"two": {"complaint", "complaint"}, "bounced": {"bounce"}}[row.kind]
		if wantKind == nil {
			wantKind = []string{row.kind}
		}
		if !slices.Equal(kinds[row.file], wantKind) {
			t.Errorf("%s: it is %v, want %v\n%s", row.file, kinds[row.file], wantKind, said[row.file])
		}
	}
}

// kindSaid tells from the words for a person what a mail was taken for.
func kindSaid(r result) []string {
	all := r.out + r.err
	switch {
	case strings.Contains(all, "no person wrote it"):
		return []string{"automatic"}
	case strings.Contains(all, "already registered as"):
		return []string{"known"}
	case strings.Contains(all, "did not arrive"):
		return []string{"bounce"}
	case strings.Contains(all, "a reply came in"):
		return []string{"reply"}
	case r.code == exitFailed:
		return []string{"asked"}
	}
	return slices.Repeat([]string{"complaint"}, strings.Count(r.out, " registered: "))
}

func TestCorpusByNew(t *testing.T) {
	c, s := readCorpus(t), corpusSite(t)
	said, kinds := map[string]string{}, map[string][]string{}
	for _, row := range c.rows {
		file := filepath.Join(filepath.Dir(s.dir), row.file)
		if err := os.WriteFile(file, c.mails[row.file], 0o600); err != nil {
			t.Fatal(err)
		}
		r := s.here("new", file)
		said[row.file], kinds[row.file] = r.out+r.err, kindSaid(r)
		if row.kind == "own" && kinds[row.file][0] == "asked" {
			kinds[row.file] = []string{"own"} // new is told to take it, and asks who complains
		}
	}
	c.check(t, s, said, kinds)
	if testing.Verbose() {
		c.print(said)
	}
}

// print prints the table.
func (c *corpus) print(said map[string]string) {
	fmt.Print("| mail | it is | complainant | received | complaint | `klacht new` says |\n|---|---|---|---|---|---|\n")
	for _, r := range c.rows {
		first, _, _ := strings.Cut(strings.TrimSpace(said[r.file]), "\n")
		fmt.Printf("| %s | %s | %s | %s | %s | %s |\n", strings.TrimSuffix(r.file, ".eml"), r.kind, r.who, r.day, r.id, first)
	}
}

// fetched runs a fetch and checks what became of the mails, which the source has in the
// order of the table.
func (c *corpus) fetched(t *testing.T, s *site, fetch func(args ...string) result, place ...string) {
	t.Helper()
	r := fetch(append([]string{"--json", "fetch"}, place...)...)
	var list []fetchedJSON
	if err := json.Unmarshal([]byte(r.out), &list); err != nil {
		t.Fatalf("exit %d: %v\n%s%s", r.code, err, r.out, r.err)
	}
	said, kinds := map[string]string{}, map[string][]string{}
	n, last := -1, ""
	for _, j := range list {
		if j.Mail != last {
			n, last = n+1, j.Mail
		}
		if n >= len(c.rows) {
			t.Fatalf("more mails than rows: %s", j.Mail)
		}
		file, kind := c.rows[n].file, string(j.Kind)
		if j.Error != "" {
			if kind = "asked"; j.Waits == 0 {
				t.Errorf("%s does not wait: %s", file, j.Error)
			}
		}
		kinds[file] = append(kinds[file], kind)
		said[file] += j.Error
		if j.Error == "" { // what is said of it beside that is a matter of new
			said[file] += c.rows[n].said
		}
	}
	c.check(t, s, said, kinds)
	if again := fetch(append([]string{"--json", "fetch"}, place...)...); again.code != exitDone || strings.TrimSpace(again.out) != "[]" {
		t.Errorf("once more: exit %d\n%s%s", again.code, again.out, again.err)
	}
}

// arrivedThere is when a mailbox says that a mail of the corpus came in.
var arrivedThere = time.Date(2026, 12, 2, 10, 0, 0, 0, time.UTC)

func TestCorpusByMaildir(t *testing.T) {
	c, s := readCorpus(t), corpusSite(t)
	box := filepath.Join(filepath.Dir(s.dir), "box")
	for i, row := range c.rows {
		name := filepath.Join(box, []string{"new", "cur"}[i%2], fmt.Sprintf("%d.M%dP1.mok", arrivedThere.Unix()+int64(i), i))
		err := os.MkdirAll(filepath.Dir(name), 0o700)
		if err == nil {
			err = os.WriteFile(name, c.mails[row.file], 0o600)
		}
		if err == nil {
			err = os.Chtimes(name, arrivedThere.Add(time.Hour), arrivedThere.Add(time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c.fetched(t, s, s.here, box)
}

func TestCorpusByMbox(t *testing.T) {
	c, s := readCorpus(t), corpusSite(t)
	var b bytes.Buffer
	for _, row := range c.rows {
		fmt.Fprintf(&b, "From somebody@klant.example %s\n", arrivedThere.Format(time.ANSIC))
		b.Write(bytes.ReplaceAll(c.mails[row.file], []byte("\nFrom "), []byte("\n>From ")))
		b.WriteString("\n")
	}
	box := filepath.Join(filepath.Dir(s.dir), "box.mbox")
	err := os.WriteFile(box, b.Bytes(), 0o600)
	if err == nil {
		err = os.Chtimes(box, arrivedThere, arrivedThere)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.fetched(t, s, s.here, box)
}
