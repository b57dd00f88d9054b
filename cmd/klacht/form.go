package main

import (
	"errors"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store/inbox"

	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
)

// form asks on the terminal for what is then recorded. Where nothing can be, it says
// so before anything is typed.
func (a *app) form(groups ...*huh.Group) error {
	if err := a.recordable(); err != nil {
		return err
	}
	return a.ask(groups...)
}

// recordable says what keeps this command from recording anything.
func (a *app) recordable() error {
	if a.reg == nil { // it is still to be made
		return nil
	}
	return a.reg.Ready()
}

// ask asks the questions of the groups on the terminal. The keys are named in the
// language of the person.
func (a *app) ask(groups ...*huh.Group) error {
	keys := huh.NewDefaultKeyMap()
	keys.Input.Next.SetHelp("enter", a.T("next"))
	keys.Input.Prev.SetHelp("shift+tab", a.T("back"))
	keys.Input.Submit.SetHelp("enter", a.T("done"))
	keys.Text.Next.SetHelp("enter", a.T("next"))
	keys.Text.Prev.SetHelp("shift+tab", a.T("back"))
	keys.Text.Submit.SetHelp("enter", a.T("done"))
	keys.Text.NewLine.SetHelp("alt+enter / ctrl+j", a.T("new line"))
	keys.Text.Editor.Unbind() // it would put what is typed into the folder for temporary files, where a crash leaves it
	keys.Select.Up.SetHelp("↑", a.T("up"))
	keys.Select.Down.SetHelp("↓", a.T("down"))
	keys.Select.Next.SetHelp("enter", a.T("choose"))
	keys.Select.Submit.SetHelp("enter", a.T("choose"))
	keys.Select.Prev.SetHelp("shift+tab", a.T("back"))
	keys.Select.Filter.Unbind() // the library enables it again where it is only disabled
	keys.Confirm.Toggle.SetHelp("←/→", a.T("change"))
	keys.Confirm.Submit.SetHelp("enter", a.T("done"))
	keys.Confirm.Next.SetHelp("enter", a.T("done"))
	keys.Confirm.Prev.SetHelp("shift+tab", a.T("back"))
	keys.Confirm.Accept.SetEnabled(false)
	keys.Confirm.Reject.SetEnabled(false)
	lipgloss.SetHasDarkBackground(true) // so that the terminal is not asked, which takes seconds where none answers
	theme := huh.ThemeBase16()
	if !a.coloured(a.colorFlag) {
		theme = huh.ThemeBase()
	}
	err := huh.NewForm(groups...).WithKeyMap(keys).WithTheme(theme).WithShowHelp(true).
		WithInput(a.In).WithOutput(a.Err).WithAccessible(a.Getenv("TERM") == "dumb").Run()
	if errors.Is(err, huh.ErrUserAborted) {
		return errGivenUp()
	}
	return err
}

// told turns a check of ours into one whose error is in the person's language.
func (a *app) told(check func(string) error) func(string) error {
	return func(s string) error {
		if err := check(strings.TrimSpace(s)); err != nil {
			return errors.New(a.Explain(err))
		}
		return nil
	}
}

// askCase asks for what the flags leave open, checks each answer as it is typed,
// and shows the dates before anything is saved.
func (a *app) askCase(c *casefile.Case, o *newOptions) error {
	e := &c.Log[0]
	when := e.At.String()
	if when == "" {
		when = a.now.Date.String()
	}
	whenTitle := a.T("When did it arrive?")
	if o.spoken {
		whenTitle = a.T("When was it spoken?")
	}
	save := true
	var asked []huh.Field
	input := func(title string, value *string, check func(string) error) {
		asked = append(asked, huh.NewInput().Title(title).Value(value).CharLimit(300).Validate(a.told(check)))
	}
	parse := func(s string) (casefile.Moment, error) {
		m, err := casefile.ParseMoment(s, a.reg.Policy.Zone)
		if err == nil {
			err = a.notInFuture(m)
		}
		return m, err
	}
	if e.At.IsZero() {
		input(whenTitle, &when, func(s string) error { _, err := parse(s); return err })
	}
	if c.Complainant.Name == "" {
		input(a.T("Who complains?"), &c.Complainant.Name, filled)
	}
	if c.Complainant.Email == "" {
		input(a.T("E-mail address (may be empty)"), &c.Complainant.Email, addressOrNone)
	}
	if c.Complainant.Phone == "" {
		input(a.T("Phone number (may be empty)"), &c.Complainant.Phone, func(string) error { return nil })
	}
	if c.Subject == "" {
		input(a.T("What is it about, in one line?"), &c.Subject, filled)
	}
	if kinds := a.reg.Policy.About; c.About == "" && len(kinds) > 0 {
		options := []huh.Option[string]{huh.NewOption(a.T("none of these"), "")}
		for _, kind := range kinds {
			options = append(options, huh.NewOption(casefile.OneLine(kind), kind))
		}
		asked = append(asked, huh.NewSelect[string]().Title(a.T("What kind of complaint is it?")).Options(options...).Value(&c.About))
	}
	if c.Complaint == "" {
		asked = append(asked, huh.NewText().Title(a.T("In the person's own words")).Value(&c.Complaint).Lines(6).CharLimit(0))
	}
	dates := func() string {
		m, err := parse(when)
		if err != nil || o.spoken {
			return a.T("no term runs yet; invite the complainant to write")
		}
		return strings.TrimRight(a.termLines(a.reg.Policy.Terms(m.Date)), "\n")
	}
	confirm := huh.NewConfirm().Title(a.T("Register this complaint?")).DescriptionFunc(dates, &when).
		Affirmative(a.T("Register")).Negative(a.T("Throw away")).Value(&save)
	if err := a.form(huh.NewGroup(asked...), huh.NewGroup(confirm)); err != nil {
		return err
	}
	if !save {
		return errGivenUp()
	}
	var err error
	e.At, err = parse(strings.TrimSpace(when))
	for _, s := range []*string{&c.Complainant.Name, &c.Complainant.Email, &c.Complainant.Phone, &c.Subject} {
		*s = casefile.OneLine(*s)
	}
	c.Complaint = casefile.Plain(c.Complaint)
	return err
}

