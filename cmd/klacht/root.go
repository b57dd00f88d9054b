package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/cmd/klacht/words"
	"klacht/store"
	"klacht/store/history"
	"klacht/store/inbox"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is one run of the program.
type app struct {
	world
	*words.Words
	look
	*underWay

	dir, todayFlag, colorFlag, langFlag string
	json                                bool

	now     casefile.Moment // set with the register, in its time zone
	reg     *store.Register
	history *history.Keeper // nil if the register keeps none
	code    int             // exit code of a command that was carried out
}

// run carries out a command line and returns the exit code.
func run(args []string, w world) int {
	a := &app{world: w, underWay: &underWay{}}
	ctx, stop := a.heedInterrupt()
	defer stop()
	done := make(chan int, 1)
	go func() { done <- a.carryOut(ctx, args) }()
	return a.await(ctx, done)
}

// carryOut carries out a command line and returns the exit code.
func (a *app) carryOut(ctx context.Context, args []string) (code int) {
	defer func() {
		if mistake := recover(); mistake != nil {
			code = a.crashed(mistake)
		}
	}()
	a.Words = words.New(a.language(args))
	a.look = newLook(false)
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return a.code
	}
	return a.fail(err)
}

// language returns the language to speak: as --lang says, or else by the
// locale. It is needed before the flags are read, for the help.
func (a *app) language(args []string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			return known(v)
		}
		if arg == "--lang" && i+1 < len(args) {
			return known(args[i+1])
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := a.Getenv(name); v != "" {
			return known(strings.ToLower(v[:min(2, len(v))]))
		}
	}
	return "en"
}

func known(lang string) string {
	if lang == "nl" {
		return lang
	}
	return "en"
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "klacht COMMAND",
		Short: a.T("remembers, counts and records what you promised to those who complain"),
		Long: a.T("klacht keeps the complaints of a small firm in plain files, counts the terms of its complaints\n" +
			"procedure, shows each morning what is due, and lets go of what must go."),
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if err := checkText(c); err != nil {
				return err
			}
			return a.decide()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			err := casefile.Errorf("there is no command %q", args[0]).WithHint("`klacht help` lists the commands")
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				err = err.WithHint("did you mean `klacht %s`?", near[0])
			}
			return &usageError{err: err}
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.Version = a.Version
	root.SetVersionTemplate("klacht {{.Version}}\n")
	cobra.EnableCommandSorting = false // the order of the procedure says more than the alphabet
	f := root.PersistentFlags()
	f.StringVar(&a.dir, "dir", "", a.T("the `folder` of the register (or KLACHT_DIR; else it is looked for)"))
	f.StringVar(&a.todayFlag, "today", "", a.T("act as on this `date`, YYYY-MM-DD or YYYY-MM-DDTHH:MM (or KLACHT_TODAY)"))
	f.BoolVar(&a.json, "json", false, a.T("print JSON, for scripts"))
	f.StringVar(&a.colorFlag, "color", "auto", a.T("use colour `when`: auto (the usual), always or never"))
	f.StringVar(&a.langFlag, "lang", "", a.T("speak this `language`: Dutch (nl) or English (en); else as the locale says"))

	groups := []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"day", a.T("Every day:"), []*cobra.Command{newNew(a), newDue(a), newShow(a), newList(a), newNote(a), newEdit(a)}},
		{"procedure", a.T("The procedure:"), []*cobra.Command{newReceive(a), newReply(a), newAcknowledge(a), newClarify(a),
			newPropose(a), newInvite(a), newCallOff(a), newHear(a), newExtend(a), newWrite(a), newClose(a), newReopen(a), newRefer(a), newRuling(a), newComply(a)}},
		{"mail", a.T("Mail:"), []*cobra.Command{newFetch(a), newOutbox(a), newSend(a), newSent(a), newMove(a), newUndelivered(a), newLetters(a)}},
		{"archive", a.T("The archive:"), []*cobra.Command{newPurge(a), newErase(a), newHold(a), newRelease(a)}},
		{"oversight", a.T("Oversight:"), []*cobra.Command{newTerms(a), newReport(a), newDossier(a), newCalendar(a), newLog(a), newCheck(a)}},
		{"register", a.T("The register:"), []*cobra.Command{newInit(a), newSync(a), newCompletion(a), newVersion(a), newHelp(a), newMergeFile(a)}},
	}
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = g.id
			root.AddCommand(c)
		}
	}
	for _, c := range root.Commands() {
		switch {
		case slices.Contains([]string{"receive", "reply", "undelivered"}, c.Name()): // new does that as well; they stay for scripts
			c.Hidden = true
		case slices.Contains(rare, c.Name()):
			c.Annotations = map[string]string{"rare": "yes"}
		}
	}
	root.SetHelpCommand(newHelp(a))
	a.dress(root)
	return root
}

