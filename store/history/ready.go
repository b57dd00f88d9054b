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
// changed; see [Repo.obstacle]. Git is not run, unless there is something to say.
func (r *Repo) Ready(ctx context.Context) error {
	why, way := r.obstacle()
	if why == nil {
		return nil
	}
	return way(ctx, unchanged(why))
}

func unchanged(why error) *casefile.Error {
	return casefile.Errorf("%v; nothing was changed", why)
}

// obstacle returns what stands in the way of a commit that is to last, and what adds
// the way out to an error: git is in the middle of something that takes along or throws
// away what comes in between, no branch is checked out, or another than the one that
// the register is shared on. Git is not run; to find the way out it is.
func (r *Repo) obstacle() (why *casefile.Error, way func(context.Context, *casefile.Error) *casefile.Error) {
	for _, u := range underway {
		if _, err := os.Lstat(filepath.Join(r.GitDir, u.file)); err == nil {
			return casefile.Errorf("git is in the middle of a %s in this register", u.what),
				func(ctx context.Context, e *casefile.Error) *casefile.Error { return r.takenBack(ctx, u.what, e) }
		}
	}
	if r.Prefix != "" {
		return nil, nil // a larger repository has ways of its own
	}
	if main, err := os.ReadFile(filepath.Join(r.GitDir, "commondir")); err == nil {
		dir := strings.TrimSpace(string(main))
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(r.GitDir, dir)
		}
		return casefile.Errorf("this folder is a worktree, beside the register itself"),
			func(_ context.Context, e *casefile.Error) *casefile.Error {
				return e.WithHint("work in the register: klacht --dir %s", filepath.Dir(dir))
			}
	}
	branch, commit := r.head()
	shared := r.sharedBranches()
	switch {
	case commit != "":
		return errDetached(), func(ctx context.Context, e *casefile.Error) *casefile.Error {
			return r.ontoBranch(ctx, commit, shared, e)
		}
	case branch != "" && len(shared) > 0 && !slices.Contains(shared, branch):
		return casefile.Errorf("the register is kept on the branch %s, and %s is checked out", shared[0], branch),
			func(_ context.Context, e *casefile.Error) *casefile.Error {
				return e.WithHint("`git switch %s && git merge %s` brings the two together", shared[0], branch)
			}
	}
	return nil, nil
}

// head returns the branch that is checked out, or the commit if none is. It has
// neither if this is no repository, which the commit tells of.
func (r *Repo) head() (branch, commit string) {
	head, err := os.ReadFile(filepath.Join(r.GitDir, "HEAD"))
	if err != nil {
		return "", ""
	}
	name := strings.TrimSpace(string(head))
	if branch, ok := strings.CutPrefix(name, "ref: refs/heads/"); ok {
		return branch, ""
	}
	return "", name
}

// takenBack adds how to take back what git is in the middle of. What was changed by
// hand since would go with it, or be in its way.
func (r *Repo) takenBack(ctx context.Context, what string, e *casefile.Error) *casefile.Error {
	files := r.changedByHand(ctx)
	if len(files) == 0 {
		return e.WithHint("`git %s --abort` takes that back; what klacht recorded is in the commits of before, and stays", what)
	}
	const most = 3
	var paths []string
	for _, f := range files {
		paths = append(paths, typed(f))
	}
	named := any(strings.Join(files, ", "))
	if len(files) > most {
		named = casefile.Errorf("%s and %d more", strings.Join(files[:most], ", "), len(files)-most)
	}
	return e.WithHint("keep a copy of what you changed by hand since: %s; then `git checkout -- %s && git %s --abort` takes all of it back, and what klacht recorded stays",
		named, strings.Join(paths, " "), what)
}

// changedByHand returns the files that are not as git knows them, but for those that
// it could not merge; none if git does not say.
func (r *Repo) changedByHand(ctx context.Context) (files []string) {
	out, _ := r.Output(ctx, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules")
	for _, line := range Fields(out) {
		if len(line) < 4 || line[1] == ' ' || strings.Contains(line[:2], "U") || line[:2] == "AA" || line[:2] == "DD" {
			continue
		}
		name, own := strings.CutPrefix(line[3:], r.Prefix)
		if !own {
			name = ":/" + name // from the root of the larger repository
		}
		files = append(files, name)
	}
	return files
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

func errDetached() *casefile.Error {
	return casefile.Errorf("no branch is checked out in the repository of the register")
}

// ontoBranch adds how to go on from a commit that is checked out without a branch,
// without losing what was committed since.
func (r *Repo) ontoBranch(ctx context.Context, commit string, shared []string, e *casefile.Error) *casefile.Error {
	branches := shared
	if len(branches) == 0 {
		out, err := r.Output(ctx, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/")
		if err != nil {
			return e
		}
		branches = strings.Fields(string(out))
	}
	switch i := max(slices.Index(branches, "main"), slices.Index(branches, "master"), 0); {
	case len(branches) == 0:
		return e.WithHint("`git switch -c main` makes one")
	case r.leadsTo(ctx, "HEAD", "refs/heads/"+branches[i]):
		return e.WithHint("`git switch %s` checks it out; it has all that is here", branches[i])
	case r.leadsTo(ctx, "refs/heads/"+branches[i], "HEAD"):
		return e.WithHint("`git switch -C %s` checks it out, with what was committed since", branches[i])
	default:
		beside := "beside-" + commit[:min(8, len(commit))]
		return e.WithHint("`git branch -f %s && git switch %s && git merge %[1]s` checks it out, and brings in what was committed here", beside, branches[i])
	}
}

// leadsTo reports whether a commit is one of those that another leads to.
func (r *Repo) leadsTo(ctx context.Context, commit, from string) bool {
	_, err := r.Output(ctx, "merge-base", "--is-ancestor", commit, from)
	return err == nil
}
