package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/account"
	"klacht/store/outbox"

	"github.com/spf13/cobra"
)

// newOutbox is the command that lists the letters that have not left.
func newOutbox(a *app) *cobra.Command {
	var drop string
	c := &cobra.Command{
		Use:   "outbox",
		Short: a.T("list the letters that have not left yet"),
		Long: a.T("List the letters that wait in outbox/: drafts that you send yourself, those that could not be sent and\n" +
			"why, and those of which a crash left it unclear whether they have left. --drop throws one away; its step\n" +
			"is then not recorded."),
		Example: "  klacht outbox\n  klacht outbox --drop 7",
		Args:    a.exactly(0),
		RunE:    func(*cobra.Command, []string) error { return a.outbox(drop) },
	}
	c.Flags().StringVar(&drop, "drop", "", a.T("throw away the `letter` of this complaint, or of this name"))
	return c
}

func (a *app) outbox(drop string) error {
	if err := a.open(); err != nil {
		return err
	}
	list, damaged, err := outbox.List(a.reg)
	if err != nil {
		return err
	}
	if drop != "" {
		return a.drop(drop, damaged)
	}
	a.tellDamage(damaged)
	a.stuck(list)
	if a.json {
		all := []letterJSON{}
		for _, w := range list {
			j := a.letterJSON(w.Letter, w.Unclear, w.Problem)
			if !w.Unclear {
				j.Changed, _ = a.changedSince(w.Letter, a.now)
			}
			all = append(all, j)
		}
		return writeJSON(a.Out, all)
	}
	if len(list) == 0 && len(damaged) == 0 {
		a.println(a.T("No letter waits."))
	}
	for _, w := range list {
		a.tellWaitingLetter(w, list)
	}
	return nil
}

// stuck makes the exit code say that a letter waits which should have left.
func (a *app) stuck(list []outbox.Waiting) {
	for _, w := range list {
		if w.Unclear || w.Problem != nil && w.State != store.LetterDraft {
			a.code = exitPartial
		}
	}
}

// tellWaitingLetter names a letter that waits: why, and what to type.
func (a *app) tellWaitingLetter(w outbox.Waiting, all []outbox.Waiting) {
	name := typed(w, all)
	a.println(a.bold.Render(w.Name) + "  " + casefile.OneLine(w.Subject))
	if w.Unclear {
		a.println("  " + a.dim.Render(a.T("it may have left, or not: look among the mail that you have sent, or ask your provider, for the Message-ID")))
		a.println("  " + a.dim.Render("<"+w.MessageID+">"))
		a.println("  " + a.dim.Render(a.T("it has left: klacht sent %s; it has not: klacht send %s --again", name, name)))
		return
	}
	a.println("  " + a.dim.Render(a.letterState(w, name)))
	why := a.staleLetter(w.Letter)
	f, err := a.reg.Load(w.ID)
	switch {
	case err == nil && w.State != store.LetterAccepted && f.Allows(w.Entry) != nil:
		a.println("  " + a.late.Render(a.Explain(f.Allows(w.Entry))) + a.dim.Render("; "+a.T("not at all: klacht outbox --drop %s", name)))
	case why != "":
		a.println("  " + a.late.Render(why) + a.dim.Render("; "+a.T("anew: klacht send %s --rewrite", name)))
	case w.Problem != nil && w.State == store.LetterRefused:
		a.println("  " + a.dim.Render(a.T("once more: klacht send %s --again; not at all: klacht outbox --drop %s", name, name)))
	}
}

// outgoing returns the outbox of the register.
func (a *app) outgoing(settings *account.Settings, via outbox.Transport) *outbox.Outbox {
	o := outbox.New(a.reg, via)
	if m := settings.Copies(); m != nil {
		o.Copies = &outbox.SentMail{Mailbox: *m}
	}
	return o
}

// drop throws a letter away, or what is left of one that cannot be read.
func (a *app) drop(s string, damaged []*store.Damage) error {
	name := strings.TrimPrefix(filepath.ToSlash(s), "outbox/")
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".eml"), ".letter")
	for _, d := range damaged {
		if file := "outbox/" + name; d.File != file+".letter" && d.File != file+".eml" {
			continue
		}
		if err := a.locked(func(w *store.Writer) error { return outbox.DropDamaged(w, name) }); err != nil {
			return err
		}
		if a.json {
			return writeJSON(a.Out, letterJSON{Letter: name, File: d.File})
		}
		a.println(a.T("%s could not be read, and was thrown away", d.File))
		return nil
	}
	return a.onLetter(name, func(w *store.Writer, l outbox.Waiting) error {
		if err := outbox.Drop(w, l.Name); err != nil {
			return err
		}
		if a.json {
			return writeJSON(a.Out, a.letterJSON(l.Letter, l.Unclear, l.Problem))
		}
		a.println(a.T("%s: the letter was thrown away, and its step is not recorded", l.ID))
		return nil
	})
}

