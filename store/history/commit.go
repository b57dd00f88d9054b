package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
)

// Commit commits the content on disk of paths, and nothing else, if it differs
// from the last commit.
func (r *Repo) Commit(ctx context.Context, message string, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	err := patiently(func() error { return r.commit(ctx, message, paths) })
	if lock := lockOf(err); lock != "" {
		return casefile.Errorf("%v", err).WithHint("if no git is at work there, remove %s; the next change then takes this one along", lock)
	}
	if err == nil {
		return nil
	}
	if hook := r.hook(ctx, "pre-commit", "prepare-commit-msg", "commit-msg"); hook != "" {
		return casefile.Errorf("%v", err).WithHint("the hook %s may refuse it; once it lets it pass, the next change takes this one along", hook)
	}
	return err
}

// hook returns the path of the first of some hooks that git runs here; "" if of none.
func (r *Repo) hook(ctx context.Context, names ...string) string {
	for _, name := range names {
		out, err := r.Output(ctx, "rev-parse", "--git-path", "hooks/"+name)
		path := strings.TrimSpace(string(out))
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.Dir, path)
		}
		if info, serr := os.Stat(path); err == nil && serr == nil && info.Mode()&0o111 != 0 {
			return path
		}
	}
	return ""
}

// patiently tries again for about two seconds what fails because another git is
// at work: that of an editor that looks at the repository, say, or one that
// outlived its klacht.
func patiently(do func() error) error {
	err := do()
	for wait := 50 * time.Millisecond; lockOf(err) != "" && wait < 2*time.Second; wait *= 2 {
		time.Sleep(wait)
		err = do()
	}
	return err
}

var lockFile = casefile.Pattern(`'([^']+\.lock)'`)

// lockOf returns the file that says that another git is at work, if git failed
// because of it and it is there still; else "".
func lockOf(err error) string {
	if err == nil {
		return ""
	}
	m := lockFile().FindStringSubmatch(err.Error())
	if m == nil {
		return ""
	}
	if _, err := os.Lstat(m[1]); err != nil {
		return ""
	}
	return m[1]
}

func (r *Repo) commit(ctx context.Context, message string, paths []string) error {
	stage := Call{Args: []string{"update-index", "--add", "--remove", "-z", "--stdin"}, In: strings.NewReader(strings.Join(paths, "\x00") + "\x00")}
	if err := r.Do(ctx, stage); err != nil {
		return err
	}
	out, err := r.Output(ctx, "diff", "--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all")
	if err != nil {
		return err
	}
	var ours []string
	staged := Fields(out)
	is := map[string]bool{}
	for _, p := range paths {
		is[p] = true
	}
	for _, p := range staged {
		if p, ok := strings.CutPrefix(p, r.Prefix); ok && is[p] {
			ours = append(ours, p)
		}
	}
	if len(ours) == 0 {
		return nil
	}
	env, err := r.identity(ctx)
	if err != nil {
		return err
	}
	c := Call{Args: []string{"commit", "--quiet", "--cleanup=verbatim"}, Env: env}
	if len(ours) == len(staged) {
		c.Args = append(c.Args, "--file=-")
		c.In = strings.NewReader(message)
	} else { // what somebody else has staged stays as it is
		c.Args = append(c.Args, "--only", "--message="+message)
		c.Paths = ours
	}
	return r.Do(ctx, c)
}

// identity returns what git is told about who commits, where its settings do
// not say it.
func (r *Repo) identity(ctx context.Context) ([]string, error) {
	if r.who != nil {
		return r.who, nil
	}
	out, err := r.Output(ctx, "config", "-z", "--name-only", "--get-regexp", `^(user|author|committer)\.(name|email)$`)
	if err != nil && ExitCode(err) != 1 {
		return nil, err
	}
	known := Fields(out)
	r.who = []string{}
	for key, value := range map[string]string{"user.name": r.setup.Name, "user.email": r.setup.Email} {
		if !slices.Contains(known, key) && value != "" {
			n := len(r.who) / 2
			r.who = append(r.who, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", n, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", n, value))
		}
	}
	r.who = append(r.who, fmt.Sprintf("GIT_CONFIG_COUNT=%d", len(r.who)/2))
	return r.who, nil
}
