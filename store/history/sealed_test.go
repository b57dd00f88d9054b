package history

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAddressesForGit(t *testing.T) {
	for _, tt := range []struct{ addr, dir, clean string }{
		{"/srv/klachten.git", "/srv/klachten.git", "git -C '/srv/klachten.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"../klachten.git", "../klachten.git", "git -C '../klachten.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"./a:b.git", "./a:b.git", ""},
		{"file:///srv/mok's.git", "/srv/mok's.git", `git -C '/srv/mok'\''s.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now`},
		{"ssh://nas/~/klachten.git", "", "git -C 'klachten.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"ssh://mok@nas:22/srv/klachten.git", "", "git -C '/srv/klachten.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"mok@nas:klachten.git", "", "git -C 'klachten.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"https://b.example/x.git", "", "git -C '/x.git' -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now gc --prune=now"},
		{"gcrypt::/srv/klachten", "", "git gc --prune=now"},
		{"gcrypt::mok@nas:klachten.git", "", "git gc --prune=now"},
		{"gcrypt::rsync://nas/klachten", "", "git gc --prune=now"},
		{"ext::ssh -p 22 nas %S /srv/klachten.git", "", "git gc --prune=now"},
		{"git-x+y::z", "", "git gc --prune=now"},
	} {
		dir, ok := folderOf(tt.addr)
		if runtime.GOOS == "windows" {
			dir = filepath.ToSlash(dir)
		}
		if ok != (tt.dir != "") || ok && dir != tt.dir {
			t.Errorf("%s: the folder is %q, %v", tt.addr, dir, ok)
		}
		if got := serverClean(tt.addr); tt.clean != "" && got != tt.clean {
			t.Errorf("%s: %s", tt.addr, got)
		}
		if bare, err := (&Repo{Dir: t.TempDir()}).bareAt(t.Context(), tt.addr); !ok && (bare != "" || err != nil) {
			t.Errorf("%s: is at %s, %v", tt.addr, bare, err)
		}
	}
}

// sealed makes a folder as git-remote-gcrypt does, with a fresh one in it: of each
// file its name is its content.
func sealed(t *testing.T) (dir string, was []byte) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{manifest, strings.Repeat("a", 64), strings.Repeat("b", 64), "of-somebody.txt", sealedFresh + "/" + manifest, sealedFresh + "/" + strings.Repeat("c", 64)} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(name), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir, []byte(filepath.Join(dir, manifest))
}

// in returns the first letters of the names in a folder.
func in(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range list {
		names = append(names, f.Name()[:2])
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestSwapSealed(t *testing.T) {
	grace := sealedGrace
	sealedGrace = 50 * time.Millisecond
	t.Cleanup(func() { sealedGrace = grace })
	dir, was := sealed(t)
	if err := swapSealed(dir, was); err != nil {
		t.Fatal(err)
	}
	if got := in(t, dir); got != "91 cc of" {
		t.Errorf("there is %s", got)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, manifest)); !bytes.Contains(data, []byte(sealedFresh)) {
		t.Errorf("the manifest is %s", data)
	}

	dir, was = sealed(t) // somebody has sent something since it was looked at
	if err := swapSealed(dir, append(was, 'x')); err == nil || in(t, dir) != "91 aa bb kl of" {
		t.Errorf("%v, and there is %s", err, in(t, dir))
	}

	dir, was = sealed(t) // a git that knows no lock sends what goes on from the old manifest
	stop := make(chan bool)
	go func() {
		for name := filepath.Join(dir, manifest); ; time.Sleep(time.Millisecond) {
			if data, _ := os.ReadFile(name); !bytes.Equal(data, was) {
				stop <- os.WriteFile(name, was, 0o600) == nil
				return
			}
		}
	}()
	if err := swapSealed(dir, was); waitingFor("x", err).Why != Others || !<-stop || in(t, dir) != "91 aa bb cc kl of" {
		t.Errorf("%v, and there is %s", err, in(t, dir))
	}

	dir, was = sealed(t) // another register in the same folder
	if err := os.WriteFile(filepath.Join(dir, strings.Repeat("d", 56)), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := swapSealed(dir, was); waitingFor("x", err).Why != Sealed || in(t, dir) != "91 aa bb dd kl of" {
		t.Errorf("%v, and there is %s", err, in(t, dir))
	}
}

// Whatever is sent while a sealed folder is made anew is there in the end, and what
// was there before is not.
func TestRemakeWhileOthersSend(t *testing.T) {
	for _, tool := range []string{"git-remote-gcrypt", "gpg"} {
		if _, err := exec.LookPath(tool); err != nil || testing.Short() {
			t.Skip("no " + tool)
		}
	}
	home, err := os.MkdirTemp("", "g") // a socket has a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--kill", "gpg-agent").Run()
		_ = os.RemoveAll(home)
	})
	if out, err := exec.Command("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Mok <mok@webwerkoost.example>", "future-default", "default", "never").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	y, gone := newLive(t, 3)
	y.r.env = append(y.r.env, "GNUPGHOME="+home)
	y.r.setup.Environ = append(y.r.setup.Environ, "GNUPGHOME="+home)
	place := filepath.Join(t.TempDir(), "s")
	a := y.r.Dir
	y.git(a, "remote", "set-url", "origin", sealedBy+place)
	y.git(a, "push", "-q", "origin", "main")
	b := filepath.Join(t.TempDir(), "b")
	y.git(a, "clone", "-q", "-b", "main", sealedBy+place, b)
	before := in(t, place)
	y.erase(a, gone[0])
	y.git(a, "push", "-q", "--force", "origin", "main")
	y.git(b, "fetch", "-q")
	y.git(b, "reset", "-q", "--hard", "origin/main")

	rb, err := Open(b, y.r.setup)
	if err == nil {
		_, err = rb.settings(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	sends := make(chan error, 1)
	go func() {
		for range 4 {
			is := rb.oid(t.Context(), "HEAD")
			id, err := rb.commitTree(t.Context(), "HEAD^{tree}", "of b", is)
			if err == nil {
				err = rb.Do(t.Context(), Call{Args: []string{"update-ref", "HEAD", id}})
			}
			m := &remote{name: "origin", branch: "main", upstream: true}
			if err == nil {
				_, err = rb.push(t.Context(), m, map[string]string{"main": "HEAD"}, map[string]string{"main": is})
			}
			if err != nil {
				sends <- err
				return
			}
		}
		sends <- nil
	}()
	ra, err := Open(a, y.r.setup)
	if err == nil {
		_, err = ra.settings(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for done := false; !done || made == 0; {
		select {
		case err := <-sends:
			if err != nil {
				t.Fatal(err)
			}
			done = true
		default:
		}
		if _, err := ra.fetch(t.Context(), "origin"); err != nil {
			t.Fatal(err)
		}
		if err := ra.remake(t.Context(), "origin", place, gone[:1]); err == nil {
			made++
		} else if s := (*stopped)(nil); !errors.As(err, &s) || s.why != Others {
			t.Fatal(err)
		}
	}
	c := filepath.Join(t.TempDir(), "c")
	y.git(a, "clone", "-q", "-b", "main", sealedBy+place, c)
	if y.git(c, "rev-parse", "main") != y.git(b, "rev-parse", "HEAD") {
		t.Error("what was sent meanwhile is not there")
	}
	y.git(c, "fsck", "--strict")
	for _, name := range strings.Fields(before) {
		if name != "91" && name != "kl" && strings.Contains(in(t, place), name) {
			t.Errorf("%s is there still", name)
		}
	}
}
