package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history/merge"
)

// An erasure is carried out only where it is of what is there: the key is that of the
// complaint, and nothing has been written down about it that whoever erased it did
// not know. Anything else is asked.

// meeting is a complaint that stands on a side, and a line in purged.yaml that says
// that it was erased.
type meeting struct {
	line  store.PurgedLine
	here  bool // it stands here; else on the other side
	text  []byte
	known bool // whoever wrote the line knew all that is there
	quiet bool // nobody works on it: it is closed, with no body, and not on hold
	said  bool // the line is of another clone, and was not carried out here
}

// obey carries out the erasures that either side has a line of, or asks; nothing is
// changed before all is decided. ours, theirs and known are commits; known is what
// the other side was when it was last looked at, which is not to say that it was taken
// in.
func (s *sharing) obey(ctx context.Context, o *odb, w *store.Writer, ours, theirs, known string) error {
	text, err := w.ReadFile(store.PurgedFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	mine, err := linesIn(text)
	if err != nil {
		return err
	}
	others := mine
	if theirs != ours {
		if others, err = s.lines(ctx, o, theirs); err != nil {
			return err
		}
	}
	ourLines := setOf(mine)
	both := slices.Clone(mine)
	for _, l := range others {
		if !ourLines[l] {
			both = append(both, l)
		}
	}
	s.erased, s.sent = nil, map[string]bool{}
	for _, l := range store.Effective(others) {
		s.sent[goneIn(l).keyOf()] = true
	}
	lines := store.Effective(both)
	if len(lines) == 0 {
		return nil
	}
	base, err := s.r.mergeBase(ctx, ours, theirs)
	if err != nil {
		return err
	}
	meetings, err := s.meetings(ctx, o, w, lines, ourLines, theirs, known, base)
	if err != nil {
		return err
	}
	var drop, keep []meeting
	for _, m := range meetings {
		choice := merge.Theirs // of the two that it be erased
		if !m.known || m.said && !m.quiet {
			choice = s.order.Decide(s.question(m))
			if !m.here && choice != merge.Ask { // there it is we who have erased it
				choice = merge.Ours + merge.Theirs - choice
			}
		}
		switch choice {
		case merge.Ask:
			s.did.Conflicts = append(s.did.Conflicts, s.question(m))
		case merge.Theirs:
			drop = append(drop, m)
		default:
			keep = append(keep, m)
		}
	}
	if s.did.Conflicts != nil {
		return nil
	}
	for _, l := range lines {
		s.erased = append(s.erased, goneIn(l))
	}
	for _, m := range keep {
		s.erased = slices.DeleteFunc(s.erased, func(g Gone) bool { return g == goneIn(m.line) })
	}
	if len(keep)+len(drop) > 0 && theirs != "" { // whether all else can come together is known before one goes
		m := s.combining(o, ours, theirs)
		if _, _, err := m.combine(ctx); err != nil {
			return err
		}
		if list := slices.DeleteFunc(m.conflicts, Conflict.ofTwo); len(list) > 0 { // two get two numbers
			s.did.Conflicts = list
			return nil
		}
	}
	for _, m := range keep {
		if m.line.Key == "" {
			f, err := w.Load(m.line.ID)
			if err != nil {
				return err
			}
			key, err := w.KeyOf(f)
			if err != nil {
				return err
			}
			m.line.Key, m.line.Content = key.Hash(), store.DigestOf(f.Data)
		}
		if err := w.TakeBack(&m.line, s.order.Today); err != nil {
			return err
		}
	}
	if keep != nil {
		s.gone = []Gone{}
		if err := s.commit(w); err != nil {
			return err
		}
	}
	for _, m := range drop {
		if !m.here {
			continue
		}
		if s.order.Going != nil {
			if err := s.order.Going(m.line.ID); err != nil {
				return err
			}
		}
		if err := w.Drop(m.line.ID); err != nil {
			return err
		}
		if err := s.r.anew(goneIn(m.line)); err != nil {
			return err
		}
		s.did.Removed = append(s.did.Removed, m.line.ID)
	}
	return nil
}

// goneIn returns what a line says is gone.
func goneIn(l store.PurgedLine) Gone { return Gone{ID: l.ID, Key: l.Key, Content: l.Content} }

// lines returns the lines of purged.yaml in a commit.
func (s *sharing) lines(ctx context.Context, o *odb, commit string) ([]store.PurgedLine, error) {
	if commit == "" {
		return nil, nil
	}
	kind, data, err := o.get(ctx, commit+":"+store.PurgedFile)
	if err != nil || kind != "blob" {
		return nil, err
	}
	return linesIn(data)
}

func setOf(lines []store.PurgedLine) map[store.PurgedLine]bool {
	set := map[store.PurgedLine]bool{}
	for _, l := range lines {
		set[l] = true
	}
	return set
}

func linesIn(data []byte) ([]store.PurgedLine, error) {
	list, err := store.ParsePurgedLines(data)
	for i := range list {
		list[i].Line = 0 // it says the same wherever it stands
	}
	return list, err
}

// meetings finds the complaints that stand on a side though a line says that they
// were erased. What a line is about by its number alone, and not by its key, is told.
func (s *sharing) meetings(ctx context.Context, o *odb, w *store.Writer, lines []store.PurgedLine, mine map[store.PurgedLine]bool, theirs, known, base string) (list []meeting, err error) {
	there := map[casefile.ID]string{}
	if theirs != "" {
		out, err := s.r.Output(ctx, "ls-tree", "-r", "-z", "--name-only", "--full-tree", theirs, "open", "archive")
		if err != nil {
			return nil, err
		}
		for _, name := range Fields(out) {
			if part, id := store.PartOf(name); part == store.PartCase {
				there[id] = name
			}
		}
	}
	standing, err := w.Standing()
	if err != nil {
		return nil, err
	}
	blob := func(commit, name string) ([]byte, error) {
		if commit == "" || name == "" {
			return nil, nil
		}
		_, data, err := o.get(ctx, commit+":"+name)
		return data, err
	}
	knew := s.r.record().knew
	clone, err := s.reg.Clone()
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		said := !mine[l] || l.By != clone.Series && knew[goneIn(l).keyOf()] == nil // a plain git may have brought the line
		if at, ok := standing[l.ID]; ok {
			m, err := s.meets(w, l, at)
			if err != nil {
				return nil, err
			}
			sent, err := blob(known, at)
			if err != nil {
				return nil, err
			}
			m.said = said
			m.known = l.Key != "" && (store.DigestOf(m.text) == l.Content || said && sent != nil && bytes.Equal(sent, m.text))
			if m.line.ID != "" {
				list = append(list, m)
			} else if !mine[l] { // it is told once
				s.did.Unfit = append(s.did.Unfit, l.ID)
			}
		}
		if at := there[l.ID]; at != "" {
			text, err := blob(theirs, at)
			if err != nil {
				return nil, err
			}
			if hash := hashIn(text); l.Key == "" || hash != "" && hash != l.Key {
				continue
			}
			seen, err := blob(base, at)
			if err != nil {
				return nil, err
			}
			list = append(list, meeting{line: l, text: text, known: store.DigestOf(text) == l.Content || seen != nil && bytes.Equal(seen, text) || knew[goneIn(l).keyOf()][store.DigestOf(text)]})
		}
	}
	return list, nil
}

