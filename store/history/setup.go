package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/disk"
)

// Hub is a place that a register is to be shared through.
type Hub struct {
	Address   string // "": the one that the register has
	Dir       string // what a folder is relative to
	Sealed    bool   // with git-remote-gcrypt; an address of it is so anyhow
	SealedFor string // after ShareThrough: the key; "" if the place is not sealed
	Instead   bool   // of another place
	Clone     string // after ShareThrough: the command by which others take the register over
}

// HasRemote reports whether the register has a place already. Git is not run.
func (k *Keeper) HasRemote() bool { return hasRemote(k.dir) }

// ShareThrough makes a place the remote of the register, instead of one that it has. A folder
// of this machine that is not there is made. The place must be empty, or have this
// register; else, as after any error, nothing was changed.
func (k *Keeper) ShareThrough(ctx context.Context, reg *store.Register, at *Hub) error {
	done, err := reg.Syncing()
	if err != nil {
		return err
	}
	defer done()
	r, err := k.Repo()
	if err == nil && r.Prefix != "" {
		err = NotOwn()
	}
	if err == nil {
		err = r.Ready(ctx)
	}
	if err != nil {
		return err
	}
	m, err := r.remote(ctx)
	if names, nerr := r.remotes(ctx); nerr == nil && len(names) == 0 && m != nil {
		m.name, m.branch, err = cmp.Or(m.name, "origin"), cmp.Or(m.branch, m.local), nil
	}
	if err != nil {
		return err
	}
	addr := cmp.Or(at.Address, r.config["remote."+m.name+".url"])
	if addr == "" {
		return errUnshared()
	}
	if strings.ContainsFunc(addr, unicode.IsControl) {
		return casefile.Errorf("%q is not an address", addr)
	}
	addr, sealed := strings.CutPrefix(addr, sealedBy)
	sealed = sealed || at.Sealed
	if sealed {
		if at.SealedFor, err = r.sealer(ctx, m.name); err != nil {
			return err
		}
	}
	if dir, ok := folderOf(addr); ok && !helper().MatchString(addr) {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(at.Dir, dir)
		}
		addr = dir
		if r.overlaps(dir) {
			return casefile.Errorf("%s is the folder of the register itself, or lies in it or around it; nothing was changed", dir).
				WithHint("name a folder that is not there yet; it is made")
		}
		if sealed && r.config["remote."+m.name+".url"] != sealedBy+dir && isThere(filepath.Join(dir, "HEAD")) {
			return casefile.Errorf("%s is a git repository, and not a place that is sealed; nothing was changed", dir).
				WithHint("name a folder that is not there yet; it is made")
		}
		if err := r.makePlace(ctx, dir, m.branch, sealed); err != nil {
			return err
		}
	}
	if sealed {
		if err := r.legible(ctx, addr); err != nil {
			return err
		}
		addr = sealedBy + addr
	}
	before := r.config["remote."+m.name+".url"]
	at.Instead = before != "" && before != addr
	at.Address = withoutSecret(addr)
	at.Clone = "git clone -b " + typed(m.branch) + " " + typed(at.Address)
	if err := r.fits(ctx, k, reg, m, addr); err != nil {
		return err
	}
	return r.setRemote(ctx, m.name, addr)
}

