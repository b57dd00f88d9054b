package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/cmd/klacht/words"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/account"
	"klacht/store/outbox"

	"github.com/spf13/cobra"
)

// stepSpec says what is particular to the command of one step.
type stepSpec struct {
	step     casefile.Step
	use      string
	aliases  []string
	short    string
	long     string
	example  string
	fields   []casefile.Field // the flags beside --on, --by, --mail and --text
	letter   bool             // klacht writes the letter that carries it out
	mailArg  bool             // the mail is the second argument
	rough    bool             // no term depends on when that mail came in
	defaults func(*casefile.Entry) error
	prepare  func(*store.File, *casefile.Entry) error                            // may complete the entry, or refuse
	takeMail func(mail []byte) (func(*store.File, *casefile.Entry) error, error) // returns the prepare that goes with a mail
	kind     func(*store.File) (letters.Kind, error)                             // which letter it is, where the step has several
}

// stepFlags are the flags of a step; their names are those of the fields.
type stepFlags struct {
	on, by, mail, text, textFile                      string
	when, means, until, reason, outcome, body, review string
	letterName, learned                               string
	files                                             []string
	to                                                string
	yes, noLetter, nothingToDo, anyway                bool
}

// newStep returns the command that records a step.
func newStep(a *app, spec stepSpec) *cobra.Command {
	var f stepFlags
	c := &cobra.Command{
		Use: spec.use, Aliases: spec.aliases, Short: spec.short, Long: spec.long, Example: spec.example,
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(c *cobra.Command, args []string) error {
			if spec.mailArg && len(args) > 1 {
				f.mail = args[1]
			}
			return a.takeStep(c.Context(), spec, &f, args[0])
		},
	}
	if spec.mailArg {
		c.Args = a.between(1, 2)
	}
	fl := c.Flags()
	on, mail := a.T("the `date` on which it was done, YYYY-MM-DD or YYYY-MM-DDTHH:MM (now, if left out)"), a.T("a mail about it: a `file` to keep with the complaint")
	switch {
	case spec.step.CameIn():
		on = a.T("the `date` on which it came in, YYYY-MM-DD or YYYY-MM-DDTHH:MM (by the stamp of the mail; else now)")
		mail = a.T("the mail with which it came in: a `file` to keep with the complaint")
	case spec.letter:
		on = a.T("the `date` on which your letter left, YYYY-MM-DD or YYYY-MM-DDTHH:MM (by the mail that went; else now)")
		mail = a.T("the mail that you sent: a `file` to keep with the complaint")
	}
	fl.StringVar(&f.on, "on", "", on)
	fl.StringVar(&f.by, "by", "", a.T("the `name` of who did it (the handler, if left out)"))
	if !spec.mailArg {
		fl.StringVar(&f.mail, "mail", "", mail)
	}
	a.textFlags(c, &f.text, &f.textFile)
	if spec.step.Letter() || spec.step.CameIn() {
		fl.BoolVar(&f.anyway, "anyway", false, a.T("the mail belongs to this step, whatever it looks like"))
	}
	if spec.letter {
		c.Long = strings.TrimSpace(c.Long + "\n\n" + a.T("klacht writes the letter, shows it on a terminal, and sends it or keeps it as a draft; the step counts when it\n"+
			"has left. --mail or --on records a letter that left before, --no-letter what was done without one."))
		fl.BoolVar(&f.noLetter, "no-letter", false, a.T("write no letter: it was done otherwise"))
		fl.BoolVar(&f.yes, "yes", false, a.T("send the letter as it is, without asking"))
		fl.StringVar(&f.to, "to", "", a.T("send it to this `address` instead"))
	}
	for _, field := range spec.fields {
		switch field {
		case casefile.FieldWhen:
			fl.StringVar(&f.when, "when", "", a.T("`date` and time of the conversation, YYYY-MM-DDTHH:MM"))
		case casefile.FieldMeans:
			fl.StringVar(&f.means, "means", casefile.Phone, a.T("by what `means`, if another was agreed (phone, if left out)"))
		case casefile.FieldUntil:
			fl.StringVar(&f.until, "until", "", a.T("the new `date` that is promised, YYYY-MM-DD"))
		case casefile.FieldReason:
			fl.StringVar(&f.reason, "reason", "", a.T("the `reason`"))
		case casefile.FieldOutcome:
			fl.StringVar(&f.outcome, "outcome", "", a.T("the `outcome`: %s", explained(casefile.Outcomes(), a.OutcomeName)))
			_ = c.RegisterFlagCompletionFunc("outcome", fixedWords(casefile.Outcomes()))
		case casefile.FieldNothingToDo:
			fl.BoolVar(&f.nothingToDo, "nothing-to-do", false, a.T("you have nothing to carry out: this closes the complaint"))
		case casefile.FieldFiles:
			fl.StringArrayVar(&f.files, "file", nil, a.T("keep this `file` with the complaint: a scan, a photo, a chat; can be given more than once"))
		case casefile.FieldBody:
			fl.StringVar(&f.body, "body", "", a.T("the `body` it was referred to (the first of the procedure, if left out)"))
		case casefile.FieldLetter:
			fl.StringVar(&f.letterName, "letter", "", a.T("the `name` of the letter that came back (the last one, if left out)"))
		case casefile.FieldLearned:
			fl.StringVar(&f.learned, "learned", "", a.T("what you learned from it, for the year's report: a `text` without names"))
		case casefile.FieldReview:
			fl.StringVar(&f.review, "review", "", a.T("the `date` on which to look at it again, YYYY-MM-DD"))
		}
	}
	return c
}

