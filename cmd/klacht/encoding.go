package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	casefile "klacht/case"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded returns what the owner wrote in a file as text, whatever program it
// was written with: UTF-8, or UTF-16 that says so by its first two bytes. What
// is neither is read as windows-1252, and that is said, for it is a guess; it is
// refused where that cannot be right. name is what the owner calls the file.
func (a *app) decoded(name string, data []byte) (string, *casefile.Error) {
	if bytes.HasPrefix(data, []byte{0xFE, 0xFF}) || bytes.HasPrefix(data, []byte{0xFF, 0xFE}) {
		text, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsAny(text, "\x00\uFFFD") {
			return "", errEncoding(name)
		}
		return string(text), nil
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	switch {
	case bytes.IndexByte(data, 0) >= 0:
		return "", errEncoding(name)
	case utf8.Valid(data):
		return string(data), nil
	case !isWindows1252(data):
		return "", errEncoding(name)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", errEncoding(name)
	}
	fmt.Fprintln(a.Err, "klacht: "+a.T("%s is not UTF-8, and was read as windows-1252", name))
	return string(text), nil
}

// isWindows1252 reports whether data may be windows-1252. Five bytes are not of
// it; and where some letters are those of UTF-8 it is a mixture.
func isWindows1252(data []byte) bool {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && strings.IndexByte("\x81\x8D\x8F\x90\x9D", data[0]) >= 0 || r != utf8.RuneError && size > 1 {
			return false
		}
		data = data[size:]
	}
	return true
}

func errEncoding(name string) *casefile.Error {
	return casefile.Errorf("%s is not text that can be read", name).WithHint("save it as UTF-8")
}

// checkText refuses a flag whose text is not UTF-8. The name of a file may be
// whatever the system takes.
func checkText(c *cobra.Command) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && !isPath[f.Name] && !utf8.ValidString(f.Value.String()) {
			err = usage("the text of --%s is not UTF-8", f.Name)
		}
	})
	return err
}

// isPath are the flags that name a file or a folder.
var isPath = map[string]bool{"dir": true, "mail": true, "text-file": true, "html": true, "csv": true}
