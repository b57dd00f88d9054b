// Bare is what `make bench` compares klacht with: it lists the folder open/ of a
// register and reads every file in it into memory, and does nothing else. With
// a second argument it reads the files of all folders, one after the other.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dirs := []string{filepath.Join(os.Args[1], "open")}
	all := len(os.Args) > 2
	if all {
		months, err := filepath.Glob(filepath.Join(os.Args[1], "archive", "*"))
		if err != nil {
			panic(err)
		}
		dirs = append(dirs, months...)
	}
	var files [][]byte
	n, size := 0, 0
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			panic(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				continue // with mails
			}
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				panic(err)
			}
			if !all {
				files = append(files, data)
			}
			n, size = n+1, size+len(data)
		}
	}
	fmt.Println(n, size, len(files))
}
