package merge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/store"

	"pgregory.net/rapid"
)

const testFile = "2026-0007.yaml"

// made is a case that a test changes as people do.
type made struct {
	head []string // the keys above the log, with their comments
	log  []casefile.Entry
	note map[int]string // comments above entries
}

func newMade() *made {
	return &made{
		head: []string{"# eerste\nformat: 1\n", "id: 2026-0007\n", "key: 7qk2mz5w4tq3rjxn2v6hcd8e9c\n", "received: 2026-11-20\n", "subject: Te laat\n",
			"complainant:\n  name: Jolanda\n", "language: nl\n", "complaint: |\n  Beste Mok,\n\n  # geen opmerking\n"},
		log:  []casefile.Entry{{At: moment("2026-11-20T16:40:11+01:00"), Step: casefile.Received, By: "mok", Mail: "01-received.eml"}},
		note: map[int]string{},
	}
}

func moment(s string) casefile.Moment {
	m, err := casefile.ParseMoment(s, reading().Zone)
	if err != nil {
		panic(err)
	}
	return m
}

func (m *made) clone() *made {
	note := map[int]string{}
	for n, c := range m.note {
		note[n] = c
	}
	return &made{slices.Clone(m.head), slices.Clone(m.log), note}
}

func (m *made) file() []byte {
	var b strings.Builder
	b.WriteString(strings.Join(m.head, "") + "log:\n")
	for n, e := range m.log {
		data, err := store.EncodeEntry(e)
		if err != nil {
			panic(err)
		}
		b.WriteString(m.note[n] + shift(string(data), 2))
	}
	return []byte(b.String())
}

// change does what a person does to a case; the words tell one change from another.
func (m *made) change(t *rapid.T, who string, byHand bool) {
	word := rapid.StringMatching(`[a-z]{3}`).Draw(t, "word")
	day := rapid.IntRange(21, 26).Draw(t, "day")
	at := casefile.Moment{Date: casefile.Date{Year: 2026, Month: 11, Day: day}}
	if rapid.Bool().Draw(t, "timed") {
		at = casefile.MomentOf(time.Date(2026, 11, day, rapid.IntRange(8, 10).Draw(t, "hour"), 0, 0, 0, reading().Zone), reading().Zone)
	}
	kinds := 5
	if byHand {
		kinds = 9
	}
	now := m.clone()
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0, 1: // a note
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Noted, By: who, Text: "Gebeld door " + who + ": " + word + "\n# geen opmerking\n- geen stap"})
	case 2, 3: // a mail
		step := rapid.SampledFrom([]casefile.Step{casefile.Replied, casefile.Asked, casefile.Proposed, casefile.Acknowledged}).Draw(t, "step")
		now.log = append(now.log, casefile.Entry{At: at, Step: step, By: who, Mail: fmt.Sprintf("%02d-%s.%s.eml", len(m.log)+1, step, who)})
	case 4: // a letter that came back
		if last := m.log[len(m.log)-1]; last.Mail != "" && last.Step.Letter() {
			now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Undelivered, By: who, Letter: last.Mail, Mail: fmt.Sprintf("%02d-undelivered.%s.eml", len(m.log)+1, who)})
			break
		}
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Closed, By: who, Outcome: casefile.Agreed, Text: word})
	case 5:
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Reopened, By: who, Reason: word})
	case 6: // by hand: a key
		n := rapid.IntRange(4, 6).Draw(t, "key")
		now.head[n] = []string{"subject: " + word + "\n", "complainant:\n  name: Jolanda\n  email: " + word + "@voorbeeld.example\n", "language: en\n"}[n-4]
	case 7: // a comment, or a correction
		n := rapid.IntRange(0, len(now.log)-1).Draw(t, "entry")
		if rapid.Bool().Draw(t, "comment") {
			now.note[n] = "  # " + word + "\n"
		} else {
			now.log[n].By = word
		}
	case 8:
		if n := rapid.IntRange(1, 9).Draw(t, "entry"); n < len(now.log) {
			now.log = slices.Delete(now.log, n, n+1)
		}
	case 9:
		now.head[4] = "# " + word + "\n" + now.head[4]
	}
	if _, err := store.ParseFile(testFile, now.file(), reading()); err == nil {
		*m = *now
	}
}

