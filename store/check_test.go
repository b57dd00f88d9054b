package store

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// soundRegister makes a register with an open, a closed and a purged case, in
// which nothing is wrong.
func soundRegister(t testing.TB) *Register {
	t.Helper()
	r := newRegister(t)
	f := create(t, r, "2020-02-03", "<1>")
	appendStep(t, r, f.ID, closing(t, "2020-02-20"), nil)
	f, err := r.Load(f.ID)
	must(t, err)
	writing(t, r, func(w *Writer) { must(t, w.Purge(f, day(t, "2026-03-01"))) })
	create(t, r, "2020-03-03", "<2>")
	create(t, r, "2026-11-20", "<3>")
	f = create(t, r, "2026-11-21", "<4>")
	appendStep(t, r, f.ID, closing(t, "2026-11-25"), nil)
	create(t, r, "2026-11-22", "<5>")
	return r
}

func checkOf(t testing.TB, r *Register) []string {
	t.Helper()
	c, err := reopen(t, r.Dir).Check(day(t, "2026-12-07"), nil)
	must(t, err)
	var list []string
	for _, p := range c.Problems {
		list = append(list, p.Error())
	}
	return list
}

func fixOf(t testing.TB, r *Register) (fixed, left []string) {
	t.Helper()
	writing(t, reopen(t, r.Dir), func(w *Writer) {
		c, err := w.Fix(day(t, "2026-12-07"), nil)
		must(t, err)
		for _, f := range c.Fixed {
			fixed = append(fixed, f.File+": "+f.What.String())
		}
		for _, p := range c.Problems {
			left = append(left, p.Error())
		}
	})
	return fixed, left
}

