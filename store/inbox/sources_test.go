package inbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"klacht/store"
	"klacht/store/inbox"
)

// maildirOf makes a Maildir of names and contents.
func maildirOf(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"cur", "new", "tmp"} {
		must(t, os.Mkdir(filepath.Join(dir, d), 0o700))
	}
	for i := 0; i < len(files); i += 2 {
		must(t, os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600))
	}
	return dir
}

// listed says what is in a source, a line for each item.
func listed(t testing.TB, src inbox.Source, skip ...string) string {
	t.Helper()
	var b strings.Builder
	for it, err := range src.Items(t.Context(), func(key string) bool { return strings.Contains(strings.Join(skip, " "), key) && len(skip) > 0 }) {
		if err != nil {
			fmt.Fprintf(&b, "error: %v\n", err)
			continue
		}
		fmt.Fprintf(&b, "%s %q", it.Name, it.Raw)
		if !it.At.IsZero() {
			fmt.Fprintf(&b, " %s", it.At.In(amsterdam).Format("2006-01-02T15:04:05"))
		}
		if it.Err != nil {
			fmt.Fprintf(&b, " error: %v", it.Err)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestMaildir(t *testing.T) {
	const second = "1795189211" // 2026-11-20 16:40:11
	dir := maildirOf(t,
		"cur/"+second+".M2P1.mok:2,S", "tweede",
		"new/1795189210.M1P1.mok", "eerste",
		"cur/zonder-tijd", "derde",
		"cur/99999999999999999999.x", "vierde",
		"new/.verborgen", "x", "tmp/1795189209.x", "half", "cur/1795189300.groot", "")
	for name, at := range map[string]string{"cur/zonder-tijd": "2026-11-20 15:50:00", "cur/99999999999999999999.x": "2026-11-20 15:51:00",
		"cur/" + second + ".M2P1.mok:2,S": "2026-11-25 10:00:00", "new/1795189210.M1P1.mok": "1970-01-01 00:00:10"} {
		must(t, os.Chtimes(filepath.Join(dir, name), utc(at), utc(at)))
	}
	must(t, os.Truncate(filepath.Join(dir, "cur/1795189300.groot"), store.MaxMail+1))
	want := `new/1795189210.M1P1.mok "eerste" 2026-11-20T16:40:10
cur/1795189211.M2P1.mok:2,S "tweede" 2026-11-20T16:40:11
cur/1795189300.groot "" 2026-11-20T16:41:40 error: the mail is larger than 40 MB
cur/zonder-tijd "derde" 2026-11-20T16:50:00
cur/99999999999999999999.x "vierde" 2026-11-20T16:51:00
`
	src := &inbox.Maildir{Dir: dir}
	if got := listed(t, src); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	// it is the same mail wherever its marks put it
	must(t, os.Rename(filepath.Join(dir, "new/1795189210.M1P1.mok"), filepath.Join(dir, "cur/1795189210.M1P1.mok:2,FS")))
	if got := listed(t, src, "1795189210.M1P1.mok", "1795189300.groot", "zonder-tijd", "99999999999999999999.x"); !strings.HasPrefix(got, "cur/1795189211") || strings.Count(got, "\n") != 1 {
		t.Errorf("got %s", got)
	}
}

func TestAMailThatMovesWhileTheMaildirIsRead(t *testing.T) {
	dir := maildirOf(t, "new/1.a", "een", "new/2.b", "twee", "new/3.c", "drie")
	var got []string
	for it, err := range (&inbox.Maildir{Dir: dir}).Items(t.Context(), func(string) bool { return false }) {
		must(t, err)
		got = append(got, string(it.Raw))
		if len(got) == 1 {
			must(t, os.Rename(filepath.Join(dir, "new/2.b"), filepath.Join(dir, "cur/2.b:2,S")))
			must(t, os.Remove(filepath.Join(dir, "new/3.c")))
		}
	}
	if strings.Join(got, " ") != "een twee" {
		t.Errorf("got %q", got)
	}
}

func TestNoMaildir(t *testing.T) {
	dir := t.TempDir()
	if got := listed(t, &inbox.Maildir{Dir: dir}); !strings.HasSuffix(got, "is not a Maildir: there is no cur in it\n") {
		t.Error(got)
	}
	if got := listed(t, &inbox.Maildir{Dir: dir + "/weg"}); !strings.HasPrefix(got, "error: cannot read the Maildir") {
		t.Error(got)
	}
	if runtime.GOOS == "windows" {
		return
	}
	outside := filepath.Join(dir, "geheim")
	must(t, os.WriteFile(outside, []byte("geheim"), 0o600))
	dir = maildirOf(t)
	must(t, os.Symlink(outside, filepath.Join(dir, "cur/1.a")))
	if got := listed(t, &inbox.Maildir{Dir: dir}); !strings.HasSuffix(got, "error: is not a regular file\n") || strings.Contains(got, "geheim") {
		t.Error(got)
	}
}

// mboxOf makes an mbox that has been left alone for a while.
func mboxOf(t testing.TB, content string) *inbox.Mbox {
	t.Helper()
	file := filepath.Join(t.TempDir(), "klachten.mbox")
	must(t, os.WriteFile(file, []byte(content), 0o600))
	old := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(file, old, old))
	return &inbox.Mbox{File: file, Zone: amsterdam}
}

func TestMbox(t *testing.T) {
	const from = "From jan@klant.example Fri Nov 20 16:40:11 2026\n"
	tests := []struct{ name, content, want string }{
		{"empty", "", ""},
		{"blank", "\n\n", ""},
		{"one", from + "A: b\n\nHoi.\n\n", `klachten.mbox:1 "A: b\n\nHoi.\n" 2026-11-20T16:40:11` + "\n"},
		{"no empty line at the end", from + "A: b\n\nHoi.", `klachten.mbox:1 "A: b\n\nHoi." 2026-11-20T16:40:11` + "\n"},
		{"two", from + "A: b\n\nHoi.\n\n" + from + "A: c\n\nDag.\n\n",
			`klachten.mbox:1 "A: b\n\nHoi.\n" 2026-11-20T16:40:11` + "\n" + `klachten.mbox:6 "A: c\n\nDag.\n" 2026-11-20T16:40:11` + "\n"},
		{"CRLF", strings.ReplaceAll(from+"A: b\n\nHoi.\n\n"+from+"A: c\n\nDag.\n\n", "\n", "\r\n"),
			`klachten.mbox:1 "A: b\r\n\r\nHoi.\r\n" 2026-11-20T16:40:11` + "\n" + `klachten.mbox:6 "A: c\r\n\r\nDag.\r\n" 2026-11-20T16:40:11` + "\n"},
		{"quoted lines", from + "A: b\n\n>From nu af\n>>From x\n> From y\n>Fromage\n\n", `klachten.mbox:1 "A: b\n\nFrom nu af\n>From x\n> From y\n>Fromage\n" 2026-11-20T16:40:11` + "\n"},
		{"a paragraph that starts with From", from + "A: b\n\nHoi.\n\nFrom now on: nothing.\n\nDag.\n\n",
			`klachten.mbox:1 "A: b\n\nHoi.\n\nFrom now on: nothing.\n\nDag.\n" 2026-11-20T16:40:11` + "\n"},
		{"no empty line before From", from + "A: b\n\nHoi.\n" + from + "x\n\n", `klachten.mbox:1 "A: b\n\nHoi.\nFrom jan@klant.example Fri Nov 20 16:40:11 2026\nx\n" 2026-11-20T16:40:11` + "\n"},
		{"dates of other programs", "From - Fri Nov 20 16:40:11 2026\nA: b\n\nHoi.\n\nFrom 18@xxx Fri Nov 20 15:40:11 +0000 2026\nA: c\n\n\nFrom x Fri Nov 20 16:40 CET 2026\nA: d\n\n\nFrom x Fri Nov 20 16:40:11 2026 +0100\nA: e\n\n",
			`klachten.mbox:1 "A: b\n\nHoi.\n" 2026-11-20T16:40:11` + "\n" + `klachten.mbox:6 "A: c\n\n" 2026-11-20T16:40:11` + "\n" + `klachten.mbox:10 "A: d\n\n" 2026-11-20T16:40:00` + "\n" + `klachten.mbox:14 "A: e\n" 2026-11-20T16:40:11` + "\n"},
		{"no dates at all", "From jan\nA: b\n\nHoi.\n\nFrom now on\nnothing\n\nFrom piet\nA: c\n\n", `klachten.mbox:1 "A: b\n\nHoi.\n\nFrom now on\nnothing\n"` + "\n" + `klachten.mbox:9 "A: c\n"` + "\n"},
		{"a From line alone", from, `klachten.mbox:1 "" 2026-11-20T16:40:11` + "\n"},
		{"after a byte order mark", "\uFEFF" + from + "A: b\n\n", `klachten.mbox:1 "A: b\n" 2026-11-20T16:40:11` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := listed(t, mboxOf(t, tt.content)); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func TestNoMbox(t *testing.T) {
	if got := listed(t, mboxOf(t, "Beste Mok,\n")); !strings.HasSuffix(got, "is not an mbox: its first line does not start with From\n") {
		t.Error(got)
	}
	for _, name := range []string{t.TempDir(), filepath.Join(t.TempDir(), "weg")} {
		if got := listed(t, &inbox.Mbox{File: name}); !strings.HasPrefix(got, "error: cannot read the mbox") {
			t.Error(got)
		}
	}
	if _, err := os.Stat("/dev/zero"); err == nil {
		if got := listed(t, &inbox.Mbox{File: "/dev/zero"}); !strings.HasSuffix(got, "is not a regular file\n") {
			t.Error(got)
		}
	}
}

func TestAMailIsTheSameWhereverInTheMboxItStands(t *testing.T) {
	key := func(content string) (keys []string) {
		for it := range mboxOf(t, content).Items(t.Context(), func(string) bool { return false }) {
			keys = append(keys, it.Key)
		}
		return keys
	}
	a, b := "From x Fri Nov 20 16:40:11 2026\nA: b\n\nHoi.\n\n", "From x Fri Nov 20 16:40:12 2026\nA: c\n\nDag.\n\n"
	both, one := key(a+b), key(strings.Replace(b, "A:", "Status: RO\nA:", 1))
	if len(both) != 2 || len(one) != 1 || both[1] != one[0] || both[0] == both[1] {
		t.Errorf("keys %q and %q", both, one)
	}
}

func TestAMailTooLargeForAnMboxIsPassedOver(t *testing.T) {
	const from = "From x Fri Nov 20 16:40:11 2026\n"
	line := strings.Repeat("te laat ", 20_000) + "\n"
	got := listed(t, mboxOf(t, from+"A: b\n\n"+strings.Repeat(line, store.MaxMail/len(line)+1)+"\n"+from+"A: c\n\n"))
	if want := "klachten.mbox:1 \"\" 2026-11-20T16:40:11 error: the mail is larger than 40 MB\nklachten.mbox:"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\"A: c\\n\" 2026-11-20T16:40:11\n") {
		t.Errorf("got %.300q", got)
	}
}

// The mails that come in meanwhile are there the next time, and half a mail is
// none.
func TestAnMboxThatGrowsWhileItIsRead(t *testing.T) {
	const from = "From x Fri Nov 20 16:40:11 2026\n"
	src := mboxOf(t, from+"A: b\n\nHoi.\n\n"+from+"A: c\n\n")
	var got []string
	for it, err := range src.Items(t.Context(), func(string) bool { return false }) {
		must(t, err)
		got = append(got, fmt.Sprintf("%q %v", it.Raw, it.Err))
		if len(got) == 1 {
			f, err := os.OpenFile(src.File, os.O_APPEND|os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteString("Dag.\n\n" + from + "A: d\n\n")
			must(t, err)
			must(t, f.Close())
		}
	}
	if strings.Join(got, "|") != `"A: b\n\nHoi.\n" <nil>|"" the mail is still being written` {
		t.Errorf("got %s", got)
	}
	old := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(src.File, old, old))
	if got := listed(t, src); !strings.Contains(got, `"A: c\n\nDag.\n"`) || strings.Count(got, "\n") != 3 {
		t.Errorf("got %s", got)
	}
}

func TestParse(t *testing.T) {
	dir := maildirOf(t)
	file := mboxOf(t, "").File
	for place, want := range map[string]string{
		"imaps://mok@mail.mok.example/Klachten":                        "imap:mok@mail.mok.example:993/Klachten",
		"imap://mok@mail.mok.example":                                  "imap:mok@mail.mok.example:143/INBOX",
		"imaps://info@mok.example@mail.mok.example:1993/":              "imap:info@mok.example@mail.mok.example:1993/INBOX",
		"imaps://info%40mok.example@mail.mok.example/a/Ren%C3%A9 & co": "imap:info@mok.example@mail.mok.example:993/a/René & co",
		"maildir:" + dir: "maildir:" + dir,
		"mbox:" + file:   "mbox:" + file,
		dir:              "maildir:" + dir,
		file:             "mbox:" + file,
	} {
		src, err := inbox.Parse(place, inbox.Setup{Zone: amsterdam})
		if err != nil || src.Name() != want {
			t.Errorf("%s: got %v, %v", place, src, err)
		}
	}
	for place, want := range map[string]string{
		"imaps://mok:geheim@mail.mok.example/Klachten": "a password does not belong in the address of a mailbox",
		"imaps://mail.mok.example/Klachten":            `"imaps://mail.mok.example/Klachten" is not the address of a mailbox`,
		"imaps://mok@/Klachten":                        `"imaps://mok@/Klachten" is not the address of a mailbox`,
		"imaps://mok@mail.mok.example/a%0Ab":           `"imaps://mok@mail.mok.example/a%0Ab" is not the address of a mailbox`,
		"/nergens":                                     "/nergens is neither a file, nor a folder, nor an address of mail",
	} {
		if src, err := inbox.Parse(place, inbox.Setup{}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, %v", place, src, err)
		}
	}
}
