package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// NotOwn is the error for a register inside a larger repository, which is not
// klacht's to share or to rewrite.
func NotOwn() error {
	return casefile.Errorf("the history is that of a larger repository, and is not rewritten: purged complaints stay in it").
		WithHint("give the register a repository of its own, or rewrite the history yourself, with git filter-repo")
}

// elsewhere erases at the remotes what is gone, notes what could not be done there,
// and says what is pending.
func (s *sharing) elsewhere(ctx context.Context) error {
	gone, err := s.k.Gone(s.reg)
	if err != nil || len(gone) == 0 {
		return err
	}
	s.gone = gone
	rec, names, err := s.r.noted(ctx, gone)
	if err != nil {
		return err
	}
	for _, name := range names {
		todo := rec.without(name, gone)
		if len(todo) == 0 || s.order.Local {
			continue
		}
		p := s.eraseThere(ctx, rec, name, todo)
		for _, g := range todo {
			if p.Why == "" {
				rec.mark(name, g.keyOf())
			} else {
				rec.wait(name, g.keyOf(), p)
			}
		}
	}
	if err := rec.write(false); err != nil {
		return err
	}
	s.did.Pending = s.r.Pending(gone)
	if len(rec.left) > 0 { // which is told once: nothing can be done about it from here
		rec.left = nil
		return rec.write(false)
	}
	return nil
}

// eraseThere erases at one remote, and returns what it waits for; no Why if for
// nothing.
func (s *sharing) eraseThere(ctx context.Context, rec *record, name string, todo []Gone) Pending {
	wait := func(why Why, what string) Pending { return Pending{Place: name, Why: why, What: what} }
	for _, g := range todo {
		if !s.told(ctx, g) {
			return wait(Uncommitted, "")
		}
	}
	if s.did.Away != nil && name == s.main {
		return waitingFor(name, s.did.Away)
	}
	if s.m == nil || s.m.name != name { // what is shared through was sent to already
		if p := s.sendThere(ctx, rec, name, todo); p.Why != "" {
			return p
		}
	}
	for _, addr := range s.r.addresses(ctx, name) {
		if strings.HasPrefix(addr, sealedBy) {
			if p := s.r.eraseSealed(ctx, rec, name, addr, s.gone); p.Why != "" {
				return p
			}
			continue
		}
		bare, err := s.r.bareAt(ctx, addr)
		switch {
		case errors.Is(err, errForeign):
			return wait(Foreign, bare)
		case err != nil:
			return wait(Away, err.Error())
		case bare == "":
			if was := rec.asks[name]; was != "" && s.r.stillHas(ctx, addr, was) {
				return wait(Server, serverClean(addr))
			}
			continue
		}
		did := s.inPlace[addr]
		if did == nil {
			if did, err = s.r.eraseAt(ctx, bare, s.gone); err != nil {
				return waitingFor(name, err)
			}
		}
		for _, h := range did.held {
			return wait(Held, h.Name+": "+h.Type)
		}
	}
	delete(rec.asks, name)
	return Pending{}
}

// eraseInPlace erases at the addresses of a remote that are bare repositories on this
// machine, if they have to be rewritten. The branches there then name what those here do,
// and nothing has to be forced. One that was not told yet is sent the lines first, with
// what is left of the history, unless it lets nothing be forced.
func (s *sharing) eraseInPlace(ctx context.Context, name string, told bool) error {
	if s.moved[name] == nil {
		return nil
	}
	for _, addr := range s.r.addresses(ctx, name) {
		bare, err := s.r.bareAt(ctx, addr)
		if err != nil || bare == "" || !told && !s.r.unforced(ctx, bare) {
			return nil // what is sent says what is wrong
		}
		if s.inPlace[addr], err = s.r.eraseAt(ctx, bare, s.gone); err != nil {
			return err
		}
		for _, h := range s.inPlace[addr].held {
			if strings.HasPrefix(h.Name, "worktree ") { // git takes nothing that is sent to its branch
				return casefile.Errorf("what was erased is checked out there: %v", &stopped{Held, h.Name + ": " + h.Type})
			}
		}
	}
	delete(s.moved, name)
	return nil
}

