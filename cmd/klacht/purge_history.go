package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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

// lockWhole is Lock for what removes complaints: what was done by hand in the
// archive is committed before, too.
func (a *app) lockWhole() (*store.Writer, error) {
	if a.history != nil {
		a.history.Whole = true
	}
	return a.reg.Lock()
}

// purgeFiles removes cases from the register, one by one, after the note that
// they are to go from the history too.
func (a *app) purgeFiles(w *store.Writer, ids []casefile.ID, remove func() error) (*history.Repo, error) {
	repo, none := a.own()
	if repo != nil {
		if err := repo.Doubt(ids); err != nil {
			return nil, err
		}
	}
	if err := remove(); err != nil {
		if repo != nil {
			repo.Rest()
		}
		return nil, err
	}
	w.Record()
	if none != nil && len(ids) > 0 {
		a.tellLeft(none)
	}
	return repo, nil
}

// eraseHistory removes from the history all that was purged, now or before. What
// could not be done is told, and is done by a later purge.
func (a *app) eraseHistory(ctx context.Context, repo *history.Repo, push bool) *history.Erasure {
	if repo == nil {
		return &history.Erasure{}
	}
	defer repo.Rest()
	done, err := func() (*history.Erasure, error) {
		ids, err := a.reg.Purged()
		if err != nil || repo.Settled(ids, push) {
			return nil, err
		}
		if ids, err = a.reg.Gone(ids); err != nil {
			return nil, err
		}
		done, err := repo.Erase(ctx, ids, push)
		if err == nil {
			err = repo.Announce(ctx, ids, done)
		}
		return done, err
	}()
	if err != nil {
		a.tellLeft(err)
	}
	if done == nil {
		return &history.Erasure{}
	}
	for _, m := range done.Remotes {
		a.tellRemote(m)
	}
	return done
}

// tellErased says what went from the history, and what does not go by itself.
func (a *app) tellErased(done *history.Erasure) {
	if n := len(done.Here); n > 0 {
		a.println(a.t("%d purged complaints are gone from the history too", n))
	}
	fmt.Fprintln(a.Err, a.t("Backups, and copies that you made yourself, are out of reach: they go when you remove them."))
}

// tellLeft says what stays behind, and makes the exit code say so.
func (a *app) tellLeft(err error) {
	a.complain(err)
	a.code = exitPartial
}

// tellRemote says what is left in a repository elsewhere.
func (a *app) tellRemote(m history.Remote) {
	if m.Err != nil {
		left := casefile.Errorf("purged complaints are still in %s: %v", m.Name, m.Err).WithHint("`klacht purge` tries again")
		if hint, ok := casefile.HintOf(m.Err); ok {
			left = left.WithHint(hint.Format, hint.Args...)
		}
		a.tellLeft(left)
		return
	}
	if m.Kept != nil {
		fmt.Fprintln(a.Err, a.t("%s does not let go of %s, which still hold what was purged: ask those who run it.", m.Name, m.Kept))
	}
	if m.Type != "" {
		fmt.Fprintln(a.Err, a.t("%s may still hold it where nothing leads to it any more. Type there:", m.Name)+"\n  "+casefile.OneLine(m.Type))
	}
	if m.Own {
		fmt.Fprintln(a.Err, a.t("%s may still hold it where nothing leads to it any more; those who run it clean up at a time of their own.", m.Name))
	}
}

type remoteJSON struct {
	Name  string   `json:"name"`
	Done  bool     `json:"done"`
	Error string   `json:"error,omitempty"`
	Kept  []string `json:"kept,omitempty"`
	Type  string   `json:"type,omitempty"`
}

func (a *app) remotesJSON(remotes []history.Remote) []remoteJSON {
	var list []remoteJSON
	for _, m := range remotes {
		j := remoteJSON{Name: m.Name, Done: m.Err == nil, Kept: m.Kept, Type: m.Type}
		if m.Err != nil {
			j.Error = a.err(m.Err)
		}
		list = append(list, j)
	}
	return list
}

// unerased returns the purged complaints that may still be in the history, here
// or elsewhere. It is quick, and runs no git.
func (a *app) unerased() (here, elsewhere []casefile.ID, err error) {
	if a.history == nil {
		return nil, nil, nil
	}
	ids, err := a.reg.Purged()
	if err != nil || len(ids) == 0 {
		return nil, nil, err
	}
	repo, err := a.history.Repo()
	if err != nil { // other commands tell of it
		return nil, nil, nil
	}
	here, elsewhere = repo.Unerased(ids)
	if here, err = a.reg.Gone(here); err == nil {
		elsewhere, err = a.reg.Gone(elsewhere)
	}
	return here, elsewhere, err
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
func (a *app) checkHistory(ctx context.Context) ([]*store.Damage, error) {
	_, elsewhere, err := a.unerased()
	if a.history == nil || err != nil {
		return nil, err
	}
	repo, err := a.history.Repo()
	if err != nil {
		return nil, nil
	}
	ids, err := a.reg.Purged()
	if err == nil {
		ids, err = a.reg.Gone(ids)
	}
	if err == nil {
		ids, err = repo.Holds(ctx, ids)
	}
	var list []*store.Damage
	problem := func(err *casefile.Error) {
		list = append(list, &store.Damage{File: ".git", Err: err.WithHint("`klacht purge` removes it there too")})
	}
	for _, id := range ids {
		problem(casefile.Errorf("%s was purged, and is still in the history", id))
	}
	for _, id := range slices.DeleteFunc(elsewhere, func(id casefile.ID) bool { return slices.Contains(ids, id) }) {
		problem(casefile.Errorf("%s was purged, and may still be where the register is pushed to", id))
	}
	return list, err
}
