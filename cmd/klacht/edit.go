package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	casefile "klacht/case"
	"klacht/store"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newEdit is the command for corrections by hand.
func newEdit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "edit ID",
		Short: a.t("correct a complaint by hand, in your own editor"),
		Long: a.t("Open the file of a complaint in $VISUAL or $EDITOR. What you save is looked at before it takes the\n" +
			"place of the file; with a mistake in it you can go back, and nothing is lost."),
		Example:           "  klacht edit 7",
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(_ *cobra.Command, args []string) error { return a.edit(args[0]) },
	}
}

func (a *app) edit(short string) error {
	if err := a.open(); err != nil {
		return err
	}
	id, err := a.find(short)
	if err != nil {
		return err
	}
	f, err := a.reg.LoadRaw(id)
	if err != nil {
		return err
	}
	copyPath, err := a.reg.EditCopy(f)
	if err != nil {
		return err
	}
	defer func() { _ = a.reg.RemoveEditCopy(id) }()
	for {
		if err := a.runEditor(copyPath); err != nil {
			return err
		}
		data, err := a.reg.ReadEditCopy(id)
		if err != nil {
			return err
		}
		if bytes.Equal(data, f.Data) {
			a.println(a.t("%s: nothing was changed", id))
			return nil
		}
		if _, err = a.reg.ParseCase(f, data); err != nil {
			if again, aerr := a.askAgain(err); again || aerr != nil {
				if aerr != nil {
					return aerr
				}
				continue
			}
			return err
		}
		next, err := a.write(func(w *store.Writer) (*store.File, error) { return w.Replace(f, data) })
		if err != nil {
			return err
		}
		a.println(a.t("%s: changed", next.ID))
		return nil
	}
}

// askAgain shows on a terminal what is wrong with an edited file and asks
// whether to go back to it.
func (a *app) askAgain(err error) (bool, error) {
	if !a.asks() {
		return false, nil
	}
	again := true
	ask := huh.NewConfirm().Title(a.err(err)).
		Affirmative(a.t("Go back to it")).Negative(a.t("Throw away")).Value(&again)
	return again, a.form(huh.NewGroup(ask))
}

// runEditor opens a file in the person's editor and waits for it.
func (a *app) runEditor(path string) error {
	editor := a.Getenv("VISUAL")
	if editor == "" {
		editor = a.Getenv("EDITOR")
	}
	if editor == "" {
		editor = "vi"
	}
	words := strings.Fields(editor) // such as "code --wait"
	c := exec.Command(words[0], append(words[1:], path)...)
	c.Stdin, c.Stdout, c.Stderr = a.In, a.Out, a.Err
	keys := make(chan os.Signal, 1)
	signal.Notify(keys, os.Interrupt) // Ctrl-C is for the editor; we stay, to take away the copy
	defer signal.Stop(keys)
	var exit *exec.ExitError
	if err := c.Run(); errors.As(err, &exit) {
		return casefile.Errorf("the editor %s did not finish", words[0]).WithHint("VISUAL or EDITOR says which editor to use")
	} else if err != nil {
		return casefile.Errorf("the editor %s cannot be started: %v", words[0], err).
			WithHint("VISUAL or EDITOR says which editor to use")
	}
	return nil
}
