package history

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"

	"pgregory.net/rapid"
)

const testPolicyText = `format: 1
organisation: {name: Webwerk Oost, handler: Mok Verhagen, email: klachten@webwerkoost.example}
timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
versions:
  - {from: 2025-01-01, acknowledge: 5 workdays, close: 4 weeks, archive: 5 years}
`

var testPolicy = func() *deadlines.Policy {
	p, err := store.ParsePolicy([]byte(testPolicyText))
	if err != nil {
		panic(err)
	}
	return p
}()

const testID = casefile.ID("2026-0007")

// made is a case that a test changes as people do.
type made struct {
	head  []string // the keys above the log, with their comments
	log   []casefile.Entry
	note  map[int]string // comments above entries
	mails map[string]string
}

func newMade() *made {
	return &made{
		head: []string{"# eerste\nformat: 1\n", "id: 2026-0007\n", "received: 2026-11-20\n", "subject: Te laat\n",
			"complainant:\n  name: Jolanda\n", "language: nl\n", "complaint: |\n  Beste Mok,\n\n  # geen opmerking\n"},
		log:   []casefile.Entry{{At: moment("2026-11-20T16:40:11+01:00"), Step: casefile.Received, By: "mok", Mail: "01-received.eml"}},
		note:  map[int]string{},
		mails: map[string]string{"01-received.eml": "k1"},
	}
}

func moment(s string) casefile.Moment {
	m, err := casefile.ParseMoment(s, testPolicy.Zone)
	if err != nil {
		panic(err)
	}
	return m
}

func (m *made) clone() *made {
	return &made{slices.Clone(m.head), slices.Clone(m.log), maps.Clone(m.note), maps.Clone(m.mails)}
}

func (m *made) copy() *Copy {
	var b strings.Builder
	for _, h := range m.head {
		b.WriteString(h)
	}
	b.WriteString("log:\n")
	for n, e := range m.log {
		b.WriteString(m.note[n])
		data, err := store.EncodeEntry(e)
		if err != nil {
			panic(err)
		}
		b.WriteString(shift(string(data), 2))
	}
	return &Copy{Data: []byte(b.String()), Mails: maps.Clone(m.mails)}
}

func (m *made) valid() bool {
	_, err := store.ParseFile("2026-0007.yaml", m.copy().Data, testPolicy)
	return err == nil
}