// meets looks whether a line is about the complaint of its number that stands here
// at a path; else the line of the meeting is the zero one.
func (s *sharing) meets(w *store.Writer, l store.PurgedLine, at string) (m meeting, err error) {
	f, err := w.Load(l.ID)
	if damage := (*store.Damage)(nil); errors.As(err, &damage) { // it cannot be read, so nobody knows what is in it
		m = meeting{line: l, here: true}
		m.text, err = w.ReadFile(at)
		return m, err
	} else if err != nil {
		return m, err
	}
	key, err := w.KeyOf(f)
	if err != nil || !l.Fits(f, key) {
		return m, err
	}
	quiet := f.State.Archivable() && f.State.Hold == nil && f.State.Committee == ""
	return meeting{line: l, here: true, text: f.Data, quiet: quiet}, nil
}

// question asks whether a complaint is to go that a line says was erased.
func (s *sharing) question(m meeting) Conflict {
	stands := ""
	if f, err := store.ParseFile(string(m.line.ID)+".yaml", m.text, s.reg.Policy); err == nil {
		last := f.InOrder()[len(f.Log)-1]
		stands = fmt.Sprintf("%s, %s %s", f.State.Status(), last.Step, last.At.Date)
	}
	erased := fmt.Sprintf("purged %s", m.line.On)
	if m.line.Erased {
		erased = fmt.Sprintf("erased %s", m.line.On)
	}
	c := merge.Conflict{Field: "erased", Ours: stands, Theirs: erased}
	if !m.here {
		c.Ours, c.Theirs = erased, stands
	}
	return Conflict{ID: m.line.ID, Erased: true, Differ: []merge.Conflict{c}}
}