// warnOfWaiting says before a complaint is closed that a letter of it has not
// left: after that it would come as a surprise.
func (a *app) warnOfWaiting(id casefile.ID) error {
	list, _, err := outbox.List(a.reg)
	for _, w := range list {
		if w.ID == id && w.Entry.Step != casefile.Closed && w.State != store.LetterAccepted {
			fmt.Fprintln(a.Err, "klacht: "+a.T("another letter of this complaint still waits: %s", w.Name))
			fmt.Fprintln(a.Err, "hint: "+a.T("`klacht outbox --drop %s` throws it away; `klacht sent %s` if it has left", w.Name, w.Name))
		}
	}
	return err
}

// typed returns what to type for a letter: the number of its complaint, or its
// name where more than one of that complaint waits.
func typed(w outbox.Waiting, all []outbox.Waiting) string {
	for _, other := range all {
		if other.ID == w.ID && other.Name != w.Name {
			return w.Name
		}
	}
	return string(w.ID)
}

// letterState says how a letter stands, and what the owner can do, in few words:
// the morning summary cuts off what is longer than a line. name is what to type
// for the letter.
func (a *app) letterState(w outbox.Waiting, name string) string {
	switch {
	case w.Unclear:
		return a.T("it may have left, or not; what to do: klacht outbox")
	case w.State == store.LetterDraft:
		return a.T("a draft; once you have sent it: klacht sent %s", name)
	case w.State == store.LetterAccepted:
		return a.T("it has left, and is recorded by the next command")
	case w.Problem != nil:
		return a.T("not sent: %s", w.Problem)
	}
	return a.T("to be sent: klacht send")
}

// letter returns the letter that a person means: its name, or the number of the
// complaint where one waits.
func (a *app) letter(s string) (outbox.Waiting, error) {
	list, _, err := outbox.List(a.reg)
	if err != nil {
		return outbox.Waiting{}, err
	}
	if i := slices.IndexFunc(list, func(w outbox.Waiting) bool { return w.Name == s }); i >= 0 {
		return list[i], nil
	}
	id, err := a.find(s)
	if err != nil {
		return outbox.Waiting{}, err
	}
	list = slices.DeleteFunc(list, func(w outbox.Waiting) bool { return w.ID != id })
	if left := func(w outbox.Waiting) bool { return w.State == store.LetterAccepted }; !slices.ContainsFunc(list, left) || len(list) > 1 {
		list = slices.DeleteFunc(list, left) // one that has left is meant where there is no other
	}
	switch len(list) {
	case 0:
		return outbox.Waiting{}, casefile.Errorf("no letter of %s waits", id).WithHint("`klacht outbox` lists those that do")
	case 1:
		return list[0], nil
	}
	names := make([]string, len(list))
	for i, w := range list {
		names[i] = w.Name
	}
	return outbox.Waiting{}, casefile.Errorf("%s can be %s", s, names).WithHint("give the full name of the letter")
}

// onLetter does something with a letter, with the lock held.
func (a *app) onLetter(s string, do func(*store.Writer, outbox.Waiting) error) error {
	l, err := a.letter(s)
	if err != nil {
		return err
	}
	return a.locked(func(w *store.Writer) error { return do(w, l) })
}

func (a *app) locked(do func(*store.Writer) error) error {
	w, err := a.reg.Lock()
	if err != nil {
		return err
	}
	defer w.Close()
	return do(w)
}

// newSend is the command that tries again to send what waits.
func newSend(a *app) *cobra.Command {
	var o sendOptions
	c := &cobra.Command{
		Use:   "send [ID]",
		Short: a.T("send the letters that wait"),
		Long: a.T("Send the letters that could not be sent before. A letter that was refused, or of which it is unclear\n" +
			"whether it has left, goes only with --again: that is your word that it has not arrived. A letter whose\n" +
			"complaint has changed since it was written, so that it would be addressed or dated otherwise, waits until you\n" +
			"have it written anew (--rewrite), or send it as it stands (--as-is)."),
		Example: "  klacht send\n  klacht send 7 --again\n  klacht send 7 --rewrite",
		Args:    a.between(0, 1),
		RunE:    func(c *cobra.Command, args []string) error { return a.send(c.Context(), args, o) },
	}
	c.Flags().BoolVar(&o.again, "again", false, a.T("send it although it was refused, or may have left before"))
	c.Flags().BoolVar(&o.rewrite, "rewrite", false, a.T("write it anew, for the complaint as it is now"))
	c.Flags().BoolVar(&o.asIs, "as-is", false, a.T("leave the letter as it is, whatever it does not say"))
	return c
}

// sendOptions are the flags of send.
type sendOptions struct{ again, rewrite, asIs bool }