func (m *made) changes(t *rapid.T, who string, byHand bool) *made {
	now := m.clone()
	for range rapid.IntRange(0, 4).Draw(t, "changes of "+who) {
		now.change(t, who, byHand)
	}
	return now
}

// entriesOf returns what a file says, entry by entry.
func entriesOf(t rapid.TB, data []byte) (entries []string) {
	t.Helper()
	f, err := store.ParseFile(testFile, data, reading())
	if err != nil {
		t.Fatalf("not a valid case: %v\n%s", err, data)
	}
	for _, e := range f.Log {
		entries = append(entries, entryKey(e, 0))
	}
	slices.Sort(entries)
	return entries
}

// mirrored fails if two merges of the same, with the sides changed round, differ.
func mirrored(t rapid.TB, got, back []byte, conflicts, others []Conflict) {
	t.Helper()
	if !bytes.Equal(got, back) || (got == nil) != (back == nil) || len(conflicts) != len(others) {
		t.Fatalf("not the same from both sides: %v %v\n%s\n%s", conflicts, others, got, back)
	}
	for n, c := range conflicts {
		if o := others[n]; c != (Conflict{o.Field, o.Theirs, o.Ours}) {
			t.Fatalf("not the same from both sides: %v\n%v", c, o)
		}
	}
	if (got == nil) == (conflicts == nil) {
		t.Fatalf("neither a result nor a conflict, or both: %v\n%s", conflicts, got)
	}
}

func TestCaseKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byHand := rapid.Bool().Draw(t, "by hand")
		root := newMade().changes(t, "root", false)
		ours, theirs := root.changes(t, "mok", byHand), root.changes(t, "els", byHand)
		b, o, th := root.file(), ours.file(), theirs.file()
		got, conflicts := Case(b, o, th, Ask)
		back, others := Case(b, th, o, Ask)
		mirrored(t, got, back, conflicts, others)
		if got != nil {
			for _, side := range [][]byte{o, th, got} {
				if again, more := Case(b, got, side, Ask); more != nil || !bytes.Equal(again, got) {
					t.Fatalf("merging once more changes it: %v\n%s\n%s", more, got, again)
				}
			}
			said := entriesOf(t, got)
			for _, side := range [][]byte{o, th} {
				for _, e := range entriesOf(t, side) {
					if !byHand && !slices.Contains(said, e) {
						t.Fatalf("an entry is lost: %s\n%s", e, got)
					}
				}
			}
			if want := len(ours.log) + len(theirs.log) - len(root.log); !byHand && len(said) > want {
				t.Fatalf("%d entries instead of %d\n%s", len(said), want, got)
			}
		}
		for _, keep := range []Side{Ours, Theirs} { // a choice always settles it, and drops nothing that was added
			got, conflicts := Case(b, o, th, keep)
			back, _ := Case(b, th, o, 3-keep)
			if conflicts != nil || !bytes.Equal(got, back) {
				t.Fatalf("not settled by a choice, or not as from the other side: %v\n%s\n%s", conflicts, got, back)
			}
			f, err := store.ParseFile(testFile, got, reading())
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprint(f.Log)
			for _, side := range []*made{ours, theirs} {
				for _, e := range side.log[min(len(root.log), len(side.log)):] {
					if !byHand && !(strings.Contains(text, e.Text) && strings.Contains(text, e.Reason) && strings.Contains(text, e.Mail)) {
						t.Fatalf("an entry is lost: %v\n%s", e, got)
					}
				}
			}
		}
	})
}

func TestCaseConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := newMade().changes(t, "root", false)
		b := root.file()
		x, y, z := root.changes(t, "mok", false).file(), root.changes(t, "els", false).file(), root.changes(t, "jan", false).file()
		merge := func(a, c []byte) []byte {
			if a == nil || c == nil {
				return nil
			}
			got, _ := Case(b, a, c, Ask)
			return got
		}
		left, right := merge(merge(x, y), z), merge(x, merge(y, z))
		if left == nil || right == nil {
			return
		}
		want := entriesOf(t, left)
		if !slices.Equal(want, entriesOf(t, right)) {
			t.Fatalf("not the same:\n%s\n%s", left, right)
		}
		if got := merge(left, right); got != nil && !slices.Equal(want, entriesOf(t, got)) { // what two machines made of the same three
			t.Fatalf("not the same:\n%s\n%s\n%s", left, right, got)
		}
	})
}