// Gone returns what is to be nowhere any more: what purged.yaml has a line of, but
// for what stands in the register.
func (k *Keeper) Gone(reg *store.Register) (list []Gone, err error) {
	lines, err := reg.PurgedLines()
	for _, l := range lines {
		list = append(list, goneIn(l))
	}
	if err == nil {
		list, err = notStanding(reg, list)
	}
	return list, err
}

// notStanding leaves out what stands in the register: it came back, and a purge asks.
func notStanding(reg *store.Register, gone []Gone) (list []Gone, err error) {
	if len(gone) == 0 {
		return nil, nil
	}
	standing, err := reg.Standing()
	for _, g := range gone {
		if at, ok := standing[g.ID]; ok {
			if text, err := reg.ReadFile(at); err != nil || g.is(g.ID, text) {
				continue
			}
		}
		list = append(list, g)
	}
	return list, err
}

// clean erases from the history here what is gone, as far as the other side has
// heard of it, or will not be told. theirs is the commit of the other side, which
// becomes what is left of it; nil if there is none.
func (s *sharing) clean(ctx context.Context, w *store.Writer, theirs *string) error {
	gone, err := s.k.Gone(s.reg)
	if theirs != nil { // and what the other side says
		gone, err = notStanding(s.reg, s.erased)
	}
	if err != nil || len(gone) == 0 {
		return err
	}
	s.gone = gone
	rec, _, err := s.r.noted(ctx, gone)
	if err != nil {
		return err
	}
	todo := rec.without(placeHere, gone)
	if s.look && rec.stale() {
		found, err := s.r.Holds(ctx, gone)
		if err != nil {
			return err
		}
		todo = union(todo, found)
	}
	if theirs != nil && *theirs != "" {
		if s.m != nil { // what others do not know is sent first
			n := len(todo)
			todo = slices.DeleteFunc(todo, func(g Gone) bool { return !s.sent[g.keyOf()] })
			s.later = len(todo) < n
		}
		came, err := s.r.bearing(ctx, gone, s.heads(ctx)...)
		if err != nil {
			return err
		}
		todo = union(todo, came)
		for _, g := range came {
			rec.forget(s.m.name, g.keyOf())
		}
	}
	if len(todo) == 0 {
		return rec.write(s.look)
	}
	return s.eraseHere(ctx, rec, todo, theirs)
}

// eraseHere erases complaints from the repository here, with what it knows of the
// remotes.
func (s *sharing) eraseHere(ctx context.Context, rec *record, todo []Gone, theirs *string) error {
	for _, g := range todo {
		rec.forget(placeHere, g.keyOf())
	}
	if err := rec.write(false); err != nil {
		return err
	}
	p, err := s.r.place(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.close() }()
	if err := s.versions(ctx, p.odb, rec, todo); err != nil {
		return err
	}
	tips, err := s.tips(ctx, p.odb)
	if err != nil {
		return err
	}
	did, err := p.erase(ctx, s.gone) // all that ever went, by which the beginning of the register is known
	if err != nil {
		return err
	}
	names, err := s.r.remotes(ctx)
	if err != nil {
		return err
	}
	for _, ref := range did.refs {
		remote, branch, found := trackedBy(ref.name, names)
		if !found || ref.new == ref.old {
			continue
		}
		if s.moved[remote] == nil {
			s.moved[remote] = map[string]string{}
		}
		if s.moved[remote][branch] == "" {
			s.moved[remote][branch] = ref.old
		}
		if rec.asks[remote], err = s.r.askFor(ctx, tips[ref.old]); err != nil {
			return err
		}
		for _, g := range todo {
			rec.forget(remote, g.keyOf())
		}
	}
	if theirs != nil && s.m != nil {
		*theirs = s.r.oid(ctx, s.m.ref())
	}
	for _, g := range todo {
		if !slices.Contains(s.did.Erased, g.ID) {
			s.did.Erased = append(s.did.Erased, g.ID)
		}
		rec.mark(placeHere, g.keyOf())
		for _, h := range did.held {
			rec.wait(placeHere, g.keyOf(), Pending{Place: placeHere, Why: Held, What: h.Name + ": " + h.Type})
		}
	}
	return rec.write(true)
}

