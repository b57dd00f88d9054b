package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	casefile "klacht/case"
)

// None is the error of Open for a register that has no history. It is no
// failure: such a register works as any other.
type None string

// Why a register has no history.
const (
	NoGit     None = "git is not on this machine"
	NoRepo    None = "the register is no git repository"
	OuterRepo None = "the register lies inside another git repository"
	Refused   None = "the policy says history: none"
)

func (n None) Error() string { return string(n) }

// Setup is what a repository needs to know of the world around it.
type Setup struct {
	Environ     []string // of git, as [os.Environ] gives it; nil: the one of this process
	Name, Email string   // who commits where git's settings name nobody
	Ask         bool     // there is a person whom git may ask for a password or a passphrase
	Policy      string   // the key history of the policy: "", "git" or "none"
}

// Repo is the git repository of a register.
type Repo struct {
	Dir    string // of the register, absolute; every path is relative to it, with forward slashes
	GitDir string // absolute
	Prefix string // of Dir within the working tree, ends in a slash; "" where the repository is the register's own

	program string
	env     []string
	setup   Setup
	config  map[string]string // see settings
	several map[string]bool   // the settings that have more than one value
	who     []string          // see identity
}

// Open finds the repository of the register in dir: its own, or the one around
// it if the policy says "history: git". The error is a [None] if there is none.
// Where the register has its own, git is not run.
func Open(dir string, s Setup) (*Repo, error) {
	if s.Policy == "none" {
		return nil, Refused
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs) // as git sees it
	}
	if err != nil {
		return nil, casefile.Errorf("cannot open the history: %v", err)
	}
	r := &Repo{Dir: abs, GitDir: filepath.Join(abs, ".git"), setup: s}
	own, err := os.Lstat(r.GitDir)
	if err != nil && s.Policy != "git" {
		if outer(abs) {
			return nil, OuterRepo
		}
		return nil, NoRepo
	}
	if r.program, err = exec.LookPath("git"); err != nil {
		return nil, NoGit
	}
	r.env = environment(s)
	switch {
	case own != nil && own.IsDir():
		r.env = append(r.env, "GIT_CEILING_DIRECTORIES="+filepath.Dir(abs)) // one that is broken is not the outer one's business
	case own != nil && own.Mode()&os.ModeSymlink != 0:
		return nil, casefile.Errorf("the .git of the register is a link").WithHint("put the repository itself in its place")
	case own != nil: // a file that says where the repository is: a worktree, or a submodule
		r.env = append(r.env, "GIT_CEILING_DIRECTORIES="+filepath.Dir(abs))
		fallthrough
	default:
		out, err := r.Output(context.Background(), "rev-parse", "--absolute-git-dir", "--show-prefix")
		if err != nil {
			if own == nil {
				return nil, NoRepo
			}
			return nil, err
		}
		lines := strings.Split(string(out), "\n")
		r.GitDir, r.Prefix = filepath.FromSlash(lines[0]), lines[1]
	}
	return r, nil
}

// Has reports whether the register in dir may have a history, without running
// git: policy is the key history of its policy.
func Has(dir, policy string) bool {
	if policy == "none" {
		return false
	}
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil || policy == "git"
}

// Init makes a register that has no repository one of its own. The error is a
// [None] if it cannot have one.
func Init(dir string, s Setup) (*Repo, error) {
	r, err := Open(dir, s)
	if err == nil || !errors.Is(err, NoRepo) {
		return r, err
	}
	abs, err := filepath.EvalSymlinks(dir)
	if err == nil {
		abs, err = filepath.Abs(abs)
	}
	if err != nil {
		return nil, casefile.Errorf("cannot open the history: %v", err)
	}
	r = &Repo{Dir: abs, env: environment(s)}
	if r.program, err = exec.LookPath("git"); err != nil {
		return nil, NoGit
	}
	if err := r.Do(context.Background(), Call{Args: []string{"init", "--quiet"}}); err != nil {
		return nil, err
	}
	return Open(dir, s)
}

// outer reports whether a folder lies in the working tree of some repository.
func outer(dir string) bool {
	for {
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		if _, err := os.Lstat(filepath.Join(up, ".git")); err == nil {
			return true
		}
		dir = up
	}
}

// kept are the variables of git that go along: who commits and when, the
// user's settings, and how to reach a server. No other does, so that a command
// run by a hook works on the register and not on the repository of the hook.
var kept = []string{
	"GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
	"GIT_TEMPLATE_DIR", "GIT_ASKPASS", "GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_", "GIT_ALLOW_PROTOCOL",
}

// environment returns what git runs with.
func environment(s Setup) []string {
	if s.Environ == nil {
		s.Environ = os.Environ()
	}
	var env []string
	for _, v := range s.Environ {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "GIT_") && !slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(name, k) }) || name == "LC_ALL" || name == "LANGUAGE" {
			continue
		}
		env = append(env, v)
	}
	env = append(env, "LC_ALL=C", "GIT_EDITOR=:", "GIT_NO_REPLACE_OBJECTS=1") // the history is what it is, whatever stands in for it
	if !s.Ask {
		env = append(env, "GIT_TERMINAL_PROMPT=0")
	}
	return env
}

// always are the settings that hold for every call, whatever the user's are:
// they keep what is read readable, and git from running or following what is
// not of the register.
var always = []string{
	"--no-pager",
	"-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "log.showSignature=false",
	"-c", "submodule.recurse=false", "-c", "core.fsmonitor=false", "-c", "core.safecrlf=false", "-c", "safe.bareRepository=explicit",
}

