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
	Same  casefile.ID // of a Complaint: the last open case of the same address; or ""

	// Doubt says why a person has to decide whether a Complaint is one, or a Reply to
	// that case; nil if it is certain.
	Doubt *casefile.Error

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
	l, err := Look(raw, p)
	if err != nil {
		return Verdict{}, err
	}
	return l.classify(k, p)
}

// Looked is a mail, as far as it can be read without the register.
type Looked struct {
	same    []string // see [Keys]
	answers []string // the Message-IDs of the mails it answers
	subject string
	why     string  // the header that says that no person wrote it
	report  *report // of a mail system, or nil
	mail    *Mail
	err     error    // in the place of mail
	stamps  *Mail    // of a mail system's report: when it was dated and came in
	from    string   // the address that sent it, whoever wrote what is in it; "" if it names none
	to      []string // those that it went to
	ours    bool     // the firm sent it, or its handler from another address
	several [][]byte // the mails in it, where the firm forwarded more than one; the first that was written comes first
}

// Look reads a mail. A mail that was made to make a library panic is one that
// cannot be read.
func Look(raw []byte, firm Firm) (l *Looked, err error) {
	defer func() {
		if recover() != nil {
			l, err = nil, casefile.Errorf("it cannot be read")
		}
	}()
	env, err := open(raw)
	if err != nil {
		return nil, err
	}
	l = &Looked{several: several(env, firm), from: line(sender(env).Address), to: recipients(env), ours: ours(env, firm)}
	l.same, _ = keysOf(env, raw, firm)
	inner := forwarded(env, firm)
	l.mail, l.err = readOf(env, inner, firm)
	if inner != nil {
		env = inner
	}
	l.answers = answers(env.Root.Header)
	l.subject = line(env.GetHeader("Subject"))
	l.why = automatic(env, firm)
	l.report = reportOf(env)
	l.stamps = &Mail{Dated: date(env.GetHeader("Date"))}
	l.stamps.Arrived, _ = arrival(env.Root.Header["Received"], firm)
	return l, nil
}

// Mail returns what a complaint needs of the mail, with the error of [Read].
func (l *Looked) Mail() (*Mail, error) { return l.mail, l.err }

// Key returns what tells the mail from others.
func (l *Looked) Key() string { return l.same[0] }

// Several returns the mails that the firm forwarded in one, if there are more than one:
// each is one to take in by itself.
func (l *Looked) Several() [][]byte { return l.several }

func (l *Looked) classify(k Knowledge, firm Firm) (Verdict, error) {
	if id, err := k.Whose(l.same); err != nil || id != "" {
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
func (l *Looked) guess() *Guess {
	if n := (*Nobody)(nil); errors.As(l.err, &n) {
		return n.Guess
	}
	return nil
}

func why(l *Looked) string {
	if l.why == "" {
		return "From" // of a mail system
	}
	return l.why
}

// bySubject tells a reply from a new complaint by the reference in the subject.
func (l *Looked) bySubject(k Knowledge) (Verdict, error) {
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
			if f.State.Moved != "" {
				id = f.State.Moved
			}
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
			if err != nil {
				continue
			}
			if _, named := Keys(letter, firm); slices.Contains(named, idKey(about)) {
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
