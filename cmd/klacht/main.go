// Klacht remembers, counts and records what a firm has promised to those who
// complain. See the README for its use; [run] is where a command line enters.
package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
	_ "time/tzdata" // a machine without a time zone database must not shift a date
)

// These are set when the program is built; see the Makefile.
var (
	version   = ""
	buildDate = "" // YYYY-MM-DD
)

func main() {
	debug.SetGCPercent(400) // a short run over many small files: memory is cheaper than time
	cwd, _ := os.Getwd()    // no current folder: the register must then be named
	os.Exit(run(os.Args[1:], world{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Now:       time.Now,
		Getenv:    os.Getenv,
		Dir:       cwd,
		ConfigDir: configDir(),
		Version:   programVersion(),
		BuildDate: buildDate,
	}))
}

// configDir returns the folder for the user's own settings; "" if there is none.
func configDir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "klacht")
}

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
