package history

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
)

// underway are the files by which git knows that it is in the middle of something,
// and what that is called.
var underway = []struct{ file, what string }{
	{"rebase-merge", "rebase"}, {"rebase-apply", "rebase"}, {"MERGE_HEAD", "merge"},
	{"CHERRY_PICK_HEAD", "cherry-pick"}, {"REVERT_HEAD", "revert"},
}

// Ready says what stands in the way of a commit that is to last, before anything is
// changed: git is in the middle of something that takes along or throws away what
// comes in between, no branch is checked out, or another than the one that the
// register is shared on. Git is not run, unless there is something to say.
func (r *Repo) Ready(ctx context.Context) error {
	for _, u := range underway {
		if _, err := os.Lstat(filepath.Join(r.GitDir, u.file)); err == nil {
			return casefile.Errorf("git is in the middle of a %s in this register; nothing was changed", u.what).
				WithHint("`git %s --abort` takes that back; what klacht recorded is in the commits of before, and stays", u.what)
		}
	}
	if r.Prefix != "" {
		return nil // a larger repository has ways of its own
	}
	if main, err := os.ReadFile(filepath.Join(r.GitDir, "commondir")); err == nil {
		dir := strings.TrimSpace(string(main))
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(r.GitDir, dir)
		}
		return casefile.Errorf("this folder is a worktree, beside the register itself; nothing was changed").
			WithHint("work in the register: klacht --dir %s", filepath.Dir(dir))
	}
	head, err := os.ReadFile(filepath.Join(r.GitDir, "HEAD"))
	if err != nil { // it is no repository, which the commit tells of
		return nil
	}
	branch, ok := strings.CutPrefix(strings.TrimSpace(string(head)), "ref: refs/heads/")
	shared := r.sharedBranches()
	switch {
	case !ok:
		return r.detached(ctx, shared)
	case len(shared) > 0 && !slices.Contains(shared, branch):
		return casefile.Errorf("the register is kept on the branch %s, and %s is checked out; nothing was changed", shared[0], branch).
			WithHint("`git switch %s && git merge %s` brings the two together", shared[0], branch)
	}
	return nil
}

// strayRef names a file among the refs that git cannot take for one, such as the copy
// that a program that syncs folders leaves: git then fails in odd ways.
func (r *Repo) strayRef() error {
	return filepath.WalkDir(filepath.Join(r.GitDir, "refs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.ContainsAny(d.Name(), " ~^:?*[\\") {
			return nil
		}
		return casefile.Errorf("%s is no ref of git's; nothing was changed", path).
			WithHint("a sync program left it; look at what it names with `git log $(cat '%s')`, and remove it", path)
	})
}

// sharedBranches returns the branches here that are shared, as the settings of the
// repository say.
func (r *Repo) sharedBranches() (names []string) {
	config, _ := os.ReadFile(filepath.Join(r.GitDir, "config")) // without it nothing is shared
	name := ""
	for line := range strings.Lines(string(config)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			quoted, ok := strings.CutPrefix(line, `[branch "`)
			name, _, _ = strings.Cut(quoted, `"`)
			if !ok {
				name = ""
			}
			continue
		}
		if key, _, _ := strings.Cut(line, "="); name != "" && strings.TrimSpace(key) == "remote" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// detached says that no branch is checked out, and how to go on without losing what
// was committed since.
func (r *Repo) detached(ctx context.Context, shared []string) error {
	branches := shared
	if len(branches) == 0 {
		out, err := r.Output(ctx, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/")
		if err != nil {
			return err
		}
		branches = strings.Fields(string(out))
	}
	wrong := casefile.Errorf("no branch is checked out in the repository of the register; nothing was changed")
	switch i := max(slices.Index(branches, "main"), slices.Index(branches, "master"), 0); {
	case len(branches) == 0:
		return wrong.WithHint("`git switch -c main` makes one")
	case r.leadsTo(ctx, "HEAD", "refs/heads/"+branches[i]):
		return wrong.WithHint("`git switch %s` checks it out; it has all that is here", branches[i])
	case r.leadsTo(ctx, "refs/heads/"+branches[i], "HEAD"):
		return wrong.WithHint("`git switch -C %s` checks it out, with what was committed since", branches[i])
	default:
		return wrong.WithHint("`git branch beside && git switch %s && git merge beside` checks it out, and brings in what was committed here", branches[i])
	}
}

// leadsTo reports whether a commit is one of those that another leads to.
func (r *Repo) leadsTo(ctx context.Context, commit, from string) bool {
	_, err := r.Output(ctx, "merge-base", "--is-ancestor", commit, from)
	return err == nil
}
