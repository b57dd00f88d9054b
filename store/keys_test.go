package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	casefile "klacht/case"
)

// older takes the key out of a case file, as it was before there were keys.
func older(t testing.TB, r *Register, f *File, crlf bool) *File {
	t.Helper()
	text := strings.Replace(string(f.Data), "key: "+string(f.Key)+"\n", "", 1)
	if crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	place(t, r, f.Path, text)
	f, err := r.Load(f.ID)
	must(t, err)
	if f.Key != "" {
		t.Fatalf("it has the key %s", f.Key)
	}
	return f
}

func TestEveryNewCaseHasAKey(t *testing.T) {
	r := newRegister(t)
	a, b := create(t, r, "2026-11-20", "<1>"), create(t, r, "2026-11-20", "<2>")
	if a.Key == "" || a.Key == b.Key || !bytes.Contains(a.Data, []byte("id: 2026-0001\nkey: "+a.Key+"\n")) {
		t.Errorf("%s, %s\n%s", a.Key, b.Key, a.Data)
	}
}

// The key of an older case does not change with what is edited, and the next change
// writes it, as its owner ends lines.
func TestAnOlderCaseGetsItsKey(t *testing.T) {
	for _, crlf := range []bool{false, true} {
		for name, change := range map[string]func(w *Writer, f *File) (*File, error){
			"a step": func(w *Writer, f *File) (*File, error) { return w.Append(f.ID, note(t, "2026-11-21", "x"), nil, nil) },
			"an edit": func(w *Writer, f *File) (*File, error) {
				return w.Replace(f, bytes.Replace(f.Data, []byte("Website"), []byte("Webstek"), 1))
			},
		} {
			r := newRegister(t)
			f := older(t, r, create(t, r, "2026-11-20", "<1>"), crlf)
			key, err := r.KeyOf(f)
			must(t, err)
			end := map[bool]string{false: "\n", true: "\r\n"}[crlf]
			writing(t, r, func(w *Writer) {
				next, err := change(w, f)
				must(t, err)
				if next.Key != key || !strings.Contains(string(next.Data), "id: 2026-0001"+end+"key: "+string(key)+end) {
					t.Errorf("%s: the key is %s, not %s:\n%q", name, next.Key, key, next.Data)
				}
				disk, err := w.Load(f.ID)
				must(t, err)
				if disk.Key != key || !bytes.Equal(disk.Data, next.Data) {
					t.Errorf("%s: on the disk is %s", name, disk.Data)
				}
			})
		}
	}
	r := newRegister(t)
	f := older(t, r, create(t, r, "2026-11-20", "<1>"), false)
	was, err := r.KeyOf(f)
	must(t, err)
	place(t, r, f.Path, strings.Replace(string(f.Data), "by: mok", "by: els", 1))
	f, err = r.Load(f.ID)
	must(t, err)
	if now, err := r.KeyOf(f); err != nil || now != was {
		t.Errorf("%s became %s, %v", was, now, err)
	}
	must(t, os.RemoveAll(filepath.Join(r.Dir, "open/2026-0001")))
	if key, err := r.KeyOf(f); err == nil {
		t.Errorf("without its mail it has the key %s", key)
	}
	writing(t, r, func(w *Writer) { // which keeps nobody from working on it
		next, err := w.Append(f.ID, note(t, "2026-11-21", "x"), nil, nil)
		must(t, err)
		if next.Key != "" {
			t.Errorf("it has the key %s", next.Key)
		}
	})
}

func TestAKeyIsNotChanged(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	before := tree(t, r.Dir)
	writing(t, r, func(w *Writer) {
		for _, text := range []string{
			strings.Replace(string(f.Data), "key: "+string(f.Key)+"\n", "", 1),
			strings.Replace(string(f.Data), string(f.Key), string(casefile.NewKey()), 1),
		} {
			_, err := w.Replace(f, []byte(text))
			if err == nil || !strings.HasSuffix(err.Error(), ": the key of a complaint cannot be changed") {
				t.Errorf("%v", err)
			}
		}
	})
	wantTree(t, r.Dir, before)
}

