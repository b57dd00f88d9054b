package history

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"klacht/store"
)

const testPolicyText = `format: 1
organisation: {name: Webwerk Oost, handler: Mok Verhagen, email: klachten@webwerkoost.example}
timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
versions:
  - {from: 2025-01-01, acknowledge: 5 workdays, close: 4 weeks, archive: 5 years}
`

const aCase = `format: 1
id: 2026-0007
received: 2026-11-20
subject: Te laat
complainant:
  name: Jolanda de Wit
log:
  - at: 2026-11-20
    step: received
    by: mok
    mail: 01-received.eml
`

// shared is a register with a repository, in which a sync can be cut off.
type shared struct {
	t   *testing.T
	dir string
	reg *store.Register
	k   *Keeper
}

func newShared(t *testing.T) *shared {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not on this machine")
	}
	s := &shared{t: t, dir: t.TempDir()}
	s.write("regeling.yaml", testPolicyText)
	s.write(".gitattributes", Attributes)
	s.write(".gitignore", Ignore)
	s.write("open/2026-0007.yaml", aCase)
	s.write("open/2026-0007/01-received.eml", "een")
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		s.git(args...)
	}
	s.open()
	if _, err := s.k.repo.commitNow("van"); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shared) open() {
	reg, err := store.Open(s.dir, func([]byte) (_, _ []string) { return nil, nil })
	if err != nil {
		s.t.Fatal(err)
	}
	s.reg = reg
	setup := Setup{Name: "Mok", Email: "mok@webwerkoost.example", Environ: append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")}
	s.k = NewKeeper(s.dir, func() Setup { return setup }, func(err error) { s.t.Error(err) })
	s.reg.History = s.k
	if _, err := s.k.Repo(); err != nil {
		s.t.Fatal(err)
	}
}

// commitNow commits what is staged.
func (r *Repo) commitNow(message string) (string, error) {
	env, err := r.identity(context.Background())
	if err != nil {
		return "", err
	}
	if err := r.Do(context.Background(), Call{Args: []string{"commit", "-q", "--allow-empty", "-m", message}, Env: env}); err != nil {
		return "", err
	}
	return r.oid(context.Background(), "HEAD"), nil
}

func (s *shared) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shared) read(name string) string {
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return ""
	}
	return string(data)
}

func (s *shared) git(args ...string) string {
	s.t.Helper()
	c := exec.Command("git", args...)
	c.Dir = s.dir
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestSyncCutOff cuts a sync off after each file that it brings, and before and
// after it moves the branch: the next command completes it; and if a file was
// changed by hand in between it takes it back, so that neither is lost.
func TestSyncCutOff(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		for after := range 6 {
			t.Run(fmt.Sprintf("by hand %v, after %d", byHand, after), func(t *testing.T) { cutOff(t, byHand, after) })
		}
	}
}

