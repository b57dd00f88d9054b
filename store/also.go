package store

import (
	"bytes"
	"path"
	"slices"
	"strings"

	casefile "klacht/case"
)

// Also returns the cases beside the one of that number under which letters have
// left with the number: they had it before another machine had given it out too.
// It looks among those in open/, and where no case has the number itself in the
// archive as well.
func (r *Register) Also(id casefile.ID) ([]*File, error) {
	dirs := []string{openDir}
	if places, err := r.places(id); err != nil {
		return nil, err
	} else if len(places) == 0 {
		months, err := r.months()
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, months...)
	}
	var found []*File
	for _, dir := range dirs {
		names, err := r.root.Names(dir)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if !strings.HasSuffix(n, suffix) {
				continue
			}
			data, err := r.root.Read(path.Join(dir, n))
			if err != nil || !bytes.Contains(data, []byte("also:")) || !bytes.Contains(data, []byte(id)) {
				continue // what cannot be read is told of elsewhere
			}
			if f, damage := decodeCase(path.Join(dir, n), data, r.Policy); damage == nil && slices.Contains(f.Also, id) {
				found = append(found, f)
			}
		}
	}
	return found, nil
}
