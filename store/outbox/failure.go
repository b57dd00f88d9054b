package outbox

import (
	"cmp"
	"errors"
	"regexp"
	"slices"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/inbox"
)

// Sureness says what is known of a letter that could not be sent.
type Sureness int

// What is known.
const (
	NotSent Sureness = iota // nothing has left; trying again may help
	Refused                 // nothing has left; the same letter will be refused again
	Unclear                 // it may have left, or not
)

// Kind is the kind of a failure, as it stands in the file of a letter.
type Kind string

// The kinds of failures.
const (
	Unreachable   Kind = "unreachable"    // no connection
	NoEncryption  Kind = "no-encryption"  // the server has no TLS
	Certificate   Kind = "certificate"    // not one for this server, or not valid
	NoLogin       Kind = "no-login"       // the server offers no way to log in that we know
	LoginRefused  Kind = "login-refused"  // wrong user name or password
	NoPassword    Kind = "no-password"    // it cannot be found
	Busy          Kind = "busy"           // the server says: later
	Lost          Kind = "lost"           // the connection broke before the letter was handed over
	FromRefused   Kind = "from-refused"   // this sender may not
	ToRefused     Kind = "to-refused"     // this recipient cannot be reached
	LetterRefused Kind = "letter-refused" // the letter itself
	NoAnswer      Kind = "no-answer"      // the connection broke when the letter had been handed over
	NoCommand     Kind = "no-command"     // the command cannot be started
	CommandFailed Kind = "command-failed" // it says that it has not sent the letter
	CommandCut    Kind = "command-cut"    // it was ended, or does not say
	NoFolder      Kind = "no-folder"      // there is no folder for drafts
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{Unreachable, NoEncryption, Certificate, NoLogin, LoginRefused, NoPassword, Busy, Lost, FromRefused,
		ToRefused, LetterRefused, NoAnswer, NoCommand, CommandFailed, CommandCut, NoFolder}
}

// Sure returns what a failure of the kind says of the letter.
func (k Kind) Sure() Sureness {
	switch k {
	case FromRefused, ToRefused, LetterRefused:
		return Refused
	case NoAnswer, CommandCut:
		return Unclear
	}
	if slices.Contains(Kinds(), k) {
		return NotSent
	}
	return Unclear
}

// Failure is why a letter could not be sent. It never holds a password, nor
// anything of the letter; a server may have said the address in its answer.
type Failure struct {
	Kind  Kind
	Where string      // the server with its port, or the command
	Said  string      // what the server, the command or this machine said
	Name  string      // of the letter
	ID    casefile.ID // of its case

	cause error // what Said is the text of, if we said it ourselves
}

func (f *Failure) Error() string { return f.said().Error() }

// Unwrap returns the failure as a sentence with a hint. Its kind tells whether
// the letter waits, or may have left.
func (f *Failure) Unwrap() error {
	if f.Kind.Sure() == Unclear {
		return f.said().Of(casefile.Uncertain)
	}
	return f.said().Of(casefile.Pending)
}

// maxSaid is the most characters of what a server or a command said that are kept.
const maxSaid = 300

// failure returns a Failure with what was said made safe to show.
func failure(k Kind, where, said string) *Failure {
	line := func(s string) string {
		r := []rune(casefile.OneLine(s))
		return casefile.OneLine(string(r[:min(len(r), maxSaid)]))
	}
	return &Failure{Kind: k, Where: line(where), Said: line(said)}
}

// because returns a Failure for which this program itself has the words.
func because(k Kind, where string, cause error) *Failure {
	f := failure(k, where, cause.Error())
	f.cause = cause
	return f
}

// What this program itself says of a failure; a person may read it in another
// language.
var (
	sayGivenUp   = casefile.Errorf("given up")
	sayClosed    = casefile.Errorf("the server closed the connection")
	sayEndless   = casefile.Errorf("the server does not stop talking")
	sayOAuth     = casefile.Errorf("it wants OAuth")
	sayNoStart   = casefile.Errorf("STARTTLS is not offered")
	sayNoTLS     = casefile.Errorf("it does not speak TLS here")
	sayOwnOnly   = casefile.Errorf("tls: none is for this machine alone")
	sayForeign   = casefile.Errorf("it was not issued by anyone that this machine trusts")
	sayOther     = casefile.Errorf("it is for another server")
	sayExpired   = casefile.Errorf("it has expired, or is not valid yet")
	sayEnded     = casefile.Errorf("it took too long, and was ended")
	sayNoProgram = casefile.Errorf("there is no such program")
	sayUnread    = casefile.Errorf("it did not read the whole letter")
	sayNoDrafts  = casefile.Errorf("none of its folders is marked for drafts")
	sayNoSent    = casefile.Errorf("none of its folders is marked for mail that was sent")
)

// ours are the causes that are known by their words, which is all that the file
// of a letter keeps.
var ours = append([]*casefile.Error{sayGivenUp, sayClosed, sayEndless, sayOAuth, sayNoStart, sayNoTLS, sayOwnOnly, sayForeign, sayOther,
	sayExpired, sayEnded, sayNoDrafts, sayNoSent, sayUnread, sayNoProgram}, inbox.NetworkCauses()...)

