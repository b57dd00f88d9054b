package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
	"klacht/store"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// exactly returns a check that a command gets n arguments.
func (a *app) exactly(n int) cobra.PositionalArgs { return a.between(n, n) }

// between returns a check that a command gets least to most arguments.
func (a *app) between(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return &usageError{casefile.Errorf("something is missing after %s", cmd.CommandPath()), cmd}
		}
		if len(args) > most {
			return &usageError{casefile.Errorf("there is too much after %s: %q", cmd.CommandPath(), args[most]), cmd}
		}
		return nil
	}
}

// find returns the ID that a person means. Where letters with a number have left
// for two complaints it asks which one, or takes the one that has the number now.
func (a *app) find(short string) (casefile.ID, error) {
	id, err := a.reg.Find(strings.TrimSpace(short))
	if err != nil {
		return id, err
	}
	others, err := a.reg.Also(id)
	if err != nil || len(others) == 0 {
		return id, err
	}
	f, err := a.reg.Load(id)
	damage := (*store.Damage)(nil)
	if there := err == nil || errors.As(err, &damage); !there && len(others) == 1 {
		fmt.Fprintln(a.Err, a.T("%s is %s now", id, others[0].ID))
		return others[0].ID, nil
	} else if there && !a.asks() {
		for _, o := range others {
			fmt.Fprintln(a.Err, a.T("%s (%s) was called %s too", o.ID, whose(&o.Case), id))
		}
		return id, nil
	}
	var options []huh.Option[casefile.ID]
	var ids []string
	for _, o := range append([]*store.File{f}, others...) {
		if o != nil {
			options = append(options, huh.NewOption(fmt.Sprintf("%s  %s  %s", o.ID, whose(&o.Case), casefile.OneLine(o.Subject)), o.ID))
			ids = append(ids, string(o.ID))
		}
	}
	if !a.asks() {
		return "", casefile.Errorf("%s can be %s", short, strings.Join(ids, ", ")).WithHint("give the full number")
	}
	ask := huh.NewSelect[casefile.ID]().Title(a.T("Letters of two complaints say %s. Which one?", id)).Value(&id).Options(options...)
	return id, a.ask(huh.NewGroup(ask))
}

// completeIDs offers the numbers of the open complaints to the shell.
func (a *app) completeIDs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	if a.decide() != nil || a.open() != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	files, _, _ := a.reg.ReadOpen() // what cannot be read is not offered
	var ids []string
	for _, f := range files {
		ids = append(ids, string(f.ID))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// fixedWords offers a fixed list to the shell.
func fixedWords[T any](list []T) cobra.CompletionFunc {
	var s []string
	for _, v := range list {
		s = append(s, fmt.Sprint(v))
	}
	return cobra.FixedCompletions(s, cobra.ShellCompDirectiveNoFileComp)
}

// meant returns the word of a list that a person wrote, in English as it stands in
// files or as klacht says it in any of its languages.
func meant[T ~string](a *app, said string, list []T, name func(*words.Words, T) string) (T, error) {
	plain := inFlag(strings.TrimSpace(said))
	for _, w := range list {
		if plain == string(w) || slices.ContainsFunc(words.Languages(), func(lang string) bool { return plain == inFlag(name(words.New(lang), w)) }) {
			return w, nil
		}
	}
	return "", usage("%q is not one of %s", said, strings.Join(namesOf(a, list, name), ", "))
}

// namesOf returns the words of a list as a person would write them after a flag.
func namesOf[T ~string](a *app, list []T, name func(*words.Words, T) string) []string {
	var names []string
	for _, w := range list {
		names = append(names, inFlag(name(a.Words, w)))
	}
	return names
}

// inFlag returns a name as one word in small letters.
func inFlag(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