func TestCheckFinds(t *testing.T) {
	const archived = "archive/2031-11/2026-0002.yaml"
	move := func(r *Register, from, to string) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(r.Dir, to)), 0o700))
		must(t, os.Rename(filepath.Join(r.Dir, from), filepath.Join(r.Dir, to)))
	}
	remove := func(r *Register, name string) { must(t, os.RemoveAll(filepath.Join(r.Dir, name))) }
	text := func(r *Register, name string) string {
		data, err := os.ReadFile(filepath.Join(r.Dir, name))
		must(t, err)
		return string(data)
	}
	for name, tt := range map[string]struct {
		spoil func(r *Register)
		want  []string // what check says
		fixed []string // what --fix says that it did
		keeps bool     // what --fix leaves as it is, to the byte
	}{
		"nothing": {spoil: func(*Register) {}, keeps: true},
		"a number that is gone": {
			spoil: func(r *Register) { remove(r, "open/2026-0001.yaml"); remove(r, "open/2026-0001") },
			want:  []string{"register.yaml: these numbers are missing: [2026-0001]"}, keeps: true},
		"the last number is gone": {
			spoil: func(r *Register) { remove(r, "open/2026-0003.yaml"); remove(r, "open/2026-0003") },
			want:  []string{"register.yaml: these numbers are missing: [2026-0003]"}, keeps: true},
		"a line of purged.yaml is gone": {
			spoil: func(r *Register) { remove(r, PurgedFile) },
			want:  []string{"register.yaml: these numbers are missing: [2020-0001]"}, keeps: true},
		"many numbers that are gone": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-0009.yaml", strings.Replace(text(r, "open/2026-0001.yaml"), "id: 2026-0001\nkey: ", "id: 2026-0009\n# ", 1))
				place(t, r, "open/2026-0009/01-received.eml", "Message-ID: <9>\n\nx")
			},
			want: []string{"register.yaml: these numbers are missing: [2026-0004–2026-0008]"}, keeps: true},
		"a number that only the ledger knows": {
			spoil: func(r *Register) {
				remove(r, "open/2026-0003.yaml")
				remove(r, "open/2026-0003")
				remove(r, indexDir)
			},
			want: []string{"register.yaml: these numbers are missing: [2026-0003]"}, keeps: true},
		"numbers of another series": {
			spoil: func(r *Register) {
				l, err := r.Ledger()
				must(t, err)
				l.Numbers["2026-B"] = 2
				place(t, r, LedgerFile, string(l.Encode()))
			},
			want: []string{"register.yaml: these numbers are missing: [2026-B001–2026-B002]"}, keeps: true},
		"a ledger that is gone": {
			spoil: func(r *Register) { remove(r, LedgerFile) },
			want:  []string{"register.yaml: is not there"},
			fixed: []string{"register.yaml: was made anew"}},
		"a ledger that cannot be read": {
			spoil: func(r *Register) { place(t, r, LedgerFile, text(r, LedgerFile)+"  nummer: 3\n") },
			want:  []string{`register.yaml:9: the key "nummer" is not known here`}, keeps: true},
		"a file that was copied by hand": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-0004.yaml", strings.Replace(text(r, "open/2026-0001.yaml"), "id: 2026-0001", "id: 2026-0004", 1))
				place(t, r, "open/2026-0004/01-received.eml", text(r, "open/2026-0001/01-received.eml"))
			},
			want: []string{"open/2026-0004.yaml:3: has the key of 2026-0001, so it is a copy of that"}, keeps: true},
		"one mail in two cases": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-B001.yaml", strings.Replace(text(r, "open/2026-0001.yaml"), "id: 2026-0001\nkey: ", "id: 2026-B001\n# ", 1))
				place(t, r, "open/2026-B001/01-received.eml", text(r, "open/2026-0001/01-received.eml"))
			},
			want: []string{"open/2026-B001.yaml:16: the same mail is in 2026-0001 and 2026-B001"}, keeps: true},
		"copies of a case with letters": {
			spoil: func(r *Register) { place(t, r, "open/2026-B001 (1).yaml", "x"); place(t, r, "open/2026-B001.yml", "x") },
			want: []string{"open/2026-B001 (1).yaml: is a copy of 2026-B001 that klacht does not read",
				"open/2026-B001.yml: is not read, for it is not called 2026-B001.yaml"}, keeps: true},
		"a file that cannot be read is no gap": {
			spoil: func(r *Register) { place(t, r, "open/2026-0001.yaml", "onzin") },
			want:  []string{"open/2026-0001.yaml:1: is not a list of keys with values"}, keeps: true},
		"a closed case in open": {
			spoil: func(r *Register) {
				move(r, archived, "open/2026-0002.yaml")
				move(r, "archive/2031-11/2026-0002", "open/2026-0002")
			},
			want:  []string{"open/2026-0002.yaml: belongs in archive/2031-11"},
			fixed: []string{"open/2026-0002.yaml: now stands in archive/2031-11"}},
		"the wrong month": {
			spoil: func(r *Register) {
				move(r, archived, "archive/2030-01/2026-0002.yaml")
				move(r, "archive/2031-11/2026-0002", "archive/2030-01/2026-0002")
			},
			want:  []string{"archive/2030-01/2026-0002.yaml: belongs in archive/2031-11"},
			fixed: []string{"archive/2030-01/2026-0002.yaml: now stands in archive/2031-11"}},
		"an open case in the archive": {
			spoil: func(r *Register) { move(r, "open/2026-0001.yaml", "archive/2031-11/2026-0001.yaml") },
			want:  []string{"archive/2031-11/2026-0001.yaml: stands in the archive and is not closed, so no summary shows it"},
			fixed: []string{"archive/2031-11/2026-0001.yaml: now stands in open"}},
		"mails elsewhere": {
			spoil: func(r *Register) { move(r, "archive/2031-11/2026-0002", "open/2026-0002") },
			want:  []string{"archive/2031-11/2026-0002.yaml: its mails are not beside it, but in open"},
			fixed: []string{"archive/2031-11/2026-0002.yaml: its mails were brought beside it"}},
		"mails in two places": {
			spoil: func(r *Register) { place(t, r, "archive/2030-01/2026-0001/09-noted.eml", "x") },
			want:  []string{"archive/2030-01/2026-0001: the mails of 2026-0001 are in two places: also in open/2026-0001"}, keeps: true},
		"a case that is there twice, once in the wrong place": {
			spoil: func(r *Register) { place(t, r, "archive/2030-01/2026-0001.yaml", text(r, "open/2026-0001.yaml")) },
			want:  []string{"archive/2030-01/2026-0001.yaml: is there twice: also as open/2026-0001.yaml"}, keeps: true},
		"a mail that is gone": {
			spoil: func(r *Register) { remove(r, "open/2026-0001/01-received.eml") },
			want:  []string{"open/2026-0001.yaml:16: the mail 01-received.eml is not there"}, keeps: true},
		"a mail without content": {
			spoil: func(r *Register) { place(t, r, "open/2026-0001/01-received.eml", "") },
			want:  []string{"open/2026-0001.yaml:16: the mail 01-received.eml is empty"}, keeps: true},
		"a mail that no step names": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-0001/02-replied.eml", "x")
				place(t, r, "open/2026-0001/foto.png", "x")
			},
			want: []string{"open/2026-0001/02-replied.eml: no step names this mail",
				"open/2026-0001/foto.png: no step names this file, so no dossier has it"}, keeps: true},
		"a mail that is there twice": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-0001/02-replied.eml", text(r, "open/2026-0001/01-received.eml"))
			},
			want:  []string{"open/2026-0001/02-replied.eml: no step names this mail, and it is the same as 01-received.eml"},
			fixed: []string{"open/2026-0001/02-replied.eml: was the same as 01-received.eml, and was removed"}},
		"mails without a case": {
			spoil: func(r *Register) { place(t, r, "open/2026-0004/02-noted.eml", "x") },
			want:  []string{"open/2026-0004: has mails, but their complaint is not there"}, keeps: true},
		"an empty folder": {
			spoil: func(r *Register) { must(t, os.Mkdir(filepath.Join(r.Dir, "open/2026-0004"), 0o700)) },
			want:  []string{"open/2026-0004: is an empty folder, without a complaint"},
			fixed: []string{"open/2026-0004: the empty folder was removed"}},
		"mails of a purged case": {
			spoil: func(r *Register) { place(t, r, "archive/2025-02/2020-0001/01-received.eml", "x") },
			want:  []string{"archive/2025-02/2020-0001: are mails of a complaint that was purged"}, keeps: true},
		"what a killed command left": {
			spoil: func(r *Register) { place(t, r, "open/.tmp-XYZ", "x"); place(t, r, ".tmp-ABC", "") },
			want:  []string{".tmp-ABC: is left of a command that was killed", "open/.tmp-XYZ: is left of a command that was killed"},
			fixed: []string{".tmp-ABC: was left of a command that was killed, and was removed", "open/.tmp-XYZ: was left of a command that was killed, and was removed"}},
		"copies of sync programs and editors": {
			spoil: func(r *Register) {
				for _, n := range []string{"open/2026-0001 (1).yaml", "open/2026-0001 (Mok's conflicted copy 2026-12-01).yaml", "open/2026-0001.sync-conflict-20261201-1.yaml",
					"open/2026-0001.yaml~", "regeling (1).yaml", "purged-2.yaml", "LEESMIJ.md", "open/notities.txt"} {
					place(t, r, n, "x")
				}
			},
			want: []string{"open/2026-0001 (1).yaml: is a copy of 2026-0001 that klacht does not read",
				"open/2026-0001 (Mok's conflicted copy 2026-12-01).yaml: is a copy of 2026-0001 that klacht does not read",
				"open/2026-0001.sync-conflict-20261201-1.yaml: is a copy of 2026-0001 that klacht does not read",
				"open/2026-0001.yaml~: is a copy of 2026-0001 that klacht does not read",
				"purged-2.yaml: is a copy that klacht does not read", "regeling (1).yaml: is a copy that klacht does not read"}, keeps: true},
		"a complaint that nobody reads": {
			spoil: func(r *Register) {
				place(t, r, "open/2026-0004.yml", "x")
				place(t, r, "open/2026-0005.YAML", "x")
				place(t, r, "archive/2026-0006.yaml", "x")
				place(t, r, "archive/desktop.ini", "x")
			},
			want: []string{"archive/2026-0006.yaml: is not read here, for cases stand in the folder of their month",
				"open/2026-0004.yml: is not read, for it is not called 2026-0004.yaml", "open/2026-0005.YAML: is not read, for it is not called 2026-0005.yaml"}, keeps: true},
		"a line of purged.yaml that is there twice": {
			spoil: func(r *Register) {
				lines := strings.SplitAfter(text(r, PurgedFile), "\n")
				place(t, r, PurgedFile, strings.Join(append(lines, lines[len(lines)-2]), ""))
			},
			want: []string{"purged.yaml:4: 2020-0001 stands here twice"}, keeps: true},
		"days that change nothing": {
			spoil: func(r *Register) {
				policy := text(r, PolicyFile)
				policy = strings.Replace(policy, "holidays: [", "holidays: [eerste paasdag, goede vrijdag, ", 1)
				place(t, r, PolicyFile, strings.Replace(policy, "\nclosed: []", "\nclosed: [2026-12-05..2026-12-06, 2026-12-07, 2026-12-25]", 1))
			},
			want: []string{`regeling.yaml: the closing days 2026-12-05..2026-12-06 have no working day among them, so they change nothing`,
				`regeling.yaml: the closing days 2026-12-25..2026-12-25 have no working day among them, so they change nothing`,
				`regeling.yaml: the holiday "Eerste Paasdag" never falls on a working day, so it changes nothing`}, keeps: true},
		"what is left of a letter": {
			spoil: func(r *Register) {
				l := addLetter(t, r, aLetter(t, "2026-0001"))
				remove(r, "outbox/"+l.Name+".letter")
			},
			want: []string{"outbox/2026-0001-asked.eml: is left of a letter that does not wait any more"}, keeps: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := soundRegister(t)
			tt.spoil(r)
			before := tree(t, r.Dir)
			got := checkOf(t, r)
			slices.Sort(got)
			slices.Sort(tt.want)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("check says\n%s\ninstead of\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			wantTree(t, r.Dir, before)
			fixed, left := fixOf(t, r)
			if fmt.Sprint(fixed) != fmt.Sprint(tt.fixed) {
				t.Errorf("--fix says %q", fixed)
			}
			if tt.keeps {
				wantTree(t, r.Dir, before)
				if len(left) != len(tt.want) {
					t.Errorf("--fix leaves %q", left)
				}
			} else if after := checkOf(t, r); after != nil || left != nil {
				t.Errorf("after --fix there is still %q %q", left, after)
			}
		})
	}
}

