package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
	"klacht/store"
)

// Of the variables of git only those that say who, with which settings and how
// to reach a server go along.
func TestEnvironment(t *testing.T) {
	in := []string{"PATH=/bin", "HOME=/h", "LC_ALL=nl_NL.UTF-8", "LANGUAGE=nl", "LANG=nl_NL.UTF-8",
		"GIT_DIR=/evil", "GIT_WORK_TREE=/evil", "GIT_INDEX_FILE=/evil", "GIT_OBJECT_DIRECTORY=/evil", "GIT_COMMON_DIR=/evil", "GIT_PREFIX=x/",
		"GIT_CONFIG_PARAMETERS='core.hooksPath'='/evil'", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=core.hooksPath", "GIT_CONFIG_VALUE_0=/evil",
		"GIT_LITERAL_PATHSPECS=0", "GIT_GLOB_PATHSPECS=1", "GIT_NAMESPACE=x", "GIT_TRACE=1", "GIT_EXTERNAL_DIFF=evil", "GIT_PAGER=evil", "GIT_EDITOR=evil",
		"GIT_AUTHOR_NAME=Mok", "GIT_AUTHOR_DATE=2026-12-07", "GIT_COMMITTER_EMAIL=a@b.example", "GIT_CONFIG_GLOBAL=/g", "GIT_CONFIG_NOSYSTEM=1", "GIT_SSH_COMMAND=ssh -x"}
	want := []string{"PATH=/bin", "HOME=/h", "LANG=nl_NL.UTF-8",
		"GIT_AUTHOR_NAME=Mok", "GIT_AUTHOR_DATE=2026-12-07", "GIT_COMMITTER_EMAIL=a@b.example", "GIT_CONFIG_GLOBAL=/g", "GIT_CONFIG_NOSYSTEM=1", "GIT_SSH_COMMAND=ssh -x",
		"LC_ALL=C", "GIT_EDITOR=:", "GIT_NO_REPLACE_OBJECTS=1", "GIT_TERMINAL_PROMPT=0"}
	if got := environment(Setup{Environ: in}); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := environment(Setup{Environ: in, Ask: true}); slices.Contains(got, "GIT_TERMINAL_PROMPT=0") {
		t.Error("git may not ask a person who is there")
	}
}

// What the folder of a register consists of, and nothing else, is committed.
func TestMine(t *testing.T) {
	for path, id := range map[string]string{
		"regeling.yaml": "", "purged.yaml": "", ".gitattributes": "", ".gitignore": "", "letters/closing.nl.txt": "",
		"open/2026-0007.yaml": "2026-0007", "open/2026-0007/01-received.eml": "2026-0007", "open/2026-12345/scan.pdf": "2026-12345",
		"archive/2031-12/2026-0007.yaml": "2026-0007", "archive/unlimited/2026-0007/01-received.eml": "2026-0007",
	} {
		if !mine(path) || caseOf(path) != id {
			t.Errorf("%q: %v, case %q", path, mine(path), caseOf(path))
		}
	}
	for _, path := range []string{
		"", "notes.txt", "config.yaml", "README.md", ".gitmodules", ".git/config", ".klacht/index", "outbox/2026-0007-acknowledged.eml",
		"open/notes.yaml", "open/2026-0007.yaml~", "open/.2026-0007.yaml.swp", "open/2026-0007/.tmp-X", "open/2026-0007/a/b", "open/2026-0007/..",
		"open/2026-0007/../x", "open/2026-0007.yaml\n", "open/2026-0007/-x\n", "archive/2026-0007.yaml", "archive/../2026-0007.yaml",
		"letters/aan-jan.txt", "letters/../x.nl.txt", "Open/2026-0007.yaml", "open/2026-0007", "x/open/2026-0007.yaml",
	} {
		if mine(path) {
			t.Errorf("%q counts as part of a register", path)
		}
	}
}

