package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newOptions are the flags of new.
type newOptions struct {
	spoken, anonymous           bool
	received, on, by            string
	name, email, phone, address string
	and, files                  []string
	subject, about, caseID      string
	anyway, again               bool
	text, textFile, language    string
}

// newNew is the command that registers a complaint (R1, R2).
func newNew(a *app) *cobra.Command {
	var o newOptions
	c := &cobra.Command{
		Use:   "new [MAIL...]",
		Short: a.T("take in a mail, or register a complaint by hand (R1, R2)"),
		Long: a.T("Take in a mail, as a file (.eml) or - for standard input: a complaint is registered, with sender, subject, text\n" +
			"and day of arrival out of the mail; a reply goes to its complaint, and so does a letter of yours that came back.\n" +
			"What no person wrote is not registered. A complaint that you forwarded to yourself as an attachment is\n" +
			"taken from the attachment. --case says where a mail belongs, --anyway that it is a complaint. The mail is\n" +
			"kept byte for byte.\n\n" +
			"Without a mail the flags say it all, and on a terminal a form asks for what is missing. A complaint\n" +
			"that was only spoken (--spoken) is noted; no term runs until it is there in writing."),
		Example: "  klacht new complaint.eml\n" +
			"  klacht new --received 2026-11-20 --name \"Jolanda de Wit\" --email jolanda@voorbeeld.example \\\n" +
			"      --subject \"Website te laat\" --text-file brief.txt\n" +
			"  klacht new --spoken --name \"Bram Kok\" --phone 0612345678 --text \"Belde over de factuur\"",
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return a.newCase(&o, args) },
	}
	f := c.Flags()
	f.BoolVar(&o.spoken, "spoken", false, a.T("it was only spoken; no term runs yet"))
	f.StringVar(&o.on, "on", "", a.T("the `date` on which it was spoken (today, if left out)"))
	f.StringVar(&o.by, "by", "", a.T("the `name` of who registers it (the handler, if left out)"))
	f.StringVar(&o.phone, "phone", "", a.T("the phone `number` of the complainant"))
	f.StringVar(&o.address, "address", "", a.T("the postal `address` of the complainant, with commas between its lines"))
	f.StringArrayVar(&o.and, "and", nil, a.T("somebody who complains together with the first: `name`, or name <address>; can be given more than once"))
	f.StringArrayVar(&o.files, "file", nil, a.T("keep this `file` with the complaint: a scan, a photo, a chat; can be given more than once"))
	f.BoolVar(&o.anonymous, "anonymous", false, a.T("without a name: no letters, and the terms run all the same"))
	f.StringVar(&o.about, "about", "", a.T("the `kind` of complaint, one of those in your procedure"))
	f.BoolVar(&o.anyway, "yes", false, "")
	_ = f.MarkHidden("yes") // as it was once called
	f.BoolVar(&o.again, "again", false, a.T("a second complaint in a mail that is registered already"))
	f.StringVar(&o.subject, "subject", "", a.T("what it is about, in one `line`"))
	f.StringVar(&o.language, "language", "", a.T("the `language` of the complainant: nl or en"))
	a.textFlags(c, &o.text, &o.textFile)
	a.mailFlags(c, &o)
	return c
}

// mailFlags are the flags that say of a mail what it does not say itself.
func (a *app) mailFlags(c *cobra.Command, o *newOptions) {
	f := c.Flags()
	f.StringVar(&o.received, "received", "", a.T("the `date` on which it arrived, YYYY-MM-DD or YYYY-MM-DDTHH:MM (by its mail, or today, if left out)"))
	f.StringVar(&o.name, "name", "", a.T("the `name` of the complainant"))
	f.StringVar(&o.email, "email", "", a.T("the `address` of the complainant"))
	f.StringVar(&o.caseID, "case", "", a.T("the mail belongs to the complaint of this `number`"))
	f.BoolVar(&o.anyway, "anyway", false, a.T("it is a complaint, whatever klacht would warn of"))
}

func (a *app) newCase(o *newOptions, args []string) error {
	if err := a.open(); err != nil {
		return err
	}
	if len(args) > 0 {
		if o.spoken {
			return usage("a spoken complaint has no mail")
		}
		return a.takeIn(o, args)
	}
	c, err := a.fromFlags(o)
	if err != nil {
		return err
	}
	if o.caseID != "" || o.again {
		return usage("--case and --again go with a mail")
	}
	if a.asks() && o.textFile != "-" && (whose(c) == "" && !o.anonymous || c.Subject == "" || c.Complaint == "") {
		if err := a.askCase(c, o); err != nil {
			return err
		}
	}
	if err := a.complete(c); err != nil {
		return err
	}
	f, err := a.create(c, o, nil)
	if err != nil {
		return err
	}
	return a.tellNew(f)
}

