package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// underWay is what is known of a command while it runs, for whoever waits for it.
type underWay struct {
	inEditor atomic.Bool                    // Ctrl-C is for the editor that is open
	opened   atomic.Pointer[store.Register] // the register of the command; nil before it is open
}

// heedInterrupt returns a context that ends with the first Ctrl-C, or when the
// system asks the program to end; the second one ends the program at once. One
// that is typed into an editor is for the editor alone.
func (a *app) heedInterrupt() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt, syscall.SIGTERM)
	go func() {
		for {
			select {
			case s := <-heard:
				if s == os.Interrupt && a.inEditor.Load() {
					continue
				}
				signal.Stop(heard)
				cancel()
			case <-ctx.Done():
			}
			return
		}
	}()
	return ctx, func() { signal.Stop(heard); cancel() }
}

// graceTime is how long a command that is told to stop may take before it is
// not waited for.
const graceTime = 500 * time.Millisecond

// await waits for the exit code of a command. One that is told to stop may be
// waiting for something that does not stop, such as standard input: then it is
// left alone, unless it is writing to the register.
func (a *app) await(ctx context.Context, done <-chan int) int {
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(graceTime):
	}
	if reg := a.opened.Load(); reg == nil || !reg.HasWritten() {
		return a.fail(errGivenUp())
	}
	a.complain(casefile.Errorf("one moment: this ends when what is being written is on the disk").WithHint("Ctrl-C once more ends it at once"))
	return <-done
}

// errGivenUp says that the person stopped a command that had changed nothing.
func errGivenUp() *casefile.Error { return casefile.Errorf("given up; nothing was changed") }
