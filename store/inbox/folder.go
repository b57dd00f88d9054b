package inbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// Folder is a folder of files that each are a mail, as mail programs save them: .eml, and
// Apple's .emlx. Other files in it are none of ours.
type Folder struct {
	Dir string
}

// Name implements [Source].
func (d *Folder) Name() string { return "folder:" + absolute(d.Dir) }

// mailNames are how the names of such files end.
var mailNames = []string{".eml", ".emlx"}

func isMailName(name string) bool {
	return slices.Contains(mailNames, strings.ToLower(filepath.Ext(name))) && !strings.HasPrefix(name, ".")
}

// Items implements [Source], in the order of the names. A file that was changed is another
// mail.
func (d *Folder) Items(ctx context.Context, skip func(string) bool) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		root, err := os.OpenRoot(d.Dir)
		var entries []fs.DirEntry
		if err == nil {
			defer root.Close()
			entries, err = fs.ReadDir(root.FS(), ".")
		}
		if err != nil {
			yield(Item{}, casefile.Errorf("cannot read the folder %s: %v", d.Dir, err))
			return
		}
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !isMailName(e.Name()) })
		for i, e := range entries {
			if err := ctx.Err(); err != nil {
				yield(Item{}, err)
				return
			}
			it := Item{Name: e.Name(), Done: int64(i + 1), Total: int64(len(entries))}
			info, err := e.Info()
			switch {
			case errors.Is(err, fs.ErrNotExist):
				continue
			case err != nil:
				it.Err = err
			case !info.Mode().IsRegular():
				it.Err = casefile.Errorf("is not a regular file")
			case info.Size() > store.MaxMail:
				it.Err = &Unreadable{errTooLarge}
			}
			if info != nil {
				it.Key = fmt.Sprintf("%s %d %d", e.Name(), info.Size(), info.ModTime().UnixNano())
			}
			if skip(it.Key) {
				continue
			}
			if it.Err == nil {
				if it.Raw, it.Err = readFile(root, e.Name()); it.Err == nil {
					if it.Raw, err = Mailfile(it.Raw); err != nil {
						it.Err = &Unreadable{err}
					}
				}
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// folderAt returns the source that a folder is: a Maildir, a mailbox as Apple exports it,
// or a folder of mails.
func folderAt(dir string, s Setup) Source {
	there := func(name string, isDir bool) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err == nil && info.IsDir() == isDir
	}
	switch {
	case there("cur", true), there("new", true):
	case there("mbox", false):
		return &Mbox{File: filepath.Join(dir, "mbox"), Zone: s.Zone}
	default:
		if entries, err := os.ReadDir(dir); err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isMailName(e.Name()) }) {
			return &Folder{Dir: dir}
		}
	}
	return &Maildir{Dir: dir}
}
