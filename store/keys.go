package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	casefile "klacht/case"
)

// Founder is a [History] that knows what the file of a case was when it first took it
// in; nil if it does not.
type Founder interface{ First(id casefile.ID) []byte }

// KeyOf returns the key of a case: the one in its file or, where it was written
// before there were keys, the one that follows from its number and its first mail,
// or from what its file was at first if it has no mail, or from its first entry: what
// nobody edits, so that clones agree.
func (r *Register) KeyOf(f *File) (casefile.Key, error) {
	mail := func(name string) ([]byte, error) { return r.Mail(f, name) }
	h, ok := r.History.(Founder)
	if !ok {
		return KeyFrom(f, mail, func(casefile.ID) []byte { return nil })
	}
	return KeyFrom(f, mail, h.First)
}

// KeyFrom is [Register.KeyOf] for a case that stands elsewhere: mail and first say what
// is known of it there.
func KeyFrom(f *File, mail func(name string) ([]byte, error), first func(casefile.ID) []byte) (casefile.Key, error) {
	if f.Key != "" {
		return f.Key, nil
	}
	for _, e := range f.Log {
		if e.Mail == "" {
			continue
		}
		data, err := mail(e.Mail)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256(data)
		return casefile.KeyOf("case", string(f.ID), hex.EncodeToString(sum[:])), nil
	}
	if len(f.Log) == 0 {
		return "", casefile.Errorf("%s: its key cannot be told, for it cannot be read", f.ID)
	}
	if data := first(f.ID); data != nil {
		return casefile.KeyOf("case", string(f.ID), DigestOf(data)), nil
	}
	e := f.Log[0]
	return casefile.KeyOf("case", string(f.ID), e.At.String(), string(e.Step), e.By, e.Text), nil
}

// keyed returns a file with the key of what it was before a change written below its
// number. One whose key cannot be told, or that has no line of its own for its number,
// stays as it is.
func (r *Register) keyed(f, before *File) *File {
	key, err := r.KeyOf(before)
	lines := bytes.SplitAfter(f.Data, []byte("\n"))
	if err != nil || f.Key != "" || f.idLine < 1 || f.idLine > len(lines) {
		return f
	}
	line := []byte("key: " + string(key) + "\n")
	if bytes.HasSuffix(lines[f.idLine-1], []byte("\r\n")) {
		line = []byte("key: " + string(key) + "\r\n")
	}
	next, damage := decodeCase(f.Path, slices.Concat(slices.Insert(lines, f.idLine, line)...), r.Policy)
	want := f.Case
	want.Key = key
	if damage != nil || !sameCase(&next.Case, &want) {
		return f
	}
	return next
}

// knownAs returns the key of a case that need not be readable; "" if it cannot be told.
func (r *Register) knownAs(f *File) casefile.Key {
	key := cmp.Or(f.Key, keyIn(f.Data))
	if key == "" {
		key, _ = r.KeyOf(f)
	}
	return key
}

var keyLine = casefile.Pattern(`(?m)^key:[ \t]+([0-9a-z]{26})[ \t]*\r?$`)

// keyIn returns the key in the content of a case file, which need not be readable
// otherwise; "" if there is none.
func keyIn(data []byte) casefile.Key {
	m := keyLine().FindSubmatch(data)
	if m == nil {
		return ""
	}
	key, _ := casefile.ParseKey(string(m[1]))
	return key
}

// DigestOf returns what the content of a case file is known by, whatever the ends of
// its lines.
func DigestOf(data []byte) string {
	return string(casefile.KeyOf("content", string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))))
}
