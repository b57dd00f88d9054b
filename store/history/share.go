package history

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Order says what is to be shared, and what is to be done beside that.
type Order struct {
	Decide Decide                    // whose version holds where two cannot both stand; nil leaves all to be decided
	Work   func(*store.Writer) error // done once both sides have come together, under the lock: what removes complaints; nil: nothing
	Going  func(casefile.ID) error   // told of each complaint before it goes because it was erased elsewhere; nil: nobody
	Today  casefile.Date             // the day on which it is kept what was to be erased
	Local  bool                      // nothing is fetched or sent
}

// Shared says what was shared.
type Shared struct {
	Received   []string         // the complaints and other files that changed here
	Sent       []string         // those that changed on the other side
	Conflicts  []Conflict       // what must be decided first; then nothing was done
	Restored   []casefile.ID    // that one side had removed without a purge
	Removed    []casefile.ID    // that went here, because they were erased on another machine
	Erased     []casefile.ID    // that are gone from the history here now
	Renumbered [][2]casefile.ID // complaints whose number another has on the other side: what it was, and is
	Twins      [][2]casefile.ID // complaints that have one mail: one that stands here, and one that came in
	Unfit      []casefile.ID    // of which the other side has a line in purged.yaml that fits no complaint here
	Pending    []Pending        // erasures that are not complete
	Away       error            // why the remote could not be reached; only where there was other work
}

// maxRounds is how often a sync begins anew because somebody else was faster.
const maxRounds = 10

// workLimit is how long the others are waited for before work is done without them.
const workLimit = time.Minute

// sharing is a sync under way.
type sharing struct {
	k      *Keeper
	r      *Repo
	reg    *store.Register
	order  Order
	m      *remote // nil: there is none, or it is not to be reached
	main   string  // its name
	worked bool    // the work is done
	later  bool    // something is to be erased here once the others have been told
	look   bool    // through all of the repository, where it has changed
	did    *Shared

	moved     map[string]map[string]string // branches of remotes that were rewritten here: what they are there
	erased    []Gone                       // what purged.yaml of either side says is gone
	inPlace   map[string]*cleaned          // what an erasure at a remote on this machine came to
	gone      []Gone                       // what is to be nowhere
	sent      map[string]bool              // what that of the other side says
	committed map[string]bool              // what that of the last commit says
}

// Share shares the register with others through the remote of its repository: it
// takes in what the others did, merging by meaning, does the work that it is given,
// and sends the result; last it erases what is to be erased, here and there. Nothing
// is changed before all of what comes in was looked at, and the lock is not held
// while the network is waited for. Where the two cannot both stand and nobody has
// decided, nothing is merged and no work is done, and the conflicts are returned.
//
// An error means that nothing was changed but by the work, if that was done; what
// could not be sent is in the history here. A remote that cannot be reached is an
// error, unless there is work.
func (k *Keeper) Share(ctx context.Context, reg *store.Register, order Order) (*Shared, error) {
	if order.Decide == nil {
		order.Decide = NoChoice
	}
	done, err := reg.Syncing()
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := k.Repo()
	if err == nil && r.Prefix != "" {
		err = NotOwn()
	}
	if err == nil {
		err = r.Ready(ctx)
	}
	if err == nil {
		err = r.strayRef()
	}
	if err != nil {
		return nil, err
	}
	s := &sharing{k: k, r: r, reg: reg, order: order, look: order.Work != nil, moved: map[string]map[string]string{}, inPlace: map[string]*cleaned{}, did: &Shared{}}
	if err := s.findRemote(ctx); err != nil {
		return nil, err
	}
	if err := r.Driver(ctx); err != nil {
		return nil, err
	}
	for range maxRounds {
		again, err := s.round(ctx)
		if err != nil && s.worked { // it is done here, and waits to be told elsewhere
			return s.did, s.putOff(ctx, err)
		}
		if err != nil || s.did.Conflicts != nil {
			return s.did, err
		}
		if !again {
			return s.did, s.elsewhere(ctx)
		}
	}
	if s.worked {
		return s.did, s.putOff(ctx, errOthers())
	}
	return s.did, errOthers()
}

func errOthers() error {
	return casefile.Errorf("others send changes all the time").WithHint("nothing is lost: all changes are in the history here; try again later")
}

// putOff erases here what was to be told elsewhere first, and could not be.
func (s *sharing) putOff(ctx context.Context, why error) error {
	s.did.Away, s.m = why, nil
	if err := s.locked(ctx, func(w *store.Writer) error { return s.clean(ctx, w, nil) }); err != nil {
		return err
	}
	return s.elsewhere(ctx)
}