func (a *app) textFlags(c *cobra.Command, text, textFile *string) {
	c.Flags().StringVar(text, "text", "", a.T("the `text`"))
	c.Flags().StringVar(textFile, "text-file", "", a.T("the text stands in this `file` (- is standard input)"))
}

// takeStep records one step on one complaint and tells what comes next.
func (a *app) takeStep(ctx context.Context, spec stepSpec, fl *stepFlags, short string) error {
	if err := a.open(); err != nil {
		return err
	}
	id, err := a.find(short)
	if err != nil {
		return err
	}
	e := casefile.Entry{Step: spec.step}
	if err := a.fill(&e, fl); err != nil {
		return err
	}
	if spec.defaults != nil {
		if err := spec.defaults(&e); err != nil {
			return err
		}
	}
	if err := a.mayTake(spec, fl, id, e); err != nil {
		return err
	}
	if err := a.askMissing(&e, needs(e.Step, fl), spec.wishes(fl)); err != nil {
		return err
	}
	if e.Step == casefile.Closed {
		if err := a.warnOfWaiting(id); err != nil {
			return err
		}
	}
	if spec.composes(fl) {
		return a.sendStep(ctx, spec, fl, id, e)
	}
	var mail []byte
	if fl.mail != "" {
		if mail, err = a.readMail(fl.mail); err != nil {
			return err
		}
	}
	if err := a.fits(e.Step, id, mail, fl.anyway); err != nil {
		return err
	}
	if e.At, err = a.stepTime(spec, e.Step, fl.on, mail); err != nil {
		return err
	}
	e.WriteDown(a.now.Date)
	if (e.Step == casefile.Proposed || e.Step == casefile.Wrote) && e.Text == "" && mail == nil {
		return usage("what did you write? Give --text or --text-file, or --mail with the mail that you sent")
	}
	prepare := spec.prepare
	if spec.takeMail != nil && mail != nil {
		if prepare, err = spec.takeMail(mail); err != nil {
			return err
		}
	}
	files, called, err := a.readFiles(fl.files)
	if err != nil {
		return err
	}
	if e.Text == "" {
		e.Text = called
	}
	f, err := a.write(func(w *store.Writer) (*store.File, error) {
		return w.Append(id, e, mail, prepare, files...)
	})
	if err != nil {
		return err
	}
	return a.tellStep(f)
}

// mayTake says what stands in the way of a step before anything is asked: that it
// cannot follow, or that there is nobody to send its letter to.
func (a *app) mayTake(spec stepSpec, fl *stepFlags, id casefile.ID, e casefile.Entry) error {
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	if e.At = a.now; fl.on == "" && e.Step != casefile.Undelivered {
		if err := f.Allows(e); err != nil {
			return casefile.Errorf("%s: %v", id, err)
		}
	}
	switch {
	case !spec.composes(fl):
	case f.Complainant.Anonymous:
		return letters.ErrNoName
	case fl.to == "" && f.Emails() == nil:
		return outbox.NoAddress(id)
	}
	return nil
}

// needs returns the fields that a step cannot do without; of a note a file says
// enough.
func needs(step casefile.Step, fl *stepFlags) []casefile.Field {
	if step == casefile.Noted && fl.files == nil {
		return []casefile.Field{casefile.FieldText}
	}
	return step.Must()
}

// wishes returns the fields that a person is asked for although the step can do
// without them.
func (spec *stepSpec) wishes(fl *stepFlags) []casefile.Field {
	if fl.yes || !slices.Contains(spec.fields, casefile.FieldLearned) {
		return nil
	}
	return []casefile.Field{casefile.FieldLearned}
}

