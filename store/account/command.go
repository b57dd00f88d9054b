package account

import (
	"context"
	"strings"
	"time"

	casefile "klacht/case"
	"klacht/store/wire"
)

// passwordTime is longer than it takes a person to unlock a keyring.
const passwordTime = 2 * time.Minute

// PasswordCommand returns a function that runs a command without a shell and
// returns the first line that it prints, without blanks at its ends. What it
// says on standard error may be shown; what it prints never is.
func PasswordCommand(command []string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		e := wire.Run(ctx, command, nil, passwordTime, false)
		if e.Wrong != nil {
			return "", casefile.Errorf("%s: %v", e.Name, e.Wrong)
		}
		first, _, _ := strings.Cut(strings.TrimLeft(e.Printed, "\r\n"), "\n")
		if first = strings.TrimSpace(first); first == "" {
			return "", casefile.Errorf("%s printed nothing", e.Name)
		}
		return first, nil
	}
}

// SplitCommand reads a command line: words with blanks between them, and quotes
// (' or ") around what is one word. Nothing else has a meaning: there is no
// shell, and a backslash is a backslash. Whoever wants a shell writes
// sh -c '...'.
func SplitCommand(line string) ([]string, error) {
	var list []string
	var b strings.Builder
	var quote rune
	word := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(r)
		case r == '\'' || r == '"':
			quote, word = r, true
		case r == ' ' || r == '\t':
			if word {
				list = append(list, b.String())
				b.Reset()
			}
			word = false
		default:
			b.WriteRune(r)
			word = true
		}
	}
	if word {
		list = append(list, b.String())
	}
	if quote != 0 {
		return nil, casefile.Errorf("a quote is opened here and not closed")
	}
	if len(list) == 0 || list[0] == "" {
		return nil, casefile.Errorf("a command belongs here").WithHint("such as msmtp -t")
	}
	return list, nil
}
