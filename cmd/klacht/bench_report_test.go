//go:build bench && unix

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// reportRuns is how often the report is made; the median counts.
const reportRuns = 5

// TestBenchReport measures `klacht report` over archives of several sizes: whole
// processes, start included, and the most memory that they took. It asserts
// nothing about times.
func TestBenchReport(t *testing.T) {
	b := newBench(t, "bare")
	home, bare := b.home, filepath.Join(b.home, "bare")
	var out strings.Builder
	fmt.Fprintf(&out, "Whole processes, median of %d, milliseconds, and the most memory (RSS); %d processors, %s/%s, %s.\n", reportRuns, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	out.WriteString("Bare is a Go program that only lists the folders and reads every case file, one after the other.\n\n")
	out.WriteString("| archived | `report` | each | memory | bare | memory | `report` / bare |\n|--:|--:|--:|--:|--:|--:|--:|\n")
	for i, n := range []int{1000, 10_000, 100_000} {
		s := &benchSet{archived: n, dir: filepath.Join(home, fmt.Sprint("archive", i))}
		b.fill(s)
		commands := []func() *exec.Cmd{
			func() *exec.Cmd { return b.klacht("--dir", s.dir, "report", "2024") },
			func() *exec.Cmd { return exec.Command(bare, s.dir, "all") },
		}
		took, most := make([][]time.Duration, 2), make([]int64, 2)
		for round := range reportRuns + 1 {
			for i, command := range commands {
				c := command()
				d := b.time(c)
				if round > 0 {
					took[i] = append(took[i], d)
				}
				most[i] = max(most[i], c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
		}
		fmt.Fprintf(&out, "| %d | %.0f | %.3f | %.1f MB | %.0f | %.1f MB | %.1f |\n", n, float64(median(took[0]))/1e6, float64(median(took[0]))/1e6/float64(n),
			float64(most[0])/1024, float64(median(took[1]))/1e6, float64(most[1])/1024, ratio(took[0], took[1]))
	}
	fmt.Print(out.String())
}
