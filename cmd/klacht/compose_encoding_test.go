//go:build unix

package main

import (
	"strings"
	"testing"
)

// An editor that writes no UTF-8 spoils no letter: there is a way back to it.
func TestWriteALetterWithAnOldEditor(t *testing.T) {
	d := newDesk(t, writings[0])
	d.write("editor", `#!/bin/sh
if [ -e "$HOME/second" ]; then sed -i '$d' "$1"; exit; fi
touch "$HOME/second"
sed -i 's/^\[….*…\]$/Één derde terug./' "$1"
printf 'caf\351\n' >>"$1"
`)
	x := d.terminal("propose", "1")
	x.shows("the letter is not text that can be read")
	x.types(enter)
	x.asks("What shall happen with this letter?")
	x.types(enter)
	x.shows("2026-0001: proposal made")
	x.ends(0)
	if left := d.read("left"); strings.Contains(left, "caf") || strings.Contains(left, "=EF=BF=BD") || !strings.Contains(left, "derde terug") {
		t.Error(left)
	}
}
