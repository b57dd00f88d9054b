package history

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Renumbering is a complaint that has another number now, because on the other
// side another complaint had its number.
type Renumbering struct {
	From, To casefile.ID
	Quoted   bool // a letter may have left that bears the old number; the case keeps it beside the new one
}

// numbers returns which of the complaints that only this side has must get another
// number: those whose number the other side has given to another complaint. It is
// what the other side did not know before, in the commit known or in the one that
// both began with.
func (s *syncing) numbers(ctx context.Context, o *odb, w *store.Writer, known, theirs string, here, there snapshot) ([]Renumbering, error) {
	ours, _, err := here.cases()
	if err != nil {
		return nil, err
	}
	others, _, err := there.cases()
	if err != nil {
		return nil, err
	}
	before, err := s.before(ctx, o, known, theirs, ours)
	if err != nil {
		return nil, err
	}
	goneHere, err := o.purged(ctx, here)
	if err != nil {
		return nil, err
	}
	goneThere, err := o.purged(ctx, there)
	if err != nil {
		return nil, err
	}
	var move []casefile.ID
	for id, c := range ours {
		line, purged := goneThere[id]
		if before[id] || others[id] == nil && !purged {
			continue
		}
		f, err := s.file(ctx, o, id, c)
		if err != nil {
			return nil, err
		}
		if others[id] != nil {
			g, err := s.file(ctx, o, id, others[id])
			if err != nil {
				return nil, err
			}
			if f == nil || g == nil || sameComplaint(f, c, g, others[id]) {
				continue
			}
		} else if f == nil || about(line, f) {
			continue // it is the one that was purged
		}
		move = append(move, id)
	}
	for id, line := range goneHere { // purged here before the other side ever saw it
		if c := others[id]; c != nil && !before[id] && ours[id] == nil {
			if g, err := s.file(ctx, o, id, c); err != nil {
				return nil, err
			} else if g != nil && !about(line, g) {
				move = append(move, id)
			}
		}
	}
	if move == nil {
		return nil, nil
	}
	last := map[int]int{}
	see := func(id casefile.ID) { last[id.Year()] = max(last[id.Year()], id.Number()) }
	for _, ids := range []map[casefile.ID]*filed{ours, others} {
		for id := range ids {
			see(id)
		}
	}
	for _, ids := range []map[casefile.ID]string{goneHere, goneThere} {
		for id := range ids {
			see(id)
		}
	}
	letters, _, err := w.Letters()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(move, casefile.ID.Compare)
	var plan []Renumbering
	for _, id := range move {
		to := casefile.MakeID(id.Year(), "", last[id.Year()]+1)
		see(to)
		n := Renumbering{From: id, To: to}
		n.Quoted = slices.ContainsFunc(letters, func(l *store.Letter) bool { return l.ID == id })
		if c := ours[id]; c != nil {
			f, err := s.file(ctx, o, id, c)
			if err != nil {
				return nil, err
			}
			n.Quoted = n.Quoted || slices.ContainsFunc(f.Log, func(e casefile.Entry) bool { return e.Step.Letter() && e.Mail != "" })
		}
		plan = append(plan, n)
	}
	return plan, nil
}

var began = regexp.MustCompile(`, (?:received|spoken): ([0-9-]+)`)

// about reports whether a line about a purged case can be of that case: it began on
// that day. A case that could not be read has left no day, and what nobody else ever
// saw does not go for a number alone.
func about(line string, f *store.File) bool {
	m := began.FindStringSubmatch(line)
	return m != nil && m[1] == f.Began().String()
}

// before returns the numbers that the other side knew: those in the commit that both
// began with; and of those in the commit known, which may never have come further
// than the repository, the ones of the same complaints.
func (s *syncing) before(ctx context.Context, o *odb, known, theirs string, ours map[casefile.ID]*filed) (map[casefile.ID]bool, error) {
	before := map[casefile.ID]bool{}
	bases, err := s.r.Output(ctx, "merge-base", "--all", "HEAD", theirs)
	if err != nil && ExitCode(err) != 1 {
		return nil, err
	}
	for _, commit := range strings.Fields(string(bases)) {
		old, err := s.r.snapshot(ctx, commit)
		if err != nil {
			return nil, err
		}
		for name := range old {
			if part, id := store.PartOf(name); part == store.PartCase {
				before[id] = true
			}
		}
		gone, err := o.purged(ctx, old)
		if err != nil {
			return nil, err
		}
		for id := range gone {
			before[id] = true
		}
	}
	var cases map[casefile.ID]*filed
	old, err := s.r.snapshot(ctx, known)
	if err == nil {
		cases, _, err = old.cases()
	}
	if err != nil || old.foreign() != nil { // what was refused then says nothing
		return before, nil
	}
	for id, c := range cases {
		if before[id] || ours[id] == nil {
			continue
		}
		f, err := s.file(ctx, o, id, ours[id])
		if err != nil {
			return nil, err
		}
		g, err := s.file(ctx, o, id, c)
		if err != nil {
			return nil, err
		}
		before[id] = f != nil && (g == nil || sameComplaint(f, ours[id], g, c))
	}
	return before, nil
}

