package history

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	casefile "klacht/case"
)

// place is a repository in which cases are erased: that of the register, or one
// on this machine that it is pushed to.
type place struct {
	*odb
	gitDir string
	bare   bool
}

// ref is a name for an object.
type ref struct{ name, old, new string }

// notesRef matches the names of notes, here and as fetched from a remote.
var notesRef = regexp.MustCompile(`^refs/(klacht/erase/[0-9]+/)?notes/`)

// eraseNote stands in the reflog where an erasure moved a ref.
const eraseNote = "klacht: erased"

// erase removes the cases from every commit that a ref or a stash leads to, and
// from the index, and then everything that nothing leads to. It returns what
// became of each ref.
func (p *place) erase(ctx context.Context, ids []casefile.ID) ([]ref, error) {
	defer func() { _ = p.close() }()
	w := newRewriting(p.odb, ids)
	refs, err := p.refs(ctx)
	if err != nil {
		return nil, err
	}
	stashes, err := p.stashes(ctx, w)
	if err != nil {
		return nil, err
	}
	var roots, notes []string
	for _, r := range refs {
		if notesRef.MatchString(r.name) {
			notes = append(notes, r.old)
		} else {
			roots = append(roots, r.old)
		}
	}
	for _, s := range stashes {
		roots = append(roots, s.new)
	}
	if err := p.takeAll(ctx, w, roots, w.filter); err != nil {
		return nil, err
	}
	if err := p.takeAll(ctx, w, notes, w.filterNotes); err != nil {
		return nil, err
	}
	stashes = slices.DeleteFunc(stashes, func(s *stash) bool { return !s.follow(w) })
	for i := range refs {
		if refs[i].new, err = w.whatever(ctx, refs[i].old); err != nil {
			return nil, err
		}
		if refs[i].name == "refs/stash" {
			refs[i].new = ""
			if len(stashes) > 0 {
				refs[i].new = stashes[len(stashes)-1].new
			}
		}
	}
	if err := p.flush(ctx); err != nil {
		return nil, err
	}
	if err := p.move(ctx, refs); err != nil {
		return nil, err
	}
	if err := p.cleanIndex(ctx, ids); err != nil {
		return nil, err
	}
	if err := p.forget(stashes); err != nil {
		return nil, casefile.Errorf("cannot clean the repository: %v", err)
	}
	if err := p.prune(ctx); err != nil {
		return nil, err
	}
	return refs, p.verify(ctx, w)
}

// refs lists what names an object: every ref, and HEAD if it names one itself.
func (p *place) refs(ctx context.Context) ([]ref, error) {
	out, err := p.output(ctx, "for-each-ref", "--format=%(objectname) %(refname) %(symref)")
	if err != nil {
		return nil, err
	}
	var refs []ref
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) == 2 { // three are a name for a name
			refs = append(refs, ref{name: f[1], old: f[0]})
		}
	}
	if _, err := p.output(ctx, "symbolic-ref", "-q", "HEAD"); ExitCode(err) == 1 {
		out, err := p.output(ctx, "rev-parse", "--verify", "HEAD^{commit}")
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref{name: "HEAD", old: strings.TrimSpace(string(out))})
	} else if err != nil {
		return nil, err
	}
	return refs, nil
}

// takeAll works out what becomes of every commit up to the roots, the first
// ones first.
func (p *place) takeAll(ctx context.Context, w *rewriting, roots []string, filter func(context.Context, string) (string, error)) error {
	if len(roots) == 0 {
		return nil
	}
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(roots, "\n") + "\n")
	if err := p.git(ctx, Call{Args: []string{"rev-list", "--topo-order", "--reverse", "--stdin"}, In: in, Out: &out, Read: true}); err != nil {
		return err
	}
	todo := strings.Fields(out.String())
	for len(todo) > 0 {
		n := min(len(todo), inAdvance)
		if err := p.prefetch(ctx, w, todo[:n]); err != nil {
			return err
		}
		for _, id := range todo[:n] {
			if _, done := w.commit[id]; done {
				continue
			}
			if err := w.take(ctx, id, filter); err != nil {
				return err
			}
		}
		todo = todo[n:]
	}
	p.had = nil
	return nil
}

// inAdvance is how many commits are asked for at a time, with their trees:
// waiting for each by itself takes most of the time.
const inAdvance = 256

