package casefile

import (
	"errors"
	"fmt"
)

// Message is a sentence for a person, with its values kept apart, so that the
// edge of the program can say it in the person's own language.
type Message struct {
	Format string // in English, with the verbs of fmt
	Args   []any
}

// String returns the sentence in English.
func (m Message) String() string {
	if len(m.Args) == 0 {
		return m.Format
	}
	return fmt.Sprintf(m.Format, m.Args...)
}

// Error is an error that can be said in another language, with a hint on what
// to do where there is a remedy. An error among the values is the cause.
type Error struct {
	Message
	Hint Message // what to do about it; no Format if there is nothing to say
	Kind Kind
}

// Kind says what a failure leaves behind.
type Kind int

// The kinds of failures.
const (
	Failed    Kind = iota // nothing was changed
	Pending               // something was done, and something waits to be done
	Uncertain             // it could not be made certain what was done
)

// Errorf returns an error that says format with args: lower case, no full
// stop, "FILE:LINE: " first where there is a place. Verbs are %s, %q, %d and
// %v; not %w, for an error among args is the cause in any case.
func Errorf(format string, args ...any) *Error {
	return &Error{Message: Message{format, args}}
}

// WithHint returns the same error with a line that says what to do.
func (e *Error) WithHint(format string, args ...any) *Error {
	return &Error{Message: e.Message, Hint: Message{format, args}, Kind: e.Kind}
}

// Of returns the same error as one of a kind.
func (e *Error) Of(k Kind) *Error {
	return &Error{Message: e.Message, Hint: e.Hint, Kind: k}
}

// KindOf returns the kind of the outermost error in the chain that says more
// than that it failed.
func KindOf(err error) Kind {
	for ; err != nil; err = errors.Unwrap(err) {
		if e, ok := err.(*Error); ok && e.Kind != Failed {
			return e.Kind
		}
	}
	return Failed
}

// Error returns the sentence in English, without the hint.
func (e *Error) Error() string { return e.Message.String() }

// Unwrap returns the error among the values, or nil.
func (e *Error) Unwrap() error {
	for _, a := range e.Args {
		if err, ok := a.(error); ok {
			return err
		}
	}
	return nil
}

// HintOf returns the hint of the outermost error in the chain that has one.
func HintOf(err error) (Message, bool) {
	for err != nil {
		if e, ok := err.(*Error); ok && e.Hint.Format != "" {
			return e.Hint, true
		}
		err = errors.Unwrap(err)
	}
	return Message{}, false
}
