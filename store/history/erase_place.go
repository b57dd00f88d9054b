package history

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	casefile "klacht/case"
)

// place is a repository in which cases are erased: that of the register, or one
// on this machine that it is pushed to.
type place struct {
	*odb
	gitDir string
	bare   bool
	head   []byte   // the branch that is checked out
	roots  []string // the first commits of the register; refs that come from none of them are not its own
}

// ref is a name for an object.
type ref struct{ name, old, new string }

// cleaned says what an erasure came to at one place.
type cleaned struct {
	refs    []ref    // what became of each ref that was moved
	held    []Holder // what still holds something of it and is not klacht's to change
	objects int      // how many objects were removed
	was     string   // a commit that held it and is gone now; "" if none. By asking for it one can see whether a server has let go
}

// eraseNote stands in the reflog where an erasure moved a ref.
const eraseNote = "klacht: erased"

// raced is the error of one try that others came in between of: nothing of what
// they did was touched, and it can be tried again.
type raced struct{ why error }

func (r *raced) Error() string { return r.why.Error() }

// How often is tried again, and how long it takes before it is, at most.
const (
	eraseTries = 12
	moveTries  = 40
	eraseWait  = 300 * time.Millisecond
)

// eraseLock is held, as a lock on a file, by the klacht that erases in a repository.
const eraseLock = "klacht-erasing"

// erase removes the cases from every commit that a ref of the register leads to,
// from the index, and from what nothing leads to; and then each object that
// nothing but they had. It never removes or changes anything else, and never
// waits for others or keeps them waiting: what they do in between makes it begin
// anew. Killed at any moment, it is completed by the next one; until then
// nothing but the cases is missing.
func (p *place) erase(ctx context.Context, gone []Gone) (*cleaned, error) {
	defer func() { _ = p.close() }()
	before := map[string]string{} // what the refs were at first
	var err error
	lock := flock.New(filepath.Join(p.gitDir, eraseLock), flock.SetPermissions(0o600))
	defer func() { _ = lock.Unlock() }()
	for range eraseTries {
		var c *cleaned
		c, err = p.tryErase(ctx, gone, before, lock)
		r := (*raced)(nil)
		if !errors.As(err, &r) {
			return c, err
		}
		err = r.why
		time.Sleep(eraseWait)
	}
	busy := casefile.Errorf("others are at work there: %v", err)
	if hint, ok := casefile.HintOf(err); ok {
		return nil, busy.WithHint(hint.Format, hint.Args...)
	}
	return nil, busy.WithHint("try again when they are done; if none is, remove the files that end in .lock from %s", p.gitDir)
}