// overlaps reports whether a folder is that of the register, or lies in it or around
// it, by whatever names.
func (r *Repo) overlaps(dir string) bool {
	real, rest := filepath.Clean(dir), ""
	for { // of what is not there yet, the first folder above it that is
		if found, err := filepath.EvalSymlinks(real); err == nil || real == filepath.Dir(real) {
			real = filepath.Join(cmp.Or(found, real), rest)
			break
		}
		real, rest = filepath.Dir(real), filepath.Join(filepath.Base(real), rest)
	}
	within := func(dir, in string) bool {
		rel, err := filepath.Rel(in, dir)
		return err == nil && filepath.IsLocal(rel)
	}
	return within(real, r.Dir) || within(r.Dir, real)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// placeName is what git calls a place while it is looked at. So its address stands in
// no list of arguments.
const placeName = "klacht-setup"

// legible refuses a place to seal where a register lies that is not sealed. What
// cannot be looked at so, such as a folder with packs or an address that only
// git-remote-gcrypt knows, has none.
func (r *Repo) legible(ctx context.Context, addr string) error {
	if dir, ok := folderOf(addr); ok && !isThere(filepath.Join(dir, "HEAD")) {
		return nil
	}
	env := configEnv(map[string]string{"remote." + placeName + ".url": addr})
	err := r.peek(ctx, placeName, env, func(at map[string]string) error {
		for _, commit := range at {
			if there, err := r.snapshot(ctx, commit); err != nil {
				return err
			} else if there[store.PolicyFile].id != "" {
				return casefile.Errorf("%s has a register that is not sealed; nothing was changed", withoutSecret(addr)).
					WithHint("name another place, with nothing in it; whoever shares through this one goes on with that")
			}
		}
		return nil
	})
	if s := (*stopped)(nil); errors.As(err, &s) {
		return nil
	}
	return err
}

// fits looks whether what is at an address is nothing, or this register.
func (r *Repo) fits(ctx context.Context, k *Keeper, reg *store.Register, m *remote, addr string) error {
	const name = placeName
	set := map[string]string{"remote." + name + ".url": addr}
	for key, value := range r.config {
		if what, ok := strings.CutPrefix(key, "remote."+m.name+"."); ok && strings.HasPrefix(what, "gcrypt-") && what != "gcrypt-id" {
			set["remote."+name+"."+what] = value
		}
	}
	defer func() { _ = r.Do(ctx, Call{Args: []string{"config", "--remove-section", "remote." + name}}) }() // git-remote-gcrypt notes something there
	err := r.peek(ctx, name, configEnv(set), func(at map[string]string) error {
		branches := slices.Sorted(maps.Keys(at))
		if len(branches) == 0 {
			return nil
		}
		if at[m.branch] == "" && len(branches) > 1 {
			return casefile.Errorf("%s has no branch %s; nothing was changed", withoutSecret(addr), m.branch)
		}
		s := &sharing{k: k, r: r, reg: reg}
		return s.acceptable(ctx, cmp.Or(at[m.branch], at[branches[0]]))
	})
	if s := (*stopped)(nil); errors.As(err, &s) {
		return casefile.Errorf("%s cannot be reached: %v", withoutSecret(addr), s).
			WithHint("look at the address, or make an empty repository there; nothing was changed")
	}
	return err
}

// peek shows the commits of the branches of a remote, by their names, without noting
// them as those that it has. The error wraps a *stopped if it cannot be reached.
func (r *Repo) peek(ctx context.Context, name string, env []string, see func(at map[string]string) error) error {
	const refs = "refs/klacht/peek/"
	if err := r.dropRefs(ctx, refs); err != nil { // of a command that was killed
		return err
	}
	err := r.Do(ctx, Call{Limit: netLimit, Env: env, Args: append(slices.Clone(quietly),
		"fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", name, "+refs/heads/*:"+refs+"*")})
	if err != nil {
		return casefile.Errorf("%s cannot be reached: %v", name, &stopped{Away, strings.TrimSuffix(err.Error(), ".")})
	}
	out, err := r.Output(ctx, "for-each-ref", "--format=%(objectname) %(refname)", refs)
	at := map[string]string{}
	for line := range strings.Lines(string(out)) {
		id, ref, _ := strings.Cut(strings.TrimSpace(line), " ")
		at[strings.TrimPrefix(ref, refs)] = id
	}
	if err == nil {
		err = see(at)
	}
	return cmp.Or(err, r.dropRefs(ctx, refs))
}

// makePlace makes a folder of this machine one to share through, if there is nothing
// in it.
func (r *Repo) makePlace(ctx context.Context, dir, branch string, sealed bool) error {
	list, err := os.ReadDir(dir)
	list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return e.Name() == sealedLock })
	has := func(name string) bool {
		return slices.ContainsFunc(list, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.Mkdir(dir, 0o700)
	case err == nil && len(list) > 0:
		if sealed && !has("HEAD") && !has(manifest) {
			return casefile.Errorf("%s is not empty, and no sealed register is in it", dir).WithHint("name a folder that is not there yet; it is made")
		}
		return nil
	}
	if err == nil && !sealed {
		err = r.Do(ctx, Call{Args: []string{"init", "--quiet", "--bare", "--initial-branch=" + branch, dir}})
	}
	switch parent := filepath.Dir(dir); {
	case errors.Is(err, fs.ErrNotExist) && !isThere(parent):
		return casefile.Errorf("cannot make %s: there is no folder %s", dir, parent).
			WithHint("make that first, or look at the address; a disk may have to be connected")
	case errors.Is(err, fs.ErrNotExist):
		return casefile.Errorf("cannot make %s: nothing can be made in %s", dir, parent)
	case err != nil:
		return casefile.Errorf("cannot make %s: %v", dir, err)
	}
	return nil
}

