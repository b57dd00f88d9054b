package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	casefile "klacht/case"
)

// A sealed remote is one of git-remote-gcrypt: packs under their hashes, each sealed
// with a key of its own, and a manifest, sealed for people, that has those keys and
// the refs. A pack is never taken out, so whoever can read the manifest can read what
// was erased, whatever the refs lead to. After an erasure it is made anew.

const (
	sealedBy    = "gcrypt::"
	manifest    = "91bd0c092128cf2e60e1a608c31e92caf1f9c1595f83f2890ef17c0e4881aa0a"
	sealedFresh = "klacht-anew" // in a sealed folder: what is to take its place
	sealedLock  = "klacht.lock" // git-remote-gcrypt has no lock of its own
	sealedID    = ":id:"        // how its names of repositories begin
)

var (
	sealedPack  = casefile.Pattern(`^[0-9a-f]{64}$`)
	sealedOther = casefile.Pattern(`^[0-9a-f]{56}$`) // the manifest of another repository in the folder
)

// sealedFolder returns the folder on this machine that a sealed address is of; false
// if it is of a server, or of a git repository that has the packs.
func sealedFolder(addr string) (dir string, ok bool) {
	dir, ok = strings.CutPrefix(addr, sealedBy)
	if !ok || !strings.HasPrefix(dir, "/") || strings.Contains(dir, "#") {
		return "", false
	}
	_, err := os.Stat(filepath.Join(dir, "HEAD"))
	return dir, errors.Is(err, fs.ErrNotExist)
}

// eraseSealed makes a sealed remote anew, if something that was erased had been sent
// there, and returns what that waits for; no Why if for nothing. One that is out of
// reach is made anew by hand, and known to be by its new name.
func (r *Repo) eraseSealed(ctx context.Context, rec *record, name, addr string, gone []Gone) Pending {
	was := rec.asks[name]
	is := cmp.Or(r.sealedName(ctx, name), sealedID)
	if was == "" || strings.HasPrefix(was, sealedID) && was != is {
		return Pending{}
	}
	if dir, ok := sealedFolder(addr); ok {
		err := r.remake(ctx, name, dir, gone)
		if err == nil {
			return Pending{}
		}
		s := (*stopped)(nil)
		if !errors.As(err, &s) {
			return Pending{Place: name, Why: Away, What: err.Error()}
		}
		if s.why != Sealed {
			return Pending{Place: name, Why: s.why, What: s.said}
		}
	}
	rec.asks[name] = is
	return Pending{Place: name, Why: Sealed}
}

// sealedName returns what a sealed remote calls itself; each that is made has another
// name. git-remote-gcrypt notes it whenever it looks there.
func (r *Repo) sealedName(ctx context.Context, name string) string {
	out, _ := r.Output(ctx, "config", "--get", "remote."+name+".gcrypt-id")
	return strings.TrimSpace(string(out))
}

