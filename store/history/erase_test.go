package history

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime/quotedprintable"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	casefile "klacht/case"
)

// yard is a register with a history of all kinds, a bare repository that it is
// pushed to, and a second clone with work of its own.
type yard struct {
	t      *testing.T
	r      *Repo
	remote string
	n      int // of the clock
}

func (y *yard) git(dir string, args ...string) string {
	y.t.Helper()
	out, err := y.try(dir, args...)
	if err != nil {
		y.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

func (y *yard) try(dir string, args ...string) (string, error) {
	y.n++
	c := exec.Command("git", args...)
	c.Dir = dir
	when := fmt.Sprintf("%d +0100", 1700000000+60*y.n)
	c.Env = append(slices.Clone(y.r.env), "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
	out, err := c.CombinedOutput()
	return string(out), err
}

// name, address and subject of the person of a case: words that stand nowhere
// else.
func secretsOf(id string) []string {
	word := string(rune(97+len(id))) + strings.NewReplacer("0", "ak", "1", "el", "2", "is", "3", "om", "4", "ur", "5", "ab", "6", "ed", "7", "ig", "8", "ol", "9", "ut", "-", "z").Replace(id)
	return []string{"Jolanda" + word, word + "@voorbeeld.example", "Kwikstaart" + word}
}

func caseText(id, more string) string {
	s := secretsOf(id)
	return fmt.Sprintf("format: 1\nid: %s\nsubject: %s is stuk\ncomplainant:\n  name: %s\n  email: %s\nlog: []\n%s", id, s[2], s[0], s[1], more)
}

// mailText is a mail that says it all in several encodings.
func mailText(id, more string) string {
	all := strings.Join(secretsOf(id), " é ") + more
	var qp bytes.Buffer
	w := quotedprintable.NewWriter(&qp)
	_, _ = io.WriteString(w, strings.Repeat("=é ", 20)+all)
	_ = w.Close()
	b64 := base64.StdEncoding.EncodeToString([]byte("x" + all))
	var lines []string
	for len(b64) > 0 {
		lines = append(lines, b64[:min(20, len(b64))])
		b64 = b64[min(20, len(b64)):]
	}
	wide := ""
	for _, u := range utf16.Encode([]rune(all)) {
		wide += string([]byte{byte(u), byte(u >> 8)})
	}
	return "From: " + all + "\r\n\r\n" + strings.Join(lines, "\r\n") + "\r\n" + qp.String() + "\r\n" + wide
}

// put writes a file of a working tree; "" removes it.
func (y *yard) put(dir, name, text string) {
	y.t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil && text == "" {
		err = os.RemoveAll(path)
	} else if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) commit(dir, message string) {
	y.t.Helper()
	y.git(dir, "add", "-A", ".")
	y.git(dir, "commit", "-q", "-m", message)
}

const purgedOne, purgedTwo, lookalike = "2026-0007", "2026-1000", "2026-10001"

// newYard makes it; there are n more cases in it.
func newYard(t *testing.T, n int) *yard {
	y := &yard{t: t, r: eraseRepo(t)}
	d := y.r.Dir
	y.put(d, "regeling.yaml", "format: 1\n")
	y.put(d, ".gitignore", "/.klacht/\n/outbox/\n*~\n")
	y.commit(d, "register: made")
	for i := range n {
		id := fmt.Sprintf("2025-%04d", i+1)
		y.put(d, "open/"+id+".yaml", caseText(id, ""))
		y.put(d, "open/"+id+"/01-received.eml", mailText(id, ""))
		y.commit(d, id+": received")
	}
	y.git(d, "tag", "-a", "-m", "voor de zaak", "before")
	y.git(d, "gc", "-q")
	for _, id := range []string{purgedOne, lookalike, purgedTwo} {
		y.put(d, "open/"+id+".yaml", caseText(id, ""))
		y.put(d, "open/"+id+"/01-received.eml", mailText(id, ""))
		y.commit(d, id+": received")
		y.put(d, "open/"+id+".yaml", caseText(id, "# acknowledged\n"))
		y.put(d, "open/2025-0001.yaml", caseText("2025-0001", "# at the same time as "+id+"\n"))
		y.commit(d, id+": acknowledged")
	}
	y.git(d, "tag", "-a", "-m", "met de zaak\n\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "signed")
	y.git(d, "tag", "-a", "-m", "een tag van een tag", "twice", "signed")
	y.git(d, "tag", "light")
	y.git(d, "tag", "blob", "HEAD:open/"+purgedOne+".yaml")
	y.git(d, "tag", "tree", "HEAD:open")
	y.git(d, "notes", "add", "-m", "over een klacht", "HEAD~5")
	y.git(d, "notes", "add", "-m", "een noot over een ander", "HEAD~3")
	y.git(d, "notes", "add", "-m", "een noot van toen", "before^{}")

	// a branch, a conflict that git remembers, a merge
	y.git(d, "config", "rerere.enabled", "true")
	y.git(d, "switch", "-q", "-c", "side", "HEAD~2")
	y.put(d, "open/2025-0002.yaml", caseText("2025-0002", "# aside\n"))
	y.commit(d, "2025-0002: aside")
	y.put(d, "open/"+purgedOne+".yaml", caseText(purgedOne, "# aside "+secretsOf(purgedOne)[0]+"\n"))
	y.commit(d, purgedOne+": aside")
	y.git(d, "switch", "-q", "main")
	y.put(d, "open/"+purgedOne+".yaml", caseText(purgedOne, "# on main "+secretsOf(purgedOne)[1]+"\n"))
	y.commit(d, purgedOne+": on main")
	if out, err := y.try(d, "merge", "side"); err == nil {
		t.Fatal("no conflict", out)
	}
	y.put(d, "open/"+purgedOne+".yaml", caseText(purgedOne, "# solved\n"))
	y.commit(d, "Merge branch 'side'")
	y.git(d, "switch", "-q", "-c", "only", "HEAD")
	y.put(d, "open/"+purgedOne+"/02-note.eml", mailText(purgedOne, "only here"))
	y.put(d, "open/Kopie van "+purgedOne+".yaml", caseText(purgedOne, ""))
	y.commit(d, purgedOne+": only here")
	y.git(d, "switch", "-q", "main")

	// to the archive, and pushed; a second clone works on
	for _, id := range []string{purgedOne, purgedTwo, lookalike} {
		y.git(d, "mv", "-k", "open/"+id+".yaml", "open/"+id, ".")
		if err := os.MkdirAll(filepath.Join(d, "archive", "2031-12"), 0o700); err != nil {
			t.Fatal(err)
		}
		y.git(d, "mv", id+".yaml", id, "archive/2031-12/")
		y.put(d, "archive/2031-12/"+id+"/02-closed.eml", mailText(id, "closed"))
		y.commit(d, id+": closed")
	}
	y.remote = filepath.Join(filepath.Dir(d), "remote.git")
	y.git(filepath.Dir(d), "init", "-q", "--bare", y.remote)
	y.git(y.remote, "config", "receive.denyNonFastForwards", "true")
	y.git(d, "remote", "add", "origin", y.remote)
	y.git(d, "push", "-q", "origin", "--all")
	y.git(d, "push", "-q", "origin", "--tags")
	y.git(d, "push", "-q", "origin", "refs/notes/*", "main:refs/pull/1/head")
	y.git(y.remote, "repack", "-a", "-d", "-q", "-b")
	y.git(d, "fetch", "-q", "origin")
	y.git(d, "remote", "set-head", "origin", "main")

	// what is not on a branch any more: amended, stashed, thrown away
	y.put(d, "archive/2031-12/"+purgedTwo+".yaml", caseText(purgedTwo, "# amended away "+secretsOf(purgedTwo)[0]+"\n"))
	y.commit(d, "to be amended")
	y.git(d, "reset", "-q", "--hard", "HEAD~1")
	y.git(d, "repack", "-q", "-d", "--cruft")
	y.put(d, "archive/2031-12/"+purgedOne+".yaml", caseText(purgedOne, "# stashed alone\n"))
	y.git(d, "stash", "-q")
	y.put(d, "archive/2031-12/"+purgedOne+".yaml", caseText(purgedOne, "# staged and stashed\n"))
	y.git(d, "add", ".")
	y.put(d, "open/2025-0003.yaml", caseText("2025-0003", "# stashed\n"))
	y.put(d, "concept.txt", "nog niet bekend\n")
	y.git(d, "stash", "push", "-q", "-u", "-m", "half werk")
	y.git(d, "commit-graph", "write", "--reachable")
	y.put(d, "archive/2031-12/"+purgedTwo+".yaml", caseText(purgedTwo, "# added and forgotten\n"))
	y.git(d, "add", ".")
	y.git(d, "reset", "-q", "--hard")
	y.git(d, "update-ref", "refs/original/refs/heads/main", "main~1")

	// what a purge does before it comes to the history; other work lies about
	for _, id := range []string{purgedOne, purgedTwo} {
		y.put(d, "archive/2031-12/"+id+".yaml", "")
		y.put(d, "archive/2031-12/"+id, "")
	}
	y.put(d, "purged.yaml", "- {id: 2026-0007, steps: [], purged: 2032-01-01}\n")
	y.commit(d, "2 changes")
	y.put(d, "open/2025-0004.yaml", caseText("2025-0004", "# by hand\n"))
	y.put(d, "open/2025-0005.yaml", caseText("2025-0005", "# staged\n"))
	y.git(d, "add", "open/2025-0005.yaml")
	y.put(d, "open/2025-0005.yaml", caseText("2025-0005", "# staged, and then by hand\n"))
	y.put(d, "mijn eigen.txt", "niet van git\n")
	y.git(d, "pack-refs", "--all")
	y.put(d, ".git/COMMIT_EDITMSG", secretsOf(purgedOne)[0])
	y.put(d, ".git/addp-hunk-edit.diff", secretsOf(purgedOne)[0])
	y.put(d, ".git/objects/pack/tmp_pack_x", secretsOf(purgedOne)[0])
	return y
}

// variants returns the forms in which a word can stand in a file.
func variants(word string) [][]byte {
	list := [][]byte{[]byte(word)}
	for i := range 3 {
		enc := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", i) + word))
		list = append(list, []byte(enc[[]int{0, 2, 3}[i]:len(enc)-4])) // without what hangs on its neighbours
	}
	var le, be []byte
	for _, u := range utf16.Encode([]rune(word)) {
		le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
	}
	return append(list, le, be, []byte(strings.ReplaceAll(word, "@", "=40")), []byte(strings.ReplaceAll(word, "@", "%40")))
}

// joined takes out what breaks the lines of base64 and quoted-printable.
var joined = strings.NewReplacer("=\r\n", "", "=\n", "", "\r\n", "", "\n", "")

// leaks returns where a repository, with its working tree, has a word of the
// cases: in any file as it is, and in any object, whatever leads to it or not.
func (y *yard) leaks(dir string, ids ...string) (found []string) {
	y.t.Helper()
	look := func(where string, data []byte) {
		flat := []byte(joined.Replace(string(data)))
		for _, id := range ids {
			for _, word := range secretsOf(id) {
				for i, v := range variants(word) {
					if bytes.Contains(data, v) || bytes.Contains(flat, v) {
						found = append(found, fmt.Sprintf("%s: %s in form %d", where, word, i))
					}
				}
			}
		}
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		look(path, data)
		return err
	})
	if err != nil {
		y.t.Fatal(err)
	}
	out := y.git(dir, "cat-file", "--batch-all-objects", "--unordered", "--batch")
	in := bufio.NewReader(strings.NewReader(out))
	for n := 0; ; n++ {
		id, kind, data, err := answer(in)
		if errors.Is(err, io.EOF) {
			if n == 0 {
				y.t.Fatal("no objects in", dir)
			}
			break
		} else if err != nil {
			y.t.Fatal(err)
		}
		look(kind+" "+id, data)
		if kind == "tree" {
			list, err := entries(data, 20)
			if err != nil {
				y.t.Fatal(err)
			}
			for _, e := range list {
				if slices.ContainsFunc(ids, func(id string) bool { return goneBy(e.name, []casefile.ID{casefile.ID(id)}) }) {
					found = append(found, fmt.Sprintf("tree %s: %s", id, e.name))
				}
			}
		}
	}
	return found
}

// commits returns what is in each commit that some ref leads to, by its date:
// who, when and why, and each file that is not of the cases.
func (y *yard) commits(dir string, ids []casefile.ID) map[string]string {
	all := map[string]string{}
	args := []string{"log", "--all", "--format=%H %at %an %ae %cn %ce %ct %B%x00", "-z"}
	for _, one := range strings.Split(y.git(dir, args...), "\x00") {
		hash, about, ok := strings.Cut(one, " ")
		if !ok {
			continue
		}
		var b strings.Builder
		b.WriteString(about + "\n")
		for _, line := range strings.Split(y.git(dir, "ls-tree", "-r", "-z", strings.TrimSpace(hash)), "\x00") {
			if _, path, _ := strings.Cut(line, "\t"); !goneBy(path, ids) {
				b.WriteString(line + "\n")
			}
		}
		all[strings.Fields(about)[0]+" "+strings.Fields(about)[1]+strings.Fields(about)[5]+about[len(about)/2:]] = b.String()
	}
	return all
}

var bothPurged = []casefile.ID{purgedOne, purgedTwo}

// place returns a repository as one to erase from.
func (y *yard) place(dir string) *place {
	y.t.Helper()
	roots, err := y.r.roots(context.Background())
	p := &place{odb: &odb{r: y.r}, gitDir: y.r.GitDir, roots: roots}
	if dir != y.r.Dir {
		p = &place{odb: &odb{r: y.r, env: []string{"GIT_DIR=" + dir}}, gitDir: dir, bare: true, roots: roots}
	}
	if err == nil {
		err = p.ready(context.Background())
	}
	if err != nil {
		y.t.Fatal(err)
	}
	return p
}

// erase erases in a repository, and types what it says until nothing holds the
// cases any more. It returns the names of what held them.
func (y *yard) erase(dir string, gone ...Gone) (held []string) {
	y.t.Helper()
	p := y.place(dir)
	for range 9 {
		c, err := p.erase(context.Background(), gone)
		if err != nil {
			y.t.Fatal(err)
		}
		if len(c.held) == 0 {
			if found, err := p.holds(context.Background(), gone); err != nil || found != nil {
				y.t.Errorf("%s holds %v %v", dir, found, err)
			}
			return held
		}
		if found, err := p.holds(context.Background(), gone); err != nil || found == nil {
			y.t.Errorf("%s holds %v %v beside %v", dir, found, err, c.held)
		}
		if out, err := y.try(dir, "fsck", "--full", "--strict", "--no-progress", "--no-dangling"); err != nil {
			y.t.Errorf("fsck of %s while something holds it: %v %s", dir, err, out)
		}
		for _, h := range c.held {
			held = append(held, h.Name)
			sh := exec.Command("sh", "-c", h.Type)
			sh.Dir, sh.Env = dir, y.r.env
			if out, err := sh.CombinedOutput(); err != nil {
				y.t.Fatalf("%s: %v %s", h.Type, err, out)
			}
		}
	}
	y.t.Fatalf("held for ever: %v", held)
	return nil
}

// What was purged is in no object, no file and no name of the repository, nor of
// the one that it is pushed to, in any form, once what klacht does not change has
// let go of it; and all else is as it was.
func TestPurgedIsGone(t *testing.T) {
	y := newYard(t, 200)
	d := y.r.Dir
	for _, dir := range []string{d, y.remote} {
		if n := len(y.leaks(dir, purgedOne, purgedTwo)); n < 20 {
			t.Fatalf("the search found just %d places in %s before", n, dir)
		}
	}
	was, there := y.commits(d, bothPurged), y.commits(y.remote, bothPurged)
	first := y.git(d, "rev-parse", "before^{}", "before")
	status := y.git(d, "status", "--porcelain=v2", "-z")
	staged := y.git(d, "diff", "--cached", "--stat")
	diff := y.git(d, "diff")
	blob := y.git(d, "rev-parse", ":open/2025-0005.yaml")

	held := y.erase(d, goneOf(bothPurged)...)
	want := []string{"refs/original/refs/heads/main", "refs/tags/blob", "refs/tags/signed", "refs/tags/tree", "refs/tags/twice", "stash@{0}", "stash@{1}"}
	slices.Sort(held)
	if !slices.Equal(held, want) {
		t.Errorf("held by %v, not %v", held, want)
	}
	if held := y.erase(y.remote, goneOf(bothPurged)...); len(held) != 5 || !slices.Contains(held, "refs/pull/1/head") {
		t.Errorf("held there by %v", held)
	}
	for _, dir := range []string{d, y.remote} {
		if leaks := y.leaks(dir, purgedOne, purgedTwo); leaks != nil {
			t.Errorf("%d places left in %s:\n%s", len(leaks), dir, strings.Join(leaks[:min(9, len(leaks))], "\n"))
		}
		if out := y.git(dir, "fsck", "--full", "--strict", "--no-progress", "--no-dangling"); strings.TrimSpace(out) != "" {
			t.Errorf("fsck of %s: %s", dir, out)
		}
	}
	for dir, was := range map[string]map[string]string{d: was, y.remote: there} {
		is := y.commits(dir, bothPurged)
		for key, about := range is {
			if was[key] != about {
				t.Errorf("a commit of %s is\n%s\nand was\n%s", dir, about, was[key])
			}
		}
		for key, about := range was {
			if _, still := is[key]; !still && !strings.Contains(about, purgedOne+":") && !strings.Contains(about, purgedTwo+":") && !strings.Contains(about, "main:") && !strings.Contains(about, "half werk") {
				t.Errorf("a commit of %s is gone: %s", dir, about)
			}
		}
		if len(is) < len(was)-16 || len(is) >= len(was) {
			t.Errorf("%s has %d commits, and had %d", dir, len(is), len(was))
		}
	}
	if now := y.git(d, "rev-parse", "before^{}", "before"); now != first {
		t.Errorf("what came before the cases is now %s, and was %s", now, first)
	}
	if now := y.git(d, "status", "--porcelain=v2", "-z"); strings.ReplaceAll(now, blob, "") != strings.ReplaceAll(status, blob, "") {
		t.Errorf("status was\n%q\nand is\n%q", status, now)
	}
	if now := y.git(d, "diff", "--cached", "--stat"); now != staged || now == "" {
		t.Errorf("staged was %s and is %s", staged, now)
	}
	if now := y.git(d, "diff"); now != diff {
		t.Errorf("the work was %s and is %s", diff, now)
	}
	refs := y.git(d, "for-each-ref", "--format=%(refname)")
	for name, want := range map[string]bool{"refs/tags/light": true, "refs/tags/before": true, "refs/heads/only": true, "refs/heads/side": true,
		"refs/notes/commits": true, "refs/klacht": false} {
		if strings.Contains(refs, name+"\n") != want {
			t.Errorf("%s: %v in\n%s", name, !want, refs)
		}
	}
	if out := y.git(d, "rev-parse", "main", "origin/main", "origin/HEAD"); len(slices.Compact(strings.Fields(out)[1:])) != 1 {
		t.Errorf("origin: %s", out)
	}
	if data, err := os.ReadFile(filepath.Join(d, "mijn eigen.txt")); err != nil || string(data) != "niet van git\n" {
		t.Errorf("%q %v", data, err)
	}

	// a second time there is nothing to do
	before := y.tips(d)
	if c, err := y.place(d).erase(context.Background(), goneOf(bothPurged)); err != nil || len(c.refs)+len(c.held)+c.objects > 0 || c.was != "" {
		t.Errorf("again: %+v %v", c, err)
	}
	if y.tips(d) != before {
		t.Errorf("a second time it changes something")
	}
}

func (y *yard) tips(dir string) string { return y.git(dir, "for-each-ref") }

// A clone that erases the same from the same commits has the same commits.
func TestEraseIsTheSameEverywhere(t *testing.T) {
	y := newYard(t, 5)
	var tips []map[string]string
	for i, steps := range [][][]casefile.ID{{bothPurged}, {{purgedTwo}, {purgedOne}}, {{purgedOne}, {purgedTwo}}} {
		dir := filepath.Join(filepath.Dir(y.r.Dir), fmt.Sprint("clone", i))
		y.git(filepath.Dir(dir), "clone", "-q", "--mirror", "--no-local", y.remote, dir)
		for _, ids := range steps {
			y.erase(dir, goneOf(ids)...)
		}
		if leaks := y.leaks(dir, purgedOne, purgedTwo); leaks != nil {
			t.Error(leaks)
		}
		refs := map[string]string{}
		for line := range strings.Lines(y.git(dir, "for-each-ref", "--format=%(refname) %(objectname)")) {
			name, id, _ := strings.Cut(strings.TrimSpace(line), " ")
			refs[name] = id
		}
		tips = append(tips, refs)
	}
	for _, other := range tips[1:] {
		if !maps.Equal(tips[0], other) {
			t.Errorf("%v\n%v", tips[0], other)
		}
	}
}

// goneOf are cases of which the number is known alone.
func goneOf(ids []casefile.ID) (gone []Gone) {
	for _, id := range ids {
		gone = append(gone, Gone{ID: id})
	}
	return gone
}
