package store

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"

	"github.com/google/go-cmp/cmp"
)

// names are the files and folders in a register, without the policy.
func names(t testing.TB, r *Register) []string {
	t.Helper()
	m := tree(t, r.Dir)
	delete(m, PolicyFile)
	return slices.Sorted(maps.Keys(m))
}

// wantNames checks what is in a register, which has a ledger besides.
func wantNames(t testing.TB, r *Register, want ...string) {
	t.Helper()
	got := slices.DeleteFunc(names(t, r), func(n string) bool { return n == LedgerFile })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the register (-want +got):\n%s", diff)
	}
}

func do(t testing.TB, when string, s casefile.Step) casefile.Entry {
	e := casefile.Entry{At: at(t, when), Step: s, By: "mok"}
	switch s {
	case casefile.Closed:
		return closing(t, when)
	case casefile.Reopened:
		e.Reason = "toch niet"
	case casefile.Referred:
		e.Body = "Commissie"
	case casefile.Held:
		e.Reason, e.Review = "rechtszaak", e.At.Date.AddDays(30)
	case casefile.Ruled:
		e.Text = "Gegrond."
	}
	return e
}

func TestCaseStandsWhereItBelongs(t *testing.T) {
	r := newRegister(t)
	id := create(t, r, "2026-11-20", "<1>").ID
	open := []string{"archive", "open", "open/2026-0001", "open/2026-0001.yaml", "open/2026-0001/01-received.eml"}
	in := func(month string, mails ...string) []string {
		s := []string{"archive", "archive/" + month, "archive/" + month + "/2026-0001", "archive/" + month + "/2026-0001.yaml"}
		for _, m := range mails {
			s = append(s, "archive/"+month+"/2026-0001/"+m)
		}
		return append(s, "open")
	}
	for _, s := range []struct {
		step casefile.Step
		when string
		want []string
	}{
		{casefile.Closed, "2026-11-25", in("2031-11", "01-received.eml")},
		{casefile.Noted, "2026-11-26", in("2031-11", "01-received.eml")},
		{casefile.Reopened, "2026-12-01", open},
		{casefile.Closed, "2026-12-31", in("2031-12", "01-received.eml")},
		{casefile.Held, "2027-01-02", open},
		{casefile.Released, "2027-01-03", in("2031-12", "01-received.eml")},
		{casefile.Referred, "2027-01-04", open},
		{casefile.Admitted, "2027-01-05", open},
		{casefile.Ruled, "2027-02-01", open},
		{casefile.Complied, "2028-02-29", in("2033-02", "01-received.eml")},
	} {
		e := do(t, s.when, s.step)
		if s.step == casefile.Noted {
			e.Text = "nog iets"
		}
		f := appendStep(t, r, id, e, nil)
		wantNames(t, r, s.want...)
		if full := filepath.Join(r.Dir, f.Path); !slices.Contains(s.want, f.Path) {
			t.Errorf("after %s the case is said to be %s", s.step, full)
		}
		if mail, err := r.Mail(f, "01-received.eml"); err != nil || string(mail) != string(mailOf("<1>")) {
			t.Errorf("after %s its mail is not as it came: %v", s.step, err)
		}
	}
	f := appendStep(t, r, id, casefile.Entry{At: at(t, "2028-03-01"), Step: casefile.Replied, By: "mok"}, mailOf("<2>"))
	wantNames(t, r, "archive", "open", "open/"+string(id), "open/"+string(id)+".yaml", "open/"+string(id)+"/01-received.eml", "open/"+string(id)+"/02-replied.eml") // until it is read
	if f.Log[len(f.Log)-1].Mail != "02-replied.eml" {
		t.Errorf("got %+v", f.Log[len(f.Log)-1])
	}
}

func TestCaseThatIsKeptForEverIsFiledApart(t *testing.T) {
	r := newRegister(t)
	data := strings.Replace(string(policyText(t)), "archive: 5 jaar", "archive: onbeperkt", 1)
	if data == string(policyText(t)) {
		t.Fatal("the policy says nothing of the archive")
	}
	place(t, r, PolicyFile, data)
	r = reopen(t, r.Dir)
	id := create(t, r, "2026-11-20", "<1>").ID
	appendStep(t, r, id, closing(t, "2026-11-25"), nil)
	wantNames(t, r, "archive", "archive/unlimited", "archive/unlimited/2026-0001", "archive/unlimited/2026-0001.yaml",
		"archive/unlimited/2026-0001/01-received.eml", "open")
	plan, err := r.PlanPurge(nil, day(t, "2126-01-01"))
	must(t, err)
	if len(plan.Gone) != 0 {
		t.Error("a purge would remove it")
	}
}

// onlyMoved puts the parts of an archived case where a killed command has left
// them: what is in open goes back there.
func onlyMoved(t *testing.T, r *Register, from, to string, parts ...string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(r.Dir, to), 0o700))
	for _, p := range parts {
		must(t, os.Rename(filepath.Join(r.Dir, from, p), filepath.Join(r.Dir, to, p)))
	}
}

