//go:build unix

package trial

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// kind is one kind of action, and how often it is taken.
type kind struct {
	name   string
	weight int
	do     func(*world, *clone)
}

var kinds []kind

func init() { // the actions name each other, by way of hints
	step := func(name string, weight int, args ...string) kind {
		return kind{name, weight, func(w *world, c *clone) { w.step(c, w.pick(c), name, args...) }}
	}
	kinds = []kind{
		{"new", 9, func(w *world, c *clone) { w.register(c, false, false) }},
		{"mail", 5, func(w *world, c *clone) { w.register(c, true, false) }},
		{"old", 5, func(w *world, c *clone) {
			if m := w.register(c, w.chance(50), true); m != nil {
				w.step(c, m, "close", "--no-letter", "--outcome", "agreed", "--on", "2020-06-01")
			}
		}},
		{"note", 14, func(w *world, c *clone) {
			if m := w.pick(c); m != nil {
				w.step(c, m, "note", "--text", "Gebeld met "+m.word+"\nen "+m.phone)
			}
		}},
		step("ack", 4, "--no-letter"),
		step("propose", 3, "--no-letter", "--text", "De helft terug"),
		step("hear", 2, "--text", "Een uur gesproken"),
		step("reopen", 2, "--reason", "Toch niet klaar"),
		step("refer", 2, "--body", "De commissie"),
		step("release", 2, "--reason", "Voorbij"),
		{"declined", 1, func(w *world, c *clone) { w.step(c, w.pick(c), "refer", "--declined") }},
		{"close", 6, func(w *world, c *clone) {
			w.step(c, w.pick(c), "close", "--no-letter", "--text", "Klaar", "--outcome", []string{"agreed", "upheld", "rejected"}[w.rng.IntN(3)])
		}},
		{"invite", 3, func(w *world, c *clone) {
			w.step(c, w.pick(c), "invite", "--no-letter", "--when", w.now(c).AddDate(0, 0, 1+w.rng.IntN(9)).Format("2006-01-02T15:00"))
		}},
		{"extend", 2, func(w *world, c *clone) {
			w.step(c, w.pick(c), "extend", "--no-letter", "--reason", "Ziek", "--until", w.now(c).AddDate(0, 0, 30+w.rng.IntN(60)).Format(time.DateOnly))
		}},
		{"hold", 3, func(w *world, c *clone) {
			w.step(c, w.pick(c), "hold", "--reason", "Een eis", "--review", w.now(c).AddDate(1, 0, 0).Format(time.DateOnly))
		}},
		{"letter", 2, (*world).draft},
		{"erase", 5, func(w *world, c *clone) { w.erase(c, w.pick(c)) }},
		{"purge", 5, func(w *world, c *clone) { w.purge(c, 0, w.chance(80)) }},
		{"mad-purge", 1, func(w *world, c *clone) { w.purge(c, 7*365, w.chance(20)) }},
		{"sync", 24, func(w *world, c *clone) { w.sync(c) }},
		{"sync-two", 4, (*world).syncTwo},
		{"beside", 2, (*world).beside},
	}
	kinds = append(kinds, gitKinds...)
}

// pick returns one of the complaints that a clone has; nil if there is none.
func (w *world) pick(c *clone) *complaint {
	list := cases(c.dir)
	if len(list) == 0 {
		return nil
	}
	return w.complaint(list[w.rng.IntN(len(list))].word)
}

// register registers a new complaint, of long ago or of today, and returns it if it
// was reported.
func (w *world) register(c *clone, mail, old bool) *complaint {
	if len(cases(c.dir)) > 80 {
		return nil
	}
	m := w.newComplaint(old, c)
	e := w.newEntry(m, "received", c)
	args, stdin := []string{"new", "--json", "--by", e.word}, ""
	arrived := w.now(c).AddDate(0, 0, -w.rng.IntN(3))
	if old {
		arrived = time.Date(2020, 5, 4+w.rng.IntN(20), 9, 0, 0, 0, time.UTC)
	}
	if mail {
		args = append(args, "-")
		stdin = "Received: from mail.klager.example by mx.werf.example; " + arrived.Format(time.RFC1123Z) + "\nFrom: Naam " + m.word + " <" + m.word + "@klager.example>\n" +
			"To: klachten@werf.example\nSubject: Over " + m.word + "\nMessage-ID: <" + m.word + "@klager.example>\n\nBeste Mok,\n\n" + strings.Repeat("Bel mij over "+m.word+" op "+m.phone+".\n", 20)
	} else {
		args = append(args, "--received", arrived.Format(time.DateOnly), "--subject", "Over "+m.word, "--name", "Naam "+m.word, "--email", m.word+"@klager.example",
			"--phone", m.phone, "--text", "Het gaat over "+m.word)
	}
	r := w.fated(c, stdin, args...)
	w.tell(m, "%s: new = %d", c.name, r.code)
	w.recorded(c, e, r)
	m.known = e.state == done
	var did struct{ ID string }
	if json.Unmarshal([]byte(r.out), &did) == nil {
		m.id = did.ID
	}
	if !m.known {
		return nil
	}
	return m
}

