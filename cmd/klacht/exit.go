package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone      = 0
	exitFailed    = 1
	exitUsage     = 2
	exitPartial   = 3
	exitOverdue   = 4
	exitUncertain = 5
)

// usageError is a mistake in the command line.
type usageError struct {
	err error
	cmd *cobra.Command // to show how it is used; nil where that would not help
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage returns an error for wrong use of a command.
func usage(format string, args ...any) error {
	return &usageError{err: casefile.Errorf(format, args...)}
}

// complain tells what is wrong, and what to do about it.
func (a *app) complain(err error) {
	fmt.Fprintln(a.Err, "klacht: "+a.Explain(err))
	if hint, ok := casefile.HintOf(err); ok {
		fmt.Fprintln(a.Err, "hint: "+a.Say(hint))
	}
}

// fail tells what went wrong, and returns the exit code for it.
func (a *app) fail(err error) int {
	a.complain(err)
	var wrong *usageError
	if errors.As(err, &wrong) && wrong.cmd != nil {
		fmt.Fprintf(a.Err, "\n%s\n  %s\n", a.T("Usage:"), wrong.cmd.UseLine())
	}
	return exitCode(err)
}

// exitCode returns the exit code for what went wrong.
func exitCode(err error) int {
	var wrong *usageError
	switch kind := casefile.KindOf(err); {
	case errors.As(err, &wrong):
		return exitUsage
	case kind == casefile.Pending:
		return exitPartial
	case kind == casefile.Uncertain:
		return exitUncertain
	}
	return exitFailed
}

// exitMeanings says what each exit code means, in the order of the codes.
func (a *app) exitMeanings() []string {
	return []string{
		a.T("done"),
		a.T("failed; nothing was changed"),
		a.T("wrong use of a command"),
		a.T("done in part: something is pending, or part of the register could not be read"),
		a.T("`due --exit-code`, and something is overdue"),
		a.T("it could not be made certain, such as whether a letter has left; what to do is said"),
	}
}

// exitCodes are the codes beside 0, 1 and 2 with which a command may end.
var exitCodes = map[string][]int{
	"due": {exitPartial, exitOverdue}, "list": {exitPartial}, "check": {exitPartial}, "report": {exitPartial},
	"dossier": {exitPartial}, "calendar": {exitPartial}, "letters": {exitPartial}, "fetch": {exitPartial},
	"purge": {exitPartial}, "erase": {exitPartial}, "sync": {exitPartial}, "outbox": {exitPartial}, "send": {exitPartial, exitUncertain},
}

// exitHelp returns the part of the help of a command that explains its codes;
// the help of klacht itself explains all.
func (a *app) exitHelp(c *cobra.Command) string {
	codes := exitCodes[c.Name()]
	switch {
	case !c.HasParent():
		codes = []int{exitDone, exitFailed, exitUsage, exitPartial, exitOverdue, exitUncertain}
	case c.Flags().Lookup("no-letter") != nil: // it sends a letter
		codes = exitCodes["send"]
	}
	if codes == nil {
		return ""
	}
	s := "\n\n" + a.T("Exit codes:")
	for code, meaning := range a.exitMeanings() {
		if slices.Contains(codes, code) {
			s += fmt.Sprintf("\n  %d   %s", code, meaning)
		}
	}
	return s
}

// crashed tells of a mistake in klacht itself, and returns the exit code for
// it. The file with the report says where the program was, and nothing of what
// it was working on.
func (a *app) crashed(mistake any) int {
	if a.Words == nil {
		a.Words = words.New("en")
	}
	report := fmt.Sprintf("klacht %s, %s %s/%s: %T\n", a.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, mistake)
	pcs := make([]uintptr, 100)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		report += fmt.Sprintf("%s %s:%d\n", f.Function, filepath.Base(f.File), f.Line)
		if !more {
			break
		}
	}
	err := casefile.Errorf("this is a mistake in klacht itself; what was reported as done is safe on disk")
	if file := a.keepReport(report); file != "" {
		err = err.WithHint("`klacht check` looks whether the register is sound; for who mends klacht, %s says where it went wrong, and nothing personal", file)
	}
	a.complain(err)
	return exitUncertain
}

// keepReport writes a report in the register, or else among the temporary files
// of this machine, and returns where; "" if that is not possible.
func (a *app) keepReport(report string) string {
	dirs := []string{os.TempDir()}
	if a.reg != nil && a.reg.LocalDir() != "" {
		dirs = slices.Insert(dirs, 0, a.reg.LocalDir())
	}
	for _, dir := range dirs {
		f, err := os.CreateTemp(dir, "klacht-crash-*.txt")
		if err != nil {
			continue
		}
		_, err = f.WriteString(report)
		if errors.Join(err, f.Close()) == nil {
			return f.Name()
		}
	}
	return ""
}
