package outbox

import (
	"context"

	casefile "klacht/case"
	"klacht/store/account"
)

// Transport is a way for letters to leave.
type Transport interface {
	// Send hands over a mail. Its error is a *[Failure], which tells whether the
	// mail may have left; of any other error that is not known. from and to are
	// bare addresses, raw the mail with lines that end in CRLF.
	Send(ctx context.Context, from string, to []string, raw []byte) error

	// Leaves reports whether a mail that was handed over has left. If not, it
	// lies where the owner sends it; handing it over twice then does no harm.
	Leaves() bool
}

// Drafts leaves every letter in outbox/, as a file that mail programs open as a
// message to be sent.
type Drafts struct{}

// Send does nothing.
func (Drafts) Send(context.Context, string, []string, []byte) error { return nil }

// Leaves returns false.
func (Drafts) Leaves() bool { return false }

// Via returns the way in which letters leave.
func Via(s *account.Settings) (Transport, error) {
	missing := func(key string) error {
		return casefile.Errorf("send is %s, but %s is not set", s.Send, key).WithHint("set it in %s", account.File)
	}
	switch s.Send {
	case account.SendSMTP:
		if s.SMTP == nil {
			return nil, missing("smtp")
		}
		return &SMTP{*s.SMTP}, nil
	case account.SendSendmail:
		if s.Sendmail == nil {
			return nil, missing("sendmail")
		}
		return &Sendmail{Command: s.Sendmail}, nil
	case account.SendIMAP:
		if s.IMAP == nil {
			return nil, missing("imap")
		}
		return &IMAPDrafts{*s.IMAP}, nil
	}
	return Drafts{}, nil
}
