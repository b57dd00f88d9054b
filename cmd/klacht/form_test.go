//go:build unix

package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// terminal is a command that runs on a terminal, with a person before it.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File

	mu   sync.Mutex
	text string        // all that was shown, without escapes
	seen int           // how much of it was waited for
	code int           // the exit code, once it has ended
	more chan struct{} // there is more
	end  chan struct{} // the command has ended and all that it showed is here
}

// patience is how long a person waits for what must come. The tests do not wait
// longer than needed.
const patience = 20 * time.Second

func (s *site) terminal(args ...string) *terminal {
	s.t.Helper()
	c := s.command(args...)
	c.Env = append(s.env[:len(s.env):len(s.env)], "TERM=xterm-256color", "COLUMNS=100")
	f, tty, err := pty.Open()
	if err != nil {
		s.t.Skip("there are no terminals here:", err)
	}
	must(pty.Setsize(f, &pty.Winsize{Rows: 60, Cols: 100}))
	c.Stdin, c.Stdout, c.Stderr = tty, tty, tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	must(c.Start())
	x := &terminal{t: s.t.(*testing.T), cmd: c, file: f, more: make(chan struct{}, 1), end: make(chan struct{})}
	s.t.Cleanup(func() { _ = c.Process.Kill(); <-x.end; _ = f.Close(); _ = tty.Close() })
	go x.watch()
	go func() {
		_ = c.Wait()
		x.mu.Lock()
		x.code = c.ProcessState.ExitCode()
		x.mu.Unlock()
		_, _ = tty.WriteString(over)
	}()
	return x
}

// over is written after the last of a command: whoever reads a terminal until
// nobody has it open may miss what was written last.
const over = "\x00"

func (x *terminal) watch() {
	defer close(x.end)
	var raw strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := x.file.Read(buf)
		raw.Write(buf[:n])
		if strings.Contains(string(buf[:n]), whereAmI) { // as every terminal does; the form waits seconds for it
			_, _ = x.file.WriteString("\x1b[1;1R")
		}
		x.mu.Lock()
		x.text = ansi.Strip(raw.String())
		x.mu.Unlock()
		select {
		case x.more <- struct{}{}:
		default:
		}
		if err != nil || strings.HasSuffix(raw.String(), over) {
			return
		}
	}
}

// shows waits until a text is shown that was not yet there when it was last
// waited for one.
func (x *terminal) shows(text string) {
	x.t.Helper()
	limit := time.After(patience)
	for {
		x.mu.Lock()
		i := strings.Index(x.text[x.seen:], text)
		if i >= 0 {
			x.seen += i + len(text)
		}
		x.mu.Unlock()
		if i >= 0 {
			return
		}
		select {
		case <-x.more:
			continue
		case <-x.end:
			select {
			case <-x.more: // the last of it
				continue
			default:
			}
		case <-limit:
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		x.t.Fatalf("%v: waited in vain for %q; since then:\n%s\nall:\n%s", x.cmd.Args, text, x.text[x.seen:], x.text)
	}
}

// asks waits until the form is at the question; what is typed before that goes
// into the answer to the one before.
func (x *terminal) asks(question string) {
	x.t.Helper()
	x.shows("┃ " + question)
}

// types sends keys; the keys that have no letter are given below.
func (x *terminal) types(keys ...string) {
	x.t.Helper()
	for _, k := range keys {
		if _, err := x.file.WriteString(k); err != nil {
			x.t.Fatal(err)
		}
	}
}

const (
	whereAmI = "\x1b[6n" // asked by the form's library when it looks for the colours of the terminal

	enter = "\r"
	wipe  = "\x15" // ctrl+u
	left  = "\x1b[D"
	down  = "\x1b[B"
	ctrlC = "\x03"
)

// ends waits for the end of the command and returns all that was shown.
func (x *terminal) ends(code int) string {
	x.t.Helper()
	select {
	case <-x.end:
	case <-time.After(patience):
		x.t.Fatalf("%v does not end", x.cmd.Args)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.code != code {
		x.t.Fatalf("%v: exit %d, want %d\n%s", x.cmd.Args, x.code, code, x.text)
	}
	return x.text
}

// spoken are the words of the forms, in one language.
type spoken struct {
	lang                                           string
	when, late, who, mail, wrong, phone, what, own string
	confirm, dates, done, given                    string
	outcome, learned, closed, remove, removed      string
}

var spokens = []spoken{
	{
		lang: "en", when: "When did it arrive?", late: "2026-12-24 is still to come", who: "Who complains?",
		mail: "E-mail address", wrong: `"jolanda@" is not an e-mail address`, phone: "Phone number", what: "What is it about", own: "In the person's own words",
		confirm: "Register this complaint?", dates: "Fri 27 Nov 2026", done: "2026-0001 registered", given: "given up; nothing was changed",
		outcome: "How did it end?", learned: "What did you learn from it?", closed: "closed", remove: "Remove 1 complaint", removed: "removed",
	},
	{
		lang: "nl", when: "Wanneer kwam de klacht binnen?", late: "2026-12-24 moet nog komen", who: "Wie klaagt er?",
		mail: "E-mailadres", wrong: `"jolanda@" is geen e-mailadres`, phone: "Telefoonnummer", what: "Waar gaat het over", own: "In de woorden van de klager",
		confirm: "Deze klacht registreren?", dates: "vr 27 nov 2026", done: "2026-0001 geregistreerd", given: "afgebroken; er is niets gewijzigd",
		outcome: "Hoe is het afgelopen?", learned: "Wat heb je ervan geleerd?", closed: "gesloten", remove: "1 klacht", removed: "gewist",
	},
}

// englishOnly are words of the forms and of the library behind them that no
// Dutch text has.
var englishOnly = regexp.MustCompile(`(?i)\b(next|back|submit|done|enter a|new line|open editor|editor$|toggle|choose|select|filter|confirm|yes|no|up|down|left|right|cancel|error|required|quit|help|change|remove|keep|register$)\b`)

func inBoth(t *testing.T, do func(t *testing.T, s *site, w spoken)) {
	for _, w := range spokens {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.env = append(s.env, "LANG="+map[string]string{"en": "en_GB.UTF-8", "nl": "nl_NL.UTF-8"}[w.lang])
			do(t, s, w)
		})
	}
}

