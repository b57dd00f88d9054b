package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Holder is something that leads to what is erased and is not klacht's to change:
// "refs/stash", "refs/tags/v1", "worktree /path"; and the command to type that
// lets go of it.
type Holder struct{ Name, Type string }

// worktree is another folder that works in the repository.
type worktree struct {
	dir, path string // dir: what git keeps of it
	head      string // the branch that is checked out there, or the commit
}

func (p *place) worktrees() (list []worktree, err error) {
	for _, dir := range p.glob("worktrees/*") {
		head, err := os.ReadFile(filepath.Join(dir, "HEAD"))
		if err != nil {
			return nil, casefile.Errorf("cannot read what git keeps of another folder: %v", err).WithHint("git worktree prune")
		}
		path, _ := os.ReadFile(filepath.Join(dir, "gitdir")) // without it the name that git has for it has to do
		w := worktree{dir, filepath.Dir(strings.TrimSpace(string(path))), strings.TrimPrefix(strings.TrimSpace(string(head)), "ref: ")}
		if len(path) == 0 {
			w.path = filepath.Base(dir)
		}
		list = append(list, w)
	}
	return list, nil
}

// worksIn returns the folder that works on a branch which was sent, as "FROM:TO", to a
// bare repository on this machine.
func (r *Repo) worksIn(ctx context.Context, remote, sent string) Holder {
	for _, addr := range r.addresses(ctx, remote) {
		bare, err := r.bareAt(ctx, addr)
		if err != nil || bare == "" {
			continue
		}
		p := &place{gitDir: bare, bare: true}
		list, _ := p.worktrees() // git says that there is one
		for _, w := range list {
			if strings.HasSuffix(sent, ":"+w.head) {
				name, command := w.holder()
				return Holder{name, p.command() + command}
			}
		}
	}
	return Holder{}
}

func (w worktree) holder() (name, command string) {
	return "worktree " + w.path, "worktree remove " + typed(w.path)
}

// checkedOut returns the branches that other folders work on.
func (p *place) checkedOut() (map[string]bool, error) {
	list, err := p.worktrees()
	branches := map[string]bool{}
	for _, w := range list {
		branches[w.head] = true
	}
	return branches, err
}

// holders returns who holds what is to be removed, and notes what they lead to.
func (s *survey) holders(ctx context.Context) (found []Holder, err error) {
	look := func(name, command string, ids ...string) {
		for _, id := range ids {
			leads, failed := s.leads(ctx, id)
			if failed == nil && leads {
				if h := (Holder{name, s.p.command() + command}); !slices.Contains(found, h) {
					found = append(found, h)
				}
				failed = s.hold(ctx, id)
			}
			if err == nil {
				err = failed
			}
		}
	}
	trees, err := s.p.worktrees()
	if err != nil {
		return nil, err
	}
	for _, w := range trees {
		ids := []string{w.head}
		for _, r := range s.refs {
			if r.name == w.head {
				ids = append(ids, r.new)
			}
		}
		out, err := (&odb{r: s.p.r, env: append(slices.Clone(s.p.env), "GIT_INDEX_FILE="+filepath.Join(w.dir, "index"))}).output(ctx, "ls-files", "-s", "-z")
		if err != nil {
			return nil, err
		}
		for _, line := range Fields(out) {
			ids = append(ids, strings.Fields(line)[1])
		}
		name, command := w.holder()
		look(name, command, ids...)
	}
	elsewhere, err2 := s.p.checkedOut()
	if err2 != nil {
		return nil, err2
	}
	for _, r := range s.refs {
		kind, name, _ := strings.Cut(strings.TrimPrefix(r.name, "refs/"), "/")
		command, ok := map[string]string{"heads": "branch -D ", "remotes": "branch -D -r ", "tags": "tag -d "}[kind]
		if !ok || strings.HasPrefix(name, "-") {
			command, name = "update-ref -d ", r.name
		}
		switch {
		case r.name == "refs/stash":
			log, _ := os.ReadFile(filepath.Join(s.p.gitDir, "logs", "refs", "stash")) // without it there is one
			lines := strings.Split(strings.TrimSpace(string(log)), "\n")
			for i, line := range lines { // the last line is the first, and by this order the numbers stay right
				if f := strings.Fields(line); len(f) > 1 {
					name := fmt.Sprintf("stash@{%d}", len(lines)-1-i)
					look(name, "stash drop "+name, f[1])
				}
			}
			if len(log) == 0 {
				look(r.name, "stash drop", r.new)
			}
		case !elsewhere[r.name]:
			look(r.name, command+typed(name), r.new)
		}
	}
	return found, err
}

// hold notes that something leads to an object.
func (s *survey) hold(ctx context.Context, id string) error {
	for todo := []string{id}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.held[id] || s.stays(id) {
			continue
		}
		s.held[id] = true
		ids, err := s.next(ctx, id)
		if err != nil {
			return err
		}
		todo = append(todo, ids...)
	}
	return nil
}

// command is how a command begins that is typed to change this place.
func (p *place) command() string {
	if p.bare {
		return "git -C " + typed(p.gitDir) + " "
	}
	return "git "
}

// typed returns a word as a shell takes it for that.
func typed(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-@{}:") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
