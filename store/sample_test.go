package store

import (
	"encoding/base64"
	"io"
	"io/fs"
	"mime/quotedprintable"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/disk"
)

// The sample register in cases/ is the one that the README and the manual show;
// it stands as it did on this day.
const sampleDir = "../cases"

var sampleDay = casefile.Date{Year: 2026, Month: 12, Day: 7}

// readSample returns the sample register and all its cases, none of which may
// be damaged. Nothing is written to it.
func readSample(t *testing.T) (*Register, []*File) {
	t.Helper()
	r, err := Open(sampleDir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.root.Close() })
	files, damage, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range damage {
		t.Error(d)
	}
	return r, files
}

func TestSampleShowsEveryStatusStepAndAction(t *testing.T) {
	r, files := readSample(t)
	seen := map[string]bool{}
	for _, f := range files {
		seen["status "+string(f.State.Status())] = true
		for _, e := range f.Log {
			seen["step "+string(e.Step)] = true
		}
		for _, a := range deadlines.Actions(&f.Case, f.State, r.Policy, sampleDay) {
			seen["action "+string(a.Do)] = true
			seen["urgency "+string(a.Urgency)] = true
		}
	}
	for _, s := range casefile.Statuses() {
		if s != casefile.StatusMoved { // rare
			wantSeen(t, seen, "status "+string(s))
		}
	}
	for _, s := range []deadlines.Do{deadlines.DoAcknowledge, deadlines.DoInform, deadlines.DoClose, deadlines.DoHear,
		deadlines.DoComply, deadlines.DoReview, deadlines.DoInviteToWrite} {
		wantSeen(t, seen, "action "+string(s))
	}
	for _, s := range []deadlines.Urgency{deadlines.TooLate, deadlines.Today, deadlines.Upcoming, deadlines.Waiting} {
		wantSeen(t, seen, "urgency "+string(s))
	}
	for _, s := range casefile.Steps() {
		switch s {
		case casefile.Declined, casefile.Complied, casefile.Released, casefile.Undelivered, casefile.Moved: // of cases that are over, or rare
			continue
		}
		wantSeen(t, seen, "step "+string(s))
	}
}

func wantSeen(t *testing.T, seen map[string]bool, what string) {
	t.Helper()
	if !seen[what] {
		t.Errorf("no case of the sample has %s", what)
	}
}

func TestSampleOnItsDay(t *testing.T) {
	r, files := readSample(t)
	want := map[casefile.ID]string{ // the most pressing action of each case
		"2021-0001": "",
		"2021-0002": "review 2026-12-14 upcoming",
		"2025-0001": "",
		"2026-0001": "comply 2026-12-09 upcoming",
		"2026-0002": "comply  waiting",
		"2026-0003": "close 2026-12-29 upcoming",
		"2026-0004": "comply  waiting",
		"2026-0005": "close 2026-12-16 upcoming",
		"2026-0006": "",
		"2026-0007": "hear 2026-12-09 upcoming",
		"2026-0008": "close 2026-12-20 upcoming",
		"2026-0009": "inform 2026-12-07 today",
		"2026-0010": "inform 2026-12-08 upcoming",
		"2026-0011": "acknowledge 2026-12-04 overdue",
		"2026-0012": "invite-to-write  waiting",
		"2026-0013": "acknowledge 2026-12-11 upcoming",
	}
	for _, f := range files {
		got := ""
		if list := deadlines.Actions(&f.Case, f.State, r.Policy, sampleDay); len(list) > 0 {
			got = strings.Join([]string{string(list[0].Do), list[0].Due.String(), string(list[0].Urgency)}, " ")
		}
		if got != want[f.ID] {
			t.Errorf("%s: the first action is %q, want %q", f.ID, got, want[f.ID])
		}
		delete(want, f.ID)
	}
	for id := range want {
		t.Errorf("%s is not there", id)
	}
}

func TestSampleIsFiledAndPurgeable(t *testing.T) {
	r, files := readSample(t)
	var open []*File
	for _, f := range files {
		if got, want := path.Dir(f.Path), Folder(f, r.Policy); got != want {
			t.Errorf("%s stands in %s and belongs in %s", f.ID, got, want)
		}
		if path.Dir(f.Path) == openDir {
			open = append(open, f)
		}
	}
	plan, err := r.PlanPurge(open, sampleDay)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Gone) != 1 || plan.Gone[0].ID != "2021-0001" {
		t.Errorf("a purge would remove %d cases, want 2021-0001 alone", len(plan.Gone))
	}
	if want := []Kept{{"2021-0002", deadlines.KeepHold}}; !slices.Equal(plan.Kept, want) {
		t.Errorf("a purge would keep %v, want %v", plan.Kept, want)
	}
}

