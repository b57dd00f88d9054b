package outbox

import (
	"errors"
	"slices"

	casefile "klacht/case"
	"klacht/store"
	"klacht/store/wire"
)

// Sureness says what is known of a letter that could not be sent.
type Sureness int

// What is known.
const (
	NotSent Sureness = iota // nothing has left; trying again may help
	Refused                 // nothing has left; the same letter will be refused again
	Unclear                 // it may have left, or not
)

// The kinds of failures that are of a letter, beside those of a connection.
const (
	FromRefused   wire.Kind = "from-refused"   // this sender may not
	ToRefused     wire.Kind = "to-refused"     // this recipient cannot be reached
	LetterRefused wire.Kind = "letter-refused" // the letter itself
	NoAnswer      wire.Kind = "no-answer"      // the connection broke when the letter had been handed over
	NoCommand     wire.Kind = "no-command"     // the command cannot be started
	CommandFailed wire.Kind = "command-failed" // it says that it has not sent the letter
	CommandCut    wire.Kind = "command-cut"    // it was ended, or does not say
	NoFolder      wire.Kind = "no-folder"      // there is no folder for drafts
)

// Kinds returns every kind.
func Kinds() []wire.Kind {
	return []wire.Kind{wire.Unreachable, wire.NoEncryption, wire.Certificate, wire.NoLogin, wire.LoginRefused, wire.NoPassword, wire.Busy, wire.Lost,
		FromRefused, ToRefused, LetterRefused, NoAnswer, NoCommand, CommandFailed, CommandCut, NoFolder}
}

// sure returns what a failure of a kind says of the letter.
func sure(k wire.Kind) Sureness {
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

// Failure is why a letter could not be sent. It never holds anything of the letter; a
// server may have said the address in its answer.
type Failure struct {
	wire.Failure
	Name string      // of the letter
	ID   casefile.ID // of its case
}

func (f *Failure) Error() string { return f.said().Error() }

// Unwrap returns the failure as a sentence with a hint. Its kind tells whether
// the letter waits, or may have left.
func (f *Failure) Unwrap() error {
	if sure(f.Kind) == Unclear {
		return f.said().Of(casefile.Uncertain)
	}
	return f.said().Of(casefile.Pending)
}

func failure(k wire.Kind, where, said string) *Failure {
	return &Failure{Failure: *wire.Failed(k, where, said)}
}

func because(k wire.Kind, where string, cause error) *Failure {
	return &Failure{Failure: *wire.Because(k, where, cause)}
}

// What this program itself says of a mailbox without a folder.
var (
	sayNoDrafts = casefile.Errorf("none of its folders is marked for drafts")
	sayNoSent   = casefile.Errorf("none of its folders is marked for mail that was sent")
)

func (f *Failure) said() *casefile.Error {
	where, said := f.Where, f.Cause(sayNoDrafts, sayNoSent)
	switch f.Kind {
	case wire.Unreachable, wire.Busy, wire.Lost:
		return f.Sentence().WithHint("nothing was sent; `klacht send` tries again")
	case wire.NoEncryption:
		return f.Sentence().WithHint("nothing was sent; config.yaml says host, port and tls: starttls (587) or tls (465)")
	case wire.Certificate:
		return f.Sentence().WithHint("nothing was sent; is the host in config.yaml the one that your provider names?")
	case wire.NoLogin:
		if f.OAuth() {
			return f.Sentence().WithHint("nothing was sent; `send: draft` in config.yaml makes a draft of each letter, for your mail program")
		}
		return f.Sentence().WithHint("nothing was sent; config.yaml says host, port and tls: starttls (587) or tls (465)")
	case wire.LoginRefused:
		return f.Sentence().WithHint("nothing was sent; many providers want a password made for one program")
	case wire.NoPassword:
		return f.Sentence().WithHint("password_command in config.yaml is a command that prints it; without one it comes from the keyring of this computer")
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
	var f *Failure
	var w *wire.Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	case errors.As(err, &w):
		return &Failure{Failure: *w}
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
	kept := wire.Failure{Kind: wire.Kind(l.Problem.Kind), Where: l.Problem.Where, Said: l.Problem.Said}
	return &Failure{kept, l.Name, l.ID}
}
