package history

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// sum is what a folder is, with all that is in it.
func sum(t *testing.T, dir string) string {
	h := sha256.New()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			fmt.Fprintln(h, name)
			return err
		}
		info, _ := d.Info()
		data, err := os.ReadFile(name)
		fmt.Fprintln(h, name, info.Mode(), info.ModTime(), string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// A repository of somebody else stays as it is to the last bit, and in one that
// the register shares with others so do their branches, their objects, and every
// file that bears a number in a place where no case stands.
func TestEraseLeavesOthersAlone(t *testing.T) {
	y, gone := newLive(t, 3)
	d := y.r.Dir
	for _, name := range []string{"facturen/2026-0100.pdf", "2026-0100.yaml", "open/backup/2026-0100.yaml", "archive/2026-0100.yaml", "letters/2026-0100.nl.txt"} {
		y.put(d, name, "is "+name)
	}
	other := casefile.KeyOf("another")
	y.put(d, "archive/2031-12/2026-0100.yaml", "key: "+string(other)+"\nid: 2026-0100\n")
	y.put(d, "archive/2031-12/2026-0100/01-received.eml", "of another")
	y.commit(d, "that which bears the number")
	own := y.git(d, "ls-tree", "-r", "HEAD", "--", "facturen", "2026-0100.yaml", "archive", "open/backup", "letters")
	y.git(d, "checkout", "-q", "--orphan", "boekhouding")
	y.git(d, "rm", "-rqf", ".")
	y.put(d, "facturen/2026-0100.pdf", "een factuur")
	y.put(d, "open/2026-0100.yaml", "id: 2026-0100\n")
	y.put(d, "archive/2031-12/2026-0100.yaml", "key: "+string(other)+"\nid: 2026-0100\n")
	y.put(d, "archive/2031-12/2026-0100/01-received.eml", "of another still")
	y.commit(d, "of another")
	y.put(d, "open/2026-0100.yaml", "id: 2026-0100\n# amended\n")
	y.git(d, "commit", "-q", "-a", "--amend", "-m", "of another, amended")
	y.git(d, "push", "-q", "origin", "main", "boekhouding")
	theirs := filepath.Join(filepath.Dir(d), "theirs.git")
	y.git(d, "clone", "-q", "--bare", "--no-local", "--single-branch", "-b", "boekhouding", d, theirs)
	y.put(theirs, "FETCH_HEAD", "x")
	y.git(d, "switch", "-q", "main")
	amended := y.git(d, "rev-parse", "boekhouding", "boekhouding@{1}", "boekhouding@{1}:open")
	before := sum(t, theirs)

	for _, dir := range []string{d, y.remote, theirs} {
		if held := y.erase(dir, gone[0]); held != nil {
			t.Errorf("held by %v", held)
		}
	}
	if sum(t, theirs) != before {
		t.Error("the repository of another is not what it was")
	}
	if now := y.git(d, "rev-parse", "boekhouding", "boekhouding@{1}", "boekhouding@{1}:open"); now != amended {
		t.Errorf("another branch was %s and is %s", amended, now)
	}
	y.git(d, "rev-list", "--objects", "boekhouding", "boekhouding@{1}")
	y.git(y.remote, "rev-list", "--objects", "boekhouding")
	if now := y.git(d, "ls-tree", "-r", "HEAD", "--", "facturen", "2026-0100.yaml", "archive", "open/backup", "letters"); now != own {
		t.Errorf("what bears the number was %s and is %s", own, now)
	}
	if now := y.git(d, "ls-tree", "-r", "--name-only", "HEAD", "open"); strings.Contains(now, "open/2026-0100") || !strings.Contains(now, "open/2026-0200.yaml") {
		t.Errorf("there is %s", now)
	}
	for _, dir := range []string{d, y.remote} {
		y.git(dir, "fsck", "--full", "--strict")
	}
}

// What holds the cases beside the register's own refs is named with what to type,
// and keeps what it needs until then; the reflog loses the lines alone that lead
// to them, and what was amended without them stays.
func TestEraseIsHeld(t *testing.T) {
	y, gone := newLive(t, 3)
	d := y.r.Dir
	y.git(d, "switch", "-q", "-c", "early", "main~3")
	y.put(d, "work.txt", "to be amended")
	y.commit(d, "early work")
	y.git(d, "commit", "-q", "--amend", "-m", "early work, amended")
	amended := strings.TrimSpace(y.git(d, "rev-parse", "HEAD@{1}"))
	y.git(d, "switch", "-q", "main")
	up := filepath.Dir(d)
	y.git(d, "worktree", "add", "-q", filepath.Join(up, "early work"), "early")
	y.git(d, "worktree", "add", "-q", "-b", "late", filepath.Join(up, "it's late"), "main")
	y.git(d, "worktree", "add", "-q", "--detach", filepath.Join(up, "detached"), "main~1")
	y.git(d, "update-ref", "refs/heads/-x;y", "main") // no branch that git makes
	y.git(d, "checkout", "-q", "--orphan", "copy")    // with the same files
	y.commit(d, "copied")
	y.git(d, "switch", "-q", "main")
	y.git(d, "tag", "-a", "-m", "toen", "toen")
	for n := range 11 {
		y.put(d, "regeling.yaml", fmt.Sprint("format: 1\n# ", n))
		y.git(d, "stash", "-q")
	}
	late := y.git(d, "rev-parse", "late")
	c, err := y.place(d).erase(context.Background(), gone[:1])
	if err != nil || c.was != "" || c.objects != 0 {
		t.Fatalf("%+v %v", c, err)
	}
	if y.git(d, "rev-parse", "late") != late {
		t.Error("the branch of another folder was moved")
	}
	held := y.erase(d, gone[0])
	for _, want := range []string{"refs/heads/copy", "refs/tags/toen", "stash@{10}", "stash@{0}", "worktree " + filepath.Join(up, "it's late"), "worktree " + filepath.Join(up, "detached")} {
		if !slices.Contains(held, want) {
			t.Errorf("%s is not named in %v", want, held)
		}
	}
	if len(held) != 15 {
		t.Errorf("held by %v", held)
	}
	y.git(d, "cat-file", "commit", amended)
	if out := y.git(d, "reflog", "early"); !strings.Contains(out, "early work") || strings.Count(out, "\n") != 3 {
		t.Errorf("the reflog is %s", out)
	}
	y.put(d, "open/2026-0100", "") // on the disk
	y.put(d, "open/2026-0100.yaml", "")
	y.whole(d, gone[:1], []string{"early:work.txt", "main:open/2026-0200.yaml", "late:open/2026-0300.yaml"})
}

// Copies that a program for sharing folders made of objects go too, and what a
// pack is marked with is not overruled.
func TestEraseCopies(t *testing.T) {
	y, gone := newLive(t, 3)
	blob := strings.TrimSpace(y.git(y.remote, "rev-parse", "main:open/2026-0100.yaml"))
	loose := filepath.Join(y.remote, "objects", blob[:2], blob[2:])
	y.git(y.remote, "repack", "-q", "-a")
	packs, _ := filepath.Glob(filepath.Join(y.remote, "objects", "pack", "*.pack"))
	for _, name := range []string{loose, packs[0]} {
		data, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(strings.TrimSuffix(name, ".pack")+" (conflicted copy)"+filepath.Ext(name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	keep := strings.TrimSuffix(packs[0], "pack") + "keep"
	host, _ := os.Hostname()
	for _, mark := range []string{"mine", fmt.Sprintf("fetch-pack %d on %s\n", os.Getpid(), host), "fetch-pack 999999999 on " + host + ".elsewhere\n"} {
		y.put(y.remote, "objects/pack/"+filepath.Base(keep), mark)
		_, err := y.place(y.remote).erase(context.Background(), gone[:1])
		if hint, _ := casefile.HintOf(err); err == nil || !strings.Contains(fmt.Sprint(hint), keep) {
			t.Errorf("%q: %v, hint %s", mark, err, hint)
		}
	}
	y.put(y.remote, "objects/pack/"+filepath.Base(keep), fmt.Sprintf("receive-pack 999999999 on %s\n", host)) // of one that was killed
	y.erase(y.remote, gone[0])
	y.whole(y.remote, gone[:1], []string{"main:open/2026-0200.yaml"})
	for _, dir := range []string{filepath.Dir(loose), filepath.Dir(packs[0])} {
		if found, _ := filepath.Glob(filepath.Join(dir, "*conflicted*")); found != nil {
			t.Errorf("left: %v", found)
		}
	}
}

// What somebody damaged on purpose, and nothing leads to, is not in the way.
func TestEraseAmongDamaged(t *testing.T) {
	y, gone := newLive(t, 2)
	tip := strings.TrimSpace(y.git(y.remote, "rev-parse", "main"))
	for _, text := range []string{"tree HEAD\nparent " + tip + "\n\nx\n", "parent " + tip + "\nparent main\n", "tree " + tip + "\nparent " + tip + "\n\nx", "", "tree " + strings.Repeat("0", 40) + "\n\n"} {
		c := exec.Command("git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin")
		c.Dir, c.Env, c.Stdin = y.remote, y.r.env, strings.NewReader(text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	y.git(y.remote, "update-index", "--add", "--cacheinfo", "160000,"+tip+",open/sub") // a tree that names the commit of another repository
	y.git(y.remote, "write-tree")
	y.erase(y.remote, gone[0])
	if leaks := y.leaks(y.remote, string(gone[0].ID)); leaks != nil {
		t.Errorf("left: %v", leaks)
	}
	if _, err := y.try(y.remote, "cat-file", "-e", tip); err == nil {
		t.Error("the commit is there still")
	}
}

// A pack that git would make just as klacht has made it is not set aside.
func TestEraseMakesOneObject(t *testing.T) {
	y, gone := newLive(t, 1)
	p := y.place(y.remote)
	tip := strings.TrimSpace(y.git(y.remote, "rev-list", "--max-parents=0", "main"))
	text := strings.Replace(y.git(y.remote, "cat-file", "commit", tip), "\nauthor", "\nparent "+tip+"\nauthor", 1)
	id, err := p.put(context.Background(), "commit", []byte(text))
	if err == nil {
		err = p.flush(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	y.git(y.remote, "update-ref", "refs/heads/anew", id)
	y.git(y.remote, "symbolic-ref", "HEAD", "refs/heads/anew")
	y.git(y.remote, "update-ref", "-d", "refs/heads/main")
	if c, err := p.erase(context.Background(), gone); err != nil || c.objects == 0 {
		t.Errorf("%+v %v", c, err)
	}
	y.whole(y.remote, gone, []string{"anew:regeling.yaml"})
}

// It is the same where objects have long names.
func TestEraseSHA256(t *testing.T) {
	y := &yard{t: t, r: eraseRepo(t, "--object-format=sha256")}
	d := y.r.Dir
	y.put(d, "regeling.yaml", "format: 1\n")
	y.commit(d, "register: made")
	y.put(d, "open/2026-0100.yaml", caseText("2026-0100", ""))
	y.commit(d, "2026-0100: received")
	y.put(d, "open", "")
	y.put(d, "regeling.yaml", "format: 1\n# changed\n")
	y.commit(d, "purged")
	y.git(d, "gc", "-q")
	tip := strings.TrimSpace(y.git(d, "rev-parse", "HEAD"))
	c, err := y.place(d).erase(context.Background(), goneOf([]casefile.ID{"2026-0100"}))
	if err != nil || c.objects != 5 || c.was != tip || len(c.refs) != 1 || c.refs[0].old != tip {
		t.Errorf("%+v %v", c, err)
	}
	y.git(d, "fsck", "--strict")
}

// The folder of what a server is asked for is made anew where a git was killed that made it.
func TestAskedForAfterAKill(t *testing.T) {
	r := eraseRepo(t)
	if err := os.MkdirAll(filepath.Join(r.asked(), "refs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.asked(), "config.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	commit := []byte("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n")
	for range 2 { // the second time it is there
		if id, err := r.askFor(context.Background(), commit); err != nil || len(id) != 40 {
			t.Fatal(id, err)
		}
	}
}