func TestSampleMailsAreThoseOfTheLogs(t *testing.T) {
	r, files := readSample(t)
	named := map[string]bool{}
	for _, f := range files {
		for _, e := range f.Log {
			if e.Mail == "" {
				continue
			}
			name := strings.TrimSuffix(f.Path, suffix) + "/" + e.Mail
			named[name] = true
			if _, err := r.root.ReadUpTo(name, MaxMail); err != nil {
				t.Errorf("%s names %s: %v", f.Path, name, err)
			}
			if !strings.HasSuffix(e.Mail, "-"+string(e.Step)+".eml") {
				t.Errorf("%s: the mail of the step %s is called %s", f.Path, e.Step, e.Mail)
			}
		}
	}
	for _, name := range sampleFiles(t) {
		if strings.HasSuffix(name, ".eml") && !named[name] {
			t.Errorf("no log names %s", name)
		}
	}
}

func TestSampleNumbersHaveNoGaps(t *testing.T) {
	r, files := readSample(t)
	ids, err := r.Purged()
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) == 0 {
		t.Error("no case was purged")
	}
	for _, f := range files {
		if year := f.Began().Year; f.ID.Year() != year {
			t.Errorf("%s began in %d", f.ID, year)
		}
		ids = append(ids, f.ID)
	}
	slices.SortFunc(ids, casefile.ID.Compare)
	last := casefile.MakeID(0, "", 0)
	for _, id := range ids {
		want := casefile.MakeID(id.Year(), "", 1)
		if id.Year() == last.Year() {
			want = casefile.MakeID(id.Year(), "", last.Number()+1)
		}
		if id != want {
			t.Errorf("after %s comes %s, want %s", last, id, want)
		}
		last = id
	}
}

// A case file that nobody has edited is what the program would write.
func TestSampleIsWrittenAsTheProgramWrites(t *testing.T) {
	r, files := readSample(t)
	comment := regexp.MustCompile(`(?m)^ *#.*\n|  #.*$`)
	edited := 0
	for _, f := range files {
		f.Complaint = strings.TrimRight(f.Complaint, "\n")
		want, err := encodeCase(&f.Case, r.Policy)
		if err != nil {
			t.Errorf("%s: %v", f.ID, err)
			continue
		}
		got := comment.ReplaceAll(f.Data, nil)
		if len(got) != len(f.Data) {
			edited++
		}
		if string(got) != string(want) {
			t.Errorf("%s is not as the program writes it:\n%s", f.Path, want)
		}
	}
	if edited == 0 {
		t.Error("no case has a comment of the owner")
	}
}

var (
	sampleAddress = regexp.MustCompile(`[\w.+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)`)
	sampleURL     = regexp.MustCompile(`https?://([A-Za-z0-9.-]+)`)
	sampleBase64  = regexp.MustCompile(`(?m)(?:^[A-Za-z0-9+/]{4,76}={0,2}\r?\n)+`)
)