// Two people who settle the same difference at the same time can choose
// differently: what they have then comes together with each step there once.
func TestCaseOfOpposedChoices(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		root := newMade().changes(t, "root", false)
		b := root.file()
		x, y := root.changes(t, "mok", false).file(), root.changes(t, "els", false).file()
		ours, _ := Case(b, x, y, Ours)
		theirs, _ := Case(b, x, y, Theirs)
		if bytes.Equal(ours, theirs) {
			return
		}
		seen++
		count := len(entriesOf(t, ours))
		for _, base := range [][]byte{x, y, b} {
			for _, keep := range []Side{Ours, Theirs} {
				got, conflicts := Case(base, ours, theirs, keep)
				if conflicts != nil {
					t.Fatalf("not settled by a choice: %v", conflicts)
				}
				if said := entriesOf(t, got); len(said) != count {
					t.Fatalf("%d entries instead of %d\n%s\n%s\n%s", len(said), count, ours, theirs, got)
				}
			}
		}
	})
	if seen == 0 && !testing.Short() { // a short run may see none
		t.Error("no choice made a difference")
	}
}

const (
	head = "format: 1\nid: 2026-0007\n"
	keyA = "key: 7qk2mz5w4tq3rjxn2v6hcd8e9c\n"
	keyB = "key: 3f6w0c8e7r2m9k1t5x4z0abcdc\n"
	rest = "received: 2026-11-20\nsubject: Te laat\ncomplainant:\n  name: Jolanda\n"
	log  = "log:\n  - {at: 2026-11-20, step: received, by: mok, mail: 01-received.eml}\n"
	note = "  - {at: 2026-11-22, step: noted, by: els, text: gebeld}\n"
	ack  = "  - {at: 2026-11-23, step: acknowledged, by: mok, mail: 02-acknowledged.eml}\n"
	ackB = "  - {at: 2026-11-24, step: acknowledged, by: els, mail: 02-acknowledged.b.eml}\n"
	shut = "  - {at: 2026-11-24, step: closed, by: els, outcome: agreed}\n"
	base = head + keyA + rest + log
)

