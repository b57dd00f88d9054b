package main

import (
	"context"
	"fmt"
	"os"

	casefile "klacht/case"
	"klacht/store/history"

	"github.com/spf13/cobra"
)

// newMergeFile is the command that git runs to merge a file of a register, as
// `klacht sync` would; see [history.Repo.Driver].
func newMergeFile(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "merge-file BASE OURS THEIRS PATH",
		Short:  a.t("merge a file of the register, for git"),
		Hidden: true,
		Args:   a.exactly(4),
		RunE:   func(c *cobra.Command, args []string) error { return a.mergeFile(c.Context(), args) },
	}
}

func (a *app) mergeFile(ctx context.Context, args []string) error {
	repo, err := history.Open(a.Dir, history.Setup{Policy: "git"})
	if err != nil {
		return err
	}
	var data [3][]byte
	for i, name := range args[:3] {
		if data[i], err = os.ReadFile(a.abs(name)); err != nil {
			return err
		}
	}
	merged, conflicts, err := repo.MergeDriven(ctx, args[3], data[0], data[1], data[2])
	if err != nil {
		return err
	}
	for _, c := range conflicts {
		fmt.Fprintln(a.Err, "klacht: "+a.t("%s: the two sides differ", a.conflictAbout(c)))
	}
	if conflicts != nil {
		return casefile.Errorf("this is not merged; the file is as it is here").
			WithHint("`git merge --abort`, and then `klacht sync`, which asks whose version holds")
	}
	return os.WriteFile(a.abs(args[1]), merged, 0o600)
}
