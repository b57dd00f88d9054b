package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// take takes in the mail that waits under a number, as the flags say.
func (a *app) take(ctx context.Context, number int, o *newOptions) error {
	if err := a.open(); err != nil {
		return err
	}
	m, err := a.waitingMail(number)
	if err != nil {
		return err
	}
	var args []string
	if m.Place != "" {
		args = []string{m.Place}
	}
	src, err := a.source(args, "")
	if err != nil {
		return err
	}
	for it, err := range src.Items(ctx, func(key string) bool { return key != m.Item }) {
		if err != nil {
			return err
		}
		if it.Err != nil {
			return it.Err
		}
		if raw := partOf(it.Raw, m, a.reg); raw != nil {
			if len(raw) != len(it.Raw) { // one of several that were forwarded
				it = inbox.Item{Key: it.Key, Name: it.Name, Raw: raw}
			}
			var told []any
			return a.takeMail(o, it, false, &told)
		}
	}
	return casefile.Errorf("mail %d is no longer where it was: %s", number, m.Name).
		WithHint("`klacht new FILE` takes it in from elsewhere; `klacht fetch --leave %d` lets go of it", number)
}

// partOf returns the mail that waits: an item of a source, or one of the mails in it.
func partOf(raw []byte, m store.Waiting, reg *store.Register) []byte {
	l, err := inbox.Look(raw, reg.Policy)
	if err != nil || l.Several() == nil {
		return raw
	}
	for _, part := range l.Several() {
		if l, err := inbox.Look(part, reg.Policy); err == nil && m.MailWith(l.Key()) {
			return part
		}
	}
	return nil
}

// leave lets go of the mail that waits under a number.
func (a *app) leave(number int) error {
	if err := a.open(); err != nil {
		return err
	}
	m, err := a.waitingMail(number)
	if err != nil {
		return err
	}
	if _, err := a.write(func(w *store.Writer) (*store.File, error) { return nil, w.Leave(number) }); err != nil {
		return err
	}
	if !a.json {
		a.println(a.T("%s: left where it is; it is no complaint", casefile.OneLine(m.Name)))
	}
	return nil
}

func (a *app) waitingMail(number int) (store.Waiting, error) {
	list, err := a.reg.Waiting()
	if err != nil {
		return store.Waiting{}, err
	}
	if i := slices.IndexFunc(list, func(m store.Waiting) bool { return m.Number == number }); i >= 0 {
		return list[i], nil
	}
	return store.Waiting{}, store.NoSuchMail(number)
}

// decision is something that only a person can tell: of a mail what it is, or whether
// two complaints of one person are one.
type decision struct {
	mail store.Waiting
	id   casefile.ID // of a complaint, if it is about one
	same casefile.ID // the older one of the same person
}

// decisions returns what there is to decide. That two complaints are two is decided by
// the first thing that is done about the second.
func (a *app) decisions(open []*store.File) ([]decision, error) {
	var list []decision
	waiting, err := a.reg.Waiting()
	for _, m := range waiting {
		list = append(list, decision{mail: m})
	}
	first := map[string]casefile.ID{}
	for _, f := range slices.SortedFunc(slices.Values(open), func(x, y *store.File) int { return x.ID.Compare(y.ID) }) {
		email := strings.ToLower(f.Complainant.Email)
		if email == "" || f.State.Closed {
			continue
		}
		if old := first[email]; old == "" {
			first[email] = f.ID
		} else if len(f.Log) == 1 && f.Log[0].Mail != "" {
			list = append(list, decision{id: f.ID, same: old})
		}
	}
	return list, err
}

type decisionJSON struct {
	Mail int           `json:"mail,omitempty"` // the number under which a mail waits
	On   casefile.Date `json:"on,omitzero"`    // on which it came in
	From string        `json:"from,omitempty"`
	Why  string        `json:"why,omitempty"`
	ID   casefile.ID   `json:"id,omitempty"`   // a complaint
	Same casefile.ID   `json:"same,omitempty"` // an older one of the same person, of which it may be a part
}

func (g *morning) decisionsJSON() []decisionJSON {
	var list []decisionJSON
	for _, d := range g.decisions {
		list = append(list, decisionJSON{Mail: d.mail.Number, On: d.mail.On, From: d.mail.From, Why: d.mail.Why, ID: d.id, Same: d.same})
	}
	return list
}

// decisions draws what there is to decide.
func (v *dueView) decisions(b *strings.Builder, g *morning) {
	if len(g.decisions) == 0 {
		return
	}
	b.WriteString("\n" + v.today.Bold(true).Render(v.T("FOR YOU TO DECIDE")) + "\n")
	hinted := false
	for _, d := range g.decisions {
		if d.id != "" {
			b.WriteString("? " + v.T("%s is of the same person as %s", d.id, d.same) + "\n")
			b.WriteString("    " + v.dim.Render(v.T("one complaint: `klacht move %s --to %s`; two: go on with it", d.id, d.same)) + "\n")
			continue
		}
		parts := []string{v.T("mail %d", d.mail.Number)}
		if !d.mail.On.IsZero() {
			parts = append(parts, v.Day(d.mail.On))
		}
		parts = append(parts, cmp.Or(casefile.OneLine(d.mail.From), casefile.OneLine(d.mail.Name)))
		b.WriteString("? " + strings.Join(parts, "  ") + "\n")
		b.WriteString("    " + casefile.OneLine(d.mail.Why) + "\n")
		if !hinted {
			b.WriteString("    " + v.dim.Render(v.T("take it in: `klacht fetch --take %d`; no complaint: `klacht fetch --leave %d`", d.mail.Number, d.mail.Number)) + "\n")
		}
		hinted = true
	}
}
