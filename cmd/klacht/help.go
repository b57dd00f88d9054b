package main

import (
	casefile "klacht/case"

	"github.com/spf13/cobra"
)

// newHelp is the command that tells how a command is used.
func newHelp(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: a.T("tell how a command is used"),
		Args:  a.between(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && (args[0] == "all" || args[0] == "alles") {
				c.Root().Annotations = map[string]string{"all": "yes"}
				return c.Root().Help()
			}
			found, _, err := c.Root().Find(args)
			if err != nil || len(args) > 0 && found == c.Root() {
				return &usageError{err: casefile.Errorf("there is no command %q", args[0]).WithHint("`klacht help` lists the commands")}
			}
			return found.Help()
		},
	}
}
