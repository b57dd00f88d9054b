package main

import (
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// testNow is the moment at which every test takes place: a Monday morning in
// Amsterdam. Scripts move it with KLACHT_TODAY.
var testNow = time.Date(2026, 12, 7, 8, 30, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"klacht": func() {
			dir, err := os.Getwd()
			must(err)
			os.Exit(run(os.Args[1:], world{
				In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
				Now:       func() time.Time { return testNow },
				Getenv:    os.Getenv,
				Dir:       dir,
				ConfigDir: os.Getenv("TEST_CONFIG"),
				Version:   "v0.0.0-test",
				BuildDate: os.Getenv("TEST_BUILD_DATE"),
			}))
		},
	})
}

// TestScripts runs what a user types; see testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TEST_CONFIG", env.WorkDir+"/config")
			env.Setenv("TEST_BUILD_DATE", "2026-11-01")
			env.Setenv("LANG", "C")
			return nil
		},
	})
}
