package history

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Synced says what a sync has done.
type Synced struct {
	Received   []string      // the complaints and other files that changed here
	Sent       []string      // those that changed on the other side
	Conflicts  []Conflict    // what must be decided first; then nothing else was done
	Renumbered []Renumbering // complaints that have another number now
	Restored   []casefile.ID // that one side had removed without a purge
	Erased     []casefile.ID // cases that were purged on one side, and are gone from the history here now
	Open       []casefile.ID // those of them that were open here
	Remotes    []Remote      // what that came to elsewhere
}

// maxRounds is how often a sync begins anew because somebody else was faster.
const maxRounds = 10

// Sync shares the register with others through the remote of its repository: it
// commits what is not committed, takes in what the others did, merging by meaning,
// and sends the result. Nothing of what comes in touches a file before all of it
// was looked at. Where the two differ in a way that decide does not settle, nothing
// is merged, and the conflicts are returned.
//
// An error means that not all was shared; whatever happens, the changes made here
// are in the history here.
func (k *Keeper) Sync(ctx context.Context, reg *store.Register, decide Decide) (*Synced, error) {
	done, err := reg.Syncing()
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := k.Repo()
	if err != nil {
		return nil, err
	}
	if r.Prefix != "" {
		return nil, casefile.Errorf("the register lies inside another git repository, which is not klacht's to share").
			WithHint("`git init` in %s gives it its own", reg.Dir)
	}
	s := &syncing{k: k, r: r, reg: reg, decide: decide, did: &Synced{}}
	if err := s.locked(ctx, (*store.Writer).Sweep); err != nil { // whatever comes, the work is committed
		return nil, err
	}
	m, err := r.remote(ctx)
	if err == nil {
		err = r.Driver(ctx)
	}
	if err != nil {
		return nil, err
	}
	for range maxRounds {
		known := r.oid(ctx, m.ref())
		theirs, err := r.fetch(ctx, m)
		if err != nil {
			return s.did, err
		}
		if err := s.locked(ctx, func(w *store.Writer) error { return s.round(ctx, w, m, known, theirs) }); err != nil || s.did.Conflicts != nil {
			return s.did, err
		}
		if s.once {
			continue
		}
		if r.oid(ctx, m.head()) == r.oid(ctx, m.ref()) {
			return s.did, nil
		}
		again, err := r.push(ctx, m)
		if err != nil {
			return s.did, err
		}
		if !again {
			s.did.Sent, err = r.between(ctx, theirs, r.oid(ctx, m.ref()))
			return s.did, err
		}
	}
	return s.did, casefile.Errorf("others send changes all the time").WithHint("nothing is lost: all changes are in the history here; try again later")
}

// syncing is a sync under way.
type syncing struct {
	k      *Keeper
	r      *Repo
	reg    *store.Register
	decide Decide
	did    *Synced
	once   bool // the last round has only prepared the ground; the next looks at all anew
}

// locked does something under the lock of the register, after all of it was
// committed.
func (s *syncing) locked(ctx context.Context, do func(*store.Writer) error) error {
	w, err := s.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.Tighten(); err != nil {
		return casefile.Errorf("cannot write to the register: %v", err)
	}
	s.k.begun, s.k.Whole = false, true
	s.k.Before(w, "")
	if s.k.err != nil {
		return s.k.err
	}
	return do(w)
}

// round takes in what the other side has, a commit; known is the one that it had
// when it was last looked at.
func (s *syncing) round(ctx context.Context, w *store.Writer, m *remote, known, theirs string) error {
	s.once = false
	r := s.r
	from := r.oid(ctx, "HEAD")
	here, err := r.snapshot(ctx, from)
	if err != nil {
		return err
	}
	there, err := r.snapshot(ctx, theirs)
	if err != nil {
		return err
	}
	o := &odb{r: r}
	defer func() { _ = o.close() }()
	if err := o.hashes(ctx); err != nil {
		return err
	}
	if err := s.sendable(ctx, o, here, there); err != nil || theirs == "" || theirs == from {
		return err
	}
	if err := s.acceptable(ctx, o, there); err != nil {
		return err
	}
	plan, err := s.numbers(ctx, o, w, known, theirs, here, there)
	if err != nil {
		return err
	}
	if len(plan) > 0 {
		if err := r.onlyHere(ctx, m, plan, theirs); err != nil {
			return err
		}
		tip, err := r.renumber(ctx, o, plan, from, theirs)
		if err != nil {
			return err
		}
		s.once = true
		s.did.Renumbered = append(s.did.Renumbered, plan...)
		return r.apply(ctx, w, underWay{from, tip, plan})
	}
	if s.once, err = s.erase(ctx, o, w, theirs, here, there); err != nil || s.once {
		return err
	}
	base, err := r.mergeBase(ctx, from, theirs)
	if err != nil {
		return err
	}
	if base == theirs && !lost(here, there) {
		return nil // nothing new there
	}
	before, err := r.snapshot(ctx, base)
	if err != nil {
		return err
	}
	merge := &sides{odb: o, base: before, here: here, there: there, decide: s.decide}
	files, err := merge.merge(ctx)
	if err != nil {
		return err
	}
	if merge.conflicts != nil {
		s.did.Conflicts = merge.conflicts
		return nil
	}
	s.did.Restored = merge.restored
	to, err := r.mergeCommit(ctx, o, files, base, from, theirs, here, there)
	if err != nil {
		return err
	}
	if to == from {
		return nil
	}
	if err := r.apply(ctx, w, underWay{from, to, nil}); err != nil {
		return err
	}
	received, err := r.between(ctx, from, to)
	for _, name := range received {
		if !slices.Contains(s.did.Received, name) {
			s.did.Received = append(s.did.Received, name)
		}
	}
	return err
}

