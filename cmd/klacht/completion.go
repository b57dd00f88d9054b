package main

import (
	"github.com/spf13/cobra"
)

// newCompletion is the command that writes the script by which a shell
// completes commands, flags and numbers.
func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     a.T("write the completion script for your shell"),
		Example:   "  source <(klacht completion bash)\n  klacht completion fish > ~/.config/fish/completions/klacht.fish",
		Args:      a.exactly(1),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Out, true)
			case "zsh":
				return root.GenZshCompletion(a.Out)
			case "fish":
				return root.GenFishCompletion(a.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.Out)
			}
			return usage("there is no completion for %q; there is for bash, zsh, fish and powershell", args[0])
		},
	}
}
