//go:build unix

package trial

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// complaint is one of an invented person. Its word stands in subject, name, address
// and texts, and in no other complaint.
type complaint struct {
	word, phone string
	id          string          // the number that was given; "" if that is not known
	old         bool            // it can be purged as soon as it is closed
	known       bool            // it was reported as registered
	gone        bool            // it was reported as erased or purged
	maybe       bool            // it may be gone or not: the whole of it is, or nothing
	knew        map[string]bool // the entries that whoever erased it knew, by their words
	told        bool            // its erasure was sent by a sync that ended well
	by          *clone
	loose       bool // taken away without klacht: it may be there or not, or in the history alone
	asked       bool // klacht asked what is to hold, after it was gone somewhere: both answers are right
	story       []string
}

// entry is one step, with a word that stands once in its file, as who took it.
type entry struct {
	word, step string
	of         *complaint
	at         *clone
	state      state
}

type state int

const (
	tried state = iota // it may be there, at most once
	hand               // written by hand, and not in the history yet
	done               // it was reported: it must be there once
	freed              // it was done, and something legitimate may have taken it away
)

func (s state) String() string { return [...]string{"tried", "by hand", "done", "freed"}[s] }

var (
	caseName   = regexp.MustCompile(`^\d{4}-[A-Za-z]*\d+\.yaml$`)
	caseID     = regexp.MustCompile(`\b\d{4}-[A-Z]*\d{3,}\b`)
	subjectOf  = regexp.MustCompile(`(?m)^subject: .*(zaak\d{5}q)`)
	receivedOn = regexp.MustCompile(`(?m)^received: (\S+)`)
	anyWord    = regexp.MustCompile(`zaak\d{5}q|\b069\d{7}\b`)
	anyMark    = regexp.MustCompile(`(?m)^\s+by: (mrk\d{5}q)\s*$`)
	stepLine   = regexp.MustCompile(`(?m)^(?:  - |\s+)step: ([a-z-]+)`)
)

func (w *world) newComplaint(old bool, c *clone) *complaint {
	w.n++
	m := &complaint{word: fmt.Sprintf("zaak%05dq", w.n), phone: fmt.Sprintf("069%07d", w.n), old: old, by: c}
	w.complaints = append(w.complaints, m)
	return m
}

func (w *world) newEntry(of *complaint, step string, at *clone) *entry {
	w.n++
	e := &entry{word: fmt.Sprintf("mrk%05dq", w.n), step: step, of: of, at: at}
	w.entries = append(w.entries, e)
	return e
}

// tell adds to the story of a complaint, which is shown with what is found of it.
func (w *world) tell(m *complaint, format string, args ...any) {
	m.story = append(m.story, fmt.Sprintf("%d ", w.op)+fmt.Sprintf(format, args...))
}

// tale returns the last of the story.
func (m *complaint) tale() string { return strings.Join(m.story[max(0, len(m.story)-8):], "\n  ") }

func (w *world) complaint(word string) *complaint {
	for _, m := range w.complaints {
		if m.word == word || m.phone == word {
			return m
		}
	}
	return nil
}

// caseFile is a case as it stands in a clone.
type caseFile struct{ id, path, word, text string }

// cases returns the cases in the folder of a clone.
func cases(dir string) (list []caseFile) {
	for _, top := range []string{"open", "archive"} {
		_ = filepath.WalkDir(filepath.Join(dir, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !caseName.MatchString(d.Name()) {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			f := caseFile{id: strings.TrimSuffix(d.Name(), ".yaml"), path: path, text: string(data)}
			if m := subjectOf.FindStringSubmatch(f.text); m != nil {
				f.word = m[1]
			}
			list = append(list, f)
			return nil
		})
	}
	return list
}

func find(list []caseFile, word string) *caseFile {
	for i := range list {
		if list[i].word == word {
			return &list[i]
		}
	}
	return nil
}

// marks counts the entries in cases, by their words.
func marks(list []caseFile) map[string]int {
	n := map[string]int{}
	for _, f := range list {
		for _, m := range anyMark.FindAllStringSubmatch(f.text, -1) {
			n[m[1]]++
		}
	}
	return n
}

// shared returns the cases of the bare repository.
func (w *world) shared() (list []caseFile) {
	c := &clone{name: "bare", dir: w.bare, home: w.clones[0].home}
	var ask strings.Builder
	for path := range strings.Lines(w.quiet(c, "", "git", "ls-tree", "-r", "--name-only", "main", "open", "archive")) {
		if caseName.MatchString(filepath.Base(strings.TrimSpace(path))) {
			ask.WriteString("main:" + path)
		}
	}
	paths := strings.Split(ask.String(), "\n")
	i := 0
	for _, data := range objects(w.quiet(c, ask.String(), "git", "cat-file", "--batch")) {
		f := caseFile{id: strings.TrimSuffix(filepath.Base(paths[i]), ".yaml"), path: paths[i], text: data.text}
		if m := subjectOf.FindStringSubmatch(f.text); m != nil {
			f.word = m[1]
		}
		list, i = append(list, f), i+1
	}
	return list
}

// object is one of git's.
type object struct{ name, kind, text string }

// objects parts what `git cat-file --batch` prints.
func objects(out string) (list []object) {
	for out != "" {
		head, rest, ok := strings.Cut(out, "\n")
		words := strings.Fields(head)
		if !ok || len(words) != 3 {
			break
		}
		size, err := strconv.Atoi(words[2])
		if err != nil || size >= len(rest) {
			break
		}
		list = append(list, object{words[0], words[1], rest[:size]})
		out = rest[size+1:]
	}
	return list
}

// needed reports whether a case is on hold or lies with a body.
func (f *caseFile) needed() bool {
	hold, body := false, false
	for _, m := range stepLine.FindAllStringSubmatch(f.text, -1) {
		switch m[1] {
		case "held":
			hold = true
		case "released":
			hold = false
		case "referred", "admitted":
			body = true
		case "declined":
			body = false
		}
	}
	return hold || body
}

// free lets go of what only one clone had, now that the clone is put back or thrown
// away: entries that are nowhere else need not be there any more.
func (w *world) free(c *clone, left ...string) {
	list := w.shared()
	have, words := marks(list), map[string]bool{}
	for _, f := range list {
		words[f.word] = true
	}
	for _, dir := range left {
		list := cases(dir)
		for m := range marks(list) {
			have[m]++
		}
		for _, f := range list {
			words[f.word] = true
		}
	}
	for _, e := range w.entries {
		if e.at == c && (e.state == done || e.state == hand) && have[e.word] == 0 {
			e.state = freed
		}
	}
	for _, m := range w.complaints {
		switch {
		case m.by != c:
		case m.gone && !m.told:
			m.gone, m.maybe, m.loose = false, true, true // with it went all that was known of the erasure
			w.tell(m, "%s, which erased it, is put back", c.name)
		case !m.gone && !words[m.word]:
			m.loose = true
			w.tell(m, "%s, which alone had it, is put back", c.name)
		}
	}
}
