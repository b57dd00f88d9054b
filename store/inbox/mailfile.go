package inbox

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf16"

	casefile "klacht/case"
	"klacht/store"
)

// How files start that bear a mail in a form that is not read.
var (
	outlookFile = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") // .msg: an OLE compound file
	tnefFile    = []byte("\x78\x9F\x3E\x22")                 // winmail.dat
)

// maxCount is the length of the line with which an .emlx starts.
const maxCount = 20

// Mailfile returns the mail in a file as a mail program saved it: of .emlx what Apple's
// line before it counts, of a text in UTF-16 the same in UTF-8, and of anything else
// the file as it is. A form that is not read is refused with how to save the mail
// instead.
func Mailfile(raw []byte) ([]byte, error) {
	switch {
	case len(raw) > store.MaxMail:
		return nil, errTooLarge
	case bytes.HasPrefix(raw, outlookFile):
		return nil, casefile.Errorf("this is an Outlook .msg, which klacht does not read").
			WithHint("get it as .eml: in classic Outlook, forward it to yourself as an attachment, or drag it into the folder that `klacht fetch` reads")
	case bytes.HasPrefix(raw, tnefFile):
		return nil, casefile.Errorf("this is a winmail.dat, which klacht does not read").
			WithHint("save the whole mail that it came with, as .eml")
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")):
		return fromUTF16(raw[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		return fromUTF16(raw[2:], binary.BigEndian), nil
	}
	count, _, found := bytes.Cut(raw[:min(len(raw), maxCount)], []byte("\n"))
	if n, err := strconv.Atoi(string(bytes.TrimSpace(count))); found && err == nil {
		mail := raw[len(count)+1:]
		if n <= 0 || n > len(mail) {
			return nil, casefile.Errorf("the .emlx is not whole: it counts %d bytes, and has %d", n, len(mail)).
				WithHint("export the mail again, or save it as .eml")
		}
		return mail[:n:n], nil
	}
	return raw, nil
}

func fromUTF16(raw []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
