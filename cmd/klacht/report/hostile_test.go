package report

import (
	casefile "klacht/case"
	"klacht/deadlines"
)

// badTexts is what somebody may write where a text belongs.
var badTexts = []string{
	`<script>document.title="weg"</script>`,
	`<img src=x onerror="document.title=1">`,
	`</li></ul></section><style>body{display:none}</style>`,
	`javascript:alert(1)`,
	`<a href="javascript:alert(1)">klik</a>`,
	`{{.Title}}`,
	`=cmd|' /C calc'!A0`, `+1+1`, `-2+3`, `@SUM(A1)`,
	`"><svg onload=alert(1)>`,
}

// full is a report in which nothing is missing, with large numbers.
func full() *Report {
	median, longest := 12.5, 480
	promises := func(n int) (list []PromiseReport) {
		for i, name := range append(deadlines.TermNames(), deadlines.Extend) {
			list = append(list, PromiseReport{Promise: name, Term: deadlines.Term{N: 6, Unit: deadlines.Weeks, After: casefile.Heard},
				Says: "6 weeks after heard", Kept: 1200*n - 100*i, Missed: 37 * i, Running: 12 * n, Median: &median, Longest: &longest})
		}
		return list
	}
	return &Report{Organisation: "Webwerk Oost", From: date("2020-01-01"), To: date("2026-12-31"), AsOf: date("2026-12-07"), FoldUnder: 3,
		Unreadable: 2, Received: 12345, Closed: 12000, Open: 340, Removed: 5, FromBefore: 17, Spoken: 44, ByRuling: 3,
		Outcomes: []Part[casefile.Outcome]{{[]casefile.Outcome{casefile.Agreed}, 8000}, {[]casefile.Outcome{casefile.Upheld}, 2500},
			{[]casefile.Outcome{casefile.PartlyUpheld}, 990}, {[]casefile.Outcome{casefile.Rejected}, 506},
			{[]casefile.Outcome{casefile.Withdrawn, casefile.NotAdmissible}, 1}},
		Policies: []PolicyReport{{From: date("2019-09-01"), Until: date("2024-12-31"), Complaints: 9000, Promises: promises(3)},
			{From: date("2025-01-01"), Complaints: 3345, Promises: promises(1)}},
		Extensions: 210, Extended: 200, Referrals: 31, Rulings: 12, CarriedOut: 11,
		NotRuled: []Part[Standing]{{[]Standing{Waiting}, 10}, {[]Standing{Taken, Declined}, 9}},
		Learned: []string{"Bel eerst, schrijf dan: een gesprek van tien minuten had twee brieven gescheeld.",
			"Noem bij het begin van een opdracht welke beelden de klant zelf aanlevert, en wanneer.",
			"Stuur een factuur pas als de oplevering is bevestigd."},
	}
}
