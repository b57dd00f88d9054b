package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"klacht/cmd/klacht/guide"
	"klacht/cmd/klacht/words"

	"github.com/charmbracelet/x/ansi"
)

// What the guide shows happens as it says, in both languages. A block of which a line begins with `$ `
// is a session: each such line is typed, and the lines below it are what is shown, where … stands for
// anything. A name before the `$` is a person with a home of their own. With -update the guide is
// written anew where it says something else.
func TestTheGuideTellsWhatHappens(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		files, err := filepath.Glob("guide/" + lang + "/*.md")
		must(err)
		for _, file := range files {
			t.Run(lang+strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
				t.Parallel()
				script, err := os.ReadFile(file)
				must(err)
				played := play(t, lang, string(script))
				if *update && !t.Failed() {
					must(os.WriteFile(file, []byte(played), 0o644))
				}
			})
		}
	}
}

// A chapter is never called as a command is, for that would hide it; and each stands in both languages.
func TestTheGuideHidesNothing(t *testing.T) {
	nl, en := guide.Chapters("nl"), guide.Chapters("en")
	if len(nl) != len(en) {
		t.Fatalf("%d chapters in Dutch, %d in English", len(nl), len(en))
	}
	root := newRoot(&app{Words: words.New("en"), underWay: &underWay{}})
	for i, c := range append(nl, en...) {
		if found, _, err := root.Find([]string{c.Topic}); err == nil && found != root {
			t.Errorf("%s is a command", c.Topic)
		}
		if other, ok := guide.Find("en", c.Topic); !ok || other != en[i%len(nl)] || c.Title == "" {
			t.Errorf("%s is found as %s", c.Topic, other.Topic)
		}
	}
	shown := 0
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Annotations["rare"] == "" {
			shown++
		}
	}
	if shown > 24 {
		t.Errorf("help lists %d commands", shown)
	}
}

// The README plays as the guide does, its first half in Dutch.
func TestTheReadmeTellsWhatHappens(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	must(err)
	nl, en, ok := strings.Cut(string(data), "\n## In English")
	if !ok || len(data) > 8<<10 {
		t.Errorf("%d bytes; it is to be read in one sitting, in two languages", len(data))
	}
	for lang, half := range map[string]string{"nl": nl, "en": en} {
		play(t, lang, half)
	}
}

var prompt = regexp.MustCompile(`^( *)([a-z]*)\$ (.*)`)

// play plays the sessions of a chapter, and returns it as it should be.
func play(t *testing.T, lang, script string) string {
	for _, tool := range []string{"bash", "git"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	s := &stage{T: t, lang: lang, homes: t.TempDir(), in: map[string]string{}}
	var typed []string // the line that was typed last, in its parts
	var shown string
	var played strings.Builder
	ended := func() {
		if typed != nil {
			shown = s.compare(typed[1], typed[3], shown, s.run(typed[2], typed[3]))
		}
		played.WriteString(shown)
		typed, shown = nil, ""
	}
	inside := false
	for line := range strings.Lines(script) {
		next := prompt.FindStringSubmatch(line)
		command, quiet := strings.CutPrefix(line, "<!-- run ")
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			ended()
			inside = !inside
		case inside && next != nil:
			ended()
			typed = next
		case inside && typed != nil:
			shown += line
			continue
		case inside:
		case quiet:
			if out := s.run("", strings.TrimSuffix(command, " -->\n")); strings.Contains(out, "klacht: ") {
				t.Errorf("%s%s", line, out)
			}
		case strings.HasPrefix(line, "<!-- on "):
			s.on = strings.TrimSuffix(strings.TrimPrefix(line, "<!-- on "), " -->\n")
		case strings.HasPrefix(line, "<!--"):
			t.Errorf("not a stage direction: %s", line)
		case ansi.StringWidth(line) > 80 && !strings.ContainsAny(line, "|]"): // tables and links
			t.Errorf("more than 80 columns: %s", line)
		}
		played.WriteString(line)
	}
	return played.String()
}

// stage is where the sessions of a chapter take place.
type stage struct {
	*testing.T
	lang, homes, on string
	in              map[string]string // the folder in which each person is
}

func (s *stage) run(name, command string) string {
	if name == "" {
		name = "mok"
	}
	home := filepath.Join(s.homes, name)
	if s.in[name] == "" {
		must(os.MkdirAll(home, 0o700))
		s.in[name] = home
	}
	where := filepath.Join(s.homes, "where")
	sh := exec.Command("bash", "-c", strings.ReplaceAll(command, "/home/", s.homes+"/")+"\nprintf %s \"$PWD\" >"+where)
	sh.Dir = s.in[name]
	cases, err := filepath.Abs("../../cases")
	must(err)
	mails, err := filepath.Abs("testdata/guide")
	must(err)
	sh.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LANG=" + map[string]string{"nl": "nl_NL.UTF-8", "en": "C"}[s.lang], "TZ=Europe/Amsterdam",
		"TEST_CONFIG=" + home + "/.config/klacht", "TEST_CLOCK=" + s.on[:min(10, len(s.on))], "KLACHT_TODAY=" + s.on, "SAMPLE=" + cases, "MAILS=" + mails,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE=" + s.on, "GIT_COMMITTER_DATE=" + s.on, "GIT_CONFIG_GLOBAL=" + home + "/.gitconfig", "TMPDIR=" + os.TempDir()}
	out, _ := sh.CombinedOutput() // what went wrong is in it
	if dir, err := os.ReadFile(where); err == nil {
		s.in[name] = string(dir)
	}
	return strings.ReplaceAll(string(out), s.homes, "/home")
}

// compare compares what the guide says with what is shown, and returns what it should say.
func (s *stage) compare(indent, asked, said, out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		b.WriteString(indent + strings.TrimRight(line, " \n") + "\n")
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(said), "…", ".*")
	switch got := b.String(); {
	case regexp.MustCompile("^(?s)" + pattern + "$").MatchString(got):
		return said
	case !*update:
		s.Errorf("$ %s\nis said to show\n%s\nand shows\n%s", asked, said, got)
		return said
	default:
		return got
	}
}