// findRemote finds what is shared through. Work can be done without.
func (s *sharing) findRemote(ctx context.Context) (err error) {
	if s.order.Local {
		return nil
	}
	if s.m, err = s.r.remote(ctx); err == nil {
		s.main = s.m.name
	} else if s.order.Work != nil {
		s.m = nil
		if names, rerr := s.r.remotes(ctx); rerr != nil || len(names) == 0 || errors.As(err, new(unnamedPlace)) {
			return rerr
		}
	}
	return err
}

// round fetches, brings together what both sides have, does the work, and sends.
// again reports that all must be looked at anew.
func (s *sharing) round(ctx context.Context) (again bool, err error) {
	theirs, known := "", ""
	s.later = false
	if s.m != nil {
		look, cancel := ctx, func() {}
		if s.order.Work != nil { // what removes complaints does not wait for a server that does not answer
			look, cancel = context.WithTimeout(ctx, workLimit)
		}
		theirs, known, err = s.r.tip(look, s.m)
		cancel()
		if err == nil && theirs != "" {
			err = s.acceptable(ctx, theirs)
		}
		switch {
		case err == nil:
		case s.order.Work != nil && (theirs == "" || errors.As(err, new(unfit))):
			s.did.Away, s.m, theirs, known = err, nil, "", ""
		case theirs == "": // what was changed by hand is committed all the same
			if lerr := s.locked(ctx, func(*store.Writer) error { return nil }); lerr != nil {
				return false, lerr
			}
			return false, err
		default:
			return false, err
		}
	}
	series := ""
	err = s.locked(ctx, func(w *store.Writer) (err error) {
		if s.m != nil {
			if err := w.Unclaim(); err != nil { // somebody else may have been faster
				return err
			}
			if err := s.commit(w); err != nil {
				return err
			}
		}
		if s.m != nil { // a question before this one may have changed what is known as theirs
			known = cmp.Or(s.r.record().had[s.m.name], known)
		}
		if theirs, err = s.together(ctx, w, theirs, known); err != nil {
			return err
		}
		if s.m != nil {
			had := ""
			if s.did.Conflicts != nil {
				had = known
			}
			if err := s.r.asking(s.m.name, had); err != nil {
				return err
			}
		}
		if s.did.Conflicts != nil {
			return nil
		}
		if s.order.Work != nil {
			if err := s.work(w); err != nil {
				return err
			}
			s.order.Work, s.worked, again = nil, true, s.m != nil
			if err := s.commit(w); err != nil { // it is done here; nobody hears of it before it is committed
				s.m, again = nil, false // it was told of
			}
			if s.m == nil {
				return s.clean(ctx, w, nil)
			}
		}
		if s.m == nil {
			return nil
		}
		if series, err = w.Claim(); err == nil {
			err = s.commit(w)
		}
		return err
	})
	if err != nil || s.did.Conflicts != nil || s.m == nil {
		return false, err
	}
	sent, err := s.send(ctx, theirs)
	if err != nil || !sent {
		return err == nil, err
	}
	return again || s.later, s.confirm(series)
}

// work does the work.
func (s *sharing) work(w *store.Writer) error {
	before, err := s.k.Gone(s.reg)
	if err != nil {
		return err
	}
	werr := s.order.Work(w)
	after, err := s.k.Gone(s.reg)
	if err == nil {
		err = s.r.anew(slices.DeleteFunc(after, func(g Gone) bool { return slices.Contains(before, g) })...)
	}
	if werr != nil {
		return werr
	}
	return err
}

// locked does something under the lock of the register, after all of it was
// committed.
func (s *sharing) locked(ctx context.Context, do func(*store.Writer) error) error {
	w, err := s.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.Tighten(); err != nil {
		return casefile.Errorf("cannot write to the register: %v", err)
	}
	if err := w.KeepLines(); err != nil {
		return err
	}
	if err := w.DropLeft(); err != nil {
		return err
	}
	if err := s.r.unite(w); err != nil {
		return err
	}
	s.k.begun, s.k.Whole = false, true
	s.k.Before(w, "")
	if s.k.err == nil {
		s.k.err = w.Sweep()
	}
	if s.k.err != nil {
		hint, _ := casefile.HintOf(s.k.err)
		return casefile.Errorf("nothing was done, for what was recorded before is not in the history yet: %v", s.k.err).WithHint(hint.Format, hint.Args...)
	}
	return do(w)
}

