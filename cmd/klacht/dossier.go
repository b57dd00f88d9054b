package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/cmd/klacht/report"
	"klacht/cmd/klacht/words"
	"klacht/store"
	"klacht/store/inbox"

	"github.com/spf13/cobra"
)

type dossierOptions struct {
	reader string
	notes  bool
	zip    bool
}

// newDossier is the command that puts all of one complaint together.
func newDossier(a *app) *cobra.Command {
	var o dossierOptions
	c := &cobra.Command{
		Use:   "dossier ID [DIR]",
		Short: a.T("put all of one complaint together, for the committee or the complainant"),
		Long: a.T("Write everything on one complaint to a new folder: a page to print, with the promises and what was done,\n" +
			"the text, the steps and the letters in full, and beside it the mails and files, byte for byte. Your own notes\n" +
			"stay out, and for the complainant the reasons of a hold and what you learned too; the page says so.\n" +
			"--with-notes puts them in. The folder is a copy of yours: a purge does not reach it."),
		Example:           "  klacht dossier 7\n  klacht dossier 7 --zip\n  klacht dossier 7 --for complainant ~/Documents/dossier",
		Args:              a.between(1, 2),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(_ *cobra.Command, args []string) error { return a.dossier(args, o) },
	}
	c.Flags().StringVar(&o.reader, "for", string(report.Committee), a.T("whom it is for: `reader` committee (the usual) or complainant"))
	c.Flags().BoolVar(&o.notes, "with-notes", false, a.T("put your own notes in it; for the complainant also the reasons of a hold and what you learned"))
	c.Flags().BoolVar(&o.zip, "zip", false, a.T("make one file of it, a zip"))
	_ = c.RegisterFlagCompletionFunc("for", fixedWords([]report.Reader{report.Committee, report.Complainant}))
	return c
}

type dossierJSON struct {
	ID      casefile.ID   `json:"id"`
	Path    string        `json:"path"`
	For     report.Reader `json:"for"`
	Page    string        `json:"page"`
	Mails   []fileJSON    `json:"mails"`
	Files   []fileJSON    `json:"files"` // that notes keep
	Extra   []string      `json:"extra"` // in the folder of the case, and named by no step: not in the dossier
	LeftOut report.Left   `json:"left_out"`
	Damaged []damageJSON  `json:"damaged"`
}

