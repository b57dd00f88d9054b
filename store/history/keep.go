package history

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Keeper is the history of a register: it commits what each command changes,
// and before that what was changed by hand. It implements [store.History].
type Keeper struct {
	// Warn is told, once, that a change is not in the history yet. The keeper then
	// leaves the rest to the next command.
	Warn func(error)

	// Whole makes Before look at the archive too, which ordinary commands do not
	// look through.
	Whole bool

	dir    string
	open   func() (*Repo, error)
	repo   *Repo
	opened bool
	begun  bool
	err    error // why nothing more is committed
	told   bool
}

// NewKeeper returns the history of the register in dir. Nothing is looked at,
// and setup not asked, before something is about to change.
func NewKeeper(dir string, setup func() Setup, warn func(error)) *Keeper {
	return &Keeper{Warn: warn, dir: dir, open: func() (*Repo, error) { return Open(dir, setup()) }}
}

// What was done where no command of klacht did it.
const (
	EditedByHand  = "edited by hand"
	RemovedByHand = "removed by hand" // a case
	FoundSo       = "as it was found" // of a register that was there before its repository
)

// Repo returns the repository. The error is a [None] if there is none.
func (k *Keeper) Repo() (*Repo, error) {
	if !k.opened {
		var err error
		k.repo, err = k.open()
		if err != nil {
			k.repo, k.open = nil, func() (*Repo, error) { return nil, err }
			return nil, err
		}
		k.opened = true
	}
	return k.repo, nil
}

// usable returns the repository if something can be committed to it.
func (k *Keeper) usable() *Repo {
	if k.err != nil {
		return nil
	}
	r, err := k.Repo()
	if err != nil {
		k.err = err
		return nil
	}
	return r
}

// Ready says what stands in the way of a change, before anything is changed. It
// implements [store.Readier].
func (k *Keeper) Ready() error {
	r, err := k.Repo()
	if err != nil { // a register without a history works all the same; a broken one is told of at the commit
		return nil
	}
	return r.Ready(context.Background())
}

// Obstacle says why nothing can be recorded now, without running git: nil if there is
// nothing to say, or if only git could tell. See [Keeper.WayOut].
func (k *Keeper) Obstacle() error {
	if own, err := os.Lstat(filepath.Join(k.dir, ".git")); err != nil || !own.IsDir() {
		return nil
	}
	if r, err := k.Repo(); err == nil {
		if why, _ := r.obstacle(); why != nil {
			return why
		}
	}
	return nil
}

// WayOut is Obstacle with a hint at the way out, for which git may be run.
func (k *Keeper) WayOut(ctx context.Context) error {
	if r, err := k.Repo(); err == nil {
		if why, way := r.obstacle(); why != nil {
			return way(ctx, why)
		}
	}
	return nil
}

// Before commits what was changed by hand, and what a command that was killed
// has left.
func (k *Keeper) Before(w *store.Writer, of string) {
	if k.begun {
		return
	}
	k.begun = true
	r := k.usable()
	if r == nil {
		return
	}
	_ = r.Driver(context.Background()) // what is wrong with the repository shows at the commit
	todo := w.Uncommitted()
	for _, d := range todo {
		if k.err = w.DropUnfinished(d); k.err != nil {
			return
		}
	}
	if k.err = r.adopt(context.Background(), w, todo, of, k.Whole); k.err == nil {
		k.err = w.Committed()
	}
}

// Commit commits what a command has done.
func (k *Keeper) Commit(w *store.Writer, did []store.Deed, paths []string) {
	if r := k.usable(); r != nil {
		k.err = k.commit(r, w, did, paths)
	}
	if none := None(""); k.err != nil && !k.told && !errors.As(k.err, &none) {
		k.told = true
		k.Warn(k.err)
	}
}

func (k *Keeper) commit(r *Repo, w *store.Writer, did []store.Deed, paths []string) error {
	paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !r.keeps(p) })
	if len(paths) == 0 {
		return nil
	}
	if len(did) == 0 {
		did = deedsOf(paths, store.DeedFiled)
	}
	if err := r.Commit(context.Background(), Message(did), paths); err != nil {
		return err
	}
	return w.Committed()
}