// commit makes a commit of what was done.
func (s *sharing) commit(w *store.Writer) error {
	w.Record()
	return s.k.err
}

// together brings in what the other side has, a commit, and returns that commit as
// it is now: rewritten, if it had something that was erased.
func (s *sharing) together(ctx context.Context, w *store.Writer, theirs, known string) (string, error) {
	r := s.r
	o := &odb{r: r}
	defer func() { _ = o.close() }()
	if err := o.hashes(ctx); err != nil {
		return "", err
	}
	ours := r.oid(ctx, "HEAD")
	if err := s.obey(ctx, o, w, ours, theirs, known); err != nil || s.did.Conflicts != nil {
		return "", err
	}
	if err := s.clean(ctx, w, &theirs); err != nil {
		return "", err
	}
	if s.gone != nil { // what was erased, or kept after all, made another commit
		ours = r.oid(ctx, "HEAD")
	}
	if theirs == ours {
		return theirs, nil
	}
	base, err := r.mergeBase(ctx, ours, theirs)
	if err != nil {
		return "", err
	}
	if again, err := s.clashes(ctx, o, w, base, theirs, ours); err != nil {
		return "", err
	} else if again {
		ours = r.oid(ctx, "HEAD")
	}
	lost, err := s.sendable(ctx, o, theirs, ours)
	if err != nil || theirs == "" || base == theirs && !lost {
		return theirs, err
	}
	m := s.combining(o, ours, theirs)
	tree, differ, err := m.combine(ctx)
	if err != nil || m.conflicts != nil {
		s.did.Conflicts = m.conflicts
		return theirs, err
	}
	to, err := s.mergeCommit(ctx, o, tree, base, ours, theirs)
	if err != nil || to == ours {
		return theirs, err
	}
	if err := s.twins(ctx, o, w, differ); err != nil {
		return "", err
	}
	if err := r.apply(ctx, o, w, underWay{ours, to}, differ); err != nil {
		return "", err
	}
	if err := w.Sweep(); err != nil { // what belongs in another folder now
		return "", err
	}
	for _, id := range m.restored {
		if !slices.Contains(s.did.Restored, id) {
			s.did.Restored = append(s.did.Restored, id)
		}
	}
	s.did.Received = listing(s.did.Received, differ)
	return theirs, s.commit(w)
}

// mergeBase returns the commit that two have in common; "" if there is none. Of
// several it is the same on both sides.
func (r *Repo) mergeBase(ctx context.Context, ours, theirs string) (string, error) {
	if ours == "" || theirs == "" {
		return "", nil
	}
	out, err := r.Output(ctx, "merge-base", "--all", ours, theirs)
	if err != nil && ExitCode(err) != 1 {
		return "", err
	}
	if bases := strings.Fields(string(out)); len(bases) > 0 {
		return slices.Min(bases), nil
	}
	return "", nil
}

