package history

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
)

// Erasure says what an Erase has done.
type Erasure struct {
	Here    []casefile.ID // the cases that were erased from this repository now
	Remotes []Remote      // the repositories elsewhere where there was something to do
}

// Erase removes cases from the whole history of the register: from each commit
// that a branch, a tag or a stash leads to everything that bears their number
// in its name (see [rewriting]), and from the repository every object that
// nothing leads to any more, and all reflogs. What is in the working tree stays
// as it is, and so does what is staged of other cases. Then the same happens in
// the repositories that the register is pushed to, unless push is false.
//
// ids are all the cases that ever were purged: those that are gone already cost
// nothing. Nobody else may write to the register meanwhile. Killed at any
// moment, it is completed by the next Erase. The same cases erased from the same
// commits give the same commits everywhere.
//
// An error means that the cases may still be in this repository; what could not
// be done elsewhere is said in the Erasure.
func (r *Repo) Erase(ctx context.Context, ids []casefile.ID, push bool) (*Erasure, error) {
	done := &Erasure{}
	if len(ids) == 0 {
		return done, nil
	}
	if r.Settled(ids, push) {
		return done, nil
	}
	defer r.Rest()
	rec := r.record()
	killed := rec.busy
	if killed {
		unlock(r.GitDir)
	}
	p, err := r.place(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = p.close() }()
	done.Here = rec.without(placeHere, ids)
	if len(done.Here) == 0 && rec.stale() {
		if done.Here, err = p.holds(ctx, ids); err != nil {
			return nil, err
		}
	}
	if done.Remotes, err = r.remotes(ctx); err != nil {
		return nil, err
	}
	rec.places = nil
	for _, m := range done.Remotes {
		rec.places = append(rec.places, m.key())
	}
	done.Remotes = slices.DeleteFunc(done.Remotes, func(m Remote) bool { return !push || len(rec.without(m.key(), ids)) == 0 })
	begun := done.Here
	if slices.ContainsFunc(done.Remotes, func(m Remote) bool { return m.bare == "" }) {
		begun = ids // what a remote has comes in here first
	}
	if len(begun) > 0 || len(done.Remotes) > 0 {
		if err := rec.begin(begun, placeHere); err != nil {
			return nil, err
		}
	}
	if err := p.dropFetched(ctx); err != nil {
		return nil, err
	}
	fetched := false
	for i := range done.Remotes {
		m := &done.Remotes[i]
		if m.bare != "" {
			if killed {
				unlock(m.bare)
			}
			m.Err = r.eraseAt(ctx, m.bare, ids)
		} else if m.Err = p.fetch(ctx, m, i); m.Err == nil {
			fetched = true
		}
	}
	if len(done.Here) > 0 || fetched {
		refs, err := p.erase(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range done.Remotes {
			if m := &done.Remotes[i]; m.bare == "" && m.Err == nil {
				p.push(ctx, m, i, refs)
			}
		}
		if err := p.dropFetched(ctx); err != nil {
			return nil, err
		}
	}
	rec.mark(placeHere, ids)
	for _, m := range done.Remotes {
		if m.Err == nil {
			rec.mark(m.key(), ids)
		}
	}
	return done, rec.write()
}

// Settled reports whether Erase has nothing to do. Git is not run.
func (r *Repo) Settled(ids []casefile.ID, push bool) bool {
	rec := r.record()
	return len(ids) == 0 || !rec.stale() && len(rec.without(placeHere, ids)) == 0 && (!push || len(rec.unpushed(ids)) == 0)
}

// Unerased returns the cases that may still be in the history here, and those
// that may still be in that of a repository that this one is pushed to. Git is
// not run.
func (r *Repo) Unerased(ids []casefile.ID) (here, elsewhere []casefile.ID) {
	if r.Prefix != "" || len(ids) == 0 {
		return nil, nil
	}
	rec := r.record()
	return rec.without(placeHere, ids), rec.unpushed(ids)
}

// Doubt notes that cases may be in the history again, here and elsewhere: the
// next Erase looks anew. It comes before a purge of what stands in the working
// tree, and takes away the locks of a purge that was killed. After it comes
// Rest, unless this one is killed too.
func (r *Repo) Doubt(ids []casefile.ID) error {
	if r.Prefix != "" {
		return nil
	}
	rec := r.record()
	if rec.busy {
		unlock(r.GitDir)
	}
	if len(ids) == 0 {
		return nil
	}
	return rec.begin(ids, append(rec.places, placeHere)...)
}

// Rest notes that no purge is at work any more.
func (r *Repo) Rest() {
	if rec := r.record(); rec.busy {
		rec.busy = false
		_ = rec.put() // else the next purge does it
	}
}

// lockWait is how long a lock in a repository may stand there that a purge may
// have left that was killed; one that a living git holds goes sooner.
const lockWait = 3 * time.Second

// unlock removes the locks that a killed git has left.
func unlock(gitDir string) {
	locks := map[string]time.Time{}
	look := func() {
		for name := range locks {
			if info, err := os.Stat(name); err != nil || !info.ModTime().Equal(locks[name]) {
				delete(locks, name)
			}
		}
	}
	add := func(name string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".lock") {
			if info, err := os.Stat(name); err == nil {
				locks[name] = info.ModTime()
			}
		}
		return nil
	}
	for _, name := range []string{"index.lock", "HEAD.lock", "packed-refs.lock", "refs", "logs", "objects/info"} {
		_ = filepath.WalkDir(filepath.Join(gitDir, filepath.FromSlash(name)), add)
	}
	for end := time.Now().Add(lockWait); len(locks) > 0 && time.Now().Before(end); look() {
		time.Sleep(50 * time.Millisecond)
	}
	for name := range locks {
		_ = os.Remove(name)
	}
}

