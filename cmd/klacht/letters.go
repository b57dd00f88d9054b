package main

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/cmd/klacht/words"

	"github.com/spf13/cobra"
)

// lettersOptions are the flags of letters.
type lettersOptions struct {
	own      bool
	language string
	print    string
	step     stepFlags // of the letter that is printed
}

// newLetters is the command that shows the letters, and lets the owner have
// versions of their own.
func newLetters(a *app) *cobra.Command {
	var o lettersOptions
	c := &cobra.Command{
		Use:   "letters [LETTER [ID]]",
		Short: a.T("show the letters, and make them your own"),
		Long: a.T("List the letters that klacht writes; with LETTER show its template, and with ID the letter filled in for\n" +
			"that complaint. With --own the template is written to the folder letters/ of the register, where you can\n" +
			"change it; from then on your version is the one that is used. Letters are in the language of the procedure,\n" +
			"or of the complaint, unless --language names the other.\n\n" +
			"For somebody without e-mail, --print writes the letter as a page to print and to post; --text and the other flags\n" +
			"are those of its step. Record it when it is posted, with --on."),
		Example: "  klacht letters\n  klacht letters closing 7\n  klacht letters acknowledgement 7 --print letter.html\n  klacht letters acknowledgement --own --language en",
		Args:    a.between(0, 2),
		RunE:    func(_ *cobra.Command, args []string) error { return a.letters(args, &o) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completeIDs(nil, nil, "")
			}
			return explained(letters.All(), func(k letters.Kind) string { return kindName(a.Words, k) }), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().BoolVar(&o.own, "own", false, a.T("write the template to letters/, to change it"))
	c.Flags().StringVar(&o.language, "language", "", a.T("the `language` of the letter: nl or en"))
	c.Flags().StringVar(&o.print, "print", "", a.T("write the letter as a page to print, to this `file` (- is standard output)"))
	a.textFlags(c, &o.step.text, &o.step.textFile)
	c.Flags().StringVar(&o.step.when, "when", "", a.T("`date` and time of the conversation, YYYY-MM-DDTHH:MM"))
	c.Flags().StringVar(&o.step.means, "means", casefile.Phone, a.T("by what `means`, if another was agreed (phone, if left out)"))
	c.Flags().StringVar(&o.step.until, "until", "", a.T("the new `date` that is promised, YYYY-MM-DD"))
	c.Flags().StringVar(&o.step.reason, "reason", "", a.T("the `reason`"))
	c.Flags().StringVar(&o.step.outcome, "outcome", "", a.T("the `outcome`: %s", explained(casefile.Outcomes(), a.OutcomeName)))
	_ = c.RegisterFlagCompletionFunc("language", fixedWords(letters.Languages()))
	return c
}

// kindName returns the name of a letter in the language of the person.
func kindName(a *words.Words, k letters.Kind) string {
	if nl, ok := dutchKinds[k]; ok && a.Lang == "nl" {
		return nl
	}
	return strings.ReplaceAll(string(k), "-", " ")
}

// ownLetters returns the folder with the owner's own templates; nil if there is
// none.
func (a *app) ownLetters() fs.FS {
	dir := filepath.Join(a.reg.Dir, letters.Folder)
	root, err := os.OpenRoot(dir) // a link in a register from elsewhere leads nowhere
	if err != nil {
		return nil
	}
	return root.FS()
}

func (a *app) letters(args []string, o *lettersOptions) error {
	switch {
	case o.own && len(args) != 1:
		return usage("--own is for one letter: klacht letters LETTER --own")
	case o.language != "" && !slices.Contains(letters.Languages(), o.language):
		return usage("--language is nl or en, not %q", o.language)
	}
	if o.print != "" && len(args) != 2 {
		return usage("--print is for the letter of a complaint: klacht letters LETTER ID --print FILE")
	}
	if err := a.open(); err != nil {
		return err
	}
	lang := cmp.Or(o.language, a.reg.Policy.Language)
	if len(args) == 0 {
		return a.listLetters(lang)
	}
	kind, err := meant(a, args[0], append(letters.All(), letters.Parts), kindName)
	if err != nil {
		return err
	}
	switch {
	case len(args) > 1 && kind == letters.Parts:
		return usage("%q is no letter of its own, but what the letters share", args[0])
	case o.print != "":
		return a.printLetter(kind, args[1], o)
	case len(args) > 1:
		return a.showLetter(kind, args[1], o.language)
	case o.own:
		return a.ownLetter(kind, lang)
	}
	source, own, err := a.template(kind, lang)
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.Out, templateJSON{kind, lang, own, source})
	}
	a.print(source)
	return nil
}

type templateJSON struct {
	Letter   letters.Kind `json:"letter"`
	Language string       `json:"language"`
	Own      bool         `json:"own"` // it is the owner's version
	Text     string       `json:"text,omitempty"`
}