func filled(s string) error {
	if casefile.OneLine(s) == "" {
		return casefile.Errorf("this cannot stay empty")
	}
	return nil
}

func addressOrNone(s string) error {
	if s != "" && !inbox.ValidAddress(s) {
		return casefile.Errorf("%q is not an e-mail address", s)
	}
	return nil
}

// askMissing asks on a terminal for the fields that a step cannot do without,
// and for those that are wished for; elsewhere it says which flag is missing.
func (a *app) askMissing(e *casefile.Entry, needs, wishes []casefile.Field) error {
	var asked []huh.Field
	var take []func() error
	for _, field := range append(slices.Clone(needs), wishes...) {
		if e.Has(field) || field == casefile.FieldLetter { // the case tells which letter is meant
			continue
		}
		if !a.asks() {
			if slices.Contains(wishes, field) {
				continue
			}
			return usage("--%s is missing", string(field))
		}
		q, done := a.question(e, field)
		asked, take = append(asked, q), append(take, done)
	}
	if asked == nil {
		return nil
	}
	if err := a.form(huh.NewGroup(asked...)); err != nil {
		return err
	}
	for _, done := range take {
		if err := done(); err != nil {
			return err
		}
	}
	return nil
}

// question returns the field of a form that asks for a field of an entry, and
// what puts the answer into the entry.
func (a *app) question(e *casefile.Entry, field casefile.Field) (huh.Field, func() error) {
	date := func(title string, to *casefile.Date) (huh.Field, func() error) {
		var s string
		later := func(s string) error {
			d, err := casefile.ParseDate(s)
			if err == nil && d.Before(a.now.Date) {
				err = casefile.Errorf("%s has already passed", d)
			}
			return err
		}
		return huh.NewInput().Title(title).Placeholder("YYYY-MM-DD").Value(&s).Validate(a.told(later)),
			func() (err error) { *to, err = casefile.ParseDate(strings.TrimSpace(s)); return err }
	}
	nothing := func() error { return nil }
	switch field {
	case casefile.FieldUntil:
		return date(a.T("Until when?"), &e.Until)
	case casefile.FieldReview:
		return date(a.T("When to look at it again?"), &e.Review)
	case casefile.FieldWhen:
		var s string
		check := func(s string) error { _, err := casefile.ParseMoment(s, a.reg.Policy.Zone); return err }
		return huh.NewInput().Title(a.T("When is the conversation?")).Placeholder("YYYY-MM-DDTHH:MM").Value(&s).Validate(a.told(check)),
			func() (err error) {
				e.When, err = casefile.ParseMoment(strings.TrimSpace(s), a.reg.Policy.Zone)
				return err
			}
	case casefile.FieldOutcome:
		var options []huh.Option[casefile.Outcome]
		for _, o := range casefile.Outcomes() {
			options = append(options, huh.NewOption(a.OutcomeName(o), o))
		}
		return huh.NewSelect[casefile.Outcome]().Title(a.T("How did it end?")).Options(options...).Value(&e.Outcome), nothing
	case casefile.FieldLearned:
		return huh.NewInput().Title(a.T("What did you learn from it? For the year's report, without names (may be empty)")).Value(&e.Learned),
			func() error { e.Learned = casefile.OneLine(e.Learned); return nil }
	case casefile.FieldReason:
		return huh.NewInput().Title(a.T("For what reason?")).Value(&e.Reason).Validate(a.told(filled)),
			func() error { e.Reason = casefile.OneLine(e.Reason); return nil }
	case casefile.FieldBody:
		return huh.NewInput().Title(a.T("Which body?")).Value(&e.Body).Validate(a.told(filled)),
			func() error { e.Body = casefile.OneLine(e.Body); return nil }
	}
	return huh.NewText().Title(a.T("The text")).Value(&e.Text).Lines(6).CharLimit(0).Validate(a.told(filled)),
		func() error { e.Text = casefile.Plain(e.Text); return nil }
}
