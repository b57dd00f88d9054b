package history

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/history/merge"
)

// Conflict is a complaint, or another file, of which the two sides have made what
// cannot both stand, so that a person must choose. What stands in it is about a
// person: it is for the owner's screen alone.
type Conflict struct {
	ID     casefile.ID      // of the complaint; "" if it is about another file
	File   string           // the path of that other file
	Erased bool             // one side has erased the complaint, and the other has what that did not know of, or has it open
	Differ []merge.Conflict // what differs
}

// ofTwo reports whether two complaints have one number.
func (c Conflict) ofTwo() bool {
	return slices.ContainsFunc(c.Differ, func(d merge.Conflict) bool { return d.Field == "key" })
}

// Decide is asked whose version of a complaint or a file holds.
type Decide func(Conflict) merge.Side

// NoChoice leaves every conflict to be decided later.
func NoChoice(Conflict) merge.Side { return merge.Ask }

const mergeDir = "klacht-merge"

// combining is a merge of two commits under way.
type combining struct {
	*odb
	policy       *deadlines.Policy
	decide       Decide
	ours, theirs string            // commits
	erased       []Gone            // what may be gone
	files        map[string]string // the tree of the result where it differs from what git made: path to id, "" for none
	conflicts    []Conflict
	restored     []casefile.ID // removed on one side without a purge: they stay
}

func (s *sharing) combining(o *odb, ours, theirs string) *combining {
	return &combining{odb: o, policy: s.reg.Policy, decide: s.order.Decide, ours: ours, theirs: theirs, erased: s.erased}
}

// driver is how git merges the files that [Attributes] marks. Git quotes the path
// itself. Where klacht is not found git counts that as a conflict: the file stays
// as it is here, without marks.
const driver = " merge-file -- %O %A %B %P"

// Driver makes a plain `git pull` merge by meaning too. A folder is never taken to
// have another name because most of its files were filed elsewhere.
func (r *Repo) Driver(ctx context.Context) error {
	if own, _ := os.ReadFile(filepath.Join(r.GitDir, "config")); bytes.Contains(own, []byte(`[merge "klacht"]`)) && bytes.Contains(own, []byte("directoryRenames")) {
		return nil
	}
	config, err := r.settings(ctx)
	if err != nil {
		return err
	}
	want := map[string]string{"merge.klacht.name": "klacht: by meaning", "merge.klacht.driver": "klacht" + driver, "merge.directoryRenames": "false"}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if config[strings.ToLower(key)] != "" {
			continue
		}
		if err := r.Do(ctx, Call{Args: []string{"config", key, want[key]}}); err != nil {
			return err
		}
		config[strings.ToLower(key)] = want[key]
	}
	return nil
}

// combine merges two commits and returns the tree of the result, by git's own merge
// and, where both changed a file, by its meaning. Neither files nor index are
// touched. differ is what is otherwise than on our side. With conflicts there is no
// result.
func (m *combining) combine(ctx context.Context) (tree string, differ differences, err error) {
	out, err := m.r.mergeTree(ctx, m.ours, m.theirs)
	if err != nil {
		return "", nil, err
	}
	list := Fields(out)
	if len(list) == 0 {
		return "", nil, casefile.Errorf("git %s: %v", "merge-tree", err)
	}
	tree = list[0]
	m.files = map[string]string{}
	units := map[string]bool{}
	for _, name := range list[1:] {
		if name != "" {
			units[unitOf(name)] = true
		}
	}
	if differ, err = m.r.differing(ctx, m.ours, tree); err != nil {
		return "", nil, err
	}
	other, err := m.r.differing(ctx, m.theirs, tree)
	if err != nil {
		return "", nil, err
	}
	added, lost := differ.cases()
	addedThere, lostThere := other.cases()
	for unit := range added {
		if addedThere[unit] { // each side had filed it elsewhere, and git does not know that it is one
			units[unit] = true
		}
	}
	maps.Copy(lost, lostThere)
	for unit := range lost { // what one side removed without a purge comes back
		if !added[unit] && !addedThere[unit] {
			units[unit] = true
		}
	}
	if err := m.readable(ctx, differ, units); err != nil {
		return "", nil, err
	}
	if err := m.resolve(ctx, slices.Sorted(maps.Keys(units))); err != nil || m.conflicts != nil {
		return "", nil, err
	}
	for _, name := range []string{store.PurgedFile, store.LedgerFile} {
		if err := m.whole(ctx, tree, name); err != nil {
			return "", nil, err
		}
	}
	if len(m.files) == 0 || m.conflicts != nil {
		return tree, differ, nil
	}
	if err := m.flush(ctx); err != nil {
		return "", nil, err
	}
	if tree, err = m.r.patched(ctx, tree, m.files); err == nil {
		differ, err = m.r.differing(ctx, m.ours, tree)
	}
	return tree, differ, err
}