// lost reports whether a case of the other side is not here.
func lost(here, there snapshot) bool {
	have := map[casefile.ID]bool{}
	for name := range here {
		if part, id := store.PartOf(name); part == store.PartCase {
			have[id] = true
		}
	}
	for name := range there {
		if part, id := store.PartOf(name); part == store.PartCase && !have[id] {
			return true
		}
	}
	return false
}

// sendable refuses to send what the other side could not take in: what is not of
// a register, and cases that cannot be read.
func (s *syncing) sendable(ctx context.Context, o *odb, here, there snapshot) error {
	if err := here.foreign(); err != nil {
		return casefile.Errorf("the history here cannot be shared: %v", err).
			WithHint("take it out with `git rm --cached`; what is not of the register stays out of its history")
	}
	cases, _, err := here.cases()
	if err != nil {
		return err
	}
	for _, id := range slices.SortedFunc(maps.Keys(cases), casefile.ID.Compare) {
		c := cases[id]
		if there[c.path].id == c.id {
			continue
		}
		data, err := o.must(ctx, c.id, "blob")
		if err != nil {
			return err
		}
		if _, err := store.ParseFile(c.path, data, s.reg.Policy); err != nil {
			return casefile.Errorf("a complaint that cannot be read is not sent: %v", err).WithHint("`klacht edit %s` mends it; nothing was sent or merged", id)
		}
	}
	return nil
}

// acceptable refuses what no register has.
func (s *syncing) acceptable(ctx context.Context, o *odb, there snapshot) error {
	refused := func(err error) error {
		return casefile.Errorf("the other side has what no register has: %v", err).
			WithHint("take it out there, with git; nothing of it has come into your register")
	}
	if err := there.foreign(); err != nil {
		return refused(err)
	}
	if there[store.PolicyFile].id == "" {
		return casefile.Errorf("the other side is not a register: there is no %s in it", store.PolicyFile).
			WithHint("look at the address of the remote: `git remote -v`")
	}
	if id := there[".gitattributes"].id; id != "" {
		data, err := o.must(ctx, id, "blob")
		if err != nil {
			return err
		}
		if !plainAttributes(data) {
			return refused(casefile.Errorf("%s asks git for more than a register needs", ".gitattributes"))
		}
	}
	return nil
}

// mergeBase returns the commit that two began with.
func (r *Repo) mergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := r.Output(ctx, "merge-base", "--all", a, b)
	if ExitCode(err) == 1 {
		return "", casefile.Errorf("the other side is another register: the two have no history in common").
			WithHint("to work on one register together, clone it: `git clone ADDRESS`")
	} else if err != nil {
		return "", err
	}
	bases := strings.Fields(string(out))
	slices.Sort(bases)
	return bases[0], nil
}

// mergeCommit returns a commit with the files that follows both: one of them, if
// that will do.
func (r *Repo) mergeCommit(ctx context.Context, o *odb, files map[string]string, base, ours, theirs string, here, there snapshot) (string, error) {
	same := func(s snapshot) bool {
		return len(s) == len(files) && !slices.ContainsFunc(slices.Collect(maps.Keys(files)), func(n string) bool { return s[n].id != files[n] })
	}
	if base == ours && same(there) {
		return theirs, nil
	}
	tree, err := o.putTree(ctx, files)
	if err == nil {
		err = o.flush(ctx)
	}
	if err != nil {
		return "", err
	}
	parents := []string{ours, theirs}
	switch base {
	case ours:
		parents = parents[1:]
	case theirs:
		parents = parents[:1]
	}
	return r.commitTree(ctx, tree, "sync", parents...)
}

// commitTree makes a commit, signed if the user's settings say so.
func (r *Repo) commitTree(ctx context.Context, tree, message string, parents ...string) (string, error) {
	env, err := r.identity(ctx)
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", tree, "-m", message}
	if out, err := r.Output(ctx, "config", "--type=bool", "--get", "commit.gpgSign"); err == nil && strings.TrimSpace(string(out)) == "true" {
		args = append(args, "-S")
	}
	for _, p := range parents {
		args = append(args, "-p", p)
	}
	var out strings.Builder
	if err := r.Do(ctx, Call{Args: args, Out: &out, Env: env}); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// between returns what differs between two commits: the numbers of cases, and the
// paths of other files.
func (r *Repo) between(ctx context.Context, from, to string) ([]string, error) {
	a, err := r.snapshot(ctx, from)
	if err != nil {
		return nil, err
	}
	b, err := r.snapshot(ctx, to)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, name := range pathsChanged(a, b) {
		if _, id := store.PartOf(name); id != "" {
			name = string(id)
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, func(a, b string) int { // complaints first
		isCase := func(s string) int { return min(casefile.ID(s).Year(), 1) }
		return cmp.Or(cmp.Compare(isCase(b), isCase(a)), casefile.ID(a).Compare(casefile.ID(b)), cmp.Compare(a, b))
	})
	return list, nil
}
