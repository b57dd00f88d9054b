package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store/disk"
)

// Pending is an erasure that is not complete: at a place something may still be of
// a complaint that was erased.
type Pending struct {
	ID    casefile.ID
	Place string // the name of a remote; "" is the repository here
	Why   Why
	What  string // what Why is about: a ref, an address, a command to type, or what was said
}

// Why says what an erasure waits for.
type Why string

// What an erasure can wait for.
const (
	NotYet      Why = "not-yet"     // for the next purge
	Uncommitted Why = "uncommitted" // its line in purged.yaml is in no commit
	Away        Why = "away"        // the place cannot be reached
	Denied      Why = "refused"     // the server does not let the history be replaced
	Others      Why = "others"      // others send changes all the time
	Held        Why = "held"        // a ref, a stash or a note that is not klacht's leads to it
	Server      Why = "server"      // the server keeps for a while what nothing leads to
	Foreign     Why = "foreign"     // the place is of another user
	Unfit       Why = "unfit"       // what is there is not taken in
	Apart       Why = "apart"       // the place is fetched from one repository and sent to another
	Unnamed     Why = "unnamed"     // the place is an address in git's settings that has no name
	InUse       Why = "in-use"      // a folder that somebody works in has the branch
	Borrows     Why = "borrows"     // the repository there borrows from another
	Moved       Why = "moved"       // the place is none any more, and what it holds stays there
	Sealed      Why = "sealed"      // the place is sealed, and keeps all that was ever sent there
)

// record says how far each erasure has come, here and elsewhere. It stands in the
// repository that it is about, so that a repository from a backup brings its own,
// and a clone has none. Its loss costs time alone.
//
//	stamp HASH               what the repository looked like
//	place NAME HASH          a remote, with the hash of its addresses
//	asks NAME COMMIT         a server is asked for it, to see whether it has let go (see stillHas); or
//	asks NAME ID             what a sealed remote calls itself that has to be made anew (see eraseSealed)
//	had NAME COMMIT          what a remote had when all of it was last taken in, while it is asked about what came since
//	knew KEY DIGEST          what a case file was at some time before it was erased here
//	left KEY NAME            a remote that is none any more still had it then
//	done KEY NAME            KEY is the hash of a complaint's key and the digest of what went, or the number of one from before; NAME "." is here
//	pending KEY NAME WHY WHAT
type record struct {
	r      *Repo
	stamp  string
	places map[string]string          // the hash of the addresses, by name
	done   map[string]map[string]bool // by place, then by key
	waits  map[string]map[string]Pending
	asks   map[string]string
	had    map[string]string
	knew   map[string]map[string]bool
	left   map[string]map[string]bool // by place, then by key
}

const (
	recordFile = "klacht-erased"
	placeHere  = "."
)

// keyOf is what the record knows an erasure by.
func (g Gone) keyOf() string {
	if g.Key != "" {
		return g.Key + g.Content
	}
	return string(g.ID)
}

func (r *Repo) record() *record {
	rec := &record{r: r, places: map[string]string{}, done: map[string]map[string]bool{}, waits: map[string]map[string]Pending{}, asks: map[string]string{}, had: map[string]string{}, knew: map[string]map[string]bool{}, left: map[string]map[string]bool{}}
	data, _ := os.ReadFile(filepath.Join(r.GitDir, recordFile)) // no such file: nothing is known
	for line := range strings.Lines(string(data)) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 5)
		for i := 1; i < min(len(f), 4); i++ {
			if name, err := url.PathUnescape(f[i]); err == nil {
				f[i] = name
			}
		}
		switch {
		case len(f) == 2 && f[0] == "stamp":
			rec.stamp = f[1]
		case len(f) == 3 && f[0] == "place":
			rec.places[f[1]] = f[2]
		case len(f) == 3 && f[0] == "asks":
			rec.asks[f[1]] = f[2]
		case len(f) == 3 && f[0] == "had":
			rec.had[f[1]] = f[2]
		case len(f) == 3 && f[0] == "left":
			rec.leave(f[2], f[1])
		case len(f) == 3 && f[0] == "knew":
			rec.know(f[1], f[2])
		case len(f) == 3 && f[0] == "done":
			rec.mark(f[2], f[1])
		case len(f) == 5 && f[0] == "pending":
			rec.wait(f[2], f[1], Pending{Place: f[2], Why: Why(f[3]), What: f[4]})
		}
	}
	return rec
}