// adopt commits what differs from the last commit: what was begun by a command
// as its deed, all else as edited or removed by hand.
func (r *Repo) adopt(ctx context.Context, w *store.Writer, todo []store.Deed, of string, whole bool) error {
	if err := w.Tell(Attributes, Ignore); err != nil { // without it git may change mails
		return err
	}
	dirty, unborn, err := r.dirty(ctx, of, whole)
	if err != nil {
		return err
	}
	if unborn {
		return r.Begin(w, FoundSo)
	}
	if !whole {
		if dirty, err = r.whereabouts(ctx, dirty, of); err != nil {
			return err
		}
	}
	back, err := w.Returned() // what was purged is not taken in again
	if err != nil {
		return err
	}
	dirty = slices.DeleteFunc(dirty, func(p string) bool {
		return slices.Contains(back, casefile.ID(caseOf(p))) && r.exists(p)
	})
	begun, differs := map[string]bool{store.LedgerFile: true}, map[string]bool{} // nobody edits the ledger by hand
	todo = slices.DeleteFunc(slices.Clone(todo), func(d store.Deed) bool { return !r.happened(ctx, w, d, dirty) })
	for _, d := range todo {
		begun[d.Of] = true
		begun[store.PurgedFile] = begun[store.PurgedFile] || d.What == store.DeedPurged
	}
	var ours, byHand []string
	for _, p := range dirty {
		of := cmp.Or(caseOf(p), p)
		if differs[of] = true; begun[of] {
			ours = append(ours, p)
		} else {
			byHand = append(byHand, p)
		}
	}
	did := slices.DeleteFunc(slices.Clone(todo), func(d store.Deed) bool { return !differs[d.Of] })
	if len(byHand) > 0 {
		if err := r.Commit(ctx, Message(r.byHand(byHand)), byHand); err != nil {
			return err
		}
	}
	if len(ours) == 0 {
		return nil
	}
	if len(did) == 0 { // a line of purged.yaml alone
		did = deedsOf(ours, EditedByHand)
	}
	return r.Commit(ctx, Message(did), ours)
}

// happened reports whether a step that a command had begun is really there: what
// the file has more than in the last commit is that step, at its end. A word that
// is no step is taken as it stands.
func (r *Repo) happened(ctx context.Context, w *store.Writer, d store.Deed, dirty []string) bool {
	steps := strings.Split(d.What, ", ")
	if !casefile.Step(steps[0]).Valid() {
		return true
	}
	var before, now []casefile.Entry
	for _, name := range dirty {
		if part, id := store.PartOf(name); part != store.PartCase || string(id) != d.Of {
			continue
		}
		if old, err := r.Output(ctx, "cat-file", "blob", "HEAD:"+r.Prefix+name); err == nil {
			if f, err := store.ParseFile(name, old, w.Policy); err == nil {
				before = f.Log
			}
		}
		if f, err := w.Load(casefile.ID(d.Of)); err == nil {
			now = f.Log
		}
	}
	if len(now) < len(before)+len(steps) {
		return false
	}
	for i, e := range now[:len(before)] {
		if !e.Same(before[i]) {
			return false
		}
	}
	return slices.ContainsFunc(now[len(before):], func(e casefile.Entry) bool { return string(e.Step) == steps[len(steps)-1] })
}

// Begin makes the first commit of a repository: of all that the register
// consists of, with what git needs to know about its files. what says how the
// register came to be as it is.
func (r *Repo) Begin(w *store.Writer, what string) error {
	ctx := context.Background()
	if err := w.Tell(Attributes, Ignore); err != nil {
		return err
	}
	if r.Prefix == "" {
		_ = os.Chmod(r.GitDir, 0o700) // readable by the owner alone, as the register is
	}
	all, _, err := r.dirty(ctx, "", true)
	if err != nil {
		return err
	}
	return r.Commit(ctx, Message([]store.Deed{{Of: "register", What: what}}), all)
}
