package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/account"
	"klacht/store/history"
	"klacht/store/inbox"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newInit is the command that makes a register.
func newInit(a *app) *cobra.Command {
	s := store.Start{Language: a.Lang}
	var noGit bool
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: a.T("make a register"),
		Long: a.T("Make a register in a folder of its own: the current one if it is empty, or DIR. Its procedure stands in\n" +
			"regeling.yaml, with a comment at each key; look it over and make it yours. The first register that you\n" +
			"make is the one that klacht uses wherever you are.\n\n" +
			"With git on the machine the register becomes a git repository of its own, and every change a commit in it\n" +
			"(klacht help log); not where it would lie inside another repository."),
		Example: "  klacht init ~/klachten --name \"Webwerk Oost\" --handler \"Mok Verhagen\" --email klachten@webwerkoost.example",
		Args:    a.between(0, 1),
		RunE:    func(c *cobra.Command, args []string) error { return a.initRegister(c.Context(), &s, noGit, args) },
	}
	f := c.Flags()
	f.StringVar(&s.Name, "name", "", a.T("the `name` of the firm"))
	f.StringVar(&s.Handler, "handler", "", a.T("the `name` of who handles complaints (R8)"))
	f.BoolVar(&noGit, "no-git", false, a.T("keep no history"))
	f.StringVar(&s.Email, "email", "", a.T("the `address` to which complaints are written (R1)"))
	f.StringSliceVar(&s.Addresses, "addresses", nil, a.T("your own `addresses` in other domains, with commas: mail from there is never a complaint of its own"))
	return c
}

func (a *app) initRegister(ctx context.Context, s *store.Start, noGit bool, args []string) error {
	dir := a.Dir
	if len(args) > 0 {
		dir = a.abs(args[0])
	} else if a.dir != "" {
		dir = a.abs(a.dir)
	}
	if err := a.askStart(s); err != nil {
		return err
	}
	if !inbox.ValidAddress(s.Email) {
		return usage("%q is not an e-mail address", s.Email)
	}
	for _, other := range s.Addresses {
		if !inbox.ValidAddress(other) {
			return usage("%q is not an e-mail address", other)
		}
	}
	zone, err := time.LoadLocation(store.StartZone)
	if err == nil {
		err = a.setNow(zone)
	}
	if err != nil {
		return err
	}
	s.From = a.now.Date
	if err := store.Init(dir, *s); err != nil {
		return err
	}
	kept := history.None("")
	if !noGit {
		if kept, err = a.initHistory(ctx, dir); err != nil {
			return err
		}
	}
	if a.json {
		if err := writeJSON(a.Out, map[string]any{"dir": dir, "policy": filepath.Join(dir, store.PolicyFile), "history": !noGit && kept == ""}); err != nil {
			return err
		}
		return a.remember(dir)
	}
	a.println(a.T("The register is in %s", dir))
	a.println(a.T("  look over its procedure: %s", filepath.Join(dir, store.PolicyFile)))
	a.println(a.T("  register a complaint: klacht new complaint.eml"))
	if a.ConfigDir != "" {
		a.println(a.T("  letters are drafts for your mail program; how klacht sends them and fetches mail: %s", filepath.Join(a.ConfigDir, account.File)))
	}
	switch {
	case noGit:
	case kept == history.NoGit:
		a.println(a.T("  git is not on this machine, so there is no history of changes; all else works"))
	case kept == history.OuterRepo:
		a.println(a.T("  it lies inside another git repository, so there is no history of changes"))
		a.println(a.T("    `git init` in it gives it its own; `history: git` in regeling.yaml uses the other"))
	default:
		a.println(a.T("  every change goes into its history: klacht log"))
	}
	return a.remember(dir)
}

// askStart asks on a terminal for what the flags leave open.
func (a *app) askStart(s *store.Start) error {
	var asked []huh.Field
	for _, q := range []struct {
		flag, title string
		value       *string
		check       func(string) error
	}{
		{"name", a.T("The name of the firm"), &s.Name, filled},
		{"handler", a.T("Who handles complaints?"), &s.Handler, filled},
		{"email", a.T("The address to which complaints are written"), &s.Email, func(v string) error {
			if v == "" {
				return filled(v)
			}
			return addressOrNone(v)
		}},
	} {
		if casefile.OneLine(*q.value) != "" {
			continue
		}
		if !a.asks() {
			return usage("--%s is missing", q.flag)
		}
		asked = append(asked, huh.NewInput().Title(q.title).Value(q.value).Validate(a.told(q.check)))
	}
	if asked == nil {
		return nil
	}
	others := strings.Join(s.Addresses, ", ")
	if others == "" {
		asked = append(asked, huh.NewInput().Title(a.T("Your own addresses in other domains, with commas (empty: none)")).Value(&others).
			Validate(a.told(func(v string) error {
				for _, other := range addressList(v) {
					if err := addressOrNone(other); err != nil {
						return err
					}
				}
				return nil
			})))
	}
	if err := a.form(huh.NewGroup(asked...)); err != nil {
		return err
	}
	s.Addresses = addressList(others)
	return nil
}

// addressList returns the addresses in a text, with commas or blanks between them.
func addressList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
}

// remember makes the register the one that is used where there is none nearer;
// but never in the place of another that still exists, so that a try-out does
// not hide the firm's own register from the morning summary.
func (a *app) remember(dir string) error {
	if a.ConfigDir == "" {
		return nil
	}
	if old := a.remembered(); old != "" {
		if _, err := os.Stat(filepath.Join(old, store.PolicyFile)); err == nil {
			fmt.Fprintln(a.Err, a.T("  elsewhere klacht goes on using %s; for this one give --dir or KLACHT_DIR", old))
			return nil
		}
	}
	err := os.MkdirAll(a.ConfigDir, 0o700)
	if err == nil {
		err = os.WriteFile(a.rememberedFile(), []byte(dir+"\n"), 0o600)
	}
	if err != nil { // the register itself was made, so this is no failure
		fmt.Fprintln(a.Err, "klacht: "+a.T("the register was made, but it cannot be remembered: %v", err))
		fmt.Fprintln(a.Err, "hint: "+a.T("set KLACHT_DIR to %s", dir))
	}
	return nil
}