// create registers a case with the mail that it came in with, if there is one.
func (a *app) create(c *casefile.Case, o *newOptions, mail []byte) (*store.File, error) {
	if c.Log[0].At.IsZero() {
		c.Log[0].At = a.now
	}
	if !o.spoken {
		c.Received = c.Log[0].At.Date
		if err := a.notSpoken(c, o); err != nil {
			return nil, err
		}
	} else if c.Complaint != "" { // it is not in writing yet, so it is our own note of what was said
		c.Log[0].Text, c.Complaint = c.Complaint, ""
	}
	c.Log[0].WriteDown(a.now.Date)
	files, _, err := a.readFiles(o.files)
	if err != nil {
		return nil, err
	}
	if o.again { // it is the mail of the first one; this one keeps a copy
		files, mail = append([]store.Attachment{{Name: "mail.eml", Data: mail}}, files...), nil
	}
	w, err := a.reg.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.Create(*c, mail, files...)
}

// ofOne reports whether there are flags that say what is in a mail.
func (o *newOptions) ofOne() bool {
	return o.received+o.name+o.email+o.phone+o.address+o.subject+o.text+o.textFile+o.about != "" || o.anonymous || o.and != nil || o.files != nil
}

// fromFlags returns a case with what the flags say.
func (a *app) fromFlags(o *newOptions) (*casefile.Case, error) {
	c := &casefile.Case{
		Subject: casefile.OneLine(o.subject),
		Complainant: casefile.Complainant{Name: casefile.OneLine(o.name), Email: casefile.OneLine(o.email), Phone: casefile.OneLine(o.phone),
			Address: postal(o.address), Anonymous: o.anonymous},
		Language: o.language,
	}
	if o.anonymous && o.name+o.email != "" {
		return nil, usage("who is anonymous has no --name and no --email")
	}
	for _, s := range o.and {
		person, err := someone(s)
		if err != nil {
			return nil, err
		}
		c.Others = append(c.Others, person)
	}
	if o.about != "" {
		about, err := a.about(o.about)
		if err != nil {
			return nil, err
		}
		c.About = about
	}
	if c.Language == "" {
		c.Language = a.reg.Policy.Language
	}
	if c.Language != "nl" && c.Language != "en" {
		return nil, usage("--language is nl or en, not %q", o.language)
	}
	if c.Complainant.Email != "" && !inbox.ValidAddress(c.Complainant.Email) {
		return nil, usage("%q is not an e-mail address", o.email)
	}
	by, err := a.who(o.by)
	if err != nil {
		return nil, err
	}
	e := casefile.Entry{Step: casefile.Received, By: by}
	when := o.received
	switch {
	case o.spoken && o.files != nil:
		return nil, usage("a spoken complaint has no mail and no --file")
	case o.spoken && o.received != "":
		return nil, usage("a spoken complaint is not received yet; --on says when it was voiced")
	case !o.spoken && o.on != "":
		return nil, usage("--on goes with --spoken; --received says when a complaint arrived")
	case o.spoken:
		e.Step, when = casefile.Spoken, o.on
	}
	if when != "" {
		at, err := casefile.ParseMoment(when, a.reg.Policy.Zone)
		if err != nil {
			return nil, &usageError{err: err}
		}
		if err := a.notInFuture(at); err != nil {
			return nil, err
		}
		e.At = at
	}
	c.Complaint, err = a.text(o.text, o.textFile)
	c.Log = []casefile.Entry{e}
	return c, err
}

