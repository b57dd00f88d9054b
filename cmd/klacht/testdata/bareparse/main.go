// Bareparse is what `make bench` compares `klacht fetch` with: it lists the mails in a
// folder, oldest first by nothing but their names, and with a second argument parses each
// as klacht does, and does nothing else.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"klacht/deadlines"
	"klacht/store/inbox"
)

func main() {
	entries, err := os.ReadDir(os.Args[1])
	if err != nil {
		panic(err)
	}
	read := 0
	for _, e := range entries {
		if _, err := e.Info(); err != nil {
			panic(err)
		}
		if len(os.Args) < 3 {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(os.Args[1], e.Name()))
		if err != nil {
			panic(err)
		}
		if _, err := inbox.Look(raw, &deadlines.Policy{}); err == nil {
			read++
		}
	}
	fmt.Println(len(entries), read)
}
