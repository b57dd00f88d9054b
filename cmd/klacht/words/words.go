package words

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"reflect"
	"strings"
	"syscall"

	casefile "klacht/case"
	"klacht/store/strict"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Words says sentences in one language.
type Words struct {
	Lang  string        // "nl" or "en"
	Today casefile.Date // of dates that are near the year is left out
	p     *message.Printer
}

// Languages are those that klacht speaks.
func Languages() []string { return []string{"en", "nl"} }

// New returns the words of a language.
func New(lang string) *Words {
	tag := language.English
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	if lang == "nl" {
		tag = language.Dutch
		for en, nl := range Dutch() {
			must(b.SetString(tag, en, nl))
		}
	}
	for key, forms := range Plurals() {
		one, other := forms.One, key
		if lang == "nl" {
			one, other = forms.Een, forms.Meer
		}
		must(b.Set(tag, key, plural.Selectf(1, "%d", plural.One, one, plural.Other, other)))
	}
	return &Words{Lang: lang, p: message.NewPrinter(tag, message.Catalog(b))}
}

// must is for texts of our own, which a test has compiled.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// T says a sentence with its values. Where the first value is a number the
// sentence may have a form for one and a form for more.
func (w *Words) T(format string, args ...any) string {
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = w.value(a)
	}
	return w.p.Sprintf(format, said...)
}

// value returns what stands for a value in a sentence: numbers as they are, for
// the plural; all else as text that is safe to show, on one line.
func (w *Words) value(a any) any {
	switch v := a.(type) {
	case int, float64:
		return v
	case error:
		return w.Explain(v)
	case string:
		return casefile.OneLine(v)
	case casefile.Step: // what stands in the file is English
		if w.Lang != "en" {
			return w.StepName(v)
		}
	case casefile.Moment: // without the seconds and the offset of the file
		return strings.TrimSpace(v.Date.String() + " " + v.Clock())
	}
	if v := reflect.ValueOf(a); v.Kind() == reflect.Slice {
		list := make([]string, v.Len())
		for i := range list {
			x := v.Index(i).Interface()
			if step, ok := x.(casefile.Step); ok { // a word of a file, as it stands there
				x = string(step)
			}
			list[i] = fmt.Sprint(w.value(x))
		}
		return strings.Join(list, ", ")
	}
	return casefile.OneLine(fmt.Sprint(a))
}

// Say says a message that came from further down.
func (w *Words) Say(m casefile.Message) string { return w.T(m.Format, m.Args...) }

// Explain says what went wrong, on one line and without the hint.
func (w *Words) Explain(err error) string {
	var damage *strict.Damage
	var known *casefile.Error
	var path *fs.PathError
	switch {
	case errors.As(err, &damage) && error(damage) == err:
		return casefile.OneLine(damage.Place()) + ": " + w.Explain(damage.Err)
	case errors.As(err, &known):
		return w.Say(known.Message)
	case errors.Is(err, context.Canceled):
		return w.T("given up")
	case errors.Is(err, exec.ErrNotFound):
		return w.T("there is no such program")
	case errors.Is(err, syscall.ENOSPC):
		return w.T("the disk is full")
	case errors.Is(err, syscall.EROFS):
		return w.T("the disk can only be read")
	case errors.Is(err, fs.ErrPermission):
		return w.T("the rights on the folder or file do not allow it")
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		return w.T("%s is not there", path.Path)
	case errors.As(err, &path) && errors.Is(err, syscall.EISDIR):
		return w.T("%s is a folder", path.Path)
	case errors.As(err, &path):
		return casefile.OneLine(path.Path + ": " + path.Err.Error())
	}
	return casefile.OneLine(err.Error())
}
