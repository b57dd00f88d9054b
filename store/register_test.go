package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store/disk"
	"klacht/store/strict"
)

func ids(files []*File) string {
	var s []string
	for _, f := range files {
		s = append(s, string(f.ID))
	}
	return strings.Join(s, " ")
}

func TestOneDamagedFileHidesNoOther(t *testing.T) {
	r := newRegister(t)
	var want []string
	for n := range 40 {
		want = append(want, string(create(t, r, "2026-11-20", fmt.Sprint(n)).ID))
	}
	n := 0
	wrong := map[string]string{}
	for _, tt := range badCases {
		n++
		id := casefile.MakeID(2027, "", n)
		place(t, r, "open/"+string(id)+".yaml", tt.data)
		wrong["open/"+string(id)+".yaml"] = ""
	}
	place(t, r, "open/notities.yaml", handHead+handLog)
	place(t, r, "open/2026-0999.yaml", handHead+handLog)
	place(t, r, "open/.tmp-X.yaml", "half")
	place(t, r, "open/.2026-0001.yaml.swp", "half")
	place(t, r, "open/2026-0001.yaml~", "oud")
	place(t, r, "open/lees mij.txt", "hallo")
	must(t, os.Mkdir(filepath.Join(r.Dir, "open", "2026-0998.yaml"), 0o700))
	place(t, r, "open/2026-0997.yaml", strings.Repeat("x", disk.MaxFile+1))

	files, damage, err := r.ReadOpen()
	must(t, err)
	if got := ids(files); got != strings.Join(want, " ") {
		t.Errorf("read %s", got)
	}
	said := map[string]string{}
	for _, d := range damage {
		said[d.File] = d.Error()
	}
	for file := range wrong {
		if said[file] == "" {
			t.Errorf("nothing is said of %s", file)
		}
	}
	if len(said) != len(wrong)+4 {
		t.Errorf("%d files are said to be damaged, want %d", len(said), len(wrong)+4)
	}
	for file, want := range map[string]string{
		"open/notities.yaml":  "open/notities.yaml: is not the name of a case",
		"open/2026-0999.yaml": "open/2026-0999.yaml:2: the id is 2026-0007, but the file is called 2026-0999.yaml",
		"open/2026-0998.yaml": "open/2026-0998.yaml: is not a regular file",
		"open/2026-0997.yaml": "open/2026-0997.yaml: is larger than 16 MB",
	} {
		if said[file] != want {
			t.Errorf("got %q, want %q", said[file], want)
		}
	}
}

func TestNamesOfCases(t *testing.T) {
	for name, want := range map[string]bool{
		"2026-0001.yaml": true, "2026-12345.yaml": true, "open/2026-0001.yaml": true,
		"2026-1.yaml": false, "2026-0001.yml": false, "2026-0001": false, "2026-00001.yaml": false, "2026-0001.YAML": false,
		" 2026-0001.yaml": false, "2026-0001 (1).yaml": false, "2026-0001.sync-conflict.yaml": false, "-2026-0001.yaml": false,
		"2026-0001.yaml.yaml": false, "2026-0001\n.yaml": false, "2026-1234567890.yaml": false, ".yaml": false,
	} {
		if _, ok := caseID(name); ok != want {
			t.Errorf("%q: %v", name, ok)
		}
	}
}

func TestFindByShortNumber(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2025-11-20", "<1>") // 2025-0001
	create(t, r, "2026-11-20", "<2>") // 2026-0001
	create(t, r, "2026-11-20", "<3>") // 2026-0002
	third := create(t, r, "2026-11-20", "<4>")
	appendStep(t, r, third.ID, closing(t, "2026-11-25"), nil)
	place(t, r, "open/2026-12345.yaml", "damaged")
	for short, want := range map[string]string{
		"2026-0002": "2026-0002", "2": "2026-0002", "0002": "2026-0002", "12345": "2026-12345", "3": "2026-0003", "2026-2": "2026-0002", "2024-0001": "2024-0001",
	} {
		if id, err := r.Find(short); err != nil || string(id) != want {
			t.Errorf("%q: %s, %v; want %s", short, id, err, want)
		}
	}
	for short, want := range map[string]string{
		"1":                    "1 can be 2025-0001, 2026-0001",
		"99":                   "there is no complaint with number 99",
		"":                     `"" is not the number of a complaint`,
		"0":                    `"0" is not the number of a complaint`,
		"-1":                   `"-1" is not the number of a complaint`,
		"1e3":                  `"1e3" is not the number of a complaint`,
		"../2026-0001":         `"../2026-0001" is not the number of a complaint`,
		"2026-00002":           `"2026-00002" is not the number of a complaint`,
		"99999999999999999999": `"99999999999999999999" is not the number of a complaint`,
		"2026-0001\x00":        `"2026-0001\x00" is not the number of a complaint`,
	} {
		_, err := r.Find(short)
		wantError(t, err, want)
	}
}

