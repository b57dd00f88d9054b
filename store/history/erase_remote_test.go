package history

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// A server reached over ssh gets the rewritten refs, each only if nobody has
// pushed in the meantime, and lets go of the old objects if its account can run
// git; else klacht says what to type there. What it does not let go of is named.
func TestEraseOverSSH(t *testing.T) {
	y := newYard(t, 3)
	d := y.r.Dir
	ssh := filepath.Join(filepath.Dir(d), "ssh")
	script := "#!/bin/sh\n" + // ssh [-o x] [-p port] [-G] host command
		"while case $1 in -*) true;; *) false;; esac; do [ \"$1\" = -G ] && exit 1; shift 2; done\n" +
		"echo \"$1\" >>'" + ssh + ".log'\nshift\n" +
		"case \"$FULL\" in 1) ;; *) case $* in *reflog*) echo no shell here >&2; exit 128;; esac;; esac\n" +
		"sh -c \"$*\"\n"
	if err := os.WriteFile(ssh, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	y.git(y.remote, "config", "receive.denyNonFastForwards", "false")
	y.git(y.remote, "config", "transfer.hideRefs", "refs/hidden")
	y.git(d, "remote", "set-url", "origin", "ssh://mok@server.example:2222"+y.remote)
	y.git(d, "remote", "add", "mirror", "server.example:"+y.remote)
	hook := filepath.Join(y.remote, "hooks", "update")
	if err := os.MkdirAll(filepath.Dir(hook), 0o700); err == nil {
		err = os.WriteFile(hook, []byte("#!/bin/sh\ncase $1 in refs/pull/*) echo not yours >&2; exit 1;; esac\n"), 0o700)
		if err != nil {
			t.Fatal(err)
		}
	}
	y.r.env = append(y.r.env, "GIT_SSH_COMMAND='"+ssh+"'")

	// an account that can do nothing but git's own
	done, err := y.r.Erase(context.Background(), bothPurged, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Remotes) != 2 {
		t.Fatalf("remotes: %+v", done.Remotes)
	}
	m := done.Remotes[slices.IndexFunc(done.Remotes, func(m Remote) bool { return m.Name == "origin" })]
	if m.Err != nil || !slices.Equal(m.Kept, []string{"refs/pull/1/head"}) || !strings.HasPrefix(m.Type, "git -C '"+y.remote+"' reflog expire") || m.Own {
		t.Errorf("remote: %+v", m)
	}
	if leaks := y.leaks(d, purgedOne, purgedTwo); leaks != nil {
		t.Errorf("left here: %v", leaks)
	}
	for _, name := range []string{"refs/heads/main", "refs/heads/side", "refs/heads/only", "refs/tags/signed", "refs/notes/commits"} {
		if out := y.git(y.remote, "log", "--format=%s", "--name-only", name); strings.Contains(out, purgedOne+".yaml") {
			t.Errorf("%s on the server: %s", name, out)
		}
	}
	if len(y.leaks(y.remote, purgedOne)) == 0 {
		t.Error("without a shell there should be something left on the server")
	}
	// what klacht said to type there does it, once the server has let go of the rest
	y.git(y.remote, "update-ref", "-d", "refs/pull/1/head")
	y.git(y.remote, "-c", "alias.x=!"+m.Type, "x")
	if leaks := y.leaks(y.remote, purgedOne, purgedTwo); leaks != nil {
		t.Errorf("left on the server: %v", leaks)
	}

	// an account with a shell, on which somebody has pushed what a clone still had
	y = newYard(t, 3)
	y.git(y.remote, "config", "receive.denyNonFastForwards", "false")
	y.git(y.remote, "update-ref", "-d", "refs/pull/1/head")
	y.git(y.r.Dir, "remote", "set-url", "origin", "ssh://mok@server.example"+y.remote)
	y.r.env = append(y.r.env, "GIT_SSH_COMMAND='"+ssh+"'", "FULL=1")
	other := filepath.Join(filepath.Dir(y.r.Dir), "other")
	y.git(filepath.Dir(other), "clone", "-q", "-b", "main", y.remote, other)
	y.put(other, "open/2025-0001.yaml", caseText("2025-0001", "# of another clone\n"))
	y.put(other, "open/"+purgedOne+".yaml", caseText(purgedOne, "# of another clone\n"))
	y.commit(other, "work of another")
	y.git(other, "push", "-q")
	done, err = y.r.Erase(context.Background(), bothPurged, true)
	if err != nil || len(done.Remotes) != 1 || done.Remotes[0].Err != nil || done.Remotes[0].Type != "" {
		t.Fatalf("%+v %v", done, err)
	}
	for _, dir := range []string{y.r.Dir, y.remote} {
		if leaks := y.leaks(dir, purgedOne, purgedTwo); leaks != nil {
			t.Errorf("left in %s: %v", dir, leaks)
		}
	}
	if out := y.git(y.remote, "show", "main:open/2025-0001.yaml"); !strings.Contains(out, "of another clone") {
		t.Errorf("the work of another is gone: %s", out)
	}
}

// What a server refuses is left for later, and so is a server that is away.
func TestEraseRefused(t *testing.T) {
	y := newYard(t, 3)
	d := y.r.Dir
	other := filepath.Join(filepath.Dir(d), "other") // not bare, so it is not for us to clean
	y.git(filepath.Dir(other), "clone", "-q", "-b", "main", y.remote, other)
	y.git(d, "remote", "set-url", "origin", other)
	done, err := y.r.Erase(context.Background(), bothPurged, true)
	if err != nil || len(done.Remotes) != 1 || done.Remotes[0].Err == nil || !strings.Contains(done.Remotes[0].Err.Error(), "refuses the cleaned refs/heads/main") {
		t.Fatalf("%+v %v", done, err)
	}
	if _, elsewhere := y.r.Unerased(bothPurged); !slices.Equal(elsewhere, bothPurged) {
		t.Errorf("elsewhere: %v", elsewhere)
	}
	if leaks := y.leaks(d, purgedOne, purgedTwo); leaks != nil {
		t.Errorf("left here: %v", leaks)
	}
	if _, err := os.Stat(filepath.Join(other, "archive", "2031-12", purgedOne+".yaml")); err != nil {
		t.Error("the working tree of another was touched")
	}
	y.git(other, "switch", "-q", "--detach")
	done, err = y.r.Erase(context.Background(), bothPurged, true)
	if err != nil || len(done.Here) > 0 || len(done.Remotes) != 1 || done.Remotes[0].Err != nil {
		t.Fatalf("%+v %v", done, err)
	}
	if !strings.Contains(done.Remotes[0].Type, other) {
		t.Errorf("nothing to type: %+v", done.Remotes[0])
	}
	if leaks := y.leaks(d, purgedOne, purgedTwo); leaks != nil {
		t.Errorf("left here: %v", leaks)
	}
	if _, elsewhere := y.r.Unerased(bothPurged); elsewhere != nil {
		t.Errorf("elsewhere: %v", elsewhere)
	}
	y.git(d, "remote", "add", "gone", filepath.Join(filepath.Dir(d), "nowhere"))
	done, err = y.r.Erase(context.Background(), bothPurged, true)
	if err != nil || len(done.Remotes) != 1 || done.Remotes[0].Err == nil {
		t.Fatalf("%+v %v", done, err)
	}
}

// What is under way, or would keep objects, is not disturbed: nothing is done,
// and the error says what to do.
func TestEraseStandsBack(t *testing.T) {
	y := newYard(t, 3)
	d := y.r.Dir
	before := y.tips(d)
	for name, says := range map[string]string{
		"MERGE_HEAD": "something is under way", "rebase-merge/done": "something is under way", "BISECT_LOG": "something is under way",
		"index.lock": "another git is at work", "objects/info/alternates": "borrows from another", "shallow": "not all here",
		"objects/pack/pack-x.keep": "marked to be kept", "objects/pack/pack-x.promisor": "not all here", "worktrees/x/HEAD": "more than one folder",
		"info/grafts": "not all here", "reftable/tables.list": "reftables",
	} {
		y.put(filepath.Join(d, ".git"), name, "x\n")
		_, err := y.r.Erase(context.Background(), bothPurged, true)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
		if _, ok := casefile.HintOf(err); !ok {
			t.Errorf("%s: no hint", name)
		}
		if here, _ := y.r.Unerased(bothPurged); !slices.Equal(here, bothPurged) {
			t.Errorf("%s: it counts as done", name)
		}
		if _, err := os.Stat(filepath.Join(d, ".git", name)); err != nil {
			t.Errorf("%s is gone", name)
		}
		if dir, _, ok := strings.Cut(name, "/"); ok && dir != "objects" && dir != "info" {
			name = dir
		}
		y.put(filepath.Join(d, ".git"), name, "")
	}
	if y.tips(d) != before {
		t.Error("something was changed")
	}
	y.git(d, "switch", "-q", "--detach", "only") // not in the way
	if _, err := y.r.Erase(context.Background(), bothPurged, true); err != nil {
		t.Error(err)
	}
	if leaks := y.leaks(filepath.Join(d, ".git"), purgedOne, purgedTwo); leaks != nil {
		t.Errorf("left here: %v", leaks)
	}
	y.git(d, "fsck", "--strict")
}

func TestSSHAddress(t *testing.T) {
	for addr, want := range map[string][3]string{
		"mok@server.example:klachten.git":         {"mok@server.example", "", "klachten.git"},
		"server:~/klachten.git":                   {"server", "", "klachten.git"},
		"ssh://mok@server.example:2222/srv/k.git": {"mok@server.example", "2222", "/srv/k.git"},
		"ssh://server.example/~/k.git":            {"server.example", "", "k.git"},
		"https://server.example/k.git":            {},
		"/srv/k.git":                              {},
		`C:\klachten`:                             {},
		"./a:b":                                   {},
		"-oProxyCommand=x:y":                      {},
		"ssh://-oProxyCommand=x/y":                {},
		"ssh://mok@server.example":                {},
	} {
		account, port, dir, ok := sshAddress(addr)
		if got := [3]string{account, port, dir}; ok != (want[0] != "") || ok && got != want {
			t.Errorf("%s: %q %v", addr, got, ok)
		}
	}
}