// Filing is: make the month, move the mails, move the case. Taking back is the
// same the other way, before the step is written. Whatever a kill leaves in
// between is read as what it is, and put right by the next that writes.
func TestFilingThatWasCutOff(t *testing.T) {
	const month = "archive/2031-11"
	for name, tt := range map[string]struct {
		moved  []string // back to open/ from the archive
		file   string   // where the case is then read
		closed bool
	}{
		"month made":             {[]string{"2026-0001", "2026-0001.yaml"}, "open/2026-0001.yaml", true},
		"mails moved":            {[]string{"2026-0001.yaml"}, "open/2026-0001.yaml", true},
		"done":                   {nil, month + "/2026-0001.yaml", true},
		"reopening, mails moved": {[]string{"2026-0001"}, month + "/2026-0001.yaml", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			create(t, r, "2026-11-20", "<1>")
			appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), nil)
			filed := tree(t, r.Dir)
			onlyMoved(t, r, month, "open", tt.moved...)

			f, err := r.Load("2026-0001")
			must(t, err)
			if f.Path != tt.file || f.State.Status() != casefile.StatusClosed {
				t.Errorf("is read as %s, %s", f.Path, f.State.Status())
			}
			if mail, err := r.Mail(f, "01-received.eml"); err != nil || string(mail) != string(mailOf("<1>")) {
				t.Errorf("its mail is lost: %v", err)
			}
			all, damage, err := r.ReadAll()
			must(t, err)
			if ids(all) != "2026-0001" || len(damage) > 0 {
				t.Errorf("reads %s, %v", ids(all), damage)
			}
			if n, err := r.Check(day(t, "2026-12-07"), nil); err != nil || len(n.Problems) != min(len(tt.moved), 1) {
				t.Errorf("check says %v, %v", n, err)
			}

			writing(t, r, func(w *Writer) {
				must(t, w.FileStrays())
				if strings.HasPrefix(tt.file, archiveDir) { // its mails are gathered by the next step on the case
					_, err := w.Append("2026-0001", note(t, "2026-11-26", "x"), mailOf("<2>"), nil)
					must(t, err)
					return
				}
				wantTree(t, r.Dir, filed)
			})
			for _, n := range names(t, r) {
				if strings.HasPrefix(n, "open/") {
					t.Errorf("%s was left", n)
				}
			}
		})
	}
}

// A reopening that was cut off after the step was written leaves nothing to
// do; before it, the case is closed as it was.
func TestReopeningThatWasCutOff(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), nil)
	filed := tree(t, r.Dir)
	onlyMoved(t, r, "archive/2031-11", "open", "2026-0001", "2026-0001.yaml")
	open, damage, err := r.ReadOpen()
	must(t, err)
	if ids(open) != "2026-0001" || len(damage) > 0 || !open[0].State.Archivable() {
		t.Fatalf("reads %s, %v", ids(open), damage)
	}
	writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
	wantTree(t, r.Dir, filed)
	f := appendStep(t, r, "2026-0001", do(t, "2026-12-01", casefile.Reopened), nil)
	if f.State.Status() != casefile.StatusOpen || path.Dir(f.Path) != openDir {
		t.Errorf("got %s in %s", f.State.Status(), f.Path)
	}
}

// A closing written by hand is filed by the next command that writes, and a
// file that has not changed since is not looked at again.
func TestClosingByHandIsFiled(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	create(t, r, "2026-11-20", "<2>")
	place(t, r, "open/2026-0003.yaml", "damaged")
	writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
	closed, err := withEntry(f, closing(t, "2026-11-25"), r.Policy)
	must(t, err)
	place(t, r, f.Path, string(closed.Data))
	writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
	wantNames(t, r, "archive", "archive/2031-11", "archive/2031-11/2026-0001", "archive/2031-11/2026-0001.yaml",
		"archive/2031-11/2026-0001/01-received.eml", "open", "open/2026-0002", "open/2026-0002.yaml",
		"open/2026-0002/01-received.eml", "open/2026-0003.yaml")

	place(t, r, "open/2026-0004.yaml", strings.ReplaceAll(string(closed.Data), "2026-0001", "2026-0004"))
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	must(t, os.Chtimes(filepath.Join(r.Dir, "open/2026-0004.yaml"), old, old))
	writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
	if _, err := os.Stat(filepath.Join(r.Dir, "open/2026-0004.yaml")); err != nil {
		t.Error("a file that has not changed was looked at")
	}
	writing(t, r, func(w *Writer) { must(t, w.Sweep()) })
	if _, err := os.Stat(filepath.Join(r.Dir, "archive/2031-11/2026-0004.yaml")); err != nil {
		t.Error("a sweep, which looks at all, did not file it")
	}
}

