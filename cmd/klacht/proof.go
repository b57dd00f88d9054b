package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"
	"klacht/store/history/trace"
)

// proof is what is searched for once complaints are erased. It is in memory alone.
type proof struct {
	trace.Terms
}

// gather takes what is to be searched for from a complaint that is about to go.
func (a *app) gather(p *proof, id casefile.ID) error {
	standing, err := a.reg.Standing()
	if err != nil || standing[id] == "" {
		return err
	}
	f, err := a.reg.Load(id)
	if err != nil { // it cannot be read
		text, err := a.reg.ReadFile(standing[id])
		if err != nil {
			return err
		}
		p.AddDamaged(text)
		f = &store.File{Path: standing[id]}
		f.ID = id
	} else {
		p.Add(&f.Case)
	}
	mails, _ := os.ReadDir(filepath.Join(a.reg.Dir, strings.TrimSuffix(f.Path, ".yaml"))) // one without mails has none
	for _, m := range mails {
		mail, err := a.reg.Mail(f, m.Name())
		if err != nil || filepath.Ext(m.Name()) != ".eml" { // what cannot be read tells nothing
			continue
		}
		_, named := a.reg.Keys(mail)
		for _, key := range named {
			p.AddMail(strings.TrimPrefix(key, "id "))
		}
	}
	return nil
}

// prove looks for what is left of the complaints, once they are erased; the result is
// nil if there was nothing to look for, or no history that is klacht's to clean.
func (a *app) prove(ctx context.Context, p *proof, did *history.Shared) *history.Searched {
	repo, none := a.own()
	if none != nil || p.Empty() {
		return nil
	}
	found, err := history.Search(ctx, repo, a.reg, &p.Terms, did.Pending)
	if err != nil {
		a.tellLeft(casefile.Errorf("what was erased could not be searched for: %v", err))
		return nil
	}
	if len(found.Left) > 0 {
		a.code = exitPartial
	}
	return found
}

// maxLeft is the most places that are named.
const maxLeft = 10

// tellSearched says whether something is left, and where; at the places that an
// erasure is pending at nobody has looked.
func (a *app) tellSearched(found *history.Searched, pending []history.Pending) {
	var unseen []string
	for _, p := range pending {
		if p.Place != "" && !slices.Contains(unseen, casefile.OneLine(p.Place)) {
			unseen = append(unseen, casefile.OneLine(p.Place))
		}
	}
	switch {
	case found == nil:
		return
	case len(found.Left) == 0 && unseen != nil:
		a.println(a.T("searched %d files and %d objects: nothing is left here; not searched: %s", found.Files, found.Objects, strings.Join(unseen, ", ")))
		return
	case len(found.Left) == 0 && found.Objects == 0:
		a.println(a.T("searched %d files: nothing is left", found.Files))
		return
	case len(found.Left) == 0:
		a.println(a.T("searched %d files and %d objects: nothing is left", found.Files, found.Objects))
		return
	}
	a.complain(casefile.Errorf("searched %d files and %d objects, and something is left:", found.Files, found.Objects))
	var hints []string
	for _, l := range found.Left[:min(len(found.Left), maxLeft)] {
		fmt.Fprintln(a.Err, "  "+a.leftAt(l))
		if hint, ok := casefile.HintOf(l.Err); ok && !slices.Contains(hints, a.Say(hint)) {
			hints = append(hints, a.Say(hint))
		}
	}
	if more := len(found.Left) - maxLeft; more > 0 {
		fmt.Fprintln(a.Err, "  "+a.T("and %d more", more))
	}
	for _, hint := range hints {
		fmt.Fprintln(a.Err, "hint: "+hint)
	}
}

// leftAt says where something is left, and of what kind it is.
func (a *app) leftAt(l history.Left) string {
	if l.Case != "" && slices.ContainsFunc(l.What, func(k trace.Kind) bool { return k != trace.Address && k != trace.Unread }) {
		return a.T("%s names the same person", l.Case)
	}
	var what []string
	for _, k := range l.What {
		what = append(what, a.foundName(k))
	}
	return a.T("%s: %s", l.Place, strings.Join(what, ", "))
}

// foundName says what was found.
func (a *app) foundName(k trace.Kind) string {
	switch k {
	case trace.Name:
		return a.T("name")
	case trace.Email:
		return a.T("e-mail address")
	case trace.Phone:
		return a.T("phone number")
	case trace.Address:
		return a.T("postal address")
	case trace.Subject:
		return a.T("subject")
	case trace.MailID:
		return a.T("id of a mail")
	case trace.Unread:
		return a.T("could not be read")
	}
	return string(k)
}

type searchedJSON struct {
	Files   int `json:"files"`
	Objects int `json:"objects"`
}

type leftJSON struct {
	Place string     `json:"place"`
	What  trace.Kind `json:"what"`
}

// proofJSON is what scripts hear of a search; nothing if there was none.
type proofJSON struct {
	Searched *searchedJSON `json:"searched,omitempty"`
	Left     []leftJSON    `json:"left,omitzero"`
}

func jsonOf(found *history.Searched) (j proofJSON) {
	if found == nil {
		return j
	}
	j.Searched, j.Left = &searchedJSON{found.Files, found.Objects}, []leftJSON{}
	for _, l := range found.Left {
		for _, k := range l.What {
			j.Left = append(j.Left, leftJSON{l.Place, k})
		}
	}
	return j
}