// postal returns an address as it stands on an envelope.
func postal(s string) string {
	var lines []string
	for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' }) {
		if line = casefile.OneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// someone reads a name, or a name with an e-mail address between < and >.
func someone(s string) (casefile.Complainant, error) {
	name, email, hasEmail := strings.Cut(s, "<")
	p := casefile.Complainant{Name: casefile.OneLine(name), Email: casefile.OneLine(strings.TrimSuffix(strings.TrimSpace(email), ">"))}
	if p.Name == "" && p.Email == "" || hasEmail && !inbox.ValidAddress(p.Email) {
		return p, usage("%q is not somebody; write --and \"Bram Kok <bram@voorbeeld.example>\"", s)
	}
	return p, nil
}

// about returns the kind of complaint of the procedure that a person means.
func (a *app) about(said string) (string, error) {
	if len(a.reg.Policy.About) == 0 {
		return "", casefile.Errorf("your procedure tells no kinds of complaint apart").
			WithHint("`about: [course, website, invoice]` in %s names them", store.PolicyFile)
	}
	return meant(a, said, a.reg.Policy.About, func(_ *words.Words, kind string) string { return kind })
}

// notSpoken refuses a complaint in writing of somebody whose spoken one is not in
// writing yet: most likely it is the same.
func (a *app) notSpoken(c *casefile.Case, o *newOptions) error {
	if o.anyway {
		return nil
	}
	files, _, err := a.reg.ReadOpen()
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.State.Status() == casefile.StatusSpoken && samePerson(f.Complainant, c.Complainant) {
			return casefile.Errorf("%s was voiced on %s by the same person, and is not in writing yet", f.ID, f.Began()).
				WithHint("`klacht new MAIL --case %s` puts its mail there; is it another complaint, then add --anyway", f.ID)
		}
	}
	return nil
}

// samePerson reports whether two people have the same address or, where one has
// none, the same name.
func samePerson(x, y casefile.Complainant) bool {
	if x.Email != "" && y.Email != "" {
		return strings.EqualFold(x.Email, y.Email)
	}
	return x.Name != "" && strings.EqualFold(casefile.OneLine(x.Name), casefile.OneLine(y.Name))
}

// newFromMail registers the complaint in a mail, with what the flags say of it.
func (a *app) newFromMail(o *newOptions, l *inbox.Looked, it inbox.Item, v inbox.Verdict, many bool, told *[]any) error {
	c, err := a.fromFlags(o)
	if err != nil {
		return err
	}
	if err := a.fromMail(c, o, l, it); err != nil {
		return err
	}
	f, err := a.create(c, o, it.Raw)
	if err != nil {
		return err
	}
	j := a.newJSON(f)
	*told = append(*told, j)
	switch {
	case a.json && many:
		return nil
	case a.json:
		return writeJSON(a.Out, j)
	}
	if err := a.tellNew(f); err != nil {
		return err
	}
	a.tellRelated(v)
	return nil
}

// fromMail fills in what the flags left open from a mail.
func (a *app) fromMail(c *casefile.Case, o *newOptions, l *inbox.Looked, it inbox.Item) error {
	m, err := l.Mail()
	if nobody := (*inbox.Nobody)(nil); errors.As(err, &nobody) {
		err = a.whoComplains(c, o, m, nobody)
	}
	if err != nil {
		return err
	}
	m.Arrived = inbox.Arrival(m, it)
	at := &c.Log[0].At
	switch stamp, err := a.arrived(m, "--received"); {
	case at.IsZero() && err != nil:
		return err
	case at.IsZero():
		if doubt := inbox.Doubt(stamp, m, a.reg.Policy); doubt != nil && !o.anyway {
			if err := a.certain(doubt, stamp, "--received"); err != nil {
				return err
			}
		}
		*at = stamp
		if passed := a.passedOn(m, stamp.Date); passed != "" {
			fmt.Fprintln(a.Err, passed)
		}
	case err == nil && at.Date.After(stamp.Date) && !o.anyway && inbox.Doubt(stamp, m, a.reg.Policy) == nil:
		return casefile.Errorf("your server took the mail in on %s, and that is the day of receipt; not %s", stamp.Date, at.Date).
			WithHint("leave out --received; if the stamp is wrong, add --anyway")
	case err == nil && at.Date != stamp.Date:
		fmt.Fprintln(a.Err, a.T("the stamp of your server says %s; --received says %s, and that counts", a.Day(stamp.Date), a.Day(at.Date)))
	}
	told := inbox.CaseOf(m, *at, a.reg.Policy, o.by, a.inboxWords())
	if m.ReplyTo && o.email == "" {
		fmt.Fprintln(a.Err, a.T("a form or a group sent it; by Reply-To it is of %s", a.WhoseAddress(told.Complainant)))
	}
	if c.Complainant.Anonymous || o.name != "" && o.email == "" && m.Email == "" {
		// as the flags say
	} else if o.name == "" && o.email == "" {
		c.Complainant.Name, c.Complainant.Email = told.Complainant.Name, told.Complainant.Email
	} else if o.email == "" {
		c.Complainant.Email = told.Complainant.Email
	}
	if c.Subject == "" {
		c.Subject = told.Subject
	}
	if c.Complaint == "" {
		c.Complaint = told.Complaint
		if said := a.noText(m); said != "" {
			fmt.Fprintln(a.Err, said)
		}
	}
	return nil
}

