package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// readFiles reads the files that are to be kept with a step, and returns what they
// were called. Only a regular file ends.
func (a *app) readFiles(names []string) (files []store.Attachment, called string, err error) {
	var list []string
	for _, name := range names {
		if info, err := os.Stat(a.abs(name)); err != nil {
			return nil, "", err
		} else if !info.Mode().IsRegular() {
			return nil, "", casefile.Errorf("%s is not a file that can be kept", name)
		}
		data, err := a.readInput(name, store.MaxMail)
		if err != nil {
			return nil, "", err
		}
		files = append(files, store.Attachment{Name: name, Data: data})
		list = append(list, casefile.OneLine(filepath.Base(name)))
	}
	return files, strings.Join(list, ", "), nil
}

// maxTextInput is the most that is read as the text of a step or a complaint.
const maxTextInput = 1 << 20

// text returns the text of --text or --text-file, made plain.
func (a *app) text(text, file string) (string, error) {
	if text != "" && file != "" {
		return "", usage("give --text or --text-file, not both")
	}
	if file != "" {
		data, err := a.readInput(file, maxTextInput)
		if err != nil {
			return "", err
		}
		name := file
		if file == "-" {
			name = a.T("standard input")
		}
		var wrong *casefile.Error
		if text, wrong = a.decoded(name, data); wrong != nil {
			return "", wrong
		}
	}
	return casefile.Plain(text), nil
}

// readInput reads a file, or standard input for "-", of at most limit bytes.
func (a *app) readInput(file string, limit int64) ([]byte, error) {
	in := a.In
	if file != "-" {
		f, err := os.Open(a.abs(file))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, casefile.Errorf("%s is larger than %d MB", file, int(limit>>20))
	}
	return data, err
}

// readMail reads a mail from a file, or from standard input for "-".
func (a *app) readMail(file string) ([]byte, error) {
	if info, err := os.Stat(a.abs(file)); err == nil && info.IsDir() {
		return nil, casefile.Errorf("%s is a folder", file).WithHint("`klacht fetch %s` takes in the mails in it", file)
	}
	data, err := a.readInput(file, store.MaxMail)
	if err != nil {
		return nil, err
	}
	if data, err = inbox.Mailfile(data); err == nil {
		err = inbox.Check(data)
	}
	if err != nil {
		if file == "-" {
			return nil, casefile.Errorf("standard input: %v", err)
		}
		return nil, casefile.Errorf("%s: %v", file, err)
	}
	return data, nil
}

// noText says of a mail without a text what is attached to it instead; "" of any
// other.
func (a *app) noText(m *inbox.Mail) string {
	switch {
	case m.Text != "":
		return ""
	case len(m.Attached) == 0:
		return a.T("the mail has no text")
	}
	return a.T("the mail has no text; attached: %s", strings.Join(m.Attached, ", "))
}

// intake reads who wrote a mail that came in, and what.
func (a *app) intake(mail []byte) (*inbox.Mail, error) {
	return inbox.Read(mail, a.reg.Policy)
}
