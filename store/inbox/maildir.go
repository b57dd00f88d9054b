package inbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Maildir is a folder in the form of qmail and Dovecot: a file for each mail, in
// new/ or cur/.
type Maildir struct {
	Dir string
}

// Name implements [Source].
func (d *Maildir) Name() string { return "maildir:" + absolute(d.Dir) }

// delivered is a file in a Maildir.
type delivered struct {
	path string // within the Maildir
	key  string // the part of its name that stays as it is
	at   time.Time
	err  error
}

// Items implements [Source], in the order of delivery. A mail that another
// program moves or removes meanwhile is found where it now is, or left out.
func (d *Maildir) Items(ctx context.Context, skip func(string) bool) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		root, err := os.OpenRoot(d.Dir)
		if err != nil {
			yield(Item{}, casefile.Errorf("cannot read the Maildir %s: %v", d.Dir, err))
			return
		}
		defer root.Close()
		mails, err := d.list(root)
		if err != nil {
			yield(Item{}, err)
			return
		}
		for i, m := range mails {
			if err := ctx.Err(); err != nil {
				yield(Item{}, err)
				return
			}
			if skip(m.key) {
				continue
			}
			it := Item{Key: m.key, Name: m.path, At: m.at, Rough: true, Done: int64(i + 1), Total: int64(len(mails)), Err: m.err}
			if it.Err == nil {
				it.Raw, it.Err = d.read(root, m)
			}
			if errors.Is(it.Err, fs.ErrNotExist) {
				continue // it is no longer in the folder
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// list returns the mails in new/ and cur/, the earliest first.
func (d *Maildir) list(root *os.Root) ([]delivered, error) {
	var mails []delivered
	found := false
	seen := map[string]bool{}
	for _, dir := range []string{"new", "cur"} { // in this order: a mail moves from the one to the other
		f, err := root.Open(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, casefile.Errorf("cannot read the Maildir %s: %v", d.Dir, err)
		}
		entries, err := f.ReadDir(-1)
		_ = f.Close()
		if err != nil {
			return nil, casefile.Errorf("cannot read the Maildir %s: %v", d.Dir, err)
		}
		found = true
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") {
				continue
			}
			m := delivered{path: dir + "/" + e.Name()}
			m.key, _, _ = strings.Cut(e.Name(), ":")
			if seen[m.key] {
				continue
			}
			seen[m.key] = true
			info, err := e.Info()
			switch {
			case err != nil:
				m.err = err
			case !info.Mode().IsRegular():
				m.err = casefile.Errorf("is not a regular file")
			case info.Size() > store.MaxMail:
				m.err = &Unreadable{errTooLarge}
			}
			if info != nil {
				m.at = deliveredAt(m.key, info.ModTime())
			}
			mails = append(mails, m)
		}
	}
	if !found {
		return nil, casefile.Errorf("%s is not a Maildir: there is no cur in it", d.Dir).
			WithHint("a folder of .eml files and a mailbox that Apple Mail exported are read too; this is neither")
	}
	slices.SortFunc(mails, func(a, b delivered) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key, b.key))
	})
	return mails, nil
}

// read returns a mail, wherever in the Maildir it stands by now.
func (d *Maildir) read(root *os.Root, m delivered) ([]byte, error) {
	raw, err := readFile(root, m.path)
	if !errors.Is(err, fs.ErrNotExist) {
		return raw, err
	}
	for _, dir := range []string{"cur", "new"} {
		f, err := root.Open(dir)
		if err != nil {
			continue
		}
		names, _ := f.Readdirnames(-1)
		_ = f.Close()
		for _, n := range names {
			if key, _, _ := strings.Cut(n, ":"); key == m.key {
				return readFile(root, dir+"/"+n)
			}
		}
	}
	return nil, fs.ErrNotExist
}

func readFile(root *os.Root, path string) ([]byte, error) {
	f, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, store.MaxMail+1))
	if len(raw) > store.MaxMail {
		return nil, errTooLarge
	}
	return raw, err
}

// oldest is the time before which no mail was delivered: what is earlier is the
// clock of a machine that had none, or of a copy that kept no times.
var oldest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// deliveredAt returns when a file came into a Maildir: the earlier of the second
// in its name and of its time of change. Copies and moves make either later;
// neither makes it earlier.
func deliveredAt(name string, changed time.Time) time.Time {
	digits, _, _ := strings.Cut(name, ".")
	second, err := strconv.ParseInt(digits, 10, 64)
	named := time.Unix(second, 0)
	switch {
	case err != nil || second > 1<<36 || named.Before(oldest):
		named = changed
	case changed.Before(oldest):
		changed = named
	}
	if changed.Before(named) {
		named = changed
	}
	if named.Before(oldest) {
		return time.Time{}
	}
	return named
}