// rare are the commands that only `klacht help all` lists: they do what comes up in few
// complaints, or once.
var rare = []string{"clarify", "call-off", "reopen", "ruling", "comply", "move", "letters", "hold", "release", "terms", "calendar", "log", "sync",
	"completion", "version", "help"}

// dress gives a command and those below it our own help, in the language of the
// person, and errors of our own for wrong flags.
func (a *app) dress(c *cobra.Command) {
	c.SetUsageTemplate(strings.NewReplacer(
		"USAGE", a.T("Usage:"), "ALIASES", a.T("Also called:"), "EXAMPLES", a.T("Examples:"),
		"FLAGS", a.T("Flags:"), "GLOBAL", a.T("Flags of every command:"),
		"CODES", a.exitHelp(c), "MORE", a.T("`klacht help COMMAND` tells more about a command."), "ALL", a.T("`klacht help all` lists every command."), "TOPICS", a.topics(c),
	).Replace(usageTemplate))
	c.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return &usageError{a.flagError(err), cmd} })
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	if f := c.Flags().Lookup("version"); f != nil {
		f.Usage = a.T("tell which klacht this is")
	}
	if f := c.Flags().Lookup("help"); f != nil {
		f.Usage = a.T("show this help")
	}
	c.DisableFlagsInUseLine = true
	c.Use = strings.NewReplacer("DATE", a.T("DATE"), "TEXT", a.T("TEXT"), "OUTCOME", a.T("OUTCOME"), "WORD", a.T("WORD"),
		"ADDRESS", a.T("ADDRESS"), "COMMAND", a.T("COMMAND"), "TOPIC", a.T("TOPIC"), "LETTER", a.T("LETTER"), "YEAR", a.T("YEAR"), "FROM", a.T("FROM"), "..TO", a.T("..TO")).Replace(c.Use)
	c.Flags().VisitAll(hideDefault)
	c.PersistentFlags().VisitAll(hideDefault)
	for _, sub := range c.Commands() {
		a.dress(sub)
	}
}

// hideDefault keeps the library from adding the default of a flag in English:
// where it matters, the text of the flag says it.
func hideDefault(f *pflag.Flag) {
	f.DefValue = map[string]string{"int": "0", "bool": "false", "stringSlice": "[]", "stringArray": "[]"}[f.Value.Type()]
}

const usageTemplate = `USAGE
  {{.UseLine}}{{if .HasExample}}

EXAMPLES
{{.Example}}{{end}}{{if gt (len .Aliases) 0}}

ALIASES
  {{range $i, $alias := .Aliases}}{{if $i}}, {{end}}{{$alias}}{{end}}{{end}}{{if .HasAvailableSubCommands}}{{range $group := .Groups}}

{{.Title}}{{range $.Commands}}{{if and (eq .GroupID $group.ID) .IsAvailableCommand (or (not .Annotations.rare) $.Annotations.all)}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}

TOPICS{{end}}{{if .HasAvailableLocalFlags}}

FLAGS
{{.LocalNonPersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}

GLOBAL
{{.Root.PersistentFlags.FlagUsages | trimTrailingWhitespaces}}CODES{{if .HasAvailableSubCommands}}

MORE{{if not .Annotations.all}}
ALL{{end}}{{end}}
`