// The people are invented: every address is one that can never exist.
func TestSampleHasNoRealAddress(t *testing.T) {
	n := 0
	for _, name := range sampleFiles(t) {
		data, err := os.ReadFile(filepath.Join(sampleDir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range sampleTexts(data) {
			for _, m := range sampleAddress.FindAllStringSubmatch(text, -1) {
				n++
				if !strings.HasSuffix(m[1], ".example") {
					t.Errorf("%s: %s is not under .example", name, m[0])
				}
			}
			for _, m := range sampleURL.FindAllStringSubmatch(text, -1) {
				if m[1] != "www.nrto.nl" && !strings.HasSuffix(m[1], ".example") {
					t.Errorf("%s: %s is not under .example", name, m[0])
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d addresses were found", n)
	}
}

// sampleTexts returns a file as it stands, and as it reads after decoding the
// encodings that mails have.
func sampleTexts(data []byte) []string {
	texts := []string{string(data)}
	quoted, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(string(data)))) // ends where a mail is in another encoding
	texts = append(texts, string(quoted))
	for _, block := range sampleBase64.FindAllString(string(data), -1) {
		if plain, err := base64.StdEncoding.DecodeString(block); err == nil {
			texts = append(texts, string(plain))
		}
	}
	return texts
}

// sampleFiles returns the names of all files of the sample, within it, without
// what a command may have left in .klacht.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(sampleDir), ".", func(name string, d fs.DirEntry, err error) error {
		if name == localDir {
			return fs.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The document of the format shows the errors that a reader gets, and no others.
func TestSampleErrorsAreThoseOfTheDocument(t *testing.T) {
	const one = "open/2026-0007.yaml"
	type swap []string // old, new, old, new; or what the file is as a whole
	errors := []struct {
		file string
		swap swap
		want string
	}{
		{one, swap{"    step: acknowledged", "\tstep: acknowledged"}, `:34: is not valid YAML: found a tab character that violates indentation`},
		{one, swap{"drie weken", "drie\xa0weken"}, `:5: here is a character that is not text in UTF-8`},
		{one, swap{"log:\n", "<<<<<<< HEAD\nlog:\n"}, `:28: here is a mark of a merge conflict`},
		{one, swap{""}, `: is empty`},
		{one, swap{"04-replied.eml\n", "04-replied.eml\n---\nformat: 1\n"}, `:47: a second document starts here`},
		{one, swap{"language: nl", "language: &nl nl"}, `:9: anchors and aliases (& and *) are not used here`},
		{one, swap{"language: nl", "language: !!str nl"}, `:9: tags (!) are not used here`},
		{one, swap{"format: 1", "format: 2"}, `:1: format "2" is not one that this klacht can read`},
		{one, swap{"subject:", "Subject:"}, `:5: the key "Subject" is not known here`},
		{one, swap{"id: 2026-0007\n", "id: 2026-0007\nid: 2026-0007\n"}, `:3: the key "id" stands here for the second time`},
		{one, swap{"id: 2026-0007\n", ""}, `: the key "id" is missing`},
		{one, swap{"received: 2026-11-20", "received:"}, `:4: a value is missing here`},
		{one, swap{"Website drie weken te laat opgeleverd", "[te laat]"}, `:5: a text belongs here`},
		{one, swap{"language: nl", "language: de"}, `:9: "de" is not one of [nl en]`},
		{one, swap{"received: 2026-11-20", "received: 2026-11-31"}, `:4: "2026-11-31" is not a date; write it as YYYY-MM-DD`},
		{one, swap{"received: 2026-11-20", "received: 2026-11-19"}, `:4: received is 2026-11-19, but the log says 2026-11-20`},
		{one, swap{"id: 2026-0007", "id: 7"}, `:2: "7" is not the number of a complaint`},
		{one, swap{"id: 2026-0007", "id: 2026-0008"}, `:2: the id is 2026-0008, but the file is called 2026-0007.yaml`},
		{one, swap{"step: acknowledged", "step: confirmed"}, `:34: "confirmed" is not a step`},
		{one, swap{"means: phone", "outcome: agreed"}, `:41: invited has no field "outcome"`},
		{one, swap{"    when: 2026-12-09T14:00:00+01:00\n", ""}, `:37: invited needs a value for "when"`},
		{one, swap{"step: acknowledged", "step: closed\n    outcome: settled"}, `:35: "settled" is not an outcome`},
		{one, swap{"02-acknowledged.eml", "../02.eml"}, `:36: "../02.eml" cannot be the name of a mail`},
		{one, swap{"step: acknowledged", "step: extended\n    until: 2026-11-24\n    reason: ziek"},
			`:35: an extension must end after the day on which it is told`},
		{one, swap{"step: acknowledged", "step: closed\n    outcome: agreed"}, `:38: the complaint is closed`},
		{one, swap{"step: received", "step: replied"}, `:29: replied comes before the complaint itself`},
		{one, swap{"language: nl\n", "", "04-replied.eml\n", "04-replied.eml\nlanguage: nl\n"}, `:46: the log must stand last in the file, so that steps can be added to it`},
		{"open/concept.yaml", swap{"format: 1\n"}, `: is not the name of a case`},
		{one, swap{"link"}, `: is not a regular file`},
		{PolicyFile, swap{"workdays: [mon, tue, wed, thu, fri]", "workdays: []"}, `:26: the policy has no working days, so no term would ever end`},
		{PolicyFile, swap{"nieuwjaarsdag", "sinterklaas"}, `:27: "sinterklaas" is not a holiday that klacht knows`},
		{PolicyFile, swap{"acknowledge: 5 werkdagen", "acknowledge: vijf werkdagen"}, `:55: "vijf werkdagen" is not a term`},
		{PolicyFile, swap{"Europe/Amsterdam", "Amsterdam"}, `:15: "Amsterdam" is not a time zone`},
		{PolicyFile, swap{"from: 2025-01-01", "from: 2019-09-01"}, `:60: two versions hold from 2019-09-01`},
		{PolicyFile, swap{"extension: {}", "extension: {at most: 2 weeks}"}, `:64: at most 2 weeks, counted from receipt, is shorter than close, 4 weeks`},
		{PolicyFile, swap{"inform: 10", "pause: 10"}, `:62: the key "pause" is not known here: klacht cannot stop a term while it waits for somebody`},
		{PolicyFile, swap{"    archive: 5 jaar\n", ""}, `:54: the key "archive" is missing`},
		{one, swap{"key: 2exzgsa9scg217emc4fqm2vqkg", "key: 7"}, `:3: "7" is not a key`},
		{PurgedFile, swap{"- {id: 2020-0001", "- {id: 2020-1"}, `:3: is not the line of a purged complaint`},
	}
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\|.*\\| `([a-z]\\S*\\.yaml:.*)` \\|$").FindAllStringSubmatch(sampleDocument(t), -1) {
		told[m[1]] = true
	}
	for _, e := range errors {
		want := e.file + e.want
		if got := sampleError(t, e.file, e.swap); got != want {
			t.Errorf("%s with %q\n got: %s\nwant: %s", e.file, e.swap, got, want)
		}
		if !told[want] {
			t.Errorf("the document does not show %s", want)
		}
		delete(told, want)
	}
	for m := range told {
		t.Errorf("the document shows %s, and nothing here gives it", m)
	}
}

func sampleDocument(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sampleDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sampleError returns what is wrong with a copy of the sample in which texts of
// a file were swapped; or, given a single text, in which the file is that text,
// or a symbolic link where the text is "link".
func sampleError(t *testing.T, file string, swap []string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(sampleDir)); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, filepath.FromSlash(file))
	before, _ := os.ReadFile(full) // need not be there
	after := swap[0]
	if len(swap) > 1 {
		after = strings.NewReplacer(swap...).Replace(string(before))
	}
	if after == string(before) {
		t.Fatalf("%s does not contain %q", file, swap[0])
	}
	_ = os.Remove(full)
	var err error
	if after == "link" {
		err = os.Symlink("2026-0008.yaml", full)
	} else {
		err = os.WriteFile(full, []byte(after), disk.FileMode)
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir, nil)
	if err != nil {
		return err.Error()
	}
	defer r.root.Close()
	_, damage, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(damage) > 0 {
		return damage[0].Error()
	}
	if _, err := r.Purged(); err != nil {
		return err.Error()
	}
	return ""
}

// The document has a row for every step, with the fields of that step, those
// that it needs in bold; and it names every key of a purged case.
func TestSampleDocumentNamesEveryField(t *testing.T) {
	_, doc, _ := strings.Cut(sampleDocument(t), "| step | it says that |")
	for _, s := range casefile.Steps() {
		m := regexp.MustCompile("(?m)^\\| `" + string(s) + "` \\|[^|]*\\|([^|]*)\\|").FindStringSubmatch(doc)
		if m == nil {
			t.Errorf("the document has no row for the step %s", s)
			continue
		}
		for _, f := range casefile.Fields() {
			name := "`" + string(f) + "`"
			must := slices.Contains(s.Must(), f)
			common := slices.Contains([]casefile.Field{casefile.FieldText, casefile.FieldMail, casefile.FieldWritten, casefile.FieldPromised, casefile.FieldNoted}, f)
			own := s.May(f) && (must || !common)
			if strings.Contains(m[1], name) != own {
				t.Errorf("the row of %s is wrong about %s", s, name)
			}
			if strings.Contains(m[1], "**"+name+"**") != must {
				t.Errorf("the row of %s is wrong about whether it needs %s", s, name)
			}
		}
	}
	for _, o := range casefile.Outcomes() {
		if !strings.Contains(doc, "`"+string(o)+"`") {
			t.Errorf("the document does not name the outcome %s", o)
		}
	}
	for _, n := range deadlines.TermNames() {
		if !strings.Contains(doc, "| `"+string(n)+"` | term: ") {
			t.Errorf("the document has no row for the term %s", n)
		}
	}
	purged, err := os.ReadFile(filepath.Join(sampleDir, PurgedFile))
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Split(string(purged), "\n")[2]
	if !strings.Contains(doc, line) {
		t.Errorf("the document does not show the line %s", line)
	}
}
