package main

import (
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/report"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// newShow is the command that shows one complaint.
func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             a.T("show one complaint: the text, the promises, the steps"),
		Example:           "  klacht show 7",
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.open(); err != nil {
				return err
			}
			id, err := a.find(args[0])
			if err != nil {
				return err
			}
			f, err := a.reg.Load(id)
			if err != nil {
				return err
			}
			all := len(f.Log)
			if f = f.AsOf(a.now.Date); f == nil {
				return casefile.Errorf("nothing had happened to %s yet on %s", id, a.now.Date)
			}
			if n := all - len(f.Log); n > 0 {
				fmt.Fprintln(a.Err, a.T("as it stood on %s; later steps, not shown: %d", a.Day(a.now.Date), n))
			}
			if a.json {
				return writeJSON(a.Out, a.caseJSON(f))
			}
			_, err = fmt.Fprint(a.Out, a.showCase(f))
			return err
		},
	}
}

type personJSON struct {
	Name      string `json:"name"`
	Email     string `json:"email"`
	Phone     string `json:"phone,omitempty"`
	Address   string `json:"address,omitempty"`
	Anonymous bool   `json:"anonymous,omitempty"`
}

type entryJSON struct {
	At          casefile.Moment   `json:"at"`
	Step        casefile.Step     `json:"step"`
	By          string            `json:"by"`
	When        casefile.Moment   `json:"when,omitzero"`
	Means       string            `json:"means,omitempty"`
	Until       casefile.Date     `json:"until,omitzero"`
	Reason      string            `json:"reason,omitempty"`
	Outcome     casefile.Outcome  `json:"outcome,omitempty"`
	Body        string            `json:"body,omitempty"`
	NothingToDo bool              `json:"nothing-to-do,omitempty"`
	Review      casefile.Date     `json:"review,omitzero"`
	Letter      string            `json:"letter,omitempty"`
	To          string            `json:"to,omitempty"`
	Text        string            `json:"text,omitempty"`
	Learned     string            `json:"learned,omitempty"`
	Files       []string          `json:"files,omitempty"`
	Mail        string            `json:"mail,omitempty"`
	Written     casefile.Date     `json:"written,omitzero"`
	Promised    casefile.Promised `json:"promised,omitempty"`
	Noted       casefile.Date     `json:"noted,omitzero"`
}

type promiseJSON struct {
	Term    deadlines.Name    `json:"term"`
	Due     casefile.Date     `json:"due"`
	DoBy    casefile.Date     `json:"do_by"`
	Done    casefile.Date     `json:"done,omitzero"`
	Verdict deadlines.Verdict `json:"verdict"`
	Proof   deadlines.Proof   `json:"proof,omitempty"`
	First   casefile.Date     `json:"first,omitzero"`  // the date before it was extended
	Lapsed  casefile.Date     `json:"lapsed,omitzero"` // the date that had passed when an extension was told
	Target  bool              `json:"target,omitempty"`
}

