package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	casefile "klacht/case"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/term"
)

// world is all that a command knows of what is outside: the streams, the clock,
// the environment and the folders. Tests make their own.
type world struct {
	In        io.Reader
	Out, Err  io.Writer
	Now       func() time.Time // asked once
	Getenv    func(string) string
	Dir       string // the current folder
	ConfigDir string // for what init remembers; "" if there is none
	Version   string
	BuildDate string // YYYY-MM-DD; "" if it is not known
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// asks reports whether there is a person to ask something of.
func (w *world) asks() bool { return isTerminal(w.In) && isTerminal(w.Out) }

// minWidth is the number of columns that everything fits in.
const minWidth = 80

// width returns the number of columns to fill: those of the terminal, or of
// COLUMNS, and never fewer than 80.
func (w *world) width() int {
	if n, err := strconv.Atoi(w.Getenv("COLUMNS")); err == nil && n > 0 {
		return max(n, minWidth)
	}
	if f, ok := w.Out.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return max(n, minWidth)
		}
	}
	return minWidth
}

// coloured reports whether to use colour: as asked, or else as NO_COLOR,
// CLICOLOR_FORCE, TERM and the kind of stream have it.
func (w *world) coloured(flag string) bool {
	switch {
	case flag == "always":
		return true
	case flag == "never", w.Getenv("NO_COLOR") != "":
		return false
	case w.Getenv("CLICOLOR_FORCE") != "" && w.Getenv("CLICOLOR_FORCE") != "0":
		return true
	case w.Getenv("TERM") == "dumb", w.Getenv("CLICOLOR") == "0":
		return false
	}
	return isTerminal(w.Out)
}

// look holds the styles. They use the sixteen colours that people set to their
// own taste, and colour is never the only sign.
type look struct {
	plain, bold, dim, late, today, coming, good, waiting lipgloss.Style
}

func newLook(coloured bool) look {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetHasDarkBackground(true) // so that no question is ever put to the terminal
	r.SetColorProfile(termenv.Ascii)
	if coloured {
		r.SetColorProfile(termenv.ANSI)
	}
	s := r.NewStyle()
	colour := func(c string) lipgloss.Style { return s.Foreground(lipgloss.Color(c)) }
	return look{
		plain: s, bold: s.Bold(true), dim: s.Faint(true),
		late: colour("1").Bold(true), today: colour("3").Bold(true), coming: colour("6"),
		good: colour("2"), waiting: colour("4"),
	}
}

// writeJSON writes a value as JSON. Characters that could act on a terminal are
// written as \u escapes.
func writeJSON(out io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	var s strings.Builder
	for _, r := range b.String() {
		switch {
		case r == '\n' || !casefile.Steers(r):
			s.WriteRune(r)
		case utf8.RuneLen(r) == 4:
			hi, lo := (r-0x10000)>>10+0xD800, (r-0x10000)&0x3FF+0xDC00
			fmt.Fprintf(&s, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&s, `\u%04x`, r)
		}
	}
	_, err := io.WriteString(out, s.String())
	return err
}
