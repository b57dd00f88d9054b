package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	casefile "klacht/case"
)

// Attachment is a file to keep with a case.
type Attachment struct {
	Name string // of which its end counts: .pdf
	Data []byte
}

// contents returns what is in the files.
func contents(files []Attachment) (list [][]byte) {
	for _, a := range files {
		list = append(list, a.Data)
	}
	return list
}

var extension = casefile.Pattern(`^\.[a-z0-9]{1,8}$`)

// nameFiles gives each file a name that no other in the folder of the case has,
// and puts the names into the entry: the first is the mail, if it ends as one and
// the entry has none. n is the highest number that is there; the numbers in front keep the files in order. Nothing of the
// name that a file had stays but its end (R13); before that stands the series, so
// that no two clones ever make one name.
func nameFiles(n int, series string, e *casefile.Entry, files []Attachment) error {
	mark := ""
	if series = letters(series); series != "" {
		mark = "." + strings.ToLower(series)
	}
	for i := range files {
		if len(files[i].Data) > MaxMail {
			return casefile.Errorf("the file is larger than %d MB", MaxMail>>20)
		}
		end := strings.ToLower(path.Ext(files[i].Name))
		if !extension().MatchString(end) {
			end = ""
		}
		isMail := files[i].Name == mailSuffix
		if files[i].Name = fmt.Sprintf("%02d-%s%s%s", n+1+i, e.Step, mark, end); isMail {
			e.Mail = files[i].Name
		} else {
			e.Files = append(e.Files, files[i].Name)
		}
	}
	return nil
}

// lastNumber returns the highest number in front of a file of the case; 0 if
// there is none.
func (w *Writer) lastNumber(f *File) (int, error) {
	dir, err := w.mailDir(f)
	if err != nil || dir == "" {
		return 0, err
	}
	names, err := w.root.Names(dir)
	n := 0
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "-")
		if v, err := strconv.Atoi(digits); err == nil && v < 1e6 {
			n = max(n, v)
		}
	}
	return n, err
}

// Mail returns a mail of a case, byte for byte.
func (r *Register) Mail(f *File, name string) ([]byte, error) {
	if !casefile.ValidMailName(name) {
		return nil, casefile.Errorf("%q cannot be the name of a mail", name)
	}
	dir, err := r.mailDir(f)
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return nil, &Damage{File: strings.TrimSuffix(f.Path, suffix) + "/" + name, Err: casefile.Errorf("is not there")}
	}
	data, err := r.root.ReadUpTo(path.Join(dir, name), MaxMail)
	if errors.Is(err, fs.ErrNotExist) {
		err = casefile.Errorf("is not there")
	}
	if err != nil {
		return nil, &Damage{File: path.Join(dir, name), Err: err}
	}
	return data, nil
}

// MaxMail is the size in bytes of the largest mail that a register keeps: more
// than mail servers let through.
const MaxMail = 40 << 20

func errMailSize() error {
	return casefile.Errorf("the mail is larger than %d MB", MaxMail>>20)
}
