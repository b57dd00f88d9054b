package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/outbox"

	"github.com/spf13/cobra"
)

// dueOptions are the flags of due.
type dueOptions struct {
	days     int
	only     []string
	exitCode bool
	quiet    bool
}

// newDue is the command for the morning summary.
func newDue(a *app) *cobra.Command {
	var o dueOptions
	c := &cobra.Command{
		Use:   "due",
		Short: a.T("show what is due: the morning summary"),
		Long: a.T("Show what is to be done, for whom and by when: too late, today, the coming days, later, and what\n" +
			"waits for somebody else. The day shown is the last working day on which the promise can be kept. Under the\n" +
			"first line of each kind stands what to type. Mails without their complaint, files under another name and the\n" +
			"like are told of too, and make the exit code 3."),
		Example: "  klacht due\n  klacht due --only overdue,today --quiet --exit-code",
		Args:    a.exactly(0),
		RunE:    func(*cobra.Command, []string) error { return a.due(&o) },
	}
	f := c.Flags()
	f.IntVar(&o.days, "days", 14, a.T("how many coming `days` to show apart from later ones (14, if left out)"))
	f.StringSliceVar(&o.only, "only", nil, a.T("show only these `states`: overdue, today, upcoming, waiting"))
	f.BoolVar(&o.exitCode, "exit-code", false, a.T("exit with 4 if something is overdue"))
	f.BoolVar(&o.quiet, "quiet", false, a.T("print nothing if there is nothing to do, for cron"))
	_ = c.RegisterFlagCompletionFunc("only", fixedWords(urgencies))
	return c
}

var urgencies = []deadlines.Urgency{deadlines.TooLate, deadlines.Today, deadlines.Upcoming, deadlines.Waiting}

// morning is what is to be done, as of a day.
type morning struct {
	actions   []deadlines.Action
	expired   int                                // archived complaints that may be purged
	letters   map[*casefile.Entry]outbox.Waiting // the letters of the actions to send one
	unsent    []outbox.Waiting                   // all letters
	damaged   []*store.Damage
	history   []casefile.ID // purged complaints that are still in the history, here or elsewhere
	unsynced  unsynced
	decisions []decision
	obstacle  error // why nothing can be recorded now

	over        int // for how many days the first of the expired has been so
	asked       []deadlines.Urgency
	unshown     int // lines that a filter leaves out
	unshownLate int // those of them that are too late
}

// idle reports whether there is nothing to do, as far as the agenda was looked at.
func (g *morning) idle() bool {
	return len(g.actions) == 0 && g.expired == 0 && len(g.damaged) == 0 && len(g.history) == 0 && len(g.decisions) == 0
}

// soon and long are how many days a complaint may be past its time in the archive
// before the summary says so louder, and before that is too late.
const (
	soon = 31
	long = 92
)

// purging is how urgent it is to let go of what has expired.
func (g *morning) purging() deadlines.Urgency {
	if g.over > long {
		return deadlines.TooLate
	}
	return deadlines.Today
}

// late reports whether something is too late.
func (g *morning) late() bool {
	return g.expired > 0 && g.purging() == deadlines.TooLate ||
		slices.ContainsFunc(g.actions, func(x deadlines.Action) bool { return x.Urgency == deadlines.TooLate })
}

// only leaves out what is not of these urgencies, and counts it.
func (g *morning) only(asked []deadlines.Urgency) {
	g.asked = asked
	leave := func(u deadlines.Urgency) bool {
		if slices.Contains(asked, u) {
			return false
		}
		g.unshown++
		if u == deadlines.TooLate {
			g.unshownLate++
		}
		return true
	}
	g.actions = slices.DeleteFunc(g.actions, func(x deadlines.Action) bool { return leave(x.Urgency) })
	if g.expired > 0 && leave(g.purging()) {
		g.expired = 0
	}
	if len(g.history) > 0 && leave(deadlines.Today) {
		g.history = nil
	}
}