// step takes a step on a complaint.
func (w *world) step(c *clone, m *complaint, step string, args ...string) {
	if m == nil {
		return
	}
	f := find(cases(c.dir), m.word)
	if f == nil {
		return
	}
	e := w.newEntry(m, step, c)
	r := w.fated(c, "", append([]string{step, f.id, "--by", e.word}, args...)...)
	w.tell(m, "%s: %s of %s as %s = %d", c.name, step, e.word, f.id, r.code)
	w.recorded(c, e, r)
}

// recorded takes a step for done where klacht said so, and looks whether it is so.
func (w *world) recorded(c *clone, e *entry, r result) {
	there := marks(cases(c.dir))[e.word] > 0
	switch {
	case (r.code == 0 || r.code == 3) && there:
		e.state = done
	case r.code == 0:
		w.find("%s: %s of %s was reported, and is not there", c.name, e.step, e.of.word)
	case (r.code == 1 || r.code == 2) && there:
		w.find("%s: %s of %s failed with %d, and is there", c.name, e.step, e.of.word, r.code)
	}
	w.typeHints(c, r)
	w.promote(c)
}

// promote takes what was written by hand for done, once it is in the history.
func (w *world) promote(c *clone) {
	for _, e := range w.entries {
		if e.state == hand && e.at == c && w.quiet(c, "", "git", "grep", "-l", e.word, "HEAD", "--", "open", "archive") != "" {
			e.state = done
		}
	}
}

// draft writes a letter that waits, and now and then says that it was sent.
func (w *world) draft(c *clone) {
	m := w.pick(c)
	if m == nil {
		return
	}
	f := find(cases(c.dir), m.word)
	if r := w.fated(c, "", "ack", f.id); r.code == 0 && w.chance(50) {
		w.fated(c, "", "sent", f.id)
	}
	w.tell(m, "%s: a letter", c.name)
}

// erase removes a complaint before its time.
func (w *world) erase(c *clone, m *complaint) {
	if m == nil {
		return
	}
	f, theirs := find(cases(c.dir), m.word), find(w.shared(), m.word)
	r := w.fated(c, "", "erase", f.id, "--reason", "request", "--yes")
	w.tell(m, "%s: erase %s = %d", c.name, f.id, r.code)
	w.removed(c, m, f, theirs, r)
	if r.code == 0 || r.code == 3 {
		w.count("erased")
	}
	if r.code == 0 { // then it is nowhere, at once
		for name, dir := range w.places(c) {
			w.search(&clone{name: name, dir: dir, home: c.home}, map[string]bool{m.word: true, m.phone: true})
		}
	}
	w.typeHints(c, r)
}

// removed takes note of what an erasure or a purge did to a complaint that stood
// in the clone as ours and in the bare repository as theirs; either can be nil.
func (w *world) removed(c *clone, m *complaint, ours, theirs *caseFile, r result) {
	m.knew = map[string]bool{}
	for _, f := range []*caseFile{ours, theirs} {
		if f != nil {
			for word := range marks([]caseFile{*f}) {
				m.knew[word] = true
			}
		}
	}
	here := find(cases(c.dir), m.word) != nil
	switch {
	case r.code < 0 || r.code == 5:
		m.maybe = true
	case !here && (r.code == 0 || r.code == 3):
		m.gone, m.by, m.told = true, c, false
		if theirs != nil && theirs.needed() && !has(ours, theirs) && w.onMain(c) {
			w.find("%s: %s was removed, and is on hold or with a body where it is shared\n  %s", c.name, m.word, m.tale())
		}
	case !here:
		m.maybe = true
		w.find("%s: removing %s failed with %d, and it is gone", c.name, m.word, r.code)
	case r.code == 0:
		w.find("%s: %s was reported as removed, and is there", c.name, m.word)
	}
}

// has reports whether a file has all entries of another: then it says how things stand.
func has(f, other *caseFile) bool {
	if f == nil {
		return false
	}
	mine := marks([]caseFile{*f})
	for word := range marks([]caseFile{*other}) {
		if mine[word] == 0 {
			return false
		}
	}
	return true
}

// onMain reports whether a clone stands on the branch that is shared.
func (w *world) onMain(c *clone) bool {
	return strings.TrimSpace(w.quiet(c, "", "git", "symbolic-ref", "--short", "HEAD")) == "main"
}

