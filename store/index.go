package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
)

// index remembers the last number given out in each year, and which mails the
// register has, so that neither question needs a look at every case. It is a
// cache of this machine, in .klacht/index: a stamp says for which state of the
// folders it holds, and whenever that is no longer the state, or the cache is
// gone, it is brought up to date from the register itself.
//
//	stamp         the state of the folders
//	last-2026     the last number of that year; of the series B, last-2026-B
//	cases         the folders whose mails are known: a line with ID and time of change for each, below the form
//	mail/HASH     the ID of the case that has the mail; HASH is of a mail's key
type index struct {
	r      *Register
	fresh  bool // the stamp held when the lock was taken
	looked bool // a number was looked for in the whole register since then
}

const indexDir = localDir + "/index"

// indexForm stands first in stamp and cases: an index of other keys is made anew.
const indexForm = "form 2\n"

func openIndex(r *Register) *index {
	stamp, err := r.root.Read(indexDir + "/stamp")
	return &index{r: r, fresh: err == nil && string(stamp) == r.stamp()}
}

// expire takes the stamp away, until settle renews it. It comes before a change
// that the index has to follow: a command that is killed in between then leaves
// no stamp that holds, however fast the next one comes, and however coarse the
// clock of the disk.
func (x *index) expire() { _ = x.r.root.Remove(indexDir + "/stamp") }