// A message is read back as what was done.
func TestMessages(t *testing.T) {
	many := make([]store.Deed, 1200)
	for i := range many {
		many[i] = store.Deed{Of: fmt.Sprintf("2026-%04d", i+1), What: store.DeedPurged}
	}
	for _, did := range [][]store.Deed{
		{{Of: "2026-0007", What: "acknowledged"}},
		{{Of: "2026-0007", What: "spoken, received"}},
		{{Of: "regeling.yaml", What: EditedByHand}},
		{{Of: "letters", What: EditedByHand}, {Of: "2026-0001", What: EditedByHand}},
		{{Of: "2026-0001", What: "noted"}, {Of: "2026-0001", What: "closed"}},
		many,
	} {
		m := Message(did)
		subject, _, _ := strings.Cut(m, "\n")
		if len(subject) > 72 {
			t.Errorf("a long subject: %s", subject)
		}
		if got := deedsIn(m, ""); !slices.Equal(got, did) {
			t.Errorf("%q is read as %v", m, got)
		}
	}
	if got := deedsIn(Message(many), "2026-0003"); !slices.Equal(got, many[2:3]) {
		t.Errorf("of one case: %v", got)
	}
	for _, foreign := range []string{"Typo", "2026-0007 closed", "Fix: 2026-0007: closed", "x\n\n2026-0007: closed\nother", ""} {
		if got := deedsIn(foreign, ""); len(got) != 1 || got[0].Of != "" {
			t.Errorf("%q is read as %v", foreign, got)
		}
		if got := deedsIn(foreign, "2026-0007"); len(got) != 1 || got[0].Of != "2026-0007" {
			t.Errorf("%q of a case is read as %v", foreign, got)
		}
	}
}

// Of what git says, the line with the reason is told, on one line, without
// advice, and without a password.
func TestSaid(t *testing.T) {
	for said, want := range map[string]string{
		"fatal: Unable to create '/r/.git/index.lock': File exists.\n\nAnother git process seems to be running\nremove the file manually to continue.\n": "Unable to create '/r/.git/index.lock': File exists",
		"hint: try\nerror: first\nerror: failed to push\nhint: more\n":                                                                                   "failed to push",
		"fatal: write error: No space left on device\nfatal: index-pack failed\n":                                                                        "write error: No space left on device",
		"error: gpg failed to sign the data\nfatal: failed to write commit object\n":                                                                     "gpg failed to sign the data",
		"fatal: index-pack failed\n":            "index-pack failed",
		"not today\r\n":                         "not today",
		"warning: x\nhello\nhint: y\n":          "hello",
		"":                                      "",
		"fatal: \x1b[31mrood\x1b[0m \u202eom\n": "\ufffd[31mrood\ufffd[0m \ufffdom",
		"fatal: cannot reach https://mok:geheim@git.voorbeeld.example/r.git: 403\n": "cannot reach https://git.voorbeeld.example/r.git: 403",
	} {
		tl := &tail{}
		for _, b := range []byte(strings.Repeat("noise\n", 5000) + said) {
			_, _ = tl.Write([]byte{b})
		}
		got := tl.line()
		if want == "" {
			want = "noise"
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", said, got, want)
		}
	}
}

// Why there is no history is told apart, and git is not run to find out.
func TestOpenNone(t *testing.T) {
	t.Setenv("PATH", "")
	dir := t.TempDir()
	inner := filepath.Join(dir, "inner")
	for _, d := range []string{filepath.Join(inner, "reg"), filepath.Join(inner, ".git"), filepath.Join(dir, "own", ".git"), filepath.Join(dir, "plain")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		dir, policy string
		want        None
	}{
		{"own", "none", Refused}, {"own", "", NoGit}, {"plain", "", NoRepo}, {"inner/reg", "", OuterRepo}, {"inner/reg", "git", NoGit},
	} {
		_, err := Open(filepath.Join(dir, c.dir), Setup{Policy: c.policy})
		if none := None(""); !errors.As(err, &none) || none != c.want {
			t.Errorf("%s with %q: %v, want %v", c.dir, c.policy, err, c.want)
		}
	}
}

// ExitCode tells a git that said no from one that could not say anything.
func TestExitCode(t *testing.T) {
	r := &Repo{Dir: t.TempDir(), program: os.Args[0], env: []string{"PATH="}}
	err := r.Do(t.Context(), Call{Args: []string{"x"}})
	var known *casefile.Error
	if !errors.As(err, &known) || ExitCode(err) < 1 {
		t.Errorf("%v: exit code %d", err, ExitCode(err))
	}
	if ExitCode(errors.New("x")) != -1 {
		t.Error("an exit code of nothing")
	}
}