// file reads a case of a snapshot; nil if it cannot be read.
func (s *syncing) file(ctx context.Context, o *odb, id casefile.ID, c *filed) (*store.File, error) {
	data, err := o.must(ctx, c.id, "blob")
	if err != nil {
		return nil, err
	}
	f, err := store.ParseFile(string(id)+".yaml", data, s.reg.Policy)
	if err != nil {
		return nil, nil // a conflict, which the merge names
	}
	return f, nil
}

// sameComplaint reports whether two cases of one number are one complaint that both
// sides registered: they began with the same mail, or with the same step of the
// same person.
func sameComplaint(f *store.File, c *filed, g *store.File, d *filed) bool {
	a, b := f.Log[0], g.Log[0]
	if a.Step != b.Step || a.At.String() != b.At.String() {
		return false
	}
	if a.Mail != "" || b.Mail != "" {
		return a.Mail != "" && b.Mail != "" && c.mails[a.Mail] != "" && c.mails[a.Mail] == d.mails[b.Mail]
	}
	return a.Text == b.Text && f.Complainant == g.Complainant && f.Complaint == g.Complaint
}

// purged returns the lines of purged.yaml in a snapshot.
func (o *odb) purged(ctx context.Context, s snapshot) (map[casefile.ID]string, error) {
	lines := map[casefile.ID]string{}
	if id := s[store.PurgedFile].id; id != "" {
		data, err := o.must(ctx, id, "blob")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			if ids, err := store.ParsePurged([]byte(line)); err == nil && len(ids) == 1 {
				lines[ids[0]] = line
			}
		}
	}
	return lines, nil
}

// onlyHere refuses to give complaints other numbers while something beside the
// branch keeps them under the old ones, where a later purge would not find them.
func (r *Repo) onlyHere(ctx context.Context, m *remote, plan []Renumbering, theirs string) error {
	var ids []casefile.ID
	for _, p := range plan {
		ids = append(ids, p.From)
	}
	out, err := r.Output(ctx, "for-each-ref", "--format=%(refname)")
	if err != nil {
		return err
	}
	for _, name := range strings.Fields(string(out)) {
		if name == m.head() || name == m.ref() {
			continue
		}
		args := []string{name}
		if name == "refs/stash" { // all that is stashed, not just the last
			args = []string{"--walk-reflogs", name}
		}
		out, err := r.Output(ctx, append([]string{"rev-list"}, args...)...)
		if err != nil {
			return err
		}
		found, err := r.bearing(ctx, ids, theirs, strings.Fields(string(out))...)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return casefile.Errorf("%s has to get another number, and %s still has it under this one, where a purge would not find it", found[0], name).
				WithHint("take that away (`git stash drop`, `git branch -D`, `git tag -d`), and sync again; nothing was merged")
		}
	}
	return nil
}

// renaming rewrites commits so that cases bear another number in them.
type renaming struct {
	*odb
	to    map[casefile.ID]Renumbering
	trees map[string]string
}

// renumber replays the commits up to tip that the other side does not have, with
// the new numbers: everything about them but the numbers stays, and their
// signatures go. It returns what becomes of tip.
func (r *Repo) renumber(ctx context.Context, o *odb, plan []Renumbering, tip, theirs string) (string, error) {
	n := &renaming{odb: o, to: map[casefile.ID]Renumbering{}, trees: map[string]string{}}
	for _, p := range plan {
		n.to[p.From] = p
	}
	out, err := r.Output(ctx, "rev-list", "--topo-order", "--reverse", tip, "^"+theirs)
	if err != nil {
		return "", err
	}
	now := map[string]string{}
	for _, id := range strings.Fields(string(out)) {
		if now[id], err = n.commit(ctx, id, now); err != nil {
			return "", err
		}
	}
	return now[tip], o.flush(ctx)
}

func (n *renaming) commit(ctx context.Context, id string, now map[string]string) (string, error) {
	data, err := n.must(ctx, id, "commit")
	if err != nil {
		return "", err
	}
	head, message, _ := strings.Cut(string(data), "\n\n")
	var b strings.Builder
	skip := false
	for line := range strings.Lines(head + "\n") {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case key == "": // the line before goes on
		case key == "tree":
			tree, err := n.tree(ctx, value, "")
			if err != nil {
				return "", err
			}
			line = "tree " + tree + "\n"
		case key == "parent" && now[value] != "":
			line = "parent " + now[value] + "\n"
		}
		if key != "" {
			skip = signs(key)
		}
		if !skip {
			b.WriteString(line)
		}
	}
	b.WriteString("\n" + n.said(message))
	return n.put(ctx, "commit", []byte(b.String()))
}

