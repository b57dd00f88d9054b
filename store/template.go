package store

import (
	"path"

	casefile "klacht/case"
)

// lettersDir holds the owner's own versions of letters.
const lettersDir = "letters"

// WriteTemplate writes an owner's version of a letter, to be changed in an
// editor, and returns its path within the register. One that is there already
// is not touched: it may have been changed.
func (w *Writer) WriteTemplate(name string, data []byte) (string, error) {
	name = path.Join(lettersDir, path.Base(name))
	if w.root.Exists(name) {
		return "", casefile.Errorf("%s is there already", name).WithHint("change it in your editor, or remove it first")
	}
	w.begin(name, DeedMade)
	if err := w.root.MakeDir(lettersDir); err != nil {
		return "", cannotWrite(err)
	}
	if err := w.put(name, data); err != nil {
		return "", cannotWrite(err)
	}
	return name, nil
}