// flagError says in our own words what is wrong with a flag.
func (a *app) flagError(err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return casefile.Errorf("there is no flag %s", dashed(unknown.GetSpecifiedName()))
	case errors.As(err, &missing):
		return casefile.Errorf("the flag %s needs a value", dashed(missing.GetSpecifiedName()))
	case errors.As(err, &invalid):
		return casefile.Errorf("the flag %s cannot be %q", dashed(invalid.GetFlag().Name), invalid.GetValue())
	}
	return casefile.Errorf("the flags cannot be read: %s", err.Error())
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// decide settles what the global flags leave open. It runs before any command.
func (a *app) decide() error {
	if !slices.Contains([]string{"auto", "always", "never"}, a.colorFlag) {
		return usage("--color is auto, always or never, not %q", a.colorFlag)
	}
	if a.langFlag != "" && a.langFlag != "nl" && a.langFlag != "en" {
		return usage("--lang is nl or en, not %q", a.langFlag)
	}
	a.look = newLook(a.coloured(a.colorFlag))
	if a.todayFlag == "" {
		a.todayFlag = a.Getenv("KLACHT_TODAY")
	}
	return nil
}

// open opens the register and reads the clock, in the time zone of the firm.
func (a *app) open() error {
	dir, err := a.findRegister()
	if err != nil {
		return err
	}
	keys := func(mail []byte) (same, named []string) { return inbox.Keys(mail, a.reg.Policy) }
	if a.reg, err = store.Open(dir, keys); err != nil {
		return err
	}
	a.opened.Store(a.reg)
	a.reg.Times = a.proven
	a.keepHistory()
	err = a.setNow(a.reg.Policy.Zone)
	if a.todayFlag == "" {
		a.reg.Today = a.now.Date
	}
	return err
}

// setNow reads the clock, or takes the day that --today names.
func (a *app) setNow(zone *time.Location) (err error) {
	if a.todayFlag == "" {
		a.now = casefile.MomentOf(a.Now(), zone)
	} else if a.now, err = casefile.ParseMoment(a.todayFlag, zone); err != nil {
		return &usageError{err: err}
	}
	a.Words.Today = a.now.Date
	return nil
}

// findRegister returns the folder of the register: as named, or else the nearest
// one at or above the current folder, or else the one that init remembered.
func (a *app) findRegister() (string, error) {
	for _, dir := range []string{a.dir, a.Getenv("KLACHT_DIR")} {
		if dir != "" {
			return a.abs(dir), nil
		}
	}
	for dir := a.Dir; dir != ""; dir = filepath.Dir(dir) {
		for _, place := range []string{dir, filepath.Join(dir, "cases")} {
			if _, err := os.Stat(filepath.Join(place, store.PolicyFile)); err == nil {
				return place, nil
			}
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if dir := a.remembered(); dir != "" {
		return dir, nil
	}
	return "", casefile.Errorf("there is no register here").
		WithHint("`klacht init` makes one; --dir or KLACHT_DIR says where one is")
}

// abs returns a path as seen from the current folder.
func (a *app) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(a.Dir, path)
}

// rememberedFile holds the path of the register that is used where there is
// none nearer.
func (a *app) rememberedFile() string { return filepath.Join(a.ConfigDir, "register") }

// remembered returns the folder that init remembered, or "".
func (a *app) remembered() string {
	if a.ConfigDir == "" {
		return ""
	}
	data, err := os.ReadFile(a.rememberedFile())
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(data))
}

// println writes a line to the output.
func (a *app) println(s string) { fmt.Fprintln(a.Out, s) }

// print writes text that ends its own lines.
func (a *app) print(s string) { fmt.Fprint(a.Out, s) }
