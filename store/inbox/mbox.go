package inbox

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
)

// Mbox is a file with many mails, one after the other, each after a line that
// starts with "From " (RFC 4155, and what programs made of it). A line of a mail
// that starts with ">From ", or more of these marks, loses one, as in "mboxrd".
type Mbox struct {
	File string
	Zone *time.Location // in which the dates of its "From " lines are, where they name none; nil is UTC
	wait time.Duration  // to see whether the file grows; 0 is a second
}

// Name implements [Source].
func (b *Mbox) Name() string { return "mbox:" + absolute(b.File) }

// Items implements [Source], in the order of the file. The mails that come in
// while it reads are left for the next time, and so is the last one while a
// program is still writing it.
func (b *Mbox) Items(ctx context.Context, skip func(string) bool) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		f, err := os.Open(b.File)
		var info fs.FileInfo
		if err == nil {
			defer f.Close()
			info, err = f.Stat()
		}
		if err == nil && !info.Mode().IsRegular() {
			err = casefile.Errorf("is not a regular file")
		}
		if err != nil {
			yield(Item{}, casefile.Errorf("cannot read the mbox %s: %v", b.File, err))
			return
		}
		r := &boxReader{r: bufio.NewReaderSize(io.LimitReader(f, info.Size()), 64<<10), zone: b.Zone}
		for {
			err := ctx.Err()
			var m *boxed
			if err == nil {
				m, err = r.next()
			}
			switch {
			case err == io.EOF:
				return
			case err == errNoMbox:
				yield(Item{}, casefile.Errorf("%s is not an mbox: its first line does not start with From", b.File).
					WithHint("is it one mail, then `klacht new %s`", b.File))
				return
			case err != nil:
				yield(Item{}, casefile.Errorf("cannot read the mbox %s: %v", b.File, err))
				return
			}
			if skip(m.key) {
				continue
			}
			it := Item{Key: m.key, Name: fmt.Sprintf("%s:%d", filepath.Base(b.File), m.line), Raw: m.raw, At: m.at,
				Rough: true, Done: r.read, Total: info.Size()}
			switch {
			case m.large:
				it.Raw, it.Err = nil, &Unreadable{errTooLarge}
			case m.last && b.growing(ctx, f, info):
				it.Raw, it.Err = nil, casefile.Errorf("the mail is still being written")
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// growing reports whether a program is still writing to the mbox: the mail at
// its end may then be half of one. A file that was left alone for a minute is
// whole; of any other it waits to see.
func (b *Mbox) growing(ctx context.Context, f *os.File, before fs.FileInfo) bool {
	if time.Since(before.ModTime()) < time.Minute {
		select {
		case <-time.After(cmp.Or(b.wait, time.Second)):
		case <-ctx.Done():
		}
	}
	now, err := f.Stat()
	return err != nil || now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime())
}

// boxed is a mail in an mbox.
type boxed struct {
	line  int // of its "From " line, from 1
	raw   []byte
	key   string
	at    time.Time // by its "From " line
	large bool      // raw is not all of it
	last  bool      // nothing follows it
}

// boxReader takes an mbox apart.
type boxReader struct {
	r       *bufio.Reader
	zone    *time.Location
	head    string // the "From " line that was read last
	dated   bool   // the first of them bears a date, so all must
	n, line int
	read    int64
}

var errNoMbox = errors.New("no mbox")

// maxFrom is the length from which a line is no "From " line.
const maxFrom = 1000

// next returns the next mail; io.EOF if there is none.
func (r *boxReader) next() (*boxed, error) {
	if r.n == 0 {
		if err := r.first(); err != nil {
			return nil, err
		}
	}
	if r.head == "" {
		return nil, io.EOF
	}
	r.n++
	m := &boxed{line: r.line}
	m.at, _ = fromDate(r.head, r.zone)
	r.head = ""
	var raw bytes.Buffer
	var sum hash.Hash
	blank, start := false, true // the line before was empty; a line starts here
	for {
		piece, err := r.r.ReadSlice('\n')
		r.read += int64(len(piece))
		if start {
			if len(piece) > 0 {
				r.line++
			}
			if blank && err == nil && bytes.HasPrefix(piece, []byte("From ")) {
				piece = bytes.Clone(piece) // a look ahead may overwrite it
				if r.separates(piece) {
					r.head = string(piece)
					break
				}
			}
			piece = unquoted(piece)
		}
		blank = start && len(bytes.TrimRight(piece, "\r\n")) == 0 && (len(piece) > 0 || blank)
		if raw.Len()+len(piece) > store.MaxMail+2 && !m.large { // an empty line after it is not its own
			m.large = true
			sum = sha256.New()
			sum.Write(raw.Bytes())
			raw = bytes.Buffer{}
		}
		if m.large {
			sum.Write(piece)
		} else {
			raw.Write(piece)
		}
		start = err == nil
		if err != nil && err != bufio.ErrBufferFull {
			if err != io.EOF {
				return nil, err
			}
			m.last = true
			break
		}
	}
	if m.large {
		m.key = "large " + hex.EncodeToString(sum.Sum(nil)[:16])
		return m, nil
	}
	m.raw = raw.Bytes()
	if blank { // the line that ends a mail is none of its own
		m.raw = bytes.TrimSuffix(bytes.TrimSuffix(m.raw, []byte("\n")), []byte("\r"))
	}
	m.key = digest(m.raw)
	return m, nil
}

// first reads up to the first "From " line.
func (r *boxReader) first() error {
	for {
		piece, err := r.r.ReadSlice('\n')
		r.read += int64(len(piece))
		r.line++
		text := bytes.TrimPrefix(piece, []byte("\uFEFF"))
		switch {
		case bytes.HasPrefix(text, []byte("From ")) && err == nil:
			r.head = string(text)
			_, r.dated = fromDate(r.head, r.zone)
			return nil
		case len(bytes.TrimSpace(text)) > 0:
			return errNoMbox
		case err != nil:
			return err
		}
	}
}

// headerLine is how a mail starts.
var headerLine = casefile.Pattern(`^[!-9;-~]+[ \t]*:`)

// separates reports whether a "From " line after an empty one starts a new mail:
// it bears a date, or if those of this mbox do not, a header follows it. "From
// now on" at the start of a paragraph does neither.
func (r *boxReader) separates(line []byte) bool {
	if len(line) > maxFrom {
		return false
	}
	if r.dated {
		_, ok := fromDate(string(line), r.zone)
		return ok
	}
	after, _ := r.r.Peek(200)
	return headerLine().Match(after)
}

// unquoted returns a line without the mark that keeps it from being a "From "
// line.
func unquoted(line []byte) []byte {
	if len(line) > 0 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
		return line[1:]
	}
	return line
}

