package history

import (
	"bytes"
	"context"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	casefile "klacht/case"
	"klacht/store"
)

// blob is a file in a commit.
type blob struct {
	mode, kind, id string
	size           int64
}

// snapshot is what a commit consists of, by path.
type snapshot map[string]blob

// snapshot reads the tree of a commit; "" has nothing.
func (r *Repo) snapshot(ctx context.Context, commit string) (snapshot, error) {
	s := snapshot{}
	if commit == "" {
		return s, nil
	}
	out := &upTo{left: maxList}
	err := r.Do(ctx, Call{Args: []string{"ls-tree", "-r", "-z", "-l", "--full-tree", commit}, Out: out, Read: true})
	if out.left < 0 {
		return nil, casefile.Errorf("the other side has more files than a register can have").
			WithHint("something there is no work of klacht; nothing of it has come into your register")
	} else if err != nil {
		return nil, err
	}
	for _, line := range Fields(out.got.Bytes()) {
		about, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(about)
		if len(f) != 4 {
			return nil, casefile.Errorf("the history is damaged: a tree in it cannot be read").WithHint("`git fsck` says more")
		}
		size, _ := strconv.ParseInt(f[3], 10, 64)
		s[name] = blob{f[0], f[1], f[2], size}
	}
	return s, nil
}

// maxList is the most that git may say about the files of a commit, in bytes: a
// million files, or a few small trees that name one another time and again.
const maxList = 128 << 20

// upTo takes so many bytes more, and refuses the rest.
type upTo struct {
	got  bytes.Buffer
	left int
}

func (u *upTo) Write(p []byte) (int, error) {
	if u.left -= len(p); u.left < 0 {
		return 0, io.ErrShortBuffer
	}
	return u.got.Write(p)
}

var rootName = casefile.Pattern(`^[A-Za-z0-9_][A-Za-z0-9 _.,()-]{0,98}$`)
var letterName = casefile.Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$`)

// foreign returns an error that names the first thing in a snapshot that no
// register has: a link, another repository, a path that leads elsewhere or stands
// for another on some machine.
func (s snapshot) foreign() error {
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		b := s[name]
		part, _ := store.PartOf(name)
		lower := strings.ToLower(name)
		limit := int64(store.MaxMail)
		ok := part != store.PartNone
		switch base := path.Base(name); {
		case part == store.PartPlain:
			ok = rootName().MatchString(name) || name == ".gitattributes" || name == ".gitignore"
			ok = ok && !sealedPack().MatchString(name) && !sealedOther().MatchString(name) // a register may have become a sealed place
			ok = ok && !strings.HasPrefix(lower, "git~") && !slices.Contains([]string{"open", "archive", "letters", "outbox"}, lower)
		case part == store.PartLetter:
			ok = letterName().MatchString(base)
		}
		switch {
		case b.kind == "commit":
			return casefile.Errorf("%s is another repository", quoted(name))
		case b.mode == "120000":
			return casefile.Errorf("%s is a link", quoted(name))
		case b.kind != "blob" || b.mode != "100644" && b.mode != "100755":
			return casefile.Errorf("%s is not a regular file", quoted(name))
		case !ok || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
			return casefile.Errorf("%s does not belong in a register", quoted(name))
		case b.size > limit:
			return casefile.Errorf("%s is too large for a register", quoted(name))
		case seen[lower] != "":
			return casefile.Errorf("%s has the name of another file but for capitals", quoted(name))
		}
		seen[lower] = name
	}
	return nil
}

// quoted returns a path from outside as a text that can be shown.
func quoted(name string) string { return strconv.Quote(strings.ToValidUTF8(name, "\uFFFD")) }

// gitWords are what the attributes of a register may say; others make git run
// programs, or change what is in files.
var gitWords = casefile.Pattern(`^([-!]?(text|diff|merge|binary|export-ignore|linguist-[a-z]+)|text=auto|eol=lf|merge=(klacht|binary|text)|diff=[a-z]+|linguist-[a-z]+=[a-z]+)$`)

// plainAttributes reports whether a .gitattributes is harmless.
func plainAttributes(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		for _, word := range f[1:] {
			if !gitWords().MatchString(word) {
				return false
			}
		}
	}
	return true
}
