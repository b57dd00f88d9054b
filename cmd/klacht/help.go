package main

import (
	"fmt"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/guide"

	"github.com/spf13/cobra"
)

// newHelp is the command that tells how a command is used, and shows the guide.
func newHelp(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: a.T("tell how a command is used, or show a chapter of the guide"),
		Args:  a.between(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && (args[0] == "all" || args[0] == "alles") {
				c.Root().Annotations = map[string]string{"all": "yes"}
				return c.Root().Help()
			}
			found, _, err := c.Root().Find(args)
			if err == nil && (len(args) == 0 || found != c.Root()) {
				return found.Help()
			}
			chapter, ok := guide.Find(a.Lang, args[0])
			if !ok {
				return &usageError{err: casefile.Errorf("there is no command or topic %q", args[0]).WithHint("`klacht help` lists the commands and the topics")}
			}
			for line := range strings.Lines(chapter.Text()) {
				if strings.HasPrefix(line, "#") {
					line = a.bold.Render(strings.TrimSpace(line)) + "\n"
				}
				fmt.Fprint(a.Out, line)
			}
			return nil
		},
	}
}

// topics lists the chapters of the guide, for the help of klacht itself.
func (a *app) topics(c *cobra.Command) string {
	if c.HasParent() {
		return ""
	}
	s := a.T("The guide, with `klacht help TOPIC`:")
	for _, c := range guide.Chapters(a.Lang) {
		s += fmt.Sprintf("\n  %-14s %s", c.Topic, c.Title)
	}
	return s
}