// sealer returns the key that a remote is sealed for, or says what lacks.
func (r *Repo) sealer(ctx context.Context, name string) (string, error) {
	if _, err := exec.LookPath("git-remote-gcrypt"); err != nil {
		return "", casefile.Errorf("git-remote-gcrypt is not on this machine, which seals").WithHint("install git-remote-gcrypt")
	}
	gpg, err := exec.LookPath(cmp.Or(r.config["gpg.program"], "gpg"))
	if err != nil {
		return "", casefile.Errorf("gpg is not on this machine, which has the keys").WithHint("install gnupg")
	}
	if who := cmp.Or(r.config["remote."+name+".gcrypt-participants"], r.config["gcrypt.participants"]); who != "" && who != "simple" {
		return who, nil
	}
	cmd := exec.CommandContext(ctx, gpg, "--batch", "--with-colons", "--list-secret-keys")
	cmd.Env = r.env
	out, err := cmd.Output()
	if err != nil {
		return "", casefile.Errorf("gpg cannot list its keys: %v", err)
	}
	key := ""
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		f := strings.Split(lines.Text(), ":")
		switch {
		case f[0] == "fpr" && key == "" && len(f) > 9:
			key = f[9]
		case f[0] == "uid" && key != "" && len(f) > 9:
			return fmt.Sprintf("%s (%s)", key, casefile.OneLine(f[9])), nil
		}
	}
	if key == "" {
		return "", casefile.Errorf("gpg has no secret key to seal for").WithHint("`gpg --full-generate-key` makes one; keep a copy of it elsewhere, for without it nobody can read what is sealed")
	}
	return key, nil
}

// setRemote makes an address the one of a remote, and takes away what was set about
// the one before. It stands in no list of arguments, for it may hold a password.
func (r *Repo) setRemote(ctx context.Context, name, addr string) error {
	config := filepath.Join(r.GitDir, "config")
	wrong := func(err error) error { return casefile.Errorf("cannot write the settings of git: %v", err) }
	lock, err := os.OpenFile(config+".lock", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return wrong(err)
	}
	held := true
	defer func() {
		if _ = lock.Close(); held {
			_ = os.Remove(lock.Name())
		}
	}()
	data, err := os.ReadFile(config)
	if err != nil {
		return wrong(err)
	}
	draft := filepath.Join(r.GitDir, "klacht-config")
	defer os.Remove(draft)
	if err := disk.WriteFile(draft, data); err != nil {
		return wrong(err)
	}
	for _, key := range []string{"url", "pushurl", "fetch", "gcrypt-id"} {
		err := r.Do(ctx, Call{Args: []string{"config", "--file", draft, "--unset-all", "remote." + name + "." + key}})
		if err != nil && ExitCode(err) != 5 { // there is none
			return err
		}
	}
	if data, err = os.ReadFile(draft); err != nil {
		return wrong(err)
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	data = fmt.Appendf(data, "[remote \"%s\"]\n\turl = \"%s\"\n\tfetch = \"+refs/heads/*:%s*\"\n", quoted.Replace(name), quoted.Replace(addr), tracked(name))
	if _, err := lock.Write(data); err != nil {
		return wrong(err)
	}
	if err := errors.Join(lock.Sync(), lock.Close()); err != nil {
		return wrong(err)
	}
	if err := os.Rename(lock.Name(), config); err != nil {
		return wrong(err)
	}
	held, r.config = false, nil
	return nil
}
