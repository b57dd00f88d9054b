package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"
)

// own returns the repository from which purged complaints are erased; nil if
// there is none.
func (a *app) own() (*history.Repo, error) {
	if a.history == nil {
		if _, err := os.Lstat(filepath.Join(a.reg.Dir, ".git")); err == nil {
			return nil, casefile.Errorf("the git repository of the register is not touched, for its policy says history: none").
				WithHint("what was purged is still in it; git filter-repo takes it out")
		}
		return nil, nil
	}
	repo, err := a.history.Repo()
	switch none := history.None(""); {
	case errors.As(err, &none) && none == history.NoGit:
		return nil, casefile.Errorf("git is not on this machine, so purged complaints stay in the history").WithHint("install git; then: klacht purge")
	case errors.As(err, &none):
		return nil, nil
	case err != nil:
		return nil, err
	case repo.Prefix != "":
		return nil, history.NotOwn()
	}
	return repo, nil
}

// removing does what removes complaints: under the lock, after what others did was
// taken in, so that it is decided on all that is known; and then erases them from
// the history, here and at every place that the register is pushed to. With local
// set no other place is looked at. With quiet set the work may turn out to be none,
// and nothing else is done if all that was erased before is gone. p takes what is to be
// searched for of what goes because it was erased elsewhere.
func (a *app) removing(ctx context.Context, local, quiet bool, p *proof, work func(*store.Writer) error) (*history.Shared, error) {
	repo, none := a.own()
	settled := false
	if repo != nil && quiet {
		gone, err := a.history.Gone(a.reg)
		if err != nil {
			return nil, err
		}
		settled = repo.Settled(ctx, gone)
	}
	if repo != nil && !settled {
		did, err := a.history.Share(ctx, a.reg, history.Order{Work: work, Local: local, Going: func(id casefile.ID) error { return a.gather(p, id) }})
		if err != nil {
			return nil, err
		}
		if did.Conflicts != nil {
			return nil, a.tellConflicts(did)
		}
		a.tellUnasked(did)
		return did, nil
	}
	if a.history != nil {
		a.history.Whole = true // what was done by hand in the archive is committed before, too
	}
	w, err := a.reg.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if err = w.Sweep(); err == nil {
		err = work(w)
	}
	if err == nil && none != nil && !quiet {
		a.tellLeft(none)
	}
	return &history.Shared{}, err
}

// tellErased says what went from the history, and what does not go by itself.
func (a *app) tellErased(did *history.Shared) {
	gone := slices.DeleteFunc(slices.Clone(did.Erased), func(id casefile.ID) bool {
		return slices.ContainsFunc(did.Pending, func(p history.Pending) bool { return p.ID == id && p.Place == "" })
	})
	if n := len(gone); n > 0 {
		a.println(a.T("%d purged complaints are gone from the history too", n))
	}
	fmt.Fprintln(a.Err, a.T("Backups, and copies that you made yourself, are out of reach: they go when you remove them."))
}

// tellLeft says what stays behind, and makes the exit code say so.
func (a *app) tellLeft(err error) {
	a.complain(err)
	a.code = exitPartial
}

// tellPending says of each place what an erasure waits for there, once, and what to
// do about it.
func (a *app) tellPending(list []history.Pending) {
	var order []history.Pending
	ids := map[history.Pending][]string{}
	for _, p := range list {
		id := string(p.ID)
		if p.ID = ""; ids[p] == nil {
			order = append(order, p)
		}
		ids[p] = append(ids[p], id)
	}
	for _, p := range order {
		a.tellLeft(a.pendingError(a.listed(ids[p]), p))
	}
}

// pendingError says what an erasure of complaints waits for, and what to do.
func (a *app) pendingError(ids string, p history.Pending) error {
	if p.Why == history.Moved {
		return casefile.Errorf("%s: erased here; it may still be at %s, which is no place of this register any more", ids, p.Place).
			WithHint("delete that repository, if it is still there")
	}
	why := pendingWhy(p)
	hint, _ := casefile.HintOf(why)
	said := casefile.Errorf("%s: erased here, and pending at %s because %v", ids, p.Place, why)
	if p.Place == "" {
		said = casefile.Errorf("%s: erased, and pending in the history here because %v", ids, why)
	}
	return said.WithHint(hint.Format, hint.Args...)
}