// mark notes that complaints are erased at a place.
func (rec *record) mark(place string, keys ...string) {
	if rec.done[place] == nil {
		rec.done[place] = map[string]bool{}
	}
	for _, key := range keys {
		rec.done[place][key] = true
		delete(rec.waits[place], key)
	}
}

// know notes what the file of a complaint was before that was erased.
func (rec *record) know(key, digest string) {
	if rec.knew[key] == nil {
		rec.knew[key] = map[string]bool{}
	}
	rec.knew[key][digest] = true
}

// wait notes that one is not, and why.
func (rec *record) wait(place, key string, p Pending) {
	if rec.waits[place] == nil {
		rec.waits[place] = map[string]Pending{}
	}
	rec.waits[place][key] = p
	delete(rec.done[place], key)
}

// forget notes that it is not known whether complaints are erased at a place.
func (rec *record) forget(place string, keys ...string) {
	for _, key := range keys {
		delete(rec.done[place], key)
	}
}

// anew notes of what went just now that it is not known to be gone from anywhere: it may
// have gone before, and have come back.
func (r *Repo) anew(gone ...Gone) error {
	rec := r.record()
	known := false
	for place, done := range rec.done {
		for _, g := range gone {
			known = known || done[g.keyOf()]
			rec.forget(place, g.keyOf())
		}
	}
	if !known {
		return nil
	}
	return rec.write(false)
}

// asking notes what a remote had before what came from it was asked about; "" once all
// of it was taken in. What was noted first stays.
func (r *Repo) asking(name, had string) error {
	rec := r.record()
	if was, ok := rec.had[name]; ok == (had != "") || was == had {
		return nil
	}
	if had == "" {
		delete(rec.had, name)
	} else {
		rec.had[name] = had
	}
	return rec.write(false)
}

// without returns those that are not erased at a place, as far as is known.
func (rec *record) without(place string, gone []Gone) []Gone {
	return slices.DeleteFunc(slices.Clone(gone), func(g Gone) bool { return rec.done[place][g.keyOf()] })
}

// Pending returns the erasures that are not complete, of those that purged.yaml has
// a line of. Git is not run.
func (r *Repo) Pending(gone []Gone) (list []Pending) {
	if r.Prefix != "" || len(gone) == 0 {
		return nil
	}
	return r.record().pending(gone)
}

func (rec *record) pending(gone []Gone) (list []Pending) {
	places := []string{placeHere}
	for name := range rec.places {
		places = append(places, name)
	}
	slices.Sort(places)
	for _, g := range gone {
		for _, place := range places {
			if rec.done[place][g.keyOf()] {
				continue
			}
			p, known := rec.waits[place][g.keyOf()]
			if !known {
				p = Pending{Place: place, Why: NotYet}
			}
			p.ID = g.ID
			if place == placeHere {
				p.Place = ""
			}
			list = append(list, p)
		}
		for place, keys := range rec.left {
			if keys[g.keyOf()] {
				list = append(list, Pending{ID: g.ID, Place: place, Why: Moved})
			}
		}
	}
	return list
}

// leave notes that a place which is none any more still had a complaint.
func (rec *record) leave(place, key string) {
	if rec.left[place] == nil {
		rec.left[place] = map[string]bool{}
	}
	rec.left[place][key] = true
}

// look brings the list of places up to date: an address that is new is a place of
// which nothing is known. What was to be erased at one that is none any more, and was
// not, was left there; one that only has another name is the same.
func (rec *record) look(config map[string]string, names []string, gone []Gone) {
	now, fresh := map[string]string{}, map[string]string{} // the hash of the addresses, by name; and a name that is new, by hash
	is := map[string]string{placeHere: placeHere}          // what each place is called now
	for _, name := range names {
		addr := cmp.Or(config["remote."+name+".url"], config[name])
		if strings.HasPrefix(addr, "http") { // a new password makes no other place of it
			addr = withoutSecret(addr)
		}
		sum := sha256.Sum256([]byte(addr + "\n" + config["remote."+name+".pushurl"])) // they may hold a password
		now[name] = hex.EncodeToString(sum[:16])
		switch rec.places[name] {
		case now[name]:
			is[name] = name
		case "":
			is[name] = name
			fallthrough
		default:
			fresh[now[name]] = name
		}
	}
	still := slices.Collect(maps.Values(now))
	for name, hash := range rec.places {
		if now[name] == hash {
			continue
		}
		is[name] = fresh[hash]
		delete(rec.waits, name) // it is tried by its new name
		for _, g := range gone {
			if !slices.Contains(still, hash) && !rec.done[name][g.keyOf()] {
				rec.leave(name, g.keyOf())
			}
		}
	}
	rec.done, rec.asks, rec.had = called(rec.done, is), called(rec.asks, is), called(rec.had, is)
	rec.places = now
}

