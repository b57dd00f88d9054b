package inbox

import (
	"errors"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store"
)

// Kind says what a mail is to the register.
type Kind string

// The kinds of mail.
const (
	Complaint Kind = "complaint" // a new one
	Reply     Kind = "reply"     // of somebody to a complaint that is there
	Bounce    Kind = "bounce"    // a letter of ours did not arrive
	Automatic Kind = "automatic" // no person wrote it; it opens no case and is answered with nothing
	Own       Kind = "own"       // the firm wrote it
	Known     Kind = "known"     // the register has it
)

// Verdict is what a mail is, and to which case it belongs.
type Verdict struct {
	Kind Kind

	// ID is the case that has the mail (Known), that it is a reply to, or whose
	// letter came back (Bounce), or that an absence notice answers. Of a
	// Complaint it is "" until that is registered.
	ID casefile.ID

	About casefile.ID // of a Complaint: a case whose reference its subject bears, though it comes from another address; or ""

	Letter    string // of a Bounce: the name of our letter among the mails of the case
	MessageID string // of a Bounce: that of our letter, without < and >; "" where a mail program gave it another
	Why       string // of Automatic: the name of the header that says so
	Mail      *Mail  // of a Complaint or a Reply
}

// Knowledge is what must be known of a register to tell what a mail is. A
// [*store.Writer] is it.
type Knowledge interface {
	Whose(keys []string) (casefile.ID, error)
	Load(casefile.ID) (*store.File, error)
	Mail(f *store.File, name string) ([]byte, error)
	Also(casefile.ID) ([]*store.File, error)
}

// Classify tells what a mail is. Its error says why it cannot be told: it is no
// mail, it names no sender, or the case that it belongs to cannot be read.
//
// A mail belongs to a case if its In-Reply-To, or else its References, name a
// mail of that case; or if the reference of the case stands in its subject and
// it comes from the complainant's address. The reference alone is known to too
// many.
func Classify(raw []byte, k Knowledge, p *deadlines.Policy) (Verdict, error) {
	l, err := look(raw, p)
	if err != nil {
		return Verdict{}, err
	}
	return l.classify(k, p)
}

// looked is a mail, as far as it can be read without the register.
type looked struct {
	keys    []string
	answers []string // the Message-IDs of the mails it answers
	subject string
	why     string  // the header that says that no person wrote it
	report  *report // of a mail system, or nil
	mail    *Mail
	err     error // in the place of mail
	stamps  Stamps
}

// look reads a mail. A mail that was made to make a library panic is one that
// cannot be read.
func look(raw []byte, firm Firm) (l *looked, err error) {
	defer func() {
		if recover() != nil {
			l, err = nil, casefile.Errorf("it cannot be read")
		}
	}()
	env, err := open(raw)
	if err != nil {
		return nil, err
	}
	l = &looked{keys: keysOf(env, raw, firm)}
	inner := forwarded(env, firm)
	l.mail, l.err = readOf(env, inner, firm)
	if inner != nil {
		env = inner
	}
	l.answers = answers(env.Root.Header)
	l.subject = line(env.GetHeader("Subject"))
	l.why = automatic(env, firm)
	l.report = reportOf(env)
	l.stamps = envelopeStamps(env, firm, inner != nil)
	return l, nil
}

func (l *looked) classify(k Knowledge, firm Firm) (Verdict, error) {
	if id, err := k.Whose(l.keys); err != nil || id != "" {
		return Verdict{Kind: Known, ID: id}, err
	}
	if l.report != nil && l.report.failed {
		for _, find := range []func(*report, Knowledge, Firm) (Verdict, error){bounce, bounceTo} {
			if v, err := find(l.report, k, firm); err != nil || v.Kind != "" {
				return v, err
			}
		}
	}
	id, err := whoseMail(l.answers, k)
	if err != nil {
		return Verdict{}, err
	}
	switch {
	case l.report != nil && id == "": // what it is about stands in it
		if id, err = whoseMail(l.report.about, k); err != nil {
			return Verdict{}, err
		}
		fallthrough
	case l.why != "" || l.report != nil:
		return Verdict{Kind: Automatic, ID: id, Why: why(l)}, nil
	case errors.Is(l.err, errOwn) && l.guess() == nil:
		return Verdict{Kind: Own, ID: id}, nil
	case l.err != nil:
		return Verdict{}, l.err
	case id != "":
		return Verdict{Kind: Reply, ID: id, Mail: l.mail}, nil
	}
	return l.bySubject(k)
}