// pendingWhy says what an erasure waits for, as the end of a sentence.
func pendingWhy(p history.Pending) error {
	const again = "`klacht purge` tries again"
	what := casefile.OneLine(p.What)
	switch p.Why {
	case history.Uncommitted:
		return casefile.Errorf("git does not take the commit that says so").WithHint(again)
	case history.Away:
		return casefile.Errorf("it cannot be reached: %s", what).WithHint(again)
	case history.Denied:
		return casefile.Errorf("it does not let its history be replaced: %s", what).
			WithHint("allow forced pushes there for a moment (receive.denyNonFastForwards, a protected branch, a hook); then: klacht purge")
	case history.Others:
		return casefile.Errorf("others are at work there: %v", what).WithHint(again)
	case history.Held:
		name, command, _ := strings.Cut(what, ": ")
		return casefile.Errorf("%s leads to it, which is not klacht's to change", name).WithHint("`%s` lets go of it; then: klacht purge", command)
	case history.Server:
		return casefile.Errorf("the server still has what nothing leads to any more").
			WithHint("type there, while nobody sends: %s ; or ask those who run it. `klacht purge` asks the server again", what)
	case history.Sealed:
		return casefile.Errorf("it is sealed, and keeps all that was ever sent there").
			WithHint("empty that place, there, and type: klacht sync --setup ; that fills it anew from here")
	case history.Unfit:
		return casefile.Errorf("it has what no register has: %s", what).WithHint("take it out there, with git; then: klacht purge")
	case history.Apart:
		return casefile.Errorf("it is fetched from one repository and sent to another").
			WithHint("`%s` sends to where it is fetched from; then: klacht purge", history.SendBack(p.Place))
	case history.Unnamed:
		return casefile.Errorf("it is an address without a name").WithHint("`%s` gives it one; then: klacht purge", what)
	case history.InUse:
		return casefile.Errorf("somebody works on that branch there").
			WithHint("`git config receive.denyCurrentBranch updateInstead`, typed there, lets it take what is sent, and `git worktree remove` ends a folder beside a bare one; then: klacht purge")
	case history.Borrows:
		return casefile.Errorf("that repository borrows from another").
			WithHint("`git -C %s repack -a -d && rm %s/objects/info/alternates` makes it stand by itself; then: klacht purge", what, what)
	case history.Foreign:
		return casefile.Errorf("%s is of another user", what).WithHint("let that user type: git -C '%s' gc --prune=now", what)
	}
	return casefile.Errorf("that was not tried yet").WithHint(again)
}

type pendingJSON struct {
	ID     casefile.ID `json:"id"`
	Place  string      `json:"place"` // the name of a remote; "" is the repository here
	Reason history.Why `json:"reason"`
}

func (a *app) pendingJSON(list []history.Pending) []pendingJSON {
	j := []pendingJSON{}
	for _, p := range list {
		j = append(j, pendingJSON{p.ID, p.Place, p.Why})
	}
	return j
}

// pending returns the erasures that are not complete. It is quick, and runs no git.
func (a *app) pending() ([]history.Pending, error) {
	if a.history == nil {
		return nil, nil
	}
	repo, err := a.history.Repo()
	if err != nil { // other commands tell of it
		return nil, nil
	}
	gone, err := a.history.Gone(a.reg)
	return repo.Pending(gone), err
}

// checkLost looks for complaints that the history has, and that are neither in the
// register nor purged: nothing else may take a number away.
func (a *app) checkLost() (list []*store.Damage, err error) {
	if a.history == nil {
		return nil, nil
	}
	repo, err := a.history.Repo()
	if err != nil {
		return nil, nil
	}
	lost, err := repo.Lost(context.Background(), a.reg)
	if err != nil { // then it is not known, and the rest is
		return []*store.Damage{{File: ".git", Err: err}}, nil
	}
	purged, err := a.reg.Purged()
	for _, id := range lost {
		if !slices.Contains(purged, id) {
			list = append(list, &store.Damage{File: ".git", Err: casefile.Errorf("%s is in the history, but it is not there any more and was not purged", id).
				WithHint("`klacht log %s` says when it was last there", id)})
		}
	}
	return list, err
}

// checkHistory looks through the whole of the history for what was purged.
func (a *app) checkHistory(ctx context.Context) (list []*store.Damage, err error) {
	waiting, err := a.pending()
	if a.history == nil || err != nil {
		return nil, err
	}
	repo, err := a.history.Repo()
	if err != nil {
		return nil, nil
	}
	gone, err := a.history.Gone(a.reg)
	if err == nil {
		gone, err = repo.Holds(ctx, gone)
	}
	for _, g := range gone {
		if !slices.ContainsFunc(waiting, func(p history.Pending) bool { return p.ID == g.ID && p.Place == "" && p.Why != history.NotYet }) { // else that says why
			list = append(list, &store.Damage{File: ".git", Err: casefile.Errorf("%s was purged, and is still in the history", g.ID).
				WithHint("`klacht purge` removes it there too")})
			waiting = slices.DeleteFunc(waiting, func(p history.Pending) bool { return p.ID == g.ID && p.Place == "" })
		}
	}
	for _, p := range waiting {
		list = append(list, &store.Damage{File: ".git", Err: a.pendingError(string(p.ID), p)})
	}
	return list, err
}
