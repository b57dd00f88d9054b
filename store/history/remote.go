package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
)

// remote is a repository elsewhere that git knows by a name.
type remote struct {
	name     string
	local    string // the branch here
	branch   string // the branch there that the register is shared on
	upstream bool   // git's settings say so; else it is the only remote there is
}

func (m *remote) ref() string { return tracked(m.name) + m.branch }

// tracked is where the branches of a remote are kept here.
func tracked(name string) string { return "refs/remotes/" + asWord(name) + "/" }

// asWord returns the name of a remote, which git lets be anything, as a ref and the
// record can bear it; of most names that is the name itself.
func asWord(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c <= ' ' || c == 0x7f || strings.IndexByte(`%~^:?*[\`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// trackedBy returns of which of the remotes a ref is kept here, and the branch there;
// found is false if of none. The name of a remote may begin that of another.
func trackedBy(ref string, names []string) (name, branch string, found bool) {
	for _, n := range names {
		if b, ok := strings.CutPrefix(ref, tracked(n)); ok && len(n) >= len(name) {
			name, branch, found = n, b, true
		}
	}
	return name, branch, found
}

// settings returns what git's settings say, by name; of several values the last
// holds. They are read once.
func (r *Repo) settings(ctx context.Context) (map[string]string, error) {
	if r.config != nil {
		return r.config, nil
	}
	out, err := r.Output(ctx, "config", "-z", "--list")
	if err != nil {
		return nil, err
	}
	r.config, r.several = map[string]string{}, map[string]bool{}
	for _, line := range Fields(out) {
		key, value, _ := strings.Cut(line, "\n")
		_, r.several[key] = r.config[key]
		r.config[key] = value
	}
	return r.config, nil
}

// remotes returns the names of the repositories elsewhere.
func (r *Repo) remotes(ctx context.Context) ([]string, error) {
	config, err := r.settings(ctx)
	var names []string
	for key := range config {
		for _, of := range []string{".url", ".pushurl"} {
			if name, ok := strings.CutPrefix(key, "remote."); ok && strings.HasSuffix(name, of) {
				names = append(names, strings.TrimSuffix(name, of))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// unnamed returns the settings that hold the address of a repository which no remote
// has: git sends to it, but klacht, which calls each place by a name, cannot.
func (r *Repo) unnamed(ctx context.Context) (keys []string, err error) {
	names, err := r.remotes(ctx)
	for key, value := range r.config {
		isPlace := key == "remote.pushdefault" || strings.HasPrefix(key, "branch.") && (strings.HasSuffix(key, ".remote") || strings.HasSuffix(key, ".pushremote"))
		if isPlace && r.isAddress(value) && r.named(value, names) == "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, err
}

// isAddress reports whether git takes a word for an address, where it is not the name of
// a remote.
func (r *Repo) isAddress(word string) bool {
	if word == "" || word == "." || r.config["remote."+word+".url"] != "" || r.config["remote."+word+".pushurl"] != "" {
		return false
	}
	info, err := os.Stat(filepath.Join(r.Dir, word))
	return strings.ContainsAny(word, `/:\`) || err == nil && info.IsDir()
}

// named returns the remote that has an address and sends to it as well; "" if none does.
func (r *Repo) named(address string, names []string) string {
	for _, n := range names {
		if r.config["remote."+n+".url"] == address && r.config["remote."+n+".pushurl"] == "" {
			return n
		}
	}
	return ""
}

// nameIt is the command that gives an address in git's settings a name; it prints no
// password.
func (r *Repo) nameIt(ctx context.Context, key string) string {
	names, _ := r.remotes(ctx) // then git itself says that a name is taken
	name := "origin"
	for i := 2; slices.Contains(names, name); i++ {
		name = "place" + strconv.Itoa(i)
	}
	return "git remote add " + name + ` "$(git config ` + typed(key) + `)" && git config ` + typed(key) + " " + name
}

// unnamedPlace is the error for a register that is shared through an address that has no
// name.
type unnamedPlace struct{ error }

func (u unnamedPlace) Unwrap() error { return u.error }

// remote returns what git's settings say the register is shared through. Where there
// is an error because nothing does, the branch here is returned all the same.
func (r *Repo) remote(ctx context.Context) (*remote, error) {
	config, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	branch, commit := r.head()
	if branch == "" {
		return nil, r.ontoBranch(ctx, commit, nil, unchanged(errDetached()))
	}
	m := &remote{local: branch}
	m.name = config["branch."+m.local+".remote"]
	if r.isAddress(m.name) {
		names, err := r.remotes(ctx)
		if err != nil {
			return nil, err
		}
		key := "branch." + m.local + ".remote"
		if m.name = r.named(m.name, names); m.name == "" {
			return nil, unnamedPlace{casefile.Errorf("git shares this register through an address that has no name").WithHint("`%s` gives it one", r.nameIt(ctx, key))}
		}
	}
	if name, ok := strings.CutPrefix(config["branch."+m.local+".merge"], "refs/heads/"); ok && m.name != "" && m.name != "." {
		m.branch, m.upstream = name, true
		return m, nil
	}
	switch names, _ := r.remotes(ctx); len(names) {
	case 0:
		if _, err := r.Output(ctx, "rev-parse", "--git-dir"); err != nil { // git does not read the settings of another owner
			return nil, err
		}
		return m, errUnshared()
	case 1:
		m.name, m.branch = names[0], m.local
		return m, nil
	default:
		return nil, casefile.Errorf("git knows more than one remote for this register").WithHint("`git push -u %s %s` says which one to use", names[0], m.local)
	}
}

func errUnshared() error {
	return casefile.Errorf("this register is not shared yet: its repository has no remote").
		WithHint("`klacht sync --setup ADDRESS` shares it through a folder or server that all can reach, and makes the folder")
}

// oid returns the commit that a ref names, or "".
func (r *Repo) oid(ctx context.Context, ref string) string {
	out, err := r.Output(ctx, "rev-parse", "--verify", "--quiet", ref+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// branches returns the commits that the branches of a remote name, as far as is
// known here, by the names that the branches have there.
func (r *Repo) branches(ctx context.Context, name string) (map[string]string, error) {
	dir := tracked(name)
	out, err := r.Output(ctx, "for-each-ref", "--format=%(objectname) %(refname) %(symref)", dir)
	at := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) == 2 {
			at[strings.TrimPrefix(f[1], dir)] = f[0]
		}
	}
	return at, err
}

// netLimit is how long fetching and sending may take.
const netLimit = 10 * time.Minute

// quietly are the settings for what fetches: it takes in nothing that is damaged,
// and cleans nothing up meanwhile.
var quietly = []string{"-c", "fetch.fsckObjects=true", "-c", "gc.auto=0", "-c", "maintenance.auto=false"}

// fetch brings the branches of a remote, and returns the commits that they name.
// Only what git knows of the remote changes here.
func (r *Repo) fetch(ctx context.Context, name string) (map[string]string, error) {
	err := r.Do(ctx, Call{Limit: netLimit, Args: append(slices.Clone(quietly),
		"fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", name, "+refs/heads/*:"+tracked(name)+"*")})
	switch {
	case err == nil:
		at, err := r.branches(ctx, name)
		if err == nil {
			err = r.apart(ctx, name, at)
		}
		return at, err
	case strings.Contains(err.Error(), "fsck"), strings.Contains(err.Error(), "unpack"), strings.Contains(err.Error(), "index-pack"):
		return nil, casefile.Errorf("git does not take in what the other side has: %s", strings.TrimSuffix(err.Error(), ".")).
			WithHint("something there is no work of klacht or git; look at who can write to %s", name)
	}
	return nil, away(name, err)
}

// apartTries is how often two addresses are looked at, for others may send in between.
const apartTries = 3

// apart refuses a remote that is fetched from one repository and sent to another. That
// the two addresses differ says nothing: they may be two ways to one.
func (r *Repo) apart(ctx context.Context, name string, at map[string]string) error {
	sends := r.several["remote."+name+".url"] || r.config["remote."+name+".pushurl"] != ""
	for key := range r.config {
		sends = sends || strings.HasSuffix(key, ".pushinsteadof")
	}
	if !sends {
		return nil
	}
	from := r.urls(ctx, "--", name)
	for _, addr := range r.urls(ctx, "--push", "--all", "--", name) {
		if slices.Contains(from, addr) {
			continue
		}
		there, err := r.heads(ctx, addr)
		for try := 1; err == nil && !maps.Equal(at, there); try++ {
			if try == apartTries {
				return casefile.Errorf("%s is fetched from one repository and sent to another%v", name, &stopped{Apart, ""}).
					WithHint("`%s` sends to where it is fetched from; a second place gets a name of its own, with `git remote add`", SendBack(name))
			}
			if at, err = r.heads(ctx, from[0]); err == nil {
				there, err = r.heads(ctx, addr)
			}
		}
		if err != nil {
			return away(name, err)
		}
	}
	return nil
}

// SendBack is the command that makes git send to where a remote is fetched from,
// whatever made it send elsewhere.
func SendBack(name string) string {
	return "git config --replace-all " + typed("remote."+name+".pushurl") + ` "$(git remote get-url ` + typed(name) + `)"`
}

// heads returns the commits of the branches at an address.
func (r *Repo) heads(ctx context.Context, addr string) (map[string]string, error) {
	var out bytes.Buffer
	err := r.Do(ctx, Call{Limit: netLimit, Out: &out, Env: configEnv(map[string]string{"remote." + placeName + ".url": addr}),
		Args: []string{"ls-remote", "--heads", placeName}})
	at := map[string]string{}
	for line := range strings.Lines(out.String()) {
		id, ref, _ := strings.Cut(strings.TrimSpace(line), "\t")
		at[strings.TrimPrefix(ref, "refs/heads/")] = id
	}
	return at, err
}

// tip returns the commit that the register has at a remote, "" if there is nothing
// there yet, and what it was when it was last looked at.
func (r *Repo) tip(ctx context.Context, m *remote) (theirs, known string, err error) {
	before, err := r.branches(ctx, m.name)
	if err != nil {
		return "", "", err
	}
	at, err := r.fetch(ctx, m.name)
	if err != nil {
		return "", "", err
	}
	names := slices.Sorted(maps.Keys(at))
	if at[m.branch] == "" && len(names) > 0 {
		if m.upstream || len(names) > 1 {
			return "", "", casefile.Errorf("%s has no branch %s; nothing was changed", m.name, m.branch).
				WithHint("`git branch -u %s/%s` says on which branch the register is shared", m.name, names[0])
		}
		m.branch = names[0]
	}
	return at[m.branch], before[m.branch], nil
}

// stopped is what git said where something could not be fetched or sent.
type stopped struct {
	why  Why
	said string
}

func (s *stopped) Error() string { return s.said }

// waitingFor returns what an erasure at a place waits for, where that failed.
func waitingFor(place string, err error) Pending {
	if s := (*stopped)(nil); errors.As(err, &s) {
		return Pending{Place: place, Why: s.why, What: s.said}
	}
	if u := (unfit{}); errors.As(err, &u) {
		return Pending{Place: place, Why: Unfit, What: u.Error()}
	}
	return Pending{Place: place, Why: Others, What: err.Error()}
}

func away(name string, err error) error {
	wrong := casefile.Errorf("%s cannot be reached: %v", name, &stopped{Away, strings.TrimSuffix(err.Error(), ".")})
	if hint, ok := casefile.HintOf(err); ok {
		return wrong.WithHint(hint.Format, hint.Args...)
	}
	return wrong.WithHint("nothing is lost: all changes are in the history here, and the next `klacht sync` that gets through sends them")
}

// races are what git says where somebody else was faster.
var races = []string{"[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value", "stale info"}

// outgoing is where the commits stand that are being sent. A pattern of refs names each
// branch there exactly, where a ref that is named alone can mean refs/heads/refs/heads/main
// as well.
const outgoing = "refs/klacht/send/"

// push gives branches of a remote the commits of refs here, or takes them away where
// there is none; was is what each is there now, as far as is known, "" if it is not
// there. again reports that somebody else was faster.
func (r *Repo) push(ctx context.Context, m *remote, to map[string]string, was map[string]string) (again bool, err error) {
	args := []string{"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no"}
	var specs []string
	var refs, here strings.Builder                                                                 // what is sent, and what is known here of the remote after that
	branches := slices.SortedFunc(maps.Keys(to), func(x, y string) int { return len(y) - len(x) }) // of leases the first that fits counts
	for _, branch := range branches {
		args = append(args, "--force-with-lease=refs/heads/"+branch+":"+was[branch])
		if to[branch] == "" {
			specs = append(specs, ":refs/heads/"+branch)
			fmt.Fprintf(&here, "delete %s%s\n", tracked(m.name), branch)
			continue
		}
		fmt.Fprintf(&refs, "update %s%s %s\n", outgoing, branch, to[branch])
		fmt.Fprintf(&here, "update %s%s %s\n", tracked(m.name), branch, to[branch])
	}
	if refs.Len() > 0 {
		specs = append(specs, outgoing+"*:refs/heads/*")
	}
	if err := r.dropRefs(ctx, outgoing); err != nil { // of a command that was killed
		return false, err
	}
	if err := r.updateRefs(ctx, refs.String()); err != nil {
		return false, err
	}
	var out bytes.Buffer
	done := r.sending(ctx, m.name)
	err = r.Do(ctx, Call{Limit: netLimit, Args: append(append(args, m.name), specs...), Out: &out})
	done()
	if derr := r.dropRefs(ctx, outgoing); err == nil {
		err = derr
	}
	if err == nil {
		err = r.updateRefs(ctx, here.String())
	}
	if err == nil && !m.upstream && to[m.branch] != "" {
		err = r.Do(ctx, Call{Args: []string{"config", "branch." + m.local + ".remote", m.name}})
		if err == nil {
			err = r.Do(ctx, Call{Args: []string{"config", "branch." + m.local + ".merge", "refs/heads/" + m.branch}})
		}
	}
	if err == nil {
		return false, nil
	}
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "!") {
			continue
		}
		if slices.ContainsFunc(races, func(race string) bool { return strings.Contains(line, race) }) {
			return true, nil
		}
		f := strings.Split(strings.TrimSpace(line), "\t")
		why := &stopped{Denied, casefile.OneLine(f[len(f)-1])}
		refused := casefile.Errorf("%s refuses what is sent: %v", m.name, why)
		if strings.Contains(line, "is currently checked out") {
			if h := r.worksIn(ctx, m.name, f[1]); h.Type != "" {
				why.why, why.said = Held, h.Name+": "+h.Type
				return false, refused.WithHint("`%s` lets go of it", h.Type)
			}
			why.why = InUse
			return false, refused.WithHint("it is a folder that somebody works in; `git config receive.denyCurrentBranch updateInstead`, typed there, lets it take what is sent")
		}
		return false, refused.WithHint("nothing is lost: all changes are in the history here")
	}
	if hook := r.hook(ctx, "pre-push"); hook != "" && strings.Contains(err.Error(), "failed to push some refs") {
		return false, casefile.Errorf("nothing is sent to %s, for a hook refuses it: %v", m.name, &stopped{Denied, hook}).
			WithHint("nothing is lost: all changes are in the history here, and go once the hook lets them pass")
	}
	return false, away(m.name, err)
}

func (r *Repo) updateRefs(ctx context.Context, commands string) error {
	if commands == "" {
		return nil
	}
	return r.Do(ctx, Call{Args: []string{"update-ref", "--stdin"}, In: strings.NewReader(commands)})
}

// dropRefs removes the refs below a folder of klacht's.
func (r *Repo) dropRefs(ctx context.Context, dir string) error {
	out, err := r.Output(ctx, "for-each-ref", "--format=delete %(refname)", dir)
	if err != nil {
		return err
	}
	return r.updateRefs(ctx, string(out))
}