func TestCase(t *testing.T) {
	edit := func(s string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(s) }
	for _, tt := range []struct {
		name, base, ours, theirs string
		keep                     Side
		want                     string // "" if there is a conflict
		field                    string // of the first conflict
	}{
		{"both added", base, base + ack, base + note, Ask, base + note + ack, ""},
		{"both added the same", base, base + ack, base + ack, Ask, base + ack, ""},
		{"the same, written differently", base, base + ack, base + edit(ack, "mok", `"mok"`), Ask, base + edit(ack, "mok", `"mok"`), ""},
		{"began with nothing", "", base + ack, base + note, Ask, base + note + ack, ""},
		{"one side took an entry out", base + note, base, base + note + ack, Ask, base + ack, ""},
		{"taken out and edited", base + note, base, base + edit(note, "gebeld", "gemaild"), Ask, "", "noted"},
		{"taken out and edited, kept out", base + note, base, base + edit(note, "gebeld", "gemaild"), Ours, base, ""},
		{"taken out and edited, kept", base + note, base, base + edit(note, "gebeld", "gemaild"), Theirs, base + edit(note, "gebeld", "gemaild"), ""},
		{"edited differently", base + note, base + edit(note, "gebeld", "a"), base + edit(note, "gebeld", "b"), Ask, "", "noted"},
		{"edited differently, ours", base + note, base + edit(note, "gebeld", "a"), base + edit(note, "gebeld", "b") + ack, Ours, base + edit(note, "gebeld", "a") + ack, ""},
		{"a key each", base, edit(base, "Te laat", "Laat") + ack, edit(base, "name: Jolanda", "name: Jo") + note, Ask, edit(base, "Te laat", "Laat", "name: Jolanda", "name: Jo") + note + ack, ""},
		{"keys of the complainant", base, edit(base, "name: Jolanda\n", "name: Jo\n"), edit(base, "name: Jolanda\n", "name: Jolanda\n  email: jo@voorbeeld.example\n"), Ask,
			edit(base, "name: Jolanda\n", "name: Jo\n  email: jo@voorbeeld.example\n"), ""},
		{"indented differently", base, edit(base, "  name: Jolanda\n", "    name: Jo\n"), edit(base, "name: Jolanda\n", "name: Jolanda\n  email: jo@voorbeeld.example\n"), Ask,
			edit(base, "  name: Jolanda\n", "    name: Jo\n    email: jo@voorbeeld.example\n"), ""},
		{"one key differently", base, edit(base, "Te laat", "Laat"), edit(base, "Te laat", "Later") + note, Ask, "", "subject"},
		{"one key differently, theirs", base, edit(base, "Te laat", "Laat") + ack, edit(base, "Te laat", "Later") + note, Theirs, edit(base, "Te laat", "Later") + note + ack, ""},
		{"comments of both", base, "# a\n" + edit(base, "log:", "# c\nlog:"), "# b\n" + base + note, Ask, "# a\n# b\n" + edit(base, "log:", "# c\nlog:") + note, ""},
		{"a comment beside a change", base, edit(base, "subject: Te laat", "# let op\nsubject: Te laat"), edit(base, "Te laat", "Laat"), Ask, edit(base, "subject: Te laat", "# let op\nsubject: Laat"), ""},
		{"line ends of Windows", base, edit(base, "\n", "\r\n"), base + note, Ask, edit(base+note, "\n", "\r\n"), ""},
		{"steps that cannot stand together", base, base + ack, base + ackB, Ask, "", "acknowledged"},
		{"of such steps ours", base, base + ack, base + ackB, Ours,
			base + ack + "  - at: 2026-11-24\n    step: noted\n    by: els\n    text: 'Opzijgezet toen twee versies bij elkaar kwamen: acknowledged'\n    mail: 02-acknowledged.b.eml\n", ""},
		{"of such steps theirs, in English", edit(base, "log:", "language: en\nlog:"), edit(base, "log:", "language: en\nlog:") + ack, edit(base, "log:", "language: en\nlog:") + ackB, Theirs,
			edit(base, "log:", "language: en\nlog:") + "  - at: 2026-11-23\n    step: noted\n    by: mok\n    text: 'Set aside when two versions came together: acknowledged'\n    mail: 02-acknowledged.eml\n" + ackB, ""},
		{"an entry before what is now the first", base, edit(base, "11-20", "11-23"), base + note, Ask, "", "noted"},
		{"such an entry, ours", base, edit(base, "11-20", "11-23"), base + note, Ours,
			edit(base, "11-20", "11-23") + "  - at: 2026-11-23\n    step: noted\n    by: els\n    text: |-\n      Opzijgezet toen twee versies bij elkaar kwamen: noted\n      gebeld\n", ""},
		{"closed twice, with all that it says", base + ack, base + ack + shut, base + ack + edit(shut, "els", "mok", "outcome: agreed", "outcome: rejected, text: nee, learned: niets, promised: {close: 2026-12-01}"), Ours,
			base + ack + shut + "  - at: 2026-11-24\n    step: noted\n    by: mok\n    text: |-\n      Opzijgezet toen twee versies bij elkaar kwamen: closed, outcome rejected, learned niets, promised close 2026-12-01\n      nee\n", ""},
		{"another number in the file", base, edit(base, "2026-0007", "2026-0008"), base + note, Ask, "", ""},
		{"a key gained", head + rest + log, head + keyA + rest + log + ack, head + rest + log + note, Ask, base + note + ack, ""},
		{"a key lost", base, head + rest + log + ack, base + note, Ask, base + note + ack, ""},
		{"a key gained twice", head + rest + log, head + keyA + rest + log, head + keyB + rest + log + note, Ours, "", "key"},
		{"another key than in the base", base, head + keyB + rest + log, base + note, Ours, "", "key"},
		{"two complaints of one number", "", base, head + keyB + rest + log + note, Theirs, "", "key"},
		{"two complaints without keys", "", head + rest + log, head + rest + edit(log, "mok, mail", "mok, text: a, mail"), Ours, "", "key"},
		{"one complaint without keys", "", head + rest + log + ack, head + rest + log + note, Ask, head + rest + log + note + ack, ""},
		{"a damaged side", base, base + ack + "x", base + note, Ask, "", ""},
		{"a damaged side, the other kept", base, base + ack + "x", base + note, Theirs, base + note, ""},
		{"a damaged side kept", base, base + ack + "x", base + note, Ours, "", ""},
		{"a damaged base", base + "x", base + ack, base + note, Ask, base + note + ack, ""},
		{"in one line each", base, edit(base+ack, "log:\n  - {", "log: [{", "eml}\n  - {", "eml}, {", "acknowledged.eml}\n", "acknowledged.eml}]\n"), base + note, Ask,
			edit(base, "    ", "    ") + note + ack, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, conflicts := File("open/"+testFile, []byte(tt.base), []byte(tt.ours), []byte(tt.theirs), tt.keep)
			switch {
			case string(got) != tt.want:
				t.Errorf("got %v\n%s\nwant\n%s", conflicts, got, tt.want)
			case got == nil && conflicts[0].Field != tt.field:
				t.Errorf("the conflict is about %q", conflicts[0].Field)
			}
			back, others := File("open/"+testFile, []byte(tt.base), []byte(tt.theirs), []byte(tt.ours), (3-tt.keep)%3)
			mirrored(t, got, back, conflicts, others)
		})
	}
}

