package outbox

import (
	"context"
	"errors"
	"slices"
	"time"

	casefile "klacht/case"
	"klacht/store/account"
	"klacht/store/wire"

	"github.com/emersion/go-imap/v2"
)

// IMAPDrafts lays letters among the drafts of the owner's mailbox, where every
// mail program of the owner's finds them.
type IMAPDrafts struct {
	account.Mailbox
}

// Leaves returns false: the owner sends a draft, and says so.
func (m *IMAPDrafts) Leaves() bool { return false }

// Send lays a mail among the drafts, unless it lies there already. Nothing else
// in the mailbox is changed or looked at.
func (m *IMAPDrafts) Send(ctx context.Context, _ string, _ []string, raw []byte) error {
	return lay(ctx, &m.Server, shelf{m.Drafts, imap.MailboxAttrDrafts, []string{"Drafts", "INBOX.Drafts", "INBOX/Drafts"}, imap.FlagDraft, sayNoDrafts}, raw)
}

// SentMail keeps copies of the letters that have left among the mails that were sent.
type SentMail struct {
	account.Mailbox
}

// Keep lays a copy of a letter there, unless it lies there already.
func (m *SentMail) Keep(ctx context.Context, raw []byte) error {
	return lay(ctx, &m.Server, shelf{m.Sent, imap.MailboxAttrSent, []string{"Sent", "INBOX.Sent", "INBOX/Sent", "Sent Items", "Verzonden items", "Verzonden"}, "", sayNoSent}, raw)
}

// shelf is a folder that mails are laid in.
type shelf struct {
	set   string           // as the settings call it; "" if they do not
	attr  imap.MailboxAttr // by which a server marks it (RFC 6154)
	names []string         // by which it is called else, the likeliest first
	flag  imap.Flag        // that its mails have, beside being read; "" is none
	none  *casefile.Error  // there is no such folder
}

// imapTime is the longest that laying a letter there may take.
const imapTime = 2 * time.Minute

// lay puts a mail in a folder, unless it lies there already.
func lay(ctx context.Context, server *wire.Server, where shelf, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, imapTime)
	defer cancel()
	m, err := server.OpenIMAP(ctx)
	if err != nil {
		return asFailure(err)
	}
	defer m.Close()
	m.Begin()
	folder, err := where.folder(m, server)
	if err != nil {
		return asFailure(err)
	}
	if _, err := m.Client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return asFailure(m.Failure(NoFolder, err))
	}
	if id := messageID().FindString(headerOf(raw)["Message-Id"]); id != "" {
		found, err := m.Client.UIDSearch(&imap.SearchCriteria{
			Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}}, nil).Wait()
		if err != nil {
			return asFailure(m.Failure(NoFolder, err))
		}
		if len(found.AllUIDs()) > 0 {
			return nil
		}
	}
	flags := []imap.Flag{imap.FlagSeen}
	if where.flag != "" {
		flags = append(flags, where.flag)
	}
	cmd := m.Client.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: flags})
	_, err = cmd.Write(raw)
	err = errors.Join(err, cmd.Close())
	if err == nil {
		_, err = cmd.Wait()
	}
	if err != nil {
		return asFailure(m.Failure(NoFolder, err))
	}
	return nil
}

// folder returns the name of a folder: as set, or else the one that the server says it
// is, or one that is called so.
func (s shelf) folder(m *wire.IMAP, server *wire.Server) (string, error) {
	if s.set != "" {
		return s.set, nil
	}
	options := &imap.ListOptions{}
	if m.Client.Caps().Has(imap.CapSpecialUse) {
		options.ReturnSpecialUse = true
	}
	list, err := m.Client.List("", "*", options).Collect()
	if err != nil {
		return "", m.Failure(NoFolder, err)
	}
	for _, l := range list {
		if slices.Contains(l.Attrs, s.attr) {
			return l.Mailbox, nil
		}
	}
	for _, name := range s.names {
		if slices.ContainsFunc(list, func(l *imap.ListData) bool { return l.Mailbox == name }) {
			return name, nil
		}
	}
	return "", wire.Because(NoFolder, server.Where(), s.none)
}
