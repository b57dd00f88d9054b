package casefile

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// ID is the reference of a case, YYYY-NNNN: the year of receipt (for a spoken
// complaint the year in which it was voiced) and a running number from 1, in
// four digits or more. An ID is never used twice.
type ID string

var idForm = regexp.MustCompile(`^([0-9]{4})-([0-9]{4,9})$`)

// MakeID returns the ID for a year and a running number.
func MakeID(year, number int) ID { return ID(fmt.Sprintf("%04d-%04d", year, number)) }

// ParseID reads a full ID in the one form that MakeID writes.
func ParseID(s string) (ID, error) {
	id := ID(s)
	if !idForm.MatchString(s) || MakeID(id.Year(), id.Number()) != id {
		return "", Errorf("%q is not the number of a complaint", s).
			WithHint("numbers look like 2026-0007; `klacht list` shows them")
	}
	return id, nil
}

// Year returns the first part of the ID.
func (id ID) Year() int { return id.part(1) }

// Number returns the running number within the year.
func (id ID) Number() int { return id.part(2) }

func (id ID) part(n int) int {
	m := idForm.FindStringSubmatch(string(id))
	if m == nil {
		return 0
	}
	v, _ := strconv.Atoi(m[n]) // at most nine digits
	return v
}

// Compare orders IDs by year and then by number, not by letter.
func (id ID) Compare(o ID) int {
	return cmp.Or(cmp.Compare(id.Year(), o.Year()), cmp.Compare(id.Number(), o.Number()))
}