func (a *app) send(ctx context.Context, args []string, flags sendOptions) error {
	switch {
	case flags.again && len(args) == 0:
		return usage("--again is for one letter; say which complaint it is of")
	case (flags.rewrite || flags.asIs) && len(args) == 0:
		return usage("--rewrite and --as-is are for one letter; say which complaint it is of")
	case flags.rewrite && (flags.asIs || flags.again):
		return usage("--rewrite cannot be with --as-is or --again")
	}
	if err := a.open(); err != nil {
		return err
	}
	settings, err := account.Read(a.ConfigDir)
	if err != nil {
		return err
	}
	via, err := outbox.Via(settings)
	if err != nil {
		return err
	}
	o := a.outgoing(settings, via)
	if len(args) > 0 {
		l, err := a.letter(args[0])
		if err != nil {
			return err
		}
		if flags.rewrite {
			if l.Letter, err = a.rewrite(l.Letter); err != nil {
				return err
			}
			if l.State == store.LetterDraft && o.Place() == "" {
				return a.tellDraft(l.Letter, "")
			}
		}
		if flags.rewrite && l.State == store.LetterDraft { // it is laid among the drafts of the mailbox once more
			fmt.Fprintln(a.Err, "klacht: "+a.T("the letter of before still lies among your drafts: throw it away there"))
			if err := a.onLetter(l.Name, func(w *store.Writer, l outbox.Waiting) error { _, err := outbox.TryAgain(w, l.Name); return err }); err != nil {
				return err
			}
		}
		if flags.again {
			if err := a.mayLeave(l.Letter, flags.asIs); err != nil {
				return err
			}
			if err := a.onLetter(l.Name, func(w *store.Writer, l outbox.Waiting) error { _, err := outbox.TryAgain(w, l.Name); return err }); err != nil {
				return err
			}
		}
		return a.sendAll(ctx, o, []outbox.Waiting{l}, true, flags.asIs)
	}
	list, damaged, err := outbox.List(a.reg)
	if err != nil {
		return err
	}
	a.tellDamage(damaged)
	others := slices.DeleteFunc(slices.Clone(list), func(w outbox.Waiting) bool {
		return w.State == store.LetterQueued || w.State == store.LetterAccepted
	})
	queued := slices.DeleteFunc(slices.Clone(list), func(w outbox.Waiting) bool {
		return w.State != store.LetterQueued && w.State != store.LetterAccepted
	})
	if !a.json {
		if len(list) == 0 {
			a.println(a.T("No letter waits to be sent."))
		}
		for _, w := range others {
			a.tellWaitingLetter(w, list)
		}
	}
	a.stuck(others)
	return a.sendAll(ctx, o, queued, false, false)
}

// letterSent is the state of a letter that has left and is recorded.
const letterSent store.LetterState = "sent"

// sendAll sends letters and tells what came of each: as one list, in JSON. One
// that cannot be sent keeps none of the others. named is that the owner named
// the letter, asIs that it goes whatever it says.
func (a *app) sendAll(ctx context.Context, o *outbox.Outbox, list []outbox.Waiting, named, asIs bool) error {
	all := []letterJSON{}
	var first, failed error
	var kind casefile.Kind
	for _, w := range list {
		var d *outbox.Delivery
		var err error
		if w.State == store.LetterQueued || w.State == store.LetterDraft {
			err = a.mayLeave(w.Letter, asIs)
		}
		if err == nil {
			d, err = o.Deliver(ctx, w.Name, a.now)
		}
		l := cmp.Or(d, &outbox.Delivery{Letter: w.Letter})
		a.tellNoCopy(l)
		switch {
		case l.Recorded != nil:
			sent := *l.Letter
			sent.State = letterSent
			all = append(all, a.letterJSON(&sent, false, nil))
			if a.json && err != nil {
				a.complain(err)
			}
			err = a.unlessJSON(func() error { return a.tellSent(l.Recorded, err) })
		case err != nil:
			all = append(all, a.letterJSON(l.Letter, false, err))
			first, kind = cmp.Or(first, err), max(kind, casefile.Pending, casefile.KindOf(err))
			failed = casefile.Errorf("not every letter could be sent").WithHint("`klacht outbox` says why").Of(kind)
		default:
			all = append(all, a.letterJSON(l.Letter, false, nil))
			err = a.unlessJSON(func() error { return a.tellDraft(l.Letter, o.Place()) })
		}
		if err != nil && !named {
			fmt.Fprintln(a.Err, "klacht: "+w.Name+": "+a.Explain(err))
		}
	}
	if named {
		failed = first
	}
	if a.json && (failed == nil || casefile.KindOf(failed) != casefile.Failed) {
		if err := writeJSON(a.Out, all); err != nil {
			return err
		}
	}
	return failed
}

// unlessJSON tells something to a person.
func (a *app) unlessJSON(tell func() error) error {
	if a.json {
		return nil
	}
	return tell()
}