// stamp describes the state of the folders: it changes when a file comes or
// goes, but not when only the content of one does.
func (r *Register) stamp() string {
	var b strings.Builder
	months, err := r.months()
	if err != nil {
		return ""
	}
	b.WriteString(indexForm)
	for _, name := range append([]string{openDir, PurgedFile}, months...) {
		if info, err := r.root.Lstat(name); err == nil {
			fmt.Fprintf(&b, "%s %d\n", name, info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// settle renews the stamp after changes of our own. A cache that was out of
// date stays so; so does one that cannot be written.
func (x *index) settle() {
	if x.fresh {
		_ = x.put("stamp", x.r.stamp())
	}
}

// put writes a file of the index. It is not synced: what a crash takes away is
// found again.
func (x *index) put(name, content string) error {
	if err := x.r.root.MakeDir(path.Dir(indexDir + "/" + name)); err != nil {
		return err
	}
	return x.r.root.Jot(indexDir+"/"+name, []byte(content))
}

// refresh brings the index up to date by the names in the folders, and by the
// mails of the cases that it does not know yet.
func (x *index) refresh() error {
	if x.fresh {
		return nil
	}
	ids, err := x.r.Purged()
	if err != nil {
		return err
	}
	given, purged := map[casefile.ID]bool{}, map[casefile.ID]bool{} // the numbers that were given out
	for _, id := range ids {
		given[id], purged[id] = true, true
	}
	known := map[string]bool{}
	list, _ := x.r.root.Read(indexDir + "/cases") // no such file: none is known
	if lines, ok := strings.CutPrefix(string(list), indexForm); ok {
		for line := range strings.Lines(lines) {
			known[strings.TrimSpace(line)] = true
		}
	}
	months, err := x.r.months()
	if err != nil {
		return err
	}
	folders := map[string]casefile.ID{}
	for _, dir := range append([]string{openDir}, months...) {
		names, err := x.r.root.Names(dir)
		if err != nil {
			return err
		}
		for _, n := range names {
			if id, ok := caseID(n); ok {
				given[id] = true
			} else if id, err := casefile.ParseID(n); err == nil && !purged[id] {
				folders[path.Join(dir, n)] = id
			}
		}
	}
	var cases strings.Builder
	for dir, id := range folders {
		if !given[id] && x.r.leftover(dir) {
			continue
		}
		given[id] = true
		info, err := x.r.root.Lstat(dir)
		if err != nil || !info.IsDir() {
			continue
		}
		line := fmt.Sprintf("%s %d", id, info.ModTime().UnixNano())
		if known[line] || x.learnAll(id, dir) {
			fmt.Fprintln(&cases, line)
		}
	}
	last, err := x.r.lasts() // a number that was given out is not free because its file is gone
	if err != nil {
		return err
	}
	for id := range given {
		last[RunOf(id)] = max(last[RunOf(id)], id.Number())
	}
	for run, number := range last {
		if err := x.put(lastOf(run), strconv.Itoa(number)); err != nil {
			return cannotWrite(err)
		}
	}
	if err := x.put("cases", indexForm+cases.String()); err != nil {
		return cannotWrite(err)
	}
	x.fresh = true
	return nil
}

// leftover reports whether a folder of mails, for which there is no case, is
// what a `new` leaves that was killed: at most the mail that a case starts with.
// Its number was never given out. Any other folder may be of a case that is
// still to come, from another machine.
func (r *Register) leftover(dir string) bool {
	names, err := r.root.Names(dir)
	return err == nil && path.Dir(dir) == openDir && (len(names) == 0 || len(names) == 1 && strings.HasPrefix(names[0], "01-"))
}

// learnAll learns the mails in a folder, and reports whether those were all. One
// that the log does not name is left by a command that was killed, and is not
// registered; or its step is still to come, from another machine. One that
// cannot be read is passed over: it is `klacht check` that tells of it.
func (x *index) learnAll(id casefile.ID, dir string) (all bool) {
	all = true
	names, _ := x.r.root.Names(dir)
	f, _ := x.r.readFile(dir + suffix)
	if f == nil { // a command was killed while it moved the two
		f, _ = x.r.Load(id)
	}
	for _, n := range names {
		if f != nil && !slices.ContainsFunc(f.Log, func(e casefile.Entry) bool { return e.Mail == n }) {
			all = false
			continue
		}
		if mail, err := x.r.root.ReadUpTo(path.Join(dir, n), MaxMail); err == nil {
			x.learn(id, mail)
		}
	}
	return all
}

func lastOf(run string) string { return "last-" + run }

// lasts returns the last number of each run that the index knows.
func (r *Register) lasts() (map[string]int, error) {
	names, err := r.root.Names(indexDir)
	last := map[string]int{}
	for _, n := range names {
		if run, ok := strings.CutPrefix(n, lastOf("")); ok && runForm().MatchString(run) {
			last[run] = r.last(run)
		}
	}
	return last, err
}

// last returns the last number of a run that the index knows; 0 if it knows none.
func (r *Register) last(run string) int {
	data, _ := r.root.Read(indexDir + "/" + lastOf(run)) // no such file: no number yet
	n, _ := strconv.Atoi(string(data))
	return n
}

// next returns the first number of a run that was never given out, as far as the
// index knows, and after those that the ledger knows.
func (x *index) next(run string, known int) (casefile.ID, error) {
	for range 2 {
		id := inRun(run, max(known, x.r.last(run))+1)
		if x.looked { // what comes while the lock is held goes to open/
			if !x.r.root.Exists(path.Join(openDir, string(id)+suffix)) {
				return id, nil
			}
		} else if places, err := x.r.places(id); err != nil || len(places) == 0 {
			x.looked = err == nil
			return id, err
		}
		x.forget() // it has missed something
		if err := x.refresh(); err != nil {
			return "", err
		}
	}
	return "", casefile.Errorf("no number can be given out: the register changes all the time").
		WithHint("try again when it is done")
}

// took remembers that a number was given out.
func (x *index) took(id casefile.ID) {
	if x.put(lastOf(RunOf(id)), strconv.Itoa(id.Number())) != nil {
		x.forget()
	}
}

// forget makes the next command build the index anew.
func (x *index) forget() {
	x.fresh, x.looked = false, false
	_ = x.r.root.RemoveAll(indexDir)
}

// find returns the case that has a mail with one of the keys, or "".
func (x *index) find(keys []string) casefile.ID {
	for _, k := range keys {
		data, err := x.r.root.Read(mailEntry(k))
		if err != nil {
			continue
		}
		id := casefile.ID(data)
		if _, err := x.r.locate(id); err == nil {
			return id
		}
	}
	return ""
}

// learn remembers that a case has the mail, if there is one.
func (x *index) learn(id casefile.ID, mail []byte) {
	if mail == nil {
		return
	}
	same, named := x.r.Keys(mail)
	for _, k := range slices.Concat(same, named) {
		name := strings.TrimPrefix(mailEntry(k), indexDir+"/")
		if x.put(name, string(id)) != nil {
			x.forget()
			return
		}
	}
}

// drop forgets that the case has the mail.
func (x *index) drop(id casefile.ID, mail []byte) {
	same, named := x.r.Keys(mail)
	for _, k := range slices.Concat(same, named) {
		if data, err := x.r.root.Read(mailEntry(k)); err == nil && casefile.ID(data) == id {
			_ = x.r.root.Remove(mailEntry(k))
		}
	}
}

func mailEntry(key string) string {
	sum := sha256.Sum256([]byte(key))
	return indexDir + "/mail/" + hex.EncodeToString(sum[:16])
}
