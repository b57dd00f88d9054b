package inbox

import (
	"bytes"

	casefile "klacht/case"
)

// Check reports whether something can be kept as a mail: it is not empty, and
// has a header. It does not say whether the mail could be a complaint.
func Check(raw []byte) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return casefile.Errorf("the mail is empty")
	}
	if _, err := parse(raw); err != nil {
		return casefile.Errorf("this is not a mail: %v", err).
			WithHint("save the mail itself, as .eml; or give --name, --email, --received and --text")
	}
	return nil
}
