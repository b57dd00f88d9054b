// Package deadlines counts: working days, terms, what is due when, whether a
// promise was kept, and how long a case is archived. It is pure: dates and
// cases come in, dates and verdicts go out; it knows no clock and no files.
//
// Counting is in civil dates. The day of receipt is day 0, whatever day it is,
// and counting starts on the next day; a term ends with the end of its last
// day, so on time means on or before the date.
//
// Start at [Policy] (what a firm promises), [Promises] (how a case stands
// against it), [Actions] (what is to be done) and [Retention].
package deadlines
