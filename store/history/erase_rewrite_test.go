package history

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"

	"pgregory.net/rapid"
)

// files is the content of a commit, by path.
type files map[string]string

// eraseRepo makes a repository in a new folder.
func eraseRepo(t *testing.T, args ...string) *Repo {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "register")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return repoIn(t, dir, args...)
}

func repoIn(t *testing.T, dir string, args ...string) *Repo {
	t.Helper()
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "gitconfig"), []byte("[user]\n\tname = Mok Verhagen\n\temail = mok@webwerkoost.example\n[init]\n\tdefaultBranch = main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + home, "GIT_CONFIG_GLOBAL=" + filepath.Join(home, "gitconfig"), "GIT_CONFIG_NOSYSTEM=1", "PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	c := exec.Command("git", append([]string{"init", "-q", dir}, args...)...)
	c.Env = env
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r, err := Open(dir, Setup{Environ: env})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tree makes the tree of a commit.
func (o *odb) tree(t rapidT, f files) string {
	below := map[string]files{}
	var list []entry
	for path, text := range f {
		dir, rest, deep := strings.Cut(path, "/")
		if deep {
			if below[dir] == nil {
				below[dir] = files{}
			}
			below[dir][rest] = text
			continue
		}
		id, err := o.put(context.Background(), "blob", []byte(text))
		if err != nil {
			t.Fatalf("%v", err)
		}
		list = append(list, entry{mode: "100644", name: path, id: raw(id)})
	}
	for dir, f := range below {
		list = append(list, entry{mode: "40000", name: dir, id: raw(o.tree(t, f))})
	}
	id, err := o.put(context.Background(), "tree", sorted(list))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return id
}

type rapidT interface {
	Fatalf(format string, args ...any)
}

func raw(id string) []byte {
	b, _ := hex.DecodeString(id)
	return b
}

// listed reads the content of a commit back, in its own way.
func (o *odb) listed(t rapidT, tree string) files {
	out, err := o.output(context.Background(), "ls-tree", "-r", "-z", tree)
	if err != nil {
		t.Fatalf("%v", err)
	}
	f := files{}
	for _, line := range Fields(out) {
		about, path, _ := strings.Cut(line, "\t")
		f[path] = strings.Fields(about)[2]
	}
	return f
}

var erasePaths = []string{
	"open/2026-0001.yaml", "open/2026-0001/01-received.eml", "open/.2026-0001.yaml.swp", "open/2026-00011.yaml", "open/12026-0001.yaml",
	"open/2026-B002.yaml", "open/2026-B002/01-received.eml", "archive/2031-12/2026-B002.yaml", "outbox/2026-B002-closed.eml", "open/backup/2026-0001.yaml",
	"open/2026-0003.yaml", "archive/unlimited/2026-0003.yaml", "archive/unlimited/2026-0003/01-received.eml", "kopie van 2026-0003 (oud)/x",
	"facturen/2026-0001.pdf", "archive/2026-0001/x", "2026-0001.yaml", "regeling.yaml", "purged.yaml",
}

var eraseKeys = []casefile.Key{casefile.KeyOf("one"), casefile.KeyOf("two"), casefile.KeyOf("three")}

// goneFrom is what the rules say of a path, in a way of its own.
func goneFrom(f files, path string, gone []Gone) bool {
	parts := strings.Split(path, "/")
	switch {
	case parts[0] == "open":
		parts = parts[1:]
	case parts[0] == "archive" && len(parts) > 2 && (parts[1] == "2031-12" || parts[1] == "unlimited"):
		parts = parts[2:]
	default:
		return false
	}
	dir := strings.TrimSuffix(path, strings.Join(parts, "/"))
	key := func(path string) string { // of a file; "" if it has none
		_, key, _ := strings.Cut(f[path], "key: ")
		return strings.TrimSpace(key)
	}
	for _, g := range gone {
		if !goneBy(parts[0], []casefile.ID{g.ID}) {
			continue
		}
		is := ""
		if len(parts) == 1 {
			is = key(path)
		}
		if is == "" {
			is = key(dir + string(g.ID) + ".yaml")
		}
		if is == "" || g.Key == "" || casefile.Key(is).Hash() == g.Key {
			return true
		}
	}
	return false
}

// goneBy is what the names of paths say, in a way of its own.
func goneBy(path string, ids []casefile.ID) bool {
	for _, id := range ids {
		for _, part := range strings.Split(path, "/") {
			for i := 0; i+9 <= len(part); i++ {
				if part[i:i+9] != string(id) {
					continue
				}
				if (i == 0 || !strings.ContainsRune("0123456789", rune(part[i-1]))) && (i+9 == len(part) || !strings.ContainsRune("0123456789", rune(part[i+9]))) {
					return true
				}
			}
		}
	}
	return false
}

// The erasures of several purges come to the same, in whatever order and however
// many at a time; what is left of each commit is what it was, less the cases; and
// commits before the first that is touched stay the same.
func TestEraseIsAFunctionOfHistory(t *testing.T) {
	r := eraseRepo(t)
	ctx := context.Background()
	o := &odb{r: r}
	if err := o.hashes(ctx); err != nil {
		t.Fatal(err)
	}
	defer o.close()
	rapid.Check(t, func(t *rapid.T) {
		var ids []string
		var content []files
		var parents [][]int
		seen := map[string]bool{}
		n := rapid.IntRange(1, 14).Draw(t, "commits")
		for i := range n {
			var from []int
			f := files{}
			for range rapid.SampledFrom([]int{1, 1, 1, 1, 2, 2, 3, 0}).Draw(t, "parents") {
				if i > 0 {
					from = append(from, rapid.IntRange(max(0, i-4), i-1).Draw(t, "parent"))
				}
			}
			for k, p := range from {
				if k == 0 || rapid.Bool().Draw(t, "theirs") {
					maps.Copy(f, content[p])
				}
			}
			for range rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3}).Draw(t, "changes") {
				path := rapid.SampledFrom(erasePaths).Draw(t, "path")
				if _, there := f[path]; there && rapid.Bool().Draw(t, "remove") {
					delete(f, path)
				} else {
					f[path] = fmt.Sprint("text ", rapid.IntRange(0, 3).Draw(t, "text"), "\n")
					if key := rapid.SampledFrom(append([]casefile.Key{"", ""}, eraseKeys...)).Draw(t, "key"); key != "" {
						f[path] += "key: " + string(key) + "\n"
					}
				}
			}
			var b strings.Builder
			fmt.Fprintf(&b, "tree %s\n", o.tree(t, f))
			for _, p := range from {
				fmt.Fprintf(&b, "parent %s\n", ids[p])
			}
			fmt.Fprintf(&b, "author A <a@b.example> %d +0100\ncommitter \xff\xfe <c@d.example> %d -0330\nencoding iso-8859-1\n", i, i)
			if rapid.Bool().Draw(t, "signed") {
				b.WriteString("gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n")
			}
			b.WriteString("\nmessage\n\n  with \xe9 lines  \n")
			id, err := o.put(ctx, "commit", []byte(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			ids, content, parents = append(ids, id), append(content, f), append(parents, from)
			if seen[id] {
				t.Skip("the same commit twice")
			}
			seen[id] = true
		}
		if err := o.flush(ctx); err != nil {
			t.Fatal(err)
		}
		all := []Gone{{ID: "2026-0001", Key: eraseKeys[0].Hash()}, {ID: "2026-B002", Key: eraseKeys[1].Hash()}, {ID: "2026-0003"}, {ID: "2026-0001", Key: eraseKeys[2].Hash()}}
		erase := func(commits []string, which ...Gone) ([]string, *rewriting) {
			w := newRewriting(o, which)
			out := make([]string, len(commits))
			for i, id := range commits {
				if _, done := w.commit[id]; id != "" && !done {
					if err := w.take(ctx, id); err != nil {
						t.Fatal(err)
					}
				}
				if id != "" {
					out[i] = w.commit[id]
				}
			}
			if err := o.flush(ctx); err != nil {
				t.Fatal(err)
			}
			return out, w
		}
		once, w := erase(ids, all...)
		order := rapid.Permutation(all).Draw(t, "order")
		step := ids
		for len(order) > 0 {
			k := rapid.IntRange(1, len(order)).Draw(t, "at a time")
			step, _ = erase(step, order[:k]...)
			order = order[k:]
		}
		if !slices.Equal(once, step) {
			t.Fatalf("at once %v\nin steps %v", once, step)
		}
		if again, w := erase(once, all...); !slices.Equal(again, once) || len(w.out) > 0 {
			t.Fatalf("a second time %v, after %v", again, once)
		}
		touched := make([]bool, n)
		for i, id := range ids {
			now := files{}
			if once[i] != "" {
				now = o.listed(t, once[i])
			}
			was := o.listed(t, id)
			for path := range was {
				if goneFrom(content[i], path, all) {
					delete(was, path)
					touched[i] = true
				}
			}
			if !maps.Equal(was, now) {
				t.Fatalf("commit %d has %v instead of %v", i, now, was)
			}
			before := files{}
			if len(parents[i]) > 0 {
				before = content[parents[i][0]]
			}
			if len(slices.Compact(slices.Sorted(slices.Values(parents[i])))) < 2 && maps.Equal(content[i], before) && w.dropped[id] {
				t.Fatalf("commit %d was empty to begin with, and is gone", i)
			}
			for _, p := range parents[i] {
				touched[i] = touched[i] || touched[p]
			}
			if !touched[i] && once[i] != id || touched[i] && once[i] == id {
				t.Fatalf("commit %d, touched %v: %s became %s", i, touched[i], id, once[i])
			}
			if once[i] != "" && !w.dropped[id] {
				_, data, err := o.get(ctx, once[i])
				if err != nil || !strings.Contains(string(data), fmt.Sprintf("author A <a@b.example> %d +0100\ncommitter \xff\xfe <c@d.example> %d -0330\nencoding iso-8859-1\n", i, i)) ||
					!strings.HasSuffix(string(data), "\n\nmessage\n\n  with \xe9 lines  \n") || touched[i] && strings.Contains(string(data), "gpgsig") {
					t.Fatalf("commit %d is now %q %v", i, data, err)
				}
			}
		}
	})
}

func TestBorne(t *testing.T) {
	gone := newRewriting(&odb{sum: sha1.New}, []Gone{{ID: "2026-0007"}, {ID: "2026-1000"}, {ID: "2026-B001"}}).gone
	for name, want := range map[string]bool{
		"2026-0007": true, "2026-0007.yaml": true, "2026-0007.yaml~": true, ".2026-0007.yaml.swp": true, "#2026-0007.yaml#": true,
		"2026-0007-acknowledged.eml": true, "Kopie van 2026-0007.yaml": true, "2026-0008 2026-0007.pdf": true, "2026-2026-0007": true,
		"2026-00070.yaml": false, "12026-0007.yaml": false, "2026-0008.yaml": false, "2026-10001.yaml": false, "2026-1000": true,
		"2026-07": false, "2026-": false, "": false, "2026-000": false, "026-0007": false, "2026-0007x": true, "2026-B001.yaml": true,
		"2026-B0010.yaml": false, "2026-b001.yaml": false, "2026-AB001": false, "2026-0007000000": false, "-0007": false,
	} {
		if (gone.borne(name) != nil) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
