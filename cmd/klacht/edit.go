package main

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os/exec"
	"runtime"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/account"

	"github.com/charmbracelet/huh"
	"github.com/spf13/cobra"
)

// newEdit is the command for corrections by hand.
func newEdit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "edit ID",
		Short: a.T("correct a complaint by hand, in your own editor"),
		Long: a.T("Open the file of a complaint in $VISUAL or $EDITOR. What you save is looked at before it takes the\n" +
			"place of the file; with a mistake in it you can go back, and nothing is lost."),
		Example:           "  klacht edit 7",
		Args:              a.exactly(1),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(_ *cobra.Command, args []string) error { return a.edit(args[0]) },
	}
}

func (a *app) edit(short string) (err error) {
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
	defer func() { err = a.endCopy(copyPath, f.Data, err) }()
	for {
		if err := a.runEditor(copyPath); err != nil {
			return err
		}
		data, err := a.reg.ReadEditCopy(copyPath)
		if err != nil {
			return err
		}
		if bytes.Equal(data, f.Data) {
			a.println(a.T("%s: nothing was changed", id))
			return nil
		}
		next, err := a.reg.ParseCase(f, data)
		if err == nil {
			if d := next.StillToCome(a.now.Date); d != nil {
				err = d
			}
		}
		if err != nil {
			if again, aerr := a.askAgain(copyPath, err); again || aerr != nil {
				if aerr != nil {
					return aerr
				}
				continue
			}
			return err
		}
		next, err = a.write(func(w *store.Writer) (*store.File, error) { return w.Replace(f, data) })
		if errors.Is(err, store.ErrMeanwhile) {
			if again, aerr := a.askAgain(copyPath, err); aerr != nil || !again {
				return cmp.Or(aerr, err)
			}
			if f, err = a.reg.LoadRaw(id); err == nil {
				err = a.reg.PutEditCopy(copyPath, append(data, a.commented(f.Data)...))
			}
			if err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		a.println(a.T("%s: changed", next.ID))
		a.warnOfStale(next.ID)
		return nil
	}
}

// commented returns the file as it is now as comments, for below what the owner
// wrote.
func (a *app) commented(data []byte) []byte {
	text := "\n# " + a.T("klacht: meanwhile the file has become this; take over what should stay, and remove it here") + "\n"
	for line := range bytes.Lines(data) {
		text += "# " + string(line)
	}
	return []byte(text)
}

// endCopy removes the copy of a file that was edited, unless it was changed and
// err says that nothing has taken up what is in it: then the error that it
// returns says where it is kept.
func (a *app) endCopy(path string, before []byte, err error) error {
	if now, rerr := a.reg.ReadEditCopy(path); err != nil && !errors.Is(rerr, fs.ErrNotExist) && (rerr != nil || !bytes.Equal(now, before)) {
		return casefile.Errorf("%v", err).WithHint("what you wrote is kept in %s", path)
	}
	if rerr := a.reg.RemoveEditCopy(path); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		a.complain(casefile.Errorf("a copy is left in %s: %v", path, rerr))
	}
	return err
}

// askAgain shows on a terminal what is wrong with an edited file and asks
// whether to go back to it; if it is to be thrown away, its copy goes.
func (a *app) askAgain(path string, err error) (bool, error) {
	if !a.asks() {
		return false, nil
	}
	again := true
	ask := huh.NewConfirm().Title(a.Explain(err)).
		Affirmative(a.T("Go back to it")).Negative(a.T("Throw away")).Value(&again)
	if err := a.ask(huh.NewGroup(ask)); err != nil || again { // what was written is there already
		return again, err
	}
	return false, a.reg.RemoveEditCopy(path)
}

// runEditor opens a file in the person's editor and waits for it; not where nothing
// can be recorded.
func (a *app) runEditor(path string) error {
	if err := a.recordable(); err != nil {
		return err
	}
	editor := cmp.Or(a.Getenv("VISUAL"), a.Getenv("EDITOR"), map[bool]string{true: "notepad", false: "vi"}[runtime.GOOS == "windows"])
	words, err := account.SplitCommand(editor) // such as "code --wait", or one with quotes around its path
	if err != nil {
		return err
	}
	c := exec.Command(words[0], append(words[1:], path)...)
	c.Stdin, c.Stdout, c.Stderr = a.In, a.Out, a.Err
	a.inEditor.Store(true) // Ctrl-C is for the editor; we stay, to take away the copy
	defer a.inEditor.Store(false)
	var exit *exec.ExitError
	if err := c.Run(); errors.As(err, &exit) {
		return casefile.Errorf("the editor %s did not finish", words[0]).WithHint("VISUAL or EDITOR says which editor to use")
	} else if err != nil {
		return casefile.Errorf("the editor %s cannot be started: %v", words[0], err).
			WithHint("VISUAL or EDITOR says which editor to use")
	}
	return nil
}