// mergeTree runs git's merge of two commits, and returns the tree, and the files that
// git cannot merge: all those of klacht that both have changed, for its driver is not
// run, but the same functions later. What git then makes of them stands in a folder of
// its own, and not among the files of the register.
func (r *Repo) mergeTree(ctx context.Context, ours, theirs string) ([]byte, error) {
	dir := filepath.Join(r.GitDir, mergeDir)
	defer os.RemoveAll(dir)
	err := os.RemoveAll(dir) // of one that was killed
	if err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	attributes := filepath.Join(dir, "attributes")
	if err == nil {
		err = os.WriteFile(attributes, []byte(Attributes), 0o600)
	}
	if err != nil {
		return nil, casefile.Errorf("cannot write beside the history: %v", err)
	}
	var out bytes.Buffer
	err = r.Do(ctx, Call{Dir: dir, Env: []string{"GIT_DIR=" + r.GitDir, "GIT_WORK_TREE=" + dir}, Out: &out,
		Args: []string{"-c", "merge.klacht.driver=false", "-c", "core.attributesFile=" + attributes, "-c", "merge.directoryRenames=false", "-c", "merge.renameLimit=10000",
			"merge-tree", "--write-tree", "--allow-unrelated-histories", "-z", "--name-only", "--no-messages", ours, theirs}})
	if ExitCode(err) == 1 { // there are such files
		err = nil
	}
	return out.Bytes(), err
}

// cases returns the numbers of the cases that have a file at a path where there was
// none, and of those that have none any more where there was one.
func (d differences) cases() (added, lost map[string]bool) {
	added, lost = map[string]bool{}, map[string]bool{}
	for name, x := range d {
		if isCase(name) {
			added[unitOf(name)] = added[unitOf(name)] || x.was == ""
			lost[unitOf(name)] = lost[unitOf(name)] || x.is == ""
		}
	}
	maps.DeleteFunc(added, func(_ string, is bool) bool { return !is })
	maps.DeleteFunc(lost, func(_ string, is bool) bool { return !is })
	return added, lost
}

// whole sees to it that a file of lines has all that either side has, also where git
// took one side's, which had lost some: by a revert, a checkout or an editor.
func (m *combining) whole(ctx context.Context, tree, name string) error {
	var texts [3][]byte
	for i, commit := range []string{tree, m.ours, m.theirs} {
		kind, data, err := m.get(ctx, commit+":"+name)
		if err != nil {
			return err
		}
		if kind == "blob" {
			texts[i] = data
		}
	}
	if m.files[name] != "" || texts[1] == nil && texts[2] == nil {
		return nil
	}
	all := cmp.Or(string(texts[1]), string(texts[2]))
	if texts[1] != nil && texts[2] != nil {
		data, conflicts := merge.File(name, nil, texts[1], texts[2], merge.Ask)
		if conflicts != nil {
			m.conflicts = append(m.conflicts, Conflict{File: name, Differ: conflicts})
			return nil
		}
		all = string(data)
	}
	if all == string(texts[0]) {
		return nil
	}
	return m.putFile(ctx, name, []byte(all))
}