type fileJSON struct {
	File   string `json:"file"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const dossierFile = "dossier.html"

func (a *app) dossier(args []string, o dossierOptions) error {
	reader := report.Reader(o.reader)
	if reader != report.Committee && reader != report.Complainant {
		return usage("--for is committee or complainant, not %q", o.reader)
	}
	if err := a.open(); err != nil {
		return err
	}
	id, err := a.find(args[0])
	if err != nil {
		return err
	}
	f, err := a.reg.Load(id)
	if err != nil {
		return err
	}
	name := "dossier-" + string(id)
	to := name
	if len(args) > 1 {
		to = args[1]
	}
	if o.zip && !strings.EqualFold(filepath.Ext(to), ".zip") {
		to += ".zip"
	}
	sel := report.Select(&f.Case, reader, o.notes)
	extra, err := a.reg.Extra(f)
	if err != nil {
		return err
	}
	j := dossierJSON{ID: id, Path: to, For: reader, Page: dossierFile, Mails: []fileJSON{}, Files: []fileJSON{}, Extra: extra, LeftOut: sel.Left}
	var damaged []*store.Damage
	fill := func(add func(name string, data []byte) error) error {
		d := a.dossierOf(f, reader)
		d.Notes, d.Extra = o.notes, extra
		put := func(name string, show func(name string, data []byte) report.Mail, shown *[]report.Mail, told *[]fileJSON) error {
			data, err := a.reg.Mail(f, name)
			var damage *store.Damage
			if errors.As(err, &damage) {
				damaged = append(damaged, damage)
				*shown = append(*shown, report.Mail{Name: name, Missing: true})
				return nil
			} else if err != nil {
				return err
			}
			if err := add(name, data); err != nil {
				return err
			}
			m := show(name, data)
			*shown, *told = append(*shown, m), append(*told, fileJSON{name, m.Size, m.SHA256})
			return nil
		}
		for _, name := range sel.Mails() {
			if err := put(name, a.dossierMail, &d.Mails, &j.Mails); err != nil {
				return err
			}
		}
		for _, name := range sel.Files() {
			if err := put(name, summed, &d.Files, &j.Files); err != nil {
				return err
			}
		}
		var page bytes.Buffer
		if err := d.Write(&page); err != nil {
			return err
		}
		return add(dossierFile, page.Bytes())
	}
	if o.zip {
		err = a.newFile(to, name+".zip", func(w *os.File) error { return zipped(w, name, sel.Stamp(), fill) })
	} else {
		err = a.newFolder(to, name, fill)
	}
	if err != nil {
		return err
	}
	a.tellDamage(damaged)
	if j.Damaged = a.damageJSON(damaged); a.json {
		return writeJSON(a.Out, j)
	}
	a.println(a.T("%s: the dossier is in %s", id, to))
	a.println("  " + a.T("%s to print, and %s", dossierFile, a.T("%d mails", len(j.Mails))))
	if len(j.Files) > 0 {
		a.println("  " + a.T("files of notes: %d", len(j.Files)))
	}
	if len(extra) > 0 {
		fmt.Fprintln(a.Err, a.T("not in it, for no step names them: %s", strings.Join(extra, ", ")))
	}
	if reader == report.Complainant || sel.Left.Notes > 0 {
		if left := sel.Left.Say(a.T); left != nil {
			a.println("  " + a.T("left out: %s", strings.Join(left, ", ")))
		} else {
			a.println("  " + a.T("Nothing was left out."))
		}
	}
	if reader == report.Complainant {
		fmt.Fprintln(a.Err, a.T("Read it before you give it away: what others wrote in the mails is theirs."))
	}
	fmt.Fprintln(a.Err, a.T("This is a copy of yours, which a purge does not reach: remove it when it has served."))
	return nil
}

// dossierOf returns the dossier of a case, without its mails. For the
// complainant it is in the language of the case, unless --lang was given.
func (a *app) dossierOf(f *store.File, reader report.Reader) *report.Dossier {
	w := a.Words
	if reader == report.Complainant && a.langFlag == "" {
		w = words.New(f.Language)
		w.Today = a.now.Date
	}
	return &report.Dossier{Case: &f.Case, State: f.State, Policy: a.reg.Policy, Today: a.now.Date, For: reader, Words: w}
}

// dossierMail reads a mail for the page of a dossier.
func (a *app) dossierMail(name string, data []byte) report.Mail {
	m := report.Mail{Unclear: true}
	if shown, err := inbox.Show(data, a.reg.Policy); err == nil {
		m = a.shownMail(shown)
	}
	file := summed(name, data)
	m.Name, m.Size, m.SHA256 = file.Name, file.Size, file.SHA256
	return m
}

// summed returns what a dossier tells of any file.
func summed(name string, data []byte) report.Mail {
	sum := sha256.Sum256(data)
	return report.Mail{Name: name, Size: len(data), SHA256: hex.EncodeToString(sum[:])}
}

func (a *app) shownMail(s *inbox.Shown) report.Mail {
	m := report.Mail{From: s.From, To: s.To, Cc: s.Cc, Subject: s.Subject, Text: s.Text, HTML: s.HTML, Cut: s.Cut}
	if !s.Dated.IsZero() {
		m.Dated = casefile.MomentOf(s.Dated, a.reg.Policy.Zone)
	}
	for _, at := range s.Attached {
		m.Attached = append(m.Attached, at.Name+" ("+report.Size(at.Size)+")")
	}
	if s.Inner != nil {
		inner := a.shownMail(s.Inner)
		m.Inner = &inner
	}
	return m
}

// zipped makes a zip of a folder: the same for the same case on the same day,
// for its only time is that of the last step.
func zipped(w *os.File, folder string, stamp time.Time, fill func(add func(string, []byte) error) error) error {
	z := zip.NewWriter(w)
	err := fill(func(name string, data []byte) error {
		h := &zip.FileHeader{Name: folder + "/" + name, Method: zip.Deflate, Modified: stamp.UTC()}
		h.SetMode(0o600)
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	})
	return errors.Join(err, z.Close())
}
