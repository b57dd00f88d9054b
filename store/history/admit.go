package history

import (
	"context"
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/store"
)

// What a side may not give to the other is refused before anything is changed.

// unfit is the error for what no register has.
type unfit struct{ error }

func (u unfit) Unwrap() error { return u.error }

// sendable refuses to send what the other side could not take in: what is not of
// a register, and cases that cannot be read. lost reports that the other side has a
// case that is not here.
func (s *sharing) sendable(ctx context.Context, o *odb, theirs, ours string) (lost bool, err error) {
	differ, err := s.r.differing(ctx, theirs, ours)
	if err != nil {
		return false, err
	}
	here := snapshot{}
	for name, d := range differ {
		if d.is != "" {
			here[name] = blob{d.mode, map[bool]string{true: "commit", false: "blob"}[d.mode == "160000"], d.is, 0}
		}
	}
	if err := here.foreign(); err != nil {
		return false, casefile.Errorf("the history here cannot be shared: %v", err).
			WithHint("take it out with `git rm --cached`; what is not of the register stays out of its history")
	}
	have := map[string]bool{}
	keys := map[string]casefile.ID{}
	for _, name := range slices.Sorted(maps.Keys(here)) {
		part, id := store.PartOf(name)
		if part != store.PartCase {
			continue
		}
		have[unitOf(name)] = true
		data, err := o.must(ctx, here[name].id, "blob")
		if err != nil {
			return false, err
		}
		if _, err := store.ParseFile(name, data, s.reg.Policy); err != nil && s.order.Work == nil { // the work can be to remove it
			return false, casefile.Errorf("a complaint that cannot be read is not sent: %v", err).WithHint("`klacht edit %s` mends it; nothing was sent or merged", id)
		}
		if key := hashIn(data); key != "" {
			if other := keys[key]; other != "" && other != id {
				return false, errTwice(id, other)
			}
			keys[key] = id
		}
	}
	for name, d := range differ {
		lost = lost || d.is == "" && isCase(name) && !have[unitOf(name)]
	}
	return lost, nil
}

func errTwice(a, b casefile.ID) error {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return casefile.Errorf("%s and %s have one key: one was copied from the other; nothing was sent or merged", a, b).
		WithHint("look at both, and remove the copy; `klacht new` registers a complaint of its own")
}

// acceptable refuses what no register has, and what is another register.
func (s *sharing) acceptable(ctx context.Context, theirs string) error {
	if s.r.oid(ctx, "HEAD") == theirs || s.r.leadsTo(ctx, theirs, "HEAD") {
		return nil // all of it is here
	}
	there, err := s.r.snapshot(ctx, theirs)
	if err != nil {
		return err
	}
	refused := func(err error) error {
		return casefile.Errorf("the other side has what no register has: %v", unfit{err}).
			WithHint("take it out there, with git; nothing of it has come into your register")
	}
	if there[store.PolicyFile].id == "" {
		return casefile.Errorf("the other side is not a register: there is no %s in it", store.PolicyFile).
			WithHint("look at the address of the remote: `git remote -v`")
	}
	if err := there.foreign(); err != nil {
		return refused(err)
	}
	o := &odb{r: s.r}
	defer func() { _ = o.close() }()
	attributes, err := o.content(ctx, there[".gitattributes"].id)
	if err == nil && !plainAttributes(attributes) {
		err = refused(casefile.Errorf("%s asks git for more than a register needs", ".gitattributes"))
	}
	if err != nil {
		return err
	}
	return s.sameRegister(ctx, o, there[store.LedgerFile].id, theirs)
}

// sameRegister refuses a commit of another register: one of another key or, where
// that is not known, without a common beginning.
func (s *sharing) sameRegister(ctx context.Context, o *odb, ledger, theirs string) error {
	other := casefile.Errorf("the other side is another register; nothing was changed").
		WithHint("to work on one register together, clone it: `git clone ADDRESS`")
	data, err := o.content(ctx, ledger)
	if err != nil {
		return err
	}
	if data != nil {
		there, err := store.ParseLedger(data)
		if err != nil {
			return casefile.Errorf("on the other side: %v", err)
		}
		if here, err := s.reg.Ledger(); err == nil {
			if here.Key == there.Key {
				return nil
			}
			return other
		}
	}
	if _, err := s.r.Output(ctx, "merge-base", "HEAD", theirs); ExitCode(err) == 1 {
		return other
	} else if err != nil {
		return err
	}
	return nil
}