// template returns the template that is used, and whether it is the owner's own.
func (a *app) template(kind letters.Kind, lang string) (text string, own bool, err error) {
	if dir := a.ownLetters(); dir != nil {
		switch data, err := fs.ReadFile(dir, letters.File(kind, lang)); {
		case err == nil:
			return strings.TrimRight(casefile.Plain(string(data)), "\n") + "\n", true, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", false, err
		}
	}
	return letters.Source(kind, lang), false, nil
}

// showLetter shows a letter filled in for a complaint.
func (a *app) showLetter(kind letters.Kind, short, lang string) error {
	id, err := a.find(short)
	if err != nil {
		return err
	}
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	c := f.Case
	c.Language = cmp.Or(lang, c.Language, a.reg.Policy.Language)
	l, err := letters.Compose(kind, letters.Matter{Case: &c, Policy: a.reg.Policy,
		Entry: letters.Example(kind, c.Language, a.now.Date), Today: a.now.Date, Own: a.ownLetters()})
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.Out, struct {
			ID       casefile.ID  `json:"id"`
			Letter   letters.Kind `json:"letter"`
			Language string       `json:"language"`
			Subject  string       `json:"subject"`
			Body     string       `json:"body"`
		}{f.ID, kind, c.Language, l.Subject, l.Body})
	}
	a.println(a.bold.Render(casefile.OneLine(l.Subject)) + "\n")
	a.print(casefile.Plain(l.Body) + "\n")
	return nil
}

// printLetter writes a letter as a page to print. Nothing is recorded: whether and
// when it was posted, the owner says.
func (a *app) printLetter(kind letters.Kind, short string, o *lettersOptions) error {
	id, err := a.find(short)
	if err != nil {
		return err
	}
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	e := casefile.Entry{}
	if err := a.fill(&e, &o.step); err != nil {
		return err
	}
	if kind != letters.Invitation {
		e.Means = ""
	}
	c := f.Case
	c.Language = cmp.Or(o.language, c.Language)
	m := letters.Matter{Case: &c, Policy: a.reg.Policy, Entry: e, Today: a.now.Date, Paper: true, Own: a.ownLetters()}
	l, err := letters.Compose(kind, m)
	if err != nil {
		return err
	}
	if letters.HasGap(l.Body) {
		return errGap()
	}
	if o.print != "-" {
		if _, err := a.place(o.print); err != nil {
			return err
		}
	}
	if err := a.writeFile(o.print, func(w io.Writer) error { return l.WritePage(w, m) }); err != nil || a.json || o.print == "-" {
		return err
	}
	a.println(a.T("  once it has been posted, record the step with --on and the same words"))
	return nil
}

// ownLetter writes a template into the register.
func (a *app) ownLetter(kind letters.Kind, lang string) error {
	source := letters.Source(kind, lang)
	w, err := a.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	name, err := w.WriteTemplate(letters.File(kind, lang), []byte(source))
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.Out, templateJSON{kind, lang, true, source})
	}
	a.println(a.T("your own version is in %s; klacht uses it from now on", name))
	return nil
}

// listLetters lists the letters, which of them the owner has replaced, and what
// is wrong with those.
func (a *app) listLetters(lang string) error {
	dir := a.ownLetters()
	list := []templateJSON{}
	for _, k := range letters.All() {
		own := false
		if dir != nil {
			_, err := fs.Stat(dir, letters.File(k, lang))
			own = err == nil
		}
		list = append(list, templateJSON{Letter: k, Language: lang, Own: own})
		if a.json {
			continue
		}
		line := "  " + fit(string(k), 22)
		if n := kindName(a.Words, k); n != strings.ReplaceAll(string(k), "-", " ") {
			line += fit(n, 22)
		}
		if own {
			line += a.dim.Render(a.T("your own version"))
		}
		a.println(strings.TrimRight(line, " "))
	}
	if a.json {
		if err := writeJSON(a.Out, list); err != nil {
			return err
		}
	}
	if dir == nil {
		return nil
	}
	for _, err := range letters.Check(dir) {
		a.complain(err)
		a.code = exitPartial
	}
	return nil
}

// dutchKinds holds the Dutch names of letters, which can be typed too.
var dutchKinds = map[letters.Kind]string{
	letters.Acknowledgement: "ontvangstbevestiging", letters.Clarification: "verduidelijking", letters.Proposal: "voorstel",
	letters.Invitation: "uitnodiging", letters.Extension: "uitstel", letters.Closing: "afsluiting",
	letters.Acceptance: "aanvaarding", letters.InFavour: "niets-te-doen", letters.Compliance: "uitvoering",
	letters.InvitationToWrite: "op-schrift", letters.Reopening: "heropening", letters.Answer: "antwoord",
	letters.OwnWords: "eigen-woorden", letters.Parts: "delen",
}