func (a *app) due(o *dueOptions) error {
	var only []deadlines.Urgency
	for _, given := range o.only {
		u, err := meant(a, given, urgencies, (*words.Words).UrgencyName)
		if err != nil {
			return err
		}
		only = append(only, u)
	}
	if o.days < 0 {
		return usage("--days cannot be less than 0")
	}
	if err := a.open(); err != nil {
		return err
	}
	g, err := a.morning()
	if err != nil {
		return err
	}
	if o.exitCode && g.late() { // whatever is shown of it
		a.code = exitOverdue
	}
	if len(only) > 0 {
		g.only(only)
	}
	a.tellDamage(g.damaged)
	if a.json {
		return writeJSON(a.Out, a.dueJSON(g))
	}
	if o.quiet && g.idle() {
		return nil
	}
	v := dueView{app: a, days: o.days}
	_, err = fmt.Fprint(a.Out, v.render(g))
	return err
}

// morning gathers what is to be done today.
func (a *app) morning() (*morning, error) {
	open, damaged, err := a.reg.ReadOpen()
	if err != nil {
		return nil, err
	}
	plan, err := a.reg.PlanPurge(open, a.now.Date)
	if err != nil {
		return nil, err
	}
	astray, err := a.reg.Astray()
	if err != nil {
		return nil, err
	}
	g := &morning{expired: len(plan.Gone), damaged: slices.Concat(damaged, astray, plan.Damage), unsynced: a.unsynced()}
	if a.history != nil {
		g.obstacle = a.history.Obstacle()
	}
	for _, f := range plan.Gone {
		if until := deadlines.FreeFrom(&f.Case, f.State, a.reg.Policy); !until.IsZero() {
			g.over = max(g.over, until.DaysUntil(a.now.Date))
		}
	}
	for _, f := range open {
		if d := f.StillToCome(a.reg.Today); d != nil { // until its day it is as it was before
			g.damaged = append(g.damaged, d)
			if f = f.AsOf(a.now.Date); f == nil {
				continue
			}
		}
		g.actions = append(g.actions, deadlines.Actions(&f.Case, f.State, a.reg.Policy, a.now.Date)...)
	}
	waiting, unread, err := outbox.List(a.reg)
	if err != nil {
		return nil, err
	}
	g.damaged, g.letters, g.unsent = append(g.damaged, unread...), map[*casefile.Entry]outbox.Waiting{}, waiting
	for _, w := range waiting {
		f, err := a.reg.Load(w.ID) // which may be in the archive by now
		if err != nil {
			g.damaged = append(g.damaged, &store.Damage{File: "outbox/" + w.Name + ".letter", Err: err})
			continue
		}
		g.letters[&w.Entry] = w
		g.actions = append(g.actions, deadlines.Action{Case: &f.Case, Do: deadlines.DoSend, Urgency: deadlines.Today, Entry: &w.Entry})
	}
	slices.SortStableFunc(g.actions, deadlines.Action.Compare)
	if g.decisions, err = a.decisions(open); err != nil {
		damage := (*store.Damage)(nil)
		if !errors.As(err, &damage) {
			return nil, err
		}
		g.damaged = append(g.damaged, damage)
	}
	pending, err := a.pending()
	for _, p := range pending {
		if !slices.Contains(g.history, p.ID) {
			g.history = append(g.history, p.ID)
		}
	}
	slices.SortFunc(g.history, casefile.ID.Compare)
	return g, err
}

// tellDamage names each file that could not be read on standard error, and
// makes the exit code say so.
func (a *app) tellDamage(damaged []*store.Damage) {
	for _, d := range damaged {
		a.complain(d)
	}
	if len(damaged) > 0 {
		a.code = exitPartial
	}
}

