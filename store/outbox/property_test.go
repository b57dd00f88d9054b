package outbox

import (
	"os"
	"testing"

	casefile "klacht/case"
	"klacht/store"

	"klacht/store/wire"
	"pgregory.net/rapid"
)

// However commands fail, are killed and are tried again: no letter is accepted
// by the server twice, as long as the owner says that an unclear one has to be
// sent again only if it has not arrived; no step is recorded twice or without
// its letter; and what the server has accepted ends up recorded.
func TestNeverTwice(t *testing.T) {
	points := []string{"none", "written as sending", "handed over", "written as accepted", "recorded"}
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "outbox")
		must(t, err)
		defer os.RemoveAll(dir)
		r := newRegister(t, dir)
		c := &carrier{accepted: map[string]int{}}
		o := New(r, c)
		inLog := func() map[string]int {
			found := map[string]int{}
			f := load(t, r)
			for _, e := range f.Log {
				if e.Step != casefile.Received {
					mail, err := r.Mail(f, e.Mail)
					must(t, err)
					found[headerOf(mail)["Message-Id"]]++
				}
			}
			return found
		}
		one := func() (l Waiting, ok bool) {
			list, damage, err := List(r)
			must(t, err)
			if len(damage) > 0 {
				t.Fatal(damage)
			}
			if len(list) == 0 {
				return l, false
			}
			return rapid.SampledFrom(list).Draw(t, "letter"), true
		}
		maybeCrash := func(do func()) { crashAt(rapid.SampledFrom(points).Draw(t, "killed at"), do) }
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				log := inLog()
				for id, n := range c.accepted {
					if n > 1 {
						t.Fatalf("%s was accepted %d times", id, n)
					}
				}
				for id, n := range log {
					if n > 1 || c.accepted[id] != 1 {
						t.Fatalf("%s is recorded %d times, accepted %d times", id, n, c.accepted[id])
					}
				}
				list, _, err := List(r)
				must(t, err)
				waits := map[string]bool{}
				for _, l := range list {
					waits["<"+l.MessageID+">"] = true
				}
				for id := range c.accepted {
					if log[id] == 0 && !waits[id] {
						t.Fatalf("%s was accepted, and nobody knows of it any more", id)
					}
				}
			},
			"write": func(t *rapid.T) {
				e := acknowledged(t)
				e.Step = rapid.SampledFrom([]casefile.Step{casefile.Asked, casefile.Proposed}).Draw(t, "step")
				_, _ = tryEnqueue(t, o, e)
			},
			"deliver": func(t *rapid.T) {
				if l, ok := one(); ok {
					switch k := rapid.SampledFrom([]wire.Kind{"", wire.Busy, ToRefused, NoAnswer}).Draw(t, "answer"); k {
					case "":
						c.answers = nil
					case NoAnswer: // the server accepts it half of the time, and does not get to say so
						c.answers = []error{failure(k, "x", "y")}
						if rapid.Bool().Draw(t, "accepted all the same") && l.State == store.LetterQueued && inLog()["<"+l.MessageID+">"] == 0 {
							c.accepted["<"+l.MessageID+">"]++
						}
					default:
						c.answers = []error{failure(k, "x", "y")}
					}
					if l.State == store.LetterQueued && len(c.answers) > 0 && c.accepted["<"+l.MessageID+">"] == 1 {
						_, _ = deliver(t, o, l.Name)
						return
					}
					maybeCrash(func() { _, _ = deliver(t, o, l.Name) })
				}
			},
			"recover": func(t *rapid.T) {
				maybeCrash(func() { writing(t, r, func(w *store.Writer) { Recover(w) }) })
			},
			"the owner looks": func(t *rapid.T) {
				l, ok := one()
				if !ok {
					return
				}
				arrived := c.accepted["<"+l.MessageID+">"] > 0
				maybeCrash(func() {
					writing(t, r, func(w *store.Writer) {
						switch {
						case arrived:
							_, _ = MarkSent(w, l.Name, moment(t, later), nil, l.Entry)
						case rapid.Bool().Draw(t, "again"):
							_, _ = TryAgain(w, l.Name)
						default:
							_ = Drop(w, l.Name)
						}
					})
				})
			},
		})
		// in the end all that was accepted is recorded
		writing(t, r, func(w *store.Writer) {
			Recover(w)
			list, _, err := List(r)
			must(t, err)
			for _, l := range list {
				if c.accepted["<"+l.MessageID+">"] > 0 {
					must(t, second(MarkSent(w, l.Name, moment(t, later), nil, l.Entry)))
				}
			}
		})
		log := inLog()
		for id := range c.accepted {
			if log[id] != 1 {
				t.Fatalf("%s was accepted and is recorded %d times", id, log[id])
			}
		}
	})
}