// versions notes what the files of complaints were in any commit here: whoever has one
// so elsewhere has nothing that was not known.
func (s *sharing) versions(ctx context.Context, o *odb, rec *record, gone []Gone) error {
	of := map[casefile.ID][]Gone{}
	args := []string{"log", "--all", "--format=", "--raw", "--no-abbrev", "--no-renames", "-m", "--"}
	for _, g := range gone {
		of[g.ID] = append(of[g.ID], g)
	}
	if len(of) == 1 {
		args = append(args, globs(string(gone[0].ID))...)
	} else {
		args = append(args, "open", "archive")
	}
	var out bytes.Buffer
	if err := s.r.Do(ctx, Call{Args: args, Out: &out, Read: true, Glob: true}); err != nil {
		return err
	}
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		about, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		f := strings.Fields(about)
		part, id := store.PartOf(name)
		if part != store.PartCase || of[id] == nil || len(f) != 5 || seen[f[3]] || strings.Trim(f[3], "0") == "" {
			continue
		}
		seen[f[3]] = true
		text, err := o.must(ctx, f[3], "blob")
		if err != nil {
			return err
		}
		for _, g := range of[id] {
			if g.is(id, text) {
				rec.know(g.keyOf(), store.DigestOf(text))
			}
		}
	}
	return nil
}

// tips returns the commits that the branches of remotes name, as git keeps them, by
// their ids.
func (s *sharing) tips(ctx context.Context, o *odb) (map[string][]byte, error) {
	out, err := s.r.Output(ctx, "for-each-ref", "--format=%(objectname)", "refs/remotes/")
	if err != nil {
		return nil, err
	}
	tips := map[string][]byte{}
	for _, id := range strings.Fields(string(out)) {
		if tips[id], err = o.must(ctx, id, "commit"); err != nil {
			return nil, err
		}
	}
	return tips, nil
}

// heads returns the commits that the branches of the remote name, as far as is known.
func (s *sharing) heads(ctx context.Context) (list []string) {
	if s.m == nil {
		return nil
	}
	at, _ := s.r.branches(ctx, s.m.name) // looked at a moment ago
	for _, id := range at {
		list = append(list, id)
	}
	return list
}

func union(a, b []Gone) []Gone {
	for _, g := range b {
		if !slices.Contains(a, g) {
			a = append(a, g)
		}
	}
	return a
}

// bearing returns which of the complaints have a name in what some commits lead to
// and HEAD does not.
func (r *Repo) bearing(ctx context.Context, gone []Gone, commits ...string) (list []Gone, err error) {
	if len(gone) == 0 || len(commits) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(commits, "\n") + "\n^HEAD\n")
	if err := r.Do(ctx, Call{Args: []string{"rev-list", "--objects", "--stdin"}, In: in, Out: &out, Read: true}); err != nil {
		return nil, err
	}
	named := map[casefile.ID]bool{}
	for line := range strings.Lines(out.String()) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if _, id := store.PartOf(name); id != "" {
			named[id] = true
		} else if id, err := casefile.ParseID(path.Base(name)); err == nil {
			named[id] = true
		}
	}
	for _, g := range gone {
		if named[g.ID] {
			list = append(list, g)
		}
	}
	return list, nil
}
