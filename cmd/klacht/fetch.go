package main

import (
	"context"
	"fmt"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/account"
	"klacht/store/inbox"

	"github.com/spf13/cobra"
)

// newFetch is the command that takes in what has come to a mailbox.
func newFetch(a *app) *cobra.Command {
	var flag string
	var again bool
	var take, leave int
	var o newOptions
	c := &cobra.Command{
		Use:   "fetch [SOURCE]",
		Short: a.T("take in the complaints and replies of a mailbox"),
		Long: a.T("Take in the mails of a mailbox that klacht has not seen yet: a reply goes to its complaint, any other\n" +
			"mail is a new one, so give complaints a folder of their own and drag them there. Automatic replies and\n" +
			"mailing lists never open a complaint. A mail of which it is not certain what it is, or of whom, waits until\n" +
			"you say so, and stands in the summary: --take takes it in, --leave lets go of it.\n\n" +
			"SOURCE is imaps://USER@HOST/FOLDER, imap://USER@HOST/FOLDER (STARTTLS), a Maildir, an mbox (also as Apple Mail\n" +
			"exports it) or a folder of .eml files; without it the mailbox of config.yaml is read. Nothing in it is changed."),
		Example: "  klacht fetch\n  klacht fetch imaps://mok@mail.webwerkoost.example/Klachten\n  klacht fetch ~/Maildir/.Klachten",
		Args:    a.between(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case take != 0 && leave != 0 || (take != 0 || leave != 0) && (len(args) > 0 || again || flag != ""):
				return usage("--take and --leave stand alone: they are about one mail that waits")
			case take != 0:
				return a.take(c.Context(), take, &o)
			case leave != 0:
				return a.leave(leave)
			case o.ofOne() || o.caseID != "" || o.anyway:
				return usage("what is said of a mail goes with --take")
			}
			return a.fetch(c.Context(), args, flag, again)
		},
	}
	f := c.Flags()
	f.IntVar(&take, "take", 0, a.T("take in the mail that waits under this `number`"))
	f.IntVar(&leave, "leave", 0, a.T("let go of the mail that waits under this `number`: it is no complaint"))
	a.mailFlags(c, &o)
	c.Flags().StringVar(&flag, "flag", "", a.T("set this IMAP `flag` on mails that were dealt with, such as \\Flagged"))
	c.Flags().BoolVar(&again, "again", false, a.T("look at every mail again; what is registered is still registered once"))
	return c
}

// source returns the mailbox to read: as named, or that of the settings.
func (a *app) source(args []string, flag string) (inbox.Source, error) {
	settings, err := account.Read(a.ConfigDir)
	if err != nil {
		return nil, err
	}
	if len(args) > 0 {
		return inbox.Parse(args[0], inbox.Setup{Zone: a.reg.Policy.Zone, Password: settings.Password, Flag: flag})
	}
	if settings.IMAP == nil {
		return nil, usage("which mailbox? Name it, or set imap in config.yaml")
	}
	return &inbox.IMAP{Server: settings.IMAP.Server, Folder: settings.IMAP.Folder, Flag: flag}, nil
}

type fetchedJSON struct {
	ID    casefile.ID   `json:"id,omitempty"`
	Kind  inbox.Kind    `json:"kind"`
	Step  casefile.Step `json:"step,omitempty"`
	Mail  string        `json:"mail"`
	From  string        `json:"from,omitempty"`  // name and address of who wrote it, of a complaint or a reply
	About casefile.ID   `json:"about,omitempty"` // the complaint that a new one mentions
	Error string        `json:"error,omitempty"`

	Same  casefile.ID `json:"same,omitempty"`  // an open complaint of the same address
	Waits int         `json:"waits,omitempty"` // the number under which it waits for a decision

	Letter string        `json:"letter,omitempty"` // of ours, that did not arrive
	Undone casefile.Step `json:"undone,omitempty"` // the step that it carried out
}

func (a *app) fetch(ctx context.Context, args []string, flag string, again bool) error {
	if err := a.open(); err != nil {
		return err
	}
	src, err := a.source(args, flag)
	if err != nil {
		return err
	}
	if _, err := a.write(func(*store.Writer) (*store.File, error) { return nil, nil }); err != nil { // what a crash left comes first
		return err
	}
	by, err := a.who("")
	if err != nil {
		return err
	}
	o := inbox.Options{Now: a.now, By: by, Again: again, Words: a.inboxWords(), Say: a.Explain}
	if len(args) > 0 {
		if o.Place = args[0]; !strings.HasPrefix(o.Place, "imap") {
			o.Place = src.Name()
		}
	}
	progress, done := a.progress()
	if progress != nil {
		o.Progress = func(done, total int64) { progress(int(done), int(total)) }
	}
	results, err := inbox.Fetch(ctx, src, a.reg, o)
	done()
	if err != nil && len(results) == 0 {
		return err
	}
	if terr := a.tellFetched(results); terr != nil {
		return terr
	}
	if err != nil { // what came before it is registered
		err = casefile.Errorf("%v", err).Of(casefile.Pending)
	}
	return err
}