func TestFixMendsTheRights(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are kept elsewhere there")
	}
	r := soundRegister(t)
	must(t, os.MkdirAll(filepath.Join(r.Dir, ".git"), 0o755))
	must(t, filepath.WalkDir(r.Dir, func(name string, d os.DirEntry, err error) error {
		must(t, err)
		if d.IsDir() {
			return os.Chmod(name, 0o755)
		}
		return os.Chmod(name, 0o644)
	}))
	if got := checkOf(t, r); len(got) != 1 || !strings.Contains(got[0], "can be read or changed by others") {
		t.Fatalf("check says %q", got)
	}
	fixed, left := fixOf(t, r)
	if len(fixed) != 1 || left != nil || checkOf(t, r) != nil {
		t.Errorf("--fix says %q, and leaves %q, %q", fixed, left, checkOf(t, r))
	}
	for name, mode := range map[string]os.FileMode{".": 0o700, "open": 0o700, "open/2026-0001.yaml": 0o600, "open/2026-0001/01-received.eml": 0o600, ".git": 0o755} {
		if info, err := os.Stat(filepath.Join(r.Dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has %v, %v", name, info.Mode(), err)
		}
	}
}

// An extension where the procedure knows none is said to move nothing.
func TestCheckNamesAnExtensionThatThereCannotBe(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	e := do(t, "2026-11-25", casefile.Extended)
	e.Until, e.Reason = day(t, "2027-01-15"), "Ziek"
	appendStep(t, r, f.ID, e, nil)
	for _, none := range []bool{false, true} {
		for i := range r.Policy.Versions {
			r.Policy.Versions[i].Extension.None = none
		}
		c, err := r.Check(day(t, "2026-12-07"), nil)
		must(t, err)
		if said := fmt.Sprint(c.Problems); strings.Contains(said, "knows no extension") != none || len(c.Problems) > 1 {
			t.Errorf("extension: none is %v, and check says %s", none, said)
		}
	}
}

