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

// driver is how git merges the files that [Attributes] marks. Git quotes the path
// itself. Where klacht is not found git counts that as a conflict: the file stays
// as it is here, without marks.
const driver = "klacht merge-file -- %O %A %B %P"

// Driver makes a plain `git pull` merge by meaning too, unless the user's settings
// say how to merge.
func (r *Repo) Driver(ctx context.Context) error {
	if _, err := r.Output(ctx, "config", "--get", "merge.klacht.driver"); ExitCode(err) != 1 {
		return err
	}
	if err := r.Do(ctx, Call{Args: []string{"config", "merge.klacht.name", "klacht: by meaning"}}); err != nil {
		return err
	}
	return r.Do(ctx, Call{Args: []string{"config", "merge.klacht.driver", driver}})
}

// differs reports whether the entries of two files that name a mail differ.
func differs(a, b []byte, id casefile.ID, mail string, p *deadlines.Policy) bool {
	entry := func(data []byte) (e casefile.Entry) {
		f, err := store.ParseFile(string(id)+".yaml", data, p)
		if err != nil {
			return e
		}
		if i := slices.IndexFunc(f.Log, func(e casefile.Entry) bool { return e.Mail == mail }); i >= 0 {
			e = f.Log[i]
		}
		return e
	}
	return !entry(a).Same(entry(b))
}

// MergeDriven merges one file at a path of the repository, as git asks for it: by
// the policy of the last commit, whatever the files of the moment say. Mails are
// beyond it: two of one name are a conflict.
func (r *Repo) MergeDriven(ctx context.Context, path string, base, ours, theirs []byte) ([]byte, []Conflict, error) {
	part, id := store.PartOf(strings.TrimPrefix(path, r.Prefix))
	if part == store.PartPurged {
		data, c := MergePurged(base, ours, theirs)
		if c != nil {
			return nil, []Conflict{*c}, nil
		}
		return data, nil, nil
	}
	if part != store.PartCase {
		data, c := MergeFile(path, base, ours, theirs, NoChoice)
		if c != nil {
			return nil, []Conflict{*c}, nil
		}
		return data, nil, nil
	}
	text, err := r.Output(ctx, "cat-file", "blob", "HEAD:"+r.Prefix+store.PolicyFile)
	if err != nil {
		return nil, nil, err
	}
	p, err := store.ParsePolicy(text)
	if err != nil {
		return nil, nil, err
	}
	mails := func(data, old []byte, side string) *Copy {
		c := &Copy{Data: data, Mails: map[string]string{}}
		f, err := store.ParseFile(string(id)+".yaml", data, p)
		if err != nil {
			return c
		}
		for _, e := range f.Log {
			if e.Mail == "" {
				continue
			}
			c.Mails[e.Mail] = side + e.Mail
			if bytes.Contains(old, []byte(e.Mail)) {
				c.Mails[e.Mail] = e.Mail
			}
		}
		return c
	}
	o, t := mails(ours, base, "o"), mails(theirs, base, "t")
	var b *Copy
	if len(base) > 0 {
		b = mails(base, base, "")
	}
	for name, key := range o.Mails { // an entry that both have is of one mail
		if other := t.Mails[name]; other != "" && other != key && !differs(o.Data, t.Data, id, name, p) {
			t.Mails[name] = key
		}
	}
	got, conflicts := MergeCase(id, b, o, t, p, NoChoice)
	if got == nil {
		return nil, conflicts, nil
	}
	for name, key := range got.Mails {
		if key != name && key != "o"+name && key != "t"+name { // it would have to be renamed
			return nil, []Conflict{{ID: id, Field: string(casefile.FieldMail)}}, nil
		}
	}
	return got.Data, nil, nil
}
