package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
)

// What is about to be removed stands aside first, in a folder of objects/, and
// comes back if it is needed after all; that which is of no use to anybody stands
// in the other one, and is removed.
const (
	asideDir = "objects/klacht-aside"
	goneDir  = "objects/klacht-gone"
)

// restore completes what an erasure did that was killed, or takes it back.
func (p *place) restore() error {
	err := os.RemoveAll(filepath.Join(p.gitDir, goneDir))
	aside := filepath.Join(p.gitDir, asideDir)
	for _, last := range []bool{false, true} { // git sees a pack by its .idx
		err = errors.Join(err, filepath.WalkDir(aside, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) || err == nil && (d.IsDir() || strings.HasSuffix(name, ".idx") != last) {
				return nil
			} else if err != nil {
				return err
			}
			rel, _ := filepath.Rel(aside, name)
			return p.rename(name, filepath.Join(p.gitDir, "objects", rel))
		}))
	}
	if err == nil {
		err = os.RemoveAll(aside)
	}
	if err != nil {
		return casefile.Errorf("cannot clean the repository: %v", err)
	}
	return nil
}

// rename moves a file into a folder that may have to be made, for those who may
// write to the repository.
func (p *place) rename(from, to string) error {
	dir := filepath.Dir(to)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		p.share(filepath.Dir(dir), dir)
	}
	return os.Rename(from, to)
}

// share gives those who may write to the repository the rights to what was made
// in it; others who made it have done so themselves.
func (p *place) share(names ...string) {
	info, err := os.Stat(filepath.Join(p.gitDir, "objects"))
	for _, name := range names {
		is, err2 := os.Lstat(name)
		if err != nil || err2 != nil {
			continue
		}
		mode := info.Mode()
		if !is.IsDir() {
			mode &= 0o666
		}
		_ = os.Chmod(name, mode)
	}
}

// remove removes objects, each by its name: what else is in their packs is in a
// new one before they go. The error is a *raced if others have come to need one
// of them in the meantime; then all is there again.
func (p *place) remove(ctx context.Context, s *survey, list map[string]bool) error {
	if len(list) == 0 {
		return nil
	}
	packs, err := p.repack(ctx, list)
	if err != nil {
		return err
	}
	if err := p.close(); err != nil { // it holds packs open
		return err
	}
	for _, name := range p.glob("objects/pack/multi-pack-index*", "objects/info/commit-graph", "objects/info/commit-graphs") {
		if err := os.RemoveAll(name); err != nil {
			return casefile.Errorf("cannot clean the repository: %v", err)
		}
	}
	var files []string
	size := 2 * p.sum().Size()
	for _, pack := range packs {
		files = append(files, p.glob("objects/pack/"+pack+".idx", "objects/pack/"+pack+"*")...) // git sees it by its .idx
	}
	for _, name := range p.glob("objects/??/*") { // and copies of them that some program made
		if id := filepath.Base(filepath.Dir(name)) + filepath.Base(name); len(id) >= size && list[id[:size]] {
			files = append(files, name)
		}
	}
	for _, name := range files {
		rel, _ := filepath.Rel(filepath.Join(p.gitDir, "objects"), name)
		if err := p.rename(name, filepath.Join(p.gitDir, asideDir, rel)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return casefile.Errorf("cannot clean the repository: %v", errors.Join(err, p.restore()))
		}
	}
	err = p.unneeded(ctx, s, list)
	if err == nil {
		err = os.Rename(filepath.Join(p.gitDir, asideDir), filepath.Join(p.gitDir, goneDir))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a git of others may have removed all of it
		return errors.Join(err, p.restore())
	}
	if err := p.restore(); err != nil || p.glob("objects/info/packs") == nil {
		return err
	}
	return p.git(ctx, Call{Args: []string{"update-server-info"}}) // for those who fetch file by file
}