// readable asks about what comes in and is not to be taken in unasked: a procedure or a
// case that cannot be read, a procedure that would end the sharing, and a case that
// bears another key than it did.
func (m *combining) readable(ctx context.Context, differ differences, units map[string]bool) error {
	keys := map[string]string{} // of the cases as they are here
	for name, d := range differ {
		if d.was == "" || !isCase(name) {
			continue
		}
		data, err := m.content(ctx, d.was)
		if err != nil {
			return err
		}
		keys[unitOf(name)] = cmp.Or(hashIn(data), keys[unitOf(name)])
	}
	for _, name := range slices.Sorted(maps.Keys(differ)) {
		d := differ[name]
		if d.is == "" || units[unitOf(name)] || name != store.PolicyFile && !isCase(name) {
			continue
		}
		data, err := m.content(ctx, d.is)
		if err != nil {
			return err
		}
		c := Conflict{File: name}
		differs := merge.Conflict{}
		if name == store.PolicyFile {
			var there *deadlines.Policy
			if there, err = store.ParsePolicy(data); err == nil && there.History == "none" { // nobody would share any more
				differs = merge.Conflict{Field: "history", Ours: m.policy.History, Theirs: there.History}
			}
		} else {
			_, err = store.ParseFile(name, data, m.policy)
			_, c.ID = store.PartOf(name)
			if was, is := keys[unitOf(name)], hashIn(data); was != "" && is != was {
				differs = merge.Conflict{Field: "key", Ours: was[:6], Theirs: is[:min(6, len(is))]} // of the hashes
			}
		}
		if err != nil {
			differs = merge.Conflict{Theirs: err.Error()}
		} else if differs == (merge.Conflict{}) {
			continue
		}
		err = m.settle(c, func(keep merge.Side) ([]merge.Conflict, error) {
			if keep != merge.Ours || keys[unitOf(name)] == "" && d.was == "" {
				return []merge.Conflict{differs}, nil
			}
			for other, o := range differ { // all of it stays as it is here
				if unitOf(other) == unitOf(name) {
					m.files[other] = o.was
				}
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unitOf returns what is merged as one: the number of a case, or a path.
func unitOf(name string) string {
	if _, id := store.PartOf(name); id != "" {
		return string(id)
	}
	return name
}

func isCase(name string) bool {
	part, _ := store.PartOf(name)
	return part == store.PartCase
}

// resolve merges what git could not: the units of three commits.
func (m *combining) resolve(ctx context.Context, units []string) error {
	if len(units) == 0 || m.conflicts != nil {
		return nil
	}
	base, err := m.r.mergeBase(ctx, m.ours, m.theirs)
	if err != nil {
		return err
	}
	var sides [3]snapshot
	for i, commit := range []string{base, m.ours, m.theirs} {
		if sides[i], err = m.r.snapshot(ctx, commit); err != nil {
			return err
		}
	}
	for _, unit := range units {
		if id, err := casefile.ParseID(unit); err == nil {
			err = m.mergeCase(ctx, id, sides)
			if err != nil {
				return err
			}
			continue
		}
		var texts [3][]byte
		for i, s := range sides {
			if texts[i], err = m.content(ctx, s[unit].id); err != nil {
				return err
			}
		}
		if texts[1] == nil || texts[2] == nil { // a change stands, though the other side removed the file
			m.files[unit] = cmp.Or(sides[1][unit].id, sides[2][unit].id)
			continue
		}
		if err := m.settle(Conflict{File: unit}, func(keep merge.Side) ([]merge.Conflict, error) {
			data, conflicts := merge.File(unit, texts[0], texts[1], texts[2], keep)
			return conflicts, m.putFile(ctx, unit, data)
		}); err != nil {
			return err
		}
	}
	return nil
}

// settle does what merges a unit, first without a choice and then, where that is
// needed, with the one that is made.
func (m *combining) settle(c Conflict, do func(merge.Side) ([]merge.Conflict, error)) error {
	var err error
	if c.Differ, err = do(merge.Ask); err != nil || c.Differ == nil {
		return err
	}
	keep := m.decide(c)
	if keep != merge.Ask {
		left, err := do(keep)
		if err != nil || left == nil {
			return err
		}
		c.Differ = left
	}
	m.conflicts = append(m.conflicts, c)
	return nil
}

func (m *combining) putFile(ctx context.Context, name string, data []byte) (err error) {
	m.files[name] = ""
	if data != nil {
		m.files[name], err = m.put(ctx, "blob", data)
	}
	return err
}

// content returns the content of a file; nil if it is not there.
func (o *odb) content(ctx context.Context, id string) ([]byte, error) {
	if id == "" {
		return nil, nil
	}
	data, err := o.must(ctx, id, "blob")
	if data == nil && err == nil {
		data = []byte{}
	}
	return data, err
}

// held is a case as one side has it.
type held struct {
	path  string            // of its file; "" if there is none
	id    string            // of the content of that
	text  []byte            // that content
	mails map[string]string // name to id
}

// caseIn returns what a commit has of a case, and adds the paths to those that
// become what the merge makes of it.
func (m *combining) caseIn(ctx context.Context, id casefile.ID, s snapshot) (h held, err error) {
	h.mails = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		part, of := store.PartOf(name)
		if of != id {
			continue
		}
		m.files[name] = ""
		if part == store.PartMail {
			h.mails[path.Base(name)] = s[name].id
		} else { // open/ comes last, and is the one where there are two
			h.path, h.id = name, s[name].id
		}
	}
	h.text, err = m.content(ctx, h.id)
	return h, err
}

// mergeCase merges a case with its mails.
func (m *combining) mergeCase(ctx context.Context, id casefile.ID, sides [3]snapshot) error {
	var b, o, t held
	var err error
	for i, h := range []*held{&b, &o, &t} {
		if *h, err = m.caseIn(ctx, id, sides[i]); err != nil {
			return err
		}
	}
	if o.path == "" || t.path == "" { // removed on one side: by a purge, or else it comes back
		left := o
		if o.path == "" {
			left = t
		}
		if left.path == "" || slices.ContainsFunc(m.erased, func(g Gone) bool { return g.is(id, left.text) }) {
			return nil
		}
		m.restored = append(m.restored, id)
		m.file(left.path, left.id, left.mails)
		return nil
	}
	names := maps.Clone(o.mails)
	for _, name := range slices.Sorted(maps.Keys(t.mails)) {
		id, to := t.mails[name], name
		if other := names[name]; other != "" && other != id && b.mails[name] != id {
			if b.mails[name] == other || id > other {
				to = freeName(names, t.mails, name)
				t.text = renamed(t.text, name, to)
			} else {
				to = freeName(names, t.mails, name)
				o.text = renamed(o.text, name, to)
				names[to], to = other, name
			}
		} else if other != "" {
			continue
		}
		names[to] = id
	}
	return m.settle(Conflict{ID: id}, func(keep merge.Side) ([]merge.Conflict, error) {
		text, conflicts := merge.Case(b.text, o.text, t.text, keep)
		if conflicts != nil {
			return conflicts, nil
		}
		blob, err := m.put(ctx, "blob", text)
		at := o.path
		if f, perr := store.ParseFile(string(id)+".yaml", text, m.policy); perr == nil {
			at = store.CasePath(store.Folder(f, m.policy), id)
		}
		m.file(at, blob, names)
		return nil, err
	})
}

// file puts a case with its mails into the result.
func (m *combining) file(at, id string, mails map[string]string) {
	m.files[at] = id
	for name, mail := range mails {
		m.files[store.MailPath(at, name)] = mail
	}
}

var numbered = casefile.Pattern(`^([0-9]{2,})-`)

// freeName returns a name for a mail that neither side has: the next number.
func freeName(a, b map[string]string, name string) string {
	rest := numbered().ReplaceAllString(name, "")
	for n := 2; ; n++ {
		to := fmt.Sprintf("%02d-%s", n, rest)
		if a[to] == "" && b[to] == "" {
			return to
		}
	}
}

// renamed returns a case file in which a mail has another name.
func renamed(text []byte, from, to string) []byte {
	line := regexp.MustCompile(`(?m)^([ -]*(?:mail|letter): *["']?)` + regexp.QuoteMeta(from) + `(["']?[ \t]*\r?)$`)
	text = line.ReplaceAll(text, []byte("${1}"+to+"${2}"))
	list := regexp.MustCompile(`(?m)^([ -]*files: *\[.*)` + regexp.QuoteMeta(from) + `(.*\] *\r?)$`)
	return list.ReplaceAll(text, []byte("${1}"+to+"${2}"))
}

// hashIn returns the hash of the key that a case file has; "" if it has none.
func hashIn(text []byte) string {
	if keys := keysOf(text); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// is reports whether what is gone is the case with that number and text.
func (g Gone) is(id casefile.ID, text []byte) bool {
	hash := hashIn(text)
	return g.ID == id && (g.Key == "" || hash == "" || g.Key == hash)
}

// patched returns a tree with other files in it: path to id, "" for none.
func (r *Repo) patched(ctx context.Context, tree string, files map[string]string) (string, error) {
	env := []string{"GIT_INDEX_FILE=" + r.scratch()}
	defer r.dropScratch()
	if err := r.Do(ctx, Call{Args: []string{"read-tree", tree}, Env: env}); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if id := files[name]; id == "" {
			fmt.Fprintf(&b, "0 %s\t%s\x00", strings.Repeat("0", len(tree)), name)
		} else {
			fmt.Fprintf(&b, "100644 %s\t%s\x00", id, name)
		}
	}
	if err := r.Do(ctx, Call{Args: []string{"update-index", "-z", "--index-info"}, Env: env, In: strings.NewReader(b.String())}); err != nil {
		return "", err
	}
	var out strings.Builder
	err := r.Do(ctx, Call{Args: []string{"write-tree"}, Env: env, Out: &out})
	return strings.TrimSpace(out.String()), err
}
