package report

import (
	"maps"
	"slices"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Report is what may be told of the complaints of a period. As JSON it is a
// promise to scripts: fields are added, never renamed. Nothing in it identifies
// a person; see [fold] for what that means for small counts.
type Report struct {
	Organisation string        `json:"organisation"`
	From         casefile.Date `json:"from"`
	To           casefile.Date `json:"to"`
	AsOf         casefile.Date `json:"as_of"`
	FoldUnder    int           `json:"fold_under"`
	Unreadable   int           `json:"unreadable"` // files that could not be read, and so are not counted

	Received   int `json:"received"`    // in writing, in the period
	Closed     int `json:"closed"`      // of those
	Open       int `json:"open"`        // of those
	Removed    int `json:"removed"`     // of those: taken out of the register before they were closed
	FromBefore int `json:"from_before"` // received before the period, and open when it began
	Unknown    int `json:"unknown"`     // numbers of these years of which nothing is known but that they are gone
	Spoken     int `json:"spoken"`      // voiced in the period, and not in writing

	About    []Part[string]           `json:"about"`            // kinds of complaint, "" where it was not said; none if none was said
	Outcomes []Part[casefile.Outcome] `json:"outcomes"`         // of the closed ones
	ByRuling int                      `json:"closed_by_ruling"` // closed by a ruling, without an outcome of their own

	Policies []PolicyReport `json:"policies"` // by From

	Extensions int              `json:"extensions"`
	Extended   int              `json:"extended"` // complaints
	Referrals  int              `json:"referrals"`
	Rulings    int              `json:"rulings"`
	CarriedOut int              `json:"carried_out"` // rulings
	NotRuled   []Part[Standing] `json:"not_ruled"`   // referrals

	Retention RetentionReport `json:"retention"`

	Learned []string `json:"learned"` // in the owner's words

	withheld int
}

// Standing is how a referral stands that has brought no ruling.
type Standing string

// The standings.
const (
	Waiting  Standing = "waiting"  // the body has not said whether it takes the case
	Taken    Standing = "taken"    // the body handles it
	Declined Standing = "declined" // the body does not take it
)

// PolicyReport tells of the promises of one version of the policy.
type PolicyReport struct {
	From       casefile.Date   `json:"from"`
	Until      casefile.Date   `json:"until,omitzero"` // the last day on which it held
	Complaints int             `json:"complaints"`
	Promises   []PromiseReport `json:"promises"`
}

// RetentionReport tells whether what has to be removed was, whatever the year in
// which it came in. Late is more than 31 days after the end of its retention.
type RetentionReport struct {
	Purged     int `json:"purged"`               // in the period, for their age
	Late       int `json:"late"`                 // of those
	Longest    int `json:"longest_days_overdue"` // of those
	Unknown    int `json:"unknown"`              // of those: the end of retention is not known
	Erased     int `json:"erased"`               // in the period, before their time
	StillThere int `json:"still_there"`          // may be purged, and late for it by now
}

// PromiseReport tells how often one promise was kept.
type PromiseReport struct {
	Promise deadlines.Name `json:"promise"`
	Term    deadlines.Term `json:"-"`
	Says    string         `json:"term,omitempty"` // the Term in English; "" where it has no length of its own
	Kept    int            `json:"kept"`
	Missed  int            `json:"missed"`
	Running int            `json:"running"`
	Median  *float64       `json:"median_workdays"` // of those met, in time or late; null if there are none
	Longest *int           `json:"longest_workdays"`

	MedianDays  *float64 `json:"median_days"` // calendar days; null also where not all are known
	LongestDays *int     `json:"longest_days"`
	Letter      int      `json:"kept_with_letter"` // of the kept: the letter is kept as it left
	Draft       int      `json:"kept_with_draft"`  // of the kept: the letter is kept as it was written
	Word        int      `json:"kept_by_word"`     // of the kept: the handler says so; of the others it is not known
	First       int      `json:"kept_in_first_term"`
	Extended    int      `json:"kept_after_extension"` // of the kept: after the first date
	Returned    int      `json:"missed_undelivered"`   // of the missed: the letter that would have kept it came back
}

// Report returns what may be told of what was counted; unreadable is the number
// of files that could not be read.
func (k *Count) Report(unreadable int) *Report {
	r := k.r
	r.Organisation, r.From, r.To, r.AsOf = casefile.OneLine(k.policy.Organisation.Name), k.period.From, k.period.To, k.today
	r.FoldUnder, r.Unreadable = k.policy.FoldUnder, unreadable
	if k.about[""] < r.Received {
		r.About = breakdown(k.kinds(), k.about, r.FoldUnder)
	} else {
		r.About = []Part[string]{}
	}
	r.Outcomes = breakdown(casefile.Outcomes(), k.outcomes, r.FoldUnder)
	r.NotRuled = breakdown([]Standing{Waiting, Taken, Declined}, k.pending, r.FoldUnder)
	r.Policies = []PolicyReport{}
	for _, from := range slices.SortedFunc(maps.Keys(k.versions), casefile.Date.Compare) {
		r.Policies = append(r.Policies, k.policyReport(from, k.versions[from]))
	}
	r.Learned = []string{}
	if r.Closed >= r.FoldUnder {
		r.Learned, r.withheld = k.lessons.texts(), k.lessons.named
	}
	return &r
}

// kinds returns the kinds of complaint: those of the policy in its order, others
// that complaints have, and last none.
func (k *Count) kinds() []string {
	kinds := slices.Clone(k.policy.About)
	for _, kind := range slices.Sorted(maps.Keys(k.about)) {
		if kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return append(kinds, "")
}

// Withheld returns how many lessons are left out, for they name the
// complainant.
func (r *Report) Withheld() int { return r.withheld }

// Kept returns how many promises were kept, and how many were due.
func (r *Report) Kept() (kept, due int) {
	for _, p := range r.Policies {
		for _, t := range p.Promises {
			kept, due = kept+t.Kept, due+t.Kept+t.Missed
		}
	}
	return kept, due
}

func (k *Count) policyReport(from casefile.Date, t *tally) PolicyReport {
	p := PolicyReport{From: from, Complaints: t.complaints}
	version := k.version(from)
	for i, v := range k.policy.Versions {
		if v.From == from && i+1 < len(k.policy.Versions) {
			p.Until = k.policy.Versions[i+1].From.AddDays(-1)
		}
	}
	names := deadlines.TermNames()
	names = slices.Insert(names, slices.Index(names, deadlines.Comply), deadlines.Extend)
	for _, n := range names {
		var term deadlines.Term
		promised := false
		if version != nil {
			term, promised = version.Promise(n)
			promised = promised && !term.Target && !(n == deadlines.Extend && version.Extension.None)
		}
		s := t.promises[n]
		if s == nil && !promised {
			continue
		}
		row := PromiseReport{Promise: n, Term: term, Says: term.String()}
		if s != nil {
			s.tell(&row)
		}
		p.Promises = append(p.Promises, row)
	}
	return p
}

// tell puts into a row what was counted.
func (s *score) tell(row *PromiseReport) {
	row.Kept, row.Missed, row.Running = s.kept, s.missed, s.running
	row.Letter, row.Draft, row.Word = s.proof[deadlines.ByLetter], s.proof[deadlines.ByDraft], s.proof[deadlines.ByWord]
	row.First, row.Extended, row.Returned = s.first, s.extended, s.returned
	met := s.workdays.n()
	if met == 0 {
		return
	}
	median, longest := s.workdays.median()
	row.Median, row.Longest = &median, &longest
	if s.days.n() == met {
		median, longest := s.days.median()
		row.MedianDays, row.LongestDays = &median, &longest
	}
}