func (w spoken) check(t *testing.T, text string) {
	t.Helper()
	if w.lang == "nl" {
		if words := englishOnly.FindAllString(text, -1); words != nil {
			t.Errorf("English in Dutch: %q\n%s", words, text)
		}
	}
}

// On a terminal `klacht new` asks, refuses what cannot be, shows the dates, and
// saves.
func TestNewAsksOnATerminal(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		x := s.terminal("new")
		x.asks(w.when)
		x.shows("2026-12-07") // today, unless told otherwise
		x.types(wipe, "2026-12-24", enter)
		x.shows(w.late)
		x.types(wipe, "gisteren", enter)
		x.shows(`"gisteren"`)
		x.types(wipe, "2026-11-22", enter)
		x.asks(w.who)
		x.types("Jolanda de Wit", enter)
		x.asks(w.mail)
		x.types("jolanda@", enter)
		x.shows(w.wrong)
		x.types("voorbeeld.example", enter)
		x.asks(w.phone)
		x.types("06-12345678", enter)
		x.asks(w.what)
		x.types("Website te laat", enter)
		x.asks(w.own)
		x.types("Drie weken te laat.", enter)
		x.shows(w.confirm)
		x.shows(w.dates)
		if n := len(s.cases()); n > 0 {
			t.Errorf("%d cases before the question was answered", n)
		}
		x.types(enter)
		x.shows(w.done)
		w.check(t, x.ends(0))
		files := s.cases()
		if len(files) != 1 {
			t.Fatalf("%d cases", len(files))
		}
		f := files[0]
		if f.Received.String() != "2026-11-22" || f.Complainant.Name != "Jolanda de Wit" || f.Complainant.Email != "jolanda@voorbeeld.example" ||
			f.Complainant.Phone != "06-12345678" || f.Subject != "Website te laat" || strings.TrimSpace(f.Complaint) != "Drie weken te laat." {
			t.Errorf("saved:\n%s", f.Data)
		}
	})
}

// Ctrl-C, or the other answer to the last question, saves nothing and says so.
func TestFormGivenUp(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		x := s.terminal("new")
		x.asks(w.when)
		x.types(enter)
		x.asks(w.who)
		x.types("Jolanda", enter)
		x.asks(w.mail)
		x.types(ctrlC)
		x.shows(w.given)
		w.check(t, x.ends(1))

		x = s.terminal("new", "--received", "2026-11-22", "--name", "Jolanda de Wit", "--email", "j@voorbeeld.example", "--subject", "Iets")
		x.asks(w.phone)
		x.types(enter)
		x.asks(w.own)
		x.types("Tekst", enter)
		x.shows(w.confirm)
		x.shows(w.dates)
		x.types(left, enter)
		x.shows(w.given)
		w.check(t, x.ends(1))
		if n := len(s.cases()); n > 0 {
			t.Errorf("%d cases", n)
		}
	})
}

// A step asks for what it cannot do without.
func TestCloseAsksForTheOutcome(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		s.must("new", "--received", "2026-11-22", "--name", "Jolanda de Wit", "--subject", "Iets", "--text", "Tekst")
		x := s.terminal("close", "1", "--no-letter")
		x.asks(w.outcome)
		x.types(ctrlC)
		x.shows(w.given)
		w.check(t, x.ends(1))
		if f := s.cases()[0]; f.State.Closed {
			t.Errorf("closed:\n%s", f.Data)
		}

		x = s.terminal("close", "1", "--no-letter")
		x.asks(w.outcome)
		x.types(down, enter)
		x.asks(w.learned)
		x.types(enter)
		x.shows(w.closed)
		w.check(t, x.ends(0))
		if f := s.cases()[0]; f.Log[len(f.Log)-1].Outcome != "upheld" {
			t.Errorf("the second outcome was chosen:\n%s", f.Data)
		}
	})
}

// On a terminal a purge lists what goes and asks; no, or Ctrl-C, removes
// nothing.
func TestPurgeAsksOnATerminal(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site, w spoken) {
		s.must("new", "--received", "2020-05-04", "--name", "Jolanda de Wit", "--subject", "Iets", "--text", "Tekst")
		s.must("close", "2020-0001", "--outcome", "agreed", "--on", "2020-06-01")
		for _, key := range []string{enter, ctrlC} { // to keep is what is chosen at first
			x := s.terminal("purge")
			x.shows("2020-0001")
			x.shows(w.remove)
			x.types(key)
			x.shows(w.given)
			w.check(t, x.ends(1))
			if n := len(s.cases()); n != 1 {
				t.Fatalf("%d cases", n)
			}
		}
		x := s.terminal("purge")
		x.shows("2020-0001")
		x.shows(w.remove)
		x.types(left, enter)
		x.shows(w.removed)
		text := x.ends(0)
		w.check(t, text)
		if strings.Contains(text, "Jolanda") || len(s.cases()) > 0 || len(s.purged()) != 1 {
			t.Errorf("purged %v:\n%s", s.purged(), text)
		}
	})
}
