//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// writing are the words of writing a letter, in one language.
type writing struct {
	spoken
	gap, ask, done, drafted, dropped, editor, subject string
}

var writings = []writing{
	{spoken: spokens[0], gap: "the letter still has a place for your own words", ask: "What shall happen with this letter?", done: "2026-0001: proposal made",
		drafted: "the letter waits in", dropped: "given up; nothing was changed", editor: "did not finish", subject: "the letter has lost its subject"},
	{spoken: spokens[1], gap: "in de brief moeten je eigen woorden nog komen", ask: "Wat moet er met deze brief gebeuren?", done: "2026-0001: voorstel gedaan",
		drafted: "de brief wacht in", dropped: "afgebroken; er is niets gewijzigd", editor: "maakte het niet af", subject: "de brief is zijn onderwerp kwijt"},
}

// desk is a register with a complaint, an editor that does what stands in a
// file, a line for each time that it is opened, and a command that takes mail.
type desk struct {
	*site
	home string
}

const deskEditor = `#!/bin/sh
do=$(head -n 1 "$HOME/do"); sed -i 1d "$HOME/do"
cat "$1" >>"$HOME/seen"
case $do in
fill) sed -i 's/^\[….*…\]$/Een derde terug./' "$1" ;;
date) sed -i 's/15 januari/22 januari/' "$1" ;;
back) sed -i 's/22 januari/15 januari/' "$1" ;;
turn) sed -i '/^Commissie van/d' "$1" ;;
add) printf '\nTot gauw.\n' >>"$1" ;;
head) sed -i 1d "$1" ;;
mend) sed -i '1i Subject: Onderwerp' "$1" ;;
fail) exit 3 ;;
sleep) echo at work; exec sleep 20 ;;
esac
`

func newDesk(t *testing.T, w writing) *desk {
	t.Helper()
	s := newSite(t)
	d := &desk{s, filepath.Dir(s.dir)}
	s.env = append(s.env, "KLACHT_TODAY=2026-12-07T09:30", "VISUAL="+d.home+"/editor", "LANG="+map[string]string{"en": "en_GB.UTF-8", "nl": "nl_NL.UTF-8"}[w.lang])
	d.write("editor", deskEditor)
	d.write("mailer", "#!/bin/sh\ncat >\"$HOME/left\"\n")
	d.write("config/config.yaml", "send: sendmail\nsendmail: "+d.home+"/mailer\n")
	d.must("new", "--received", "2026-11-30", "--name", "Jolanda de Wit", "--email", "jolanda@voorbeeld.example", "--subject", "Iets", "--text", "Tekst")
	return d
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	for _, err := range []error{os.MkdirAll(filepath.Dir(filepath.Join(d.home, name)), 0o700), os.WriteFile(filepath.Join(d.home, name), []byte(text), 0o700)} {
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// opens says what the editor does each time that it is opened, and starts to
// write a proposal.
func (d *desk) opens(do ...string) *terminal {
	d.t.Helper()
	return d.writes([]string{"propose", "1"}, do...)
}

func (d *desk) writes(command []string, do ...string) *terminal {
	d.t.Helper()
	d.write("do", strings.Join(do, "\n")+"\n")
	d.write("seen", "")
	return d.terminal(command...)
}

// read returns a file; "" if it is not there.
func (d *desk) read(name string) string {
	data, _ := os.ReadFile(filepath.Join(d.home, name))
	return string(data)
}

// files returns the names of all files but those of the test's own programs.
func (d *desk) files() []string {
	d.t.Helper()
	var names []string
	err := filepath.WalkDir(d.home, func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(d.home, path)
		if err == nil && !e.IsDir() && !slices.Contains([]string{"do", "seen"}, name) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return names
}

// nothing fails if a step was recorded, or a file is there that was not before.
func (d *desk) nothing(before []string) {
	d.t.Helper()
	for _, name := range d.files() {
		if !slices.Contains(before, name) {
			d.t.Errorf("%s is left:\n%s", name, d.read(name))
		}
	}
	if n := len(d.cases()[0].Log); n != 1 {
		d.t.Errorf("%d steps", n)
	}
}

func atDesk(t *testing.T, do func(t *testing.T, d *desk, w writing)) {
	for _, w := range writings {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			do(t, newDesk(t, w), w)
		})
	}
}

// A letter is opened in the editor; with a place left open it goes back there
// with what was written, then it is shown, and sent.
func TestWriteALetterAndSendIt(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		before := d.files()
		x := d.opens("add", "fill")
		x.shows(w.gap)
		x.types(enter)
		x.shows("Beste Jolanda")
		x.shows("Een derde terug.")
		x.shows("Tot gauw.")
		x.asks(w.ask)
		if d.read("left") != "" {
			t.Error("it left before the question was answered")
		}
		x.types(enter)
		x.shows(w.done)
		w.check(t, x.ends(0))
		if seen := d.read("seen"); strings.Count(seen, "Tot gauw.") != 1 {
			t.Errorf("the second time the editor had\n%s", seen)
		}
		if left := d.read("left"); !strings.Contains(left, "Een derde terug.") || !strings.Contains(left, "Tot gauw.") || strings.Contains(left, "[") && strings.Contains(left, "…") {
			t.Errorf("left:\n%s", left)
		}
		f := d.cases()[0]
		if n := len(f.Log); n != 2 || f.Log[1].Step != casefile.Proposed || f.Log[1].Text != "Een derde terug." || f.Log[1].Promised.String() != "received 2026-11-30, close 2026-12-28" {
			t.Errorf("recorded:\n%s", f.Data)
		}
		for _, name := range d.files() {
			if !slices.Contains(before, name) && !slices.Contains([]string{"left", "register/open/2026-0001/01-proposed.eml", "register/outbox/.gitignore"}, name) && !strings.HasPrefix(name, "register/.klacht/") {
				t.Errorf("%s is left", name)
			}
		}
		if strings.Contains(strings.Join(d.files(), " "), "edit") && slices.ContainsFunc(d.files(), func(n string) bool { return strings.Contains(n, ".klacht/edit") }) {
			t.Error("the copy for the editor is left")
		}
	})
}

