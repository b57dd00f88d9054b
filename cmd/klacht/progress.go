package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// unseen is how long a command may take before it shows how far it is.
var unseen = time.Second

// progress returns what is told how far a command is, and what is called when
// it is done. On a terminal a bar is shown, from a second on. The first is nil
// elsewhere. It must not be called by two at a time.
func (a *app) progress() (tell func(done, total int), done func()) {
	if !isTerminal(a.Err) {
		return nil, func() {}
	}
	var show atomic.Bool
	timer := time.AfterFunc(unseen, func() { show.Store(true) })
	shown := ""
	return func(done, total int) {
			if !show.Load() {
				return
			}
			if s := progressBar(done, total); s != shown {
				fmt.Fprint(a.Err, "\r"+s)
				shown = s
			}
		}, func() {
			timer.Stop()
			if shown != "" {
				fmt.Fprint(a.Err, "\r"+fit("", len([]rune(shown)))+"\r")
			}
		}
}

// progressBar shows how much is done: ▰▰▰▰▱▱▱▱ 52%.
func progressBar(done, total int) string {
	const parts = 20
	total = max(total, 1)
	n := min(done*parts/total, parts)
	return strings.Repeat("▰", n) + strings.Repeat("▱", parts-n) + fmt.Sprintf(" %3d%%", min(done*100/total, 100))
}
