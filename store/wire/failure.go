package wire

import (
	"cmp"

	casefile "klacht/case"
)

// Kind is the kind of a failure.
type Kind string

// The kinds of failures of a connection; of none of them anything was handed over.
const (
	Unreachable  Kind = "unreachable"   // no connection
	NoEncryption Kind = "no-encryption" // the server has no TLS
	Certificate  Kind = "certificate"   // not one for this server, or not valid
	NoLogin      Kind = "no-login"      // the server offers no way to log in that we know
	LoginRefused Kind = "login-refused" // wrong user name or password
	NoPassword   Kind = "no-password"   // it cannot be found
	Busy         Kind = "busy"          // the server says: later
	Lost         Kind = "lost"          // the connection broke
)

// Failure is what went wrong with a server or a command. It never holds a password.
type Failure struct {
	Kind  Kind
	Where string // the server with its port, the command, or of a password the user
	Said  string // what the server, the command or this machine said, made safe to show

	cause error // what Said is the text of, if we said it ourselves
}

// maxSaid is the most characters of what a server or a command said that are kept.
const maxSaid = 300

// Failed returns a Failure with what was said made safe to show.
func Failed(k Kind, where, said string) *Failure {
	short := func(s string) string {
		r := []rune(casefile.OneLine(s))
		return casefile.OneLine(string(r[:min(len(r), maxSaid)]))
	}
	return &Failure{Kind: k, Where: short(where), Said: short(said)}
}

// Because returns a Failure for which this program itself has the words.
func Because(k Kind, where string, cause error) *Failure {
	f := Failed(k, where, cause.Error())
	f.cause = cause
	return f
}

// exitCode finds in what was said how a command ended; see [exited].
var exitCode = casefile.Pattern(`^(?:(.*) \(exit code ([0-9]+)\)|exit code ([0-9]+))$`)

// Cause returns what was said in a form that can be said in another language, where that
// is possible; known are more causes that are known by their words.
func (f *Failure) Cause(known ...*casefile.Error) any {
	if f.cause != nil {
		return f.cause
	}
	for _, e := range append(known, causes...) {
		if e.Error() == f.Said {
			return e
		}
	}
	if m := exitCode().FindStringSubmatch(f.Said); m != nil {
		return exitSaid(cmp.Or(m[2], m[3]), m[1])
	}
	return f.Said
}

// Sentence says what happened, without what to do; nil if the kind is none of this
// package's.
func (f *Failure) Sentence() *casefile.Error {
	where, said := f.Where, f.Cause()
	switch f.Kind {
	case Unreachable:
		return casefile.Errorf("%s cannot be reached: %v", where, said)
	case NoEncryption:
		return casefile.Errorf("%s does not encrypt: %v", where, said)
	case Certificate:
		return casefile.Errorf("the certificate of %s is not to be trusted: %v", where, said)
	case NoLogin:
		if f.OAuth() {
			return casefile.Errorf("%s takes no passwords: it wants OAuth, which klacht does not speak", where)
		}
		return casefile.Errorf("%s offers no way to log in that klacht knows", where)
	case LoginRefused:
		return casefile.Errorf("%s does not accept the user name with this password: %v", where, said)
	case NoPassword:
		return casefile.Errorf("there is no password for %s: %v", where, said)
	case Busy:
		return casefile.Errorf("%s says that it cannot do it now: %v", where, said)
	case Lost:
		return casefile.Errorf("the connection with %s broke: %v", where, said)
	}
	return nil
}

// OAuth reports whether the server wants OAuth and nothing else.
func (f *Failure) OAuth() bool { return f.Said == OAuth.Error() }

func (f *Failure) Error() string { return f.Unwrap().Error() }

// Unwrap returns the failure as a sentence with what the owner can do.
func (f *Failure) Unwrap() error {
	s := f.Sentence()
	switch f.Kind {
	case Unreachable:
		return s.WithHint("is this the right server, and is there a network?")
	case NoEncryption:
		return s.WithHint("config.yaml says host, port and tls: starttls (143) or tls (993)")
	case Certificate:
		return s.WithHint("is the host the one that your provider names? Nothing was sent to it, not the password either")
	case NoLogin:
		return s.WithHint("let your provider forward complaints to a mailbox that takes a password; or save each mail: `klacht new FILE`")
	case LoginRefused:
		return s.WithHint("is the password right? Many providers want one made for one program")
	case NoPassword:
		return s.WithHint("password_command in config.yaml is a command that prints it; without one it comes from the keyring of this computer")
	case Busy, Lost:
		return s.WithHint("try again later")
	}
	return casefile.Errorf("%v", f.Said)
}