// Call is one run of git.
type Call struct {
	Args  []string
	Paths []string      // given on standard input, byte for byte; the command must know --pathspec-from-file. nil: none
	In    io.Reader     // nil: nothing; not together with Paths
	Out   io.Writer     // nil: thrown away
	Read  bool          // it changes nothing, so it takes no lock either
	Glob  bool          // * and ** in a path stand for names; else a path is what it is
	Dir   string        // where it runs; "" is the folder of the register
	Env   []string      // beside that of the repository, such as GIT_INDEX_FILE=...
	Limit time.Duration // 0: LocalTime
}

// verb returns the name of the command among the arguments.
func (c Call) verb() string {
	for i, arg := range c.Args {
		if !strings.HasPrefix(arg, "-") && (i == 0 || c.Args[i-1] != "-c") {
			return arg
		}
	}
	return ""
}

// LocalTime is how long a git that needs no network may take. A person may have
// to find the passphrase for a signature.
const LocalTime = 5 * time.Minute

// Do runs git in the folder of the register. The error is a [casefile.Error]
// with what git says on it, on one line; see [ExitCode].
func (r *Repo) Do(ctx context.Context, c Call) error {
	if c.Limit == 0 {
		c.Limit = LocalTime
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	args := append(slices.Clone(always), "--literal-pathspecs")
	if c.Glob {
		args[len(args)-1] = "--glob-pathspecs"
	}
	args = append(args, c.Args...)
	if c.Paths != nil {
		args = append(args, "--pathspec-from-file=-", "--pathspec-file-nul")
		c.In = strings.NewReader(strings.Join(c.Paths, "\x00"))
	}
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Dir = cmp.Or(c.Dir, r.Dir)
	cmd.Env = slices.Concat(r.env, c.Env)
	if c.Read {
		cmd.Env = append(cmd.Env, "GIT_OPTIONAL_LOCKS=0")
	}
	said := &tail{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In, c.Out, said
	if runtime.GOOS != "windows" {
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // so that it takes its locks away
	}
	cmd.WaitDelay = 10 * time.Second
	back := private()
	err := cmd.Start()
	back()
	if err == nil {
		err = cmd.Wait()
	}
	if err == nil {
		return nil
	}
	f := &failure{code: -1, said: said.line()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() == context.DeadlineExceeded:
		return casefile.Errorf("git %s took longer than %s", c.verb(), time.Since(began).Round(time.Second))
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		f.code = exit.ExitCode()
		if f.said == "" {
			f.said = exit.Error()
		}
	case f.said == "":
		f.said = err.Error()
	}
	wrong := casefile.Errorf("git %s: %v", c.verb(), f)
	if _, dir, ok := strings.Cut(f.said, "dubious ownership in repository at "); ok {
		return wrong.WithHint("it belongs to another user; if you trust that: git config --global --add safe.directory %s", dir)
	}
	return wrong
}

// Output runs a git that only reads, and returns what it prints.
func (r *Repo) Output(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := r.Do(ctx, Call{Args: args, Out: &out, Read: true})
	return out.Bytes(), err
}

// Fields splits what git prints with -z.
func Fields(out []byte) []string {
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// ExitCode returns the exit code of a git that failed; -1 if err is not of one
// that ended by itself.
func ExitCode(err error) int {
	if f := (*failure)(nil); errors.As(err, &f) {
		return f.code
	}
	return -1
}

// failure is what git said when it failed.
type failure struct {
	code int
	said string
}

func (f *failure) Error() string { return f.said }

// tail keeps the end of what git says on standard error, and forgets the rest.
type tail struct{ b []byte }

const tailSize = 8 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if over := len(t.b) - tailSize; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

// consequences are what git says at the end where a line before says the reason.
var consequences = []string{"index-pack failed", "unpack-objects failed", "failed to write commit object", "Could not read from remote repository."}

// line returns the line that says what is wrong: the last that git calls fatal
// or an error, or else the last that is no advice.
func (t *tail) line() string {
	last, fatal := "", ""
	for l := range strings.Lines(casefile.Plain(string(t.b))) {
		l = casefile.OneLine(l)
		rest, isError := strings.CutPrefix(l, "error: ")
		if !isError {
			rest, isError = strings.CutPrefix(l, "fatal: ")
		}
		switch {
		case isError && (fatal == "" || !slices.Contains(consequences, rest)):
			fatal = rest
		case l != "" && !strings.HasPrefix(l, "hint:") && !strings.HasPrefix(l, "warning:"):
			last = l
		}
	}
	if fatal != "" {
		last = fatal
	}
	return withoutSecret(strings.TrimSuffix(last, "."))
}

// withoutSecret takes out of a line what stands before the @ of an address of
// a server: it may hold a password.
func withoutSecret(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		before, rest, ok := strings.Cut(w, "://")
		if !ok {
			continue
		}
		if at := strings.LastIndex(rest, "@"); at >= 0 {
			words[i] = fmt.Sprintf("%s://%s", before, rest[at+1:])
		}
	}
	return strings.Join(words, " ")
}

// scratch is the path of an index that is not that of the working tree.
func (r *Repo) scratch() string { return filepath.Join(r.GitDir, "klacht-index") }

func (r *Repo) dropScratch() { _ = os.Remove(r.scratch()) }
