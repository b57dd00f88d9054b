package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"
)

// setup is what the history needs to know of the firm and of who is there.
func (a *app) setup() history.Setup {
	o := a.reg.Policy.Organisation
	name, err := a.who("")
	if err != nil { // settings that cannot be read are told of where they matter
		name = o.Handler
	}
	return history.Setup{Name: name, Email: o.Email, Ask: isTerminal(a.Err) && isTerminal(a.In), Policy: a.reg.Policy.History}
}

// keepHistory makes every change of the register that is open a commit, if it
// has a repository.
func (a *app) keepHistory() {
	if !history.Has(a.reg.Dir, a.reg.Policy.History) {
		return
	}
	a.history = history.NewKeeper(a.reg.Dir, a.setup, a.notInHistory)
	a.reg.History = a.history
}

// notInHistory says that a change is on the disk, and why there is no commit of
// it.
func (a *app) notInHistory(err error) {
	if _, ok := casefile.HintOf(err); !ok {
		err = casefile.Errorf("%v", err).WithHint("the next change that succeeds takes it along")
	}
	fmt.Fprintln(a.Err, "klacht: "+a.T("this is recorded, but it is not in the history yet: %v", err))
	hint, _ := casefile.HintOf(err)
	fmt.Fprintln(a.Err, "hint: "+a.Say(hint))
}

// repo returns the repository of the register that is open, to read from.
func (a *app) repo() (*history.Repo, error) {
	repo, err := history.Open(a.reg.Dir, a.setup())
	none := history.None("")
	if !errors.As(err, &none) {
		return repo, err
	}
	switch none {
	case history.NoGit:
		return nil, casefile.Errorf("the history cannot be read: git is not on this machine").WithHint("install git")
	case history.Refused:
		return nil, casefile.Errorf("this register keeps no history: its policy says history: none")
	case history.OuterRepo:
		return nil, casefile.Errorf("this register keeps no history: it lies inside another git repository").
			WithHint("`git init` in %s gives it its own; `history: git` in regeling.yaml uses the other", a.reg.Dir)
	}
	return nil, casefile.Errorf("this register keeps no history: it is no git repository").
		WithHint("`git init` in %s makes it one; the next change then takes everything along", a.reg.Dir)
}

// initHistory makes a new register a git repository, with its first commit; or
// says why not.
func (a *app) initHistory(ctx context.Context, dir string) (none history.None, err error) {
	if a.reg, err = store.Open(dir, nil); err != nil {
		return "", err
	}
	a.opened.Store(a.reg)
	repo, err := history.Init(dir, a.setup())
	if errors.As(err, &none) {
		return none, nil
	}
	if err == nil {
		var w *store.Writer
		if w, err = a.reg.Lock(); err != nil {
			return "", err
		}
		defer w.Close()
		if err = repo.Begin(w, store.DeedMade); err == nil {
			err = repo.Driver(ctx)
		}
	}
	if err != nil { // the register itself was made, so this is no failure
		a.notInHistory(err)
	}
	return "", nil
}

// deedName says what was done. What git has of others is said as they wrote it.
func (a *app) deedName(what string) string {
	switch what {
	case store.DeedEdited:
		return a.T("edited")
	case store.DeedPurged:
		return a.T("removed for good")
	case store.DeedFiled:
		return a.T("filed")
	case store.DeedMade:
		return a.T("made")
	case store.DeedClaimed:
		return a.T("series claimed")
	case history.FoundSo:
		return a.T("as it was found")
	case history.EditedByHand:
		return a.T("edited by hand")
	case history.RemovedByHand:
		return a.T("removed by hand")
	}
	words := strings.Split(what, ", ")
	for i, w := range words {
		if s := casefile.Step(w); slices.Contains(casefile.Steps(), s) {
			words[i] = a.StepName(s)
		}
	}
	return casefile.OneLine(strings.Join(words, ", "))
}
