package history

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/store/history/trace"
)

// listRefs looks at the names of all refs.
func (s *searching) listRefs(ctx context.Context) error {
	out, err := s.output(ctx, "for-each-ref", "--format=%(refname) %(objectname)")
	for line := range strings.Lines(string(out)) {
		name, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.refs = append(s.refs, ref{name: name, old: id})
		found := trace.Found{}
		s.terms.Label(name, found)
		s.left(s.called(name), "", found, s.whole(id))
	}
	return err
}

// called returns what a ref is called: "branch main", "tag v1", "refs/notes/commits".
func (s *searching) called(name string) string {
	name = s.terms.Hide(name)
	for prefix, kind := range map[string]string{"refs/heads/": "branch ", "refs/remotes/": "branch ", "refs/tags/": "tag "} {
		if short, ok := strings.CutPrefix(name, prefix); ok {
			return kind + short
		}
	}
	return name
}

// whole is the hint for a ref whose name cannot be shown.
func (s *searching) whole(id string) *casefile.Error {
	return errLeft.WithHint("`%s` shows the whole name; then give it another, or remove it", s.git+"for-each-ref --points-at "+id[:7])
}

// hit is an object in which something was found.
type hit struct {
	id, kind, path string
	reached        bool // something leads to it
	found          trace.Found
}

// objects searches all objects, whether anything leads to them or not.
func (s *searching) objects(ctx context.Context) error {
	in, out, end, err := s.stream(ctx, "cat-file", "--batch", "--batch-all-objects", "--buffer", "--unordered")
	if err != nil {
		return err
	}
	_ = in.Close()
	hits := map[string]*hit{}
	for b := bufio.NewReaderSize(out, 256<<10); err == nil; {
		head, rerr := b.ReadString('\n')
		f := strings.Fields(head)
		if rerr == io.EOF && head == "" {
			break
		} else if len(f) == 2 && rerr == nil { // it went just now
			continue
		} else if rerr != nil || len(f) != 3 {
			err = io.ErrUnexpectedEOF
			break
		}
		size, nerr := strconv.ParseInt(f[2], 10, 64)
		h := &hit{id: f[0], kind: f[1], found: trace.Found{}}
		if err = nerr; err == nil {
			err = s.object(io.LimitReader(b, size), h)
		}
		_, _ = b.Discard(1)
		s.Objects++
		if len(h.found) > 0 {
			hits[h.id] = h
		}
	}
	if said := end(); said != nil {
		return said
	}
	if err != nil || len(hits) == 0 {
		return err
	}
	paths, err := s.output(ctx, "rev-list", "--objects", "--all")
	for line := range strings.Lines(string(paths)) {
		id, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if h := hits[id]; h != nil {
			h.path, h.reached = name, true
		}
	}
	for _, h := range slices.SortedFunc(maps.Values(hits), func(a, b *hit) int { return strings.Compare(a.kind+a.path+a.id, b.kind+b.path+b.id) }) {
		if err == nil {
			err = s.place(ctx, h)
		}
	}
	return err
}

// object looks at one object. Who made a commit is no matter of the complaint.
func (s *searching) object(from io.Reader, h *hit) error {
	if h.kind == "blob" {
		return s.read(from, h.found)
	}
	data, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	for h.kind == "tree" && len(data) > 0 {
		_, rest, _ := bytes.Cut(data, []byte{' '})
		name, sum, _ := bytes.Cut(rest, []byte{0})
		s.terms.Label(string(name), h.found)
		data = sum[min(len(h.id)/2, len(sum)):]
	}
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range bytes.Lines(head) {
		switch word, rest, _ := bytes.Cut(line, []byte(" ")); string(word) {
		case "author", "committer", "tagger":
		case "tag":
			s.terms.Label(string(rest), h.found)
		default:
			s.terms.Text(line, h.found)
		}
	}
	s.terms.Label(string(message), h.found)
	s.terms.Text(message, h.found)
	return nil
}

// place notes where an object is that something was found in.
func (s *searching) place(ctx context.Context, h *hit) error {
	name := "object " + h.id[:7]
	if h.kind == "commit" {
		name = "commit " + h.id[:7]
	}
	letGo := s.git + "reflog expire --expire=now --all && " + s.git + "gc --prune=now"
	hint := errLeft.WithHint("`%s` removes what nothing leads to", letGo)
	switch {
	case !h.reached:
	case s.caseOf(h.path) != "":
	case h.kind == "tag":
		for _, r := range s.refs {
			if r.old == h.id {
				name, hint = s.called(r.name), errLeft.WithHint("`%s` removes it", s.git+"update-ref -d "+typed(r.name)+" && "+s.git+"gc --prune=now")
				if s.terms.Hide(r.name) != r.name {
					hint = s.whole(h.id)
				}
			}
		}
	case h.kind == "commit" && s.at != "":
		hint = errLeft.WithHint("once a push took it out of the branch there: `%s`", letGo)
	case h.kind == "commit":
		out, err := s.output(ctx, "rev-list", "--parents", "-1", h.id)
		if err != nil {
			return err
		}
		from := h.id[:7] + "^"
		if len(strings.Fields(string(out))) < 2 {
			from = "--root"
		}
		if slices.ContainsFunc(s.refs, func(r ref) bool { return strings.HasPrefix(r.name, "refs/remotes/") }) {
			letGo = "git push --force && " + letGo
		}
		hint = errLeft.WithHint("`%s`, with reword, gives a commit other words; then: %s", s.git+"rebase --interactive --rebase-merges "+from, letGo)
	default:
		out, err := s.output(ctx, "log", "--all", "-1", "--format=%h", "--abbrev=7", "--find-object="+h.id)
		if err != nil {
			return err
		}
		if id := strings.TrimSpace(string(out)); id != "" {
			name = "commit " + id
		}
		hint = errLeft.WithHint("`%s` shows what is in it", s.git+"show "+strings.TrimPrefix(name, "commit "))
	}
	s.left(name, h.path, h.found, hint)
	return nil
}
