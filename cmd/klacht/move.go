package main

import (
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/spf13/cobra"
)

// newMove is the command that puts what came in with the complaint that it belongs to.
func newMove(a *app) *cobra.Command {
	var to, as string
	c := &cobra.Command{
		Use:   "move ID [MAIL]",
		Short: a.T("put a complaint, or one of its mails, where it belongs"),
		Long: a.T("Make a complaint a part of another, because it was a reply, or a mail of the body that it lies with (--as refer,\n" +
			"--as ruling). Its mails go there, its number says so for ever, and it counts in no figure. With the name of a\n" +
			"MAIL only that goes: to another complaint, or to a new one (--to new)."),
		Example: "  klacht move 9 --to 7\n  klacht move 9 --to 7 --as ruling\n  klacht move 7 04-replied.eml --to new",
		Args:    a.between(1, 2),
		RunE:    func(_ *cobra.Command, args []string) error { return a.move(args, to, as) },
	}
	c.ValidArgsFunction = a.completeIDs
	c.Flags().StringVar(&to, "to", "", a.T("the `number` of the complaint that it belongs to, or new"))
	c.Flags().StringVar(&as, "as", "reply", a.T("what it is there: reply, refer or ruling"))
	_ = c.RegisterFlagCompletionFunc("as", fixedWords([]string{"reply", "refer", "ruling"}))
	return c
}

// movedAs are the steps that a mail can be in the complaint that it goes to.
var movedAs = map[string]casefile.Step{"reply": casefile.Replied, "refer": casefile.Referred, "ruling": casefile.Ruled}

func (a *app) move(args []string, to, as string) error {
	step, ok := movedAs[as]
	if !ok {
		return usage("--as is reply, refer or ruling, not %q", as)
	}
	if to == "" {
		return usage("where does it belong? Give --to")
	}
	if err := a.open(); err != nil {
		return err
	}
	m := store.Moving{As: step, On: a.now.Date}
	var err error
	if m.From, err = a.find(args[0]); err != nil {
		return err
	}
	if len(args) > 1 {
		m.Mail = args[1]
	}
	if m.By, err = a.who(""); err != nil {
		return err
	}
	from, err := a.reg.Load(m.From)
	if err != nil {
		return err
	}
	switch {
	case to == "new" && m.Mail == "":
		return usage("a complaint is one already; --to new goes with the name of a mail")
	case to == "new":
		return a.moveToNew(from, m)
	}
	if m.To, err = a.find(to); err != nil {
		return err
	}
	a.describe(&m, from)
	f, err := a.write(func(w *store.Writer) (*store.File, error) { return w.Move(m) })
	if err != nil {
		return err
	}
	return a.tellMoved(f, m)
}

// describe fills in what its first mail is in the other complaint.
func (a *app) describe(m *store.Moving, from *store.File) {
	m.Says = a.T("A mail that came in here belongs to %s.", m.To)
	switch m.As {
	case casefile.Referred:
		if m.Body = a.reg.Policy.BodyAt(from.Complainant.Email); m.Body == "" && len(a.reg.Policy.Bodies) > 0 {
			m.Body = a.reg.Policy.Bodies[0].Name
		}
	case casefile.Ruled:
		m.Text = strings.TrimSpace(from.Complaint)
	}
}

// moveToNew registers a mail of a complaint as one of its own.
func (a *app) moveToNew(from *store.File, m store.Moving) error {
	mail, err := a.reg.Mail(from, m.Mail)
	if err != nil {
		return casefile.Errorf("%s has no mail that is called %s", m.From, m.Mail).WithHint("`klacht show %s` names its mails", m.From)
	}
	read, err := a.intake(mail)
	if err != nil {
		return err
	}
	f, err := a.write(func(w *store.Writer) (*store.File, error) {
		for _, e := range from.Log {
			if e.Mail == m.Mail {
				c := inbox.CaseOf(read, e.At, a.reg.Policy, m.By, a.inboxWords())
				c.Log[0].WriteDown(a.now.Date)
				return w.MoveToNew(m, c, func(id casefile.ID) string { return a.T("A mail that came in here belongs to %s.", id) })
			}
		}
		return nil, casefile.Errorf("%s has no mail that is called %s", m.From, m.Mail).WithHint("`klacht show %s` names its mails", m.From)
	})
	if err != nil {
		return err
	}
	return a.tellNew(f)
}

func (a *app) tellMoved(f *store.File, m store.Moving) error {
	switch {
	case a.json:
		return writeJSON(a.Out, a.caseJSON(f))
	case m.Mail != "":
		a.println(a.T("%s: %s is here now, and not with %s", f.ID, m.Mail, m.From))
	default:
		a.println(a.T("%s is a part of %s now, and counts in no figure", m.From, f.ID))
	}
	return nil
}
