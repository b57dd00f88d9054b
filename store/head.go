package store

import (
	"bytes"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"

	"gopkg.in/yaml.v3"
)

var topKey = casefile.Pattern(`^([a-z_]+):`)

// withHead returns the file with other values above its log, where want has them.
// A key that differs is written anew in its place or, if it was not there, before
// the log; what stood there before stays above it as a comment, and all else as it
// is, byte for byte.
func withHead(f *File, want *casefile.Case, p *deadlines.Policy) (*File, error) {
	if sameCase(&f.Case, want) {
		return f, nil
	}
	for _, style := range styles {
		head := newPairs()
		if want.Received != f.Received {
			head.raw("received", want.Received.String())
		}
		if want.Subject != f.Subject {
			head.text("subject", want.Subject, style)
		}
		if want.Complainant != f.Complainant {
			head.add("complainant", encodeComplainant(want.Complainant, style))
		}
		if want.Complaint != f.Complaint {
			head.text("complaint", strings.TrimRight(want.Complaint, "\n")+"\n", style)
		}
		data := f.Data
		for i := 0; i < len(head.n.Content); i += 2 {
			text, err := encode(&yaml.Node{Kind: yaml.MappingNode, Content: head.n.Content[i : i+2]})
			if err != nil {
				return nil, err
			}
			data = putKey(data, head.n.Content[i].Value, text)
		}
		if next, damage := decodeCase(f.Path, data, p); damage == nil && sameCase(&next.Case, want) {
			return next, nil
		}
	}
	return nil, casefile.Errorf("the text of this complaint cannot be written to a file without changing it")
}

// putKey puts the text of a key into a file in the place of what the file says
// there, or before the log.
func putKey(data []byte, key string, text []byte) []byte {
	if bytes.Contains(data, []byte("\r\n")) {
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	var before, after []byte
	found, within := false, false
	for line := range bytes.Lines(data) {
		m := topKey().FindSubmatch(line)
		switch {
		case m != nil && string(m[1]) == key:
			found, within = true, true
			before = append(append(before, "# "...), line...)
			continue
		case m != nil && string(m[1]) == "log" && !found:
			found = true
		case m == nil && within && line[0] != '#' && len(bytes.TrimSpace(line)) > 0:
			before = append(append(before, "# "...), line...)
			continue
		}
		within = within && m == nil
		if found {
			after = append(after, line...)
		} else {
			before = append(before, line...)
		}
	}
	return append(append(bytes.Clone(before), text...), after...)
}