// exitCode finds in what was said how a command ended; see [exited].
var exitCode = regexp.MustCompile(`^(?:(.*) \(exit code ([0-9]+)\)|exit code ([0-9]+))$`)

// saidBy returns what was said in a form that can be said in another language,
// where that is possible.
func (f *Failure) saidBy() any {
	if f.cause != nil {
		return f.cause
	}
	for _, e := range ours {
		if e.Error() == f.Said {
			return e
		}
	}
	if m := exitCode.FindStringSubmatch(f.Said); m != nil {
		return exitSaid(cmp.Or(m[2], m[3]), m[1])
	}
	return f.Said
}

func (f *Failure) said() *casefile.Error {
	where, said := f.Where, f.saidBy()
	switch f.Kind {
	case Unreachable:
		return casefile.Errorf("%s cannot be reached: %v", where, said).WithHint("nothing was sent; `klacht send` tries again")
	case NoEncryption:
		return casefile.Errorf("%s does not encrypt: %v", where, said).
			WithHint("nothing was sent; config.yaml says host, port and tls: starttls (587) or tls (465)")
	case Certificate:
		return casefile.Errorf("the certificate of %s is not to be trusted: %v", where, said).
			WithHint("nothing was sent; is the host in config.yaml the one that your provider names?")
	case NoLogin:
		if said == sayOAuth {
			return casefile.Errorf("%s takes no passwords: it wants OAuth, which klacht does not speak", where).
				WithHint("nothing was sent; `send: draft` in config.yaml makes a draft of each letter, for your mail program")
		}
		return casefile.Errorf("%s offers no way to log in that klacht knows", where).
			WithHint("nothing was sent; config.yaml says host, port and tls: starttls (587) or tls (465)")
	case LoginRefused:
		return casefile.Errorf("%s does not accept the user name with this password: %v", where, said).
			WithHint("nothing was sent; many providers want a password made for one program")
	case NoPassword:
		return casefile.Errorf("there is no password for %s: %v", where, said).
			WithHint("password_command in config.yaml is a command that prints it; without one it comes from the keyring of this computer")
	case Busy:
		return casefile.Errorf("%s does not take the letter now: %v", where, said).WithHint("nothing was sent; `klacht send` tries again")
	case Lost:
		return casefile.Errorf("the connection with %s broke before the letter was handed over: %v", where, said).
			WithHint("nothing was sent; `klacht send` tries again")
	case FromRefused:
		return casefile.Errorf("%s does not let you send from this address: %v", where, said).
			WithHint("nothing was sent; is the e-mail address in regeling.yaml one of this mailbox?")
	case ToRefused:
		return casefile.Errorf("%s does not take mail for this address: %v", where, said).
			WithHint("nothing was sent; `klacht edit %s` corrects the address, then `klacht send %s --rewrite` writes the letter to the new one", f.ID, f.Name)
	case LetterRefused:
		return casefile.Errorf("%s refuses the letter: %v", where, said).WithHint("nothing was sent")
	case NoAnswer:
		return casefile.Errorf("the connection with %s broke when the letter had been handed over: %v", where, said).
			WithHint("look among the mail that you have sent; `klacht sent %s` records it, `klacht send %s --again` sends it once more", f.Name, f.Name)
	case NoCommand:
		return casefile.Errorf("the command %s cannot be started: %v", where, said).
			WithHint("nothing was sent; config.yaml says which command it is")
	case CommandFailed:
		return casefile.Errorf("the command %s did not take the letter: %v", where, said).WithHint("nothing was sent; `klacht send` tries again")
	case CommandCut:
		return casefile.Errorf("the command %s did not say whether it took the letter: %v", where, said).
			WithHint("look among the mail that you have sent; `klacht sent %s` records it, `klacht send %s --again` sends it once more", f.Name, f.Name)
	case NoFolder:
		return casefile.Errorf("%s has no folder for drafts: %v", where, said).
			WithHint("config.yaml can name it: imap: {drafts: NAME}")
	}
	return casefile.Errorf("it is not known whether the letter has left: %v", said).WithHint("look among the mail that you have sent; `klacht sent %s` records it, `klacht send %s --again` sends it once more", f.Name, f.Name)
}

// asFailure returns the failure that an error of a transport is. Of an error
// that is none nothing is known.
func asFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return failure("", "", err.Error())
}

// problem returns the failure as it is kept with the letter.
func (f *Failure) problem() store.Problem {
	if f == nil {
		return store.Problem{}
	}
	return store.Problem{Kind: string(f.Kind), Where: f.Where, Said: f.Said}
}

// ProblemOf returns why a letter that waits has not left, as it was last tried;
// nil if there is nothing to say.
func ProblemOf(l *store.Letter) error {
	if l.Problem == (store.Problem{}) {
		return nil
	}
	return &Failure{Kind: Kind(l.Problem.Kind), Where: l.Problem.Where, Said: l.Problem.Said, Name: l.Name, ID: l.ID}
}