var anyNumber = regexp.MustCompile(`[0-9]+-[0-9]{4,9}`)

// said returns a text with the new numbers.
func (n *renaming) said(text string) string {
	return anyNumber.ReplaceAllStringFunc(text, func(s string) string {
		if p, ok := n.to[casefile.ID(s)]; ok {
			return string(p.To)
		}
		return s
	})
}

// tree returns what becomes of a tree that stands at a path.
func (n *renaming) tree(ctx context.Context, id, at string) (string, error) {
	if to, ok := n.trees[at+":"+id]; ok {
		return to, nil
	}
	data, err := n.must(ctx, id, "tree")
	if err != nil {
		return "", err
	}
	list, err := entries(data, n.sum().Size())
	if err != nil {
		return "", err
	}
	for i, e := range list {
		name := strings.TrimPrefix(at+"/"+e.name, "/")
		old := hex.EncodeToString(e.id)
		is := old
		part, of := store.PartOf(name)
		p, moves := n.to[of]
		switch {
		case e.isTree():
			if p, ok := n.to[casefile.ID(e.name)]; ok && at != "" {
				list[i].name = string(p.To)
			} else {
				is, err = n.tree(ctx, old, name)
			}
		case part == store.PartCase && moves:
			list[i].name = string(p.To) + ".yaml"
			is, err = n.blob(ctx, old, p.file)
		case part == store.PartPurged:
			is, err = n.blob(ctx, old, func(b []byte) []byte {
				return purgedID.ReplaceAllFunc(b, func(m []byte) []byte { return []byte(n.said(string(m))) })
			})
		}
		if err != nil {
			return "", err
		}
		list[i].id, _ = hex.DecodeString(is)
	}
	next := sorted(list)
	to := id
	if !bytes.Equal(next, data) {
		if to, err = n.put(ctx, "tree", next); err != nil {
			return "", err
		}
	}
	n.trees[at+":"+id] = to
	return to, nil
}

var purgedID = regexp.MustCompile(`(?m)^- \{id: [0-9-]+`)

func (n *renaming) blob(ctx context.Context, id string, change func([]byte) []byte) (string, error) {
	data, err := n.must(ctx, id, "blob")
	if err != nil {
		return "", err
	}
	next := change(data)
	if bytes.Equal(next, data) {
		return id, nil
	}
	return n.put(ctx, "blob", next)
}

var idLine = regexp.MustCompile(`(?m)^(["']?id["']?[ \t]*:[ \t]*)(["']?)[0-9]{4}-[0-9]{4,9}(["']?)([^\n]*)$`)
var alsoLine = regexp.MustCompile(`(?m)^(also[ \t]*:[ \t]*\[)`)

// file returns a case file with the new number, and with the old one beside it if
// a letter bears that.
func (p Renumbering) file(data []byte) []byte {
	m := idLine.FindSubmatchIndex(data)
	if m == nil {
		return data
	}
	end := "\n"
	if bytes.HasSuffix(data[m[8]:m[9]], []byte("\r")) {
		end = "\r\n"
	}
	head := string(data[:m[5]]) + string(p.To) + string(data[m[6]:m[9]]) + "\n"
	rest := data[min(m[1]+1, len(data)):]
	if p.Quoted {
		if loc := alsoLine.FindIndex(rest); loc != nil {
			rest = slices.Concat(rest[:loc[1]], []byte(string(p.From)+", "), rest[loc[1]:])
		} else {
			head += "also: [" + string(p.From) + "]" + end
		}
	}
	return append([]byte(head), rest...)
}

// forgetNumbers removes from the repository what nothing leads to any more, such
// as commits in which a case had another number.
func (r *Repo) forgetNumbers(ctx context.Context) error {
	refs := []string{"HEAD"}
	if out, err := r.Output(ctx, "symbolic-ref", "--quiet", "HEAD"); err == nil {
		refs = append(refs, strings.TrimSpace(string(out)))
	}
	if err := r.Do(ctx, Call{Args: append([]string{"reflog", "expire", "--expire=now", "--expire-unreachable=now"}, refs...)}); err != nil {
		return err
	}
	for _, name := range []string{"ORIG_HEAD", "FETCH_HEAD", "COMMIT_EDITMSG"} {
		_ = os.Remove(filepath.Join(r.GitDir, name))
	}
	p := &place{odb: &odb{r: r}, gitDir: r.GitDir}
	return p.prune(ctx)
}