// write takes the lock, files what a crash may have left, makes one change and
// lets go of the lock.
func (a *app) write(change func(*store.Writer) (*store.File, error)) (*store.File, error) {
	w, err := a.reg.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	a.recover(w)
	if err := w.FileStrays(); err != nil {
		return nil, err
	}
	return change(w)
}

// fill reads the flags into the entry.
func (a *app) fill(e *casefile.Entry, fl *stepFlags) (err error) {
	if e.By, err = a.who(fl.by); err != nil {
		return err
	}
	if e.Text, err = a.text(fl.text, fl.textFile); err != nil {
		return err
	}
	if fl.when != "" {
		if e.When, err = casefile.ParseMoment(fl.when, a.reg.Policy.Zone); err != nil {
			return &usageError{err: err}
		}
	}
	for to, s := range map[*casefile.Date]string{&e.Until: fl.until, &e.Review: fl.review} {
		if s != "" {
			if *to, err = casefile.ParseDate(s); err != nil {
				return &usageError{err: err}
			}
		}
	}
	if fl.on == "" { // a step of the past may have promised a day of the past
		for _, d := range []casefile.Date{e.When.Date, e.Until, e.Review} {
			if !d.IsZero() && d.Before(a.now.Date) {
				return casefile.Errorf("%s has already passed", d).
					WithHint("--on says when the step was taken, if that was before today")
			}
		}
	}
	if fl.outcome != "" {
		if e.Outcome, err = meant(a, fl.outcome, casefile.Outcomes(), (*words.Words).OutcomeName); err != nil {
			return err
		}
	}
	e.NothingToDo = fl.nothingToDo
	e.Letter, e.Learned = casefile.OneLine(fl.letterName), casefile.OneLine(fl.learned)
	e.Means, e.Reason, e.Body = casefile.OneLine(fl.means), casefile.OneLine(fl.reason), casefile.OneLine(fl.body)
	return nil
}

// who returns who takes a step (R8): as said; else as the settings of this person
// say, who may share the register with others; else the handler.
func (a *app) who(by string) (string, error) {
	if by = casefile.OneLine(by); by != "" {
		return by, nil
	}
	settings, err := account.Read(a.ConfigDir)
	if err != nil {
		return "", err
	}
	return cmp.Or(settings.By, a.reg.Policy.Organisation.Handler), nil
}

// tellStep prints what was recorded, how the promises stand that it met, and
// what is to be done next.
func (a *app) tellStep(f *store.File) error {
	if a.json {
		return writeJSON(a.Out, a.caseJSON(f))
	}
	e := f.Log[len(f.Log)-1]
	if e.At.Date == a.now.Date {
		a.println(a.T("%s: %s", f.ID, a.What(e)))
	} else {
		a.println(a.T("%s: %s (on %s)", f.ID, a.What(e), a.Day(e.At.Date)))
	}
	before := f.Case
	before.Log = before.Log[:len(before.Log)-1]
	known := deadlines.Promises(&before, a.reg.Policy, a.now.Date)
	for _, p := range deadlines.Promises(&f.Case, a.reg.Policy, a.now.Date) {
		if p.Done == e.At.Date && p.Verdict == deadlines.Late && !slices.Contains(known, p) { // met by this step
			due := p.Due
			if !p.Lapsed.IsZero() {
				due = p.Lapsed
			}
			a.println("  " + a.late.Render(a.T("%s: late, it was due by %s", a.TermName(p.Term), a.Day(due))))
		}
	}
	for _, act := range deadlines.Actions(&f.Case, f.State, a.reg.Policy, a.now.Date) {
		switch {
		case act.Due.IsZero(), act.Do == deadlines.DoReview:
			continue
		case act.Urgency == deadlines.TooLate:
			a.println(a.T("  next: %s; it was due by %s", a.DoName(act), a.Day(act.Due)))
		default:
			a.println(a.T("  next: %s by %s", a.DoName(act), a.Day(act.DoBy)))
		}
		return nil
	}
	switch kept := deadlines.Retention(&f.Case, f.State, a.reg.Policy); {
	case deadlines.MayPurge(f.State, kept, a.now.Date) == deadlines.Purgeable:
		a.println(a.T("  its time in the archive has ended; the next purge removes it"))
	case kept.Settled && !kept.Unlimited:
		a.println(a.T("  archived until %s", a.Day(kept.Until)))
	}
	return nil
}

// explained lists words that scripts know, each with what it is called where
// that is another word.
func explained[T ~string](words []T, name func(T) string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
		if n := name(w); n != strings.ReplaceAll(list[i], "-", " ") {
			list[i] += " (" + n + ")"
		}
	}
	return list
}
