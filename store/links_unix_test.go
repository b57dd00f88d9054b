//go:build unix

package store

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A register may come from somebody else. Nothing in it makes klacht read or
// write what is not in it, nor one thing for another.
func TestLinksLeadNowhere(t *testing.T) {
	for name, tt := range map[string]struct{ link, to string }{
		"case, outside":           {"open/2026-0009.yaml", "OUT/2026-0009.yaml"},
		"case, inside":            {"open/2026-0009.yaml", "2026-0001.yaml"},
		"mail, outside":           {"open/2026-0001/02-noted.eml", "OUT/secret"},
		"mail, inside":            {"open/2026-0001/02-noted.eml", "../../regeling.yaml"},
		"mails, outside":          {"open/2026-0002", "OUT"},
		"mails, inside":           {"open/2026-0002", "2026-0001"},
		"archive, outside":        {"archive/2031-11", "OUT"},
		"archive, inside":         {"archive/2031-11", "../open/2026-0001"},
		".klacht, outside":        {".klacht", "OUT"},
		".klacht, inside":         {".klacht", "open"},
		"lock, outside":           {".klacht/lock", "OUT/secret"},
		"lock, inside":            {".klacht/lock", "../regeling.yaml"},
		"index, outside":          {".klacht/index", "OUT"},
		"index, inside":           {".klacht/index", "../open"},
		"number, outside":         {".klacht/index/last-2026", "OUT/secret"},
		"number, inside":          {".klacht/index/last-2026", "../../regeling.yaml"},
		"stamp, inside":           {".klacht/index/stamp", "../../regeling.yaml"},
		"list, inside":            {".klacht/index/cases", "../../open/2026-0001.yaml"},
		"mark of filing, inside":  {".klacht/.tmp-filed", "../regeling.yaml"},
		"mark of filing, outside": {".klacht/.tmp-filed", "OUT/secret"},
		"purged, outside":         {"purged.yaml", "OUT/secret"},
		"purged, inside":          {"purged.yaml", "regeling.yaml"},
		"copy for an editor":      {".klacht/edit-2026-0001.tmp", "../regeling.yaml"},
		"a named pipe":            {"open/2026-0009.yaml", "PIPE"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegister(t)
			create(t, r, "2026-11-20", "<1>")
			out := t.TempDir()
			must(t, os.WriteFile(filepath.Join(out, "secret"), []byte("geheim"), 0o644))
			must(t, os.WriteFile(filepath.Join(out, "2026-0009.yaml"), []byte(strings.ReplaceAll(handHead+handLog, "0007", "0009")), 0o644))
			full := filepath.Join(r.Dir, filepath.FromSlash(tt.link))
			must(t, os.RemoveAll(full))
			must(t, os.MkdirAll(filepath.Dir(full), 0o700))
			if tt.to == "PIPE" {
				must(t, unix.Mkfifo(full, 0o600))
			} else {
				must(t, os.Symlink(strings.Replace(tt.to, "OUT", out, 1), full))
			}
			outside, inside := tree(t, out), map[string]string{}
			for _, file := range []string{PolicyFile, "open/2026-0001.yaml", "open/2026-0001/01-received.eml"} {
				data, err := os.ReadFile(filepath.Join(r.Dir, file))
				must(t, err)
				inside[file] = string(data)
			}

			useAll(t, r)

			locks := tt.link == localDir || tt.link == localDir+"/lock"
			if w, err := r.Lock(); (err != nil) != locks {
				t.Errorf("taking the lock: %v", err)
			} else if err == nil {
				w.Close()
			}
			for name := range tree(t, r.Dir) {
				if dir, n := path.Split(name); dir == "open/" && !strings.HasPrefix(n, "2026-") {
					t.Errorf("%s was written among the cases", name)
				}
			}

			wantTree(t, out, outside)
			for file, want := range inside {
				if data, err := os.ReadFile(filepath.Join(r.Dir, file)); err != nil || !strings.HasPrefix(string(data), want) {
					t.Errorf("%s has changed: %v\n%s", file, err, data)
				}
			}
			for file, content := range tree(t, r.Dir) {
				if strings.Contains(content, "geheim\n") {
					t.Errorf("%s holds what is outside of the register", file)
				}
			}
			files, _, _ := r.ReadAll()
			for _, f := range files {
				if f.ID == "2026-0009" {
					t.Error("a case was read through a link")
				}
			}
		})
	}
}

// useAll does a bit of everything; whether it can does not matter here.
func useAll(t *testing.T, r *Register) {
	t.Helper()
	w, err := r.Lock()
	if err != nil {
		return
	}
	defer w.Close()
	_ = w.FileStrays()
	_, _ = w.Create(complaintOn(t, "2026-11-20"), mailOf("<2>"))
	f, err := w.Append("2026-0001", note(t, "2026-11-21", "x"), mailOf("<3>"), nil)
	if err == nil {
		_, _ = r.Mail(f, "02-noted.eml")
		_, _ = r.EditCopy(f)
	}
	if f, err := w.Append("2026-0002", closing(t, "2026-11-22"), mailOf("<4>"), nil); err == nil {
		_ = w.Purge(f, day(t, "2031-11-23"))
	}
	_ = w.Sweep()
}

func TestMailIsNeverReadFromElsewhere(t *testing.T) {
	r := newRegister(t)
	f := create(t, r, "2026-11-20", "<1>")
	for _, name := range []string{"../../regeling.yaml", "..", ".", "", "/etc/passwd", "../2026-0001.yaml", "-rf", "a/b.eml", `a\b.eml`, "02-weg.eml"} {
		if data, err := r.Mail(f, name); err == nil {
			t.Errorf("%q gives %q", name, data)
		}
	}
	must(t, os.Symlink("../../regeling.yaml", filepath.Join(r.Dir, "open/2026-0001/03-link.eml")))
	_, err := r.Mail(f, "03-link.eml")
	wantError(t, err, "open/2026-0001/03-link.eml: is not a regular file")
}

func TestPolicyIsNoLink(t *testing.T) {
	r := newRegister(t)
	must(t, os.Rename(filepath.Join(r.Dir, PolicyFile), filepath.Join(r.Dir, "echt.yaml")))
	must(t, os.Symlink("echt.yaml", filepath.Join(r.Dir, PolicyFile)))
	_, err := Open(r.Dir, byMessageID)
	wantError(t, err, "regeling.yaml: is not a regular file")
}