// purge removes what may go, by a clock that is ahead some days, and that is
// trusted only on a word.
func (w *world) purge(c *clone, ahead int, trust bool) result {
	before, theirs := cases(c.dir), w.shared()
	p := call{args: []string{"klacht", "purge", "--json"}, ahead: ahead}
	if trust {
		p.args = append(p.args, "--yes")
	}
	if !w.calm && w.chance(8) {
		p.kill, p.alone = time.Duration(1+w.rng.IntN(200))*time.Millisecond, w.chance(50)
	}
	r := w.run(c, p)
	var did struct{ Purged []string }
	_ = json.Unmarshal([]byte(r.out), &did)
	c.trusted = c.trusted || ahead > 0 && trust && (r.code == 0 || r.code == 3) // from then on that day is known
	if ahead > 0 && !trust && !c.trusted && len(did.Purged) > 0 {
		w.find("%s: purged %v by a clock that is %d days ahead", c.name, did.Purged, ahead)
	}
	after := cases(c.dir)
	for _, list := range [][]caseFile{before, theirs} {
		for _, f := range list {
			m := w.complaint(f.word)
			if m == nil || m.gone || find(after, f.word) != nil {
				continue
			}
			switch {
			case slices.Contains(did.Purged, f.id):
				w.tell(m, "%s: purged as %s = %d", c.name, f.id, r.code)
				w.removed(c, m, find(before, f.word), find(theirs, f.word), r)
				w.count("purged")
			case r.code < 0 && (m.old || ahead > 0):
				m.maybe = true
				if m.knew == nil {
					m.knew = map[string]bool{}
				}
				for word := range marks([]caseFile{f}) {
					m.knew[word] = true
				}
				w.tell(m, "%s: a purge was killed", c.name)
			}
		}
	}
	return r
}

// sync shares, settles most of what it is asked, and types what it hints at.
func (w *world) sync(c *clone) result {
	before, asked := cases(c.dir), false
	r := w.fated(c, "", "sync")
	for i := 0; i < 3 && r.code > 0 && strings.Contains(r.err, "--keep"); i++ {
		w.count("conflicts asked")
		asked = true
		if w.chance(20) {
			return r
		}
		answer := []string{"sync", "--keep", []string{"mine", "theirs"}[w.rng.IntN(2)]}
		ids := slices.Compact(slices.Sorted(slices.Values(caseID.FindAllString(r.err, -1))))
		if len(ids) > 0 && w.chance(50) {
			ids = ids[:1]
			answer = append(answer, ids[0])
		}
		w.asked(c, ids)
		r = w.fated(c, "", answer...)
	}
	if r.code > 0 && w.typeHints(c, r) {
		r = w.klacht(c, "sync")
	}
	switch {
	case r.code > 0:
		w.count("syncs failed")
	case r.code == 0:
		w.count("syncs")
		bare := &clone{dir: w.bare, home: c.home}
		if w.onMain(c) && w.quiet(c, "", "git", "rev-parse", "main") != w.quiet(bare, "", "git", "rev-parse", "main") {
			w.find("%s: sync said that all is shared, and the bare repository has another commit", c.name)
		}
		for _, m := range w.complaints {
			m.told = m.told || m.by == c && w.onMain(c)
		}
		w.promote(c)
		if !asked && !w.skip("asked") {
			w.unasked(c, before)
		}
	}
	return r
}

// unasked looks whether a sync that asked nothing removed a complaint with steps that
// who erased it did not know.
func (w *world) unasked(c *clone, before []caseFile) {
	after := cases(c.dir)
	for _, e := range w.entries {
		f := find(before, e.of.word)
		if e.state == done && e.of.knew != nil && !e.of.knew[e.word] && f != nil && strings.Contains(f.text, e.word) && find(after, e.of.word) == nil {
			w.find("%s: sync removed %s, and did not ask: its erasure did not know %s\n  %s", c.name, e.of.word, e.word, e.of.tale())
		}
	}
}

// asked lets go of what the answer to a question may take away: on the complaints
// that it is about, the steps that cannot both stand, and whether it is gone.
func (w *world) asked(c *clone, ids []string) {
	for _, list := range [][]caseFile{cases(c.dir), w.shared()} {
		for _, f := range list {
			m := w.complaint(f.word)
			if m == nil || !slices.Contains(ids, f.id) {
				continue
			}
			w.tell(m, "%s: asked of %s", c.name, f.id)
			if m.gone || m.maybe {
				m.asked, m.gone, m.maybe = true, false, true
			}
			for _, e := range w.entries {
				if e.of == m && e.state == done && e.step != "note" && e.step != "received" {
					e.state = freed
				}
			}
		}
	}
}

// syncTwo has two clones share at one moment.
func (w *world) syncTwo(c *clone) {
	other := w.clones[(slices.Index(w.clones, c)+1+w.rng.IntN(2))%3]
	var both sync.WaitGroup
	var results [2]result
	for i, c := range []*clone{c, other} {
		both.Go(func() { results[i] = w.klacht(c, "sync") })
	}
	both.Wait()
	w.add("syncs", 2)
}

// beside takes a step while the same clone shares or purges.
func (w *world) beside(c *clone) {
	var other sync.WaitGroup
	args := [][]string{{"sync"}, {"purge", "--dry-run"}, {"check"}}[w.rng.IntN(3)]
	other.Go(func() { w.klacht(c, args...) })
	w.step(c, w.pick(c), "note", "--text", "Intussen")
	other.Wait()
}