// What the document of the format says that a check finds is what it finds.
func TestCheckSaysWhatTheDocumentShows(t *testing.T) {
	_, list, _ := strings.Cut(sampleDocument(t), "## What a check finds besides")
	source, err := filepath.Glob("check*.go")
	must(t, err)
	said := ""
	for _, name := range source {
		data, err := os.ReadFile(name)
		must(t, err)
		said += string(data)
	}
	n := 0
	for _, m := range regexp.MustCompile("(?m)^- `[^:]*(?::[0-9]+)?: (.*)`( \\*)?$").FindAllStringSubmatch(list, -1) {
		n++
		pattern := regexp.MustCompile(`"[^"]*"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9A-Z]{4}(\.yaml)?|archive/[0-9-]+|[0-9]+-[a-z]+\.eml|[a-z]+\.pdf|^[0-9]+ `).ReplaceAllStringFunc(m[1], func(v string) string {
			return map[bool]string{true: "%d ", false: map[bool]string{true: "%q", false: "%s"}[v[0] == '"']}[strings.HasSuffix(v, " ")]
		})
		if !strings.Contains(said, pattern) {
			t.Errorf("nothing says %s", pattern)
		}
	}
	if n != 22 {
		t.Errorf("%d findings are shown", n)
	}
}

// What a command is doing at the same time is no problem: a case that moves, a
// mail that comes.
func TestCheckBesideOtherCommands(t *testing.T) {
	r := soundRegister(t)
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		w := reopen(t, r.Dir)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if n < 20 {
				create(t, w, "2026-11-26", fmt.Sprintf("<n%d>", n))
			}
			if f, err := w.Load("2020-0002"); n == 5 && err == nil {
				appendStep(t, w, f.ID, closing(t, "2020-03-30"), nil)
				f, err = w.Load(f.ID)
				must(t, err)
				writing(t, w, func(w *Writer) { must(t, w.Purge(f, day(t, "2026-03-01"))) })
			}
			appendStep(t, w, "2026-0001", closing(t, "2026-11-25"), mailOf(fmt.Sprintf("<c%d>", n)))
			appendStep(t, w, "2026-0001", do(t, "2026-11-25", casefile.Reopened), mailOf(fmt.Sprintf("<o%d>", n)))
		}
	}()
	for range 25 {
		if got := checkOf(t, r); got != nil {
			t.Errorf("check says %q", got)
			break
		}
	}
	close(stop)
	<-done
}

