package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/rogpeppe/go-internal/testscript"
)

// testNow is the moment at which every test takes place: a Monday morning in
// Amsterdam. Scripts move it with KLACHT_TODAY.
var testNow = time.Date(2026, 12, 7, 8, 30, 0, 0, time.UTC)

// machineNow is testNow, or the day that a script says this machine's clock is on.
func machineNow() time.Time {
	if d, err := time.Parse(time.DateOnly, os.Getenv("TEST_CLOCK")); err == nil {
		return d.Add(12 * time.Hour)
	}
	return testNow
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"klacht": func() {
			dir, err := os.Getwd()
			must(err)
			os.Exit(run(os.Args[1:], world{
				In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
				Now:       machineNow,
				Getenv:    os.Getenv,
				Dir:       dir,
				ConfigDir: os.Getenv("TEST_CONFIG"),
				Version:   "v0.0.0-test",
				BuildDate: os.Getenv("TEST_BUILD_DATE"),
			}))
		},
	})
}

// TestScripts runs what a user types; see testdata/script. With -update the
// golden files at the end of the scripts are written anew.
//
// Beside the commands of testscript a script can use:
//
//	sample DIR           put a copy of the sample register in DIR
//	keep DIR             remember what is in DIR, to the byte and the mode
//	same DIR             fail unless all is as it was at keep, but for .klacht
//	gone WORD DIR...     fail if a file in a DIR, or an object of the repository there, has WORD; with ! unless one has
//	keyless FILE         put the case file FILE without its key, which is random, on stdout
//	big FILE MB          make FILE a mail of so many megabytes
//	legible FILE...      fail if a FILE (or stdout, stderr) steers a terminal
//	columns N FILE...    fail if a line takes more than N columns
//	code N klacht ARG... run klacht and fail unless its exit code is N; an error
//	                     must say so on stderr, in our form, and on stdout nothing
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TEST_CONFIG", env.WorkDir+"/config")
			env.Setenv("TEST_BUILD_DATE", "2026-11-01")
			env.Setenv("HOME", env.WorkDir+"/home")
			env.Setenv("GIT_CONFIG_GLOBAL", env.WorkDir+"/gitconfig") // never the settings of whoever runs the tests
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("LANG", "C")
			binary, err := exec.LookPath("klacht")
			if err != nil {
				return err
			}
			env.Setenv("KLACHT_BIN", filepath.Dir(binary)) // a PATH with klacht and nothing else
			env.Values["kept"] = map[string]map[string]string{}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sample": sampleCmd, "keep": keepCmd, "same": sameCmd, "big": bigCmd, "gone": goneCmd, "keyless": keylessCmd,
			"legible": legibleCmd, "columns": columnsCmd, "code": codeCmd,
		},
	})
}

func wants(ts *testscript.TestScript, neg bool, args []string, least, most int) {
	if neg || len(args) < least || len(args) > most {
		ts.Fatalf("wrong use; see TestScripts")
	}
}

func sampleCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 1, 1)
	dir := ts.MkAbs(args[0])
	ts.Check(os.CopyFS(dir, os.DirFS("../../cases")))
	ts.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		mode := fs.FileMode(0o600) // git keeps no modes
		if err == nil && d.IsDir() {
			mode = 0o700
		}
		must(err)
		return os.Chmod(path, mode)
	}))
}

// tree returns what is in a folder: of each path its kind, mode and content.
func tree(ts *testscript.TestScript, dir string) map[string]string {
	found := map[string]string{}
	ts.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".klacht" {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		about := info.Mode().String()
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			about += fmt.Sprintf(" %d %x", len(data), sha256.Sum256(data))
		}
		found[path] = about
		return nil
	}))
	return found
}

func keepCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 1, 1)
	dir := ts.MkAbs(args[0])
	ts.Value("kept").(map[string]map[string]string)[dir] = tree(ts, dir)
}

func sameCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 1, 1)
	dir := ts.MkAbs(args[0])
	before, ok := ts.Value("kept").(map[string]map[string]string)[dir]
	if !ok {
		ts.Fatalf("%s was not kept", args[0])
	}
	after := tree(ts, dir)
	var differ []string
	for path, about := range before {
		if after[path] != about {
			differ = append(differ, fmt.Sprintf("%s was %q, is %q", path, about, after[path]))
		}
	}
	for path, about := range after {
		if _, ok := before[path]; !ok {
			differ = append(differ, fmt.Sprintf("%s is new: %q", path, about))
		}
	}
	if slices.Sort(differ); differ != nil {
		ts.Fatalf("%s is not as it was:\n%s", args[0], strings.Join(differ, "\n"))
	}
}