// TestCaseManyEdits: of a file that is made so, every entry that one side added
// may be an edit of every entry that it took out; it takes a moment, not an hour.
func TestCaseManyEdits(t *testing.T) {
	const n = 2000
	entry := func(who, text string) string {
		return fmt.Sprintf("  - {at: 2026-11-22, step: noted, by: %s, text: %s}\n", who, text)
	}
	got, conflicts := Case([]byte(base+entry("mok", "midden")+strings.Repeat(entry("a", "t"), n)),
		[]byte(base+strings.Repeat(entry("c", "t"), n)+entry("mok", "midden")),
		[]byte(base+strings.Repeat(entry("e", "t"), n)+entry("mok", "midden")), Ask)
	if strings.Count(string(got), "by: c") != n || strings.Count(string(got), "by: e") != n {
		t.Fatal(conflicts)
	}
}

func samples(f testing.TB) (all []string) {
	paths, err := filepath.Glob("../../../cases/*/*.yaml")
	more, _ := filepath.Glob("../../../cases/archive/*/*.yaml")
	if err != nil || len(paths)+len(more) < 10 {
		f.Fatal("no sample register")
	}
	for _, path := range append(paths, more...) {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, string(data))
	}
	return all
}

func FuzzCase(f *testing.F) {
	f.Add(base, base+ack, base+note)
	f.Add(base, base+ack+shut, base+ackB)
	f.Add("", base, strings.Replace(base, "Te laat", "<<<<<<< x", 1))
	f.Add(base, strings.ReplaceAll(base, "\n", "\r\n"), base+"# einde\n")
	f.Add(base, strings.Replace(base, "log:\n  - ", "log: [", 1)+"]\n", base+note+"...\n")
	for _, one := range samples(f) {
		f.Add(one, one+note, one+"  # einde\n"+ack)
	}
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		for _, keep := range []Side{Ask, Ours, Theirs} {
			got, conflicts := Case([]byte(base), []byte(ours), []byte(theirs), keep)
			back, others := Case([]byte(base), []byte(theirs), []byte(ours), (3-keep)%3)
			mirrored(t, got, back, conflicts, others)
			if got == nil || string(got) == ours || string(got) == theirs {
				continue
			}
			read := func(text string) (log []casefile.Entry) {
				f, err := readCase("", []byte(text))
				if err != nil && text != base {
					t.Fatalf("%v\n%s", err, text)
				} else if err == nil {
					log = f.Log
				}
				return log
			}
			has := func(log []casefile.Entry, e casefile.Entry) bool { return slices.ContainsFunc(log, e.Same) }
			merged, sides := read(string(got)), append(read(ours), read(theirs)...)
			for _, e := range merged {
				if !has(sides, e) && e.Step != casefile.Noted {
					t.Fatalf("an entry of nobody: %v\n%s", e, got)
				}
			}
			for _, e := range sides { // what a side added is there
				stands := has(merged, e) || has(read(base), e)
				for language := range setAside {
					stands = stands || has(merged, noteOf(e, language))
				}
				if !stands && keep == Ask {
					t.Fatalf("an entry is lost: %v\n%s", e, got)
				}
			}
		}
	})
}
