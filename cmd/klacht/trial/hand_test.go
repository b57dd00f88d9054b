//go:build unix

package trial

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// writeByHand adds an entry to a case as an editor does.
func (w *world) writeByHand(c *clone) {
	m := w.pick(c)
	if m == nil {
		return
	}
	f := find(cases(c.dir), m.word)
	e := w.newEntry(m, "note", c)
	w.tell(m, "%s: %s by hand", c.name, e.word)
	at := w.now(c).Format(time.DateOnly)
	if m := receivedOn.FindStringSubmatch(f.text); m != nil {
		at = max(at, m[1]) // by another clock
	}
	text := strings.TrimRight(f.text, "\n") + fmt.Sprintf("\n  - at: %s\n    step: noted\n    by: %s\n    text: Nagekeken\n", at, e.word)
	if os.WriteFile(f.path, []byte(text), 0o600) == nil {
		e.state = hand
	}
}

// subjectByHand rewrites a subject as an editor does.
func (w *world) subjectByHand(c *clone) {
	m := w.pick(c)
	if m == nil {
		return
	}
	f := find(cases(c.dir), m.word)
	w.tell(m, "%s: subject by hand", c.name)
	text := subjectOf.ReplaceAllString(f.text, fmt.Sprintf("subject: Versie %d van ${1}", w.op))
	_ = os.WriteFile(f.path, []byte(text), 0o600)
}

// removeByHand removes the file of a case. klacht may bring it back or not.
func (w *world) removeByHand(c *clone) {
	m := w.pick(c)
	if m == nil {
		return
	}
	f := find(cases(c.dir), m.word)
	w.tell(m, "%s: %s removed by hand", c.name, f.id)
	_ = os.Remove(f.path)
	if w.chance(50) {
		_ = os.RemoveAll(strings.TrimSuffix(f.path, ".yaml"))
	}
	for _, e := range w.entries {
		if e.of == m && (e.state == done || e.state == hand) {
			e.state = freed
		}
	}
	m.loose = true
}

// policyByHand changes the procedure, each side in its own way.
func (w *world) policyByHand(c *clone) {
	path := filepath.Join(c.dir, "regeling.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		return
	}
	text := string(data)
	if w.chance(40) {
		text += fmt.Sprintf("# Gezien door %s op dag %d.\n", c.name, w.op)
	} else {
		lines := strings.Split(text, "\n")
		for i, l := range lines {
			term, _, ok := strings.Cut(strings.TrimSpace(l), ":")
			if ok && (term == "acknowledge" || term == "close") && w.chance(50) && strings.HasPrefix(l, "    ") {
				lines[i] = fmt.Sprintf("    %s: %d workdays", term, 5+w.rng.IntN(20))
			}
		}
		text = strings.Join(lines, "\n")
	}
	_ = os.WriteFile(path, []byte(text), 0o600)
}

// ownLetter makes one of the letters the firm's own.
func (w *world) ownLetter(c *clone) {
	w.fated(c, "", "letters", "closing", "--own")
	names, _ := filepath.Glob(filepath.Join(c.dir, "letters", "*"))
	if len(names) > 0 {
		if f, err := os.OpenFile(names[w.rng.IntN(len(names))], os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
			fmt.Fprintf(f, "\nGroet van %s.\n", c.name)
			f.Close()
		}
	}
}