func (p *place) tryErase(ctx context.Context, gone []Gone, before map[string]string, lock *flock.Flock) (*cleaned, error) {
	c := &cleaned{}
	s, err := p.survey(ctx, gone)
	if err != nil || p.bare && !slices.ContainsFunc(s.refs, s.ours) {
		return c, err // it is of somebody else, and stays as it is
	}
	if ok, err := lock.TryLock(); err != nil {
		return nil, casefile.Errorf("cannot clean the repository: %v", err)
	} else if !ok {
		return nil, &raced{casefile.Errorf("another klacht erases there")}
	}
	p.share(lock.Path())
	if p.glob(asideDir, goneDir) != nil { // one was killed
		if err := p.restore(); err != nil {
			return nil, err
		}
		if s, err = p.survey(ctx, gone); err != nil {
			return nil, err
		}
	}
	if err := p.rewriteRefs(ctx, s); err != nil {
		return nil, err
	}
	for _, r := range s.refs {
		if r.new != r.old && before[r.name] == "" {
			before[r.name] = r.old
		}
	}
	if err := s.index(ctx, true); err != nil {
		return nil, err
	}
	if err := s.look(ctx); err != nil {
		return nil, err
	}
	if c.held, err = s.holders(ctx); err != nil {
		return nil, err
	}
	list, err := s.tainted(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.forget(list); err != nil {
		return nil, casefile.Errorf("cannot clean the repository: %v", err)
	}
	if err := p.remove(ctx, s, list); err != nil {
		return nil, err
	}
	c.objects = len(list)
	for name, old := range before {
		i := slices.IndexFunc(s.refs, func(r ref) bool { return r.name == name })
		now := ref{name, old, ""}
		if i >= 0 {
			now.new = s.refs[i].new
		}
		c.refs = append(c.refs, now)
		if list[old] {
			c.was = max(c.was, old)
		}
	}
	return c, nil
}

// holds returns which of the cases are still in some object of the repository,
// whether anything leads to it or not, or in the index.
func (p *place) holds(ctx context.Context, gone []Gone) ([]casefile.ID, error) {
	defer func() { _ = p.close() }()
	s, err := p.survey(ctx, gone)
	if err != nil {
		return nil, err
	}
	s.dry = true
	if err := s.index(ctx, false); err != nil {
		return nil, err
	}
	if err := s.look(ctx); err != nil {
		return nil, err
	}
	aside := p.glob(asideDir, goneDir) != nil // by an erasure that was killed, or is at work
	var ids []casefile.ID
	for _, g := range gone {
		if (s.found[g.ID] || aside) && !slices.Contains(ids, g.ID) {
			ids = append(ids, g.ID)
		}
	}
	return ids, nil
}

// refsNow lists what names an object: every ref, and HEAD if it names one itself.
func (p *place) refsNow(ctx context.Context) ([]ref, error) {
	out, err := p.output(ctx, "for-each-ref", "--format=%(objectname) %(refname) %(symref)")
	if err != nil {
		return nil, err
	}
	var refs []ref
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) == 2 { // three are a name for a name
			refs = append(refs, ref{f[1], f[0], f[0]})
		}
	}
	if p.head, err = p.output(ctx, "symbolic-ref", "-q", "HEAD"); ExitCode(err) == 1 {
		out, err := p.output(ctx, "rev-parse", "--verify", "HEAD^{commit}")
		if err != nil {
			return nil, err
		}
		id := strings.TrimSpace(string(out))
		return append(refs, ref{"HEAD", id, id}), nil
	}
	return refs, err
}

// rewriteRefs gives the refs of the register what becomes of them, all at once.
func (p *place) rewriteRefs(ctx context.Context, s *survey) error {
	for try := 0; ; try++ {
		var err error
		if s.refs, err = p.refsNow(ctx); err != nil {
			return err
		}
		var tips []string
		for _, r := range s.refs {
			tips = append(tips, r.old)
		}
		if err := s.grow(ctx, s.odb, tips); err != nil {
			return err
		}
		elsewhere, err := p.checkedOut()
		if err != nil {
			return err
		}
		tips = nil
		for i, r := range s.refs {
			if s.ours(r) && !elsewhere[r.name] {
				tips = append(tips, r.old)
				s.refs[i].new = ""
			}
		}
		if err := s.takeAll(ctx, s.upTo(tips)); err != nil {
			return err
		}
		for i, r := range s.refs {
			if r.new == "" {
				s.refs[i].new = s.commit[r.old]
			}
		}
		if err := p.flush(ctx); err != nil {
			return err
		}
		if err = p.move(ctx, s.refs); err == nil || ExitCode(err) <= 0 {
			return err
		}
		if try == moveTries {
			return &raced{err}
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
}

// ours reports whether a ref names a commit of the register, and is of a kind that
// git and klacht move themselves.
func (s *survey) ours(r ref) bool {
	c := s.commits[r.old]
	return c != nil && c.desc && (r.name == "HEAD" || slices.ContainsFunc([]string{"refs/heads/", "refs/remotes/", "refs/tags/", "refs/klacht/"},
		func(kind string) bool { return strings.HasPrefix(r.name, kind) }))
}

// move gives the refs their new objects, all at once or none.
func (p *place) move(ctx context.Context, refs []ref) error {
	var b strings.Builder
	for _, r := range refs {
		switch {
		case r.new == r.old:
			continue
		case r.new == "" && (r.name == "HEAD" || r.name == strings.TrimSpace(string(p.head))):
			return casefile.Errorf("nothing would be left of the commit that is checked out").WithHint("`git switch` to a branch first")
		case r.new == "":
			b.WriteString("option no-deref\ndelete " + r.name + " " + r.old + "\n")
		default:
			b.WriteString("option no-deref\nupdate " + r.name + " " + r.new + " " + r.old + "\n")
		}
	}
	if b.Len() == 0 {
		return nil
	}
	in := strings.NewReader("start\n" + b.String() + "prepare\ncommit\n")
	return p.git(ctx, Call{Args: []string{"update-ref", "-m", eraseNote, "--stdin"}, In: in})
}
