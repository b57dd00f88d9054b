package main

import (
	"fmt"
	"os"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/history"
	"klacht/store/history/merge"

	"github.com/spf13/cobra"
)

// newMergeFile is the command that git runs to merge a file of a register, as
// `klacht sync` would; see [history.Repo.Driver].
func newMergeFile(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "merge-file BASE OURS THEIRS PATH",
		Short:  a.T("merge a file of the register, for git"),
		Hidden: true,
		Args:   a.exactly(4),
		RunE:   func(_ *cobra.Command, args []string) error { return a.mergeFile(args) },
	}
}

func (a *app) mergeFile(args []string) error {
	var data [3][]byte
	var err error
	for i, name := range args[:3] {
		if data[i], err = os.ReadFile(a.abs(name)); err != nil {
			return err
		}
	}
	merged, conflicts := merge.File(args[3], data[0], data[1], data[2], merge.Ask)
	if conflicts == nil {
		return os.WriteFile(a.abs(args[1]), merged, 0o600)
	}
	_, id := store.PartOf(args[3])
	for _, d := range conflicts { // what they say is about a person, and git keeps what is said here
		fmt.Fprintln(a.Err, "klacht: "+a.T("%s: the two sides differ", casefile.OneLine(aboutOf(history.Conflict{ID: id, File: args[3]}))+": "+a.fieldOrStep(d.Field)))
	}
	return casefile.Errorf("this is not merged; the file is as it is here").
		WithHint("`git merge --abort` takes it back, or in a rebase `git rebase --abort`; then `klacht sync` asks whose version holds")
}