// What was removed and comes back is not worked on, until its removal is taken back.
func TestWhatWasRemovedIsNotWorkedOn(t *testing.T) {
	const refused = "2026-0001 was removed on 2026-12-07, and its file has come back"
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	writing(t, r, func(w *Writer) { must(t, w.Erase(f.ID, day(t, "2026-12-07"), Request)) })
	for _, text := range []string{string(f.Data), string(f.Data) + "# meer\n"} {
		place(t, r, f.Path, text)
		now, err := r.Load(f.ID)
		must(t, err)
		line, same, err := r.ErasedAs(now)
		must(t, err)
		if line == nil || same != (text == string(f.Data)) {
			t.Errorf("%v, %v", line, same)
		}
		writing(t, r, func(w *Writer) {
			_, err := w.Append(f.ID, note(t, "2026-12-08", "x"), nil, nil)
			wantError(t, err, refused)
			_, err = w.Replace(now, []byte(strings.Replace(text, "Website", "Webstek", 1)))
			wantError(t, err, refused)
			_, err = w.AddLetter(aLetter(t, f.ID), []byte("x"))
			wantError(t, err, refused)
		})
	}
	writing(t, r, func(w *Writer) {
		line, _, err := w.ErasedAs(f)
		must(t, err)
		must(t, w.TakeBack(line, day(t, "2026-12-08")))
		if ids, err := w.Purged(); err != nil || len(ids) != 0 {
			t.Errorf("purged: %v, %v", ids, err)
		}
		_, err = w.Append(f.ID, note(t, "2026-12-08", "x"), nil, nil)
		must(t, err)
		must(t, w.Erase(f.ID, day(t, "2026-12-09"), Request)) // after all
		if ids, err := w.Purged(); err != nil || len(ids) != 1 {
			t.Errorf("purged: %v, %v", ids, err)
		}
	})
	if problems := checkOf(t, r); problems != nil {
		t.Errorf("check says %q", problems)
	}
}

func TestPurgedLines(t *testing.T) {
	key, content := casefile.Key(aKey).Hash(), DigestOf([]byte("x\r\n"))
	tail := ", key: " + key + ", content: " + content + ", by: B}\n"
	for name, tt := range map[string]struct {
		lines string
		want  int // that say that the case is gone
	}{
		"of before":         {purgedOne, 1},
		"of now":            {strings.Replace(purgedOne, "}\n", tail, 1), 1},
		"taken back":        {strings.Replace(purgedOne, "}\n", tail, 1) + "- {id: 2026-0001, kept: 2031-11-26" + tail, 0},
		"before it went":    {strings.Replace(purgedOne, "}\n", tail, 1) + "- {id: 2026-0001, kept: 2031-11-25" + tail, 1},
		"of other content":  {strings.Replace(purgedOne, "}\n", tail, 1) + "- {id: 2026-0001, kept: 2031-11-26" + strings.Replace(tail, content, key, 1), 1},
		"the other way":     {"- {id: 2026-0001, kept: 2031-11-26" + tail + strings.Replace(purgedOne, "}\n", tail, 1), 0},
		"by number":         {purgedOne + "- {id: 2026-0001, kept: 2031-11-26" + tail, 0},
		"a word in a quote": {strings.Replace(purgedOne, ", policy", `, about: "x, kept: 2031-11-26`+strings.TrimSpace(tail)+`", policy`, 1), 1},
	} {
		lines, err := ParsePurgedLines([]byte(purgedHead + tt.lines))
		must(t, err)
		ids, err := ParsePurged([]byte(purgedHead + tt.lines))
		if err != nil || len(ids) != tt.want || len(lines) != strings.Count(tt.lines, "\n") {
			t.Errorf("%s: %v of %v, %v", name, ids, lines, err)
		}
	}
	_, err := ParsePurgedLines([]byte("- {id: 2026-0001, kept: 2031-11-26}\n"))
	wantError(t, err, "purged.yaml:1: is not the line of a purged complaint")
	if DigestOf([]byte("x\n")) != content {
		t.Error("ends of lines make a difference")
	}
}