func cutOff(t *testing.T, byHand bool, after int) {
	s := newShared(t)
	ctx := context.Background()
	r := s.k.repo
	from := r.oid(ctx, "HEAD")
	file := "open/2026-0007.yaml"
	old := s.read(file)
	next := old + "  - at: 2026-11-22\n    step: replied\n    by: els\n    mail: 02-replied.eml\n"
	s.write(file, next)
	s.write("open/2026-0007/02-replied.eml", "twee")
	s.write("letters/closing.nl.txt", "Onderwerp: x\n\nx\n")
	s.git("add", ".")
	to, err := r.commitNow("naar")
	if err != nil {
		t.Fatal(err)
	}
	s.git("reset", "-q", "--hard", from)

	w, err := s.reg.Lock()
	if err != nil {
		t.Fatal(err)
	}
	differ, err := r.differing(ctx, from, to)
	changes, edited := (&odb{r: r}).changes(ctx, w, differ)
	if err != nil || edited != "" || len(changes) != 3 {
		t.Fatal(changes, edited, err)
	}
	note, _ := json.Marshal(underWay{From: from, To: to})
	if err := w.SetUnderWay(note); err != nil {
		t.Fatal(err)
	}
	if err := w.Bring(changes[:min(after, 3)]); err != nil {
		t.Fatal(err)
	}
	if after >= 4 {
		s.git("update-ref", "HEAD", to)
	}
	if after == 5 {
		s.git("read-tree", to)
	}
	w.Close()
	hand := ""
	if byHand {
		hand = "# met de hand\n" + s.read(file)
		s.write(file, hand)
	}

	s.open() // the next command
	w, err = s.reg.Lock()
	if err != nil {
		t.Fatal(err)
	}
	s.k.Before(w, "")
	w.Close()
	if s.k.err != nil {
		t.Fatal(s.k.err)
	}
	if s.reg.UnderWay() != nil {
		t.Error("it is still under way")
	}
	if got := s.git("status", "--porcelain"); got != "" {
		t.Errorf("not all is committed: %s", got)
	}
	head := r.oid(ctx, "HEAD")
	switch {
	case !byHand && (head != to || s.read(file) != next || s.read("open/2026-0007/02-replied.eml") != "twee"):
		t.Errorf("it was not completed: HEAD is %s\n%s", s.git("log", "--oneline"), s.read(file))
	case byHand && s.read(file) != hand:
		t.Errorf("what was written by hand is lost:\n%s", s.read(file))
	case byHand && after < 4 && s.git("rev-parse", "HEAD^") != from:
		t.Errorf("it was neither completed nor taken back: %s", s.git("log", "--oneline"))
	case byHand && after < 4 && s.read("letters/closing.nl.txt") != "":
		t.Errorf("a part of it stayed: %s", s.git("log", "--oneline", "--stat"))
	}
}

func TestForeign(t *testing.T) {
	sound := snapshot{"regeling.yaml": {"100644", "blob", "1", 1}, "open/2026-0007.yaml": {"100644", "blob", "1", 1},
		"open/2026-0007/01-received.eml": {"100755", "blob", "1", 1}, "archive/2031-12/2026-0001.yaml": {"100644", "blob", "1", 1},
		"archive/unlimited/2026-0002.yaml": {"100644", "blob", "1", 1}, "letters/closing.nl.txt": {"100644", "blob", "1", 1},
		"purged.yaml": {"100644", "blob", "1", 1}, ".gitignore": {"100644", "blob", "1", 1}, "README.md": {"100644", "blob", "1", 1}}
	if err := sound.foreign(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"open/../x", "../x", "/x", ".git/config", ".GIT/config", ".git", ".Git ", "git~1", ".gitmodules", ".klacht/lock",
		"outbox/2026-0007-closed.eml", "open/2026-0007/-x", "-x", "open/2026-0007/a\nb", "a\x1b[2J", "open/2026-0007/b/c", "open/x.yaml", "archive/x/2026-0001.yaml",
		"archive/2031-13/2026-0001.yaml", "open", "OPEN", "con:x", "a\\b", "letters/.x", "letters/a/b", ".tmp-x", "Purged.yaml", "open/2026-0007.YAML", "a\u200db", "\xff"} {
		s := snapshot{name: {"100644", "blob", "1", 1}}
		for n, b := range sound {
			s[n] = b
		}
		if s.foreign() == nil {
			t.Errorf("%q was let in", name)
		}
	}
	for _, b := range []blob{{"120000", "blob", "1", 1}, {"160000", "commit", "1", 0}, {"100664", "blob", "1", 1}, {"100644", "blob", "1", 41 << 20}} {
		if (snapshot{"README.md": b}).foreign() == nil {
			t.Errorf("%v was let in", b)
		}
	}
	for text, want := range map[string]bool{Attributes: true, "*.eml filter=lfs\n": false, "* working-tree-encoding=UTF-16\n": false, "* ident\n": false,
		"* merge=evil\n": false, "[attr]x filter=y\n": false, "": true, "# x\n": true} {
		if plainAttributes([]byte(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// TestRenumberingFile looks at what becomes of a case file whose number changes.
// A few small trees that name one another stand for more files than any memory
// holds.