// unforced reports whether a bare repository on this machine takes no history that
// replaces another.
func (r *Repo) unforced(ctx context.Context, bare string) bool {
	o := &odb{r: r, env: []string{"GIT_DIR=" + bare}}
	for _, key := range []string{"receive.denyNonFastForwards", "receive.denyDeletes"} {
		if out, _ := o.output(ctx, "config", "--type=bool", "--get", key); strings.TrimSpace(string(out)) == "true" {
			return true
		}
	}
	return false
}

// told reports whether the line of an erasure is in the last commit.
func (s *sharing) told(ctx context.Context, g Gone) bool {
	if s.committed == nil {
		o := &odb{r: s.r}
		defer func() { _ = o.close() }()
		lines, err := s.lines(ctx, o, "HEAD")
		if err != nil {
			return false
		}
		s.committed = map[string]bool{}
		for _, l := range lines {
			s.committed[goneIn(l).keyOf()] = true
		}
	}
	return s.committed[g.keyOf()]
}

// sendThere brings what a further remote has of the register, erases in that, and
// sends it back. A repository that does not bear the key of the register is not
// touched.
func (s *sharing) sendThere(ctx context.Context, rec *record, name string, todo []Gone) Pending {
	at, err := s.r.fetch(ctx, name)
	if err != nil {
		return waitingFor(name, err)
	}
	other := &sharing{k: s.k, r: s.r, reg: s.reg, order: s.order, m: &remote{name: name, upstream: true}, did: s.did, moved: s.moved, inPlace: s.inPlace, gone: s.gone}
	var commits []string
	for _, id := range at {
		if other.acceptable(ctx, id) == nil { // else it is another register, or none: it is left alone
			commits = append(commits, id)
		}
	}
	came, err := s.r.bearing(ctx, todo, commits...)
	if err != nil {
		return waitingFor(name, err)
	}
	if len(came) > 0 {
		if err := s.locked(ctx, func(*store.Writer) error { return s.eraseHere(ctx, rec, came, nil) }); err != nil {
			return waitingFor(name, err)
		}
	}
	if err := s.eraseInPlace(ctx, name, false); err != nil {
		return waitingFor(name, err)
	}
	was, to := s.moved[name], map[string]string{}
	for branch := range was {
		to[branch] = s.r.oid(ctx, tracked(name)+branch)
	}
	if len(to) == 0 {
		return Pending{}
	}
	again, err := s.r.push(ctx, other.m, to, was)
	if again {
		err = errOthers()
	}
	if err != nil {
		return waitingFor(name, err)
	}
	delete(s.moved, name)
	return Pending{}
}

// addresses returns the addresses of a remote, as git resolves them.
func (r *Repo) addresses(ctx context.Context, name string) (list []string) {
	for _, addr := range append(r.urls(ctx, "--all", "--", name), r.urls(ctx, "--push", "--all", "--", name)...) {
		if !slices.Contains(list, addr) {
			list = append(list, addr)
		}
	}
	return list
}

// urls returns what git says are addresses of a remote; none where there are none.
func (r *Repo) urls(ctx context.Context, which ...string) (list []string) {
	out, _ := r.Output(ctx, append([]string{"remote", "get-url"}, which...)...)
	for addr := range strings.Lines(string(out)) {
		if addr = strings.TrimSpace(addr); addr != "" {
			list = append(list, addr)
		}
	}
	return list
}

var errForeign = errors.New("of another user")

// helper is how an address of a helper of git's begins, such as gcrypt::.
var helper = casefile.Pattern(`^[A-Za-z0-9][A-Za-z0-9+.-]*::`)

// folderOf returns the folder of an address that is of this machine, as git reads it;
// false if it is of a server, or for a helper.
func folderOf(addr string) (dir string, ok bool) {
	if u, err := url.Parse(addr); err == nil && u.Scheme == "file" {
		return filepath.FromSlash(u.Path), true
	}
	before, _, colon := strings.Cut(addr, ":")
	return addr, !colon || strings.Contains(before, "/") || filepath.VolumeName(addr) != ""
}

