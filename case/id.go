package casefile

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// ID is the number of a case: the year of receipt (for a spoken complaint the
// year in which it was voiced) and a running number from 1. The first machine of
// a register writes it YYYY-NNNN, in four digits or more. Each other one has a
// series of its own, of one to three capital letters, and three digits or more:
// 2026-B001. An ID is never used twice and never changed.
type ID string

// IDPattern matches an ID in a regular expression, as one piece without a group.
const IDPattern = `[0-9]{4}-(?:[A-Z]{1,3}[0-9]{3,9}|[0-9]{4,9})`

// MakeID returns the ID for a year and a running number in a series; the series
// of the first machine is "".
func MakeID(year int, series string, number int) ID {
	return ID(fmt.Sprintf("%04d-%s%0*d", year, series, width(series), number))
}

// width is the least number of digits of a running number.
func width(series string) int {
	if series == "" {
		return 4
	}
	return 3
}

// ParseID reads a full ID in the one form that MakeID writes.
func ParseID(s string) (ID, error) {
	id := ID(s)
	if id.Year() == 0 || id.Number() == 0 || MakeID(id.Year(), id.Series(), id.Number()) != id {
		return "", Errorf("%q is not the number of a complaint", s).
			WithHint("numbers look like 2026-0007; `klacht list` shows them")
	}
	return id, nil
}

// MaxSeries is the most letters that a series has.
const MaxSeries = 3

// Series returns the letters of the series; "" for that of the first machine,
// and if the ID is not one.
func (id ID) Series() string {
	_, rest, _ := strings.Cut(string(id), "-")
	series := rest[:len(rest)-len(strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
	if len(series) > MaxSeries {
		return ""
	}
	return series
}

// Year returns the first part of the ID; 0 if it is not one.
func (id ID) Year() int {
	year, _, _ := strings.Cut(string(id), "-")
	return digits(year, 4, 4)
}

// Number returns the running number within the year and the series; 0 if the ID
// is not one.
func (id ID) Number() int {
	_, number, _ := strings.Cut(string(id), "-")
	series := id.Series()
	return digits(strings.TrimPrefix(number, series), width(series), 9)
}

// digits returns the number that s spells in least to most digits, or 0.
func digits(s string, least, most int) int {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, _ := strconv.Atoi(s) // digits only, and at most nine of them
	return n
}

// Compare orders IDs by year, then by series, that of the first machine first,
// and then by number.
func (id ID) Compare(o ID) int {
	return cmp.Or(cmp.Compare(id.Year(), o.Year()), cmp.Compare(len(id.Series()), len(o.Series())),
		cmp.Compare(id.Series(), o.Series()), cmp.Compare(id.Number(), o.Number()))
}