// Kept as a draft it waits, and nothing is recorded; thrown away, nothing is
// left of it.
func TestWriteALetterAndKeepItOrNot(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		before := d.files()
		x := d.opens("fill")
		x.asks(w.ask)
		x.types(down, down, enter)
		x.shows(w.dropped)
		w.check(t, x.ends(1))
		d.nothing(before)

		x = d.opens("fill")
		x.asks(w.ask)
		x.types(down, enter)
		x.shows(w.drafted)
		w.check(t, x.ends(0))
		if draft := d.read("register/outbox/2026-0001-proposed.eml"); !strings.HasPrefix(draft, "X-Unsent: 1\r\n") || !strings.Contains(draft, "Een derde terug.") {
			t.Errorf("the draft:\n%s", draft)
		}
		if n := len(d.cases()[0].Log); n != 1 || d.read("left") != "" {
			t.Errorf("%d steps; left: %q", n, d.read("left"))
		}
	})
}

// Whoever gives up, at whatever point, leaves nothing behind but what they have
// typed, which is kept where klacht says.
func TestWriteALetterAndGiveUp(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		before := append(d.files(), "register/.klacht/sending")
		for _, tt := range []struct {
			name  string
			do    []string
			shows []string // each answered with the key
			keys  []string
			ends  string
			keeps []string
		}{
			{"at the question", []string{"fill"}, []string{w.ask}, []string{ctrlC}, w.dropped, []string{"Een derde terug."}},
			{"at the gap", []string{"leave"}, []string{w.gap}, []string{ctrlC}, w.dropped, nil},
			{"not back to the gap", []string{"leave"}, []string{w.gap}, []string{left + enter}, w.gap, nil},
			{"the editor fails", []string{"fail"}, nil, nil, w.editor, nil},
			{"it fails the second time", []string{"leave", "fail"}, []string{w.gap}, []string{enter}, w.editor, nil},
			{"within the editor", []string{"sleep"}, []string{"at work"}, []string{ctrlC}, w.editor, nil},
			{"the subject is lost", []string{"head", "mend"}, []string{w.subject, w.gap}, []string{enter, ctrlC}, w.dropped, []string{"Subject: Onderwerp"}},
		} {
			x := d.opens(tt.do...)
			for i, s := range tt.shows {
				x.shows(s)
				x.types(tt.keys[i])
			}
			x.shows(tt.ends)
			w.check(t, x.ends(1))
			kept, err := filepath.Glob(filepath.Join(d.home, "register", ".klacht", "edit-*"))
			if err != nil || len(kept) != len(tt.keeps) {
				t.Errorf("kept: %q, %v", kept, err)
			}
			for i, name := range kept {
				if data, err := os.ReadFile(name); err != nil || !strings.Contains(string(data), tt.keeps[i]) {
					t.Errorf("kept: %s, %v", data, err)
				}
				must(os.Remove(name))
			}
			d.nothing(before)
			if t.Failed() {
				t.Fatal(tt.name)
			}
		}
		if d.read("left") != "" {
			t.Error("something has left")
		}
	})
}