// change does what a person does to a case; the words tell one change from another.
func (m *made) change(t *rapid.T, who string, byHand bool) {
	word := rapid.StringMatching(`[a-z]{3}`).Draw(t, "word")
	day := rapid.IntRange(21, 26).Draw(t, "day")
	at := casefile.Moment{Date: casefile.Date{Year: 2026, Month: 11, Day: day}}
	if rapid.Bool().Draw(t, "timed") {
		at = casefile.MomentOf(time.Date(2026, 11, day, rapid.IntRange(8, 10).Draw(t, "hour"), 0, 0, 0, testPolicy.Zone), testPolicy.Zone)
	}
	kinds := 5
	if byHand {
		kinds = 8
	}
	now := m.clone()
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0, 1: // a note
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Noted, By: who, Text: "Gebeld door " + who + ": " + word + "\n# geen opmerking\n- geen stap"})
	case 2, 3: // a mail
		last := 0
		for name := range now.mails {
			last = max(last, number(name))
		}
		step := rapid.SampledFrom([]casefile.Step{casefile.Replied, casefile.Asked, casefile.Proposed, casefile.Acknowledged}).Draw(t, "step")
		name := fmt.Sprintf("%02d-%s.eml", last+1, step)
		now.mails[name] = who + word
		now.log = append(now.log, casefile.Entry{At: at, Step: step, By: who, Mail: name})
	case 4: // a letter that came back
		if n := len(now.log) - 1; now.log[n].Mail != "" && now.log[n].Step.Letter() {
			name := fmt.Sprintf("%02d-undelivered.eml", number(now.log[n].Mail)+20)
			if now.mails[name] == "" {
				now.mails[name] = who + "back" + word
				now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Undelivered, By: who, Letter: now.log[n].Mail, Mail: name})
				break
			}
		}
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Closed, By: who, Outcome: casefile.Agreed, Text: word})
	case 5:
		now.log = append(now.log, casefile.Entry{At: at, Step: casefile.Reopened, By: who, Reason: word})
	case 6: // by hand: a key
		n := rapid.IntRange(3, 5).Draw(t, "key")
		now.head[n] = []string{"subject: " + word + "\n", "complainant:\n  name: Jolanda\n  email: " + word + "@voorbeeld.example\n", "language: en\n"}[n-3]
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
	}
	if now.valid() {
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

// told returns what a copy says, entry by entry, whatever its mails are called.
func toldOf(t rapid.TB, c *Copy) (entries []string) {
	f, err := store.ParseFile("2026-0007.yaml", c.Data, testPolicy)
	if err != nil {
		t.Fatalf("not a valid case: %v\n%s", err, c.Data)
	}
	for _, e := range f.Log {
		if e.Mail != "" {
			if c.Mails[e.Mail] == "" {
				t.Fatalf("the mail %s is not there: %v\n%s", e.Mail, c.Mails, c.Data)
			}
			e.Mail = c.Mails[e.Mail]
		}
		if e.Letter != "" {
			e.Letter = c.Mails[e.Letter]
		}
		entries = append(entries, fmt.Sprint(e.At, e.Step, e.By, e.Mail, e.Letter, e.Outcome, e.Reason, strings.TrimSpace(e.Text)))
	}
	return entries
}

func TestMergeKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byHand := rapid.Bool().Draw(t, "by hand")
		root := newMade().changes(t, "root", false)
		ours, theirs := root.changes(t, "mok", byHand), root.changes(t, "els", byHand)
		b, o, th := root.copy(), ours.copy(), theirs.copy()
		got, conflicts := MergeCase(testID, b, o, th, testPolicy, NoChoice)
		back, mirrored := MergeCase(testID, b, th, o, testPolicy, NoChoice)
		if len(conflicts) != len(mirrored) || (got == nil) != (back == nil) || (got == nil) == (conflicts == nil) {
			t.Fatalf("not the same from both sides: %v, %v", conflicts, mirrored)
		}
		for n, c := range conflicts {
			if m := mirrored[n]; c.Field != m.Field || c.Here != m.There || c.There != m.Here || c.ID != testID {
				t.Fatalf("not the same from both sides: %v, %v", conflicts, mirrored)
			}
		}
		if got != nil {
			if !sameCopy(got, back) {
				t.Fatalf("not the same from both sides:\n%s%v\n%s%v", got.Data, got.Mails, back.Data, back.Mails)
			}
			again, more := MergeCase(testID, b, got, o, testPolicy, NoChoice)
			if more != nil || !sameCopy(again, got) {
				t.Fatalf("merging once more changes it: %v\n%s\n%v", more, got.Data, again)
			}
			said := toldOf(t, got)
			if !byHand {
				for _, side := range []*Copy{o, th} {
					for _, e := range toldOf(t, side) {
						if !slices.Contains(said, e) {
							t.Fatalf("an entry is lost: %s\n%s", e, got.Data)
						}
					}
				}
				if want := len(toldOf(t, o)) + len(toldOf(t, th)) - len(toldOf(t, b)); len(said) > want {
					t.Fatalf("%d entries instead of %d\n%s", len(said), want, got.Data)
				}
			}
			for _, side := range []*Copy{o, th} {
				for name, key := range side.Mails {
					if !slices.Contains(slices.Collect(maps.Values(got.Mails)), key) && !byHand {
						t.Fatalf("the mail %s is lost", name)
					}
				}
			}
		}
		for _, choice := range []Choice{Mine, Theirs} { // a choice always settles it, and drops nothing that was added
			got, conflicts := MergeCase(testID, b, o, th, testPolicy, func(Conflict) Choice { return choice })
			if conflicts != nil {
				t.Fatalf("not settled by a choice: %v", conflicts)
			}
			text := strings.Join(toldOf(t, got), "\n")
			for _, side := range []*made{ours, theirs} {
				if byHand {
					continue
				}
				for _, e := range side.log[len(root.log):] {
					if !strings.Contains(text, strings.TrimSpace(e.Text)) || !strings.Contains(text, e.Reason) || e.Mail != "" && !strings.Contains(text, side.mails[e.Mail]) {
						t.Fatalf("an entry is lost: %v\n%s", e, got.Data)
					}
				}
			}
		}
	})
}

func TestMergeConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := newMade().changes(t, "root", false)
		b := root.copy()
		x, y, z := root.changes(t, "mok", false).copy(), root.changes(t, "els", false).copy(), root.changes(t, "jan", false).copy()
		merge := func(a, b2 *Copy) *Copy {
			if a == nil || b2 == nil {
				return nil
			}
			c, _ := MergeCase(testID, b, a, b2, testPolicy, NoChoice)
			return c
		}
		left, right := merge(merge(x, y), z), merge(x, merge(y, z))
		if left == nil || right == nil {
			return
		}
		a, c := toldOf(t, left), toldOf(t, right)
		slices.Sort(a)
		slices.Sort(c)
		if !slices.Equal(a, c) {
			t.Fatalf("not the same:\n%s\n%s", left.Data, right.Data)
		}
		if got := merge(left, right); got != nil { // what two machines made of the same three comes together
			d := toldOf(t, got)
			slices.Sort(d)
			if !slices.Equal(a, d) {
				t.Fatalf("not the same:\n%s\n%s\n%s", left.Data, right.Data, got.Data)
			}
		}
	})
}