// The memory of a check does not grow with what the cases hold.
func TestCheckReadsOneAtATime(t *testing.T) {
	if testing.Short() {
		t.Skip("makes thousands of files")
	}
	r := soundRegister(t)
	f, err := r.Load("2026-0002")
	must(t, err)
	filler := strings.Repeat("# een lange aantekening van de eigenaar\n", 250) // 10 kB
	const n = 3000
	for i := 4; i < 4+n; i++ {
		id := string(casefile.MakeID(2026, "", i))
		place(t, r, "archive/2031-11/"+id+suffix, filler+strings.Replace(string(f.Data), "id: 2026-0002\nkey: "+string(f.Key), "id: "+id+"\nkey: "+string(casefile.NewKey()), 1))
		place(t, r, "archive/2031-11/"+id+"/01-received.eml", string(mailOf("<"+id+">")))
	}
	var peak uint64
	told := 0
	c, err := r.Check(day(t, "2026-12-07"), func(done, total int) {
		if told++; done%200 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		if done > total || total < n {
			t.Errorf("%d of %d", done, total)
		}
	})
	must(t, err)
	if c.Cases != n+4 || len(c.Problems) > 0 || told != n+4 {
		t.Errorf("%d cases, %d told, %v", c.Cases, told, c.Problems)
	}
	if peak > 20<<20 { // the files are 30 MB
		t.Errorf("at its highest, %d MB is in use", peak>>20)
	}
}
