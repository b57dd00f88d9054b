// Package casefile says what a complaint is: a case with a log of steps, which
// step may follow which, and the status that follows from the log.
//
// The folder is called case, as the owner calls the thing; the package is
// called casefile, because case is a keyword of Go. Import it as
//
//	casefile "klacht/case"
//
// Start at [Case] and [Case.State]. The package knows no files, no clock and
// no terms: dates come in, and dates go out. The numbers R1 to R16 in comments
// are those of the complaints procedure.
package casefile
