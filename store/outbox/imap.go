package outbox

import (
	"context"
	"errors"
	"slices"
	"time"

	casefile "klacht/case"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// IMAPDrafts lays letters among the drafts of the owner's mailbox, where every
// mail program of the owner's finds them.
type IMAPDrafts struct {
	Mailbox
}

// Leaves returns false: the owner sends a draft, and says so.
func (m *IMAPDrafts) Leaves() bool { return false }

// imapTime is the longest that laying a letter there may take.
const imapTime = 2 * time.Minute

// Send lays a mail among the drafts, unless it lies there already. Nothing else
// in the mailbox is changed or looked at.
func (m *IMAPDrafts) Send(ctx context.Context, _ string, _ []string, raw []byte) error {
	return m.lay(ctx, shelf{m.Drafts, imap.MailboxAttrDrafts, []string{"Drafts", "INBOX.Drafts", "INBOX/Drafts"}, imap.FlagDraft, sayNoDrafts}, raw)
}

// KeepSent lays a copy of a letter that has left among the mails that were sent, unless
// it lies there already.
func (m *Mailbox) KeepSent(ctx context.Context, raw []byte) error {
	return m.lay(ctx, shelf{m.Sent, imap.MailboxAttrSent, []string{"Sent", "INBOX.Sent", "INBOX/Sent", "Sent Items", "Verzonden items", "Verzonden"}, "", sayNoSent}, raw)
}

// shelf is a folder that mails are laid in.
type shelf struct {
	set   string           // as the settings call it; "" if they do not
	attr  imap.MailboxAttr // by which a server marks it (RFC 6154)
	names []string         // by which it is called else, the likeliest first
	flag  imap.Flag        // that its mails have, beside being read; "" is none
	none  *casefile.Error  // there is no such folder
}

// lay puts a mail in a folder.
func (m *Mailbox) lay(ctx context.Context, where shelf, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, imapTime)
	defer cancel()
	password, f := m.password(ctx)
	if f != nil {
		return f
	}
	conn, f := m.dial(ctx)
	if f != nil {
		return f
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	s := &imapSession{mailbox: m, password: password}
	if err := s.open(conn); err != nil {
		return s.ended(ctx, err)
	}
	return s.ended(ctx, s.lay(where, raw))
}

// imapSession is one connection.
type imapSession struct {
	mailbox  *Mailbox
	password string
	client   *imapclient.Client
}

// ended says that the time was over, if it was that which broke the connection.
func (s *imapSession) ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return failure(Lost, s.mailbox.where(), reason(ctx.Err()))
	}
	return err
}

// open greets the server, encrypts the connection, and logs in.
func (s *imapSession) open(conn *timedConn) (err error) {
	where := s.mailbox.where()
	_ = conn.SetDeadline(time.Time{}) // the library has its own, and ctx ends all
	if s.mailbox.TLS == TLSStart {
		s.client, err = imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: s.mailbox.tlsConfig()})
		if err != nil {
			if f := certificateFailure(where, err); f != nil {
				return f
			}
			return failure(NoEncryption, where, reason(err))
		}
	} else {
		s.client = imapclient.New(conn, nil)
	}
	if err := s.client.WaitGreeting(); err != nil {
		return failure(Unreachable, where, reason(err))
	}
	if err := s.client.Login(s.mailbox.User, s.password).Wait(); err != nil {
		return s.failed(LoginRefused, err)
	}
	return nil
}

func (s *imapSession) lay(where shelf, raw []byte) error {
	folder, err := s.folder(where)
	if err != nil {
		return err
	}
	if _, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return s.failed(NoFolder, err)
	}
	if id := messageID.FindString(headerOf(raw)["Message-Id"]); id != "" {
		found, err := s.client.UIDSearch(&imap.SearchCriteria{
			Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}}, nil).Wait()
		if err != nil {
			return s.failed(NoFolder, err)
		}
		if len(found.AllUIDs()) > 0 {
			return nil
		}
	}
	flags := []imap.Flag{imap.FlagSeen}
	if where.flag != "" {
		flags = append(flags, where.flag)
	}
	cmd := s.client.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: flags})
	_, err = cmd.Write(raw)
	err = errors.Join(err, cmd.Close())
	if err == nil {
		_, err = cmd.Wait()
	}
	if err != nil {
		return s.failed(NoFolder, err)
	}
	_ = s.client.Logout().Wait()
	return nil
}

// folder returns the name of a folder: as set, or else the one that the server says it
// is, or one that is called so.
func (s *imapSession) folder(where shelf) (string, error) {
	if where.set != "" {
		return where.set, nil
	}
	options := &imap.ListOptions{}
	if s.client.Caps().Has(imap.CapSpecialUse) {
		options.ReturnSpecialUse = true
	}
	list, err := s.client.List("", "*", options).Collect()
	if err != nil {
		return "", s.failed(NoFolder, err)
	}
	for _, l := range list {
		if slices.Contains(l.Attrs, where.attr) {
			return l.Mailbox, nil
		}
	}
	for _, name := range where.names {
		if slices.ContainsFunc(list, func(l *imap.ListData) bool { return l.Mailbox == name }) {
			return name, nil
		}
	}
	return "", because(NoFolder, s.mailbox.where(), where.none)
}

// failed returns the failure that an error means: refused is its kind if the
// server said no.
func (s *imapSession) failed(refused Kind, err error) error {
	said := hide(reason(err), s.mailbox.User, s.password)
	var no *imap.Error
	if !errors.As(err, &no) {
		return failure(Lost, s.mailbox.where(), said)
	}
	if no.Code == imap.ResponseCodeUnavailable || no.Code == imap.ResponseCodeInUse || no.Code == imap.ResponseCodeOverQuota {
		refused = Busy
	}
	return failure(refused, s.mailbox.where(), hide(no.Text, s.mailbox.User, s.password))
}
