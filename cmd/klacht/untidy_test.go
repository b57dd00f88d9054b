//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A letter of which only the files could not be taken away counts as sent, and
// is told of once.
func TestSentWithFilesThatStay(t *testing.T) {
	path := strace(t)
	d := newDesk(t, writings[0])
	d.write("config/config.yaml", "send: draft\n")
	d.must("ack", "1", "--yes")
	c := d.command("sent", "1")
	c.Path, c.Args = path, append([]string{path, "-f", "-qqq", "-o", os.DevNull, "-P", filepath.Join(d.dir, "outbox"),
		"-e", "trace=unlinkat", "-e", "inject=unlinkat:error=EIO", d.binary}, c.Args[1:]...)
	r := finish(t, c)
	if r.code != 0 || !strings.Contains(r.out, "receipt confirmed") || !strings.Contains(r.err, "has left and is recorded, but its files are still in outbox/") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
	if left := d.read("register/outbox/2026-0001-acknowledged.letter"); left == "" {
		t.Fatal("nothing is left of the letter: the test proves nothing")
	}
	if r := d.run("", "note", "1", "--text", "Gebeld"); r.code != 0 || r.err != "" {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
	if out := d.must("outbox"); out != "No letter waits.\n" {
		t.Error(out)
	}
}