// bareAt returns the folder of a bare repository on this machine, if an address
// is of one; "" if it is of something else. One of another user gives errForeign.
func (r *Repo) bareAt(ctx context.Context, addr string) (string, error) {
	dir, ok := folderOf(addr)
	if !ok {
		return "", nil
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Dir, dir)
	}
	for _, dir := range []string{filepath.Join(dir, ".git"), dir, filepath.Join(dir+".git", ".git"), dir + ".git"} { // in git's order
		info, err := os.Stat(filepath.Join(dir, "objects"))
		if errors.Is(err, fs.ErrPermission) {
			return dir, errForeign
		} else if err != nil || !info.IsDir() {
			continue
		}
		if filepath.Base(dir) == ".git" {
			return "", nil // somebody works in it
		}
		o := &odb{r: r, env: []string{"GIT_DIR=" + dir}}
		out, err := o.output(ctx, "rev-parse", "--is-bare-repository")
		if err != nil || strings.TrimSpace(string(out)) != "true" {
			continue
		}
		if !ownedByUs(info) {
			return dir, errForeign
		}
		return dir, nil
	}
	return "", nil
}

// eraseAt erases from a bare repository on this machine.
func (r *Repo) eraseAt(ctx context.Context, dir string, gone []Gone) (*cleaned, error) {
	roots, err := r.roots(ctx)
	if err != nil {
		return nil, err
	}
	p := &place{odb: &odb{r: r, env: []string{"GIT_DIR=" + dir}}, gitDir: dir, bare: true, roots: roots}
	if info, err := os.Stat(filepath.Join(dir, "objects")); err == nil && info.Mode()&0o077 != 0 { // whoever can read it can still do so afterwards
		if _, err := p.output(ctx, "config", "--get", "core.sharedRepository"); err != nil {
			p.set = []string{fmt.Sprintf("core.sharedRepository=%#o", info.Mode().Perm()&0o666)}
		}
	}
	if err := p.ready(ctx); err != nil {
		return nil, err
	}
	defer func() { _ = p.close() }()
	return p.erase(ctx, gone)
}

// serverClean is the command that makes a repository let go of what nothing leads
// to, at an address of git's. Where that is for a helper, only whoever set it up knows
// the folder.
func serverClean(addr string) string {
	dir := addr
	if helper().MatchString(addr) {
		return "git gc --prune=now"
	}
	if u, err := url.Parse(addr); err == nil && strings.Contains(addr, "://") {
		dir = u.Path
	} else if _, path, ok := strings.Cut(addr, ":"); ok {
		dir = path
	}
	return "git -C '" + strings.ReplaceAll(strings.TrimPrefix(dir, "/~/"), "'", `'\''`) + "' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"
}

// asked is the folder in which the commits stand that a server is asked for: they
// say who did what to which number, and nothing else of them is there.
func (r *Repo) asked() string { return filepath.Join(r.GitDir, "klacht-asked") }

// asks reports whether that folder is there, whole: a git that was killed while it made
// it has not come to what it makes last.
func (r *Repo) asks() bool { return isThere(filepath.Join(r.asked(), "objects", "info")) }

// askFor keeps a commit that was rewritten, to be able to ask a server for it.
func (r *Repo) askFor(ctx context.Context, commit []byte) (id string, err error) {
	dir := r.asked()
	if !r.asks() {
		_ = os.RemoveAll(dir) // git says what is wrong
		if err := r.Do(ctx, Call{Args: []string{"init", "--quiet", "--bare", dir}}); err != nil {
			return "", err
		}
	}
	var out strings.Builder
	env := []string{"GIT_DIR=" + dir}
	if err := r.Do(ctx, Call{Args: []string{"hash-object", "-w", "-t", "commit", "--literally", "--stdin"}, In: bytes.NewReader(commit), Out: &out, Env: env}); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// stillHas reports whether a server still has a commit, also one that nothing leads
// to. It is asked what it has in common with one who has that commit alone (version 2
// of git's protocol); nothing is fetched. A server that does not say counts as one
// that has it.
func (r *Repo) stillHas(ctx context.Context, addr, commit string) bool {
	dir := r.asked()
	if os.WriteFile(filepath.Join(dir, "shallow"), []byte(commit+"\n"), 0o600) != nil {
		return true
	}
	env := append(configEnv(map[string]string{"remote." + placeName + ".url": addr}), "GIT_DIR="+dir)
	var out strings.Builder
	err := r.Do(ctx, Call{Limit: netLimit, Args: []string{"-c", "protocol.version=2", "fetch", "--negotiate-only", "--negotiation-tip=" + commit, placeName},
		Out: &out, Env: env})
	if strings.Contains(out.String(), commit) {
		return true
	}
	return err != nil && !strings.Contains(err.Error(), "acknowledgments")
}