// guess returns who may have written a mail of which that is not certain; or nil.
func (l *looked) guess() *Guess {
	if n := (*Nobody)(nil); errors.As(l.err, &n) {
		return n.Guess
	}
	return nil
}

func why(l *looked) string {
	if l.why == "" {
		return "From" // of a mail system
	}
	return l.why
}

// bySubject tells a reply from a new complaint by the reference in the subject.
func (l *looked) bySubject(k Knowledge) (Verdict, error) {
	v := Verdict{Kind: Complaint, Mail: l.mail}
	for _, id := range references(l.subject) {
		if other, err := calledSo(id, l.mail.Email, k); err != nil || other != "" {
			v.Kind, v.ID = Reply, other
			return v, err
		}
		f, err := k.Load(id)
		if damage := (*store.Damage)(nil); errors.As(err, &damage) {
			return Verdict{}, err // whose it is cannot be seen now
		} else if err != nil {
			continue
		}
		if strings.EqualFold(f.Complainant.Email, l.mail.Email) {
			v.Kind, v.ID, v.About = Reply, id, ""
			return v, nil
		}
		if v.About == "" {
			v.About = id
		}
	}
	return v, nil
}

// calledSo returns the case of a person under which letters with a number have left
// that is another case's by now; "" if there is none.
func calledSo(id casefile.ID, email string, k Knowledge) (casefile.ID, error) {
	files, err := k.Also(id)
	for _, f := range files {
		if strings.EqualFold(f.Complainant.Email, email) {
			return f.ID, err
		}
	}
	return "", err
}

// whoseMail returns the case that has the first of the mails that any has.
func whoseMail(ids []string, k Knowledge) (casefile.ID, error) {
	for _, id := range ids {
		if found, err := k.Whose([]string{idKey(id)}); err != nil || found != "" {
			return found, err
		}
	}
	return "", nil
}

// bounce returns which letter of ours a report says did not arrive; nothing if
// it speaks of none.
func bounce(r *report, k Knowledge, firm Firm) (Verdict, error) {
	for _, about := range r.about {
		id, err := k.Whose([]string{idKey(about)})
		if err != nil {
			return Verdict{}, err
		}
		if id == "" {
			continue
		}
		f, err := k.Load(id)
		if err != nil {
			return Verdict{}, err
		}
		for _, e := range f.Log {
			if e.Mail == "" || e.Step.Incoming() {
				continue
			}
			letter, err := k.Mail(f, e.Mail)
			if err == nil && slices.Contains(Keys(letter, firm), idKey(about)) {
				return Verdict{Kind: Bounce, ID: id, Letter: e.Mail, MessageID: about}, nil
			}
		}
	}
	return Verdict{}, nil
}

// bounceTo is bounce for a letter that a mail program sent under a Message-ID of
// its own: it had our reference in its subject, and went to the complainant. It
// is taken for the last letter that has not come back yet.
func bounceTo(r *report, k Knowledge, _ Firm) (Verdict, error) {
	if id, err := whoseMail(r.about, k); err != nil || id != "" {
		return Verdict{}, err // it is about a mail that is known, and is none of our letters
	}
	for _, id := range r.refs {
		f, err := k.Load(id)
		if damage := (*store.Damage)(nil); errors.As(err, &damage) {
			return Verdict{}, err
		} else if err != nil {
			continue
		}
		if letter := f.LastLetter(); letter != "" && slices.ContainsFunc(r.to, func(to string) bool { return strings.EqualFold(to, f.Complainant.Email) }) {
			return Verdict{Kind: Bounce, ID: id, Letter: letter}, nil
		}
	}
	return Verdict{}, nil
}

var _ Knowledge = (*store.Writer)(nil)
