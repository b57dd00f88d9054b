package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "write the pictures and other golden files anew")

// TestPictures keeps the pictures of the README equal to what the program
// shows of the sample register on 2026-12-07.
func TestPictures(t *testing.T) {
	for name, args := range map[string][]string{
		"due.svg":    {"due"},
		"due.nl.svg": {"due", "--lang", "nl"},
	} {
		var out bytes.Buffer
		code := run(append(args, "--dir", "../../cases", "--color", "always"), world{
			In: strings.NewReader(""), Out: &out, Err: &out,
			Now: func() time.Time { return testNow },
			Getenv: func(name string) string {
				if name == "COLUMNS" {
					return "108"
				}
				return ""
			},
		})
		if code != exitDone {
			t.Fatalf("exit code %d:\n%s", code, out.String())
		}
		file := filepath.Join("../../.pictures", name)
		picture := svg(out.String())
		if *update {
			must(os.MkdirAll(filepath.Dir(file), 0o755))
			must(os.WriteFile(file, []byte(picture), 0o644))
		}
		kept, err := os.ReadFile(file)
		if err != nil || string(kept) != picture {
			t.Errorf("%s is not what `klacht due` shows; go test ./cmd/klacht -run TestPictures -update", file)
		}
	}
}

// svg draws what stands on a terminal: each run of characters of one style at
// its own column.
func svg(screen string) string {
	const charWidth, lineHeight, margin, size = 8.43, 20, 16, 14
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	columns := 0
	var b strings.Builder
	for i, line := range lines {
		column := 0
		style := map[string]string{}
		for _, part := range regexp.MustCompile(`\x1b\[[0-9;]*m|[^\x1b]+`).FindAllString(line, -1) {
			if strings.HasPrefix(part, "\x1b") {
				restyle(style, strings.Split(part[2:len(part)-1], ";"))
				continue
			}
			for _, at := range regexp.MustCompile(`[^ ]+(?: [^ ]+)*`).FindAllStringIndex(part, -1) { // browsers fold blanks
				fmt.Fprintf(&b, `<text x="%.1f" y="%d"%s>%s</text>`+"\n", margin+float64(column+ansi.StringWidth(part[:at[0]]))*charWidth,
					margin+(i+1)*lineHeight-6, attributes(style), html.EscapeString(part[at[0]:at[1]]))
			}
			column += ansi.StringWidth(part)
		}
		columns = max(columns, column)
	}
	w, h := int(2*margin+float64(columns)*charWidth), 2*margin+len(lines)*lineHeight
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
<rect width="100%%" height="100%%" rx="8" fill="#1b1f27"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d" fill="#d7dae0">
%s</g>
</svg>
`, w, h, w, h, size, b.String())
}

func restyle(style map[string]string, codes []string) {
	for _, c := range codes {
		switch c {
		case "0", "":
			clear(style)
		case "1":
			style["font-weight"] = "bold"
		case "2":
			style["fill-opacity"] = "0.6"
		default:
			style["fill"] = map[string]string{"31": "#ff7b72", "32": "#7ee787", "33": "#f2cc60", "34": "#79c0ff", "36": "#76e3ea"}[c]
		}
	}
}

func attributes(style map[string]string) string {
	s := ""
	for _, name := range []string{"font-weight", "fill", "fill-opacity"} {
		if style[name] != "" {
			s += fmt.Sprintf(` %s="%s"`, name, style[name])
		}
	}
	return s
}