// tellFetched says what became of each mail, numbers first.
func (a *app) tellFetched(results []inbox.Result) error {
	list := []fetchedJSON{}
	skipped := false
	for _, r := range results {
		j := a.fetchedJSON(r)
		list = append(list, j)
		if r.Err != nil {
			a.tellWaiting(r, j)
		} else if !a.json {
			a.tellTaken(r, j.From)
		}
		if r.Mail != nil && r.Err == nil && !a.json && (r.Kind == inbox.Complaint || r.Kind == inbox.Reply) {
			if said := a.noText(r.Mail); said != "" {
				a.println("  " + said)
			}
		}
		skipped = skipped || r.Kind == inbox.Automatic
	}
	if a.json {
		return writeJSON(a.Out, list)
	}
	if len(results) == 0 {
		a.println(a.T("No new mail."))
	}
	if skipped {
		a.println(a.dim.Render(a.T("Is one of those a complaint all the same? Save it as .eml: `klacht new FILE --anyway`")))
	}
	return nil
}

func (a *app) fetchedJSON(r inbox.Result) fetchedJSON {
	j := fetchedJSON{ID: r.ID, Kind: r.Kind, Step: r.Step, Mail: r.Name, About: r.About, Same: r.Same, Letter: r.Letter, Undone: r.Undone, Waits: r.Waits}
	if r.Mail != nil {
		j.From = a.WhoseAddress(casefile.Complainant{Name: r.Mail.Name, Email: r.Mail.Email})
	}
	if r.Err != nil {
		j.Error = a.Explain(r.Err)
	}
	return j
}

// tellWaiting says why a mail was not registered, and what to type.
func (a *app) tellWaiting(r inbox.Result, j fetchedJSON) {
	a.code = exitPartial
	fmt.Fprintln(a.Err, "klacht: "+casefile.OneLine(r.Name)+": "+j.Error)
	hint, ok := casefile.HintOf(r.Err)
	switch {
	case r.Waits == 0 && ok:
		fmt.Fprintln(a.Err, "hint: "+a.Say(hint))
	case r.Waits != 0 && r.Doubt != nil && r.ID != "":
		fmt.Fprintln(a.Err, "hint: "+a.T("`klacht fetch --take %d --case %s` puts it there, --anyway makes it a complaint of its own; `klacht fetch --leave %d`", r.Waits, r.ID, r.Waits))
	case r.Waits != 0 && r.Doubt != nil:
		fmt.Fprintln(a.Err, "hint: "+a.T("`klacht fetch --take %d --case NUMBER` puts it with a complaint, --anyway makes it one of its own; `klacht fetch --leave %d`", r.Waits, r.Waits))
	case r.Waits != 0:
		fmt.Fprintln(a.Err, "hint: "+a.T("`klacht fetch --take %d`, with --name, --email and --received for what it lacks; or `klacht fetch --leave %d`", r.Waits, r.Waits))
	}
}

// tellTaken says what became of a mail.
func (a *app) tellTaken(r inbox.Result, from string) {
	switch name := casefile.OneLine(r.Name); r.Kind {
	case inbox.Automatic:
		a.println(a.dim.Render(a.T("%s: not registered, no person wrote it (%s)", name, r.Why)))
	case inbox.Own:
		a.println(a.dim.Render(a.T("%s: not registered, you wrote it yourself", name)))
	case inbox.Known:
		a.println(a.dim.Render(a.T("%s: known already, as %s", name, r.ID)))
	case inbox.Complaint:
		a.println(a.T("%s: a new complaint of %s, received on %s", r.ID, from, a.Day(r.At.Date)))
		if passed := a.passedOn(r.Mail, r.At.Date); passed != "" {
			a.println("  " + passed)
		}
		a.tellRelated(r.Verdict)
	case inbox.Reply:
		if r.Step == casefile.Received {
			a.println(a.T("%s is in writing now: received on %s from %s", r.ID, a.Day(r.At.Date), from))
			return
		}
		a.println(a.T("%s: a reply came in from %s", r.ID, from))
		if r.Status == casefile.StatusClosed {
			a.println(a.T("  the complaint is closed; to take it up again: klacht reopen %s", r.ID))
		}
	case inbox.Bounce:
		a.println(a.late.Render("! ") + a.T("%s: your letter %s did not arrive", r.ID, r.Letter))
		if r.Undone != "" {
			a.println(a.T("  so this is undone: %s; klacht show %s", a.StepName(r.Undone), r.ID))
		}
	}
}

// passedOn says that the last server which had a mail stamped it on another day than that
// on which it came in; "" if it did not.
func (a *app) passedOn(m *inbox.Mail, came casefile.Date) string {
	if m.Topmost.IsZero() {
		return ""
	}
	if last := casefile.MomentOf(m.Topmost, a.reg.Policy.Zone).Date; last != came {
		return a.T("it came in on %s, and was passed on to where it is on %s", a.Day(came), a.Day(last))
	}
	return ""
}

// tellRelated names the complaints that a new one has to do with.
func (a *app) tellRelated(v inbox.Verdict) {
	if v.About != "" {
		a.println(a.T("  its subject mentions %s, but it comes from another address than that complaint", v.About))
	}
	if v.Same != "" {
		a.println(a.T("  %s of the same person is open", v.Same))
	}
	if v.Mail != nil && v.Mail.AnswerTo != "" {
		a.println(a.T("  it asks for answers at %s; letters go to the address that it comes from, unless you change that", v.Mail.AnswerTo))
	}
}
