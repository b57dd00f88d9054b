package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
	"klacht/store/outbox"

	"github.com/spf13/cobra"
)

// newFetch is the command that takes in what has come to a mailbox.
func newFetch(a *app) *cobra.Command {
	var flag string
	var again bool
	c := &cobra.Command{
		Use:   "fetch [SOURCE]",
		Short: a.t("take in the complaints and replies of a mailbox"),
		Long: a.t("Take in the mails of a mailbox that klacht has not seen yet: a reply goes to its complaint, any other\n" +
			"mail is a new one, so give complaints a folder of their own and drag them there. Automatic replies and\n" +
			"mailing lists never open a complaint. SOURCE is imaps://USER@HOST/FOLDER, imap://USER@HOST/FOLDER\n" +
			"(STARTTLS), a Maildir or an mbox; without it the mailbox of config.yaml is read. Nothing in it is changed."),
		Example: "  klacht fetch\n  klacht fetch imaps://mok@mail.webwerkoost.example/Klachten\n  klacht fetch ~/Maildir/.Klachten",
		Args:    a.between(0, 1),
		RunE:    func(c *cobra.Command, args []string) error { return a.fetch(c.Context(), args, flag, again) },
	}
	c.Flags().StringVar(&flag, "flag", "", a.t("set this IMAP `flag` on mails that were dealt with, such as \\Flagged"))
	c.Flags().BoolVar(&again, "again", false, a.t("look at every mail again; what is registered is still registered once"))
	return c
}

// source returns the mailbox to read: as named, or that of the settings.
func (a *app) source(args []string, flag string) (inbox.Source, error) {
	config, err := outbox.ReadConfig(a.ConfigDir)
	if err != nil {
		return nil, err
	}
	password := func(ctx context.Context, account string) (string, error) {
		if config.IMAP == nil || config.IMAP.Password == nil {
			return "", casefile.Errorf("there is no password for %s", account).
				WithHint("config.yaml says how to get it: imap: {host, user, password_command}")
		}
		return config.IMAP.Password(ctx)
	}
	if len(args) > 0 {
		place := args[0]
		return inbox.Parse(place, inbox.Setup{Zone: a.reg.Policy.Zone, Password: password, Flag: flag})
	}
	if config.IMAP == nil {
		return nil, usage("which mailbox? Name it, or set imap in config.yaml")
	}
	m := config.IMAP
	return &inbox.IMAP{Host: net.JoinHostPort(m.Host, strconv.Itoa(m.Port)), StartTLS: m.TLS == outbox.TLSStart, User: m.User,
		Folder: m.Folder, Password: password, Flag: flag}, nil
}

type fetchedJSON struct {
	ID    casefile.ID   `json:"id,omitempty"`
	Kind  inbox.Kind    `json:"kind"`
	Step  casefile.Step `json:"step,omitempty"`
	Mail  string        `json:"mail"`
	From  string        `json:"from,omitempty"`  // name and address of who wrote it, of a complaint or a reply
	About casefile.ID   `json:"about,omitempty"` // the complaint that a new one mentions
	Error string        `json:"error,omitempty"`

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
	o := inbox.Options{Now: a.now, By: by, Again: again, Words: a.inboxWords()}
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

// fetchHint says what to do about a mail that was not registered. The hints on
// a mail that cannot be read speak of the flags of `klacht new`.
func fetchHint(r inbox.Result) (casefile.Message, bool) {
	err := r.Err
	if damage := (*store.Damage)(nil); r.Kind == "" && !errors.As(err, &damage) {
		err = casefile.Errorf("%v", err).WithHint("save it as .eml: `klacht new FILE`, with --name, --email, --received or --text for what it lacks")
	}
	return casefile.HintOf(err)
}

// tellFetched says what became of each mail, numbers first.
func (a *app) tellFetched(results []inbox.Result) error {
	list := []fetchedJSON{}
	for _, r := range results {
		j := fetchedJSON{ID: r.ID, Kind: r.Kind, Step: r.Step, Mail: r.Name, About: r.About, Letter: r.Letter, Undone: r.Undone}
		if r.Mail != nil {
			j.From = a.whoseAddress(casefile.Complainant{Name: r.Mail.Name, Email: r.Mail.Email})
		}
		if r.Err != nil {
			j.Error = a.words.err(r.Err)
			a.code = exitPartial
			fmt.Fprintln(a.Err, "klacht: "+casefile.OneLine(r.Name)+": "+j.Error)
			if hint, ok := fetchHint(r); ok {
				fmt.Fprintln(a.Err, "hint: "+a.say(hint))
			}
		}
		list = append(list, j)
		if a.json || r.Err != nil {
			continue
		}
		switch name := casefile.OneLine(r.Name); r.Kind {
		case inbox.Automatic:
			a.println(a.dim.Render(a.t("%s: not registered, no person wrote it (%s)", name, r.Why)))
		case inbox.Own:
			a.println(a.dim.Render(a.t("%s: not registered, you wrote it yourself", name)))
		case inbox.Complaint:
			a.println(a.t("%s: a new complaint of %s, received on %s", r.ID, j.From, a.day(r.At.Date)))
			if !r.Topmost.IsZero() {
				a.println("  " + a.twoDays(r.At.Date, r.Topmost))
			}
			if r.About != "" {
				a.println(a.t("  its subject mentions %s, but it comes from another address than that complaint", r.About))
			}
		case inbox.Reply:
			a.println(a.t("%s: a reply came in from %s", r.ID, j.From))
			if r.Status == casefile.StatusClosed {
				a.println(a.t("  the complaint is closed; to take it up again: klacht reopen %s", r.ID))
			}
		case inbox.Bounce:
			a.println(a.late.Render("! ") + a.t("%s: your letter %s did not arrive", r.ID, r.Letter))
			if r.Undone != "" {
				a.println(a.t("  so this is undone: %s; klacht show %s", a.stepName(r.Undone), r.ID))
			}
		}
	}
	if a.json {
		return writeJSON(a.Out, list)
	}
	if len(results) == 0 {
		a.println(a.t("No new mail."))
	}
	return nil
}