var (
	extending = []string{"extend", "1", "--until", "2027-01-15", "--reason", "Ziek."}
	reread    = map[string]struct{ until, instead, turn, asIs, back string }{
		"en": {"the letter does not name Fri 15 Jan 2027", "change the date to Fri 22 Jan 2027", "the letter does not say where else to turn", "leave the letter as it is", "edit it again"},
		"nl": {"in de brief staat vr 15 jan 2027 niet meer", "verander de datum in vr 22 jan 2027", "in de brief staat niet meer waar iemand verder terechtkan", "laat de brief zoals hij is", "nog eens bewerken"},
	}
)

// A letter that names another date than it was given promises that one, if the
// owner says so.
func TestALetterThatNamesAnotherDate(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		x := d.writes(extending, "date")
		x.asks(reread[w.lang].until)
		x.shows(reread[w.lang].instead)
		x.types(enter)
		x.asks(w.ask)
		x.types(enter)
		w.check(t, x.ends(0))
		e := d.cases()[0].Log[1]
		if e.Until.String() != "2027-01-22" || !strings.Contains(d.read("left"), "22 januari 2027") {
			t.Errorf("until %s:\n%s", e.Until, d.read("left"))
		}
	})
}

// Going back to it, the owner puts the date there again; what was not changed is
// not asked about.
func TestALetterThatIsMendedAgain(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		x := d.writes(extending, "date", "back")
		x.asks(reread[w.lang].until)
		x.types("\x1b[A", enter) // up: edit it again
		x.asks(w.ask)
		x.types(enter)
		w.check(t, x.ends(0))
		if e := d.cases()[0].Log[1]; e.Until.String() != "2027-01-15" {
			t.Errorf("until %s", e.Until)
		}
	})
}

// R15: a closing without where else to turn is asked about, and leaves if the owner
// says so. The words written in the place left open are kept.
func TestAClosingThatLostWhereElseToTurn(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk, w writing) {
		x := d.writes([]string{"close", "1", "--outcome", "agreed", "--learned", "-"}, "fill", "turn")
		x.asks(w.ask) // nothing was lost by filling in
		x.types("\x03")
		x.ends(1)
		d.write("seen", "")
		x = d.writes([]string{"close", "1", "--outcome", "agreed", "--learned", "-", "--text", "Afgesproken."}, "turn")
		x.asks(reread[w.lang].turn)
		x.shows(reread[w.lang].asIs)
		x.types(down, enter) // as it is
		x.asks(w.ask)
		x.types(enter)
		w.check(t, x.ends(0))
		if left := d.read("left"); strings.Contains(left, "Commissie van") {
			t.Errorf("left:\n%s", left)
		}
	})
}
