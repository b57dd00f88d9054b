package inbox

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/wire"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"golang.org/x/text/unicode/norm"
)

// IMAP is a folder on a mail server. The server's certificate is checked before anything
// is said.
type IMAP struct {
	wire.Server
	Folder string // in plain text, with the server's own separator between folders
	Flag   string // set on mails that were dealt with, such as $Klacht or \Flagged; "" changes nothing on the server

	before func()                // see BeforeMarking
	marked imap.UIDSet           // to be marked
	sorted []message             // what the folder had when Items began
	plain  map[imap.UID]struct{} // those that do not bear the flag yet
	valid  uint32                // UIDVALIDITY of the folder
}

// batch is how many mails are asked for at once.
const batch = 50

// message is what an IMAP server tells of a mail without its content.
type message struct {
	uid   imap.UID
	at    time.Time
	size  int64
	flags []imap.Flag
}

// Name implements [Source].
func (m *IMAP) Name() string {
	return "imap:" + m.User + "@" + m.Where() + "/" + m.Folder
}

func (m *IMAP) key(uid imap.UID) string { return fmt.Sprintf("%d %d", m.valid, uid) }

// Mark implements [Marker].
func (m *IMAP) Mark(key string) {
	var valid uint32
	var uid imap.UID
	if _, err := fmt.Sscan(key, &valid, &uid); err != nil || m.Flag == "" || valid != m.valid {
		return
	}
	if _, ok := m.plain[uid]; ok {
		m.marked.AddNum(uid)
	}
}

// BeforeMarking implements [Marker].
func (m *IMAP) BeforeMarking(do func()) { m.before = do }

// Items implements [Source], in the order in which the mails came in by the
// server's clock. The folder is opened to read only, unless there is a flag to
// set; nothing counts as seen because of it.
func (m *IMAP) Items(ctx context.Context, skip func(string) bool) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		c, err := m.OpenIMAP(ctx)
		if err == nil {
			defer c.Close()
			err = m.selectFolder(c)
		}
		if err == nil {
			err = m.list(c)
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(Item{}, err)
			return
		}
		var wanted []message
		for _, msg := range m.sorted {
			if skip(m.key(msg.uid)) {
				m.Mark(m.key(msg.uid)) // a fetch may have been cut off before it was marked
			} else {
				wanted = append(wanted, msg)
			}
		}
		done := len(m.sorted) - len(wanted)
		for len(wanted) > 0 {
			run := firstRun(wanted)
			wanted = wanted[len(run):]
			goOn, err := m.fetch(c, run, func(it Item) bool {
				done++
				it.Done, it.Total = int64(done), int64(len(m.sorted))
				return yield(it, nil)
			})
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Item{}, err)
				return
			}
			if !goOn {
				return
			}
			if err := m.setFlags(c); err != nil {
				yield(Item{}, err)
				return
			}
		}
		if err := m.setFlags(c); err != nil {
			yield(Item{}, err)
		}
	}
}

// selectFolder opens the folder.
func (m *IMAP) selectFolder(c *wire.IMAP) error {
	if caps := c.Client.Caps(); caps.Has(imap.CapIMAP4rev2) && caps.Has(imap.CapIMAP4rev1) {
		// the library writes names as that revision wants them, so it must be on
		_, _ = wire.Ask(c, c.Client.Enable(imap.CapIMAP4rev2).Wait)
	}
	data, err := wire.Ask(c, c.Client.Select(norm.NFC.String(m.Folder), &imap.SelectOptions{ReadOnly: m.Flag == ""}).Wait)
	if _, refused := wire.Refused(err); refused {
		return m.noFolder(c)
	}
	if err != nil {
		return c.Failure(wire.Lost, err)
	}
	m.valid, m.marked = data.UIDValidity, imap.UIDSet{}
	return nil
}

// noFolder says which folders there are instead.
func (m *IMAP) noFolder(c *wire.IMAP) error {
	list, _ := wire.Ask(c, c.Client.List("", "*", nil).Collect)
	var names []string
	for _, l := range list {
		if !slices.Contains(l.Attrs, imap.MailboxAttrNoSelect) && len(names) < 40 {
			names = append(names, casefile.OneLine(l.Mailbox))
		}
	}
	slices.Sort(names)
	err := casefile.Errorf("there is no folder %q in the mailbox", m.Folder)
	if len(names) == 0 {
		return err
	}
	return err.WithHint("its folders are %s", strings.Join(names, ", "))
}