// called returns what is known of places by what they are called now; "" is nothing
// any more.
func called[V any](known map[string]V, is map[string]string) map[string]V {
	now := map[string]V{}
	for name, v := range known {
		if to := is[name]; to != "" {
			now[to] = v
		}
	}
	return now
}

// noted returns the record, brought up to date with the remotes, and their names. An
// address without a name is called by the setting that holds it, and waits for one.
func (r *Repo) noted(ctx context.Context, gone []Gone) (*record, []string, error) {
	names, err := r.remotes(ctx)
	if err != nil {
		return nil, nil, err
	}
	unnamed, err := r.unnamed(ctx)
	if err != nil {
		return nil, nil, err
	}
	rec := r.record()
	rec.look(r.config, slices.Concat(names, unnamed), gone)
	for _, key := range unnamed {
		for _, g := range rec.without(key, gone) {
			rec.wait(key, g.keyOf(), Pending{Place: key, Why: Unnamed, What: r.nameIt(ctx, key)})
		}
	}
	return rec, names, nil
}

// Settled reports whether there is nothing to erase, here or elsewhere, as far as is
// known: a remote that has moved is another place.
func (r *Repo) Settled(ctx context.Context, gone []Gone) bool {
	if len(gone) == 0 {
		return true
	}
	rec, _, err := r.noted(ctx, gone)
	return err == nil && len(rec.pending(gone)) == 0 && !rec.stale()
}

// stale reports whether the repository looks otherwise than it did: objects may
// have come in from elsewhere.
func (rec *record) stale() bool { return rec.stamp != rec.r.stamp() }

// stamp describes which packs there are, and whether something was fetched by hand.
func (r *Repo) stamp() string {
	h := sha256.New()
	packs, _ := filepath.Glob(filepath.Join(escapeGlob(r.GitDir), "objects", "pack", "*.pack"))
	for _, p := range packs {
		fmt.Fprintln(h, filepath.Base(p))
	}
	if info, err := os.Stat(filepath.Join(r.GitDir, "FETCH_HEAD")); err == nil {
		fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// write keeps the record; looked says that the repository was looked through, as it
// is now.
func (rec *record) write(looked bool) error {
	if looked {
		rec.stamp = rec.r.stamp()
	}
	lines := []string{}
	for name, hash := range rec.places {
		lines = append(lines, fmt.Sprintf("place %s %s\n", asWord(name), hash))
	}
	for key, digests := range rec.knew {
		for digest := range digests {
			lines = append(lines, fmt.Sprintf("knew %s %s\n", key, digest))
		}
	}
	for name, commit := range rec.asks {
		lines = append(lines, fmt.Sprintf("asks %s %s\n", asWord(name), commit))
	}
	for name, commit := range rec.had {
		lines = append(lines, fmt.Sprintf("had %s %s\n", asWord(name), commit))
	}
	for place, keys := range rec.done {
		for key := range keys {
			lines = append(lines, fmt.Sprintf("done %s %s\n", key, asWord(place)))
		}
	}
	for place, keys := range rec.waits {
		for key, p := range keys {
			lines = append(lines, fmt.Sprintf("pending %s %s %s %s\n", key, asWord(place), p.Why, casefile.OneLine(p.What)))
		}
	}
	for place, keys := range rec.left {
		for key := range keys {
			lines = append(lines, fmt.Sprintf("left %s %s\n", key, asWord(place)))
		}
	}
	slices.Sort(lines)
	text := "stamp " + rec.stamp + "\n" + strings.Join(lines, "")
	if err := disk.WriteFile(filepath.Join(rec.r.GitDir, recordFile), []byte(text)); err != nil {
		return casefile.Errorf("cannot clean the repository: %v", err)
	}
	return nil
}