// remake makes a sealed folder on this machine anew: all that its refs lead to goes
// into a fresh one inside it, whose files then take the place of the old ones. If
// others send something meanwhile, it stays as it is.
func (r *Repo) remake(ctx context.Context, name, dir string, gone []Gone) error {
	unlock, err := lockSealed(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	fresh := filepath.Join(dir, sealedFresh)
	if err := os.RemoveAll(fresh); err != nil { // of a command that was killed
		return err
	}
	was, err := os.ReadFile(filepath.Join(dir, manifest))
	if err != nil {
		return err
	}
	refs, err := r.sealedRefs(ctx, name, sealedBy+dir)
	if err != nil {
		return err
	}
	if err := r.sealable(ctx, name, refs, gone); err != nil {
		return err
	}
	args := []string{"push", "--quiet", "--no-follow-tags", "--recurse-submodules=no", sealedBy + fresh}
	for ref, id := range refs {
		args = append(args, "+"+id+":"+ref)
	}
	if err := r.Do(ctx, Call{Limit: netLimit, Args: args, Env: r.sealedEnv(name, sealedBy+fresh)}); err != nil {
		return err
	}
	made, err := r.sealedRefs(ctx, name, sealedBy+fresh)
	if err != nil {
		return err
	}
	if fmt.Sprint(made) != fmt.Sprint(refs) { // maps print in order
		return errSealedMoved()
	}
	return swapSealed(dir, was)
}

// sealedGrace is how long the old packs stay after the manifest was replaced: a git
// that has read the old one, and knows of no lock, is done by then.
var sealedGrace = 2 * time.Second

// swapSealed puts the fresh files of a sealed folder in the place of the old ones, if
// its manifest is still what it was. The old ones go last, and only if nobody has gone
// on with them.
func swapSealed(dir string, was []byte) error {
	fresh := filepath.Join(dir, sealedFresh)
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range old {
		if sealedOther().MatchString(f.Name()) {
			return &stopped{Sealed, ""}
		}
	}
	info, err := os.Stat(filepath.Join(dir, manifest))
	if err != nil {
		return err
	}
	is, err := os.ReadFile(filepath.Join(fresh, manifest))
	if err != nil {
		return err
	}
	list, err := os.ReadDir(fresh)
	if err != nil {
		return err
	}
	for _, f := range list { // who can read the old ones can read these
		if err := settle(filepath.Join(fresh, f.Name()), info.Mode().Perm()); err != nil {
			return err
		}
	}
	if now, err := os.ReadFile(filepath.Join(dir, manifest)); err != nil || !bytes.Equal(now, was) {
		return errSealedMoved()
	}
	for _, f := range list {
		if f.Name() != manifest {
			err = errors.Join(err, os.Rename(filepath.Join(fresh, f.Name()), filepath.Join(dir, f.Name())))
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(fresh, manifest), filepath.Join(dir, manifest)); err != nil {
		return err
	}
	time.Sleep(sealedGrace)
	if now, err := os.ReadFile(filepath.Join(dir, manifest)); err != nil || !bytes.Equal(now, is) { // somebody has pushed on what was there before
		return errSealedMoved()
	}
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync() // not every system can
		_ = d.Close()
	}
	for _, f := range old {
		if f.Type().IsRegular() && sealedPack().MatchString(f.Name()) && f.Name() != manifest {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	return errors.Join(err, os.RemoveAll(fresh))
}

func errSealedMoved() error { return &stopped{Others, "something was sent there meanwhile"} }

// settle gives a file its rights, and sees to it that it is on the disk.
func settle(name string, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), f.Sync(), f.Close())
}

// sealable refuses refs of a sealed remote that are not here, or lead to what was
// erased.
func (r *Repo) sealable(ctx context.Context, name string, refs map[string]string, gone []Gone) error {
	for ref, id := range refs {
		_, err := r.Output(ctx, "cat-file", "-e", id)
		if err == nil {
			var came []Gone
			if came, err = r.bearing(ctx, gone, id); err == nil && came == nil {
				continue
			}
		}
		if branch, ok := strings.CutPrefix(ref, "refs/heads/"); ok {
			return &stopped{Others, branch + " was sent there meanwhile"}
		}
		return &stopped{Held, ref + ": git push " + typed(name) + " " + typed(":"+ref)}
	}
	return nil
}

// sealedRefs returns the commits of the refs at a sealed address.
func (r *Repo) sealedRefs(ctx context.Context, name, addr string) (map[string]string, error) {
	var out bytes.Buffer
	if err := r.Do(ctx, Call{Limit: netLimit, Args: []string{"ls-remote", "--refs", addr}, Out: &out, Env: r.sealedEnv(name, addr)}); err != nil {
		return nil, err
	}
	refs := map[string]string{}
	for line := range strings.Lines(out.String()) {
		if id, ref, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && isID(id) && strings.HasPrefix(ref, "refs/") {
			refs[ref] = id
		}
	}
	return refs, nil
}

// sealedEnv makes what is set for a sealed remote hold for an address, too: for whom
// it is sealed.
func (r *Repo) sealedEnv(name, addr string) []string {
	set := map[string]string{}
	for key, value := range r.config {
		if what, ok := strings.CutPrefix(key, "remote."+name+"."); ok && strings.HasPrefix(what, "gcrypt-") && what != "gcrypt-id" {
			set["remote."+addr+"."+what] = value
		}
	}
	return configEnv(set)
}

// configEnv returns the environment in which git has some settings more. They stand
// in no list of arguments.
func configEnv(set map[string]string) []string {
	env := []string{fmt.Sprintf("GIT_CONFIG_COUNT=%d", len(set))}
	for key, value := range set {
		n := len(env) / 2
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", n, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", n, value))
	}
	return env
}

// lockSealed takes the right to write to a sealed folder, for which a klacht waits; a
// git alone knows nothing of it.
func lockSealed(ctx context.Context, dir string) (unlock func(), err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, netLimit)
	defer cancel()
	l := flock.New(filepath.Join(dir, sealedLock), flock.SetPermissions(info.Mode().Perm()&0o666))
	if _, err := l.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}

// sending takes that right for a push to a remote, where there is one to take.
func (r *Repo) sending(ctx context.Context, name string) (done func()) {
	if dir, ok := sealedFolder(r.config["remote."+name+".url"]); ok {
		if unlock, err := lockSealed(ctx, dir); err == nil { // the push itself says what is wrong
			return unlock
		}
	}
	return func() {}
}