// whoComplains says of a mail that the firm or a program sent who complains: as the
// flags say, or as is answered to what the text of the mail makes likely. The stamp of
// what the firm sent on says nothing of when the complaint arrived.
func (a *app) whoComplains(c *casefile.Case, o *newOptions, m *inbox.Mail, nobody *inbox.Nobody) error {
	guess := nobody.Guess
	if guess != nil && guess.Forwarded {
		m.Arrived, m.Dated = time.Time{}, time.Time{}
		m.Subject, m.Text = guess.Subject, guess.Text
	}
	if o.name != "" || o.email != "" || o.anonymous {
		if guess != nil && guess.Forwarded && c.Log[0].At.IsZero() && !guess.On.IsZero() {
			return casefile.Errorf("you forwarded the mail, so its stamp does not say when it arrived; it was written on %s", guess.On).
				WithHint("add --received %s, if it came in on that day", guess.On)
		}
		return nil
	}
	if guess == nil || !a.asks() {
		return nobody
	}
	const take, other = "take", "other"
	answer := take
	title := a.T("From %s?", a.WhoseAddress(casefile.Complainant{Name: guess.Name, Email: guess.Email}))
	if !guess.On.IsZero() && c.Log[0].At.IsZero() {
		title = a.T("From %s, received on %s?", a.WhoseAddress(casefile.Complainant{Name: guess.Name, Email: guess.Email}), a.Day(guess.On))
	}
	ask := huh.NewSelect[string]().Title(title).Options(huh.NewOption(a.T("yes"), take), huh.NewOption(a.T("no, I fill it in"), other), huh.NewOption(a.T("no, and it is not registered"), "none")).Value(&answer)
	if err := a.form(huh.NewGroup(ask)); err != nil {
		return err
	}
	switch answer {
	case take:
		m.Name, m.Email = guess.Name, guess.Email
		if guess.Forwarded && c.Log[0].At.IsZero() && !guess.On.IsZero() {
			c.Log[0].At = casefile.Moment{Date: guess.On}
		}
		return nil
	case other:
		c.Subject, c.Complaint = m.Subject, m.Text
		return a.askCase(c, o)
	}
	return errGivenUp()
}

// complete checks a case that has no mail, and gives it a subject.
func (a *app) complete(c *casefile.Case) error {
	switch {
	case whose(c) == "" && !c.Complainant.Anonymous:
		return usage("who complains? Give --name or --email, or --anonymous")
	case c.Subject == "" && c.Complaint == "":
		return usage("what is it about? Give --subject, --text or --text-file")
	case c.Subject == "":
		c.Subject = inbox.FirstLine(c.Complaint)
	}
	return nil
}

// inboxWords are what a case says where its mail says nothing.
func (a *app) inboxWords() inbox.Words {
	return inbox.Words{NoSubject: a.T("(no subject)"), GoesOn: a.T("[The mail goes on; it is kept whole beside this file.]")}
}

type newJSON struct {
	ID       casefile.ID   `json:"id"`
	Kind     inbox.Kind    `json:"kind"`
	From     string        `json:"from"` // name and address of who complains
	File     string        `json:"file"`
	Received casefile.Date `json:"received,omitzero"`
	Terms    []termJSON    `json:"terms"`
}

func (a *app) newJSON(f *store.File) newJSON {
	j := newJSON{ID: f.ID, Kind: inbox.Complaint, From: a.WhoseAddress(f.Complainant), File: f.Path, Received: f.ReceivedOn(), Terms: []termJSON{}}
	if !j.Received.IsZero() {
		j.Terms = termsJSON(a.reg.Policy.Terms(j.Received))
	}
	return j
}

func (a *app) tellNew(f *store.File) error {
	if a.json {
		return writeJSON(a.Out, a.newJSON(f))
	}
	received := f.ReceivedOn()
	if received.IsZero() {
		a.println(a.T("%s registered: voiced on %s by %s", f.ID, a.Day(f.Began()), a.WhoseAddress(f.Complainant)))
		a.println(a.T("  no term runs yet; invite the complainant to write"))
		return nil
	}
	a.println(a.T("%s registered: received on %s from %s", f.ID, a.Day(received), a.WhoseAddress(f.Complainant)))
	a.print(a.termLines(a.reg.Policy.Terms(received)))
	return nil
}
