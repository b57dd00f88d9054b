package history

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
)

// Remote is a repository elsewhere that the register is pushed to, and what an
// erasure came to there.
type Remote struct {
	Name string   // as git calls it here
	Err  error    // why it is left for later; nil: it is done
	Kept []string // the refs that the server does not let go of, and that still lead to the cases
	Type string   // what has to be typed on the server, so that it lets go of what nothing leads to; "": nothing
	Own  bool     // the server cleans up at a time of its own

	url, bare string // bare: the folder of a bare repository on this machine
}

// netTime is how long a git that uses the network may take over a whole history.
const netTime = 30 * time.Minute

// key is what the record knows a remote by: its address may hold a password.
func (m Remote) key() string {
	sum := sha256.Sum256([]byte(m.url))
	return hex.EncodeToString(sum[:16])
}

// remotes lists the repositories that the register is fetched from or pushed to.
func (r *Repo) remotes(ctx context.Context) ([]Remote, error) {
	out, err := r.Output(ctx, "remote")
	if err != nil {
		return nil, err
	}
	var list []Remote
	for _, name := range strings.Fields(string(out)) {
		for _, args := range [][]string{{"remote", "get-url", "--all", "--", name}, {"remote", "get-url", "--push", "--all", "--", name}} {
			out, err := r.Output(ctx, args...)
			if err != nil {
				continue // a remote without an address, of which there is nothing to be fetched
			}
			for addr := range strings.Lines(string(out)) {
				addr = strings.TrimSpace(addr)
				if addr != "" && !slices.ContainsFunc(list, func(m Remote) bool { return m.url == addr }) {
					list = append(list, Remote{Name: name, url: addr, bare: r.bareAt(ctx, addr)})
				}
			}
		}
	}
	return list, nil
}

// bareAt returns the folder of a bare repository on this machine, if an address
// is of one.
func (r *Repo) bareAt(ctx context.Context, addr string) string {
	dir := addr
	if u, err := url.Parse(addr); err == nil && u.Scheme == "file" {
		dir = filepath.FromSlash(u.Path)
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Dir, dir)
	}
	for _, dir := range []string{dir, dir + ".git"} {
		if info, err := os.Stat(filepath.Join(dir, "objects")); err != nil || !info.IsDir() {
			continue
		}
		o := &odb{r: r, env: []string{"GIT_DIR=" + dir}}
		if out, err := o.output(ctx, "rev-parse", "--is-bare-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
			return dir
		}
	}
	return ""
}

// fetchedRefs is where the refs of a remote stand during an erasure.
const fetchedRefs = "refs/klacht/erase/"

func fetchedFrom(i int) string { return fmt.Sprintf("%s%d/", fetchedRefs, i) }

// fetch brings all that a remote has, so that all of it can be rewritten.
func (p *place) fetch(ctx context.Context, m *Remote, i int) error {
	return p.git(ctx, Call{Limit: netTime, Args: []string{"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
		"--no-recurse-submodules", "--refmap=", "--", m.url, "+refs/*:" + fetchedFrom(i) + "*"}})
}

// dropFetched removes the refs of the remotes again.
func (p *place) dropFetched(ctx context.Context) error {
	out, err := p.output(ctx, "for-each-ref", "--format=%(refname)", fetchedRefs)
	if err != nil || len(out) == 0 {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(out)) {
		b.WriteString("delete " + line)
	}
	return p.git(ctx, Call{Args: []string{"update-ref", "--no-deref", "--stdin"}, In: strings.NewReader(b.String())})
}

// push gives the refs of a remote what became of them here, each only if it is
// still what it was when it was fetched.
func (p *place) push(ctx context.Context, m *Remote, i int, refs []ref) {
	args := []string{"push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no"}
	var specs []string
	want := map[string]string{}
	for _, r := range refs {
		if name, ok := strings.CutPrefix(r.name, fetchedFrom(i)); ok && r.new != r.old {
			name = "refs/" + name
			args = append(args, "--force-with-lease="+name+":"+r.old)
			specs = append(specs, r.new+":"+name)
			want[name] = r.new
		}
	}
	if specs == nil {
		return
	}
	var out bytes.Buffer
	err := p.git(ctx, Call{Limit: netTime, Args: slices.Concat(args, []string{"--", m.url}, specs), Out: &out})
	refused := ""
	var is map[string]string
	for line := range strings.Lines(out.String()) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if f[0] != "!" || len(f) < 3 {
			continue
		}
		_, name, _ := strings.Cut(f[1], ":")
		if is == nil {
			if is, m.Err = p.remoteRefs(ctx, m); m.Err != nil {
				return
			}
		}
		if is[name] == want[name] { // somebody else has done it, or it has two addresses
			continue
		}
		if strings.HasPrefix(name, "refs/heads/") || strings.HasPrefix(name, "refs/tags/") {
			refused = name
		} else {
			m.Kept = append(m.Kept, name)
		}
	}
	switch {
	case refused != "":
		m.Err = casefile.Errorf("the server refuses the cleaned %s", casefile.OneLine(refused)).
			WithHint("allow forced pushes to it there for a moment (receive.denyNonFastForwards, a protected branch); then: klacht purge")
	case err != nil && is == nil:
		m.Err = err
	default:
		p.cleanServer(ctx, m)
	}
}