// A closed case that a person opened again in the archive, or that has a reply to
// read there, stands in open/ after the next command that writes, and after a
// sweep; one that did not change stays.
func TestOpenedByHandInTheArchive(t *testing.T) {
	for name, look := range map[string]func(*Writer) error{"a command": (*Writer).FileStrays, "a sweep": (*Writer).Sweep} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			for _, mail := range []string{"<1>", "<2>", "<3>"} {
				f := create(t, r, "2026-11-20", mail)
				appendStep(t, r, f.ID, closing(t, "2026-11-25"), nil)
			}
			writing(t, r, func(w *Writer) { must(t, w.FileStrays()) })
			opened, err := r.Load("2026-0001")
			must(t, err)
			data, _, _ := strings.Cut(string(opened.Data), "  - at: 2026-11-25")
			place(t, r, opened.Path, data)
			replied, err := r.Load("2026-0002")
			must(t, err)
			place(t, r, replied.Path, string(replied.Data)+"  - at: 2026-11-30\n    step: replied\n    by: Mok\n")
			writing(t, r, func(w *Writer) { must(t, look(w)) })
			open, damage, err := r.ReadOpen()
			must(t, err)
			if ids(open) != "2026-0001 2026-0002" || len(damage) > 0 {
				t.Errorf("open/ has %q, %v", ids(open), damage)
			}
			if mail, err := r.Mail(open[0], "01-received.eml"); err != nil || string(mail) != string(mailOf("<1>")) {
				t.Errorf("its mail is lost: %v", err)
			}
			if n, err := r.Check(day(t, "2026-12-07"), nil); err != nil || len(n.Problems) > 0 {
				t.Errorf("check says %v, %v", n, err)
			}
		})
	}
}

// A case that is there twice is never overwritten by its other self.
func TestCaseThatIsThereTwiceIsNotOverwritten(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	place(t, r, "archive/2031-11/2026-0001.yaml", string(f.Data)+"# de andere\n")
	before := tree(t, r.Dir)
	writing(t, r, func(w *Writer) {
		closed, err := withEntry(f, closing(t, "2026-11-25"), r.Policy)
		must(t, err)
		wantError(t, w.File(closed), "cannot write to the register: 2026-0001 is there twice: open/2026-0001.yaml and archive/2031-11/2026-0001.yaml")
	})
	wantTree(t, r.Dir, before)
}

// Another machine may have filed a complaint while mail came in for it here: its mails
// then stand in two folders.
func TestMailsInTwoFoldersComeTogether(t *testing.T) {
	for name, other := range map[string]string{"the same": string(mailOf("<1>")), "another": "From: iemand\n\nAnders.\n"} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			create(t, r, "2026-11-20", "<1>")
			dir := filepath.Join(r.Dir, "archive", "2031-11", "2026-0001")
			must(t, os.MkdirAll(dir, 0o700))
			must(t, os.WriteFile(filepath.Join(dir, "01-received.eml"), []byte(other), 0o600))
			must(t, os.WriteFile(filepath.Join(dir, "02-B-replied.eml"), mailOf("<2>"), 0o600))
			var err error
			writing(t, r, func(w *Writer) { _, err = w.Append("2026-0001", closing(t, "2026-11-25"), nil, nil) })
			if name == "the same" {
				must(t, err)
				wantNames(t, r, "archive", "archive/2031-11", "archive/2031-11/2026-0001", "archive/2031-11/2026-0001.yaml",
					"archive/2031-11/2026-0001/01-received.eml", "archive/2031-11/2026-0001/02-B-replied.eml", "open")
				return
			}
			if err == nil || !strings.Contains(err.Error(), "open/2026-0001/01-received.eml and archive/2031-11/2026-0001/01-received.eml are not the same") {
				t.Errorf("%v", err)
			}
			if got := tree(t, r.Dir); got["open/2026-0001/01-received.eml"] != string(mailOf("<1>")) || got["archive/2031-11/2026-0001/01-received.eml"] != other {
				t.Errorf("something was lost: %v", slices.Sorted(maps.Keys(got)))
			}
		})
	}
}

func TestMailsThatAMergeLeftElsewhereAreBroughtBack(t *testing.T) {
	r := newRegister(t)
	create(t, r, "2026-11-20", "<1>")
	appendStep(t, r, "2026-0001", closing(t, "2026-11-25"), nil)
	dir := filepath.Join(r.Dir, "open", "2026-0001")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "01-received.eml"), mailOf("<1>"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "02-B-replied.eml"), mailOf("<2>"), 0o600))
	writing(t, r, func(w *Writer) { must(t, w.JoinMails()) })
	wantNames(t, r, "archive", "archive/2031-11", "archive/2031-11/2026-0001", "archive/2031-11/2026-0001.yaml",
		"archive/2031-11/2026-0001/01-received.eml", "archive/2031-11/2026-0001/02-B-replied.eml", "open")
}
