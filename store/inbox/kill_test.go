package inbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"
)

// many returns n mails as names and contents of a Maildir: complaints, for every
// third a reply to it, and for every twelfth one of which nobody knows whose it is.
func many(n int) (files []string, complaints int) {
	for i := range n {
		if i%12 == 5 {
			files = append(files, fmt.Sprintf("new/%d.a", 1795189211+i), stamp+fmt.Sprintf("Message-ID: <%d@klant.example>\nSubject: Klacht\n\nTe laat.\n", i))
			continue
		}
		mail := jolanda(fmt.Sprintf("%d@klant.example", i), "Klacht", "")
		if i%3 == 1 {
			mail = jolanda(fmt.Sprintf("%d@klant.example", i), "Re: Klacht", fmt.Sprintf("In-Reply-To: <%d@klant.example>\n", i-1))
		} else {
			complaints++
		}
		files = append(files, fmt.Sprintf("new/%d.a", 1795189211+i), mail)
	}
	return files, complaints
}

// TestFetchInAnotherProcess is no test of its own: see the one below.
func TestFetchInAnotherProcess(t *testing.T) {
	dir, maildir, found := strings.Cut(os.Getenv("KLACHT_TEST_FETCH"), "|")
	if !found {
		t.Skip("for TestAFetchThatIsKilled")
	}
	reg := openRegister(t, dir)
	_, err := inbox.Fetch(context.Background(), &inbox.Maildir{Dir: maildir}, reg, inbox.Options{Now: moment(t, reg, "2026-12-07")})
	must(t, err)
}

// Killed at any moment, as often as you like: each mail is registered once.
func TestAFetchThatIsKilled(t *testing.T) {
	reg := newRegister(t)
	files, want := many(240)
	maildir := maildirOf(t, files...)
	killed := 0
	for range 12 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestFetchInAnotherProcess$")
		cmd.Env = append(os.Environ(), "KLACHT_TEST_FETCH="+reg.Dir+"|"+maildir)
		must(t, cmd.Start())
		time.Sleep(time.Duration(10+rand.IntN(40)) * time.Millisecond)
		_ = cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
	}
	before := complaints(t, reg)
	fetch(t, &inbox.Maildir{Dir: maildir}, reg)
	if n := complaints(t, reg); n != want {
		t.Errorf("%d complaints, want %d", n, want)
	}
	waits, err := reg.Waiting()
	must(t, err)
	items, numbers := map[string]bool{}, map[int]bool{}
	for _, m := range waits {
		items[m.Item], numbers[m.Number] = true, true
	}
	if len(waits) != 240/12 || len(items) != len(waits) || len(numbers) != len(waits) {
		t.Errorf("%d mails wait, %d of them different, under %d numbers", len(waits), len(items), len(numbers))
	}
	files2, _, err := reg.ReadAll()
	must(t, err)
	for i, f := range files2 {
		if f.ID.Number() != i+1 {
			t.Fatalf("%s is the number of case %d", f.ID, i+1)
		}
	}
	if results := fetch(t, &inbox.Maildir{Dir: maildir}, reg); len(results) != 0 {
		t.Errorf("once more: %s", told(results))
	}
	t.Logf("killed %d times, the last time at %d complaints", killed, before)
}

func Test2000Mails(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes 2 000 complaints")
	}
	files, want := many(2000)
	var box strings.Builder
	for i := 1; i < len(files); i += 2 {
		box.WriteString("From jolanda@klant.example Fri Nov 20 16:40:11 2026\n" + files[i] + "\n")
	}
	reg := newRegister(t)
	start := time.Now()
	results := fetch(t, &inbox.Maildir{Dir: maildirOf(t, files...)}, reg)
	first := time.Since(start)
	if n := complaints(t, reg); n != want || len(results) != 2000 {
		t.Errorf("%d complaints of %d mails, want %d", n, len(results), want)
	}
	// the same mails out of an mbox are no news
	src := mboxOf(t, box.String())
	start = time.Now()
	for _, r := range fetch(t, src, reg) {
		if r.Kind != inbox.Known && r.Waits == 0 {
			t.Fatal(told([]inbox.Result{r}))
		}
	}
	second := time.Since(start)
	start = time.Now()
	if results := fetch(t, src, reg); len(results) != 0 {
		t.Errorf("%d results", len(results))
	}
	t.Logf("registered in %v, known in %v, passed over in %v", first, second, time.Since(start))
}