// fromForm finds the date in a "From " line, as ctime writes it: with or without
// seconds, and with a zone before or after the year, or none.
var fromForm = casefile.Pattern(`(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +([0-9]{1,2}) +([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?: +([A-Z]{2,5}|[+-][0-9]{4}))? +([0-9]{4})(?: +([A-Z]{2,5}|[+-][0-9]{4}))?`)

// fromDate returns the date in a "From " line; ok is false if there is none. One
// without a zone is taken to be of the zone of the firm: should it be of UTC, as
// RFC 4155 wants, then that is the earlier time.
func fromDate(line string, zone *time.Location) (at time.Time, ok bool) {
	m := fromForm().FindStringSubmatch(line)
	if m == nil {
		return time.Time{}, false
	}
	if zone == nil {
		zone = time.UTC
	}
	clock := m[4]
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	text := fmt.Sprintf("%s %s %s %s", m[3], m[2], m[6], clock)
	for _, z := range []string{m[5], m[7]} {
		if offset, known := zones[z]; known {
			z = offset
		}
		if t, err := time.Parse("2 Jan 2006 15:04:05 -0700", text+" "+z); err == nil {
			return t, true
		}
	}
	t, err := time.ParseInLocation("2 Jan 2006 15:04:05", text, zone)
	return t, err == nil
}
