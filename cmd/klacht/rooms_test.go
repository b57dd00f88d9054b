package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of rooms in the guide is the house: each room stands there, and imports only
// what stands below it.
func TestRoomsImportOnlyWhatStandsBelow(t *testing.T) {
	readme, err := os.ReadFile("guide/en/99-house.md")
	if err != nil {
		t.Fatal(err)
	}
	var rooms []string
	for _, m := range regexp.MustCompile("(?m)^\\| `((?:cmd|store|case|deadlines)[a-z/]*)` \\|").FindAllStringSubmatch(string(readme), -1) {
		rooms = append(rooms, "klacht/"+m[1])
	}
	list := exec.Command("go", "list", "-f", `{{if .GoFiles}}{{.ImportPath}} {{join .Imports " "}}{{end}}`, "./...")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Skip("no go command here:", err)
	}
	there := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		at := slices.Index(rooms, f[0])
		if at < 0 {
			t.Errorf("%s is not in the table", f[0])
			continue
		}
		there++
		for _, i := range f[1:] {
			if below := slices.Index(rooms, i); strings.HasPrefix(i, "klacht/") && below <= at {
				t.Errorf("%s imports %s, which does not stand below it", f[0], i)
			}
		}
	}
	if there != len(rooms) {
		t.Errorf("%d rooms in the table, %d in the house", len(rooms), there)
	}
}
