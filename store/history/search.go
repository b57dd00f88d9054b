package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history/trace"
)

// Searched says what was looked through for what was erased, and where something of it
// is left.
type Searched struct {
	Files, Objects int
	Left           []Left
}

// Left is a place where something is left of what was erased. Nothing in it is
// personal: what is of a person in the name of a file or a ref is a *.
type Left struct {
	// "letters/*.txt", "commit abc1234", "object abc1234", "branch *", "tag v1", or the
	// number of another complaint; of a remote with "NAME: " before it.
	Place string
	Case  casefile.ID // the other complaint; "" for any other place
	What  []trace.Kind
	Err   error // with a hint that says what to do
}

var errLeft = casefile.Errorf("something is left of what was erased")

// searching is a search under way, in one repository or folder.
type searching struct {
	*Searched
	*odb  // nil where there is no history
	terms *trace.Terms
	reg   *store.Register
	cases map[casefile.ID]bool // the complaints that stand; true: those searched for complain in it
	usual bool                 // another complaint has the subject, so it is nobody's
	at    string               // what the names of places begin with
	git   string               // how a command begins that is typed here
	refs  []ref
}

// Search looks for what was erased: in all of the folder of the register, in every
// object of its repository, and in the repositories on this machine that it is pushed
// to and that bear its key, but for the remotes that the erasure is pending at. r is
// nil where there is no history.
func Search(ctx context.Context, r *Repo, reg *store.Register, terms *trace.Terms, pending []Pending) (*Searched, error) {
	standing, err := reg.Standing()
	if err != nil {
		return nil, err
	}
	s := &searching{Searched: &Searched{}, terms: terms, reg: reg, cases: map[casefile.ID]bool{}, git: "git "}
	for id := range standing {
		s.cases[id] = false
	}
	if r == nil {
		err = s.folder(reg.Dir)
	} else {
		s.odb = &odb{r: r}
		if err = s.repository(ctx, reg.Dir); err == nil {
			err = s.elsewhere(ctx, pending)
		}
	}
	s.Left = slices.DeleteFunc(s.Left, func(l Left) bool { return s.usual && len(l.What) == 1 && l.What[0] == trace.Subject })
	return s.Searched, err
}

// repository searches a repository: refs, the folder of its files, and objects.
func (s *searching) repository(ctx context.Context, dir string) error {
	if err := s.listRefs(ctx); err != nil {
		return err
	}
	if err := s.folder(dir); err != nil {
		return err
	}
	return s.objects(ctx)
}

// elsewhere searches the repositories that are this register's too.
func (s *searching) elsewhere(ctx context.Context, pending []Pending) error {
	if s.r.asks() {
		if err := s.in(s.r.asked(), "").objects(ctx); err != nil {
			return err
		}
	}
	ledger, err := s.reg.Ledger()
	if err != nil {
		return err
	}
	names, err := s.r.remotes(ctx)
	for _, name := range names {
		if slices.ContainsFunc(pending, func(p Pending) bool { return p.Place == name }) {
			continue
		}
		for _, addr := range s.r.addresses(ctx, name) {
			dir, err := s.r.bareAt(ctx, addr)
			if err != nil || dir == "" {
				continue // what is out of reach is pending
			}
			there := s.in(dir, s.terms.Hide(name)+": ")
			ours, err := there.bears(ctx, ledger.Key)
			if err == nil && ours {
				err = there.repository(ctx, dir)
			}
			if err != nil {
				return err
			}
		}
	}
	return err
}

// in returns the search in another repository.
func (s *searching) in(dir, at string) *searching {
	other := *s
	other.odb, other.refs = &odb{r: s.r, env: []string{"GIT_DIR=" + dir}}, nil
	other.at, other.git = at, "git -C "+typed(dir)+" "
	return &other
}

// bears reports whether a branch of a repository is of the register with a key.
func (s *searching) bears(ctx context.Context, key casefile.Key) (bool, error) {
	defer func() { _ = s.close() }()
	out, err := s.output(ctx, "for-each-ref", "--format=%(objectname)", "refs/heads/")
	for _, id := range strings.Fields(string(out)) {
		_, data, err := s.get(ctx, id+":"+store.LedgerFile)
		if err != nil {
			return false, err
		}
		if there, err := store.ParseLedger(data); err == nil && there.Key == key {
			return true, nil
		}
	}
	return false, err
}

// left notes what was found at a place; of is its path, if it has one. In a complaint
// that stands, nothing is left that is its own business: a subject, or who complains.
func (s *searching) left(place, of string, found trace.Found, hint *casefile.Error) {
	what := slices.Sorted(maps.Keys(found))
	id := s.caseOf(of)
	if id != "" {
		s.usual = s.usual || found[trace.Subject]
		what = slices.DeleteFunc(what, func(k trace.Kind) bool { return k == trace.Subject || s.own(id) })
		place, hint = string(id), errLeft.WithHint("`klacht show %s` shows whether it has to", id)
	} else {
		place = s.at + place
	}
	if len(what) == 0 {
		return
	}
	i := slices.IndexFunc(s.Left, func(l Left) bool { return l.Place == place })
	if i < 0 {
		i, s.Left = len(s.Left), append(s.Left, Left{Place: place, Case: id, Err: hint})
	}
	what = append(s.Left[i].What, what...)
	slices.Sort(what)
	s.Left[i].What = slices.Compact(what)
}

var idIn = casefile.Pattern(`(?:^|[/.-])(` + casefile.IDPattern + `)(?:[/.-]|$)`)

