package main

import (
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/letters"
	"klacht/store"

	"github.com/spf13/cobra"
)

// occasion is what a letter without a step of its own can be about.
type occasion struct {
	word, dutch string
	step        casefile.Step // that it tells of; "" if it tells of none
}

var occasions = []occasion{
	{"ruling", "uitspraak", casefile.Ruled},
	{"complied", "uitgevoerd", casefile.Complied},
	{"in-writing", "op-schrift", ""},
	{"reopened", "heropend", casefile.Reopened},
	{"reply", "reactie", casefile.Replied},
	{"other", "anders", ""},
}

// newWrite is the command for letters that have no step of their own.
func newWrite(a *app) *cobra.Command {
	var about string
	var words []string
	for _, o := range occasions {
		words = append(words, o.word)
	}
	spec := stepSpec{
		step: casefile.Wrote, use: "write ID", letter: true,
		short: a.T("write a letter in your own words, and record it"),
		long: a.T("Write to the complainant in your own words; --text is what you say. For some occasions there is a text already:\n" +
			"you accept a ruling, or a ruling asks nothing of you; it has been carried out; you ask for a spoken complaint in\n" +
			"writing; you take the complaint up again; you answer a mail. klacht chooses by what happened last, --about by name."),
		example: "  klacht write 7\n  klacht write 7 --about ruling\n  klacht write 7 --about other --text \"" + a.T("I am away next week") + `"`,
		defaults: func(*casefile.Entry) error {
			if about != "" && occasionOf(about) == nil {
				return usage("--about is one of %s, not %q", words, about)
			}
			return nil
		},
		kind: func(f *store.File) (letters.Kind, error) { return letterAbout(f, occasionOf(about)) },
	}
	c := newStep(a, spec)
	c.Flags().StringVar(&about, "about", "", a.T("what it is `about`: ruling, complied, in-writing, reopened, reply or other"))
	_ = c.RegisterFlagCompletionFunc("about", fixedWords(words))
	return c
}

// occasionOf returns the occasion of a word in either language; nil if there is
// none.
func occasionOf(word string) *occasion {
	i := slices.IndexFunc(occasions, func(o occasion) bool { return strings.EqualFold(word, o.word) || strings.EqualFold(word, o.dutch) })
	if i < 0 {
		return nil
	}
	return &occasions[i]
}

// letterAbout returns the letter for an occasion; without one, that which the case
// calls for.
func letterAbout(f *store.File, o *occasion) (letters.Kind, error) {
	switch {
	case o == nil:
		return letters.About(&f.Case), nil
	case o.word == "in-writing" && f.State.Written:
		return "", casefile.Errorf("%s: the complaint is there in writing", f.ID)
	case o.word == "in-writing":
		return letters.InvitationToWrite, nil
	case o.step == "":
		return letters.OwnWords, nil
	}
	k := letters.Last(&f.Case, o.step)
	if k == "" {
		return "", casefile.Errorf("%s: what this letter tells of has not been recorded", f.ID).
			WithHint("`klacht show %s` tells what has", f.ID)
	}
	return k, nil
}