// goneCmd looks without regard to capitals, and into objects that nothing leads to.
func goneCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, false, args, 2, 9)
	word := strings.ToLower(args[0])
	var found []string
	for _, dir := range args[1:] {
		git := exec.Command("git", "-C", ts.MkAbs(dir), "cat-file", "--batch-all-objects", "--batch", "--unordered")
		git.Env = []string{"GIT_CONFIG_NOSYSTEM=1", "HOME=" + ts.MkAbs("home"), "PATH=" + os.Getenv("PATH")}
		if objects, err := git.Output(); err == nil && strings.Contains(strings.ToLower(string(objects)), word) {
			found = append(found, dir+": an object")
		}
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if strings.Contains(strings.ToLower(string(data)), word) {
				found = append(found, path)
			}
			return err
		}))
	}
	if neg != (found != nil) {
		ts.Fatalf("%q is in: %q", word, found)
	}
}

func keylessCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 1, 1)
	ts.Check(ts.Exec("sed", "/^key: /d", args[0]))
}

func bigCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 2, 2)
	mb, err := strconv.Atoi(args[1])
	ts.Check(err)
	mail := "Received: from a.example by b.example; Fri, 4 Dec 2026 16:40:11 +0100\r\n" +
		"From: Jan Groot <jan@voorbeeld.example>\r\nSubject: Groot\r\n\r\nTe groot.\r\n"
	line := strings.Repeat("x", 62) + "\r\n"
	mail += strings.Repeat(line, (mb<<20-len(mail))/len(line))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(mail), 0o600))
}

// legibleCmd has its own idea of what steers a terminal, and does not ask the
// program: every control character but the line feed, and every format
// character but the joiners and the soft hyphen.
func legibleCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 1, 9)
	for _, file := range args {
		text := ts.ReadFile(file)
		if !utf8.ValidString(text) {
			ts.Fatalf("%s is not UTF-8", file)
		}
		for i, r := range text {
			bad := unicode.Is(unicode.Cc, r) && r != '\n' || unicode.Is(unicode.Cf, r) && !strings.ContainsRune("\u200c\u200d\u00ad", r) ||
				r == '\u2028' || r == '\u2029'
			if bad {
				ts.Fatalf("%s has %U at byte %d: %q", file, r, i, text[max(0, i-40):min(len(text), i+40)])
			}
		}
	}
}

func columnsCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 2, 9)
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	for _, file := range args[1:] {
		for line := range strings.Lines(ts.ReadFile(file)) {
			if n := ansi.StringWidth(strings.TrimSuffix(line, "\n")); n > most {
				ts.Fatalf("%s has a line of %d columns: %s", file, n, line)
			}
		}
	}
}

func codeCmd(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, neg, args, 2, 99)
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	out, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if got != args[0] {
		ts.Fatalf("exit code %s instead of %s\n%s%s", got, args[0], out, stderr)
	}
	if got != "1" && got != "2" {
		return
	}
	lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
	switch {
	case out != "":
		ts.Fatalf("an error, and yet on stdout: %s", out)
	case !wellSaid(lines[0], "klacht: "):
		ts.Fatalf("not the form of an error: %s", stderr)
	case len(lines) > 1 && lines[1] != "" && !wellSaid(lines[1], "hint: "):
		ts.Fatalf("not the form of a hint: %s", stderr)
	case len(lines) > 2 && (got != "2" || !strings.HasPrefix(stderr[strings.LastIndex(stderr, "\n  "):], "\n  klacht")):
		ts.Fatalf("more than an error, a hint and the usage: %s", stderr)
	}
}

// wellSaid reports whether a line of an error begins as it should, in lower
// case or with a file or the name of a variable, and ends without a full stop.
func wellSaid(line, prefix string) bool {
	said, ok := strings.CutPrefix(line, prefix)
	word, _, _ := strings.Cut(said, " ")
	return ok && said != "" && (word == strings.ToLower(word) || word == strings.ToUpper(word) || strings.ContainsAny(word, "/:\"")) &&
		!strings.HasSuffix(said, ".")
}

// must ends the tests over what cannot go wrong.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