// attachedJSON is a file within a mail of a complaint.
type attachedJSON struct {
	Mail string `json:"mail"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Size int    `json:"size"`
}

type caseJSON struct {
	ID            casefile.ID     `json:"id"`
	Also          []casefile.ID   `json:"also,omitempty"`
	Status        casefile.Status `json:"status"`
	OnHold        bool            `json:"on_hold"`
	File          string          `json:"file"`
	Received      casefile.Date   `json:"received,omitzero"`
	Subject       string          `json:"subject"`
	About         string          `json:"about,omitempty"`
	Complainant   personJSON      `json:"complainant"`
	Others        []personJSON    `json:"others,omitempty"`
	Language      string          `json:"language"`
	Complaint     string          `json:"complaint"`
	Attached      []attachedJSON  `json:"attached,omitempty"`
	Terms         []promiseJSON   `json:"terms"`
	ArchivedUntil casefile.Date   `json:"archived_until,omitzero"`
	Log           []entryJSON     `json:"log"`
}

func (a *app) caseJSON(f *store.File) any {
	j := caseJSON{
		ID: f.ID, Also: f.Also, Status: f.State.Status(), OnHold: f.State.Hold != nil, File: f.Path, Received: f.ReceivedOn(),
		Subject: f.Subject, About: f.About, Complainant: personJSON(f.Complainant), Language: f.Language, Complaint: f.Complaint, Attached: a.attached(f),
		Terms: []promiseJSON{}, Log: []entryJSON{},
	}
	for _, p := range deadlines.Promises(&f.Case, a.reg.Policy, a.now.Date) {
		j.Terms = append(j.Terms, promiseJSON{p.Term, p.Due, p.DoBy, p.Done, p.Verdict, p.Proof, p.First, p.Lapsed, p.Target})
	}
	for _, o := range f.Others {
		j.Others = append(j.Others, personJSON(o))
	}
	j.ArchivedUntil = deadlines.Retention(&f.Case, f.State, a.reg.Policy).Until
	for _, e := range f.Log {
		j.Log = append(j.Log, entryJSON(e))
	}
	return j
}

// attached lists what is attached to the mails of a complaint, in the order of its
// steps. A mail that is missing or damaged adds nothing: `klacht check` tells of it.
func (a *app) attached(f *store.File) []attachedJSON {
	var list []attachedJSON
	seen := map[string]bool{"": true}
	for _, e := range f.InOrder() {
		if seen[e.Mail] {
			continue
		}
		seen[e.Mail] = true
		raw, err := a.reg.Mail(f, e.Mail)
		if err != nil {
			continue
		}
		shown, err := inbox.Show(raw, a.reg.Policy)
		if err != nil {
			continue
		}
		files := shown.Attached
		if shown.Inner != nil {
			files = slices.Concat(files, shown.Inner.Attached)
		}
		for _, at := range files {
			list = append(list, attachedJSON{e.Mail, at.Name, at.Type, at.Size})
		}
	}
	return list
}

// showCase draws one complaint.
func (a *app) showCase(f *store.File) string {
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s  %s\n", a.dim.Render(fit(label, 14)), value)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n\n", a.bold.Render(string(f.ID)), a.bold.Render(casefile.OneLine(f.Subject)))
	line(a.T("status"), a.StatusName(f.State))
	line(a.T("complainant"), a.person(f.Complainant))
	for _, o := range f.Others {
		line(a.T("and"), a.person(o))
	}
	line(a.T("about"), casefile.OneLine(f.About))
	if on := f.ReceivedOn(); !on.IsZero() {
		line(a.T("received"), a.Day(on))
	} else {
		line(a.T("voiced"), a.Day(f.Began()))
	}
	if kept := deadlines.Retention(&f.Case, f.State, a.reg.Policy); kept.Unlimited {
		line(a.T("archived"), a.T("without end"))
	} else if kept.Settled {
		line(a.T("archived"), a.T("until %s", a.Day(kept.Until)))
	}
	for _, id := range f.Also {
		line(a.T("was called"), string(id))
	}
	line(a.T("file"), casefile.OneLine(f.Path))
	if f.Complaint != "" {
		b.WriteString("\n" + a.wrapped(f.Complaint, "  │ "))
	}
	if attached := a.attached(f); len(attached) > 0 {
		b.WriteString("\n" + a.bold.Render(a.T("Attached")) + "\n")
		for _, at := range attached {
			b.WriteString("  " + strings.Join(present(at.Mail, at.Name, at.Type, report.Size(at.Size)), " · ") + "\n")
		}
	}
	if promises := deadlines.Promises(&f.Case, a.reg.Policy, a.now.Date); len(promises) > 0 {
		b.WriteString("\n" + a.bold.Render(a.T("Promises")) + "\n")
		b.WriteString(a.promiseLines(promises))
	}
	b.WriteString("\n" + a.bold.Render(a.T("Steps")) + "\n")
	back := f.CameBack()
	for _, e := range f.InOrder() {
		_, undone := back[e.Index]
		b.WriteString(a.stepLines(e.Entry, undone))
	}
	return b.String()
}

// present returns the texts that are not empty, each on one line.
func present(texts ...string) []string {
	var list []string
	for _, s := range texts {
		if s = casefile.OneLine(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// wrapped breaks a text at the width of the screen and puts a mark before each
// line.
func (a *app) wrapped(text, mark string) string {
	var b strings.Builder
	text = strings.ReplaceAll(casefile.Plain(text), "\t", "    ")
	for line := range strings.Lines(ansi.Wrap(text, a.width()-ansi.StringWidth(mark), "")) {
		b.WriteString(strings.TrimRight(a.dim.Render(mark)+strings.TrimRight(line, "\n"), " ") + "\n")
	}
	return b.String()
}

// person tells on one line all that is known of somebody who complains.
func (a *app) person(c casefile.Complainant) string {
	if c.Anonymous {
		return a.T("anonymous")
	}
	return strings.Join(present(c.Name, c.Email, c.Phone, strings.ReplaceAll(c.Address, "\n", ", ")), " · ")
}

// proofMarks stand behind a promise that is kept or missed: how that is known. Without
// one it is the owner's word.
var proofMarks = map[deadlines.Proof]string{deadlines.ByLetter: "✉", deadlines.ByDraft: "✎"}

// promiseLines draws the promises, with a line that says what their marks mean.
func (a *app) promiseLines(promises []deadlines.Promise) string {
	var b strings.Builder
	met := false
	for _, p := range promises {
		b.WriteString("  " + a.promiseLine(p) + "\n")
		met = met || p.Proof != ""
	}
	if met {
		b.WriteString(a.dim.Render("  "+a.T("✉ its letter is kept  ✎ kept as it was written  else your word")) + "\n")
	}
	return b.String()
}

func (a *app) promiseLine(p deadlines.Promise) string {
	mark, style := "·", a.dim
	switch p.Verdict {
	case deadlines.OnTime:
		mark, style = "✓", a.good
	case deadlines.Late, deadlines.Overdue:
		mark, style = "!", a.late
	case deadlines.Open:
		mark, style = "›", a.coming
	}
	s := style.Render(mark) + " " + fit(a.TermName(p.Term), 22) + fit(a.T("by %s", a.Day(p.Due)), 27)
	verdict := a.VerdictName(p.Verdict)
	if !p.Lapsed.IsZero() { // an extension that was told too late
		s = style.Render(mark) + " " + fit(a.TermName(p.Term), 22) + fit(a.T("missed on %s", a.Day(p.Lapsed)), 27)
		if p.Done.IsZero() {
			return s + style.Render(fit(verdict, 10)) + a.dim.Render(a.T("now by %s", a.DayNear(p.Due)))
		}
	}
	switch {
	case !p.Done.IsZero():
		return s + style.Render(fit(verdict, 10)) + a.dim.Render(strings.TrimSpace(fit(a.Day(p.Done), 16)+proofMarks[p.Proof]))
	case p.Term == deadlines.Extend:
		return s + style.Render(fit(verdict, 10)) + a.dim.Render(a.T("not told"))
	}
	if p.DoBy != p.Due && p.Verdict == deadlines.Open {
		return s + style.Render(fit(verdict, 10)) + a.dim.Render(a.T("do by %s", a.DayNear(p.DoBy)))
	}
	return s + style.Render(verdict)
}

func (a *app) stepLines(e casefile.Entry, undone bool) string {
	s := "  " + fit(a.Day(e.At.Date), 16) + " " + a.dim.Render(fit(e.At.Clock(), 5)) + "  " + a.What(e)
	if undone {
		s += "  " + a.late.Render(a.T("did not arrive"))
	}
	s += "\n"
	const indent = "                           "
	facts := append([]string{e.By, e.Mail}, e.Files...)
	if !e.Written.IsZero() {
		facts = append(facts, a.T("as written on %s", a.DayNear(e.Written)))
	}
	if !e.Noted.IsZero() {
		facts = append(facts, a.T("written down on %s", a.DayNear(e.Noted)))
	}
	s += a.dim.Render(indent+strings.Join(present(facts...), " · ")) + "\n"
	for _, text := range []string{e.Reason, e.Text} {
		if text != "" {
			s += a.wrapped(text, indent+"│ ")
		}
	}
	if e.Learned != "" {
		s += a.wrapped(a.T("learned: %s", e.Learned), indent+"│ ")
	}
	return s
}