// clashes gives complaints another number that only this side has, where on the other
// side another complaint has it: given out before there were series, or by hand.
func (s *sharing) clashes(ctx context.Context, o *odb, w *store.Writer, base, theirs, ours string) (found bool, err error) {
	if theirs == "" || base == theirs || base == ours {
		return false, nil
	}
	differ, err := s.r.differing(ctx, theirs, ours)
	if err != nil {
		return false, err
	}
	here, there := map[casefile.ID]bool{}, map[casefile.ID]string{} // by number, for one side can have filed its own elsewhere
	for _, name := range slices.Sorted(maps.Keys(differ)) {
		if _, id := store.PartOf(name); isCase(name) {
			here[id] = here[id] || differ[name].is != ""
			if differ[name].was != "" {
				there[id] = name
			}
		}
	}
	maps.DeleteFunc(there, func(id casefile.ID, _ string) bool { return !here[id] })
	if len(there) == 0 {
		return false, nil
	}
	began, err := s.r.snapshot(ctx, base)
	if err != nil {
		return false, err
	}
	for name := range began { // what both know is one
		if _, id := store.PartOf(name); isCase(name) {
			delete(there, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(there)) {
		f, err := w.Load(id)
		if err != nil {
			continue // which is told where it is to be sent
		}
		another, err := s.another(ctx, o, w, f, theirs, there[id])
		if err != nil {
			return false, err
		}
		if !another {
			continue
		}
		next, err := w.GiveNumber(f)
		if err != nil {
			return false, err
		}
		s.did.Renumbered = append(s.did.Renumbered, [2]casefile.ID{id, next.ID})
		found = true
	}
	if found {
		err = s.commit(w)
	}
	return found, err
}

// another reports whether the file of that name in the commit of the other side is of
// another complaint than the one here. One whose key cannot be told is not.
func (s *sharing) another(ctx context.Context, o *odb, w *store.Writer, f *store.File, theirs, name string) (bool, error) {
	ours, err := w.KeyOf(f)
	if err != nil {
		return false, nil
	}
	data, err := o.must(ctx, theirs+":"+name, "blob")
	if err != nil {
		return false, err
	}
	if hash := hashIn(data); hash != "" {
		return hash != ours.Hash(), nil
	}
	key, err := o.keyIn(ctx, theirs, name, data, s.reg.Policy)
	return err == nil && key != ours, nil
}

// twins finds the complaints that come in with a mail that another has already.
func (s *sharing) twins(ctx context.Context, o *odb, w *store.Writer, differ differences) error {
	for name, d := range differ {
		part, id := store.PartOf(name)
		if part != store.PartMail || d.was != "" || s.reg.Keys == nil {
			continue
		}
		mail, err := o.must(ctx, d.is, "blob")
		if err != nil {
			return err
		}
		same, _ := s.reg.Keys(mail)
		other, err := w.Whose(same)
		if err != nil {
			return err
		}
		if pair := [2]casefile.ID{other, id}; other != "" && other != id && !slices.Contains(s.did.Twins, pair) {
			s.did.Twins = append(s.did.Twins, pair)
		}
	}
	return nil
}

// mergeCommit returns a commit with a tree that follows both: one of them, if that
// will do.
func (s *sharing) mergeCommit(ctx context.Context, o *odb, tree, base, ours, theirs string) (string, error) {
	for _, side := range []string{ours, theirs} {
		data, err := o.must(ctx, side, "commit")
		if err != nil {
			return "", err
		}
		is, _, _ := strings.Cut(strings.TrimPrefix(string(data), "tree "), "\n")
		if base != "" && base != side && (base == ours || base == theirs) && is == tree {
			return side, nil
		}
	}
	parents := []string{ours, theirs}
	switch base {
	case ours:
		parents = parents[1:]
	case theirs:
		parents = parents[:1]
	}
	return s.r.commitTree(ctx, tree, "sync", parents...)
}

// commitTree makes a commit, signed if the user's settings say so.
func (r *Repo) commitTree(ctx context.Context, tree, message string, parents ...string) (string, error) {
	env, err := r.identity(ctx)
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", tree, "-m", message}
	if sign := strings.ToLower(r.config["commit.gpgsign"]); sign == "true" || sign == "yes" || sign == "on" || sign == "1" {
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

// send gives the other side what is here. sent is false if somebody was faster.
func (s *sharing) send(ctx context.Context, theirs string) (sent bool, err error) {
	r, m := s.r, s.m
	told := !slices.ContainsFunc(s.gone, func(g Gone) bool { return !s.sent[g.keyOf()] })
	if err := s.eraseInPlace(ctx, m.name, told); err != nil {
		return false, err
	}
	moved := s.moved[m.name]
	was := map[string]string{m.branch: cmp.Or(moved[m.branch], theirs)}
	to := map[string]string{}
	if head := r.oid(ctx, "HEAD"); head != was[m.branch] {
		to[m.branch] = head
	}
	for branch, old := range moved {
		if branch != m.branch {
			was[branch], to[branch] = old, r.oid(ctx, tracked(m.name)+branch)
		}
	}
	if len(to) == 0 {
		return true, nil
	}
	again, err := r.push(ctx, m, to, was)
	if err != nil || again {
		return false, err
	}
	delete(s.moved, m.name)
	differ, err := r.differing(ctx, theirs, m.ref())
	s.did.Sent = listing(s.did.Sent, differ)
	return true, err
}

// confirm notes that a series is this clone's, once that was sent.
func (s *sharing) confirm(series string) error {
	if c, err := s.reg.Clone(); err != nil || c.Series == series || series == "" {
		return err
	}
	w, err := s.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Confirm(series)
}

// listing adds what differs to a list: the numbers of cases, and the paths of other
// files; complaints first.
func listing(list []string, differ differences) []string {
	for name := range differ {
		if unit := unitOf(name); name != store.LedgerFile && !slices.Contains(list, unit) { // bookkeeping is no news
			list = append(list, unit)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		isCase := func(s string) int { return min(casefile.ID(s).Year(), 1) }
		return cmp.Or(cmp.Compare(isCase(b), isCase(a)), casefile.ID(a).Compare(casefile.ID(b)), cmp.Compare(a, b))
	})
	return list
}