// prefetch asks for commits, and for their trees that were not seen yet.
func (p *place) prefetch(ctx context.Context, w *rewriting, commits []string) error {
	p.had = map[string]object{}
	var next []string
	want := func(id string) {
		_, seen := w.tree[id]
		if _, had := p.had[id]; !seen && !had {
			p.had[id] = object{} // asked for
			next = append(next, id)
		}
	}
	err := p.each(ctx, commits, func(id string, got object) error {
		p.had[id] = got
		tree, _, _ := strings.Cut(strings.TrimPrefix(string(got.data[:min(len(got.data), 80)]), "tree "), "\n")
		if got.kind == "commit" {
			want(tree)
		}
		return nil
	})
	for err == nil && len(next) > 0 {
		ask := next
		next = nil
		err = p.each(ctx, ask, func(id string, got object) error {
			p.had[id] = got
			list, err := entries(got.data, p.sum().Size())
			for _, e := range list {
				if e.isTree() {
					want(hex.EncodeToString(e.id))
				}
			}
			return err
		})
	}
	return err
}

// move gives the refs their new objects, all at once or none.
func (p *place) move(ctx context.Context, refs []ref) error {
	var b strings.Builder
	for _, r := range refs {
		switch {
		case r.new == r.old:
			continue
		case r.new == "" && r.name == "HEAD":
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

// cleanIndex takes the names of the cases out of the index, and what it
// remembers of conflicts that were solved. Everything else in it stays.
func (p *place) cleanIndex(ctx context.Context, ids []casefile.ID) error {
	if _, err := os.Lstat(filepath.Join(p.gitDir, "index")); p.bare || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	out, err := p.output(ctx, "ls-files", "-z")
	if err != nil {
		return err
	}
	gone := idSet(ids)
	var names []string
	for _, name := range Fields(out) {
		if slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return bears(gone, part) }) {
			names = append(names, name)
		}
	}
	if names != nil {
		in := strings.NewReader(strings.Join(names, "\x00"))
		if err := p.git(ctx, Call{Args: []string{"update-index", "-z", "--force-remove", "--stdin"}, In: in}); err != nil {
			return err
		}
	}
	return p.git(ctx, Call{Args: []string{"update-index", "--clear-resolve-undo"}})
}

func idSet(ids []casefile.ID) map[casefile.ID]bool {
	set := map[casefile.ID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// leftovers are what git and editors leave in a repository that can hold what a
// person wrote, or lead to it. None is needed while nothing is under way.
var leftovers = []string{
	"ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE", "REBASE_HEAD", "BISECT_HEAD", "COMMIT_EDITMSG*", ".*_EDITMSG*", ".*.sw?", "MERGE_MSG", "MERGE_RR", "SQUASH_MSG",
	"TAG_EDITMSG*", "NOTES_EDITMSG*", "EDIT_DESCRIPTION*", "ADD_EDIT.patch", "addp-hunk-edit.diff*", "gc.log", "lost-found", "rr-cache/*",
	"fast_import_crash_*", "filter-repo", "objects/info/commit-graph", "objects/info/commit-graphs", "objects/pack/tmp_*",
	"objects/pack/.tmp-*", "objects/incoming-*", "objects/tmp_objdir-*",
}

// forget removes what leads to commits of before: the reflogs, but for the list
// of what is stashed, and the leftovers.
func (p *place) forget(stashes []*stash) error {
	logs := filepath.Join(p.gitDir, "logs")
	list := filepath.Join(logs, "refs", "stash")
	if len(stashes) > 0 {
		var b strings.Builder
		before := strings.Repeat("0", len(stashes[0].new))
		for _, s := range stashes {
			b.WriteString(before + " " + s.new + " " + s.rest)
			before = s.new
		}
		if err := putFile(list, []byte(b.String())); err != nil {
			return err
		}
	}
	err := filepath.WalkDir(logs, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || name == list && len(stashes) > 0 {
			return err
		}
		return os.Remove(name)
	})
	if err != nil {
		return err
	}
	for _, pattern := range leftovers {
		names, _ := filepath.Glob(filepath.Join(escapeGlob(p.gitDir), filepath.FromSlash(pattern)))
		for _, name := range names {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// escapeGlob returns a path as a pattern that matches just that.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // which cannot be escaped there, and need not be
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// prune removes every object that nothing leads to.
func (p *place) prune(ctx context.Context) error {
	if err := p.close(); err != nil { // it holds packs open
		return err
	}
	if err := p.git(ctx, Call{Args: []string{"repack", "-a", "-d", "-q"}}); err != nil {
		return err
	}
	return p.git(ctx, Call{Args: []string{"prune", "--expire=now"}})
}

// verify reports an error if something is still there that only the cases had.
func (p *place) verify(ctx context.Context, w *rewriting) error {
	var ask strings.Builder
	for id := range w.erased {
		if !w.kept[id] {
			ask.WriteString(id + "\n")
		}
	}
	if ask.Len() == 0 {
		return nil
	}
	var out bytes.Buffer
	if err := p.git(ctx, Call{Args: []string{"cat-file", "--batch-check=%(objectname)"}, In: strings.NewReader(ask.String()), Out: &out, Read: true}); err != nil {
		return err
	}
	staged := ""
	for line := range strings.Lines(out.String()) {
		if strings.HasSuffix(line, " missing\n") {
			continue
		}
		if staged == "" && !p.bare {
			list, err := p.output(ctx, "ls-files", "-s", "-z")
			if err != nil {
				return err
			}
			staged = string(list) + "\n"
		}
		if !strings.Contains(staged, strings.TrimSpace(line)) {
			return casefile.Errorf("the repository still holds something of what was erased").
				WithHint("end every other program that works in it, and try again")
		}
	}
	return nil
}

// stash is a line in the list of what is stashed.
type stash struct {
	old, new string
	rest     string // who, when and its message
	parents  []string
}

// stashes reads that list, the oldest first, and keeps each in the form in which
// git can take it out again.
func (p *place) stashes(ctx context.Context, w *rewriting) ([]*stash, error) {
	data, err := os.ReadFile(filepath.Join(p.gitDir, "logs", "refs", "stash"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, casefile.Errorf("cannot read the list of what is stashed: %v", err)
	}
	var list []*stash
	for line := range strings.Lines(string(data)) {
		f := strings.SplitN(line, " ", 3)
		if len(f) < 3 || strings.HasSuffix(strings.TrimSpace(line), "\t"+eraseNote) {
			continue
		}
		s := &stash{old: f[1], new: f[1], rest: f[2]}
		commit, err := w.must(ctx, s.old, "commit")
		if err != nil {
			return nil, err
		}
		head, _, _ := strings.Cut(string(commit), "\n\n")
		for l := range strings.Lines(head + "\n") {
			if id, ok := strings.CutPrefix(l, "parent "); ok {
				s.parents = append(s.parents, strings.TrimSpace(id))
			}
		}
		w.fixed[s.old] = true
		if len(s.parents) > 1 {
			for _, id := range s.parents[1:] {
				w.fixed[id] = true
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// follow makes the line say what became of what was stashed. It reports false
// if nothing is left of it.
func (s *stash) follow(w *rewriting) bool {
	s.new = w.commit[s.old]
	if s.new == s.old || len(s.parents) == 0 {
		return s.new != ""
	}
	if w.commit[s.parents[0]] == "" {
		return false
	}
	was, is := w.was[s.parents[0]], w.treeOf[w.commit[s.parents[0]]]
	did, does := w.was[s.old] != was, w.treeOf[s.new] != is
	for i, id := range s.parents[1:] {
		if i == 1 { // what git did not know of has a history of its own
			was, is = w.treeOf[""], w.treeOf[""]
		}
		did, does = did || w.was[id] != was, does || w.treeOf[w.commit[id]] != is
	}
	return does || !did
}

// putFile writes a file of the repository: it is there in full, old or new.
func putFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".tmp-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// holds returns which of the cases have a name in some tree of the repository,
// whether anything leads to it or not, or in the index.
func (p *place) holds(ctx context.Context, ids []casefile.ID) ([]casefile.ID, error) {
	in, out, end, err := p.stream(ctx, "cat-file", "--batch", "--buffer")
	if err != nil {
		return nil, err
	}
	list, err := p.trees(ctx)
	if err != nil {
		_ = end()
		return nil, err
	}
	go func() {
		_, _ = io.WriteString(in, list)
		_ = in.Close()
	}()
	found := map[casefile.ID]bool{}
	gone := idSet(ids)
	ans := bufio.NewReaderSize(out, 256<<10)
	for {
		_, _, data, err := answer(ans)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, errors.Join(end(), err)
		}
		tree, err := entries(data, p.sum().Size())
		if err != nil {
			_ = end()
			return nil, err
		}
		for _, e := range tree {
			note(found, gone, e.name)
		}
	}
	if err := end(); err != nil {
		return nil, err
	}
	if !p.bare {
		out, err := p.output(ctx, "ls-files", "-z")
		if err != nil {
			return nil, err
		}
		for _, name := range Fields(out) {
			for part := range strings.SplitSeq(name, "/") {
				note(found, gone, part)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id casefile.ID) bool { return !found[id] }), nil
}

// note adds to found those whose number a name bears.
func note(found, gone map[casefile.ID]bool, name string) {
	if bears(gone, name) {
		for id := range gone {
			if bears(map[casefile.ID]bool{id: true}, name) {
				found[id] = true
			}
		}
	}
}

// trees lists the ids of all trees.
func (p *place) trees(ctx context.Context) (string, error) {
	var b strings.Builder
	out, err := p.output(ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
	for line := range strings.Lines(string(out)) {
		if id, ok := strings.CutPrefix(line, "tree "); ok {
			b.WriteString(id)
		}
	}
	return b.String(), err
}