// Two people who settle the same difference at the same time can choose
// differently: what they have then comes together with each step there once.
func TestMergeOfOpposedChoices(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		root := newMade().changes(t, "root", false)
		b := root.copy()
		x, y := root.changes(t, "mok", false).copy(), root.changes(t, "els", false).copy()
		mine, _ := MergeCase(testID, b, x, y, testPolicy, func(Conflict) Choice { return Mine })
		theirs, _ := MergeCase(testID, b, x, y, testPolicy, func(Conflict) Choice { return Theirs })
		if sameCopy(mine, theirs) {
			return
		}
		seen++
		count := len(toldOf(t, mine))
		for _, base := range []*Copy{x, y, b} {
			for _, choice := range []Choice{Mine, Theirs} {
				got, conflicts := MergeCase(testID, base, mine, theirs, testPolicy, func(Conflict) Choice { return choice })
				if conflicts != nil {
					t.Fatalf("not settled by a choice: %v", conflicts)
				}
				if said := toldOf(t, got); len(said) != count {
					t.Fatalf("%d entries instead of %d\n%s\n%s\n%s", len(said), count, mine.Data, theirs.Data, got.Data)
				}
			}
		}
	})
	if seen == 0 {
		t.Error("no choice made a difference")
	}
}

// TestMergeManyEdits: of a file that is made so, every entry that one side added
// may be an edit of every entry that it removed; it takes a moment, not an hour.
func TestMergeManyEdits(t *testing.T) {
	const n = 6000
	entry := func(who, text string) string {
		return fmt.Sprintf("  - {at: 2026-11-22, step: noted, by: %s, text: %s}\n", who, text)
	}
	file := func(log string) *Copy {
		c := newMade().copy()
		return &Copy{append(slices.Clone(c.Data), log...), c.Mails}
	}
	base := file(entry("mok", "midden") + strings.Repeat(entry("a", "t"), n))
	ours := file(strings.Repeat(entry("c", "t"), n) + entry("mok", "midden"))
	theirs := file(strings.Repeat(entry("e", "t"), n) + entry("mok", "midden"))
	got, conflicts := MergeCase(testID, base, ours, theirs, testPolicy, NoChoice)
	if got == nil || strings.Count(string(got.Data), "by: c") != n || strings.Count(string(got.Data), "by: e") != n {
		t.Fatal(conflicts)
	}
}

func FuzzMerge(f *testing.F) {
	m := newMade()
	one := string(m.copy().Data)
	f.Add(one, one+"  - {at: 2026-11-22, step: noted, by: mok, text: a}\n", one+"  - at: 2026-11-23\n    step: replied\n    by: m\n    mail: \"02-replied.eml\"\n")
	f.Add("", one, strings.Replace(one, "Te laat", "<<<<<<< x", 1))
	f.Add(one, strings.ReplaceAll(one, "\n", "\r\n"), one+"# einde\n")
	f.Add(one, strings.Replace(one, "log:\n", "log: ", 1), one+"...\n")
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		mails := func(k string) map[string]string {
			return map[string]string{"01-received.eml": "k1", "02-replied.eml": k}
		}
		b := &Copy{[]byte(base), mails("b")}
		if base == "" {
			b = nil
		}
		o, th := &Copy{[]byte(ours), mails("o")}, &Copy{[]byte(theirs), mails("t")}
		for _, choice := range []Choice{Undecided, Mine, Theirs} {
			got, conflicts := MergeCase(testID, b, o, th, testPolicy, func(Conflict) Choice { return choice })
			if (got == nil) == (conflicts == nil) {
				t.Fatal("neither a result nor a conflict, or both")
			}
			if got == nil || sameCopy(got, o) || sameCopy(got, th) {
				continue
			}
			if _, err := store.ParseFile("2026-0007.yaml", got.Data, testPolicy); err != nil {
				t.Fatalf("%v\n%s", err, got.Data)
			}
			back, _ := MergeCase(testID, b, th, o, testPolicy, func(Conflict) Choice { return 3 - choice })
			if choice == Undecided && !bytes.Equal(got.Data, back.Data) {
				t.Fatalf("not the same from both sides:\n%s\n%s", got.Data, back.Data)
			}
		}
	})
}
