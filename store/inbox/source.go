package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store/wire"
)

// Source is a place where mail comes in: an [*IMAP] folder, a [*Maildir], an
// [*Mbox] or a [*Folder]. Reading changes nothing in it.
type Source interface {
	// Name names the source: two sources of one name are the same place.
	Name() string

	// Items yields what is in the source, the mail that came first first, one
	// mail in memory at a time. It asks skip about each item by its key, and
	// neither reads nor yields those for which that returns true. An error
	// ends it: of the source as a whole, with all before it yielded. What is
	// wrong with one mail stands in its item, and the others follow.
	Items(ctx context.Context, skip func(key string) bool) iter.Seq2[Item, error]
}

// Marker is a source that can mark its mails for the owner, if asked to.
type Marker interface {
	// Mark marks the item with the key as dealt with, at once or by the time
	// that Items returns.
	Mark(key string)

	// BeforeMarking sets what Items calls before it marks any: the last moment for Mark.
	BeforeMarking(func())
}

// Item is a mail in a source.
type Item struct {
	Key  string    // by which the source knows the mail next time
	Name string    // by which a person finds it there, without anything of its content
	Raw  []byte    // the mail, byte for byte; nil if Err says why it cannot be read
	At   time.Time // when it came in, by the source itself (R2); zero if that does not say
	// Rough says that At bears no zone, or is else less exact than the stamp of
	// a server: it counts where the mail bears none.
	Rough bool
	Err   error // the next reading may have the mail, unless it is [*Unreadable]

	Done, Total int64 // how far the reading of the source is, in units of its own
}

// Unreadable is why a mail in a source cannot be read, now or later: a person has to do
// something about it.
type Unreadable struct{ Err error }

func (u *Unreadable) Error() string { return u.Err.Error() }

// Unwrap returns what is wrong.
func (u *Unreadable) Unwrap() error { return u.Err }

// Setup is what a source needs beside its place.
type Setup struct {
	Zone     *time.Location                                                    // in which an mbox writes its dates
	Password func(user, host string) func(ctx context.Context) (string, error) // for a server
	Flag     string                                                            // of IMAP: set on mails that were dealt with; "" changes nothing
}

// Parse returns the source that a person names:
//
//	imaps://USER@HOST[:PORT]/FOLDER  IMAP over TLS
//	imap://USER@HOST[:PORT]/FOLDER   IMAP with STARTTLS; never without TLS
//	maildir:PATH, mbox:PATH, PATH    a Maildir, a folder of .eml, Apple's .mbox, or an mbox
//
// USER and FOLDER are in plain text or percent-encoded; no FOLDER is INBOX. A
// password does not belong in it, and is refused.
func Parse(place string, s Setup) (Source, error) {
	scheme, rest, found := strings.Cut(place, ":")
	switch {
	case found && (scheme == "imaps" || scheme == "imap") && strings.HasPrefix(rest, "//"):
		return parseIMAP(scheme, strings.TrimPrefix(rest, "//"), s)
	case found && scheme == "maildir" && rest != "":
		return &Maildir{Dir: rest}, nil
	case found && scheme == "folder" && rest != "":
		return &Folder{Dir: rest}, nil
	case found && scheme == "mbox" && rest != "":
		return &Mbox{File: rest, Zone: s.Zone}, nil
	}
	info, err := os.Stat(place)
	switch {
	case err != nil:
		return nil, casefile.Errorf("%s is neither a file, nor a folder, nor an address of mail", place).
			WithHint("write imaps://you@host/folder, maildir:FOLDER or mbox:FILE")
	case info.IsDir():
		return folderAt(place, s), nil
	}
	return &Mbox{File: place, Zone: s.Zone}, nil
}

// parseIMAP reads what follows imap:// or imaps://. It is looser than a URL: the
// names of folders are as a person writes them.
func parseIMAP(scheme, rest string, s Setup) (Source, error) {
	m := &IMAP{Server: wire.Server{TLS: wire.TLSDirect, Port: 993}, Folder: "INBOX", Flag: s.Flag}
	if scheme == "imap" {
		m.TLS, m.Port = wire.TLSStart, 143
	}
	place, folder, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(place, "@"); at >= 0 {
		m.User, m.Host = place[:at], place[at+1:]
	}
	wrongPort := false
	if host, port, err := net.SplitHostPort(m.Host); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		m.Host, m.Port, wrongPort = host, int(n), err != nil || n == 0
	}
	if folder != "" {
		m.Folder = folder
	}
	secret := strings.Contains(m.User, ":")
	for _, text := range []*string{&m.User, &m.Folder} {
		if plain, err := url.PathUnescape(*text); err == nil {
			*text = plain
		}
	}
	switch {
	case secret:
		return nil, casefile.Errorf("a password does not belong in the address of a mailbox").
			WithHint("write imaps://you@host/folder; the password is asked for, or comes from a command")
	case m.User == "" || m.Host == "" || wrongPort || casefile.OneLine(m.User+m.Host+m.Folder) != m.User+m.Host+m.Folder:
		return nil, casefile.Errorf("%q is not the address of a mailbox", scheme+"://"+rest).
			WithHint("write imaps://you@host/folder, maildir:FOLDER or mbox:FILE")
	}
	if s.Password != nil {
		m.Password = s.Password(m.User, m.Host)
	}
	return m, nil
}

// absolute returns a path as another working folder would name it.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// digest returns a key for a mail by its content.
func digest(raw []byte) string {
	sum := sha256.Sum256([]byte(contentKey(raw)))
	return hex.EncodeToString(sum[:16])
}