type actionJSON struct {
	ID           casefile.ID       `json:"id,omitempty"`
	Action       deadlines.Do      `json:"action"`
	Due          casefile.Date     `json:"due,omitzero"`
	DoBy         casefile.Date     `json:"do_by,omitzero"`
	WorkdaysLeft *int              `json:"workdays_left,omitempty"`
	State        deadlines.Urgency `json:"state"`
	Subject      string            `json:"subject,omitempty"`
	Complainant  string            `json:"complainant,omitempty"`
	When         string            `json:"when,omitempty"`
	WaitingFor   string            `json:"waiting_for,omitempty"`
	Count        int               `json:"count,omitempty"`
	Undelivered  string            `json:"undelivered,omitempty"` // name of the mail that came back
	Letter       string            `json:"letter,omitempty"`      // to send: its name in outbox/
	Step         casefile.Step     `json:"step,omitempty"`        // to send: what it carries out
	TellBy       casefile.Date     `json:"tell_by,omitzero"`      // to close: the last day on which a delay can be told in time
	End          casefile.Moment   `json:"end,omitzero"`          // of a term in hours: the moment
}

type damageJSON struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Error string `json:"error"`
}

func (a *app) damageJSON(damaged []*store.Damage) []damageJSON {
	list := []damageJSON{}
	for _, d := range damaged {
		list = append(list, damageJSON{d.File, d.Line, a.Explain(d.Err)})
	}
	return list
}

func (a *app) dueJSON(g *morning) any {
	actions := []actionJSON{}
	for _, x := range g.actions {
		j := actionJSON{ID: x.Case.ID, Action: x.Do, Due: x.Due, DoBy: x.DoBy, State: x.Urgency,
			Subject: x.Case.Subject, Complainant: whose(x.Case), WaitingFor: a.waitingFor(x), TellBy: x.TellBy, End: x.End}
		if !x.Due.IsZero() {
			j.WorkdaysLeft = &x.Left
		}
		if x.Do == deadlines.DoSend {
			j.Letter, j.Step = g.letters[x.Entry].Name, x.Entry.Step
		}
		if x.Do == deadlines.DoHear && x.Entry != nil {
			j.When = x.Entry.When.String()
		}
		if x.Back != nil {
			j.Undelivered = x.Back.Mail
		}
		actions = append(actions, j)
	}
	if g.expired > 0 {
		actions = append(actions, actionJSON{Action: deadlines.DoPurge, State: g.purging(), Count: g.expired})
	}
	obstacle := ""
	if g.obstacle != nil {
		obstacle = a.Explain(g.obstacle)
	}
	return struct {
		Today    casefile.Date  `json:"today"`
		Actions  []actionJSON   `json:"actions"`
		Damaged  []damageJSON   `json:"damaged"`
		Decide   []decisionJSON `json:"decide,omitempty"` // what only a person can tell
		Unerased []casefile.ID  `json:"unerased,omitempty"`
		Unsynced unsynced       `json:"unsynced,omitzero"`
		Obstacle string         `json:"obstacle,omitempty"` // why nothing can be recorded now
	}{a.now.Date, actions, a.damageJSON(g.damaged), g.decisionsJSON(), g.history, g.unsynced, obstacle}
}

// waitingFor says whose move it is, if it is not the owner's.
func (a *app) waitingFor(x deadlines.Action) string {
	switch {
	case x.For != "":
		return casefile.OneLine(x.For)
	case x.Do == deadlines.DoInviteToWrite && x.Urgency == deadlines.Waiting, x.Do == deadlines.DoClose && x.Entry != nil:
		return whose(x.Case)
	}
	return ""
}

// left says how much time is left, or how much has gone over, in working days.
func (a *app) left(x deadlines.Action) string {
	switch {
	case x.Due.IsZero():
		return ""
	case x.Urgency == deadlines.Today:
		return a.T("today")
	case x.Urgency != deadlines.TooLate:
		return a.T("in %d working days", max(x.Left, 0))
	case x.Left == 0: // since the end of the week
		return a.T("just too late")
	}
	return a.T("%d working days late", -x.Left)
}

// bar shows how much of a term has been used, in five parts; it is full from
// the last day on.
func bar(used float64) string {
	const parts = 5
	n := min(max(int(used*parts), 0), parts)
	return strings.Repeat("▰", n) + strings.Repeat("▱", parts-n)
}