// repack makes a pack of all that the packs which hold one of the objects hold
// beside them, and returns the names of these packs.
func (p *place) repack(ctx context.Context, list map[string]bool) (packs []string, err error) {
	stay := map[string]bool{}
	for _, name := range p.glob("objects/pack/pack-*.idx") {
		ids, err := packed(name, p.sum().Size())
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		pack := strings.TrimSuffix(filepath.Base(name), ".idx")
		if !slices.Contains(p.packs, pack) && !slices.ContainsFunc(ids, func(id string) bool { return list[id] }) {
			continue
		}
		keep := strings.TrimSuffix(name, "idx") + "keep"
		if who, err := os.ReadFile(keep); err == nil && ended(who) {
			if err := os.Remove(keep); err != nil {
				return nil, casefile.Errorf("cannot clean the repository: %v", err)
			}
		} else if err == nil {
			err = casefile.Errorf("the history cannot be cleaned: a pack is marked to be kept").WithHint("remove %s", keep)
			if bytes.Contains(who, []byte("-pack ")) && time.Since(touched(keep)) < halfTime { // of a push that comes in
				err = &raced{err}
			}
			return nil, err
		}
		packs = append(packs, pack)
		for _, id := range ids {
			if !list[id] {
				stay[id] = true
			}
		}
	}
	if len(stay) == 0 {
		return packs, nil
	}
	var in, out bytes.Buffer
	for id := range stay {
		in.WriteString(id + "\n")
	}
	if err := p.git(ctx, Call{Args: []string{"pack-objects", "-q", "--delta-base-offset", filepath.Join(p.gitDir, "objects", "pack", "pack")}, In: &in, Out: &out}); err != nil {
		return nil, &raced{err} // a git of others may have tidied up
	}
	for _, id := range strings.Fields(out.String()) {
		packs = slices.DeleteFunc(packs, func(p string) bool { return p == "pack-"+id }) // it was made just so
		name := filepath.Join(p.gitDir, "objects", "pack", "pack-"+id+".idx")
		if err := p.git(ctx, Call{Args: []string{"verify-pack", name}}); err != nil {
			return nil, err
		}
		ids, err := packed(name, p.sum().Size())
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			delete(stay, id)
		}
	}
	if len(stay) > 0 {
		return nil, casefile.Errorf("cannot clean the repository: git packs less than it was told to")
	}
	return packs, nil
}

// packed returns the ids in the index of a pack (gitformat-pack, version 2).
func packed(name string, size int) (ids []string, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	const table = 8 + 256*4
	if len(data) < table || string(data[:8]) != "\xfftOc\x00\x00\x00\x02" {
		return nil, casefile.Errorf("cannot read the index of a pack").WithHint("`git index-pack` makes one anew")
	}
	n := int(binary.BigEndian.Uint32(data[table-4:]))
	if len(data) < table+n*size {
		return nil, casefile.Errorf("the index of a pack is cut off").WithHint("`git index-pack` makes it anew")
	}
	for i := range n {
		ids = append(ids, hex.EncodeToString(data[table+i*size:][:size]))
	}
	return ids, nil
}

// pushTime is how long a push may take that has begun to come in.
const pushTime = 20 * time.Second

// unneeded reports a *raced if others have come to need one of the objects since
// they were listed, or one of them is still there. It waits for the pushes that are
// coming in: they may have seen the objects before they were set aside.
func (p *place) unneeded(ctx context.Context, s *survey, list map[string]bool) error {
	busy := p.glob("objects/incoming-*", "objects/tmp_objdir-*")
	if p.bare {
		time.Sleep(eraseWait)
	}
	for end := time.Now().Add(pushTime); len(busy) > 0; {
		busy = slices.DeleteFunc(busy, func(name string) bool { return abandoned(name) })
		if len(busy) > 0 && time.Now().After(end) {
			return casefile.Errorf("the history cannot be cleaned: a push that comes in has not ended").
				WithHint("try again when it has; if there is none, remove %s", busy[0])
		}
		time.Sleep(eraseWait / 30)
	}
	refs, err := p.refsNow(ctx)
	if err != nil {
		return err
	}
	now, err := p.objects(ctx)
	if err != nil {
		return err
	}
	needed := &raced{casefile.Errorf("what is erased comes in again")}
	for _, r := range refs {
		if list[r.old] {
			return needed
		}
	}
	var commits []string
	for id, kind := range now {
		switch {
		case list[id]:
			return &raced{casefile.Errorf("the repository still holds something of what was erased")}
		case s.all[id] == "" && kind == "commit":
			commits = append(commits, id)
		}
	}
	before := s.all
	for id := range before {
		if now[id] == "" && !list[id] {
			return &raced{casefile.Errorf("something went away that is not erased")}
		}
	}
	s.all = now
	if err := s.grow(ctx, p.odb, commits); err != nil {
		return err
	}
	for id := range now {
		if before[id] != "" {
			continue
		}
		ids, err := s.next(ctx, id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ids, func(id string) bool { return list[id] }) {
			return needed
		}
	}
	return nil
}
