//go:build unix

package trial

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// call is one process.
type call struct {
	args  []string
	stdin string
	ahead int           // days that the clock is ahead, beside those of the clone
	kill  time.Duration // SIGKILL after it; 0: never
	alone bool          // the kill spares the processes that it started
}

// result is how a process ended.
type result struct {
	out, err string
	code     int // -1: it was killed
}

func (r result) all() string { return r.out + r.err }

// start is the moment at which a campaign begins, by the clocks of its machines.
var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// now returns what the clock of a clone says: each action takes two hours.
func (w *world) now(c *clone) time.Time {
	return start.Add(time.Duration(w.op)*2*time.Hour).AddDate(0, 0, c.ahead+w.late)
}

const patience = 2 * time.Minute // after it a process hangs

// run runs a process in a clone, in a group of its own, and waits until no process
// of the group is left.
func (w *world) run(c *clone, p call) result {
	cmd := exec.Command(p.args[0], p.args[1:]...)
	if p.args[0] == "klacht" {
		cmd = exec.Command(filepath.Join(w.bin, "klacht"), p.args[1:]...)
	}
	now := w.now(c).AddDate(0, 0, p.ahead)
	stamp := now.Format("2006-01-02T15:04:05Z")
	cmd.Dir = c.dir
	cmd.Env = []string{
		"PATH=" + w.bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + c.home, "TMPDIR=" + c.home, "LANG=C",
		"TEST_CONFIG=" + filepath.Join(c.home, "config"), "TEST_CLOCK=" + now.Format(time.DateOnly),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_MERGE_AUTOEDIT=no", "GIT_EDITOR=true",
		"GIT_AUTHOR_DATE=" + stamp, "GIT_COMMITTER_DATE=" + stamp,
	}
	cmd.Stdin = strings.NewReader(p.stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	group := -cmd.Process.Pid
	if p.kill > 0 {
		timer := time.AfterFunc(p.kill, func() {
			if p.alone {
				_ = cmd.Process.Kill()
			} else {
				_ = syscall.Kill(group, syscall.SIGKILL)
			}
		})
		defer timer.Stop()
	}
	late := time.AfterFunc(patience, func() {
		w.find("%s: %v hangs", c.name, p.args)
		_ = cmd.Process.Signal(syscall.SIGQUIT) // it says where it stands
		time.Sleep(2 * time.Second)
		_ = syscall.Kill(group, syscall.SIGKILL)
	})
	_ = cmd.Wait()
	late.Stop()
	for range 500 { // those that outlived a kill
		if syscall.Kill(group, 0) != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	r := result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
	w.note("%s$ %s\n  = %d %s", c.name, strings.Join(p.args, " "), r.code, strings.ReplaceAll(strings.TrimSpace(r.all()), "\n", "\n  "))
	if r.code < 0 {
		w.count("killed")
	}
	if strings.Contains(r.all(), "mistake in klacht itself") {
		w.find("%s: %v: a mistake in klacht itself", c.name, p.args)
	}
	return r
}

// quiet runs a process that only looks, without a word in the log.
func (w *world) quiet(c *clone, stdin string, args ...string) string {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stdin = c.dir, strings.NewReader(stdin)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.home, "LANG=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_OPTIONAL_LOCKS=0"}
	out, _ := cmd.Output()
	return string(out)
}

func (w *world) git(c *clone, args ...string) result {
	return w.run(c, call{args: append([]string{"git"}, args...)})
}

func (w *world) klacht(c *clone, args ...string) result {
	return w.run(c, call{args: append([]string{"klacht"}, args...)})
}

// fated is klacht that is killed now and then, and counts what it refused.
func (w *world) fated(c *clone, stdin string, args ...string) result {
	p := call{args: append([]string{"klacht"}, args...), stdin: stdin}
	if !w.calm && w.chance(8) {
		p.kill, p.alone = time.Duration(1+w.rng.IntN(120))*time.Millisecond, w.chance(50)
	}
	r := w.run(c, p)
	if r.code == 1 || r.code == 2 {
		w.count("refused")
	}
	return r
}

var (
	hintLine    = regexp.MustCompile(`(?m)^hint: (.*)$`)
	hintCommand = regexp.MustCompile("`((?:klacht|git) [^`]+)`")
	hintWhole   = regexp.MustCompile(`^(?:.*; then: )?(klacht (?:sync|purge)[a-z -]*)$`)
	hintLock    = regexp.MustCompile(`remove (\S+\.lock)\b`)
	hintSafe    = regexp.MustCompile(`^(klacht (sync|purge|check|move)|git (switch|merge|rebase|stash|branch|tag|push|fetch|worktree|status|fsck|add|rm|commit|checkout|restore|update-ref|symbolic-ref|cherry-pick))\b`)
	hintOpen    = regexp.MustCompile(`\b(ID|REMOTE|ADDRESS|FILE|DIR|NAME|DATE|BRANCH)\b`) // to be filled in by who types it
)

// typeHints types, once each, the commands that klacht hints at, as a person would.
func (w *world) typeHints(c *clone, r result) (typed bool) {
	if w.typing {
		return false
	}
	w.typing = true
	defer func() { w.typing = false }()
	for _, m := range hintLine.FindAllStringSubmatch(r.err, -1) {
		if lock := hintLock.FindStringSubmatch(m[1]); lock != nil && strings.HasPrefix(lock[1], w.dir) {
			w.note("%s: removes %s, as hinted", c.name, lock[1])
			w.count("hint remove a lock")
			_ = os.Remove(lock[1])
			typed = true
		}
		commands := hintCommand.FindAllStringSubmatch(m[1], -1)
		if whole := hintWhole.FindStringSubmatch(m[1]); whole != nil {
			commands = append(commands, whole)
		}
		for _, command := range commands {
			words := strings.Fields(command[1])
			if !hintSafe.MatchString(command[1]) || hintOpen.MatchString(command[1]) {
				w.count("hint not typed")
				w.note("%s: not typed: %s", c.name, command[1])
				continue
			}
			typed = true
			var did result
			switch {
			case words[0] == "klacht" && words[1] == "sync":
				did = w.sync(c) // asked, it settles by itself
			case words[0] == "klacht" && words[1] == "purge":
				did = w.purge(c, 0, true)
			default:
				did = w.run(c, call{args: []string{"sh", "-c", command[1]}})
			}
			w.count("hint " + strings.Join(words[:2], " ") + map[bool]string{true: " helped", false: " failed"}[did.code == 0])
		}
	}
	return typed
}
