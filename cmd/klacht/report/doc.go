// Package report makes pages for others to read: a year of complaints in
// numbers, for an auditor, and one complaint as a dossier.
//
// A year is counted in one pass: deadlines.RecordOf turns a case into a small value
// of numbers and dates, [Count.Add] takes it in, and [Count.Report] says what may
// be told of it. What stays of a purged case makes the same record. A page judges
// nothing itself: how a promise stands is what deadlines.Promises says.
//
// Every page is one file without scripts, pictures or fonts from elsewhere; see
// [page.html]. What comes from outside is text on it, never markup.
package report