// A number without letters is meant before one with some, wherever it stands.
func TestFindAcrossSeries(t *testing.T) {
	r := newRegister(t)
	for _, name := range []string{"open/2026-B007", "open/2026-0008", "open/2026-B008", "open/2026-B009", "archive/2031-12/2026-0009", "open/2025-B010", "open/2026-B010",
		"open/2026-B011", "open/2026-C011", "open/2026-XKQ012"} {
		place(t, r, name+suffix, "x")
	}
	for short, want := range map[string]string{
		"7": "2026-B007", "b7": "2026-B007", "B007": "2026-B007", "2026-b7": "2026-B007", "2026-7": "2026-B007", "2026-b007": "2026-B007",
		"8": "2026-0008", "a8": "2026-0008", "2026-8": "2026-0008", "b8": "2026-B008",
		"9": "2026-0009", "b9": "2026-B009", "2025-b10": "2025-B010", "c11": "2026-C011", "xkq12": "2026-XKQ012", "12": "2026-XKQ012", "2026-99": "2026-0099",
	} {
		if id, err := r.Find(short); err != nil || string(id) != want {
			t.Errorf("%q: %s, %v; want %s", short, id, err, want)
		}
	}
	for short, want := range map[string]string{
		"10": "10 can be 2025-B010, 2026-B010", "11": "11 can be 2026-B011, 2026-C011", "b99": "there is no complaint with number b99", "abcd7": `"abcd7" is not the number of a complaint`,
	} {
		_, err := r.Find(short)
		wantError(t, err, want)
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	r := newRegister(t)
	place(t, r, "open/2026-0001.yaml", "format: 1\n")
	_, err := r.Load("2026-0001")
	var d *Damage
	if !errors.As(err, &d) {
		t.Errorf("got %v, want a *Damage", err)
	}
	_, err = r.Load("2026-0002")
	wantError(t, err, "there is no complaint 2026-0002")
	_, err = r.Load("../../etc/passwd")
	wantError(t, err, "there is no complaint ../../etc/passwd")
}

func TestWhatIsNoRegisterIsRefused(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, byMessageID)
	wantError(t, err, dir+" is not a register: there is no regeling.yaml in it")
	_, err = Open(filepath.Join(dir, "weg"), byMessageID)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot open the register "+dir+"/weg: ") {
		t.Errorf("got %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, PolicyFile), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = Open(dir, byMessageID)
	wantError(t, err, "regeling.yaml: is not a regular file")
}

// An edit goes together with a step that another command added meanwhile; it does
// not replace a file in which something else was changed.
func TestReplaceLosesNobodysWork(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	edited := slices.Concat([]byte("# gebeld\n"), f.Data)
	appendStep(t, r, f.ID, note(t, "2026-11-21", "tussendoor"), nil)
	writing(t, r, func(w *Writer) {
		both, err := w.Replace(f, edited)
		must(t, err)
		if !strings.HasPrefix(string(both.Data), "# gebeld\n") || len(both.Log) != 2 || both.Log[1].Text != "tussendoor" {
			t.Errorf("the file is %s", both.Data)
		}
	})
	place(t, r, f.Path, strings.Replace(string(f.Data), "subject:", "# met de hand\nsubject:", 1))
	before := tree(t, r.Dir)
	writing(t, r, func(w *Writer) {
		if _, err := w.Replace(f, edited); !errors.Is(err, ErrMeanwhile) {
			t.Errorf("got %v", err)
		}
	})
	now, err := r.Load(f.ID)
	must(t, err)
	writing(t, r, func(w *Writer) {
		_, err := w.Replace(now, []byte(strings.Replace(string(now.Data), "2026-0001", "2026-0002", 1)))
		wantError(t, err, "open/2026-0001.yaml:2: the number of a complaint cannot be changed")
		_, err = w.Replace(now, []byte("format: 1\n"))
		wantError(t, err, `open/2026-0001.yaml: the key "id" is missing`)
	})
	wantTree(t, r.Dir, before)
	writing(t, r, func(w *Writer) {
		next, err := w.Replace(now, slices.Concat([]byte("# gebeld\n"), now.Data))
		must(t, err)
		if !strings.HasPrefix(tree(t, r.Dir)[next.Path], "# gebeld\nformat") {
			t.Error("the edit is not there")
		}
	})
}

// A case that would be too large to be read again is not written.
func TestCaseThatWouldBeTooLargeIsRefused(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	before := tree(t, r.Dir)
	big := strings.Repeat("klacht ", strict.MaxYAML/7)
	writing(t, r, func(w *Writer) {
		c := complaintOn(t, "2026-11-20")
		c.Complaint = big
		if _, err := w.Create(c, mailOf("<2>")); err == nil {
			t.Error("was created")
		}
		if _, err := w.Append(f.ID, note(t, "2026-11-21", big), mailOf("<3>"), nil); err == nil {
			t.Error("was added")
		}
		if _, err := w.Create(complaintOn(t, "2026-11-20"), make([]byte, MaxMail+1)); err == nil {
			t.Error("a mail that cannot be read again was kept")
		}
		if _, err := w.Append(f.ID, note(t, "2026-11-21", "x"), make([]byte, MaxMail+1), nil); err == nil {
			t.Error("a mail that cannot be read again was added")
		}
	})
	wantTree(t, r.Dir, before)
}
