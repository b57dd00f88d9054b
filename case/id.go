package casefile

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// ID is the reference of a case, YYYY-NNNN: the year of receipt (for a spoken
// complaint the year in which it was voiced) and a running number from 1, in
// four digits or more. An ID is never used twice.
type ID string

// MakeID returns the ID for a year and a running number.
func MakeID(year, number int) ID { return ID(fmt.Sprintf("%04d-%04d", year, number)) }

// ParseID reads a full ID in the one form that MakeID writes.
func ParseID(s string) (ID, error) {
	id := ID(s)
	if id.Year() == 0 || id.Number() == 0 || MakeID(id.Year(), id.Number()) != id {
		return "", Errorf("%q is not the number of a complaint", s).
			WithHint("numbers look like 2026-0007; `klacht list` shows them")
	}
	return id, nil
}

// Year returns the first part of the ID; 0 if it is not one.
func (id ID) Year() int {
	year, _, _ := strings.Cut(string(id), "-")
	return digits(year, 4, 4)
}

// Number returns the running number within the year; 0 if the ID is not one.
func (id ID) Number() int {
	_, number, _ := strings.Cut(string(id), "-")
	return digits(number, 4, 9)
}

// digits returns the number that s spells in least to most digits, or 0.
func digits(s string, least, most int) int {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, _ := strconv.Atoi(s) // digits only, and at most nine of them
	return n
}

// Compare orders IDs by year and then by number, not by letter.
func (id ID) Compare(o ID) int {
	return cmp.Or(cmp.Compare(id.Year(), o.Year()), cmp.Compare(id.Number(), o.Number()))
}
