package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/cmd/klacht/report"
	"klacht/deadlines"
	"klacht/store"
	"klacht/store/disk"

	"github.com/spf13/cobra"
)

// newReport is the command for the annual overview.
func newReport(a *app) *cobra.Command {
	var html, csv string
	c := &cobra.Command{
		Use:   "report [YEAR | FROM..TO]",
		Short: a.T("show a year of complaints in numbers, without names (R13)"),
		Long: a.T("Show the complaints that were received in a year, or from a day up to and including another, in numbers:\n" +
			"how they ended, which promises were kept, how long it took, extensions and rulings, and what was learned.\n" +
			"Purged complaints count too, those that were registered by mistake do not. Nobody is named, and small numbers\n" +
			"of outcomes are put together: report: in regeling.yaml says from which number on. Without a year it is this\n" +
			"one, until today; with --today it is what had come in and was done by that day.\n\n" +
			"--html writes one page to read or print, --csv a table; - stands for standard output. What was learned is in\n" +
			"your own words; what is seen to name the complainant stays out, and you read the rest before you give it away."),
		Example: "  klacht report\n  klacht report 2026 --html 2026.html\n  klacht report 2026-01-01..2026-06-30 --csv -",
		Args:    a.between(0, 1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.report(args, html, csv) },
	}
	c.Flags().StringVar(&html, "html", "", a.T("write it as a page to this `file`"))
	c.Flags().StringVar(&csv, "csv", "", a.T("write the numbers as a table (CSV) to this `file`"))
	return c
}

// reportMemory is what a report keeps to, in bytes, whatever the size of the
// archive: files by the thousand are read and let go of.
const reportMemory = 48 << 20

// period reads what the person wants to see: a year, or two days or years with
// two dots between them.
func (a *app) period(args []string) (report.Period, error) {
	if len(args) == 0 {
		return yearly(a.now.Date.Year), nil
	}
	first, last, isSpan := strings.Cut(args[0], "..")
	if !isSpan {
		last = first
	}
	from, err := endOf(first)
	if err != nil {
		return report.Period{}, err
	}
	to, err := endOf(last)
	if err != nil {
		return report.Period{}, err
	}
	p := report.Period{From: from.From, To: to.To}
	switch {
	case !isSpan && len(first) > 4:
		return p, usage("%s is one day; a period is written as %s..%s", first, yearly(from.From.Year).From, yearly(from.From.Year).To)
	case p.To.Before(p.From):
		return p, usage("the period %s ends before it starts", args[0])
	case p.From.After(a.now.Date):
		return p, usage("%s has yet to come", args[0])
	}
	return p, nil
}

func yearly(year int) report.Period {
	return report.Period{From: casefile.Date{Year: year, Month: 1, Day: 1}, To: casefile.Date{Year: year, Month: 12, Day: 31}}
}

// endOf reads a year or a day, as a period of its own.
func endOf(s string) (report.Period, error) {
	s = strings.TrimSpace(s)
	if year, err := strconv.Atoi(s); err == nil && len(s) == 4 && year >= 1900 {
		return yearly(year), nil
	}
	d, err := casefile.ParseDate(s)
	if err != nil {
		return report.Period{}, usage("%q is not a year or a date; write 2026, or 2026-01-01..2026-06-30", s)
	}
	return report.Period{From: d, To: d}, nil
}

func (a *app) report(args []string, html, csv string) error {
	if html == "-" && (csv == "-" || a.json) || csv == "-" && a.json {
		return usage("standard output takes one of them; give the others a file")
	}
	if err := a.open(); err != nil {
		return err
	}
	period, err := a.period(args)
	if err != nil {
		return err
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(reportMemory))
	count := report.NewCount(a.reg.Policy, period, a.now.Date)
	progress, done := a.progress()
	damaged, err := a.reg.Records(a.now.Date, progress, func(rec deadlines.Record, f *store.File) {
		if f == nil {
			count.Add(rec, nil)
		} else {
			count.Add(rec, &f.Case)
		}
	})
	done()
	if err != nil {
		return err
	}
	a.tellDamage(damaged)
	r := count.Report(len(damaged))
	sheet := r.Sheet(a.Lang)
	for _, to := range []struct {
		file  string
		write func(io.Writer) error
	}{{html, sheet.WriteHTML}, {csv, r.WriteCSV}} {
		if to.file != "" {
			if err := a.writeFile(to.file, to.write); err != nil {
				return err
			}
		}
	}
	if n := r.Withheld(); n > 0 {
		fmt.Fprintln(a.Err, a.T("left out of what was learned, for they name the complainant: %d", n))
	}
	if len(r.Learned) > 0 && html != "" {
		fmt.Fprintln(a.Err, a.T("What was learned stands there in your own words: read it before you give the page away."))
	}
	switch {
	case a.json:
		return writeJSON(a.Out, r)
	case html == "" && csv == "":
		a.print(a.sheetView(sheet))
		if first := yearly(a.now.Date.Year).From; len(args) == 0 && first.AddDays(90).After(a.now.Date) {
			a.println("\n" + a.dim.Render(a.T("last year: klacht report %s", strconv.Itoa(a.now.Date.Year-1))))
		}
	}
	return nil
}

// writeFile writes a file that others may be given, or to standard output.
func (a *app) writeFile(file string, write func(io.Writer) error) error {
	if file == "-" {
		return write(a.Out)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	path := a.abs(file)
	if err := disk.WriteFile(path, b.Bytes()); err != nil {
		return casefile.Errorf("%s cannot be written: %v", filepath.Clean(file), err)
	}
	if !a.json {
		a.println(a.T("written: %s", filepath.Clean(file)))
		a.println(a.dim.Render(a.T("  its SHA-256, to keep apart as a proof: %s", fmt.Sprintf("%x", sha256.Sum256(b.Bytes())))))
	}
	return nil
}
