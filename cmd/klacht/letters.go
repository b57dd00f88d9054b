package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/case/letters"

	"github.com/spf13/cobra"
)

// newLetters is the command that shows the letters, and lets the owner have
// versions of their own.
func newLetters(a *app) *cobra.Command {
	var own bool
	c := &cobra.Command{
		Use:   "letters [LETTER [ID]]",
		Short: a.t("show the letters, and make them your own"),
		Long: a.t("List the letters that klacht writes; with LETTER show its template, and with ID the letter filled in for\n" +
			"that complaint. With --own the template is written to the folder letters/ of the register, where you can\n" +
			"change it; from then on your version is the one that is used."),
		Example: "  klacht letters\n  klacht letters closing 7\n  klacht letters acknowledgement --own",
		Args:    a.between(0, 2),
		RunE:    func(_ *cobra.Command, args []string) error { return a.letters(args, own) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completeIDs(nil, nil, "")
			}
			return explained(letters.All(), func(k letters.Kind) string { return string(k) }), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().BoolVar(&own, "own", false, a.t("write the template to letters/, to change it"))
	return c
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

func (a *app) letters(args []string, own bool) error {
	if own && len(args) != 1 {
		return usage("--own is for one letter: klacht letters LETTER --own")
	}
	if err := a.open(); err != nil {
		return err
	}
	if len(args) == 0 {
		return a.listLetters()
	}
	kind := letters.Kind(args[0])
	if !slices.Contains(append(letters.All(), letters.Parts), kind) {
		return usage("the letters are %s, not %q", letters.All(), args[0])
	}
	if len(args) > 1 && kind == letters.Parts {
		return usage("%q is no letter of its own, but what the letters share", args[0])
	}
	lang := a.reg.Policy.Language
	if len(args) > 1 {
		id, err := a.find(args[1])
		if err != nil {
			return err
		}
		f, err := a.reg.Load(id)
		if err != nil {
			return err
		}
		l, err := letters.Compose(kind, letters.Matter{Case: &f.Case, Policy: a.reg.Policy,
			Entry: letters.Example(kind, f.Language, a.now.Date), Today: a.now.Date, Own: a.ownLetters()})
		if err != nil {
			return err
		}
		a.println(a.bold.Render(casefile.OneLine(l.Subject)) + "\n")
		a.print(casefile.Plain(l.Body) + "\n")
		return nil
	}
	if !own {
		source := letters.Source(kind, lang)
		if dir := a.ownLetters(); dir != nil {
			switch data, err := fs.ReadFile(dir, letters.File(kind, lang)); {
			case err == nil:
				source = strings.TrimRight(casefile.Plain(string(data)), "\n") + "\n"
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
		}
		a.print(source)
		return nil
	}
	name, err := a.reg.WriteTemplate(letters.File(kind, lang), []byte(letters.Source(kind, lang)))
	if err != nil {
		return err
	}
	a.println(a.t("your own version is in %s; klacht uses it from now on", name))
	return nil
}

// listLetters lists the letters, which of them the owner has replaced, and what
// is wrong with those.
func (a *app) listLetters() error {
	dir := a.ownLetters()
	for _, k := range letters.All() {
		line := "  " + string(k)
		if dir != nil {
			if _, err := fs.Stat(dir, letters.File(k, a.reg.Policy.Language)); err == nil {
				line = "  " + fit(string(k), 22) + a.dim.Render(a.t("your own version"))
			}
		}
		a.println(line)
	}
	if dir == nil {
		return nil
	}
	for _, err := range letters.Check(dir) {
		fmt.Fprintln(a.Err, "klacht: "+a.err(err))
		if hint, ok := casefile.HintOf(err); ok {
			fmt.Fprintln(a.Err, "hint: "+a.say(hint))
		}
		a.code = exitPartial
	}
	return nil
}
