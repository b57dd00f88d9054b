package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	casefile "klacht/case"
)

// The line of a case that goes as it was when it was kept bears a later day than the
// line that kept it, so that it counts; else the line bears the day on which it goes.
func TestADayLaterThanItWasKept(t *testing.T) {
	const today = "2026-12-09"
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	other := create(t, r, "2026-11-20", "<2>")
	kept := func(on string, f *File, content string) string {
		return "- {id: " + string(f.ID) + ", kept: " + on + ", key: " + f.Key.Hash() + ", content: " + DigestOf([]byte(content)) + ", by: B}\n"
	}
	as := string(f.Data)
	for name, tt := range map[string]struct{ lines, want string }{
		"never kept":            {"", today},
		"kept the day before":   {kept("2026-12-08", f, as), today},
		"kept today":            {kept(today, f, as), "2026-12-10"},
		"kept by a clock ahead": {kept("2026-12-31", f, as), "2027-01-01"},
		"kept twice":            {kept("2026-12-20", f, as) + kept("2026-12-10", f, as), "2026-12-21"},
		"kept twice, in order":  {kept("2026-12-10", f, as) + kept("2026-12-20", f, as), "2026-12-21"},
		"kept, with CRLF":       {kept(today, f, strings.ReplaceAll(as, "\n", "\r\n")), "2026-12-10"},
		"kept as it was then":   {kept(today, f, as+"# meer\n"), today},
		"another was kept":      {kept(today, other, as), today},
		"removed today":         {strings.Replace(kept(today, f, as), ", kept: ", `, erased: "request", purged: `, 1), today},
	} {
		place(t, r, PurgedFile, purgedHead+tt.lines)
		writing(t, r, func(w *Writer) {
			end, err := w.purgedEnd(f, day(t, today))
			must(t, err)
			want := ", purged: " + tt.want + ", key: " + f.Key.Hash() + ", content: " + DigestOf(f.Data) + ", by: A}\n"
			if end != want {
				t.Errorf("%s: the line ends\n%swant\n%s", name, end, want)
			}
		})
		writing(t, r, func(w *Writer) { must(t, w.Erase(f.ID, day(t, today), Request)) })
		ids, err := r.Purged()
		must(t, err)
		if !slices.Equal(slices.Compact(ids), []casefile.ID{f.ID}) {
			data, _ := os.ReadFile(filepath.Join(r.Dir, PurgedFile))
			t.Errorf("%s: gone are %v, of\n%s", name, ids, data)
		}
		place(t, r, f.Path, as)
	}
}