// list learns what is in the folder.
func (m *IMAP) list(c *wire.IMAP) error {
	found, err := wire.Ask(c, c.Client.UIDSearch(&imap.SearchCriteria{}, nil).Wait)
	if err != nil {
		return c.Failure(wire.Lost, err)
	}
	m.sorted, m.plain = nil, map[imap.UID]struct{}{}
	for uids := range slices.Chunk(found.AllUIDs(), 500) {
		c.Begin()
		list, err := c.Client.Fetch(imap.UIDSetNum(uids...),
			&imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true, Flags: true}).Collect()
		c.End()
		if err != nil {
			return c.Failure(wire.Lost, err)
		}
		for _, l := range list {
			m.sorted = append(m.sorted, message{l.UID, l.InternalDate, l.RFC822Size, l.Flags})
			if !slices.ContainsFunc(l.Flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), m.Flag) }) {
				m.plain[l.UID] = struct{}{}
			}
		}
	}
	slices.SortStableFunc(m.sorted, func(a, b message) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.uid, b.uid))
	})
	return nil
}

func (m message) large() bool { return m.size > store.MaxMail }

// firstRun returns the first mails that can be asked for at once and come in the
// order that they have here: a server sends them in that of their UIDs. One that
// is too large stands alone.
func firstRun(list []message) []message {
	n := 1
	for n < min(len(list), batch) && list[n].uid > list[n-1].uid && !list[n-1].large() && !list[n].large() {
		n++
	}
	return list[:n]
}

// fetch reads a run of mails one after the other, and yields each, those too
// that the server does not give. goOn is false when the reader wants no more.
func (m *IMAP) fetch(c *wire.IMAP, run []message, yield func(Item) bool) (goOn bool, err error) {
	if run[0].large() {
		return yield(m.item(run[0], nil, &Unreadable{errTooLarge})), nil
	}
	var ask imap.UIDSet
	left := map[imap.UID]message{}
	for _, msg := range run {
		ask.AddNum(msg.uid)
		left[msg.uid] = msg
	}
	c.Begin()
	defer c.End()
	cmd := c.Client.Fetch(ask, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	for data := cmd.Next(); data != nil; data = cmd.Next() {
		uid, raw, rerr := body(data)
		msg, asked := left[uid]
		if rerr != nil && rerr != errTooLarge {
			// The connection is gone. The command is left as it is: to close it
			// would read on, at the same time as the library itself.
			return false, c.Failure(wire.Lost, rerr)
		}
		if !asked {
			continue
		}
		delete(left, uid)
		c.End() // the reader may take its time
		if rerr == errTooLarge {
			rerr = &Unreadable{rerr}
		}
		goOn := yield(m.item(msg, raw, rerr))
		c.Begin()
		if !goOn {
			c.Cut()
			_ = cmd.Close()
			return false, nil
		}
	}
	err = cmd.Close()
	if _, refused := wire.Refused(err); err != nil && !refused {
		return false, c.Failure(wire.Lost, err)
	}
	for _, msg := range run {
		if _, missing := left[msg.uid]; missing {
			if !yield(m.item(msg, nil, casefile.Errorf("the server does not give this mail"))) {
				return false, nil
			}
		}
	}
	return true, nil
}

func (m *IMAP) item(msg message, raw []byte, err error) Item {
	return Item{Key: m.key(msg.uid), Name: fmt.Sprintf("UID %d", msg.uid), Raw: raw, At: msg.at, Err: err}
}

// body reads a mail as the server sends it.
func body(data *imapclient.FetchMessageData) (uid imap.UID, raw []byte, err error) {
	for item := data.Next(); item != nil; item = data.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			raw, err = io.ReadAll(io.LimitReader(item.Literal, store.MaxMail+1))
			switch {
			case err == nil && len(raw) > store.MaxMail:
				raw, err = nil, errTooLarge
			case err == nil && int64(len(raw)) != item.Literal.Size():
				return uid, nil, io.ErrUnexpectedEOF // the library takes half a mail for a whole one
			case err != nil:
				return uid, nil, err
			}
		}
	}
	return uid, raw, err
}

// setFlags marks on the server what was dealt with.
func (m *IMAP) setFlags(c *wire.IMAP) error {
	if m.before != nil {
		m.before()
	}
	if len(m.marked) == 0 {
		return nil
	}
	_, err := wire.Ask(c, func() (struct{}, error) {
		return struct{}{}, c.Client.Store(m.marked,
			&imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.Flag(m.Flag)}}, nil).Close()
	})
	m.marked = imap.UIDSet{}
	if said, refused := wire.Refused(err); refused {
		return casefile.Errorf("the server does not set the flag %s: %s", m.Flag, said)
	}
	if err != nil {
		return c.Failure(wire.Lost, err)
	}
	return nil
}
