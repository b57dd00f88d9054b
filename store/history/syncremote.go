package history

import (
	"bytes"
	"context"
	"strings"
	"time"

	casefile "klacht/case"
)

// remote is the repository that a register is shared through.
type remote struct {
	name     string // as git calls it here
	local    string // the branch here
	branch   string // the branch there
	upstream bool   // git's settings say so; else it is the only one there is
}

func (m *remote) ref() string  { return "refs/remotes/" + m.name + "/" + m.branch }
func (m *remote) head() string { return "refs/heads/" + m.local }

// remote returns what git's settings say the register is shared through.
func (r *Repo) remote(ctx context.Context) (*remote, error) {
	line := func(args ...string) string {
		out, err := r.Output(ctx, args...)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	m := &remote{local: line("symbolic-ref", "--quiet", "--short", "HEAD")}
	if m.local == "" {
		return nil, casefile.Errorf("no branch is checked out in the repository of the register").WithHint("`git switch main` checks one out")
	}
	m.name = line("config", "--get", "branch."+m.local+".remote")
	merge := line("config", "--get", "branch."+m.local+".merge")
	if name, ok := strings.CutPrefix(merge, "refs/heads/"); ok && m.name != "" && m.name != "." {
		m.branch, m.upstream = name, true
		return m, nil
	}
	switch names := strings.Fields(line("remote")); len(names) {
	case 0:
		return nil, casefile.Errorf("this register is not shared yet: its repository has no remote").
			WithHint("make an empty one, with `git init --bare` on a disk or server that all can reach; then `git remote add origin ADDRESS`, and `klacht sync`")
	case 1:
		m.name, m.branch = names[0], m.local
		return m, nil
	}
	return nil, casefile.Errorf("git knows more than one remote for this register").WithHint("`git push -u REMOTE %s` says which one to use", m.local)
}

// oid returns the commit that a ref names, or "".
func (r *Repo) oid(ctx context.Context, ref string) string {
	out, err := r.Output(ctx, "rev-parse", "--verify", "--quiet", ref+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// netLimit is how long fetching and sending may take.
const netLimit = 10 * time.Minute

// fetch brings what the remote has and returns its commit; "" if it has none yet.
func (r *Repo) fetch(ctx context.Context, m *remote) (string, error) {
	err := r.Do(ctx, Call{Limit: netLimit, Args: []string{"-c", "fetch.fsckObjects=true", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
		"fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", m.name, "+refs/heads/" + m.branch + ":" + m.ref()}})
	switch {
	case err == nil:
		return r.oid(ctx, m.ref()), nil
	case strings.Contains(err.Error(), "couldn't find remote ref"):
		return r.empty(ctx, m)
	case strings.Contains(err.Error(), "fsck"), strings.Contains(err.Error(), "unpack"), strings.Contains(err.Error(), "index-pack"):
		return "", casefile.Errorf("git does not take in what the other side has: %s", strings.TrimSuffix(err.Error(), ".")).
			WithHint("something there is no work of klacht or git; look at who can write to %s", m.name)
	}
	return "", away(m, err)
}

// empty says what to do where the remote has no branch of the name: if it has
// another, and only that, it is the one.
func (r *Repo) empty(ctx context.Context, m *remote) (string, error) {
	var out bytes.Buffer
	if err := r.Do(ctx, Call{Limit: netLimit, Args: []string{"ls-remote", "--quiet", "--heads", m.name}, Out: &out}); err != nil {
		return "", away(m, err)
	}
	heads := strings.Fields(out.String())
	if len(heads) == 0 {
		_ = r.Do(ctx, Call{Args: []string{"update-ref", "-d", m.ref()}})
		return "", nil
	}
	name := strings.TrimPrefix(heads[1], "refs/heads/")
	if len(heads) > 2 || m.upstream || name == m.branch {
		return "", casefile.Errorf("%s has no branch %s", m.name, m.branch).WithHint("`git push -u %s %s` makes it", m.name, m.local)
	}
	m.branch = name
	return r.fetch(ctx, m)
}

func away(m *remote, err error) error {
	return casefile.Errorf("%s cannot be reached: %s", m.name, strings.TrimSuffix(err.Error(), ".")).
		WithHint("nothing is lost: all changes are in the history here, and the next `klacht sync` that gets through sends them")
}

// push sends the branch. again reports that somebody else was faster.
func (r *Repo) push(ctx context.Context, m *remote) (again bool, err error) {
	var out bytes.Buffer
	args := []string{"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no"}
	if !m.upstream {
		args = append(args, "--set-upstream")
	}
	err = r.Do(ctx, Call{Limit: netLimit, Args: append(args, m.name, m.head()+":refs/heads/"+m.branch), Out: &out})
	if err == nil {
		return false, nil
	}
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "!") {
			continue
		}
		for _, race := range []string{"[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value"} {
			if strings.Contains(line, race) {
				return true, nil
			}
		}
		f := strings.Split(strings.TrimSpace(line), "\t")
		return false, casefile.Errorf("%s refuses what is sent: %s", m.name, casefile.OneLine(f[len(f)-1])).
			WithHint("nothing is lost: all changes are in the history here")
	}
	return false, away(m, err)
}
