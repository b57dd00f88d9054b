package inbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// Shown is a mail as it is shown to a person, coming in or going out: what it
// says, and never what it would do. All texts are plain and safe to show; see
// [casefile.Plain].
type Shown struct {
	From, To, Cc, Subject string // on one line; "" where the mail has none
	Dated                 time.Time
	Text                  string // without markup, and without what is attached
	HTML                  bool   // the words were taken out of a page of HTML
	Cut                   bool   // the text was too long and has been cut off
	Attached              []Attached
	Inner                 *Shown // the mail that the firm forwarded as an attachment, or nil
}

// Attached is a file within a mail.
type Attached struct {
	Name string // as the mail has it, on one line; its type where it has none
	Type string // as the mail has it, on one line; "" where it has none
	Size int    // in bytes, as it would be saved
}

// maxAttached is the most files of a mail that are named.
const maxAttached = 100

// Show reads a mail for a person to look at, whoever sent it. own tells which
// addresses are the firm's, as in [Read].
func Show(raw []byte, firm Firm) (*Shown, error) {
	env, err := open(raw)
	if err != nil {
		return nil, err
	}
	s := shown(env)
	if inner := forwarded(env, firm); inner != nil {
		s.Inner = shown(inner)
	}
	return s, nil
}

func shown(env *enmime.Envelope) *Shown {
	r := &reader{html: maxHTML}
	s := &Shown{From: line(env.GetHeader("From")), To: line(env.GetHeader("To")), Cc: line(env.GetHeader("Cc")),
		Subject: line(env.GetHeader("Subject")), Dated: date(env.Root.Header.Get("Date"))}
	s.Text, s.Cut = r.text(env)
	s.HTML = r.html < maxHTML
	s.Attached = attachments(env.Root)
	return s
}

// attachments names the files of a mail, in its order, pictures within its text
// among them.
func attachments(root *enmime.Part) []Attached {
	var list []Attached
	for _, p := range root.DepthMatchAll(func(p *enmime.Part) bool { return p.FirstChild == nil }) {
		isText := p.ContentType == "" || p.ContentType == "text/plain" || p.ContentType == "text/html" || strings.HasPrefix(p.ContentType, "multipart/")
		if isText && (p.FileName == "" && !strings.EqualFold(p.Disposition, "attachment") || p.Parent == nil) {
			continue
		}
		list = append(list, Attached{cmp.Or(line(p.FileName), line(p.ContentType), "-"), line(p.ContentType), len(p.Content)})
	}
	return slices.Clip(list[:min(len(list), maxAttached)])
}
