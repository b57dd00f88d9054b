// Bare is what `make bench` compares klacht with: it lists the folder open/ of a
// register and reads every file in it into memory, and does nothing else.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := filepath.Join(os.Args[1], "open")
	entries, err := os.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	var files [][]byte
	size := 0
	for _, e := range entries {
		if e.IsDir() {
			continue // with mails
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			panic(err)
		}
		files = append(files, data)
		size += len(data)
	}
	fmt.Println(len(files), size)
}
