package history

import (
	"bytes"
	"context"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// RegisterKey returns the key of a register that was made before registers had one:
// it follows from what its first commit says of who made it, when, and with which
// procedure, which no erasure changes; so clones agree. "" if there is no commit. It
// implements [store.RegisterKeyer].
func (k *Keeper) RegisterKey() casefile.Key {
	r, err := k.Repo()
	if err != nil || r.Prefix != "" {
		return ""
	}
	out, err := r.Output(context.Background(), "log", "--max-parents=0", "--format=%an%x00%ae%x00%at%x00%H", "HEAD")
	if err != nil {
		return ""
	}
	var keys []casefile.Key
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\x00")
		policy, err := r.Output(context.Background(), "cat-file", "blob", f[len(f)-1]+":"+store.PolicyFile)
		if err != nil {
			continue
		}
		keys = append(keys, casefile.KeyOf(append(f[:len(f)-1], string(policy))...))
	}
	if keys == nil {
		return ""
	}
	return slices.Min(keys)
}

// First returns what the file of a case was in the first commit that has it; nil if
// there is none. It implements [store.Founder].
func (k *Keeper) First(id casefile.ID) []byte {
	r, err := k.Repo()
	if err != nil {
		return nil
	}
	return r.first("HEAD", id)
}

// first is [Keeper.First] in what led to a commit.
func (r *Repo) first(commit string, id casefile.ID) []byte {
	var out bytes.Buffer
	args := append([]string{"log", "--diff-filter=A", "--format=", "--raw", "--no-abbrev", "--no-renames", "--reverse", commit, "--"}, globs(string(id))...)
	if r.Do(context.Background(), Call{Args: args, Out: &out, Read: true, Glob: true}) != nil {
		return nil
	}
	for line := range strings.Lines(out.String()) {
		about, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		f := strings.Fields(about)
		if len(f) != 5 || !isCase(strings.TrimPrefix(name, r.Prefix)) {
			continue
		}
		data, err := r.Output(context.Background(), "cat-file", "blob", f[3])
		if err != nil {
			return nil
		}
		return data
	}
	return nil
}

// keyIn returns the key of a case as a commit has it, whose file has that name and
// content there; see [store.Register.KeyOf].
func (o *odb) keyIn(ctx context.Context, commit, name string, data []byte, p *deadlines.Policy) (casefile.Key, error) {
	f, err := store.ParseFile(name, data, p)
	if err != nil {
		return "", err
	}
	mail := func(mail string) ([]byte, error) { return o.must(ctx, commit+":"+store.MailPath(name, mail), "blob") }
	return store.KeyFrom(f, mail, func(id casefile.ID) []byte { return o.r.first(commit, id) })
}
