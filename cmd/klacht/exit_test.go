package main

import (
	"bytes"
	"testing"

	"klacht/cmd/klacht/words"
)

func TestExitCodesAreOfCommands(t *testing.T) {
	a := &app{Words: words.New("en"), world: world{In: &bytes.Buffer{}}}
	root := newRoot(a)
	for name := range exitCodes {
		if c, _, err := root.Find([]string{name}); err != nil || c.Name() != name {
			t.Errorf("there is no command %s", name)
		}
	}
}