// Holds looks through the whole repository, and returns which of the cases are
// still in it.
func (r *Repo) Holds(ctx context.Context, ids []casefile.ID) ([]casefile.ID, error) {
	if r.Prefix != "" || len(ids) == 0 {
		return nil, nil
	}
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	if err := p.hashes(ctx); err != nil {
		return nil, err
	}
	found, err := p.holds(ctx, ids)
	if err == nil && len(found) > 0 {
		rec := r.record()
		rec.forget(found, append(rec.places, placeHere)...) // it has come from one of them, perhaps
		err = rec.put()
	}
	return found, err
}

// NotOwn is the error of Erase for a register inside a larger repository, the
// history of which is not klacht's to rewrite.
func NotOwn() error {
	return casefile.Errorf("the history is that of a larger repository, and is not rewritten: purged complaints stay in it").
		WithHint("give the register a repository of its own, or rewrite the history yourself, with git filter-repo")
}

// place returns the repository of the register as one to erase from, or says
// what stands in the way.
func (r *Repo) place(ctx context.Context) (*place, error) {
	if r.Prefix != "" {
		return nil, NotOwn()
	}
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	return p, p.ready(ctx)
}

// eraseAt erases from a bare repository on this machine.
func (r *Repo) eraseAt(ctx context.Context, dir string, ids []casefile.ID) error {
	p := &place{odb: &odb{r: r, env: []string{"GIT_DIR=" + dir}}, gitDir: dir, bare: true}
	if info, err := os.Stat(filepath.Join(dir, "objects")); err == nil && info.Mode()&0o077 != 0 { // whoever can read it can still do so afterwards
		if _, err := p.output(ctx, "config", "--get", "core.sharedRepository"); err != nil {
			p.set = []string{fmt.Sprintf("core.sharedRepository=%#o", info.Mode().Perm()&0o666)}
		}
	}
	if err := p.ready(ctx); err != nil {
		return err
	}
	_, err := p.erase(ctx, ids)
	return err
}

// ready says what stands in the way of an erasure: what is under way in the
// repository and would be lost, and what would keep objects in it.
func (p *place) ready(ctx context.Context) error {
	there := func(names ...string) string {
		for _, n := range names {
			if found, _ := filepath.Glob(filepath.Join(escapeGlob(p.gitDir), filepath.FromSlash(n))); found != nil {
				return n
			}
		}
		return ""
	}
	busy := there("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "sequencer")
	switch {
	case there("commondir") != "", there("worktrees/*") != "":
		return casefile.Errorf("the history cannot be cleaned: more than one folder works in this repository").
			WithHint("`git worktree list` names them; `git worktree remove` and `git worktree prune` let go of them")
	case busy != "":
		return casefile.Errorf("the history cannot be cleaned: something is under way in the repository (%s)", busy).
			WithHint("finish it or give it up, as `git status` says; then: klacht purge")
	case there("index.lock", "HEAD.lock", "packed-refs.lock") != "":
		return casefile.Errorf("the history cannot be cleaned: another git is at work in the repository").
			WithHint("try again when it is done; if none is, remove the file that ends in .lock from %s", p.gitDir)
	case there("objects/info/alternates") != "":
		return casefile.Errorf("the history cannot be cleaned: the repository borrows from another").
			WithHint("`git repack -a -d`, and then remove objects/info/alternates, makes it stand by itself")
	case there("shallow", "objects/pack/*.promisor", "info/grafts") != "":
		return casefile.Errorf("the history cannot be cleaned: it is not all here").
			WithHint("`git fetch --unshallow` or a full clone brings all of it")
	case there("objects/pack/*.keep") != "":
		return casefile.Errorf("the history cannot be cleaned: a pack is marked to be kept").
			WithHint("remove the files in .git/objects/pack that end in .keep")
	case there("reftable") != "":
		return casefile.Errorf("the history cannot be cleaned: klacht cannot clean a repository with reftables").
			WithHint("`git refs migrate --ref-format=files` gives it another form")
	}
	if info, err := os.Stat(p.gitDir); err != nil || !info.IsDir() {
		return casefile.Errorf("the history cannot be cleaned: %s is not there", p.gitDir)
	}
	return p.hashes(ctx)
}