// Announce sends the branch that is checked out, with the lines in purged.yaml, to
// the repositories in which an Erase has erased: from there the other clones hear
// what they are to let go of. It overwrites nothing: where others have sent
// changes in the meantime, the erasure counts as left for later.
func (r *Repo) Announce(ctx context.Context, ids []casefile.ID, done *Erasure) error {
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	out, err := p.output(ctx, "symbolic-ref", "-q", "HEAD")
	head := strings.TrimSpace(string(out))
	if err != nil || len(done.Remotes) == 0 {
		return nil // no branch, so there is none to be sent
	}
	tip, err := p.output(ctx, "rev-parse", "--verify", "-q", head)
	if err != nil {
		return nil
	}
	rec := r.record()
	for _, m := range done.Remotes {
		if m.Err == nil {
			rec.forget(ids, m.key()) // killed while it sends, the next purge looks there again
		}
	}
	rec.busy = true
	if err := rec.put(); err != nil {
		return err
	}
	for i := range done.Remotes {
		m := &done.Remotes[i]
		if m.Err != nil {
			continue
		}
		name := head
		branch := "branch." + strings.TrimPrefix(head, "refs/heads/")
		if out, err := p.output(ctx, "config", "--get", branch+".remote"); err == nil && strings.TrimSpace(string(out)) == m.Name {
			if out, err := p.output(ctx, "config", "--get", branch+".merge"); err == nil {
				name = strings.TrimSpace(string(out))
			}
		}
		is, err := p.remoteRefs(ctx, m)
		if err == nil && is[name] != "" && is[name] != strings.TrimSpace(string(tip)) {
			err = p.git(ctx, Call{Limit: netTime, Args: []string{"push", "--quiet", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no", "--", m.url, head + ":" + name}})
			if err != nil {
				err = casefile.Errorf("others have sent changes there, so they do not know yet what was purged").WithHint("klacht sync")
			}
		}
		if m.Err = err; err == nil {
			rec.mark(m.key(), ids)
		}
	}
	rec.busy = false
	return rec.put()
}

// remoteRefs returns what the refs of a remote are now.
func (p *place) remoteRefs(ctx context.Context, m *Remote) (map[string]string, error) {
	is := map[string]string{}
	var out bytes.Buffer
	if err := p.git(ctx, Call{Limit: netTime, Args: []string{"ls-remote", "--quiet", "--", m.url}, Out: &out, Read: true}); err != nil {
		return nil, err
	}
	for line := range strings.Lines(out.String()) {
		if id, name, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			is[name] = id
		}
	}
	return is, nil
}

// cleanServer makes a server let go of what nothing leads to any more, where
// that is possible: over ssh, on an account that can run git.
func (p *place) cleanServer(ctx context.Context, m *Remote) {
	account, port, dir, ok := sshAddress(m.url)
	if !ok {
		if dir := m.url; !strings.Contains(dir, "://") {
			m.Type = serverClean(dir)
		} else {
			m.Own = true
		}
		return
	}
	ctx, cancel := context.WithTimeout(ctx, netTime)
	defer cancel()
	var args []string
	if port != "" {
		args = append(args, "-p", port)
	}
	args = append(args, account, serverClean(dir))
	c := exec.CommandContext(ctx, "ssh", args...)
	if command := p.sshCommand(ctx); command != "" {
		c = exec.CommandContext(ctx, "sh", append([]string{"-c", command + ` "$@"`, "ssh"}, args...)...)
	}
	c.Dir, c.Env = p.r.Dir, p.r.env
	if c.Run() != nil {
		m.Type = serverClean(dir)
	}
}

// serverClean is the command that makes a repository let go of what nothing
// leads to.
func serverClean(dir string) string {
	git := "git -C '" + strings.ReplaceAll(dir, "'", `'\''`) + "' "
	return git + "reflog expire --expire=now --all && " + git + "repack -a -d -q && " + git + "prune --expire=now"
}

// sshCommand is the user's own way to call ssh; "" if it is just ssh.
func (p *place) sshCommand(ctx context.Context) string {
	program := ""
	for _, v := range p.r.env {
		if c, ok := strings.CutPrefix(v, "GIT_SSH_COMMAND="); ok && c != "" {
			return c
		}
		if c, ok := strings.CutPrefix(v, "GIT_SSH="); ok && c != "" {
			program = "'" + strings.ReplaceAll(c, "'", `'\''`) + "'"
		}
	}
	if out, err := p.output(ctx, "config", "--get", "core.sshCommand"); err == nil {
		return strings.TrimSpace(string(out))
	}
	return program
}

// sshAddress reads an address of git's that goes over ssh.
func sshAddress(addr string) (account, port, dir string, ok bool) {
	if strings.Contains(addr, "://") {
		u, err := url.Parse(addr)
		if err != nil || u.Scheme != "ssh" && u.Scheme != "git+ssh" && u.Scheme != "ssh+git" {
			return "", "", "", false
		}
		account, port, dir = u.Hostname(), u.Port(), u.Path
		if u.User != nil {
			account = u.User.Username() + "@" + account
		}
		dir = strings.TrimPrefix(dir, "/~/") // the home folder is where a command starts
	} else {
		host, path, found := strings.Cut(addr, ":")
		if !found || strings.ContainsAny(host, `/\`) || len(host) < 2 { // C:\register
			return "", "", "", false
		}
		account, dir = host, strings.TrimPrefix(path, "~/")
	}
	return account, port, dir, dir != "" && !strings.HasPrefix(account, "-") && !strings.HasPrefix(dir, "-")
}