// caseOf returns the complaint that a path belongs to and that stands in the register,
// or "".
func (s *searching) caseOf(path string) casefile.ID {
	for _, m := range idIn().FindAllStringSubmatch(path, -1) {
		if _, ok := s.cases[casefile.ID(m[1])]; ok {
			return casefile.ID(m[1])
		}
	}
	return ""
}

// own reports whether one of those searched for complains in a complaint.
func (s *searching) own(id casefile.ID) bool {
	if f, err := s.reg.Load(id); err == nil && !s.cases[id] {
		found := trace.Found{}
		for _, p := range append([]casefile.Complainant{f.Complainant}, f.Others...) {
			s.terms.Text([]byte(p.Name+"\n"+p.Email), found)
		}
		s.cases[id] = found[trace.Name] || found[trace.Email]
	}
	return s.cases[id]
}

// objectFile matches the files that git keeps objects in, within its folder of them.
var objectFile = casefile.Pattern(`^([0-9a-f]{2}/[0-9a-f]{38,62}|pack/(pack-[0-9a-f]{40,64}\.[a-z]+|multi-pack-index.*)|info/.*)$`)

// Why a place counts as one that could not be looked at.
var (
	errHalf  = errLeft.WithHint("git left it half done, and nobody can read it: remove it, once no git is at work there")
	errOther = errLeft.WithHint("it has a history of its own, which was not searched: `git log` shows it there; remove it, or look in it")
)

// folder searches all files in a folder, and their names; objects are searched by git.
func (s *searching) folder(dir string) error {
	files := os.DirFS(dir)
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		found := trace.Found{}
		full := filepath.Join(dir, filepath.FromSlash(name))
		shown := s.terms.Hide(name)
		hint := errLeft.WithHint("look at it, and take it out with an editor, or remove it; a * stands for what is personal in a name")
		if strings.HasSuffix(name, "MSG") && shown == name {
			hint = errLeft.WithHint("`%s` removes it", "rm "+typed(full))
		}
		in, rest := s.objectsAt(dir, full)
		switch {
		case err != nil:
		case in == "other":
			s.left(s.terms.Hide(path.Dir(name)), path.Dir(name), trace.Found{trace.Unread: true}, errOther)
			return fs.SkipDir
		case in != "" && d.IsDir():
		case in != "" && objectFile().MatchString(rest) && !alone(full):
			return nil
		case in != "":
			if info, err := d.Info(); err == nil && time.Since(info.ModTime()) > beingWritten {
				s.left(shown, name, trace.Found{trace.Unread: true}, errHalf)
			}
			return nil
		case d.Type().IsRegular():
			s.Files++
			err = s.file(full, found)
			if found[trace.Unread] {
				hint = errOther // a bundle
			}
		case d.Type()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(full)
			s.terms.Label(to, found)
		}
		if errors.Is(err, fs.ErrNotExist) { // it went just now
			return nil
		} else if err != nil {
			found[trace.Unread] = true
		}
		known := slices.ContainsFunc(s.refs, func(r ref) bool { return strings.HasSuffix("/"+name, "/"+r.name) })
		if base := path.Base(name); !known && !strings.HasSuffix(base, ".sample") {
			s.terms.Label(base, found)
		}
		s.left(shown, name, found, hint)
		return nil
	})
}

// beingWritten is how fresh a file of git's is that a push writes at this moment.
const beingWritten = 5 * time.Second

// objectsAt says whether a path is in a folder of objects: of the repository that is
// searched or that klacht keeps beside it ("own", with the rest of the path), of
// another one ("other", for the folder itself), or of none ("").
func (s *searching) objectsAt(dir, full string) (whose, rest string) {
	if s.odb != nil {
		gitDir := s.r.GitDir
		if s.env != nil {
			gitDir = dir
		}
		for _, own := range []string{gitDir, s.r.asked()} {
			if rel, err := filepath.Rel(filepath.Join(own, "objects"), full); err == nil && !strings.HasPrefix(rel, "..") {
				return "own", filepath.ToSlash(rel)
			}
		}
	}
	if filepath.Base(full) != "objects" {
		return "", ""
	}
	for _, name := range []string{full, filepath.Join(filepath.Dir(full), "HEAD")} {
		if _, err := os.Stat(name); err != nil {
			return "", ""
		}
	}
	return "other", ""
}

// alone reports whether a file is a pack that git cannot read for want of its index.
func alone(full string) bool {
	name, ok := strings.CutSuffix(full, ".pack")
	if !ok {
		return false
	}
	_, err := os.Stat(name + ".idx")
	return errors.Is(err, fs.ErrNotExist)
}

// file looks in one file, piece by piece if it is large.
func (s *searching) file(name string, found trace.Found) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if strings.HasSuffix(name, "MSG") { // somebody's own words
		text, err := io.ReadAll(io.LimitReader(f, maxCase))
		s.terms.Label(string(text), found)
		s.terms.Text(text, found)
		return err
	}
	head, _ := bufio.NewReader(f).Peek(16) // a short file is none
	if bytes.HasPrefix(head, []byte("# v2 git bundle")) || bytes.HasPrefix(head, []byte("# v3 git bundle")) {
		found[trace.Unread] = true
		return nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.read(f, found)
}

// In pieces of what size much is read, and how much of each is read again with the next.
const (
	pieceSize = 64 << 20
	pieceOver = 64 << 10
)

func (s *searching) read(from io.Reader, found trace.Found) error {
	for b := new(bytes.Buffer); ; b.Next(b.Len() - pieceOver) {
		_, err := io.CopyN(b, from, pieceSize)
		s.terms.Text(b.Bytes(), found)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
